// SPDX-License-Identifier: GPL-2.0
#include <linux/blk-mq.h>
#include <linux/compat.h>
#include <linux/nvme_ioctl.h>
#include <linux/ptrace.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "ctrl.h"
#include "fault.h"
#include "feature.h"
#include "passthru.h"
#include "proto/cmd.h"

/* A command as a user wants it, whichever ioctl it came by */
struct onvme_passthru {
	struct onvme_sqe	sqe;
	bool			admin;
	u64			addr;
	u32			len;
	u64			meta_addr;
	u32			meta_len;
	u32			timeout_ms;
	u64			result;
	unsigned int		era;		/* of the namespace that the lengths were made for */
};

/**
 * onvme_passthru_enter() - wait until commands of users are admitted
 * @ctrl: the controller
 *
 * A reset of a sound controller takes a fraction of the time that it waits at most: it waits for the controller to get
 * ready, and for admin commands. Process context.
 *
 * Return: 0; -EBUSY: a reset did not end in time; -EINTR: the task was killed; -ENODEV: no more commands.
 */
int onvme_passthru_enter(struct onvme_ctrl *ctrl)
{
	unsigned long bound = msecs_to_jiffies(3 * ctrl->hw.ready_ms + 2 * ctrl->admin_timeout_ms);

	long left = wait_event_killable_timeout(ctrl->recovery.wait, !onvme_ctrl_is(ctrl, ONVME_WAITS), bound);

	if (left <= 0)
		return left ? -EINTR : -EBUSY;
	return onvme_ctrl_is(ctrl, ONVME_ADMITS_USER) ? 0 : -ENODEV;
}

static void *onvme_passthru_get_meta(struct onvme_ctrl *ctrl, const struct onvme_passthru *cmd)
{
	void __user *from = u64_to_user_ptr(cmd->meta_addr);

	void *meta;

	/* It is mapped as one piece. */
	if (cmd->meta_len > min_t(size_t, KMALLOC_MAX_SIZE / 2, dma_max_mapping_size(&ctrl->hw.pdev->dev)))
		return ERR_PTR(-EINVAL);
	meta = ONVME_ALLOC(kzalloc(cmd->meta_len, GFP_KERNEL | __GFP_NOWARN));
	if (!meta)
		return ERR_PTR(-ENOMEM);
	if (cmd->sqe.opcode & ONVME_OPCODE_WRITE && copy_from_user(meta, from, cmd->meta_len)) {
		kfree(meta);
		return ERR_PTR(-EFAULT);
	}
	return meta;
}

static int onvme_passthru_put_meta(const struct onvme_passthru *cmd, const void *meta)
{
	if (cmd->sqe.opcode & ONVME_OPCODE_WRITE)
		return 0;
	return copy_to_user(u64_to_user_ptr(cmd->meta_addr), meta, cmd->meta_len) ? -EFAULT : 0;
}

/* Run the request. As the ioctls have it, the outcome of the controller is positive, that of the host negative. */
static int onvme_passthru_execute(struct request *rq, struct onvme_passthru *cmd)
{
	struct onvme_pdu *pdu = onvme_pdu(rq);
	struct bio *bio = NULL;
	blk_status_t sts;
	int err, outcome;

	if (cmd->len) {
		err = ONVME_ALLOC_ERRNO(blk_rq_map_user(rq->q, rq, NULL, u64_to_user_ptr(cmd->addr), cmd->len,
							GFP_KERNEL));
		if (err)
			return err;
		bio = rq->bio;
	}
	sts = blk_execute_rq(rq, false);
	if (pdu->flags & ONVME_PDU_CANCELLED)
		outcome = -EINTR;
	else
		outcome = pdu->status ?: blk_status_to_errno(sts);
	cmd->result = pdu->result;
	if (bio) {
		err = blk_rq_unmap_user(bio);
		if (err && !outcome)
			outcome = err;
	}
	return outcome;
}

