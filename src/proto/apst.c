// SPDX-License-Identifier: GPL-2.0
#include <asm/byteorder.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "apst.h"

/* Field "Idle Time Prior to Transition": 24 bits */
#define ONVME_APST_MOST_MS	0xffffffu

/*
 * After how long a state is worth its price, which is the time that it takes to enter and to leave it: soon where that
 * is hardly noticed, and otherwise so late that at most a fiftieth of the time is lost by it. States of the first two
 * kinds are entered when they are in Windows, which is what their firmware was tested with.
 */
static u32 onvme_apst_idle_ms(const struct onvme_power_state *ps)
{
	u64 price_us = (u64)ps->enlat_us + ps->exlat_us;

	if (price_us <= 15000)
		return 100;
	if (price_us <= 100000)
		return 2000;
	return min((u32)min_t(u64, price_us, U32_MAX) / 1000 * 50, ONVME_APST_MOST_MS);
}

/**
 * onvme_apst_plan() - where an idle controller is to go
 * @caps: the controller
 * @budget_us: what waking up may take, microseconds; 0: it stays awake, %ONVME_APST_ANY_US: no matter
 * @limit: the deepest state that it may enter
 * @apst: the plan
 *
 * From each state to the next deeper one that qualifies: it goes down step by step. Base, "Autonomous Power State
 * Transition".
 */
void onvme_apst_plan(const struct onvme_caps *caps, u32 budget_us, u8 limit, struct onvme_apst *apst)
{
	unsigned int state = caps->npss;
	u8 target = 0;

	memset(apst, 0, sizeof(*apst));
	if (!budget_us)
		return;
	while (state--) {
		const struct onvme_power_state *ps = &caps->ps[state];

		apst->target[state] = target;
		if (target)
			apst->idle_ms[state] = onvme_apst_idle_ms(&caps->ps[target]);
		if (!state || !ps->idle || state > limit || ps->exlat_us > budget_us)
			continue;
		target = (u8)state;
		if (target > apst->deepest)
			apst->deepest = target;
	}
}

/**
 * onvme_apst_table() - a plan as the controller wants it
 * @apst: the plan
 * @table: %ONVME_APST_SIZE bytes: the data of the feature
 */
void onvme_apst_table(const struct onvme_apst *apst, __le64 *table)
{
	unsigned int state;

	for (state = 0; state < ONVME_MAX_POWER_STATES; state++)
		table[state] = cpu_to_le64((u64)apst->idle_ms[state] << 8 | (u64)apst->target[state] << 3);
}

/**
 * onvme_apst_same() - whether two plans are one
 * @a: a plan
 * @b: another
 *
 * Return: true when they are.
 */
bool onvme_apst_same(const struct onvme_apst *a, const struct onvme_apst *b)
{
	return !memcmp(a->target, b->target, sizeof(a->target)) && !memcmp(a->idle_ms, b->idle_ms, sizeof(a->idle_ms));
}

/**
 * onvme_apst_asleep() - where a controller is by now
 * @apst: the plan that it follows
 * @idle_ms: for how long there has been nothing to do
 *
 * Return: the power state, 0 while it is awake.
 */
u8 onvme_apst_asleep(const struct onvme_apst *apst, u64 idle_ms)
{
	u8 state = 0;

	/* Each target is deeper than where it is reached from. */
	while (apst->target[state] && idle_ms >= apst->idle_ms[state]) {
		idle_ms -= apst->idle_ms[state];
		state = apst->target[state];
	}
	return state;
}
