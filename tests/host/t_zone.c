// SPDX-License-Identifier: GPL-2.0
/* zone.c: what a namespace may say of its zones, and reports that cannot be true, by the rules said in another way. */
#include <asm/byteorder.h>

#include "ident.h"
#include "ktap.h"

static struct onvme_ns_geom ns_of(u8 shift, u64 zone_blocks, u64 zones)
{
	return (struct onvme_ns_geom){
		.nsid = 1, .csi = ONVME_CSI_ZNS, .lba_shift = shift, .nsze = zone_blocks * zones,
		.sectors = zone_blocks * zones << (shift - 9),
		.zones = { .sectors = (u32)(zone_blocks << (shift - 9)) },
	};
}

/* Sizes of every kind: one bit and nothing else, that fills the namespace, and not too many of them. */
static void sizes(void)
{
	unsigned long round;

	for (round = 0; round < rounds(20000); round++) {
		static struct onvme_id_ns_zns id;
		u8 shift = (u8)(9 + rnd_below(8)), format = (u8)rnd_below(66);
		u64 blocks = 1ull << rnd_below(36), zones = 1 + rnd_below(1u << rnd_below(25));
		struct onvme_ns_geom geom = ns_of(shift, blocks, zones);
		bool good;

		if (!rnd_below(4))
			blocks += 1 + rnd_below(3);
		if (!rnd_below(16))
			blocks = 0;
		if (!rnd_below(8))
			geom.nsze += blocks ? rnd_below((u32)blocks) : 0;
		memset(&id, 0, sizeof(id));
		geom.format = format;
		geom.atomic_bytes = 512;
		geom.atomic_unit_bytes = 512;
		geom.atomic_boundary_bytes = rnd_below(2) ? 1u << (9 + rnd_below(15)) : 0;
		id.mar = cpu_to_le32(rnd_below(3) ? rnd_below(100) : ~0u);
		id.mor = cpu_to_le32(rnd_below(3) ? rnd_below(100) : ~0u);
		id.zoc = cpu_to_le16(rnd_below(8) ? 0 : 1 + rnd_below(3));
		if (format < 64) {
			id.lbafe[format].zsze = cpu_to_le64(blocks);
			id.lbafe[format].zdes = (u8)rnd_below(256);
		}
		good = format < 64 && !id.zoc && __builtin_popcountll(blocks) == 1 &&
		       blocks << (shift - 9) <= 1ull << 31 && geom.nsze % blocks == 0 && geom.nsze / blocks <= 1u << 22;
		EQUAL(onvme_zone_ident(&id, &geom), good);
		EQUAL(geom.zones.sectors, good ? blocks << (shift - 9) : 0);
		if (!good)
			continue;
		EQUAL(geom.chunk_sectors, geom.zones.sectors);
		EQUAL(geom.zones.max_open, id.mor == ~0u ? 0 : le32_to_cpu(id.mor) + 1);
		EQUAL(geom.zones.max_active, id.mar == ~0u ? 0 : le32_to_cpu(id.mar) + 1);
		EQUAL(geom.zones.ext_bytes, id.lbafe[format].zdes * 64u);
		/* A boundary of atomic writes divides the zone, or nothing is promised. */
		EQUAL(!geom.atomic_bytes, geom.atomic_boundary_bytes == 0 && geom.atomic_unit_bytes == 0);
		CHECK(!geom.atomic_boundary_bytes || geom.zones.sectors % (geom.atomic_boundary_bytes >> 9) == 0);
	}
}

static void appends(void)
{
	static struct onvme_id_ctrl_zns id;
	struct onvme_caps caps = { .max_bytes = 1u << 20 };
	struct onvme_ns_geom geom = ns_of(12, 256, 4);
	unsigned int zasl;

	for (zasl = 0; zasl < 256; zasl++) {
		u32 most = zasl && zasl < 8 ? 4096u << zasl : 1u << 20;

		id.zasl = (u8)zasl;
		onvme_zone_append_limit(&id, &caps, &geom);
		EQUAL(geom.zones.append_sectors, (most >> 9 < 2048 ? most >> 9 : 2048));
	}
	onvme_zone_append_limit(NULL, &caps, &geom);
	EQUAL(geom.zones.append_sectors, 2048);
	/* No more than a zone, and whole blocks */
	geom = ns_of(9, 16, 4);
	onvme_zone_append_limit(NULL, &caps, &geom);
	EQUAL(geom.zones.append_sectors, 16);
	geom = ns_of(16, 16, 4);
	caps.max_bytes = 0x1ffff;
	onvme_zone_append_limit(NULL, &caps, &geom);
	EQUAL(geom.zones.append_sectors, 128);
}

