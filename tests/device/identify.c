// SPDX-License-Identifier: GPL-2.0
/*
 * Identify. Structures are filled in by offset, as the specification's tables give them.
 */
#include <stdio.h>
#include <string.h>

#include "device.h"

#define PAGE	4096u

static void text_at(u8 *page, u32 at, u32 len, const char *text)
{
	memset(page + at, ' ', len);
	memcpy(page + at, text, min_of((u32)strlen(text), len));
}

static void identify_optional(const struct device *dev, u8 *page)
{
	const struct shape *shape = dev->shape;
	u32 i;

	for (i = 0; i < 3; i++)
		put_le(page + 128 + 2 * i, shape->crdt, 2);
	page[265] = (u8)shape->apsta;
	put_le(page + 270, shape->mtfa, 2);
	put_le(page + 272, shape->hmpre, 4);
	put_le(page + 276, shape->hmmin, 4);
	put_le(page + 332, shape->hmminds, 4);
	put_le(page + 336, shape->hmmaxd, 2);
	if (shape->oacs & OACS_NS_MGMT) {
		put_le(page + 280, dev->disk_bytes * 64, 8);
		put_le(page + 296, dev->disk_bytes * 32, 8);
	}
	if (shape->ana) {
		page[342] = 10;						/* ANATT, seconds */
		page[343] = 0x1f | BIT(6);				/* all states; groups do not change */
		put_le(page + 344, 1, 4);
		put_le(page + 348, 1, 4);
	}
}

static u32 identify_ctrl(struct device *dev, u8 *page)
{
	const struct shape *shape = dev->shape;

	put_le(page, 0x1b36, 2);
	put_le(page + 2, 0x1b36, 2);
	text_at(page, 4, 20, "onvme-device");
	text_at(page, 24, 40, "onvme software controller");
	memcpy(page + 64, dev->adm.slot[dev->adm.active_slot], 8);
	page[76] = shape->ana || shape->shared ? BIT(1) | (shape->ana ? (u8)BIT(3) : 0) : 0;
	page[77] = (u8)shape->mdts;
	put_le(page + 78, 1, 2);
	put_le(page + 80, shape->vs, 4);
	put_le(page + 88, shape->rtd3e, 4);
	put_le(page + 92, shape->oaes | (shape->ana ? OAES_ANA : 0), 4);
	put_le(page + 96, shape->fdp ? CTRATT_FDP | CTRATT_ENDG : 0, 4);
	page[111] = (u8)shape->cntrltype;
	put_le(page + 256, shape->oacs, 2);
	page[258] = (u8)shape->acl;
	page[259] = (u8)shape->aerl;
	page[260] = (u8)shape->frmw;
	page[261] = (u8)shape->lpa;
	page[262] = 63;							/* ELPE */
	page[263] = (u8)shape->npss;
	put_le(page + 266, 353, 2);
	put_le(page + 268, 363, 2);
	page[319] = 1;							/* FWUG, 4 KiB */
	page[512] = (u8)shape->sqes;
	page[513] = (u8)shape->cqes;
	put_le(page + 516, shape->nn, 4);
	put_le(page + 520, shape->oncs, 2);
	page[525] = (u8)shape->vwc;
	put_le(page + 528, shape->awupf, 2);
	put_le(page + 526, shape->awupf, 2);
	put_le(page + 536, dev->sgls, 4);
	put_le(page + 534, shape->oncs & ONCS_COPY ? BIT(0) : 0, 2);	/* OCFS: format 0 */
	if (shape->fdp)
		put_le(page + 340, 1, 2);				/* ENDGIDMAX */
	snprintf((char *)page + 768, 256, "nqn.2024-01.org.onvme:device");
	identify_optional(dev, page);
	power_identify(shape, page);
	shape_apply(shape, PATCH_CTRL, 0, page, 0, PAGE);
	return SC_OK;
}

static void identify_ids(const struct shape *shape, u32 nsid, u8 *nguid, u8 *eui64)
{
	if (nguid && shape->nguid) {
		memcpy(nguid, "\x6e\x76\x6d\x65\x00\x00\x00\x00\x52\x54\x00\x6f\x6e\x76\x00\x00", 16);
		nguid[14] = (u8)(nsid >> 8);
		nguid[15] = (u8)nsid;
	}
	if (eui64 && shape->eui64) {
		memcpy(eui64, "\x52\x54\x00\x6f\x6e\x76\x00\x00", 8);
		eui64[6] = (u8)(nsid >> 8);
		eui64[7] = (u8)nsid;
	}
}

