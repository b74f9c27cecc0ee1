// SPDX-License-Identifier: GPL-2.0
/*
 * A scan reads the list of active namespaces, looks at each, adds what is new, carries changes over, and at the end
 * removes what was not seen. Asking and adding is done for several at once (crew.c), and what they are called does not
 * depend on who is first. It changes nothing for namespaces that it could not read because the controller went
 * away: they are as they were when it comes back. The number of namespaces is bounded whatever the device says.
 */
#include <linux/blk-mq.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>

#include "admin.h"
#include "class.h"
#include "crew.h"
#include "ctrl.h"
#include "disk.h"
#include "fault.h"
#include "generic.h"
#include "identify.h"
#include "scan.h"

#define ONVME_MAX_NAMESPACES	4096u
#define ONVME_SCAN_AGAIN	8		/* tries: after 1 s, 2 s, ... 128 s */

static struct onvme_ns *onvme_scan_find(struct onvme_ctrl *ctrl, u32 nsid)
{
	struct onvme_ns *ns;

	list_for_each_entry(ns, &ctrl->nss.list, node)
		if (ns->geom.nsid == nsid)
			return ns;
	return NULL;
}

/* Whether namespaces can have block devices: there are I/O queues, and they have not been lost since. */
static bool onvme_scan_has_queues(struct onvme_ctrl *ctrl)
{
	return ctrl->blk.io_q && !test_bit(ONVME_CTRL_NO_QUEUES, &ctrl->flags);
}

/*
 * The disk is entered before it is published: its first I/O, which reads the partition table, must not escape who holds
 * I/O back.
 */
static int onvme_scan_add_disk(struct onvme_ctrl *ctrl, struct onvme_ns *ns)
{
	struct onvme_disk *disk = onvme_disk_alloc(ctrl, &ns->geom, ns->instance);
	int err;

	if (IS_ERR(disk))
		return PTR_ERR(disk);
	ns->disk = disk;
	onvme_ns_insert(ctrl, ns);
	err = onvme_disk_look_at_zones(disk);
	if (!err)
		err = onvme_disk_publish(disk);
	if (err) {
		onvme_ns_unlist(ctrl, ns);
		ns->disk = NULL;
		onvme_disk_free(disk);
	}
	return err;
}

/*
 * The number behind the "n" of its name: that of the order in which namespaces are found, or the NSID. One that is
 * beyond what can be a number, or taken because such a one has got it, has the lowest that is free.
 */
static int onvme_scan_number(struct onvme_ctrl *ctrl, u32 nsid)
{
	int number = -ENOSPC;

	if (!ctrl->nss.by_nsid)
		return ONVME_ALLOC_ERRNO(ida_alloc_min(&ctrl->nss.ida, 1, GFP_KERNEL));
	if (nsid <= INT_MAX)
		number = ONVME_ALLOC_ERRNO(ida_alloc_range(&ctrl->nss.ida, nsid, nsid, GFP_KERNEL));
	if (number != -ENOSPC)
		return number;
	number = ONVME_ALLOC_ERRNO(ida_alloc_min(&ctrl->nss.ida, 1, GFP_KERNEL));
	if (number >= 0)
		dev_warn(&ctrl->dev, "namespace %u: its name cannot have this number, and has %d\n", nsid, number);
	return number;
}

/* One more whom this scan cannot add. */
static void onvme_scan_miss(struct onvme_ctrl *ctrl, u32 nsid, int err)
{
	dev_err(&ctrl->dev, "cannot add namespace %u: %d\n", nsid, err);
	WRITE_ONCE(ctrl->nss.unsure, true);	/* who waits for a scan that has seen all of them scans again */
}

/* A new namespace with its number, but for nobody to see */
static struct onvme_ns *onvme_scan_new(struct onvme_ctrl *ctrl, const struct onvme_ns_geom *geom)
{
	struct onvme_ns *ns = ONVME_ALLOC(kzalloc(sizeof(*ns), GFP_KERNEL));
	int err;

	if (!ns) {
		onvme_scan_miss(ctrl, geom->nsid, -ENOMEM);
		return NULL;
	}
	ns->geom = *geom;
	ns->seen = true;
	ns->instance = onvme_scan_number(ctrl, geom->nsid);
	if (ns->instance < 0) {
		err = ns->instance;
		kfree(ns);
		onvme_scan_miss(ctrl, geom->nsid, err);
		return NULL;
	}
	return ns;
}

