/* SPDX-License-Identifier: GPL-2.0 */
/*
 * chrdev.h - the node /dev/nvmeX.
 *
 * Registered when a controller has come up for the first time, unregistered when it goes. A file that is open keeps
 * the controller's memory, and answers ENODEV once the device is gone. Process context.
 */
#ifndef ONVME_CHRDEV_H
#define ONVME_CHRDEV_H

struct onvme_ctrl;

int onvme_chrdev_add(struct onvme_ctrl *ctrl);
void onvme_chrdev_del(struct onvme_ctrl *ctrl);

#endif /* ONVME_CHRDEV_H */
