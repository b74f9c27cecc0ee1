/* SPDX-License-Identifier: GPL-2.0 */
/*
 * watch.h - lost interrupts and failed controllers: a queue with commands in flight is glanced at by a timer, which
 * costs its I/O nothing.
 *
 * struct onvme_watch is part of each struct onvme_queue. A timer runs while commands are in flight, and two ticks
 * longer; it looks at the ring and asks proto/deadline.c. What it suspects a work item confirms and mends, on a CPU
 * that takes the interrupt. lock guards @deadline and @look in process and softirq context.
 */
#ifndef ONVME_WATCH_H
#define ONVME_WATCH_H

#include <linux/atomic.h>
#include <linux/spinlock.h>
#include <linux/timer.h>
#include <linux/workqueue.h>

#include "proto/deadline.h"

struct onvme_ctrl;
struct onvme_queue;

/**
 * struct onvme_watch - who watches a queue
 * @timer: glances at it
 * @work: drains it, or sends @there
 * @there: drains it, on a CPU that takes its interrupt
 * @lock: guards @deadline and @look
 * @deadline: what is remembered of it
 * @look: what the work is to do
 * @most_ms: the most that the deadline may be; 0: nobody watches
 * @tick_ms: from one glance to the next
 * @grace: RCU grace period after which no submitter relies on the watch any more; the timer's
 * @closing: @grace is valid; the timer's
 * @still: the work is to look at the controller, too
 * @away_ms: since when the queue stood still as the registers read as all-ones; 0: they did not; the work's
 * @absent: when a glance found no new completion, by the processor's counter; the timer's
 * @rung_ms: since when the queue stood still as its doorbells were last written again; the work's
 * @lost: interrupts lost by the vector whose number is that of this queue
 * @late: commands that exceeded their time without having completed, on queues of that vector
 */
struct onvme_watch {
	struct timer_list	timer;
	struct work_struct	work;
	struct delayed_work	there;
	spinlock_t		lock;
	struct onvme_deadline	deadline;
	enum onvme_deadline_look look;
	unsigned int		most_ms;
	unsigned int		tick_ms;
	unsigned long		grace;
	bool			closing;
	bool			still;
	u64			away_ms;
	u64			rung_ms;
	u64			absent;
	atomic_t		lost;
	atomic_t		late;
};

void onvme_watch_setup(struct onvme_ctrl *ctrl);
void onvme_watch_begin(struct onvme_queue *q);
bool onvme_watch_admit(struct onvme_queue *q);
void onvme_watch_timeout(struct onvme_queue *q, bool completed);
void onvme_watch_set_most(struct onvme_ctrl *ctrl, unsigned int ms);
void onvme_watch_set_hold(struct onvme_ctrl *ctrl, unsigned int ms);
u64 onvme_watch_idle_ms(struct onvme_ctrl *ctrl);
void onvme_watch_clear(struct onvme_ctrl *ctrl);
ssize_t onvme_watch_show(struct onvme_ctrl *ctrl, char *buf);
void onvme_watch_stop(struct onvme_ctrl *ctrl);

#endif /* ONVME_WATCH_H */
