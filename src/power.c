// SPDX-License-Identifier: GPL-2.0
#include <linux/device.h>
#include <linux/pm_qos.h>
#include <linux/slab.h>

#include "admin.h"
#include "class.h"
#include "ctrl.h"
#include "fault.h"
#include "param.h"
#include "power.h"
#include "proto/cmd.h"
#include "watch.h"

/* What is wanted now. Caller holds the RCU read lock, or ctrl.life. */
static void onvme_power_plan(struct onvme_ctrl *ctrl, const struct onvme_caps *caps, struct onvme_apst *apst)
{
	struct onvme_power *power = &ctrl->power;
	u32 budget_us;
	u8 limit;

	spin_lock(&power->lock);
	budget_us = power->budget_us;
	limit = power->limit;
	spin_unlock(&power->lock);
	onvme_apst_plan(caps, budget_us, limit, apst);
}

static void onvme_power_plan_rcu(struct onvme_ctrl *ctrl, struct onvme_apst *apst)
{
	rcu_read_lock();
	onvme_power_plan(ctrl, rcu_dereference(ctrl->caps), apst);
	rcu_read_unlock();
}

/* Without a state to go to it stays awake, whatever its firmware was set to before. */
static int onvme_power_ask(struct onvme_ctrl *ctrl, const struct onvme_apst *apst)
{
	__le64 *table = ONVME_ALLOC(kmalloc(ONVME_APST_SIZE, GFP_KERNEL));
	struct onvme_answer answer = {};
	struct onvme_sqe sqe;
	int err;

	if (!table)
		return -ENOMEM;
	onvme_apst_table(apst, table);
	onvme_cmd_set_features(&sqe, ONVME_FEAT_APST, apst->deepest ? ONVME_APST_ENABLE : 0);
	err = onvme_admin_cmd(ctrl, &sqe, table, ONVME_APST_SIZE, &answer);
	kfree(table);
	if (err == -EIO)
		dev_err(&ctrl->dev, "failed to set APST feature (%d)\n", answer.status);
	return err;
}

static int onvme_power_tell(struct onvme_ctrl *ctrl, const struct onvme_apst *apst)
{
	struct onvme_power *power = &ctrl->power;
	int err = onvme_power_ask(ctrl, apst);

	spin_lock(&power->lock);
	power->asked = *apst;
	power->err = err;
	if (!err)
		power->told = *apst;
	spin_unlock(&power->lock);
	return err;
}

/* Whether something else is wanted than what it was last asked to do. */
static bool onvme_power_is_stale(struct onvme_ctrl *ctrl)
{
	struct onvme_apst now;
	bool stale;

	onvme_power_plan_rcu(ctrl, &now);
	spin_lock(&ctrl->power.lock);
	stale = !onvme_apst_same(&ctrl->power.asked, &now);
	spin_unlock(&ctrl->power.lock);
	return stale;
}

static void onvme_power_work(struct work_struct *work)
{
	struct onvme_ctrl *ctrl = container_of(work, struct onvme_ctrl, power.work);
	struct onvme_apst apst;

	/* Bring-up tells it by itself, and other firmware may not want to be told. */
	if (!onvme_ctrl_is(ctrl, ONVME_ADMITS_USER) || !onvme_power_has(ctrl))
		return;
	onvme_power_plan_rcu(ctrl, &apst);
	/* That may have waited for a reset, which had the better of it. */
	if (!onvme_power_tell(ctrl, &apst))
		onvme_power_look(ctrl);
}

/**
 * onvme_power_has() - whether the controller sleeps by itself when told to
 * @ctrl: the controller, identified
 *
 * Any context.
 *
 * Return: APSTA.
 */
bool onvme_power_has(struct onvme_ctrl *ctrl)
{
	const struct onvme_caps *caps;
	bool has;

	rcu_read_lock();
	caps = rcu_dereference(ctrl->caps);
	has = caps && caps->apsta;
	rcu_read_unlock();
	return has;
}

/**
 * onvme_power_start() - tell the controller where to go when it is idle
 * @ctrl: the controller; its admin queue is live. Caller holds ctrl.life
 *
 * A bring-up step. Base, "Autonomous Power State Transition". A controller that refuses is used as it is; so is one for
 * whose table there is no memory.
 *
 * Return: 0; -EINTR when the controller went away.
 */
int onvme_power_start(struct onvme_ctrl *ctrl)
{
	struct onvme_apst apst;
	int err;

	onvme_power_plan(ctrl, onvme_ctrl_caps(ctrl), &apst);
	err = onvme_power_tell(ctrl, &apst);
	return err == -EIO || err == -ENOMEM ? 0 : err;
}

/**
 * onvme_power_look() - tell the controller if something else is wanted than what it was asked to do
 * @ctrl: the controller; live
 *
 * What was wanted while it was being brought up is told now. Process context; does not wait.
 */
void onvme_power_look(struct onvme_ctrl *ctrl)
{
	if (onvme_power_has(ctrl) && onvme_power_is_stale(ctrl))
		queue_work(onvme_wq, &ctrl->power.work);
}

/**
 * onvme_power_forget() - it was reset, and goes nowhere by itself
 * @ctrl: the controller
 *
 * Process context.
 */
void onvme_power_forget(struct onvme_ctrl *ctrl)
{
	spin_lock(&ctrl->power.lock);
	memset(&ctrl->power.told, 0, sizeof(ctrl->power.told));
	spin_unlock(&ctrl->power.lock);
}

