// SPDX-License-Identifier: GPL-2.0
/*
 * The life of a command: fetched, examined, given its fate, executed, completed. Whatever a scenario does to a
 * completion happens in cmd_post().
 */
#include <stdlib.h>
#include <string.h>

#include "device.h"

/* A completion on its way into a queue */
struct post {
	struct list	node;
	struct nvme_cqe	cqe;
	struct fate	fate;
};

/* The second half of a completion that is written in two */
struct half {
	struct list	node;
	struct timer	timer;
	struct device	*dev;
	struct cq	*cq;
	u64		at;
	struct nvme_cqe	cqe;
};

static bool cmd_is_busy(const struct sq *sq, u32 cid)
{
	return sq->busy[cid / 8] & 1 << cid % 8;
}

static void cmd_free(struct cmd *cmd)
{
	timer_cancel(&cmd->timer);
	list_del(&cmd->node);
	free(cmd->canary);
	free(cmd);
}

/* ---- the buffer of a read that waits belongs to the device: nobody else may use it ---- */

static void cmd_plant_canary(struct cmd *cmd)
{
	u32 len = io_read_len(cmd), i;

	if (!len || len > 256 * 1024)
		return;
	cmd->canary = zalloc(len);
	for (i = 0; i < len; i++)
		cmd->canary[i] = (u8)(0xa5 ^ i ^ cmd->sqe.cid);
	if (xfer_raw(cmd, cmd->canary, len, true)) {
		cmd->canary_len = len;
	} else {
		free(cmd->canary);
		cmd->canary = NULL;
	}
}

static void cmd_check_canary(struct cmd *cmd)
{
	u8 *now;

	if (!cmd->canary || !cmd->canary_len)
		return;
	now = zalloc(cmd->canary_len);
	if (xfer_raw(cmd, now, cmd->canary_len, false) && memcmp(now, cmd->canary, cmd->canary_len))
		examine(cmd->dev, RULE_BUFFER_REUSED, "queue %u, command %#x: its buffer changed meanwhile",
			cmd->sq->id, cmd->sqe.cid);
	free(now);
	cmd->canary_len = 0;
}

/* All that wait, before the host takes their memory back by a reset. */
void cmd_check_canaries(struct device *dev)
{
	struct list *node;
	u32 i;

	for (i = 0; i < QUEUE_MAX; i++)
		for (node = dev->sq[i].cmds.next; node != &dev->sq[i].cmds; node = node->next)
			cmd_check_canary(container_of(node, struct cmd, node));
}

/* ---- completion ---- */

static void cmd_write_half(void *arg)
{
	struct half *half = arg;

	dma_write(&half->dev->dma, half->at, &half->cqe, 14);
	irq_raise(half->dev, half->cq->vector);
	list_del(&half->node);
	free(half);
}

/* The Phase Tag and the status come first, the rest, the command identifier included, later. */
static bool cmd_write_torn(struct device *dev, struct cq *cq, u64 at, const struct nvme_cqe *cqe, u64 us)
{
	struct half *half = zalloc(sizeof(*half));

	*half = (struct half){ .dev = dev, .cq = cq, .at = at, .cqe = *cqe };
	timer_init(&half->timer, cmd_write_half, half);
	list_add_tail(&half->node, &dev->halves);
	timer_set_us(&half->timer, us);
	return dma_write(&dev->dma, at + 14, (const u8 *)cqe + 14, 2);
}

/* The dword with the Phase Tag is written last, and at once. */
static bool cmd_write_whole(struct device *dev, u64 at, const struct nvme_cqe *cqe)
{
	if (!dma_write(&dev->dma, at, cqe, 12))
		return false;
	__atomic_thread_fence(__ATOMIC_RELEASE);
	return dma_write(&dev->dma, at + 12, (const u8 *)cqe + 12, 4);
}

void cmd_forget_halves(struct device *dev)
{
	while (!list_empty(&dev->halves)) {
		struct half *half = container_of(dev->halves.next, struct half, node);

		timer_cancel(&half->timer);
		list_del(&half->node);
		free(half);
	}
}

static bool cmd_cq_full(const struct cq *cq)
{
	return (cq->tail + 1) % cq->size == cq->head;
}

static void cmd_write(struct device *dev, struct cq *cq, const struct post *post)
{
	struct nvme_cqe cqe = post->cqe;
	u64 at = cq->base + 16ull * cq->tail;
	bool phase = cq->phase ^ post->fate.wrong_phase, ok;
	struct sq *sq = &dev->sq[post->fate.sqid];

	cqe.status = (u16)(cqe.status << 1 | phase);
	if (sq->live && sq->cq == cq && !post->fate.wrong_sqhd)
		sq->told = cqe.sqhd;
	if (post->fate.torn_us)
		ok = cmd_write_torn(dev, cq, at, &cqe, post->fate.torn_us);
	else
		ok = cmd_write_whole(dev, at, &cqe);
	if (!ok) {
		examine(dev, RULE_DMA, "completion queue %u at %#llx", cq->id, at);
		regs_fail(dev);
		return;
	}
	cq->tail = (cq->tail + 1) % cq->size;
	cq->phase ^= !cq->tail;
	if (cq->ien && !post->fate.no_interrupt)
		irq_complete(dev, cq->id, cq->vector);
}

