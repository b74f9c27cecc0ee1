// SPDX-License-Identifier: GPL-2.0
/*
 * What is known of devices is public: what vendors, and those who own them, have told the kernel's mailing lists and
 * bug trackers. Each group of rows says what happens, and subject or number of a commit or bug that tells of it.
 */
#include <linux/array_size.h>
#include <linux/errno.h>
#include <linux/string.h>

#include "quirk.h"

#define ONVME_QUIRK_ANY		0xffffu
#define ONVME_QUIRK_QUIET_MS	2300u

/* Texts: NULL: any */
static const struct onvme_quirk_row {
	u16		vendor;
	u16		device;
	unsigned int	quirks;
	const char	*model;
	const char	*firmware;
	const char	*maker;
	const char	*machine;
	const char	*board_maker;
	const char	*board;
} onvme_quirk_rows[] = {
#define ROW(_vendor, _device, _quirks, ...)	{ .vendor = _vendor, .device = _device, .quirks = _quirks, __VA_ARGS__ }

	/* QEMU: EUI64 made from a counter, the same in each virtual machine; its id of before 2020, and of today */
	ROW(0x8086, 0x5845, ONVME_QUIRK_BOGUS_NID | ONVME_QUIRK_NO_WRITE_ZEROES),
	ROW(0x1b36, 0x0010, ONVME_QUIRK_BOGUS_NID),

	/*
	 * The same identifiers on all units, so that the second of two is refused, or others after a suspend: commits
	 * "nvme-pci: add NVME_QUIRK_BOGUS_NID for ..." of 2022 to 2024, and bugzilla.kernel.org 217384 (MAP1602).
	 */
	ROW(0x1e4b, 0x1001, ONVME_QUIRK_BOGUS_NID),	/* MAXIO MAP1001 */
	ROW(0x1e4b, 0x1002, ONVME_QUIRK_BOGUS_NID),	/* MAXIO MAP1002 */
	ROW(0x1e4b, 0x1202, ONVME_QUIRK_BOGUS_NID),	/* MAXIO MAP1202 */
	ROW(0x1e4b, 0x1602, ONVME_QUIRK_BOGUS_NID),	/* MAXIO MAP1602, HS-SSD-FUTURE 2048G */
	ROW(0x126f, 0x2262, ONVME_QUIRK_BOGUS_NID),	/* Silicon Motion SM2262 */
	ROW(0x1987, 0x5012, ONVME_QUIRK_BOGUS_NID),	/* Phison E12 */
	ROW(0x1cc1, 0x33f8, ONVME_QUIRK_BOGUS_NID),	/* ADATA IM2P33F8ABR1 */
	ROW(0x1cc1, 0x5350, ONVME_QUIRK_BOGUS_NID),	/* ADATA XPG GAMMIX S50 */
	ROW(0x1dbe, 0x5216, ONVME_QUIRK_BOGUS_NID),	/* Acer, INNOGRIT FA100 */
	ROW(0x1dbe, 0x5236, ONVME_QUIRK_BOGUS_NID),	/* ADATA XPG GAMMIX S70 */
	ROW(0x10ec, 0x5763, ONVME_QUIRK_BOGUS_NID),	/* ADATA SX6000PNP, T-FORCE CARDEA ZERO Z330: 74391b3e6985 */
	ROW(0x10ec, 0x5765, ONVME_QUIRK_BOGUS_NID),	/* TEAMGROUP MP33 2TB */
	ROW(0x1344, 0x6001, ONVME_QUIRK_BOGUS_NID),	/* Micron Nitro */
	ROW(0x1c5c, 0x174a, ONVME_QUIRK_BOGUS_NID),	/* SK Hynix P31 */
	ROW(0x144d, 0xa802, ONVME_QUIRK_BOGUS_NID),	/* Samsung SM953 */
	ROW(0x1f40, 0x1202, ONVME_QUIRK_BOGUS_NID),	/* Netac NV3000 */
	ROW(0x1f40, 0x5236, ONVME_QUIRK_BOGUS_NID),	/* Netac NV7000: 8d6e38f636ac */
	ROW(0xc0a9, 0x540a, ONVME_QUIRK_BOGUS_NID),	/* Crucial P2 */
	ROW(0x1d97, 0x1d97, ONVME_QUIRK_BOGUS_NID),	/* Lexar NM620 */

	/* One id, two products: Lexar NM610 (identifiers) and SPCC ("disable write zeroes"): both get both */
	ROW(0x1d97, 0x2263, ONVME_QUIRK_BOGUS_NID | ONVME_QUIRK_NO_WRITE_ZEROES),

	/* And the same subsystem name on all units, or identifiers and name: 80b2624094c8 (NM760) */
	ROW(0x1d97, 0x2269, ONVME_QUIRK_BOGUS_NID | ONVME_QUIRK_NO_SUBNQN),	/* Lexar NM760 */
	ROW(0x1987, 0x5016, ONVME_QUIRK_BOGUS_NID | ONVME_QUIRK_NO_SUBNQN),	/* Phison E16 */
	ROW(0x10ec, 0x5762, ONVME_QUIRK_BOGUS_NID | ONVME_QUIRK_NO_SUBNQN),	/* ADATA SX6000LNP */
	ROW(0x8086, 0x0a54, ONVME_QUIRK_BOGUS_NID | ONVME_QUIRK_NO_SUBNQN),	/* Intel P4500, P4600 */
	ROW(0x8086, 0xf1a6, ONVME_QUIRK_NO_SUBNQN),	/* Intel 760p, Pro 7600p */
	ROW(0x1344, 0x5407, ONVME_QUIRK_NO_SUBNQN),	/* Micron 2200S */
	ROW(0x126f, 0x1001, ONVME_QUIRK_NO_SUBNQN),	/* Silicon Motion */

	/* Does not answer CNS 03h, or answers nonsense: "skip the Namespace Identification Descriptor List" */
	ROW(0x126f, 0x2263, ONVME_QUIRK_NO_NS_DESCS | ONVME_QUIRK_BOGUS_NID),	/* Silicon Motion SM2263 */
	ROW(0x1b4b, 0x1092, ONVME_QUIRK_NO_NS_DESCS | ONVME_QUIRK_NO_SUBNQN),	/* Lexar 256 GB */

	/* Write Zeroes is slow enough for a time-out, or leaves what was there: "disable write zeroes for ..." */
	ROW(0x1c5c, 0x1504, ONVME_QUIRK_NO_WRITE_ZEROES),	/* SK Hynix PC400 */
	ROW(0x1c5c, 0x1d59, ONVME_QUIRK_NO_WRITE_ZEROES),	/* SK Hynix BC901 */
	ROW(0x15b7, 0x2001, ONVME_QUIRK_NO_WRITE_ZEROES),	/* Sandisk Skyhawk */
	ROW(0x144d, 0xa809, ONVME_QUIRK_NO_WRITE_ZEROES),	/* Samsung MZALQ256HBJD */
	ROW(0x144d, 0xa80b, ONVME_QUIRK_NO_WRITE_ZEROES | ONVME_QUIRK_BOGUS_NID),	/* Samsung PM9B1 */
	ROW(0x8086, 0xf1a5, ONVME_QUIRK_NO_WRITE_ZEROES),	/* Intel 600P, P3100 */
	ROW(0x1cc4, 0x6302, ONVME_QUIRK_NO_WRITE_ZEROES),	/* UMIS RPJTJ256MGE1QDY */
	ROW(0x1cc4, 0x6303, ONVME_QUIRK_NO_WRITE_ZEROES),	/* UMIS RPJTJ512MGE1QDY */
	ROW(0x1987, 0x5019, ONVME_QUIRK_NO_WRITE_ZEROES),	/* Phison E19 */
	ROW(0x1987, 0x5021, ONVME_QUIRK_NO_WRITE_ZEROES),	/* Phison E21 */
	ROW(0x2646, 0x5016, ONVME_QUIRK_NO_WRITE_ZEROES),	/* Kingston OM3PGP4xxxxP */
	ROW(0x2646, 0x5018, ONVME_QUIRK_NO_WRITE_ZEROES),	/* Kingston OM8SFP4xxxxP */
	ROW(0x2646, 0x501a, ONVME_QUIRK_NO_WRITE_ZEROES),	/* Kingston OM8PGP4xxxxP */
	ROW(0x2646, 0x501b, ONVME_QUIRK_NO_WRITE_ZEROES),	/* Kingston OM8PGP4xxxxQ */
	ROW(0x2646, 0x501e, ONVME_QUIRK_NO_WRITE_ZEROES),	/* Kingston OM3PGP4xxxxQ */

	/* Lost in the deepest power state: "SOLIDIGM P44 Pro", "KINGSTON A2000", "ZHITAI TiPro7000" */
	ROW(0x025e, 0xf1ac, ONVME_QUIRK_NO_DEEPEST_PS),	/* Solidigm P44 Pro */
	ROW(0x1e49, 0x0041, ONVME_QUIRK_NO_DEEPEST_PS),	/* ZHITAI TiPro7000 */
	ROW(0x2646, 0x2262, ONVME_QUIRK_NO_DEEPEST_PS),	/* Kingston SKC2000 */
	ROW(0x2646, 0x2263, ONVME_QUIRK_NO_DEEPEST_PS),	/* Kingston A2000 */
	ROW(0x1cc1, 0x8201, ONVME_QUIRK_NO_DEEPEST_PS | ONVME_QUIRK_NO_SUBNQN),	/* ADATA SX8200PNP */
	/* In some machines only: c5552fde102f (950 Pro), "disable APST on Samsung 960 EVO + ASUS PRIME" */
	ROW(0x144d, 0xa802, ONVME_QUIRK_NO_DEEPEST_PS, .maker = "Dell Inc.", .machine = "XPS 15 9550"),
	ROW(0x144d, 0xa802, ONVME_QUIRK_NO_DEEPEST_PS, .maker = "Dell Inc.", .machine = "Precision 5510"),
	ROW(0x144d, 0xa804, ONVME_QUIRK_NO_APST, .board_maker = "ASUSTeK COMPUTER INC.", .board = "PRIME B350M-A"),
	ROW(0x144d, 0xa804, ONVME_QUIRK_NO_APST, .board_maker = "ASUSTeK COMPUTER INC.", .board = "PRIME Z370-A"),
	/* Lost in states that it enters by itself: "avoid APST on Toshiba THNSF5256GPUK" */
	ROW(0x1179, ONVME_QUIRK_ANY, ONVME_QUIRK_NO_APST, .model = "THNSF5256GPUK TOSHIBA"),

	/* Not to be woken from a suspend in which it stays on, with one firmware: "LiteON CL1 ... firmware 22301111" */
	ROW(0x14a4, ONVME_QUIRK_ANY, ONVME_QUIRK_SIMPLE_SUSPEND, .firmware = "22301111"),

	/* Hangs when it is read too soon after CC.EN has changed: "Add a delay before checking for readiness" */
	ROW(0x1c58, 0x0003, ONVME_QUIRK_SLOW_TO_RESET),	/* HGST */
	ROW(0x1c58, 0x0023, ONVME_QUIRK_SLOW_TO_RESET),	/* WDC SN200 */
	ROW(0x1c5f, 0x0540, ONVME_QUIRK_SLOW_TO_RESET),	/* Memblaze Pblaze4 */
	ROW(0x1bb1, 0x0100, ONVME_QUIRK_SLOW_TO_RESET | ONVME_QUIRK_NO_NS_DESCS),	/* Seagate Nytro */
	ROW(0x144d, 0xa821, ONVME_QUIRK_SLOW_TO_RESET),	/* Samsung PM1725 */
	/* Samsung PM1725a */
	ROW(0x144d, 0xa822, ONVME_QUIRK_SLOW_TO_RESET | ONVME_QUIRK_NO_WRITE_ZEROES | ONVME_QUIRK_NO_SUBNQN),
	/* Has the ids of the 970 EVO Plus, which is sound: "Samsung Portable SSD X5" */
	ROW(0x144d, ONVME_QUIRK_ANY, ONVME_QUIRK_SLOW_TO_RESET | ONVME_QUIRK_NO_DEEPEST_PS | ONVME_QUIRK_NO_SUBNQN,
	    .model = "Samsung Portable SSD X5"),

	/* All commands time out where there is no MSI-X: "nvme-pci: Add quirk for broken MSIs" */
	ROW(0x15b7, 0x5008, ONVME_QUIRK_NO_MSI),	/* Sandisk SN530 */
	ROW(0x15b7, 0x5009, ONVME_QUIRK_NO_MSI),	/* Sandisk SN550 */

	/* Amazon: addresses above 48 bits are cut off: "limit the DMA address bits to 48" */
	ROW(0x1d0f, 0x0061, ONVME_QUIRK_DMA_48),
	ROW(0x1d0f, 0x0065, ONVME_QUIRK_DMA_48),
	ROW(0x1d0f, 0x8061, ONVME_QUIRK_DMA_48),
	ROW(0x1d0f, 0xcd00, ONVME_QUIRK_DMA_48),
	ROW(0x1d0f, 0xcd01, ONVME_QUIRK_DMA_48),
	ROW(0x1d0f, 0xcd02, ONVME_QUIRK_DMA_48),
#undef ROW
};

