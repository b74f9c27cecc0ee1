// SPDX-License-Identifier: GPL-2.0
/* Identify Controller, and the limits of the NVM Command Set on top. Input: CAP, VS, 16 bytes of limits, the page. */
#include "fuzz.h"
#include "model_ident.h"

static void fuzz_one(struct fuzz_in *in)
{
	u64 cap = fuzz_le(in, 8);
	u32 vs = (u32)fuzz_le(in, 4);
	u8 *nvm = calloc(1, 4096), *page;
	struct onvme_caps caps;

	fuzz_take(in, nvm, 16);
	page = fuzz_page(in);
	if (!model_ident_ctrl(page, cap, vs, &caps)) {
		CHECK(caps.acl >= 1 && caps.acl <= 256 && caps.npss >= 1 && caps.npss <= 32);
		CHECK(caps.max_bytes >= 4096 && caps.max_bytes <= ONVME_MAX_HW_BYTES);
		model_ident_ctrl_nvm(nvm, &caps);
		CHECK(caps.dsm_ranges >= 1 && caps.dsm_ranges <= 256);
	}
	free(page);
	free(nvm);
}
