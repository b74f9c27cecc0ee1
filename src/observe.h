/* SPDX-License-Identifier: GPL-2.0 */
/*
 * observe.h - what the driver says about itself: counters of rare events, and lines in the log.
 *
 * struct onvme_counters is part of struct onvme_ctrl; anybody may count, in any context. Lines name the device, what
 * happened and which command in words, and are rate-limited where a device can cause them.
 */
#ifndef ONVME_OBSERVE_H
#define ONVME_OBSERVE_H

#include <linux/atomic.h>
#include <linux/device.h>

#include "proto/ident.h"
#include "proto/ladder.h"
#include "trace.h"

/**
 * struct onvme_counters - rare events since the controller was found
 * @resets: controller resets
 * @timeouts: commands that exceeded their time
 * @polled: of these, completed without an interrupt
 * @aborts: Abort commands sent
 * @errors: commands that failed for good
 * @retries: commands tried again
 * @bogus: completions that named no command in flight
 * @findings: values of the device that cannot be true
 * @rungs: attempts to recover, by enum onvme_rung
 */
struct onvme_counters {
	atomic_t	resets;
	atomic_t	timeouts;
	atomic_t	polled;
	atomic_t	aborts;
	atomic_t	errors;
	atomic_t	retries;
	atomic_t	bogus;
	atomic_t	findings;
	atomic_t	rungs[ONVME_NR_RUNGS];
};

/**
 * struct onvme_io_place - where a command is, for trace events
 * @disk: name of the block device, or ""
 * @ctrl: number of the controller
 * @qid: its queue
 */
struct onvme_io_place {
	const char	*disk;
	int		ctrl;
	int		qid;
};

/**
 * struct onvme_io_error - a command that failed, for onvme_observe_error()
 * @disk: name of the block device, or NULL
 * @admin: an admin command
 * @opcode: opcode
 * @status: Status Field without Phase Tag
 * @slba: first block, when @disk is not NULL
 * @blocks: number of blocks
 */
struct onvme_io_error {
	const char	*disk;
	bool		admin;
	u8		opcode;
	u16		status;
	u64		slba;
	u32		blocks;
};

void onvme_observe_user_error(struct device *dev, const char *name, bool admin, const struct onvme_sqe *sqe,
			      u16 status);
void onvme_observe_error(struct device *dev, const struct onvme_io_error *error);
void onvme_observe_bogus(struct device *dev, struct onvme_counters *counters, u16 qid, u16 cid);
void onvme_observe_finding(struct device *dev, struct onvme_counters *counters, const struct onvme_finding *finding,
			   const char *where);

#endif /* ONVME_OBSERVE_H */
