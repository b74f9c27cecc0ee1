/* SPDX-License-Identifier: GPL-2.0 */
/*
 * feature.h - Get and Set Features: current, default and saved values, one table of what there is.
 */
#ifndef DEVICE_FEATURE_H
#define DEVICE_FEATURE_H

#include "base.h"

#define FEATURE_MAX	256u

struct device;
struct cmd;

struct features {
	u32	value[FEATURE_MAX];
	u32	saved[FEATURE_MAX];
	u64	spared;			/* vectors whose interrupts are not held back */
	u32	sqs_told, cqs_told;	/* I/O queues that the host may create */
	u64	timestamp_ms;		/* as set, at timestamp_ns */
	u64	timestamp_ns;
	bool	timestamp_set;
	u8	host[512];
	u8	host_id[16];
};

void feature_power_on(struct device *dev);
/* A controller reset: back to what was saved */
void feature_reset(struct device *dev);
u32 feature_set(struct cmd *cmd);
u32 feature_get(struct cmd *cmd);

#endif /* DEVICE_FEATURE_H */
