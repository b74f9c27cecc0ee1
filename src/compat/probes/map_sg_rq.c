// SPDX-License-Identifier: GPL-2.0
// 6.15: blk_rq_map_sg() no longer takes the queue.
#include <linux/blk-mq.h>
int probe(struct request *rq, struct scatterlist *sg);
int probe(struct request *rq, struct scatterlist *sg)
{
	return blk_rq_map_sg(rq, sg);
}
