/* SPDX-License-Identifier: GPL-2.0 */
/*
 * virt.h - primary and secondary controllers: what each virtual function has, and whether it is online.
 *
 * struct onvme_virt is part of struct onvme_ctrl. A primary controller keeps in it what its secondary ones are to have,
 * under @lock, since a reset of it takes them offline and their resources away. A list, under a lock of its own, knows
 * the primary controllers that have some, and the secondary ones that this driver drives: these wait for theirs.
 */
#ifndef ONVME_VIRT_H
#define ONVME_VIRT_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/workqueue.h>

#include "proto/virt.h"

struct onvme_ctrl;
struct pci_dev;

/**
 * struct onvme_virt - a controller's part in the virtualization of its device
 * @lock: one at a time tells secondary controllers something
 * @nr: virtual functions that are served; 0: none
 * @pools: what there was to give out
 * @before: flexible resources of the primary controller before it gave them away, by kind
 * @primary: what it keeps of them
 * @policy: who is to get more; under the lock of the list
 * @second: the secondary controllers, room for %ONVME_VIRT_MAX; NULL before there was need of it
 * @state: by virtual function, enum onvme_virt_state of virt.c
 * @work: brings them online again
 * @node: in the list
 */
struct onvme_virt {
	struct mutex			lock;
	unsigned int			nr;
	struct onvme_virt_pool		pools[ONVME_VIRT_KINDS];
	u16				before[ONVME_VIRT_KINDS];
	u16				primary[ONVME_VIRT_KINDS];
	struct onvme_virt_policy	policy;
	struct onvme_virt_second	*second;
	u8				state[ONVME_VIRT_MAX];
	struct work_struct		work;
	struct list_head		node;
};

#ifdef CONFIG_ONVME_SRIOV
void onvme_virt_init(struct onvme_ctrl *ctrl);
void onvme_virt_stop(struct onvme_ctrl *ctrl);
void onvme_virt_look(struct onvme_ctrl *ctrl);
int onvme_virt_await(struct onvme_ctrl *ctrl);
void onvme_virt_fini(struct onvme_ctrl *ctrl);
void onvme_virt_release(struct onvme_ctrl *ctrl);
int onvme_virt_plan(struct onvme_ctrl *ctrl, unsigned int nr);
int onvme_virt_alloc(struct onvme_ctrl *ctrl, const u16 *want);
bool onvme_virt_settled(struct onvme_ctrl *ctrl, const u16 *want);
int onvme_virt_begin(struct onvme_ctrl *ctrl, unsigned int nr);
void onvme_virt_end(struct onvme_ctrl *ctrl);
struct onvme_ctrl *onvme_virt_find(struct pci_dev *pdev);
void onvme_virt_online(struct onvme_ctrl *ctrl, int vf);
bool onvme_virt_all_online(struct onvme_ctrl *ctrl);
bool onvme_virt_has(struct onvme_ctrl *ctrl);
int onvme_virt_set_policy(struct onvme_ctrl *ctrl, const char *text);
ssize_t onvme_virt_show_policy(struct onvme_ctrl *ctrl, char *buf);
#else
static inline void onvme_virt_init(struct onvme_ctrl *ctrl)
{
}

static inline void onvme_virt_stop(struct onvme_ctrl *ctrl)
{
}

static inline void onvme_virt_look(struct onvme_ctrl *ctrl)
{
}

static inline int onvme_virt_await(struct onvme_ctrl *ctrl)
{
	return 0;
}

static inline void onvme_virt_fini(struct onvme_ctrl *ctrl)
{
}

static inline void onvme_virt_release(struct onvme_ctrl *ctrl)
{
}

static inline bool onvme_virt_has(struct onvme_ctrl *ctrl)
{
	return false;
}

static inline int onvme_virt_set_policy(struct onvme_ctrl *ctrl, const char *text)
{
	return -EOPNOTSUPP;
}

static inline ssize_t onvme_virt_show_policy(struct onvme_ctrl *ctrl, char *buf)
{
	return -EOPNOTSUPP;
}
#endif

#endif /* ONVME_VIRT_H */
