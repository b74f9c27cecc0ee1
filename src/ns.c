// SPDX-License-Identifier: GPL-2.0
#include <linux/blk-mq.h>
#include <linux/delay.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>

#include "class.h"
#include "crew.h"
#include "ctrl.h"
#include "disk.h"
#include "generic.h"
#include "identify.h"
#include "ns.h"
#include "param.h"

static void onvme_ns_free(struct onvme_ctrl *ctrl, struct onvme_ns *ns)
{
	ida_free(&ctrl->nss.ida, ns->instance);
	kfree(ns);
}

static void onvme_ns_freeze(struct request_queue *q, unsigned int *frozen, unsigned int why)
{
	if (*frozen & why)
		return;
	*frozen |= why;
	blk_freeze_queue_start_non_owner(q);
}

static void onvme_ns_thaw(struct request_queue *q, unsigned int *frozen, unsigned int why)
{
	unsigned int reasons = hweight32(*frozen & why);

	*frozen &= ~why;
	while (reasons--)
		blk_mq_unfreeze_queue_non_owner(q);
}

/* Freeze or thaw the queues of all disks and that of passthrough. */
static void onvme_ns_for_all(struct onvme_ctrl *ctrl, unsigned int why,
			     void (*act)(struct request_queue *q, unsigned int *frozen, unsigned int why))
{
	struct onvme_ns *ns;

	lockdep_assert_held_write(&ctrl->nss.lock);
	if (ctrl->blk.io_q)
		act(ctrl->blk.io_q, &ctrl->nss.frozen, why);
	list_for_each_entry(ns, &ctrl->nss.list, node)
		if (ns->disk)
			act(ns->disk->gd->queue, &ns->frozen, why);
}

static void onvme_ns_freeze_all(struct onvme_ctrl *ctrl, unsigned int why)
{
	down_write(&ctrl->nss.lock);
	onvme_ns_for_all(ctrl, why, onvme_ns_freeze);
	up_write(&ctrl->nss.lock);
}

/* What a scan could not ask for meanwhile the next one asks for. */
static void onvme_ns_thaw_all(struct onvme_ctrl *ctrl, unsigned int why)
{
	const struct onvme_caps *caps;
	bool scan;

	down_write(&ctrl->nss.lock);
	scan = ctrl->nss.frozen && !(ctrl->nss.frozen & ~why);
	onvme_ns_for_all(ctrl, why, onvme_ns_thaw);
	up_write(&ctrl->nss.lock);
	smp_mb();	/* pairs with onvme_disk_look_at_zones() */
	rcu_read_lock();
	caps = rcu_dereference(ctrl->caps);
	scan &= caps && (onvme_identify_sends_io(caps) || test_bit(ONVME_CTRL_HAS_ZONES, &ctrl->flags));
	rcu_read_unlock();
	if (scan)
		onvme_ns_queue_scan(ctrl);
}

/* Wait until what was let in before has ended, @bound jiffies for all. Caller sees to it that none comes or goes. */
static int onvme_ns_wait_frozen(struct onvme_ctrl *ctrl, unsigned long bound)
{
	struct onvme_ns *ns;
	long left = bound;

	if (ctrl->blk.io_q)
		left = blk_mq_freeze_queue_wait_timeout(ctrl->blk.io_q, left);
	list_for_each_entry(ns, &ctrl->nss.list, node) {
		if (left <= 0)
			return -ETIMEDOUT;
		if (ns->frozen)
			left = blk_mq_freeze_queue_wait_timeout(ns->disk->gd->queue, left);
	}
	return left > 0 ? 0 : -ETIMEDOUT;
}

static void onvme_ns_unlist_locked(struct onvme_ctrl *ctrl, struct onvme_ns *ns)
{
	lockdep_assert_held_write(&ctrl->nss.lock);
	list_del(&ns->node);
	ctrl->nss.count--;
	if (ns->quiesced)
		blk_mq_unquiesce_queue(ns->disk->gd->queue);
	if (ns->frozen)
		onvme_ns_thaw(ns->disk->gd->queue, &ns->frozen, ns->frozen);
}

