// SPDX-License-Identifier: GPL-2.0
/*
 * SGLs. Input: number of list pages, how often the row of segments that follows is repeated, then segments, each one
 * byte that says how it follows the last one and its numbers.
 */
#include "fuzz.h"
#include "model_sgl.h"

#define MAX_ROW		64
#define MAX_SEGS	(16 * MAX_ROW)

static void fuzz_one(struct fuzz_in *in)
{
	static struct seg segs[MAX_SEGS];
	u16 nr_lists = (u16)(fuzz_le(in, 1) % 6);
	size_t times = 1 + fuzz_le(in, 1) % 16, row = 0, nr;
	u64 end = 0;

	while (in->left && row < MAX_ROW) {
		u8 how = (u8)fuzz_le(in, 1);
		struct seg *s = &segs[row++];

		/* Address: where the last one ended, or anything. Length: little or anything; dwords, or not. */
		s->addr = how & 1 ? end : fuzz_le(in, how & 2 ? 2 : 8);
		s->len = (u32)fuzz_le(in, how & 4 ? 1 : 4);
		if (how & 8) {
			s->addr &= ~3ull;
			s->len = (s->len | 4) & ~3u;
		}
		end = s->addr + s->len;
	}
	for (nr = row; row && nr < row * times; nr++)
		segs[nr] = segs[nr - row];
	if (nr)
		model_sgl_try(segs, nr, nr_lists);
}