/* Add what onvme_scan_new() has made. Others may be added meanwhile; caller, or who waits for it, holds scan_lock. */
static void onvme_scan_expose(struct onvme_ctrl *ctrl, struct onvme_ns *ns)
{
	const struct onvme_ns_geom *geom = &ns->geom;
	int err;

	if (geom->fit == ONVME_FIT_OK && onvme_scan_has_queues(ctrl)) {
		if (geom->zones.sectors && !geom->zones.can_append)
			dev_warn(&ctrl->dev, "namespace %u: no Zone Append: read-only\n", geom->nsid);
		err = onvme_scan_add_disk(ctrl, ns);
		if (err && geom->zones.sectors) {
			dev_warn(&ctrl->dev, "namespace %u: zones: %d: no block device\n", geom->nsid, err);
			/* -EAGAIN: I/O is held back, maybe until this scan ends; who lets it in has one more made. */
			if (err != -EIO && err != -EAGAIN)
				WRITE_ONCE(ctrl->nss.unsure, true);
			onvme_ns_insert(ctrl, ns);
		} else if (err) {
			onvme_scan_miss(ctrl, geom->nsid, err);
			ida_free(&ctrl->nss.ida, ns->instance);
			kfree(ns);
			return;
		}
	} else {
		dev_warn(&ctrl->dev, "namespace %u: %s: no block device\n", geom->nsid,
			 onvme_scan_has_queues(ctrl) ? onvme_ident_fit_text(geom->fit) : "no I/O queues");
		onvme_ns_insert(ctrl, ns);
	}
	ns->generic = onvme_generic_add(ctrl, geom, ns->disk ? ns->disk->gd : NULL, ns->instance);
	if (IS_ERR(ns->generic)) {
		dev_warn(&ctrl->dev, "namespace %u: no generic node: %ld\n", geom->nsid, PTR_ERR(ns->generic));
		ns->generic = NULL;
	}
}

/* A namespace that is known was looked at again. */
static void onvme_scan_change(struct onvme_ctrl *ctrl, struct onvme_ns *ns, const struct onvme_ns_geom *geom)
{
	bool other = !onvme_ident_same_blocks(geom, &ns->geom) || ns->geom.zones.ext_bytes != geom->zones.ext_bytes;
	int err = 0;

	if (!onvme_ident_same_ids(&ns->geom, geom)) {
		dev_err(&ctrl->dev, "identifiers changed for nsid %u\n", geom->nsid);
		goto replace;
	}
	if (ns->disk && ns->geom.zones.sectors != geom->zones.sectors)
		goto replace;
	if (ns->disk ? ns->disk->dead || !onvme_scan_has_queues(ctrl) :
		       geom->fit == ONVME_FIT_OK && onvme_scan_has_queues(ctrl))
		goto replace;
	/* A disk that somebody may have open stays, without capacity, until its namespace can be driven again. */
	if (geom->fit != ns->geom.fit && geom->fit != ONVME_FIT_OK)
		dev_warn(&ctrl->dev, "namespace %u: %s: no capacity\n", geom->nsid, onvme_ident_fit_text(geom->fit));
	if (other)
		onvme_ns_new_era(ctrl);
	if (ns->disk)
		err = onvme_disk_update(ns->disk, geom);
	if (err) {
		dev_err(&ctrl->dev, "cannot follow the change of namespace %u: %d\n", geom->nsid, err);
		/* What I/O depends on must not be wrong; the rest can wait for the next scan. */
		if (!onvme_ident_same_blocks(geom, &ns->geom))
			goto replace;
		WRITE_ONCE(ctrl->nss.unsure, true);	/* a held command has let no I/O in until this succeeds */
		ns->seen = true;
		return;
	}
	if (ns->disk && geom->fit == ONVME_FIT_OK)
		err = onvme_disk_look_at_zones(ns->disk);
	if (err && err != -EAGAIN) {
		dev_warn(&ctrl->dev, "namespace %u: zones: %d\n", geom->nsid, err);
		if (err != -EIO)
			WRITE_ONCE(ctrl->nss.unsure, true);
	}
	if (ns->generic)
		onvme_generic_update(ns->generic, geom);
	down_write(&ctrl->nss.lock);
	ns->geom = *geom;
	ns->seen = true;
	up_write(&ctrl->nss.lock);
	if (other)
		onvme_ns_new_era(ctrl);		/* for who has read the old geometry meanwhile */
	return;

replace:
	onvme_ns_drop(ctrl, ns);
	ns = onvme_scan_new(ctrl, geom);
	if (ns)
		onvme_scan_expose(ctrl, ns);
}

/**
 * struct onvme_look - a namespace that a scan looks at
 * @nsid: its id
 * @err: as onvme_identify_ns()
 * @ns: what is known of it, or has just been made; NULL when it is new and cannot be added
 * @fresh: it is new
 * @geom: what it says it is
 */
struct onvme_look {
	u32			nsid;
	int			err;
	struct onvme_ns		*ns;
	bool			fresh;
	struct onvme_ns_geom	geom;
};

#define ONVME_SCAN_ROW	64

