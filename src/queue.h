/* SPDX-License-Identifier: GPL-2.0 */
/*
 * queue.h - a submission queue with its completion queue: two passive rings and the table of commands in flight.
 *
 * Owned by struct onvme_ctrl, which keeps them from the first bring-up to release. sq_lock guards the submission side
 * and is taken in any context; the completion side belongs to whoever may drain: the interrupt handler, or a holder
 * of poll_mutex while the interrupt is off; where there is none, the holder of cq_lock. The loops live in rq.c.
 */
#ifndef ONVME_QUEUE_H
#define ONVME_QUEUE_H

#include <linux/blk-mq.h>
#include <linux/io.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>

#include "map.h"
#include "shadow.h"
#include "stamp.h"
#include "watch.h"

/* Bits of onvme_queue.flags */
#define ONVME_Q_LIVE		0	/* the controller knows the queue: commands may be posted */
#define ONVME_Q_IRQ		1	/* the interrupt handler is installed */
#define ONVME_Q_ABSENT		2	/* the controller did not grant it again after a reset */
#define ONVME_Q_WATCHED		3	/* watch.c looks after commands in flight */
#define ONVME_Q_POLLED		4	/* it has no interrupt: who waits for its commands drains it */

/**
 * struct onvme_queue - a queue pair
 * @sq: submission ring
 * @cq: completion ring
 * @sq_db: tail doorbell
 * @cq_db: head doorbell
 * @sq_shadow: shadow of @sq_db
 * @cq_shadow: shadow of @cq_db
 * @slots: by tag, the request in flight; NULL when the tag is free. Tag sets that share the queue have a range each
 * @gen: by tag, generation of its command identifier
 * @stamps: when entries of the rings were posted and taken
 * @ctrl: the controller
 * @dev: the PCI function, for DMA
 * @flags: ONVME_Q_*
 * @depth: entries of each ring
 * @qid: queue id; 0 is the admin queue
 * @vector: interrupt vector
 * @sq_dma: DMA address of @sq
 * @cq_dma: DMA address of @cq
 * @cache: descriptors for mapping
 * @poll_mutex: who drains while the interrupt is off; also guards @ONVME_Q_IRQ
 * @lanes: submission queues of other priorities (lane.h), or NULL; changes while it is not live
 * @name: name of the interrupt
 * @sq_lock: guards the submitter's part, and writes to @slots
 * @sq_tail: next entry to post
 * @sq_rung: tail that the controller was told last
 * @cq_lock: who drains a queue that is polled
 * @cq_head: next entry to look at
 * @cq_phase: Phase Tag of an entry that is new
 * @polls: counts beginnings and ends of draining it without its interrupt; written under @poll_mutex
 * @watch: who looks for lost interrupts
 */
struct onvme_queue {
	/* read-mostly */
	struct onvme_sqe	*sq;
	struct onvme_cqe	*cq;
	void __iomem		*sq_db;
	void __iomem		*cq_db;
	struct onvme_shadow	sq_shadow;
	struct onvme_shadow	cq_shadow;
	struct request		**slots;
	u8			*gen;
	struct onvme_stamps	stamps;
	struct onvme_ctrl	*ctrl;
	struct device		*dev;
	unsigned long		flags;
	u32			depth;
	u16			qid;
	u16			vector;
	dma_addr_t		sq_dma;
	dma_addr_t		cq_dma;
	struct onvme_map_cache	cache;
	struct mutex		poll_mutex;
	struct onvme_lanes	*lanes;
	char			name[24];
	/* the submitter's */
	spinlock_t		sq_lock ____cacheline_aligned_in_smp;
	u16			sq_tail;
	u16			sq_rung;
	/* the completer's */
	spinlock_t		cq_lock ____cacheline_aligned_in_smp;
	u16			cq_head;
	u8			cq_phase;
	u32			polls;
	struct onvme_watch	watch ____cacheline_aligned_in_smp;	/* the watcher's */
};

int onvme_queue_alloc(struct onvme_queue *q, struct onvme_ctrl *ctrl, struct device *dev, u16 qid, u32 depth);
void onvme_queue_free(struct onvme_queue *q);
void onvme_queue_init(struct onvme_queue *q, void __iomem *sq_db, void __iomem *cq_db, u16 vector);
int onvme_queue_irq_on(struct onvme_queue *q, irq_handler_t handler, irq_handler_t thread, int instance);
void onvme_queue_irq_off(struct onvme_queue *q);
void onvme_queue_go_live(struct onvme_queue *q);
int onvme_queue_irq_cpu(struct onvme_queue *q);
bool onvme_queue_in_flight(const struct onvme_queue *q);
bool onvme_queue_ring_again(struct onvme_queue *q);
void onvme_queue_doorbell(void __iomem *db, const struct onvme_shadow *shadow, u16 old, u16 value);

/* Copy a command into the ring, @rq into the table. There is room: fewer tags than entries. Caller holds sq_lock. */
static inline void onvme_sq_post(struct onvme_queue *q, const struct onvme_sqe *sqe, struct request *rq,
				 unsigned int tag)
{
	unsigned int tail = q->sq_tail;

	q->slots[tag] = rq;
	q->sq[tail] = *sqe;
	onvme_stamp_posted(&q->stamps, tail);
	WRITE_ONCE(q->sq_tail, (u16)onvme_ring_next(tail, q->depth));
}

/* Tell the controller of what was posted since. writel() orders it behind the ring's memory. Caller holds sq_lock. */
static inline void onvme_sq_tell(struct onvme_queue *q)
{
	u16 old = q->sq_rung, tail = q->sq_tail;

	q->sq_rung = tail;
	if (likely(!q->sq_shadow.value) || onvme_shadow_write(&q->sq_shadow, old, tail))
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

/* Give the entries from @old on, which were consumed, back to the controller. */
static inline void onvme_cq_ring(struct onvme_queue *q, u16 old, u16 head)
{
	if (likely(!q->cq_shadow.value) || onvme_shadow_write(&q->cq_shadow, old, head))
		writel(head, q->cq_db);
}

#endif /* ONVME_QUEUE_H */
