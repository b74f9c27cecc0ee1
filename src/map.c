// SPDX-License-Identifier: GPL-2.0
/*
 * Three ways, cheapest first: a request of one segment that needs at most two PRP entries, or is one SGL descriptor, is
 * mapped by itself, in map.h, and pays for nothing else; any other goes through a scatterlist and, beyond two pages,
 * through list pages. These hold PRP entries, or SGL descriptors where the controller takes them and segments are long,
 * or have gaps between them that PRP entries cannot describe.
 * Metadata is one buffer with an address of its own.
 */
#include <linux/blk-mq.h>
#include <linux/dma-mapping.h>
#include <linux/dmapool.h>
#include <linux/memremap.h>
#include <linux/slab.h>

#include "fault.h"
#include "map.h"
#include "proto/ident.h"

/* Descriptors that a queue keeps for the next request instead of giving the memory back. */
#define ONVME_MAP_KEEP		32

static_assert(sizeof(struct onvme_map_desc) <= 2 * PAGE_SIZE);

static void onvme_map_desc_free(struct onvme_map_cache *cache, struct onvme_map_desc *desc)
{
	while (desc->nr_lists) {
		struct onvme_prp_list *list = &desc->list[--desc->nr_lists];

		dma_pool_free(cache->pool, list->entry, list->dma);
	}
	kfree(desc);
}

/* See to it that @desc has @want list pages; those that it has it keeps. */
static int onvme_map_desc_grow(struct onvme_map_cache *cache, struct onvme_map_desc *desc, unsigned int want, gfp_t gfp)
{
	while (desc->nr_lists < want) {
		struct onvme_prp_list *list = &desc->list[desc->nr_lists];
		dma_addr_t dma;

		list->entry = ONVME_ALLOC(dma_pool_alloc(cache->pool, gfp, &dma));
		if (!list->entry)
			return -ENOMEM;
		list->dma = dma;
		desc->nr_lists++;
	}
	return 0;
}

static struct onvme_map_desc *onvme_map_desc_alloc(struct onvme_map_cache *cache, unsigned int lists, gfp_t gfp)
{
	struct onvme_map_desc *desc = ONVME_ALLOC(kmalloc_node(sizeof(*desc), gfp, dev_to_node(cache->dev)));

	if (!desc)
		return NULL;
	desc->nr_lists = 0;
	sg_init_table(desc->sg, ARRAY_SIZE(desc->sg));
	if (onvme_map_desc_grow(cache, desc, lists, gfp)) {
		onvme_map_desc_free(cache, desc);
		return NULL;
	}
	return desc;
}

/* Between two segments the first ends where a page does and the second starts where one does, but for SGLs. */
static unsigned long onvme_map_boundary(bool sgl)
{
	return sgl ? 0 : ONVME_PAGE_SIZE - 1;
}

/**
 * onvme_map_limits() - limits of a queue that make sure that each of its requests can be mapped
 * @dev: the PCI function
 * @max_bytes: most data of one command
 * @sgl: its commands may have SGLs, so that segments may start and end anywhere
 * @lim: where to set them
 */
void onvme_map_limits(struct device *dev, u32 max_bytes, bool sgl, struct queue_limits *lim)
{
	lim->max_hw_sectors = min_t(size_t, max_bytes, dma_max_mapping_size(dev)) >> SECTOR_SHIFT;
	lim->max_segments = ONVME_MAX_SEGMENTS;
	lim->max_segment_size = UINT_MAX;
	lim->virt_boundary_mask = onvme_map_boundary(sgl);
	lim->dma_alignment = 3;
}

/**
 * onvme_map_limits_passthru() - the same for a queue whose submitters bring buffers of single pages
 * @dev: the PCI function
 * @max_bytes: most data of one command
 * @sgl: its commands may have SGLs
 * @lim: where to set them
 *
 * A transfer of @max_bytes fits whatever pages it is made of. Beyond %ONVME_MAX_SEGMENTS of them it takes memory that
 * is not kept in reserve.
 */
void onvme_map_limits_passthru(struct device *dev, u32 max_bytes, bool sgl, struct queue_limits *lim)
{
	onvme_map_limits(dev, max_bytes, sgl, lim);
	lim->max_segments = ONVME_MAX_HW_BYTES / ONVME_PAGE_SIZE + 1;
}

/**
 * onvme_map_follow() - change the limits of a queue when its controller has begun or ceased to take SGLs
 * @q: the queue; frozen, with nothing in flight
 * @sgl: its commands may have SGLs
 *
 * Process context.
 *
 * Return: 0 or the error of the block layer; the limits are then as they were.
 */
