// SPDX-License-Identifier: GPL-2.0
/* deadline.c: against models that keep everything ever seen, and a simulated queue whose interrupts get lost. */
#include "ktap.h"
#include "deadline.h"

#define DEPTH	8u
#define MOST	ONVME_DEADLINE_MOST_MS

/* ---- how long a completion may lie there ---- */

static u32 model_bound(double ms, u32 most)
{
	u32 least = most < 20 ? most : 20;

	return ms <= least ? least : ms >= most ? most : (u32)ms;
}

/* One command in flight takes @ms, seen by two glances. */
static void feed(struct onvme_deadline *d, u64 *now, u32 ms)
{
	struct onvme_glance glance = {
		.now_ms = *now, .head = d->head, .phase = d->phase, .in_flight = 1, .polls = d->polls,
	};

	onvme_deadline_glance(d, &glance, 4096, MOST);
	*now += ms;
	glance.now_ms = *now;
	glance.head = (u16)((d->head + 1) % 4096);
	glance.phase = glance.head ? d->phase : !d->phase;
	onvme_deadline_glance(d, &glance, 4096, MOST);
	/* Nothing in flight: the next glance begins anew. */
	d->sample_cmds = 0;
}

/* RFC 6298 in floating point. The integers may lose less than 8 / 8 of the mean and 4 of four times the deviation. */
static void deadline_follows_latency(void)
{
	static const u32 mosts[] = { 1, 4, 19, 20, 21, 100, 500, 10000 };
	unsigned int round, i;

	for (round = 0; round < 200; round++) {
		struct onvme_deadline d = {};
		double mean = 0, dev = 0;
		u64 now = rnd_below(1000);
		u32 base = 1u << rnd_below(11);

		onvme_deadline_begin(&d);
		for (i = 0; i < sizeof(mosts) / sizeof(mosts[0]); i++)
			EQUAL(onvme_deadline_ms(&d, mosts[i]), model_bound(0, mosts[i]));
		d.hold_ms = rnd_below(27);	/* comes on top, whatever the latency */
		for (i = 0; i < 60; i++) {
			u32 ms = base / 2 + rnd_below(base), k;
			double off = ms > mean ? ms - mean : mean - ms;

			feed(&d, &now, ms);
			dev = i ? dev * 3 / 4 + off / 4 : ms / 2.;
			mean = i ? mean * 7 / 8 + ms / 8. : ms;
			for (k = 0; k < sizeof(mosts) / sizeof(mosts[0]); k++) {
				u32 is = onvme_deadline_ms(&d, mosts[k]);

				CHECK(is >= model_bound(mean + 4 * dev - 5, mosts[k]) + d.hold_ms);
				CHECK(is <= model_bound(mean + 4 * dev + 5, mosts[k]) + d.hold_ms);
				CHECK(onvme_deadline_tick_ms(&d, mosts[k]) <= (is > 8 ? (is + 1) / 2 : 4));
				CHECK(onvme_deadline_tick_ms(&d, mosts[k]) >= 4);
			}
		}
	}
}

/* A glance that was due earlier may have been late for the command, too. */
static void deadline_late_glance(void)
{
	struct onvme_glance glance = { .now_ms = 5000, .phase = 1, .waits = true, .late_ms = 700 };
	struct onvme_deadline d = {};

	onvme_deadline_begin(&d);
	onvme_deadline_glance(&d, &glance, DEPTH, MOST);
	EQUAL(d.still_ms, 4300);
	EQUAL(d.moved_ms, 0);
	glance.now_ms = 6000;
	glance.late_ms = 0;
	glance.head = 1;
	onvme_deadline_glance(&d, &glance, DEPTH, MOST);
	EQUAL(d.still_ms, 6000);
	EQUAL(d.moved_ms, 6000);
}

