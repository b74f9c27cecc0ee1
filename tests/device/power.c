// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "device.h"

#define FIRST_IDLE	3u	/* the states from here on are non-operational */

static u32 power_last(const struct shape *shape)
{
	return (u32)min_of(shape->npss, POWER_MAX_STATES - 1ull);
}

void power_identify(const struct shape *shape, u8 *page)
{
	u32 i;

	for (i = 0; i <= power_last(shape); i++) {
		u8 *psd = page + 2048 + 32 * i;
		bool idle = i >= FIRST_IDLE;

		put_le(psd, 900 - 200 * min_of(i, 4u), 2);		/* maximum power, centiwatts */
		psd[3] = idle ? BIT(1) : 0;				/* non-operational */
		put_le(psd + 4, idle ? 2000 * i : 0, 4);		/* entry latency, us */
		put_le(psd + 8, idle ? 3000 * i : 0, 4);		/* exit latency, us */
		psd[12] = (u8)i;
		psd[13] = (u8)i;
		psd[14] = (u8)i;
		psd[15] = (u8)i;
	}
}

static u32 power_target(u64 entry)
{
	return (u32)(entry >> 3 & 0x1f);
}

static u32 power_idle_ms(u64 entry)
{
	return (u32)(entry >> 8 & 0xffffff);
}

/* Base, "Autonomous Power State Transition": an entry is 0, or names a non-operational state and a time. */
static void power_examine(struct device *dev, u32 state, u64 entry)
{
	u32 target = power_target(entry), last = power_last(dev->shape);

	if (!entry)
		return;
	if (entry & 7 || entry >> 32)
		examine(dev, RULE_APST, "entry %u: reserved bits, %#llx", state, entry);
	else if (!power_idle_ms(entry))
		examine(dev, RULE_APST, "entry %u: to state %u without a time", state, target);
	else if (state > last || target > last || target < FIRST_IDLE)
		examine(dev, RULE_APST, "entry %u: to state %u, of %u", state, target, last);
}

u32 power_set_table(struct cmd *cmd)
{
	u8 raw[8 * POWER_MAX_STATES];
	u32 status = xfer_in(cmd, raw, sizeof(raw)), i;

	for (i = 0; !status && i < POWER_MAX_STATES; i++) {
		cmd->dev->power.table[i] = get_le(raw + 8 * i, 8);
		power_examine(cmd->dev, i, cmd->dev->power.table[i]);
	}
	return status;
}

u32 power_get_table(struct cmd *cmd)
{
	u8 raw[8 * POWER_MAX_STATES];
	u32 i;

	for (i = 0; i < POWER_MAX_STATES; i++)
		put_le(raw + 8 * i, cmd->dev->power.table[i], 8);
	return xfer_out(cmd, raw, sizeof(raw));
}

u32 power_asleep(const struct device *dev)
{
	u64 idle_ms = (time_ns() - dev->power.busy_ns) / 1000000, entry;
	u32 state = 0, steps;

	if (!(dev->features.value[FEAT_APST] & 1))
		return 0;
	for (steps = 0; steps < POWER_MAX_STATES; steps++) {
		entry = dev->power.table[state];
		if (!power_idle_ms(entry) || power_target(entry) == state || idle_ms < power_idle_ms(entry))
			break;
		idle_ms -= power_idle_ms(entry);
		state = power_target(entry);
	}
	return state;
}

void power_busy(struct device *dev)
{
	dev->power.busy_ns = time_ns();
}

void power_reset(struct device *dev)
{
	memset(&dev->power, 0, sizeof(dev->power));
	power_busy(dev);
}
