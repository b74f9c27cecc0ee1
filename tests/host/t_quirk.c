// SPDX-License-Identifier: GPL-2.0
/* quirk.c: who matches, that nobody else does, what a user may say, and that each quirk changes what it is for. */
#include <errno.h>
#include <linux/array_size.h>

#include "ktap.h"
#include "quirk.h"

/* Facts, and what must be known of such a device: at least one of each quirk and of each kind of pattern */
static const struct {
	struct onvme_quirk_facts	facts;
	unsigned int			quirks;
} known[] = {
	{ { .vendor = 0x1b36, .device = 0x0010 }, ONVME_QUIRK_BOGUS_NID },
	{ { .vendor = 0x8086, .device = 0x5845 }, ONVME_QUIRK_BOGUS_NID | ONVME_QUIRK_NO_WRITE_ZEROES },
	{ { .vendor = 0x1d97, .device = 0x2263 }, ONVME_QUIRK_BOGUS_NID | ONVME_QUIRK_NO_WRITE_ZEROES },
	{ { .vendor = 0x1d97, .device = 0x2269 }, ONVME_QUIRK_BOGUS_NID | ONVME_QUIRK_NO_SUBNQN },
	{ { .vendor = 0x126f, .device = 0x2263 }, ONVME_QUIRK_BOGUS_NID | ONVME_QUIRK_NO_NS_DESCS },
	{ { .vendor = 0x2646, .device = 0x2263 }, ONVME_QUIRK_NO_DEEPEST_PS },
	{ { .vendor = 0x1c58, .device = 0x0003 }, ONVME_QUIRK_SLOW_TO_RESET },
	{ { .vendor = 0x15b7, .device = 0x5008 }, ONVME_QUIRK_NO_MSI },
	{ { .vendor = 0x1d0f, .device = 0xcd01 }, ONVME_QUIRK_DMA_48 },
	{ { .vendor = 0x14a4, .device = 0x1234, .model = "CL1", .firmware = "22301111" }, ONVME_QUIRK_SIMPLE_SUSPEND },
	{ { .vendor = 0x14a4, .device = 0x1234, .model = "CL1", .firmware = "22301112" }, 0 },
	{ { .vendor = 0x14a4, .device = 0x1234 }, 0 },
	{ { .vendor = 0x1179, .device = 0x0115, .model = "THNSF5256GPUK TOSHIBA" }, ONVME_QUIRK_NO_APST },
	{ { .vendor = 0x1179, .device = 0x0115, .model = "THNSF5256GPUK TOSHIBA2" }, 0 },
	{ { .vendor = 0x144d, .device = 0xa808, .model = "Samsung SSD 970 EVO Plus 1TB" }, 0 },
	{ { .vendor = 0x144d, .device = 0xa808, .model = "Samsung Portable SSD X5" },
	  ONVME_QUIRK_SLOW_TO_RESET | ONVME_QUIRK_NO_DEEPEST_PS | ONVME_QUIRK_NO_SUBNQN },
	{ { .vendor = 0x144d, .device = 0xa802 }, ONVME_QUIRK_BOGUS_NID },
	{ { .vendor = 0x144d, .device = 0xa802, .maker = "Dell Inc.", .machine = "XPS 15 9550" },
	  ONVME_QUIRK_BOGUS_NID | ONVME_QUIRK_NO_DEEPEST_PS },
	{ { .vendor = 0x144d, .device = 0xa802, .maker = "Dell Inc.", .machine = "XPS 13" }, ONVME_QUIRK_BOGUS_NID },
	{ { .vendor = 0x144d, .device = 0xa804, .board_maker = "ASUSTeK COMPUTER INC.", .board = "PRIME Z370-A" },
	  ONVME_QUIRK_NO_APST },
	{ { .vendor = 0x144d, .device = 0xa804, .board = "PRIME Z370-A" }, 0 },
};

static void rows(void)
{
	unsigned int all = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(known); i++) {
		char note[40];

		snprintf(note, sizeof(note), "%04x:%04x", known[i].facts.vendor, known[i].facts.device);
		ktap_note = note;
		EQUAL(onvme_quirk_match(&known[i].facts), known[i].quirks);
		all |= known[i].quirks;
		ktap_note = "";
	}
	EQUAL(all, (1u << ONVME_NR_QUIRKS) - 1);
}

