/* SPDX-License-Identifier: GPL-2.0 */
/*
 * zones.h - zones, as each kernel's block layer wants to be told of them.
 *
 * From 6.19 on it hears of zones by a function of its own; before, by one that it brings. Where the kernel is without
 * CONFIG_BLK_DEV_ZONED no namespace has zones. Included by whoever needs it, after compat.h.
 */
#ifndef ONVME_COMPAT_ZONES_H
#define ONVME_COMPAT_ZONES_H

#include <linux/blkdev.h>
#include <linux/blkzoned.h>

/* Who wants to hear of zones: the last arguments of block_device_operations.report_zones */
struct onvme_zone_ear {
#ifdef ONVME_HAVE_REPORT_ZONES_ARGS
	struct blk_report_zones_args *args;
#else
	report_zones_cb		cb;
	void			*data;
#endif
};

#ifdef ONVME_HAVE_REPORT_ZONES_ARGS
#define ONVME_REPORT_ZONES_ARGS	struct blk_report_zones_args *args
#define ONVME_ZONE_EAR		{ .args = args }
#else
#define ONVME_REPORT_ZONES_ARGS	report_zones_cb cb, void *data
#define ONVME_ZONE_EAR		{ .cb = cb, .data = data }
#endif

/* Tell of the @idx-th zone of a report. */
static inline int onvme_compat_report_zone(struct gendisk *gd, struct blk_zone *zone, unsigned int idx,
					   const struct onvme_zone_ear *ear)
{
#ifdef ONVME_HAVE_REPORT_ZONES_ARGS
	return disk_report_zone(gd, zone, idx, ear->args);
#else
	return ear->cb(zone, idx, ear->data);
#endif
}

/* Have the block layer look at the zones of a disk. */
static inline int onvme_compat_revalidate_zones(struct gendisk *gd)
{
#if !IS_ENABLED(CONFIG_BLK_DEV_ZONED)
	return -EOPNOTSUPP;
#elif defined(ONVME_HAVE_REVALIDATE_ZONES_DISK)
	return blk_revalidate_disk_zones(gd);
#else
	return blk_revalidate_disk_zones(gd, NULL);
#endif
}

/* A queue with zones; 0 for a number of zones: no limit. */
static inline void onvme_compat_set_zones(struct queue_limits *lim, u32 max_open, u32 max_active, u32 append_sectors)
{
	lim->features |= BLK_FEAT_ZONED;
	lim->max_open_zones = max_open;
	lim->max_active_zones = max_active;
#ifdef ONVME_HAVE_ZONE_APPEND_HW_LIMIT
	lim->max_hw_zone_append_sectors = append_sectors;
#else
	lim->max_zone_append_sectors = append_sectors;
#endif
}

#endif /* ONVME_COMPAT_ZONES_H */
