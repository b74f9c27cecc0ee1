// SPDX-License-Identifier: GPL-2.0
// 6.14, 6.12.25: blk_mq_map_hw_queues() takes the place of blk_mq_pci_map_queues().
#include <linux/blk-mq.h>
void probe(struct blk_mq_queue_map *map, struct device *dev);
void probe(struct blk_mq_queue_map *map, struct device *dev)
{
	blk_mq_map_hw_queues(map, dev, 1);
}