/* PM QoS tells what the user will bear, and whoever else has a say. Caller has a lock of all devices: not for long. */
static void onvme_power_tolerate(struct device *dev, s32 us)
{
	struct onvme_ctrl *ctrl = to_ctrl(dev);
	u32 budget_us = us == PM_QOS_LATENCY_ANY || us < 0 ? ONVME_APST_ANY_US : (u32)us;
	bool changed;

	spin_lock(&ctrl->power.lock);
	changed = ctrl->power.budget_us != budget_us;
	ctrl->power.budget_us = budget_us;
	spin_unlock(&ctrl->power.lock);
	if (changed)
		queue_work(onvme_wq, &ctrl->power.work);
}

/**
 * onvme_power_init() - it may sleep as deeply as the parameter says
 * @ctrl: a new controller
 */
void onvme_power_init(struct onvme_ctrl *ctrl)
{
	INIT_WORK(&ctrl->power.work, onvme_power_work);
	spin_lock_init(&ctrl->power.lock);
	ctrl->power.budget_us = READ_ONCE(onvme_params.default_ps_max_latency_us);
	ctrl->power.limit = ONVME_MAX_POWER_STATES - 1;
}

/**
 * onvme_power_expose() - let PM QoS have its say, by power/pm_qos_latency_tolerance_us
 * @ctrl: the controller; its device has been registered
 *
 * Process context. Without memory for it the parameter holds.
 */
void onvme_power_expose(struct onvme_ctrl *ctrl)
{
	s32 us = (s32)min_t(u32, ctrl->power.budget_us, PM_QOS_LATENCY_ANY);

	if (!onvme_power_has(ctrl))
		return;
	ctrl->dev.power.set_latency_tolerance = onvme_power_tolerate;
	if (dev_pm_qos_update_user_latency_tolerance(&ctrl->dev, us) < 0 ||
	    dev_pm_qos_expose_latency_tolerance(&ctrl->dev))
		dev_warn(&ctrl->dev, "the latency that is tolerated cannot be changed\n");
}

/**
 * onvme_power_hide() - the end of onvme_power_expose()
 * @ctrl: the controller; its device is about to be unregistered
 *
 * Process context.
 */
void onvme_power_hide(struct onvme_ctrl *ctrl)
{
	if (ctrl->dev.power.set_latency_tolerance)
		dev_pm_qos_hide_latency_tolerance(&ctrl->dev);
}

/**
 * onvme_power_fini() - nobody wants anything any more
 * @ctrl: the controller; down for good, and hidden
 *
 * Process context; caller does not hold ctrl.life.
 */
void onvme_power_fini(struct onvme_ctrl *ctrl)
{
	cancel_work_sync(&ctrl->power.work);
}

/**
 * onvme_power_limit() - the deepest power state that the controller may enter by itself
 * @ctrl: the controller
 *
 * Any context.
 *
 * Return: its number, up to that of the last state that there is.
 */
unsigned int onvme_power_limit(struct onvme_ctrl *ctrl)
{
	unsigned int limit;

	rcu_read_lock();
	limit = rcu_dereference(ctrl->caps)->npss - 1u;
	rcu_read_unlock();
	return min_t(unsigned int, limit, READ_ONCE(ctrl->power.limit));
}

/**
 * onvme_power_set_limit() - change that
 * @ctrl: the controller
 * @limit: the number of a power state
 *
 * Process context; returns when the controller has been told, which is bounded by the admin time-out and a reset. One
 * that is not live is told when it is.
 *
 * Return: 0; -EINVAL: there is no such state; -EIO: the controller refuses; -ENOMEM.
 */
int onvme_power_set_limit(struct onvme_ctrl *ctrl, unsigned int limit)
{
	unsigned int npss;
	int err;

	rcu_read_lock();
	npss = rcu_dereference(ctrl->caps)->npss;
	rcu_read_unlock();
	if (limit >= npss)
		return -EINVAL;
	spin_lock(&ctrl->power.lock);
	ctrl->power.limit = (u8)limit;
	spin_unlock(&ctrl->power.lock);
	queue_work(onvme_wq, &ctrl->power.work);
	flush_work(&ctrl->power.work);
	err = READ_ONCE(ctrl->power.err);
	return err == -EIO || err == -ENOMEM ? err : 0;
}

/**
 * onvme_power_learn() - a reset begins, since something went wrong
 * @ctrl: the controller, with what was in flight when the fault was found
 *
 * When the controller was asleep, it does not go there by itself any more: each time a little less deep, until there
 * is no such state left. Process context.
 */
void onvme_power_learn(struct onvme_ctrl *ctrl)
{
	struct onvme_power *power = &ctrl->power;
	u64 idle_ms = onvme_watch_idle_ms(ctrl);
	u8 asleep;

	spin_lock(&power->lock);
	asleep = onvme_apst_asleep(&power->told, idle_ms);
	if (asleep > power->limit || test_bit(ONVME_AEN_PAUSED, &ctrl->aen.flags))
		asleep = 0;	/* the user has been faster; it was busy with its firmware */
	if (asleep)
		power->limit = asleep - 1;
	spin_unlock(&power->lock);
	if (!asleep)
		return;
	dev_warn(&ctrl->dev, "lost while asleep in power state %u: power_state_max is %u now\n", asleep, asleep - 1);
}
