// SPDX-License-Identifier: GPL-2.0
/*
 * Scenario files: what is understood, and what is said about what is not.
 */
#include <ktap.h>

#include "device.h"

static char wrong[512];

static struct scenario *parse(const char *text)
{
	char *copy = copy_text(text);
	struct scenario *scenario = scenario_parse("dir/name.scn", copy, wrong, sizeof(wrong));

	free(copy);
	return scenario;
}

static void accepted(void)
{
	static const char * const lines[] = {
		"", "   # nothing but a comment", "set mqes 0xffff", "set ns-size 16m   # sixteen", "set eui64 no",
		"patch ctrl 77 255", "patch ns all 26 0x0f 1 2", "patch ns 3 0 0", "patch log 4 0 1",
		"patch reg 0x14 1",
		"patch nslist 0 1 0 0 0", "patch descs 1 0 1",
		"when io opcode read -> drop", "when admin opcode 0xc0 -> status 0/1 dnr more crd 2",
		"when io opcode read lba 10..20 nth 3 -> delay 100 wrong-cid",
		"when reg read CSTS first 2 -> or 1", "when reg write CC -> ignore", "when doorbell queue 2 -> ignore",
		"when trigger 1 -> cfs aer 2 0 4 count 3 ns-size 1 8m", "when after 500 -> vanish forever",
		"when state ready -> never-ready", "when cns 2 -> corrupt-list", "when io trigger 3 after 10 -> torn",
		"when admin cns 0 -> bytes 4 1 2 3", "when queue 1..2 -> no-interrupt",
		"params io_timeout_ms=300 admin_timeout_ms=300", "seconds 30", "intree skip it has no such thing",
		"do echo '#' | grep '#'", "expect probe ok", "expect probe none within 100",
		"expect read error within 20",
		"expect unbind ok", "expect do fail", "expect log a (b|c)+ #", "expect nolog x", "expect violations 3",
		"expect violations any",
	};
	u32 i;

	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		struct scenario *scenario = parse(lines[i]);

		ktap_note = lines[i];
		CHECK(scenario);
		if (scenario)
			scenario_free(scenario);
	}
}

static void refused(void)
{
	static const struct {
		const char	*text;
		const char	*expected;
	} cases[] = {
		{ "sit mqes 1", "set, patch, when" },
		{ "set mqes", "set KEY VALUE" },
		{ "set mqes 1 2", "set KEY VALUE" },
		{ "set mqs 1", "a key" },
		{ "set mqes 65536", "mqes from 0 to 0xffff" },
		{ "set mqes -1", "mqes from" },
		{ "set mqes 1x", "mqes from" },
		{ "set dmsl 99999999999999999999", "dmsl from" },
		{ "patch", "ctrl, ns" },
		{ "patch disk 0 1", "ctrl, ns" },
		{ "patch ns one 0 1", "a number or" },
		{ "patch ctrl x 1", "an offset" },
		{ "patch ctrl 0", "1 to 64 bytes" },
		{ "patch ctrl 0 256", "a byte" },
		{ "when", "\"->\" and an action" },
		{ "when io", "\"->\" and an action" },
		{ "when io ->", "an action behind" },
		{ "when -> drop", "a condition before" },
		{ "when iio -> drop", "a condition that" },
		{ "when io -> dropp", "an action that" },
		{ "when io nth 0 -> drop", "from 1 on" },
		{ "when nth 3 -> drop", "not only how often" },
		{ "when io reg read CSTS -> drop", "can hold together" },
		{ "when trigger 1 -> drop", "can lead to" },
		{ "when reg write CC -> drop", "can lead to" },
		{ "when io opcode rread -> drop", "an opcode" },
		{ "when io lba 9..3 -> drop", "a number or A..B" },
		{ "when reg CSTS -> cfs", "\"read\" or \"write\"" },
		{ "when reg read CSTX -> cfs", "the name of a register" },
		{ "when state readdy -> cfs", "enable, ready" },
		{ "when trigger 64 -> cfs", "a trigger" },
		{ "when io -> status", "a status" },
		{ "when io -> status 0/0", "a status" },
		{ "when io -> status 8/1", "a status" },
		{ "when io -> status 0/1 crd 9", "a number, 0 to 3" },
		{ "when io -> delay soon", "a number" },
		{ "when io -> all-ones", "milliseconds or" },
		{ "when io -> bytes 1", "an offset and" },
		{ "when trigger 1 -> aer 1 2", "a number" },
		{ "params x", "NAME=VALUE" },
		{ "params", "NAME=VALUE" },
		{ "seconds 0", "seconds, 1 to 600" },
		{ "intree run", "intree skip REASON" },
		{ "do", "a command" },
		{ "expect", "probe, read" },
		{ "expect probe good", "ok, admin" },
		{ "expect read ok in 5", "within MS" },
		{ "expect log (", "an extended regular" },
		{ "expect log", "an extended regular" },
		{ "expect violations many", "a number or" },
	};
	u32 i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct scenario *scenario = parse(cases[i].text);

		ktap_note = cases[i].text;
		CHECK(!scenario);
		if (scenario) {
			scenario_free(scenario);
			continue;
		}
		CHECK(!strncmp(wrong, "dir/name.scn:1: expected ", 25));
		if (!strstr(wrong, cases[i].expected))
			STR_EQUAL(wrong, cases[i].expected);
	}
}

