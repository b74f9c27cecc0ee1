// SPDX-License-Identifier: GPL-2.0
/*
 * Base, "Controller Memory Buffer". Each bring-up enables it anew and gives it to as many submission queues as it has
 * room for; the others stay in the memory of the host, as all do when the buffer is not there any more after a reset.
 *
 * It is mapped uncached: stores reach the controller in their order and before the doorbell, whichever CPU rings it for
 * commands that others have posted. Stores that may be combined would need a barrier in front of each unlock.
 */
#include <linux/pci.h>
#include <linux/slab.h>

#include "cmb.h"
#include "ctrl.h"
#include "fault.h"
#include "param.h"

static bool onvme_cmb_wanted = true;
module_param_named(use_cmb_sqes, onvme_cmb_wanted, bool, 0444);
MODULE_PARM_DESC(use_cmb_sqes, "submission queues in the memory of the controller, where it has some for them (Y)");

static size_t onvme_cmb_ring_bytes(const struct onvme_ctrl *ctrl)
{
	return ALIGN(ctrl->depth * sizeof(struct onvme_sqe), ONVME_PAGE_SIZE);
}

static bool onvme_cmb_overlap(u64 start, u64 len, u64 other, u64 other_len)
{
	return start < other + other_len && other < start + len;
}

/* Whether registers, or the table of vectors, lie where the controller says that its buffer is. */
static bool onvme_cmb_is_taken(struct onvme_ctrl *ctrl, unsigned int bar, u64 offset, u64 len)
{
	static const u8 at[] = { PCI_MSIX_TABLE, PCI_MSIX_PBA };
	struct pci_dev *pdev = ctrl->hw.pdev;
	u64 table_len = (u64)max(pci_msix_vec_count(pdev), 0) * PCI_MSIX_ENTRY_SIZE;
	unsigned int i, queues = onvme_wrr_sqs(ctrl, ctrl->nr_queues);
	u32 where;

	if (!bar && onvme_cmb_overlap(offset, len, 0, onvme_hw_doorbells_end(&ctrl->hw, queues)))
		return true;
	for (i = 0; pdev->msix_cap && i < ARRAY_SIZE(at); i++) {
		if (pci_read_config_dword(pdev, pdev->msix_cap + at[i], &where))
			return true;
		if ((where & PCI_MSIX_TABLE_BIR) == bar &&
		    onvme_cmb_overlap(offset, len, where & PCI_MSIX_TABLE_OFFSET, table_len))
			return true;
	}
	return false;
}

/* Where the buffer is, if it is anywhere. */
static bool onvme_cmb_find(struct onvme_ctrl *ctrl, unsigned int *bar, u64 *offset, u64 *len)
{
	struct onvme_finding finding = { .count = 1, .what = "CMBLOC", .value = ctrl->hw.cmbloc };
	struct onvme_hw *hw = &ctrl->hw;
	u64 bar_len = 0;

	*bar = hw->cmbloc & ONVME_CMBLOC_BIR;
	if (*bar < PCI_STD_NUM_BARS && pci_resource_flags(hw->pdev, *bar) & IORESOURCE_MEM)
		bar_len = pci_resource_len(hw->pdev, *bar);
	if (onvme_policy_cmb_place(hw->cmbloc, hw->cmbsz, bar_len, offset, len) &&
	    !onvme_cmb_is_taken(ctrl, *bar, *offset, *len))
		return true;
	onvme_observe_finding(&ctrl->dev, &ctrl->counters, &finding, "Controller Memory Buffer");
	return false;
}

/* Nobody posts: no I/O queue is live. */
static void onvme_cmb_unmap(struct onvme_ctrl *ctrl)
{
	struct onvme_cmb *cmb = &ctrl->ioq.cmb;
	unsigned int i;

	for (i = 1; i < ctrl->nr_queues; i++)
		onvme_cmb_detach(ctrl, &ctrl->queues[i]);
	if (cmb->mem)
		iounmap(cmb->mem);
	cmb->mem = NULL;
	cmb->len = 0;
}

/* What was mapped for the last bring-up will do if it is the same. */
static bool onvme_cmb_map(struct onvme_ctrl *ctrl, resource_size_t start, size_t len)
{
	struct onvme_cmb *cmb = &ctrl->ioq.cmb;

	if (cmb->mem && cmb->start == start && cmb->len == len)
		return true;
	onvme_cmb_unmap(ctrl);
	if (!cmb->rings)
		cmb->rings = ONVME_ALLOC(kvcalloc(ctrl->nr_queues, sizeof(*cmb->rings), GFP_KERNEL));
	if (!cmb->rings)
		return false;
	cmb->mem = ONVME_ALLOC(ioremap(start, len));
	cmb->start = start;
	cmb->len = cmb->mem ? len : 0;
	return cmb->mem;
}

/* Rings of its own that the buffer is to hold: bytes. What others have been offered it is not to hold. */
static u64 onvme_cmb_wants(struct onvme_ctrl *ctrl, u64 offset, u64 len)
{
	const struct onvme_p2p *p2p = &ctrl->ioq.cmb.p2p;
	u64 most = onvme_cmb_ring_bytes(ctrl) * ctrl->ioq.plan.nr_io;

	if (!onvme_cmb_wanted || !onvme_policy_cmb_takes_sqs(ctrl->hw.cmbsz))
		return 0;
	if (p2p->len)
		len = p2p->offset > offset ? min(len, p2p->offset - offset) : 0;
	return min(len, most);
}

