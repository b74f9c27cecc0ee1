// SPDX-License-Identifier: GPL-2.0
/*
 * What onvme-top believes of the attribute "latency". Input: the attribute. Nothing is read beyond it, and of what is
 * taken the figures are in order.
 */
#include <math.h>

#include "hist.h"
#include "plot.h"
#include "text.h"

#include "fuzz.h"

#define QUEUES	4

static struct top_hist hists[2];
static struct top_plot plot;

/* In a block of exactly that size, so that ASan guards its end. */
static u8 *block(const u8 *from, size_t len)
{
	u8 *copy = malloc(len ? len : 1);

	memcpy(copy, from, len);
	return copy;
}

static void figures(const struct top_hist *hist, unsigned int phase)
{
	double p50 = top_hist_percentile(hist, phase, 0.5), p99 = top_hist_percentile(hist, phase, 0.99);
	double all = top_hist_percentile(hist, phase, 1), mean = top_hist_mean(hist, phase);
	char text[TOP_NUMBER];

	CHECK(isnan(p50) == isnan(p99) && isnan(p50) == isnan(all) && isnan(p50) == isnan(mean));
	if (isnan(p50))
		return;
	CHECK(p50 >= 0 && p50 <= p99 && p99 <= all && isfinite(all));
	CHECK(mean >= 0 && mean <= all * 1.000001 + top_hist_low(&hist->scale[phase], TOP_BUCKETS));
	top_text_time(p50, text);
	CHECK(strlen(text) <= 5);
}

static void seen(struct top_hist *hist)
{
	struct top_row row = { .item = { .kind = TOP_CTRL, .name = "nvme0" }, .delta = hist };
	struct top_view view = { .rows = &row, .nr = 1, .interval = 1 };

	for (view.phase = 0; view.phase < ONVME_LATENCY_PHASES; view.phase++) {
		figures(hist, view.phase);
		top_plot_add(&plot, &view);
	}
}

static void fuzz_one(struct fuzz_in *in)
{
	size_t head_len = in->left < TOP_HEAD_BYTES ? in->left : TOP_HEAD_BYTES, at, len;
	u8 *head = block(in->data, head_len), *bytes;
	struct top_queue queue;
	struct top_form form;
	const char *wrong;
	unsigned int i;

	wrong = top_hist_head(head, head_len, &form);
	free(head);
	for (i = 0; !wrong && i < form.queues && i < QUEUES; i++) {
		at = form.head_len + i * form.queue_len;
		if (at > in->left)
			break;
		len = in->left - at < form.queue_len ? in->left - at : form.queue_len;
		bytes = block(in->data + at, len);
		wrong = top_hist_queue(&form, bytes, len, &queue, &hists[0]);
		free(bytes);
		if (wrong)
			break;
		seen(&hists[0]);
		if (top_hist_since(&hists[0], &hists[1], &hists[1]))
			seen(&hists[1]);
		top_hist_add(&hists[1], &hists[0]);
	}
	CHECK(!wrong || strlen(wrong) < TOP_NOTICE - TOP_NAME - 3);
}