/**
 * onvme_ns_unlist() - nobody finds a namespace from here on, and nothing holds its I/O back
 * @ctrl: the controller; caller holds ns.scan_lock
 * @ns: the namespace
 */
void onvme_ns_unlist(struct onvme_ctrl *ctrl, struct onvme_ns *ns)
{
	down_write(&ctrl->nss.lock);
	onvme_ns_unlist_locked(ctrl, ns);
	up_write(&ctrl->nss.lock);
}

/* Of a namespace that is in no list any more */
static void onvme_ns_remove(struct onvme_ctrl *ctrl, struct onvme_ns *ns)
{
	if (ns->generic)
		onvme_generic_remove(ns->generic);
	if (ns->disk)
		onvme_disk_remove(ns->disk);
	onvme_ns_free(ctrl, ns);
}

/**
 * onvme_ns_new_era() - namespaces may have other blocks than before
 * @ctrl: the controller; caller holds ns.scan_lock
 *
 * A command whose sender has read an older geometry is not sent any more. Where that geometry can still be read a
 * second call has to follow once it cannot. Process context.
 */
void onvme_ns_new_era(struct onvme_ctrl *ctrl)
{
	lockdep_assert_held(&ctrl->nss.scan_lock);
	smp_wmb();	/* who sees the new era sees what was written before: pairs with onvme_passthru_era() */
	WRITE_ONCE(ctrl->nss.era, ctrl->nss.era + 1);
}

/**
 * onvme_ns_drop() - remove a namespace that is not there any more, or is another now
 * @ctrl: the controller; caller holds ns.scan_lock
 * @ns: the namespace; freed
 *
 * What still waits for it does not get there. Process context.
 */
void onvme_ns_drop(struct onvme_ctrl *ctrl, struct onvme_ns *ns)
{
	onvme_ns_new_era(ctrl);
	if (ns->disk)
		onvme_disk_forbid(ns->disk);
	onvme_ns_unlist(ctrl, ns);
	onvme_ns_remove(ctrl, ns);
	onvme_ns_new_era(ctrl);
}

/**
 * onvme_ns_insert() - enter a namespace, by rising id
 * @ctrl: the controller; caller holds ns.scan_lock
 * @new: the namespace
 *
 * Should a reset hold queues back just now, the live bit of the controller's queues does for this one.
 */
void onvme_ns_insert(struct onvme_ctrl *ctrl, struct onvme_ns *new)
{
	struct onvme_ns *ns;

	down_write(&ctrl->nss.lock);
	list_for_each_entry_reverse(ns, &ctrl->nss.list, node)
		if (ns->geom.nsid < new->geom.nsid)
			break;
	list_add(&new->node, &ns->node);
	ctrl->nss.count++;
	up_write(&ctrl->nss.lock);
}

/**
 * onvme_ns_init() - no namespaces yet
 * @ctrl: a new controller
 */
void onvme_ns_init(struct onvme_ctrl *ctrl)
{
	mutex_init(&ctrl->nss.hold_lock);
	mutex_init(&ctrl->nss.scan_lock);
	init_rwsem(&ctrl->nss.lock);
	INIT_LIST_HEAD(&ctrl->nss.list);
	ida_init(&ctrl->nss.ida);
	ctrl->nss.by_nsid = READ_ONCE(onvme_params.name_by_nsid);
}

/**
 * onvme_ns_repeat_scan() - have the namespaces looked at again, though nothing has happened
 * @ctrl: the controller; registered
 *
 * As onvme_ns_queue_scan(), but how often it was done counts on.
 */
void onvme_ns_repeat_scan(struct onvme_ctrl *ctrl)
{
	down_read(&ctrl->nss.lock);
	if (test_bit(ONVME_CTRL_EXPOSED, &ctrl->flags) && !ctrl->nss.stopped)
		queue_work(onvme_wq, &ctrl->nss.scan_work);
	up_read(&ctrl->nss.lock);
}

