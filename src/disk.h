/* SPDX-License-Identifier: GPL-2.0 */
/*
 * disk.h - the block device of a namespace.
 *
 * struct onvme_disk belongs to its gendisk and is freed with its last reference, which an open file may hold after
 * the namespace is gone; it holds a reference to the controller. Added, changed and removed by ns.c, one at a time.
 * What it is (@geom) is replaced as a whole under RCU.
 */
#ifndef ONVME_DISK_H
#define ONVME_DISK_H

#include <linux/blkdev.h>

#include "blk.h"
#include "proto/ident.h"

struct onvme_ctrl;

/**
 * struct onvme_disk - a block device
 * @hot: what the I/O path reads
 * @gd: the gendisk
 * @ctrl: the controller
 * @geom: what the namespace is
 * @scanner: the task that scans, while it has the zones looked at
 * @log_users: commands of users to the namespace that fail are logged
 * @zones_known: the block layer has looked at the zones that it has; written under onvme_nss.scan_lock
 * @dead: given up; another has to take its place
 */
struct onvme_disk {
	struct onvme_blk_ns		hot;
	struct gendisk			*gd;
	struct onvme_ctrl		*ctrl;
	struct onvme_ns_geom __rcu	*geom;
	struct task_struct		*scanner;
	bool				log_users;
	bool				zones_known;
	bool				dead;
};

static inline struct onvme_disk *onvme_disk_of(struct gendisk *gd)
{
	return gd->private_data;
}

struct onvme_disk *onvme_disk_alloc(struct onvme_ctrl *ctrl, const struct onvme_ns_geom *geom, int instance);
int onvme_disk_look_at_zones(struct onvme_disk *disk);
int onvme_disk_publish(struct onvme_disk *disk);
void onvme_disk_free(struct onvme_disk *disk);
void onvme_disk_forbid(struct onvme_disk *disk);
int onvme_disk_update(struct onvme_disk *disk, const struct onvme_ns_geom *geom);
void onvme_disk_remove(struct onvme_disk *disk);
void onvme_disk_mark_dead(struct onvme_disk *disk);
void onvme_disk_geom(struct onvme_disk *disk, struct onvme_ns_geom *geom);

#endif /* ONVME_DISK_H */
