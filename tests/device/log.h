/* SPDX-License-Identifier: GPL-2.0 */
/*
 * log.h - log pages.
 */
#ifndef DEVICE_LOG_H
#define DEVICE_LOG_H

#include "fdp.h"

struct device;
struct cmd;

#define LOG_ERRORS	64u

struct logs {
	u64	nr_errors;
	u8	errors[LOG_ERRORS][64];		/* the newest is at nr_errors - 1, modulo */
	u32	changed[1024];
	u32	nr_changed;			/* 1025: too many to tell */
	u64	reads, writes;			/* commands */
	u64	read_blocks, written_blocks;	/* of 512 bytes */
	u32	critical;			/* critical warnings of SMART */
	u32	ana;				/* state of the one ANA group; 0: no such thing */
	u64	ana_changes;
	u64	placed[FDP_HANDLES];		/* blocks written by each placement handle */
};

u32 log_execute(struct cmd *cmd);
void log_error(struct cmd *cmd, u32 status);
void log_changed_ns(struct device *dev, u32 nsid);
void log_change_ana(struct device *dev, u32 state);
void log_power_on(struct device *dev);

#endif /* DEVICE_LOG_H */
