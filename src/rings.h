/* SPDX-License-Identifier: GPL-2.0 */
/*
 * rings.h - the two rings of a queue pair: post a command, tell of it, look for a completion, give it back.
 *
 * Passive: the loops live in rq.c. The second half of queue.h, which says who owns which side, and includes this.
 */
#ifndef ONVME_RINGS_H
#define ONVME_RINGS_H

#include <linux/io.h>

#include "proto/ring.h"
#include "queue.h"

/* Copy a command into the ring, @rq into the table. There is room: fewer tags than entries. Caller holds sq_lock. */
static inline void onvme_sq_post(struct onvme_queue *q, const struct onvme_sqe *sqe, struct request *rq,
				 unsigned int tag)
{
	unsigned int tail = q->sq_tail;

	q->slots[tag] = rq;
	q->sq[tail] = *sqe;
	WRITE_ONCE(q->sq_tail, onvme_ring_next(tail, q->depth));
}

/* Tell the controller of what was posted since. writel() orders it behind the ring's memory. Caller holds sq_lock. */
static inline void onvme_sq_tell(struct onvme_queue *q)
{
	u32 old = q->sq_rung, tail = q->sq_tail;

	q->sq_rung = tail;
	ONVME_TALLY(q->bells, 1);
	if (likely(!q->sq_shadow.value) || onvme_shadow_write(&q->sq_shadow, (u16)old, (u16)tail))
		writel(tail, q->sq_db);
}

/* The same where nothing may have been posted. */
static inline void onvme_sq_ring(struct onvme_queue *q)
{
	if (q->sq_rung != q->sq_tail)
		onvme_sq_tell(q);
}

/* Whether there is a new completion. */
static inline bool onvme_cq_has_new(const struct onvme_queue *q)
{
	return !((le16_to_cpu(READ_ONCE(q->cq[q->cq_head].status)) ^ q->cq_phase) & ONVME_CQE_PHASE);
}

/* Give the @n entries before @head, which were consumed, back to the controller. */
static inline void onvme_cq_ring(struct onvme_queue *q, u32 head, u32 n)
{
	if (likely(!q->cq_shadow.value) ||
	    onvme_shadow_write(&q->cq_shadow, (u16)onvme_ring_back(head, n, q->depth), (u16)head))
		writel(head, q->cq_db);
}

#endif /* ONVME_RINGS_H */
