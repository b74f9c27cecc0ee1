// SPDX-License-Identifier: GPL-2.0
// 6.11: queue features and the discard limit are set in struct queue_limits before the queue exists.
#include <linux/blk-mq.h>
struct gendisk *probe(struct blk_mq_tag_set *set, void *data);
struct gendisk *probe(struct blk_mq_tag_set *set, void *data)
{
	struct queue_limits lim = { .features = BLK_FEAT_WRITE_CACHE | BLK_FEAT_FUA, .max_hw_discard_sectors = 8 };

	return blk_mq_alloc_disk(set, &lim, data);
}
