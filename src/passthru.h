/* SPDX-License-Identifier: GPL-2.0 */
/*
 * passthru.h - commands that users build themselves: the ioctls of linux/nvme_ioctl.h.
 *
 * One way in for the controller's node and for block devices. Everything is copied from the user once, checked, and
 * then trusted; data go up to the limits of the queue and are refused beyond, never cut. Process context; sleeps
 * until the command is done or its time is over.
 */
#ifndef ONVME_PASSTHRU_H
#define ONVME_PASSTHRU_H

#include <linux/types.h>

struct onvme_ctrl;
struct onvme_ns_geom;

int onvme_passthru_enter(struct onvme_ctrl *ctrl);
unsigned int onvme_passthru_era(struct onvme_ctrl *ctrl);
int onvme_passthru_ioctl(struct onvme_ctrl *ctrl, const struct onvme_ns_geom *ns, unsigned int era, unsigned int cmd,
			 void __user *arg);

#endif /* ONVME_PASSTHRU_H */