/* By number of the bit, as the in-tree driver spells them */
static const char * const onvme_quirk_names[ONVME_NR_QUIRKS] = {
	"bogus_nid", "disable_write_zeroes", "no_deepest_ps", "no_apst", "simple_suspend", "ignore_dev_subnqn",
	"no_ns_desc_list", "delay_before_chk_rdy", "dma_address_bits_48", "broken_msi",
};

/* What is not known matches no pattern. */
static bool onvme_quirk_fits(const char *pattern, const char *text)
{
	return !pattern || (text && !strcmp(pattern, text));
}

static bool onvme_quirk_is(const struct onvme_quirk_row *row, const struct onvme_quirk_facts *facts)
{
	return row->vendor == facts->vendor &&
	       (row->device == ONVME_QUIRK_ANY || row->device == facts->device) &&
	       onvme_quirk_fits(row->model, facts->model) && onvme_quirk_fits(row->firmware, facts->firmware) &&
	       onvme_quirk_fits(row->maker, facts->maker) && onvme_quirk_fits(row->machine, facts->machine) &&
	       onvme_quirk_fits(row->board_maker, facts->board_maker) && onvme_quirk_fits(row->board, facts->board);
}

/**
 * onvme_quirk_match() - what to keep in mind of a device
 * @facts: what is known of it
 *
 * Return: ONVME_QUIRK_*, of all rows that match.
 */