static void deadline_examples(void)
{
	struct onvme_deadline d = {};
	u64 now = 0;
	int i;

	onvme_deadline_begin(&d);
	for (i = 0; i < 100; i++)
		feed(&d, &now, 1);
	EQUAL(onvme_deadline_ms(&d, MOST), 20);
	for (i = 0; i < 100; i++)
		feed(&d, &now, 100);
	CHECK(onvme_deadline_ms(&d, MOST) >= 96 && onvme_deadline_ms(&d, MOST) <= 110);
	for (i = 0; i < 3; i++)
		feed(&d, &now, 60000);		/* a device that slept */
	EQUAL(onvme_deadline_ms(&d, MOST), 500);
	EQUAL(onvme_deadline_ms(&d, 200), 200);
	for (i = 0; i < 100; i++)
		feed(&d, &now, 1);
	EQUAL(onvme_deadline_ms(&d, MOST), 20);		/* and is forgiven */
}

/* n in flight all the time, each taking so long: what many glances make of it is that time. */
static void latency_by_littles_law(void)
{
	unsigned int n, latency;

	for (n = 1; n <= 128; n *= 4)
		for (latency = 1; latency <= 400; latency = latency * 3 + 1) {
			struct onvme_deadline d = {};
			u64 done = 0, last = 0, now;
			char note[40];

			snprintf(note, sizeof(note), "%u in flight for %u ms", n, latency);
			ktap_note = note;
			onvme_deadline_begin(&d);
			for (now = 0; now < 40ull * latency + 1000; now += onvme_deadline_tick_ms(&d, MOST)) {
				struct onvme_glance glance = { .now_ms = now, .in_flight = (u16)n };

				done = now * n / latency;
				CHECK(done - last < 65536);
				last = done;
				glance.head = (u16)(done % 65536);
				glance.phase = !(done / 65536 & 1);
				onvme_deadline_glance(&d, &glance, 65536, MOST);
			}
			/* Few commands are seen at ticks only, of half a deadline. */
			CHECK(d.mean8 / 8 + 1 >= (n < 16 ? latency / 2 : latency * 7 / 8));
			CHECK(d.mean8 / 8 <= (n < 16 ? latency * 2 + 10 : latency * 9 / 8 + 1));
			ktap_note = "";
		}
}

/* Head where it was, but with the other Phase Tag: as many completed as there are entries. */
static void a_whole_lap(void)
{
	struct onvme_deadline d = {};
	struct onvme_glance glance = { .now_ms = 1000, .phase = 1, .in_flight = 4 };

	onvme_deadline_begin(&d);
	onvme_deadline_glance(&d, &glance, DEPTH, MOST);
	CHECK(!d.sampled);
	glance.now_ms = 1100;
	glance.phase = 0;
	onvme_deadline_glance(&d, &glance, DEPTH, MOST);
	EQUAL(d.mean8 / 8, 100 * 4 / DEPTH);
}

/* What was polled, and what was not measured, says nothing about the queue. */
static void polls_are_no_measure(void)
{
	struct onvme_deadline d = {};
	u64 now = 0;
	int i;

	onvme_deadline_begin(&d);
	for (i = 0; i < 50; i++)
		feed(&d, &now, 2);
	for (i = 0; i < 50; i++) {
		struct onvme_glance glance = {
			.now_ms = now += 300, .head = (u16)((d.head + 1) % 4096), .phase = 1, .in_flight = 1,
			.polls = d.polls + 2,
		};

		onvme_deadline_glance(&d, &glance, 4096, MOST);
	}
	EQUAL(onvme_deadline_ms(&d, MOST), 20);
	for (i = 0; i < 50; i++) {
		struct onvme_glance glance = {
			.now_ms = now += 300, .head = (u16)((d.head + 1) % 4096), .phase = 1, .polls = d.polls,
		};

		d.sample_cmds = 0;
		onvme_deadline_glance(&d, &glance, 4096, MOST);
	}
	EQUAL(onvme_deadline_ms(&d, MOST), 20);
}

