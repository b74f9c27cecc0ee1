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

/**
 * onvme_prp_init() - begin an empty description
 * @prp: what to initialise
 * @list: list pages that may be used, first to last; may be NULL when @nr_lists is 0
 * @nr_lists: how many
 */
void onvme_prp_init(struct onvme_prp *prp, struct onvme_prp_list *list, u16 nr_lists)
{
	*prp = (struct onvme_prp){ .list = list, .nr_lists = nr_lists };
}

/* Open one more list page. The entry that the chain pointer displaces becomes the first of the new page. */
static int onvme_prp_chain(struct onvme_prp *prp)
{
	struct onvme_prp_list *next;

	if (prp->used == prp->nr_lists)
		return -ENOSPC;
	next = &prp->list[prp->used];
	if (!prp->used) {
		next->entry[0] = cpu_to_le64(prp->prp2);
		prp->prp2 = next->dma;
	} else {
		__le64 *last = &prp->list[prp->used - 1].entry[ONVME_PRP_PER_LIST - 1];

		next->entry[0] = *last;
		*last = cpu_to_le64(next->dma);
	}
	prp->used++;
	prp->fill = 1;
	return 0;
}

static int onvme_prp_push(struct onvme_prp *prp, u64 page)
{
	int err;

	if (prp->pages == 0) {
		prp->prp1 = page;
	} else if (prp->pages == 1) {
		prp->prp2 = page;
	} else {
		if (prp->pages == 2 || prp->fill == ONVME_PRP_PER_LIST) {
			err = onvme_prp_chain(prp);
			if (err)
				return err;
		}
		prp->list[prp->used - 1].entry[prp->fill++] = cpu_to_le64(page);
	}
	prp->pages++;
	return 0;
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
	u64 page = addr >> ONVME_PAGE_SHIFT;
	u64 last = (addr + len - 1) >> ONVME_PAGE_SHIFT;
	int err;

	if (!len || addr & 3 || addr + len < addr)
		return -EINVAL;
	if (!prp->pages) {
		err = onvme_prp_push(prp, addr);
		if (err)
			return err;
		page++;
	} else if (prp->end == addr && addr & mask) {
		page++;				/* its first page has an entry already */
	} else if (addr & mask || prp->end & mask) {
		return -EINVAL;
	}
	for (; page <= last; page++) {
		err = onvme_prp_push(prp, page << ONVME_PAGE_SHIFT);
		if (err)
			return err;
	}
	prp->end = addr + len;
	return 0;
}

/**
 * onvme_prp_lists_for() - list pages that any buffer of a size may need
 * @bytes: size of the buffer, below 2 GiB
 *
 * Return: the number for the worst case, a buffer that starts in the last dword of a page.
 */
u16 onvme_prp_lists_for(u32 bytes)
{
	u32 entries = DIV_ROUND_UP(bytes + ONVME_PAGE_SIZE - 4, ONVME_PAGE_SIZE);

	if (entries <= 2)
		return 0;
	entries -= 1;				/* PRP1 is in the command */
	/* Each page but the last gives one entry to the chain pointer. */
	return (u16)DIV_ROUND_UP(entries - 1, ONVME_PRP_PER_LIST - 1);
}
