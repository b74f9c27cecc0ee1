// SPDX-License-Identifier: GPL-2.0
/* Active Namespace ID list. Input: the id before, the highest id, how to fill the page, the page. */
#include "fuzz.h"
#include "model_ident.h"

static void fuzz_one(struct fuzz_in *in)
{
	u32 after = (u32)fuzz_le(in, 4), nn = (u32)fuzz_le(in, 4), rising = (u32)fuzz_le(in, 2), i;
	u32 *nsids = malloc(1024 * sizeof(*nsids));
	u8 *page = fuzz_page(in);

	/* A row that rises is not what a fuzzer hits upon; begin with one and let the input follow it. */
	for (i = 1024; i-- > rising % 1025;)
		memcpy(page + 4 * i, page + 4 * (i - rising % 1025), 4);
	for (i = 0; i < rising % 1025; i++) {
		u32 id = after + 1 + i;

		page[4 * i] = (u8)id;
		page[4 * i + 1] = (u8)(id >> 8);
		page[4 * i + 2] = (u8)(id >> 16);
		page[4 * i + 3] = (u8)(id >> 24);
	}
	CHECK(model_ident_nsids(page, after, nn, nsids) <= 1024);
	free(page);
	free(nsids);
}
