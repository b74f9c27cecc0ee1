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
 * @prp1: first entry, with the offset into its page; 0 while empty
 * @prp2: second entry, or the address of the first list page, or 0
 * @list: the caller's list pages
 * @nr_lists: how many of them there are
 * @used: how many are in use
 * @fill: entries in the last used one
 * @pages: entries so far, PRP1 included, chain pointers not
 * @end: the address just behind the last segment
 */
struct onvme_prp {
	u64			prp1;
	u64			prp2;
	struct onvme_prp_list	*list;
	u16			nr_lists;
	u16			used;
	u16			fill;
	u32			pages;
	u64			end;
};

void onvme_prp_init(struct onvme_prp *prp, struct onvme_prp_list *list, u16 nr_lists);
int onvme_prp_add(struct onvme_prp *prp, u64 addr, u32 len);
u16 onvme_prp_lists_for(u32 bytes);

#endif /* ONVME_PROTO_PRP_H */
