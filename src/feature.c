// SPDX-License-Identifier: GPL-2.0
#include <linux/slab.h>

#include "admin.h"
#include "ctrl.h"
#include "fault.h"
#include "feature.h"
#include "param.h"
#include "proto/cmd.h"

static unsigned int onvme_feature_wanted = 1;
ONVME_PARAM(keep_features, onvme_feature_wanted, 1, 0, 1,
	    "1: features that users have set are set again after a reset (1); 0: they are forgotten as the controller does");

/**
 * onvme_feature_init() - nobody has set anything
 * @ctrl: a new controller
 */
void onvme_feature_init(struct onvme_ctrl *ctrl)
{
	spin_lock_init(&ctrl->features.lock);
}

/**
 * onvme_feature_note() - a user's command has succeeded
 * @ctrl: the controller
 * @sqe: an admin command
 *
 * Kept if it is one that sets a feature which is to be kept. Any context.
 */
void onvme_feature_note(struct onvme_ctrl *ctrl, const struct onvme_sqe *sqe)
{
	struct onvme_feature feature;
	bool saved, kept = true;
	unsigned long irqs;

	if (!onvme_feature_of(sqe, &feature, &saved))
		return;
	spin_lock_irqsave(&ctrl->features.lock, irqs);
	if (saved)
		onvme_feature_drop(&ctrl->features.list, &feature);
	else
		kept = onvme_feature_keep(&ctrl->features.list, &feature);
	spin_unlock_irqrestore(&ctrl->features.lock, irqs);
	if (!kept)
		dev_info_ratelimited(&ctrl->dev, "feature %#x will not outlive a reset: too many are set\n",
				     feature.fid);
}

/**
 * onvme_feature_has() - whether there is anything to be set again
 * @ctrl: the controller. Caller holds ctrl.life
 *
 * Return: whether users have set features, and nobody minds that they are kept.
 */
bool onvme_feature_has(struct onvme_ctrl *ctrl)
{
	return READ_ONCE(ctrl->features.list.nr) && READ_ONCE(onvme_feature_wanted);
}

static int onvme_feature_set(struct onvme_ctrl *ctrl, const struct onvme_feature *feature)
{
	struct onvme_sqe sqe;
	int err;

	onvme_cmd_set_features(&sqe, feature->fid, feature->value);
	sqe.nsid = cpu_to_le32(feature->nsid);
	err = onvme_admin_cmd(ctrl, &sqe, NULL, 0, NULL);
	if (err != -EIO && err != -EINTR)
		return err;
	dev_warn(&ctrl->dev, "feature %#x is not as it was before the reset: %#x is %s\n", feature->fid, feature->value,
		 err == -EIO ? "refused" : "not answered");
	spin_lock_irq(&ctrl->features.lock);
	onvme_feature_drop(&ctrl->features.list, feature);
	spin_unlock_irq(&ctrl->features.lock);
	return err == -EIO ? 0 : err;
}

/**
 * onvme_feature_start() - set what users have set before the reset
 * @ctrl: the controller; its admin queue is live. Caller holds ctrl.life
 *
 * A bring-up step. What the controller refuses it is not asked for again, nor what it does not answer: the next rung
 * would fail in the same way.
 *
 * Return: 0; -EINTR when the controller did not answer, or went away.
 */
int onvme_feature_start(struct onvme_ctrl *ctrl)
{
	struct onvme_feature_list *list = ONVME_ALLOC(kmalloc(sizeof(*list), GFP_KERNEL));
	unsigned int i;
	int err = 0;

	if (!list) {
		dev_warn(&ctrl->dev, "features are not as they were before the reset: no memory\n");
		return 0;
	}
	spin_lock_irq(&ctrl->features.lock);
	*list = ctrl->features.list;
	spin_unlock_irq(&ctrl->features.lock);
	for (i = 0; i < list->nr && !err; i++) {
		err = onvme_feature_set(ctrl, &list->item[i]);
		if (err == -ENOMEM)
			err = 0;
	}
	kfree(list);
	return err;
}
