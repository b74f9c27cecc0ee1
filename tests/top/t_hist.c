// SPDX-License-Identifier: GPL-2.0
/*
 * Histograms: what the driver's form says is what is read, and what cannot be is refused; percentiles against sorted
 * lists.
 */
#include <math.h>

#include "hist.h"
#include "ktap.h"
#include "model_hist.h"

#define VALUES	2000

static struct model_latency some_form(void)
{
	struct model_latency m = {
		.queues = 1 + rnd_below(5), .rows = 1 + rnd_below(9), .bins = 1 + rnd_below(TOP_BUCKETS),
		.phases = 1 + rnd_below(5), .spare = 8 * rnd_below(3), .units = 1 + rnd_below(5000),
		.units_ns = 1 + rnd_below(5000), .first = rnd_below(20), .since_ns = rnd(),
	};

	return m;
}

/* A copy of exactly that size, so that ASan sees the byte behind it. */
static const char *read_head(const u8 *head, size_t len, struct top_form *form)
{
	u8 *copy = malloc(len ? len : 1);
	const char *wrong;

	memcpy(copy, head, len);
	wrong = top_hist_head(copy, len, form);
	free(copy);
	return wrong;
}

static void heads(void)
{
	unsigned long i;

	for (i = 0; i < rounds(300); i++) {
		struct model_latency m = some_form();
		u8 *head = malloc(model_head_len(&m));
		struct top_form form;

		model_write_head(&m, head);
		CHECK(!read_head(head, model_head_len(&m), &form));
		EQUAL(form.head_len, model_head_len(&m));
		EQUAL(form.queue_len, model_queue_len(&m));
		EQUAL(form.queues, m.queues);
		EQUAL(form.rows, m.rows);
		EQUAL(form.bins, m.bins);
		EQUAL(form.bins_at, model_bins_at(&m));
		EQUAL(form.phases, m.phases < 3 ? m.phases : 3);
		EQUAL(form.since_ns, m.since_ns);
		CHECK(fabs(form.scale[0].unit_ns - (double)m.units_ns / (double)m.units) < 0.000000001);
		free(head);
	}
}

static void heads_that_cannot_be(void)
{
	static const struct {
		const char	*name;
		size_t		at;
		u64		value;
		const char	*words;
	} bad[] = {
#define BAD(_member, _value, _words) { #_member, offsetof(struct onvme_latency_head, _member), _value, _words }
		BAD(magic, 0x6d766e6f, "latency: another form than that of onvme"),
		BAD(version, 2, "latency: another version than this program knows"),
		BAD(version, 0, "latency: another version than this program knows"),
		BAD(queues, 0, "latency: lengths that cannot be"),
		BAD(queues, 1ull << 40, "latency: lengths that cannot be"),
		BAD(queue_len, ~0ull, "latency: lengths that cannot be"),
		BAD(queue_len, 0, "latency: histograms beyond their queue"),
		BAD(head_len, 8, "latency: a head that is too short"),
		BAD(head_len, 1ull << 63, "latency: lengths that cannot be"),
		BAD(rows, 0, "latency: histograms that cannot be"),
		BAD(rows, 1ull << 61, "latency: histograms that cannot be"),
		BAD(bins, 0, "latency: histograms that cannot be"),
		BAD(bins, TOP_BUCKETS + 1, "latency: histograms that cannot be"),
		BAD(phases, 0, "latency: histograms that cannot be"),
		BAD(phases, 64, "latency: histograms beyond their queue"),
		BAD(bins_at, ~0ull, "latency: histograms beyond their queue"),
		BAD(bins_at, 1ull << 20, "latency: histograms beyond their queue"),
#undef BAD
	};
	struct model_latency m = {
		.queues = 3, .rows = 9, .bins = 96, .phases = 3, .units = 1, .units_ns = 1, .first = 10,
	};
	u8 *head = malloc(model_head_len(&m));
	struct top_form form;
	unsigned int i;

	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		ktap_note = bad[i].name;
		model_write_head(&m, head);
		model_put(head + bad[i].at, bad[i].value);
		STR_EQUAL(read_head(head, model_head_len(&m), &form) ?: "nothing", bad[i].words);
	}
	ktap_note = "truncated";
	model_write_head(&m, head);
	for (i = 0; i < sizeof(struct onvme_latency_head); i++)
		STR_EQUAL(read_head(head, i, &form) ?: "nothing", "latency: a head that is too short");
	CHECK(!read_head(head, sizeof(struct onvme_latency_head), &form));
	free(head);
}

