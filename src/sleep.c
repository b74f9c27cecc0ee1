// SPDX-License-Identifier: GPL-2.0
/*
 * A controller that dozes is live in all but name: its queues, interrupts and outstanding event request stay as they
 * are. So nothing may be in flight, and nothing may get there: block I/O waits before it has a tag (onvme_ns_sleep()),
 * and admin commands wait for the state "live". What goes wrong on the way there ends in a shutdown, and on the way
 * back in a bring-up. Base, "Power Management feature".
 *
 * The PCI core leaves a function alone whose configuration space its driver has saved.
 */
#include <linux/acpi.h>
#include <linux/bitfield.h>
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/pci.h>
#include <linux/suspend.h>

#include "admin.h"
#include "ctrl.h"
#include "proto/doze.h"
#include "sleep.h"

#define ONVME_SLEEP_LOOK_MS	5

static u8 onvme_sleep_choose(struct onvme_ctrl *ctrl, bool stays_on)
{
	struct pci_dev *pdev = ctrl->hw.pdev;
	struct onvme_doze_facts facts = {
		.stays_on	= stays_on,
		.firmware	= pm_suspend_via_firmware(),
		.wants_d3	= acpi_storage_d3(&pdev->dev),
		.aspm		= pcie_aspm_enabled(pdev),
		.busy		= !test_bit(ONVME_Q_LIVE, &onvme_ctrl_adminq(ctrl)->flags) ||
				  test_bit(ONVME_CTRL_FAILED, &ctrl->flags) ||
				  test_bit(ONVME_AEN_PAUSED, &ctrl->aen.flags) || pci_channel_offline(pdev),
		.distrusted	= ctrl->recovery.sleep.distrusted || ctrl->quirks & ONVME_QUIRK_SIMPLE_SUSPEND,
	};
	const struct onvme_caps *caps = onvme_ctrl_caps(ctrl);

	return caps ? onvme_doze_state(&facts, caps, onvme_power_limit(ctrl)) : 0;
}

/* Until nothing is in flight but the request for an event. */
static int onvme_sleep_settle(struct onvme_ctrl *ctrl)
{
	unsigned long deadline = jiffies + msecs_to_jiffies(ctrl->shutdown_timeout_ms);

	synchronize_rcu();	/* queue_rq looks at the state under the RCU read lock */
	while (onvme_queue_in_flight(onvme_ctrl_adminq(ctrl))) {
		if (time_after(jiffies, deadline))
			return -ETIMEDOUT;
		msleep(ONVME_SLEEP_LOOK_MS);
	}
	/*
	 * A scan that has asked already might add a disk, whose I/O nobody would hold back. One that begins later has
	 * to ask first, and waits.
	 */
	if (!mutex_trylock(&ctrl->nss.scan_lock))
		return -EBUSY;
	mutex_unlock(&ctrl->nss.scan_lock);
	return onvme_ns_sleep(ctrl, ctrl->shutdown_timeout_ms);
}

/* Caller is the one whose commands pass, whatever the state. */
static int onvme_sleep_enter(struct onvme_ctrl *ctrl, u8 state)
{
	struct pci_dev *pdev = ctrl->hw.pdev;
	struct onvme_answer answer;
	int err;

	err = onvme_admin_get_feature(ctrl, ONVME_FEAT_POWER, 0, &answer);
	if (err)
		return err;
	ctrl->recovery.sleep.was = answer.dw0 & (ONVME_POWER_PS | ONVME_POWER_WH);
	/* The specification lets it use the memory meanwhile; the platform may not reach it then. */
	err = onvme_hostmem_rest(ctrl);
	if (err)
		return err;
	/* First: to read configuration space afterwards would wake up the link. */
	err = pci_save_state(pdev);
	if (!err)
		err = onvme_admin_set_feature(ctrl, ONVME_FEAT_POWER, FIELD_PREP(ONVME_POWER_PS, state), NULL);
	if (err)
		pci_load_saved_state(pdev, NULL);	/* the PCI core is to do its part again */
	return err;
}

static int onvme_sleep_doze(struct onvme_ctrl *ctrl, u8 state)
{
	int err = onvme_sleep_settle(ctrl);

	if (!err) {
		WRITE_ONCE(ctrl->life_owner, current);
		err = onvme_sleep_enter(ctrl, state);
		WRITE_ONCE(ctrl->life_owner, NULL);
	}
	trace_onvme_step(ctrl->instance, "doze", false, err);
	if (err)
		dev_info(&ctrl->dev, "not suspended in power state %u (%d): shut down\n", state, err);
	return err;
}

/*
 * What the controller did not complete in time steps aside, so that no tag is in use when this returns: a CPU that goes
 * offline waits for the tags of its queue.
 */
