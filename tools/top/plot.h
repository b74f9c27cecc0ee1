/* SPDX-License-Identifier: GPL-2.0 */
/*
 * plot.h - a heat map of latencies: time from left to right, latency from bottom to top, the more commands the darker.
 *
 * Pure but for the stream that it is written to. One picture for each controller, one column for each interval; when
 * there are too many columns, two and two become one, and intervals from then on share them likewise. So it has the
 * same size after an hour and after a week.
 */
#ifndef TOP_PLOT_H
#define TOP_PLOT_H

#include <stdio.h>

#include "view.h"

#define TOP_PLOT_CTRLS		8
#define TOP_PLOT_COLUMNS	240
#define TOP_PLOT_OCTAVES	26			/* from 256 ns to 17 s */
#define TOP_PLOT_FINE		4			/* rows of an octave */
#define TOP_PLOT_ROWS		(TOP_PLOT_OCTAVES * TOP_PLOT_FINE)
#define TOP_PLOT_LEAST_NS	256.0

/**
 * struct top_plot_ctrl - the picture of a controller
 * @name: its name; empty: none
 * @count: commands of an interval that took so long
 */
struct top_plot_ctrl {
	char		name[TOP_NAME];
	double		count[TOP_PLOT_COLUMNS][TOP_PLOT_ROWS];
};

/**
 * struct top_plot - all of it
 * @ctrls: pictures; of more controllers there are none
 * @seconds: how long each column took
 * @columns: how many there are
 * @share: intervals that share a column
 * @taken: intervals that the last column has
 */
struct top_plot {
	struct top_plot_ctrl	ctrls[TOP_PLOT_CTRLS];
	double			seconds[TOP_PLOT_COLUMNS];
	unsigned int		columns;
	unsigned int		share;
	unsigned int		taken;
};

void top_plot_add(struct top_plot *plot, const struct top_view *view);
void top_plot_write(const struct top_plot *plot, FILE *to);

#endif /* TOP_PLOT_H */
