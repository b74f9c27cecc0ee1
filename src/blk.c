// SPDX-License-Identifier: GPL-2.0
/*
 * queue_rq: one flag admits, the operation becomes a command in the request's own memory, rq.c maps and posts it.
 * What a namespace or controller cannot do never gets here: it is a limit of the queue.
 */
#include <linux/blk-mq.h>
#include <linux/pci.h>
#include <linux/slab.h>

#include "blk.h"
#include "class.h"
#include "compat/place.h"
#include "ctrl.h"
#include "fault.h"
#include "lane.h"
#include "meta.h"
#include "param.h"
#include "proto/cmd.h"

/* Of building a command: not on the straight way. Nobody else sees it. */
#define ONVME_BLK_ODD	BLK_STS_AGAIN

static bool onvme_blk_misfits(struct request *rq, u32 mask)
{
	return (blk_rq_pos(rq) << SECTOR_SHIFT | blk_rq_bytes(rq)) & mask;
}

static __always_inline void onvme_blk_command(const struct onvme_blk_ns *ns, struct request *rq, struct onvme_sqe *sqe,
					      u8 opcode, u16 control)
{
	unsigned int shift = ns->lba_shift;

	if (unlikely(rq->cmd_flags & (REQ_FUA | REQ_FAILFAST_DEV | REQ_RAHEAD))) {
		if (rq->cmd_flags & REQ_FUA)
			control |= ONVME_RW_FUA;
		if (rq->cmd_flags & (REQ_FAILFAST_DEV | REQ_RAHEAD))
			control |= ONVME_RW_LR;
	}
	onvme_cmd_rw(sqe, opcode, ns->nsid, blk_rq_pos(rq) >> (shift - SECTOR_SHIFT), blk_rq_bytes(rq) >> shift,
		     control);
}

static __always_inline blk_status_t onvme_blk_build_rw(const struct onvme_blk_ns *ns, struct request *rq,
						       struct onvme_sqe *sqe, u8 opcode, u32 mask, u16 control)
{
	if (unlikely(onvme_blk_misfits(rq, mask)))
		return ONVME_BLK_ODD;
	onvme_blk_command(ns, rq, sqe, opcode, control);
	return BLK_STS_OK;
}

/* A blank range list; what has held others before is hardly ever needed. */
static struct onvme_dsm_range *onvme_blk_get_list(struct onvme_ctrl *ctrl)
{
	struct onvme_dsm_range *list = ONVME_ALLOC(kzalloc(ONVME_DSM_LIST_BYTES, GFP_ATOMIC | __GFP_NOWARN));

	if (likely(list))
		return list;
	list = ONVME_ALLOC(mempool_alloc(ctrl->blk.discard_lists, GFP_ATOMIC | __GFP_NOWARN));
	if (list)
		memset(list, 0, ONVME_DSM_LIST_BYTES);
	return list;
}

static u16 onvme_blk_wz_control(const struct onvme_blk_ns *ns, struct request *rq)
{
	return rq->cmd_flags & REQ_NOUNMAP ? 0 : ns->wz_control;
}

/*
 * Each bio of a discard becomes a range, or continues the one before: a controller that takes a single range gets
 * one, since bios are then merged only where they touch. The list has all entries whatever its length, since some
 * controllers always fetch that much. When memory is short, discards follow one another through the list in reserve.
 */
static noinline blk_status_t onvme_blk_build_discard(struct onvme_ctrl *ctrl, const struct onvme_blk_ns *ns,
						     struct request *rq, struct onvme_sqe *sqe)
{
	unsigned int shift = ns->lba_shift, n = 0;
	struct onvme_dsm_range *range;
	u64 end = U64_MAX;
	struct bio *bio;