unsigned int onvme_quirk_match(const struct onvme_quirk_facts *facts)
{
	unsigned int quirks = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(onvme_quirk_rows); i++)
		if (onvme_quirk_is(&onvme_quirk_rows[i], facts))
			quirks |= onvme_quirk_rows[i].quirks;
	return quirks;
}

/**
 * onvme_quirk_name() - what a quirk is called
 * @nr: the number of its bit
 *
 * Return: its name; NULL where there is no such bit.
 */
const char *onvme_quirk_name(unsigned int nr)
{
	return nr < ONVME_NR_QUIRKS ? onvme_quirk_names[nr] : NULL;
}

/* Four hexadecimal digits and a colon; returns what follows, or NULL. */
static const char *onvme_quirk_id(const char *text, u16 *id)
{
	unsigned int i;

	*id = 0;
	for (i = 0; i < 4; i++, text++) {
		char c = *text;
		int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 :
			    c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;

		if (digit < 0)
			return NULL;
		*id = (u16)(*id << 4 | digit);
	}
	return *text == ':' ? text + 1 : NULL;
}

/* One name, with ^ before it where the quirk is to be taken away; returns what follows, or NULL. */
static const char *onvme_quirk_word(const char *text, unsigned int *set, unsigned int *clear)
{
	unsigned int *which = set, nr;
	size_t len;

	if (*text == '^') {
		which = clear;
		text++;
	}
	len = strcspn(text, ",-\n");
	for (nr = 0; nr < ONVME_NR_QUIRKS; nr++)
		if (strlen(onvme_quirk_names[nr]) == len && !strncmp(onvme_quirk_names[nr], text, len))
			break;
	if (nr == ONVME_NR_QUIRKS)
		return NULL;
	*which |= 1u << nr;
	return text + len;
}

