// SPDX-License-Identifier: GPL-2.0
/* rule.c: what lines mean, which mean nothing, and when a rule is about what happens. */
#include "ktap.h"
#include "model_rule.h"

#include <asm/byteorder.h>
#include <linux/errno.h>
#include <linux/limits.h>

/* What each reads as when it is written out again. */
static const char * const good[][2] = {
	{ "when io opcode write nsid 1 lba 8..15 nth 3 -> status 2/0x81 dnr",
	  "when io opcode 0x01 nsid 1 lba 8..15 nth 3 -> status 2/0x81 dnr" },
	{ "when opcode read -> drop", "when io opcode 0x02 -> drop" },
	{ "when opcode identify -> drop", "when admin opcode 0x06 -> drop" },
	{ "when io opcode 0x2 -> drop", "when io opcode 0x02 -> drop" },
	{ "when opcode 6 admin every 2 -> delay 50", "when admin opcode 0x06 every 2 -> delay 50" },
	{ "when -> drop", "when -> drop" },
	{ "  when\t->\tdrop  ", "when -> drop" },
	{ "when io first 0x10 -> status 0x7/255 more dnr crd 2", "when io first 16 -> status 7/0xff dnr more crd 2" },
	{ "when queue 1..2 from 4294967295 -> no-interrupt", "when queue 1..2 from 4294967295 -> no-interrupt" },
	{ "when queue 3..3 -> no-interrupt", "when queue 3 -> no-interrupt" },
	{ "when -> no-interrupt", "when -> no-interrupt" },
	{ "when first 3 -> all-ones", "when first 3 -> all-ones" },
	{ "when -> all-ones 500", "when -> all-ones 500" },
	{ "when dev 0000:01:1F.7 -> all-ones", "when dev 0000:01:1f.7 -> all-ones" },
	{ "when dev 10000:e1:00.0 step 11 -> fail", "when dev 10000:e1:00.0 step 11 -> fail" },
	{ "when dev ffffffff:ff:1f.7 io opcode copy queue 65534..65535 -> status 7/0xff dnr more crd 3",
	  "when dev ffffffff:ff:1f.7 io opcode 0x19 queue 65534..65535 -> status 7/0xff dnr more crd 3" },
	{ "when nsid 4294967295 lba 18446744073709551614..18446744073709551615 -> drop",
	  "when nsid 4294967295 lba 18446744073709551614..18446744073709551615 -> drop" },
	{ "when alloc nth 17 -> fail", "when alloc nth 17 -> fail" },
	{ "when alloc -> fail", "when alloc -> fail" },
	{ "when io -> delay 600000", "when io -> delay 600000" },
	{ "when admin queue 0..3 -> drop", "when admin queue 0..3 -> drop" },
	{ "when io queue 0..1 lba 1 opcode verify -> drop", "when io opcode 0x0c queue 0..1 lba 1 -> drop" },
};

static void lines(void)
{
	struct onvme_rule rule;
	char text[ONVME_RULE_TEXT];
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		ktap_note = good[i][0];
		CHECK(model_rule_line(good[i][0], strlen(good[i][0])));
		EQUAL(onvme_rule_parse(good[i][0], strlen(good[i][0]), &rule), 0);
		onvme_rule_text(&rule, text);
		STR_EQUAL(text, good[i][1]);
	}
}

