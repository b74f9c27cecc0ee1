// SPDX-License-Identifier: GPL-2.0
/*
 * The only writer of a controller's state. Everything that acts on a change runs under ctrl.life, one at a time; what
 * it waits for is bounded (README.md has the table):
 *
 *   starting	CC.EN and each admin command of the bring-up steps; when that fails, the recovery ladder
 *   resetting	CC.EN; then starting. While somebody else resets the function: ONVME_RECOVERY_HELD_MS
 *   suspended	until resume; commands of users wait up to the bound of a reset
 *   deleting	the shutdown time, CC.EN, and each command that block devices still wait for
 *
 * A time-out is decided by proto/policy.c from the facts that facts.c gathers.
 */
#include <linux/delay.h>
#include <linux/pci.h>
#include <linux/sched/mm.h>

#include "admin.h"
#include "class.h"
#include "ctrl.h"
#include "facts.h"
#include "lane.h"
#include "proto/status.h"

/* How long to wait for the PCI core to be done with a reset of its own, and in its callbacks for ours. */
#define ONVME_RECOVERY_HELD_MS		100000
#define ONVME_RECOVERY_PATIENCE_MS	60000

/* One event: returns whether the state accepts it. */
static bool onvme_recovery_event(struct onvme_ctrl *ctrl, enum onvme_event event, const char *cause)
{
	enum onvme_state from, to;
	unsigned long flags;
	bool ok;

	spin_lock_irqsave(&ctrl->recovery.lock, flags);
	from = ctrl->state;
	ok = onvme_fsm_next(from, event, &to);
	if (ok)
		WRITE_ONCE(ctrl->state, to);
	spin_unlock_irqrestore(&ctrl->recovery.lock, flags);
	if (!ok)
		return false;
	trace_onvme_state(ctrl->instance, from, event, to, cause);
	onvme_flight_note(ctrl, from, event, to, cause);
	wake_up_all(&ctrl->recovery.wait);
	return true;
}

/* Nothing helps any more: what waits fails, now and from now on. */
static void onvme_recovery_bury(struct onvme_ctrl *ctrl)
{
	/* First: what marking waits for, a file system say, may itself wait for I/O that is held back. */
	onvme_ns_unquiesce(ctrl);
	onvme_ns_wake(ctrl);
	onvme_blk_adopt(ctrl);
	onvme_ns_mark_dead(ctrl);
}

static int onvme_recovery_up(struct onvme_ctrl *ctrl, const char *cause)
{
	char *envp[2] = { "NVME_EVENT=connected" };
	int err;

	lockdep_assert_held(&ctrl->life);
	err = onvme_ctrl_up(ctrl);
	if (err) {
		ctrl->recovery.fall = onvme_facts_fall(ctrl, err);
		onvme_ctrl_down(ctrl, ONVME_DOWN_RESET);
		return err;
	}
	if (!onvme_recovery_event(ctrl, ONVME_EV_UP, cause))
		return -ENODEV;		/* removal has begun, and will tear down */
	onvme_ioq_say(ctrl);
	/* The I/O queues did not come back: the scan takes the block devices away, administration goes on. */
	if (test_bit(ONVME_CTRL_NO_QUEUES, &ctrl->flags))
		onvme_recovery_bury(ctrl);
	err = ctrl->ops->live(ctrl);
	if (err) {
		onvme_recovery_event(ctrl, ONVME_EV_FAIL, cause);
		onvme_ctrl_down(ctrl, ONVME_DOWN_RESET);
		return err;
	}
	clear_bit(ONVME_CTRL_BARE, &ctrl->flags);
	/* A time-out of I/O that flowed before has disabled it again, or somebody else has reset it. */
	if (test_bit(ONVME_CTRL_FAILED, &ctrl->flags))
		onvme_recovery_reset(ctrl, "timeout");
	onvme_rescue_remember(&ctrl->recovery.rescue, ctrl->hw.pdev);
	ctrl->recovery.live_since = jiffies;
	kobject_uevent_env(&ctrl->dev.kobj, KOBJ_CHANGE, envp);
	onvme_aen_arm(ctrl);
	onvme_ns_queue_scan(ctrl);
	return 0;
}

