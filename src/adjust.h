/* SPDX-License-Identifier: GPL-2.0 */
/*
 * adjust.h - what an administrator adjusts of a controller, by attributes that the in-tree driver does not have.
 *
 * A group of attributes; their functions are called by sysfs while the controller is registered, in process context.
 */
#ifndef ONVME_ADJUST_H
#define ONVME_ADJUST_H

#include <linux/sysfs.h>

extern const struct attribute_group onvme_adjust_group;

#endif /* ONVME_ADJUST_H */