static void counts(void)
{
	struct onvme_finding finding = {};
	struct onvme_zone_report report = { .nr_zones = cpu_to_le64(5) };

	EQUAL(onvme_zone_count(&report, 5, &finding), 5);
	EQUAL(onvme_zone_count(&report, 3, &finding), 3);
	report.nr_zones = cpu_to_le64(~0ull);
	EQUAL(onvme_zone_count(&report, 1023, &finding), 1023);
	EQUAL(finding.count, 0);
	report.nr_zones = 0;
	EQUAL(onvme_zone_count(&report, 1, &finding), 0);
	EQUAL(finding.count, 1);
	/* Fewer than there have to be, too */
	finding.count = 0;
	report.nr_zones = cpu_to_le64(5);
	EQUAL(onvme_zone_count(&report, 6, &finding), 0);
	EQUAL(finding.count, 1);
	EQUAL(finding.value, 5);
}

/* Each field from a few values around what it may be, against the rules. */
static void zones(void)
{
	unsigned long round;

	for (round = 0; round < rounds(200000); round++) {
		u8 shift = rnd_below(2) ? 9 : 12, state = (u8)rnd_below(16);
		u8 type = rnd_below(4) ? 2 : (u8)rnd_below(16);
		struct onvme_ns_geom geom = ns_of(shift, 64, 100);
		u64 slba = 64 * rnd_below(100), cap = 60 + rnd_below(6), wp, said = slba;
		struct onvme_finding finding = {};
		struct onvme_zone zone;
		bool open = state >= 2 && state <= 4, ended = state >= 13, good;
		struct onvme_zone_desc desc;

		if (!rnd_below(6))
			cap = rnd_below(2) ? 0 : rnd();
		if (!rnd_below(6))
			said = rnd_below(2) ? slba + 64 : rnd();
		wp = state == 1 && rnd_below(4) ? slba : slba + rnd_below(70) - (rnd_below(6) ? 0 : 3);
		if (!rnd_below(8))
			wp = rnd();
		memset(&desc, 0xff, sizeof(desc));
		desc.zt = (u8)(type | rnd_below(16) << 4);
		desc.zs = (u8)(state << 4 | rnd_below(16));
		desc.zcap = cpu_to_le64(cap);
		desc.zslba = cpu_to_le64(said);
		desc.wp = cpu_to_le64(wp);
		good = type == 2 && (state == 1 || open || ended) && said == slba && cap >= 1 && cap <= 64 &&
		       (ended || (state == 1 ? wp == slba : wp >= slba && wp <= slba + cap));
		EQUAL(onvme_zone_read(&desc, &geom, slba << (shift - 9), &zone, &finding), good);
		EQUAL(finding.count, good ? 0 : 1);
		if (!good) {
			CHECK(finding.what && *finding.what);
			continue;
		}
		EQUAL(zone.start, slba * ((1u << shift) / 512));
		EQUAL(zone.capacity, cap * ((1u << shift) / 512));
		EQUAL(zone.wp, (ended ? slba + 64 : wp) * ((1u << shift) / 512));
		EQUAL(zone.state, state);
	}
}

/* Every place around a zone, of every length */
static void landings(void)
{
	u64 at;
	u32 len;

	for (at = 0; at < 64; at++)
		for (len = 1; len < 20; len++) {
			EQUAL(onvme_zone_landed(at, 9, 16, 16, len), at >= 16 && at + len <= 32);
			EQUAL(onvme_zone_landed(at, 12, 128, 128, len * 8), at >= 16 && at + len <= 32);
		}
	/* What would be in it but for an overflow */
	CHECK(!onvme_zone_landed(1ull << 61 | 16, 12, 128, 128, 8));
	CHECK(!onvme_zone_landed(~0ull, 9, 16, 16, 1));
}

KTAP_MAIN("t_zone",
	  KTAP_CASE(sizes),
	  KTAP_CASE(appends),
	  KTAP_CASE(counts),
	  KTAP_CASE(zones),
	  KTAP_CASE(landings))