	if (unlikely(onvme_blk_misfits(rq, READ_ONCE(ns->block_mask))))
		return BLK_STS_IOERR;
	range = onvme_blk_get_list(ctrl);
	if (!range)
		return BLK_STS_RESOURCE;
	__rq_for_each_bio(bio, rq) {
		u64 slba = bio->bi_iter.bi_sector >> (shift - SECTOR_SHIFT);
		u32 nlb = bio->bi_iter.bi_size >> shift;

		if (slba == end) {
			le32_add_cpu(&range[n - 1].nlb, nlb);
		} else if (n < ns->dsm_ranges) {
			range[n].slba = cpu_to_le64(slba);
			range[n++].nlb = cpu_to_le32(nlb);
		} else {
			break;		/* a merge too many; to deallocate is only a hint */
		}
		end = slba + nlb;
	}
	onvme_cmd_deallocate(sqe, ns->nsid, n);
	rq->special_vec.bv_page = virt_to_page(range);
	rq->special_vec.bv_offset = offset_in_page(range);
	rq->special_vec.bv_len = ONVME_DSM_LIST_BYTES;
	rq->rq_flags |= RQF_SPECIAL_PAYLOAD;
	onvme_pdu(rq)->flags |= ONVME_PDU_PAYLOAD;
	return BLK_STS_OK;
}

static blk_status_t onvme_blk_build_zone(const struct onvme_blk_ns *ns, struct request *rq, u32 action)
{
	if (unlikely(onvme_blk_misfits(rq, READ_ONCE(ns->block_mask))))
		return BLK_STS_IOERR;
	onvme_cmd_zone_send(&onvme_pdu(rq)->sqe, ns->nsid, blk_rq_pos(rq) >> (ns->lba_shift - SECTOR_SHIFT), action);
	return BLK_STS_OK;
}

/* Which histogram counts what is neither read nor write and no passthrough. Its command may not be built yet. */
static u32 onvme_blk_other_row(enum req_op op)
{
	switch (op) {
	case REQ_OP_FLUSH:
		return ONVME_HIST_FLUSH;
	case REQ_OP_DISCARD:
	case REQ_OP_WRITE_ZEROES:
		return ONVME_HIST_DISCARD;
	case REQ_OP_ZONE_APPEND:
		return ONVME_HIST_WRITE;
	default:
		return ONVME_HIST_OTHER;
	}
}

/* What is neither read nor write */
static noinline blk_status_t onvme_blk_build_other(struct onvme_ctrl *ctrl, const struct onvme_blk_ns *ns,
						   struct request *rq)
{
	struct onvme_sqe *sqe = &onvme_pdu(rq)->sqe;

	if (!blk_rq_is_passthrough(rq))
		onvme_pdu(rq)->map.row = onvme_blk_other_row(req_op(rq));
	switch (req_op(rq)) {
	case REQ_OP_FLUSH:
		onvme_cmd_init(sqe, ONVME_NVM_FLUSH, ns->nsid);
		return BLK_STS_OK;
	case REQ_OP_DISCARD:
		return onvme_blk_build_discard(ctrl, ns, rq, sqe);
	case REQ_OP_WRITE_ZEROES:
		return onvme_blk_build_rw(ns, rq, sqe, ONVME_NVM_WRITE_ZEROES, READ_ONCE(ns->lba_mask),
					  onvme_blk_wz_control(ns, rq));
	case REQ_OP_DRV_IN:
	case REQ_OP_DRV_OUT:
		return BLK_STS_OK;		/* built by its submitter */
	case REQ_OP_ZONE_APPEND:
		onvme_pdu(rq)->flags |= ONVME_PDU_APPEND;
		return onvme_blk_build_rw(ns, rq, sqe, ONVME_ZNS_APPEND, READ_ONCE(ns->lba_mask), 0);
	case REQ_OP_ZONE_OPEN:
		return onvme_blk_build_zone(ns, rq, ONVME_ZSA_OPEN);
	case REQ_OP_ZONE_CLOSE:
		return onvme_blk_build_zone(ns, rq, ONVME_ZSA_CLOSE);
	case REQ_OP_ZONE_FINISH:
		return onvme_blk_build_zone(ns, rq, ONVME_ZSA_FINISH);
	case REQ_OP_ZONE_RESET:
		return onvme_blk_build_zone(ns, rq, ONVME_ZSA_RESET);
	case REQ_OP_ZONE_RESET_ALL:
		return onvme_blk_build_zone(ns, rq, ONVME_ZSA_RESET | ONVME_ZSA_ALL);
	default:
		return BLK_STS_NOTSUPP;
	}
}