/* One attempt: reset it in that way, then bring it up. */
static int onvme_recovery_try(struct onvme_ctrl *ctrl, enum onvme_rung rung, const char *cause)
{
	unsigned long begun = jiffies;
	unsigned int ms;
	int err = 0;

	if (rung > ONVME_RUNG_CONTROLLER)
		err = onvme_rescue_do(&ctrl->recovery.rescue, &ctrl->hw, rung);
	if (err)
		ctrl->recovery.fall = onvme_hw_gone(&ctrl->hw) ? ONVME_FALL_GONE : ONVME_FALL_REFUSED;
	else
		err = onvme_recovery_up(ctrl, cause);
	ms = jiffies_to_msecs(jiffies - begun);
	trace_onvme_rung(ctrl->instance, rung, err, ms);
	if (!err && rung > ONVME_RUNG_CONTROLLER)
		dev_info(&ctrl->dev, "recovered by %s, %u ms\n", onvme_ladder_rung_text(rung), ms);
	return err;
}

/*
 * The rung after one that has not helped. When there is none that brings I/O queues back, administration is better than
 * nothing: the last one once more, for that. Returns false when there is nothing left to try, or no reason to.
 */
static bool onvme_recovery_higher(struct onvme_ctrl *ctrl, struct onvme_ladder_facts *facts, unsigned long begun)
{
	enum onvme_rung last = facts->rung;

	facts->how = ctrl->recovery.fall;
	onvme_facts_rungs(ctrl, facts);
	/* Who removes it waits for us, and has locks that a rung may need: not after a wait for the link, either. */
	if (onvme_ctrl_state(ctrl) != ONVME_STARTING)
		return false;
	facts->elapsed_ms = jiffies_to_msecs(jiffies - begun);
	facts->rung = onvme_ladder_next(facts);
	if (facts->rung == ONVME_RUNG_DEAD && facts->how == ONVME_FALL_BARE &&
	    !test_and_set_bit(ONVME_CTRL_BARE, &ctrl->flags))
		facts->rung = last;
	/* A function that is still about to come back to its registers has only been asked too early. */
	if (facts->rung == ONVME_RUNG_DEAD && onvme_facts_comes_back(ctrl, facts))
		facts->rung = ONVME_RUNG_CONTROLLER;
	if (facts->rung == ONVME_RUNG_DEAD)
		return false;
	dev_warn(&ctrl->dev, "%s has not helped (%s), trying %s\n", onvme_ladder_rung_text(last),
		 onvme_ladder_fall_text(facts->how), onvme_ladder_rung_text(facts->rung));
	return true;
}

/*
 * Bring a controller up that is down, rung by rung from @facts->rung on, until it is live or there is no other rung.
 * Ends early when it is being removed: each attempt begins in state starting.
 */
static int onvme_recovery_climb(struct onvme_ctrl *ctrl, struct onvme_ladder_facts *facts, const char *cause)
{
	unsigned long begun = jiffies;
	int err;

	lockdep_assert_held(&ctrl->life);
	do {
		if (facts->rung > ONVME_RUNG_CONTROLLER || facts->climb == ONVME_CLIMB_RESET)
			atomic_inc(&ctrl->counters.rungs[facts->rung]);
		err = onvme_recovery_try(ctrl, facts->rung, cause);
	} while (err && onvme_recovery_higher(ctrl, facts, begun));
	return err;
}

static void onvme_recovery_give_up(struct onvme_ctrl *ctrl, const char *cause, int err)
{
	if (!onvme_recovery_event(ctrl, ONVME_EV_FAIL, cause))
		return;
	atomic_inc(&ctrl->counters.rungs[ONVME_RUNG_DEAD]);
	trace_onvme_rung(ctrl->instance, ONVME_RUNG_DEAD, err, 0);
	dev_err(&ctrl->dev, "Disabling device after %s failure: %d\n", cause, err);
	onvme_recovery_bury(ctrl);
}

static void onvme_recovery_climb_reset(struct onvme_ctrl *ctrl)
{
	struct onvme_ladder_facts facts = { .climb = ONVME_CLIMB_RESET };
	int err = -EIO;

	onvme_facts_begin(ctrl);
	if (!ctrl->recovery.wanted)
		onvme_flight_record(ctrl);
	onvme_ctrl_down(ctrl, ONVME_DOWN_RESET);
	if (!onvme_recovery_event(ctrl, ONVME_EV_START, "reset"))
		return;
	facts.rung = onvme_facts_first(ctrl, &facts);
	if (facts.rung != ONVME_RUNG_DEAD)
		err = onvme_recovery_climb(ctrl, &facts, "reset");
	if (err)
		onvme_recovery_give_up(ctrl, "reset", err);
}

