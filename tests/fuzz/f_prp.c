// SPDX-License-Identifier: GPL-2.0
/*
 * PRPs. Input: number of list pages, then segments, each one byte that says how it follows the last one and its
 * numbers.
 */
#include "fuzz.h"
#include "model_prp.h"

#define MAX_SEGS	64

static void fuzz_one(struct fuzz_in *in)
{
	struct seg segs[MAX_SEGS];
	u16 nr_lists = (u16)(fuzz_le(in, 1) % 6);
	size_t nr = 0;
	u64 end = 0;

	while (in->left && nr < MAX_SEGS) {
		u8 how = (u8)fuzz_le(in, 1);
		struct seg *s = &segs[nr++];

		/*
		 * Address: where the last one ended, a page, or anything. Length: to the end of the page, pages, or
		 * anything.
		 */
		s->addr = how & 1 ? end : how & 2 ? fuzz_le(in, 5) << 12 : fuzz_le(in, 8);
		if (how & 4)
			s->len = 4096 - (u32)(s->addr & 4095);
		else
			s->len = how & 8 ? (u32)fuzz_le(in, 2) << 12 : (u32)fuzz_le(in, 3);
		/* More than a few thousand pages only cost time. */
		if (s->len > 8u << 20 && !(how & 16))
			s->len %= 8u << 20;
		end = s->addr + s->len;
	}
	if (nr)
		model_prp_try(segs, nr, nr_lists, 1);
}
