// SPDX-License-Identifier: GPL-2.0
/*
 * A record is put together in one piece of memory, whose size is known before: for each queue the last entries of both
 * rings, and what is in flight. What happens meanwhile may be seen in part; nothing of it is believed, only shown.
 *
 * When a reset begins that nobody has asked for it is given to the kernel's devcoredump, which keeps one for a device
 * until somebody lets go of it or five minutes are over, and then takes the next.
 */
#include <linux/debugfs.h>
#include <linux/devcoredump.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/sched/mm.h>
#include <linux/timekeeping.h>
#include <linux/utsname.h>
#include <linux/vmalloc.h>
#include <onvme/uapi.h>

#include "admin.h"
#include "class.h"
#include "ctrl.h"
#include "fault.h"
#include "proto/status.h"

#define ONVME_FLIGHT_ENTRIES	256u	/* of each ring, at most */
#define ONVME_FLIGHT_AHEAD	16u	/* of these, completions that nobody has taken yet */
#define ONVME_FLIGHT_BUSY	256u	/* commands in flight of a queue, at most */
#define ONVME_FLIGHT_NAMES_MOST	512u
#define ONVME_FLIGHT_MOST	(32u << 20)	/* bytes of a record */

static_assert(sizeof(struct onvme_flight_info) == 352);
static_assert(sizeof(struct onvme_flight_state) == 80);
static_assert(sizeof(struct onvme_flight_queue) == 64);
static_assert(sizeof(struct onvme_flight_sqe) == 72);
static_assert(sizeof(struct onvme_flight_cqe) == 24);
static_assert(sizeof(struct onvme_flight_busy) == 80);
static_assert(sizeof(struct onvme_flight_name) == 48);

/* A record that is being made */
struct onvme_flight_pen {
	void	*buf;
	size_t	size;
	size_t	len;
};

/* Room in the record, zeroed; NULL: there is none, and the record ends before. */
static void *onvme_flight_take(struct onvme_flight_pen *pen, size_t len)
{
	void *at = pen->buf + pen->len;

	if (len > pen->size - pen->len)
		return NULL;
	memset(at, 0, len);
	pen->len += len;
	return at;
}

/* Parts are padded, so that all of them are aligned. */
static struct onvme_flight_part *onvme_flight_begin(struct onvme_flight_pen *pen, u32 kind)
{
	struct onvme_flight_part *part = onvme_flight_take(pen, sizeof(*part));

	if (part)
		part->kind = cpu_to_le32(kind);
	return part;
}

static void onvme_flight_end(struct onvme_flight_pen *pen, struct onvme_flight_part *part)
{
	size_t len = pen->buf + pen->len - (void *)(part + 1);

	onvme_flight_take(pen, ALIGN(len, 8) - len);
	part->len = cpu_to_le32(ALIGN(len, 8));
}

static void onvme_flight_pci(struct onvme_ctrl *ctrl, struct onvme_flight_info *info)
{
	struct pci_dev *pdev = ctrl->hw.pdev;
	int aer = pci_find_ext_capability(pdev, PCI_EXT_CAP_ID_ERR);
	u32 value = 0;
	u16 word = 0;

	pci_read_config_dword(pdev, PCI_COMMAND, &value);
	info->pci_command_status = cpu_to_le32(value);
	pcie_capability_read_word(pdev, PCI_EXP_DEVSTA, &word);
	info->device_status = cpu_to_le16(word);
	pcie_capability_read_word(pdev, PCI_EXP_LNKSTA, &word);
	info->link_status = cpu_to_le16(word);
	if (!aer)
		return;
	pci_read_config_dword(pdev, aer + PCI_ERR_UNCOR_STATUS, &value);
	info->aer_uncorrectable = cpu_to_le32(value);
	pci_read_config_dword(pdev, aer + PCI_ERR_COR_STATUS, &value);
	info->aer_correctable = cpu_to_le32(value);
}

static void onvme_flight_counters(struct onvme_counters *counters, struct onvme_flight_info *info)
{
	info->resets = cpu_to_le32((u32)atomic_read(&counters->resets));
	info->timeouts = cpu_to_le32((u32)atomic_read(&counters->timeouts));
	info->aborts = cpu_to_le32((u32)atomic_read(&counters->aborts));
	info->errors = cpu_to_le32((u32)atomic_read(&counters->errors));
	info->retries = cpu_to_le32((u32)atomic_read(&counters->retries));
	info->bogus = cpu_to_le32((u32)atomic_read(&counters->bogus));
	info->findings = cpu_to_le32((u32)atomic_read(&counters->findings));
}

