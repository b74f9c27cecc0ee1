// SPDX-License-Identifier: GPL-2.0
/* Rows out of two samples: rates, what goes on from one interval to the next, order, folding. */
#include <math.h>

#include "ktap.h"
#include "view.h"

#define NEAR(is, should)	CHECK(near(is, should))
#define UNKNOWN(is)		CHECK(isnan(is))

static bool near(double is, double should)
{
	return fabs(is - should) < 0.000001 * fabs(should) + 0.000000001;
}

static struct top_item *add(struct top_sample *sample, enum top_kind kind, unsigned int ctrl, const char *name)
{
	struct top_item *item = top_sample_add(sample, kind, ctrl);

	strcpy(item->name, name);
	return item;
}

static void give_hist(struct top_item *item, unsigned int bucket, unsigned long long count)
{
	item->hist = calloc(1, sizeof(*item->hist));
	item->hist->scale[ONVME_LATENCY_DEVICE] = (struct top_scale){ 1, 10 };
	item->hist->count[ONVME_LATENCY_DEVICE][bucket] = count;
}

/* Two controllers with a namespace and a queue each, that have done so much. */
static void fill(struct top_sample *sample, double when, unsigned long long done)
{
	static const char * const names[2][3] = {
		{ "nvme0", "nvme0n1", "queue 1" },
		{ "nvme1", "nvme1n1", "queue 1" },
	};
	struct top_item *item;
	unsigned int c;

	top_sample_clear(sample);
	sample->when = when;
	for (c = 0; c < 2; c++) {
		item = add(sample, TOP_CTRL, 0, names[c][0]);
		top_sample_set(item, TOP_ERRORS, c);
		item = add(sample, TOP_NS, 3 * c, names[c][1]);
		item->has_io = true;
		item->io = (struct top_io){ done * (c + 1), 2 * done, 3 * done, 4096 * done, 8192 * done, 500 * done };
		item = add(sample, TOP_QUEUE, 3 * c, names[c][2]);
		top_sample_set(item, TOP_COMMANDS, 10 * done);
		give_hist(item, 40, 10 * done);
	}
}

static void rates(void)
{
	struct top_sample before = { 0 }, now = { 0 };
	struct top_view view;

	top_view_init(&view);
	fill(&before, 10, 100);
	fill(&now, 12, 140);
	CHECK(top_view_update(&view, &before, &now));
	EQUAL(view.nr, 6);
	NEAR(view.interval, 2);
	NEAR(view.rows[1].value[TOP_IOPS], 20 + 40 + 60);
	NEAR(view.rows[4].value[TOP_IOPS], 40 + 40 + 60);
	NEAR(view.rows[1].value[TOP_READ], 20 * 4096);
	NEAR(view.rows[1].value[TOP_WRITE], 20 * 8192);
	NEAR(view.rows[1].value[TOP_DEPTH], 10);
	UNKNOWN(view.rows[1].value[TOP_P99]);
	NEAR(view.rows[2].value[TOP_IOPS], 200);
	UNKNOWN(view.rows[2].value[TOP_READ]);
	/* 200 a second, of a million nanoseconds and some each. */
	NEAR(view.rows[2].value[TOP_DEPTH], 200 * (1 << 20) * 1.125 / 1e9);
	NEAR(view.rows[2].value[TOP_P50], (1 << 20) * 1.125);
	UNKNOWN(view.rows[0].value[TOP_IOPS]);
	NEAR(view.rows[3].value[TOP_FAILED], 1);
	UNKNOWN(view.rows[3].value[TOP_KELVIN]);
	top_view_next_phase(&view);
	EQUAL(view.phase, ONVME_LATENCY_IRQ);
	UNKNOWN(view.rows[2].value[TOP_P50]);
	top_view_next_phase(&view);
	top_view_next_phase(&view);
	NEAR(view.rows[2].value[TOP_P50], (1 << 20) * 1.125);
	top_view_fini(&view);
	top_sample_clear(&before);
	top_sample_clear(&now);
}

/* Counters that begin anew, and no time between samples, give no figures and no nonsense. */
static void no_rates(void)
{
	struct top_sample before = { 0 }, now = { 0 };
	struct top_view view;

	top_view_init(&view);
	fill(&before, 10, 100);
	fill(&now, 12, 40);
	CHECK(top_view_update(&view, &before, &now));
	UNKNOWN(view.rows[1].value[TOP_IOPS]);
	UNKNOWN(view.rows[1].value[TOP_READ]);
	UNKNOWN(view.rows[2].value[TOP_IOPS]);
	UNKNOWN(view.rows[2].value[TOP_P99]);
	CHECK(!view.rows[2].delta);
	fill(&before, 12, 40);
	CHECK(top_view_update(&view, &before, &now));
	UNKNOWN(view.rows[1].value[TOP_IOPS]);
	NEAR(view.interval, 0);
	top_view_fini(&view);
	top_sample_clear(&before);
	top_sample_clear(&now);
}