/* A glance in the middle of a poll sees the head half way; what moves it further is no interrupt either. */
static void half_a_poll_is_no_interrupt(void)
{
	struct onvme_deadline d = { .trust = ONVME_TRUST_TRIAL };
	struct onvme_glance glance = { .now_ms = 10, .head = 2, .phase = 1, .polls = 1 };

	onvme_deadline_begin(&d);
	onvme_deadline_glance(&d, &glance, 4096, MOST);
	EQUAL(d.trust, ONVME_TRUST_TRIAL);
	glance = (struct onvme_glance){ .now_ms = 20, .head = 4, .phase = 1, .polls = 2 };
	onvme_deadline_glance(&d, &glance, 4096, MOST);
	EQUAL(d.trust, ONVME_TRUST_TRIAL);
	glance = (struct onvme_glance){ .now_ms = 30, .head = 5, .phase = 1, .polls = 2 };
	onvme_deadline_glance(&d, &glance, 4096, MOST);
	EQUAL(d.trust, ONVME_TRUST_FULL);
}

/* ---- what to do after a glance ---- */

/* Everything that was seen, and an answer that searches it from the beginning. */
struct seen {
	struct onvme_glance	g[64];
	unsigned int		n;
};

static bool same(const struct onvme_glance *a, const struct onvme_glance *b)
{
	return a->head == b->head && a->phase == b->phase && a->fresh == b->fresh;
}

static enum onvme_deadline_look model_look(const struct seen *seen, enum onvme_trust trust, u32 deadline)
{
	const struct onvme_glance *last = &seen->g[seen->n - 1], *first = last;

	if (!last->fresh)
		return ONVME_LOOK_NOT;
	if (trust == ONVME_TRUST_NONE)
		return ONVME_LOOK_POLL;
	while (first > seen->g && same(first - 1, last))
		first--;
	return last->now_ms - first->now_ms >= deadline ? ONVME_LOOK_OVERDUE : ONVME_LOOK_NOT;
}

static enum onvme_trust model_trust(enum onvme_trust trust, const struct seen *seen, u64 until)
{
	const struct onvme_glance *last = &seen->g[seen->n - 1];
	bool moved = seen->n > 1 ? last[-1].head != last->head || last[-1].phase != last->phase :
				   last->head || !last->phase;
	/* One that has begun and not ended moves the head before and after this glance. */
	bool polled = last->polls != (seen->n > 1 ? last[-1].polls : 0) || last->polls & 1;

	if (trust == ONVME_TRUST_TRIAL && moved && !polled)
		return ONVME_TRUST_FULL;
	return trust == ONVME_TRUST_NONE && last->now_ms >= until ? ONVME_TRUST_TRIAL : trust;
}

static void glances_at_random(void)
{
	unsigned int round, looks[ONVME_NR_LOOKS] = { 0 }, moves[ONVME_NR_TRUSTS][ONVME_NR_TRUSTS] = { 0 }, i, k;

	for (round = 0; round < 20000; round++) {
		struct seen seen = { .n = 0 };
		struct onvme_deadline d = {
			.trust = rnd_below(ONVME_NR_TRUSTS), .until_ms = rnd_below(300), .pause_ms = 1000,
		};
		struct onvme_glance g = { .phase = 1 };

		/* begin() would make a trial of no trust; that is another case's. */
		d.phase = 1;
		while (seen.n < 64) {
			enum onvme_trust was = d.trust, trust;
			enum onvme_deadline_look look;

			g.now_ms += rnd_below(25);
			g.fresh = rnd_below(4);
			if (!rnd_below(3)) {
				g.head = (u16)rnd_below(DEPTH);
				g.phase = rnd_below(2);
			}
			g.polls += !rnd_below(3);
			g.in_flight = (u16)rnd_below(DEPTH);
			seen.g[seen.n++] = g;
			look = onvme_deadline_glance(&d, &g, DEPTH, MOST);
			trust = model_trust(was, &seen, d.until_ms);
			EQUAL(d.trust, trust);
			EQUAL(look, model_look(&seen, trust, onvme_deadline_ms(&d, MOST)));
			looks[look]++;
			moves[was][d.trust]++;
			if (d.trust == ONVME_TRUST_NONE)
				EQUAL(onvme_deadline_tick_ms(&d, MOST), ONVME_DEADLINE_POLL_MS);
		}
	}
	for (i = 0; i < ONVME_NR_LOOKS; i++)
		CHECK(looks[i]);
	/* A glance never takes trust away, and does not give it back without a trial. */
	for (i = 0; i < ONVME_NR_TRUSTS; i++)
		for (k = 0; k < ONVME_NR_TRUSTS; k++) {
			bool may = i == ONVME_TRUST_NONE ? k != ONVME_TRUST_FULL :
				   i == ONVME_TRUST_TRIAL ? k != ONVME_TRUST_NONE : k == ONVME_TRUST_FULL;

			EQUAL(!!moves[i][k], may);
		}
}

