// SPDX-License-Identifier: GPL-2.0
/*
 * A PRP description is a row of page addresses. Only the first may point into a page, and only the last page may be
 * left half full; two rows fit into the command itself, longer ones continue in list pages whose last entry points to
 * the next list page when, and only when, more entries follow.
 */
#include <asm/byteorder.h>
#include <linux/errno.h>
#include <linux/math.h>

#include "prp.h"

/* Open one more list page, if there is one. The entry that the pointer to it displaces becomes the first there. */
static bool onvme_prp_chain(struct onvme_prp *prp)
{
	struct onvme_prp_list *next;

	if (prp->used == prp->nr_lists)
		return false;
	next = &prp->list[prp->used++];
	next->entry[0] = prp->at[-1];
	prp->at[-1] = cpu_to_le64(next->dma);
	prp->at = &next->entry[1];
	prp->room = ONVME_PRP_PER_LIST - 1;
	return true;
}

/**
 * onvme_prp_add() - append a DMA segment
 * @prp: the description
 * @addr: DMA address of the segment; a multiple of 4
 * @len: its length in bytes, above 0
 *
 * A segment either continues exactly where the one before ended, or it starts on a page boundary and the one before
 * ended on one; the first may start anywhere.
 *
 * Return: 0; -EINVAL for a segment that PRPs cannot describe; -ENOSPC when the list pages do not suffice. After an
 * error the description is of no use.
 */
int onvme_prp_add(struct onvme_prp *prp, u64 addr, u32 len)
{
	const u64 mask = ONVME_PAGE_SIZE - 1;
	u64 page = addr, end = addr + len, n;

	if (!len || addr & 3 || end < addr)
		return -EINVAL;
	/* Counted, since behind the last page there may be none. */
	n = ((end - 1) >> ONVME_PAGE_SHIFT) - (addr >> ONVME_PAGE_SHIFT) + 1;
	if ((addr | prp->end) & mask || !prp->end) {
		if (!prp->end)
			prp->prp1 = cpu_to_le64(addr);
		else if (prp->end != addr)
			return -EINVAL;
		/* Its first page has an entry now. */
		page = (addr & ~mask) + ONVME_PAGE_SIZE;
		n--;
	}
	prp->end = end;
	for (; n; n--, page += ONVME_PAGE_SIZE) {
		if (!prp->room && !onvme_prp_chain(prp))
			return -ENOSPC;
		*prp->at++ = cpu_to_le64(page);
		prp->room--;
	}
	return 0;
}