static int onvme_passthru_submit(struct onvme_ctrl *ctrl, struct onvme_passthru *cmd)
{
	enum req_op op = cmd->sqe.opcode & ONVME_OPCODE_WRITE ? REQ_OP_DRV_OUT : REQ_OP_DRV_IN;
	struct request_queue *q = cmd->admin ? ctrl->blk.admin_q : ctrl->blk.io_q;
	void *meta = NULL;
	struct request *rq;
	int err, outcome;

	if (!q || (!cmd->admin && test_bit(ONVME_CTRL_NO_QUEUES, &ctrl->flags)))
		return -ENODEV;
	if (cmd->meta_len) {
		meta = onvme_passthru_get_meta(ctrl, cmd);
		if (IS_ERR(meta))
			return PTR_ERR(meta);
	}
	rq = ONVME_ALLOC_ERR_PTR(blk_mq_alloc_request(q, op, 0));
	if (IS_ERR(rq)) {
		outcome = PTR_ERR(rq);
		goto out_free_meta;
	}
	/* While it waited for the request, a Format may have passed. */
	if (!cmd->admin && READ_ONCE(ctrl->nss.era) != cmd->era) {
		blk_mq_free_request(rq);
		outcome = -EAGAIN;
		goto out_free_meta;
	}
	onvme_rq_start(rq, &cmd->sqe);
	onvme_pdu(rq)->map.meta = meta;
	onvme_pdu(rq)->map.meta_len = cmd->meta_len;
	if (cmd->timeout_ms) {
		rq->timeout = msecs_to_jiffies(cmd->timeout_ms);
		onvme_pdu(rq)->flags |= ONVME_PDU_OWN_TIME;
	} else {
		rq->timeout = msecs_to_jiffies(cmd->admin ? ctrl->admin_timeout_ms : ctrl->io_timeout_ms);
	}
	outcome = onvme_passthru_execute(rq, cmd);
	blk_mq_free_request(rq);
	if (meta && !outcome) {
		err = onvme_passthru_put_meta(cmd, meta);
		if (err)
			outcome = err;
	}
out_free_meta:
	kfree(meta);
	return outcome;
}

/* The controller transfers what the command says; a buffer that is shorter would let it run over the end. */
static bool onvme_passthru_len_ok(struct onvme_ctrl *ctrl, const struct onvme_passthru *cmd,
				  const struct onvme_ns_geom *ns)
{
	u32 most;

	rcu_read_lock();
	most = rcu_dereference(ctrl->caps)->max_bytes;
	rcu_read_unlock();
	if (cmd->len > most || cmd->meta_len > most)
		return false;
	/* PRP entries name dwords; what is not aligned would be copied behind the back of who asks. */
	if ((cmd->len && cmd->addr & 3) || cmd->len & 3)
		return false;
	if (cmd->len < onvme_policy_data_len(cmd->admin, &cmd->sqe, ns))
		return false;
	return cmd->admin || cmd->meta_len >= onvme_policy_meta_len(&cmd->sqe, ns);
}

/* After these there may be other namespaces. */
static bool onvme_passthru_changes_list(const struct onvme_passthru *cmd)
{
	return cmd->admin && (cmd->sqe.opcode == ONVME_ADM_NS_MGMT || cmd->sqe.opcode == ONVME_ADM_NS_ATTACH);
}

/* After these a namespace may have other blocks than its I/O under way was made for. */
static bool onvme_passthru_changes_blocks(const struct onvme_passthru *cmd)
{
	return cmd->admin && (cmd->sqe.opcode == ONVME_ADM_FORMAT_NVM || cmd->sqe.opcode == ONVME_ADM_SANITIZE);
}

static int onvme_passthru_submit_held(struct onvme_ctrl *ctrl, void *arg)
{
	return onvme_passthru_submit(ctrl, arg);
}

static int onvme_passthru_run(struct onvme_ctrl *ctrl, const struct onvme_ns_geom *ns, struct onvme_passthru *cmd)
{
	int outcome;

	if (!onvme_passthru_len_ok(ctrl, cmd, ns))
		return -EINVAL;
	outcome = onvme_passthru_enter(ctrl);
	if (outcome)
		return outcome;
	if (onvme_passthru_changes_blocks(cmd))
		return ctrl->ops->hold(ctrl, onvme_passthru_submit_held, cmd);
	outcome = onvme_passthru_submit(ctrl, cmd);
	if (!outcome && cmd->admin)
		onvme_feature_note(ctrl, &cmd->sqe);
	if (!outcome && onvme_passthru_changes_list(cmd))
		ctrl->ops->rescan(ctrl);
	return outcome;
}