/* Of all ids by themselves few match, none with a quirk that does not exist, and those alone that are in the table. */
static void strangers(void)
{
	static const u16 vendors[] = {
		0x8086, 0x1b36, 0x1e4b, 0x126f, 0x1987, 0x1cc1, 0x1dbe, 0x10ec, 0x1344, 0x1c5c, 0x144d, 0x1f40, 0xc0a9,
		0x1d97, 0x1b4b, 0x15b7, 0x1cc4, 0x2646, 0x025e, 0x1e49, 0x1c58, 0x1c5f, 0x1bb1, 0x1d0f,
	};
	unsigned int id, found = 0;
	unsigned long round;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(vendors); i++)
		for (id = 0; id < 65536; id++) {
			struct onvme_quirk_facts facts = { .vendor = vendors[i], .device = (u16)id };
			unsigned int quirks = onvme_quirk_match(&facts);

			EQUAL(quirks >> ONVME_NR_QUIRKS, 0);
			found += !!quirks;
		}
	EQUAL(found, 65);
	for (round = 0; round < rounds(100000); round++) {
		struct onvme_quirk_facts facts = { .vendor = (u16)rnd(), .device = (u16)rnd() };

		for (i = 0; i < ARRAY_SIZE(vendors); i++)
			if (facts.vendor == vendors[i])
				break;
		if (i == ARRAY_SIZE(vendors))
			EQUAL(onvme_quirk_match(&facts), 0);
	}
}

static unsigned int user(const char *text, unsigned int quirks, int should)
{
	ktap_note = text;
	EQUAL(onvme_quirk_user(text, 0x1b36, 0x0010, &quirks), should);
	ktap_note = "";
	return quirks;
}

static void users(void)
{
	static const char * const bad[] = {
		"1b36", "1b36:", "1b36:10:bogus_nid", "1b36:0010", "1b36:0010:", "1b36:0010:bogus",
		"1b36:0010:bogus_nid,", "1b36:0010:bogus_nid-", "-", "1b36:0010:^", "1b3g:0010:no_apst",
		"1b36:0010:no_apst;no_msi", "1b36:0010:no_apst,,",
		"1b36:0010:no_apst-zz", "01b36:0010:no_apst", ":0010:no_apst",
	};
	size_t i;
	unsigned int nr;

	for (i = 0; i < ARRAY_SIZE(bad); i++)
		EQUAL(user(bad[i], 0x80, -EINVAL), 0x80);
	EQUAL(user("", 0x80, 0), 0x80);
	EQUAL(user("1b36:0010:^bogus_nid,no_apst\n", ONVME_QUIRK_BOGUS_NID, 0), ONVME_QUIRK_NO_APST);
	EQUAL(user("1B36:0010:broken_msi-1b36:0010:no_apst", 0, 0), ONVME_QUIRK_NO_MSI | ONVME_QUIRK_NO_APST);
	EQUAL(user("8086:0010:broken_msi-1b36:0011:no_apst", 1, 0), 1);
	for (nr = 0; nr < ONVME_NR_QUIRKS; nr++) {
		char text[64];

		snprintf(text, sizeof(text), "1b36:0010:%s", onvme_quirk_name(nr));
		EQUAL(user(text, 0, 0), 1u << nr);
		snprintf(text, sizeof(text), "1b36:0010:^%s", onvme_quirk_name(nr));
		EQUAL(user(text, ~0u, 0), ~(1u << nr));
	}
	CHECK(!onvme_quirk_name(ONVME_NR_QUIRKS));
}

/* What a quirk changes, and that it changes nothing else. */
static void effects(void)
{
	struct onvme_caps plain = {
		.npss = 5, .apsta = true, .has_write_zeroes = true, .vid = 0x1b36, .subnqn = "nqn.2026-11.org.onvme:x",
	};
	unsigned int nr;

	for (nr = 0; nr < ONVME_NR_QUIRKS; nr++) {
		unsigned int quirk = 1u << nr;
		struct onvme_caps caps = plain;

		onvme_quirk_fold(quirk, &caps);
		EQUAL(caps.has_write_zeroes, quirk != ONVME_QUIRK_NO_WRITE_ZEROES);
		EQUAL(caps.apsta, quirk != ONVME_QUIRK_NO_APST);
		EQUAL(caps.npss, quirk == ONVME_QUIRK_NO_DEEPEST_PS ? 4 : 5);
		EQUAL(caps.synthetic_nqn, quirk == ONVME_QUIRK_NO_SUBNQN);
		EQUAL(!strcmp(caps.subnqn, plain.subnqn), quirk != ONVME_QUIRK_NO_SUBNQN);
		EQUAL(caps.no_ns_descs, quirk == ONVME_QUIRK_NO_NS_DESCS);
		EQUAL(onvme_quirk_dma_bits(quirk), quirk == ONVME_QUIRK_DMA_48 ? 48 : 64);
		EQUAL(onvme_quirk_quiet_ms(quirk), quirk == ONVME_QUIRK_SLOW_TO_RESET ? 2300 : 0);
	}
	plain.npss = 1;
	onvme_quirk_fold(ONVME_QUIRK_NO_DEEPEST_PS, &plain);
	EQUAL(plain.npss, 1);
}

KTAP_MAIN("t_quirk",
	  KTAP_CASE(rows),
	  KTAP_CASE(strangers),
	  KTAP_CASE(users),
	  KTAP_CASE(effects))
