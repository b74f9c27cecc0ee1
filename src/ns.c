// SPDX-License-Identifier: GPL-2.0
/*
 * A scan reads the list of active namespaces, looks at each, adds what is new, carries changes over, and at the end
 * removes what was not seen. It changes nothing for namespaces that it could not read because the controller went
 * away: they are as they were when it comes back. The number of namespaces is bounded whatever the device says.
 */
#include <linux/blk-mq.h>
#include <linux/delay.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>

#include "admin.h"
#include "class.h"
#include "ctrl.h"
#include "disk.h"
#include "fault.h"
#include "generic.h"
#include "identify.h"
#include "ns.h"

#define ONVME_MAX_NAMESPACES	4096u

/* A namespace that the last scan found */
struct onvme_ns {
	struct list_head	node;
	int			instance;
	bool			seen;
	bool			quiesced;
	unsigned int		frozen;		/* ONVME_FREEZE_* */
	struct onvme_ns_geom	geom;
	struct onvme_disk	*disk;		/* NULL when block I/O cannot drive it */
	struct onvme_generic	*generic;	/* NULL when it could not be made */
};

static struct onvme_ns *onvme_ns_find(struct onvme_ctrl *ctrl, u32 nsid)
{
	struct onvme_ns *ns;

	list_for_each_entry(ns, &ctrl->nss.list, node)
		if (ns->geom.nsid == nsid)
			return ns;
	return NULL;
}

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
	rcu_read_lock();
	caps = rcu_dereference(ctrl->caps);
	scan &= caps && onvme_identify_sends_io(caps);
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

/* Nobody finds it from here on, and nothing holds its I/O back. */
static void onvme_ns_unlist(struct onvme_ctrl *ctrl, struct onvme_ns *ns)
{
	down_write(&ctrl->nss.lock);
	list_del(&ns->node);
	ctrl->nss.count--;
	if (ns->quiesced)
		blk_mq_unquiesce_queue(ns->disk->gd->queue);
	if (ns->frozen)
		onvme_ns_thaw(ns->disk->gd->queue, &ns->frozen, ns->frozen);
	up_write(&ctrl->nss.lock);
}

static void onvme_ns_remove(struct onvme_ctrl *ctrl, struct onvme_ns *ns)
{
	onvme_ns_unlist(ctrl, ns);
	if (ns->generic)
		onvme_generic_remove(ns->generic);
	if (ns->disk)
		onvme_disk_remove(ns->disk);
	onvme_ns_free(ctrl, ns);
}

/* The same for one that is not there any more, or is another now: what still waits for it must not get there. */
static void onvme_ns_drop(struct onvme_ctrl *ctrl, struct onvme_ns *ns)
{
	if (ns->disk)
		onvme_disk_forbid(ns->disk);
	onvme_ns_remove(ctrl, ns);
}

/*
 * Enter by rising id. Should a reset hold queues back just now, the live bit of the controller's queues does
 * for this one.
 */
static void onvme_ns_insert(struct onvme_ctrl *ctrl, struct onvme_ns *new)
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

/* Whether namespaces can have block devices: there are I/O queues, and they have not been lost since. */
static bool onvme_ns_has_queues(struct onvme_ctrl *ctrl)
{
	return ctrl->blk.io_q && !test_bit(ONVME_CTRL_NO_QUEUES, &ctrl->flags);
}

/*
 * The disk is entered before it is published: its first I/O, which reads the partition table, must not escape who holds
 * I/O back.
 */
static int onvme_ns_add_disk(struct onvme_ctrl *ctrl, struct onvme_ns *ns)
{
	struct onvme_disk *disk = onvme_disk_alloc(ctrl, &ns->geom, ns->instance);
	int err;

	if (IS_ERR(disk))
		return PTR_ERR(disk);
	ns->disk = disk;
	onvme_ns_insert(ctrl, ns);
	err = onvme_disk_publish(disk);
	if (err) {
		onvme_ns_unlist(ctrl, ns);
		onvme_disk_free(disk);
	}
	return err;
}

