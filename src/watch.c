// SPDX-License-Identifier: GPL-2.0
/*
 * Who submits finds ONVME_Q_WATCHED set, or sets it and starts the timer. The timer clears it when nothing is in
 * flight any more, and ends when an RCU grace period has passed since and there is still nothing: a submitter that saw
 * the flag set has posted by then, since queue_rq runs under the RCU read lock.
 *
 * An interrupt is lost when a completion has been in the ring for the time that proto/deadline.c allows. The timer
 * cannot know whether the interrupt is only on its way to a CPU that is busy elsewhere (a virtual one may not even be
 * running). So the work item goes to that CPU: when it runs there, and the completion is still in the ring, the
 * interrupt has had its turn and did not come.
 *
 * A queue that stands still for a second, with commands in flight, has a work item look at CSTS: a controller that has
 * failed is reset then, and not when the first of the commands has exceeded its time. An idle controller, and one that
 * is at work, is never asked. Where there are shadow doorbells the real ones are written again, in case the controller
 * went to sleep without a last look at its shadows.
 *
 * While interrupts of a queue are not relied upon the timer is quick, and the work takes every completion that it sees.
 * The interrupt stays enabled meanwhile: one that does come is served as ever.
 */
#include <linux/blkdev.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/pci.h>
#include <linux/rcupdate.h>
#include <linux/sysfs.h>

#include "ctrl.h"
#include "lane.h"
#include "param.h"
#include "watch.h"

#define ONVME_WATCH_LINE	80	/* bytes of a line of onvme_watch_show(), at most */

static struct onvme_queue *onvme_watch_queue(struct onvme_watch *w)
{
	return container_of(w, struct onvme_queue, watch);
}

static u64 onvme_watch_now(void)
{
	return (u64)ktime_to_ms(ktime_get());
}

/* A vector is accounted for by the queue of that number: there are never more vectors than queues. */
static struct onvme_watch *onvme_watch_vector(struct onvme_queue *q)
{
	return &q->ctrl->queues[q->vector].watch;
}

/* Nobody stops the queue meanwhile: proto/deadline.c knows. Whether commands wait is for who knows if it has moved. */
static void onvme_watch_glance(const struct onvme_queue *q, struct onvme_glance *glance)
{
	u16 tail;

	glance->now_ms = onvme_watch_now();
	glance->head = READ_ONCE(q->cq_head);
	glance->phase = READ_ONCE(q->cq_phase);
	smp_rmb();	/* pairs with onvme_rq_drain_owned(): the head moved by a poll that is counted */
	glance->polls = READ_ONCE(q->polls);
	tail = READ_ONCE(q->sq_tail);	/* later than the head, and so not behind it */
	glance->fresh = (le16_to_cpu(READ_ONCE(q->cq[glance->head].status)) & ONVME_CQE_PHASE) == glance->phase;
	/* The rings are of one size and a command has one completion. Admin commands may take an hour: no measure. */
	glance->in_flight = q->qid ? (u16)((tail + onvme_lane_posted(q) + q->depth - glance->head) % q->depth) : 0;
}

/* The trust has changed: say so. */
static void onvme_watch_say(struct onvme_queue *q, enum onvme_trust from, enum onvme_trust to, u32 pause_ms)
{
	struct device *dev = &q->ctrl->dev;

	trace_onvme_trust(q->ctrl->instance, q->qid, from, to, pause_ms);
	if (to == ONVME_TRUST_NONE && from == ONVME_TRUST_FULL)
		dev_warn_ratelimited(dev, "interrupts of queue %u keep getting lost, polling it by timer; next try in %u s\n",
				     q->qid, pause_ms / 1000);
	else if (to == ONVME_TRUST_FULL)
		dev_info_ratelimited(dev, "interrupts of queue %u work again\n", q->qid);
}

