// SPDX-License-Identifier: GPL-2.0
#include <linux/compat.h>
#include <linux/nvme_ioctl.h>
#include <linux/ptrace.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "ctrl.h"
#include "ioctl.h"
#include "proto/cmd.h"

/* struct nvme_passthru_cmd is the beginning of struct nvme_passthru_cmd64, result aside. */
static_assert(offsetof(struct nvme_passthru_cmd, timeout_ms) == offsetof(struct nvme_passthru_cmd64, timeout_ms));

static int onvme_ioctl_run(const struct onvme_node *node, struct onvme_passthru *cmd)
{
	struct onvme_passthru_data data;
	int outcome = onvme_passthru_check(node, cmd);

	if (outcome)
		return outcome;
	outcome = onvme_passthru_data(cmd, &data);
	if (!outcome)
		outcome = onvme_passthru_run(node, cmd, &data);
	kfree(data.vecs);
	return outcome;
}

static int onvme_ioctl_cmd(const struct onvme_node *node, bool admin, bool wide, bool vec, void __user *arg)
{
	struct nvme_passthru_cmd64 user = {};
	struct onvme_passthru cmd = { .admin = admin, .vec = vec };
	int outcome;

	if (copy_from_user(&user, arg, wide ? sizeof(user) : sizeof(struct nvme_passthru_cmd)))
		return -EFAULT;
	onvme_cmd_init(&cmd.sqe, user.opcode, user.nsid);
	cmd.sqe.flags = user.flags;
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
	outcome = onvme_ioctl_run(node, &cmd);
	if (outcome < 0)
		return outcome;
	if (wide ? put_user(cmd.result, &((struct nvme_passthru_cmd64 __user *)arg)->result) :
		   put_user((u32)cmd.result, &((struct nvme_passthru_cmd __user *)arg)->result))
		return -EFAULT;
	return outcome;
}

static int onvme_ioctl_submit_io(const struct onvme_node *node, const struct nvme_user_io *io)
{
	const struct onvme_ns_geom *ns = node->ns;
	struct onvme_passthru cmd = {};
	u32 blocks = io->nblocks + 1u;

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
	return onvme_ioctl_run(node, &cmd);
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

static int onvme_ioctl_io(const struct onvme_node *node, unsigned int cmd, void __user *arg)
{
	struct nvme_user_io io = {};

	switch (cmd) {
	case NVME_IOCTL_ID:
		force_successful_syscall_return();
		return node->ns->nsid;
	case NVME_IOCTL_IO_CMD:
		return onvme_ioctl_cmd(node, false, false, false, arg);
	case NVME_IOCTL_IO64_CMD:
		return onvme_ioctl_cmd(node, false, true, false, arg);
	case NVME_IOCTL_IO64_CMD_VEC:
		return onvme_ioctl_cmd(node, false, true, true, arg);
	case ONVME_IOCTL_SUBMIT_IO32:
		if (copy_from_user(&io, arg, sizeof(struct onvme_user_io32)))
			return -EFAULT;
		return onvme_ioctl_submit_io(node, &io);
	case NVME_IOCTL_SUBMIT_IO:
		if (copy_from_user(&io, arg, sizeof(io)))
			return -EFAULT;
		return onvme_ioctl_submit_io(node, &io);
	default:
		return -ENOTTY;
	}
}

/**
 * onvme_ioctl() - the ioctls that carry commands
 * @node: the node that it comes through
 * @cmd: which ioctl
 * @arg: its argument
 *
 * Return: the status of the controller, 0 or positive; %NVME_IOCTL_ID: the namespace id. -ENOTTY: not an ioctl of
 * this kind, or needs a namespace; -EACCES; -EFAULT; -EINVAL: refused before anything was sent; -EINTR: the host gave
 * up on the command; -ENODEV: no controller or no I/O queue; -EBUSY: a reset, or the I/O of others before a command
 * that wants to be alone, did not end in time; -EAGAIN: the namespace was formatted meanwhile.
 */
int onvme_ioctl(const struct onvme_node *node, unsigned int cmd, void __user *arg)
{
	switch (cmd) {
	case NVME_IOCTL_ADMIN_CMD:
		return onvme_ioctl_cmd(node, true, false, false, arg);
	case NVME_IOCTL_ADMIN64_CMD:
		return onvme_ioctl_cmd(node, true, true, false, arg);
	default:
		return node->ns ? onvme_ioctl_io(node, cmd, arg) : -ENOTTY;
	}
}