static void onvme_ns_add(struct onvme_ctrl *ctrl, const struct onvme_ns_geom *geom)
{
	struct onvme_ns *ns = ONVME_ALLOC(kzalloc(sizeof(*ns), GFP_KERNEL));
	int err = -ENOMEM;

	if (!ns)
		goto out_say;
	ns->geom = *geom;
	ns->seen = true;
	ns->instance = ONVME_ALLOC_ERRNO(ida_alloc_min(&ctrl->nss.ida, 1, GFP_KERNEL));
	if (ns->instance < 0) {
		err = ns->instance;
		goto out_free;
	}
	if (geom->fit == ONVME_FIT_OK && onvme_ns_has_queues(ctrl)) {
		err = onvme_ns_add_disk(ctrl, ns);
		if (err)
			goto out_free_instance;
	} else {
		dev_warn(&ctrl->dev, "namespace %u: %s: no block device\n", geom->nsid,
			 onvme_ns_has_queues(ctrl) ? onvme_ident_fit_text(geom->fit) : "no I/O queues");
		onvme_ns_insert(ctrl, ns);
	}
	ns->generic = onvme_generic_add(ctrl, geom, ns->instance);
	if (IS_ERR(ns->generic)) {
		dev_warn(&ctrl->dev, "namespace %u: no generic node: %ld\n", geom->nsid, PTR_ERR(ns->generic));
		ns->generic = NULL;
	}
	return;

out_free_instance:
	ida_free(&ctrl->nss.ida, ns->instance);
out_free:
	kfree(ns);
out_say:
	dev_err(&ctrl->dev, "cannot add namespace %u: %d\n", geom->nsid, err);
	ctrl->nss.unsure = true;	/* who waits for a scan that has seen all of them scans again */
}

/* A namespace that is known was looked at again. */
static void onvme_ns_change(struct onvme_ctrl *ctrl, struct onvme_ns *ns, const struct onvme_ns_geom *geom)
{
	int err = 0;

	if (!onvme_ident_same_ids(&ns->geom, geom)) {
		dev_err(&ctrl->dev, "identifiers changed for nsid %u\n", geom->nsid);
		goto replace;
	}
	if (ns->disk ? ns->disk->dead || !onvme_ns_has_queues(ctrl) :
		       geom->fit == ONVME_FIT_OK && onvme_ns_has_queues(ctrl))
		goto replace;
	/* A disk that somebody may have open stays, without capacity, until its namespace can be driven again. */
	if (geom->fit != ns->geom.fit && geom->fit != ONVME_FIT_OK)
		dev_warn(&ctrl->dev, "namespace %u: %s: no capacity\n", geom->nsid, onvme_ident_fit_text(geom->fit));
	if (ns->disk)
		err = onvme_disk_update(ns->disk, geom);
	if (err) {
		dev_err(&ctrl->dev, "cannot follow the change of namespace %u: %d\n", geom->nsid, err);
		/* What I/O depends on must not be wrong; the rest can wait for the next scan. */
		if (!onvme_ident_same_blocks(geom, &ns->geom))
			goto replace;
		ns->seen = true;
		return;
	}
	if (ns->generic)
		onvme_generic_update(ns->generic, geom);
	down_write(&ctrl->nss.lock);
	ns->geom = *geom;
	ns->seen = true;
	up_write(&ctrl->nss.lock);
	return;

replace:
	onvme_ns_drop(ctrl, ns);
	onvme_ns_add(ctrl, geom);
}

static int onvme_ns_look(struct onvme_ctrl *ctrl, const struct onvme_caps *caps, u32 nsid, void *page)
{
	struct onvme_ns *ns = onvme_ns_find(ctrl, nsid);
	struct onvme_ns_geom geom;
	int err;

	err = onvme_identify_ns(ctrl, caps, nsid, page, ns ? &ns->geom : NULL, &geom);
	if (err == -EIO) {
		dev_warn_ratelimited(&ctrl->dev, "namespace %u cannot be identified now\n", nsid);
		ctrl->nss.unsure = true;
		if (ns)
			ns->seen = true;
	}
	if (err)
		return err == -ENOENT || err == -EIO ? 0 : err;
	if (ns)
		onvme_ns_change(ctrl, ns, &geom);
	else if (ctrl->nss.count < ONVME_MAX_NAMESPACES)
		onvme_ns_add(ctrl, &geom);
	return 0;
}

/* Memory of a scan: nothing that large belongs on the stack. */
struct onvme_ns_scan {
	struct onvme_caps	caps;
	u32			nsids[ONVME_NSIDS_PER_PAGE];
	u8			list[ONVME_IDENTIFY_SIZE];
	u8			page[ONVME_IDENTIFY_SIZE];
};

/* Base, "Active Namespace ID list". Ids rise, and there are bounded many of them, so this ends. */
static int onvme_ns_scan_list(struct onvme_ctrl *ctrl, struct onvme_ns_scan *scan)
{
	struct onvme_finding finding = {};
	struct onvme_answer answer;
	unsigned int n, i, total = 0;
	u32 after = 0;
	int err;

	do {
		err = onvme_admin_identify(ctrl, after, ONVME_CNS_ACTIVE_NSIDS, 0, scan->list, &answer);
		if (err == -EIO && !after && answer.status & ONVME_SF_DNR)
			return -EOPNOTSUPP;
		if (err)
			return err;
		n = onvme_ident_nsids((__le32 *)scan->list, after, scan->caps.nn, scan->nsids, &finding);
		for (i = 0; i < n && total < ONVME_MAX_NAMESPACES; i++, total++) {
			err = onvme_ns_look(ctrl, &scan->caps, scan->nsids[i], scan->page);
			if (err)
				return err;
		}
		if (n)
			after = scan->nsids[n - 1];
	} while (n == ONVME_NSIDS_PER_PAGE && total < ONVME_MAX_NAMESPACES);
	onvme_observe_finding(&ctrl->dev, &ctrl->counters, &finding, "Identify");
	/* What stands behind a wrong id is not known to be gone. */
	return finding.count ? -EPROTO : 0;
}