static void onvme_watch_lost(struct onvme_queue *q, u64 waited_ms)
{
	struct onvme_watch *w = &q->watch;
	enum onvme_trust from, to;
	u32 pause_ms, deadline_ms;

	spin_lock_bh(&w->lock);
	from = w->deadline.trust;
	deadline_ms = onvme_deadline_ms(&w->deadline, READ_ONCE(w->most_ms));
	onvme_deadline_lost(&w->deadline, onvme_watch_now());
	to = w->deadline.trust;
	pause_ms = w->deadline.pause_ms;
	spin_unlock_bh(&w->lock);
	atomic_inc(&onvme_watch_vector(q)->lost);
	trace_onvme_lost(q->ctrl->instance, q->qid, q->vector, waited_ms, deadline_ms);
	dev_warn_ratelimited(&q->ctrl->dev, "interrupt of queue %u lost (vector %u), completion polled after %llu ms\n",
			     q->qid, q->vector, waited_ms);
	if (to != from)
		onvme_watch_say(q, from, to, pause_ms);
}

/* Take what is there. What the last glance saw overdue, and is still there on the CPU of its interrupt, has lost it. */
static void onvme_watch_rescue(struct onvme_watch *w)
{
	struct onvme_queue *q = onvme_watch_queue(w);
	enum onvme_deadline_look look;
	bool there;
	u64 seen_ms;
	u16 head;
	u8 phase;

	spin_lock_bh(&w->lock);
	look = w->look;
	seen_ms = w->deadline.seen_ms;
	head = w->deadline.head;
	phase = w->deadline.phase;
	spin_unlock_bh(&w->lock);
	if (look == ONVME_LOOK_NOT)
		return;
	mutex_lock(&q->ctrl->cancel);
	there = onvme_rq_rescue(q, head, phase);
	mutex_unlock(&q->ctrl->cancel);
	if (there && look == ONVME_LOOK_OVERDUE)
		onvme_watch_lost(q, onvme_watch_now() - seen_ms);
}

/* It is said once for each time that the queue stands still. */
static void onvme_watch_ring_again(struct onvme_watch *w, u64 since_ms)
{
	struct onvme_queue *q = onvme_watch_queue(w);

	if (!onvme_queue_ring_again(q))
		return;
	onvme_lane_ring_again(q);
	if (w->rung_ms != since_ms)
		dev_info_ratelimited(&q->ctrl->dev, "queue %u stands still, its doorbells are written again\n", q->qid);
	w->rung_ms = since_ms;
}

/* The queue stands still. Who holds life is changing the state, or will find out by himself. */
static void onvme_watch_look(struct onvme_watch *w)
{
	struct onvme_queue *q = onvme_watch_queue(w);
	struct onvme_ctrl *ctrl = q->ctrl;
	const char *cause = NULL;
	u64 since_ms;
	u32 csts;

	if (!mutex_trylock(&ctrl->life))
		return;
	if (onvme_ctrl_state(ctrl) == ONVME_LIVE && !pci_channel_offline(ctrl->hw.pdev)) {
		spin_lock_bh(&w->lock);
		since_ms = w->deadline.still_ms;
		spin_unlock_bh(&w->lock);
		csts = pci_device_is_present(ctrl->hw.pdev) ? onvme_hw_csts(&ctrl->hw) : ONVME_ALL_ONES;
		cause = onvme_policy_still(csts, w->away_ms && w->away_ms == since_ms);
		w->away_ms = csts == ONVME_ALL_ONES ? since_ms : 0;
		if (!cause && !w->away_ms)
			onvme_watch_ring_again(w, since_ms);
	}
	mutex_unlock(&ctrl->life);
	if (cause)
		ctrl->ops->lost(ctrl, cause);
}

static void onvme_watch_there(struct work_struct *work)
{
	onvme_watch_rescue(container_of(to_delayed_work(work), struct onvme_watch, there));
}