/* Scales that would give nonsense are those of phases that are not measured. */
static void scales(void)
{
	static const struct {
		u64	units, units_ns, first;
		bool	measured;
	} some[] = {
		{ 0, 1, 1, false }, { 1, 0, 1, false }, { 1, 1, 64, false }, { 1, 1, ~0ull, false },
		{ 3, 1000, 63, true },
	};
	struct top_hist *hist = calloc(1, sizeof(*hist));
	unsigned int i;

	for (i = 0; i < sizeof(some) / sizeof(*some); i++) {
		struct model_latency m = { .queues = 1, .rows = 1, .bins = 4, .phases = 3, .units = some[i].units,
					   .units_ns = some[i].units_ns, .first = some[i].first };
		u8 *head = malloc(model_head_len(&m));
		struct top_form form;

		model_write_head(&m, head);
		CHECK(!read_head(head, model_head_len(&m), &form));
		EQUAL(form.scale[1].unit_ns > 0, some[i].measured);
		hist->scale[1] = form.scale[1];
		hist->count[1][2] = 5;
		EQUAL(isnan(top_hist_percentile(hist, 1, 0.5)), !some[i].measured);
		EQUAL(isnan(top_hist_mean(hist, 1)), !some[i].measured);
		free(head);
	}
	free(hist);
}

