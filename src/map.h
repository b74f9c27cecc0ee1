/* SPDX-License-Identifier: GPL-2.0 */
/*
 * map.h - the data of a request made visible to the controller: DMA mapping, and PRP entries or an SGL.
 *
 * struct onvme_map is part of each request and belongs to whoever owns the request. Larger requests borrow a
 * descriptor (scatterlist and list pages) from the cache of their queue; each cache keeps one of full size in
 * reserve, so that there is always a request that can make progress when memory is short. Any context.
 */
#ifndef ONVME_MAP_H
#define ONVME_MAP_H

#include <linux/blk-mq.h>
#include <linux/dma-mapping.h>
#include <linux/scatterlist.h>
#include <linux/spinlock.h>

#include "proto/hist.h"
#include "proto/sgl.h"
#include <onvme/spec.h>

#define ONVME_MAX_SEGMENTS	240	/* what fits, with the rest of the descriptor, into 8 KiB */
#define ONVME_MAX_LISTS		9	/* pages of a list of ONVME_MAX_HW_BYTES, by PRP entries or in single pages */

/*
 * @next is that in the cache. @table is on @sg, or, with more segments, on @nr_long entries of its own memory.
 */
struct onvme_map_desc {
	struct onvme_map_desc	*next;
	struct sg_table		table;
	unsigned int		nr_long;
	unsigned int		nr_lists;
	struct onvme_prp_list	list[ONVME_MAX_LISTS];
	struct scatterlist	sg[ONVME_MAX_SEGMENTS];
};

/**
 * struct onvme_map_cache - descriptors of a queue that are not in use
 * @lock: guards the next three
 * @free: the descriptors, that which was given back last first
 * @nr_free: how many
 * @reserve: one more, with all list pages, for when memory is short; NULL while it is lent
 * @sgl_min: average bytes of a segment from which data beyond two PRP entries are an SGL; %ONVME_SGL_NEVER
 * @dev: the PCI function
 * @pool: list pages
 */
struct onvme_map_cache {
	spinlock_t		lock;
	struct onvme_map_desc	*free;
	unsigned int		nr_free;
	struct onvme_map_desc	*reserve;
	u32			sgl_min;
	struct device		*dev;
	struct dma_pool		*pool;
};

/**
 * struct onvme_map - how the data of one request are mapped; the addresses are in its command
 * @meta_len: length of @meta
 * @row: which histogram counts the command (proto/hist.h); with no data it is that of the smallest
 * @len: length of a buffer that is one segment, or 0
 * @desc: the descriptor of a longer buffer, or NULL
 * @meta: buffer for metadata, or NULL; the submitter's
 * @meta_mapped: it is mapped
 *
 * The first two are written together for each command.
 */
struct onvme_map {
	u32			meta_len;
	u32			row;
	u32			len;
	bool			meta_mapped;
	struct onvme_map_desc	*desc;
	void			*meta;
};

void onvme_map_limits(struct device *dev, u32 max_bytes, bool sgl, struct queue_limits *lim);
void onvme_map_limits_passthru(struct device *dev, u32 max_bytes, bool sgl, struct queue_limits *lim);
int onvme_map_follow(struct request_queue *q, bool sgl);
bool onvme_map_has_gaps(struct request *rq);
int onvme_map_cache_init(struct onvme_map_cache *cache, struct device *dev);
void onvme_map_cache_fini(struct onvme_map_cache *cache);
int onvme_map_rq(struct onvme_map_cache *cache, struct request *rq, struct onvme_map *map, struct onvme_sqe *sqe);
void onvme_unmap_list(struct onvme_map_cache *cache, struct request *rq, struct onvme_map *map);
void onvme_unmap_meta(struct onvme_map_cache *cache, struct request *rq, struct onvme_map *map,
		      const struct onvme_sqe *sqe);

/**
 * onvme_map_one() - map the data of a request that are told by two PRP entries or one SGL descriptor
 * @cache: the descriptors of its queue
 * @rq: the request
 * @map: where to remember the mapping; nothing is mapped
 * @sqe: the command, without data
 *
 * Any context.
 *
 * Return: false: they are for onvme_map_rq(), and nothing is mapped.
 */
static __always_inline bool onvme_map_one(struct onvme_map_cache *cache, struct request *rq, struct onvme_map *map,
					  struct onvme_sqe *sqe)
{
	unsigned int reach;	/* from the beginning of the first page */
	struct bio_vec bv;
	dma_addr_t dma;

	if (unlikely(blk_rq_nr_phys_segments(rq) != 1))
		return false;
	bv = req_bvec(rq);
	reach = (bv.bv_offset & (ONVME_PAGE_SIZE - 1)) + bv.bv_len;
	if (reach > 2 * ONVME_PAGE_SIZE && bv.bv_len < cache->sgl_min)
		return false;
	dma = dma_map_bvec(cache->dev, &bv, rq_dma_dir(rq), 0);
	if (dma_mapping_error(cache->dev, dma))
		return false;
	map->len = bv.bv_len;
	sqe->prp1 = cpu_to_le64(dma);
	if (reach > 2 * ONVME_PAGE_SIZE) {
		map->row = onvme_hist_sized(map->row, bv.bv_len);
		sqe->prp2 = cpu_to_le64(bv.bv_len);	/* SGL Data Block descriptor: address, length, type 0 */
		sqe->flags |= ONVME_SQE_SGL;
	} else if (reach > ONVME_PAGE_SIZE) {
		map->row = onvme_hist_sized(map->row, bv.bv_len);
		sqe->prp2 = cpu_to_le64((dma | (ONVME_PAGE_SIZE - 1)) + 1);
	}
	return true;
}

/**
 * onvme_unmap_rq() - undo onvme_map_one() or onvme_map_rq(): the data belong to the CPU again
 * @cache: the descriptors of its queue
 * @rq: the request; the controller is done with it
 * @map: the mapping
 * @sqe: the command, as it was mapped
 *
 * Idempotent. Any context.
 */
static __always_inline void onvme_unmap_rq(struct onvme_map_cache *cache, struct request *rq, struct onvme_map *map,
					   const struct onvme_sqe *sqe)
{
	if (likely(map->len)) {
		dma_unmap_page(cache->dev, le64_to_cpu(sqe->prp1), map->len, rq_dma_dir(rq));
		map->len = 0;
	} else if (map->desc) {
		onvme_unmap_list(cache, rq, map);
	}
	if (unlikely(map->meta_mapped))
		onvme_unmap_meta(cache, rq, map, sqe);
}

#endif /* ONVME_MAP_H */
