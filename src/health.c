// SPDX-License-Identifier: GPL-2.0
#include <linux/jiffies.h>
#include <linux/slab.h>
#include <linux/sysfs.h>

#include "admin.h"
#include "ctrl.h"
#include "fault.h"
#include "health.h"
#include "proto/cmd.h"

/* A controller that does not answer is reset for it; whoever reads attributes must not have that done over and over. */
#define ONVME_HEALTH_PAUSE	((unsigned long)HZ)
#define ONVME_HEALTH_MOST_PAUSE	(3600ul * HZ)

/**
 * onvme_health_pause() - how long a controller is left alone that has not answered
 * @pause: how long it was left alone before; 0: it has answered
 *
 * Return: twice as long, from two seconds to an hour, in jiffies.
 */
unsigned long onvme_health_pause(unsigned long pause)
{
	return clamp(pause * 2, ONVME_HEALTH_PAUSE * 2, ONVME_HEALTH_MOST_PAUSE);
}

static void onvme_health_notify(struct onvme_health *health)
{
	struct kernfs_node *poll = smp_load_acquire(&health->poll); /* as onvme_health_expose() has found it */

	if (poll)
		sysfs_notify_dirent(poll);
}

/*
 * Ask the controller. Who only looks leaves the event to the one who handles it, where the controller can tell the
 * difference (Base, "Get Log Page command", Retain Asynchronous Event, from revision 1.3 on).
 */
static int onvme_health_ask(struct onvme_ctrl *ctrl, bool retain)
{
	u8 *page = ONVME_ALLOC(kmalloc(ONVME_SMART_SIZE, GFP_KERNEL));
	struct onvme_health *health = &ctrl->health;
	struct onvme_sqe sqe;
	int err = -ENOMEM;

	lockdep_assert_held(&health->mutex);
	if (page) {
		memset(page, 0, ONVME_SMART_SIZE);
		onvme_cmd_get_log(&sqe, ONVME_NSID_ALL, ONVME_LOG_SMART, ONVME_SMART_SIZE);
		if (retain && ctrl->hw.vs >= ONVME_VS(1, 3, 0))
			sqe.cdw10 |= cpu_to_le32(ONVME_LOG_RETAIN);
		err = onvme_admin_cmd(ctrl, &sqe, page, ONVME_SMART_SIZE, NULL);
	}
	health->err = err;
	health->tried = true;
	health->asked = jiffies;
	health->pause = err == -EINTR ? onvme_health_pause(health->pause) : ONVME_HEALTH_PAUSE;
	if (!err) {
		if (health->known && page[ONVME_SMART_WARNING] != health->page[ONVME_SMART_WARNING])
			onvme_health_notify(health);
		memcpy(health->page, page, ONVME_SMART_SIZE);
		health->known = true;
	}
	kfree(page);
	return err;
}

/**
 * onvme_health_init() - nothing is known yet
 * @ctrl: a new controller
 */
void onvme_health_init(struct onvme_ctrl *ctrl)
{
	mutex_init(&ctrl->health.mutex);
	ctrl->health.pause = ONVME_HEALTH_PAUSE;
}

/**
 * onvme_health_expose() - have an attribute that those who poll for warnings are woken up by
 * @ctrl: the controller; its device has been registered
 * @group: the group of the attribute
 * @name: its name
 *
 * Process context, once. Without it nobody is woken up. It may be called with ctrl.life, and so takes no lock: who
 * reads an attribute holds the mutex until the controller has answered or has been reset, which takes ctrl.life.
 */
void onvme_health_expose(struct onvme_ctrl *ctrl, const char *group, const char *name)
{
	struct kernfs_node *dir = sysfs_get_dirent(ctrl->dev.kobj.sd, group);

	if (!dir)
		return;
	smp_store_release(&ctrl->health.poll, sysfs_get_dirent(dir, name)); /* for onvme_health_notify() */
	sysfs_put(dir);
}

/**
 * onvme_health_fini() - nobody is woken up any more
 * @ctrl: the controller; nobody knows it any more
 */
void onvme_health_fini(struct onvme_ctrl *ctrl)
{
	sysfs_put(ctrl->health.poll);
	mutex_destroy(&ctrl->health.mutex);
}

/**
 * onvme_health_get() - the log page, not older than a second where the controller can be asked
 * @ctrl: the controller
 * @page: %ONVME_SMART_SIZE bytes
 *
 * One that does not answer is asked again later and later. While it is being reset, or sleeps, the page is what it was
 * before. Process context, without a lock of the driver; bounded by the admin time-out and a reset.
 *
 * Return: 0; -EIO: the controller refuses; -EAGAIN: it cannot be asked now, and nothing is known from before; -ENODEV:
 * it is dead or going away; -EINTR: killed; -ENOMEM.
 */
int onvme_health_get(struct onvme_ctrl *ctrl, u8 *page)
{
	struct onvme_health *health = &ctrl->health;
	int err;

	if (mutex_lock_killable(&health->mutex))
		return -EINTR;
	if ((!health->tried || time_after(jiffies, health->asked + health->pause)) &&
	    onvme_ctrl_is(ctrl, ONVME_ADMITS_USER))
		onvme_health_ask(ctrl, true);
	err = health->err == -EINTR ? 0 : health->err;
	if (!onvme_ctrl_is(ctrl, ONVME_ADMITS_USER) && !onvme_ctrl_is(ctrl, ONVME_WAITS))
		err = -ENODEV;
	else if (!err && !health->known)
		err = -EAGAIN;
	if (!err)
		memcpy(page, health->page, ONVME_SMART_SIZE);
	mutex_unlock(&health->mutex);
	return err;
}

/**
 * onvme_health_event() - the controller has told that its health has changed
 * @ctrl: the controller
 * @warning: Critical Warning, as it is now
 *
 * Reading the page has events of this class heard again. Process context, without a lock of the driver; bounded by the
 * admin time-out and a reset.
 *
 * Return: as onvme_admin_cmd().
 */
int onvme_health_event(struct onvme_ctrl *ctrl, u8 *warning)
{
	struct onvme_health *health = &ctrl->health;
	int err;

	mutex_lock(&health->mutex);
	err = onvme_health_ask(ctrl, false);
	*warning = health->page[ONVME_SMART_WARNING];
	onvme_health_notify(health);
	mutex_unlock(&health->mutex);
	return err;
}
