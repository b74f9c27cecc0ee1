// SPDX-License-Identifier: GPL-2.0
#include "admin.h"
#include "ctrl.h"
#include "identify.h"

/* Identifiers beyond those in Identify Namespace. A controller that refuses the list is not asked again. */
static int onvme_identify_descs(struct onvme_ctrl *ctrl, const struct onvme_caps *caps, void *page,
				struct onvme_ns_geom *geom, struct onvme_finding *finding)
{
	struct onvme_answer answer;
	int err;

	if (caps->vs < ONVME_VS(1, 3, 0) || test_bit(ONVME_CTRL_NO_NS_DESCS, &ctrl->flags))
		return 0;
	err = onvme_admin_identify(ctrl, geom->nsid, ONVME_CNS_NS_DESCS, 0, page, &answer);
	if (!err) {
		set_bit(ONVME_CTRL_HAS_NS_DESCS, &ctrl->flags);
		onvme_ident_descs(page, geom, finding);
	} else if (err == -EIO && answer.status & ONVME_SF_DNR && !test_bit(ONVME_CTRL_HAS_NS_DESCS, &ctrl->flags)) {
		set_bit(ONVME_CTRL_NO_NS_DESCS, &ctrl->flags);
		return 0;
	}
	return err;
}

/**
 * onvme_identify_ns() - look at one namespace
 * @ctrl: the controller
 * @caps: what it can do
 * @nsid: namespace id
 * @page: %ONVME_IDENTIFY_SIZE bytes to work in
 * @geom: gets what the namespace is
 *
 * Base, "Identify command": CNS 00h and 03h. Process context.
 *
 * Return: 0; -ENOENT when it is not there; -EIO when the controller does not say now, which is no reason to think that
 * it has gone; another error when the controller could not be asked.
 */
int onvme_identify_ns(struct onvme_ctrl *ctrl, const struct onvme_caps *caps, u32 nsid, void *page,
		      struct onvme_ns_geom *geom)
{
	struct onvme_finding finding = {};
	struct onvme_ns_geom ids = { .nsid = nsid };
	struct onvme_answer answer;
	int err;

	err = onvme_admin_identify(ctrl, nsid, ONVME_CNS_NS, 0, page, &answer);
	if (err == -EIO && answer.status & ONVME_SF_DNR)
		return -ENOENT;
	if (err)
		return err;
	onvme_ident_ns(page, caps, nsid, ONVME_MAX_LBA_SHIFT, geom, &finding);
	if (geom->fit == ONVME_FIT_EMPTY)
		return -ENOENT;
	ids = *geom;
	err = onvme_identify_descs(ctrl, caps, page, &ids, &finding);
	if (err)
		return err;
	memcpy(geom->eui64, ids.eui64, sizeof(geom->eui64));
	memcpy(geom->nguid, ids.nguid, sizeof(geom->nguid));
	memcpy(geom->uuid, ids.uuid, sizeof(geom->uuid));
	geom->csi = ids.csi;
	if (ctrl->quirks & ONVME_QUIRK_BOGUS_NID)
		onvme_ident_forget_ids(geom);
	if (geom->csi != ONVME_CSI_NVM)
		geom->fit = ONVME_FIT_CSI;
	onvme_observe_finding(&ctrl->dev, &ctrl->counters, &finding, "Identify Namespace");
	return 0;
}
