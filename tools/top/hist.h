/* SPDX-License-Identifier: GPL-2.0 */
/*
 * hist.h - histograms of latency: the binary form in which the driver tells of them, differences, percentiles.
 *
 * Pure. The form is that of the attribute "latency" in <onvme/uapi.h>. What stands in it is believed only as far as the
 * bytes that there are go; what cannot be is refused with words for it.
 */
#ifndef TOP_HIST_H
#define TOP_HIST_H

#include <stdbool.h>
#include <stddef.h>

#include <onvme/uapi.h>

#define TOP_BUCKETS		256u
#define TOP_HEAD_BYTES		4096u		/* of the beginning, which are enough for what is looked at there */
#define TOP_QUEUE_BYTES		(8u << 20)	/* of a queue, at most */
#define TOP_UNKNOWN		ONVME_LATENCY_UNKNOWN

/**
 * struct top_scale - what the bins of a phase stand for
 * @unit_ns: nanoseconds; 0: this phase is not measured
 * @first: power of two of units that bin 0 begins at
 */
struct top_scale {
	double			unit_ns;
	unsigned int		first;
};

/**
 * struct top_form - where in the attribute what is
 * @head_len: bytes up to the first queue
 * @queue_len: bytes of each
 * @queues: how many
 * @rows: rows of bins in a phase
 * @bins: bins in a row
 * @bins_at: where in a queue they begin
 * @phases: how many phases a queue has; the scales of those that are known here
 * @since_ns: when counting began
 * @scale: of each phase
 */
struct top_form {
	size_t			head_len;
	size_t			queue_len;
	unsigned int		queues;
	unsigned int		rows;
	unsigned int		bins;
	size_t			bins_at;
	unsigned int		phases;
	unsigned long long	since_ns;
	struct top_scale	scale[ONVME_LATENCY_PHASES];
};

/**
 * struct top_hist - how many commands took how long, of all kinds together
 * @since_ns: when counting began
 * @scale: of each phase
 * @count: of each phase and bucket
 */
struct top_hist {
	unsigned long long	since_ns;
	struct top_scale	scale[ONVME_LATENCY_PHASES];
	unsigned long long	count[ONVME_LATENCY_PHASES][TOP_BUCKETS];
};

/* A queue, as <onvme/uapi.h> has it; what is not known is TOP_UNKNOWN. */
struct top_queue {
	unsigned long long	qid;
	unsigned long long	depth;
	unsigned long long	flags;
	unsigned long long	in_flight;
	unsigned long long	commands;
	unsigned long long	interrupts;
	unsigned long long	polled;
	unsigned long long	lost;
	unsigned long long	late;
	unsigned long long	retries;
	unsigned long long	errors;
};

const char *top_hist_head(const void *bytes, size_t len, struct top_form *form);
const char *top_hist_queue(const struct top_form *form, const void *bytes, size_t len, struct top_queue *queue,
			   struct top_hist *hist);
void top_hist_add(struct top_hist *to, const struct top_hist *what);
bool top_hist_since(const struct top_hist *now, const struct top_hist *before, struct top_hist *delta);
double top_hist_low(const struct top_scale *scale, unsigned int bucket);
double top_hist_percentile(const struct top_hist *hist, unsigned int phase, double part);
double top_hist_mean(const struct top_hist *hist, unsigned int phase);

#endif /* TOP_HIST_H */
