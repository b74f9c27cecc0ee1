/* SPDX-License-Identifier: GPL-2.0 */
/*
 * adjust.h - what an administrator adjusts of a controller: its quirks, and what the in-tree driver leaves to others.
 *
 * A group of attributes; their functions are called by sysfs while the controller is registered, in process context.
 */
#ifndef ONVME_ADJUST_H
#define ONVME_ADJUST_H

#include <linux/sysfs.h>

extern const struct attribute_group onvme_adjust_group;

#endif /* ONVME_ADJUST_H */
