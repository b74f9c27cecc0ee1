// SPDX-License-Identifier: GPL-2.0
/*
 * Submission: map -> command identifier -> lock, post, ring, unlock. Completion: drain the ring while the Phase Tag
 * says there is more; a completion is believed only if its identifier, generation included, is that of a command in
 * flight on that queue, and each command is completed once, since its slot is emptied first.
 *
 * After a completion a command is finished, failed, or tried again; a command that the host cancelled is always tried
 * again as long as there is hope for the controller, unless its submitter wants the first answer.
 */
#include <linux/pci.h>

#include "admin.h"
#include "class.h"
#include "ctrl.h"
#include "fault.h"
#include "param.h"
#include "proto/cmd.h"
#include "proto/status.h"
#include "proto/zone.h"
#include "rq.h"

#define ONVME_RQ_ROUNDS		16	/* of a thread that drains a queue, before it waits for the next interrupt */

static const blk_status_t onvme_rq_blk_status[ONVME_NR_ERRKINDS] = {
	[ONVME_ERR_NONE]	= BLK_STS_OK,
	[ONVME_ERR_NOTSUPP]	= BLK_STS_NOTSUPP,
	[ONVME_ERR_NOSPC]	= BLK_STS_NOSPC,
	[ONVME_ERR_TARGET]	= BLK_STS_TARGET,
	[ONVME_ERR_MEDIUM]	= BLK_STS_MEDIUM,
	[ONVME_ERR_PROTECTION]	= BLK_STS_PROTECTION,
	[ONVME_ERR_RESERVATION]	= BLK_STS_RESV_CONFLICT,
	[ONVME_ERR_ZONE_OPEN]	= BLK_STS_ZONE_OPEN_RESOURCE,
	[ONVME_ERR_ZONE_ACTIVE]	= BLK_STS_ZONE_ACTIVE_RESOURCE,
	[ONVME_ERR_TRANSPORT]	= BLK_STS_TRANSPORT,
	[ONVME_ERR_IO]		= BLK_STS_IOERR,
};

/**
 * onvme_rq_queue() - the queue that a request is or will be in flight on
 * @rq: a request that has a tag
 *
 * Return: the queue pair.
 */
struct onvme_queue *onvme_rq_queue(struct request *rq)
{
	return rq->mq_hctx->driver_data;
}

/**
 * onvme_rq_start() - give a passthrough request its command
 * @rq: a new request
 * @sqe: the command; data pointer and identifier are filled in on submission
 */
void onvme_rq_start(struct request *rq, const struct onvme_sqe *sqe)
{
	struct onvme_pdu *pdu = onvme_pdu(rq);

	pdu->sqe = *sqe;
	pdu->map = (struct onvme_map){ .row = onvme_hist_row(!onvme_rq_queue(rq)->qid, sqe->opcode) };
	pdu->result = 0;
	onvme_pdu_init(pdu);
	rq->rq_flags |= RQF_DONTPREP;
}

static void onvme_rq_free_payload(struct onvme_queue *q, struct request *rq, struct onvme_pdu *pdu)
{
	if (!(pdu->flags & ONVME_PDU_PAYLOAD))
		return;
	mempool_free(bvec_virt(&rq->special_vec), q->ctrl->blk.discard_lists);
	rq->rq_flags &= ~RQF_SPECIAL_PAYLOAD;
	pdu->flags &= ~ONVME_PDU_PAYLOAD;
}

/**
 * onvme_rq_refused() - on request a command ends as if the controller, which never hears of it, had refused it
 * @q: its queue
 * @rq: the request, with a status
 * @ring: ring the doorbell, for those before it
 *
 * Return: BLK_STS_OK.
 */
blk_status_t onvme_rq_refused(struct onvme_queue *q, struct request *rq, bool ring)
{
	onvme_pdu(rq)->result = 0;
	if (ring)
		onvme_rq_ring(q);
	blk_mq_complete_request(rq);
	return BLK_STS_OK;
}

/**
 * onvme_rq_map() - map the data and metadata of a request, whatever they are
 * @q: the queue
 * @rq: the request; its command is built
 *
 * Return: as onvme_map_rq().
 */