/*
 * Another work item than this one is sent: one that is queued again while it runs stays where it is. As a delayed one,
 * since the CPU may go offline meanwhile; it runs elsewhere then.
 */
static void onvme_watch_work(struct work_struct *work)
{
	struct onvme_watch *w = container_of(work, struct onvme_watch, work);
	int cpu = onvme_queue_irq_cpu(onvme_watch_queue(w));

	if (xchg(&w->still, false))
		onvme_watch_look(w);
	if (READ_ONCE(w->look) == ONVME_LOOK_OVERDUE && cpu >= 0 && cpu != raw_smp_processor_id())
		kblockd_mod_delayed_work_on(cpu, &w->there, 0);
	else
		onvme_watch_rescue(w);
}

/* Whether there is to be another tick; @late: the grace period was over when this one began. */
static bool onvme_watch_goes_on(struct onvme_queue *q, bool busy, bool late)
{
	struct onvme_watch *w = &q->watch;

	if (busy) {
		if (!test_bit(ONVME_Q_WATCHED, &q->flags))
			set_bit(ONVME_Q_WATCHED, &q->flags);
		w->closing = false;
		return true;
	}
	if (late) {
		w->closing = false;
		return false;
	}
	if (!w->closing || test_bit(ONVME_Q_WATCHED, &q->flags)) {
		clear_bit(ONVME_Q_WATCHED, &q->flags);
		w->grace = start_poll_synchronize_rcu();
		w->closing = true;
	}
	return true;
}

static void onvme_watch_tick(struct timer_list *timer)
{
	struct onvme_watch *w = container_of(timer, struct onvme_watch, timer);
	struct onvme_queue *q = onvme_watch_queue(w);
	u32 most_ms = READ_ONCE(w->most_ms), pause_ms;
	enum onvme_deadline_look look;
	struct onvme_glance glance = { .late_ms = jiffies_to_msecs(jiffies - timer->expires) };
	enum onvme_trust from, to;
	const u64 now = onvme_stamp_now();
	bool late, busy, still;

	if (!most_ms)
		return;		/* ONVME_Q_WATCHED stays, so that nobody starts us again */
	/* Before the glance, which then sees what was posted within the grace period. */
	late = w->closing && !test_bit(ONVME_Q_WATCHED, &q->flags) && poll_state_synchronize_rcu(w->grace);
	onvme_watch_glance(q, &glance);
	if (!glance.fresh)
		WRITE_ONCE(w->absent, now);
	spin_lock(&w->lock);
	from = w->deadline.trust;
	/* All slots are looked at only where the queue has not moved: one that is at work is not to pay for it. */
	glance.waits = glance.head != w->deadline.head || onvme_queue_in_flight(q);
	busy = glance.waits || (!q->qid && glance.fresh);
	look = onvme_deadline_glance(&w->deadline, &glance, q->depth, most_ms);
	still = onvme_deadline_still(&w->deadline, glance.now_ms);
	WRITE_ONCE(w->look, look);
	to = w->deadline.trust;
	pause_ms = w->deadline.pause_ms;
	WRITE_ONCE(w->tick_ms, onvme_deadline_tick_ms(&w->deadline, most_ms));
	spin_unlock(&w->lock);
	if (to != from)
		onvme_watch_say(q, from, to, pause_ms);
	if (still)
		WRITE_ONCE(w->still, true);
	/* While nothing is in flight the CPUs of the queue, and with them its interrupt, may be off. */
	if (still || (look != ONVME_LOOK_NOT && busy))
		kblockd_schedule_work(&w->work);
	if (onvme_watch_goes_on(q, busy, late))
		mod_timer(timer, jiffies + msecs_to_jiffies(w->tick_ms));
}

/**
 * onvme_watch_admit() - somebody is about to post a command, and found the queue not quite ready for it
 * @q: the queue
 *
 * Called from queue_rq, under the RCU read lock; starts to watch the queue.
 *
 * Return: whether the command may be posted: the queue is live.
 */
