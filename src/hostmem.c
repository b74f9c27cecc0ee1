// SPDX-License-Identifier: GPL-2.0
/*
 * Base, "Host Memory Buffer feature". Where an IOMMU can show scattered pages as one piece the buffer is that; else it
 * is made of what the page allocator has, from large pieces to smaller ones. All of it is zeroed: a controller finds
 * nothing of the host's in it.
 */
#include <linux/dma-mapping.h>
#include <linux/pci.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>

#include "admin.h"
#include "ctrl.h"
#include "fault.h"
#include "hostmem.h"
#include "param.h"
#include "proto/cmd.h"

#define ONVME_HOSTMEM_MAX_MB	4096

/* Reclaim may help once; a controller that does without is better than a process that is killed for it. */
#define ONVME_HOSTMEM_GFP	(GFP_KERNEL | __GFP_NORETRY | __GFP_NOWARN)

static unsigned int onvme_hostmem_max_mb = 128;
ONVME_PARAM(max_host_mem_size_mb, onvme_hostmem_max_mb, 1, 0, ONVME_HOSTMEM_MAX_MB,
	    "megabytes of memory that a controller gets at most, where it asks for some (128)");

static struct device *onvme_hostmem_dev(struct onvme_ctrl *ctrl)
{
	return &ctrl->hw.pdev->dev;
}

static void onvme_hostmem_free(struct onvme_ctrl *ctrl)
{
	struct onvme_hostmem *hm = &ctrl->hostmem;
	struct device *dev = onvme_hostmem_dev(ctrl);
	u32 i;

	if (hm->single)
		dma_free_noncontiguous(dev, hm->bytes, hm->single, DMA_BIDIRECTIONAL);
	for (i = 0; hm->chunks && i < hm->nr; i++)
		dma_free_coherent(dev, hm->chunks[i].len, hm->chunks[i].mem, hm->chunks[i].dma);
	kvfree(hm->chunks);
	if (hm->descs)
		dma_free_coherent(dev, hm->room * sizeof(*hm->descs), hm->descs, hm->descs_dma);
	hm->single = NULL;
	hm->chunks = NULL;
	hm->descs = NULL;
	hm->nr = 0;
	hm->bytes = 0;
	hm->known = false;
}

static void onvme_hostmem_add(struct onvme_hostmem *hm, dma_addr_t dma, u64 len)
{
	hm->descs[hm->nr] = (struct onvme_hmb_desc){
		.addr = cpu_to_le64(dma), .pages = cpu_to_le32((u32)(len / ONVME_PAGE_SIZE)),
	};
	hm->nr++;
	hm->bytes += len;
}

static bool onvme_hostmem_alloc_list(struct onvme_ctrl *ctrl, u32 room)
{
	struct onvme_hostmem *hm = &ctrl->hostmem;

	hm->room = room;
	hm->descs = ONVME_ALLOC(dma_alloc_coherent(onvme_hostmem_dev(ctrl), room * sizeof(*hm->descs), &hm->descs_dma,
						   GFP_KERNEL));
	return hm->descs;
}

/* One piece of addresses, made of whatever pages there are. */
static bool onvme_hostmem_alloc_single(struct onvme_ctrl *ctrl, const struct onvme_hostmem_plan *plan)
{
	struct onvme_hostmem *hm = &ctrl->hostmem;
	struct device *dev = onvme_hostmem_dev(ctrl);
	u64 len = onvme_hostmem_single(plan);

	if (!dma_get_merge_boundary(dev) || !onvme_hostmem_alloc_list(ctrl, 1))
		return false;
	hm->single = ONVME_ALLOC(dma_alloc_noncontiguous(dev, len, DMA_BIDIRECTIONAL, ONVME_HOSTMEM_GFP | __GFP_ZERO,
							 0));
	if (hm->single)
		onvme_hostmem_add(hm, hm->single->sgl->dma_address, len);
	return hm->single;
}

