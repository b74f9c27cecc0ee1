/* SPDX-License-Identifier: GPL-2.0 */
/*
 * fdp.h - flexible data placement: what the log pages, the I/O management commands and writes have to say about it.
 */
#ifndef DEVICE_FDP_H
#define DEVICE_FDP_H

#include "base.h"

#define FDP_HANDLES	4u

struct device;
struct cmd;

u32 fdp_configs(u8 *page);
u32 fdp_usage(u8 *page);
u32 fdp_statistics(const struct device *dev, u8 *page);
u32 fdp_check_write(struct cmd *cmd);
u32 fdp_receive(struct cmd *cmd);
u32 fdp_send(struct cmd *cmd);

#endif /* DEVICE_FDP_H */