/* A row has its own past, wherever it stands, and as much of it as there is room for. */
static void past(void)
{
	struct top_sample samples[2] = { 0 };
	struct top_view view;
	unsigned int i, n;

	top_view_init(&view);
	fill(&samples[0], 0, 0);
	for (i = 1; i <= TOP_PAST + 30; i++) {
		fill(&samples[i % 2], i, i * (i + 1) / 2);
		CHECK(top_view_update(&view, &samples[(i + 1) % 2], &samples[i % 2]));
		n = view.rows[2].nr_past;
		EQUAL(n, i < TOP_PAST ? i : TOP_PAST);
		NEAR(view.rows[2].past[n - 1], 10 * i);
		if (i > 1)
			NEAR(view.rows[2].past[n - 2], 10 * (i - 1));
		NEAR(view.rows[5].past[0], 10 * (i - n + 1));
	}
	/* One that goes and comes back is a new one. */
	samples[i % 2].when = i;
	top_sample_clear(&samples[i % 2]);
	CHECK(top_view_update(&view, &samples[(i + 1) % 2], &samples[i % 2]));
	EQUAL(view.nr, 0);
	EQUAL(view.nr_shown, 0);
	STR_EQUAL(view.gone, "nvme0");
	fill(&samples[(i + 1) % 2], i + 1, 5);
	CHECK(top_view_update(&view, &samples[i % 2], &samples[(i + 1) % 2]));
	STR_EQUAL(view.gone, "");
	EQUAL(view.rows[2].nr_past, 1);
	UNKNOWN(view.rows[2].value[TOP_IOPS]);
	top_view_fini(&view);
	top_sample_clear(&samples[0]);
	top_sample_clear(&samples[1]);
}

static void shown_is(const struct top_view *view, const char *should)
{
	char text[128] = "";
	unsigned int i;

	for (i = 0; i < view->nr_shown; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%u", view->shown[i]);
	STR_EQUAL(text, should);
}

static void order_and_folds(void)
{
	struct top_sample before = { 0 }, now = { 0 };
	struct top_view view;

	top_view_init(&view);
	fill(&before, 10, 100);
	fill(&now, 12, 140);
	CHECK(top_view_update(&view, &before, &now));
	shown_is(&view, "012345");
	view.reverse = true;
	top_view_arrange(&view);
	shown_is(&view, "345012");
	view.reverse = false;
	view.sort = TOP_FAILED;
	top_view_arrange(&view);
	shown_is(&view, "345012");
	view.reverse = true;
	top_view_arrange(&view);
	shown_is(&view, "012345");
	/* None of them has a temperature: as they come. */
	view.sort = TOP_KELVIN;
	top_view_arrange(&view);
	shown_is(&view, "012345");
	top_view_fold(&view, 4, false);
	top_view_arrange(&view);
	shown_is(&view, "01234");
	top_view_fold(&view, 3, false);
	top_view_arrange(&view);
	shown_is(&view, "0123");
	/* All of them as that one will be: open. */
	top_view_fold(&view, 3, true);
	top_view_arrange(&view);
	shown_is(&view, "012345");
	top_view_fold(&view, 0, true);
	CHECK(top_view_update(&view, &before, &now));
	shown_is(&view, "0134");
	top_view_fold(&view, 77, false);
	top_view_fini(&view);
	top_sample_clear(&before);
	top_sample_clear(&now);
}

/* What is not known comes last, whichever way round. */
static void unknown_last(void)
{
	struct top_sample now = { 0 };
	struct top_view view;
	unsigned int i;
	char name[TOP_NAME];

	top_view_init(&view);
	add(&now, TOP_CTRL, 0, "nvme0");
	for (i = 1; i < 6; i++) {
		snprintf(name, sizeof(name), "queue %u", i);
		add(&now, TOP_QUEUE, 0, name);
		if (i != 2)
			top_sample_set(&now.items[i], TOP_ERRORS, i);
	}
	CHECK(top_view_update(&view, &now, &now));
	view.sort = TOP_FAILED;
	top_view_arrange(&view);
	shown_is(&view, "054312");
	view.reverse = true;
	top_view_arrange(&view);
	shown_is(&view, "013452");
	top_view_fini(&view);
	top_sample_clear(&now);
}

/* Of many queues none is shown at first; who has opened them has them open. */
static void many_queues(void)
{
	struct top_sample now = { 0 };
	struct top_view view;
	unsigned int i;
	char name[TOP_NAME];

	top_view_init(&view);
	add(&now, TOP_CTRL, 0, "nvme0");
	for (i = 0; i < TOP_QUEUES + 1; i++) {
		snprintf(name, sizeof(name), "queue %u", i);
		add(&now, TOP_QUEUE, 0, name);
	}
	CHECK(top_view_update(&view, &now, &now));
	EQUAL(view.nr_shown, 1);
	top_view_fold(&view, 0, false);
	top_view_fold(&view, 0, false);
	CHECK(top_view_update(&view, &now, &now));
	EQUAL(view.nr_shown, TOP_QUEUES + 2);
	top_view_fini(&view);
	top_sample_clear(&now);
}

static void too_many(void)
{
	struct top_sample sample = { 0 };
	unsigned int i;

	for (i = 0; i < TOP_ITEMS; i++)
		CHECK(top_sample_add(&sample, TOP_QUEUE, 0));
	STR_EQUAL(sample.notice, "");
	CHECK(!top_sample_add(&sample, TOP_QUEUE, 0));
	STR_EQUAL(sample.notice, "only the first 4096 rows are shown");
	top_sample_notice(&sample, "the second");
	STR_EQUAL(sample.notice, "only the first 4096 rows are shown");
	top_sample_clear(&sample);
	EQUAL(sample.nr, 0);
}

KTAP_MAIN("view", { "rates", rates }, { "no_rates", no_rates }, { "past", past },
	  { "order_and_folds", order_and_folds }, { "unknown_last", unknown_last }, { "many_queues", many_queues },
	  { "too_many", too_many })
