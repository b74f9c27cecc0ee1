// SPDX-License-Identifier: GPL-2.0
/*
 * Base, "Weighted Round Robin with Urgent Priority Class Arbitration": CC.AMS is set for it, the submission queue of
 * each queue pair is of medium priority, and beside it stand a lane that is urgent and one of low priority, on the same
 * completion queue. It takes three submission queues for each completion queue; where the controller has fewer, or
 * refuses one, nobody has lanes, and all commands go where they always went.
 *
 * Submission queues 1 to n are those of the n queue pairs, the lanes have the ids behind them. Their rings are in the
 * memory of the host.
 */
#include <linux/pci.h>
#include <linux/slab.h>

#include "admin.h"
#include "ctrl.h"
#include "fault.h"
#include "lane.h"
#include "param.h"
#include "proto/cmd.h"
#include "wrr.h"

#define ONVME_WRR_MOST	256

static unsigned int onvme_wrr_param;
ONVME_PARAM(wrr, onvme_wrr_param, 1, 0, ONVME_WRR_MOST,
	    "commands for each of the idle class, where the controller knows priorities; 0: classes are the same (0)");

static const u8 onvme_wrr_prio[ONVME_NR_LANES] = {
	[ONVME_LANE_URGENT]	= ONVME_QPRIO_URGENT,
	[ONVME_LANE_LOW]	= ONVME_QPRIO_LOW,
};

/* Lanes are counted one queue pair after the other. */
static struct onvme_lane *onvme_wrr_lane(struct onvme_wrr *wrr, unsigned int nr)
{
	return &wrr->lanes[1 + nr / ONVME_NR_LANES].lane[nr % ONVME_NR_LANES];
}

static size_t onvme_wrr_ring_bytes(const struct onvme_wrr *wrr)
{
	return wrr->depth * sizeof(struct onvme_sqe);
}

static void onvme_wrr_free_rings(struct onvme_ctrl *ctrl)
{
	struct onvme_wrr *wrr = &ctrl->ioq.wrr;

	while (wrr->nr_lanes) {
		struct onvme_lane *lane = onvme_wrr_lane(wrr, --wrr->nr_lanes);

		dma_free_coherent(&ctrl->hw.pdev->dev, onvme_wrr_ring_bytes(wrr), lane->sq, lane->sq_dma);
	}
}

/**
 * onvme_wrr_init() - what the user wants
 * @ctrl: a new controller
 */
void onvme_wrr_init(struct onvme_ctrl *ctrl)
{
	ctrl->ioq.wrr.weight = READ_ONCE(onvme_wrr_param);
}

/**
 * onvme_wrr_wanted() - whether I/O priorities are wanted, and known to the controller
 * @ctrl: the controller; its registers are mapped
 *
 * Return: what CC.AMS is to say.
 */
bool onvme_wrr_wanted(const struct onvme_ctrl *ctrl)
{
	return ctrl->ioq.wrr.weight && ctrl->hw.cap & ONVME_CAP_AMS_WRR;
}

/**
 * onvme_wrr_sqs() - submission queues to ask for
 * @ctrl: the controller. Caller holds ctrl.life
 * @pairs: queue pairs that are asked for
 *
 * Return: @pairs or more, as far as there are doorbells.
 */
unsigned int onvme_wrr_sqs(struct onvme_ctrl *ctrl, unsigned int pairs)
{
	unsigned int most = max(onvme_hw_max_io_queues(&ctrl->hw), pairs);

	return ctrl->hw.wrr ? min(pairs * (1 + ONVME_NR_LANES), most) : pairs;
}

/**
 * onvme_wrr_answer() - how many the controller allows
 * @ctrl: the controller. Caller holds ctrl.life
 * @result: completion dword 0 of Set Features, Number of Queues
 */
void onvme_wrr_answer(struct onvme_ctrl *ctrl, u32 result)
{
	ctrl->ioq.wrr.granted = min((result & 0xffff) + 1, onvme_hw_max_io_queues(&ctrl->hw));
}

/* Rings for @nr lanes; those that have one keep it. */
static bool onvme_wrr_alloc(struct onvme_ctrl *ctrl, unsigned int nr)
{
	struct onvme_wrr *wrr = &ctrl->ioq.wrr;

	if (!wrr->lanes)
		wrr->lanes = ONVME_ALLOC(kvcalloc(ctrl->nr_queues, sizeof(*wrr->lanes), GFP_KERNEL));
	if (!wrr->lanes)
		return false;
	if (wrr->depth != ctrl->depth)
		onvme_wrr_free_rings(ctrl);
	wrr->depth = ctrl->depth;
	for (; wrr->nr_lanes < nr; wrr->nr_lanes++) {
		struct onvme_lane *lane = onvme_wrr_lane(wrr, wrr->nr_lanes);

		lane->sq = ONVME_ALLOC(dma_alloc_coherent(&ctrl->hw.pdev->dev, onvme_wrr_ring_bytes(wrr), &lane->sq_dma,
							  GFP_KERNEL));
		if (!lane->sq)
			return false;
	}
	return true;
}

