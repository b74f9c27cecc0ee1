// SPDX-License-Identifier: GPL-2.0
#include <linux/bitfield.h>
#include <linux/delay.h>

#include "admin.h"
#include "compat/integrity.h"
#include "compat/place.h"
#include "ctrl.h"
#include "identify.h"
#include "proto/cmd.h"
#include "zns.h"

/* So often a controller may be asked for places and not answer. */
#define ONVME_PLACE_FAULTS	2

/* Identifiers beyond those in Identify Namespace. A controller that refuses the list is not asked again. */
static int onvme_identify_descs(struct onvme_ctrl *ctrl, const struct onvme_caps *caps, void *page,
				struct onvme_ns_geom *geom, struct onvme_finding *finding)
{
	struct onvme_answer answer;
	int err;

	if (caps->vs < ONVME_VS(1, 3, 0) || caps->no_ns_descs || test_bit(ONVME_CTRL_NO_NS_DESCS, &ctrl->flags))
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

/* Guards and storage tags. A controller that refuses to tell of them has those that fit. */
static int onvme_identify_guards(struct onvme_ctrl *ctrl, const struct onvme_caps *caps, void *page,
				 struct onvme_ns_geom *geom)
{
	struct onvme_answer answer;
	int err;

	if (!geom->pi.type || !(caps->ctratt & ONVME_CTRATT_ELBAS))
		return 0;
	err = onvme_admin_identify(ctrl, geom->nsid, ONVME_CNS_CS_NS, ONVME_CSI_NVM, page, &answer);
	if (!err) {
		onvme_pi_extended(&geom->pi, geom->ms, page, geom->format);
	} else if (err == -EIO && answer.status & ONVME_SF_DNR) {
		onvme_pi_unknown(&geom->pi, geom->ms);
		return 0;
	}
	return err;
}

/**
 * onvme_identify_sends_io() - whether onvme_identify_ns() sends I/O commands
 * @caps: what the controller can do
 *
 * It does not wait for them where I/O is held back. Who lets it in again has the namespaces looked at once more.
 *
 * Return: true when it may.
 */
bool onvme_identify_sends_io(const struct onvme_caps *caps)
{
	return onvme_compat_can_place() && caps->ctratt & ONVME_CTRATT_FDPS;
}

/* Which configuration of Flexible Data Placement is on in its endurance group; no configuration is no error. */
static int onvme_identify_config(struct onvme_ctrl *ctrl, struct onvme_ns_geom *geom, void *page, bool *on,
				 struct onvme_answer *answer)
{
	struct onvme_sqe sqe;
	u32 index;
	int err;

	err = onvme_admin_get_feature(ctrl, ONVME_FEAT_FDP, geom->endgid, answer);
	if (err || !(answer->dw0 & ONVME_FDP_ENABLED))
		return err;
	index = FIELD_GET(ONVME_FDP_INDEX, answer->dw0);
	memset(page, 0, ONVME_IDENTIFY_SIZE);
	onvme_cmd_get_log(&sqe, 0, ONVME_LOG_FDP_CONFIGS, ONVME_IDENTIFY_SIZE);
	sqe.cdw11 |= cpu_to_le32((u32)geom->endgid << 16);
	err = onvme_admin_cmd(ctrl, &sqe, page, ONVME_IDENTIFY_SIZE, answer);
	if (!err)
		*on = onvme_place_config(&geom->place, page, ONVME_IDENTIFY_SIZE, index);
	return err;
}

/* The tags of passthrough may be gone for a moment. */
static int onvme_identify_ruhs(struct onvme_ctrl *ctrl, struct onvme_ns_geom *geom, void *page,
			       struct onvme_answer *answer)
{
	unsigned int tries = 50;
	struct onvme_sqe sqe;
	int err;

