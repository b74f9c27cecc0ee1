// SPDX-License-Identifier: GPL-2.0
// 6.5: BLK_STS_NEXUS is called BLK_STS_RESV_CONFLICT.
#include <linux/blk_types.h>
blk_status_t probe(void);
blk_status_t probe(void)
{
	return BLK_STS_RESV_CONFLICT;
}
