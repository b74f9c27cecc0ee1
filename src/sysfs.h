/* SPDX-License-Identifier: GPL-2.0 */
/*
 * sysfs.h - attributes of controllers and block devices, with the names and texts of the in-tree driver.
 *
 * Two lists of groups; their functions are called by sysfs while the object is registered, in process context.
 */
#ifndef ONVME_SYSFS_H
#define ONVME_SYSFS_H

#include <linux/sysfs.h>

extern const struct attribute_group *onvme_sysfs_ctrl_groups[];
extern const struct attribute_group *onvme_sysfs_ns_groups[];

#endif /* ONVME_SYSFS_H */
