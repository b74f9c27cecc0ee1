/* SPDX-License-Identifier: GPL-2.0 */
/*
 * text.h - rows as text: numbers that people read, columns as far as there is room for them, sparklines.
 *
 * Pure. All text but sparklines is ASCII, and so are those where the terminal knows nothing else.
 */
#ifndef TOP_TEXT_H
#define TOP_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "view.h"

#define TOP_NUMBER	8	/* bytes for a number, with its end */
#define TOP_WIDEST	512	/* bytes for a line, with its end; TOP_PAST characters of three bytes are in it */

/**
 * struct top_layout - the columns that there is room for
 * @columns: a bit for each of them
 * @spark: characters of a sparkline, 0 is none
 */
struct top_layout {
	unsigned int	columns;
	unsigned int	spark;
};

void top_text_count(double value, char *text);
void top_text_time(double ns, char *text);
void top_text_layout(struct top_layout *layout, unsigned int width, bool spark);
void top_text_head(const struct top_layout *layout, char *line, size_t size);
void top_text_row(const struct top_layout *layout, const struct top_row *row, char *line, size_t size);
void top_text_spark(const struct top_layout *layout, const struct top_row *row, bool utf8, char *line, size_t size);
const char *top_text_value_name(enum top_value value);

#endif /* TOP_TEXT_H */
