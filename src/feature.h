/* SPDX-License-Identifier: GPL-2.0 */
/*
 * feature.h - features that users have set are set again after a reset, in which a controller forgets them.
 *
 * struct onvme_features is part of struct onvme_ctrl; its lock guards the list. Whoever sets a feature for a user tells
 * of it afterwards; the bring-up step sets all of them again.
 */
#ifndef ONVME_FEATURE_H
#define ONVME_FEATURE_H

#include <linux/spinlock.h>

#include "proto/feature.h"

struct onvme_ctrl;

/**
 * struct onvme_features - what users have set
 * @lock: guards the rest
 * @list: the features
 */
struct onvme_features {
	spinlock_t			lock;
	struct onvme_feature_list	list;
};

void onvme_feature_init(struct onvme_ctrl *ctrl);
void onvme_feature_note(struct onvme_ctrl *ctrl, const struct onvme_sqe *sqe);
bool onvme_feature_has(struct onvme_ctrl *ctrl);
int onvme_feature_start(struct onvme_ctrl *ctrl);

#endif /* ONVME_FEATURE_H */
