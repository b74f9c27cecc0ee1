// SPDX-License-Identifier: GPL-2.0
/*
 * NVM Express Zoned Namespace Command Set. The block layer wants zones of one size, a power of two, that need nothing
 * else than what the command set has by itself; what a report says of a zone is held against that and against the
 * place where the zone has to be.
 */
#include <asm/byteorder.h>
#include <linux/array_size.h>
#include <linux/bitfield.h>
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "ident.h"

static void onvme_zone_note(struct onvme_finding *finding, const char *what, u64 value)
{
	if (!finding->count++) {
		finding->what = what;
		finding->value = value;
	}
}

/**
 * onvme_zone_ident() - read what a namespace says of its zones
 * @id: I/O Command Set specific Identify Namespace (CNS 05h, CSI 2)
 * @geom: the snapshot under construction, whose blocks are known
 *
 * Return: false when the block layer cannot drive such zones: they are of no size that is a power of two, do not fill
 * the namespace, are too many, or have a capacity or an activity that changes by itself.
 */
bool onvme_zone_ident(const struct onvme_id_ns_zns *id, struct onvme_ns_geom *geom)
{
	struct onvme_zones *zones = &geom->zones;
	unsigned int up = geom->lba_shift - 9;
	u64 blocks;

	memset(zones, 0, sizeof(*zones));
	if (geom->format >= ARRAY_SIZE(id->lbafe))
		return false;
	blocks = le64_to_cpu(id->lbafe[geom->format].zsze);
	if (id->zoc || blocks > 1u << 31 >> up || !blocks || blocks & (blocks - 1))
		return false;
	if (geom->nsze & (blocks - 1) || geom->nsze / blocks > ONVME_MAX_ZONES)
		return false;
	zones->sectors = (u32)(blocks << up);
	zones->ext_bytes = (u16)(id->lbafe[geom->format].zdes * 64);
	zones->max_open = le32_to_cpu(id->mor) + 1;
	zones->max_active = le32_to_cpu(id->mar) + 1;
	geom->chunk_sectors = zones->sectors;
	if (geom->atomic_boundary_bytes >> 9 > zones->sectors) {
		geom->atomic_bytes = 0;
		geom->atomic_unit_bytes = 0;
		geom->atomic_boundary_bytes = 0;
	}
	return true;
}

/**
 * onvme_zone_append_limit() - how much a Zone Append may have
 * @id: I/O Command Set specific Identify Controller (CNS 06h, CSI 2), or NULL where it is not known
 * @caps: the controller
 * @geom: the snapshot under construction, after onvme_zone_ident()
 */
void onvme_zone_append_limit(const struct onvme_id_ctrl_zns *id, const struct onvme_caps *caps,
			     struct onvme_ns_geom *geom)
{
	u32 bytes = id ? min(onvme_ident_pow2_pages(id->zasl, caps->cap), caps->max_bytes) : caps->max_bytes;

	geom->zones.append_sectors = min(bytes >> geom->lba_shift << (geom->lba_shift - 9), geom->zones.sectors);
}

/**
 * onvme_zone_count() - how many zones a report has
 * @report: its header
 * @most: as many as were asked for, have room, and are there; at least one
 * @finding: gets a value that cannot be true
 *
 * A controller that told of fewer than it has to would have to be asked millions of times.
 *
 * Return: @most; 0: the controller tells of fewer.
 */
unsigned int onvme_zone_count(const struct onvme_zone_report *report, unsigned int most, struct onvme_finding *finding)
{
	u64 nr = le64_to_cpu(report->nr_zones);

	if (nr >= most)
		return most;
	onvme_zone_note(finding, "Number of Zones", nr);
	return 0;
}

/* Whether a zone in that state is written from its write pointer on; -1: there is no such state. */
static int onvme_zone_state(u8 state)
{
	switch (state) {
	case ONVME_ZS_EMPTY:
	case ONVME_ZS_IMPLICIT:
	case ONVME_ZS_EXPLICIT:
	case ONVME_ZS_CLOSED:
		return 1;
	case ONVME_ZS_READ_ONLY:
	case ONVME_ZS_FULL:
	case ONVME_ZS_OFFLINE:
		return 0;
	default:
		return -1;
	}
}

/**
 * onvme_zone_read() - read a zone descriptor
 * @desc: the descriptor
 * @geom: the namespace
 * @start: where the zone has to begin
 * @zone: what it says
 * @finding: gets a value that cannot be true; none is in it
 *
 * Return: false when there is one.
 */
bool onvme_zone_read(const struct onvme_zone_desc *desc, const struct onvme_ns_geom *geom, u64 start,
		     struct onvme_zone *zone, struct onvme_finding *finding)
{
	unsigned int up = geom->lba_shift - 9;
	u64 slba = le64_to_cpu(desc->zslba), cap = le64_to_cpu(desc->zcap), wp = le64_to_cpu(desc->wp);
	int written;

	zone->start = start;
	zone->state = (u8)FIELD_GET(ONVME_ZS, desc->zs);
	written = onvme_zone_state(zone->state);
	if (FIELD_GET(ONVME_ZT, desc->zt) != ONVME_ZT_SEQUENTIAL)
		onvme_zone_note(finding, "Zone Type", desc->zt);
	else if (written < 0)
		onvme_zone_note(finding, "Zone State", zone->state);
	else if (slba != start >> up)
		onvme_zone_note(finding, "Zone Start Logical Block Address", slba);
	else if (!cap || cap > geom->zones.sectors >> up)
		onvme_zone_note(finding, "Zone Capacity", cap);
	else if (written && (wp < slba || wp - slba > cap || (zone->state == ONVME_ZS_EMPTY && wp != slba)))
		onvme_zone_note(finding, "Write Pointer", wp);
	if (finding->count)
		return false;
	zone->capacity = cap << up;
	zone->wp = written ? wp << up : start + geom->zones.sectors;
	return true;
}