/* ---- a queue that stands still ---- */

/* Whether the last glance is one to ask at: counted from the oldest since which nothing moved and something waited. */
static bool model_still(const struct seen *seen)
{
	unsigned int first = seen->n - 1, i;
	bool due = false;
	u64 last;

	if (!seen->g[first].waits)
		return false;
	while (first && seen->g[first - 1].waits && seen->g[first - 1].head == seen->g[first].head &&
	       seen->g[first - 1].phase == seen->g[first].phase)
		first--;
	last = seen->g[first].now_ms;
	for (i = first; i < seen->n; i++) {
		due = seen->g[i].now_ms >= last + ONVME_DEADLINE_STILL_MS;
		if (due)
			last = seen->g[i].now_ms;
	}
	return due;
}

static void still_at_random(void)
{
	unsigned int round, asked = 0, not = 0;

	for (round = 0; round < 5000; round++) {
		struct seen seen = { .n = 0 };
		struct onvme_deadline d = {};
		struct onvme_glance g = { .now_ms = rnd_below(100000), .phase = 1 };

		onvme_deadline_begin(&d);
		while (seen.n < 64) {
			bool still;

			g.now_ms += 1 + rnd_below(400);
			g.waits = rnd_below(30);
			if (!rnd_below(20))
				g.head = (u16)rnd_below(DEPTH);
			seen.g[seen.n++] = g;
			onvme_deadline_glance(&d, &g, DEPTH, MOST);
			still = onvme_deadline_still(&d, g.now_ms);
			EQUAL(still, model_still(&seen));
			/* Who asks twice about one glance is not told twice. */
			EQUAL(onvme_deadline_still(&d, g.now_ms), false);
			asked += still;
			not += !still;
		}
	}
	CHECK(asked > 1000 && not > 1000);
}

/* What waited before a reset says nothing about the time after it. */
static void still_begins_anew(void)
{
	struct onvme_deadline d = {};
	struct onvme_glance g = { .now_ms = 5000, .phase = 1, .waits = true };

	onvme_deadline_begin(&d);
	onvme_deadline_glance(&d, &g, DEPTH, MOST);
	g.now_ms += ONVME_DEADLINE_STILL_MS - 1;
	onvme_deadline_glance(&d, &g, DEPTH, MOST);
	EQUAL(onvme_deadline_still(&d, g.now_ms), false);
	onvme_deadline_begin(&d);
	g.now_ms++;
	onvme_deadline_glance(&d, &g, DEPTH, MOST);
	EQUAL(onvme_deadline_still(&d, g.now_ms), false);
	g.now_ms += ONVME_DEADLINE_STILL_MS;
	onvme_deadline_glance(&d, &g, DEPTH, MOST);
	EQUAL(onvme_deadline_still(&d, g.now_ms), true);
}

/* ---- losses ---- */

