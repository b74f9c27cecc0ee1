// SPDX-License-Identifier: GPL-2.0
/* What compat.h promises and a header cannot hold. */
#include <linux/module.h>

#ifndef ONVME_HAVE_QUEUE_LIMITS_FEATURES
#undef queue_limits
#undef blk_mq_alloc_disk

/* Once it has zones, a queue keeps them. */
static void onvme_compat_zone_limits(struct request_queue *q, const struct onvme_compat_limits *lim)
{
#if IS_ENABLED(CONFIG_BLK_DEV_ZONED)
	if (!(lim->features & BLK_FEAT_ZONED))
		return;
	disk_set_zoned(q->disk, BLK_ZONED_HM);
	blk_queue_flag_set(QUEUE_FLAG_ZONE_RESETALL, q);
	disk_set_max_open_zones(q->disk, lim->max_open_zones);
	disk_set_max_active_zones(q->disk, lim->max_active_zones);
	if (lim->max_zone_append_sectors)
		blk_queue_max_zone_append_sectors(q, lim->max_zone_append_sectors);
#endif
}

/**
 * onvme_compat_set_limits() - carry limits over to a queue of a kernel before 6.11
 * @q: the queue; nothing may be in flight
 * @lim: the limits; 0 leaves the kernel's default, except for discard and write zeroes, which it turns off
 *
 * A soft limit that somebody set by sysfs (max_sectors_kb) stays within the hard one.
 */
void onvme_compat_set_limits(struct request_queue *q, const struct onvme_compat_limits *lim)
{
	blk_queue_logical_block_size(q, lim->logical_block_size ?: SECTOR_SIZE);
	blk_queue_physical_block_size(q, lim->physical_block_size ?: SECTOR_SIZE);
	blk_queue_io_min(q, lim->io_min ?: SECTOR_SIZE);
	blk_queue_io_opt(q, lim->io_opt);
	if (lim->max_hw_sectors && lim->max_hw_sectors != queue_max_hw_sectors(q))
		blk_queue_max_hw_sectors(q, lim->max_hw_sectors);
	if (lim->max_segments)
		blk_queue_max_segments(q, lim->max_segments);
	blk_queue_virt_boundary(q, lim->virt_boundary_mask);
	if (!lim->virt_boundary_mask && lim->max_segment_size)
		blk_queue_max_segment_size(q, lim->max_segment_size);
	blk_queue_dma_alignment(q, lim->dma_alignment);
	blk_queue_chunk_sectors(q, lim->chunk_sectors);
	q->limits.discard_granularity = lim->discard_granularity;
	if (lim->max_hw_discard_sectors != q->limits.max_hw_discard_sectors)
		blk_queue_max_discard_sectors(q, lim->max_hw_discard_sectors);
	blk_queue_max_discard_segments(q, lim->max_discard_segments ?: 1);
	blk_queue_max_write_zeroes_sectors(q, lim->max_write_zeroes_sectors);
	blk_queue_write_cache(q, lim->features & BLK_FEAT_WRITE_CACHE, lim->features & BLK_FEAT_FUA);
	blk_queue_flag_set(QUEUE_FLAG_NONROT, q);
	if (lim->features & BLK_FEAT_PCI_P2PDMA)
		blk_queue_flag_set(QUEUE_FLAG_PCI_P2PDMA, q);
	onvme_compat_zone_limits(q, lim);
	if (lim->max_integrity_segments)
		onvme_compat_register_integrity(q, &lim->integrity);
}

/**
 * onvme_compat_alloc_disk() - blk_mq_alloc_disk() of 6.9 and later
 * @set: the tag set
 * @lim: limits of its queue
 * @data: queuedata
 *
 * Return: the disk or an error pointer.
 */
struct gendisk *onvme_compat_alloc_disk(struct blk_mq_tag_set *set, const struct onvme_compat_limits *lim, void *data)
{
	static struct lock_class_key key;
	struct gendisk *disk = __blk_mq_alloc_disk(set, data, &key);

	if (!IS_ERR(disk))
		onvme_compat_set_limits(disk->queue, lim);
	return disk;
}

/**
 * onvme_compat_alloc_queue() - blk_mq_alloc_queue() of 6.9 and later
 * @set: the tag set
 * @lim: limits
 * @data: queuedata
 *
 * Return: the queue or an error pointer.
 */
struct request_queue *onvme_compat_alloc_queue(struct blk_mq_tag_set *set, const struct onvme_compat_limits *lim,
					       void *data)
{
	struct request_queue *q = blk_mq_init_queue(set);

	if (!IS_ERR(q)) {
		q->queuedata = data;
		onvme_compat_set_limits(q, lim);
	}
	return q;
}

#define queue_limits onvme_compat_limits
#endif

/**
 * onvme_compat_set_boundary() - change where segments may start and end
 * @q: the queue; frozen, with nothing in flight
 * @mask: its virt_boundary_mask
 *
 * Return: 0 or the error of the block layer, which then keeps the old one.
 */
int onvme_compat_set_boundary(struct request_queue *q, unsigned long mask)
{
#ifdef ONVME_HAVE_QUEUE_LIMITS_FEATURES
	struct queue_limits lim = queue_limits_start_update(q);

	lim.virt_boundary_mask = mask;
	lim.max_segment_size = UINT_MAX;
	return queue_limits_commit_update(q, &lim);
#else
	blk_queue_virt_boundary(q, mask);
	if (!mask)
		blk_queue_max_segment_size(q, UINT_MAX);
	return 0;
#endif
}

/**
 * onvme_compat_update_limits() - change the limits of a live queue
 * @q: the queue
 * @change: writes the new values over the present ones
 * @apply: called with the queue frozen, after the limits have changed: for what must change together with them
 * @data: passed on to both
 *
 * The lock of the limits is taken before the queue is frozen: the other order deadlocks with memory reclaim.
 *
 * Return: 0 or the error of the block layer, which then keeps the old limits, and @apply is not called.
 */
int onvme_compat_update_limits(struct request_queue *q, void (*change)(struct queue_limits *lim, void *data),
			       void (*apply)(void *data), void *data)
{
	unsigned int memflags;
	int err = 0;
#ifdef ONVME_HAVE_QUEUE_LIMITS_FEATURES
	struct queue_limits lim = queue_limits_start_update(q);

	change(&lim, data);
	memflags = blk_mq_freeze_queue(q);
	err = queue_limits_commit_update(q, &lim);
#else
	struct onvme_compat_limits lim = {};

	memflags = blk_mq_freeze_queue(q);
	change(&lim, data);	/* there is no lock: what it depends on may have changed before */
	onvme_compat_set_limits(q, &lim);
#endif
	if (!err)
		apply(data);
	blk_mq_unfreeze_queue(q, memflags);
	return err;
}
