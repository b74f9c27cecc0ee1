/* SPDX-License-Identifier: GPL-2.0 */
/*
 * hwmon.h - temperatures of a controller as sensors, with the names and texts of the in-tree driver.
 *
 * struct onvme_hwmon is part of struct onvme_ctrl. Its functions are called by hwmon while the sensors are registered,
 * in process context, without a lock of the driver; its mutex guards what was last heard of thresholds.
 */
#ifndef ONVME_HWMON_H
#define ONVME_HWMON_H

#include <linux/mutex.h>
#include <linux/types.h>

#include "proto/health.h"

struct device;
struct onvme_ctrl;

#define ONVME_HWMON_CHANNELS	(1 + ONVME_HEALTH_SENSORS)	/* the composite temperature comes first */

/**
 * struct onvme_threshold - a temperature of which the controller warns
 * @kelvins: what it said
 * @heard: when, in jiffies
 * @known: it has said so
 * @lost: it did not answer when it was last asked
 * @refused: it has refused to say
 * @resets: after how many resets it did
 */
struct onvme_threshold {
	u32		kelvins;
	unsigned long	heard;
	bool		known;
	bool		lost;
	bool		refused;
	int		resets;
};

/**
 * struct onvme_hwmon - sensors of a controller
 * @dev: the device of hwmon, NULL while there is none
 * @sensors: which of them it has, by number; the composite temperature is 0
 * @limits: the composite temperature has thresholds
 * @critical: composite temperature at which it stops to work, kelvins; 0: it does not say
 * @mutex: guards the rest
 * @lost: when the controller last did not answer what a threshold is, in jiffies
 * @pause: how long it is not asked for any after that, in jiffies; 0: it answers
 * @thresholds: by sensor, above and below
 */
struct onvme_hwmon {
	struct device		*dev;
	u32			sensors;
	bool			limits;
	u16			critical;
	struct mutex		mutex;
	unsigned long		lost;
	unsigned long		pause;
	struct onvme_threshold	thresholds[ONVME_HWMON_CHANNELS][2];
};

#ifdef CONFIG_ONVME_HWMON
void onvme_hwmon_add(struct onvme_ctrl *ctrl);
void onvme_hwmon_del(struct onvme_ctrl *ctrl);
#else
static inline void onvme_hwmon_add(struct onvme_ctrl *ctrl)
{
}

static inline void onvme_hwmon_del(struct onvme_ctrl *ctrl)
{
}
#endif

#endif /* ONVME_HWMON_H */
