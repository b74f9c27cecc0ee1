/* SPDX-License-Identifier: GPL-2.0 */
/*
 * stamp.h - when an entry of a ring was posted, or taken: the processor's own counter, which costs a few instructions.
 *
 * One array beside each ring, part of struct onvme_queue and of the same length; written by whoever owns that side of
 * the queue, read by flight.c, which knows how fast the counter runs. Without CONFIG_ONVME_FLIGHT there are none.
 */
#ifndef ONVME_STAMP_H
#define ONVME_STAMP_H

#include <linux/mm.h>
#include <linux/smp.h>
#include <linux/timex.h>
#include <linux/types.h>

#include "fault.h"

#define ONVME_STAMP_SHIFT	6	/* of the counter: 48 bits of it last for weeks */
#define ONVME_STAMP_BITS	48
#define ONVME_STAMP_MASK	((1ULL << ONVME_STAMP_BITS) - 1)

/**
 * struct onvme_stamps - when entries were posted and taken
 * @posted: by submission entry
 * @taken: by completion entry
 */
struct onvme_stamps {
	u64	*posted;
	u64	*taken;
};

#ifdef CONFIG_ONVME_FLIGHT
/* The counter */
static __always_inline u64 onvme_stamp_count(void)
{
	return (u64)get_cycles() >> ONVME_STAMP_SHIFT;
}

/* Now, on this processor: uapi.h has the form. Where a processor has no such counter only its number is in it. */
static __always_inline u64 onvme_stamp_now(void)
{
	return (u64)raw_smp_processor_id() << ONVME_STAMP_BITS |
	       (onvme_stamp_count() & ONVME_STAMP_MASK);
}

static __always_inline void onvme_stamp_posted(const struct onvme_stamps *stamps, unsigned int entry)
{
	stamps->posted[entry] = onvme_stamp_now();
}

static __always_inline void onvme_stamp_taken(const struct onvme_stamps *stamps, unsigned int entry, u64 now)
{
	stamps->taken[entry] = now;
}

/* Both arrays in one piece; returns 0 or -ENOMEM. */
static inline int onvme_stamps_alloc(struct onvme_stamps *stamps, u32 depth, int node)
{
	stamps->posted = ONVME_ALLOC(kvzalloc_node(array_size(depth, 2 * sizeof(u64)), GFP_KERNEL, node));
	if (!stamps->posted)
		return -ENOMEM;
	stamps->taken = stamps->posted + depth;
	return 0;
}

static inline void onvme_stamps_free(struct onvme_stamps *stamps)
{
	kvfree(stamps->posted);
	stamps->posted = NULL;
}

static inline void onvme_stamps_clear(struct onvme_stamps *stamps, u32 depth)
{
	memset(stamps->posted, 0, array_size(depth, 2 * sizeof(u64)));
}
#else
static __always_inline u64 onvme_stamp_now(void)
{
	return 0;
}

static __always_inline void onvme_stamp_posted(const struct onvme_stamps *stamps, unsigned int entry)
{
}

static __always_inline void onvme_stamp_taken(const struct onvme_stamps *stamps, unsigned int entry, u64 now)
{
}

static inline int onvme_stamps_alloc(struct onvme_stamps *stamps, u32 depth, int node)
{
	return 0;
}

static inline void onvme_stamps_free(struct onvme_stamps *stamps)
{
}

static inline void onvme_stamps_clear(struct onvme_stamps *stamps, u32 depth)
{
}
#endif

#endif /* ONVME_STAMP_H */
