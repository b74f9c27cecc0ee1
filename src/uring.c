// SPDX-License-Identifier: GPL-2.0
#include <linux/nvme_ioctl.h>
#include <linux/slab.h>

#include "ctrl.h"
#include "passthru.h"
#include "proto/cmd.h"
#include "uring.h"

/* How far a command has got; only of a ring that polls it is asked */
enum onvme_uring_state {
	ONVME_URING_TASK,		/* when it is over its task is told */
	ONVME_URING_POLLED,		/* who polls for it looks whether it is over */
	ONVME_URING_OVER,		/* it is */
};

/**
 * struct onvme_uring - what is remembered of a command, in memory that io_uring has for it
 * @bio: its data, or NULL
 * @meta: its metadata, or NULL
 * @result: dwords 0 and 1 of the completion
 * @outcome: as onvme_passthru_outcome()
 * @qid: the queue to poll, or 0
 * @state: enum onvme_uring_state
 * @read: the data are for the user
 */
struct onvme_uring {
	struct bio			*bio;
	struct onvme_passthru_meta	*meta;
	u64				result;
	int				outcome;
	u16				qid;
	u8				state;
	bool				read;
};

static_assert(sizeof(struct onvme_uring) <= sizeof_field(struct io_uring_cmd, pdu));

static struct onvme_uring *onvme_uring_of(struct io_uring_cmd *ioucmd)
{
	return (struct onvme_uring *)ioucmd->pdu;
}

/* Process context, of whoever io_uring thinks fit. */
static void onvme_uring_end(struct io_uring_cmd *ioucmd, unsigned int issue_flags)
{
	struct onvme_uring *uring = onvme_uring_of(ioucmd);
	int outcome = onvme_passthru_give_back(uring->bio, uring->meta, uring->read, uring->outcome);

	io_uring_cmd_done32(ioucmd, outcome, uring->result, issue_flags);
}

static void onvme_uring_end_in_task(ONVME_URING_TASK_ARGS)
{
	onvme_uring_end(ONVME_URING_TASK_CMD, ONVME_URING_TASK_FLAGS);
}

static enum rq_end_io_ret onvme_uring_rq_done(ONVME_END_IO_ARGS)
{
	struct io_uring_cmd *ioucmd = rq->end_io_data;
	struct onvme_uring *uring = onvme_uring_of(ioucmd);

	uring->outcome = onvme_passthru_outcome(rq, sts);
	uring->result = onvme_pdu(rq)->result;
	if (uring->state == ONVME_URING_TASK)
		io_uring_cmd_do_in_task_lazy(ioucmd, onvme_uring_end_in_task);
	else
		smp_store_release(&uring->state, ONVME_URING_OVER);	/* pairs with onvme_uring_poll() */
	return RQ_END_IO_FREE;
}

/* The submission entry is memory of the user's: each field is read once. */
static void onvme_uring_read(struct io_uring_cmd *ioucmd, struct onvme_passthru *cmd)
{
	const struct nvme_uring_cmd *user = onvme_compat_uring_payload(ioucmd);

	onvme_cmd_init(&cmd->sqe, READ_ONCE(user->opcode), READ_ONCE(user->nsid));
	cmd->sqe.flags = READ_ONCE(user->flags);
	cmd->sqe.cdw2 = cpu_to_le32(READ_ONCE(user->cdw2));
	cmd->sqe.cdw3 = cpu_to_le32(READ_ONCE(user->cdw3));
	cmd->sqe.cdw10 = cpu_to_le32(READ_ONCE(user->cdw10));
	cmd->sqe.cdw11 = cpu_to_le32(READ_ONCE(user->cdw11));
	cmd->sqe.cdw12 = cpu_to_le32(READ_ONCE(user->cdw12));
	cmd->sqe.cdw13 = cpu_to_le32(READ_ONCE(user->cdw13));
	cmd->sqe.cdw14 = cpu_to_le32(READ_ONCE(user->cdw14));
	cmd->sqe.cdw15 = cpu_to_le32(READ_ONCE(user->cdw15));
	cmd->addr = READ_ONCE(user->addr);
	cmd->len = READ_ONCE(user->data_len);
	cmd->meta_addr = READ_ONCE(user->metadata);
	cmd->meta_len = cmd->meta_addr ? READ_ONCE(user->metadata_len) : 0;
	cmd->timeout_ms = READ_ONCE(user->timeout_ms);
}

