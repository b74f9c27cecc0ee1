/* SPDX-License-Identifier: GPL-2.0 */
/*
 * admin.h - the driver's own commands, one at a time and waited for: nearly all of them are admin commands.
 *
 * The admin tag set and its queue are part of struct onvme_ctrl (ctrl.blk) and live from the first bring-up to
 * release. All functions sleep; each command is bounded by the controller's admin time-out, and by the admin queue
 * being there: they may be called from the bring-up steps and from work items, with no lock that the completion path
 * takes.
 */
#ifndef ONVME_ADMIN_H
#define ONVME_ADMIN_H

#include <linux/types.h>
#include <onvme/spec.h>

#include "hw.h"

struct onvme_ctrl;

/* Entries of the admin queue: one stays empty, one is the Asynchronous Event Request's, the rest have tags. */
#define ONVME_ADMIN_TAGS	(ONVME_ADMIN_DEPTH - 2)
#define ONVME_ADMIN_RESERVED	8		/* of these, for the driver itself */
#define ONVME_AER_CID		ONVME_ADMIN_TAGS

/**
 * struct onvme_answer - what a controller answered
 * @status: Status Field without Phase Tag, 0 for success
 * @dw0: dword 0 of the completion
 */
struct onvme_answer {
	u16	status;
	u32	dw0;
};

int onvme_admin_init(struct onvme_ctrl *ctrl);
void onvme_admin_fini(struct onvme_ctrl *ctrl);
void onvme_admin_release(struct onvme_ctrl *ctrl);
int onvme_admin_set_max_bytes(struct onvme_ctrl *ctrl, u32 max_bytes);
int onvme_admin_cmd(struct onvme_ctrl *ctrl, const struct onvme_sqe *sqe, void *buf, unsigned int len,
		    struct onvme_answer *answer);
int onvme_admin_read_io(struct onvme_ctrl *ctrl, const struct onvme_sqe *sqe, void *buf, unsigned int len,
			struct onvme_answer *answer);
int onvme_admin_user_io(struct onvme_ctrl *ctrl, const struct onvme_sqe *sqe, void *buf, unsigned int len,
			struct onvme_answer *answer);
int onvme_admin_identify(struct onvme_ctrl *ctrl, u32 nsid, u8 cns, u8 csi, void *page, struct onvme_answer *answer);
int onvme_admin_set_feature(struct onvme_ctrl *ctrl, u8 fid, u32 value, struct onvme_answer *answer);
int onvme_admin_get_feature(struct onvme_ctrl *ctrl, u8 fid, u32 cdw11, struct onvme_answer *answer);
int onvme_admin_abort(struct onvme_ctrl *ctrl, u16 sqid, u16 cid);

#endif /* ONVME_ADMIN_H */
