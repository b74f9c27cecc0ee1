/* SPDX-License-Identifier: GPL-2.0 */
/*
 * cmb.h - submission queues in the controller memory buffer: the controller finds commands in memory of its own.
 *
 * struct onvme_cmb is part of struct onvme_ioq and belongs to the steps of bring-up and tear-down. Who posts a command
 * stores it through one pointer, wherever that leads. So this is built only where device memory takes ordinary stores
 * in their order, which is x86.
 */
#ifndef ONVME_CMB_H
#define ONVME_CMB_H

#include <linux/io.h>
#include <linux/types.h>

#include "p2p.h"

struct onvme_ctrl;
struct onvme_queue;
struct onvme_sqe;

/**
 * struct onvme_cmb_ring - a submission ring in the memory of the host, while another is in use
 * @sq: the ring; NULL: it is in use itself
 * @dma: its DMA address
 */
struct onvme_cmb_ring {
	struct onvme_sqe	*sq;
	dma_addr_t		dma;
};

/**
 * struct onvme_cmb - the part of the controller memory buffer that is used
 * @mem: where it is mapped, NULL while it is not
 * @start: its physical address
 * @len: bytes, 0 while it is not mapped
 * @bus: its address on the bus, which is how the controller knows it
 * @on: the controller has it
 * @rings: by queue id, rings that are not in use; NULL before there was need of it
 * @used: submission queues in it
 * @p2p: what others may have of it
 */
struct onvme_cmb {
	void __iomem		*mem;
	resource_size_t		start;
	size_t			len;
	u64			bus;
	bool			on;
	struct onvme_cmb_ring	*rings;
	unsigned int		used;
	struct onvme_p2p	p2p;
};

#ifdef CONFIG_ONVME_CMB
void onvme_cmb_start(struct onvme_ctrl *ctrl);
void onvme_cmb_attach(struct onvme_ctrl *ctrl, struct onvme_queue *q);
void onvme_cmb_detach(struct onvme_ctrl *ctrl, struct onvme_queue *q);
void onvme_cmb_say(struct onvme_ctrl *ctrl);
void onvme_cmb_fini(struct onvme_ctrl *ctrl);
#else
static inline void onvme_cmb_start(struct onvme_ctrl *ctrl)
{
}

static inline void onvme_cmb_attach(struct onvme_ctrl *ctrl, struct onvme_queue *q)
{
}

static inline void onvme_cmb_detach(struct onvme_ctrl *ctrl, struct onvme_queue *q)
{
}

static inline void onvme_cmb_say(struct onvme_ctrl *ctrl)
{
}

static inline void onvme_cmb_fini(struct onvme_ctrl *ctrl)
{
}
#endif

#endif /* ONVME_CMB_H */