static int onvme_uring_data(struct io_uring_cmd *ioucmd, const struct onvme_passthru *cmd,
			    struct onvme_passthru_data *data, unsigned int issue_flags)
{
	int err;

	if (!(ioucmd->flags & IORING_URING_CMD_FIXED) || !cmd->len)
		return onvme_passthru_data(cmd, data);
	data->vecs = NULL;
	data->kern = NULL;
	data->meta = NULL;
	data->scattered = true;
	err = onvme_compat_uring_import(ioucmd, cmd->addr, cmd->len, cmd->vec, onvme_passthru_dir(cmd), &data->iter,
					issue_flags);
	return err < 0 ? err : 0;
}

/* A command that asks for more than being sent: not without sleeping. io_uring comes again in a thread that may. */
static int onvme_uring_run(const struct onvme_node *node, struct io_uring_cmd *ioucmd, struct onvme_passthru *cmd,
			   struct onvme_passthru_data *data, unsigned int issue_flags)
{
	int outcome;

	if (issue_flags & IO_URING_F_NONBLOCK)
		return -EAGAIN;
	outcome = onvme_passthru_run(node, cmd, data);
	if (outcome < 0)
		return outcome;
	io_uring_cmd_done32(ioucmd, outcome, cmd->result, issue_flags);
	return -EIOCBQUEUED;
}

static int onvme_uring_send(const struct onvme_node *node, struct io_uring_cmd *ioucmd,
			    const struct onvme_passthru *cmd, struct onvme_passthru_data *data,
			    unsigned int issue_flags)
{
	bool nowait = issue_flags & IO_URING_F_NONBLOCK, polls = issue_flags & IO_URING_F_IOPOLL;
	struct onvme_uring *uring = onvme_uring_of(ioucmd);
	struct onvme_queue *q;
	struct request *rq;
	int err;

	err = onvme_passthru_ready(node, cmd, data, nowait);
	if (err)
		return err;
	rq = onvme_passthru_request(node, cmd, data, REQ_ALLOC_CACHE | (polls ? REQ_POLLED : 0),
				    nowait ? BLK_MQ_REQ_NOWAIT : 0);
	if (IS_ERR(rq))
		return PTR_ERR(rq);
	q = onvme_rq_queue(rq);
	*uring = (struct onvme_uring){
		.bio	= rq->bio,
		.meta	= onvme_passthru_meta_of(rq),
		.qid	= polls && test_bit(ONVME_Q_POLLED, &q->flags) ? q->qid : 0,
		.state	= polls ? ONVME_URING_POLLED : ONVME_URING_TASK,
		.read	= onvme_passthru_dir(cmd) == READ,
	};
	rq->end_io = onvme_uring_rq_done;
	rq->end_io_data = ioucmd;
	blk_execute_rq_nowait(rq, false);
	return -EIOCBQUEUED;
}

static int onvme_uring_take(const struct onvme_node *node, struct io_uring_cmd *ioucmd, struct onvme_passthru *cmd,
			    unsigned int issue_flags)
{
	struct onvme_passthru_data data;
	int err;

	onvme_uring_read(ioucmd, cmd);
	err = onvme_passthru_check(node, cmd);
	if (err)
		return err;
	err = onvme_uring_data(ioucmd, cmd, &data, issue_flags);
	if (!err)
		err = cmd->care ? onvme_uring_run(node, ioucmd, cmd, &data, issue_flags) :
				  onvme_uring_send(node, ioucmd, cmd, &data, issue_flags);
	kfree(data.vecs);
	return err;
}

