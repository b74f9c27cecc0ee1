/* SPDX-License-Identifier: GPL-2.0 */
/*
 * ctrl.h - a controller: the parts that make it, and its bring-up.
 *
 * Allocated by ctrl.c, freed with the last reference of @dev; each part is touched by the file that declares it.
 * State is written by recovery.c alone. Lock order, outermost first:
 *   virt.lock -> coalesce.mutex -> ns.hold_lock -> onvme_ctrl.life (bring-up and tear-down) -> ns.scan_lock ->
 *   effects.lock -> subsys lock -> ns.lock -> onvme_ctrl.cancel -> onvme_queue.poll_mutex -> onvme_queue.sq_lock ->
 *   onvme_map_cache.lock
 */
#ifndef ONVME_CTRL_H
#define ONVME_CTRL_H

#include <linux/cdev.h>

#include "aen.h"
#include "blk.h"
#include "effects.h"
#include "feature.h"
#include "flags.h"
#include "flight.h"
#include "health.h"
#include "hostmem.h"
#include "hw.h"
#include "hwmon.h"
#include "ioq.h"
#include "latency.h"
#include "notify.h"
#include "ns.h"
#include "observe.h"
#include "power.h"
#include "proto/fsm.h"
#include "proto/quirk.h"
#include "queue.h"
#include "recovery.h"
#include "rq.h"
#include "virt.h"

/**
 * struct onvme_ctrl - a controller
 * @dev: the class device nvmeX
 * @cdev: its character device
 * @ops: notifications upward
 * @ns_groups: attributes of a block device, from the layer above
 * @hw: registers
 * @caps: what it is and can do; replaced as a whole under RCU
 * @state: enum onvme_state; written by recovery.c
 * @flags: ONVME_CTRL_*
 * @instance: number of nvmeX
 * @io_timeout_ms: time of an I/O command
 * @admin_timeout_ms: time of an admin command
 * @shutdown_timeout_ms: least time of a shutdown notification
 * @quirks: ONVME_QUIRK_*
 * @log_group: number of a group that may read logs of health; -1: none
 * @queues: all queue pairs that there may be, the admin queue first
 * @nr_queues: members of @queues
 * @depth: entries of an I/O queue; before the first bring-up those that the user wants
 * @ioq: which of @queues are in use, and for what
 * @blk: tag sets
 * @nss: namespaces
 * @effects: what commands do
 * @aen: asynchronous events
 * @power: sleep of an idle controller
 * @hostmem: memory that it was given
 * @features: what users have set
 * @health: its last health log page
 * @hwmon: its temperature sensors
 * @virt: its part in the virtualization of the device
 * @recovery: reset and time-outs
 * @cntlid: controller id within @subsys
 * @subsys: the NVM subsystem that it belongs to
 * @subsys_node: in the list of @subsys
 * @counters: rare events
 * @flight: what it did last
 * @latency: since when its queues count
 * @clock: how fast stamps count
 * @debugfs: its folder in debugfs
 * @life: one bring-up or tear-down at a time
 * @life_owner: the task that holds @life and runs the steps
 * @cancel: held while commands are cancelled, or looked for without an interrupt
 */
struct onvme_ctrl {
	struct device			dev;
	struct cdev			cdev;
	const struct onvme_ctrl_ops	*ops;
	const struct attribute_group	**ns_groups;
	struct onvme_hw			hw;
	struct onvme_caps __rcu		*caps;
	int				state;
	unsigned long			flags;
	int				instance;
	unsigned int			io_timeout_ms;
	unsigned int			admin_timeout_ms;
	unsigned int			shutdown_timeout_ms;
	unsigned int			quirks;
	gid_t				log_group;
	struct onvme_queue		*queues;
	unsigned int			nr_queues;
	u32				depth;
	struct onvme_ioq		ioq;
	struct onvme_blk		blk;
	struct onvme_nss		nss;
	struct onvme_effects		effects;
	struct onvme_aen		aen;
	struct onvme_power		power;
	struct onvme_hostmem		hostmem;
	struct onvme_features		features;
	struct onvme_health		health;
	struct onvme_hwmon		hwmon;
	struct onvme_virt		virt;
	struct onvme_recovery		recovery;
	u16				cntlid;
	struct onvme_subsys		*subsys;
	struct list_head		subsys_node;
	struct onvme_counters		counters;
	struct onvme_flight		flight;
	struct onvme_latency		latency;
	struct onvme_clock		clock;
	struct dentry			*debugfs;
	struct mutex			life;
	struct task_struct		*life_owner;
	struct mutex			cancel;
};

static inline struct onvme_ctrl *to_ctrl(struct device *dev)
{
	return container_of(dev, struct onvme_ctrl, dev);
}

static inline struct onvme_queue *onvme_ctrl_adminq(struct onvme_ctrl *ctrl)
{
	return ctrl->queues;
}

static inline enum onvme_state onvme_ctrl_state(const struct onvme_ctrl *ctrl)
{
	return READ_ONCE(ctrl->state);
}

/* Caller holds ctrl.life, under which they are replaced. */
static inline const struct onvme_caps *onvme_ctrl_caps(const struct onvme_ctrl *ctrl)
{
	return rcu_dereference_protected(ctrl->caps, lockdep_is_held(&ctrl->life));
}

/* Whether the present state has all of these flags (ONVME_ADMITS_*, ...). */
static inline bool onvme_ctrl_is(const struct onvme_ctrl *ctrl, unsigned int flags)
{
	return (onvme_fsm_flags(onvme_ctrl_state(ctrl)) & flags) == flags;
}

struct onvme_ctrl *onvme_ctrl_alloc(struct pci_dev *pdev, const struct onvme_ctrl_ops *ops);
int onvme_ctrl_up(struct onvme_ctrl *ctrl);
void onvme_ctrl_down(struct onvme_ctrl *ctrl, enum onvme_down how);
void onvme_ctrl_fail_all(struct onvme_ctrl *ctrl);
void onvme_ctrl_unmap(struct onvme_ctrl *ctrl);

#endif /* ONVME_CTRL_H */