static __always_inline blk_status_t onvme_blk_build(struct onvme_ctrl *ctrl, const struct onvme_blk_ns *ns,
						    struct request *rq)
{
	struct onvme_pdu *pdu = onvme_pdu(rq);

	if (likely(!(rq->rq_flags & RQF_DONTPREP))) {
		onvme_pdu_init(pdu);
		pdu->map.meta_len = 0;
		pdu->map.row = ONVME_HIST_READ;
		rq->rq_flags |= RQF_DONTPREP;
	}
	if (likely(req_op(rq) == REQ_OP_READ))
		return onvme_blk_build_rw(ns, rq, &pdu->sqe, ONVME_NVM_READ, READ_ONCE(ns->lba_mask), 0);
	if (likely(req_op(rq) == REQ_OP_WRITE)) {
		pdu->map.row = ONVME_HIST_WRITE;
		return onvme_blk_build_rw(ns, rq, &pdu->sqe, ONVME_NVM_WRITE, READ_ONCE(ns->write_mask), 0);
	}
	return onvme_blk_build_other(ctrl, ns, rq);
}

/*
 * The controller is suspended, or came back with fewer queues than it had. Requests that wait on a queue that is not
 * there give their bios to onvme_blk_adopt(), which submits them anew; their submitters notice nothing. Not so writes
 * to zones: the block layer lets the next one go when this one has stepped aside, and their order would be lost.
 */
static noinline blk_status_t onvme_blk_orphan(struct onvme_queue *q, struct request *rq)
{
	struct onvme_blk *blk = &q->ctrl->blk;
	unsigned long flags;

	if (blk_rq_is_passthrough(rq) || rq->rq_flags & RQF_FLUSH_SEQ || !rq->bio ||
	    (blk_queue_is_zoned(rq->q) && op_is_write(req_op(rq))))
		return BLK_STS_IOERR;
	blk_mq_start_request(rq);
	spin_lock_irqsave(&blk->orphan_lock, flags);
	blk_steal_bios(&blk->orphans, rq);
	spin_unlock_irqrestore(&blk->orphan_lock, flags);
	blk_mq_end_request(rq, BLK_STS_OK);
	return BLK_STS_OK;
}

static noinline blk_status_t onvme_blk_refuse(struct onvme_queue *q, struct request *rq)
{
	if (test_bit(ONVME_Q_ABSENT, &q->flags) && onvme_ctrl_is(q->ctrl, ONVME_WAITS))
		return onvme_blk_orphan(q, rq);
	return onvme_rq_refuse(q, rq);
}

/*
 * Gaps where the controller takes no SGLs: it came back without. Bring-up lets end what had gathered and changes the
 * limits before onvme_blk_adopt(), and then the block layer splits the bios. It may also have split them, by the limits
 * of before, for a queue that was frozen meanwhile.
 */
static noinline blk_status_t onvme_blk_unmappable(struct request *rq, int err)
{
	struct onvme_queue *q = onvme_rq_queue(rq);
	bool splits = queue_virt_boundary(rq->q);
	blk_status_t sts;

	if (err != -EINVAL || !onvme_map_has_gaps(rq) || !(splits || onvme_ctrl_is(q->ctrl, ONVME_WAITS)))
		return onvme_rq_unmappable(rq, err);
	sts = onvme_blk_orphan(q, rq);
	onvme_rq_ring(q);	/* for those before it, should it have been the last of a batch */
	if (splits)
		onvme_blk_adopt(q->ctrl);
	return sts;
}