static bool onvme_cmb_is_of_use(struct onvme_ctrl *ctrl)
{
	return (onvme_cmb_wanted && onvme_policy_cmb_takes_sqs(ctrl->hw.cmbsz)) ||
	       (onvme_p2p_wanted(&ctrl->hw.pdev->dev) && onvme_policy_cmb_takes_data(ctrl->hw.cmbsz));
}

/* Others go on to use what they were offered; when it is not there any more, that is all that can be said. */
static bool onvme_cmb_has_moved(struct onvme_ctrl *ctrl, unsigned int bar, u64 offset, u64 len)
{
	const struct onvme_p2p *p2p = &ctrl->ioq.cmb.p2p;

	return p2p->len && (bar != p2p->bar || offset > p2p->offset || offset + len < p2p->offset + p2p->len);
}

/**
 * onvme_cmb_start() - enable the controller memory buffer, for submission queues, and offer the rest of it to others
 * @ctrl: the controller; no I/O queue exists. Caller holds ctrl.life
 *
 * As far as it takes them and the user wants it. Without it, or without memory, submission queues are where they always
 * were. Process context.
 */
void onvme_cmb_start(struct onvme_ctrl *ctrl)
{
	struct onvme_cmb *cmb = &ctrl->ioq.cmb;
	struct pci_dev *pdev = ctrl->hw.pdev;
	u64 offset, len, rings;
	unsigned int bar;

	cmb->on = false;
	cmb->used = 0;
	if (!ctrl->ioq.plan.nr_io || !onvme_cmb_is_of_use(ctrl) || !onvme_cmb_find(ctrl, &bar, &offset, &len))
		return;
	if (onvme_cmb_has_moved(ctrl, bar, offset, len))
		dev_warn(&ctrl->dev, "controller memory that was offered is not there any more\n");
	rings = onvme_cmb_wants(ctrl, offset, len);
	if (!rings || !onvme_cmb_map(ctrl, pci_resource_start(pdev, bar) + offset, rings)) {
		onvme_cmb_unmap(ctrl);
		rings = 0;
	}
	cmb->bus = pci_bus_address(pdev, bar) + offset;
	cmb->on = onvme_hw_cmb_on(&ctrl->hw, cmb->bus);
	if (cmb->on && onvme_p2p_wanted(&pdev->dev) && onvme_policy_cmb_takes_data(ctrl->hw.cmbsz))
		onvme_p2p_offer(ctrl, &cmb->p2p, bar, offset + rings, len - rings);
}

/**
 * onvme_cmb_attach() - put the submission ring of a queue into the buffer, if there is room for it
 * @ctrl: the controller. Caller holds ctrl.life
 * @q: an I/O queue with memory of the host, empty and unknown to the controller
 */
void onvme_cmb_attach(struct onvme_ctrl *ctrl, struct onvme_queue *q)
{
	struct onvme_cmb *cmb = &ctrl->ioq.cmb;
	size_t bytes = onvme_cmb_ring_bytes(ctrl), at = (q->qid - 1) * bytes;

	if (!cmb->on || at + bytes > cmb->len)
		return;
	cmb->rings[q->qid] = (struct onvme_cmb_ring){ q->sq, q->sq_dma };
	WRITE_ONCE(q->sq, (__force struct onvme_sqe *)(cmb->mem + at));
	q->sq_dma = cmb->bus + at;
	cmb->used++;
}

/**
 * onvme_cmb_detach() - give a queue its ring in the memory of the host back
 * @ctrl: the controller. Caller holds ctrl.life
 * @q: an I/O queue, unknown to the controller and not live
 *
 * Idempotent.
 */
void onvme_cmb_detach(struct onvme_ctrl *ctrl, struct onvme_queue *q)
{
	struct onvme_cmb_ring *ring = ctrl->ioq.cmb.rings ? &ctrl->ioq.cmb.rings[q - ctrl->queues] : NULL;

	if (!ring || !ring->sq)
		return;
	WRITE_ONCE(q->sq, ring->sq);
	q->sq_dma = ring->dma;
	ring->sq = NULL;
}

/**
 * onvme_cmb_say() - say in the log how many submission queues are in it
 * @ctrl: the controller. Caller holds ctrl.life
 */
void onvme_cmb_say(struct onvme_ctrl *ctrl)
{
	if (ctrl->ioq.cmb.used)
		dev_info(&ctrl->dev, "%u of %u submission queues in controller memory\n", ctrl->ioq.cmb.used,
			 ctrl->ioq.plan.nr_io);
}

/**
 * onvme_cmb_fini() - let go of the buffer, before queues lose their memory
 * @ctrl: the controller; no queue will be live again
 *
 * Idempotent. Process context.
 */
void onvme_cmb_fini(struct onvme_ctrl *ctrl)
{
	struct onvme_cmb *cmb = &ctrl->ioq.cmb;

	onvme_cmb_unmap(ctrl);
	if (cmb->on)
		onvme_hw_cmb_off(&ctrl->hw);
	cmb->on = false;
	kvfree(cmb->rings);
	cmb->rings = NULL;
}
