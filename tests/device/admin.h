/* SPDX-License-Identifier: GPL-2.0 */
/*
 * admin.h - the admin command set: a table of opcodes, and the commands that have no file of their own.
 *
 * Every executing function returns a status, or CMD_PENDING when it completes the command later.
 */
#ifndef DEVICE_ADMIN_H
#define DEVICE_ADMIN_H

#include "base.h"

struct device;
struct cmd;

#define ADMIN_FW_MAX	(256u << 10)

struct admin {
	u8	image[ADMIN_FW_MAX];	/* what was downloaded */
	u32	image_len;
	char	slot[8][8];		/* revision in each firmware slot, from 1 */
	u32	active_slot;
	u32	next_slot;		/* to be activated at the next reset; 0: none */
};

u32 admin_execute(struct cmd *cmd);
void admin_power_on(struct device *dev);
void admin_reset(struct device *dev);

/* identify.c */
u32 identify_execute(struct cmd *cmd);

#endif /* DEVICE_ADMIN_H */