/**
 * onvme_uring_cmd() - take a command
 * @node: the node that it comes through: with a namespace for I/O commands, without for admin commands
 * @ioucmd: the command, as io_uring has it
 * @issue_flags: what io_uring says of it
 *
 * Return: -EIOCBQUEUED: its end will be told; -EAGAIN: only by waiting, which io_uring then does; -EOPNOTSUPP: the
 * ring's entries are too small, or it polls for an admin command; -ENOTTY: not a command for this node; other errors
 * as onvme_ioctl().
 */
int onvme_uring_cmd(const struct onvme_node *node, struct io_uring_cmd *ioucmd, unsigned int issue_flags)
{
	const unsigned int large = IO_URING_F_SQE128 | IO_URING_F_CQE32;
	struct onvme_passthru cmd = { .admin = !node->ns };

	if ((issue_flags & large) != large || (cmd.admin && issue_flags & IO_URING_F_IOPOLL))
		return -EOPNOTSUPP;
	switch (ioucmd->cmd_op) {
	case NVME_URING_CMD_IO_VEC:
	case NVME_URING_CMD_ADMIN_VEC:
		cmd.vec = true;
		fallthrough;
	case NVME_URING_CMD_IO:
	case NVME_URING_CMD_ADMIN:
		break;
	default:
		return -ENOTTY;
	}
	if (cmd.admin != (ioucmd->cmd_op == NVME_URING_CMD_ADMIN || ioucmd->cmd_op == NVME_URING_CMD_ADMIN_VEC))
		return -ENOTTY;
	return onvme_uring_take(node, ioucmd, &cmd, issue_flags);
}

/* Look whether its queue, which has no interrupt, has something new. While @ref is held the queue stays. */
static int onvme_uring_look(struct onvme_ctrl *ctrl, u16 qid)
{
	struct percpu_ref *ref = &ctrl->blk.io_q->q_usage_counter;
	unsigned int found = 0;

	if (!qid || !percpu_ref_tryget(ref))
		return 0;
	if (onvme_cq_has_new(&ctrl->queues[qid]))
		found = onvme_rq_iopoll(&ctrl->queues[qid]);
	percpu_ref_put(ref);
	return (int)found;
}

/**
 * onvme_uring_poll() - look whether a command is over, for a ring that polls
 * @ctrl: the controller
 * @ioucmd: the command; not ended
 *
 * It ends here, in the ring that it belongs to, whoever found its completion. What has to be copied into memory of the
 * user's is left to the task that has submitted it where another polls. Process context; caller holds the lock of the
 * ring.
 *
 * Return: how many completions there were; -EINTR: another task has to end it, and needs the lock.
 */
int onvme_uring_poll(struct onvme_ctrl *ctrl, struct io_uring_cmd *ioucmd)
{
	struct onvme_uring *uring = onvme_uring_of(ioucmd);
	int found = 0;
	bool copies;

	if (READ_ONCE(uring->state) == ONVME_URING_TASK && current->mm != onvme_compat_uring_mm(ioucmd))
		return -EINTR;
	if (READ_ONCE(uring->state) == ONVME_URING_POLLED)
		found = onvme_uring_look(ctrl, uring->qid);
	if (smp_load_acquire(&uring->state) != ONVME_URING_OVER)	/* pairs with onvme_uring_rq_done() */
		return found;
	/* Where the block layer copies it has noted from where to where. */
	copies = uring->meta || (uring->bio && uring->bio->bi_private);
	if (copies && current->mm && current->mm != onvme_compat_uring_mm(ioucmd)) {
		uring->state = ONVME_URING_TASK;
		io_uring_cmd_do_in_task_lazy(ioucmd, onvme_uring_end_in_task);
		return -EINTR;	/* who polls has to let go of the ring, for that task to get it */
	}
	onvme_uring_end(ioucmd, 0);
	return found;
}