/* Each piece as large as can be had; they only get smaller. */
static bool onvme_hostmem_alloc_chunks(struct onvme_ctrl *ctrl, const struct onvme_hostmem_plan *plan)
{
	struct onvme_hostmem *hm = &ctrl->hostmem;
	struct onvme_hostmem_chunk *next;
	u32 chunk = plan->chunk;
	u64 len;

	if (!chunk || !onvme_hostmem_alloc_list(ctrl, plan->descs))
		return false;
	hm->chunks = ONVME_ALLOC(kvcalloc(plan->descs, sizeof(*hm->chunks), GFP_KERNEL));
	if (!hm->chunks)
		return false;
	while (chunk && (len = onvme_hostmem_piece(plan, chunk, hm->bytes, hm->nr))) {
		next = &hm->chunks[hm->nr];
		next->len = len;
		next->mem = ONVME_ALLOC(dma_alloc_attrs(onvme_hostmem_dev(ctrl), len, &next->dma, ONVME_HOSTMEM_GFP,
							DMA_ATTR_NO_WARN));
		if (next->mem)
			onvme_hostmem_add(hm, next->dma, len);
		else
			chunk = onvme_hostmem_smaller(plan, chunk);
	}
	return hm->bytes >= plan->least;
}

static void onvme_hostmem_alloc(struct onvme_ctrl *ctrl, const struct onvme_hostmem_plan *plan)
{
	struct onvme_hostmem *hm = &ctrl->hostmem;
	bool ok = onvme_hostmem_alloc_single(ctrl, plan);

	if (!ok) {
		onvme_hostmem_free(ctrl);
		ok = onvme_hostmem_alloc_chunks(ctrl, plan);
	}
	if (ok) {
		dev_info(&ctrl->dev, "allocated %llu MiB host memory buffer (%u segment%s).\n",
			 DIV_ROUND_UP(hm->bytes, 1u << 20), hm->nr, hm->nr == 1 ? "" : "s");
		return;
	}
	dev_warn(&ctrl->dev, "failed to allocate host memory buffer.\n");
	onvme_hostmem_free(ctrl);
}

/* What it is to have now: what it had before if that will do, else other memory; none at all is no error. */
static void onvme_hostmem_prepare(struct onvme_ctrl *ctrl)
{
	const struct onvme_caps *caps = onvme_ctrl_caps(ctrl);
	struct onvme_hostmem *hm = &ctrl->hostmem;
	struct onvme_hostmem_wants wants = {
		.hmpre = caps->hmpre, .hmmin = caps->hmmin, .hmminds = caps->hmminds, .hmmaxd = caps->hmmaxd,
		.limit = READ_ONCE(hm->want) ? hm->limit : 0,
	};
	struct onvme_hostmem_plan plan;

	switch (onvme_hostmem_plan(&wants, &plan)) {
	case ONVME_HOSTMEM_NONE:
		onvme_hostmem_free(ctrl);
		break;
	case ONVME_HOSTMEM_LIMIT:
		dev_warn(&ctrl->dev, "min host memory (%llu MiB) above limit (%llu MiB).\n", plan.least >> 20,
			 hm->limit >> 20);
		onvme_hostmem_free(ctrl);
		break;
	case ONVME_HOSTMEM_GIVE:
		if (hm->bytes && memcmp(&hm->plan, &plan, sizeof(plan)))
			onvme_hostmem_free(ctrl);
		hm->plan = plan;
		if (!hm->bytes)
			onvme_hostmem_alloc(ctrl, &plan);
		break;
	}
}

/* Set Features, Host Memory Buffer */
static int onvme_hostmem_tell(struct onvme_ctrl *ctrl, u32 bits)
{
	struct onvme_hostmem *hm = &ctrl->hostmem;
	struct onvme_sqe sqe;

	onvme_cmd_set_features(&sqe, ONVME_FEAT_HMB, bits);
	if (bits & ONVME_HMB_ENABLE) {
		sqe.cdw12 = cpu_to_le32((u32)(hm->bytes / ONVME_PAGE_SIZE));
		sqe.cdw13 = cpu_to_le32(lower_32_bits(hm->descs_dma));
		sqe.cdw14 = cpu_to_le32(upper_32_bits(hm->descs_dma));
		sqe.cdw15 = cpu_to_le32(hm->nr);
	}
	return onvme_admin_cmd(ctrl, &sqe, NULL, 0, NULL);
}

static int onvme_hostmem_give(struct onvme_ctrl *ctrl)
{
	struct onvme_hostmem *hm = &ctrl->hostmem;
	int err = onvme_hostmem_tell(ctrl, ONVME_HMB_ENABLE | (hm->known ? ONVME_HMB_RETURN : 0));

	/* It does not remember it: then it is memory like any other. */
	if (err == -EIO && hm->known)
		err = onvme_hostmem_tell(ctrl, ONVME_HMB_ENABLE);
	if (err == -EIO)
		dev_warn(&ctrl->dev, "failed to set host mem (%d)\n", err);
	hm->known |= !err;
	WRITE_ONCE(hm->given, !err);
	return err;
}

