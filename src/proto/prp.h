/* SPDX-License-Identifier: GPL-2.0 */
/*
 * prp.h - a data buffer as Physical Region Page entries (Base, "Physical Region Page Entry and List").
 *
 * A builder that takes DMA segments one after the other and writes PRP1, PRP2 and as many list pages as it takes.
 * Pure: the list pages belong to the caller, there is no lock, any context. It refuses what PRPs cannot say instead
 * of describing a different buffer.
 */
#ifndef ONVME_PROTO_PRP_H
#define ONVME_PROTO_PRP_H

#include <asm/byteorder.h>
#include <linux/math.h>
#include <linux/types.h>

#define ONVME_PAGE_SHIFT	12		/* CC.MPS is always 0: 4 KiB */
#define ONVME_PAGE_SIZE		(1u << ONVME_PAGE_SHIFT)
#define ONVME_PRP_PER_LIST	(ONVME_PAGE_SIZE / 8)

/**
 * struct onvme_prp_list - one page of a PRP list
 * @entry: its %ONVME_PRP_PER_LIST entries
 * @dma: the address at which the controller finds it, aligned to %ONVME_PAGE_SIZE
 */
struct onvme_prp_list {
	__le64	*entry;
	u64	dma;
};

/**
 * struct onvme_prp - a description under construction
 * @prp1: first entry, with the offset into its page, as it goes into the command; 0 while empty
 * @prp2: second entry, or the address of the first list page, or 0
 * @at: where the next entry goes: @prp2, or into the last used list page
 * @room: how many of them have room there
 * @end: the address just behind the last segment; 0 while empty
 * @list: the caller's list pages
 * @nr_lists: how many of them there are
 * @used: how many are in use
 */
struct onvme_prp {
	__le64			prp1;
	__le64			prp2;
	__le64			*at;
	u32			room;
	u64			end;
	struct onvme_prp_list	*list;
	u16			nr_lists;
	u16			used;
};

/**
 * onvme_prp_init() - begin an empty description
 * @prp: what to initialise; is not moved afterwards
 * @list: list pages that may be used, first to last; may be NULL when @nr_lists is 0
 * @nr_lists: how many
 */
static inline void onvme_prp_init(struct onvme_prp *prp, struct onvme_prp_list *list, u16 nr_lists)
{
	prp->prp1 = 0;
	prp->prp2 = 0;
	prp->at = &prp->prp2;
	prp->room = 1;
	prp->end = 0;
	prp->list = list;
	prp->nr_lists = nr_lists;
	prp->used = 0;
}

/**
 * onvme_prp_begin_list() - the first segment is a page, and more than one page is going to follow
 * @prp: an empty description that has a list page
 * @addr: the address of the page
 *
 * What follows goes into the list page at once, where onvme_prp_add() would find out at the third segment.
 */
static inline void onvme_prp_begin_list(struct onvme_prp *prp, u64 addr)
{
	prp->prp1 = cpu_to_le64(addr);
	prp->prp2 = cpu_to_le64(prp->list->dma);
	prp->at = prp->list->entry;
	prp->room = ONVME_PRP_PER_LIST;
	prp->end = addr + ONVME_PAGE_SIZE;
	prp->used = 1;
}

/**
 * onvme_prp_wrote() - whole pages were appended by writing their addresses to @prp->at
 * @prp: a description that is not empty, of data that end on a page boundary
 * @n: how many pages, at most @prp->room
 * @end: the address just behind the last of them
 */
static inline void onvme_prp_wrote(struct onvme_prp *prp, u32 n, u64 end)
{
	prp->at += n;
	prp->room -= n;
	prp->end = end;
}

int onvme_prp_add(struct onvme_prp *prp, u64 addr, u32 len);

/**
 * onvme_prp_lists_for() - list pages that any buffer of a size may need
 * @bytes: size of the buffer, below 2 GiB
 *
 * Return: the number for the worst case, a buffer that starts in the last dword of a page.
 */
static inline u16 onvme_prp_lists_for(u32 bytes)
{
	u32 entries = DIV_ROUND_UP(bytes + ONVME_PAGE_SIZE - 4, ONVME_PAGE_SIZE);

	if (entries <= 2)
		return 0;
	entries -= 1;				/* PRP1 is in the command */
	if (entries <= ONVME_PRP_PER_LIST)
		return 1;
	/* Each page but the last gives one entry to the chain pointer. */
	return (u16)DIV_ROUND_UP(entries - 1, ONVME_PRP_PER_LIST - 1);
}

#endif /* ONVME_PROTO_PRP_H */
