// SPDX-License-Identifier: GPL-2.0
#include <linux/blk-mq.h>
#include <linux/cred.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/uidgid.h>

#include "ctrl.h"
#include "disk.h"
#include "fault.h"
#include "feature.h"
#include "passthru.h"
#include "proto/effects.h"

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

	smp_rmb();	/* the geometry is not older: pairs with onvme_ns_new_era() */
	return era;
}

/*
 * Who is in the group reads logs, and nothing that others wait for is gone by that (Base, "Get Log Page command",
 * Retain Asynchronous Event: before revision 1.3 there was no such thing, and nobody may). The number is that of the
 * first user namespace: elsewhere it may be another group.
 */
static bool onvme_passthru_may_read_log(struct onvme_ctrl *ctrl, struct onvme_passthru *cmd)
{
	kgid_t group = make_kgid(&init_user_ns, READ_ONCE(ctrl->log_group));

	if (ctrl->hw.vs < ONVME_VS(1, 3, 0) || !gid_valid(group) || !in_egroup_p(group))
		return false;
	cmd->sqe.cdw10 |= cpu_to_le32(ONVME_LOG_RETAIN);
	return true;
}

/**
 * onvme_passthru_check() - whether a command may be sent, and what has to be taken care of
 * @node: the node that it comes through
 * @cmd: the command. Gets @care; loses a time-out of its own that its sender may not ask for: with a short one he could
 *	have the controller reset, and with a long one a lost command would not be noticed
 *
 * Return: 0; -EINVAL: flags, or another namespace; -EACCES.
 */
int onvme_passthru_check(const struct onvme_node *node, struct onvme_passthru *cmd)
{
	const struct onvme_ns_geom *ns = cmd->admin ? NULL : node->ns;
	struct onvme_sender from = {
		.admin = cmd->admin, .partition = node->partition, .writable = node->writable, .whole = !node->ns,
	};
	enum onvme_may may;

	if (cmd->sqe.flags || (ns && le32_to_cpu(cmd->sqe.nsid) != ns->nsid))
		return -EINVAL;
	from.effects = onvme_effects_get(node->ctrl, cmd->admin, ns ? ns->csi : ONVME_CSI_NVM, cmd->sqe.opcode);
	from.len_known = ns && onvme_policy_len_known(&cmd->sqe, ns);
	may = onvme_effects_may(&cmd->sqe, &from);
	if (may == ONVME_MAY_GROUP)
		may = !capable(CAP_SYS_ADMIN) && onvme_passthru_may_read_log(node->ctrl, cmd) ? ONVME_MAY_ANYBODY :
												ONVME_MAY_ADMIN;
	if (may == ONVME_MAY_NOBODY || (may == ONVME_MAY_ADMIN && !capable(CAP_SYS_ADMIN)))
		return -EACCES;
	if (may == ONVME_MAY_ANYBODY && cmd->timeout_ms && !capable(CAP_SYS_ADMIN))
		cmd->timeout_ms = 0;
	cmd->care = onvme_effects_care(cmd->admin, from.effects);
	return 0;
}

/**
 * onvme_passthru_data() - find the data of a command that are not in a registered buffer
 * @cmd: the command
 * @data: gets where they are; @data->vecs has to be freed by kfree(), also after an error
 *
 * Return: 0; -EFAULT, -EINVAL or -ENOMEM.
 */
int onvme_passthru_data(const struct onvme_passthru *cmd, struct onvme_passthru_data *data)
{
	ssize_t bytes;

	data->vecs = NULL;
	data->kern = NULL;
	data->meta = NULL;
	data->scattered = cmd->vec && cmd->len;
	if (!data->scattered)
		return 0;
	data->vecs = data->few;
	bytes = import_iovec(onvme_passthru_dir(cmd), u64_to_user_ptr(cmd->addr), cmd->len, ARRAY_SIZE(data->few),
			     &data->vecs, &data->iter);
	return bytes < 0 ? bytes : 0;
}