/* When were the last three losses? All are kept; a window begins with a loss and holds what follows within its time. */
static void losses_in_a_window(void)
{
	unsigned int round, ends = 0, stays = 0;

	for (round = 0; round < 5000; round++) {
		struct onvme_deadline d = {};
		u64 now = 50000, first = 0;
		unsigned int n = 0, i;

		onvme_deadline_begin(&d);
		for (i = 0; i < 20 && d.trust == ONVME_TRUST_FULL; i++) {
			now += rnd_below(9000);
			if (!n || now > first + ONVME_DEADLINE_WINDOW_MS) {
				first = now;
				n = 0;
			}
			n++;
			onvme_deadline_lost(&d, now);
			EQUAL(d.trust, n == ONVME_DEADLINE_LOSSES ? ONVME_TRUST_NONE : ONVME_TRUST_FULL);
			stays += d.trust == ONVME_TRUST_FULL;
		}
		ends += d.trust == ONVME_TRUST_NONE;
	}
	CHECK(ends && stays);
}

static u32 after_losses(struct onvme_deadline *d, u64 now)
{
	unsigned int i;

	for (i = 0; i < ONVME_DEADLINE_LOSSES; i++) {
		EQUAL(d->trust, ONVME_TRUST_FULL);
		onvme_deadline_lost(d, now);
	}
	EQUAL(d->trust, ONVME_TRUST_NONE);
	EQUAL(d->until_ms, now + d->pause_ms);
	return d->pause_ms;
}

static void glance_at(struct onvme_deadline *d, u64 now, bool by_interrupt)
{
	struct onvme_glance glance = {
		.now_ms = now, .head = (u16)((d->head + by_interrupt) % DEPTH), .phase = d->phase, .polls = d->polls,
	};

	if (by_interrupt && !glance.head)
		glance.phase = !d->phase;
	onvme_deadline_glance(d, &glance, DEPTH, MOST);
}

static void pauses(void)
{
	struct onvme_deadline d = {};
	u64 now = 5000;
	u32 pause, want;

	onvme_deadline_begin(&d);
	pause = after_losses(&d, now);
	EQUAL(pause, 1000);
	onvme_deadline_lost(&d, now);			/* one more changes nothing */
	EQUAL(d.until_ms, now + 1000);
	for (want = 2000; want < 200000; want *= 2) {
		glance_at(&d, now + pause - 1, true);		/* an interrupt now and then is no reason */
		EQUAL(d.trust, ONVME_TRUST_NONE);
		now += pause;
		glance_at(&d, now, false);
		EQUAL(d.trust, ONVME_TRUST_TRIAL);
		glance_at(&d, now + 1, false);			/* nothing happened: nothing shown */
		EQUAL(d.trust, ONVME_TRUST_TRIAL);
		onvme_deadline_lost(&d, now);
		EQUAL(d.trust, ONVME_TRUST_NONE);
		EQUAL(d.pause_ms, want < 60000 ? want : 60000);
		pause = d.pause_ms;
	}
	/* A relapse soon after goes on where it was; a late one begins anew. */
	now += pause;
	glance_at(&d, now, false);
	glance_at(&d, now, true);
	EQUAL(d.trust, ONVME_TRUST_FULL);
	EQUAL(after_losses(&d, now + 59999), 60000);
	now += 59999 + 60000;
	glance_at(&d, now, false);
	glance_at(&d, now, true);
	EQUAL(after_losses(&d, now + 60000), 1000);
	EQUAL(after_losses(&(struct onvme_deadline){}, now), 1000);
}