/* The command is built, and nothing is known of its data but that they are not metadata. */
static blk_status_t onvme_blk_submit(struct onvme_queue *q, struct request *rq, bool ring)
{
	unsigned int tag = rq->tag;
	int err = onvme_rq_map(q, rq);

	if (err)
		return onvme_blk_unmappable(rq, err);
	onvme_pdu(rq)->sqe.cid = cpu_to_le16(onvme_cid_make(tag, ++q->gen[tag]));
	blk_mq_start_request(rq);
	return onvme_lane_post(q, rq, tag, ring);
}

/* Metadata, a place for a write, a priority, or buffers that may be anywhere */
static blk_status_t onvme_blk_queue_special(struct onvme_queue *q, struct request *rq, bool ring)
{
	const struct onvme_blk_ns *ns = rq->q->queuedata;
	u8 opcode = req_op(rq) == REQ_OP_READ ? ONVME_NVM_READ : ONVME_NVM_WRITE;
	struct onvme_sqe *sqe = &onvme_pdu(rq)->sqe;
	u16 control = 0;

	if (req_op(rq) == REQ_OP_WRITE_ZEROES) {
		opcode = ONVME_NVM_WRITE_ZEROES;
		control = onvme_blk_wz_control(ns, rq);
	}
	if (req_op(rq) == REQ_OP_ZONE_APPEND) {
		opcode = ONVME_ZNS_APPEND;
		control = ns->meta.type == 1 || ns->meta.type == 2 ? ONVME_RW_PIREMAP : 0;
	}
	onvme_blk_command(ns, rq, sqe, opcode, control);
	if (ns->place.nr && opcode == ONVME_NVM_WRITE)
		onvme_compat_place(&ns->place, sqe, rq);
	if (ns->meta.ms)
		return onvme_meta_submit(q, rq, ns, ring, onvme_blk_unmappable);
	return onvme_blk_submit(q, rq, ring);
}

/*
 * No command was built. What is not of whole blocks is a bio that was split for smaller ones, before the namespace was
 * formatted to larger blocks or to none.
 */
static noinline blk_status_t onvme_blk_queue_odd(struct request *rq, blk_status_t sts, bool ring)
{
	const struct onvme_blk_ns *ns = rq->q->queuedata;

	if (sts != ONVME_BLK_ODD)
		return sts;
	if (!(ns->meta.ms || ns->place.nr || ns->apart) || onvme_blk_misfits(rq, READ_ONCE(ns->block_mask)))
		return BLK_STS_IOERR;
	return onvme_blk_queue_special(onvme_rq_queue(rq), rq, ring);
}

static __always_inline blk_status_t onvme_blk_queue_here(struct onvme_queue *q, struct request *rq, bool ring)
{
	blk_status_t sts;

	if (unlikely(!onvme_rq_ready(q)) && !onvme_watch_admit(q))
		return onvme_blk_refuse(q, rq);
	sts = onvme_blk_build(q->ctrl, rq->q->queuedata, rq);
	if (unlikely(sts))
		return onvme_blk_queue_odd(rq, sts, ring);
	return onvme_rq_submit(q, rq, 0, ring, onvme_blk_unmappable);
}

static blk_status_t onvme_blk_queue_rq(struct blk_mq_hw_ctx *hctx, const struct blk_mq_queue_data *bd)
{
	return onvme_blk_queue_here(hctx->driver_data, bd->rq, bd->last);
}

