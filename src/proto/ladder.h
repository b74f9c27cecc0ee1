/* SPDX-License-Identifier: GPL-2.0 */
/*
 * ladder.h - the recovery ladder: which kind of reset is tried next, when the one before has not helped.
 *
 * Pure functions of the facts they are given. A climb goes upward only, so that it ends after at most as many attempts
 * as there are rungs, and no rung is begun once its time is over: it ends live or dead.
 */
#ifndef ONVME_PROTO_LADDER_H
#define ONVME_PROTO_LADDER_H

#include <linux/types.h>

enum onvme_rung {
	ONVME_RUNG_ABORT,	/* of one command; the time-out's business (policy.h) */
	ONVME_RUNG_CONTROLLER,	/* CC.EN */
	ONVME_RUNG_SUBSYSTEM,	/* NSSR */
	ONVME_RUNG_FUNCTION,	/* function-level reset */
	ONVME_RUNG_POWER,	/* D3hot and back */
	ONVME_RUNG_BUS,		/* of the slot, or of the bus behind the port */
	ONVME_RUNG_DEAD,
	ONVME_NR_RUNGS
};

/* How an attempt to bring a controller up has failed */
enum onvme_fall {
	ONVME_FALL_LATE,	/* CSTS.RDY did not follow in time */
	ONVME_FALL_FATAL,	/* CSTS.CFS */
	ONVME_FALL_GONE,	/* registers read as all-ones */
	ONVME_FALL_MUTE,	/* a command was not answered */
	ONVME_FALL_REFUSED,	/* an answer that rules it out */
	ONVME_FALL_BARE,	/* no I/O queue, though there are disks */
	ONVME_FALL_HOST,	/* no fault of the device: memory, interrupts */
	ONVME_NR_FALLS
};

/* What is being done; a probe is called with the lock of the PCI function held, which a bus reset needs for itself */
enum onvme_climb { ONVME_CLIMB_PROBE, ONVME_CLIMB_RESET };

/**
 * struct onvme_ladder_facts - what is known when a rung has not helped
 * @rung: that rung
 * @how: how bring-up failed after it
 * @climb: on which occasion
 * @cut_off: the PCI core has declared the function gone, or holds traffic to it back
 * @present: config space answers
 * @hotplug: the slot is one that devices are unplugged from
 * @shared: a reset beyond the controller's own would hit others: virtual functions that are in use
 * @nssrs: CAP.NSSRS
 * @alone: no other controller or function of the NVM subsystem is there to be hit by its reset
 * @flr: the function has a function-level reset
 * @d3: coming back from D3hot resets the function
 * @bus: there is a port above, and nothing else behind it
 * @elapsed_ms: since the climb began
 * @limit_ms: onvme_ladder_limit_ms()
 */
struct onvme_ladder_facts {
	enum onvme_rung		rung;
	enum onvme_fall		how;
	enum onvme_climb	climb;
	bool			cut_off;
	bool			present;
	bool			hotplug;
	bool			shared;
	bool			nssrs;
	bool			alone;
	bool			flr;
	bool			d3;
	bool			bus;
	unsigned int		elapsed_ms;
	unsigned int		limit_ms;
};

/* Resets in a row, none of which led to any use: so many are of the controller alone, and so many are the end. */
#define ONVME_LADDER_PLAIN	3u
#define ONVME_LADDER_ROW	10u

/* After the beginning of a climb a function may be without registers for so long before that is taken for its end. */
#define ONVME_LADDER_BACK_MS	5000u

enum onvme_rung onvme_ladder_next(const struct onvme_ladder_facts *facts);
enum onvme_rung onvme_ladder_first(const struct onvme_ladder_facts *facts, unsigned int row);
unsigned int onvme_ladder_patience_ms(const struct onvme_ladder_facts *facts);
unsigned int onvme_ladder_limit_ms(unsigned int ready_ms, unsigned int admin_ms);
const char *onvme_ladder_rung_text(enum onvme_rung rung);
const char *onvme_ladder_rung_word(enum onvme_rung rung);
const char *onvme_ladder_fall_text(enum onvme_fall how);

#endif /* ONVME_PROTO_LADDER_H */
