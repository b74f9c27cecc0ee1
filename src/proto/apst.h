/* SPDX-License-Identifier: GPL-2.0 */
/*
 * apst.h - Autonomous Power State Transition: which power states an idle controller is to enter by itself, and when.
 *
 * Pure. The plan follows from what Identify Controller says of the power states, from how long waking up may take, and
 * from the deepest state that is trusted.
 */
#ifndef ONVME_PROTO_APST_H
#define ONVME_PROTO_APST_H

#include <linux/limits.h>

#include "ident.h"

#define ONVME_APST_BUDGET_US	100000u		/* what waking up may take, unless the user says otherwise */
#define ONVME_APST_ANY_US	U32_MAX		/* waking up may take as long as it likes */
#define ONVME_APST_SIZE		(8 * ONVME_MAX_POWER_STATES)

/**
 * struct onvme_apst - where an idle controller goes
 * @target: from each state: the state to enter, 0 to stay
 * @idle_ms: and after how many milliseconds
 * @deepest: the deepest state that is ever entered; 0: none is
 */
struct onvme_apst {
	u8	target[ONVME_MAX_POWER_STATES];
	u32	idle_ms[ONVME_MAX_POWER_STATES];
	u8	deepest;
};

void onvme_apst_plan(const struct onvme_caps *caps, u32 budget_us, u8 limit, struct onvme_apst *apst);
void onvme_apst_table(const struct onvme_apst *apst, __le64 *table);
bool onvme_apst_same(const struct onvme_apst *a, const struct onvme_apst *b);
u8 onvme_apst_asleep(const struct onvme_apst *apst, u64 idle_ms);

#endif /* ONVME_PROTO_APST_H */
