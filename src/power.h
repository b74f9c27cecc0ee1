/* SPDX-License-Identifier: GPL-2.0 */
/*
 * power.h - the sleep of an idle controller: how deep, and what is learned when it does not wake up.
 *
 * struct onvme_power is part of struct onvme_ctrl. The user's wishes change at any time, in any order with resets: who
 * tells the controller looks again afterwards whether that is still what is wanted.
 */
#ifndef ONVME_POWER_H
#define ONVME_POWER_H

#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include "proto/apst.h"

struct onvme_ctrl;

/**
 * struct onvme_power - the sleep of a controller
 * @work: tells the controller what is wanted now
 * @lock: guards the rest
 * @asked: what the controller was last asked to do
 * @told: the same, if it agreed; otherwise nothing
 * @err: whether it did, or why not
 * @budget_us: what waking up may take, as for onvme_apst_plan()
 * @limit: the deepest state that it may enter by itself
 */
struct onvme_power {
	struct work_struct	work;
	spinlock_t		lock;
	struct onvme_apst	asked;
	struct onvme_apst	told;
	int			err;
	u32			budget_us;
	u8			limit;
};

void onvme_power_init(struct onvme_ctrl *ctrl);
bool onvme_power_has(struct onvme_ctrl *ctrl);
int onvme_power_start(struct onvme_ctrl *ctrl);
void onvme_power_look(struct onvme_ctrl *ctrl);
void onvme_power_expose(struct onvme_ctrl *ctrl);
void onvme_power_hide(struct onvme_ctrl *ctrl);
void onvme_power_fini(struct onvme_ctrl *ctrl);
unsigned int onvme_power_limit(struct onvme_ctrl *ctrl);
int onvme_power_set_limit(struct onvme_ctrl *ctrl, unsigned int limit);
void onvme_power_forget(struct onvme_ctrl *ctrl);
void onvme_power_learn(struct onvme_ctrl *ctrl);

#endif /* ONVME_POWER_H */