bool onvme_watch_admit(struct onvme_queue *q)
{
	struct onvme_watch *w = &q->watch;

	if (!test_bit_acquire(ONVME_Q_LIVE, &q->flags))
		return false;
	if (!test_and_set_bit(ONVME_Q_WATCHED, &q->flags) && READ_ONCE(w->most_ms))
		mod_timer(&w->timer, jiffies + msecs_to_jiffies(READ_ONCE(w->tick_ms)));
	return true;
}

/* A queue without interrupt is watched in any case: who polls for its commands may have been stopped. */
static unsigned int onvme_watch_most(const struct onvme_queue *q, unsigned int ms)
{
	return ms ?: test_bit(ONVME_Q_POLLED, &q->flags) ? ONVME_DEADLINE_MOST_MS : 0;
}

/**
 * onvme_watch_begin() - the queue is empty and new to the controller
 * @q: the queue
 *
 * Interrupts that were not relied upon are tried again. Process context.
 */
void onvme_watch_begin(struct onvme_queue *q)
{
	unsigned int most_ms = onvme_watch_most(q, READ_ONCE(onvme_ctrl_adminq(q->ctrl)->watch.most_ms));

	if (!READ_ONCE(q->watch.most_ms) && most_ms)
		clear_bit(ONVME_Q_WATCHED, &q->flags);
	WRITE_ONCE(q->watch.most_ms, most_ms);
	spin_lock_bh(&q->watch.lock);
	onvme_deadline_begin(&q->watch.deadline);
	spin_unlock_bh(&q->watch.lock);
}

/**
 * onvme_watch_timeout() - count a command that exceeded its time, for the vector of its queue
 * @q: the queue
 * @completed: it was in the completion queue: an interrupt was lost; otherwise the device is late
 *
 * Any context.
 */
void onvme_watch_timeout(struct onvme_queue *q, bool completed)
{
	struct onvme_watch *vector = onvme_watch_vector(q);

	if (!completed)
		atomic_inc(&vector->late);
	else if (!test_bit(ONVME_Q_POLLED, &q->flags))
		atomic_inc(&vector->lost);
}

/**
 * onvme_watch_set_most() - the most that the deadline may be
 * @ctrl: the controller
 * @ms: milliseconds, up to %ONVME_DEADLINE_LIMIT_MS; 0: nobody watches
 *
 * A queue that was not watched is from its next command on.
 *
 * Process context.
 */
void onvme_watch_set_most(struct onvme_ctrl *ctrl, unsigned int ms)
{
	unsigned int i;

	for (i = 0; i < ctrl->nr_queues; i++) {
		struct onvme_queue *q = &ctrl->queues[i];

		WRITE_ONCE(q->watch.most_ms, onvme_watch_most(q, ms));
		if (!ms)
			continue;
		smp_mb__before_atomic();	/* pairs with the exchange in onvme_watch_admit() */
		clear_bit(ONVME_Q_WATCHED, &q->flags);
	}
}

/**
 * onvme_watch_set_hold() - the controller may hold interrupts back on purpose
 * @ctrl: the controller
 * @ms: for how long, at most
 *
 * Process context.
 */
void onvme_watch_set_hold(struct onvme_ctrl *ctrl, unsigned int ms)
{
	unsigned int i;

	for (i = 0; i < ctrl->nr_queues; i++) {
		struct onvme_watch *w = &ctrl->queues[i].watch;

		spin_lock_bh(&w->lock);
		w->deadline.hold_ms = ms;
		spin_unlock_bh(&w->lock);
	}
}

/**
 * onvme_watch_show() - what befell the interrupts
 * @ctrl: the controller
 * @buf: a page
 *
 * A line for each queue with something to tell, as far as they fit. Process context.
 *
 * Return: bytes written.
 */
