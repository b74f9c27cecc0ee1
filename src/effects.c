// SPDX-License-Identifier: GPL-2.0
#include <linux/bitfield.h>
#include <linux/mutex.h>
#include <linux/slab.h>

#include "admin.h"
#include "ctrl.h"
#include "effects.h"
#include "fault.h"
#include "proto/cmd.h"
#include "proto/effects.h"

/* So often a controller may be asked for the log and not answer. */
#define ONVME_EFFECTS_FAULTS	2

static int onvme_effects_keep(struct onvme_effects *effects, u8 csi, const struct onvme_effects_log *log)
{
	u32 *told = effects->told[csi];
	unsigned int i;

	if (!told)
		told = ONVME_ALLOC(kcalloc(512, sizeof(*told), GFP_KERNEL));
	if (!told)
		return -ENOMEM;
	for (i = 0; i < 256; i++) {
		WRITE_ONCE(told[i], le32_to_cpu(log->acs[i]));
		WRITE_ONCE(told[256 + i], le32_to_cpu(log->iocs[i]));
	}
	smp_store_release(&effects->told[csi], told);	/* pairs with onvme_effects_get() */
	return 0;
}

static int onvme_effects_learn_locked(struct onvme_ctrl *ctrl, const struct onvme_caps *caps, u8 csi, void *page)
{
	struct onvme_effects *effects = &ctrl->effects;
	struct onvme_answer answer = {};
	struct onvme_sqe sqe;
	int err;

	lockdep_assert_held(&effects->lock);
	if (strcmp(effects->fr, caps->fr)) {
		effects->asked = 0;
		strscpy(effects->fr, caps->fr, sizeof(effects->fr));
	}
	if (csi >= ONVME_EFFECTS_SETS || effects->asked & BIT(csi) || !(caps->lpa & ONVME_LPA_EFFECTS) ||
	    effects->faults >= ONVME_EFFECTS_FAULTS)
		return 0;
	memset(page, 0, ONVME_IDENTIFY_SIZE);
	onvme_cmd_get_log(&sqe, 0, ONVME_LOG_EFFECTS, sizeof(struct onvme_effects_log));
	sqe.cdw14 = cpu_to_le32((u32)FIELD_PREP(ONVME_LOG_CSI, csi));
	err = onvme_admin_cmd(ctrl, &sqe, page, sizeof(struct onvme_effects_log), &answer);
	if (!err)
		err = onvme_effects_keep(effects, csi, page);
	if (!err || (err == -EIO && answer.status & ONVME_SF_DNR))
		effects->asked |= BIT(csi);
	else if ((err == -EIO || err == -EINTR) && ++effects->faults == ONVME_EFFECTS_FAULTS)
		dev_warn(&ctrl->dev, "does not tell the effects of commands, and is not asked again\n");
	return err == -EIO || err == -ENOMEM ? 0 : err;
}

/**
 * onvme_effects_learn() - read the log of a command set, unless it is known
 * @ctrl: the controller; live
 * @caps: what it can do
 * @csi: the command set
 * @page: %ONVME_IDENTIFY_SIZE bytes to work in
 *
 * Base, "Commands Supported and Effects". A controller that refuses is not asked again, and neither is one that has
 * twice not answered, lest it be reset for that time and again. Process context.
 *
 * Return: 0; the error of onvme_admin_cmd() when the controller could not be asked.
 */
int onvme_effects_learn(struct onvme_ctrl *ctrl, const struct onvme_caps *caps, u8 csi, void *page)
{
	int err;

	mutex_lock(&ctrl->effects.lock);
	err = onvme_effects_learn_locked(ctrl, caps, csi, page);
	mutex_unlock(&ctrl->effects.lock);
	return err;
}

/**
 * onvme_effects_settled() - whether nothing more will be learned of a command set
 * @ctrl: the controller
 * @caps: what it can do
 * @csi: the command set
 *
 * Process context.
 *
 * Return: whether its log is known, or will not be asked for again.
 */
bool onvme_effects_settled(struct onvme_ctrl *ctrl, const struct onvme_caps *caps, u8 csi)
{
	struct onvme_effects *effects = &ctrl->effects;
	bool settled;

	mutex_lock(&effects->lock);
	settled = csi >= ONVME_EFFECTS_SETS || effects->told[csi] || effects->asked & BIT(csi) ||
		  !(caps->lpa & ONVME_LPA_EFFECTS) || effects->faults >= ONVME_EFFECTS_FAULTS;
	mutex_unlock(&effects->lock);
	return settled;
}

/**
 * onvme_effects_get() - the effects of a command
 * @ctrl: the controller
 * @admin: an admin command
 * @csi: command set of the namespace of an I/O command
 * @opcode: which
 *
 * Any context.
 *
 * Return: as onvme_effects_of().
 */
u32 onvme_effects_get(struct onvme_ctrl *ctrl, bool admin, u8 csi, u8 opcode)
{
	const u32 *told = NULL;

	if (admin)
		csi = ONVME_CSI_NVM;
	if (csi < ONVME_EFFECTS_SETS)
		told = smp_load_acquire(&ctrl->effects.told[csi]);	/* pairs with onvme_effects_keep() */
	return onvme_effects_of(admin, opcode, told ? READ_ONCE(told[opcode + (admin ? 0 : 256)]) : 0);
}

/**
 * onvme_effects_init() - nothing is known
 * @ctrl: a new controller
 */
void onvme_effects_init(struct onvme_ctrl *ctrl)
{
	mutex_init(&ctrl->effects.lock);
}

/**
 * onvme_effects_free() - forget all
 * @ctrl: the controller; nobody knows it any more
 */
void onvme_effects_free(struct onvme_ctrl *ctrl)
{
	unsigned int i;

	for (i = 0; i < ONVME_EFFECTS_SETS; i++)
		kfree(ctrl->effects.told[i]);
}