/**
 * onvme_quirk_user() - what a user says of a device
 * @text: entries with - between: VENDOR:DEVICE:NAME,^NAME..., ids of four hexadecimal digits; ^ takes a quirk away
 * @vendor: PCI vendor id
 * @device: PCI device id
 * @quirks: ONVME_QUIRK_*; those of entries for this device are added and taken away
 *
 * Return: 0; -EINVAL: there is an entry, perhaps for another device, that is none: nothing has changed.
 */
int onvme_quirk_user(const char *text, u16 vendor, u16 device, unsigned int *quirks)
{
	unsigned int now = *quirks;

	while (*text && *text != '\n') {
		unsigned int set = 0, clear = 0;
		u16 v, d;

		text = onvme_quirk_id(text, &v);
		text = text ? onvme_quirk_id(text, &d) : NULL;
		do {
			text = text ? onvme_quirk_word(text, &set, &clear) : NULL;
		} while (text && *text == ',' && text++);
		if (!text || (*text == '-' && !text[1]))
			return -EINVAL;
		if (*text == '-')
			text++;
		if (v == vendor && d == device)
			now = (now | set) & ~clear;
	}
	*quirks = now;
	return 0;
}

/**
 * onvme_quirk_fold() - believe less of what a controller says
 * @quirks: ONVME_QUIRK_*
 * @caps: what it has said, not yet published
 */
