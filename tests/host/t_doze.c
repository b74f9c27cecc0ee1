// SPDX-License-Identifier: GPL-2.0
/* doze.c: every fact against every other, and which state it is, against a search from the other end. */
#include "doze.h"
#include "ktap.h"

#define FACTS	6u

static struct onvme_doze_facts facts_of(unsigned int bits)
{
	return (struct onvme_doze_facts){
		.stays_on = bits & 1, .firmware = bits & 2, .wants_d3 = bits & 4, .aspm = bits & 8, .busy = bits & 16,
		.distrusted = bits & 32,
	};
}

/* Only where memory is kept, the power left alone, the link saves power, and nothing speaks against it. */
static void truth_table(void)
{
	struct onvme_caps caps = { .npss = 5, .ps = { [3] = { .idle = true }, [4] = { .idle = true } } };
	unsigned int bits, yes = 0;

	for (bits = 0; bits < 1u << FACTS; bits++) {
		struct onvme_doze_facts facts = facts_of(bits);
		u8 state = onvme_doze_state(&facts, &caps, 31);

		EQUAL(state, bits == (1 | 8) ? 4 : 0);
		yes += !!state;
	}
	EQUAL(yes, 1);
}

static void states(void)
{
	struct onvme_doze_facts facts = facts_of(1 | 8);
	unsigned long round;

	for (round = 0; round < rounds(20000); round++) {
		struct onvme_caps caps = { .npss = (u8)(1 + rnd_below(32)) };
		unsigned int limit = rnd_below(40), i, should = 0;

		for (i = 0; i < ONVME_MAX_POWER_STATES; i++)
			caps.ps[i].idle = !rnd_below(4);
		for (i = 1; i < caps.npss && i <= limit; i++)
			if (caps.ps[i].idle)
				should = i;
		EQUAL(onvme_doze_state(&facts, &caps, limit), should);
	}
}

/* State 0 is where it works, whatever it says. */
static void edges(void)
{
	struct onvme_doze_facts facts = facts_of(1 | 8);
	struct onvme_caps caps = { .npss = 1, .ps = { [0] = { .idle = true }, [1] = { .idle = true } } };

	EQUAL(onvme_doze_state(&facts, &caps, 31), 0);
	caps.npss = 2;
	EQUAL(onvme_doze_state(&facts, &caps, 31), 1);
	EQUAL(onvme_doze_state(&facts, &caps, 1), 1);
	EQUAL(onvme_doze_state(&facts, &caps, 0), 0);
	caps.npss = 32;
	caps.ps[31].idle = true;
	EQUAL(onvme_doze_state(&facts, &caps, 31), 31);
	EQUAL(onvme_doze_state(&facts, &caps, 30), 1);
}

KTAP_MAIN("t_doze",
	  KTAP_CASE(truth_table),
	  KTAP_CASE(states),
	  KTAP_CASE(edges))
