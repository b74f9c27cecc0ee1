/* SPDX-License-Identifier: GPL-2.0 */
/*
 * generic.h - the node /dev/ngXnY: commands to a namespace, whether or not block I/O can drive it.
 *
 * struct onvme_generic belongs to its class device and is freed with its last reference, which an open file may hold
 * after the namespace is gone; it holds references to the controller and to the disk. Added, changed and removed by
 * ns.c, one at a time.
 */
#ifndef ONVME_GENERIC_H
#define ONVME_GENERIC_H

#include <linux/cdev.h>
#include <linux/device.h>

#include "proto/ident.h"

struct gendisk;
struct onvme_ctrl;

/**
 * struct onvme_generic - a generic character device
 * @dev: the class device ngXnY
 * @cdev: its character device
 * @ctrl: the controller
 * @gd: the disk of the namespace, or NULL
 * @gone: the namespace is no more
 * @lock: guards @geom
 * @geom: what the namespace is
 */
struct onvme_generic {
	struct device		dev;
	struct cdev		cdev;
	struct onvme_ctrl	*ctrl;
	struct gendisk		*gd;
	bool			gone;
	spinlock_t		lock;
	struct onvme_ns_geom	geom;
};

struct onvme_generic *onvme_generic_add(struct onvme_ctrl *ctrl, const struct onvme_ns_geom *geom, struct gendisk *gd,
					int instance);
void onvme_generic_update(struct onvme_generic *generic, const struct onvme_ns_geom *geom);
void onvme_generic_remove(struct onvme_generic *generic);

#endif /* ONVME_GENERIC_H */
