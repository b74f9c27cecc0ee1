// SPDX-License-Identifier: GPL-2.0
/*
 * Rings: creation, deletion, doorbells and their shadows. What happens to a command is in cmd.c.
 */
#include <stdlib.h>
#include <string.h>

#include "device.h"

/* Without anything to do for so long a controller that polls goes to sleep. */
#define QUEUE_POLL_IDLE_NS	20000000ull

static void queue_poll(void *arg);
static void queue_wake(struct device *dev);

void queue_init(struct device *dev)
{
	u32 i;

	for (i = 0; i < QUEUE_MAX; i++) {
		list_init(&dev->sq[i].cmds);
		list_init(&dev->cq[i].waiting);
		dev->sq[i].dev = dev;
		dev->sq[i].id = i;
		dev->cq[i].id = i;
	}
	list_init(&dev->halves);
	timer_init(&dev->poller.timer, queue_poll, dev);
}

static void queue_open_cq(struct device *dev, u32 id, u32 size, u64 base, u32 vector, bool ien)
{
	struct cq *cq = &dev->cq[id];

	*cq = (struct cq){
		.live = true, .phase = true, .ien = ien, .id = id, .size = size, .vector = vector, .base = base,
	};
	list_init(&cq->waiting);
}

static void queue_open_sq(struct device *dev, u32 id, u32 size, u64 base, struct cq *cq)
{
	struct sq *sq = &dev->sq[id];

	memset(sq, 0, sizeof(*sq));
	sq->dev = dev;
	sq->live = true;
	sq->id = id;
	sq->size = size;
	sq->base = base;
	sq->cq = cq;
	list_init(&sq->cmds);
	cq->nr_sqs++;
}

void queue_create_admin(struct device *dev)
{
	queue_open_cq(dev, 0, (dev->regs.aqa >> 16 & 0xfff) + 1, dev->regs.acq, 0, true);
	queue_open_sq(dev, 0, (dev->regs.aqa & 0xfff) + 1, dev->regs.asq, &dev->cq[0]);
}

void queue_reset_all(struct device *dev)
{
	u32 i;

	for (i = 0; i < QUEUE_MAX; i++) {
		cmd_forget_all(&dev->sq[i]);
		cmd_forget_waiting(&dev->cq[i]);
		dev->sq[i].live = false;
		dev->cq[i].live = false;
	}
	cmd_forget_halves(dev);
	irq_forget(dev);
	dev->shadow = 0;
	dev->events_index = 0;
	timer_cancel(&dev->poller.timer);
	dev->poller.awake = false;
}

/* ---- create and delete (Base, "Create I/O Completion Queue command" and its relatives) ---- */

static u32 queue_check(struct cmd *cmd, bool exists, u32 told)
{
	struct device *dev = cmd->dev;
	u32 id = cmd->sqe.cdw[0] & 0xffff, size = (cmd->sqe.cdw[0] >> 16) + 1;

	if (!id || id > told) {
		examine(dev, RULE_QUEUE_ID, "queue %u created, ids are 1 to %u", id, told);
		return SC_QID | SF_DNR;
	}
	if (exists) {
		examine(dev, RULE_QUEUE_ID, "queue %u created, which exists", id);
		return SC_QID | SF_DNR;
	}
	if (id > dev->shape->queues)
		return SC_QID | SF_DNR;		/* it was told so */
	if (size < 2 || size > dev->shape->mqes + 1) {
		examine(dev, RULE_QUEUE_SIZE, "queue %u of %u entries, CAP.MQES is %llu", id, size, dev->shape->mqes);
		return SC_QSIZE | SF_DNR;
	}
	if (!(cmd->sqe.cdw[1] & 1)) {
		examine(dev, RULE_QUEUE_PC, "queue %u is not physically contiguous", id);
		return SC_FIELD | SF_DNR;
	}
	if (cmd->sqe.prp1 % regs_page_size(dev)) {
		examine(dev, RULE_QUEUE_BASE, "queue %u at %#llx", id, cmd->sqe.prp1);
		return SC_PRP_OFFSET | SF_DNR;
	}
	return SC_OK;
}