/* How many they are. A vector that is empty has none. */
static size_t onvme_passthru_bytes(const struct onvme_passthru *cmd, const struct onvme_passthru_data *data)
{
	if (data->scattered)
		return iov_iter_count(&data->iter);
	return cmd->vec ? 0 : cmd->len;
}

/* The controller transfers what the command says; a buffer that is shorter would let it run over the end. */
static bool onvme_passthru_fits(const struct onvme_node *node, const struct onvme_passthru *cmd,
				const struct onvme_passthru_data *data)
{
	size_t bytes = onvme_passthru_bytes(cmd, data);
	u32 most;

	rcu_read_lock();
	most = rcu_dereference(node->ctrl->caps)->max_bytes;
	rcu_read_unlock();
	if (bytes > most || cmd->meta_len > most)
		return false;
	/* PRP entries name dwords; what is not aligned would be copied behind the back of who asks. */
	if (bytes && (data->scattered ? iov_iter_alignment(&data->iter) : cmd->addr | bytes) & 3)
		return false;
	if (bytes < onvme_policy_data_len(cmd->admin, &cmd->sqe, node->ns))
		return false;
	return cmd->admin || cmd->meta_len >= onvme_policy_meta_len(&cmd->sqe, node->ns);
}

/**
 * onvme_passthru_enter() - wait until commands of users are admitted
 * @ctrl: the controller
 * @nowait: do not
 *
 * A reset of a sound controller takes a fraction of the time that it waits at most: it waits for the controller to get
 * ready, and for admin commands. Process context.
 *
 * Return: 0; -EAGAIN: only by waiting; -EBUSY: a reset did not end in time; -EINTR: the task was killed; -ENODEV: no
 * more commands.
 */
int onvme_passthru_enter(struct onvme_ctrl *ctrl, bool nowait)
{
	unsigned long bound = msecs_to_jiffies(3 * ctrl->hw.ready_ms + 2 * ctrl->admin_timeout_ms);
	long left;

	if (likely(onvme_ctrl_is(ctrl, ONVME_ADMITS_USER)))
		return 0;
	if (nowait && onvme_ctrl_is(ctrl, ONVME_WAITS))
		return -EAGAIN;
	left = wait_event_killable_timeout(ctrl->recovery.wait, !onvme_ctrl_is(ctrl, ONVME_WAITS), bound);
	if (left <= 0)
		return left ? -EINTR : -EBUSY;
	return onvme_ctrl_is(ctrl, ONVME_ADMITS_USER) ? 0 : -ENODEV;
}

/*
 * Whether a command goes by the queue of the disk, whose tags it takes then, as many as there are. That has limits of
 * its own, and a change of the disk waits for all that its queue has. So what is made of more pieces does not, nor what
 * may take long because its sender says so, nor what may have to be copied from memory that is not there.
 */
static bool onvme_passthru_suits_disk(const struct onvme_passthru *cmd, const struct onvme_passthru_data *data)
{
	size_t pieces = onvme_passthru_bytes(cmd, data) / ONVME_PAGE_SIZE + 2 + (cmd->vec ? 2 * cmd->len : 0);

	return !cmd->timeout_ms && pieces <= ONVME_MAX_SEGMENTS &&
	       (!data->scattered || iov_iter_is_bvec(&data->iter));
}

static struct request_queue *onvme_passthru_queue(const struct onvme_node *node, const struct onvme_passthru *cmd,
						  const struct onvme_passthru_data *data)
{
	struct onvme_ctrl *ctrl = node->ctrl;

	if (cmd->admin)
		return ctrl->blk.admin_q;
	if (test_bit(ONVME_CTRL_NO_QUEUES, &ctrl->flags))
		return NULL;
	return node->disk_q && onvme_passthru_suits_disk(cmd, data) ? node->disk_q : ctrl->blk.io_q;
}

/**
 * onvme_passthru_ready() - whether a command can be made a request now
 * @node: the node that it comes through
 * @cmd: the command; checked
 * @data: its data
 * @nowait: do not wait for the end of a reset
 *
 * Return: 0; -EINVAL: a length; -EAGAIN: only by waiting; -EBUSY, -EINTR or -ENODEV: there was no end of it.
 */
