/* SPDX-License-Identifier: GPL-2.0 */
/*
 * fsm.h - the life of a controller as a table: states, events, and what each state admits.
 *
 * Pure data. recovery.c is the only writer of a controller's state; everybody else reads flags. DEAD absorbs all
 * events, REMOVE leads to DEAD from everywhere, and every state that waits for a device names its deadline in
 * recovery.c.
 */
#ifndef ONVME_PROTO_FSM_H
#define ONVME_PROTO_FSM_H

#include <linux/types.h>

enum onvme_state {
	ONVME_NEW,		/* allocated, device untouched */
	ONVME_STARTING,		/* bring-up steps are running */
	ONVME_LIVE,
	ONVME_RESETTING,	/* tear-down steps are running, bring-up will follow */
	ONVME_SUSPENDED,	/* torn down on purpose, or dozing; memory kept */
	ONVME_DELETING,		/* going away */
	ONVME_DEAD,		/* gone or given up */
	ONVME_NR_STATES
};

enum onvme_event {
	ONVME_EV_START,		/* begin bring-up */
	ONVME_EV_UP,		/* bring-up succeeded */
	ONVME_EV_RESET,		/* somebody wants a reset */
	ONVME_EV_SUSPEND,
	ONVME_EV_FAIL,		/* bring-up failed, or nothing helps any more */
	ONVME_EV_REMOVE,	/* the device is to be let go */
	ONVME_EV_GONE,		/* letting go is finished */
	ONVME_NR_EVENTS
};

/* What a state admits */
#define ONVME_ADMITS_IO		(1u << 0)	/* block I/O may be submitted */
#define ONVME_ADMITS_ADMIN	(1u << 1)	/* the driver's own admin commands */
#define ONVME_ADMITS_USER	(1u << 2)	/* commands of users */
#define ONVME_WAITS		(1u << 3)	/* will change within a bound: waiting makes sense */
#define ONVME_TERMINAL		(1u << 4)

bool onvme_fsm_next(enum onvme_state state, enum onvme_event event, enum onvme_state *next);
unsigned int onvme_fsm_flags(enum onvme_state state);
const char *onvme_fsm_state_text(enum onvme_state state);
const char *onvme_fsm_event_text(enum onvme_event event);

#endif /* ONVME_PROTO_FSM_H */
