// SPDX-License-Identifier: GPL-2.0
// 6.16: blk_rq_map_kern() no longer takes the queue.
#include <linux/blk-mq.h>
int probe(struct request *rq, void *buf);
int probe(struct request *rq, void *buf)
{
	return blk_rq_map_kern(rq, buf, 512, GFP_KERNEL);
}