static void identify_formats(const struct device *dev, u8 *page)
{
	u32 i;

	for (i = 0; i < NS_NR_FORMATS; i++) {
		put_le(page + 128 + 4 * i, dev->nss.formats[i].metadata, 2);
		page[128 + 4 * i + 2] = (u8)dev->nss.formats[i].lba_shift;
	}
	page[25] = NS_NR_FORMATS - 1;
	page[27] = 3;			/* metadata both ways */
	page[28] = 0x0f;		/* protection information of all types, first */
}

static void identify_fill_ns(const struct device *dev, const struct ns *ns, u8 *page)
{
	const struct shape *shape = dev->shape;

	put_le(page, ns->blocks, 8);
	put_le(page + 8, ns->blocks, 8);
	put_le(page + 16, ns->blocks, 8);
	page[24] = shape->awupf ? BIT(1) : 0;
	page[26] = (u8)(ns->format | (ns->extended ? BIT(4) : 0));
	page[29] = (u8)(ns->pi | (ns->pi ? BIT(3) : 0));
	page[30] = (u8)shape->shared;
	page[31] = shape->oncs & ONCS_RESV ? 0x7f : 0;
	page[33] = shape->oncs & ONCS_ZEROES ? BIT(3) | 1 : 1;		/* DLFEAT */
	put_le(page + 34, shape->awupf, 2);
	put_le(page + 36, shape->awupf, 2);
	put_le(page + 42, shape->nabo, 2);
	put_le(page + 44, shape->nabspf, 2);
	put_le(page + 46, shape->noiob, 2);
	if (shape->oncs & ONCS_COPY) {
		put_le(page + 74, 128, 2);				/* MSSRL */
		put_le(page + 76, 1024, 4);				/* MCL */
		page[80] = 7;						/* MSRC */
	}
	put_le(page + 92, shape->ana ? 1 : 0, 4);
	page[99] = ns->readonly;
	put_le(page + 102, shape->fdp ? 1 : 0, 2);			/* ENDGID */
	identify_ids(shape, ns->nsid, page + 104, page + 120);
}

static u32 identify_ns(struct cmd *cmd, u8 *page, bool allocated)
{
	struct device *dev = cmd->dev;
	u32 nsid = cmd->sqe.nsid;
	const struct ns *ns = ns_get(dev, nsid);

	if (allocated && nsid <= NS_MAX)
		ns = dev->nss.ns[nsid];
	if (nsid != NSID_ALL && (!nsid || nsid > dev->shape->nn)) {
		examine(dev, RULE_NSID_RANGE, "identify: NSID is %#x, NN is %llu", nsid, dev->shape->nn);
		return SC_NAMESPACE | SF_DNR;
	}
	if (nsid == NSID_ALL && !(dev->shape->oacs & OACS_NS_MGMT))
		return SC_NAMESPACE | SF_DNR;
	if (ns || nsid == NSID_ALL)
		identify_formats(dev, page);
	if (ns)
		identify_fill_ns(dev, ns, page);
	shape_apply(dev->shape, PATCH_NS, nsid, page, 0, PAGE);
	return SC_OK;
}

static u32 identify_descs(struct cmd *cmd, u8 *page)
{
	const struct shape *shape = cmd->dev->shape;
	u32 nsid = cmd->sqe.nsid, at = 0;

	if (!ns_get(cmd->dev, nsid))
		return SC_NAMESPACE | SF_DNR;
	if (shape->eui64) {
		page[at] = 1;
		page[at + 1] = 8;
		identify_ids(shape, nsid, NULL, page + at + 4);
		at += 12;
	}
	if (shape->nguid) {
		page[at] = 2;
		page[at + 1] = 16;
		identify_ids(shape, nsid, page + at + 4, NULL);
		at += 20;
	}
	if (shape->uuid) {
		page[at] = 3;
		page[at + 1] = 16;
		memcpy(page + at + 4, "\x0d\xe1\x1c\xe0\x52\x54\x40\x00\x80\x00\x6f\x6e\x76\x6d\x00\x00", 16);
		page[at + 18] = (u8)(nsid >> 8);
		page[at + 19] = (u8)nsid;
		at += 20;
	}
	page[at] = 4;				/* command set: NVM */
	page[at + 1] = 1;
	shape_apply(shape, PATCH_DESCS, nsid, page, 0, PAGE);
	if (cmd->fate.corrupt_list)
		for (at = 0; at < PAGE; at += 20)
			memcpy(page + at, "\x02\xff\x00\x00", 4);
	return SC_OK;
}

