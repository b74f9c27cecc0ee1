// SPDX-License-Identifier: GPL-2.0
#include <linux/minmax.h>

#include "ladder.h"

/* Whether a rung can be stood on, and hits nobody else. */
static bool onvme_ladder_holds(const struct onvme_ladder_facts *facts, enum onvme_rung rung)
{
	bool whole = facts->climb != ONVME_CLIMB_PROBE && !facts->shared;

	switch (rung) {
	case ONVME_RUNG_SUBSYSTEM:
		/* The link may go down with it: an empty slot, for the one who watches a slot. */
		return whole && facts->present && facts->how != ONVME_FALL_GONE && facts->nssrs && facts->alone &&
		       !facts->hotplug;
	case ONVME_RUNG_FUNCTION:
		return !facts->shared && facts->present && facts->flr;
	case ONVME_RUNG_POWER:
		return whole && facts->present && facts->d3;
	case ONVME_RUNG_BUS:
		/* It also reaches a function that has left the bus; from a slot like that it may have been pulled. */
		return whole && facts->bus && (facts->present || !facts->hotplug);
	default:
		return false;
	}
}

/**
 * onvme_ladder_next() - what to try when a rung has not helped
 * @facts: what is known
 *
 * A device that was never up may just be none that can be driven: what it refuses then is not tried again.
 *
 * Return: a higher rung than @facts->rung; %ONVME_RUNG_DEAD when there is none.
 */
enum onvme_rung onvme_ladder_next(const struct onvme_ladder_facts *facts)
{
	unsigned int rung;

	if (facts->cut_off || facts->how == ONVME_FALL_HOST || facts->elapsed_ms > facts->limit_ms)
		return ONVME_RUNG_DEAD;
	if (facts->climb == ONVME_CLIMB_PROBE && facts->how == ONVME_FALL_REFUSED)
		return ONVME_RUNG_DEAD;
	for (rung = (unsigned int)facts->rung + 1; rung < ONVME_RUNG_DEAD; rung++)
		if (onvme_ladder_holds(facts, rung))
			return rung;
	return ONVME_RUNG_DEAD;
}

/**
 * onvme_ladder_first() - where a climb begins
 * @facts: what is known; @facts->rung is ignored
 * @row: resets before this one that followed each other without any use between
 *
 * What did not last does not deserve another try for ever: first stronger rungs, in the end none.
 *
 * Return: the rung.
 */
enum onvme_rung onvme_ladder_first(const struct onvme_ladder_facts *facts, unsigned int row)
{
	struct onvme_ladder_facts from = *facts;
	enum onvme_rung next;

	if (row >= ONVME_LADDER_ROW)
		return ONVME_RUNG_DEAD;
	from.rung = ONVME_RUNG_CONTROLLER;
	for (; row >= ONVME_LADDER_PLAIN; row--) {
		next = onvme_ladder_next(&from);
		if (next == ONVME_RUNG_DEAD)
			break;
		from.rung = next;
	}
	return from.rung;
}

/**
 * onvme_ladder_patience_ms() - how long to wait for the registers of a function when there is no rung any more
 * @facts: what is known
 *
 * Where configuration space answers, the function may only need more time than a climb of quick failures takes. A first
 * bring-up keeps others waiting, and takes the function for what it looks like.
 *
 * Return: milliseconds; 0: there is no use in waiting.
 */
unsigned int onvme_ladder_patience_ms(const struct onvme_ladder_facts *facts)
{
	if (facts->climb == ONVME_CLIMB_PROBE || facts->how != ONVME_FALL_GONE || facts->cut_off || !facts->present)
		return 0;
	return ONVME_LADDER_BACK_MS - min(facts->elapsed_ms, ONVME_LADDER_BACK_MS);
}

/**
 * onvme_ladder_limit_ms() - how long after the beginning of a climb a rung may be begun
 * @ready_ms: how long CSTS.RDY may take to follow CC.EN
 * @admin_ms: time of an admin command
 *
 * Return: milliseconds: enough for a controller reset that fails in the slowest way, and a minute for others.
 */
unsigned int onvme_ladder_limit_ms(unsigned int ready_ms, unsigned int admin_ms)
{
	return 60000u + 2 * min(ready_ms, 300000u) + min(admin_ms, 3600000u);
}

/**
 * onvme_ladder_rung_text() - a rung as the log names it
 * @rung: the rung
 *
 * Return: a string.
 */
const char *onvme_ladder_rung_text(enum onvme_rung rung)
{
	static const char * const text[ONVME_NR_RUNGS] = {
		[ONVME_RUNG_ABORT]	= "abort",
		[ONVME_RUNG_CONTROLLER]	= "controller reset",
		[ONVME_RUNG_SUBSYSTEM]	= "NVM subsystem reset",
		[ONVME_RUNG_FUNCTION]	= "function-level reset",
		[ONVME_RUNG_POWER]	= "D3 power cycle",
		[ONVME_RUNG_BUS]	= "secondary bus reset",
		[ONVME_RUNG_DEAD]	= "giving up",
	};

	return (unsigned int)rung < ONVME_NR_RUNGS ? text[rung] : "unknown";
}

/**
 * onvme_ladder_rung_word() - a rung in one word, for tables
 * @rung: the rung
 *
 * Return: a string.
 */
const char *onvme_ladder_rung_word(enum onvme_rung rung)
{
	static const char * const word[ONVME_NR_RUNGS] = {
		[ONVME_RUNG_ABORT]	= "abort",
		[ONVME_RUNG_CONTROLLER]	= "controller",
		[ONVME_RUNG_SUBSYSTEM]	= "subsystem",
		[ONVME_RUNG_FUNCTION]	= "function",
		[ONVME_RUNG_POWER]	= "power",
		[ONVME_RUNG_BUS]	= "bus",
		[ONVME_RUNG_DEAD]	= "dead",
	};

	return (unsigned int)rung < ONVME_NR_RUNGS ? word[rung] : "unknown";
}

/**
 * onvme_ladder_fall_text() - how bring-up failed, for the log
 * @how: how
 *
 * Return: a string.
 */
const char *onvme_ladder_fall_text(enum onvme_fall how)
{
	static const char * const text[ONVME_NR_FALLS] = {
		[ONVME_FALL_LATE]	= "not ready in time",
		[ONVME_FALL_FATAL]	= "fatal status",
		[ONVME_FALL_GONE]	= "gone",
		[ONVME_FALL_MUTE]	= "no answer",
		[ONVME_FALL_REFUSED]	= "refused",
		[ONVME_FALL_BARE]	= "no I/O queues",
		[ONVME_FALL_HOST]	= "the host cannot",
	};

	return (unsigned int)how < ONVME_NR_FALLS ? text[how] : "unknown";
}
