// SPDX-License-Identifier: GPL-2.0
#include <linux/blk-mq.h>
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/pci.h>

#include "ctrl.h"
#include "facts.h"
#include "subsys.h"

/**
 * onvme_facts_fall() - how bring-up has failed
 * @ctrl: the controller, before it is torn down. Caller holds ctrl.life
 * @err: the error of onvme_ctrl_up()
 *
 * Return: how.
 */
enum onvme_fall onvme_facts_fall(struct onvme_ctrl *ctrl, int err)
{
	/* The last: it is a secondary controller, and offline. */
	if (err == -ENOMEM || err == -ENOSPC || err == -EHOSTDOWN)
		return ONVME_FALL_HOST;
	if (!ctrl->hw.bar)
		return ONVME_FALL_REFUSED;
	if (onvme_hw_gone(&ctrl->hw))
		return ONVME_FALL_GONE;
	if (onvme_hw_fatal(&ctrl->hw))
		return ONVME_FALL_FATAL;
	if (test_bit(ONVME_CTRL_FAILED, &ctrl->flags))
		return ONVME_FALL_MUTE;
	if (err == -ENOTBLK)
		return ONVME_FALL_BARE;
	return err == -ETIMEDOUT ? ONVME_FALL_LATE : ONVME_FALL_REFUSED;
}

/**
 * onvme_facts_rungs() - which rungs there are
 * @ctrl: the controller; down. Caller holds ctrl.life
 * @facts: filled in, but for what the climb itself knows: rung, how, climb, elapsed_ms
 *
 * Process context; waits while the PCI core recovers the link.
 */
void onvme_facts_rungs(struct onvme_ctrl *ctrl, struct onvme_ladder_facts *facts)
{
	onvme_rescue_gather(&ctrl->recovery.rescue, &ctrl->hw, facts);
	facts->alone &= onvme_subsys_alone(ctrl);
	facts->limit_ms = onvme_ladder_limit_ms(ctrl->hw.ready_ms, ctrl->admin_timeout_ms);
}

/**
 * onvme_facts_comes_back() - whether a function that reads as all-ones, where no rung is left, has registers after all
 * @ctrl: the controller; down, state starting. Caller holds ctrl.life
 * @facts: those after the last rung
 *
 * Process context; waits up to onvme_ladder_patience_ms(), and no longer than until the controller is removed.
 *
 * Return: true when it is worth trying once more.
 */
bool onvme_facts_comes_back(struct onvme_ctrl *ctrl, const struct onvme_ladder_facts *facts)
{
	unsigned long deadline = jiffies + msecs_to_jiffies(onvme_ladder_patience_ms(facts));

	while (time_before(jiffies, deadline) && onvme_ctrl_state(ctrl) == ONVME_STARTING) {
		msleep(50);
		if (!onvme_hw_gone(&ctrl->hw))
			return onvme_ctrl_state(ctrl) == ONVME_STARTING;
	}
	return false;
}

/* Whether a completion has come on any I/O queue since it was created. */
static bool onvme_facts_was_of_use(struct onvme_ctrl *ctrl)
{
	unsigned int i;

	for (i = 1; i <= ctrl->ioq.plan.nr_io; i++)
		if (READ_ONCE(ctrl->queues[i].cq_head) || !READ_ONCE(ctrl->queues[i].cq_phase))
			return true;
	return false;
}

static bool onvme_facts_late(struct request *rq, void *data)
{
	unsigned int *late = data;

	if (READ_ONCE(onvme_pdu(rq)->late))
		late[!!(onvme_pdu(rq)->flags & ONVME_PDU_OWN_TIME)]++;
	return true;
}

/* Whether the only fault that was found is that a command took longer than its submitter wanted to wait. */
static bool onvme_facts_was_impatience(struct onvme_ctrl *ctrl)
{
	unsigned int late[2] = {};

	blk_mq_tagset_busy_iter(&ctrl->blk.admin_set, onvme_facts_late, late);
	if (ctrl->blk.io_q)
		onvme_blk_for_sets(ctrl, onvme_facts_late, late);
	return late[true] && !late[false];
}

