/* SPDX-License-Identifier: GPL-2.0 */
/*
 * stamp.h - when a command was posted and its completion taken: the processor's own counter, which costs little.
 *
 * When it was posted is kept with the command. For each completion entry there is when it was taken and how long its
 * command took: an array beside the ring, part of struct onvme_queue and of the same length, written by whoever owns
 * the completion side, read by flight.c, which knows how fast the counter runs. Without CONFIG_ONVME_FLIGHT there is
 * none, and without CONFIG_ONVME_HIST as well there are no stamps.
 */
#ifndef ONVME_STAMP_H
#define ONVME_STAMP_H

#include <linux/kconfig.h>
#include <linux/mm.h>
#include <linux/timekeeping.h>
#include <linux/timex.h>
#include <linux/types.h>

#include "fault.h"

#define ONVME_STAMP_NONE	(~0ULL)		/* how long a command took that nobody believes */

/**
 * struct onvme_taken - a completion entry that was taken
 * @at: when; 0: never
 * @took: how long after its command was posted, or %ONVME_STAMP_NONE
 */
struct onvme_taken {
	u64	at;
	u64	took;
};

/**
 * struct onvme_clock - how fast the counter runs
 * @base: the counter when bring-up began last
 * @base_ns: the same moment on the clock that goes on in a suspend
 */
struct onvme_clock {
	u64	base;
	u64	base_ns;
};

/* Whether anybody wants to know when commands are posted */
static __always_inline bool onvme_stamp_on(void)
{
	return IS_ENABLED(CONFIG_ONVME_FLIGHT) || IS_ENABLED(CONFIG_ONVME_HIST);
}

/* Now. Where a processor has no such counter it is always 0. */
static __always_inline u64 onvme_stamp_count(void)
{
	return (u64)get_cycles();
}

/* Measure anew: a processor's counter may not go on over a suspend, and then begins anew. Process context. */
static inline void onvme_stamp_begin(struct onvme_clock *clock)
{
	clock->base = onvme_stamp_count();
	clock->base_ns = ktime_get_boottime_ns();
}

/* The same where nobody needs to know when nobody wants to */
static __always_inline u64 onvme_stamp_now(void)
{
	return onvme_stamp_on() ? onvme_stamp_count() : 0;
}

/* Note in @at that it is now; returns the lower half. Two stores are less than to put the halves together. */
static __always_inline u32 onvme_stamp_note(u64 *at)
{
#ifdef CONFIG_X86_64
	u32 low, high;

	asm volatile("rdtsc" : "=a" (low), "=d" (high));
	((u32 *)at)[0] = low;
	((u32 *)at)[1] = high;
	return low;
#else
	*at = onvme_stamp_count();
	return (u32)*at;
#endif
}

#ifdef CONFIG_ONVME_FLIGHT
static __always_inline void onvme_stamp_taken(struct onvme_taken *taken, u64 now, u64 took)
{
	taken->at = now;
	taken->took = took;
}

/* Returns 0 or -ENOMEM. */
static inline int onvme_taken_alloc(struct onvme_taken **taken, u32 depth, int node)
{
	*taken = ONVME_ALLOC(kvzalloc_node(array_size(depth, sizeof(**taken)), GFP_KERNEL, node));
	return *taken ? 0 : -ENOMEM;
}

static inline void onvme_taken_free(struct onvme_taken **taken)
{
	kvfree(*taken);
	*taken = NULL;
}

static inline void onvme_taken_clear(struct onvme_taken *taken, u32 depth)
{
	memset(taken, 0, array_size(depth, sizeof(*taken)));
}
#else
static __always_inline void onvme_stamp_taken(struct onvme_taken *taken, u64 now, u64 took)
{
}

static inline int onvme_taken_alloc(struct onvme_taken **taken, u32 depth, int node)
{
	return 0;
}

static inline void onvme_taken_free(struct onvme_taken **taken)
{
}

static inline void onvme_taken_clear(struct onvme_taken *taken, u32 depth)
{
}
#endif

#endif /* ONVME_STAMP_H */