/* Where onvme_recovery_resume() has left off. */
static void onvme_recovery_climb_on(struct onvme_ctrl *ctrl)
{
	struct onvme_ladder_facts facts = { .climb = ONVME_CLIMB_RESET, .rung = ONVME_RUNG_CONTROLLER };
	int err = -EIO;

	if (onvme_recovery_higher(ctrl, &facts, jiffies))
		err = onvme_recovery_climb(ctrl, &facts, "resume");
	if (err)
		onvme_recovery_give_up(ctrl, "resume", err);
}

static void onvme_recovery_reset_work(struct work_struct *work)
{
	struct onvme_ctrl *ctrl = container_of(work, struct onvme_ctrl, recovery.reset_work);
	unsigned int noio;

	mutex_lock(&ctrl->life);
	/* Memory that I/O to this very device would have to free cannot be waited for. */
	noio = memalloc_noio_save();
	/* Everybody else who begins in state starting, under life, has left it when he gives life back. */
	if (onvme_ctrl_state(ctrl) == ONVME_STARTING)
		onvme_recovery_climb_on(ctrl);
	else if (onvme_ctrl_state(ctrl) == ONVME_RESETTING && !ctrl->recovery.held)
		onvme_recovery_climb_reset(ctrl);
	memalloc_noio_restore(noio);
	mutex_unlock(&ctrl->life);
}

/* Whoever wanted to reset the function has not come back. */
static void onvme_recovery_held_work(struct work_struct *work)
{
	struct onvme_ctrl *ctrl = container_of(to_delayed_work(work), struct onvme_ctrl, recovery.held_work);
	bool held;

	mutex_lock(&ctrl->life);
	held = ctrl->recovery.held;
	ctrl->recovery.held = false;
	mutex_unlock(&ctrl->life);
	if (!held)
		return;
	dev_warn(&ctrl->dev, "nobody has finished the reset of the PCI function\n");
	queue_work(onvme_reset_wq, &ctrl->recovery.reset_work);
}

/**
 * onvme_recovery_init() - state new
 * @ctrl: a new controller
 */
void onvme_recovery_init(struct onvme_ctrl *ctrl)
{
	ctrl->state = ONVME_NEW;
	spin_lock_init(&ctrl->recovery.lock);
	init_waitqueue_head(&ctrl->recovery.wait);
	INIT_WORK(&ctrl->recovery.reset_work, onvme_recovery_reset_work);
	INIT_DELAYED_WORK(&ctrl->recovery.held_work, onvme_recovery_held_work);
}

/**
 * onvme_recovery_start() - bring a new controller up
 * @ctrl: the controller
 *
 * Process context.
 *
 * Return: 0: it is live and registered; an errno: it is down and dead.
 */
int onvme_recovery_start(struct onvme_ctrl *ctrl)
{
	struct onvme_ladder_facts facts = { .climb = ONVME_CLIMB_PROBE, .rung = ONVME_RUNG_CONTROLLER };
	int err = -ENODEV;

	mutex_lock(&ctrl->life);
	if (onvme_recovery_event(ctrl, ONVME_EV_START, "probe"))
		err = onvme_recovery_climb(ctrl, &facts, "probe");
	if (err)
		onvme_recovery_event(ctrl, ONVME_EV_FAIL, "probe");
	mutex_unlock(&ctrl->life);
	return err;
}

/* Into state resetting; who succeeds sees to it that reset_work is queued. */
static bool onvme_recovery_enter_reset(struct onvme_ctrl *ctrl, const char *cause, bool wanted)
{
	if (!onvme_recovery_event(ctrl, ONVME_EV_RESET, cause))
		return false;
	WRITE_ONCE(ctrl->recovery.wanted, wanted);
	atomic_inc(&ctrl->counters.resets);
	return true;
}

static bool onvme_recovery_begin_reset(struct onvme_ctrl *ctrl, const char *cause, bool wanted)
{
	if (!onvme_recovery_enter_reset(ctrl, cause, wanted))
		return false;
	queue_work(onvme_reset_wq, &ctrl->recovery.reset_work);
	return true;
}