/* Last of all, so that nothing in the record is later. */
static void onvme_flight_now(struct onvme_ctrl *ctrl, struct onvme_flight_info *info)
{
	u64 count = onvme_stamp_count();

	info->realtime_ns = cpu_to_le64(ktime_get_real_ns());
	info->boot_ns = cpu_to_le64(ktime_get_boottime_ns());
	info->stamp = cpu_to_le64(count);
	info->stamps = cpu_to_le64(count - ctrl->clock.base);
	info->stamps_ns = cpu_to_le64(ktime_get_boottime_ns() - ctrl->clock.base_ns);
}

/* Returns the description; NULL: there was no room for it. */
static struct onvme_flight_info *onvme_flight_info(struct onvme_ctrl *ctrl, struct onvme_flight_pen *pen,
						   const char *cause, bool there)
{
	struct onvme_flight_part *part = onvme_flight_begin(pen, ONVME_FLIGHT_INFO);
	struct onvme_flight_info *info = part ? onvme_flight_take(pen, sizeof(*info)) : NULL;
	const struct onvme_caps *caps = onvme_ctrl_caps(ctrl);
	struct onvme_hw_regs regs;

	if (!info)
		return NULL;
	onvme_hw_read_regs(&ctrl->hw, there, &regs);
	info->cap = cpu_to_le64(regs.cap);
	info->vs = cpu_to_le32(regs.vs);
	info->cc = cpu_to_le32(regs.cc);
	info->csts = cpu_to_le32(regs.csts);
	info->aqa = cpu_to_le32(regs.aqa);
	onvme_flight_pci(ctrl, info);
	onvme_flight_counters(&ctrl->counters, info);
	strscpy(info->device, dev_name(&ctrl->dev), sizeof(info->device));
	strscpy(info->function, pci_name(ctrl->hw.pdev), sizeof(info->function));
	if (caps) {
		strscpy(info->model, caps->mn, sizeof(info->model));
		strscpy(info->firmware, caps->fr, sizeof(info->firmware));
	}
	strscpy(info->state, onvme_fsm_state_text(onvme_ctrl_state(ctrl)), sizeof(info->state));
	strscpy(info->cause, cause, sizeof(info->cause));
	strscpy(info->kernel, init_utsname()->release, sizeof(info->kernel));
	strscpy(info->driver, ONVME_VERSION, sizeof(info->driver));
	onvme_flight_end(pen, part);
	return info;
}

static void onvme_flight_states(struct onvme_flight *flight, struct onvme_flight_pen *pen)
{
	struct onvme_flight_part *part = onvme_flight_begin(pen, ONVME_FLIGHT_STATES);
	struct onvme_flight_state *state;
	unsigned long irqs;
	unsigned int i;

	if (!part)
		return;
	spin_lock_irqsave(&flight->lock, irqs);
	i = flight->count > ONVME_FLIGHT_CHANGES ? flight->count - ONVME_FLIGHT_CHANGES : 0;
	for (; i != flight->count; i++) {
		const struct onvme_flight_change *change = &flight->changes[i % ONVME_FLIGHT_CHANGES];

		state = onvme_flight_take(pen, sizeof(*state));
		if (!state)
			break;
		state->boot_ns = cpu_to_le64(change->boot_ns);
		strscpy(state->from, onvme_fsm_state_text(change->from), sizeof(state->from));
		strscpy(state->event, onvme_fsm_event_text(change->event), sizeof(state->event));
		strscpy(state->to, onvme_fsm_state_text(change->to), sizeof(state->to));
		memcpy(state->cause, change->cause, sizeof(state->cause));
	}
	spin_unlock_irqrestore(&flight->lock, irqs);
	onvme_flight_end(pen, part);
}

/* Whether the submission ring is memory of the controller: that may take long to read, or be gone. */
static bool onvme_flight_in_cmb(const struct onvme_ctrl *ctrl, const struct onvme_queue *q)
{
	unsigned long mem = (unsigned long)ctrl->ioq.cmb.mem, sq = (unsigned long)q->sq;

	return mem && sq >= mem && sq - mem < ctrl->ioq.cmb.len;
}