int onvme_rq_map(struct onvme_queue *q, struct request *rq)
{
	struct onvme_pdu *pdu = onvme_pdu(rq);
	int err;

	pdu->map.row = onvme_hist_sized(pdu->map.row, blk_rq_payload_bytes(rq));
	err = onvme_map_rq(&q->cache, rq, &pdu->map, &pdu->sqe);
	onvme_trace_mapped(q, rq, err);
	return err;
}

/**
 * onvme_rq_unmappable() - the data of a request could not be mapped
 * @rq: the request
 * @err: the error of onvme_map_rq()
 *
 * Return: for queue_rq: BLK_STS_RESOURCE: try again; BLK_STS_IOERR.
 */
blk_status_t onvme_rq_unmappable(struct request *rq, int err)
{
	onvme_rq_free_payload(onvme_rq_queue(rq), rq, onvme_pdu(rq));
	return err == -ENOMEM ? BLK_STS_RESOURCE : BLK_STS_IOERR;
}

/**
 * onvme_rq_ring() - tell the controller of commands that were posted without
 * @q: the queue
 *
 * Called from commit_rqs.
 */
void onvme_rq_ring(struct onvme_queue *q)
{
	spin_lock(&q->sq_lock);
	onvme_sq_ring(q);
	spin_unlock(&q->sq_lock);
}

/**
 * onvme_rq_refuse() - what to do with a request whose queue is not live
 * @q: the queue
 * @rq: the request
 *
 * Return: for queue_rq: BLK_STS_RESOURCE while there is hope, BLK_STS_IOERR when there is none.
 */
blk_status_t onvme_rq_refuse(struct onvme_queue *q, struct request *rq)
{
	struct onvme_pdu *pdu = onvme_pdu(rq);

	/* Nobody brings a controller up any further that failed: who does the bringing up is to notice. */
	if (!q->qid && test_bit(ONVME_CTRL_FAILED, &q->ctrl->flags) && pdu->flags & ONVME_PDU_STEP)
		goto fail;
	/* After a reset an Abort would name a command that it does not mean. */
	if (!q->qid && pdu->flags & ONVME_PDU_NOWAIT)
		goto fail;
	/* The queue did not come back with the controller. */
	if (test_bit(ONVME_Q_ABSENT, &q->flags) && onvme_ctrl_is(q->ctrl, ONVME_ADMITS_USER))
		goto fail;
	if (onvme_ctrl_is(q->ctrl, ONVME_WAITS) || onvme_ctrl_is(q->ctrl, ONVME_ADMITS_USER))
		return BLK_STS_RESOURCE;
fail:
	pdu->status = ONVME_SC_HOST_PATH_ERROR;
	pdu->flags |= ONVME_PDU_CANCELLED;
	return BLK_STS_IOERR;
}

/*
 * The block layer learns where a Zone Append went. Data that cannot be there are lost: their bio, of which such a
 * request has just one, is told so itself, since the request may be among those that end well together.
 */
static void onvme_rq_append_done(struct onvme_queue *q, struct request *rq, struct onvme_pdu *pdu)
{
	const struct onvme_blk_ns *ns = rq->q->queuedata;
	struct onvme_finding finding = { .count = 1, .what = "result", .value = pdu->result };

	if (onvme_zone_landed(pdu->result, ns->lba_shift, blk_rq_pos(rq), rq->q->limits.chunk_sectors,
			      blk_rq_sectors(rq))) {
		rq->__sector = pdu->result << (ns->lba_shift - SECTOR_SHIFT);
		return;
	}
	onvme_observe_finding(&q->ctrl->dev, &q->ctrl->counters, &finding, "Zone Append");
	rq->bio->bi_status = BLK_STS_IOERR;
}

/* Of requests that are more than a command and its data */
static noinline void onvme_rq_finish(struct onvme_queue *q, struct request *rq, struct onvme_pdu *pdu)
{
	onvme_rq_free_payload(q, rq, pdu);
	if (pdu->flags & ONVME_PDU_APPEND && !pdu->status)
		onvme_rq_append_done(q, rq, pdu);
}