/* What to say to somebody whose request does not fit the state, or came while somebody else was about to change it. */
static int onvme_recovery_refusal(struct onvme_ctrl *ctrl)
{
	return onvme_ctrl_is(ctrl, ONVME_WAITS) || onvme_ctrl_is(ctrl, ONVME_ADMITS_USER) ? -EBUSY : -ENODEV;
}

/* The end of a reset that somebody waits for; it may have to wait for one of the PCI core. */
static int onvme_recovery_outcome(struct onvme_ctrl *ctrl)
{
	flush_work(&ctrl->recovery.reset_work);
	onvme_recovery_await(ctrl);
	return onvme_ctrl_is(ctrl, ONVME_ADMITS_USER) ? 0 : onvme_recovery_refusal(ctrl);
}

/**
 * onvme_recovery_reset() - begin a controller reset, since something is wrong
 * @ctrl: the controller
 * @cause: why, for the trace
 *
 * Any context.
 *
 * Return: 0: begun, or under way already; -EBUSY: not in this state; -ENODEV: dead or going away.
 */
int onvme_recovery_reset(struct onvme_ctrl *ctrl, const char *cause)
{
	if (onvme_recovery_begin_reset(ctrl, cause, false) || onvme_ctrl_state(ctrl) == ONVME_RESETTING)
		return 0;
	return onvme_recovery_refusal(ctrl);
}

/**
 * onvme_recovery_reset_sync() - reset the controller because somebody wants it, and wait until it is over
 * @ctrl: the controller
 * @cause: why, for the trace
 *
 * Process context.
 *
 * Return: 0: it is live again; at once -EBUSY: a reset is under way, or not in this state; -ENODEV: dead or going away;
 * -EBUSY after onvme_recovery_await(): not live yet, since the PCI core has not finished a reset of its own.
 */
int onvme_recovery_reset_sync(struct onvme_ctrl *ctrl, const char *cause)
{
	if (!onvme_recovery_begin_reset(ctrl, cause, true))
		return onvme_recovery_refusal(ctrl);
	return onvme_recovery_outcome(ctrl);
}

/**
 * onvme_recovery_subsystem_reset() - reset the NVM subsystem, then this controller
 * @ctrl: the controller
 *
 * Process context. The link may go down with it: waits until the function is back, as the rung of the ladder does.
 *
 * Return: -ENOTTY when the controller does not support it; otherwise as onvme_recovery_reset_sync().
 */
int onvme_recovery_subsystem_reset(struct onvme_ctrl *ctrl)
{
	unsigned int noio;
	bool begun;

	if (!mutex_trylock(&ctrl->life))
		return onvme_recovery_refusal(ctrl);
	if (onvme_ctrl_is(ctrl, ONVME_ADMITS_USER) && !(ctrl->hw.cap & ONVME_CAP_NSSRS)) {
		mutex_unlock(&ctrl->life);
		return -ENOTTY;
	}
	begun = onvme_recovery_enter_reset(ctrl, "subsystem reset", true);
	if (begun) {
		noio = memalloc_noio_save();
		onvme_ctrl_down(ctrl, ONVME_DOWN_RESET);
		/* Where it fails, bring-up will, too. */
		onvme_rescue_do(&ctrl->recovery.rescue, &ctrl->hw, ONVME_RUNG_SUBSYSTEM);
		queue_work(onvme_reset_wq, &ctrl->recovery.reset_work);
		memalloc_noio_restore(noio);
	}
	mutex_unlock(&ctrl->life);
	return begun ? onvme_recovery_outcome(ctrl) : onvme_recovery_refusal(ctrl);
}

/**
 * onvme_recovery_lost() - the controller is beyond help by other means
 * @ctrl: the controller
 * @cause: why, for log and trace
 *
 * Any context. Several may find that out at once: the first is heard.
 */
void onvme_recovery_lost(struct onvme_ctrl *ctrl, const char *cause)
{
	if (!onvme_recovery_begin_reset(ctrl, cause, false))
		return;
	dev_warn(&ctrl->dev, "resetting controller due to %s\n", cause);
}

/* For those whom others wait for: not without end, and not for somebody who waits for them. */
static bool onvme_recovery_take_life(struct onvme_ctrl *ctrl)
{
	unsigned long deadline = jiffies + msecs_to_jiffies(ONVME_RECOVERY_PATIENCE_MS);

	while (!mutex_trylock(&ctrl->life)) {
		/* Who climbs waits for the link before each attempt. */
		if (time_after(jiffies, deadline) ||
		    (pci_channel_offline(ctrl->hw.pdev) && onvme_ctrl_state(ctrl) == ONVME_STARTING))
			return false;
		msleep(20);
	}
	return true;
}

