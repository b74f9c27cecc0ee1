// SPDX-License-Identifier: GPL-2.0
/* ladder.c: the complete truth table against a model that strikes rungs out, and every climb to its end. */
#include "ktap.h"
#include "ladder.h"

#define NR_CLIMBS	2u
#define NR_FLAGS	9u

static void set_flags(struct onvme_ladder_facts *f, unsigned int bits)
{
	f->cut_off = bits & 1;
	f->present = bits & 2;
	f->hotplug = bits & 4;
	f->shared = bits & 8;
	f->nssrs = bits & 16;
	f->alone = bits & 32;
	f->flr = bits & 64;
	f->d3 = bits & 128;
	f->bus = bits & 256;
}

/* By elimination: each reason strikes rungs out of a set; the lowest that is left above the last one is taken. */
static enum onvme_rung model_next(const struct onvme_ladder_facts *f)
{
	unsigned int left = (1u << ONVME_NR_RUNGS) - 1, rung;

	left &= ~((2u << f->rung) - 1);
	/* What the device does not have. */
	if (!f->nssrs)
		left &= ~(1u << ONVME_RUNG_SUBSYSTEM);
	if (!f->flr)
		left &= ~(1u << ONVME_RUNG_FUNCTION);
	if (!f->d3)
		left &= ~(1u << ONVME_RUNG_POWER);
	if (!f->bus)
		left &= ~(1u << ONVME_RUNG_BUS);
	/* Registers are needed for one, config space for all but the last. */
	if (f->how == ONVME_FALL_GONE)
		left &= ~(1u << ONVME_RUNG_SUBSYSTEM);
	if (!f->present)
		left &= ~(1u << ONVME_RUNG_SUBSYSTEM | 1u << ONVME_RUNG_FUNCTION | 1u << ONVME_RUNG_POWER);
	/* Nobody else is to be hit. */
	if (!f->alone)
		left &= ~(1u << ONVME_RUNG_SUBSYSTEM);
	if (f->shared)
		left = 1u << ONVME_RUNG_DEAD;
	/* A slot that is watched. */
	if (f->hotplug)
		left &= ~(1u << ONVME_RUNG_SUBSYSTEM);
	if (f->hotplug && !f->present)
		left &= ~(1u << ONVME_RUNG_BUS);
	/* The first bring-up gets one function-level reset, if it may just have needed that; its lock is taken. */
	if (f->climb == ONVME_CLIMB_PROBE)
		left &= 1u << ONVME_RUNG_FUNCTION;
	if (f->climb == ONVME_CLIMB_PROBE && f->how == ONVME_FALL_REFUSED)
		left = 0;
	if (f->cut_off || f->how == ONVME_FALL_HOST || f->elapsed_ms > f->limit_ms)
		left = 0;
	left |= 1u << ONVME_RUNG_DEAD;
	for (rung = 0; !(left & 1u << rung); rung++)
		;
	return rung;
}

static void next_truth_table(void)
{
	unsigned int seen[ONVME_NR_RUNGS] = { 0 }, rung, how, climb, bits, late;
	char note[80];

	ktap_note = note;
	for (rung = ONVME_RUNG_CONTROLLER; rung <= ONVME_RUNG_DEAD; rung++)
		for (how = 0; how < ONVME_NR_FALLS; how++)
			for (climb = 0; climb < NR_CLIMBS; climb++)
				for (bits = 0; bits < 1u << NR_FLAGS; bits++)
					for (late = 0; late < 2; late++) {
						struct onvme_ladder_facts f = {
							.rung = rung, .how = how, .climb = climb,
							.elapsed_ms = 1000 + late, .limit_ms = 1000,
						};
						enum onvme_rung is;

						set_flags(&f, bits);
						snprintf(note, sizeof(note), "%s, %s, climb %u, flags %#x, late %u",
							 onvme_ladder_rung_word(rung), onvme_ladder_fall_text(how),
							 climb, bits, late);
						is = onvme_ladder_next(&f);
						STR_EQUAL(onvme_ladder_rung_word(is),
							  onvme_ladder_rung_word(model_next(&f)));
						/* Upward, or the end. */
						CHECK(is > rung || is == ONVME_RUNG_DEAD);
						CHECK(is < ONVME_NR_RUNGS);
						seen[is]++;
					}
	ktap_note = "";
	for (rung = ONVME_RUNG_SUBSYSTEM; rung < ONVME_NR_RUNGS; rung++)
		CHECK(seen[rung]);
	CHECK(!seen[ONVME_RUNG_ABORT] && !seen[ONVME_RUNG_CONTROLLER]);
}

/*
 * All that can happen on the way: each rung may help, or fail in any way and take any time. Whatever happens, it ends;
 * no rung is begun after the limit, and none twice.
 */
static void climb_to_the_end(struct onvme_ladder_facts f, unsigned int takes)
{
	unsigned int tried;

	for (tried = 1; f.rung != ONVME_RUNG_DEAD && tried < 100; tried++) {
		CHECK(f.elapsed_ms <= f.limit_ms);
		f.elapsed_ms += takes;
		f.rung = onvme_ladder_next(&f);
	}
	EQUAL(f.rung, ONVME_RUNG_DEAD);
	CHECK(tried <= ONVME_NR_RUNGS);
	CHECK(f.elapsed_ms <= f.limit_ms + takes);
}

