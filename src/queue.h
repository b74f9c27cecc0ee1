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
#include "tally.h"
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
 * @taken: when completion entries were taken
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
 * @bells: how often it was told
 * @cq_lock: who drains a queue that is polled
 * @cq_head: next entry to look at
 * @cq_phase: Phase Tag of an entry that is new
 * @polls: counts beginnings and ends of draining it without its interrupt; written under @poll_mutex
 * @batch: what a drain gathers; the interrupt handler's, or who drains in its place
 * @tally: what is counted
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
	struct onvme_taken	*taken;
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
	u32			sq_tail;
	u32			sq_rung;
	u64			bells;
	/* the completer's */
	spinlock_t		cq_lock ____cacheline_aligned_in_smp;
	u32			cq_head;
	u32			cq_phase;
	u32			polls;
	struct io_comp_batch	batch;
	struct onvme_tally	tally;
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
void onvme_queue_count_anew(struct onvme_queue *q);
void onvme_queue_doorbell(void __iomem *db, const struct onvme_shadow *shadow, u16 old, u16 value);

#include "rings.h"

#endif /* ONVME_QUEUE_H */