/* struct nvme_passthru_cmd is the beginning of struct nvme_passthru_cmd64, result aside. */
static_assert(offsetof(struct nvme_passthru_cmd, timeout_ms) == offsetof(struct nvme_passthru_cmd64, timeout_ms));

static int onvme_passthru_cmd(struct onvme_ctrl *ctrl, const struct onvme_ns_geom *ns, unsigned int era, bool admin,
			      bool wide, void __user *arg)
{
	struct nvme_passthru_cmd64 user = {};
	struct onvme_passthru cmd = { .admin = admin, .era = era };
	int outcome;

	if (!capable(CAP_SYS_ADMIN))
		return -EACCES;
	if (copy_from_user(&user, arg, wide ? sizeof(user) : sizeof(struct nvme_passthru_cmd)))
		return -EFAULT;
	if (user.flags || (!admin && ns && user.nsid != ns->nsid))
		return -EINVAL;
	onvme_cmd_init(&cmd.sqe, user.opcode, user.nsid);
	cmd.sqe.cdw2 = cpu_to_le32(user.cdw2);
	cmd.sqe.cdw3 = cpu_to_le32(user.cdw3);
	cmd.sqe.cdw10 = cpu_to_le32(user.cdw10);
	cmd.sqe.cdw11 = cpu_to_le32(user.cdw11);
	cmd.sqe.cdw12 = cpu_to_le32(user.cdw12);
	cmd.sqe.cdw13 = cpu_to_le32(user.cdw13);
	cmd.sqe.cdw14 = cpu_to_le32(user.cdw14);
	cmd.sqe.cdw15 = cpu_to_le32(user.cdw15);
	cmd.addr = user.addr;
	cmd.len = user.data_len;
	cmd.meta_addr = user.metadata;
	cmd.meta_len = user.metadata ? user.metadata_len : 0;
	cmd.timeout_ms = user.timeout_ms;
	outcome = onvme_passthru_run(ctrl, ns, &cmd);
	if (outcome < 0)
		return outcome;
	if (wide ? put_user(cmd.result, &((struct nvme_passthru_cmd64 __user *)arg)->result) :
		   put_user((u32)cmd.result, &((struct nvme_passthru_cmd __user *)arg)->result))
		return -EFAULT;
	return outcome;
}

static int onvme_passthru_submit_io(struct onvme_ctrl *ctrl, const struct onvme_ns_geom *ns, unsigned int era,
				    const struct nvme_user_io *io)
{
	struct onvme_passthru cmd = { .era = era };
	u32 blocks = io->nblocks + 1u;

	if (!capable(CAP_SYS_ADMIN))
		return -EACCES;
	/* Only of these it is known how much data a command moves. */
	if (io->flags || io->rsvd || ns->fit == ONVME_FIT_LBADS || ns->fit == ONVME_FIT_FORMAT ||
	    !onvme_ident_csi_has_blocks(ns->csi))
		return -EINVAL;
	switch (io->opcode) {
	case ONVME_NVM_READ:
	case ONVME_NVM_WRITE:
	case ONVME_NVM_COMPARE:
		break;
	default:
		return -EINVAL;
	}
	onvme_cmd_rw(&cmd.sqe, io->opcode, ns->nsid, io->slba, blocks, io->control);
	cmd.sqe.cdw13 = cpu_to_le32(io->dsmgmt);
	cmd.sqe.cdw14 = cpu_to_le32(io->reftag);
	cmd.sqe.cdw15 = cpu_to_le32(io->apptag | (u32)io->appmask << 16);
	cmd.addr = io->addr;
	if (onvme_policy_data_len(false, &cmd.sqe, ns) > ONVME_MAX_HW_BYTES)
		return -EINVAL;
	cmd.len = onvme_policy_data_len(false, &cmd.sqe, ns);
	cmd.meta_len = onvme_policy_meta_len(&cmd.sqe, ns);
	cmd.meta_addr = io->metadata;
	if (cmd.meta_len && (!io->metadata || io->metadata & 3))
		return -EINVAL;
	return onvme_passthru_run(ctrl, ns, &cmd);
}