static struct onvme_flight_sqe *onvme_flight_sq(struct onvme_queue *q, struct onvme_flight_pen *pen,
						struct onvme_flight_queue *out)
{
	u32 count = min(q->depth, ONVME_FLIGHT_ENTRIES), i;
	struct onvme_flight_sqe *sqe = onvme_flight_take(pen, count * sizeof(*sqe));
	u32 first;

	if (!sqe)
		return NULL;
	first = (q->sq_tail + q->depth - count) % q->depth;
	out->sq_first = cpu_to_le32(first);
	out->sq_count = cpu_to_le32(count);
	for (i = 0; i < count; i++) {
		u32 at = (first + i) % q->depth;

		memcpy(sqe[i].sqe, &q->sq[at], sizeof(sqe[i].sqe));
	}
	return sqe;
}

/* A command of the submission ring, by its identifier: of equal ones the last whose time is not known yet, or NULL */
static struct onvme_flight_sqe *onvme_flight_last(struct onvme_flight_sqe *sqe, u32 count, __le16 cid)
{
	u32 i;

	for (i = count; i--;)
		if (!sqe[i].posted && !memcmp(sqe[i].sqe + offsetof(struct onvme_sqe, cid), &cid, sizeof(cid)))
			return &sqe[i];
	return NULL;
}

/* What a slot is used for is in flight: it was posted when its command says. Its memory is not freed meanwhile. */
static void onvme_flight_posted(struct onvme_queue *q, struct onvme_flight_sqe *sqe, u32 count)
{
	struct onvme_flight_sqe *found;
	struct request *rq;
	u32 i;

	for (i = 0; i < q->depth; i++) {
		rq = READ_ONCE(q->slots[i]);
		if (!rq || READ_ONCE(onvme_pdu(rq)->flags) & ONVME_PDU_LANE)
			continue;
		found = onvme_flight_last(sqe, count, READ_ONCE(onvme_pdu(rq)->sqe.cid));
		if (found)
			found->posted = cpu_to_le64(READ_ONCE(onvme_pdu(rq)->posted));
	}
	found = q->qid ? NULL : onvme_flight_last(sqe, count, cpu_to_le16(ONVME_AER_CID));
	if (found)
		found->posted = cpu_to_le64(q->ctrl->aen.posted);
}

/*
 * All others have ended: the last completion of an identifier is that of its last command, and so on. It tells when
 * that was posted.
 */
static void onvme_flight_ended(struct onvme_queue *q, struct onvme_flight_sqe *sqe, u32 count)
{
	u32 at = READ_ONCE(q->cq_head), i;

	for (i = 1; i < q->depth; i++) {
		const struct onvme_taken *taken;
		struct onvme_flight_sqe *found;

		at = onvme_ring_back(at, 1, q->depth);
		taken = &q->taken[at];
		if (!taken->at || taken->took == ONVME_STAMP_NONE || le16_to_cpu(READ_ONCE(q->cq[at].sqid)) != q->qid)
			continue;
		found = onvme_flight_last(sqe, count, READ_ONCE(q->cq[at].cid));
		if (found)
			found->posted = cpu_to_le64(taken->at - taken->took);
	}
}

static void onvme_flight_cq(struct onvme_queue *q, struct onvme_flight_pen *pen, struct onvme_flight_queue *out)
{
	u32 count = min(q->depth, ONVME_FLIGHT_ENTRIES), i;
	u32 ahead = min(q->depth / 2, ONVME_FLIGHT_AHEAD);
	struct onvme_flight_cqe *cqe = onvme_flight_take(pen, count * sizeof(*cqe));
	u32 head = READ_ONCE(q->cq_head);
	u32 first = (head + ahead + q->depth - count) % q->depth;

	if (!cqe)
		return;
	out->cq_head = cpu_to_le32(head);
	out->cq_phase = cpu_to_le32(READ_ONCE(q->cq_phase));
	out->cq_first = cpu_to_le32(first);
	out->cq_count = cpu_to_le32(count);
	for (i = 0; i < count; i++) {
		u32 at = (first + i) % q->depth;

		cqe[i].taken = cpu_to_le64(q->taken[at].at);
		memcpy(cqe[i].cqe, &q->cq[at], sizeof(cqe[i].cqe));
	}
}

