/* SPDX-License-Identifier: GPL-2.0 */
/*
 * hmb.h - the host memory buffer: the device fills it with a pattern and looks whether it stays.
 *
 * Every page holds words made of its address and a generation. With each I/O command the device checks some pages, one
 * after the other, and writes them anew. What the host says is the memory of before must be that, with what was in it.
 */
#ifndef DEVICE_HMB_H
#define DEVICE_HMB_H

#include "base.h"

struct device;
struct cmd;

struct hmb_page {
	u64	addr;
	u32	generation;
};

struct hmb {
	bool		enabled;
	struct hmb_page	*pages;
	u32		nr_pages;
	u32		next;
	u64		list;
	u32		entries;
	u32		size;		/* as the host said, in memory pages */
	struct hmb_page	*last;		/* what it had until it was taken away: what is returned must be that */
	u32		nr_last;
};

u32 hmb_set(struct cmd *cmd);
u32 hmb_get(struct cmd *cmd);
void hmb_work(struct device *dev);
void hmb_check_all(struct device *dev);
void hmb_reset(struct device *dev);
void hmb_power_on(struct device *dev);

#endif /* DEVICE_HMB_H */