/* Memory of a scan: nothing that large belongs on the stack. */
struct onvme_scan {
	struct onvme_ctrl	*ctrl;
	struct onvme_caps	caps;
	u32			nsids[ONVME_NSIDS_PER_PAGE];
	u8			list[ONVME_IDENTIFY_SIZE];
	u8			page[ONVME_IDENTIFY_SIZE];
	unsigned int		nr;			/* of @row */
	struct onvme_look	row[ONVME_SCAN_ROW];
};

static int onvme_scan_identify(void *arg, unsigned int i, void *page)
{
	struct onvme_scan *scan = arg;
	struct onvme_look *look = &scan->row[i];

	/* Removal waits for the end of the scan. */
	if (READ_ONCE(scan->ctrl->nss.stopped))
		look->err = -ENODEV;
	else
		look->err = onvme_identify_ns(scan->ctrl, &scan->caps, look->nsid, page,
					      look->ns ? &look->ns->geom : NULL, &look->geom);
	return look->err == -ENOENT || look->err == -EIO ? 0 : look->err;
}

/* What comes of a look. New namespaces get their numbers here, so that these do not depend on who answers first. */
static int onvme_scan_judge(struct onvme_ctrl *ctrl, struct onvme_look *look, unsigned int *fresh)
{
	if (look->err == -EIO) {
		dev_warn_ratelimited(&ctrl->dev, "namespace %u cannot be identified now\n", look->nsid);
		WRITE_ONCE(ctrl->nss.unsure, true);
		if (look->ns)
			look->ns->seen = true;
	}
	if (look->err)
		return look->err == -ENOENT || look->err == -EIO ? 0 : look->err;
	if (look->ns) {
		onvme_scan_change(ctrl, look->ns, &look->geom);
	} else if (ctrl->nss.count + *fresh < ONVME_MAX_NAMESPACES) {
		look->ns = onvme_scan_new(ctrl, &look->geom);
		look->fresh = look->ns;
		*fresh += look->fresh;
	}
	return 0;
}

static int onvme_scan_add(void *arg, unsigned int i, void *page)
{
	struct onvme_scan *scan = arg;

	if (scan->row[i].fresh)
		onvme_scan_expose(scan->ctrl, scan->row[i].ns);
	return 0;
}

/*
 * Ask about the namespaces of a row, about several at once. The first is asked about before: what it tells of its
 * controller is known then. One after the other where that takes I/O commands.
 */
static void onvme_scan_ask(struct onvme_scan *scan, unsigned int n)
{
	unsigned int alone = onvme_identify_sends_io(&scan->caps) ? n : 1, i;

	for (i = 0; i < min(alone, n); i++)
		if (onvme_scan_identify(scan, i, scan->page))
			return;
	onvme_crew_run(i, n, onvme_scan_identify, scan, scan->page);
}

/* Look at the namespaces of the row: ask about them, judge by rising id, and add those that are new. */
static int onvme_scan_row(struct onvme_ctrl *ctrl, struct onvme_scan *scan)
{
	unsigned int n = scan->nr, i, fresh = 0;
	int err = 0;

	scan->nr = 0;
	for (i = 0; i < n; i++) {
		scan->row[i].ns = onvme_scan_find(ctrl, scan->row[i].nsid);
		scan->row[i].fresh = false;
		scan->row[i].err = -EINTR;
	}
	onvme_scan_ask(scan, n);
	for (i = 0; i < n; i++) {
		err = onvme_scan_judge(ctrl, &scan->row[i], &fresh);
		if (err)
			break;
	}
	if (fresh)
		onvme_crew_run(0, n, onvme_scan_add, scan, scan->page);
	return err;
}

static int onvme_scan_enter(struct onvme_ctrl *ctrl, struct onvme_scan *scan, u32 nsid)
{
	scan->row[scan->nr++].nsid = nsid;
	return scan->nr == ARRAY_SIZE(scan->row) ? onvme_scan_row(ctrl, scan) : 0;
}

/* Base, "Active Namespace ID list". Ids rise, and there are bounded many of them, so this ends. */
static int onvme_scan_list(struct onvme_ctrl *ctrl, struct onvme_scan *scan)
{
	struct onvme_finding finding = {};
	struct onvme_answer answer;
	unsigned int n, i, total = 0;
	u32 after = 0;
	int err;

	do {
		err = onvme_admin_identify(ctrl, after, ONVME_CNS_ACTIVE_NSIDS, 0, scan->list, &answer);
		if (err == -EIO && !after && answer.status & ONVME_SF_DNR)
			return -EOPNOTSUPP;
		if (err)
			return err;
		n = onvme_ident_nsids((__le32 *)scan->list, after, scan->caps.nn, scan->nsids, &finding);
		for (i = 0; i < n && total < ONVME_MAX_NAMESPACES; i++, total++) {
			err = onvme_scan_enter(ctrl, scan, scan->nsids[i]);
			if (err)
				return err;
		}
		if (n)
			after = scan->nsids[n - 1];
	} while (n == ONVME_NSIDS_PER_PAGE && total < ONVME_MAX_NAMESPACES);
	err = onvme_scan_row(ctrl, scan);
	if (err)
		return err;
	onvme_observe_finding(&ctrl->dev, &ctrl->counters, &finding, "Identify");
	/* What stands behind a wrong id is not known to be gone. */
	return finding.count ? -EPROTO : 0;
}