static const char * const bad[] = {
	"", " ", "when", "then -> drop", "drop", "when drop", "when ->", "when -> ", "when -> dropp",
	"when -> drop drop", "when -> drop 1", "when->drop", "when io", "when io nsid 1 io -> drop",
	"when io admin -> drop", "When io -> drop", "when admin opcode write -> drop",
	"when io opcode identify -> drop", "when opcode 1 -> drop", "when opcode -> drop",
	"when io opcode 256 -> drop", "when io opcode 0x100 -> drop", "when io opcode 0x -> drop",
	"when io opcode x1 -> drop", "when io opcode 1a -> drop", "when io opcode -1 -> drop",
	"when io opcode +1 -> drop", "when io opcode 0X1 -> drop", "when io opcode 1.. -> drop",
	"when io opcode 1 opcode 1 -> drop", "when queue 65536 -> drop", "when queue 2..1 -> drop",
	"when queue 1.. -> drop", "when queue ..1 -> drop", "when queue .. -> drop",
	"when queue 1...2 -> drop", "when queue 1..2..3 -> drop", "when queue 1-2 -> drop",
	"when queue 1 .. 2 -> drop", "when queue 0..65536 -> drop", "when nsid 4294967296 -> drop",
	"when nsid 1..2 -> drop", "when nsid -> drop", "when lba 18446744073709551616 -> drop",
	"when lba 99999999999999999999999 -> drop", "when lba 0x10000000000000000 -> drop",
	"when lba 1,2 -> drop", "when nth 0 -> drop", "when every 0 -> drop", "when from 0 -> drop",
	"when first 0 -> drop", "when nth 4294967296 -> drop", "when nth 1 every 2 -> drop",
	"when from 1 first 1 -> drop", "when nth 1 nth 1 -> drop", "when io lba 1 lba 2 -> drop",
	"when -> status", "when -> status 1", "when -> status 8/1", "when -> status 1/256",
	"when -> status 0/0", "when -> status 1/", "when -> status /1", "when -> status 1/1/1",
	"when -> status 1 / 1", "when -> status 1/1 dnr dnr", "when -> status 1/1 more more",
	"when -> status 1/1 crd", "when -> status 1/1 crd 0", "when -> status 1/1 crd 4",
	"when -> status 1/1 crd 1 crd 1", "when -> status 1/1 drop", "when -> status 1/1 5", "when -> delay",
	"when -> delay 0", "when -> delay 600001", "when -> delay 1 1", "when -> delay -1",
	"when -> all-ones 0", "when -> all-ones 600001", "when -> all-ones 1 1", "when -> all-ones forever",
	"when io -> all-ones", "when queue 1 -> all-ones", "when nsid 1 -> no-interrupt",
	"when io -> no-interrupt", "when -> no-interrupt 1", "when -> fail", "when io -> fail",
	"when step -> fail", "when step 0 -> fail", "when step 256 -> fail", "when step 1 alloc -> fail",
	"when alloc 1 -> fail", "when alloc -> drop", "when alloc -> all-ones", "when step 1 -> drop",
	"when step 1 -> all-ones", "when alloc io -> fail", "when step 1 queue 1 -> fail",
	"when alloc dev 0000:00:01.0 -> fail", "when alloc -> fail 1", "when dev -> drop",
	"when dev 0000:00:01 -> drop", "when dev 00:01.0 -> drop", "when dev 0000:00:20.0 -> drop",
	"when dev 0000:00:01.8 -> drop", "when dev 0000:0g:01.0 -> drop", "when dev 0000-00:01.0 -> drop",
	"when dev 0000:00:01,0 -> drop", "when dev 000000000:00:01.0 -> drop", "when dev x000:00:01.0 -> drop",
	"when dev 0000:00:01.0 dev 0000:00:01.0 -> drop", "when dev 0x00:00:01.0 -> drop", "# a comment",
	"when admin lba 1 -> drop", "when opcode identify lba 1 -> drop", "when opcode flush lba 1 -> drop",
	"when io opcode 9 lba 1..2 -> drop", "when io queue 0 -> drop", "when queue 0..0 opcode read -> drop",
	"when lba 1 queue 0 -> drop", "when admin queue 1 -> drop", "when opcode abort queue 1..2 -> drop",
	"clear", "when io -> drop\n", "when io\n-> drop", "when io -> drop # why", "when io -> drop;",
};

static void nonsense(void)
{
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		ktap_note = bad[i];
		CHECK(!model_rule_line(bad[i], strlen(bad[i])));
	}
	ktap_note = "a zero within";
	CHECK(!model_rule_line("when io\0-> drop", 15));
}

