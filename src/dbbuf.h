/* SPDX-License-Identifier: GPL-2.0 */
/*
 * dbbuf.h - shadow doorbells: a controller that is software is told of most entries by memory, without an exit.
 *
 * struct onvme_dbbuf is part of struct onvme_ioq and belongs to the steps of bring-up and tear-down. Both pages stay
 * from the first bring-up that wants them to onvme_dbbuf_fini(); a queue has its part of them as struct onvme_shadow.
 */
#ifndef ONVME_DBBUF_H
#define ONVME_DBBUF_H

#include <linux/types.h>

struct onvme_ctrl;
struct onvme_queue;
struct onvme_shadow;

/**
 * struct onvme_dbbuf - shadow doorbells of a controller
 * @shadow: a page of doorbells, as they lie in the registers; NULL before there was need of it
 * @event: a page of the same layout: the values that the controller wants to be told of by the doorbell itself
 * @shadow_dma: DMA address of @shadow
 * @event_dma: DMA address of @event
 * @on: the controller has taken them
 */
struct onvme_dbbuf {
	__le32		*shadow;
	__le32		*event;
	dma_addr_t	shadow_dma;
	dma_addr_t	event_dma;
	bool		on;
};

int onvme_dbbuf_start(struct onvme_ctrl *ctrl);
void onvme_dbbuf_attach(struct onvme_ctrl *ctrl, struct onvme_queue *q);
void onvme_dbbuf_attach_sq(struct onvme_ctrl *ctrl, u16 sqid, struct onvme_shadow *shadow);
void onvme_dbbuf_fini(struct onvme_ctrl *ctrl);

#endif /* ONVME_DBBUF_H */