u32 queue_create_cq(struct cmd *cmd)
{
	struct device *dev = cmd->dev;
	u32 id = cmd->sqe.cdw[0] & 0xffff, vector = cmd->sqe.cdw[1] >> 16;
	bool ien = cmd->sqe.cdw[1] & 2;
	u32 status = queue_check(cmd, id < QUEUE_MAX && dev->cq[id].live, dev->features.cqs_told);

	if (status)
		return status;
	if (FIELD_GET(CC_IOCQES, dev->regs.cc) != 4)
		examine(dev, RULE_QUEUE_ENTRY, "completion queue with CC.IOCQES %lu",
			FIELD_GET(CC_IOCQES, dev->regs.cc));
	if (ien && vector >= irq_count(dev, pci_irq_kind(&dev->pci))) {
		examine(dev, RULE_QUEUE_VECTOR, "completion queue %u on vector %u", id, vector);
		return SC_VECTOR | SF_DNR;
	}
	queue_open_cq(dev, id, (cmd->sqe.cdw[0] >> 16) + 1, cmd->sqe.prp1, vector, ien);
	return SC_OK;
}

u32 queue_create_sq(struct cmd *cmd)
{
	struct device *dev = cmd->dev;
	u32 id = cmd->sqe.cdw[0] & 0xffff, cqid = cmd->sqe.cdw[1] >> 16;
	u32 status = queue_check(cmd, id < QUEUE_MAX && dev->sq[id].live, dev->features.sqs_told);

	if (status)
		return status;
	if (FIELD_GET(CC_IOSQES, dev->regs.cc) != 6)
		examine(dev, RULE_QUEUE_ENTRY, "submission queue with CC.IOSQES %lu",
			FIELD_GET(CC_IOSQES, dev->regs.cc));
	if (!cqid || cqid >= QUEUE_MAX || !dev->cq[cqid].live) {
		examine(dev, RULE_SQ_WITHOUT_CQ, "submission queue %u for completion queue %u", id, cqid);
		return SC_CQ_INVALID | SF_DNR;
	}
	queue_open_sq(dev, id, (cmd->sqe.cdw[0] >> 16) + 1, cmd->sqe.prp1, &dev->cq[cqid]);
	dev->sq[id].priority = cmd->sqe.cdw[1] >> 1 & 3;
	if (dev->sq[id].priority && !FIELD_GET(CC_AMS, dev->regs.cc))
		examine(dev, RULE_QUEUE_PRIORITY, "submission queue %u of priority %u, CC.AMS is 0", id,
			dev->sq[id].priority);
	return SC_OK;
}

u32 queue_delete_cq(struct cmd *cmd)
{
	struct device *dev = cmd->dev;
	u32 id = cmd->sqe.cdw[0] & 0xffff;

	if (!id || id >= QUEUE_MAX || !dev->cq[id].live) {
		examine(dev, RULE_DELETE_UNKNOWN, "completion queue %u deleted", id);
		return SC_QID | SF_DNR;
	}
	if (dev->cq[id].nr_sqs) {
		examine(dev, RULE_DELETE_ORDER, "completion queue %u deleted before its submission queues", id);
		return SC_DELETE_ORDER | SF_DNR;
	}
	cmd_forget_waiting(&dev->cq[id]);
	dev->cq[id].live = false;
	return SC_OK;
}

u32 queue_delete_sq(struct cmd *cmd)
{
	struct device *dev = cmd->dev;
	u32 id = cmd->sqe.cdw[0] & 0xffff;

	if (!id || id >= QUEUE_MAX || !dev->sq[id].live) {
		examine(dev, RULE_DELETE_UNKNOWN, "submission queue %u deleted", id);
		return SC_QID | SF_DNR;
	}
	cmd_abort_all(&dev->sq[id], SC_SQ_DELETED);
	dev->sq[id].live = false;
	dev->sq[id].cq->nr_sqs--;
	return SC_OK;
}

bool queue_has_vector(const struct device *dev, u32 vector)
{
	u32 i;

	for (i = 1; i < QUEUE_MAX; i++)
		if (dev->cq[i].live && dev->cq[i].ien && dev->cq[i].vector == vector)
			return true;
	return false;
}

u32 queue_io_count(const struct device *dev)
{
	u32 i, n = 0;

	for (i = 1; i < QUEUE_MAX; i++)
		n += dev->sq[i].live || dev->cq[i].live;
	return n;
}

/* ---- doorbells ---- */

static u32 queue_distance(u32 from, u32 to, u32 size)
{
	return (to + size - from) % size;
}