static void queues(void)
{
	struct top_hist *hist = malloc(sizeof(*hist));
	unsigned long i;
	u64 phase, row;

	for (i = 0; i < rounds(100); i++) {
		struct model_latency m = some_form();
		u8 *head = malloc(model_head_len(&m)), *bytes = calloc(1, model_queue_len(&m));
		u64 bin = rnd_below((u32)m.bins), sum[3] = { 0 };
		struct top_queue queue;
		struct top_form form;

		model_write_head(&m, head);
		CHECK(!read_head(head, model_head_len(&m), &form));
		MODEL_PUT(bytes, struct onvme_latency_queue, qid, 7);
		MODEL_PUT(bytes, struct onvme_latency_queue, flags, 5);
		MODEL_PUT(bytes, struct onvme_latency_queue, commands, i);
		MODEL_PUT(bytes, struct onvme_latency_queue, errors, ONVME_LATENCY_UNKNOWN);
		for (phase = 0; phase < m.phases; phase++) {
			for (row = 0; row < m.rows; row++) {
				u64 count = rnd_below(4) ? rnd_below(1000) : ONVME_LATENCY_UNKNOWN;

				model_put(bytes + model_bin_at(&m, phase, row, bin), count);
				if (phase < 3 && count != ONVME_LATENCY_UNKNOWN)
					sum[phase] += count;
			}
		}
		CHECK(!top_hist_queue(&form, bytes, model_queue_len(&m), &queue, hist));
		EQUAL(queue.qid, 7);
		EQUAL(queue.flags, 5);
		EQUAL(queue.commands, i);
		EQUAL(queue.errors, TOP_UNKNOWN);
		EQUAL(hist->since_ns, m.since_ns);
		for (phase = 0; phase < 3; phase++)
			EQUAL(hist->count[phase][bin], sum[phase]);
		bytes = realloc(bytes, model_queue_len(&m) - 1);
		STR_EQUAL(top_hist_queue(&form, bytes, model_queue_len(&m) - 1, &queue, hist) ?: "nothing",
			  "latency: less than its head promises");
		free(bytes);
		free(head);
	}
	free(hist);
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

/* The answer is in the bucket of the value that a sorted list has at that place. */
static void percentiles(void)
{
	static const double parts[] = { 0.001, 0.25, 0.5, 0.9, 0.99, 0.999, 1 };
	static double values[VALUES];
	struct top_hist *hist = malloc(sizeof(*hist));
	unsigned long i;
	unsigned int n, k;

	for (i = 0; i < rounds(50); i++) {
		struct model_latency m = {
			.bins = TOP_BUCKETS, .units = 1 + rnd_below(3000), .units_ns = 1 + rnd_below(3000),
			.first = rnd_below(12),
		};
		unsigned int nr = 1 + rnd_below(VALUES);
		double unit = (double)m.units_ns / (double)m.units, sum = 0;

		memset(hist, 0, sizeof(*hist));
		hist->scale[1] = (struct top_scale){ unit, (unsigned int)m.first };
		for (n = 0; n < nr; n++) {
			values[n] = exp2((double)rnd_below(3000) / 100);
			sum += values[n];
			hist->count[1][model_bin_of(&m, values[n])]++;
		}
		qsort(values, nr, sizeof(*values), by_size);
		for (k = 0; k < sizeof(parts) / sizeof(*parts); k++) {
			unsigned int place = (unsigned int)ceil(parts[k] * nr - 0.000000001);
			u64 bin = model_bin_of(&m, values[place ? place - 1 : 0]);
			double is = top_hist_percentile(hist, 1, parts[k]);

			CHECK(is >= model_bin_begins(&m, bin) * unit * 0.999999);
			CHECK(is <= model_bin_begins(&m, bin + 1) * unit * 1.000001);
		}
		/* Nothing is in bin 0 but what is less than a quarter more than its end. */
		CHECK(top_hist_mean(hist, 1) > sum / nr * unit * 0.8 - model_bin_begins(&m, 1) * unit);
		CHECK(top_hist_mean(hist, 1) < sum / nr * unit * 1.2 + model_bin_begins(&m, 1) * unit);
		CHECK(isnan(top_hist_percentile(hist, 0, 0.5)));
	}
	free(hist);
}

static void buckets(void)
{
	struct model_latency m = { .bins = TOP_BUCKETS };
	struct top_scale scale;
	unsigned int n;

	for (m.first = 0; m.first < 64; m.first += 9) {
		scale = (struct top_scale){ 3.5, (unsigned int)m.first };
		for (n = 0; n < TOP_BUCKETS; n++) {
			double should = model_bin_begins(&m, n) * 3.5;

			CHECK(fabs(top_hist_low(&scale, n) - should) <= should * 0.000000000001);
			CHECK(top_hist_low(&scale, n + 1) > top_hist_low(&scale, n));
		}
	}
}

static void differences(void)
{
	struct top_hist *before = calloc(1, sizeof(*before)), *now = calloc(1, sizeof(*now));
	struct top_hist *delta = calloc(1, sizeof(*delta));

	before->count[1][3] = 10;
	now->count[1][3] = 25;
	now->count[2][0] = 1;
	CHECK(top_hist_since(now, before, delta));
	EQUAL(delta->count[1][3], 15);
	EQUAL(delta->count[2][0], 1);
	top_hist_add(delta, now);
	EQUAL(delta->count[1][3], 40);
	now->count[1][3] = 9;
	CHECK(!top_hist_since(now, before, delta));
	now->count[1][3] = 25;
	now->since_ns = 1;
	CHECK(!top_hist_since(now, before, delta));
	free(before);
	free(now);
	free(delta);
}

KTAP_MAIN("hist", { "heads", heads }, { "heads_that_cannot_be", heads_that_cannot_be }, { "scales", scales },
	  { "queues", queues }, { "percentiles", percentiles }, { "buckets", buckets }, { "differences", differences })
