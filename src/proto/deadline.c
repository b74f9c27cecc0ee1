// SPDX-License-Identifier: GPL-2.0
#include <linux/minmax.h>

#include "deadline.h"

#define ONVME_DEADLINE_SAMPLE_MOST_MS	10000u	/* more teaches nothing new */

/**
 * onvme_deadline_begin() - the queue is empty and new to the controller
 * @d: what is remembered of it
 *
 * Its latency and the history of its losses stay; interrupts that were not relied upon are tried again.
 */
void onvme_deadline_begin(struct onvme_deadline *d)
{
	d->head = 0;
	d->phase = 1;
	d->fresh = false;
	d->waits = false;
	d->sample_cmds = 0;
	d->losses = 0;
	if (d->trust == ONVME_TRUST_NONE)
		d->trust = ONVME_TRUST_TRIAL;
}

/**
 * onvme_deadline_ms() - how long a completion may lie in the queue
 * @d: what is remembered of the queue
 * @most_ms: the most that it may be
 *
 * As TCP chooses the time before it sends again (RFC 6298), and for the same reason: so long is unusual for this queue.
 * Where commands take long anyway the machine is overloaded, and a little more waiting does not hurt.
 *
 * Return: milliseconds, between %ONVME_DEADLINE_LEAST_MS, or @most_ms if that is less, and @most_ms; each longer by
 * what an interrupt may be held back on purpose.
 */
u32 onvme_deadline_ms(const struct onvme_deadline *d, u32 most_ms)
{
	return clamp(d->mean8 / 8 + d->dev4, min(ONVME_DEADLINE_LEAST_MS, most_ms), most_ms) + d->hold_ms;
}

/**
 * onvme_deadline_tick_ms() - when to glance at the queue again
 * @d: what is remembered of the queue
 * @most_ms: the most that the deadline may be
 *
 * Return: milliseconds; a lost interrupt is noticed within a deadline and a half.
 */
u32 onvme_deadline_tick_ms(const struct onvme_deadline *d, u32 most_ms)
{
	if (d->trust == ONVME_TRUST_NONE)
		return ONVME_DEADLINE_POLL_MS;
	return max((onvme_deadline_ms(d, most_ms) + 1) / 2, ONVME_DEADLINE_POLL_MS);
}

static void onvme_deadline_sample(struct onvme_deadline *d, u32 ms)
{
	u32 mean = d->mean8 / 8;
	u32 off = ms > mean ? ms - mean : mean - ms;

	if (!d->sampled) {
		d->sampled = true;
		d->mean8 = ms * 8;
		d->dev4 = ms * 2;
		return;
	}
	d->dev4 = d->dev4 - d->dev4 / 4 + off;
	d->mean8 = d->mean8 - d->mean8 / 8 + ms;
}

/*
 * The mean latency without a clock for each command: when n are in flight and so many complete in a time t that all n
 * may be among them, they took n x t / completed (Little's law). What the interrupt did not complete is no measure.
 */
static void onvme_deadline_measure(struct onvme_deadline *d, const struct onvme_glance *glance, u32 done, bool polled)
{
	if (d->sample_cmds && !polled) {
		d->sample_done += done;
		if (d->sample_done < d->sample_cmds)
			return;
		onvme_deadline_sample(d, (u32)min_t(u64, glance->now_ms - d->sample_ms, ONVME_DEADLINE_SAMPLE_MOST_MS) *
				      d->sample_cmds / d->sample_done);
	}
	d->sample_cmds = glance->in_flight;
	d->sample_done = 0;
	d->sample_ms = glance->now_ms;
}

/**
 * onvme_deadline_glance() - what to do, from the way a queue looks now and looked before
 * @d: what is remembered of the queue
 * @glance: the queue now
 * @depth: its entries
 * @most_ms: the most that the deadline may be, not 0
 *
 * A glance may be slightly wrong, since nobody stops the queue for it: ONVME_LOOK_OVERDUE is a suspicion about the
 * entry at @glance.head, to be confirmed by who owns the queue. A queue that has turned round a whole number of times
 * between two glances looks as if it had not moved; for the same reason that is harmless.
 *
 * Return: what to do. @d.trust may have changed.
 */
