/* SPDX-License-Identifier: GPL-2.0 */
/*
 * hostmem.h - the host memory buffer: memory of the host that a controller without enough of its own may use.
 *
 * struct onvme_hostmem is part of struct onvme_ctrl. It belongs to the steps of bring-up and tear-down, under
 * onvme_ctrl.life; @want alone is changed at any time, and takes effect at the next bring-up. The controller may read
 * and write the memory from when it is given until it is taken back, or the controller is disabled: it is freed after
 * that only. It is kept over a reset, so that what the controller left in it is still good.
 */
#ifndef ONVME_HOSTMEM_H
#define ONVME_HOSTMEM_H

#include <linux/types.h>

#include "ioq.h"
#include "proto/hostmem.h"

struct onvme_hmb_desc;
struct sg_table;

/**
 * struct onvme_hostmem_chunk - a piece of it
 * @mem: the memory
 * @dma: its DMA address
 * @len: bytes
 */
struct onvme_hostmem_chunk {
	void		*mem;
	dma_addr_t	dma;
	size_t		len;
};

/**
 * struct onvme_hostmem - the host memory buffer of a controller
 * @want: the user wants the controller to have it
 * @limit: bytes that it gets at most
 * @given: the controller has it
 * @known: it has had this very memory before, and nobody else has written there since
 * @plan: how much it was to be
 * @bytes: how much there is; 0: none
 * @single: all of it, in one piece by the IOMMU
 * @chunks: or in several
 * @nr: how many pieces
 * @room: members of @chunks and of @descs
 * @descs: the list that the controller reads
 * @descs_dma: its DMA address
 */
struct onvme_hostmem {
	bool				want;
	u64				limit;
	bool				given;
	bool				known;
	struct onvme_hostmem_plan	plan;
	u64				bytes;
	struct sg_table			*single;
	struct onvme_hostmem_chunk	*chunks;
	u32				nr;
	u32				room;
	struct onvme_hmb_desc		*descs;
	dma_addr_t			descs_dma;
};

#ifdef CONFIG_ONVME_HMB
void onvme_hostmem_init(struct onvme_ctrl *ctrl);
bool onvme_hostmem_has(struct onvme_ctrl *ctrl);
int onvme_hostmem_start(struct onvme_ctrl *ctrl);
void onvme_hostmem_stop(struct onvme_ctrl *ctrl, enum onvme_down how);
int onvme_hostmem_rest(struct onvme_ctrl *ctrl);
int onvme_hostmem_go_on(struct onvme_ctrl *ctrl);
void onvme_hostmem_forget(struct onvme_ctrl *ctrl);
void onvme_hostmem_fini(struct onvme_ctrl *ctrl);
#else
static inline void onvme_hostmem_init(struct onvme_ctrl *ctrl)
{
}

static inline bool onvme_hostmem_has(struct onvme_ctrl *ctrl)
{
	return false;
}

static inline int onvme_hostmem_start(struct onvme_ctrl *ctrl)
{
	return 0;
}

static inline void onvme_hostmem_stop(struct onvme_ctrl *ctrl, enum onvme_down how)
{
}

static inline int onvme_hostmem_rest(struct onvme_ctrl *ctrl)
{
	return 0;
}

static inline int onvme_hostmem_go_on(struct onvme_ctrl *ctrl)
{
	return 0;
}

static inline void onvme_hostmem_forget(struct onvme_ctrl *ctrl)
{
}

static inline void onvme_hostmem_fini(struct onvme_ctrl *ctrl)
{
}
#endif

#endif /* ONVME_HOSTMEM_H */