ssize_t onvme_watch_show(struct onvme_ctrl *ctrl, char *buf)
{
	unsigned int i;
	int n = 0;

	for (i = 0; i < ctrl->nr_queues && n < (int)PAGE_SIZE - ONVME_WATCH_LINE; i++) {
		struct onvme_queue *q = &ctrl->queues[i];
		enum onvme_trust trust = READ_ONCE(q->watch.deadline.trust);
		const struct onvme_watch *vector;
		int lost, late;

		if (!READ_ONCE(q->sq))
			continue;
		vector = onvme_watch_vector(q);
		lost = atomic_read(&vector->lost);
		late = atomic_read(&vector->late);
		if (lost || late || trust != ONVME_TRUST_FULL)
			n += sysfs_emit_at(buf, n, "queue %u vector %u lost %d late %d %s\n", i, q->vector, lost, late,
					   onvme_deadline_trust_text(trust));
	}
	return n;
}

/**
 * onvme_watch_idle_ms() - for how long there was nothing to do before the commands that are stuck now
 * @ctrl: the controller
 *
 * From the glance that saw the last completion to the one that first saw those commands, less the pause before that:
 * rather too short than too long. Process context.
 *
 * Return: milliseconds; 0 when no command is stuck, or when nobody has watched.
 */
u64 onvme_watch_idle_ms(struct onvme_ctrl *ctrl)
{
	u64 stuck_ms = U64_MAX, busy_ms = 0, slack_ms = 0;
	unsigned int i;

	for (i = 0; i < ctrl->nr_queues; i++) {
		struct onvme_watch *w = &ctrl->queues[i].watch;

		spin_lock_bh(&w->lock);
		busy_ms = max(busy_ms, w->deadline.moved_ms);
		if (w->deadline.waits && w->most_ms) {
			stuck_ms = min(stuck_ms, w->deadline.still_ms);
			slack_ms = max_t(u64, slack_ms, w->tick_ms);
		}
		spin_unlock_bh(&w->lock);
	}
	if (stuck_ms == U64_MAX || stuck_ms < busy_ms + slack_ms)
		return 0;
	return stuck_ms - busy_ms - slack_ms;
}

/**
 * onvme_watch_clear() - count lost interrupts and late commands from 0
 * @ctrl: the controller
 */
void onvme_watch_clear(struct onvme_ctrl *ctrl)
{
	unsigned int i;

	for (i = 0; i < ctrl->nr_queues; i++) {
		atomic_set(&ctrl->queues[i].watch.lost, 0);
		atomic_set(&ctrl->queues[i].watch.late, 0);
	}
}

/**
 * onvme_watch_setup() - nobody watches yet
 * @ctrl: a new controller, with its array of queues
 */
void onvme_watch_setup(struct onvme_ctrl *ctrl)
{
	unsigned int i;

	for (i = 0; i < ctrl->nr_queues; i++) {
		struct onvme_watch *w = &ctrl->queues[i].watch;

		timer_setup(&w->timer, onvme_watch_tick, 0);
		INIT_WORK(&w->work, onvme_watch_work);
		INIT_DELAYED_WORK(&w->there, onvme_watch_there);
		spin_lock_init(&w->lock);
		w->most_ms = READ_ONCE(onvme_params.poll_deadline_ms);
		w->tick_ms = onvme_deadline_tick_ms(&w->deadline, w->most_ms);
	}
}

/**
 * onvme_watch_stop() - stop watching, before queues lose their memory
 * @ctrl: the controller; its queues are not live and will not be again
 *
 * Idempotent. Process context.
 */
void onvme_watch_stop(struct onvme_ctrl *ctrl)
{
	unsigned int i;

	for (i = 0; i < ctrl->nr_queues; i++) {
		timer_delete_sync(&ctrl->queues[i].watch.timer);
		cancel_work_sync(&ctrl->queues[i].watch.work);
		cancel_delayed_work_sync(&ctrl->queues[i].watch.there);
	}
}
