// SPDX-License-Identifier: GPL-2.0
#include <math.h>
#include <string.h>

#include "plot.h"
#include "text.h"

#define TOP_PLOT_WIDTH		800	/* of a picture, in pixels */
#define TOP_PLOT_HEIGHT		260
#define TOP_PLOT_LEFT		60
#define TOP_PLOT_ABOVE		40
#define TOP_PLOT_BELOW		40
#define TOP_PLOT_TICKS		8	/* of the axis of time */
#define TOP_PLOT_DECADES	11

/* From few to many. */
static const char * const top_plot_colors[] = {
	"#deebf7", "#c6dbef", "#9ecae1", "#6baed6", "#4292c6", "#2171b5", "#08519c", "#08306b", "#041c40",
};

#define TOP_PLOT_COLORS		(sizeof(top_plot_colors) / sizeof(*top_plot_colors))

/* Two and two columns become one. */
static void top_plot_halve(struct top_plot *plot)
{
	unsigned int c, i, row;

	for (i = 0; i < TOP_PLOT_COLUMNS / 2; i++) {
		plot->seconds[i] = plot->seconds[2 * i] + plot->seconds[2 * i + 1];
		for (c = 0; c < TOP_PLOT_CTRLS; c++)
			for (row = 0; row < TOP_PLOT_ROWS; row++)
				plot->ctrls[c].count[i][row] = plot->ctrls[c].count[2 * i][row] +
							       plot->ctrls[c].count[2 * i + 1][row];
	}
	memset(plot->seconds + i, 0, i * sizeof(*plot->seconds));
	for (c = 0; c < TOP_PLOT_CTRLS; c++)
		memset(plot->ctrls[c].count[i], 0, i * sizeof(plot->ctrls[c].count[i]));
	plot->columns = i;
	plot->share *= 2;
	plot->taken = plot->share;
}

static struct top_plot_ctrl *top_plot_place(struct top_plot *plot, const char *name)
{
	unsigned int c;

	for (c = 0; c < TOP_PLOT_CTRLS; c++) {
		if (!*plot->ctrls[c].name)
			strcpy(plot->ctrls[c].name, name);
		if (!strcmp(plot->ctrls[c].name, name))
			return &plot->ctrls[c];
	}
	return NULL;
}

static double top_plot_row(double ns)
{
	double row = ns > TOP_PLOT_LEAST_NS ? log2(ns / TOP_PLOT_LEAST_NS) * TOP_PLOT_FINE : 0;

	return row < TOP_PLOT_ROWS ? row : TOP_PLOT_ROWS;
}

/* Where a bucket covers several rows, each gets its part. */
static void top_plot_spread(double *rows, double count, double low, double high)
{
	double from = top_plot_row(low), to = top_plot_row(high), part;
	unsigned int row = from < TOP_PLOT_ROWS ? (unsigned int)from : TOP_PLOT_ROWS - 1;

	if (to - from < 0.000000001) {
		rows[row] += count;
		return;
	}
	for (; row < TOP_PLOT_ROWS && row < to; row++) {
		part = fmin(to, row + 1) - fmax(from, row);
		rows[row] += part > 0 ? count * part / (to - from) : 0;
	}
}

static void top_plot_bucket(double *rows, const struct top_hist *hist, unsigned int phase, unsigned int bucket)
{
	const struct top_scale *scale = &hist->scale[phase];
	unsigned long long count = hist->count[phase][bucket];

	if (count && scale->unit_ns > 0)
		top_plot_spread(rows, (double)count, top_hist_low(scale, bucket), top_hist_low(scale, bucket + 1));
}

/**
 * top_plot_add() - one more interval
 * @plot: gets it
 * @view: has the latencies of it
 */
void top_plot_add(struct top_plot *plot, const struct top_view *view)
{
	struct top_plot_ctrl *ctrl;
	const struct top_row *row;
	unsigned int i, b;

	if (!plot->share) {
		plot->share = 1;
		plot->taken = 1;
	}
	if (plot->taken == plot->share && plot->columns == TOP_PLOT_COLUMNS)
		top_plot_halve(plot);
	if (plot->taken == plot->share) {
		plot->columns++;
		plot->taken = 0;
	}
	plot->taken++;
	plot->seconds[plot->columns - 1] += view->interval;
	for (i = 0; i < view->nr; i++) {
		row = &view->rows[i];
		ctrl = row->item.kind == TOP_CTRL && row->delta ? top_plot_place(plot, row->item.name) : NULL;
		for (b = 0; ctrl && b < TOP_BUCKETS; b++)
			top_plot_bucket(ctrl->count[plot->columns - 1], row->delta, view->phase, b);
	}
}

static double top_plot_y(double row)
{
	return TOP_PLOT_HEIGHT * (1 - row / TOP_PLOT_ROWS);
}