static noinline void onvme_blk_queue_row(onvme_rq_list *list)
{
	struct request *rq = onvme_rq_list_first(list), *left = NULL, *last = NULL, *next;
	struct onvme_queue *q = rq->mq_hctx->driver_data;

	for (; rq; rq = next) {
		next = rq->rq_next;	/* once posted it may be over, and in another list */
		if (unlikely(rq->mq_hctx->driver_data != q)) {
			onvme_rq_ring(q);
			q = rq->mq_hctx->driver_data;
		}
		onvme_rq_list_claim(rq);
		if (likely(!onvme_blk_queue_here(q, rq, false)))
			continue;
		rq->rq_next = NULL;
		if (left)
			last->rq_next = rq;
		else
			left = rq;
		last = rq;
	}
	onvme_rq_ring(q);
	onvme_rq_list_set(list, left, last);
}

/*
 * A row of requests of one disk, with a doorbell for each queue. What cannot be posted at once is given back, and comes
 * again by queue_rq, one at a time; so does everything while faults are asked for.
 */
static void onvme_blk_queue_rqs(onvme_rq_list *list)
{
	struct request *first = onvme_rq_list_first(list);

	if (onvme_fault_on())
		return;
	if (first->rq_next) {
		onvme_blk_queue_row(list);
		return;
	}
	onvme_rq_list_claim(first);
	if (likely(!onvme_blk_queue_here(first->mq_hctx->driver_data, first, true)))
		onvme_rq_list_set(list, NULL, NULL);
}

static void onvme_blk_commit_rqs(struct blk_mq_hw_ctx *hctx)
{
	onvme_rq_ring(hctx->driver_data);
}

static int onvme_blk_init_hctx(struct blk_mq_hw_ctx *hctx, void *data, unsigned int index)
{
	struct onvme_ctrl *ctrl = data;

	hctx->driver_data = &ctrl->queues[index + 1];
	return 0;
}

static_assert(HCTX_TYPE_DEFAULT == (int)ONVME_USE_DEFAULT && HCTX_TYPE_READ == (int)ONVME_USE_READ &&
	      HCTX_TYPE_POLL == (int)ONVME_USE_POLL && HCTX_MAX_TYPES == (int)ONVME_NR_USES);

/*
 * A map without queues of its own has those of the default map. When the block layer, short of memory, goes back to the
 * number that it had, any map of so many will do: bring-up fails then.
 */
static void onvme_blk_map_queues(struct blk_mq_tag_set *set)
{
	struct onvme_ctrl *ctrl = set->driver_data;
	const struct onvme_queue_plan former = { .nr_io = set->nr_hw_queues, .nr = { set->nr_hw_queues } };
	const struct onvme_queue_plan *plan = set->nr_hw_queues == ctrl->ioq.plan.nr_io ? &ctrl->ioq.plan : &former;
	/* Vectors say which CPUs they serve; that helps only while there is a queue for each. */
	bool spread = plan != &former && !plan->shared_vector && onvme_plan_irqs(plan) + 1 == ctrl->ioq.vectors;
	unsigned int use, first = 0;

	for (use = 0; use < set->nr_maps; use++) {
		struct blk_mq_queue_map *map = &set->map[use];

		map->nr_queues = plan->nr[use];
		map->queue_offset = first;
		first += map->nr_queues;
		if (!map->nr_queues)
			continue;
		if (spread && use != HCTX_TYPE_POLL)
			blk_mq_map_hw_queues(map, &ctrl->hw.pdev->dev, 1 + map->queue_offset);
		else
			blk_mq_map_queues(map);
	}
}

static bool onvme_blk_set_fits(struct onvme_ctrl *ctrl, const struct blk_mq_tag_set *set)
{
	unsigned int use;

	for (use = 0; use < set->nr_maps; use++)
		if (set->map[use].nr_queues != ctrl->ioq.plan.nr[use])
			return false;
	return set->nr_hw_queues == ctrl->ioq.plan.nr_io;
}

static bool onvme_blk_maps_fit(struct onvme_ctrl *ctrl)
{
	return onvme_blk_set_fits(ctrl, &ctrl->blk.io_set) &&
	       (!ctrl->blk.pass_tags || onvme_blk_set_fits(ctrl, &ctrl->blk.pass_set));
}

