/* SPDX-License-Identifier: GPL-2.0 */
/*
 * sleep.h - a controller while the machine is suspended: it dozes in a power state that it was told to enter, or is
 * shut down.
 *
 * struct onvme_sleep is part of struct onvme_recovery, guarded by onvme_ctrl.life. recovery.c changes the state around
 * these functions; none of them does. Process context, with every wait bounded.
 */
#ifndef ONVME_SLEEP_H
#define ONVME_SLEEP_H

#include <linux/types.h>

struct onvme_ctrl;

/**
 * struct onvme_sleep - how it sleeps
 * @state: the power state in which it dozes; 0: it does not
 * @was: the feature Power Management as it was before
 * @distrusted: it did not wake up once: from then on it is shut down
 */
struct onvme_sleep {
	u8	state;
	u32	was;
	bool	distrusted;
};

void onvme_sleep_await_scan(struct onvme_ctrl *ctrl);
void onvme_sleep_begin(struct onvme_ctrl *ctrl, bool stays_on);
bool onvme_sleep_end(struct onvme_ctrl *ctrl);
void onvme_sleep_over(struct onvme_ctrl *ctrl);

#endif /* ONVME_SLEEP_H */