int onvme_map_follow(struct request_queue *q, bool sgl)
{
	return queue_virt_boundary(q) == onvme_map_boundary(sgl) ? 0 :
	       onvme_compat_set_boundary(q, onvme_map_boundary(sgl));
}

/**
 * onvme_map_has_gaps() - whether a request is one that PRP entries describe only when it is split
 * @rq: the request
 *
 * Return: true when it has gaps and nothing worse.
 */
bool onvme_map_has_gaps(struct request *rq)
{
	bool first = true, gaps = false;
	struct req_iterator iter;
	unsigned int end = 0;
	struct bio_vec bv;

	rq_for_each_bvec(bv, rq, iter) {
		if (bv.bv_offset & 3)
			return false;
		gaps |= !first && (end | bv.bv_offset) & (ONVME_PAGE_SIZE - 1);
		end = bv.bv_offset + bv.bv_len;
		first = false;
	}
	return gaps;
}

/**
 * onvme_map_cache_init() - make a cache with its reserve
 * @cache: the cache
 * @dev: the PCI function
 *
 * Process context.
 *
 * Return: 0 or -ENOMEM.
 */
int onvme_map_cache_init(struct onvme_map_cache *cache, struct device *dev)
{
	BUILD_BUG_ON(onvme_prp_lists_for(ONVME_MAX_HW_BYTES) > ONVME_MAX_LISTS);
	BUILD_BUG_ON(onvme_sgl_lists_for(ONVME_MAX_HW_BYTES / ONVME_PAGE_SIZE + 1) > ONVME_MAX_LISTS);
	spin_lock_init(&cache->lock);
	cache->free = NULL;
	cache->nr_free = 0;
	cache->sgl_min = ONVME_SGL_NEVER;
	cache->dev = dev;
	cache->pool = ONVME_ALLOC(dma_pool_create("onvme list", dev, ONVME_PAGE_SIZE, ONVME_PAGE_SIZE, 0));
	if (!cache->pool)
		return -ENOMEM;
	cache->reserve = onvme_map_desc_alloc(cache, ONVME_MAX_LISTS, GFP_KERNEL);
	if (!cache->reserve) {
		dma_pool_destroy(cache->pool);
		cache->pool = NULL;
		return -ENOMEM;
	}
	return 0;
}

/**
 * onvme_map_cache_fini() - free a cache
 * @cache: the cache; nothing is lent out
 *
 * Process context.
 */
void onvme_map_cache_fini(struct onvme_map_cache *cache)
{
	struct onvme_map_desc *desc;

	while ((desc = cache->free)) {
		cache->free = desc->next;
		onvme_map_desc_free(cache, desc);
	}
	onvme_map_desc_free(cache, cache->reserve);
	dma_pool_destroy(cache->pool);
	cache->pool = NULL;
}

/* There is none in the cache, or not with enough list pages: the reserve is the last resort. */
static noinline struct onvme_map_desc *onvme_map_get_new(struct onvme_map_cache *cache, struct onvme_map_desc *desc,
							 unsigned int lists)
{
	const gfp_t gfp = GFP_ATOMIC | __GFP_NOWARN;
	unsigned long flags;

	if (!desc) {
		desc = onvme_map_desc_alloc(cache, lists, gfp);
	} else if (onvme_map_desc_grow(cache, desc, lists, gfp)) {
		onvme_map_desc_free(cache, desc);
		desc = NULL;
	}
	if (desc)
		return desc;
	spin_lock_irqsave(&cache->lock, flags);
	swap(desc, cache->reserve);
	spin_unlock_irqrestore(&cache->lock, flags);
	return desc;
}

/* Borrow a descriptor with at least @lists list pages. */
static __always_inline struct onvme_map_desc *onvme_map_get(struct onvme_map_cache *cache, unsigned int lists)
{
	struct onvme_map_desc *desc;
	unsigned long flags;

	spin_lock_irqsave(&cache->lock, flags);
	desc = cache->free;
	if (desc) {
		cache->free = desc->next;
		cache->nr_free--;
	}
	spin_unlock_irqrestore(&cache->lock, flags);
	if (likely(desc && desc->nr_lists >= lists))
		return desc;
	return onvme_map_get_new(cache, desc, lists);
}

static __always_inline void onvme_map_put(struct onvme_map_cache *cache, struct onvme_map_desc *desc)
{
	unsigned long flags;

	spin_lock_irqsave(&cache->lock, flags);
	if (unlikely(!cache->reserve && desc->nr_lists == ONVME_MAX_LISTS)) {
		swap(desc, cache->reserve);
	} else if (likely(cache->nr_free < ONVME_MAP_KEEP)) {
		desc->next = cache->free;
		cache->free = desc;
		cache->nr_free++;
		desc = NULL;
	}
	spin_unlock_irqrestore(&cache->lock, flags);
	if (unlikely(desc))
		onvme_map_desc_free(cache, desc);
}

