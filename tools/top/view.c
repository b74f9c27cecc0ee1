// SPDX-License-Identifier: GPL-2.0
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "view.h"

const char * const top_view_phases[ONVME_LATENCY_PHASES] = {
	[ONVME_LATENCY_HOST]	= "host",
	[ONVME_LATENCY_DEVICE]	= "device",
	[ONVME_LATENCY_IRQ]	= "interrupt",
};

/**
 * top_view_init() - nothing to show yet
 * @view: is made anew
 */
void top_view_init(struct top_view *view)
{
	memset(view, 0, sizeof(*view));
	view->sort = TOP_VALUES;
	view->phase = ONVME_LATENCY_DEVICE;
}

static void top_view_free(struct top_row *rows, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		free(rows[i].delta);
	free(rows);
}

/**
 * top_view_fini() - forget all of it
 * @view: may be made anew
 */
void top_view_fini(struct top_view *view)
{
	top_view_free(view->rows, view->nr);
	free(view->shown);
	top_view_init(view);
}

/* Counters that went down began anew: what happened meanwhile is not known. */
static double top_view_rate(unsigned long long now, unsigned long long before, double interval)
{
	return now < before || interval <= 0 ? (double)NAN : (double)(now - before) / interval;
}

static void top_view_io(struct top_row *row, const struct top_io *now, const struct top_io *before, double interval)
{
	double reads = top_view_rate(now->reads, before->reads, interval);
	double writes = top_view_rate(now->writes, before->writes, interval);
	double others = top_view_rate(now->others, before->others, interval);

	row->value[TOP_IOPS] = reads + writes + others;
	row->value[TOP_READ] = top_view_rate(now->read_bytes, before->read_bytes, interval);
	row->value[TOP_WRITE] = top_view_rate(now->write_bytes, before->write_bytes, interval);
	row->value[TOP_DEPTH] = top_view_rate(now->busy_ms, before->busy_ms, interval) / 1000;
}

static void top_view_percentiles(struct top_row *row, unsigned int phase)
{
	static const struct {
		enum top_value	value;
		double		part;
	} wanted[] = { { TOP_P50, 0.5 }, { TOP_P99, 0.99 }, { TOP_P999, 0.999 } };
	unsigned int i;

	for (i = 0; i < sizeof(wanted) / sizeof(*wanted); i++)
		row->value[wanted[i].value] = row->delta ? top_hist_percentile(row->delta, phase, wanted[i].part) :
							   (double)NAN;
}

/* A queue has no figures of the block layer: as many commands are in flight as come in the time that one takes. */
static void top_view_latency(struct top_row *row, const struct top_hist *now, const struct top_hist *before)
{
	row->delta = malloc(sizeof(*row->delta));
	if (row->delta && !top_hist_since(now, before, row->delta)) {
		free(row->delta);
		row->delta = NULL;
	}
	if (row->delta && !row->item.has_io)
		row->value[TOP_DEPTH] = row->value[TOP_IOPS] > 0 ?
			row->value[TOP_IOPS] * top_hist_mean(row->delta, ONVME_LATENCY_DEVICE) / 1e9 : 0;
}

static double top_view_fact(const struct top_item *item, enum top_fact fact)
{
	unsigned long long value;

	return top_sample_get(item, fact, &value) ? (double)value : (double)NAN;
}

/* What is new goes to the end; when there is no room the oldest goes. */
static void top_view_remember(struct top_row *row, const struct top_row *before)
{
	unsigned int skip;

	if (before) {
		skip = before->nr_past == TOP_PAST;
		row->nr_past = before->nr_past - skip;
		memcpy(row->past, before->past + skip, row->nr_past * sizeof(*row->past));
		row->fold = before->fold;
	}
	row->past[row->nr_past++] = (float)row->value[TOP_IOPS];
}

