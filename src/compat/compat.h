/* SPDX-License-Identifier: GPL-2.0 */
/*
 * compat.h - the newest kernel's interfaces, expressed on older ones.
 *
 * Included before everything else by the compiler's command line. The driver is written for the newest kernel; this
 * folder is the only place that knows others. Decisions come from the probes (probed.h), not from version numbers.
 */
#ifndef ONVME_COMPAT_H
#define ONVME_COMPAT_H

#include <linux/blk-mq.h>
#include <linux/blkdev.h>
#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/pci.h>
#include <linux/sched/mm.h>
#include "probed.h"

#ifndef BLK_MQ_F_SHOULD_MERGE
#define BLK_MQ_F_SHOULD_MERGE 0
#endif

#include "limits.h"
#include "rqlist.h"

#ifndef ONVME_HAVE_FOPS_GENDISK
typedef fmode_t blk_mode_t;
#define BLK_OPEN_WRITE		FMODE_WRITE
#endif

#ifndef ONVME_HAVE_RESV_CONFLICT
#define BLK_STS_RESV_CONFLICT	BLK_STS_NEXUS
#endif

#ifndef ONVME_HAVE_MAP_HW_QUEUES
#include <linux/blk-mq-pci.h>

static inline void blk_mq_map_hw_queues(struct blk_mq_queue_map *map, struct device *dev, unsigned int offset)
{
	blk_mq_pci_map_queues(map, to_pci_dev(dev), offset);
}
#endif

#ifndef ONVME_HAVE_FREEZE_MEMFLAGS
/* Memory that only I/O to this very queue can free must not be waited for while it is frozen. */
static inline unsigned int onvme_compat_freeze(struct request_queue *q)
{
	unsigned int memflags = memalloc_noio_save();

	blk_mq_freeze_queue(q);
	return memflags;
}

static inline void onvme_compat_unfreeze(struct request_queue *q, unsigned int memflags)
{
	blk_mq_unfreeze_queue(q);
	memalloc_noio_restore(memflags);
}

#ifndef ONVME_HAVE_FREEZE_NON_OWNER
#define blk_freeze_queue_start_non_owner(q)	blk_freeze_queue_start(q)
static inline void blk_mq_unfreeze_queue_non_owner(struct request_queue *q)
{
	blk_mq_unfreeze_queue(q);
}
#endif

#define blk_mq_freeze_queue(q)			onvme_compat_freeze(q)
#define blk_mq_unfreeze_queue(q, memflags)	onvme_compat_unfreeze(q, memflags)
#endif

#ifndef ONVME_HAVE_MAP_KERN_RQ
#define blk_rq_map_kern(rq, buf, len, gfp)	blk_rq_map_kern((rq)->q, rq, buf, len, gfp)
#endif

#ifndef ONVME_HAVE_MAP_SG_RQ
#define blk_rq_map_sg(rq, sg)			blk_rq_map_sg((rq)->q, rq, sg)
#endif

#ifdef ONVME_HAVE_END_IO_BATCH
#define ONVME_END_IO_ARGS	struct request *rq, blk_status_t sts, const struct io_comp_batch *iob
#else
#define ONVME_END_IO_ARGS	struct request *rq, blk_status_t sts
#endif

/* The NUMA node argument of blk_mq_ops.init_request */
#ifdef ONVME_HAVE_INIT_REQUEST_INT
typedef int onvme_node_t;
#else
typedef unsigned int onvme_node_t;
#endif

/* Callbacks of a class take a const device from 6.3 on. */
#ifdef ONVME_HAVE_CLASS_CONST_DEVICE
#define onvme_class_dev	const struct device
#else
#define onvme_class_dev	struct device
#endif

/* A binary attribute */
#ifdef ONVME_HAVE_BIN_ATTR_CONST
#define onvme_bin_attr	const struct bin_attribute
#else
#define onvme_bin_attr	struct bin_attribute
#endif

#ifndef ONVME_HAVE_CLASS_CREATE_ONE_ARG
#undef class_create
static inline struct class *class_create(const char *name)
{
	static struct lock_class_key key;

	return __class_create(THIS_MODULE, name, &key);
}
#endif

/* What block_device_operations.getgeo is asked about */
#ifdef ONVME_HAVE_GETGEO_GENDISK
#define onvme_geo_dev		struct gendisk
#define onvme_geo_disk(dev)	(dev)
#else
#define onvme_geo_dev		struct block_device
#define onvme_geo_disk(dev)	((dev)->bd_disk)
#endif

/* Largest logical block that the block layer takes, as a power of two. */
#ifdef ONVME_HAVE_LARGE_BLOCKS
#define ONVME_MAX_LBA_SHIFT	ilog2(BLK_MAX_BLOCK_SIZE)
#else
#define ONVME_MAX_LBA_SHIFT	PAGE_SHIFT
#endif

int onvme_compat_set_boundary(struct request_queue *q, unsigned long mask);
int onvme_compat_update_limits(struct request_queue *q, void (*change)(struct queue_limits *lim, void *data),
			       void (*apply)(void *data), void *data);

#endif /* ONVME_COMPAT_H */
