// SPDX-License-Identifier: GPL-2.0
// 6.14: freezing a queue returns allocation flags that unfreezing takes back.
#include <linux/blk-mq.h>
void probe(struct request_queue *q);
void probe(struct request_queue *q)
{
	blk_mq_unfreeze_queue(q, blk_mq_freeze_queue(q));
}