/**
 * onvme_ns_queue_scan() - have the namespaces looked at
 * @ctrl: the controller; registered
 *
 * Process context. A request while a scan runs leads to one more; none is taken any more once removal has begun.
 */
void onvme_ns_queue_scan(struct onvme_ctrl *ctrl)
{
	WRITE_ONCE(ctrl->nss.again, 0);
	onvme_ns_repeat_scan(ctrl);
}

/**
 * onvme_ns_flush_scan() - wait until a queued scan has ended
 * @ctrl: the controller
 *
 * Process context; bounded by the admin time-out for each command of the scan that the controller does not answer:
 * the first of them resets it and ends the scan.
 */
void onvme_ns_flush_scan(struct onvme_ctrl *ctrl)
{
	flush_work(&ctrl->nss.scan_work);
}

/**
 * onvme_ns_quiesce() - submit no more I/O, and wait until no submission is under way
 * @ctrl: the controller
 *
 * Idempotent. Process context.
 */
void onvme_ns_quiesce(struct onvme_ctrl *ctrl)
{
	struct onvme_ns *ns;

	down_write(&ctrl->nss.lock);
	if (!ctrl->nss.quiesced && ctrl->blk.io_q) {
		ctrl->nss.quiesced = true;
		blk_mq_quiesce_queue_nowait(ctrl->blk.io_q);
		list_for_each_entry(ns, &ctrl->nss.list, node) {
			if (ns->disk) {
				ns->quiesced = true;
				blk_mq_quiesce_queue_nowait(ns->disk->gd->queue);
			}
		}
		synchronize_rcu();
	}
	up_write(&ctrl->nss.lock);
}

/**
 * onvme_ns_unquiesce() - undo onvme_ns_quiesce(), and submit what has gathered
 * @ctrl: the controller
 *
 * Idempotent. Process context.
 */
void onvme_ns_unquiesce(struct onvme_ctrl *ctrl)
{
	struct onvme_ns *ns;

	down_write(&ctrl->nss.lock);
	if (ctrl->nss.quiesced) {
		ctrl->nss.quiesced = false;
		blk_mq_unquiesce_queue(ctrl->blk.io_q);
		list_for_each_entry(ns, &ctrl->nss.list, node) {
			if (ns->quiesced) {
				ns->quiesced = false;
				blk_mq_unquiesce_queue(ns->disk->gd->queue);
				blk_mq_kick_requeue_list(ns->disk->gd->queue);
			}
		}
	}
	up_write(&ctrl->nss.lock);
}

/* Where a queue cannot follow, its requests with gaps fail; the scan tries again. */
static void onvme_ns_follow(struct request_queue *q, unsigned int *frozen, unsigned int sgl)
{
	onvme_map_follow(q, sgl);
}

/**
 * onvme_ns_refit() - fit the I/O tag set to another number of queues after a reset, and its queues to what data may be
 * @ctrl: the controller; its queues are live, all others marked absent
 * @nr_io: I/O queues that there are now
 *
 * Submits what has gathered, waits until all of it has completed or stepped aside, and makes the change. Process
 * context; waits up to the I/O time-out.
 *
 * Return: 0; -ETIMEDOUT when I/O did not end.
 */
int onvme_ns_refit(struct onvme_ctrl *ctrl, unsigned int nr_io)
{
	int err;

	onvme_ns_freeze_all(ctrl, ONVME_FREEZE_RESIZE);
	onvme_ns_unquiesce(ctrl);
	down_write(&ctrl->nss.lock);
	/* Once more, for who came meanwhile: the block layer freezes all queues itself, and waits without a bound. */
	onvme_ns_for_all(ctrl, ONVME_FREEZE_RESIZE, onvme_ns_freeze);
	err = onvme_ns_wait_frozen(ctrl, msecs_to_jiffies(ctrl->io_timeout_ms));
	if (!err) {
		onvme_ns_for_all(ctrl, onvme_blk_sgl(ctrl), onvme_ns_follow);
		err = onvme_blk_set_queues(ctrl, nr_io);
	}
	up_write(&ctrl->nss.lock);
	onvme_ns_thaw_all(ctrl, ONVME_FREEZE_RESIZE);
	return err;
}