static bool queue_in_range(struct device *dev, const char *what, u32 id, u32 value, u32 size)
{
	if (value >> 16)
		examine(dev, RULE_DB_RESERVED, "%s doorbell %u written with %#x", what, id, value);
	if (value < size)
		return true;
	examine(dev, RULE_DB_RANGE, "%s doorbell %u written with %u, the queue has %u entries", what, id, value, size);
	return false;
}

static void queue_move_tail(struct device *dev, struct sq *sq, u32 tail)
{
	u32 more, room;

	if (!queue_in_range(dev, "submission", sq->id, tail, sq->size))
		return;
	more = queue_distance(sq->tail, tail, sq->size);
	room = sq->size - 1 - queue_distance(sq->told, sq->tail, sq->size);
	if (more > room && !sq->trusts_nothing)
		examine(dev, RULE_DB_FULL, "submission queue %u: %u entries more, where %u are free", sq->id, more,
			room);
	sq->tail = tail;
}

static void queue_move_head(struct device *dev, struct cq *cq, u32 head)
{
	u32 taken, there = queue_distance(cq->head, cq->tail, cq->size);

	if (!queue_in_range(dev, "completion", cq->id, head, cq->size))
		return;
	taken = queue_distance(cq->head, head, cq->size);
	if (taken > there) {
		examine(dev, RULE_DB_CQ_EMPTY, "completion queue %u: %u entries consumed, where there are %u", cq->id,
			taken, there);
		return;
	}
	cq->head = head;
	cmd_post_waiting(dev, cq);
	irq_level(dev);
}

static bool queue_may_ring(struct device *dev, bool is_cq, u32 id)
{
	const char *what = is_cq ? "completion" : "submission";

	if (!(dev->regs.cc & CC_EN) || !(dev->regs.csts & CSTS_RDY)) {
		examine(dev, RULE_DB_DISABLED, "%s doorbell %u of a controller that is not ready", what, id);
		return false;
	}
	if (FIELD_GET(CC_SHN, dev->regs.cc) && !is_cq) {
		examine(dev, RULE_AFTER_SHN, "submission doorbell %u after CC.SHN", id);
		return false;
	}
	if (!pci_bus_master(&dev->pci)) {
		examine(dev, RULE_BUS_MASTER, "%s doorbell %u without bus mastering", what, id);
		return false;
	}
	if (id >= QUEUE_MAX || !(is_cq ? dev->cq[id].live : dev->sq[id].live)) {
		examine(dev, RULE_DB_UNKNOWN, "%s doorbell %u of a queue that does not exist", what, id);
		return false;
	}
	return true;
}

void queue_doorbell(struct device *dev, u32 offset, u32 value)
{
	u32 stride = 4u << dev->shape->dstrd, index = (offset - REG_DOORBELLS) / stride, id = index / 2;
	bool is_cq = index & 1;

	if ((offset - REG_DOORBELLS) % stride) {
		examine(dev, RULE_DB_UNKNOWN, "no doorbell at %#x", offset);
		return;
	}
	dev->doorbells += id > 0;
	if (dev->regs.csts & CSTS_CFS || !queue_may_ring(dev, is_cq, id))
		return;
	if (rule_doorbell(dev, id, is_cq, value))
		return;
	/* Where there is a shadow the doorbell only says when to look there, and what it said may have been seen. */
	if (dev->shadow && id) {
		if (queue_in_range(dev, is_cq ? "completion" : "submission", id, value,
				   is_cq ? dev->cq[id].size : dev->sq[id].size)) {
			queue_wake(dev);
			queue_run(dev);
		}
		return;
	}
	if (value == (is_cq ? dev->cq[id].head : dev->sq[id].tail)) {
		examine(dev, RULE_DB_SAME, "%s doorbell %u written with %u again", is_cq ? "completion" : "submission",
			id, value);
		return;
	}
	if (is_cq)
		queue_move_head(dev, &dev->cq[id], value);
	else
		queue_move_tail(dev, &dev->sq[id], value);
	queue_run(dev);
}

/* ---- shadow doorbells (Base, "Doorbell Buffer Config command") ---- */

/* The EventIdx that asks to be told of the entry behind @at, or of none for nearly a round of the ring. */
static u32 queue_event(const struct device *dev, u32 at, u32 size)
{
	return dev->poller.awake ? (at + size - 1) % size : at;
}

