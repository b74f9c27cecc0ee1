// SPDX-License-Identifier: GPL-2.0
// 6.13: a queue that one task freezes and another may thaw is frozen by a function of its own.
#include <linux/blk-mq.h>
void probe(struct request_queue *q);
void probe(struct request_queue *q)
{
	blk_freeze_queue_start_non_owner(q);
	blk_mq_unfreeze_queue_non_owner(q);
}