static u32 identify_list(struct cmd *cmd, u8 *page, bool allocated)
{
	struct device *dev = cmd->dev;
	u32 nsid, n = 0;

	if (cmd->sqe.nsid >= NSID_ALL - 1) {
		examine(dev, RULE_NSID_RANGE, "namespace list after %#x", cmd->sqe.nsid);
		return SC_NAMESPACE | SF_DNR;
	}
	for (nsid = cmd->sqe.nsid + 1; nsid <= NS_MAX && n < 1024; nsid++)
		if (allocated ? !!dev->nss.ns[nsid] : !!ns_get(dev, nsid))
			put_le(page + 4 * n++, nsid, 4);
	shape_apply(dev->shape, PATCH_NSLIST, 0, page, 0, PAGE);
	/* A list that never ends: always full, always going on where the host asked. */
	for (n = 0; cmd->fate.corrupt_list && n < 1024; n++)
		put_le(page + 4 * n, cmd->sqe.nsid + 1 + n, 4);
	return SC_OK;
}

static u32 identify_csi_ctrl(struct cmd *cmd, u8 *page)
{
	const struct shape *shape = cmd->dev->shape;

	if (cmd->sqe.cdw[1] >> 24)
		return SC_FIELD | SF_DNR;
	page[1] = (u8)shape->wzsl;
	page[3] = (u8)shape->dmrl;
	put_le(page + 4, shape->dmrsl, 4);
	put_le(page + 8, shape->dmsl, 8);
	return SC_OK;
}

static u32 identify_indep(struct cmd *cmd, u8 *page)
{
	const struct ns *ns = ns_get(cmd->dev, cmd->sqe.nsid);

	if (!ns)
		return SC_NAMESPACE | SF_DNR;
	page[1] = (u8)cmd->dev->shape->shared;
	put_le(page + 4, cmd->dev->shape->ana ? 1 : 0, 4);
	page[8] = ns->readonly;
	page[14] = 1;							/* NSTAT: ready */
	return SC_OK;
}

static u32 identify_page(struct cmd *cmd, u32 cns, u8 *page)
{
	switch (cns) {
	case CNS_NS:
		return identify_ns(cmd, page, false);
	case CNS_CTRL:
		return identify_ctrl(cmd->dev, page);
	case CNS_ACTIVE:
	case CNS_CSI_ACTIVE:
		return cmd->sqe.cdw[1] >> 24 ? SC_OK : identify_list(cmd, page, false);
	case CNS_DESCS:
		return identify_descs(cmd, page);
	case CNS_CSI_NS:
		return cmd->sqe.cdw[1] >> 24 || !ns_get(cmd->dev, cmd->sqe.nsid) ? SC_FIELD | SF_DNR : SC_OK;
	case CNS_CSI_CTRL:
		return identify_csi_ctrl(cmd, page);
	case CNS_NS_INDEP:
		return identify_indep(cmd, page);
	case CNS_ALLOCATED:
		return identify_list(cmd, page, true);
	case CNS_ALLOC_NS:
		return identify_ns(cmd, page, true);
	case CNS_NS_CTRLS:
	case CNS_CTRLS:
		if (cmd->sqe.cdw[0] >> 16 <= 1 && (cns == CNS_CTRLS || ns_get(cmd->dev, cmd->sqe.nsid)))
			put_le(page, 0x00010001, 4);			/* one controller, with id 1 */
		return SC_OK;
	default:
		return SC_FIELD | SF_DNR;
	}
}

/* The version or the bit that announces a data structure */
static bool identify_announced(const struct device *dev, u32 cns)
{
	const struct shape *shape = dev->shape;

	switch (cns) {
	case CNS_NS:
	case CNS_CTRL:
		return true;
	case CNS_ACTIVE:
		return shape->vs >= 0x10100;
	case CNS_DESCS:
		return shape->vs >= 0x10300;
	case CNS_CSI_NS:
	case CNS_CSI_CTRL:
	case CNS_CSI_ACTIVE:
	case CNS_NS_INDEP:
		return shape->vs >= 0x20000 || shape->css & BIT(6);
	case CNS_ALLOCATED:
	case CNS_ALLOC_NS:
	case CNS_NS_CTRLS:
	case CNS_CTRLS:
		return shape->oacs & OACS_NS_MGMT;
	default:
		return false;
	}
}

u32 identify_execute(struct cmd *cmd)
{
	u32 cns = cmd->sqe.cdw[0] & 0xff, status;
	u8 page[PAGE] = {};

	if (!identify_announced(cmd->dev, cns)) {
		examine(cmd->dev, RULE_CNS, "CNS %#x", cns);
		return SC_FIELD | SF_DNR;
	}
	if ((cns == CNS_CTRL || cns == CNS_CSI_CTRL || cns == CNS_CTRLS) && cmd->sqe.nsid)
		examine(cmd->dev, RULE_NSID_UNUSED, "identify CNS %#x: NSID is %#x", cns, cmd->sqe.nsid);
	status = identify_page(cmd, cns, page);
	return status ? status : xfer_out(cmd, page, PAGE);
}
