/* SPDX-License-Identifier: GPL-2.0 */
/*
 * ioctl.h - commands that users build themselves, by the ioctls of linux/nvme_ioctl.h.
 *
 * One way in for the controller's node, generic nodes and block devices. Process context; sleeps until the command is
 * done or its time is over.
 */
#ifndef ONVME_IOCTL_H
#define ONVME_IOCTL_H

#include "passthru.h"

int onvme_ioctl(const struct onvme_node *node, unsigned int cmd, void __user *arg);

#endif /* ONVME_IOCTL_H */
