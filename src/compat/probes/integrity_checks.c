// SPDX-License-Identifier: GPL-2.0
// 6.14: a bio says which parts of its protection information are to be checked, and its application tag.
#include <linux/blk-integrity.h>
u16 probe(struct bio_integrity_payload *bip);
u16 probe(struct bio_integrity_payload *bip)
{
	return bip->bip_flags & (BIP_CHECK_GUARD | BIP_CHECK_REFTAG | BIP_CHECK_APPTAG) ? bip->app_tag : 0;
}
