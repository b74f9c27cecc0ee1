/* SPDX-License-Identifier: GPL-2.0 */
/*
 * identify.h - what a namespace says about itself, put together from the structures that tell it.
 *
 * No object of its own: fills in a struct onvme_ns_geom for whoever scans. What a controller refuses to tell is
 * remembered in onvme_ctrl.flags and not asked again. Process context, no lock.
 */
#ifndef ONVME_IDENTIFY_H
#define ONVME_IDENTIFY_H

#include <linux/types.h>

struct onvme_caps;
struct onvme_ctrl;
struct onvme_ns_geom;

int onvme_identify_ns(struct onvme_ctrl *ctrl, const struct onvme_caps *caps, u32 nsid, void *page,
		      const struct onvme_ns_geom *old, struct onvme_ns_geom *geom);
bool onvme_identify_sends_io(const struct onvme_caps *caps);

#endif /* ONVME_IDENTIFY_H */
