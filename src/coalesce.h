/* SPDX-License-Identifier: GPL-2.0 */
/*
 * coalesce.h - interrupt coalescing: the controller is asked to let one interrupt serve several completions.
 *
 * struct onvme_coalesce is part of struct onvme_ioq. @want and @spared are what the user wants; they are changed by
 * one writer at a time, who holds @mutex, and read by the bring-up step as well: @lock guards them. Nobody waits for
 * the controller with @lock held; the step never takes @mutex, since its holder may be waiting for the step.
 */
#ifndef ONVME_COALESCE_H
#define ONVME_COALESCE_H

#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#include "proto/policy.h"

struct onvme_ctrl;

#define ONVME_COALESCE_VECTORS	(ONVME_MAX_IO_QUEUES + 1)

/**
 * struct onvme_coalesce - interrupt coalescing of a controller
 * @mutex: one change at a time
 * @lock: guards the rest
 * @want: how long interrupts are to be held back
 * @spared: vectors whose interrupts are not
 * @era: rises when a bring-up takes over what is wanted
 */
struct onvme_coalesce {
	struct mutex			mutex;
	spinlock_t			lock;
	struct onvme_coalescing		want;
	DECLARE_BITMAP(spared, ONVME_COALESCE_VECTORS);
	unsigned int			era;
};

void onvme_coalesce_init(struct onvme_ctrl *ctrl);
bool onvme_coalesce_has(struct onvme_ctrl *ctrl);
int onvme_coalesce_start(struct onvme_ctrl *ctrl);
int onvme_coalesce_set(struct onvme_ctrl *ctrl, const struct onvme_coalescing *want);
int onvme_coalesce_spare(struct onvme_ctrl *ctrl, const unsigned long *vectors);

#endif /* ONVME_COALESCE_H */
