// SPDX-License-Identifier: GPL-2.0
#include <linux/blkdev.h>
#include <linux/delay.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "admin.h"
#include "compat/zones.h"
#include "ctrl.h"
#include "fault.h"
#include "proto/cmd.h"
#include "zns.h"

#define ONVME_ZNS_REPORT_BYTES	65536u		/* of one Zone Management Receive: 1023 zones */

/* Whether Zone Append is supported: a controller that refuses to tell has none. */
static int onvme_zns_identify_append(struct onvme_ctrl *ctrl, const struct onvme_caps *caps, void *page,
				     struct onvme_ns_geom *geom)
{
	struct onvme_answer answer;
	int err;

	err = onvme_admin_identify(ctrl, 0, ONVME_CNS_CS_CTRL, ONVME_CSI_ZNS, page, &answer);
	if (err && !(err == -EIO && answer.status & ONVME_SF_DNR))
		return err;
	onvme_zone_append_limit(err ? NULL : page, caps, geom);
	/* Not to be told now is not to be told that there is none. */
	if (!onvme_effects_settled(ctrl, caps, ONVME_CSI_ZNS))
		return -EIO;
	geom->zones.can_append = onvme_effects_get(ctrl, false, ONVME_CSI_ZNS, ONVME_ZNS_APPEND) & ONVME_EFFECT_CSUPP;
	return 0;
}

/**
 * onvme_zns_identify() - look at the zones of a namespace
 * @ctrl: the controller
 * @caps: what it can do
 * @page: %ONVME_IDENTIFY_SIZE bytes to work in
 * @geom: the snapshot under construction, of a namespace with the Zoned Namespace Command Set, of whose commands the
 *	effects have been asked for
 *
 * Where the block layer cannot drive them, that is what the snapshot says. Who writes to zones counts on Zone Append:
 * without it the namespace can only be read. Process context.
 *
 * Return: 0; -EIO when the controller does not say now; another error when it could not be asked.
 */
int onvme_zns_identify(struct onvme_ctrl *ctrl, const struct onvme_caps *caps, void *page, struct onvme_ns_geom *geom)
{
	struct onvme_answer answer;
	int err;

	if (geom->fit != ONVME_FIT_OK)
		return 0;
	err = onvme_admin_identify(ctrl, geom->nsid, ONVME_CNS_CS_NS, ONVME_CSI_ZNS, page, &answer);
	if (err && !(err == -EIO && answer.status & ONVME_SF_DNR))
		return err;
	if (err || !onvme_zone_ident(page, geom)) {
		geom->fit = ONVME_FIT_ZONES;
		geom->sectors = 0;
		return 0;
	}
	err = onvme_zns_identify_append(ctrl, caps, page, geom);
	geom->readonly |= !geom->zones.can_append;
	return err;
}

/*
 * Zone Management Receive. Waits for tags, and while I/O is held back, but for a scan, which that may wait for. None is
 * sent any more for who is killed or for a controller that goes away: there may be thousands of them.
 */
static int onvme_zns_receive(struct onvme_ctrl *ctrl, const struct onvme_sqe *sqe, void *buf, unsigned int len,
			     bool scan)
{
	unsigned long end = jiffies + msecs_to_jiffies(ctrl->io_timeout_ms);
	struct onvme_answer answer;
	int err;

	for (;;) {
		if (READ_ONCE(ctrl->nss.stopped) || onvme_ctrl_is(ctrl, ONVME_TERMINAL))
			return -ENODEV;
		if (fatal_signal_pending(current))
			return -EINTR;
		err = onvme_admin_read_io(ctrl, sqe, buf, len, &answer);
		if (err != -EAGAIN)
			return err;
		if (scan && READ_ONCE(ctrl->nss.frozen))
			return -EAGAIN;
		if (time_after(jiffies, end))
			return -EBUSY;
		msleep(20);
	}
}

/* Tell of the zones of one report, which begin with @start. Returns how many there were, or an error. */
static int onvme_zns_tell(struct onvme_ctrl *ctrl, const struct onvme_ns_geom *geom, struct gendisk *gd,
			  const struct onvme_zone_report *report, unsigned int most, u64 start, unsigned int idx,
			  const struct onvme_zone_ear *ear)
{
	const struct onvme_zone_desc *desc = (const void *)(report + 1);
	struct onvme_finding finding = {};
	unsigned int n = onvme_zone_count(report, most, &finding), i;
	struct onvme_zone zone;
	int err;

	for (i = 0; i < n && onvme_zone_read(&desc[i], geom, start, &zone, &finding); i++) {
		struct blk_zone told = {
			.start		= zone.start,
			.len		= geom->zones.sectors,
			.wp		= zone.wp,
			.type		= BLK_ZONE_TYPE_SEQWRITE_REQ,
			.cond		= zone.state,
			.capacity	= zone.capacity,
		};

		err = onvme_compat_report_zone(gd, &told, idx + i, ear);
		if (err)
			return err;
		start += geom->zones.sectors;
	}
	onvme_observe_finding(&ctrl->dev, &ctrl->counters, &finding, "Report Zones");
	return finding.count ? -EIO : (int)n;
}

/**
 * onvme_zns_report() - tell of zones
 * @ctrl: the controller
 * @geom: the namespace, which has zones
 * @gd: its disk
 * @sector: a place in the first zone
 * @nr: most zones
 * @scan: in a scan
 * @ear: to be told
 *
 * What the controller says is believed only where it can be true: a report that is not of the zones that there have to
 * be is an error, so that this ends. Process context; waits for each of the commands up to the admin time-out, and for
 * I/O that is held back up to the I/O time-out.
 *
 * Return: how many zones were told of; -EIO; -EAGAIN in a scan: I/O is held back; -EBUSY; -EINTR; -ENODEV; -ENOMEM; or
 * what @ear returned.
 */
int onvme_zns_report(struct onvme_ctrl *ctrl, const struct onvme_ns_geom *geom, struct gendisk *gd, u64 sector,
		     unsigned int nr, bool scan, const struct onvme_zone_ear *ear)
{
	const u32 zone = geom->zones.sectors, head = sizeof(struct onvme_zone_report);
	unsigned int len = ONVME_ZNS_REPORT_BYTES, told = 0, most;
	struct onvme_zone_report *report;
	struct onvme_sqe sqe;
	int n = 0;

	rcu_read_lock();
	len = min(len, rcu_dereference(ctrl->caps)->max_bytes);
	rcu_read_unlock();
	report = ONVME_ALLOC(kmalloc(len, GFP_KERNEL));
	if (!report)
		return -ENOMEM;
	for (sector &= ~(u64)(zone - 1); told < nr && sector < geom->sectors; sector += (u64)n * zone) {
		most = min3((u64)(len - head) / sizeof(struct onvme_zone_desc), (u64)(nr - told),
			    (geom->sectors - sector) / zone);
		memset(report, 0, head + most * sizeof(struct onvme_zone_desc));
		onvme_cmd_zone_report(&sqe, geom->nsid, sector >> (geom->lba_shift - SECTOR_SHIFT),
				      head + most * sizeof(struct onvme_zone_desc));
		n = onvme_zns_receive(ctrl, &sqe, report, head + most * sizeof(struct onvme_zone_desc), scan);
		if (!n)
			n = onvme_zns_tell(ctrl, geom, gd, report, most, sector, told, ear);
		if (n < 0)
			break;
		told += (unsigned int)n;
	}
	kfree(report);
	return n < 0 ? n : (int)told;
}
