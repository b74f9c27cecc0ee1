/* SPDX-License-Identifier: GPL-2.0 */
/*
 * ring.h - the arithmetic of submission and completion rings, without memory and without doorbells.
 *
 * Pure: no object, no lock, any context. Indices are always smaller than the depth; the Phase Tag of a completion
 * ring starts at 1 and flips on each pass (Base, "Completion Queue Entry", Phase Tag).
 */
#ifndef ONVME_PROTO_RING_H
#define ONVME_PROTO_RING_H

#include <linux/types.h>

/* Command identifiers: the tag in the low bits, a generation above it that changes each time the tag is used again. */
#define ONVME_CID_TAG_BITS	12
#define ONVME_CID_TAG_MASK	((1u << ONVME_CID_TAG_BITS) - 1)

/* The entry after @index. */
static inline u32 onvme_ring_next(u32 index, u32 depth)
{
	return index + 1 == depth ? 0 : index + 1;
}

/* The entry that is @n before @index, at most the whole ring. */
static inline u32 onvme_ring_back(u32 index, u32 n, u32 depth)
{
	return index >= n ? index - n : index + depth - n;
}

/* The Phase Tag to expect after consuming entry @index under @phase. */
static inline u32 onvme_ring_next_phase(u32 index, u32 depth, u32 phase)
{
	return index + 1 == depth ? !phase : phase;
}

/* Entries that the producer at @tail may still post while the consumer is at @head: one stays empty. */
static inline u32 onvme_ring_space(u16 head, u16 tail, u32 depth)
{
	return tail >= head ? depth - 1u - (u32)(tail - head) : (u32)(head - tail) - 1u;
}

/*
 * Whether going from @old to @now leaves @event behind: the consumer wants to be told then. Indices wrap at the depth,
 * which the modulus of 16 bits does not know; it is only that an @event outside of what was ever written says nothing.
 */
static inline bool onvme_ring_passes(u16 old, u16 now, u16 event)
{
	return (u16)(now - event - 1u) < (u16)(now - old);
}

/* @tag is at most %ONVME_CID_TAG_MASK; of @gen the low bits count. */
static inline u16 onvme_cid_make(u32 tag, u32 gen)
{
	return (u16)(gen << ONVME_CID_TAG_BITS | tag);
}

static inline u32 onvme_cid_tag(u16 cid)
{
	return cid & ONVME_CID_TAG_MASK;
}

#endif /* ONVME_PROTO_RING_H */
