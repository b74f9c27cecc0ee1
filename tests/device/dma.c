// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "dma.h"

static bool dma_overlaps(const struct dma_region *region, u64 addr, u64 size)
{
	return addr < region->addr + region->size && region->addr < addr + size;
}

/*
 * Make a range known. Without @fd (-1) it is known, but there is no way to it. Returns 0 or a negative errno.
 */
int dma_map(struct dma *dma, u64 addr, u64 size, int fd, u64 offset, bool writable)
{
	struct dma_region *region = &dma->region[dma->nr];
	void *mem = NULL;
	u32 i;

	if (!size || addr + size < addr)
		return -EINVAL;
	if (dma->nr == DMA_MAX_REGIONS)
		return -ENOSPC;
	for (i = 0; i < dma->nr; i++)
		if (dma_overlaps(&dma->region[i], addr, size))
			return -EEXIST;
	if (fd >= 0) {
		mem = mmap(NULL, size, writable ? PROT_READ | PROT_WRITE : PROT_READ, MAP_SHARED, fd, (off_t)offset);
		if (mem == MAP_FAILED)
			return -errno;
	}
	*region = (struct dma_region){ .addr = addr, .size = size, .mem = mem, .writable = writable };
	dma->nr++;
	return 0;
}

/* Cut @addr, @size out of a region: nothing, one piece or two remain. */
static void dma_cut(struct dma *dma, u32 i, u64 addr, u64 size)
{
	struct dma_region old = dma->region[i], *left = &dma->region[i];
	u64 from = max_of(addr, old.addr), to = min_of(addr + size, old.addr + old.size);

	if (old.mem)
		munmap(old.mem + (from - old.addr), to - from);
	left->size = from - old.addr;
	if (to < old.addr + old.size && dma->nr < DMA_MAX_REGIONS)
		dma->region[dma->nr++] = (struct dma_region){
			.addr = to, .size = old.addr + old.size - to,
			.mem = old.mem ? old.mem + (to - old.addr) : NULL, .writable = old.writable,
		};
	if (!left->size)
		*left = dma->region[--dma->nr];
}

void dma_unmap(struct dma *dma, u64 addr, u64 size)
{
	u32 i = 0;

	while (i < dma->nr) {
		u32 nr = dma->nr;

		if (dma_overlaps(&dma->region[i], addr, size))
			dma_cut(dma, i, addr, size);
		/* What took the place of a region that vanished has not been looked at. */
		i += dma->nr >= nr;
	}
}

void dma_unmap_all(struct dma *dma)
{
	u32 i;

	for (i = 0; i < dma->nr; i++)
		if (dma->region[i].mem)
			munmap(dma->region[i].mem, dma->region[i].size);
	dma->nr = 0;
}

/* The memory at an address, and how much of it follows. */
static u8 *dma_find(const struct dma *dma, u64 addr, bool write, u64 *len)
{
	u32 i;

	for (i = 0; i < dma->nr; i++) {
		const struct dma_region *region = &dma->region[i];

		if (addr < region->addr || addr - region->addr >= region->size)
			continue;
		*len = region->size - (addr - region->addr);
		return region->mem && (region->writable || !write) ? region->mem + (addr - region->addr) : NULL;
	}
	return NULL;
}

static bool dma_covered(const struct dma *dma, u64 addr, u32 len, bool write)
{
	u64 some;

	while (len) {
		if (!dma_find(dma, addr, write, &some))
			return false;
		some = min_of(some, (u64)len);
		addr += some;
		len -= (u32)some;
	}
	return true;
}

static bool dma_move(const struct dma *dma, u64 addr, void *data, u32 len, bool write)
{
	u8 *bytes = data, *mem;
	u64 some;

	if (!dma_covered(dma, addr, len, write))
		return false;
	while (len) {
		mem = dma_find(dma, addr, write, &some);
		some = min_of(some, (u64)len);
		if (write)
			memcpy(mem, bytes, some);
		else
			memcpy(bytes, mem, some);
		addr += some;
		bytes += some;
		len -= (u32)some;
	}
	return true;
}

bool dma_read(const struct dma *dma, u64 addr, void *to, u32 len)
{
	return dma_move(dma, addr, to, len, false);
}

bool dma_write(const struct dma *dma, u64 addr, const void *from, u32 len)
{
	return dma_move(dma, addr, (void *)(unsigned long)from, len, true);
}
