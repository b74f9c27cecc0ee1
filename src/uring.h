/* SPDX-License-Identifier: GPL-2.0 */
/*
 * uring.h - commands that users build themselves, by io_uring: NVME_URING_CMD_* of linux/nvme_ioctl.h.
 *
 * What is checked, and how, is the business of passthru.c; here a command does not wait. It belongs to io_uring, which
 * keeps the file and thereby the controller until it has ended. Where a ring polls, it ends in who polls for it; else
 * in the task that has submitted it.
 */
#ifndef ONVME_URING_H
#define ONVME_URING_H

#include "compat/uring.h"

struct onvme_ctrl;
struct onvme_node;

#ifdef CONFIG_ONVME_URING
int onvme_uring_cmd(const struct onvme_node *node, struct io_uring_cmd *ioucmd, unsigned int issue_flags);
int onvme_uring_poll(struct onvme_ctrl *ctrl, struct io_uring_cmd *ioucmd);
#else
static inline int onvme_uring_cmd(const struct onvme_node *node, struct io_uring_cmd *ioucmd, unsigned int issue_flags)
{
	return -EOPNOTSUPP;
}

static inline int onvme_uring_poll(struct onvme_ctrl *ctrl, struct io_uring_cmd *ioucmd)
{
	return 0;
}
#endif

#endif /* ONVME_URING_H */
