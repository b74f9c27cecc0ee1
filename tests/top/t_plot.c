// SPDX-License-Identifier: GPL-2.0
/* The heat map: no command is lost, however long it runs, and what is written is a picture. */
#include <math.h>

#include "ktap.h"
#include "plot.h"

static struct top_plot plot;

static void set_up(struct top_view *view, struct top_row *row, struct top_hist *hist)
{
	memset(&plot, 0, sizeof(plot));
	memset(hist, 0, sizeof(*hist));
	memset(row, 0, sizeof(*row));
	strcpy(row->item.name, "nvme0");
	row->delta = hist;
	hist->scale[ONVME_LATENCY_DEVICE] = (struct top_scale){ 1, 10 };
	*view = (struct top_view){ .rows = row, .nr = 1, .phase = ONVME_LATENCY_DEVICE, .interval = 0.5 };
}

static double counted(unsigned int ctrl)
{
	unsigned int i, row;
	double sum = 0;

	for (i = 0; i < TOP_PLOT_COLUMNS; i++)
		for (row = 0; row < TOP_PLOT_ROWS; row++)
			sum += plot.ctrls[ctrl].count[i][row];
	return sum;
}

static void nothing_is_lost(void)
{
	struct top_hist *hist = malloc(sizeof(*hist));
	double should = 0, seconds = 0;
	struct top_view view;
	struct top_row row;
	unsigned int i, b;

	set_up(&view, &row, hist);
	for (i = 0; i < 5000; i++) {
		memset(hist->count, 0, sizeof(hist->count));
		for (b = 0; b < 5; b++) {
			unsigned int count = rnd_below(1000), bucket = rnd_below(TOP_BUCKETS);

			hist->count[ONVME_LATENCY_DEVICE][bucket] += count;
			should += count;
		}
		top_plot_add(&plot, &view);
		CHECK(plot.columns <= TOP_PLOT_COLUMNS);
		CHECK(plot.taken <= plot.share);
	}
	CHECK(fabs(counted(0) - should) < should * 0.000000001);
	CHECK(plot.columns >= TOP_PLOT_COLUMNS / 2);
	EQUAL((plot.columns - 1) * plot.share + plot.taken, 5000);
	for (i = 0; i < TOP_PLOT_COLUMNS; i++)
		seconds += plot.seconds[i];
	CHECK(fabs(seconds - 2500) < 0.000001);
	free(hist);
}

/* A millisecond is in the row of a millisecond, which is one of an octave's four. */
static void in_its_row(void)
{
	struct top_hist *hist = malloc(sizeof(*hist));
	struct top_view view;
	struct top_row row;
	unsigned int r;

	set_up(&view, &row, hist);
	hist->count[ONVME_LATENCY_DEVICE][40] = 100;	/* from 2^20 ns to 1.25 times that */
	top_plot_add(&plot, &view);
	for (r = 0; r < TOP_PLOT_ROWS; r++)
		CHECK(plot.ctrls[0].count[0][r] > 0 ? r == 48 || r == 49 : r != 48);
	CHECK(plot.ctrls[0].count[0][48] > 70);
	free(hist);
}

static void more_than_there_is_room_for(void)
{
	struct top_row rows[TOP_PLOT_CTRLS + 3];
	struct top_hist *hist = malloc(sizeof(*hist));
	struct top_view view;
	unsigned int i;

	set_up(&view, rows, hist);
	hist->count[ONVME_LATENCY_DEVICE][0] = 7;
	for (i = 0; i < TOP_PLOT_CTRLS + 3; i++) {
		rows[i] = rows[0];
		snprintf(rows[i].item.name, TOP_NAME, "nvme%u", i);
	}
	view.nr = i;
	top_plot_add(&plot, &view);
	for (i = 0; i < TOP_PLOT_CTRLS; i++)
		CHECK(fabs(counted(i) - 7) < 0.000000001);
	free(hist);
}

static char *written(void)
{
	char *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);

	top_plot_write(&plot, to);
	fclose(to);
	return text;
}

static unsigned int times(const char *text, const char *word)
{
	unsigned int n = 0;

	for (; (text = strstr(text, word)); text++)
		n++;
	return n;
}

static void picture(void)
{
	struct top_hist *hist = malloc(sizeof(*hist));
	struct top_view view;
	struct top_row row;
	char *text;

	set_up(&view, &row, hist);
	text = written();
	CHECK(strstr(text, "no driver here tells of latencies"));
	free(text);
	/* Intervals in which nothing happens, and then a single command. */
	top_plot_add(&plot, &view);
	text = written();
	CHECK(!strncmp(text, "<svg ", 5) && strstr(text, "</svg>\n"));
	EQUAL(times(text, "fill=\"#"), 1);
	free(text);
	hist->count[ONVME_LATENCY_DEVICE][0] = 1;
	top_plot_add(&plot, &view);
	text = written();
	CHECK(strstr(text, ">nvme0: latency of 1 commands<"));
	CHECK(times(text, "fill=\"#") > 1);
	CHECK(!strstr(text, "nan") && !strstr(text, "inf"));
	CHECK(strstr(text, ">1 ms<") && strstr(text, ">10 s<"));
	EQUAL(times(text, "<text "), times(text, "</text>"));
	EQUAL(times(text, "<g "), times(text, "</g>"));
	free(text);
	free(hist);
}

KTAP_MAIN("plot", { "nothing_is_lost", nothing_is_lost }, { "in_its_row", in_its_row },
	  { "more_than_there_is_room_for", more_than_there_is_room_for }, { "picture", picture })