int onvme_passthru_ready(const struct onvme_node *node, const struct onvme_passthru *cmd,
			 const struct onvme_passthru_data *data, bool nowait)
{
	int err;

	if (!onvme_passthru_fits(node, cmd, data))
		return -EINVAL;
	err = onvme_passthru_enter(node->ctrl, nowait);
	if (err)
		return err;
	return onvme_passthru_queue(node, cmd, data) ? 0 : -ENODEV;
}

static struct onvme_passthru_meta *onvme_passthru_get_meta(struct onvme_ctrl *ctrl, const struct onvme_passthru *cmd)
{
	struct onvme_passthru_meta *meta;

	/* It is mapped as one piece. */
	if (cmd->meta_len > min_t(size_t, KMALLOC_MAX_SIZE / 2, dma_max_mapping_size(&ctrl->hw.pdev->dev)))
		return ERR_PTR(-EINVAL);
	meta = ONVME_ALLOC(kzalloc(struct_size(meta, bytes, cmd->meta_len), GFP_KERNEL | __GFP_NOWARN));
	if (!meta)
		return ERR_PTR(-ENOMEM);
	meta->user = u64_to_user_ptr(cmd->meta_addr);
	meta->len = cmd->meta_len;
	if (cmd->sqe.opcode & ONVME_OPCODE_WRITE && copy_from_user(meta->bytes, meta->user, meta->len)) {
		kfree(meta);
		return ERR_PTR(-EFAULT);
	}
	return meta;
}

/*
 * While the request of a disk is made, nothing is waited for that may need the disk: somebody may have begun to freeze
 * its queue, and waits for this request. Memory that is not there is -EFAULT.
 */
static int onvme_passthru_map_now(struct request *rq, const struct onvme_passthru *cmd,
				  struct onvme_passthru_data *data)
{
	struct iovec vec = { .iov_base = u64_to_user_ptr(cmd->addr), .iov_len = cmd->len };
	struct iov_iter iter;

	if (!onvme_passthru_bytes(cmd, data))
		return 0;
	if (data->scattered)
		return ONVME_ALLOC_ERRNO(blk_rq_map_user_iov(rq->q, rq, NULL, &data->iter, GFP_NOIO));
	if (!access_ok(vec.iov_base, vec.iov_len))
		return -EFAULT;
	iov_iter_init(&iter, onvme_passthru_dir(cmd), &vec, 1, vec.iov_len);
	iter.nofault = true;
	return ONVME_ALLOC_ERRNO(blk_rq_map_user_iov(rq->q, rq, NULL, &iter, GFP_NOIO));
}

static int onvme_passthru_map(struct request *rq, const struct onvme_passthru *cmd, struct onvme_passthru_data *data)
{
	size_t bytes = onvme_passthru_bytes(cmd, data);

	if (data->kern)
		return ONVME_ALLOC_ERRNO(blk_rq_map_kern(rq, data->kern, data->kern_len, GFP_KERNEL));
	if (data->scattered && bytes)
		return ONVME_ALLOC_ERRNO(blk_rq_map_user_iov(rq->q, rq, NULL, &data->iter, GFP_KERNEL));
	if (!bytes)
		return 0;
	return ONVME_ALLOC_ERRNO(blk_rq_map_user(rq->q, rq, NULL, u64_to_user_ptr(cmd->addr), cmd->len, GFP_KERNEL));
}

/* The time of a command, and whether it is its sender's */
static void onvme_passthru_set_time(struct request *rq, struct onvme_ctrl *ctrl, const struct onvme_passthru *cmd)
{
	if (cmd->timeout_ms) {
		rq->timeout = msecs_to_jiffies(cmd->timeout_ms);
		onvme_pdu(rq)->flags |= ONVME_PDU_OWN_TIME;
	} else {
		rq->timeout = msecs_to_jiffies(cmd->admin ? ctrl->admin_timeout_ms : ctrl->io_timeout_ms);
	}
}

