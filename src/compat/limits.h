/* SPDX-License-Identifier: GPL-2.0 */
/*
 * limits.h - limits and features of a queue as one structure, on kernels before 6.11.
 *
 * There they were set one by one, after the queue was made. The members are those of the kernel's own structure as far
 * as the driver sets them; onvme_compat_set_limits() carries them over. Included by compat.h, which see.
 */
#ifndef ONVME_COMPAT_LIMITS_H
#define ONVME_COMPAT_LIMITS_H

#ifndef ONVME_HAVE_QUEUE_LIMITS_FEATURES
struct onvme_compat_limits {
	unsigned int	features;
	unsigned long	virt_boundary_mask;
	unsigned int	max_hw_sectors;
	unsigned int	chunk_sectors;
	unsigned int	max_segment_size;
	unsigned int	physical_block_size;
	unsigned int	logical_block_size;
	unsigned int	io_min;
	unsigned int	io_opt;
	unsigned int	max_hw_discard_sectors;
	unsigned int	max_write_zeroes_sectors;
	unsigned int	discard_granularity;
	unsigned int	dma_alignment;
	unsigned int	max_open_zones;
	unsigned int	max_active_zones;
	unsigned int	max_zone_append_sectors;
	unsigned short	max_segments;
	unsigned short	max_discard_segments;
	unsigned short	max_integrity_segments;
#if IS_ENABLED(CONFIG_BLK_DEV_INTEGRITY)
	struct blk_integrity	integrity;
#endif
};

#define BLK_FEAT_WRITE_CACHE	(1u << 0)
#define BLK_FEAT_FUA		(1u << 1)
#define BLK_FEAT_PCI_P2PDMA	(1u << 12)
#define BLK_FEAT_ZONED		(1u << 2)

void onvme_compat_set_limits(struct request_queue *q, const struct onvme_compat_limits *lim);
struct gendisk *onvme_compat_alloc_disk(struct blk_mq_tag_set *set, const struct onvme_compat_limits *lim, void *data);
struct request_queue *onvme_compat_alloc_queue(struct blk_mq_tag_set *set, const struct onvme_compat_limits *lim,
					       void *data);

#if IS_ENABLED(CONFIG_BLK_DEV_INTEGRITY)
void onvme_compat_register_integrity(struct request_queue *q, const struct blk_integrity *bi);
#else
#define onvme_compat_register_integrity(q, bi)	((void)(q))
#endif

#define queue_limits onvme_compat_limits
#undef blk_mq_alloc_disk
#define blk_mq_alloc_disk(set, lim, data)	onvme_compat_alloc_disk(set, lim, data)
#define blk_mq_alloc_queue(set, lim, data)	onvme_compat_alloc_queue(set, lim, data)
#endif

/*
 * Writes of up to @max bytes are not torn by a power failure, units of them are powers of two from @unit_min to
 * @unit_max, and none crosses a multiple of @boundary; all of them 0: nothing is promised. Kernels before 6.11 do not
 * ask; from 6.13 on they look for a feature as well.
 */
#ifndef BLK_FEAT_ATOMIC_WRITES
#define BLK_FEAT_ATOMIC_WRITES	((__force blk_features_t)0)
#endif

static inline void onvme_compat_atomic_writes(struct queue_limits *lim, u32 max, u32 unit_min, u32 unit_max,
					      u32 boundary)
{
#ifdef ONVME_HAVE_ATOMIC_WRITES
	lim->atomic_write_hw_max = max;
	lim->atomic_write_hw_unit_min = unit_min;
	lim->atomic_write_hw_unit_max = unit_max;
	lim->atomic_write_hw_boundary = boundary;
	if (max)
		lim->features |= BLK_FEAT_ATOMIC_WRITES;
	else
		lim->features &= ~BLK_FEAT_ATOMIC_WRITES;
#endif
}

/* So many streams can be told apart when they are written, in units of @bytes, or 0. Kernels before 6.16 have none. */
static inline void onvme_compat_write_streams(struct queue_limits *lim, unsigned int streams, u32 bytes)
{
#ifdef ONVME_HAVE_WRITE_STREAMS
	lim->max_write_streams = streams;
	lim->write_stream_granularity = bytes;
#endif
}

#endif /* ONVME_COMPAT_LIMITS_H */