void onvme_quirk_fold(unsigned int quirks, struct onvme_caps *caps)
{
	if (quirks & ONVME_QUIRK_NO_WRITE_ZEROES)
		caps->has_write_zeroes = false;
	if (quirks & ONVME_QUIRK_NO_APST)
		caps->apsta = false;
	if (quirks & ONVME_QUIRK_NO_DEEPEST_PS && caps->npss > 1)
		caps->npss--;
	if (quirks & ONVME_QUIRK_NO_SUBNQN)
		onvme_ident_synthetic_nqn(caps);
	if (quirks & ONVME_QUIRK_NO_NS_DESCS)
		caps->no_ns_descs = true;
}

/**
 * onvme_quirk_dma_bits() - how wide an address the device can use
 * @quirks: ONVME_QUIRK_*
 *
 * Return: bits.
 */
unsigned int onvme_quirk_dma_bits(unsigned int quirks)
{
	return quirks & ONVME_QUIRK_DMA_48 ? 48 : 64;
}

/**
 * onvme_quirk_quiet_ms() - how long its registers must not be read after CC.EN has been cleared
 * @quirks: ONVME_QUIRK_*
 *
 * Return: milliseconds.
 */
unsigned int onvme_quirk_quiet_ms(unsigned int quirks)
{
	return quirks & ONVME_QUIRK_SLOW_TO_RESET ? ONVME_QUIRK_QUIET_MS : 0;
}
