// SPDX-License-Identifier: GPL-2.0
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "text.h"

#define TOP_TEXT_MIN_SPARK	8u
#define TOP_TEXT_HEIGHTS		8
#define TOP_TEXT_ZERO_C		273.15

/* Three digits and a letter; what does not fit in them is as much as can be said. */
static void top_text_scaled(double value, const char *units, char *text)
{
	unsigned int last = (unsigned int)strlen(units) - 1, unit = 0;

	while (value >= 999.5 && unit < last) {
		value /= 1000;
		unit++;
	}
	if (value >= 9999)
		value = 9999;
	snprintf(text, TOP_NUMBER, "%.*f%.1s", value < 9.995 ? 2 : value < 99.95 ? 1 : 0, value,
		 units[unit] == ' ' ? "" : units + unit);
}

/**
 * top_text_count() - a number of things, in at most 5 characters
 * @value: from 0 on, or NAN
 * @text: TOP_NUMBER bytes
 */
void top_text_count(double value, char *text)
{
	if (isnan(value) || value < 0)
		strcpy(text, "-");
	else if (value < 999.5 && (value == floor(value) || value >= 99.95))
		snprintf(text, TOP_NUMBER, "%.0f", value);
	else
		top_text_scaled(value, " kMGTPE", text);
}

/**
 * top_text_time() - a time, in at most 5 characters
 * @ns: nanoseconds, or NAN
 * @text: TOP_NUMBER bytes
 */
void top_text_time(double ns, char *text)
{
	if (isnan(ns) || ns < 0)
		strcpy(text, "-");
	else if (ns < 999.5)
		snprintf(text, TOP_NUMBER, "%.0fn", ns);
	else
		top_text_scaled(ns, "nums", text);
}

static void top_text_name(const struct top_row *row, char *text)
{
	snprintf(text, TOP_NAME + 2, "%s%s", row->item.kind == TOP_CTRL ? "" : "  ", row->item.name);
}

static void top_text_state(const struct top_row *row, char *text)
{
	snprintf(text, TOP_WORD, "%s", *row->item.state ? row->item.state : "-");
}

static void top_text_power(const struct top_row *row, char *text)
{
	unsigned long long deepest;

	if (top_sample_get(&row->item, TOP_SLEEP, &deepest) && deepest < 32)
		snprintf(text, TOP_WORD, "%.5s/%llu", row->item.power, deepest);
	else
		snprintf(text, TOP_WORD, "%s", *row->item.power ? row->item.power : "-");
}

static void top_text_kelvin(double kelvin, char *text)
{
	double celsius = kelvin - TOP_TEXT_ZERO_C;

	if (isnan(kelvin) || celsius < -99 || celsius > 999)
		strcpy(text, "-");
	else
		snprintf(text, TOP_NUMBER, "%.0fC", celsius);
}

/*
 * In the order in which they stand. What has the highest number goes first when there is no room; 0 never goes. Either
 * @text or @number says what is in a column.
 */
static const struct {
	const char	*title;
	unsigned int	width;
	unsigned int	goes;
	void		(*text)(const struct top_row *row, char *text);
	enum top_value	value;
	void		(*number)(double value, char *text);
} top_text_columns[] = {
	{ .title = "NAME",	.width = 13,	.goes = 0,	.text = top_text_name },
	{ .title = "STATE",	.width = 10,	.goes = 5,	.text = top_text_state },
	{ .title = "IOPS",	.width = 5,	.goes = 0,	.value = TOP_IOPS,	.number = top_text_count },
	{ .title = "READ",	.width = 5,	.goes = 2,	.value = TOP_READ,	.number = top_text_count },
	{ .title = "WRITE",	.width = 5,	.goes = 2,	.value = TOP_WRITE,	.number = top_text_count },
	{ .title = "DEPTH",	.width = 5,	.goes = 4,	.value = TOP_DEPTH,	.number = top_text_count },
	{ .title = "P50",	.width = 5,	.goes = 7,	.value = TOP_P50,	.number = top_text_time },
	{ .title = "P99",	.width = 5,	.goes = 1,	.value = TOP_P99,	.number = top_text_time },
	{ .title = "P99.9",	.width = 5,	.goes = 6,	.value = TOP_P999,	.number = top_text_time },
	{ .title = "TEMP",	.width = 5,	.goes = 3,	.value = TOP_KELVIN,	.number = top_text_kelvin },
	{ .title = "ERR",	.width = 5,	.goes = 8,	.value = TOP_FAILED,	.number = top_text_count },
	{ .title = "RESET",	.width = 5,	.goes = 9,	.value = TOP_RESET,	.number = top_text_count },
	{ .title = "PWR",	.width = 6,	.goes = 10,	.text = top_text_power },
};

#define TOP_TEXT_COLUMNS	(sizeof(top_text_columns) / sizeof(*top_text_columns))
#define TOP_TEXT_MOST_GOES	10u

/**
 * top_text_value_name() - what a column is called
 * @value: what is in it; TOP_VALUES: the name
 *
 * Return: its title.
 */
