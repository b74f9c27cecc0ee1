/* SPDX-License-Identifier: GPL-2.0 */
/*
 * notify.h - what a controller tells upward: the one road from lower layers to higher ones.
 *
 * Filled in by pci.c, called through onvme_ctrl.ops, and never on the way of an I/O.
 */
#ifndef ONVME_NOTIFY_H
#define ONVME_NOTIFY_H

#include <linux/blkdev.h>

struct onvme_ctrl;

/**
 * struct onvme_ctrl_ops - notifications upward; none is on the hot path
 * @timeout: a request exceeded its time; decides and acts
 * @aen: an asynchronous event completed with this dword 0; interrupt context
 * @rescan: namespaces may have changed
 * @hold: run a command while nobody uses the namespaces, which it may change
 * @lost: the device does not answer, or is beyond help: reset it; any context
 * @live: bring-up has succeeded
 */
struct onvme_ctrl_ops {
	enum blk_eh_timer_return (*timeout)(struct onvme_ctrl *ctrl, struct request *rq);
	void (*aen)(struct onvme_ctrl *ctrl, u32 result);
	void (*rescan)(struct onvme_ctrl *ctrl);
	int (*hold)(struct onvme_ctrl *ctrl, bool change, int (*run)(struct onvme_ctrl *ctrl, void *arg), void *arg);
	void (*lost)(struct onvme_ctrl *ctrl, const char *cause);
	int (*live)(struct onvme_ctrl *ctrl);
};

#endif /* ONVME_NOTIFY_H */
