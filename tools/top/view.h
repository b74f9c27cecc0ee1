/* SPDX-License-Identifier: GPL-2.0 */
/*
 * view.h - rows to show, worked out from two samples: rates, percentiles, what they were before, and their order.
 *
 * Pure. A view goes on from one pair of samples to the next; a row keeps its history as long as what it is about is
 * there. A value that is not known is NAN, which whoever writes it makes a dash or a null of.
 */
#ifndef TOP_VIEW_H
#define TOP_VIEW_H

#include <stdbool.h>
#include <stddef.h>

#include "hist.h"
#include "sample.h"

#define TOP_PAST	120	/* intervals of history */
#define TOP_QUEUES	8	/* with more of them, those of a controller are folded at first */

enum top_value {
	TOP_IOPS,
	TOP_READ,	/* bytes a second */
	TOP_WRITE,
	TOP_DEPTH,	/* commands in flight, on average */
	TOP_P50,	/* nanoseconds */
	TOP_P99,
	TOP_P999,
	TOP_KELVIN,
	TOP_FAILED,	/* commands, since the controller is there */
	TOP_RESET,
	TOP_VALUES
};

/* The time of which the percentiles are, as ONVME_LATENCY_HOST and so on. */
extern const char * const top_view_phases[ONVME_LATENCY_PHASES];

/* How much of a controller is shown. */
enum top_fold {
	TOP_OPEN,
	TOP_NO_QUEUES,
	TOP_CLOSED,
	TOP_FOLDS
};

/**
 * struct top_row - a controller, a namespace, or a queue
 * @item: as the newer sample has it, but for what belongs to that
 * @value: what was worked out
 * @fold: of a controller
 * @delta: latencies of the interval; NULL when they are not known
 * @past: commands a second in former intervals, oldest first; NAN where they are not known
 * @nr_past: how many
 */
struct top_row {
	struct top_item		item;
	double			value[TOP_VALUES];
	enum top_fold		fold;
	struct top_hist		*delta;
	float			past[TOP_PAST];
	unsigned int		nr_past;
};

/**
 * struct top_view - all rows
 * @rows: as the sample has them
 * @nr: how many
 * @shown: places in @rows of those that are to be seen, in order
 * @nr_shown: how many
 * @sort: value that decides the order; TOP_VALUES: the name
 * @reverse: smallest first, or last name first
 * @phase: which time of a command the percentiles are of
 * @interval: seconds between the samples
 * @gone: a controller that was there before, or empty
 */
struct top_view {
	struct top_row	*rows;
	unsigned int	nr;
	unsigned int	*shown;
	unsigned int	nr_shown;
	enum top_value	sort;
	bool		reverse;
	unsigned int	phase;
	double		interval;
	char		gone[TOP_NAME];
};

void top_view_init(struct top_view *view);
bool top_view_update(struct top_view *view, const struct top_sample *before, const struct top_sample *now);
void top_view_arrange(struct top_view *view);
void top_view_next_phase(struct top_view *view);
void top_view_fold(struct top_view *view, unsigned int row, bool all);
void top_view_fini(struct top_view *view);
double top_view_value(const struct top_row *row, enum top_value which);

#endif /* TOP_VIEW_H */