static int onvme_ns_scan_all_ids(struct onvme_ctrl *ctrl, struct onvme_ns_scan *scan)
{
	u32 nsid, last = min(scan->caps.nn, ONVME_MAX_NAMESPACES);
	int err;

	for (nsid = 1; nsid <= last; nsid++) {
		err = onvme_ns_look(ctrl, &scan->caps, nsid, scan->page);
		if (err)
			return err;
	}
	return 0;
}

static int onvme_ns_scan_ids(struct onvme_ctrl *ctrl, struct onvme_ns_scan *scan)
{
	int err;

	if (scan->caps.vs >= ONVME_VS(1, 1, 0) && !test_bit(ONVME_CTRL_NO_NS_LIST, &ctrl->flags)) {
		err = onvme_ns_scan_list(ctrl, scan);
		if (err != -EOPNOTSUPP)
			return err;
		set_bit(ONVME_CTRL_NO_NS_LIST, &ctrl->flags);
	}
	return onvme_ns_scan_all_ids(ctrl, scan);
}

static void onvme_ns_scan_work(struct work_struct *work)
{
	struct onvme_ctrl *ctrl = container_of(work, struct onvme_ctrl, nss.scan_work);
	/* Namespaces may be frozen until this ends: memory that only I/O to them can free must not be waited for. */
	unsigned int noio = memalloc_noio_save();
	struct onvme_ns_scan *scan = ONVME_ALLOC(kvmalloc(sizeof(*scan), GFP_KERNEL));
	struct onvme_ns *ns, *next;
	int err = scan ? -ENODEV : -ENOMEM;

	mutex_lock(&ctrl->nss.scan_lock);
	ctrl->nss.unsure = false;
	if (!scan || ctrl->nss.stopped || !onvme_ctrl_is(ctrl, ONVME_ADMITS_USER))
		goto out;
	rcu_read_lock();
	scan->caps = *rcu_dereference(ctrl->caps);
	rcu_read_unlock();
	list_for_each_entry(ns, &ctrl->nss.list, node)
		ns->seen = false;
	err = onvme_ns_scan_ids(ctrl, scan);
	if (err)
		goto out;
	list_for_each_entry_safe(ns, next, &ctrl->nss.list, node)
		if (!ns->seen)
			onvme_ns_drop(ctrl, ns);
	if (ctrl->nss.unsure)
		err = -EAGAIN;
out:
	/* A controller that goes away says so itself. */
	if (err && err != -ENODEV && err != -EAGAIN)
		dev_warn(&ctrl->dev, "namespace scan stopped: %d\n", err);
	ctrl->nss.scan_err = err;
	mutex_unlock(&ctrl->nss.scan_lock);
	kvfree(scan);
	memalloc_noio_restore(noio);
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
	INIT_WORK(&ctrl->nss.scan_work, onvme_ns_scan_work);
}

/**
 * onvme_ns_queue_scan() - have the namespaces looked at
 * @ctrl: the controller; registered
 *
 * Process context. A request while a scan runs leads to one more; none is taken any more once removal has begun.
 */
void onvme_ns_queue_scan(struct onvme_ctrl *ctrl)
{
	down_read(&ctrl->nss.lock);
	if (test_bit(ONVME_CTRL_EXPOSED, &ctrl->flags) && !ctrl->nss.stopped)
		queue_work(onvme_wq, &ctrl->nss.scan_work);
	up_read(&ctrl->nss.lock);
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
	WRITE_ONCE(ctrl->nss.era, ctrl->nss.era + 1);
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

/**
 * onvme_ns_remove_all() - take all block devices away, for good
 * @ctrl: the controller; commands can complete or fail
 *
 * Process context.
 */
void onvme_ns_remove_all(struct onvme_ctrl *ctrl)
{
	struct onvme_ns *ns, *next;

	down_write(&ctrl->nss.lock);
	ctrl->nss.stopped = true;
	up_write(&ctrl->nss.lock);
	cancel_work_sync(&ctrl->nss.scan_work);
	mutex_lock(&ctrl->nss.scan_lock);
	list_for_each_entry_safe_reverse(ns, next, &ctrl->nss.list, node)
		onvme_ns_remove(ctrl, ns);
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
