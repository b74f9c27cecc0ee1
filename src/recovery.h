/* SPDX-License-Identifier: GPL-2.0 */
/*
 * recovery.h - the state of a controller and every way to change it: start, reset, time-out, suspend, removal.
 *
 * struct onvme_recovery is part of struct onvme_ctrl. Its spin lock guards the state, which changes only by the table
 * of proto/fsm.c; who has to act on a change holds onvme_ctrl.life meanwhile. A waiter for a state sleeps on @wait.
 */
#ifndef ONVME_RECOVERY_H
#define ONVME_RECOVERY_H

#include <linux/atomic.h>
#include <linux/blk-mq.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "rescue.h"
#include "sleep.h"

struct onvme_ctrl;

/**
 * struct onvme_recovery - state changes of a controller
 * @lock: guards the state
 * @wait: woken at each change
 * @reset_work: a reset
 * @aborts_out: Abort commands that are not answered
 * @rescue: the configuration of the PCI function
 * @sleep: how it spends a suspend
 * @fall: how bring-up failed last
 * @wanted: the reset under way was asked for by somebody who need not have found a fault
 * @row: resets in a row without any use between
 * @live_since: when it went live, jiffies
 * @held: somebody else resets the function: stay down; under onvme_ctrl.life
 * @held_work: not for ever
 */
struct onvme_recovery {
	spinlock_t		lock;
	wait_queue_head_t	wait;
	struct work_struct	reset_work;
	atomic_t		aborts_out;
	struct onvme_rescue	rescue;
	struct onvme_sleep	sleep;
	enum onvme_fall		fall;
	bool			wanted;
	unsigned int		row;
	unsigned long		live_since;
	bool			held;
	struct delayed_work	held_work;
};

void onvme_recovery_init(struct onvme_ctrl *ctrl);
int onvme_recovery_start(struct onvme_ctrl *ctrl);
int onvme_recovery_reset(struct onvme_ctrl *ctrl, const char *cause);
int onvme_recovery_reset_sync(struct onvme_ctrl *ctrl, const char *cause);
int onvme_recovery_subsystem_reset(struct onvme_ctrl *ctrl);
void onvme_recovery_lost(struct onvme_ctrl *ctrl, const char *cause);
bool onvme_recovery_hold(struct onvme_ctrl *ctrl, const char *cause);
bool onvme_recovery_release(struct onvme_ctrl *ctrl);
void onvme_recovery_was_reset(struct onvme_ctrl *ctrl);
void onvme_recovery_await(struct onvme_ctrl *ctrl);
void onvme_recovery_suspend(struct onvme_ctrl *ctrl, bool stays_on);
void onvme_recovery_resume(struct onvme_ctrl *ctrl);
void onvme_recovery_begin_removal(struct onvme_ctrl *ctrl);
void onvme_recovery_end_removal(struct onvme_ctrl *ctrl);
enum blk_eh_timer_return onvme_recovery_timeout(struct onvme_ctrl *ctrl, struct request *rq);

#endif /* ONVME_RECOVERY_H */
