// SPDX-License-Identifier: GPL-2.0
/* policy.c: complete truth tables and all small numbers, against models that reason from the other end. */
#include "ktap.h"
#include "policy.h"

/*
 * The verdict by elimination: start with all, strike what would be wrong under these facts, the mildest that is left
 * wins in the order done, wait, abort, reset, fail.
 */
static enum onvme_verdict model_timeout(const struct onvme_timeout_facts *f)
{
	bool ok[ONVME_NR_VERDICTS] = { true, true, true, true, true };
	bool somebody_resets = !f->live && !f->bringing_up;
	unsigned int v;

	if (!f->completed)
		ok[ONVME_VERDICT_DONE] = false;
	/* Waiting is for commands that somebody else will finish: a reset under way, or an abort that became free. */
	if (!somebody_resets && (f->bringing_up || f->gone || f->fatal || f->admin || f->aborted || f->abort_free))
		ok[ONVME_VERDICT_WAIT] = false;
	/* An abort needs a controller that works, a command that can be aborted, and room. */
	if (!f->live || f->bringing_up || f->gone || f->fatal || f->admin || f->aborted || !f->abort_free)
		ok[ONVME_VERDICT_ABORT] = false;
	/* While the controller is starting or going away, a reset would wait for the very command. */
	if (f->bringing_up)
		ok[ONVME_VERDICT_RESET] = false;
	for (v = 0; !ok[v]; v++)
		;
	return v;
}

static void timeout_truth_table(void)
{
	unsigned int bits, seen[ONVME_NR_VERDICTS] = { 0 }, v;

	for (bits = 0; bits < 256; bits++) {
		struct onvme_timeout_facts f = {
			.completed	= bits & 1,
			.gone		= bits & 2,
			.fatal		= bits & 4,
			.bringing_up	= bits & 8,
			.live		= bits & 16,
			.admin		= bits & 32,
			.aborted	= bits & 64,
			.abort_free	= bits & 128,
		};
		enum onvme_verdict is = onvme_policy_timeout(&f);
		char note[40];

		snprintf(note, sizeof(note), "facts %#x", bits);
		ktap_note = note;
		STR_EQUAL(onvme_policy_verdict_text(is), onvme_policy_verdict_text(model_timeout(&f)));
		CHECK(is < ONVME_NR_VERDICTS);
		seen[is]++;
		/*
		 * A device that is not there is never asked for anything, nor waited for when nobody is resetting it.
		 */
		if (f.gone && !f.completed && f.live)
			CHECK(is == ONVME_VERDICT_RESET || is == ONVME_VERDICT_FAIL);
		ktap_note = "";
	}
	for (v = 0; v < ONVME_NR_VERDICTS; v++)
		CHECK(seen[v]);
}

static void verdict_texts(void)
{
	unsigned int i, j;

	for (i = 0; i < ONVME_NR_VERDICTS; i++)
		for (j = 0; j < i; j++)
			CHECK(strcmp(onvme_policy_verdict_text(i), onvme_policy_verdict_text(j)));
	STR_EQUAL(onvme_policy_verdict_text(ONVME_NR_VERDICTS), "unknown");
	STR_EQUAL(onvme_policy_verdict_text((enum onvme_verdict)-1), "unknown");
}

static void queues_to_ask(void)
{
	unsigned int cpus;

	for (cpus = 0; cpus < 5000; cpus++)
		EQUAL(onvme_policy_queues_to_ask(cpus), cpus == 0 ? 1 : cpus > 1024 ? 1024 : cpus);
	EQUAL(onvme_policy_queues_to_ask(~0u), 1024);
}

static void queues_granted(void)
{
	static const unsigned int asked[] = { 1, 2, 3, 64, 1023, 1024, 65535, 65536 };
	unsigned int sqs, cqs;
	size_t i;

	for (i = 0; i < sizeof(asked) / sizeof(asked[0]); i++)
		for (sqs = 0; sqs < 65536; sqs += sqs < 70 || sqs > 65500 ? 1 : 997)
			for (cqs = 0; cqs < 65536; cqs += cqs < 70 || cqs > 65500 ? 1 : 997) {
				unsigned int most = sqs < cqs ? sqs + 1 : cqs + 1;

				EQUAL(onvme_policy_queues_granted((u32)cqs << 16 | sqs, asked[i]),
				      most < asked[i] ? most : asked[i]);
			}
	EQUAL(onvme_policy_queues_granted(~0u, 0), 0);
}

