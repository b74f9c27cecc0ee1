/* SPDX-License-Identifier: GPL-2.0 */
/*
 * power.h - power states: what Identify says of them, and in which one an idle controller is by itself.
 */
#ifndef DEVICE_POWER_H
#define DEVICE_POWER_H

#include "base.h"

#define POWER_MAX_STATES	32u

struct device;
struct cmd;
struct shape;

struct power {
	u64	table[POWER_MAX_STATES];	/* Autonomous Power State Transition */
	u64	busy_ns;			/* when there last was a command */
};

void power_identify(const struct shape *shape, u8 *page);
/* Set Features, Autonomous Power State Transition; returns a status */
u32 power_set_table(struct cmd *cmd);
u32 power_get_table(struct cmd *cmd);
/* The state that it has gone to since the last command; 0: none, or it went nowhere. */
u32 power_asleep(const struct device *dev);
/* There is, or was, a command. */
void power_busy(struct device *dev);
void power_reset(struct device *dev);

#endif /* DEVICE_POWER_H */