/*
 * A bio says by number where it is polled for. Until it is submitted anew, after a reset that left other queues, there
 * may be no queue of that number, or one that has an interrupt.
 */
static int onvme_blk_poll(struct blk_mq_hw_ctx *hctx, struct io_comp_batch *iob)
{
	struct onvme_queue *q;

	if (unlikely(!hctx))
		return 0;
	q = hctx->driver_data;
	return unlikely(onvme_cq_has_new(q)) ? (int)onvme_rq_iopoll(q) : 0;
}

static const struct blk_mq_ops onvme_blk_mq_ops = {
	.queue_rq	= onvme_blk_queue_rq,
	.queue_rqs	= onvme_blk_queue_rqs,
	.commit_rqs	= onvme_blk_commit_rqs,
	.complete	= onvme_rq_complete,
	.init_hctx	= onvme_blk_init_hctx,
	.map_queues	= onvme_blk_map_queues,
	.poll		= onvme_blk_poll,
	.timeout	= onvme_rq_timeout,
};

/* Passthrough with tags of its own: the command is there, and its slots are behind those of the disks. */
static blk_status_t onvme_blk_queue_pass(struct blk_mq_hw_ctx *hctx, const struct blk_mq_queue_data *bd)
{
	struct onvme_queue *q = hctx->driver_data;

	if (!onvme_rq_ready(q) && !onvme_watch_admit(q))
		return onvme_blk_refuse(q, bd->rq);
	return onvme_rq_submit(q, bd->rq, q->ctrl->blk.io_set.queue_depth, bd->last, onvme_rq_unmappable);
}

static const struct blk_mq_ops onvme_blk_pass_ops = {
	.queue_rq	= onvme_blk_queue_pass,
	.commit_rqs	= onvme_blk_commit_rqs,
	.complete	= onvme_rq_complete,
	.init_hctx	= onvme_blk_init_hctx,
	.map_queues	= onvme_blk_map_queues,
	.poll		= onvme_blk_poll,
	.timeout	= onvme_rq_timeout,
};

static int onvme_blk_init_set(struct onvme_ctrl *ctrl, struct blk_mq_tag_set *set, const struct blk_mq_ops *ops,
			      unsigned int tags)
{
	memset(set, 0, sizeof(*set));
	set->ops = ops;
	set->nr_hw_queues = ctrl->ioq.plan.nr_io;
	set->nr_maps = HCTX_MAX_TYPES;	/* what is not there now may be after the next reset */
	set->queue_depth = tags;
	set->cmd_size = sizeof(struct onvme_pdu);
	set->timeout = msecs_to_jiffies(ctrl->io_timeout_ms);
	set->numa_node = dev_to_node(&ctrl->hw.pdev->dev);
	set->flags = BLK_MQ_F_SHOULD_MERGE;
	set->driver_data = ctrl;
	return ONVME_ALLOC_ERRNO(blk_mq_alloc_tag_set(set));
}

static int onvme_blk_init_sets(struct onvme_ctrl *ctrl)
{
	unsigned int tags = ctrl->depth - 1, pass = tags > 2 * ONVME_BLK_PASS_TAGS ? ONVME_BLK_PASS_TAGS : 0;
	int err = onvme_blk_init_set(ctrl, &ctrl->blk.io_set, &onvme_blk_mq_ops, tags - pass);

	if (err || !pass)
		return err;
	err = onvme_blk_init_set(ctrl, &ctrl->blk.pass_set, &onvme_blk_pass_ops, pass);
	if (err)
		blk_mq_free_tag_set(&ctrl->blk.io_set);
	else
		ctrl->blk.pass_tags = pass;
	return err;
}

static void onvme_blk_free_sets(struct onvme_ctrl *ctrl)
{
	if (ctrl->blk.pass_tags)
		blk_mq_free_tag_set(&ctrl->blk.pass_set);
	blk_mq_free_tag_set(&ctrl->blk.io_set);
	ctrl->blk.pass_tags = 0;
}