static void queue_write_events(struct device *dev, u32 id, u64 at, u32 stride)
{
	const struct sq *sq = &dev->sq[id];
	const struct cq *cq = sq->cq ? sq->cq : &dev->cq[id];
	u32 tail = queue_event(dev, sq->tail, sq->size), head = queue_event(dev, cq->head, cq->size);

	dma_write(&dev->dma, dev->events_index + at, &tail, 4);
	if (cq->id == id)
		dma_write(&dev->dma, dev->events_index + at + stride, &head, 4);
}

static void queue_sync_shadow(struct device *dev, u32 id)
{
	u32 stride = 4u << dev->shape->dstrd, tail, head;
	u64 at = 2ull * id * stride;

	if (!dev->shadow || !id)
		return;
	if (!dma_read(&dev->dma, dev->shadow + at, &tail, 4) ||
	    !dma_read(&dev->dma, dev->shadow + at + stride, &head, 4)) {
		examine(dev, RULE_DMA, "shadow doorbells at %#llx", dev->shadow);
		return;
	}
	if (tail != dev->sq[id].tail)
		queue_move_tail(dev, &dev->sq[id], tail);
	if (dev->sq[id].cq && dev->sq[id].cq->id == id && head != dev->sq[id].cq->head)
		queue_move_head(dev, dev->sq[id].cq, head);
	/* Ask to be told of the next entry; then look again, since it may have been made before that was seen. */
	queue_write_events(dev, id, at, stride);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	if (dma_read(&dev->dma, dev->shadow + at, &tail, 4) && tail != dev->sq[id].tail)
		queue_move_tail(dev, &dev->sq[id], tail);
}

/* There is something to do: look by itself from now on. */
static void queue_wake(struct device *dev)
{
	if (!dev->shape->poll_us || dev->poller.awake)
		return;
	dev->poller.awake = true;
	dev->poller.busy_ns = time_ns();
	timer_set_us(&dev->poller.timer, dev->shape->poll_us);
}

static bool queue_is_busy(const struct device *dev)
{
	u32 i;

	for (i = 1; i < QUEUE_MAX; i++)
		if (!list_empty(&dev->sq[i].cmds) || !list_empty(&dev->cq[i].waiting))
			return true;
	return dev->commands != dev->poller.commands;
}

/*
 * After a while without anything it goes to sleep: it asks to be told of the next entry, and looks once more. What it
 * finds then keeps it awake.
 */
static void queue_poll(void *arg)
{
	struct device *dev = arg;
	struct poller *poller = &dev->poller;

	queue_run(dev);
	if (!queue_is_busy(dev) && time_ns() - poller->busy_ns > QUEUE_POLL_IDLE_NS) {
		poller->awake = false;
		queue_run(dev);
	}
	if (queue_is_busy(dev)) {
		poller->commands = dev->commands;
		poller->busy_ns = time_ns();
		poller->awake = true;
	}
	if (poller->awake)
		timer_set_us(&poller->timer, dev->shape->poll_us);
}

/* ---- work ---- */

void queue_run(struct device *dev)
{
	bool more = true;
	u32 i;

	if (dev->in_run) {
		dev->run_again = true;
		return;
	}
	dev->in_run = true;
	while (more && regs_running(dev)) {
		more = dev->run_again;
		dev->run_again = false;
		for (i = 0; i < QUEUE_MAX && regs_running(dev); i++) {
			struct sq *sq = &dev->sq[i];

			if (!sq->live)
				continue;
			queue_sync_shadow(dev, i);
			if (sq->head == sq->tail)
				continue;
			cmd_fetch(dev, sq);
			more = true;
		}
	}
	dev->run_again = false;
	dev->in_run = false;
}

struct cmd *queue_find(struct device *dev, u32 sqid, u32 cid)
{
	struct list *node;

	if (sqid >= QUEUE_MAX || !dev->sq[sqid].live)
		return NULL;
	for (node = dev->sq[sqid].cmds.next; node != &dev->sq[sqid].cmds; node = node->next) {
		struct cmd *cmd = container_of(node, struct cmd, node);

		if (cmd->sqe.cid == cid)
			return cmd;
	}
	return NULL;
}

bool queue_wants_intx(const struct device *dev)
{
	u32 i;

	if (dev->regs.intm & 1 || dev->regs.silent)
		return false;
	for (i = 0; i < QUEUE_MAX; i++)
		if (dev->cq[i].live && dev->cq[i].ien && dev->cq[i].head != dev->cq[i].tail)
			return true;
	return false;
}
