/* SPDX-License-Identifier: GPL-2.0 */
/*
 * regs.h - BAR 0: controller properties and the transitions that they command.
 *
 * Enable, disable and shutdown take the time that the shape says. Doorbells go to queue.c.
 */
#ifndef DEVICE_REGS_H
#define DEVICE_REGS_H

#include "base.h"

#define REGS_BAR_SIZE	16384u

struct device;

/* What resets more than the controller, the weakest first; the first is none */
enum reset { RESET_NONE, RESET_SUBSYSTEM, RESET_FUNCTION, RESET_POWER, RESET_BUS };

struct regs {
	u32		cc, csts, intm, aqa;
	u64		asq, acq;
	bool		silent;		/* BAR reads all-ones, writes are lost, nothing is done */
	bool		vanished;	/* silent, and config space too */
	bool		never_ready;
	bool		fallen;		/* vanished, until the bus is reset */
	enum reset	wants;		/* ready only after such a reset, or a stronger one */
	u64		enabled_ns;
	struct timer	ready;		/* CSTS.RDY follows CC.EN */
	struct timer	shutdown;
	struct timer	back;		/* the end of being silent */
	struct timer	pause;		/* the end of CSTS.PP */
};

void regs_power_on(struct device *dev);
void regs_function_reset(struct device *dev, enum reset how);
void regs_read(struct device *dev, u32 offset, void *to, u32 len);
void regs_write(struct device *dev, u32 offset, const void *from, u32 len);
/* Whether the controller works on commands. */
bool regs_running(const struct device *dev);
u32 regs_page_size(const struct device *dev);
u64 regs_cap(const struct device *dev);
/* Offsets and names for scenarios; all-ones: not known. */
u32 regs_by_name(const char *name);
/* What a scenario does to the controller */
void regs_fail(struct device *dev);
void regs_silence(struct device *dev, u64 ms, bool vanish);
void regs_fall_off(struct device *dev);
void regs_pause(struct device *dev, u64 ms);

#endif /* DEVICE_REGS_H */
