// SPDX-License-Identifier: GPL-2.0
#include <linux/blk-mq.h>

#include "admin.h"
#include "ctrl.h"
#include "fault.h"
#include "proto/cmd.h"

static blk_status_t onvme_admin_queue_rq(struct blk_mq_hw_ctx *hctx, const struct blk_mq_queue_data *bd)
{
	struct onvme_queue *q = hctx->driver_data;

	/*
	 * Until the controller is live, its commands are those of the steps: others wait, and their time does
	 * not run.
	 */
	if (unlikely((!onvme_rq_ready(q) && !onvme_watch_admit(q)) ||
		     !(onvme_ctrl_is(q->ctrl, ONVME_ADMITS_USER) || onvme_pdu(bd->rq)->flags & ONVME_PDU_STEP)))
		return onvme_rq_refuse(q, bd->rq);
	return onvme_rq_submit(q, bd->rq, 0, true, onvme_rq_unmappable);
}

static int onvme_admin_init_hctx(struct blk_mq_hw_ctx *hctx, void *data, unsigned int index)
{
	hctx->driver_data = onvme_ctrl_adminq(data);
	return 0;
}

static const struct blk_mq_ops onvme_admin_mq_ops = {
	.queue_rq	= onvme_admin_queue_rq,
	.complete	= onvme_rq_complete,
	.init_hctx	= onvme_admin_init_hctx,
	.timeout	= onvme_rq_timeout,
};

/**
 * onvme_admin_init() - the admin tag set and its queue
 * @ctrl: the controller
 *
 * Does nothing when they exist. Process context.
 *
 * Return: 0 or a negative errno.
 */
int onvme_admin_init(struct onvme_ctrl *ctrl)
{
	struct blk_mq_tag_set *set = &ctrl->blk.admin_set;
	struct queue_limits lim = {};
	struct request_queue *q;
	int err;

	if (ctrl->blk.admin_q)
		return 0;
	set->ops = &onvme_admin_mq_ops;
	set->nr_hw_queues = 1;
	set->queue_depth = ONVME_ADMIN_TAGS;
	set->reserved_tags = ONVME_ADMIN_RESERVED;
	set->cmd_size = sizeof(struct onvme_pdu);
	set->timeout = msecs_to_jiffies(ctrl->admin_timeout_ms);
	set->numa_node = dev_to_node(&ctrl->hw.pdev->dev);
	set->driver_data = ctrl;
	err = ONVME_ALLOC_ERRNO(blk_mq_alloc_tag_set(set));
	if (err)
		return err;
	/* Base, "SGL Support", speaks of I/O commands alone. */
	onvme_map_limits_passthru(&ctrl->hw.pdev->dev, ONVME_MAX_HW_BYTES, false, &lim);
	q = ONVME_ALLOC_ERR_PTR(blk_mq_alloc_queue(set, &lim, NULL));
	if (IS_ERR(q)) {
		blk_mq_free_tag_set(set);
		return PTR_ERR(q);
	}
	ctrl->blk.admin_q = q;
	return 0;
}

/**
 * onvme_admin_fini() - the end of the admin queue; it stays, dead, for who still knows it
 * @ctrl: the controller; no command in flight and no submitter left
 *
 * Idempotent. Process context.
 */
void onvme_admin_fini(struct onvme_ctrl *ctrl)
{
	if (ctrl->blk.admin_q && !blk_queue_dying(ctrl->blk.admin_q))
		blk_mq_destroy_queue(ctrl->blk.admin_q);
}

/**
 * onvme_admin_release() - free the admin queue and its tag set
 * @ctrl: the controller; nobody knows it any more
 */
void onvme_admin_release(struct onvme_ctrl *ctrl)
{
	if (!ctrl->blk.admin_q)
		return;
	blk_put_queue(ctrl->blk.admin_q);
	blk_mq_free_tag_set(&ctrl->blk.admin_set);
}

struct onvme_admin_limits {
	struct onvme_ctrl	*ctrl;
	u32			max_bytes;
};

static void onvme_admin_change_limits(struct queue_limits *lim, void *data)
{
	struct onvme_admin_limits *limits = data;

	onvme_map_limits_passthru(&limits->ctrl->hw.pdev->dev, limits->max_bytes, false, lim);
}

static void onvme_admin_limits_changed(void *data)
{
}

/**
 * onvme_admin_set_max_bytes() - most data of an admin command, now that Identify has told
 * @ctrl: the controller
 * @max_bytes: the limit
 *
 * Process context; waits until admin commands in flight have completed.
 *
 * Return: 0 or the error of the block layer.
 */
int onvme_admin_set_max_bytes(struct onvme_ctrl *ctrl, u32 max_bytes)
{
	struct onvme_admin_limits limits = { .ctrl = ctrl, .max_bytes = max_bytes };

	return ONVME_ALLOC_ERRNO(onvme_compat_update_limits(ctrl->blk.admin_q, onvme_admin_change_limits,
							    onvme_admin_limits_changed, &limits));
}