/**
 * onvme_recovery_hold() - go down and stay down, since somebody else is about to reset the function
 * @ctrl: the controller
 * @cause: why, for the trace
 *
 * I/O gathers until onvme_recovery_release(), which has to follow. Process context, in callbacks of the PCI core;
 * bounded by %ONVME_RECOVERY_PATIENCE_MS and a tear-down.
 *
 * Return: whether it is down and will come back.
 */
bool onvme_recovery_hold(struct onvme_ctrl *ctrl, const char *cause)
{
	unsigned int noio;
	bool held;

	if (!onvme_recovery_take_life(ctrl))
		return false;
	noio = memalloc_noio_save();
	onvme_recovery_enter_reset(ctrl, cause, true);
	held = onvme_ctrl_state(ctrl) == ONVME_RESETTING;
	if (held) {
		ctrl->recovery.held = true;
		/* What somebody has changed since it went live is to stay. */
		if (!pci_channel_offline(ctrl->hw.pdev))
			onvme_rescue_remember(&ctrl->recovery.rescue, ctrl->hw.pdev);
		onvme_ctrl_down(ctrl, ONVME_DOWN_RESET);
		mod_delayed_work(onvme_reset_wq, &ctrl->recovery.held_work,
				 msecs_to_jiffies(ONVME_RECOVERY_HELD_MS));
	}
	memalloc_noio_restore(noio);
	mutex_unlock(&ctrl->life);
	return held;
}

/**
 * onvme_recovery_release() - begin to come back from onvme_recovery_hold()
 * @ctrl: the controller
 *
 * Process context, bounded as onvme_recovery_hold(). Does not wait for bring-up.
 *
 * Return: false when it was not held, or is not any more.
 */
bool onvme_recovery_release(struct onvme_ctrl *ctrl)
{
	bool held;

	if (!READ_ONCE(ctrl->recovery.held) || !onvme_recovery_take_life(ctrl))
		return false;
	held = ctrl->recovery.held;
	ctrl->recovery.held = false;
	if (held)
		onvme_rescue_restore(&ctrl->recovery.rescue, ctrl->hw.pdev);
	mutex_unlock(&ctrl->life);
	if (!held)
		return false;
	cancel_delayed_work(&ctrl->recovery.held_work);
	queue_work(onvme_reset_wq, &ctrl->recovery.reset_work);
	return true;
}

/**
 * onvme_recovery_was_reset() - begin to come back from a reset of the function that somebody else has finished
 * @ctrl: the controller
 *
 * Also where onvme_recovery_hold() was not called, or did not succeed: a live controller is reset then, and one that is
 * being brought up is when that ends, since the device may have forgotten what it was told. Process context, bounded
 * as onvme_recovery_hold(). Does not wait for bring-up.
 */
void onvme_recovery_was_reset(struct onvme_ctrl *ctrl)
{
	unsigned int noio;

	if (onvme_recovery_release(ctrl))
		return;
	if (mutex_trylock(&ctrl->life)) {
		noio = memalloc_noio_save();
		onvme_rescue_remember(&ctrl->recovery.rescue, ctrl->hw.pdev);
		onvme_rescue_restore(&ctrl->recovery.rescue, ctrl->hw.pdev);
		memalloc_noio_restore(noio);
		mutex_unlock(&ctrl->life);
	}
	/* First: bring-up looks at it when it has become live. The next one clears it. */
	set_bit(ONVME_CTRL_FAILED, &ctrl->flags);
	onvme_recovery_begin_reset(ctrl, "PCI reset", true);
}

/**
 * onvme_recovery_await() - wait for the end of a reset under way
 * @ctrl: the controller
 *
 * Process context, up to %ONVME_RECOVERY_PATIENCE_MS.
 */
void onvme_recovery_await(struct onvme_ctrl *ctrl)
{
	wait_event_timeout(ctrl->recovery.wait,
			   onvme_ctrl_state(ctrl) != ONVME_RESETTING && onvme_ctrl_state(ctrl) != ONVME_STARTING,
			   msecs_to_jiffies(ONVME_RECOVERY_PATIENCE_MS));
}