/* Good lines with a character changed, lost or doubled: taken or not, it is the same when written and read again. */
static void almost_good(void)
{
	unsigned long round, taken = 0;

	for (round = 0; round < rounds(200000); round++) {
		const char *from = good[rnd_below(sizeof(good) / sizeof(good[0]))][rnd_below(2)];
		size_t len = strlen(from), at = rnd_below((u32)len);
		char line[300];

		memcpy(line, from, len);
		switch (rnd_below(3)) {
		case 0:
			line[at] = (char)(" 0123456789abcdefx.:/->wnt"[rnd_below(26)]);
			break;
		case 1:
			memmove(line + at, line + at + 1, --len - at);
			break;
		default:
			memmove(line + at + 1, line + at, len++ - at);
		}
		taken += model_rule_line(line, len);
	}
	CHECK(taken > round / 100);
	CHECK(taken < round);
}

static struct onvme_rule parsed(const char *line)
{
	struct onvme_rule rule;

	ktap_note = line;
	EQUAL(onvme_rule_parse(line, strlen(line), &rule), 0);
	return rule;
}

static struct onvme_sqe command(u8 opcode, u32 nsid, u64 slba, u16 more)
{
	return (struct onvme_sqe){
		.opcode	= opcode,
		.nsid	= cpu_to_le32(nsid),
		.cdw10	= cpu_to_le32((u32)slba),
		.cdw11	= cpu_to_le32((u32)(slba >> 32)),
		.cdw12	= cpu_to_le32(more | 0x40000000u),
	};
}

static bool holds(const char *line, u16 qid, struct onvme_sqe sqe)
{
	struct onvme_rule rule = parsed(line);
	struct onvme_rule_event event = {
		.on = ONVME_RULE_COMMAND, .qid = qid, .sqe = &sqe, .dev = onvme_rule_dev(1, 2, 3 << 3 | 4),
	};

	return onvme_rule_holds(&rule, &event);
}

static void commands(void)
{
	CHECK(holds("when -> drop", 0, command(6, 0, 0, 0)));
	CHECK(holds("when admin -> drop", 0, command(6, 0, 0, 0)));
	CHECK(!holds("when admin -> drop", 1, command(6, 0, 0, 0)));
	CHECK(holds("when io -> drop", 1, command(6, 0, 0, 0)));
	CHECK(!holds("when io -> drop", 0, command(6, 0, 0, 0)));
	CHECK(holds("when opcode read -> drop", 7, command(2, 0, 0, 0)));
	CHECK(!holds("when opcode read -> drop", 0, command(2, 0, 0, 0)));
	CHECK(!holds("when opcode read -> drop", 7, command(1, 0, 0, 0)));
	CHECK(holds("when nsid 5 -> drop", 7, command(1, 5, 0, 0)));
	CHECK(!holds("when nsid 5 -> drop", 7, command(1, 4, 0, 0)));
	CHECK(holds("when queue 2..4 -> drop", 2, command(1, 5, 0, 0)));
	CHECK(holds("when queue 2..4 -> drop", 4, command(1, 5, 0, 0)));
	CHECK(!holds("when queue 2..4 -> drop", 1, command(1, 5, 0, 0)));
	CHECK(!holds("when queue 2..4 -> drop", 5, command(1, 5, 0, 0)));
	CHECK(holds("when dev 0001:02:03.4 -> drop", 5, command(1, 5, 0, 0)));
	CHECK(!holds("when dev 0001:02:03.5 -> drop", 5, command(1, 5, 0, 0)));
	CHECK(!holds("when dev 0000:02:03.4 -> drop", 5, command(1, 5, 0, 0)));
	CHECK(!holds("when io nsid 5 opcode write queue 5 lba 9 -> drop", 5, command(1, 5, 8, 0)));
	CHECK(holds("when io nsid 5 opcode write queue 5 lba 9 -> drop", 5, command(1, 5, 8, 1)));
}

/* Each block of the command by itself. */
static bool model_touches(u64 slba, u16 more, u64 first, u64 last)
{
	u32 i;

	for (i = 0; i <= more; i++) {
		if (slba + i >= first && slba + i <= last)
			return true;
		if (slba + i == U64_MAX)
			return false;
	}
	return false;
}

