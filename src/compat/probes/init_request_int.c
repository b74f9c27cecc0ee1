// SPDX-License-Identifier: GPL-2.0
// 7.2: the NUMA node of blk_mq_ops.init_request is signed.
#include <linux/blk-mq.h>
static int probe_init(struct blk_mq_tag_set *set, struct request *rq, unsigned int hctx, int node)
{
	return 0;
}
const struct blk_mq_ops probe = { .init_request = probe_init };