/* A 32-bit process on x86 aligns 64-bit members to 4 bytes: the same structure without the padding at its end. */
struct onvme_user_io32 {
	__u8	opcode;
	__u8	flags;
	__u16	control;
	__u16	nblocks;
	__u16	rsvd;
	__u64	metadata;
	__u64	addr;
	__u64	slba;
	__u32	dsmgmt;
	__u32	reftag;
	__u16	apptag;
	__u16	appmask;
} __packed;
static_assert(sizeof(struct onvme_user_io32) == 44);

#define ONVME_IOCTL_SUBMIT_IO32	_IOW('N', 0x42, struct onvme_user_io32)

static int onvme_passthru_ioctl_io(struct onvme_ctrl *ctrl, const struct onvme_ns_geom *ns, unsigned int era,
				   unsigned int cmd, void __user *arg)
{
	struct nvme_user_io io = {};

	switch (cmd) {
	case NVME_IOCTL_ID:
		force_successful_syscall_return();
		return ns->nsid;
	case NVME_IOCTL_IO_CMD:
		return onvme_passthru_cmd(ctrl, ns, era, false, false, arg);
	case NVME_IOCTL_IO64_CMD:
		return onvme_passthru_cmd(ctrl, ns, era, false, true, arg);
	case ONVME_IOCTL_SUBMIT_IO32:
		if (copy_from_user(&io, arg, sizeof(struct onvme_user_io32)))
			return -EFAULT;
		return onvme_passthru_submit_io(ctrl, ns, era, &io);
	case NVME_IOCTL_SUBMIT_IO:
		if (copy_from_user(&io, arg, sizeof(io)))
			return -EFAULT;
		return onvme_passthru_submit_io(ctrl, ns, era, &io);
	default:
		return -ENOTTY;
	}
}

/**
 * onvme_passthru_era() - how often namespaces may have changed their blocks
 * @ctrl: the controller
 *
 * To be called before the geometry of a namespace is read.
 *
 * Return: the number.
 */
unsigned int onvme_passthru_era(struct onvme_ctrl *ctrl)
{
	unsigned int era = READ_ONCE(ctrl->nss.era);

	smp_rmb();	/* the geometry is not older: pairs with the freeze of the queues while both change */
	return era;
}

/**
 * onvme_passthru_ioctl() - the ioctls that carry commands
 * @ctrl: the controller
 * @ns: the namespace that the node stands for, or NULL
 * @era: onvme_passthru_era() from before @ns was read
 * @cmd: which ioctl
 * @arg: its argument
 *
 * Return: the status of the controller, 0 or positive; %NVME_IOCTL_ID: the namespace id. -ENOTTY: not an ioctl of
 * this kind, or needs a namespace; -EACCES; -EFAULT; -EINVAL: refused before anything was sent; -EINTR: the host gave
 * up on the command; -ENODEV: no controller or no I/O queue; -EBUSY: a reset, or the I/O of others before Format and
 * Sanitize, did not end in time; -EAGAIN: the namespace was formatted meanwhile.
 */
int onvme_passthru_ioctl(struct onvme_ctrl *ctrl, const struct onvme_ns_geom *ns, unsigned int era, unsigned int cmd,
			 void __user *arg)
{
	switch (cmd) {
	case NVME_IOCTL_ADMIN_CMD:
		return onvme_passthru_cmd(ctrl, ns, era, true, false, arg);
	case NVME_IOCTL_ADMIN64_CMD:
		return onvme_passthru_cmd(ctrl, ns, era, true, true, arg);
	default:
		return ns ? onvme_passthru_ioctl_io(ctrl, ns, era, cmd, arg) : -ENOTTY;
	}
}
