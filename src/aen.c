// SPDX-License-Identifier: GPL-2.0
/*
 * Base, "Asynchronous Event Request command". An event is handled in a work item, and only then the next one asked for.
 * A class of events stays silent until its log page has been read, so it is read here: changed namespaces are scanned
 * for, what a health or error event is about is said in one line, and I/O is held back while firmware is activated.
 * Events that user space may care about are passed on as the in-tree driver does. A controller that reports without
 * end is listened to once a second.
 */
#include <linux/bitfield.h>
#include <linux/slab.h>

#include "admin.h"
#include "aen.h"
#include "class.h"
#include "ctrl.h"
#include "fault.h"
#include "health.h"
#include "proto/cmd.h"
#include "rings.h"

/* So many events in so many seconds are handled at once; each one more a second later than it comes. */
#define ONVME_AEN_BURST		100
#define ONVME_AEN_BURST_S	60

/*
 * Firmware activation is waited for as long as the controller says (MTFA), and not so long that the kernel warns of
 * tasks that hang; a controller that does not say has 30 s.
 */
#define ONVME_PAUSE_MAX_MS	100000u
#define ONVME_PAUSE_DEFAULT_MS	30000u
#define ONVME_PAUSE_LOOK_MS	20

/* It has an identifier of its own above the tags and is no request: it has no time limit. */
static void onvme_aen_post(struct onvme_queue *q)
{
	struct onvme_sqe sqe;

	onvme_cmd_init(&sqe, ONVME_ADM_ASYNC_EVENT, 0);
	sqe.cid = cpu_to_le16(ONVME_AER_CID);
	spin_lock(&q->sq_lock);
	q->ctrl->aen.posted = onvme_stamp_now();
	onvme_sq_post(q, &sqe, NULL, ONVME_AER_CID);
	onvme_sq_ring(q);
	spin_unlock(&q->sq_lock);
}

/**
 * onvme_aen_arm() - post a request for the next event, unless one is outstanding
 * @ctrl: the controller
 *
 * Nor while one has been reported that nobody has looked at: who does that arms. And only while the controller is live,
 * so that no event comes when it would not be handled. Process context.
 */
void onvme_aen_arm(struct onvme_ctrl *ctrl)
{
	struct onvme_queue *q = onvme_ctrl_adminq(ctrl);

	rcu_read_lock();	/* who clears the live bit waits for us before the controller is touched */
	if (test_bit(ONVME_Q_LIVE, &q->flags) && onvme_ctrl_is(ctrl, ONVME_ADMITS_USER) &&
	    !test_bit(ONVME_AEN_UNREAD, &ctrl->aen.flags) && !test_and_set_bit(ONVME_AEN_ARMED, &ctrl->aen.flags))
		onvme_aen_post(q);
	rcu_read_unlock();
}

/* The beginning of a log page, which makes its class of events heard again. NULL when it cannot be had. */
static void *onvme_aen_read_log(struct onvme_ctrl *ctrl, u8 lid, u32 len, const char *name)
{
	void *log = ONVME_ALLOC(kzalloc(len, GFP_KERNEL));
	struct onvme_sqe sqe;

	if (!log)
		return NULL;
	onvme_cmd_get_log(&sqe, ONVME_NSID_ALL, lid, len);
	if (!onvme_admin_cmd(ctrl, &sqe, log, len, NULL))
		return log;
	dev_warn_ratelimited(&ctrl->dev, "cannot read the %s log\n", name);
	kfree(log);
	return NULL;
}

static void onvme_aen_ns_changed(struct onvme_ctrl *ctrl)
{
	dev_info_ratelimited(&ctrl->dev, "rescanning namespaces.\n");
	kfree(onvme_aen_read_log(ctrl, ONVME_LOG_CHANGED_NS, ONVME_CHANGED_NS_SIZE, "Changed Namespace List"));
	onvme_ns_queue_scan(ctrl);
}