static void top_plot_axis(const struct top_plot *plot, FILE *to)
{
	double ns = 1000, total = 0, step = 1;
	unsigned int i, d;
	char text[TOP_NUMBER];

	for (d = 0; d < TOP_PLOT_DECADES && top_plot_row(ns) < TOP_PLOT_ROWS; d++, ns *= 10) {
		double y = top_plot_y(top_plot_row(ns));

		snprintf(text, sizeof(text), "%.0f%s", ns >= 1e9 ? ns / 1e9 : ns >= 1e6 ? ns / 1e6 : ns / 1e3,
			 ns >= 1e9 ? " s" : ns >= 1e6 ? " ms" : " us");
		fprintf(to, "<path d=\"M-4 %.1fH%d\" stroke=\"#ddd\"/>\n", y, TOP_PLOT_WIDTH);
		fprintf(to, "<text x=\"-8\" y=\"%.1f\" text-anchor=\"end\">%s</text>\n", y + 4, text);
	}
	for (i = 0; i < plot->columns; i++)
		total += plot->seconds[i];
	while (total / step > TOP_PLOT_TICKS)
		step *= total / step > 5 * TOP_PLOT_TICKS ? 10 : 2;
	for (i = 0; i <= TOP_PLOT_TICKS && i * step <= total; i++)
		fprintf(to, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%.0f s</text>\n",
			total > 0 ? TOP_PLOT_WIDTH * i * step / total : 0, TOP_PLOT_HEIGHT + 16, i * step);
}

/* Commands a second, by their logarithm: the few slow ones among many quick ones are what one looks for. */
static unsigned int top_plot_shade(double rate, double most)
{
	double part = log1p(rate) / log1p(most);

	return (unsigned int)fmin(part * TOP_PLOT_COLORS, TOP_PLOT_COLORS - 1);
}

static void top_plot_cells(const struct top_plot *plot, const struct top_plot_ctrl *ctrl, FILE *to)
{
	double most = 0, total = 0, x = 0, width, rate;
	unsigned int i, row;

	for (i = 0; i < plot->columns; i++) {
		total += plot->seconds[i];
		for (row = 0; row < TOP_PLOT_ROWS; row++)
			most = fmax(most, ctrl->count[i][row] / plot->seconds[i]);
	}
	for (i = 0; i < plot->columns; i++, x += width) {
		width = TOP_PLOT_WIDTH * plot->seconds[i] / total;
		for (row = 0; row < TOP_PLOT_ROWS; row++) {
			rate = ctrl->count[i][row] / plot->seconds[i];
			if (rate > 0)
				fprintf(to, "<path fill=\"%s\" d=\"M%.2f %.2fh%.2fv%.2fh-%.2fz\"/>\n",
					top_plot_colors[top_plot_shade(rate, most)], x, top_plot_y(row + 1), width,
					(double)TOP_PLOT_HEIGHT / TOP_PLOT_ROWS, width);
		}
	}
}

static double top_plot_commands(const struct top_plot *plot, const struct top_plot_ctrl *ctrl)
{
	unsigned int i, row;
	double sum = 0;

	for (i = 0; i < plot->columns; i++)
		for (row = 0; row < TOP_PLOT_ROWS; row++)
			sum += ctrl->count[i][row];
	return sum;
}

/**
 * top_plot_write() - as SVG
 * @plot: what there is
 * @to: gets it; whether it could be written is for the caller to see
 */
void top_plot_write(const struct top_plot *plot, FILE *to)
{
	const unsigned int tall = TOP_PLOT_ABOVE + TOP_PLOT_HEIGHT + TOP_PLOT_BELOW;
	unsigned int c, nr = 0;

	while (nr < TOP_PLOT_CTRLS && *plot->ctrls[nr].name)
		nr++;
	fprintf(to, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%u\"\n",
		TOP_PLOT_LEFT + TOP_PLOT_WIDTH + 20, (nr ? nr : 1) * tall);
	fputs("font-family=\"sans-serif\" font-size=\"12\">\n", to);
	fputs("<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n", to);
	if (!nr)
		fprintf(to, "<text x=\"20\" y=\"30\">no driver here tells of latencies</text>\n");
	for (c = 0; c < nr; c++) {
		fprintf(to, "<g transform=\"translate(%d %u)\">\n", TOP_PLOT_LEFT, c * tall + TOP_PLOT_ABOVE);
		fprintf(to, "<text x=\"0\" y=\"-12\" font-size=\"14\">%s: latency of %.0f commands</text>\n",
			plot->ctrls[c].name, top_plot_commands(plot, &plot->ctrls[c]));
		top_plot_axis(plot, to);
		top_plot_cells(plot, &plot->ctrls[c], to);
		fprintf(to, "<rect width=\"%d\" height=\"%d\" fill=\"none\" stroke=\"#888\"/>\n</g>\n", TOP_PLOT_WIDTH,
			TOP_PLOT_HEIGHT);
	}
	fputs("</svg>\n", to);
}
