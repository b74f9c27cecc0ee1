/* SPDX-License-Identifier: GPL-2.0 */
/*
 * deadline.h - how long a completion may lie in its queue before its interrupt counts as lost, and when interrupts of a
 * queue are no longer relied upon.
 *
 * Pure. One struct onvme_deadline a queue, fed by its owner (watch.c) with a glance at the queue from time to time and
 * with each loss; it answers what to do now and when to glance next. Times are milliseconds of a clock that only rises.
 */
#ifndef ONVME_PROTO_DEADLINE_H
#define ONVME_PROTO_DEADLINE_H

#include <linux/types.h>

#define ONVME_DEADLINE_LEAST_MS		20u	/* of a queue that is quick */
#define ONVME_DEADLINE_MOST_MS		500u	/* of any queue, unless the user says otherwise */
#define ONVME_DEADLINE_LIMIT_MS		10000u	/* of what the user may say */
#define ONVME_DEADLINE_POLL_MS		4u	/* from one poll by timer to the next */
#define ONVME_DEADLINE_STILL_MS		1000u	/* that a queue stands still before the controller is looked at */
#define ONVME_DEADLINE_LOSSES		3u	/* within the window: interrupts are not relied upon */
#define ONVME_DEADLINE_WINDOW_MS	10000u
#define ONVME_DEADLINE_PAUSE_MS		1000u	/* before they are tried again; doubles */
#define ONVME_DEADLINE_PAUSE_MOST_MS	60000u
#define ONVME_DEADLINE_CALM_MS		60000u	/* without a relapse: the next pause is a short one again */

/* Whether interrupts of a queue are relied upon */
enum onvme_trust {
	ONVME_TRUST_FULL,	/* a completion gets as long as the deadline says */
	ONVME_TRUST_NONE,	/* the queue is polled by timer; an interrupt is welcome nevertheless */
	ONVME_TRUST_TRIAL,	/* as with full trust, but one loss ends it, and one interrupt makes it full */
	ONVME_NR_TRUSTS
};

/**
 * struct onvme_glance - a queue at one moment
 * @now_ms: the time
 * @late_ms: for how long the glance was due
 * @head: next entry of the completion queue to look at
 * @phase: Phase Tag of an entry that is new
 * @fresh: the entry at @head is new: completed, and nobody has taken it
 * @in_flight: commands with the controller; 0 when their time says nothing about the queue
 * @waits: there are commands with the controller, or there were since the last glance
 * @polls: counts each beginning and each end of draining the queue by other means than its interrupt: odd in between
 */
struct onvme_glance {
	u64	now_ms;
	u32	late_ms;
	u16	head;
	u8	phase;
	bool	fresh;
	u16	in_flight;
	bool	waits;
	u32	polls;
};

/* What to do after a glance */
enum onvme_deadline_look {
	ONVME_LOOK_NOT,
	ONVME_LOOK_POLL,	/* take the new entry: interrupts are not relied upon */
	ONVME_LOOK_OVERDUE,	/* take it, if it is still there: its interrupt is lost */
	ONVME_NR_LOOKS
};

/**
 * struct onvme_deadline - what is remembered of a queue; all zeroes is a queue that nobody knows anything about
 * @seen_ms: since when the new entry has been seen
 * @polls: as in the last glance
 * @head: as in the last glance
 * @phase: as in the last glance
 * @fresh: as in the last glance
 * @waits: as in the last glance
 * @sampled: there was a sample of the latency
 * @sample_cmds: commands in flight at the beginning of the present sample; 0: none has begun
 * @sample_done: commands completed since
 * @sample_ms: its beginning
 * @mean8: mean latency, in eighths of a millisecond
 * @dev4: mean deviation from it, in quarters of a millisecond
 * @trust: whether interrupts are relied upon
 * @losses: losses since @first_ms, while they are
 * @first_ms: the first of them
 * @pause_ms: the last pause before interrupts were tried again
 * @until_ms: end of the present pause
 * @left_ms: when they were last found to work again
 * @hold_ms: for how long the controller may hold an interrupt back on purpose; its owner's
 * @still_ms: since when there have been commands and none has completed, rather too early than too late; valid with
 *	@waits
 * @moved_ms: when a completion was last found to have been taken; 0: never
 * @asked_ms: when onvme_deadline_still() last was true of that, or @still_ms
 */
struct onvme_deadline {
	u64			seen_ms;
	u32			polls;
	u16			head;
	u8			phase;
	bool			fresh;
	bool			waits;
	bool			sampled;
	u32			sample_cmds;
	u32			sample_done;
	u64			sample_ms;
	u32			mean8;
	u32			dev4;
	enum onvme_trust	trust;
	u32			losses;
	u64			first_ms;
	u32			pause_ms;
	u64			until_ms;
	u64			left_ms;
	u32			hold_ms;
	u64			still_ms;
	u64			moved_ms;
	u64			asked_ms;
};

void onvme_deadline_begin(struct onvme_deadline *d);
enum onvme_deadline_look onvme_deadline_glance(struct onvme_deadline *d, const struct onvme_glance *glance, u32 depth,
					       u32 most_ms);
bool onvme_deadline_still(struct onvme_deadline *d, u64 now_ms);
void onvme_deadline_lost(struct onvme_deadline *d, u64 now_ms);
u32 onvme_deadline_ms(const struct onvme_deadline *d, u32 most_ms);
u32 onvme_deadline_tick_ms(const struct onvme_deadline *d, u32 most_ms);
const char *onvme_deadline_trust_text(enum onvme_trust trust);

#endif /* ONVME_PROTO_DEADLINE_H */