/**
 * onvme_ns_still() - let no I/O in until onvme_ns_unstill(), and let end what is under way
 * @ctrl: the controller
 * @why: ONVME_FREEZE_*
 * @ms: how long to wait for that, milliseconds
 *
 * A task that submits meanwhile waits without a tag. Idempotent. Process context.
 *
 * Return: 0; -ETIMEDOUT when I/O is still under way.
 */
int onvme_ns_still(struct onvme_ctrl *ctrl, unsigned int why, unsigned int ms)
{
	int err;

	onvme_ns_freeze_all(ctrl, why);
	down_read(&ctrl->nss.lock);
	err = onvme_ns_wait_frozen(ctrl, msecs_to_jiffies(ms));
	up_read(&ctrl->nss.lock);
	return err;
}

/**
 * onvme_ns_unstill() - undo onvme_ns_still()
 * @ctrl: the controller
 * @why: ONVME_FREEZE_*
 *
 * Idempotent. Process context.
 */
void onvme_ns_unstill(struct onvme_ctrl *ctrl, unsigned int why)
{
	onvme_ns_thaw_all(ctrl, why);
}

/* Look at all namespaces, again when a reset has come in between or one was not ready. */
static void onvme_ns_rescan_surely(struct onvme_ctrl *ctrl)
{
	unsigned int tries;

	for (tries = 0; tries < 5; tries++) {
		onvme_ns_queue_scan(ctrl);
		onvme_ns_flush_scan(ctrl);
		if (!READ_ONCE(ctrl->nss.scan_err) || onvme_ctrl_is(ctrl, ONVME_TERMINAL))
			return;
		wait_event_timeout(ctrl->recovery.wait, !onvme_ctrl_is(ctrl, ONVME_WAITS),
				   msecs_to_jiffies(ctrl->admin_timeout_ms));
		msleep(1000);
	}
	dev_warn(&ctrl->dev, "namespaces could not be looked at again: I/O to them fails until that succeeds\n");
}

/* Until a scan has looked at it again nobody knows what a namespace is, and no command gets there. */
static void onvme_ns_forbid_all(struct onvme_ctrl *ctrl)
{
	struct onvme_ns *ns;

	lockdep_assert_held(&ctrl->nss.scan_lock);
	list_for_each_entry(ns, &ctrl->nss.list, node)
		if (ns->disk)
			onvme_disk_forbid(ns->disk);
	onvme_ns_new_era(ctrl);
	ctrl->nss.scan_err = -EAGAIN;
}

/**
 * onvme_ns_hold() - run a command that changes what namespaces are, while none of them is used
 * @ctrl: the controller; live
 * @change: it may; else it only wants to be alone
 * @run: sends the command and waits for it
 * @arg: passed on
 *
 * A read that the block layer made for 512-byte blocks would overrun its buffer on a namespace that has 4096-byte
 * blocks by the time it arrives. So I/O is let in again only after a scan. Process context; waits for I/O under way up
 * to twice the I/O time-out, for @run, and for the scan.
 *
 * Return: what @run returned; -EBUSY when I/O did not end; -EINTR when the task was killed before.
 */
int onvme_ns_hold(struct onvme_ctrl *ctrl, bool change, int (*run)(struct onvme_ctrl *ctrl, void *arg), void *arg)
{
	unsigned int noio;
	int outcome = -EBUSY;
	bool idle;

	if (mutex_lock_killable(&ctrl->nss.hold_lock))
		return -EINTR;
	noio = memalloc_noio_save();
	mutex_lock(&ctrl->nss.scan_lock);
	onvme_ns_freeze_all(ctrl, ONVME_FREEZE_HELD);
	idle = !onvme_ns_wait_frozen(ctrl, msecs_to_jiffies(2 * ctrl->io_timeout_ms));
	if (idle) {
		outcome = run(ctrl, arg);
		if (change)
			onvme_ns_forbid_all(ctrl);
	}
	mutex_unlock(&ctrl->nss.scan_lock);
	if (idle && change)
		onvme_ns_rescan_surely(ctrl);
	onvme_ns_thaw_all(ctrl, ONVME_FREEZE_HELD);
	memalloc_noio_restore(noio);
	mutex_unlock(&ctrl->nss.hold_lock);
	return outcome;
}

