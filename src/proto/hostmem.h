/* SPDX-License-Identifier: GPL-2.0 */
/*
 * hostmem.h - the host memory buffer: how much memory a controller gets, and in which pieces.
 *
 * Pure functions of what Identify Controller says and of what the host is willing to give. A controller asks for pieces
 * of any number and size; what it gets is bounded by the limit of the host and by the length of the list.
 */
#ifndef ONVME_PROTO_HOSTMEM_H
#define ONVME_PROTO_HOSTMEM_H

#include <linux/types.h>

#define ONVME_HOSTMEM_UNIT	4096u		/* bytes: of HMPRE, HMMIN and HMMINDS, and of a memory page of ours */
#define ONVME_HOSTMEM_DESCS	1024u		/* pieces at most, whatever the controller takes */
#define ONVME_HOSTMEM_CHUNK	(4u << 20)	/* bytes: what the page allocator has in one piece */
#define ONVME_HOSTMEM_CRUMB	(2 * ONVME_HOSTMEM_UNIT)	/* a smaller piece is not worth its place in the list */

/**
 * struct onvme_hostmem_wants - what a controller asks for, and what the host has
 * @hmpre: preferred size, in units of %ONVME_HOSTMEM_UNIT; 0: it does not want any
 * @hmmin: least size, the same
 * @hmminds: least size of a piece, the same; 0: any
 * @hmmaxd: most pieces; 0: any number
 * @limit: bytes that the host gives at most
 */
struct onvme_hostmem_wants {
	u32	hmpre;
	u32	hmmin;
	u32	hmminds;
	u16	hmmaxd;
	u64	limit;
};

/* What becomes of it */
enum onvme_hostmem_verdict {
	ONVME_HOSTMEM_NONE,		/* not wanted, by either side */
	ONVME_HOSTMEM_GIVE,		/* as the plan says */
	ONVME_HOSTMEM_LIMIT,		/* the least that it needs is more than the host gives */
};

/**
 * struct onvme_hostmem_plan - how much it gets
 * @bytes: what is aimed at
 * @least: with less it is better off without; at least one piece
 * @limit: what is not exceeded for the sake of a last piece
 * @piece_least: no piece is smaller
 * @chunk: size of the pieces to begin with, where they cannot be one; 0: it takes none of a size that can be had
 * @descs: most pieces, 1 to %ONVME_HOSTMEM_DESCS
 */
struct onvme_hostmem_plan {
	u64	bytes;
	u64	least;
	u64	limit;
	u64	piece_least;
	u32	chunk;
	u32	descs;
};

enum onvme_hostmem_verdict onvme_hostmem_plan(const struct onvme_hostmem_wants *wants,
					      struct onvme_hostmem_plan *plan);
u64 onvme_hostmem_single(const struct onvme_hostmem_plan *plan);
u64 onvme_hostmem_piece(const struct onvme_hostmem_plan *plan, u32 chunk, u64 bytes, u32 pieces);
u32 onvme_hostmem_smaller(const struct onvme_hostmem_plan *plan, u32 chunk);

#endif /* ONVME_PROTO_HOSTMEM_H */