static void top_view_work_out(struct top_row *row, const struct top_item *now, const struct top_item *before,
			      const struct top_view *view)
{
	unsigned long long commands, were;
	unsigned int i;

	row->item = *now;
	row->item.hist = NULL;
	for (i = 0; i < TOP_VALUES; i++)
		row->value[i] = (double)NAN;
	if (before && now->has_io && before->has_io)
		top_view_io(row, &now->io, &before->io, view->interval);
	if (before && top_sample_get(now, TOP_COMMANDS, &commands) && top_sample_get(before, TOP_COMMANDS, &were))
		row->value[TOP_IOPS] = top_view_rate(commands, were, view->interval);
	if (before && now->hist && before->hist)
		top_view_latency(row, now->hist, before->hist);
	top_view_percentiles(row, view->phase);
	row->value[TOP_KELVIN] = top_view_fact(now, TOP_TEMPERATURE);
	row->value[TOP_FAILED] = top_view_fact(now, TOP_ERRORS);
	row->value[TOP_RESET] = top_view_fact(now, TOP_RESETS);
}

/* The row of former times that goes on in a new one; they are in the same order, mostly. */
static const struct top_row *top_view_former(const struct top_view *view, const struct top_sample *now, unsigned int at,
					     unsigned int *hint)
{
	const struct top_item *item = &now->items[at];
	unsigned int i;

	for (i = 0; i < view->nr; i++) {
		const struct top_row *row = &view->rows[(*hint + i) % view->nr];

		if (row->item.kind == item->kind && !strcmp(row->item.name, item->name) &&
		    !strcmp(view->rows[row->item.ctrl].item.name, now->items[item->ctrl].name)) {
			*hint = (unsigned int)(row - view->rows) + 1;
			return row;
		}
	}
	return NULL;
}

static void top_view_missing(struct top_view *view, const struct top_sample *before, const struct top_sample *now)
{
	unsigned int i, hint = 0;

	*view->gone = '\0';
	for (i = 0; i < before->nr && !*view->gone; i++)
		if (before->items[i].kind == TOP_CTRL && !top_sample_find(now, before, i, &hint))
			strcpy(view->gone, before->items[i].name);
}

/* Of a machine with many processors, queues are shown when somebody wants them. */
static void top_view_begin_folded(struct top_row *rows, unsigned int nr)
{
	unsigned int i, queues = 0;

	for (i = nr; i-- > 0;) {
		queues += rows[i].item.kind == TOP_QUEUE;
		if (rows[i].item.kind != TOP_CTRL)
			continue;
		if (rows[i].nr_past == 1 && queues > TOP_QUEUES)
			rows[i].fold = TOP_NO_QUEUES;
		queues = 0;
	}
}

/**
 * top_view_update() - go on to another sample
 * @view: gets new rows, in which history goes on
 * @before: what was there when the interval began
 * @now: what was there when it ended
 *
 * Return: whether there was memory for it; all is as it was, if not.
 */
bool top_view_update(struct top_view *view, const struct top_sample *before, const struct top_sample *now)
{
	struct top_row *rows = calloc(now->nr + 1, sizeof(*rows));
	unsigned int *shown = calloc(now->nr + 1, sizeof(*shown));
	unsigned int i, hint = 0, former = 0;
	const struct top_item *item;

	if (!rows || !shown) {
		free(rows);
		free(shown);
		return false;
	}
	view->interval = now->when - before->when;
	for (i = 0; i < now->nr; i++) {
		item = top_sample_find(before, now, i, &hint);
		top_view_work_out(&rows[i], &now->items[i], item, view);
		top_view_remember(&rows[i], top_view_former(view, now, i, &former));
	}
	top_view_begin_folded(rows, now->nr);
	top_view_missing(view, before, now);
	top_view_free(view->rows, view->nr);
	free(view->shown);
	view->rows = rows;
	view->nr = now->nr;
	view->shown = shown;
	top_view_arrange(view);
	return true;
}