/* Base, "SMART / Health Information", Critical Warning: all that are set, in words. */
static void onvme_aen_health(struct onvme_ctrl *ctrl)
{
	static const char * const text[] = {
		"spare capacity is low", "temperature out of range", "reliability degraded", "media are read-only",
		"volatile memory backup failed", "persistent memory region unreliable",
	};
	char words[192] = "";
	unsigned int i, n = 0;
	u8 warning;

	if (onvme_health_event(ctrl, &warning)) {
		dev_warn_ratelimited(&ctrl->dev, "cannot read the health log\n");
		return;
	}
	for (i = 0; i < ARRAY_SIZE(text); i++)
		if (warning & BIT(i))
			n += scnprintf(words + n, sizeof(words) - n, "%s%s", n ? ", " : "", text[i]);
	dev_warn_ratelimited(&ctrl->dev, "critical warning (%#x): %s\n", warning, n ? words : "none any more");
}

/* Base, "Asynchronous Event Information - Error Status". A persistent internal error is not for here. */
static void onvme_aen_error(struct onvme_ctrl *ctrl, unsigned int info)
{
	static const char * const text[] = {
		"write to an invalid doorbell", "invalid doorbell value", "diagnostic failure",
		"persistent internal error", "transient internal error", "firmware image cannot be loaded",
	};

	dev_warn_ratelimited(&ctrl->dev, "error event %#x: %s\n", info,
			     info < ARRAY_SIZE(text) ? text[info] : "unknown");
	kfree(onvme_aen_read_log(ctrl, ONVME_LOG_ERROR, ONVME_ERROR_LOG_ENTRY, "error"));
}

static unsigned int onvme_aen_pause_ms(struct onvme_ctrl *ctrl)
{
	unsigned int ms;

	rcu_read_lock();
	ms = rcu_dereference(ctrl->caps)->mtfa_ms;
	rcu_read_unlock();
	return min(ms ?: ONVME_PAUSE_DEFAULT_MS, ONVME_PAUSE_MAX_MS);
}

static bool onvme_aen_pause_begin(struct onvme_ctrl *ctrl)
{
	bool paused;

	mutex_lock(&ctrl->life);
	paused = onvme_ctrl_is(ctrl, ONVME_ADMITS_USER) && onvme_hw_paused(&ctrl->hw);
	if (paused) {
		set_bit(ONVME_AEN_PAUSED, &ctrl->aen.flags);
		onvme_ns_quiesce(ctrl);
	}
	mutex_unlock(&ctrl->life);
	return paused;
}

/* While a reset is about to run, or after a suspend, who does that lets I/O flow when it is time. */
static void onvme_aen_pause_end(struct onvme_ctrl *ctrl)
{
	mutex_lock(&ctrl->life);
	clear_bit(ONVME_AEN_PAUSED, &ctrl->aen.flags);
	if (onvme_ctrl_is(ctrl, ONVME_ADMITS_IO))
		onvme_ns_unquiesce(ctrl);
	mutex_unlock(&ctrl->life);
}

/* Until command processing goes on, or the controller is reset or removed. Without ctrl.life, which those take. */
static bool onvme_aen_pause_wait(struct onvme_ctrl *ctrl, unsigned int ms)
{
	unsigned long end = jiffies + msecs_to_jiffies(ms);

	while (onvme_hw_paused(&ctrl->hw) && onvme_ctrl_is(ctrl, ONVME_ADMITS_USER)) {
		if (time_after(jiffies, end))
			return false;
		wait_event_timeout(ctrl->recovery.wait, !onvme_ctrl_is(ctrl, ONVME_ADMITS_USER),
				   msecs_to_jiffies(ONVME_PAUSE_LOOK_MS));
	}
	return true;
}