static void cmd_post(struct device *dev, struct cq *cq, const struct post *post)
{
	struct post *copy;

	if (list_empty(&cq->waiting) && !cmd_cq_full(cq)) {
		cmd_write(dev, cq, post);
		return;
	}
	copy = zalloc(sizeof(*copy));
	*copy = *post;
	list_add_tail(&copy->node, &cq->waiting);
}

void cmd_post_waiting(struct device *dev, struct cq *cq)
{
	while (!list_empty(&cq->waiting) && !cmd_cq_full(cq)) {
		struct post *post = container_of(cq->waiting.next, struct post, node);

		list_del(&post->node);
		cmd_write(dev, cq, post);
		free(post);
	}
}

void cmd_forget_waiting(struct cq *cq)
{
	while (!list_empty(&cq->waiting)) {
		struct post *post = container_of(cq->waiting.next, struct post, node);

		list_del(&post->node);
		free(post);
	}
}

void cmd_complete(struct cmd *cmd, u32 status)
{
	const struct fate *fate = &cmd->fate;
	struct sq *sq = cmd->sq;
	struct device *dev = cmd->dev;
	struct post post = {
		.cqe = {
			.dw0 = fate->has_result ? fate->result : cmd->dw0, .dw1 = cmd->dw1,
			.sqhd = (u16)(fate->wrong_sqhd ? 0xffff : sq->head),
			.sqid = (u16)(fate->wrong_qid ? sq->id + 1 : sq->id),
			.cid = (u16)(cmd->sqe.cid ^ fate->cid_xor), .status = (u16)status,
		},
		.fate = *fate,
	};
	u32 i;

	post.fate.sqid = sq->id;
	power_busy(dev);
	sq->trusts_nothing |= fate->wrong_sqhd || fate->wrong_phase || fate->cid_xor;
	if (status && (status & 0x7ff) != SC_ABORTED)
		log_error(cmd, status);
	/* A host that has seen nothing of the end believes it to be in use; nobody may be blamed then. */
	sq->busy[cmd->sqe.cid / 8] &= (u8)~(1 << cmd->sqe.cid % 8);
	for (i = 0; i <= fate->duplicates; i++)
		cmd_post(dev, sq->cq, &post);
	cmd_free(cmd);
}

/* ---- execution ---- */

static void cmd_execute(struct cmd *cmd)
{
	u32 status;

	cmd_check_canary(cmd);
	cmd->started = true;
	if (cmd->fate.has_status)
		status = cmd->fate.status;
	else
		status = cmd->admin ? admin_execute(cmd) : io_execute(cmd);
	if (status != CMD_PENDING)
		cmd_complete(cmd, status);
}

static void cmd_delayed(void *arg)
{
	struct cmd *cmd = arg;
	struct device *dev = cmd->dev;

	/* A device that is away does not work on commands; it goes on when it is back. */
	if (regs_running(dev))
		cmd_execute(cmd);
	else
		timer_set_us(&cmd->timer, 10000);
	queue_run(dev);
}

static void cmd_begin(struct cmd *cmd)
{
	struct sq *sq = cmd->sq;
	u32 cid = cmd->sqe.cid, status;

	cmd->dev->commands++;
	cmd->asleep = power_asleep(cmd->dev);
	power_busy(cmd->dev);
	if (cid == 0xffff)
		examine(cmd->dev, RULE_CID_FFFF, "queue %u, opcode %#x", sq->id, cmd->sqe.opcode);
	if (cmd_is_busy(sq, cid)) {
		examine(cmd->dev, RULE_CID_IN_USE, "queue %u: command identifier %#x is in use", sq->id, cid);
		cmd_complete(cmd, SC_CID_CONFLICT);
		sq->busy[cid / 8] |= (u8)(1 << cid % 8);
		return;
	}
	sq->busy[cid / 8] |= (u8)(1 << cid % 8);
	status = examine_sqe(cmd);
	rule_command(cmd);
	if (status && !cmd->fate.has_status) {
		cmd->fate.has_status = true;
		cmd->fate.status = status;
	}
	if (cmd->fate.drop) {
		cmd_plant_canary(cmd);
	} else if (cmd->fate.delay_us) {
		cmd_plant_canary(cmd);
		timer_set_us(&cmd->timer, cmd->fate.delay_us);
	} else {
		cmd_execute(cmd);
	}
}

void cmd_fetch(struct device *dev, struct sq *sq)
{
	struct cmd *cmd = zalloc(sizeof(*cmd));

	cmd->dev = dev;
	cmd->sq = sq;
	cmd->admin = !sq->id;
	timer_init(&cmd->timer, cmd_delayed, cmd);
	list_add_tail(&cmd->node, &sq->cmds);
	if (!dma_read(&dev->dma, sq->base + 64ull * sq->head, &cmd->sqe, 64)) {
		examine(dev, RULE_DMA, "submission queue %u at %#llx", sq->id, sq->base);
		cmd_free(cmd);
		regs_fail(dev);
		return;
	}
	sq->head = (sq->head + 1) % sq->size;
	cmd_begin(cmd);
}

void cmd_abort_all(struct sq *sq, u32 status)
{
	while (!list_empty(&sq->cmds)) {
		struct cmd *cmd = container_of(sq->cmds.next, struct cmd, node);

		cmd_check_canary(cmd);
		cmd_complete(cmd, status);
	}
}

void cmd_forget_all(struct sq *sq)
{
	while (!list_empty(&sq->cmds))
		cmd_free(container_of(sq->cmds.next, struct cmd, node));
}
