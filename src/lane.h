/* SPDX-License-Identifier: GPL-2.0 */
/*
 * lane.h - submission queues of other priorities than most, which share the completion queue of a queue pair.
 *
 * A queue pair has two lanes or none: one for the real-time class of I/O priorities, one for the idle class. Whatever
 * else there is goes into its own submission queue. wrr.c makes them and gives them to a queue that is not live; who
 * posts holds onvme_queue.sq_lock, as for its own ring. Tags are those of the queue pair, so no ring can overflow.
 */
#ifndef ONVME_LANE_H
#define ONVME_LANE_H

#include "queue.h"
#include "rq.h"

enum { ONVME_LANE_URGENT, ONVME_LANE_LOW, ONVME_NR_LANES };

/**
 * struct onvme_lane - a submission queue
 * @sq: its ring, of as many entries as that of the queue pair
 * @sq_dma: DMA address of @sq
 * @db: tail doorbell
 * @shadow: shadow of @db
 * @sqid: queue id
 * @tail: next entry to post; the controller has been told of all before it
 */
struct onvme_lane {
	struct onvme_sqe	*sq;
	dma_addr_t		sq_dma;
	void __iomem		*db;
	struct onvme_shadow	shadow;
	u16			sqid;
	u16			tail;
};

/* Those of a queue pair */
struct onvme_lanes {
	struct onvme_lane	lane[ONVME_NR_LANES];
};

#ifdef CONFIG_ONVME_WRR
blk_status_t onvme_lane_post(struct onvme_queue *q, struct request *rq, unsigned int tag, bool ring);
u16 onvme_lane_sqid(const struct onvme_queue *q, const struct onvme_pdu *pdu);
u32 onvme_lane_posted(const struct onvme_queue *q);
void onvme_lane_ring_again(struct onvme_queue *q);
#else
static inline blk_status_t onvme_lane_post(struct onvme_queue *q, struct request *rq, unsigned int tag, bool ring)
{
	return onvme_rq_post(q, rq, tag, ring);
}

static inline u16 onvme_lane_sqid(const struct onvme_queue *q, const struct onvme_pdu *pdu)
{
	return q->qid;
}

static inline u32 onvme_lane_posted(const struct onvme_queue *q)
{
	return 0;
}

static inline void onvme_lane_ring_again(struct onvme_queue *q)
{
}
#endif

#endif /* ONVME_LANE_H */