/*
 * Base, "Firmware Activation Starting": commands are not processed while CSTS.PP is set. Those that are with the
 * controller get their time anew as often as it runs out (onvme_recovery_timeout()); others are not sent.
 *
 * Returns whether the controller is well.
 */
static bool onvme_aen_fw_starting(struct onvme_ctrl *ctrl)
{
	unsigned int ms = onvme_aen_pause_ms(ctrl);
	unsigned long began = jiffies;
	bool done;

	if (onvme_aen_pause_begin(ctrl)) {
		dev_info_ratelimited(&ctrl->dev, "firmware is activated: I/O waits up to %u ms\n", ms);
		done = onvme_aen_pause_wait(ctrl, ms);
		if (!done)
			ctrl->ops->lost(ctrl, "firmware activation timeout");
		onvme_aen_pause_end(ctrl);
		if (!done)
			return false;
		if (!onvme_ctrl_is(ctrl, ONVME_ADMITS_USER) || onvme_hw_gone(&ctrl->hw))
			return false;
		dev_info_ratelimited(&ctrl->dev, "firmware activation took %u ms\n",
				     jiffies_to_msecs(jiffies - began));
	}
	kfree(onvme_aen_read_log(ctrl, ONVME_LOG_FW_SLOT, ONVME_FW_SLOT_SIZE, "Firmware Slot"));
	return true;
}

/**
 * onvme_aen_excuses() - whether a command may be late since firmware is activated
 * @ctrl: the controller
 * @waited_ms: how long it has been excused so far, milliseconds
 *
 * A controller that activates firmware over and over keeps no command waiting for longer than one activation. Process
 * context.
 *
 * Return: whether it gets more time.
 */
bool onvme_aen_excuses(struct onvme_ctrl *ctrl, u64 waited_ms)
{
	return test_bit(ONVME_AEN_PAUSED, &ctrl->aen.flags) && waited_ms < onvme_aen_pause_ms(ctrl);
}

static void onvme_aen_tell(struct onvme_ctrl *ctrl, u32 result)
{
	char text[32];
	char *envp[2] = { text };

	snprintf(text, sizeof(text), "NVME_AEN=%#08x", result);
	kobject_uevent_env(&ctrl->dev.kobj, KOBJ_CHANGE, envp);
}

/* Returns whether the controller goes on, and is to be asked for the next event. */
static bool onvme_aen_handle(struct onvme_ctrl *ctrl, u32 result)
{
	unsigned int type = FIELD_GET(ONVME_AER_TYPE, result), info = FIELD_GET(ONVME_AER_INFO, result);

	switch (type) {
	case ONVME_AER_NOTICE:
		/* These are for the driver alone. */
		if (info == ONVME_AER_NOTICE_NS_CHANGED) {
			onvme_aen_ns_changed(ctrl);
			return true;
		}
		if (info == ONVME_AER_NOTICE_FW_STARTING)
			return onvme_aen_fw_starting(ctrl);
		break;
	case ONVME_AER_ERROR:
		if (info == ONVME_AER_ERROR_PERSISTENT) {
			ctrl->ops->lost(ctrl, "persistent internal error");
			return false;
		}
		onvme_aen_error(ctrl, info);
		break;
	case ONVME_AER_SMART:
		onvme_aen_health(ctrl);
		break;
	default:
		/* The log pages of reservations, of sanitizing and of vendors are for who waits for them to read. */
		break;
	}
	onvme_aen_tell(ctrl, result);
	return true;
}

static void onvme_aen_work(struct work_struct *work)
{
	struct onvme_ctrl *ctrl = container_of(to_delayed_work(work), struct onvme_ctrl, aen.work);

	/*
	 * After a reset it is armed again, and namespaces are scanned, when the controller is live. While it dozes the
	 * event waits for onvme_aen_go_on(): a log page that is not read keeps its class of events silent.
	 */
	if (onvme_ctrl_is(ctrl, ONVME_ADMITS_USER) && test_and_clear_bit(ONVME_AEN_UNREAD, &ctrl->aen.flags) &&
	    onvme_aen_handle(ctrl, READ_ONCE(ctrl->aen.result)))
		onvme_aen_arm(ctrl);
}