static void onvme_sleep_shut_down(struct onvme_ctrl *ctrl)
{
	onvme_ctrl_down(ctrl, ONVME_DOWN_SHUTDOWN);
	onvme_blk_abandon(ctrl);
	onvme_ns_unquiesce(ctrl);
	if (onvme_ns_sleep(ctrl, ctrl->shutdown_timeout_ms))
		dev_warn(&ctrl->dev, "I/O is still under way\n");
}

/**
 * onvme_sleep_await_scan() - let a scan of namespaces end that has begun
 * @ctrl: the controller. Caller does not hold ctrl.life
 *
 * Process context; up to the shutdown time: what is longer under way then costs a shutdown instead of a doze.
 */
void onvme_sleep_await_scan(struct onvme_ctrl *ctrl)
{
	unsigned long deadline = jiffies + msecs_to_jiffies(ctrl->shutdown_timeout_ms);

	while (mutex_is_locked(&ctrl->nss.scan_lock) && time_before(jiffies, deadline))
		msleep(ONVME_SLEEP_LOOK_MS);
}

/**
 * onvme_sleep_begin() - the machine is about to be suspended, or to be switched off
 * @ctrl: the controller, in state suspended. Caller holds ctrl.life
 * @stays_on: suspended, with its memory kept: the controller may doze
 *
 * Afterwards nothing is in flight and I/O gathers. Process context; bounded by the admin time-out, if need be that and
 * the time of an orderly tear-down.
 */
void onvme_sleep_begin(struct onvme_ctrl *ctrl, bool stays_on)
{
	u8 state = onvme_sleep_choose(ctrl, stays_on);

	lockdep_assert_held(&ctrl->life);
	ctrl->recovery.sleep.state = 0;
	if (!stays_on)
		onvme_hostmem_forget(ctrl);
	if (state && !onvme_sleep_doze(ctrl, state))
		ctrl->recovery.sleep.state = state;
	else
		onvme_sleep_shut_down(ctrl);
}

/* Why it does not go on where it was, NULL when it does. Somebody else's reset is no fault of the controller's. */
static const char *onvme_sleep_wake(struct onvme_ctrl *ctrl)
{
	const char *cause;
	u32 csts;
	int err;

	if (test_bit(ONVME_CTRL_FAILED, &ctrl->flags))
		return "reset by others";
	ctrl->recovery.sleep.distrusted = true;
	csts = pci_channel_offline(ctrl->hw.pdev) ? ONVME_ALL_ONES : onvme_hw_csts(&ctrl->hw);
	cause = csts == ONVME_ALL_ONES ? "gone" : onvme_policy_still(csts, false);
	if (cause)
		return cause;
	WRITE_ONCE(ctrl->life_owner, current);
	err = onvme_admin_set_feature(ctrl, ONVME_FEAT_POWER, ctrl->recovery.sleep.was, NULL);
	if (!err)
		err = onvme_hostmem_go_on(ctrl);
	WRITE_ONCE(ctrl->life_owner, NULL);
	trace_onvme_step(ctrl->instance, "doze", true, err);
	if (err)
		return err == -EIO ? "refuses" : "no answer";
	ctrl->recovery.sleep.distrusted = false;
	return NULL;
}

/**
 * onvme_sleep_end() - the machine is back
 * @ctrl: the controller, in state starting. Caller holds ctrl.life
 *
 * Process context; bounded by the admin time-out, and that of a tear-down if it is needed.
 *
 * Return: true: it goes on where it was, onvme_sleep_over() has to follow; false: it is down, I/O is held back.
 */
bool onvme_sleep_end(struct onvme_ctrl *ctrl)
{
	u8 state = ctrl->recovery.sleep.state;
	const char *cause;

	lockdep_assert_held(&ctrl->life);
	ctrl->recovery.sleep.state = 0;
	if (!state) {
		onvme_ns_quiesce(ctrl);
		return false;
	}
	cause = onvme_sleep_wake(ctrl);
	if (!cause)
		return true;
	dev_warn(&ctrl->dev, "does not wake up from power state %u (%s): bringing it up anew%s\n", state, cause,
		 ctrl->recovery.sleep.distrusted ? ", next time it is shut down" : "");
	onvme_ctrl_down(ctrl, ONVME_DOWN_RESET);
	return false;
}

/**
 * onvme_sleep_over() - what was held back since onvme_sleep_begin() goes on
 * @ctrl: the controller, live. Caller holds ctrl.life
 *
 * Process context; does not wait.
 */
void onvme_sleep_over(struct onvme_ctrl *ctrl)
{
	onvme_ns_wake(ctrl);
	onvme_aen_go_on(ctrl);
	onvme_power_look(ctrl);
	onvme_ns_queue_scan(ctrl);
}