/**
 * onvme_blk_sgl_min() - from which length on the data of I/O commands are told by SGLs
 * @ctrl: the controller; identified
 *
 * Any context that may take the RCU read lock.
 *
 * Return: as onvme_sgl_min().
 */
u32 onvme_blk_sgl_min(struct onvme_ctrl *ctrl)
{
	u32 sgls;

	rcu_read_lock();
	sgls = rcu_dereference(ctrl->caps)->sgls;
	rcu_read_unlock();
	return onvme_sgl_min(sgls, ctrl->blk.sgl_threshold);
}

/**
 * onvme_blk_sgl() - whether I/O commands may have SGLs, so that their data may have gaps
 * @ctrl: the controller; identified
 *
 * Return: the answer.
 */
bool onvme_blk_sgl(struct onvme_ctrl *ctrl)
{
	return onvme_blk_sgl_min(ctrl) != ONVME_SGL_NEVER;
}

/**
 * onvme_blk_fits() - whether the block layer's view of queues and limits is that of the controller
 * @ctrl: the controller, with I/O tag set and queue. Caller holds ctrl.life
 *
 * Return: false when onvme_ns_refit() has to follow.
 */
bool onvme_blk_fits(struct onvme_ctrl *ctrl)
{
	return onvme_blk_maps_fit(ctrl) && onvme_blk_sgl(ctrl) == !queue_virt_boundary(ctrl->blk.io_q);
}

/**
 * onvme_blk_set_queues() - fit the tag sets to the queues of ctrl.ioq.plan
 * @ctrl: the controller; all its queues are frozen. Caller holds ctrl.life
 * @nr_io: how many
 *
 * Process context.
 *
 * Return: 0; -ENOMEM when the block layer could not follow.
 */
int onvme_blk_set_queues(struct onvme_ctrl *ctrl, unsigned int nr_io)
{
	struct onvme_blk *blk = &ctrl->blk;

	if (onvme_blk_maps_fit(ctrl))
		return 0;
	blk_mq_update_nr_hw_queues(&blk->io_set, nr_io);
	if (blk->pass_tags)
		blk_mq_update_nr_hw_queues(&blk->pass_set, nr_io);
	return onvme_blk_maps_fit(ctrl) ? 0 : -ENOMEM;
}

/**
 * onvme_blk_for_sets() - call for each I/O request in flight
 * @ctrl: the controller, with I/O queues
 * @fn: to be called
 * @data: for it
 */
void onvme_blk_for_sets(struct onvme_ctrl *ctrl, busy_tag_iter_fn *fn, void *data)
{
	blk_mq_tagset_busy_iter(&ctrl->blk.io_set, fn, data);
	if (ctrl->blk.pass_tags)
		blk_mq_tagset_busy_iter(&ctrl->blk.pass_set, fn, data);
}

/**
 * onvme_blk_init() - the I/O tag sets, for the queues of ctrl.ioq.plan, and the queue for passthrough
 * @ctrl: the controller; its capabilities are known
 *
 * Process context.
 *
 * Return: 0 or a negative errno.
 */
int onvme_blk_init(struct onvme_ctrl *ctrl)
{
	struct queue_limits lim = {};
	struct request_queue *q;
	int err;

	ctrl->blk.discard_lists = ONVME_ALLOC(mempool_create_kmalloc_pool(1, ONVME_DSM_LIST_BYTES));
	if (!ctrl->blk.discard_lists)
		return -ENOMEM;
	err = onvme_blk_init_sets(ctrl);
	if (err)
		goto out_free_lists;
	onvme_map_limits_passthru(&ctrl->hw.pdev->dev, onvme_ctrl_caps(ctrl)->max_bytes,
				  onvme_blk_sgl(ctrl), &lim);
	q = ONVME_ALLOC_ERR_PTR(blk_mq_alloc_queue(ctrl->blk.pass_tags ? &ctrl->blk.pass_set : &ctrl->blk.io_set, &lim,
						   NULL));
	if (IS_ERR(q)) {
		err = PTR_ERR(q);
		goto out_free_sets;
	}
	ctrl->blk.io_q = q;
	return 0;

out_free_sets:
	onvme_blk_free_sets(ctrl);
out_free_lists:
	mempool_destroy(ctrl->blk.discard_lists);
	ctrl->blk.discard_lists = NULL;
	return err;
}

