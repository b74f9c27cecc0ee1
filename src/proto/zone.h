/* SPDX-License-Identifier: GPL-2.0 */
/*
 * zone.h - zones: what a zoned namespace says of them, and whether that can be true.
 *
 * struct onvme_zones is part of what a namespace is (struct onvme_ns_geom). Places and lengths are in units of 512
 * bytes. Pure; any context; the caller owns all memory.
 */
#ifndef ONVME_PROTO_ZONE_H
#define ONVME_PROTO_ZONE_H

#include <onvme/spec.h>

struct onvme_caps;
struct onvme_finding;
struct onvme_ns_geom;

#define ONVME_MAX_ZONES		(1u << 22)	/* for more of them the block layer may not find memory */

/**
 * struct onvme_zones - the zones of a namespace
 * @sectors: size of each, a power of two; 0: there are none
 * @max_open: how many may be open at a time, 0: no limit
 * @max_active: how many may be open or closed at a time, 0: no limit
 * @append_sectors: most of one Zone Append
 * @ext_bytes: what the extension of a zone descriptor has
 * @can_append: Zone Append is supported
 */
struct onvme_zones {
	u32	sectors;
	u32	max_open;
	u32	max_active;
	u32	append_sectors;
	u16	ext_bytes;
	bool	can_append;
};

/**
 * struct onvme_zone - a zone
 * @start: where it begins
 * @capacity: how much of it can be written, from its beginning on
 * @wp: where the next write has to go; the end of the zone where none can
 * @state: ONVME_ZS_*
 */
struct onvme_zone {
	u64	start;
	u64	capacity;
	u64	wp;
	u8	state;
};

bool onvme_zone_ident(const struct onvme_id_ns_zns *id, struct onvme_ns_geom *geom);
void onvme_zone_append_limit(const struct onvme_id_ctrl_zns *id, const struct onvme_caps *caps,
			     struct onvme_ns_geom *geom);
unsigned int onvme_zone_count(const struct onvme_zone_report *report, unsigned int most,
			      struct onvme_finding *finding);
bool onvme_zone_read(const struct onvme_zone_desc *desc, const struct onvme_ns_geom *geom, u64 start,
		     struct onvme_zone *zone, struct onvme_finding *finding);

/**
 * onvme_zone_landed() - whether a Zone Append can be where the controller says
 * @lba: first block, from the completion
 * @lba_shift: size of a block as a power of two
 * @zone: where the zone begins
 * @zone_sectors: its size
 * @sectors: how much was appended
 *
 * Return: the answer.
 */
static inline bool onvme_zone_landed(u64 lba, u8 lba_shift, u64 zone, u32 zone_sectors, u32 sectors)
{
	u64 at = lba << (lba_shift - 9);

	return lba <= ~0ull >> (lba_shift - 9) && at >= zone && sectors <= zone_sectors &&
	       at - zone <= zone_sectors - sectors;
}

#endif /* ONVME_PROTO_ZONE_H */