static void blocks(void)
{
	static const u8 other[] = { 0x00, 0x09, 0x19, 0x0d };
	unsigned long round;
	size_t i;

	for (round = 0; round < rounds(50000); round++) {
		u64 base = rnd_below(2) ? U64_MAX - 40 : rnd_below(2) ? 0 : 1ull << 32;
		u64 slba = base + rnd_below(41), first = base + rnd_below(41);
		u64 last = first + rnd_below((u32)(base + 41 - first));
		u16 more = (u16)rnd_below(50);
		char line[100];

		snprintf(line, sizeof(line), "when lba %llu..0x%llx -> drop", (unsigned long long)first,
			 (unsigned long long)last);
		EQUAL(holds(line, 1, command(2, 1, slba, more)), model_touches(slba, more, first, last));
	}
	CHECK(!holds("when lba 0..9 -> drop", 0, command(2, 1, 0, 0)));
	for (i = 0; i < sizeof(other); i++)
		CHECK(!holds("when lba 0..9 -> drop", 1, command(other[i], 1, 0, 0)));
}

static void other_events(void)
{
	static const char * const about[] = {
		[ONVME_RULE_COMMAND] = "when -> drop",		[ONVME_RULE_INTERRUPT] = "when -> no-interrupt",
		[ONVME_RULE_READ] = "when -> all-ones",		[ONVME_RULE_STEP] = "when step 3 -> fail",
		[ONVME_RULE_ALLOC] = "when alloc -> fail",
	};
	struct onvme_sqe sqe = command(1, 1, 0, 0);
	struct onvme_rule_event event = { .step = 3, .qid = 2, .sqe = &sqe };
	struct onvme_rule rule;
	unsigned int i;

	for (i = 0; i < sizeof(about) / sizeof(about[0]); i++) {
		rule = parsed(about[i]);
		for (event.on = 0; event.on < sizeof(about) / sizeof(about[0]); event.on++)
			EQUAL(onvme_rule_holds(&rule, &event), event.on == i);
	}
	event.sqe = NULL;
	event.on = ONVME_RULE_STEP;
	rule = parsed("when step 4 -> fail");
	CHECK(!onvme_rule_holds(&rule, &event));
	event.on = ONVME_RULE_INTERRUPT;
	rule = parsed("when queue 3 -> no-interrupt");
	CHECK(!onvme_rule_holds(&rule, &event));
}

static void counts(void)
{
	struct onvme_rule always = parsed("when -> drop"), nth = parsed("when nth 3 -> drop");
	struct onvme_rule every = parsed("when every 3 -> drop"), from = parsed("when from 3 -> drop");
	struct onvme_rule first = parsed("when first 3 -> drop");
	u32 seen;

	for (seen = 1; seen < 20; seen++) {
		CHECK(onvme_rule_fires(&always, seen));
		EQUAL(onvme_rule_fires(&nth, seen), seen == 3);
		EQUAL(onvme_rule_fires(&every, seen), seen % 3 == 0);
		EQUAL(onvme_rule_fires(&from, seen), seen > 2);
		EQUAL(onvme_rule_fires(&first, seen), seen < 4);
	}
}

static void actions(void)
{
	EQUAL(parsed("when -> status 2/0x81").status, 0x281);
	EQUAL(parsed("when -> status 0/6 crd 3 dnr").status, 0x5806);
	EQUAL(parsed("when -> status 7/255 more").status, 0x27ff);
	EQUAL(parsed("when -> delay 77").ms, 77);
	EQUAL(parsed("when -> all-ones 78").ms, 78);
	EQUAL(parsed("when -> all-ones").ms, 0);
	EQUAL(parsed("when alloc -> fail").action, ONVME_RULE_FAIL);
}

KTAP_MAIN("t_rule",
	  KTAP_CASE(lines),
	  KTAP_CASE(nonsense),
	  KTAP_CASE(almost_good),
	  KTAP_CASE(commands),
	  KTAP_CASE(blocks),
	  KTAP_CASE(other_events),
	  KTAP_CASE(counts),
	  KTAP_CASE(actions))
