/* SPDX-License-Identifier: GPL-2.0 */
/*
 * zns.h - zoned namespaces: what they say of their zones, at a scan and when somebody asks.
 *
 * No object of its own. Zones are asked for by an I/O command of the driver's own, which does not wait in a scan while
 * I/O is held back. Process context. Without CONFIG_ONVME_ZNS such namespaces have no block device.
 */
#ifndef ONVME_ZNS_H
#define ONVME_ZNS_H

#include <linux/errno.h>
#include <linux/types.h>

#include "proto/ident.h"

struct gendisk;
struct onvme_ctrl;
struct onvme_zone_ear;

#ifdef CONFIG_ONVME_ZNS
int onvme_zns_identify(struct onvme_ctrl *ctrl, const struct onvme_caps *caps, void *page, struct onvme_ns_geom *geom);
int onvme_zns_report(struct onvme_ctrl *ctrl, const struct onvme_ns_geom *geom, struct gendisk *gd, u64 sector,
		     unsigned int nr, bool scan, const struct onvme_zone_ear *ear);
#else
static inline int onvme_zns_identify(struct onvme_ctrl *ctrl, const struct onvme_caps *caps, void *page,
				     struct onvme_ns_geom *geom)
{
	geom->fit = ONVME_FIT_CSI;
	return 0;
}

static inline int onvme_zns_report(struct onvme_ctrl *ctrl, const struct onvme_ns_geom *geom, struct gendisk *gd,
				   u64 sector, unsigned int nr, bool scan, const struct onvme_zone_ear *ear)
{
	return -EOPNOTSUPP;
}
#endif

#endif /* ONVME_ZNS_H */
