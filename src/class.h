/* SPDX-License-Identifier: GPL-2.0 */
/*
 * class.h - what the module has once: device classes, numbers of controllers and subsystems, work queues.
 *
 * Made at load and kept until unload. nvme-cli and udev look for the classes "nvme", "nvme-subsystem" and
 * "nvme-generic"; they can be registered once only. Where the in-tree nvme_core is loaded already it has them, and
 * numbers start at 128 in classes of our own; a reference keeps it from leaving, so that the answer stays true.
 * Resets have a work queue of their own, since scans wait for them. Any context after load.
 */
#ifndef ONVME_CLASS_H
#define ONVME_CLASS_H

#include <linux/device.h>

#define ONVME_CLASS_MINORS	1024
#define ONVME_CLASS_GENERIC_MINORS (1 << 16)

extern struct class *onvme_class_ctrl;
extern struct class *onvme_class_subsys;
extern struct class *onvme_class_generic;
extern struct dentry *onvme_class_debugfs;
extern dev_t onvme_class_devt;
extern dev_t onvme_class_generic_devt;
extern struct workqueue_struct *onvme_wq;
extern struct workqueue_struct *onvme_reset_wq;

int onvme_class_init(void);
void onvme_class_exit(void);
void onvme_class_get(void);
void onvme_class_put(void);
int onvme_class_get_instance(void);
void onvme_class_put_instance(int instance);
int onvme_class_get_minor(void);
void onvme_class_put_minor(int minor);

#endif /* ONVME_CLASS_H */