/* What is in flight of a queue, while it is gathered */
struct onvme_flight_gather {
	struct onvme_queue		*q;
	struct onvme_flight_pen		*pen;
	u32				count;
};

/* The block layer holds a reference meanwhile, so that it cannot become another request's memory. */
static bool onvme_flight_one(struct request *rq, void *data)
{
	struct onvme_flight_gather *gather = data;
	const struct onvme_pdu *pdu = onvme_pdu(rq);
	struct onvme_flight_busy *busy;
	unsigned long begun;

	if (onvme_rq_queue(rq) != gather->q)
		return true;
	busy = gather->count < ONVME_FLIGHT_BUSY ? onvme_flight_take(gather->pen, sizeof(*busy)) : NULL;
	if (!busy)
		return false;
	begun = READ_ONCE(rq->deadline) - READ_ONCE(rq->timeout);
	busy->age_ms = cpu_to_le32(jiffies_to_msecs(jiffies - begun));
	busy->timeout_ms = cpu_to_le32(jiffies_to_msecs(READ_ONCE(rq->timeout)));
	busy->slot = cpu_to_le16(onvme_cid_tag(le16_to_cpu(pdu->sqe.cid)));
	busy->tries = cpu_to_le16(pdu->tries);
	busy->flags = cpu_to_le32((pdu->late ? ONVME_FLIGHT_LATE : 0) | (pdu->aborted ? ONVME_FLIGHT_ABORTED : 0));
	memcpy(busy->sqe, &pdu->sqe, sizeof(busy->sqe));
	gather->count++;
	return true;
}

static void onvme_flight_busy(struct onvme_queue *q, struct onvme_flight_pen *pen, struct onvme_flight_queue *out)
{
	struct onvme_flight_gather gather = { .q = q, .pen = pen };

	if (!q->qid && q->ctrl->blk.admin_q)
		blk_mq_tagset_busy_iter(&q->ctrl->blk.admin_set, onvme_flight_one, &gather);
	else if (q->qid && q->ctrl->blk.io_q)
		onvme_blk_for_sets(q->ctrl, onvme_flight_one, &gather);
	out->busy_count = cpu_to_le32(gather.count);
}

static void onvme_flight_queue(struct onvme_ctrl *ctrl, struct onvme_queue *q, struct onvme_flight_pen *pen)
{
	struct onvme_flight_part *part = onvme_flight_begin(pen, ONVME_FLIGHT_QUEUE);
	struct onvme_flight_queue *out = part ? onvme_flight_take(pen, sizeof(*out)) : NULL;
	bool cmb = onvme_flight_in_cmb(ctrl, q);
	struct onvme_flight_sqe *sqe = NULL;

	if (!out)
		return;
	out->qid = cpu_to_le32(q->qid);
	out->depth = cpu_to_le32(q->depth);
	out->vector = cpu_to_le32(q->vector);
	out->flags = cpu_to_le32((test_bit(ONVME_Q_LIVE, &q->flags) ? ONVME_FLIGHT_Q_LIVE : 0) |
				 (test_bit(ONVME_Q_POLLED, &q->flags) ? ONVME_FLIGHT_Q_POLLED : 0) |
				 (cmb ? ONVME_FLIGHT_Q_CMB : 0));
	out->cpu = cpu_to_le32((u32)onvme_queue_irq_cpu(q) + 1);
	out->lost = cpu_to_le32((u32)atomic_read(&q->watch.lost));
	out->late = cpu_to_le32((u32)atomic_read(&q->watch.late));
	spin_lock(&q->sq_lock);
	out->sq_tail = cpu_to_le32(q->sq_tail);
	out->sq_rung = cpu_to_le32(q->sq_rung);
	if (!cmb)
		sqe = onvme_flight_sq(q, pen, out);
	spin_unlock(&q->sq_lock);
	if (sqe) {
		onvme_flight_posted(q, sqe, le32_to_cpu(out->sq_count));
		onvme_flight_ended(q, sqe, le32_to_cpu(out->sq_count));
	}
	onvme_flight_cq(q, pen, out);
	onvme_flight_busy(q, pen, out);
	onvme_flight_end(pen, part);
}