static struct request *onvme_passthru_make(const struct onvme_node *node, const struct onvme_passthru *cmd,
					   struct onvme_passthru_data *data, struct request_queue *q, blk_opf_t opf,
					   blk_mq_req_flags_t flags)
{
	struct request *rq = ONVME_ALLOC_ERR_PTR(blk_mq_alloc_request(q, opf, flags));
	int err = -EAGAIN;

	if (IS_ERR(rq))
		return rq;
	/* While it waited for the request, a Format may have passed. */
	if (!cmd->admin && READ_ONCE(node->ctrl->nss.era) != node->era)
		goto out_free;
	onvme_rq_start(rq, &cmd->sqe);
	onvme_passthru_set_time(rq, node->ctrl, cmd);
	err = q == node->disk_q ? onvme_passthru_map_now(rq, cmd, data) : onvme_passthru_map(rq, cmd, data);
	if (!err)
		return rq;
out_free:
	blk_mq_free_request(rq);
	return ERR_PTR(err);
}

/**
 * onvme_passthru_request() - make a command a request
 * @node: the node that it comes through
 * @cmd: the command; onvme_passthru_ready() said yes
 * @data: its data
 * @opf: flags of the request: REQ_POLLED, REQ_ALLOC_CACHE
 * @flags: BLK_MQ_REQ_NOWAIT: do not wait for a tag
 *
 * Allocates nothing else but a bio, and a buffer for metadata, where there are any.
 *
 * Return: the request, with its data mapped by the block layer and its metadata (onvme_passthru_meta_of()), both of
 * which onvme_passthru_give_back() takes back; an error pointer: -EAGAIN: the namespace was formatted meanwhile, or
 * no tag is free; -EFAULT, -EINVAL, -ENODEV, -ENOMEM.
 */
struct request *onvme_passthru_request(const struct onvme_node *node, const struct onvme_passthru *cmd,
				       struct onvme_passthru_data *data, blk_opf_t opf, blk_mq_req_flags_t flags)
{
	struct request_queue *q = onvme_passthru_queue(node, cmd, data);
	struct onvme_passthru_meta *meta = data->meta;
	struct request *rq;

	/* A reset may have ended since without I/O queues. */
	if (!q)
		return ERR_PTR(-ENODEV);
	if (cmd->meta_len && !meta)
		meta = onvme_passthru_get_meta(node->ctrl, cmd);
	if (IS_ERR(meta))
		return ERR_CAST(meta);
	opf |= cmd->sqe.opcode & ONVME_OPCODE_WRITE ? REQ_OP_DRV_OUT : REQ_OP_DRV_IN;
	rq = onvme_passthru_make(node, cmd, data, q, opf, flags);
	if (rq == ERR_PTR(-EFAULT) && q == node->disk_q)
		rq = onvme_passthru_make(node, cmd, data, node->ctrl->blk.io_q, opf, flags);
	if (IS_ERR(rq)) {
		if (!data->meta)
			kfree(meta);
		return rq;
	}
	if (meta) {
		onvme_pdu(rq)->map.meta = meta->bytes;
		onvme_pdu(rq)->map.meta_len = meta->len;
	}
	return rq;
}

/**
 * onvme_passthru_meta_of() - the metadata of a request
 * @rq: from onvme_passthru_request(); not over yet
 *
 * Return: the metadata, or NULL.
 */
struct onvme_passthru_meta *onvme_passthru_meta_of(struct request *rq)
{
	struct onvme_map *map = &onvme_pdu(rq)->map;

	return map->meta_len ? container_of(map->meta, struct onvme_passthru_meta, bytes[0]) : NULL;
}

/**
 * onvme_passthru_outcome() - how a command has ended
 * @rq: its request
 * @sts: what the block layer was told
 *
 * What it has set is remembered; an error of an admin command is in the log, if somebody wants that. Any context.
 *
 * Return: as the ioctls have it: 0 or positive what the controller says, negative what the host does.
 */