/* In a row with those before it, or not: what becomes live and fails again, without any use between, is counted. */
static void onvme_facts_count_row(struct onvme_ctrl *ctrl, bool impatience)
{
	unsigned int soon_ms = 30000 + 2 * min(READ_ONCE(ctrl->io_timeout_ms), 3600000u);

	if (ctrl->recovery.wanted || onvme_facts_was_of_use(ctrl) ||
	    time_after(jiffies, ctrl->recovery.live_since + msecs_to_jiffies(soon_ms)))
		ctrl->recovery.row = 0;
	else if (!impatience)
		ctrl->recovery.row++;
}

/**
 * onvme_facts_begin() - one more reset begins
 * @ctrl: the controller, with what was in flight when the fault was found. Caller holds ctrl.life
 *
 * Counts those in a row, and remembers where the controller was lost when it was idle before.
 */
void onvme_facts_begin(struct onvme_ctrl *ctrl)
{
	bool impatience = onvme_facts_was_impatience(ctrl);

	onvme_facts_count_row(ctrl, impatience);
	if (!ctrl->recovery.wanted && !impatience)
		onvme_power_learn(ctrl);
}

/**
 * onvme_facts_first() - where the climb of a reset begins
 * @ctrl: the controller; down. Caller holds ctrl.life
 * @facts: with climb; filled in where it takes that to know
 *
 * Return: the rung.
 */
enum onvme_rung onvme_facts_first(struct onvme_ctrl *ctrl, struct onvme_ladder_facts *facts)
{
	enum onvme_rung rung;

	if (ctrl->recovery.row < ONVME_LADDER_PLAIN)
		return ONVME_RUNG_CONTROLLER;
	onvme_facts_rungs(ctrl, facts);
	rung = onvme_ladder_first(facts, ctrl->recovery.row);
	dev_warn(&ctrl->dev, "%u resets in a row have not helped for long, %s%s\n", ctrl->recovery.row,
		 rung == ONVME_RUNG_DEAD ? "" : "trying ", onvme_ladder_rung_text(rung));
	return rung;
}

/* Whether a command gets its time anew since firmware is activated. */
static bool onvme_facts_excuse(struct onvme_ctrl *ctrl, struct request *rq)
{
	struct onvme_pdu *pdu = onvme_pdu(rq);

	if (pdu->waits == U16_MAX || !onvme_aen_excuses(ctrl, (u64)pdu->waits * jiffies_to_msecs(rq->timeout)))
		return false;
	pdu->waits++;
	return true;
}

/**
 * onvme_facts_timeout() - what is known of a command that exceeded its time
 * @ctrl: the controller
 * @q: its queue
 * @rq: the request of the command
 * @facts: filled in
 *
 * Looks for a completion first, and takes it if there is one. Process context.
 *
 * Return: what became of the request; beyond %ONVME_POLL_FOUND @facts are of no use.
 */
enum onvme_poll onvme_facts_timeout(struct onvme_ctrl *ctrl, struct onvme_queue *q, struct request *rq,
				    struct onvme_timeout_facts *facts)
{
	enum onvme_poll found;
	enum onvme_state state;
	int limit;

	mutex_lock(&ctrl->cancel);
	found = onvme_rq_poll(q, rq);
	facts->completed = found != ONVME_POLL_IN_FLIGHT;
	if (!facts->completed)
		onvme_pdu(rq)->late = true;
	mutex_unlock(&ctrl->cancel);
	state = onvme_ctrl_state(ctrl);
	rcu_read_lock();
	limit = rcu_access_pointer(ctrl->caps) ? rcu_dereference(ctrl->caps)->acl : 0;
	rcu_read_unlock();
	facts->gone = onvme_hw_gone(&ctrl->hw) || !pci_device_is_present(ctrl->hw.pdev);
	facts->fatal = !facts->gone && onvme_hw_fatal(&ctrl->hw);
	facts->live = state == ONVME_LIVE && !(found == ONVME_POLL_IN_FLIGHT && onvme_facts_excuse(ctrl, rq));
	facts->bringing_up = state != ONVME_LIVE && state != ONVME_RESETTING;
	facts->admin = !q->qid;
	facts->aborted = onvme_pdu(rq)->aborted;
	facts->abort_free = atomic_read(&ctrl->recovery.aborts_out) < limit;
	return found;
}