static __always_inline void onvme_rq_unmap(struct onvme_queue *q, struct request *rq)
{
	struct onvme_pdu *pdu = onvme_pdu(rq);

	onvme_unmap_rq(&q->cache, rq, &pdu->map, &pdu->sqe);
	if (unlikely(pdu->flags & (ONVME_PDU_PAYLOAD | ONVME_PDU_APPEND)))
		onvme_rq_finish(q, rq, pdu);
}

/* A command that a reset swept away is not to blame; one that was late itself, or was refused, is. */
static bool onvme_rq_counts(const struct onvme_pdu *pdu)
{
	return !(pdu->flags & ONVME_PDU_CANCELLED) || pdu->late;
}

static void onvme_rq_retry(struct request *rq)
{
	struct onvme_pdu *pdu = onvme_pdu(rq);
	struct onvme_ctrl *ctrl = onvme_rq_queue(rq)->ctrl;
	struct onvme_blk_ns *ns = rq->q->queuedata;
	const struct onvme_caps *caps;
	unsigned int ms = 0;

	atomic_inc(&ctrl->counters.retries);
	onvme_tally_status(&onvme_rq_queue(rq)->tally, pdu->status, true);
	atomic_inc(&ns->retries);
	rcu_read_lock();
	caps = rcu_dereference(ctrl->caps);
	if (caps)
		ms = onvme_status_delay_ms(pdu->status, caps->crdt);
	rcu_read_unlock();
	if (onvme_rq_counts(pdu))
		pdu->tries++;
	pdu->flags = 0;
	pdu->waits = 0;
	pdu->late = false;
	pdu->aborted = false;
	blk_mq_requeue_request(rq, false);
	blk_mq_delay_kick_requeue_list(rq->q, ms);
}

static void onvme_rq_say_error(struct request *rq)
{
	struct onvme_queue *q = onvme_rq_queue(rq);
	struct onvme_pdu *pdu = onvme_pdu(rq);
	struct onvme_blk_ns *ns = rq->q->queuedata;	/* NULL: the queue is that of no disk */
	struct onvme_io_error error = {
		.admin	= !q->qid,
		.opcode	= pdu->sqe.opcode,
		.status	= pdu->status,
	};

	atomic_inc(&q->ctrl->counters.errors);
	onvme_tally_status(&q->tally, pdu->status, false);
	if (ns)
		atomic_inc(&ns->errors);
	if (blk_rq_is_passthrough(rq) || rq->rq_flags & RQF_QUIET)
		return;
	error.disk = rq->q->disk->disk_name;
	error.slba = blk_rq_pos(rq) >> (ns->lba_shift - SECTOR_SHIFT);
	error.blocks = blk_rq_bytes(rq) >> ns->lba_shift;
	onvme_observe_error(&q->ctrl->dev, &error);
}

static noinline void onvme_rq_complete_bad(struct request *rq)
{
	struct onvme_ctrl *ctrl = onvme_rq_queue(rq)->ctrl;
	struct onvme_pdu *pdu = onvme_pdu(rq);
	bool counts = onvme_rq_counts(pdu);
	/* The block layer marks what it reads ahead as fail-fast; that a reset met it is no failure. */
	bool fail_fast = blk_noretry_request(rq) && (counts || !(rq->cmd_flags & REQ_RAHEAD));
	bool may_retry = !blk_rq_is_passthrough(rq) && !fail_fast;
	unsigned int tries = counts ? pdu->tries : 0;
	unsigned int most = READ_ONCE(onvme_params.max_retries);

	if (pdu->flags & ONVME_PDU_CANCELLED) {
		may_retry &= onvme_ctrl_is(ctrl, ONVME_WAITS);
		most = max(most, 1u);
	}
	if (onvme_status_fate(pdu->status, tries, most, may_retry) == ONVME_FATE_RETRY) {
		onvme_rq_retry(rq);
		return;
	}
	onvme_rq_say_error(rq);
	blk_mq_end_request(rq, onvme_rq_blk_status[onvme_status_kind(pdu->status)]);
}