int onvme_passthru_outcome(struct request *rq, blk_status_t sts)
{
	struct onvme_pdu *pdu = onvme_pdu(rq);

	struct onvme_queue *q = onvme_rq_queue(rq);

	if (pdu->flags & ONVME_PDU_CANCELLED)
		return -EINTR;
	if (!q->qid && !pdu->status && !sts)
		onvme_feature_note(q->ctrl, &pdu->sqe);
	else if (!q->qid && pdu->status && test_bit(ONVME_CTRL_LOG_USERS, &q->ctrl->flags))
		onvme_observe_user_error(&q->ctrl->dev, dev_name(&q->ctrl->dev), true, &pdu->sqe, pdu->status);
	return pdu->status ?: blk_status_to_errno(sts);
}

/**
 * onvme_passthru_give_back() - the data of a command belong to the user again
 * @bio: what was rq->bio before the request was executed, or NULL
 * @meta: its metadata, or NULL
 * @read: they are for the user
 * @outcome: how the command has ended
 *
 * Process context: that of the user, or without any user memory, where nothing can be copied.
 *
 * Return: @outcome; an error when what was read did not reach the user.
 */
int onvme_passthru_give_back(struct bio *bio, struct onvme_passthru_meta *meta, bool read, int outcome)
{
	int err = bio ? blk_rq_unmap_user(bio) : 0;

	if (meta && read && !outcome && !err)
		err = !current->mm ? -EINTR : copy_to_user(meta->user, meta->bytes, meta->len) ? -EFAULT : 0;
	kfree(meta);
	return outcome ?: err;
}

static int onvme_passthru_execute(const struct onvme_node *node, struct onvme_passthru *cmd,
				  struct onvme_passthru_data *data)
{
	struct request *rq = onvme_passthru_request(node, cmd, data, 0, 0);
	struct onvme_passthru_meta *meta;
	struct bio *bio;
	int outcome;

	if (IS_ERR(rq))
		return PTR_ERR(rq);
	bio = rq->bio;
	meta = onvme_passthru_meta_of(rq);
	outcome = onvme_passthru_outcome(rq, blk_execute_rq(rq, false));
	cmd->result = onvme_pdu(rq)->result;
	blk_mq_free_request(rq);
	return onvme_passthru_give_back(bio, meta, onvme_passthru_dir(cmd) == READ, outcome);
}

/* What has to be known to run a command while the namespaces are held */
struct onvme_passthru_held {
	const struct onvme_node		*node;
	struct onvme_passthru		*cmd;
	struct onvme_passthru_data	*data;
};

static int onvme_passthru_execute_held(struct onvme_ctrl *ctrl, void *arg)
{
	struct onvme_passthru_held *held = arg;
	struct request *rq = onvme_passthru_request(held->node, held->cmd, held->data, 0, 0);
	int outcome;

	if (IS_ERR(rq))
		return PTR_ERR(rq);
	outcome = onvme_passthru_outcome(rq, blk_execute_rq(rq, false));
	held->cmd->result = onvme_pdu(rq)->result;
	blk_mq_free_request(rq);
	return outcome;
}

/* The data into memory of the kernel, or memory for what will be read */
static int onvme_passthru_copy_in(struct onvme_ctrl *ctrl, const struct onvme_passthru *cmd,
				  struct onvme_passthru_data *data)
{
	size_t bytes = onvme_passthru_bytes(cmd, data);

	data->kern_len = bytes;
	if (bytes)
		data->kern = ONVME_ALLOC(kvzalloc(bytes, GFP_KERNEL));
	if (bytes && !data->kern)
		return -ENOMEM;
	if (cmd->meta_len)
		data->meta = onvme_passthru_get_meta(ctrl, cmd);
	if (IS_ERR(data->meta))
		return PTR_ERR(data->meta);
	if (!bytes || onvme_passthru_dir(cmd) == READ)
		return 0;
	if (data->scattered)
		return copy_from_iter(data->kern, bytes, &data->iter) == bytes ? 0 : -EFAULT;
	return copy_from_user(data->kern, u64_to_user_ptr(cmd->addr), bytes) ? -EFAULT : 0;
}

