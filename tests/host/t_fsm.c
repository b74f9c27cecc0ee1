// SPDX-License-Identifier: GPL-2.0
/* fsm.c: every state with every event, against the story told as a list, and what must hold of any such table. */
#include "ktap.h"
#include "fsm.h"

/* The life of a controller, one accepted event a line. */
static const struct {
	enum onvme_state	from;
	enum onvme_event	event;
	enum onvme_state	to;
} story[] = {
	{ ONVME_NEW,		ONVME_EV_START,		ONVME_STARTING },
	{ ONVME_STARTING,	ONVME_EV_UP,		ONVME_LIVE },
	{ ONVME_LIVE,		ONVME_EV_RESET,		ONVME_RESETTING },
	{ ONVME_RESETTING,	ONVME_EV_START,		ONVME_STARTING },
	{ ONVME_LIVE,		ONVME_EV_SUSPEND,	ONVME_SUSPENDED },
	{ ONVME_RESETTING,	ONVME_EV_SUSPEND,	ONVME_SUSPENDED },
	{ ONVME_SUSPENDED,	ONVME_EV_START,		ONVME_STARTING },
	{ ONVME_NEW,		ONVME_EV_FAIL,		ONVME_DEAD },
	{ ONVME_STARTING,	ONVME_EV_FAIL,		ONVME_DEAD },
	{ ONVME_LIVE,		ONVME_EV_FAIL,		ONVME_DEAD },
	{ ONVME_RESETTING,	ONVME_EV_FAIL,		ONVME_DEAD },
	{ ONVME_SUSPENDED,	ONVME_EV_FAIL,		ONVME_DEAD },
	{ ONVME_NEW,		ONVME_EV_REMOVE,	ONVME_DELETING },
	{ ONVME_STARTING,	ONVME_EV_REMOVE,	ONVME_DELETING },
	{ ONVME_LIVE,		ONVME_EV_REMOVE,	ONVME_DELETING },
	{ ONVME_RESETTING,	ONVME_EV_REMOVE,	ONVME_DELETING },
	{ ONVME_SUSPENDED,	ONVME_EV_REMOVE,	ONVME_DELETING },
	{ ONVME_DELETING,	ONVME_EV_GONE,		ONVME_DEAD },
};

#define NOWHERE	((enum onvme_state)77)

static bool told(enum onvme_state from, enum onvme_event event, enum onvme_state *to)
{
	size_t i;

	for (i = 0; i < sizeof(story) / sizeof(story[0]); i++)
		if (story[i].from == from && story[i].event == event) {
			*to = story[i].to;
			return true;
		}
	return false;
}

static void every_pair(void)
{
	unsigned int s, e;

	for (s = 0; s < ONVME_NR_STATES; s++)
		for (e = 0; e < ONVME_NR_EVENTS; e++) {
			enum onvme_state is = NOWHERE, should = NOWHERE;
			bool accepted = onvme_fsm_next(s, e, &is);

			ktap_note = onvme_fsm_state_text(s);
			EQUAL(accepted, told(s, e, &should));
			EQUAL(is, should);
			CHECK(is == NOWHERE || is < ONVME_NR_STATES);
		}
}

static void out_of_range(void)
{
	static const unsigned int odd[] = { ONVME_NR_STATES, ONVME_NR_EVENTS, 8, 255, 256, 0x7fffffff, 0xffffffff };
	enum onvme_state next = NOWHERE;
	size_t i;

	for (i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		if (odd[i] >= ONVME_NR_STATES) {
			CHECK(!onvme_fsm_next(odd[i], ONVME_EV_REMOVE, &next));
			EQUAL(onvme_fsm_flags(odd[i]), ONVME_TERMINAL);
			STR_EQUAL(onvme_fsm_state_text(odd[i]), "unknown");
		}
		if (odd[i] >= ONVME_NR_EVENTS) {
			CHECK(!onvme_fsm_next(ONVME_LIVE, odd[i], &next));
			STR_EQUAL(onvme_fsm_event_text(odd[i]), "unknown");
		}
	}
	EQUAL(next, NOWHERE);
}

static void dead_absorbs(void)
{
	unsigned int e;

	for (e = 0; e < ONVME_NR_EVENTS; e++) {
		enum onvme_state next = NOWHERE;

		CHECK(!onvme_fsm_next(ONVME_DEAD, e, &next));
		EQUAL(next, NOWHERE);
	}
	EQUAL(onvme_fsm_flags(ONVME_DEAD), ONVME_TERMINAL);
}

