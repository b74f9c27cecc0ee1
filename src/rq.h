/* SPDX-License-Identifier: GPL-2.0 */
/*
 * rq.h - one command in flight: from a request with its command built, to the controller and back.
 *
 * rq.c alone believes completions, and turns a status into a blk_status_t. pdu.h has the driver's part of a request.
 */
#ifndef ONVME_RQ_H
#define ONVME_RQ_H

#include <linux/blk-mq.h>
#include <linux/interrupt.h>

#include "fault.h"
#include "iotrace.h"
#include "pdu.h"
#include "queue.h"

/* What onvme_rq_poll() found out about a request */
enum onvme_poll {
	ONVME_POLL_IN_FLIGHT,		/* not completed, or none was asked about */
	ONVME_POLL_FOUND,		/* completed, and nobody had looked */
	ONVME_POLL_OVER,		/* somebody else has completed it */
};

/* Whether a command may be posted at once: the queue is live and watched. Otherwise onvme_watch_admit() knows. */
static inline bool onvme_rq_ready(const struct onvme_queue *q)
{
	const unsigned long ready = BIT(ONVME_Q_LIVE) | BIT(ONVME_Q_WATCHED);

	/* pairs with onvme_queue_go_live() */
	return (smp_load_acquire(&q->flags) & ready) == ready;
}

/* Whether the queue is live and has no interrupt. */
static inline bool onvme_rq_polls(const struct onvme_queue *q)
{
	const unsigned long polls = BIT(ONVME_Q_LIVE) | BIT(ONVME_Q_POLLED);

	/* pairs with onvme_queue_go_live() */
	return (smp_load_acquire(&q->flags) & polls) == polls;
}

void onvme_rq_start(struct request *rq, const struct onvme_sqe *sqe);
int onvme_rq_map(struct onvme_queue *q, struct request *rq);
blk_status_t onvme_rq_unmappable(struct request *rq, int err);
blk_status_t onvme_rq_refused(struct onvme_queue *q, struct request *rq, bool ring);
void onvme_rq_ring(struct onvme_queue *q);
blk_status_t onvme_rq_refuse(struct onvme_queue *q, struct request *rq);
void onvme_rq_complete(struct request *rq);
irqreturn_t onvme_rq_irq(int irq, void *data);
irqreturn_t onvme_rq_irq_look(int irq, void *data);
irqreturn_t onvme_rq_irq_thread(int irq, void *data);
enum onvme_poll onvme_rq_poll(struct onvme_queue *q, struct request *rq);
unsigned int onvme_rq_iopoll(struct onvme_queue *q);
bool onvme_rq_rescue(struct onvme_queue *q, u16 head, u8 phase);
void onvme_rq_cancel_all(struct blk_mq_tag_set *set);
bool onvme_rq_cancel(struct request *rq, void *data);
struct onvme_queue *onvme_rq_queue(struct request *rq);
enum blk_eh_timer_return onvme_rq_timeout(struct request *rq);

/* It is posted now. Caller holds sq_lock. */
static __always_inline void onvme_rq_stamp(struct onvme_queue *q, struct request *rq, struct onvme_pdu *pdu)
{
	/* What is tried again, and has a status, has been with the controller since it began. */
	if (onvme_stamp_on() && unlikely(onvme_tally_lucky(onvme_stamp_note(&pdu->posted))) && !pdu->status)
		onvme_tally_waited(&q->tally, rq, pdu->map.row);
}

/* Post the command of a request that is mapped and started, into slot @tag; @ring as for onvme_rq_submit(). */
static __always_inline blk_status_t onvme_rq_post(struct onvme_queue *q, struct request *rq, unsigned int tag,
						  bool ring)
{
	struct onvme_pdu *pdu = onvme_pdu(rq);

	if (onvme_fault_on() && onvme_fault_status(q, &pdu->sqe, &pdu->status))
		return onvme_rq_refused(q, rq, ring);
	onvme_trace_setup(q, rq);
	spin_lock(&q->sq_lock);
	onvme_rq_stamp(q, rq, pdu);
	onvme_sq_post(q, &pdu->sqe, rq, tag);
	if (ring)
		onvme_sq_tell(q);
	spin_unlock(&q->sq_lock);
	return BLK_STS_OK;
}

/**
 * onvme_rq_submit() - map a request and post its command
 * @q: its queue
 * @rq: the request; its command is built
 * @first: slot of the queue that is for the first tag of the request's tag set
 * @ring: ring the doorbell too; otherwise onvme_rq_ring() has to follow
 * @unmappable: what to do with data that cannot be mapped: onvme_rq_unmappable() or more than that
 *
 * Called from queue_rq. Does not look whether the queue is live.
 *
 * Return: BLK_STS_OK; BLK_STS_RESOURCE: try again; BLK_STS_IOERR: cannot be mapped.
 */
static __always_inline blk_status_t onvme_rq_submit(struct onvme_queue *q, struct request *rq, unsigned int first,
						    bool ring, blk_status_t (*unmappable)(struct request *rq, int err))
{
	struct onvme_pdu *pdu = onvme_pdu(rq);
	unsigned int tag = first + rq->tag;
	int err;

	if (unlikely(pdu->map.meta_len || !onvme_map_one(&q->cache, rq, &pdu->map, &pdu->sqe))) {
		err = onvme_rq_map(q, rq);
		if (err)
			return unmappable(rq, err);
	}
	pdu->sqe.cid = cpu_to_le16(onvme_cid_make(tag, ++q->gen[tag]));
	blk_mq_start_request(rq);
	return onvme_rq_post(q, rq, tag, ring);
}

#endif /* ONVME_RQ_H */