/**
 * onvme_rq_complete() - the end of a command: unmap, then finish, fail or try again
 * @rq: the request
 *
 * The complete operation of both tag sets.
 */
void onvme_rq_complete(struct request *rq)
{
	onvme_rq_unmap(onvme_rq_queue(rq), rq);
	if (likely(!onvme_pdu(rq)->status))
		blk_mq_end_request(rq, BLK_STS_OK);
	else
		onvme_rq_complete_bad(rq);
}

/* What a drain of @q has gathered. */
static __always_inline void onvme_rq_end_batch(struct onvme_queue *q, struct io_comp_batch *iob)
{
	struct request *rq;

	rq_list_for_each(&iob->req_list, rq)
		onvme_rq_unmap(q, rq);
	blk_mq_end_request_batch(iob);
}

/* The same for a batch that the block layer gathers; those of a drain never get that far. */
static void onvme_rq_complete_batch(struct io_comp_batch *iob)
{
	struct request *rq;

	rq_list_for_each(&iob->req_list, rq)
		onvme_rq_unmap(onvme_rq_queue(rq), rq);
	blk_mq_end_request_batch(iob);
}

/* A controller that refuses to tell of events is not asked again before the next reset. */
static void onvme_rq_reap_aer(struct onvme_queue *q, const struct onvme_cqe *cqe)
{
	u16 status = le16_to_cpu(cqe->status) >> 1;

	if (!status) {
		onvme_iotrace_event(q->ctrl, le32_to_cpu(cqe->dw0));
		q->ctrl->ops->aen(q->ctrl, le32_to_cpu(cqe->dw0));
		return;
	}
	clear_bit(ONVME_AEN_ARMED, &q->ctrl->aen.flags);
	dev_warn_ratelimited(&q->ctrl->dev, "Async Event Request failed (0x%x)\n", status);
}

/* For completions that were held back on request: one of this queue is due. */
static void onvme_rq_look(struct onvme_queue *q)
{
	mutex_lock(&q->ctrl->cancel);
	onvme_rq_poll(q, NULL);
	mutex_unlock(&q->ctrl->cancel);
}

/* A completion that names no command in flight: an event, or nothing that we asked for. */
static noinline void onvme_rq_reap_odd(struct onvme_queue *q, const struct onvme_cqe *cqe)
{
	u16 cid = le16_to_cpu(cqe->cid);

	if (!q->qid && cid == ONVME_AER_CID && test_bit(ONVME_AEN_ARMED, &q->ctrl->aen.flags))
		return onvme_rq_reap_aer(q, cqe);
	ONVME_TALLY(q->tally.bogus, 1);
	onvme_observe_bogus(&q->ctrl->dev, &q->ctrl->counters, q->qid, cid);
}

/* How long the command took, which is at least as fine as its histogram has it. */
static __always_inline void onvme_rq_took(struct onvme_queue *q, const struct onvme_pdu *pdu, unsigned int head,
					  enum onvme_taker taker)
{
	u64 now, took;

	if (!onvme_stamp_on())
		return;
	now = onvme_stamp_count();
	took = (now - pdu->posted) | BIT(ONVME_TALLY_FIRST);
	if (taker != ONVME_BY_FAULT)
		onvme_stamp_taken(&q->taken[head], now, took);
	if (taker == ONVME_BY_RESCUE)
		onvme_tally_rescued(&q->tally, pdu->map.row, pdu->posted, q->watch.absent, now);
	else
		onvme_tally_took(&q->tally, pdu->map.row, took);
}

