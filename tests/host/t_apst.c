// SPDX-License-Identifier: GPL-2.0
/* apst.c: against a model that looks for each state's successor by itself, over random power states. */
#include "ktap.h"
#include "apst.h"

static void random_states(struct onvme_caps *caps)
{
	unsigned int i, idle_from = rnd_below(33);

	memset(caps, 0, sizeof(*caps));
	caps->npss = (u8)(1 + rnd_below(32));
	for (i = 0; i < caps->npss; i++) {
		struct onvme_power_state *ps = &caps->ps[i];

		/* From microseconds to minutes, and what no device means. */
		ps->enlat_us = rnd_below(8) ? rnd_below(1u << rnd_below(28)) : U32_MAX;
		ps->exlat_us = rnd_below(8) ? rnd_below(1u << rnd_below(28)) : U32_MAX;
		ps->idle = rnd_below(4) ? i >= idle_from : rnd_below(2);
	}
}

/* The time, in words of the comment: milliseconds. */
static u32 model_ms(const struct onvme_power_state *ps)
{
	double us = (double)ps->enlat_us + ps->exlat_us, ms;

	if (us <= 15e3)
		return 100;
	if (us <= 100e3)
		return 2000;
	ms = (double)(u64)(us / 1e3) * 50;
	return ms > 16777215 ? 16777215 : (u32)ms;
}

static u8 model_next(const struct onvme_caps *caps, unsigned int from, u32 budget_us, u8 limit)
{
	unsigned int to;

	for (to = from + 1; to < caps->npss && budget_us; to++)
		if (caps->ps[to].idle && to <= limit && caps->ps[to].exlat_us <= budget_us)
			return (u8)to;
	return 0;
}

static void apst_plans(void)
{
	unsigned int round, state;

	for (round = 0; round < 2000; round++) {
		u32 budget_us = rnd_below(6) ? rnd_below(1u << rnd_below(28)) : rnd_below(2) ? ONVME_APST_ANY_US : 0;
		u8 limit = (u8)rnd_below(33), deepest = 0, raw[ONVME_APST_SIZE];
		struct onvme_apst apst, other;
		struct onvme_caps caps;

		random_states(&caps);
		onvme_apst_plan(&caps, budget_us, limit, &apst);
		onvme_apst_table(&apst, (__le64 *)raw);
		for (state = 0; state < ONVME_MAX_POWER_STATES; state++) {
			u8 next = state < caps.npss ? model_next(&caps, state, budget_us, limit) : 0;
			u32 ms = next ? model_ms(&caps.ps[next]) : 0;

			EQUAL(apst.target[state], next);
			EQUAL(apst.idle_ms[state], ms);
			if (next > deepest)
				deepest = next;
			EQUAL(raw[8 * state], next << 3);
			EQUAL(raw[8 * state + 1] | raw[8 * state + 2] << 8 | raw[8 * state + 3] << 16, ms);
			EQUAL(raw[8 * state + 4] | raw[8 * state + 5] | raw[8 * state + 6] | raw[8 * state + 7], 0);
		}
		EQUAL(apst.deepest, deepest);
		onvme_apst_plan(&caps, budget_us, limit, &other);
		CHECK(onvme_apst_same(&apst, &other));
		other.idle_ms[rnd_below(32)] ^= 1;
		CHECK(!onvme_apst_same(&apst, &other));
	}
}

/* Millisecond by millisecond, as a controller would do it. */
static void apst_sleeps(void)
{
	unsigned int round;

	for (round = 0; round < 100; round++) {
		u64 ms, since = 0;
		struct onvme_apst apst = {};
		u8 state = 0, next;

		for (next = 1; next < 32; next++) {
			if (rnd_below(2))
				continue;
			apst.target[state] = next;
			apst.idle_ms[state] = 1 + rnd_below(100);
			state = next;
		}
		state = 0;
		for (ms = 0; ms < 3000; ms++) {
			if (apst.target[state] && ms - since >= apst.idle_ms[state]) {
				since += apst.idle_ms[state];
				state = apst.target[state];
			}
			EQUAL(onvme_apst_asleep(&apst, ms), state);
		}
	}
}

/* A drive as they are sold: three operational states, a light and a deep sleep. */
static void apst_example(void)
{
	struct onvme_caps caps = {
		.npss = 5,
		.ps[3] = { .enlat_us = 5000, .exlat_us = 10000, .idle = true },
		.ps[4] = { .enlat_us = 54000, .exlat_us = 45000, .idle = true },
	};
	struct onvme_apst apst;

	onvme_apst_plan(&caps, 100000, 31, &apst);
	EQUAL(apst.deepest, 4);
	EQUAL(apst.target[0], 3);
	EQUAL(apst.target[2], 3);
	EQUAL(apst.target[3], 4);
	EQUAL(apst.idle_ms[0], 100);
	EQUAL(apst.idle_ms[3], 2000);
	EQUAL(onvme_apst_asleep(&apst, 99), 0);
	EQUAL(onvme_apst_asleep(&apst, 100), 3);
	EQUAL(onvme_apst_asleep(&apst, 2099), 3);
	EQUAL(onvme_apst_asleep(&apst, 2100), 4);
	onvme_apst_plan(&caps, 44999, 31, &apst);
	EQUAL(apst.deepest, 3);
	onvme_apst_plan(&caps, 9999, 31, &apst);
	EQUAL(apst.deepest, 0);
	onvme_apst_plan(&caps, 100000, 3, &apst);
	EQUAL(apst.deepest, 3);
	onvme_apst_plan(&caps, 100000, 2, &apst);
	EQUAL(apst.deepest, 0);
	EQUAL(onvme_apst_asleep(&apst, 1u << 30), 0);
	caps.ps[4].exlat_us = 46001;
	onvme_apst_plan(&caps, ONVME_APST_ANY_US, 31, &apst);
	EQUAL(apst.idle_ms[3], 5000);
}

KTAP_MAIN("t_apst", KTAP_CASE(apst_plans), KTAP_CASE(apst_sleeps), KTAP_CASE(apst_example))
