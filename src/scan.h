/* SPDX-License-Identifier: GPL-2.0 */
/*
 * scan.h - a scan: finding the namespaces of a controller and following their changes.
 *
 * No object of its own: the work item onvme_nss.scan_work, queued by onvme_ns_queue_scan(). It alone adds, changes and
 * removes namespaces, and holds ns.scan_lock meanwhile. Process context.
 */
#ifndef ONVME_SCAN_H
#define ONVME_SCAN_H

struct onvme_ctrl;

void onvme_scan_init(struct onvme_ctrl *ctrl);

#endif /* ONVME_SCAN_H */