/* Send it, wait, and free the request. */
static int onvme_admin_run(struct request *rq, void *buf, unsigned int len, bool first, struct onvme_answer *answer)
{
	struct onvme_pdu *pdu = onvme_pdu(rq);
	blk_status_t sts;
	int err = 0;

	if (len)
		err = ONVME_ALLOC_ERRNO(blk_rq_map_kern(rq, buf, len, GFP_KERNEL));
	if (err)
		goto out;
	sts = blk_execute_rq(rq, first);
	if (pdu->flags & ONVME_PDU_CANCELLED || (sts && !pdu->status))
		err = -EINTR;
	else if (pdu->status)
		err = -EIO;
	if (answer && err != -EINTR)
		*answer = (struct onvme_answer){ .status = pdu->status, .dw0 = (u32)pdu->result };
out:
	blk_mq_free_request(rq);
	return err;
}

/**
 * onvme_admin_cmd() - send an admin command and wait for its answer
 * @ctrl: the controller
 * @sqe: the command
 * @buf: data from kmalloc() or the like, or NULL; the direction follows from the opcode
 * @len: its length
 * @answer: what the controller answered; status and dword 0 are 0 when it did not; may be NULL
 *
 * Return: 0; -EIO: the controller refused, see @answer; -EINTR: the host gave up on the command; another errno when
 * it could not be sent.
 */
int onvme_admin_cmd(struct onvme_ctrl *ctrl, const struct onvme_sqe *sqe, void *buf, unsigned int len,
		    struct onvme_answer *answer)
{
	enum req_op op = sqe->opcode & ONVME_OPCODE_WRITE ? REQ_OP_DRV_OUT : REQ_OP_DRV_IN;
	struct request *rq;
	bool step = READ_ONCE(ctrl->life_owner) == current;

	if (answer)
		*answer = (struct onvme_answer){};
	rq = ONVME_ALLOC_ERR_PTR(blk_mq_alloc_request(ctrl->blk.admin_q, op, BLK_MQ_REQ_RESERVED));
	if (IS_ERR(rq))
		return PTR_ERR(rq);
	onvme_rq_start(rq, sqe);
	rq->timeout = msecs_to_jiffies(ctrl->admin_timeout_ms);
	if (step)
		onvme_pdu(rq)->flags |= ONVME_PDU_STEP;
	/*
	 * Commands of a step go first: those that wait for the controller to be live would block the queue
	 * before them.
	 */
	return onvme_admin_run(rq, buf, len, step, answer);
}

/**
 * onvme_admin_read_io() - send an I/O command of the driver's own that reads, and wait for its answer
 * @ctrl: the controller
 * @sqe: the command
 * @buf: data from kmalloc() or the like
 * @len: its length
 * @answer: as in onvme_admin_cmd()
 *
 * Not from a step of bring-up. Does not wait where I/O is held back; else the time is that of an admin command.
 *
 * Return: as onvme_admin_cmd(); -EAGAIN: I/O is held back, or all tags are in use; -ENODEV: there are no I/O queues.
 */
int onvme_admin_read_io(struct onvme_ctrl *ctrl, const struct onvme_sqe *sqe, void *buf, unsigned int len,
			struct onvme_answer *answer)
{
	struct request *rq;

	*answer = (struct onvme_answer){};
	if (!ctrl->blk.io_q || test_bit(ONVME_CTRL_NO_QUEUES, &ctrl->flags))
		return -ENODEV;
	rq = ONVME_ALLOC_ERR_PTR(blk_mq_alloc_request(ctrl->blk.io_q, REQ_OP_DRV_IN, BLK_MQ_REQ_NOWAIT));
	if (IS_ERR(rq))
		return PTR_ERR(rq);
	onvme_rq_start(rq, sqe);
	rq->timeout = msecs_to_jiffies(ctrl->admin_timeout_ms);
	onvme_pdu(rq)->flags |= ONVME_PDU_OWN_TIME;
	return onvme_admin_run(rq, buf, len, false, answer);
}

/**
 * onvme_admin_user_io() - send an I/O command of the driver's own on behalf of a user, and wait for its answer
 * @ctrl: the controller
 * @sqe: the command
 * @buf: data from kmalloc() or the like; the direction follows from the opcode
 * @len: its length
 * @answer: as in onvme_admin_cmd()
 *
 * Waits for a tag, and while I/O is held back: not from a step of bring-up nor from a scan. The time is that of an I/O
 * command.
 *
 * Return: as onvme_admin_cmd(); -ENODEV: there are no I/O queues.
 */
int onvme_admin_user_io(struct onvme_ctrl *ctrl, const struct onvme_sqe *sqe, void *buf, unsigned int len,
			struct onvme_answer *answer)
{
	enum req_op op = sqe->opcode & ONVME_OPCODE_WRITE ? REQ_OP_DRV_OUT : REQ_OP_DRV_IN;
	struct request *rq;