/**
 * onvme_aen_init() - no events yet
 * @ctrl: a new controller
 */
void onvme_aen_init(struct onvme_ctrl *ctrl)
{
	INIT_DELAYED_WORK(&ctrl->aen.work, onvme_aen_work);
	ratelimit_state_init(&ctrl->aen.pace, ONVME_AEN_BURST_S * HZ, ONVME_AEN_BURST);
	ratelimit_set_flags(&ctrl->aen.pace, RATELIMIT_MSG_ON_RELEASE);
}

/**
 * onvme_aen_start() - choose the events to be told of
 * @ctrl: the controller; its admin queue is live
 *
 * The first is asked for when the controller is live: what is reported at once, such as a critical warning that there
 * has been for long, is heard then.
 *
 * A bring-up step. A controller that refuses critical warnings is asked for the rest; one that refuses the choice is
 * used without events.
 *
 * Return: 0; -EINTR when the controller went away.
 */
int onvme_aen_start(struct onvme_ctrl *ctrl)
{
	const struct onvme_caps *caps = onvme_ctrl_caps(ctrl);
	u32 notices = caps->oaes & (ONVME_OAES_NS_ATTR | ONVME_OAES_FW_ACT);
	struct onvme_answer answer;
	int err;

	err = onvme_admin_set_feature(ctrl, ONVME_FEAT_ASYNC_EVENT, notices | ONVME_AEC_CRITICAL, &answer);
	if (err == -EIO && notices)
		err = onvme_admin_set_feature(ctrl, ONVME_FEAT_ASYNC_EVENT, notices, &answer);
	if (err == -EIO)
		dev_warn(&ctrl->dev, "Failed to configure AEN (cfg %x)\n", notices);
	else if (err)
		return err;
	return 0;
}

/**
 * onvme_aen_stop() - forget the outstanding request, and what was reported: the controller is or will be disabled
 * @ctrl: the controller
 *
 * Idempotent. Does not wait for the work item.
 */
void onvme_aen_stop(struct onvme_ctrl *ctrl)
{
	clear_bit(ONVME_AEN_UNREAD, &ctrl->aen.flags);
	clear_bit(ONVME_AEN_ARMED, &ctrl->aen.flags);
}

/**
 * onvme_aen_go_on() - look at what was reported while the controller was not live, or listen
 * @ctrl: the controller; live, and not reset since
 *
 * Process context; does not wait.
 */
void onvme_aen_go_on(struct onvme_ctrl *ctrl)
{
	if (test_bit(ONVME_AEN_UNREAD, &ctrl->aen.flags))
		queue_delayed_work(onvme_wq, &ctrl->aen.work, 0);
	else
		onvme_aen_arm(ctrl);
}

/**
 * onvme_aen_fini() - the last event has been handled
 * @ctrl: the controller; down for good
 *
 * Process context; caller does not hold ctrl.life.
 */
void onvme_aen_fini(struct onvme_ctrl *ctrl)
{
	cancel_delayed_work_sync(&ctrl->aen.work);
}

/**
 * onvme_aen_event() - an event was reported
 * @ctrl: the controller
 * @result: completion dword 0
 *
 * The request that was outstanding is no more. Interrupt context.
 */
void onvme_aen_event(struct onvme_ctrl *ctrl, u32 result)
{
	WRITE_ONCE(ctrl->aen.result, result);
	set_bit(ONVME_AEN_UNREAD, &ctrl->aen.flags);
	clear_bit_unlock(ONVME_AEN_ARMED, &ctrl->aen.flags);
	queue_delayed_work(onvme_wq, &ctrl->aen.work, __ratelimit(&ctrl->aen.pace) ? 0 : HZ);
}