static void every_climb_ends(void)
{
	static const unsigned int takes[] = { 0, 1, 400, 5000 };
	unsigned int how, climb, bits, t;

	for (how = 0; how < ONVME_NR_FALLS; how++)
		for (climb = 0; climb < NR_CLIMBS; climb++)
			for (bits = 0; bits < 1u << NR_FLAGS; bits++)
				for (t = 0; t < sizeof(takes) / sizeof(takes[0]); t++) {
					struct onvme_ladder_facts f = {
						.rung = ONVME_RUNG_CONTROLLER, .how = how, .climb = climb,
						.limit_ms = 1000,
					};

					set_flags(&f, bits);
					climb_to_the_end(f, takes[t]);
				}
}

/* Random ways up: facts change from rung to rung, as they do when a device dies under the attempt. */
static void changing_facts(void)
{
	unsigned long round;

	for (round = 0; round < rounds(20000); round++) {
		struct onvme_ladder_facts f = {
			.rung = ONVME_RUNG_CONTROLLER, .climb = rnd_below(NR_CLIMBS), .limit_ms = 1000,
		};
		unsigned int tried = 0;
		enum onvme_rung last;

		do {
			last = f.rung;
			set_flags(&f, rnd_below(1u << NR_FLAGS));
			f.how = rnd_below(ONVME_NR_FALLS);
			f.elapsed_ms += rnd_below(400);
			f.rung = onvme_ladder_next(&f);
			CHECK(f.rung > last);
		} while (f.rung != ONVME_RUNG_DEAD && ++tried < 100);
		CHECK(tried < ONVME_NR_RUNGS);
	}
}

static void resets_in_a_row(void)
{
	unsigned int bits, row;

	for (bits = 0; bits < 1u << NR_FLAGS; bits++) {
		struct onvme_ladder_facts f = { .climb = ONVME_CLIMB_RESET, .limit_ms = 1000 };
		enum onvme_rung last = ONVME_RUNG_CONTROLLER, is;

		set_flags(&f, bits);
		for (row = 0; row < 2 * ONVME_LADDER_ROW; row++) {
			is = onvme_ladder_first(&f, row);
			if (row < ONVME_LADDER_PLAIN)
				EQUAL(is, ONVME_RUNG_CONTROLLER);
			EQUAL(is == ONVME_RUNG_DEAD, row >= ONVME_LADDER_ROW);
			CHECK(is >= last);
			/* One rung at a time, as far as there are any. */
			if (row >= ONVME_LADDER_PLAIN && row < ONVME_LADDER_ROW) {
				struct onvme_ladder_facts g = f;
				enum onvme_rung up;

				g.rung = last;
				up = model_next(&g);
				EQUAL(is, up == ONVME_RUNG_DEAD ? last : up);
			}
			last = is;
		}
	}
}

/* At the top: for registers that may yet come back, and for so long only that it ends. */
static void patience(void)
{
	unsigned int how, climb, bits, elapsed;

	for (how = 0; how < ONVME_NR_FALLS; how++)
		for (climb = 0; climb < NR_CLIMBS; climb++)
			for (bits = 0; bits < 1u << NR_FLAGS; bits++)
				for (elapsed = 0; elapsed < 3 * ONVME_LADDER_BACK_MS; elapsed += 499) {
					struct onvme_ladder_facts f = {
						.how = how, .climb = climb, .elapsed_ms = elapsed, .limit_ms = 60000,
					};
					unsigned int ms;

					set_flags(&f, bits);
					ms = onvme_ladder_patience_ms(&f);
					if (how == ONVME_FALL_GONE && climb == ONVME_CLIMB_RESET && f.present &&
					    !f.cut_off && elapsed < ONVME_LADDER_BACK_MS)
						EQUAL(elapsed + ms, ONVME_LADDER_BACK_MS);
					else
						EQUAL(ms, 0);
				}
	/* Never beyond the end of the shortest climb. */
	CHECK(onvme_ladder_limit_ms(0, 0) > ONVME_LADDER_BACK_MS);
}

static void limits(void)
{
	EQUAL(onvme_ladder_limit_ms(0, 0), 60000);
	EQUAL(onvme_ladder_limit_ms(8000, 60000), 136000);
	/* Whatever the device or the user says, it is hours at most. */
	EQUAL(onvme_ladder_limit_ms(0xffffffff, 0xffffffff), 60000 + 600000 + 3600000);
}

static void texts(void)
{
	unsigned int i, k;

	for (i = 0; i < ONVME_NR_RUNGS; i++)
		for (k = 0; k < i; k++) {
			CHECK(strcmp(onvme_ladder_rung_text(i), onvme_ladder_rung_text(k)));
			CHECK(strcmp(onvme_ladder_rung_word(i), onvme_ladder_rung_word(k)));
		}
	for (i = 0; i < ONVME_NR_FALLS; i++)
		for (k = 0; k < i; k++)
			CHECK(strcmp(onvme_ladder_fall_text(i), onvme_ladder_fall_text(k)));
	STR_EQUAL(onvme_ladder_rung_text(ONVME_NR_RUNGS), "unknown");
	STR_EQUAL(onvme_ladder_rung_word(0xffffffff), "unknown");
	STR_EQUAL(onvme_ladder_fall_text(ONVME_NR_FALLS), "unknown");
}

KTAP_MAIN("t_ladder",
	  KTAP_CASE(next_truth_table),
	  KTAP_CASE(every_climb_ends),
	  KTAP_CASE(changing_facts),
	  KTAP_CASE(resets_in_a_row),
	  KTAP_CASE(patience),
	  KTAP_CASE(limits),
	  KTAP_CASE(texts))