static void line_numbers(void)
{
	CHECK(!parse("# one\n\nset mqes 3\nset nothing 1\nset mqes 4\n"));
	CHECK(!strncmp(wrong, "dir/name.scn:4: ", 16));
	CHECK(!scenario_load("/nonexistent.scn", wrong, sizeof(wrong)));
	CHECK(!strncmp(wrong, "/nonexistent.scn:0: ", 20));
}

static void values(void)
{
	struct scenario *scenario = parse("set mqes 7\nset ns-size 3k\npatch ns 2 1 0xaa\npatch ctrl 2 1 2 3\n");
	u8 page[8] = {};

	CHECK(scenario);
	STR_EQUAL(scenario->name, "name");
	EQUAL(scenario->shape.mqes, 7);
	EQUAL(scenario->shape.ns_size, 3072);
	EQUAL(scenario->shape.aerl, 3);
	shape_apply(&scenario->shape, PATCH_NS, 1, page, 0, 8);
	EQUAL(page[1], 0);
	shape_apply(&scenario->shape, PATCH_NS, 2, page, 0, 8);
	EQUAL(page[1], 0xaa);
	/* A part of what the patch is for */
	shape_apply(&scenario->shape, PATCH_CTRL, 0, page, 3, 2);
	EQUAL(page[0], 2);
	EQUAL(page[1], 3);
	scenario_free(scenario);
}

/* Whatever stands in a file, it is either understood or refused with a line. */
static void random_files(void)
{
	static const char * const words[] = {
		"set", "mqes", "1", "patch", "ns", "all", "when", "io", "->", "drop", "status", "2/0x81", "dnr", "nth",
		"opcode", "read", "expect", "probe", "ok", "within", "\n", "\n", "#", "trigger", "aer", "count",
		"bytes",
		"lba", "1..2", "do", "true", "log", "(", "reg", "CSTS", "forever", "all-ones", "0x",
		"99999999999999999999",
	};
	char text[512];
	unsigned long n;
	u32 i;

	for (n = 0; n < rounds(20000); n++) {
		struct scenario *scenario;

		text[0] = 0;
		for (i = 0; i < 1 + rnd_below(24); i++) {
			strcat(text, words[rnd_below(ARRAY_SIZE(words))]);
			strcat(text, rnd_below(9) ? " " : "\t");
		}
		wrong[0] = 0;
		scenario = parse(text);
		CHECK(!scenario == !!wrong[0]);
		if (scenario)
			scenario_free(scenario);
	}
}

KTAP_MAIN("t_scenario",
	  KTAP_CASE(accepted), KTAP_CASE(refused), KTAP_CASE(line_numbers), KTAP_CASE(values), KTAP_CASE(random_files))