static int onvme_scan_all_ids(struct onvme_ctrl *ctrl, struct onvme_scan *scan)
{
	u32 nsid, last = min(scan->caps.nn, ONVME_MAX_NAMESPACES);
	int err;

	for (nsid = 1; nsid <= last; nsid++) {
		err = onvme_scan_enter(ctrl, scan, nsid);
		if (err)
			return err;
	}
	return onvme_scan_row(ctrl, scan);
}

static int onvme_scan_ids(struct onvme_ctrl *ctrl, struct onvme_scan *scan)
{
	int err;

	if (scan->caps.vs >= ONVME_VS(1, 1, 0) && !test_bit(ONVME_CTRL_NO_NS_LIST, &ctrl->flags)) {
		err = onvme_scan_list(ctrl, scan);
		if (err != -EOPNOTSUPP)
			return err;
		set_bit(ONVME_CTRL_NO_NS_LIST, &ctrl->flags);
	}
	return onvme_scan_all_ids(ctrl, scan);
}

static void onvme_scan_again_work(struct work_struct *work)
{
	onvme_ns_repeat_scan(container_of(to_delayed_work(work), struct onvme_ctrl, nss.again_work));
}

/*
 * A namespace that was not ready, or could not be added for want of memory, is looked at again, ever more rarely. One
 * that never gets ready is left until something happens to the controller or its namespaces.
 */
static void onvme_scan_settle(struct onvme_ctrl *ctrl, int err)
{
	unsigned int again = err ? READ_ONCE(ctrl->nss.again) : 0;

	lockdep_assert_held(&ctrl->nss.scan_lock);
	if ((err == -EAGAIN || err == -ENOMEM) && again < ONVME_SCAN_AGAIN && !ctrl->nss.stopped) {
		/* The delay of one that waits already may be that of before something happened. */
		mod_delayed_work(onvme_wq, &ctrl->nss.again_work, HZ << again);
		again++;
	}
	WRITE_ONCE(ctrl->nss.again, again);
}

static void onvme_scan_work(struct work_struct *work)
{
	struct onvme_ctrl *ctrl = container_of(work, struct onvme_ctrl, nss.scan_work);
	/* Namespaces may be frozen until this ends: memory that only I/O to them can free must not be waited for. */
	unsigned int noio = memalloc_noio_save();
	struct onvme_scan *scan = ONVME_ALLOC(kvmalloc(sizeof(*scan), GFP_KERNEL));
	struct onvme_ns *ns, *next;
	int err = scan ? -ENODEV : -ENOMEM;

	mutex_lock(&ctrl->nss.scan_lock);
	ctrl->nss.unsure = false;
	if (!scan || ctrl->nss.stopped || !onvme_ctrl_is(ctrl, ONVME_ADMITS_USER))
		goto out;
	rcu_read_lock();
	scan->caps = *rcu_dereference(ctrl->caps);
	rcu_read_unlock();
	scan->ctrl = ctrl;
	scan->nr = 0;
	list_for_each_entry(ns, &ctrl->nss.list, node)
		ns->seen = false;
	err = onvme_scan_ids(ctrl, scan);
	if (err)
		goto out;
	list_for_each_entry_safe(ns, next, &ctrl->nss.list, node)
		if (!ns->seen)
			onvme_ns_drop(ctrl, ns);
	if (ctrl->nss.unsure)
		err = -EAGAIN;
out:
	/* A controller that goes away says so itself. */
	if (err && err != -ENODEV && err != -EAGAIN)
		dev_warn(&ctrl->dev, "namespace scan stopped: %d\n", err);
	ctrl->nss.scan_err = err;
	onvme_scan_settle(ctrl, err);
	mutex_unlock(&ctrl->nss.scan_lock);
	kvfree(scan);
	memalloc_noio_restore(noio);
}

/**
 * onvme_scan_init() - no scan yet
 * @ctrl: a new controller
 */
void onvme_scan_init(struct onvme_ctrl *ctrl)
{
	INIT_WORK(&ctrl->nss.scan_work, onvme_scan_work);
	INIT_DELAYED_WORK(&ctrl->nss.again_work, onvme_scan_again_work);
}
