// SPDX-License-Identifier: GPL-2.0
/*
 * Base, "Doorbell Buffer Config command": the host writes a doorbell to the shadow first, and to the register only when
 * it passes the index that the controller has left beside it. Settings do not outlive a controller reset. The admin
 * queue keeps to its registers, and so does a queue whose doorbells lie beyond the page.
 */
#include <linux/dma-mapping.h>
#include <linux/pci.h>

#include "admin.h"
#include "ctrl.h"
#include "dbbuf.h"
#include "fault.h"
#include "proto/cmd.h"

static bool onvme_dbbuf_alloc(struct onvme_ctrl *ctrl, struct onvme_dbbuf *db)
{
	struct device *dev = &ctrl->hw.pdev->dev;

	if (!db->shadow)
		db->shadow = ONVME_ALLOC(dma_alloc_coherent(dev, ONVME_PAGE_SIZE, &db->shadow_dma, GFP_KERNEL));
	if (db->shadow && !db->event)
		db->event = ONVME_ALLOC(dma_alloc_coherent(dev, ONVME_PAGE_SIZE, &db->event_dma, GFP_KERNEL));
	return db->event;
}

/**
 * onvme_dbbuf_start() - shadow doorbells, if the controller has them
 * @ctrl: the controller; no I/O queue exists. Caller holds ctrl.life
 *
 * Process context.
 *
 * Return: 0, also when it refuses or memory is short: doorbells do without; or the error of the command.
 */
int onvme_dbbuf_start(struct onvme_ctrl *ctrl)
{
	struct onvme_dbbuf *db = &ctrl->ioq.dbbuf;
	struct onvme_sqe sqe;
	int err;

	db->on = false;
	if (!(onvme_ctrl_caps(ctrl)->oacs & ONVME_OACS_DBBUF) || !onvme_dbbuf_alloc(ctrl, db))
		return 0;
	memset(db->shadow, 0, ONVME_PAGE_SIZE);
	memset(db->event, 0, ONVME_PAGE_SIZE);
	onvme_cmd_init(&sqe, ONVME_ADM_DBBUF_CONFIG, 0);
	sqe.prp1 = cpu_to_le64(db->shadow_dma);
	sqe.prp2 = cpu_to_le64(db->event_dma);
	err = onvme_admin_cmd(ctrl, &sqe, NULL, 0, NULL);
	db->on = !err;
	if (err == -EIO)
		dev_warn(&ctrl->dev, "unable to set dbbuf\n");
	return err == -EIO || err == -ENOMEM ? 0 : err;
}

/* Shadow doorbell @nr, counted as they lie in the registers, with 0 in it; or none. */
static struct onvme_shadow onvme_dbbuf_shadow(struct onvme_ctrl *ctrl, unsigned int nr)
{
	struct onvme_dbbuf *db = &ctrl->ioq.dbbuf;
	size_t at = nr * (ctrl->hw.db_stride / sizeof(*db->shadow));

	if (!db->on || at >= ONVME_PAGE_SIZE / sizeof(*db->shadow))
		return (struct onvme_shadow){};
	db->shadow[at] = 0;
	db->event[at] = 0;
	return (struct onvme_shadow){ db->shadow + at, db->event + at };
}

/**
 * onvme_dbbuf_attach() - give an empty queue its shadow doorbells, or take them away
 * @ctrl: the controller. Caller holds ctrl.life
 * @q: an I/O queue that the controller does not know and that is not live
 */
void onvme_dbbuf_attach(struct onvme_ctrl *ctrl, struct onvme_queue *q)
{
	q->cq_shadow = onvme_dbbuf_shadow(ctrl, 2 * q->qid + 1);
	q->sq_shadow = q->cq_shadow.value ? onvme_dbbuf_shadow(ctrl, 2 * q->qid) : (struct onvme_shadow){};
}

/**
 * onvme_dbbuf_attach_sq() - the same for a submission queue by itself
 * @ctrl: the controller. Caller holds ctrl.life
 * @sqid: id of a submission queue that the controller does not know and that is not live
 * @shadow: its shadow doorbell
 */
void onvme_dbbuf_attach_sq(struct onvme_ctrl *ctrl, u16 sqid, struct onvme_shadow *shadow)
{
	*shadow = onvme_dbbuf_shadow(ctrl, 2 * sqid);
}

/**
 * onvme_dbbuf_fini() - free the pages
 * @ctrl: the controller; it touches no memory, and no queue will be live again
 *
 * Idempotent. Process context.
 */
void onvme_dbbuf_fini(struct onvme_ctrl *ctrl)
{
	struct onvme_dbbuf *db = &ctrl->ioq.dbbuf;
	struct device *dev = &ctrl->hw.pdev->dev;

	if (db->event)
		dma_free_coherent(dev, ONVME_PAGE_SIZE, db->event, db->event_dma);
	if (db->shadow)
		dma_free_coherent(dev, ONVME_PAGE_SIZE, db->shadow, db->shadow_dma);
	db->event = NULL;
	db->shadow = NULL;
}
