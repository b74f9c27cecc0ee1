// SPDX-License-Identifier: GPL-2.0
#include "fsm.h"

#define TO(s)	((u8)(ONVME_##s + 1))	/* 0, the default of a table cell, refuses the event */

static const u8 onvme_fsm[ONVME_NR_STATES][ONVME_NR_EVENTS] = {
	[ONVME_NEW] = {
		[ONVME_EV_START]	= TO(STARTING),
		[ONVME_EV_FAIL]		= TO(DEAD),
		[ONVME_EV_REMOVE]	= TO(DELETING),
	},
	[ONVME_STARTING] = {
		[ONVME_EV_UP]		= TO(LIVE),
		[ONVME_EV_FAIL]		= TO(DEAD),
		[ONVME_EV_REMOVE]	= TO(DELETING),
	},
	[ONVME_LIVE] = {
		[ONVME_EV_RESET]	= TO(RESETTING),
		[ONVME_EV_SUSPEND]	= TO(SUSPENDED),
		[ONVME_EV_FAIL]		= TO(DEAD),
		[ONVME_EV_REMOVE]	= TO(DELETING),
	},
	[ONVME_RESETTING] = {
		[ONVME_EV_START]	= TO(STARTING),
		[ONVME_EV_SUSPEND]	= TO(SUSPENDED),
		[ONVME_EV_FAIL]		= TO(DEAD),
		[ONVME_EV_REMOVE]	= TO(DELETING),
	},
	[ONVME_SUSPENDED] = {
		[ONVME_EV_START]	= TO(STARTING),
		[ONVME_EV_FAIL]		= TO(DEAD),
		[ONVME_EV_REMOVE]	= TO(DELETING),
	},
	[ONVME_DELETING] = {
		[ONVME_EV_GONE]		= TO(DEAD),
	},
};

static const struct {
	const char	*text;		/* the word in sysfs */
	unsigned int	flags;
} onvme_states[ONVME_NR_STATES] = {
	[ONVME_NEW]	  = { "new",		ONVME_WAITS },
	[ONVME_STARTING]  = { "connecting",	ONVME_ADMITS_ADMIN | ONVME_WAITS },
	[ONVME_LIVE]	  = { "live",		ONVME_ADMITS_IO | ONVME_ADMITS_ADMIN | ONVME_ADMITS_USER },
	[ONVME_RESETTING] = { "resetting",	ONVME_WAITS },
	[ONVME_SUSPENDED] = { "suspended",	ONVME_WAITS },
	[ONVME_DELETING]  = { "deleting",	ONVME_ADMITS_IO | ONVME_ADMITS_ADMIN },
	[ONVME_DEAD]	  = { "dead",		ONVME_TERMINAL },
};

static const char * const onvme_events[ONVME_NR_EVENTS] = {
	[ONVME_EV_START]	= "start",
	[ONVME_EV_UP]		= "up",
	[ONVME_EV_RESET]	= "reset",
	[ONVME_EV_SUSPEND]	= "suspend",
	[ONVME_EV_FAIL]		= "fail",
	[ONVME_EV_REMOVE]	= "remove",
	[ONVME_EV_GONE]		= "gone",
};

/**
 * onvme_fsm_next() - the state that an event leads to
 * @state: the present state
 * @event: what happened
 * @next: the new state, written only when the event is accepted
 *
 * Return: whether the event is accepted in this state.
 */
bool onvme_fsm_next(enum onvme_state state, enum onvme_event event, enum onvme_state *next)
{
	u8 cell;

	if ((unsigned int)state >= ONVME_NR_STATES || (unsigned int)event >= ONVME_NR_EVENTS)
		return false;
	cell = onvme_fsm[state][event];
	if (!cell)
		return false;
	*next = (enum onvme_state)(cell - 1);
	return true;
}

/**
 * onvme_fsm_flags() - what a state admits
 * @state: the state
 *
 * Return: ONVME_ADMITS_*, %ONVME_WAITS, %ONVME_TERMINAL.
 */
unsigned int onvme_fsm_flags(enum onvme_state state)
{
	return (unsigned int)state < ONVME_NR_STATES ? onvme_states[state].flags : ONVME_TERMINAL;
}

/**
 * onvme_fsm_state_text() - the word for a state, as in the sysfs attribute "state"
 * @state: the state
 *
 * Return: a string.
 */
const char *onvme_fsm_state_text(enum onvme_state state)
{
	return (unsigned int)state < ONVME_NR_STATES ? onvme_states[state].text : "unknown";
}

/**
 * onvme_fsm_event_text() - the word for an event, as in the trace
 * @event: the event
 *
 * Return: a string.
 */
const char *onvme_fsm_event_text(enum onvme_event event)
{
	return (unsigned int)event < ONVME_NR_EVENTS ? onvme_events[event] : "unknown";
}