/**
 * onvme_ns_mark_dead() - make all I/O fail at once
 * @ctrl: the controller; beyond help
 */
void onvme_ns_mark_dead(struct onvme_ctrl *ctrl)
{
	struct onvme_ns *ns;

	/* What a file system does when it hears may be I/O to another of them. */
	onvme_ns_thaw_all(ctrl, ONVME_FREEZE_HELD | ONVME_FREEZE_WISH);
	down_read(&ctrl->nss.lock);
	list_for_each_entry(ns, &ctrl->nss.list, node)
		if (ns->disk)
			onvme_disk_mark_dead(ns->disk);
	up_read(&ctrl->nss.lock);
}

/**
 * onvme_ns_set_timeout() - change the time of I/O commands
 * @ctrl: the controller
 * @ms: milliseconds
 */
void onvme_ns_set_timeout(struct onvme_ctrl *ctrl, unsigned int ms)
{
	struct onvme_ns *ns;

	down_read(&ctrl->nss.lock);
	ctrl->io_timeout_ms = ms;
	ctrl->blk.io_set.timeout = msecs_to_jiffies(ms);
	ctrl->blk.pass_set.timeout = msecs_to_jiffies(ms);
	list_for_each_entry(ns, &ctrl->nss.list, node)
		if (ns->disk)
			blk_queue_rq_timeout(ns->disk->gd->queue, msecs_to_jiffies(ms));
	up_read(&ctrl->nss.lock);
}

static int onvme_ns_remove_last(void *arg, unsigned int i, void *page)
{
	struct onvme_ctrl *ctrl = arg;
	struct onvme_ns *ns;

	down_write(&ctrl->nss.lock);
	ns = list_last_entry(&ctrl->nss.list, struct onvme_ns, node);
	onvme_ns_unlist_locked(ctrl, ns);
	up_write(&ctrl->nss.lock);
	onvme_ns_remove(ctrl, ns);
	return 0;
}

/**
 * onvme_ns_remove_all() - take all block devices away, for good
 * @ctrl: the controller; commands can complete or fail
 *
 * Several at once: each waits more than it works. Process context.
 */
void onvme_ns_remove_all(struct onvme_ctrl *ctrl)
{
	down_write(&ctrl->nss.lock);
	WRITE_ONCE(ctrl->nss.stopped, true);
	up_write(&ctrl->nss.lock);
	cancel_work_sync(&ctrl->nss.scan_work);
	cancel_delayed_work_sync(&ctrl->nss.again_work);
	mutex_lock(&ctrl->nss.scan_lock);
	onvme_crew_run(0, ctrl->nss.count, onvme_ns_remove_last, ctrl, NULL);
	mutex_unlock(&ctrl->nss.scan_lock);
}

/**
 * onvme_ns_only() - the namespace of a controller that has just one
 * @ctrl: the controller
 * @geom: gets what it is
 *
 * Return: 0; -ENOTTY when there is none; -EINVAL when there are more.
 */
int onvme_ns_only(struct onvme_ctrl *ctrl, struct onvme_ns_geom *geom)
{
	int err = 0;

	down_read(&ctrl->nss.lock);
	if (list_empty(&ctrl->nss.list))
		err = -ENOTTY;
	else if (!list_is_singular(&ctrl->nss.list))
		err = -EINVAL;
	else
		*geom = list_first_entry(&ctrl->nss.list, struct onvme_ns, node)->geom;
	up_read(&ctrl->nss.lock);
	return err;
}
