/* SPDX-License-Identifier: GPL-2.0 */
/*
 * sgl.h - a data buffer as a Scatter Gather List (Base, "Scatter Gather List").
 *
 * A builder that is told how many DMA segments there are, takes them one after the other and writes the descriptor for
 * the command and as many list pages as it takes. Unlike PRP entries, the descriptors do not mind where in its page a
 * segment starts and ends. Pure: the list pages belong to the caller, there is no lock, any context.
 */
#ifndef ONVME_PROTO_SGL_H
#define ONVME_PROTO_SGL_H

#include <asm/byteorder.h>
#include <linux/limits.h>
#include <linux/math.h>
#include <linux/types.h>

#include "prp.h"

#define ONVME_SGL_SIZE		16u		/* of a descriptor */
#define ONVME_SGL_PER_LIST	(ONVME_PAGE_SIZE / ONVME_SGL_SIZE)
#define ONVME_SGL_NEVER		U32_MAX		/* a threshold that no data reach */

/**
 * struct onvme_sgl - a list under construction
 * @sgl1: the descriptor for the command: address, then length and type
 * @at: where the next descriptor goes: @sgl1, or into the last used list page
 * @room: how many Data Block descriptors have room there
 * @left: segments to come
 * @list: the caller's list pages that are not in use yet
 * @nr_lists: how many of them there are
 */
struct onvme_sgl {
	__le64				sgl1[2];
	__le64				*at;
	u32				room;
	u32				left;
	const struct onvme_prp_list	*list;
	u16				nr_lists;
};

/**
 * onvme_sgl_init() - begin a list
 * @sgl: what to initialise; is not moved afterwards
 * @list: list pages that may be used, first to last; may be NULL when @nr_lists is 0
 * @nr_lists: how many
 * @segments: how many segments will be added, above 0
 */
static inline void onvme_sgl_init(struct onvme_sgl *sgl, const struct onvme_prp_list *list, u16 nr_lists, u32 segments)
{
	sgl->sgl1[0] = 0;
	sgl->sgl1[1] = 0;
	sgl->at = sgl->sgl1;
	sgl->room = segments == 1;
	sgl->left = segments;
	sgl->list = list;
	sgl->nr_lists = nr_lists;
}

int onvme_sgl_add(struct onvme_sgl *sgl, u64 addr, u32 len);
u32 onvme_sgl_min(u32 sgls, u32 threshold);

/**
 * onvme_sgl_lists_for() - list pages of so many segments
 * @segments: how many, above 0
 *
 * Return: the number; each page but the last gives one descriptor to the chain.
 */
static inline u16 onvme_sgl_lists_for(u32 segments)
{
	return (u16)DIV_ROUND_UP(segments - 1, ONVME_SGL_PER_LIST - 1);
}

#endif /* ONVME_PROTO_SGL_H */