/**
 * onvme_recovery_suspend() - take leave of a controller that will come back, or of the system
 * @ctrl: the controller
 * @stays_on: it may keep its power meanwhile, and memory is kept
 *
 * I/O gathers until onvme_recovery_resume(). Process context; bounded by onvme_sleep_begin() and a reset under way.
 */
void onvme_recovery_suspend(struct onvme_ctrl *ctrl, bool stays_on)
{
	flush_work(&ctrl->recovery.reset_work);
	if (stays_on)
		onvme_sleep_await_scan(ctrl);
	mutex_lock(&ctrl->life);
	/* A reset that begins before we get here has nothing to do any more, nor has one of the PCI core. */
	ctrl->recovery.held = false;
	cancel_delayed_work(&ctrl->recovery.held_work);
	stays_on &= onvme_ctrl_state(ctrl) == ONVME_LIVE;
	if (onvme_recovery_event(ctrl, ONVME_EV_SUSPEND, "suspend") || ctrl->recovery.sleep.state)
		onvme_sleep_begin(ctrl, stays_on);
	mutex_unlock(&ctrl->life);
}

/* It goes on where it was, unless it is being removed, or somebody has reset it while we looked. */
static void onvme_recovery_wake(struct onvme_ctrl *ctrl)
{
	if (!onvme_recovery_event(ctrl, ONVME_EV_UP, "resume"))
		return;
	onvme_sleep_over(ctrl);
	if (test_bit(ONVME_CTRL_FAILED, &ctrl->flags))
		onvme_recovery_reset(ctrl, "timeout");
}

/**
 * onvme_recovery_resume() - the way back from onvme_recovery_suspend()
 * @ctrl: the controller
 *
 * Process context; bounded by onvme_sleep_end() and one bring-up. When that fails, reset_work climbs on: others wait
 * for this to return, and one rung needs the lock of the function, which the caller holds.
 */
void onvme_recovery_resume(struct onvme_ctrl *ctrl)
{
	unsigned int noio = memalloc_noio_save();

	mutex_lock(&ctrl->life);
	if (onvme_recovery_event(ctrl, ONVME_EV_START, "resume")) {
		if (onvme_sleep_end(ctrl))
			onvme_recovery_wake(ctrl);
		else if (onvme_recovery_try(ctrl, ONVME_RUNG_CONTROLLER, "resume"))
			queue_work(onvme_reset_wq, &ctrl->recovery.reset_work);
	}
	mutex_unlock(&ctrl->life);
	memalloc_noio_restore(noio);
}

/**
 * onvme_recovery_begin_removal() - from here on the controller is going away
 * @ctrl: the controller
 *
 * Where the device does not answer, or is down already, all I/O fails from now on; otherwise it still completes, so
 * that block devices can be removed in an orderly way. Process context; waits for a reset under way.
 */
void onvme_recovery_begin_removal(struct onvme_ctrl *ctrl)
{
	onvme_recovery_event(ctrl, ONVME_EV_REMOVE, "removal");
	cancel_delayed_work_sync(&ctrl->recovery.held_work);
	flush_work(&ctrl->recovery.reset_work);
	mutex_lock(&ctrl->life);
	if (onvme_hw_gone(&ctrl->hw) || !test_bit(ONVME_Q_LIVE, &onvme_ctrl_adminq(ctrl)->flags)) {
		onvme_ctrl_fail_all(ctrl);
		onvme_recovery_bury(ctrl);
	}
	onvme_ns_wake(ctrl);
	onvme_blk_adopt(ctrl);
	mutex_unlock(&ctrl->life);
}

/**
 * onvme_recovery_end_removal() - take leave of the controller
 * @ctrl: the controller; no block device is left
 *
 * Process context; bounded by the shutdown time.
 */
void onvme_recovery_end_removal(struct onvme_ctrl *ctrl)
{
	mutex_lock(&ctrl->life);
	onvme_ctrl_down(ctrl, ONVME_DOWN_SHUTDOWN);
	onvme_ns_unquiesce(ctrl);
	onvme_ns_wake(ctrl);
	onvme_blk_adopt(ctrl);
	onvme_rescue_forget(&ctrl->recovery.rescue);
	onvme_recovery_event(ctrl, ONVME_EV_GONE, "removal");
	mutex_unlock(&ctrl->life);
	/* Queued by one who had seen the controller live, and finds nothing to do. */
	flush_work(&ctrl->recovery.reset_work);
	flush_work(&ctrl->blk.adopt_work);
	onvme_aen_fini(ctrl);
}

