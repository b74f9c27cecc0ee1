// SPDX-License-Identifier: GPL-2.0
/* Namespace Identification Descriptors. Input: the page. */
#include "fuzz.h"
#include "model_ident.h"

static void fuzz_one(struct fuzz_in *in)
{
	struct onvme_ns_geom geom = { .nsid = 1 };
	u8 *page = fuzz_page(in);

	model_ident_descs(page, &geom);
	free(page);
}
