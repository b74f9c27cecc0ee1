/* SPDX-License-Identifier: GPL-2.0 */
/*
 * flight.h - the flight recorder: what a controller and its host did last, kept for when something goes wrong.
 *
 * struct onvme_flight is part of struct onvme_ctrl; lock guards it in any context. The commands themselves are in the
 * rings, and stamp.h says when each was posted and taken. A record (include/onvme/uapi.h) is made when a reset begins
 * that nobody has asked for, and whenever somebody reads the file in debugfs; scripts/flight reads it.
 */
#ifndef ONVME_FLIGHT_H
#define ONVME_FLIGHT_H

#include <linux/spinlock.h>
#include <linux/types.h>

#include "proto/fsm.h"

struct onvme_ctrl;

#define ONVME_FLIGHT_CHANGES	32	/* state changes that are remembered */

/**
 * struct onvme_flight_change - a change of state
 * @boot_ns: when
 * @from: state before
 * @event: what happened
 * @to: state since
 * @cause: why
 */
struct onvme_flight_change {
	u64			boot_ns;
	enum onvme_state	from;
	enum onvme_event	event;
	enum onvme_state	to;
	char			cause[36];
};

/**
 * struct onvme_flight - what is remembered of a controller
 * @lock: guards @changes and @count
 * @changes: the last changes of state, by @count modulo their number
 * @count: how many there were
 */
struct onvme_flight {
	spinlock_t			lock;
	struct onvme_flight_change	changes[ONVME_FLIGHT_CHANGES];
	unsigned int			count;
};

#ifdef CONFIG_ONVME_FLIGHT
void onvme_flight_init(struct onvme_ctrl *ctrl);
void onvme_flight_note(struct onvme_ctrl *ctrl, enum onvme_state from, enum onvme_event event, enum onvme_state to,
		       const char *cause);
void onvme_flight_record(struct onvme_ctrl *ctrl);
void onvme_flight_expose(struct onvme_ctrl *ctrl);
#else
static inline void onvme_flight_init(struct onvme_ctrl *ctrl)
{
}

static inline void onvme_flight_note(struct onvme_ctrl *ctrl, enum onvme_state from, enum onvme_event event,
				     enum onvme_state to, const char *cause)
{
}

static inline void onvme_flight_record(struct onvme_ctrl *ctrl)
{
}

static inline void onvme_flight_expose(struct onvme_ctrl *ctrl)
{
}
#endif

#endif /* ONVME_FLIGHT_H */
