// SPDX-License-Identifier: GPL-2.0
#include <linux/minmax.h>

#include "hostmem.h"

/**
 * onvme_hostmem_single() - how large the buffer is in one piece
 * @plan: how much it gets
 *
 * Return: bytes.
 */
u64 onvme_hostmem_single(const struct onvme_hostmem_plan *plan)
{
	return max(plan->bytes, plan->piece_least);
}

/**
 * onvme_hostmem_plan() - how much memory a controller gets
 * @wants: what it asks for, and what there is
 * @plan: written when it gets some
 *
 * Base, "Host Memory Buffer". It is aimed at what the controller prefers, and never below what it needs.
 *
 * Return: the verdict.
 */
enum onvme_hostmem_verdict onvme_hostmem_plan(const struct onvme_hostmem_wants *wants, struct onvme_hostmem_plan *plan)
{
	u64 unit = ONVME_HOSTMEM_UNIT, limit = wants->limit / unit * unit, least = wants->hmmin * unit;
	u32 chunk;

	if (!wants->hmpre || !limit)
		return ONVME_HOSTMEM_NONE;
	*plan = (struct onvme_hostmem_plan){
		.bytes = min(max(wants->hmpre * unit, least), limit),
		.limit = limit,
		.piece_least = max(wants->hmminds * unit, unit),
		.descs = ONVME_HOSTMEM_DESCS,
	};
	plan->least = max(least, plan->piece_least);
	if (plan->least > limit)
		return ONVME_HOSTMEM_LIMIT;
	if (wants->hmmaxd)
		plan->descs = min(plan->descs, (u32)wants->hmmaxd);
	/* The smallest power of two that holds all of it, up to what can be had in one piece. */
	for (chunk = ONVME_HOSTMEM_UNIT; chunk < onvme_hostmem_single(plan) && chunk < ONVME_HOSTMEM_CHUNK; chunk *= 2)
		;
	/* So that no piece, but perhaps the last, is smaller than it may be: pieces are halved from here on. */
	plan->chunk = chunk >= plan->piece_least && (u64)chunk * plan->descs >= plan->least ? chunk : 0;
	return ONVME_HOSTMEM_GIVE;
}

/**
 * onvme_hostmem_piece() - how large the next piece is
 * @plan: how much it gets
 * @chunk: what is being tried, from @plan->chunk on
 * @bytes: what there is so far
 * @pieces: in so many pieces
 *
 * Return: bytes, a multiple of %ONVME_HOSTMEM_UNIT; 0: there is enough, or room for no more.
 */
u64 onvme_hostmem_piece(const struct onvme_hostmem_plan *plan, u32 chunk, u64 bytes, u32 pieces)
{
	u64 len;

	if (bytes >= plan->bytes || pieces >= plan->descs)
		return 0;
	len = max(min((u64)chunk, plan->bytes - bytes), plan->piece_least);
	return bytes + len <= plan->limit ? len : 0;
}

/**
 * onvme_hostmem_smaller() - what to try when there is no piece of that size
 * @plan: how much it gets
 * @chunk: the size
 *
 * Return: the next smaller size; 0: the controller takes no smaller one, or it is not worth it.
 */
u32 onvme_hostmem_smaller(const struct onvme_hostmem_plan *plan, u32 chunk)
{
	chunk /= 2;
	return chunk >= plan->piece_least && chunk >= ONVME_HOSTMEM_CRUMB ? chunk : 0;
}
