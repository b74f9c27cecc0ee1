/* SPDX-License-Identifier: GPL-2.0 */
/*
 * aen.h - asynchronous events: what a controller tells without being asked.
 *
 * struct onvme_aen is part of struct onvme_ctrl. One Asynchronous Event Request is outstanding while the controller
 * is live; its completion arrives in interrupt context and is handled, and the request posted anew, in a work item.
 * That takes ctrl.life for moments, to hold I/O back while firmware is activated; so nobody waits for it under life.
 */
#ifndef ONVME_AEN_H
#define ONVME_AEN_H

#include <linux/ratelimit.h>
#include <linux/types.h>
#include <linux/workqueue.h>

struct onvme_ctrl;

/* Bits of onvme_aen.flags */
#define ONVME_AEN_ARMED		0		/* a request is outstanding */
#define ONVME_AEN_PAUSED	1		/* I/O is held back until firmware is activated; under ctrl.life */
#define ONVME_AEN_UNREAD	2		/* the last event has not been looked at */

/**
 * struct onvme_aen - asynchronous events of a controller
 * @flags: ONVME_AEN_*
 * @result: completion dword 0 of the last one
 * @posted: when the request was posted, by the processor's counter
 * @work: handles it
 * @pace: how many are handled without a delay
 */
struct onvme_aen {
	unsigned long		flags;
	u32			result;
	u64			posted;
	struct delayed_work	work;
	struct ratelimit_state	pace;
};

void onvme_aen_init(struct onvme_ctrl *ctrl);
void onvme_aen_arm(struct onvme_ctrl *ctrl);
int onvme_aen_start(struct onvme_ctrl *ctrl);
void onvme_aen_go_on(struct onvme_ctrl *ctrl);
void onvme_aen_stop(struct onvme_ctrl *ctrl);
void onvme_aen_fini(struct onvme_ctrl *ctrl);
void onvme_aen_event(struct onvme_ctrl *ctrl, u32 result);
bool onvme_aen_excuses(struct onvme_ctrl *ctrl, u64 waited_ms);

#endif /* ONVME_AEN_H */