/*
 * Most segments are single pages, when they are not one that is long: as many of them as follow each other are entered,
 * and as there is room for. Returns the next.
 */
static __always_inline struct scatterlist *onvme_map_pages(struct onvme_prp *prp, struct scatterlist *sg,
							   const struct scatterlist *end)
{
	const struct scatterlist *first = sg, *last = end - sg > prp->room ? sg + prp->room : end;
	__le64 *at = prp->at;

	for (; sg < last; sg++) {
		u64 addr = sg_dma_address(sg);

		if (sg_dma_len(sg) != ONVME_PAGE_SIZE || addr & (ONVME_PAGE_SIZE - 1))
			break;
		*at++ = cpu_to_le64(addr);
	}
	if (sg > first)
		onvme_prp_wrote(prp, (u32)(sg - first), (u64)sg_dma_address(sg - 1) + ONVME_PAGE_SIZE);
	return sg;
}

static __always_inline int onvme_map_prps(struct onvme_map_desc *desc, unsigned int bytes, struct onvme_sqe *sqe)
{
	struct scatterlist *sg = desc->table.sgl, *end = sg + desc->table.nents;
	struct onvme_prp prp;
	unsigned int i;
	int err = 0;

	onvme_prp_init(&prp, desc->list, desc->nr_lists);
	if (likely(!desc->nr_long)) {
		if (likely(bytes > 2 * ONVME_PAGE_SIZE && sg_dma_len(sg) == ONVME_PAGE_SIZE &&
			   !(sg_dma_address(sg) & (ONVME_PAGE_SIZE - 1))))
			onvme_prp_begin_list(&prp, sg_dma_address(sg));
		else
			err = onvme_prp_add(&prp, sg_dma_address(sg), sg_dma_len(sg));
		while (!err && ++sg < end) {
			if (!(prp.end & (ONVME_PAGE_SIZE - 1)))
				sg = onvme_map_pages(&prp, sg, end);
			if (sg < end)
				err = onvme_prp_add(&prp, sg_dma_address(sg), sg_dma_len(sg));
		}
	} else {
		for_each_sgtable_dma_sg(&desc->table, sg, i) {
			err = onvme_prp_add(&prp, sg_dma_address(sg), sg_dma_len(sg));
			if (err)
				break;
		}
	}
	sqe->prp1 = prp.prp1;
	sqe->prp2 = prp.prp2;
	return err;
}

static noinline int onvme_map_sgls(struct onvme_map_desc *desc, struct onvme_sqe *sqe)
{
	struct scatterlist *sg;
	struct onvme_sgl sgl;
	unsigned int i;
	int err;

	onvme_sgl_init(&sgl, desc->list, desc->nr_lists, desc->table.nents);
	for_each_sgtable_dma_sg(&desc->table, sg, i) {
		err = onvme_sgl_add(&sgl, sg_dma_address(sg), sg_dma_len(sg));
		if (err)
			return err;
	}
	sqe->prp1 = sgl.sgl1[0];
	sqe->prp2 = sgl.sgl1[1];
	sqe->flags |= ONVME_SQE_SGL;
	return 0;
}

/*
 * What is cheaper for the controller: few long descriptors, or entries that are pages. Gaps are found by the way, since
 * PRP entries refuse them: who has none does not pay for those who have.
 */
static __always_inline int onvme_map_tell(struct onvme_map_cache *cache, struct onvme_map_desc *desc,
					  unsigned int bytes, struct onvme_sqe *sqe)
{
	int err = -EINVAL;

	if (likely((u64)cache->sgl_min * desc->table.nents > bytes))
		err = onvme_map_prps(desc, bytes, sqe);
	if (unlikely(err) && cache->sgl_min != ONVME_SGL_NEVER)
		err = onvme_map_sgls(desc, sqe);
	return err;
}

/* A scatterlist for @nents segments; the descriptor's own where that is long enough. */
static int onvme_map_table_init(struct onvme_map_desc *desc, unsigned int nents)
{
	desc->nr_long = 0;
	if (likely(nents <= ONVME_MAX_SEGMENTS)) {
		desc->table.sgl = desc->sg;	/* blk_rq_map_sg() sees to the mark at the end */
		return 0;
	}
	if (ONVME_ALLOC_ERRNO(sg_alloc_table(&desc->table, nents, GFP_ATOMIC | __GFP_NOWARN)))
		return -ENOMEM;
	desc->nr_long = nents;
	return 0;
}

static void onvme_map_table_fini(struct onvme_map_desc *desc)
{
	if (likely(!desc->nr_long))
		return;
	desc->table.orig_nents = desc->nr_long;
	sg_free_table(&desc->table);
	desc->nr_long = 0;
}