/**
 * onvme_hostmem_init() - it may have as much as the parameter says
 * @ctrl: a new controller
 */
void onvme_hostmem_init(struct onvme_ctrl *ctrl)
{
	ctrl->hostmem.limit = (u64)READ_ONCE(onvme_hostmem_max_mb) << 20;
	ctrl->hostmem.want = ctrl->hostmem.limit;
}

/**
 * onvme_hostmem_has() - whether the controller asks for memory, or has had some
 * @ctrl: the controller. Caller holds ctrl.life
 *
 * Return: HMPRE, or memory that is to be let go.
 */
bool onvme_hostmem_has(struct onvme_ctrl *ctrl)
{
	return onvme_ctrl_caps(ctrl)->hmpre || ctrl->hostmem.bytes;
}

/**
 * onvme_hostmem_start() - give the controller memory, if it asks for some and the user has not said no
 * @ctrl: the controller; its admin queue is live, and it was reset. Caller holds ctrl.life
 *
 * A bring-up step. It gets back what it had before the reset, where there was some and it still asks for the same. A
 * controller that refuses does without, and so does one for which there is no memory.
 *
 * Return: 0; -EINTR when the controller went away.
 */
int onvme_hostmem_start(struct onvme_ctrl *ctrl)
{
	int err;

	lockdep_assert_held(&ctrl->life);
	onvme_hostmem_prepare(ctrl);
	if (!ctrl->hostmem.bytes)
		return 0;
	err = onvme_hostmem_give(ctrl);
	if (err != -EIO && err != -ENOMEM)
		return err;
	onvme_hostmem_free(ctrl);
	return 0;
}

/**
 * onvme_hostmem_stop() - tear-down step: take the memory back in an orderly way
 * @ctrl: the controller. Caller holds ctrl.life
 * @how: whether to take leave of it; a reset does without
 *
 * One that does not answer is disabled before the memory is freed. Idempotent.
 */
void onvme_hostmem_stop(struct onvme_ctrl *ctrl, enum onvme_down how)
{
	struct onvme_hostmem *hm = &ctrl->hostmem;

	if (hm->given && how == ONVME_DOWN_SHUTDOWN && test_bit(ONVME_Q_LIVE, &onvme_ctrl_adminq(ctrl)->flags) &&
	    !onvme_hw_gone(&ctrl->hw))
		onvme_hostmem_tell(ctrl, 0);
	WRITE_ONCE(hm->given, false);
}

/**
 * onvme_hostmem_rest() - take the memory back, for a while in which the host's may not be reached
 * @ctrl: the controller, as in a bring-up step. Caller holds ctrl.life
 *
 * Process context.
 *
 * Return: 0: it has none; or the error of the command.
 */
int onvme_hostmem_rest(struct onvme_ctrl *ctrl)
{
	int err;

	if (!ctrl->hostmem.given)
		return 0;
	err = onvme_hostmem_tell(ctrl, 0);
	if (!err)
		WRITE_ONCE(ctrl->hostmem.given, false);
	trace_onvme_step(ctrl->instance, "hostmem", false, err);
	return err;
}

/**
 * onvme_hostmem_go_on() - give back what onvme_hostmem_rest() took
 * @ctrl: the controller, not reset since, as in a bring-up step. Caller holds ctrl.life
 *
 * Process context.
 *
 * Return: 0; -EINTR when the controller went away. One that refuses does without.
 */
int onvme_hostmem_go_on(struct onvme_ctrl *ctrl)
{
	int err;

	if (!ctrl->hostmem.bytes || ctrl->hostmem.given)
		return 0;
	err = onvme_hostmem_give(ctrl);
	trace_onvme_step(ctrl->instance, "hostmem", true, err);
	return err == -EIO || err == -ENOMEM ? 0 : err;
}

/**
 * onvme_hostmem_forget() - its contents may not be what the controller left there
 * @ctrl: the controller. Caller holds ctrl.life
 *
 * An image of memory is about to be made: what is restored from it is older than what the controller knows.
 */
void onvme_hostmem_forget(struct onvme_ctrl *ctrl)
{
	lockdep_assert_held(&ctrl->life);
	ctrl->hostmem.known = false;
}

/**
 * onvme_hostmem_fini() - free the memory
 * @ctrl: the controller; it touches no memory
 *
 * Idempotent. Process context.
 */
void onvme_hostmem_fini(struct onvme_ctrl *ctrl)
{
	onvme_hostmem_free(ctrl);
}
