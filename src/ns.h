/* SPDX-License-Identifier: GPL-2.0 */
/*
 * ns.h - the namespaces of a controller: the list of them, and acting on all.
 *
 * struct onvme_nss is part of struct onvme_ctrl. One scan runs at a time (scan.c), in a work item; it alone adds and
 * removes, under scan_lock. The list is guarded by a reader-writer semaphore for those who walk it meanwhile: reset
 * and sysfs.
 */
#ifndef ONVME_NS_H
#define ONVME_NS_H

#include <linux/idr.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/rwsem.h>
#include <linux/workqueue.h>

#include "proto/ident.h"

struct onvme_ctrl;
struct onvme_disk;
struct onvme_generic;

/**
 * struct onvme_ns - a namespace that the last scan found
 * @node: in onvme_nss.list
 * @instance: number behind the "n" of its disk's name
 * @seen: the scan under way has come across it
 * @quiesced: its queue is held back
 * @frozen: why its queue is frozen, ONVME_FREEZE_*
 * @geom: what it is
 * @disk: its block device; NULL when block I/O cannot drive it
 * @generic: its generic node; NULL when it could not be made
 */
struct onvme_ns {
	struct list_head	node;
	int			instance;
	bool			seen;
	bool			quiesced;
	unsigned int		frozen;
	struct onvme_ns_geom	geom;
	struct onvme_disk	*disk;
	struct onvme_generic	*generic;
};

/**
 * struct onvme_nss - namespaces of a controller
 * @hold_lock: one onvme_ns_hold(), or change of the number of queues, at a time
 * @scan_lock: held by who adds, removes or changes namespaces
 * @lock: guards @list, @quiesced and @frozen
 * @list: namespaces by rising id
 * @count: how many
 * @quiesced: how many times all queues are held back: 0 or 1
 * @frozen: why I/O passthrough is frozen
 * @scan_err: how the last scan ended
 * @place_faults: how often a controller that was asked for places has not answered
 * @unsure: the scan met a namespace that could not be identified, or not be added
 * @era: rises when namespaces may have other blocks than before
 * @by_nsid: disks are named by NSID
 * @stopped: no more scans: the controller is going away
 * @ida: numbers behind the "n" of disk names
 * @scan_work: a scan
 * @again_work: has one more made, when one could not look at all of them
 * @again: how often that was done since the last that could, or since something happened
 */
struct onvme_nss {
	struct mutex		hold_lock;
	struct mutex		scan_lock;
	struct rw_semaphore	lock;
	struct list_head	list;
	unsigned int		count;
	bool			quiesced;
	unsigned int		frozen;
	int			scan_err;
	unsigned int		place_faults;
	bool			unsure;
	unsigned int		era;
	bool			by_nsid;
	bool			stopped;
	struct ida		ida;
	struct work_struct	scan_work;
	struct delayed_work	again_work;
	unsigned int		again;
};

/* Why a queue is frozen: each reason freezes it once. */
#define ONVME_FREEZE_RESIZE	BIT(0)		/* the number of queues changes */
#define ONVME_FREEZE_HELD	BIT(1)		/* a command is under way that changes what namespaces are */
#define ONVME_FREEZE_ASLEEP	BIT(2)		/* the controller is suspended */
#define ONVME_FREEZE_WISH	BIT(3)		/* the user wants another number of queues */

void onvme_ns_init(struct onvme_ctrl *ctrl);
void onvme_ns_insert(struct onvme_ctrl *ctrl, struct onvme_ns *new);
void onvme_ns_unlist(struct onvme_ctrl *ctrl, struct onvme_ns *ns);
void onvme_ns_new_era(struct onvme_ctrl *ctrl);
void onvme_ns_drop(struct onvme_ctrl *ctrl, struct onvme_ns *ns);
void onvme_ns_queue_scan(struct onvme_ctrl *ctrl);
void onvme_ns_repeat_scan(struct onvme_ctrl *ctrl);
void onvme_ns_flush_scan(struct onvme_ctrl *ctrl);
void onvme_ns_quiesce(struct onvme_ctrl *ctrl);
void onvme_ns_unquiesce(struct onvme_ctrl *ctrl);
int onvme_ns_refit(struct onvme_ctrl *ctrl, unsigned int nr_io);
int onvme_ns_still(struct onvme_ctrl *ctrl, unsigned int why, unsigned int ms);
void onvme_ns_unstill(struct onvme_ctrl *ctrl, unsigned int why);

static inline int onvme_ns_sleep(struct onvme_ctrl *ctrl, unsigned int ms)
{
	return onvme_ns_still(ctrl, ONVME_FREEZE_ASLEEP, ms);
}

static inline void onvme_ns_wake(struct onvme_ctrl *ctrl)
{
	onvme_ns_unstill(ctrl, ONVME_FREEZE_ASLEEP);
}

int onvme_ns_hold(struct onvme_ctrl *ctrl, bool change, int (*run)(struct onvme_ctrl *ctrl, void *arg), void *arg);
void onvme_ns_mark_dead(struct onvme_ctrl *ctrl);
void onvme_ns_set_timeout(struct onvme_ctrl *ctrl, unsigned int ms);
void onvme_ns_remove_all(struct onvme_ctrl *ctrl);
int onvme_ns_only(struct onvme_ctrl *ctrl, struct onvme_ns_geom *geom);

#endif /* ONVME_NS_H */