/* Data that are more than one segment or two pages */
static noinline int onvme_map_list(struct onvme_map_cache *cache, struct request *rq, struct onvme_map *map,
				   struct onvme_sqe *sqe)
{
	unsigned int bytes = blk_rq_payload_bytes(rq), segments = blk_rq_nr_phys_segments(rq);
	u16 lists = onvme_prp_lists_for(bytes);
	struct onvme_map_desc *desc;
	int err;

	if (cache->sgl_min != ONVME_SGL_NEVER)
		lists = max(lists, onvme_sgl_lists_for(segments));
	desc = onvme_map_get(cache, lists);
	if (!desc)
		return -ENOMEM;
	err = onvme_map_table_init(desc, segments);
	if (err)
		goto out_put;
	desc->table.orig_nents = blk_rq_map_sg(rq, desc->table.sgl);
	err = dma_map_sgtable(cache->dev, &desc->table, rq_dma_dir(rq), DMA_ATTR_NO_WARN);
	if (err) {
		/* Bounce buffers that have run out say EIO. */
		if (err == -EIO)
			err = -ENOMEM;
		goto out_fini;
	}
	err = onvme_map_tell(cache, desc, bytes, sqe);
	if (err)
		goto out_unmap;
	map->desc = desc;
	return 0;

out_unmap:
	dma_unmap_sgtable(cache->dev, &desc->table, rq_dma_dir(rq), 0);
out_fini:
	onvme_map_table_fini(desc);
out_put:
	onvme_map_put(cache, desc);
	return err;
}

/* One segment may be memory of another device. Who wants such gets here, and nobody else is asked. */
static bool onvme_map_is_p2p(struct request *rq)
{
	return is_pci_p2pdma_page(req_bvec(rq).bv_page);
}

static int onvme_map_meta(struct onvme_map_cache *cache, struct request *rq, struct onvme_map *map,
			  struct onvme_sqe *sqe)
{
	dma_addr_t dma = dma_map_single(cache->dev, map->meta, map->meta_len, rq_dma_dir(rq));

	if (dma_mapping_error(cache->dev, dma))
		return -ENOMEM;
	map->meta_mapped = true;
	sqe->metadata = cpu_to_le64(dma);
	return 0;
}

/**
 * onvme_map_rq() - map the data and metadata of a request and enter them into its command
 * @cache: the descriptors of its queue
 * @rq: the request
 * @map: where to remember the mapping; nothing is mapped; @map->meta and @map->meta_len say what metadata there is
 * @sqe: the command, without data
 *
 * Any context.
 *
 * Return: 0; -ENOMEM: try again when a request of this queue has completed or a little later; another error: the
 * layout cannot be mapped at all. After an error nothing is mapped.
 */
int onvme_map_rq(struct onvme_map_cache *cache, struct request *rq, struct onvme_map *map, struct onvme_sqe *sqe)
{
	int err = 0;

	/* The caller has tried onvme_map_one(), unless there are metadata. */
	if (blk_rq_nr_phys_segments(rq) > 1 && !map->meta_len)
		return onvme_map_list(cache, rq, map, sqe);
	if (blk_rq_nr_phys_segments(rq) && (onvme_map_is_p2p(rq) || !onvme_map_one(cache, rq, map, sqe)))
		err = onvme_map_list(cache, rq, map, sqe);
	if (err || !map->meta_len)
		return err;
	err = onvme_map_meta(cache, rq, map, sqe);
	if (err) {
		onvme_unmap_rq(cache, rq, map, sqe);
		sqe->flags &= ~ONVME_SQE_SGL;
	}
	return err;
}

/**
 * onvme_unmap_list() - undo onvme_map_list()
 * @cache: the descriptors of its queue
 * @rq: the request
 * @map: the mapping
 *
 * Any context.
 */
void onvme_unmap_list(struct onvme_map_cache *cache, struct request *rq, struct onvme_map *map)
{
	dma_unmap_sgtable(cache->dev, &map->desc->table, rq_dma_dir(rq), 0);
	onvme_map_table_fini(map->desc);
	onvme_map_put(cache, map->desc);
	map->desc = NULL;
}

/**
 * onvme_unmap_meta() - undo onvme_map_meta()
 * @cache: the descriptors of its queue
 * @rq: the request
 * @map: the mapping
 * @sqe: the command, as it was mapped
 *
 * Any context.
 */
void onvme_unmap_meta(struct onvme_map_cache *cache, struct request *rq, struct onvme_map *map,
		      const struct onvme_sqe *sqe)
{
	dma_unmap_single(cache->dev, le64_to_cpu(sqe->metadata), map->meta_len, rq_dma_dir(rq));
	map->meta_mapped = false;
}