/* Take completion entry @head for what it is; @status is its last word, Phase Tag included. */
static __always_inline void onvme_rq_reap(struct onvme_queue *q, const struct onvme_cqe *cqe, unsigned int head,
					  u32 status, struct io_comp_batch *iob, enum onvme_taker taker)
{
	u32 cid = le16_to_cpu(READ_ONCE(cqe->cid)), tag;
	struct request **slot, *rq;
	struct onvme_pdu *pdu;

	OPTIMIZER_HIDE_VAR(cid);	/* or the compiler masks it twice */
	tag = cid & ONVME_CID_TAG_MASK;
	if (unlikely(tag >= q->depth))
		goto odd;
	slot = &q->slots[tag];
	rq = *slot;
	if (unlikely(!rq || le16_to_cpu(onvme_pdu(rq)->sqe.cid) != (u16)cid))
		goto odd;
	pdu = onvme_pdu(rq);
	if (onvme_fault_on() && taker != ONVME_BY_FAULT &&
	    onvme_fault_keep(q, &pdu->sqe, cqe, onvme_wq, onvme_rq_look))
		return;
	*slot = NULL;
	onvme_rq_took(q, pdu, head, taker);
	pdu->result = (u64)le32_to_cpu(cqe->dw1) << 32 | le32_to_cpu(cqe->dw0);
	pdu->status = (u16)(status >> 1);
	onvme_trace_taken(q, rq, cqe->sqhd);
	onvme_trace_over(q, rq);
	if (!blk_mq_complete_request_remote(rq) &&
	    (pdu->status || !blk_mq_add_to_batch(rq, iob, false, onvme_rq_complete_batch)))
		onvme_rq_complete(rq);
	return;
odd:
	onvme_stamp_taken(&q->taken[head], onvme_stamp_now(), ONVME_STAMP_NONE);
	onvme_rq_reap_odd(q, cqe);
}

/* Completions that were held back on request, and are due. Their entries were taken before. */
static noinline void onvme_rq_reap_late(struct onvme_queue *q)
{
	struct onvme_cqe cqe;

	while (onvme_fault_due(q, &cqe))
		onvme_rq_reap(q, &cqe, q->cq_head, le16_to_cpu(cqe.status), NULL, ONVME_BY_FAULT);
}

/*
 * Consume what is there, at most one ring's worth, and ring once if the controller still knows the queue. What is over
 * and can be ended together gathers in @iob. Whoever calls owns the completion side.
 */
static __always_inline unsigned int onvme_rq_consume(struct onvme_queue *q, bool ring, struct io_comp_batch *iob,
						     enum onvme_taker taker)
{
	unsigned int head = q->cq_head, phase = q->cq_phase, n = 0;

	if (onvme_fault_on())
		onvme_rq_reap_late(q);
	do {
		const struct onvme_cqe *cqe = &q->cq[head];
		u32 status = le16_to_cpu(READ_ONCE(cqe->status));

		if ((status & ONVME_CQE_PHASE) != phase)
			break;
		dma_rmb();	/* pairs with the controller's order: it writes the Phase Tag last */
		onvme_rq_reap(q, cqe, head, status, iob, taker);
		phase = onvme_ring_next_phase(head, q->depth, phase);
		head = onvme_ring_next(head, q->depth);
	} while (++n < q->depth);
	if (!n)
		return 0;
	WRITE_ONCE(q->cq_head, head);
	WRITE_ONCE(q->cq_phase, phase);
	ONVME_TALLY(q->tally.times[taker], 1);
	if (taker != ONVME_BY_IRQ)
		ONVME_TALLY(q->tally.polled, n);
	if (ring)
		onvme_cq_ring(q, head, n);
	return n;
}

/* Consume, and end what was consumed. The batch is empty before and after: it is not on the stack, which would cost. */
static __always_inline unsigned int onvme_rq_drain(struct onvme_queue *q, bool ring, enum onvme_taker taker)
{
	struct io_comp_batch *iob = &q->batch;
	unsigned int n;

	if (!iob)
		__builtin_unreachable();	/* or the compiler looks, as the kernel tells it to */
	iob->need_ts = false;
	n = onvme_rq_consume(q, ring, iob, taker);
	if (likely(!onvme_batch_empty(iob)))
		onvme_rq_end_batch(q, iob);
	return n;
}

/* The same where there is no interrupt handler; not for a queue that was given up by now, or has one. */
static __always_inline unsigned int onvme_rq_drain_polled(struct onvme_queue *q, bool given_up, enum onvme_taker taker)
{
	DEFINE_IO_COMP_BATCH(iob);
	unsigned int n = 0;
	bool live;

	spin_lock(&q->cq_lock);
	live = onvme_rq_polls(q);
	if (live || given_up)
		n = onvme_rq_consume(q, live, &iob, taker);
	spin_unlock(&q->cq_lock);
	if (!onvme_batch_empty(&iob))
		onvme_rq_end_batch(q, &iob);
	return n;
}

