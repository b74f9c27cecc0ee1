/* SPDX-License-Identifier: GPL-2.0 */
/*
 * dma.h - the guest's memory as the device sees it.
 *
 * QEMU tells which ranges of bus addresses are memory and hands over the files behind them. Behind an IOMMU these are
 * exactly the mappings of the driver. An access outside of them is a violation, and moves nothing.
 */
#ifndef DEVICE_DMA_H
#define DEVICE_DMA_H

#include "base.h"

struct dma_region {
	u64	addr;
	u64	size;
	u8	*mem;		/* NULL: known to QEMU only, not to be accessed */
	bool	writable;
};

#define DMA_MAX_REGIONS	4096u

struct dma {
	struct dma_region	region[DMA_MAX_REGIONS];
	u32			nr;
};

int dma_map(struct dma *dma, u64 addr, u64 size, int fd, u64 offset, bool writable);
void dma_unmap(struct dma *dma, u64 addr, u64 size);
void dma_unmap_all(struct dma *dma);
/* Both may run over several regions; false, with nothing moved, when a part is not mapped. */
bool dma_read(const struct dma *dma, u64 addr, void *to, u32 len);
bool dma_write(const struct dma *dma, u64 addr, const void *from, u32 len);

#endif /* DEVICE_DMA_H */
