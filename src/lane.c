// SPDX-License-Identifier: GPL-2.0
/*
 * Base, "Weighted Round Robin with Urgent Priority Class Arbitration". Whoever wants no I/O priorities never gets here:
 * the mask of struct onvme_blk_ns lets nothing take the straight way only where they are wanted.
 */
#include <linux/bitfield.h>
#include <linux/ioprio.h>

#include "fault.h"
#include "lane.h"

/* The lane of a class, and 1 more; 0: none. That is what the bits ONVME_PDU_LANE say. */
static unsigned int onvme_lane_choose(struct request *rq)
{
	switch (IOPRIO_PRIO_CLASS(req_get_ioprio(rq))) {
	case IOPRIO_CLASS_RT:
		return ONVME_LANE_URGENT + 1;
	case IOPRIO_CLASS_IDLE:
		return ONVME_LANE_LOW + 1;
	default:
		return 0;
	}
}

/* Copy the command into the ring and tell the controller. Caller holds sq_lock. */
static void onvme_lane_enter(struct onvme_queue *q, struct onvme_lane *lane, struct request *rq, unsigned int tag)
{
	u16 old = lane->tail, tail = (u16)onvme_ring_next(old, q->depth);

	q->slots[tag] = rq;
	lane->sq[old] = onvme_pdu(rq)->sqe;
	WRITE_ONCE(lane->tail, tail);
	onvme_queue_doorbell(lane->db, &lane->shadow, old, tail);
}

/**
 * onvme_lane_post() - post a command in the submission queue of its I/O priority
 * @q: the queue pair
 * @rq: the request; mapped and started
 * @tag: its slot
 * @ring: tell the controller of those before it as well; of this one it is told in any case where it has a lane
 *
 * Called from queue_rq.
 *
 * Return: BLK_STS_OK.
 */
blk_status_t onvme_lane_post(struct onvme_queue *q, struct request *rq, unsigned int tag, bool ring)
{
	struct onvme_pdu *pdu = onvme_pdu(rq);
	unsigned int which = q->lanes ? onvme_lane_choose(rq) : 0;

	pdu->flags = (pdu->flags & ~ONVME_PDU_LANE) | FIELD_PREP(ONVME_PDU_LANE, which);
	if (!which)
		return onvme_rq_post(q, rq, tag, ring);
	if (onvme_fault_on() && onvme_fault_status(q, &pdu->sqe, &pdu->status))
		return onvme_rq_refused(q, rq, ring);
	onvme_trace_setup(q, rq);
	spin_lock(&q->sq_lock);
	onvme_rq_stamp(q, rq, pdu);
	ONVME_TALLY(q->bells, 1);
	onvme_lane_enter(q, &q->lanes->lane[which - 1], rq, tag);
	if (ring)
		onvme_sq_ring(q);
	spin_unlock(&q->sq_lock);
	return BLK_STS_OK;
}

/**
 * onvme_lane_sqid() - the submission queue that a command was posted in
 * @q: the queue pair
 * @pdu: of a request that is in flight
 *
 * Return: its id, as Abort wants it.
 */
u16 onvme_lane_sqid(const struct onvme_queue *q, const struct onvme_pdu *pdu)
{
	const struct onvme_lanes *lanes = READ_ONCE(q->lanes);
	unsigned int which = FIELD_GET(ONVME_PDU_LANE, pdu->flags);

	return lanes && which && which <= ONVME_NR_LANES ? lanes->lane[which - 1].sqid : q->qid;
}

/**
 * onvme_lane_posted() - how far the lanes have got
 * @q: the queue pair
 *
 * Without a lock: it is true of some moment. Any context.
 *
 * Return: commands that have been posted in them, but for whole rounds of a ring.
 */
u32 onvme_lane_posted(const struct onvme_queue *q)
{
	const struct onvme_lanes *lanes = READ_ONCE(q->lanes);
	unsigned int i;
	u32 n = 0;

	for (i = 0; lanes && i < ONVME_NR_LANES; i++)
		n += READ_ONCE(lanes->lane[i].tail);
	return n;
}

/**
 * onvme_lane_ring_again() - write the doorbells of lanes once more, as onvme_queue_ring_again() those of the queue pair
 * @q: the queue pair; live. Caller holds ctrl.life
 *
 * Process context.
 */
void onvme_lane_ring_again(struct onvme_queue *q)
{
	unsigned int i;

	spin_lock(&q->sq_lock);
	for (i = 0; q->lanes && i < ONVME_NR_LANES; i++)
		if (q->lanes->lane[i].shadow.value)
			onvme_queue_doorbell(q->lanes->lane[i].db, &(struct onvme_shadow){}, 0, q->lanes->lane[i].tail);
	spin_unlock(&q->sq_lock);
}