/*
 * Hand out vectors one by one: the first to the admin queue, each further one to an I/O queue; with one for all, one
 * queue.
 */
static void queue_plans(void)
{
	unsigned int granted, vectors;

	for (granted = 0; granted < 140; granted++)
		for (vectors = 1; vectors < 140; vectors++) {
			struct onvme_queue_plan plan = { ~0u, false };
			unsigned int left = vectors - 1, nr = 0;

			while (left && nr < granted) {
				left--;
				nr++;
			}
			if (vectors == 1)
				nr = granted ? 1 : 0;
			onvme_policy_plan_queues(granted, vectors, &plan);
			EQUAL(plan.nr_io, nr);
			EQUAL(plan.shared_vector, vectors == 1);
			/* Queue n has vector n: that vector must exist. */
			CHECK(plan.shared_vector || plan.nr_io < vectors);
		}
}

static void extreme_plans(void)
{
	static const unsigned int odd[] = { 0, 1, 2, 1023, 1024, 65536, 0x7fffffff, 0xfffffffe, 0xffffffff };
	struct onvme_queue_plan plan;
	size_t g, v;

	for (g = 0; g < sizeof(odd) / sizeof(odd[0]); g++)
		for (v = 0; v < sizeof(odd) / sizeof(odd[0]); v++) {
			onvme_policy_plan_queues(odd[g], odd[v], &plan);
			CHECK(plan.nr_io <= odd[g]);
			CHECK(plan.shared_vector ? plan.nr_io <= 1 : plan.nr_io < odd[v]);
			EQUAL(plan.shared_vector, odd[v] < 2);
			CHECK(plan.nr_io || !odd[g]);
		}
}

static u64 cap_of(unsigned int to, unsigned int crms)
{
	return (u64)to << 24 | (u64)crms << 59;
}

/* All CAP.TO with and without CRTO: long enough for the device, never longer than five minutes, and steady. */
static void ready_time(void)
{
	unsigned int to, crms, crwmt;

	for (crms = 0; crms < 4; crms++)
		for (to = 0; to < 256; to++) {
			unsigned int last = 0;

			for (crwmt = 0; crwmt < 65536; crwmt += crwmt < 700 ? 1 : 977) {
				unsigned int ms = onvme_policy_ready_ms(cap_of(to, crms), 0xabcd0000 | crwmt);
				unsigned int units = crms & 1 && crwmt > to ? crwmt : to;

				CHECK(ms >= 1000 && ms <= 300000);
				CHECK(ms >= units * 500 || ms == 300000);
				CHECK(ms <= units * 500 + 1000);
				CHECK(ms >= last);
				if (!(crms & 1) && crwmt)
					EQUAL(ms, last);
				last = ms;
			}
		}
	/* A device that has gone reads as all-ones. */
	EQUAL(onvme_policy_ready_ms(~0ull, ~0u), 300000);
	/* Bits around the fields do not leak in. */
	EQUAL(onvme_policy_ready_ms(~(0xffull << 24 | 1ull << 59), ~0u), 1000);
}

static void shutdown_time(void)
{
	static const u32 us[] = { 0, 1, 999, 1000, 1001, 5000000, 59999999, 60000000, 60000999, 60001000, 0xffffffff };
	static const unsigned int param[] = { 0, 1, 5000, 60000, 60001, 0xffffffff };
	size_t p, u;

	for (p = 0; p < sizeof(param) / sizeof(param[0]); p++)
		for (u = 0; u < sizeof(us) / sizeof(us[0]); u++) {
			u64 device = us[u] > 60000000 ? 60000 : us[u] / 1000;

			EQUAL(onvme_policy_shutdown_ms(param[p], us[u]), device > param[p] ? device : param[p]);
		}
}

KTAP_MAIN("t_policy",
	  KTAP_CASE(timeout_truth_table),
	  KTAP_CASE(verdict_texts),
	  KTAP_CASE(queues_to_ask),
	  KTAP_CASE(queues_granted),
	  KTAP_CASE(queue_plans),
	  KTAP_CASE(extreme_plans),
	  KTAP_CASE(ready_time),
	  KTAP_CASE(shutdown_time))