static void only_dead_is_terminal(void)
{
	unsigned int s, e;

	for (s = 0; s < ONVME_NR_STATES; s++) {
		enum onvme_state next;
		bool leaves = false;

		for (e = 0; e < ONVME_NR_EVENTS; e++)
			leaves |= onvme_fsm_next(s, e, &next);
		ktap_note = onvme_fsm_state_text(s);
		EQUAL(leaves, s != ONVME_DEAD);
		EQUAL(!!(onvme_fsm_flags(s) & ONVME_TERMINAL), s == ONVME_DEAD);
	}
}

/*
 * REMOVE, then GONE: from everywhere that is not dead already, DEAD is at most two events away and cannot be refused.
 */
static void remove_reaches_dead(void)
{
	unsigned int s;

	for (s = 0; s < ONVME_DEAD; s++) {
		enum onvme_state now = s;

		ktap_note = onvme_fsm_state_text(s);
		if (now != ONVME_DELETING)
			CHECK(onvme_fsm_next(now, ONVME_EV_REMOVE, &now));
		EQUAL(now, ONVME_DELETING);
		CHECK(onvme_fsm_next(now, ONVME_EV_GONE, &now));
		EQUAL(now, ONVME_DEAD);
	}
}

static unsigned int reached_from(unsigned int start)
{
	unsigned int seen = 1u << start, before, s, e;

	do {
		before = seen;
		for (s = 0; s < ONVME_NR_STATES; s++)
			for (e = 0; e < ONVME_NR_EVENTS && seen >> s & 1; e++) {
				enum onvme_state next;

				if (onvme_fsm_next(s, e, &next))
					seen |= 1u << next;
			}
	} while (seen != before);
	return seen;
}

static void reachability(void)
{
	unsigned int s;

	EQUAL(reached_from(ONVME_NEW), (1u << ONVME_NR_STATES) - 1);
	for (s = 0; s < ONVME_NR_STATES; s++) {
		ktap_note = onvme_fsm_state_text(s);
		CHECK(reached_from(s) >> ONVME_DEAD & 1);
		/* Nobody comes back to NEW, and who is going away does not come back to life. */
		if (s != ONVME_NEW)
			CHECK(!(reached_from(s) >> ONVME_NEW & 1));
		EQUAL(reached_from(s) >> ONVME_LIVE & 1, s != ONVME_DELETING && s != ONVME_DEAD);
	}
}

static void what_states_admit(void)
{
	unsigned int s;

	for (s = 0; s < ONVME_NR_STATES; s++) {
		unsigned int flags = onvme_fsm_flags(s);

		ktap_note = onvme_fsm_state_text(s);
		/* Users only where the driver itself may; block I/O only where admin commands can rescue it. */
		if (flags & (ONVME_ADMITS_USER | ONVME_ADMITS_IO))
			CHECK(flags & ONVME_ADMITS_ADMIN);
		/* Waiting makes sense where something will change, and not where commands are taken now. */
		if (flags & ONVME_WAITS)
			CHECK(!(flags & (ONVME_TERMINAL | ONVME_ADMITS_IO | ONVME_ADMITS_USER)));
		EQUAL(!!(flags & ONVME_ADMITS_USER), s == ONVME_LIVE);
		EQUAL(flags >> 5, 0);
		/* Who is neither admitted nor told to wait must be told no: only in the end. */
		CHECK(flags & (ONVME_ADMITS_IO | ONVME_WAITS | ONVME_TERMINAL));
	}
}

/* The words of the sysfs attribute "state" that tools parse, as far as the in-tree driver has the state. */
static void texts(void)
{
	unsigned int i, j;

	STR_EQUAL(onvme_fsm_state_text(ONVME_NEW), "new");
	STR_EQUAL(onvme_fsm_state_text(ONVME_STARTING), "connecting");
	STR_EQUAL(onvme_fsm_state_text(ONVME_LIVE), "live");
	STR_EQUAL(onvme_fsm_state_text(ONVME_RESETTING), "resetting");
	STR_EQUAL(onvme_fsm_state_text(ONVME_DELETING), "deleting");
	STR_EQUAL(onvme_fsm_state_text(ONVME_DEAD), "dead");
	for (i = 0; i < ONVME_NR_STATES; i++)
		for (j = 0; j < i; j++)
			CHECK(strcmp(onvme_fsm_state_text(i), onvme_fsm_state_text(j)));
	for (i = 0; i < ONVME_NR_EVENTS; i++)
		for (j = 0; j < i; j++)
			CHECK(strcmp(onvme_fsm_event_text(i), onvme_fsm_event_text(j)));
}

KTAP_MAIN("t_fsm",
	  KTAP_CASE(every_pair),
	  KTAP_CASE(out_of_range),
	  KTAP_CASE(dead_absorbs),
	  KTAP_CASE(only_dead_is_terminal),
	  KTAP_CASE(remove_reaches_dead),
	  KTAP_CASE(reachability),
	  KTAP_CASE(what_states_admit),
	  KTAP_CASE(texts))
