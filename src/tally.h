/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tally.h - what a queue pair counts: how long its commands took, how often it was rung, interrupted and polled.
 *
 * struct onvme_tally is part of each struct onvme_queue, and its bins stay from the first bring-up to release. Each
 * part is written by whoever owns that side of the queue, as a plain addition; who reads needs no lock. What can be
 * told from other counts is not counted: a completion is one in a bin. Without CONFIG_ONVME_HIST nothing is counted.
 */
#ifndef ONVME_TALLY_H
#define ONVME_TALLY_H

#include <linux/bitops.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#include "proto/hist.h"
#include "stamp.h"

struct onvme_queue;
struct request;

/* Bin 0 begins below anything that a device can do: at 43 ns of a counter of 3 GHz, 80 ns of one of 100 MHz. */
#define ONVME_TALLY_FIRST	(IS_ENABLED(CONFIG_X86) ? 7u : 3u)
#define ONVME_TALLY_HOST_FIRST	6u	/* nanoseconds */
/* Of commands, those whose wait is measured: the bits of the counter that have to be 0 when one is posted */
#define ONVME_TALLY_CHANCE	64u
#define ONVME_TALLY_LUCK	((ONVME_TALLY_CHANCE - 1) << 6)
#define ONVME_TALLY_STATUSES	16u
/* Powers of two that a counter of 64 bits may pass beyond the last bin; nothing but a counter that jumps does */
#define ONVME_TALLY_BEYOND	((64 - ONVME_HIST_BINS / 4) * 4)

/**
 * struct onvme_bins - histograms of a queue, rows behind each other
 * @device: from posting to taking; the completer's
 * @beyond: of @device
 * @host: from the beginning of a request to posting; guarded by sq_lock
 * @irq: completions that nobody was told of; guarded by poll_mutex
 */
struct onvme_bins {
	u64	device[ONVME_HIST_ROWS * ONVME_HIST_BINS];
	u64	beyond[ONVME_TALLY_BEYOND];
	u32	host[ONVME_HIST_ROWS * ONVME_HIST_BINS];
	u32	irq[ONVME_HIST_ROWS * ONVME_HIST_BINS];
};

/* Who took completions */
enum onvme_taker {
	ONVME_BY_IRQ,		/* the interrupt handler, or its thread */
	ONVME_BY_POLL,		/* who polls a queue without interrupt */
	ONVME_BY_RESCUE,	/* somebody who missed them */
	ONVME_NR_TAKERS,
	ONVME_BY_FAULT = ONVME_NR_TAKERS	/* it was held back on request, and is counted where it was found */
};

/**
 * struct onvme_tally - what the completer of a queue counts
 * @bins: histograms
 * @times: how often somebody found completions, by enum onvme_taker
 * @polled: completions that were found by polling
 * @rescued: completions that somebody missed
 * @halved: of these, those that are in the histogram of the device as well
 * @spurious: interrupts that found none
 * @bogus: completions that named no command
 * @lock: guards the next four
 * @retries: commands tried again
 * @errors: commands that failed
 * @status: in which status commands ended, the last: others
 * @count: how often
 */
struct onvme_tally {
	struct onvme_bins	*bins;
	u64			times[ONVME_NR_TAKERS];
	u64			polled;
	u64			rescued;
	u64			halved;
	u64			spurious;
	u64			bogus;
	spinlock_t		lock;
	u64			retries;
	u64			errors;
	u16			status[ONVME_TALLY_STATUSES];
	u64			count[ONVME_TALLY_STATUSES];
};

#ifdef CONFIG_ONVME_HIST
int onvme_tally_alloc(struct onvme_tally *tally, int node);
void onvme_tally_free(struct onvme_tally *tally);
void onvme_tally_waited(struct onvme_tally *tally, const struct request *rq, u32 row);
void onvme_tally_rescued(struct onvme_tally *tally, u32 row, u64 posted, u64 absent, u64 now);
void onvme_tally_status(struct onvme_tally *tally, u16 status, bool retry);
void onvme_tally_clear(struct onvme_tally *tally);

/* Whether the wait of a command that is posted now is measured. */
static __always_inline bool onvme_tally_lucky(u32 now)
{
	return !(now & ONVME_TALLY_LUCK);
}

/* A command of @row took so long, or a little more: bit ONVME_TALLY_FIRST of @took is set. */
static __always_inline void onvme_tally_took(struct onvme_tally *tally, u32 row, u64 took)
{
	unsigned long top = __fls(took);

	tally->bins->device[row + 4 * (top - ONVME_TALLY_FIRST) + (took >> (top - ONVME_HIST_SUB)) - 4]++;
}

#define ONVME_TALLY(counter, n)		((counter) += (n))
#else
static inline int onvme_tally_alloc(struct onvme_tally *tally, int node)
{
	return 0;
}

static inline void onvme_tally_free(struct onvme_tally *tally)
{
}

static inline void onvme_tally_waited(struct onvme_tally *tally, const struct request *rq, u32 row)
{
}

static inline void onvme_tally_rescued(struct onvme_tally *tally, u32 row, u64 posted, u64 absent, u64 now)
{
}

static inline void onvme_tally_status(struct onvme_tally *tally, u16 status, bool retry)
{
}

static inline void onvme_tally_clear(struct onvme_tally *tally)
{
}

static __always_inline bool onvme_tally_lucky(u32 now)
{
	return false;
}

static __always_inline void onvme_tally_took(struct onvme_tally *tally, u32 row, u64 took)
{
}

#define ONVME_TALLY(counter, n)		((void)0)
#endif

#endif /* ONVME_TALLY_H */