/**
 * onvme_rq_iopoll() - take the completions of a queue that has no interrupt
 * @q: the queue; not when it has one by now
 *
 * Process context.
 *
 * Return: how many there were.
 */
unsigned int onvme_rq_iopoll(struct onvme_queue *q)
{
	return onvme_rq_drain_polled(q, false, ONVME_BY_POLL);
}

/**
 * onvme_rq_irq() - interrupt handler of a queue
 * @irq: its number
 * @data: the queue
 *
 * Return: IRQ_HANDLED when there was a completion.
 */
irqreturn_t onvme_rq_irq(int irq, void *data)
{
	struct onvme_queue *q = data;

	if (onvme_fault_on() && onvme_fault_irq(data))
		return IRQ_HANDLED;
	if (likely(onvme_rq_drain(q, true, ONVME_BY_IRQ)))
		return IRQ_HANDLED;
	ONVME_TALLY(q->tally.spurious, 1);
	return IRQ_NONE;
}

/**
 * onvme_rq_irq_look() - interrupt handler of a queue that a thread drains
 * @irq: its number
 * @data: the queue
 *
 * Return: IRQ_WAKE_THREAD when there is a completion.
 */
irqreturn_t onvme_rq_irq_look(int irq, void *data)
{
	if (onvme_fault_on() && onvme_fault_irq(data))
		return IRQ_HANDLED;
	return onvme_cq_has_new(data) ? IRQ_WAKE_THREAD : IRQ_NONE;
}

/**
 * onvme_rq_irq_thread() - what onvme_rq_irq_look() wakes
 * @irq: its number
 * @data: the queue
 *
 * Looks again after it has moved the head: an interrupt that came between head and Phase Tag has seen neither the old
 * nor the new place, and has woken nobody. For a device that always has one more there is an end to that.
 *
 * Return: IRQ_HANDLED when there was a completion.
 */
irqreturn_t onvme_rq_irq_thread(int irq, void *data)
{
	unsigned int rounds = 0;

	while (rounds < ONVME_RQ_ROUNDS && onvme_rq_drain(data, true, ONVME_BY_IRQ))
		rounds++;
	return rounds ? IRQ_HANDLED : IRQ_NONE;
}

/* Where the request is, if it is in flight. */
static unsigned int onvme_rq_slot(struct request *rq)
{
	return onvme_cid_tag(le16_to_cpu(READ_ONCE(onvme_pdu(rq)->sqe.cid)));
}

/* Take the completion side from the interrupt handler. Returns its number, or 0. Caller holds poll_mutex. */
static int onvme_rq_own(struct onvme_queue *q)
{
	int irq = 0;

	if (test_bit(ONVME_Q_IRQ, &q->flags)) {
		irq = pci_irq_vector(to_pci_dev(q->dev), q->vector);
		disable_irq(irq);
	}
	return irq;
}

/* Drain instead of the interrupt handler; queue.polls is odd meanwhile. Caller owns the completion side. */
static noinline void onvme_rq_drain_owned(struct onvme_queue *q, int irq)
{
	WRITE_ONCE(q->polls, q->polls + 1);
	smp_wmb();	/* pairs with onvme_watch_glance(): who sees the head moved knows by whom */
	if (test_bit(ONVME_Q_POLLED, &q->flags))
		onvme_rq_drain_polled(q, true, ONVME_BY_RESCUE);
	else
		onvme_rq_drain(q, irq && test_bit(ONVME_Q_LIVE, &q->flags), ONVME_BY_RESCUE);
	smp_wmb();	/* who sees the end of it sees where the head is then */
	WRITE_ONCE(q->polls, q->polls + 1);
}

/**
 * onvme_rq_poll() - look for completions without an interrupt
 * @q: the queue
 * @rq: a request in flight on it that somebody misses, or NULL
 *
 * Process context; turns the interrupt off meanwhile. Caller holds ctrl.cancel, so that nobody gives up on a request
 * whose completion is being read.
 *
 * Return: what became of @rq.
 */
