// SPDX-License-Identifier: GPL-2.0
/*
 * One segment is a descriptor in the command. More of them stand in list pages; the descriptor in the command points to
 * the first page, and the last one of each page to the next, when more segments follow. It names the bytes of that
 * page which are in use, and whether the page is the last: hence the number of segments has to be known beforehand.
 */
#include <asm/byteorder.h>
#include <linux/errno.h>
#include <linux/math.h>
#include <linux/minmax.h>

#include <onvme/spec.h>

#include "sgl.h"

/* Let the descriptor at hand point to one more list page, if there is one. */
static int onvme_sgl_chain(struct onvme_sgl *sgl)
{
	bool last = sgl->left <= ONVME_SGL_PER_LIST;
	u32 used = min(sgl->left, ONVME_SGL_PER_LIST);

	if (!sgl->nr_lists)
		return -ENOSPC;
	sgl->at[0] = cpu_to_le64(sgl->list->dma);
	sgl->at[1] = cpu_to_le64((u64)used * ONVME_SGL_SIZE | (last ? ONVME_SGL_LAST : ONVME_SGL_MORE));
	sgl->at = sgl->list->entry;
	sgl->room = last ? used : used - 1;
	sgl->list++;
	sgl->nr_lists--;
	return 0;
}

/**
 * onvme_sgl_add() - append a DMA segment
 * @sgl: the list
 * @addr: DMA address of the segment
 * @len: its length in bytes, above 0
 *
 * Address and length are multiples of 4: some controllers take nothing else, and data for all are aligned alike.
 *
 * Return: 0; -EINVAL for a segment that is not aligned, or one more than was said; -ENOSPC when the list pages do not
 * suffice. After an error the list is of no use.
 */
int onvme_sgl_add(struct onvme_sgl *sgl, u64 addr, u32 len)
{
	int err;

	if (!len || (addr | len) & 3 || addr + len < addr || !sgl->left)
		return -EINVAL;
	if (!sgl->room) {
		err = onvme_sgl_chain(sgl);
		if (err)
			return err;
	}
	sgl->at[0] = cpu_to_le64(addr);
	sgl->at[1] = cpu_to_le64(len | ONVME_SGL_DATA);
	sgl->at += 2;
	sgl->room--;
	sgl->left--;
	return 0;
}

/**
 * onvme_sgl_min() - from which length on data are told by SGLs
 * @sgls: SGL Support of Identify Controller
 * @threshold: what the user wants, bytes; 0: never
 *
 * Controllers that take SGLs of any alignment and those that want dwords are treated alike: all data are aligned to
 * dwords, since a short buffer is a PRP entry in either case.
 *
 * Return: bytes that a segment has on average, above 0; below it SGLs are for what PRP entries cannot describe.
 * %ONVME_SGL_NEVER: not even for that.
 */
u32 onvme_sgl_min(u32 sgls, u32 threshold)
{
	sgls &= ONVME_SGLS_DATA;
	if (!threshold || (sgls != ONVME_SGLS_ANY && sgls != ONVME_SGLS_DWORD))
		return ONVME_SGL_NEVER;
	return min(threshold, ONVME_SGL_NEVER - 1);
}
