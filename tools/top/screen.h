/* SPDX-License-Identifier: GPL-2.0 */
/*
 * screen.h - the rows on a terminal, and keys.
 *
 * Nothing but this file knows of ncurses. The terminal is as it was after top_screen_close(), which may be called at
 * any time, more than once, and is when the program ends.
 */
#ifndef TOP_SCREEN_H
#define TOP_SCREEN_H

#include "view.h"

enum top_key {
	TOP_KEY_NONE,
	TOP_KEY_DRAW,		/* only what is shown changes */
	TOP_KEY_FASTER,
	TOP_KEY_SLOWER,
	TOP_KEY_QUIT,
};

bool top_screen_open(void);
void top_screen_close(void);
void top_screen_draw(struct top_view *view, const struct top_sample *now, double interval);
enum top_key top_screen_key(struct top_view *view);

#endif /* TOP_SCREEN_H */