/**
 * onvme_blk_fini() - the end of the I/O queue; it stays, dead, for who still knows it
 * @ctrl: the controller; no disk is left
 *
 * Idempotent. Process context.
 */
void onvme_blk_fini(struct onvme_ctrl *ctrl)
{
	if (ctrl->blk.io_q && !blk_queue_dying(ctrl->blk.io_q))
		blk_mq_destroy_queue(ctrl->blk.io_q);
}

/**
 * onvme_blk_release() - free the I/O queue and its tag set
 * @ctrl: the controller; nobody knows it any more
 */
void onvme_blk_release(struct onvme_ctrl *ctrl)
{
	if (!ctrl->blk.io_q)
		return;
	blk_put_queue(ctrl->blk.io_q);
	onvme_blk_free_sets(ctrl);
	mempool_destroy(ctrl->blk.discard_lists);
}

static void onvme_blk_adopt_work(struct work_struct *work)
{
	struct onvme_ctrl *ctrl = container_of(work, struct onvme_ctrl, blk.adopt_work);
	struct bio_list bios;
	struct bio *bio;

	synchronize_rcu();	/* queue_rq of who saw the state before has entered its bios */
	spin_lock_irq(&ctrl->blk.orphan_lock);
	bios = ctrl->blk.orphans;
	bio_list_init(&ctrl->blk.orphans);
	spin_unlock_irq(&ctrl->blk.orphan_lock);
	while ((bio = bio_list_pop(&bios))) {
		/*
		 * It was accepted once. Whether it may wait, or is polled for, was decided then; who polls for it sees
		 * that it has ended.
		 */
		bio_clear_polled(bio);
		WRITE_ONCE(bio->bi_cookie, BLK_QC_T_NONE);
		bio->bi_opf &= ~REQ_NOWAIT;
		submit_bio_noacct(bio);
	}
}

/**
 * onvme_blk_setup() - no orphans yet
 * @ctrl: a new controller
 */
void onvme_blk_setup(struct onvme_ctrl *ctrl)
{
	ctrl->blk.sgl_threshold = READ_ONCE(onvme_params.sgl_threshold);
	spin_lock_init(&ctrl->blk.orphan_lock);
	bio_list_init(&ctrl->blk.orphans);
	INIT_WORK(&ctrl->blk.adopt_work, onvme_blk_adopt_work);
}

/**
 * onvme_blk_abandon() - do without the I/O queues: requests that come to them step aside
 * @ctrl: the controller; its I/O queues are not live
 *
 * While there is hope for the controller their bios wait for onvme_blk_adopt(), and no tag is in use meanwhile: a CPU
 * that goes offline waits for the tags of its queue. Process context.
 */
void onvme_blk_abandon(struct onvme_ctrl *ctrl)
{
	unsigned int i;

	for (i = 1; i < ctrl->nr_queues; i++)
		set_bit(ONVME_Q_ABSENT, &ctrl->queues[i].flags);
}

/**
 * onvme_blk_adopt() - submit anew what stepped aside
 * @ctrl: the controller; I/O passes or fails
 *
 * In a work item, since to submit may have to wait for other I/O. Any context.
 */
void onvme_blk_adopt(struct onvme_ctrl *ctrl)
{
	queue_work(onvme_wq, &ctrl->blk.adopt_work);
}