static int onvme_wrr_create(struct onvme_ctrl *ctrl, unsigned int nr)
{
	struct onvme_lane *lane = onvme_wrr_lane(&ctrl->ioq.wrr, nr);
	struct onvme_sqe sqe;

	lane->tail = 0;
	lane->sqid = (u16)(ctrl->ioq.plan.nr_io + 1 + nr);
	lane->db = onvme_hw_sq_doorbell(&ctrl->hw, lane->sqid);
	onvme_dbbuf_attach_sq(ctrl, lane->sqid, &lane->shadow);
	onvme_cmd_create_sq(&sqe, lane->sqid, ctrl->depth, lane->sq_dma, (u16)(1 + nr / ONVME_NR_LANES),
			    onvme_wrr_prio[nr % ONVME_NR_LANES]);
	return onvme_admin_cmd(ctrl, &sqe, NULL, 0, NULL);
}

static int onvme_wrr_create_all(struct onvme_ctrl *ctrl)
{
	struct onvme_wrr *wrr = &ctrl->ioq.wrr;
	unsigned int nr = ctrl->ioq.plan.nr_io * ONVME_NR_LANES;
	int err;

	if (!onvme_wrr_alloc(ctrl, nr))
		return -ENOMEM;
	err = onvme_admin_set_feature(ctrl, ONVME_FEAT_ARBITRATION,
				      onvme_policy_arbitration(wrr->weight, onvme_ctrl_caps(ctrl)->rab), NULL);
	for (; !err && wrr->made < nr; wrr->made += !err)
		err = onvme_wrr_create(ctrl, wrr->made);
	return err;
}

/**
 * onvme_wrr_start() - give lanes to the I/O queues, if they are wanted and the controller has them
 * @ctrl: the controller; the I/O queues of its plan exist, and are not live. Caller holds ctrl.life
 *
 * Process context.
 *
 * Return: 0, also when they have to do without, which the log says; -EINTR or -ENODEV when the controller went away.
 */
int onvme_wrr_start(struct onvme_ctrl *ctrl)
{
	struct onvme_wrr *wrr = &ctrl->ioq.wrr;
	unsigned int i;
	int err;

	if (!ctrl->hw.wrr || ctrl->ioq.plan.nr_io * (1 + ONVME_NR_LANES) > wrr->granted)
		return 0;
	err = onvme_wrr_create_all(ctrl);
	if (err == -EINTR || err == -ENODEV)
		return err;
	if (err) {
		dev_warn(&ctrl->dev, "%u of %u submission queues for I/O priorities created (%d)\n", wrr->made,
			 ctrl->ioq.plan.nr_io * ONVME_NR_LANES, err);
		onvme_wrr_delete(ctrl);
		return 0;
	}
	for (i = 1; i <= ctrl->ioq.plan.nr_io; i++)
		WRITE_ONCE(ctrl->queues[i].lanes, &wrr->lanes[i]);
	return 0;
}

/**
 * onvme_wrr_delete() - have the controller forget the lanes, before it forgets completion queues
 * @ctrl: the controller; its I/O queues are not live. Caller holds ctrl.life
 *
 * Idempotent. Process context.
 *
 * Return: 0; the error of the first command that failed: no others were tried.
 */
int onvme_wrr_delete(struct onvme_ctrl *ctrl)
{
	struct onvme_wrr *wrr = &ctrl->ioq.wrr;
	struct onvme_sqe sqe;
	int err = 0;

	for (; wrr->made && !err; wrr->made--) {
		onvme_cmd_delete_queue(&sqe, ONVME_ADM_DELETE_SQ, onvme_wrr_lane(wrr, wrr->made - 1)->sqid);
		err = onvme_admin_cmd(ctrl, &sqe, NULL, 0, NULL);
	}
	wrr->made = 0;
	return err;
}

/**
 * onvme_wrr_detach() - take its lanes from a queue pair
 * @ctrl: the controller; it has no lane any more
 * @q: an I/O queue, unknown to the controller and not live
 */
void onvme_wrr_detach(struct onvme_ctrl *ctrl, struct onvme_queue *q)
{
	ctrl->ioq.wrr.made = 0;
	WRITE_ONCE(q->lanes, NULL);
}

/**
 * onvme_wrr_say() - say in the log what has become of I/O priorities, if they are wanted
 * @ctrl: the controller. Caller holds ctrl.life
 */
void onvme_wrr_say(struct onvme_ctrl *ctrl)
{
	const struct onvme_wrr *wrr = &ctrl->ioq.wrr;
	unsigned int nr_io = ctrl->ioq.plan.nr_io;

	if (!wrr->weight || !nr_io)
		return;
	if (!ctrl->hw.wrr)
		dev_info(&ctrl->dev, "no weighted round robin (CAP.AMS): I/O priorities have no effect\n");
	else if (wrr->made)
		dev_info(&ctrl->dev, "weighted round robin, %u more submission queues\n", wrr->made);
	else
		dev_info(&ctrl->dev, "%u submission queues allowed: I/O priorities have no effect\n", wrr->granted);
}

/**
 * onvme_wrr_fini() - give back the memory of lanes, before queues lose theirs
 * @ctrl: the controller; no queue will be live again
 *
 * Idempotent. Process context.
 */
void onvme_wrr_fini(struct onvme_ctrl *ctrl)
{
	struct onvme_wrr *wrr = &ctrl->ioq.wrr;
	unsigned int i;

	for (i = 1; i < ctrl->nr_queues; i++)
		onvme_wrr_detach(ctrl, &ctrl->queues[i]);
	onvme_wrr_free_rings(ctrl);
	kvfree(wrr->lanes);
	wrr->lanes = NULL;
}