static int onvme_passthru_copy_out(const struct onvme_passthru *cmd, struct onvme_passthru_data *data, int outcome)
{
	size_t bytes = data->kern_len;

	if (!data->kern || outcome || onvme_passthru_dir(cmd) == WRITE)
		return outcome;
	if (data->scattered)
		return copy_to_iter(data->kern, bytes, &data->iter) == bytes ? 0 : -EFAULT;
	return copy_to_user(u64_to_user_ptr(cmd->addr), data->kern, bytes) ? -EFAULT : 0;
}

/*
 * Run a command while nobody uses the namespaces. Memory of the user's may have to be read from one of them, so it is
 * touched before and after, and not meanwhile.
 */
static int onvme_passthru_run_held(const struct onvme_node *node, struct onvme_passthru *cmd,
				   struct onvme_passthru_data *data)
{
	struct onvme_passthru_held held = { .node = node, .cmd = cmd, .data = data };
	int outcome = onvme_passthru_copy_in(node->ctrl, cmd, data);

	if (!outcome)
		outcome = node->ctrl->ops->hold(node->ctrl, cmd->care & ONVME_CARE_SCAN, onvme_passthru_execute_held,
						&held);
	outcome = onvme_passthru_copy_out(cmd, data, outcome);
	if (!IS_ERR_OR_NULL(data->meta))
		outcome = onvme_passthru_give_back(NULL, data->meta, onvme_passthru_dir(cmd) == READ, outcome);
	data->meta = NULL;
	kvfree(data->kern);
	data->kern = NULL;
	return outcome;
}

/* Whether who looks after the disk wants to hear of it: by which node a command came makes no difference. */
static void onvme_passthru_log(struct onvme_ctrl *ctrl, const struct onvme_passthru *cmd, u16 status)
{
	struct onvme_ns *ns;

	down_read(&ctrl->nss.lock);
	list_for_each_entry(ns, &ctrl->nss.list, node)
		if (ns->geom.nsid == le32_to_cpu(cmd->sqe.nsid) && ns->disk && READ_ONCE(ns->disk->log_users))
			onvme_observe_user_error(&ctrl->dev, ns->disk->gd->disk_name, false, &cmd->sqe, status);
	up_read(&ctrl->nss.lock);
}

/* In-tree wording */
static void onvme_passthru_say_dirty(struct onvme_ctrl *ctrl)
{
	if (!test_and_set_bit(ONVME_CTRL_DIRTY, &ctrl->flags))
		dev_info(&ctrl->dev, "controller capabilities changed, reset may be required to take effect.\n");
}

/**
 * onvme_passthru_run() - run a command, and do what it asks for beside it
 * @node: the node that it comes through
 * @cmd: the command; checked. Gets @result
 * @data: its data
 *
 * Return: as onvme_passthru_outcome(), or the errors of onvme_passthru_ready() and onvme_passthru_request(); -EBUSY:
 * the I/O of others did not end in time.
 */
int onvme_passthru_run(const struct onvme_node *node, struct onvme_passthru *cmd, struct onvme_passthru_data *data)
{
	struct onvme_ctrl *ctrl = node->ctrl;
	int outcome = onvme_passthru_ready(node, cmd, data, false);

	if (outcome)
		return outcome;
	if (cmd->care & ONVME_CARE_STILL) {
		outcome = onvme_passthru_run_held(node, cmd, data);
	} else {
		outcome = onvme_passthru_execute(node, cmd, data);
		if (cmd->care & ONVME_CARE_SCAN && !outcome)
			ctrl->ops->rescan(ctrl);
	}
	if (outcome > 0 && !cmd->admin)
		onvme_passthru_log(ctrl, cmd, (u16)outcome);
	if (cmd->care & ONVME_CARE_CAPS && !outcome)
		onvme_passthru_say_dirty(ctrl);
	return outcome;
}