enum onvme_deadline_look onvme_deadline_glance(struct onvme_deadline *d, const struct onvme_glance *glance, u32 depth,
					       u32 most_ms)
{
	bool moved = glance->head != d->head || glance->phase != d->phase;
	bool polled = glance->polls != d->polls || glance->polls % 2;
	u32 done = glance->head >= d->head ? (u32)(glance->head - d->head) : depth - d->head + glance->head;

	if (moved && !done)
		done = depth;
	onvme_deadline_measure(d, glance, done, polled);
	if (d->trust == ONVME_TRUST_TRIAL && moved && !polled) {
		d->trust = ONVME_TRUST_FULL;
		d->left_ms = glance->now_ms;
	}
	if (d->trust == ONVME_TRUST_NONE && glance->now_ms >= d->until_ms)
		d->trust = ONVME_TRUST_TRIAL;
	if (moved)
		d->moved_ms = glance->now_ms;
	if (glance->fresh && (moved || !d->fresh))
		d->seen_ms = glance->now_ms;
	if (moved || !d->waits || !glance->waits) {
		d->still_ms = glance->now_ms - glance->late_ms;
		d->asked_ms = glance->now_ms;
	}
	d->head = glance->head;
	d->phase = glance->phase;
	d->fresh = glance->fresh;
	d->waits = glance->waits;
	d->polls = glance->polls;
	if (!d->fresh)
		return ONVME_LOOK_NOT;
	if (d->trust == ONVME_TRUST_NONE)
		return ONVME_LOOK_POLL;
	return glance->now_ms - d->seen_ms >= onvme_deadline_ms(d, most_ms) ? ONVME_LOOK_OVERDUE : ONVME_LOOK_NOT;
}

/**
 * onvme_deadline_still() - whether to look at the controller itself: it may have failed
 * @d: what is remembered of the queue, the last glance included
 * @now_ms: the time of that glance
 *
 * Return: true each time that the queue has stood still, with commands in flight, for another %ONVME_DEADLINE_STILL_MS.
 */
bool onvme_deadline_still(struct onvme_deadline *d, u64 now_ms)
{
	if (!d->waits || now_ms - d->asked_ms < ONVME_DEADLINE_STILL_MS)
		return false;
	d->asked_ms = now_ms;
	return true;
}

/**
 * onvme_deadline_lost() - an interrupt was lost
 * @d: what is remembered of the queue
 * @now_ms: the time
 *
 * @d.trust may have changed to ONVME_TRUST_NONE, for @d.pause_ms.
 */
void onvme_deadline_lost(struct onvme_deadline *d, u64 now_ms)
{
	bool again = d->trust == ONVME_TRUST_TRIAL;

	if (d->trust == ONVME_TRUST_NONE)
		return;
	if (!again) {
		if (!d->losses || now_ms - d->first_ms > ONVME_DEADLINE_WINDOW_MS) {
			d->losses = 0;
			d->first_ms = now_ms;
		}
		if (++d->losses < ONVME_DEADLINE_LOSSES)
			return;
		again = d->pause_ms && now_ms - d->left_ms < ONVME_DEADLINE_CALM_MS;
	}
	d->pause_ms = again ? min(d->pause_ms * 2, ONVME_DEADLINE_PAUSE_MOST_MS) : ONVME_DEADLINE_PAUSE_MS;
	d->until_ms = now_ms + d->pause_ms;
	d->losses = 0;
	d->trust = ONVME_TRUST_NONE;
}

/**
 * onvme_deadline_trust_text() - the word for how a queue is served, as in sysfs and in the trace
 * @trust: whether interrupts are relied upon
 *
 * Return: a string.
 */
const char *onvme_deadline_trust_text(enum onvme_trust trust)
{
	static const char * const text[ONVME_NR_TRUSTS] = {
		[ONVME_TRUST_FULL]	= "interrupt",
		[ONVME_TRUST_NONE]	= "timer",
		[ONVME_TRUST_TRIAL]	= "trial",
	};

	return (unsigned int)trust < ONVME_NR_TRUSTS ? text[trust] : "unknown";
}