/* A queue that is made anew gets a trial; what is known of its latency stays. */
static void beginnings(void)
{
	enum onvme_trust trust;
	u64 now = 0;
	int i;

	for (trust = 0; trust < ONVME_NR_TRUSTS; trust++) {
		struct onvme_deadline d = {};

		onvme_deadline_begin(&d);
		for (i = 0; i < 10; i++)
			feed(&d, &now, 100);
		d.trust = trust;
		d.until_ms = now + 50000;
		d.fresh = true;
		d.losses = 2;
		onvme_deadline_begin(&d);
		EQUAL(d.trust, trust == ONVME_TRUST_NONE ? ONVME_TRUST_TRIAL : trust);
		EQUAL(d.head, 0);
		EQUAL(d.phase, 1);
		EQUAL(d.fresh, false);
		EQUAL(d.losses, 0);
		CHECK(onvme_deadline_ms(&d, MOST) > 90);
	}
}

/*
 * A queue, one command at a time that takes so long, its interrupts lost or not, watched as watch.c does it: how late
 * may a completion be found? Never later than a deadline and a half.
 */
static void worst_case(void)
{
	unsigned int round, modes = 0, restored = 0;

	for (round = 0; round < 300; round++) {
		struct onvme_deadline d = {};
		u32 most = 4 + rnd_below(500), service = 1 + rnd_below(60), loses = 1 + rnd_below(3);
		u64 now = rnd_below(100000), done_at = now + service, tick = now, worst = 0;
		struct onvme_glance g = { .phase = 1, .in_flight = 1 };
		unsigned int n = 0, i;

		onvme_deadline_begin(&d);
		for (i = 0; i < 20000; i++, now++) {
			if (now == done_at) {
				if (n < 30 && !(n % loses))
					g.fresh = true;			/* nobody is told */
				else
					goto next;
			}
			if (now < tick)
				continue;
			g.now_ms = now;
			if (onvme_deadline_glance(&d, &g, DEPTH, most)) {
				g.polls += 2;
				if (d.trust != ONVME_TRUST_NONE)
					onvme_deadline_lost(&d, now);
				modes += d.trust == ONVME_TRUST_NONE;
				CHECK(now - done_at <= most + most / 2 + ONVME_DEADLINE_POLL_MS * 2);
				worst = now - done_at > worst ? now - done_at : worst;
				goto next_seen;
			}
			tick = now + onvme_deadline_tick_ms(&d, most);
			continue;
next_seen:
			tick = now + onvme_deadline_tick_ms(&d, most);
next:
			g.fresh = false;
			g.head = (u16)((g.head + 1) % DEPTH);
			g.phase ^= !g.head;
			n++;
			done_at = now + service;
		}
		CHECK(worst <= 1000);
		restored += d.trust == ONVME_TRUST_FULL;
	}
	CHECK(modes);
	/* After the thirtieth no interrupt was lost: all but those with a long pause before them are trusted again. */
	CHECK(restored > 250);
}

static void trust_texts(void)
{
	STR_EQUAL(onvme_deadline_trust_text(ONVME_TRUST_FULL), "interrupt");
	STR_EQUAL(onvme_deadline_trust_text(ONVME_TRUST_NONE), "timer");
	STR_EQUAL(onvme_deadline_trust_text(ONVME_TRUST_TRIAL), "trial");
	STR_EQUAL(onvme_deadline_trust_text(ONVME_NR_TRUSTS), "unknown");
	STR_EQUAL(onvme_deadline_trust_text((enum onvme_trust)-1), "unknown");
}

KTAP_MAIN("t_deadline",
	  KTAP_CASE(deadline_follows_latency),
	  KTAP_CASE(deadline_late_glance), KTAP_CASE(deadline_examples),
	  KTAP_CASE(latency_by_littles_law),
	  KTAP_CASE(a_whole_lap),
	  KTAP_CASE(polls_are_no_measure),
	  KTAP_CASE(half_a_poll_is_no_interrupt),
	  KTAP_CASE(glances_at_random),
	  KTAP_CASE(still_at_random),
	  KTAP_CASE(still_begins_anew),
	  KTAP_CASE(losses_in_a_window),
	  KTAP_CASE(pauses),
	  KTAP_CASE(beginnings),
	  KTAP_CASE(worst_case),
	  KTAP_CASE(trust_texts))