static void onvme_flight_name(struct onvme_flight_pen *pen, u16 what, u16 code, const char *text)
{
	struct onvme_flight_name *name;

	if (!strcmp(text, "Unknown") || !strcmp(text, "Vendor Specific"))
		return;
	name = onvme_flight_take(pen, sizeof(*name));
	if (!name)
		return;
	name->what = cpu_to_le16(what);
	name->code = cpu_to_le16(code);
	strscpy(name->text, text, sizeof(name->text));
}

/* A record is read by tools of another age: it brings its own names. */
static void onvme_flight_names(struct onvme_flight_pen *pen)
{
	struct onvme_flight_part *part = onvme_flight_begin(pen, ONVME_FLIGHT_NAMES);
	u16 i;

	if (!part)
		return;
	for (i = 0; i < 256; i++) {
		onvme_flight_name(pen, ONVME_FLIGHT_NVM, i, onvme_opcode_text(false, (u8)i));
		onvme_flight_name(pen, ONVME_FLIGHT_ADMIN, i, onvme_opcode_text(true, (u8)i));
	}
	for (i = 0; i < 1 << 11; i++)
		onvme_flight_name(pen, ONVME_FLIGHT_STATUS, i, onvme_status_text(i));
	onvme_flight_end(pen, part);
}

static size_t onvme_flight_room(const struct onvme_ctrl *ctrl)
{
	size_t room = sizeof(struct onvme_flight_head) + 4 * sizeof(struct onvme_flight_part) +
		      sizeof(struct onvme_flight_info) + ONVME_FLIGHT_CHANGES * sizeof(struct onvme_flight_state) +
		      ONVME_FLIGHT_NAMES_MOST * sizeof(struct onvme_flight_name);
	unsigned int i;

	for (i = 0; i < ctrl->nr_queues; i++) {
		u32 depth = ctrl->queues[i].sq ? ctrl->queues[i].depth : 0;

		if (!depth)
			continue;
		room += sizeof(struct onvme_flight_part) + sizeof(struct onvme_flight_queue);
		room += (size_t)min(depth, ONVME_FLIGHT_ENTRIES) *
			(sizeof(struct onvme_flight_sqe) + sizeof(struct onvme_flight_cqe));
		room += (size_t)min(depth, ONVME_FLIGHT_BUSY) * sizeof(struct onvme_flight_busy);
	}
	return min_t(size_t, room, ONVME_FLIGHT_MOST);
}

/*
 * Caller holds life. NULL: memory is short. It may be short because this very disk does not take it, so nothing is
 * waited for, and nothing taken that others are about to need.
 */
static void *onvme_flight_make(struct onvme_ctrl *ctrl, const char *cause, size_t *len)
{
	struct onvme_flight_pen pen = { .size = onvme_flight_room(ctrl) };
	struct onvme_flight_head *head;
	struct onvme_flight_info *info;
	unsigned int i, noio;
	bool there;

	lockdep_assert_held(&ctrl->life);
	if (si_mem_available() < (long)(8 * (pen.size >> PAGE_SHIFT)))
		return NULL;
	noio = memalloc_noio_save();
	pen.buf = ONVME_ALLOC(__vmalloc(pen.size, GFP_KERNEL | __GFP_NOWARN));
	memalloc_noio_restore(noio);
	if (!pen.buf)
		return NULL;
	there = ctrl->hw.bar && !pci_channel_offline(ctrl->hw.pdev) && pci_device_is_present(ctrl->hw.pdev);
	head = onvme_flight_take(&pen, sizeof(*head));
	info = onvme_flight_info(ctrl, &pen, cause, there);
	onvme_flight_states(&ctrl->flight, &pen);
	for (i = 0; i < ctrl->nr_queues; i++)
		if (ctrl->queues[i].sq)
			onvme_flight_queue(ctrl, &ctrl->queues[i], &pen);
	onvme_flight_names(&pen);
	if (info)
		onvme_flight_now(ctrl, info);
	memcpy(head->magic, ONVME_FLIGHT_MAGIC, sizeof(head->magic));
	head->version = cpu_to_le32(ONVME_FLIGHT_VERSION);
	head->len = cpu_to_le32((u32)pen.len);
	*len = pen.len;
	return pen.buf;
}

