// SPDX-License-Identifier: GPL-2.0
/*
 * Base, "Asynchronous Event Request command". Changed namespaces are scanned for, and the log page that lists them is
 * read, since only that makes the controller report the next change. Other events are passed on to user space as they
 * are.
 */
#include <linux/bitfield.h>
#include <linux/slab.h>

#include "admin.h"
#include "aen.h"
#include "class.h"
#include "ctrl.h"
#include "fault.h"
#include "proto/cmd.h"

/**
 * onvme_aen_arm() - post a request for the next event, unless one is outstanding
 * @ctrl: the controller
 *
 * Process context.
 */
void onvme_aen_arm(struct onvme_ctrl *ctrl)
{
	struct onvme_queue *q = onvme_ctrl_adminq(ctrl);

	rcu_read_lock();	/* who clears the live bit waits for us before the controller is touched */
	if (test_bit(ONVME_Q_LIVE, &q->flags) && !test_and_set_bit(ONVME_AEN_ARMED, &ctrl->aen.flags))
		onvme_rq_post_aer(q);
	rcu_read_unlock();
}

static void onvme_aen_ns_changed(struct onvme_ctrl *ctrl)
{
	void *log = ONVME_ALLOC(kzalloc(ONVME_CHANGED_NS_SIZE, GFP_KERNEL));
	struct onvme_sqe sqe;

	dev_info_ratelimited(&ctrl->dev, "rescanning namespaces.\n");
	if (log) {
		onvme_cmd_get_log(&sqe, ONVME_NSID_ALL, ONVME_LOG_CHANGED_NS, ONVME_CHANGED_NS_SIZE);
		if (onvme_admin_cmd(ctrl, &sqe, log, ONVME_CHANGED_NS_SIZE, NULL))
			dev_warn_ratelimited(&ctrl->dev, "cannot read the Changed Namespace List log\n");
	}
	kfree(log);
	onvme_ns_queue_scan(ctrl);
}

static void onvme_aen_tell(struct onvme_ctrl *ctrl, u32 result)
{
	char text[32];
	char *envp[2] = {};

	if (!__ratelimit(&ctrl->aen.tell))
		return;			/* a device that does nothing else shall not keep user space busy */
	envp[0] = text;
	snprintf(text, sizeof(text), "NVME_AEN=%#08x", result);
	kobject_uevent_env(&ctrl->dev.kobj, KOBJ_CHANGE, envp);
}

static void onvme_aen_work(struct work_struct *work)
{
	struct onvme_ctrl *ctrl = container_of(work, struct onvme_ctrl, aen.work);
	u32 result = READ_ONCE(ctrl->aen.result);
	unsigned int type = FIELD_GET(ONVME_AER_TYPE, result), info = FIELD_GET(ONVME_AER_INFO, result);

	if (!onvme_ctrl_is(ctrl, ONVME_ADMITS_USER))
		return;			/* it is armed again, and namespaces are scanned, when the controller is live */
	switch (type) {
	case ONVME_AER_NOTICE:
		if (info == ONVME_AER_NOTICE_NS_CHANGED)
			onvme_aen_ns_changed(ctrl);
		break;
	case ONVME_AER_ERROR:
		if (info == ONVME_AER_ERROR_PERSISTENT) {
			ctrl->ops->lost(ctrl, "persistent internal error");
			return;
		}
		break;
	default:
		break;
	}
	onvme_aen_tell(ctrl, result);
	onvme_aen_arm(ctrl);
}

/**
 * onvme_aen_init() - no events yet
 * @ctrl: a new controller
 */
void onvme_aen_init(struct onvme_ctrl *ctrl)
{
	INIT_WORK(&ctrl->aen.work, onvme_aen_work);
	ratelimit_state_init(&ctrl->aen.tell, DEFAULT_RATELIMIT_INTERVAL, 10 * DEFAULT_RATELIMIT_BURST);
	ratelimit_set_flags(&ctrl->aen.tell, RATELIMIT_MSG_ON_RELEASE);
}

/**
 * onvme_aen_start() - choose the events to be told of, and ask for the first
 * @ctrl: the controller; its admin queue is live
 *
 * A bring-up step. A controller that refuses the choice is used without events.
 *
 * Return: 0; -EINTR when the controller went away.
 */
int onvme_aen_start(struct onvme_ctrl *ctrl)
{
	const struct onvme_caps *caps = rcu_dereference_protected(ctrl->caps, lockdep_is_held(&ctrl->life));
	u32 want = caps->oaes & ONVME_OAES_NS_ATTR;
	struct onvme_answer answer;
	int err;

	if (want) {
		err = onvme_admin_set_feature(ctrl, ONVME_FEAT_ASYNC_EVENT, want, &answer);
		if (err == -EIO)
			dev_warn(&ctrl->dev, "Failed to configure AEN (cfg %x)\n", want);
		else if (err)
			return err;
	}
	onvme_aen_arm(ctrl);
	return 0;
}

/**
 * onvme_aen_stop() - forget the outstanding request: the controller is or will be disabled
 * @ctrl: the controller
 *
 * Idempotent. Does not wait for the work item.
 */
void onvme_aen_stop(struct onvme_ctrl *ctrl)
{
	clear_bit(ONVME_AEN_ARMED, &ctrl->aen.flags);
}

/**
 * onvme_aen_event() - an event was reported
 * @ctrl: the controller
 * @result: completion dword 0
 *
 * Interrupt context.
 */
void onvme_aen_event(struct onvme_ctrl *ctrl, u32 result)
{
	WRITE_ONCE(ctrl->aen.result, result);
	queue_work(onvme_wq, &ctrl->aen.work);
}