enum onvme_poll onvme_rq_poll(struct onvme_queue *q, struct request *rq)
{
	unsigned int slot = rq ? onvme_rq_slot(rq) : 0;		/* once over it may be built anew */
	enum onvme_poll found = ONVME_POLL_IN_FLIGHT;
	int irq;

	lockdep_assert_held(&q->ctrl->cancel);
	mutex_lock(&q->poll_mutex);
	irq = onvme_rq_own(q);
	if (rq && q->slots[slot] != rq)
		found = ONVME_POLL_OVER;
	onvme_rq_drain_owned(q, irq);
	if (rq && !found && q->slots[slot] != rq)
		found = ONVME_POLL_FOUND;
	if (irq)
		enable_irq(irq);
	mutex_unlock(&q->poll_mutex);
	return found;
}

/**
 * onvme_rq_rescue() - take completions whose interrupt did not come
 * @q: the queue
 * @head: where a new entry was seen
 * @phase: its Phase Tag
 *
 * Leaves the interrupt alone when there is nothing new, or nobody to serve it. Process context; caller holds
 * ctrl.cancel.
 *
 * Return: whether that very entry was still there.
 */
bool onvme_rq_rescue(struct onvme_queue *q, u16 head, u8 phase)
{
	bool there = false;
	int irq;

	lockdep_assert_held(&q->ctrl->cancel);
	mutex_lock(&q->poll_mutex);
	if (!onvme_cq_has_new(q)) {
		;	/* it has been served */
	} else if (test_bit(ONVME_Q_IRQ, &q->flags)) {
		irq = onvme_rq_own(q);
		there = q->cq_head == head && q->cq_phase == phase && onvme_cq_has_new(q);
		onvme_rq_drain_owned(q, irq);
		enable_irq(irq);
	} else if (onvme_rq_polls(q)) {
		onvme_rq_drain_owned(q, 0);	/* nobody polls; that is no loss */
	}
	mutex_unlock(&q->poll_mutex);
	return there;
}

/**
 * onvme_rq_cancel() - give up on a request in flight
 * @rq: the request
 * @data: not used
 *
 * For blk_mq_tagset_busy_iter(). The controller is disabled, or cannot reach memory: it will not touch the data any
 * more. The interrupt of the queue is off, and ctrl.cancel is held, so that nobody else completes it.
 *
 * Return: true, go on.
 */
bool onvme_rq_cancel(struct request *rq, void *data)
{
	struct onvme_queue *q = onvme_rq_queue(rq);
	struct onvme_pdu *pdu = onvme_pdu(rq);
	unsigned int slot = onvme_rq_slot(rq);

	if (blk_mq_request_completed(rq) || q->slots[slot] != rq)
		return true;
	if (onvme_fault_on())
		onvme_fault_forget(q, pdu->sqe.cid);
	q->slots[slot] = NULL;
	pdu->result = 0;
	pdu->status = ONVME_SC_HOST_ABORTED;
	pdu->flags |= ONVME_PDU_CANCELLED;
	onvme_trace_over(q, rq);
	blk_mq_complete_request(rq);
	return true;
}

/**
 * onvme_rq_cancel_all() - give up on all requests in flight and wait until they are completed
 * @set: the tag set
 *
 * Same conditions as onvme_rq_cancel(). Process context.
 */
void onvme_rq_cancel_all(struct blk_mq_tag_set *set)
{
	blk_mq_tagset_busy_iter(set, onvme_rq_cancel, NULL);
	blk_mq_tagset_wait_completed_request(set);
}

/**
 * onvme_rq_timeout() - a request exceeded its time
 * @rq: the request
 *
 * The timeout operation of both tag sets.
 *
 * Return: what the decision made of it.
 */
enum blk_eh_timer_return onvme_rq_timeout(struct request *rq)
{
	struct onvme_ctrl *ctrl = onvme_rq_queue(rq)->ctrl;

	return ctrl->ops->timeout(ctrl, rq);
}