	*answer = (struct onvme_answer){};
	if (!ctrl->blk.io_q || test_bit(ONVME_CTRL_NO_QUEUES, &ctrl->flags))
		return -ENODEV;
	rq = ONVME_ALLOC_ERR_PTR(blk_mq_alloc_request(ctrl->blk.io_q, op, 0));
	if (IS_ERR(rq))
		return PTR_ERR(rq);
	onvme_rq_start(rq, sqe);
	rq->timeout = msecs_to_jiffies(ctrl->io_timeout_ms);
	return onvme_admin_run(rq, buf, len, false, answer);
}

/**
 * onvme_admin_identify() - Identify
 * @ctrl: the controller
 * @nsid: namespace id
 * @cns: which data structure, ONVME_CNS_*
 * @csi: command set identifier, ONVME_CSI_*
 * @page: %ONVME_IDENTIFY_SIZE bytes; all zeroes unless it succeeds
 * @answer: as in onvme_admin_cmd()
 *
 * Base, "Identify command".
 *
 * Return: as onvme_admin_cmd().
 */
int onvme_admin_identify(struct onvme_ctrl *ctrl, u32 nsid, u8 cns, u8 csi, void *page, struct onvme_answer *answer)
{
	struct onvme_sqe sqe;

	memset(page, 0, ONVME_IDENTIFY_SIZE);
	onvme_cmd_identify(&sqe, nsid, cns, csi);
	return onvme_admin_cmd(ctrl, &sqe, page, ONVME_IDENTIFY_SIZE, answer);
}

/**
 * onvme_admin_set_feature() - Set Features without data
 * @ctrl: the controller
 * @fid: which feature, ONVME_FEAT_*
 * @value: command dword 11
 * @answer: as in onvme_admin_cmd()
 *
 * Base, "Set Features command".
 *
 * Return: as onvme_admin_cmd().
 */
int onvme_admin_set_feature(struct onvme_ctrl *ctrl, u8 fid, u32 value, struct onvme_answer *answer)
{
	struct onvme_sqe sqe;

	onvme_cmd_set_features(&sqe, fid, value);
	return onvme_admin_cmd(ctrl, &sqe, NULL, 0, answer);
}

/**
 * onvme_admin_get_feature() - Get Features without data: the present value
 * @ctrl: the controller
 * @fid: which feature, ONVME_FEAT_*
 * @cdw11: command dword 11: of what, for some features
 * @answer: as in onvme_admin_cmd(); the value is dword 0
 *
 * Base, "Get Features command".
 *
 * Return: as onvme_admin_cmd().
 */
int onvme_admin_get_feature(struct onvme_ctrl *ctrl, u8 fid, u32 cdw11, struct onvme_answer *answer)
{
	struct onvme_sqe sqe;

	onvme_cmd_get_features(&sqe, fid, cdw11);
	return onvme_admin_cmd(ctrl, &sqe, NULL, 0, answer);
}

static enum rq_end_io_ret onvme_admin_abort_done(ONVME_END_IO_ARGS)
{
	struct onvme_ctrl *ctrl = rq->end_io_data;

	dev_warn(&ctrl->dev, "Abort status: 0x%x\n", onvme_pdu(rq)->status);
	atomic_dec(&ctrl->recovery.aborts_out);
	blk_mq_free_request(rq);
	return RQ_END_IO_NONE;
}

/**
 * onvme_admin_abort() - ask the controller to abort a command, without waiting for the answer
 * @ctrl: the controller; the caller has counted the abort in ctrl.recovery.aborts_out
 * @sqid: the queue of the command
 * @cid: its identifier
 *
 * Base, "Abort command". Does not sleep.
 *
 * Return: 0: sent, the count goes down by itself; -EBUSY or the like: not sent.
 */
int onvme_admin_abort(struct onvme_ctrl *ctrl, u16 sqid, u16 cid)
{
	struct onvme_sqe sqe;
	struct request *rq;

	rq = ONVME_ALLOC_ERR_PTR(blk_mq_alloc_request(ctrl->blk.admin_q, REQ_OP_DRV_OUT,
						      BLK_MQ_REQ_NOWAIT | BLK_MQ_REQ_RESERVED));
	if (IS_ERR(rq))
		return PTR_ERR(rq);
	onvme_cmd_abort(&sqe, sqid, cid);
	onvme_rq_start(rq, &sqe);
	onvme_pdu(rq)->flags |= ONVME_PDU_NOWAIT;
	rq->timeout = msecs_to_jiffies(ctrl->admin_timeout_ms);
	rq->end_io = onvme_admin_abort_done;
	rq->end_io_data = ctrl;
	atomic_inc(&ctrl->counters.aborts);
	blk_execute_rq_nowait(rq, false);
	return 0;
}