const char *top_text_value_name(enum top_value value)
{
	unsigned int c;

	for (c = 0; c < TOP_TEXT_COLUMNS; c++)
		if (top_text_columns[c].number && top_text_columns[c].value == value)
			return top_text_columns[c].title;
	return top_text_columns[0].title;
}

/* Columns with a blank between them. */
static unsigned int top_text_width(unsigned int columns)
{
	unsigned int c, width = 0;

	for (c = 0; c < TOP_TEXT_COLUMNS; c++)
		if (columns & 1u << c)
			width += top_text_columns[c].width + !!width;
	return width;
}

/**
 * top_text_layout() - choose columns
 * @layout: gets them
 * @width: characters of a line; the two columns that never go may need more
 * @spark: with a sparkline, which gets what is left, if that is enough
 */
void top_text_layout(struct top_layout *layout, unsigned int width, bool spark)
{
	unsigned int c, goes, used, need = spark ? TOP_TEXT_MIN_SPARK + 1 : 0;

	layout->columns = (1u << TOP_TEXT_COLUMNS) - 1;
	for (goes = TOP_TEXT_MOST_GOES; goes && top_text_width(layout->columns) + need > width; goes--)
		for (c = 0; c < TOP_TEXT_COLUMNS; c++)
			if (top_text_columns[c].goes == goes)
				layout->columns &= ~(1u << c);
	used = top_text_width(layout->columns) + 1;
	layout->spark = spark && width >= used + TOP_TEXT_MIN_SPARK ? width - used : 0;
	if (layout->spark > TOP_PAST)
		layout->spark = TOP_PAST;
}

/* Names stand left, and so do states; numbers stand right. */
static size_t top_text_cell(char *line, size_t size, size_t at, unsigned int column, const char *text)
{
	int width = (int)top_text_columns[column].width, n;

	if (at >= size)
		return at;
	n = snprintf(line + at, size - at, "%s%*.*s", at ? " " : "", column < 2 ? -width : width, width, text);
	return n < 0 ? at : at + (size_t)n;
}

/**
 * top_text_head() - titles of the columns
 * @layout: the columns
 * @line: gets them
 * @size: room there
 */
void top_text_head(const struct top_layout *layout, char *line, size_t size)
{
	unsigned int c;
	size_t at = 0;

	*line = '\0';
	for (c = 0; c < TOP_TEXT_COLUMNS; c++)
		if (layout->columns & 1u << c)
			at = top_text_cell(line, size, at, c, top_text_columns[c].title);
}

/**
 * top_text_row() - a row, without its sparkline
 * @layout: the columns
 * @row: the row
 * @line: gets it
 * @size: room there
 */
void top_text_row(const struct top_layout *layout, const struct top_row *row, char *line, size_t size)
{
	char text[TOP_NAME + TOP_NUMBER];
	unsigned int c;
	size_t at = 0;

	*line = '\0';
	for (c = 0; c < TOP_TEXT_COLUMNS; c++) {
		if (!(layout->columns & 1u << c))
			continue;
		if (top_text_columns[c].text)
			top_text_columns[c].text(row, text);
		else
			top_text_columns[c].number(top_view_value(row, top_text_columns[c].value), text);
		at = top_text_cell(line, size, at, c, text);
	}
}

static unsigned int top_text_height(float value, float most)
{
	return most > 0 && value > 0 ? (unsigned int)(value / most * (TOP_TEXT_HEIGHTS - 1) + 0.5f) : 0;
}

/**
 * top_text_spark() - what it did in the last intervals
 * @layout: has the number of characters, one for an interval
 * @row: the row
 * @utf8: by blocks of eight heights; else by letters
 * @line: gets it; blanks stand for intervals of which nothing is known
 * @size: room there
 */
void top_text_spark(const struct top_layout *layout, const struct top_row *row, bool utf8, char *line, size_t size)
{
	static const char * const blocks[TOP_TEXT_HEIGHTS] = {
		"\u2581", "\u2582", "\u2583", "\u2584", "\u2585", "\u2586", "\u2587", "\u2588"
	};
	static const char * const letters[TOP_TEXT_HEIGHTS] = { "_", ".", ":", "-", "=", "+", "*", "#" };
	unsigned int i, from, height;
	const char *letter;
	float most = 0;
	size_t at = 0;

	*line = '\0';
	from = row->nr_past > layout->spark ? row->nr_past - layout->spark : 0;
	for (i = from; i < row->nr_past; i++)
		if (row->past[i] > most)
			most = row->past[i];
	for (i = row->nr_past - from; i < layout->spark && at + 4 < size; i++)
		line[at++] = ' ';
	for (i = from; i < row->nr_past && at + 4 < size; i++) {
		height = top_text_height(row->past[i], most);
		letter = isnan(row->past[i]) ? " " : utf8 ? blocks[height] : letters[height];
		strcpy(line + at, letter);
		at += strlen(letter);
	}
	line[at] = '\0';
}
