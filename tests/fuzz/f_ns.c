// SPDX-License-Identifier: GPL-2.0
/* Identify Namespace. Input: 24 bytes that make the controller, the page. */
#include "fuzz.h"
#include "model_ident.h"

static void fuzz_one(struct fuzz_in *in)
{
	struct onvme_caps caps = { 0 };
	u8 bits = (u8)fuzz_le(in, 1), shift = (u8)(9 + fuzz_le(in, 1) % 8), *page;
	struct onvme_ns_geom geom;

	caps.vwc = bits & 1;
	caps.has_dsm = bits & 2;
	caps.has_write_zeroes = bits & 4;
	caps.vs = 0x10000 + ((bits >> 3 & 7) << 8);
	caps.max_bytes = 4096u << fuzz_le(in, 1) % 12;
	caps.wz_bytes = bits & 64 ? 4096u << fuzz_le(in, 1) % 12 : 0;
	caps.awupf = (u32)fuzz_le(in, 2) + 1;
	caps.dsm_range_blocks = (u32)fuzz_le(in, 4);
	caps.dsm_blocks = fuzz_le(in, 8);
	page = fuzz_page(in);
	model_ident_ns(page, &caps, 1, shift, &geom);
	free(page);
}