/**
 * top_view_value() - a value of a row
 * @row: the row
 * @which: of its values; TOP_VALUES is none
 *
 * Return: the value, or NAN.
 */
double top_view_value(const struct top_row *row, enum top_value which)
{
	return which < TOP_VALUES ? row->value[which] : (double)NAN;
}

/* qsort() takes no context; there is one view. */
static const struct top_view *top_view_sorted;

/* The greatest first, what is not known last, and else as the sample has them. */
static int top_view_order(const void *a, const void *b)
{
	const unsigned int i = *(const unsigned int *)a, j = *(const unsigned int *)b;
	const struct top_row *x = &top_view_sorted->rows[i], *y = &top_view_sorted->rows[j];
	double p = top_view_value(x, top_view_sorted->sort), q = top_view_value(y, top_view_sorted->sort);
	int turn = top_view_sorted->reverse ? -1 : 1;

	if (x->item.kind != y->item.kind)
		return x->item.kind < y->item.kind ? -1 : 1;
	if (isnan(p) != isnan(q))
		return isnan(p) ? 1 : -1;
	if (!isnan(p) && (p < q || p > q))
		return p < q ? turn : -turn;
	if (top_view_sorted->sort == TOP_VALUES)
		return i < j ? -turn : turn;
	return i < j ? -1 : 1;
}

static bool top_view_visible(const struct top_view *view, const struct top_row *row)
{
	enum top_fold fold = view->rows[row->item.ctrl].fold;

	return row->item.kind == TOP_NS ? fold != TOP_CLOSED : fold == TOP_OPEN;
}

/**
 * top_view_arrange() - what is to be seen, in order
 * @view: whose order or folding has changed
 *
 * Controllers in order, behind each its namespaces and then its queues, in order among themselves.
 */
void top_view_arrange(struct top_view *view)
{
	unsigned int *ctrls = calloc(view->nr + 1, sizeof(*ctrls));
	unsigned int i, c, nr = 0, first;

	view->nr_shown = 0;
	if (!ctrls)
		return;
	for (i = 0; i < view->nr; i++)
		if (view->rows[i].item.kind == TOP_CTRL)
			ctrls[nr++] = i;
	top_view_sorted = view;
	qsort(ctrls, nr, sizeof(*ctrls), top_view_order);
	for (c = 0; c < nr; c++) {
		view->shown[view->nr_shown++] = ctrls[c];
		first = view->nr_shown;
		for (i = ctrls[c] + 1; i < view->nr && view->rows[i].item.kind != TOP_CTRL; i++)
			if (top_view_visible(view, &view->rows[i]))
				view->shown[view->nr_shown++] = i;
		qsort(view->shown + first, view->nr_shown - first, sizeof(*view->shown), top_view_order);
	}
	free(ctrls);
}

/**
 * top_view_next_phase() - percentiles of another time of the commands
 * @view: is to be arranged anew
 */
void top_view_next_phase(struct top_view *view)
{
	unsigned int i;

	view->phase = (view->phase + 1) % ONVME_LATENCY_PHASES;
	for (i = 0; i < view->nr; i++)
		top_view_percentiles(&view->rows[i], view->phase);
}

/**
 * top_view_fold() - show less of a controller, or all again
 * @view: has the rows; is to be arranged anew
 * @row: place in @rows of the controller, or of something behind it
 * @all: of all controllers, as that one
 */
void top_view_fold(struct top_view *view, unsigned int row, bool all)
{
	unsigned int i, ctrl;
	enum top_fold fold;

	if (row >= view->nr)
		return;
	ctrl = view->rows[row].item.ctrl;
	fold = (view->rows[ctrl].fold + 1) % TOP_FOLDS;
	for (i = 0; i < view->nr; i++)
		if (i == ctrl || (all && view->rows[i].item.kind == TOP_CTRL))
			view->rows[i].fold = fold;
}