	onvme_cmd_ruhs(&sqe, geom->nsid, ONVME_PLACE_BYTES);
	memset(page, 0, ONVME_PLACE_BYTES);
	while ((err = onvme_admin_read_io(ctrl, &sqe, page, ONVME_PLACE_BYTES, answer)) == -EAGAIN) {
		if (READ_ONCE(ctrl->nss.frozen) || READ_ONCE(ctrl->nss.stopped) ||
		    !onvme_ctrl_is(ctrl, ONVME_ADMITS_USER))
			break;
		if (!--tries) {
			dev_warn_ratelimited(&ctrl->dev, "namespace %u: no time to ask where data can be placed\n",
					     geom->nsid);
			break;
		}
		msleep(20);
	}
	if (!err)
		onvme_place_read(&geom->place, page);
	return err;
}

/*
 * Flexible Data Placement is on or off by endurance group. A controller that refuses to tell of it has writes as if it
 * were off. While it does not say, they go where they went; when it has not answered twice, that is so for good, lest
 * it be reset for that time and again.
 */
static int onvme_identify_places(struct onvme_ctrl *ctrl, const struct onvme_caps *caps, void *page,
				 const struct onvme_ns_geom *old, struct onvme_ns_geom *geom)
{
	struct onvme_answer answer = {};
	bool on = false;
	int err;

	if (!onvme_identify_sends_io(caps) || !geom->endgid || geom->fit != ONVME_FIT_OK ||
	    ctrl->nss.place_faults >= ONVME_PLACE_FAULTS)
		return 0;
	err = onvme_identify_config(ctrl, geom, page, &on, &answer);
	if (!err && on)
		err = onvme_identify_ruhs(ctrl, geom, page, &answer);
	if (!err)
		ctrl->nss.place_faults = 0;
	if (!err || (err == -EIO && answer.status & ONVME_SF_DNR))
		return 0;
	if ((err == -EINTR || err == -EIO) && ++ctrl->nss.place_faults == ONVME_PLACE_FAULTS)
		dev_warn(&ctrl->dev, "does not tell where data can be placed, and is not asked again\n");
	if (old)
		geom->place = old->place;
	return err == -EAGAIN || err == -EIO || err == -ENODEV ? 0 : err;
}

/**
 * onvme_identify_ns() - look at one namespace
 * @ctrl: the controller
 * @caps: what it can do
 * @nsid: namespace id
 * @page: %ONVME_IDENTIFY_SIZE bytes to work in
 * @old: what it was when it was last looked at, or NULL
 * @geom: gets what the namespace is
 *
 * With the first of a command set, what its commands do: onvme_effects_learn().
 * Base, "Identify command": CNS 00h, 03h and 05h; "FDP Configurations", "Reclaim Unit Handle Status". Process context.
 *
 * Return: 0; -ENOENT when it is not there; -EIO when the controller does not say now, which is no reason to think that
 * it has gone; another error when the controller could not be asked.
 */
int onvme_identify_ns(struct onvme_ctrl *ctrl, const struct onvme_caps *caps, u32 nsid, void *page,
		      const struct onvme_ns_geom *old, struct onvme_ns_geom *geom)
{
	struct onvme_finding finding = {};
	struct onvme_ns_geom ids = { .nsid = nsid };
	struct onvme_answer answer;
	int err;

	err = onvme_effects_learn(ctrl, caps, ONVME_CSI_NVM, page);
	if (err)
		return err;
	err = onvme_admin_identify(ctrl, nsid, ONVME_CNS_NS, 0, page, &answer);
	if (err == -EIO && answer.status & ONVME_SF_DNR)
		return -ENOENT;
	if (err)
		return err;
	onvme_ident_ns(page, caps, nsid, ONVME_MAX_LBA_SHIFT, geom, &finding);
	if (geom->fit == ONVME_FIT_EMPTY)
		return -ENOENT;
	err = onvme_identify_guards(ctrl, caps, page, geom);
	if (err)
		return err;
	onvme_ident_plan_meta(geom, onvme_compat_integrity_can());
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
	err = onvme_effects_learn(ctrl, caps, geom->csi, page);
	if (err)
		return err;
	if (geom->csi == ONVME_CSI_ZNS)
		err = onvme_zns_identify(ctrl, caps, page, geom);
	else if (geom->csi != ONVME_CSI_NVM)
		geom->fit = ONVME_FIT_CSI;
	if (err)
		return err;
	err = onvme_identify_places(ctrl, caps, page, old, geom);
	if (err)
		return err;
	onvme_observe_finding(&ctrl->dev, &ctrl->counters, &finding, "Identify Namespace");
	return 0;
}