static void onvme_recovery_say_down(struct onvme_ctrl *ctrl)
{
	u32 csts = onvme_hw_csts(&ctrl->hw);
	u16 pci_status = 0xffff;

	if (pci_read_config_word(ctrl->hw.pdev, PCI_STATUS, &pci_status))
		pci_status = 0xffff;
	dev_warn(&ctrl->dev, "controller is down; will reset: CSTS=0x%x, PCI_STATUS=0x%x\n", csts, pci_status);
}

static void onvme_recovery_abort(struct onvme_ctrl *ctrl, struct onvme_queue *q, struct request *rq)
{
	struct onvme_pdu *pdu = onvme_pdu(rq);

	atomic_inc(&ctrl->recovery.aborts_out);
	pdu->aborted = true;
	dev_warn(&ctrl->dev, "I/O tag %d (%04x) opcode %#x (%s) QID %u timeout, aborting req_op:%u size:%u\n", rq->tag,
		 le16_to_cpu(pdu->sqe.cid), pdu->sqe.opcode, onvme_opcode_text(!q->qid, pdu->sqe.opcode), q->qid,
		 req_op(rq), blk_rq_bytes(rq));
	if (onvme_admin_abort(ctrl, onvme_lane_sqid(q, pdu), le16_to_cpu(pdu->sqe.cid)))
		atomic_dec(&ctrl->recovery.aborts_out);
}

/**
 * onvme_recovery_timeout() - a command exceeded its time: find out why, decide, act
 * @ctrl: the controller
 * @rq: the request of the command
 *
 * Process context.
 *
 * Return: BLK_EH_DONE: it is over; BLK_EH_RESET_TIMER: give it another period.
 */
enum blk_eh_timer_return onvme_recovery_timeout(struct onvme_ctrl *ctrl, struct request *rq)
{
	struct onvme_queue *q = onvme_rq_queue(rq);
	struct onvme_timeout_facts facts = {};
	u16 cid = le16_to_cpu(onvme_pdu(rq)->sqe.cid);
	u8 opcode = onvme_pdu(rq)->sqe.opcode;
	enum onvme_verdict verdict;
	enum onvme_poll found;

	found = onvme_facts_timeout(ctrl, q, rq, &facts);
	/* Completed just in time, or begun and not yet posted. */
	if (found == ONVME_POLL_OVER)
		return blk_mq_rq_state(rq) == MQ_RQ_IN_FLIGHT ? BLK_EH_RESET_TIMER : BLK_EH_DONE;
	atomic_inc(&ctrl->counters.timeouts);
	onvme_watch_timeout(q, facts.completed);
	verdict = onvme_policy_timeout(&facts);
	trace_onvme_timeout(ctrl->instance, q->qid, cid, opcode, verdict);

	switch (verdict) {
	case ONVME_VERDICT_DONE:
		atomic_inc(&ctrl->counters.polled);
		dev_warn(&ctrl->dev, "I/O tag %d (%04x) QID %u timeout, completion polled\n", rq->tag, cid, q->qid);
		return BLK_EH_DONE;
	case ONVME_VERDICT_ABORT:
		onvme_recovery_abort(ctrl, q, rq);
		return BLK_EH_RESET_TIMER;
	case ONVME_VERDICT_RESET:
		if (facts.gone || facts.fatal)
			onvme_recovery_say_down(ctrl);
		else
			dev_warn(&ctrl->dev, "I/O tag %d (%04x) opcode %#x (%s) QID %u timeout, reset controller\n",
				 rq->tag, cid, opcode, onvme_opcode_text(!q->qid, opcode), q->qid);
		onvme_recovery_reset(ctrl, "timeout");
		return BLK_EH_RESET_TIMER;
	case ONVME_VERDICT_FAIL:
		dev_warn(&ctrl->dev, "I/O tag %d (%04x) opcode %#x (%s) QID %u timeout, disable controller\n", rq->tag,
			 cid, opcode, onvme_opcode_text(!q->qid, opcode), q->qid);
		onvme_ctrl_fail_all(ctrl);
		/* Bring-up may have ended meanwhile, with queues that are now dead. */
		if (onvme_ctrl_is(ctrl, ONVME_ADMITS_USER))
			onvme_recovery_reset(ctrl, "timeout");
		return BLK_EH_DONE;
	default:
		return BLK_EH_RESET_TIMER;
	}
}