/* Why the state is what it is */
static void onvme_flight_cause(struct onvme_flight *flight, char *cause, size_t size)
{
	unsigned long irqs;

	spin_lock_irqsave(&flight->lock, irqs);
	strscpy(cause, flight->count ? flight->changes[(flight->count - 1) % ONVME_FLIGHT_CHANGES].cause : "", size);
	spin_unlock_irqrestore(&flight->lock, irqs);
}

/**
 * onvme_flight_record() - something went wrong: keep what is known of it
 * @ctrl: the controller, before its queues are torn down. Caller holds ctrl.life
 *
 * Without memory, or without the kernel's devcoredump, there is no record and nothing else changes. Process context.
 */
void onvme_flight_record(struct onvme_ctrl *ctrl)
{
	char cause[36];
	void *record;
	size_t len;

	if (!IS_ENABLED(CONFIG_DEV_COREDUMP))
		return;
	onvme_flight_cause(&ctrl->flight, cause, sizeof(cause));
	record = onvme_flight_make(ctrl, cause, &len);
	if (!record) {
		dev_info_ratelimited(&ctrl->dev, "no memory for a flight record\n");
		return;
	}
	/* By the function: who has not read it yet keeps that, and not us. */
	dev_coredumpv(&ctrl->hw.pdev->dev, record, len, GFP_KERNEL);
	dev_info_ratelimited(&ctrl->dev, "flight record (%s), unless an earlier one is there: /sys/bus/pci/devices/%s/devcoredump/data\n",
			     cause, pci_name(ctrl->hw.pdev));
}

/**
 * onvme_flight_note() - the state has changed
 * @ctrl: the controller
 * @from: state before
 * @event: what happened
 * @to: state since
 * @cause: why
 *
 * Any context.
 */
void onvme_flight_note(struct onvme_ctrl *ctrl, enum onvme_state from, enum onvme_event event, enum onvme_state to,
		       const char *cause)
{
	struct onvme_flight *flight = &ctrl->flight;
	struct onvme_flight_change *change;
	unsigned long irqs;

	spin_lock_irqsave(&flight->lock, irqs);
	change = &flight->changes[flight->count++ % ONVME_FLIGHT_CHANGES];
	change->boot_ns = ktime_get_boottime_ns();
	change->from = from;
	change->event = event;
	change->to = to;
	strscpy_pad(change->cause, cause, sizeof(change->cause));
	spin_unlock_irqrestore(&flight->lock, irqs);
}

/* ---- a record whenever somebody wants one ---- */

struct onvme_flight_file {
	void	*record;
	size_t	len;
};

static int onvme_flight_open(struct inode *inode, struct file *file)
{
	struct onvme_ctrl *ctrl = inode->i_private;
	struct onvme_flight_file *f = kzalloc(sizeof(*f), GFP_KERNEL);

	if (!f)
		return -ENOMEM;
	/* A reset under way holds it for as long as a controller takes. */
	if (mutex_lock_interruptible(&ctrl->life)) {
		kfree(f);
		return -EINTR;
	}
	f->record = onvme_flight_make(ctrl, "asked for", &f->len);
	mutex_unlock(&ctrl->life);
	if (!f->record) {
		kfree(f);
		return -ENOMEM;
	}
	file->private_data = f;
	return 0;
}

static ssize_t onvme_flight_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	const struct onvme_flight_file *f = file->private_data;

	return simple_read_from_buffer(buf, count, pos, f->record, f->len);
}

static int onvme_flight_release(struct inode *inode, struct file *file)
{
	struct onvme_flight_file *f = file->private_data;

	vfree(f->record);
	kfree(f);
	return 0;
}

static const struct file_operations onvme_flight_fops = {
	.owner		= THIS_MODULE,
	.open		= onvme_flight_open,
	.read		= onvme_flight_read,
	.llseek		= default_llseek,
	.release	= onvme_flight_release,
};

/**
 * onvme_flight_expose() - the file flight in the controller's folder in debugfs
 * @ctrl: the controller; registered
 *
 * Process context.
 */
void onvme_flight_expose(struct onvme_ctrl *ctrl)
{
	debugfs_create_file("flight", 0400, ctrl->debugfs, ctrl, &onvme_flight_fops);
}

/**
 * onvme_flight_init() - nothing has happened yet
 * @ctrl: a new controller
 */
void onvme_flight_init(struct onvme_ctrl *ctrl)
{
	spin_lock_init(&ctrl->flight.lock);
}
