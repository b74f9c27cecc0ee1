/* SPDX-License-Identifier: GPL-2.0 */
/*
 * pr.h - persistent reservations of a block device: who of several hosts may write to it.
 *
 * No object of its own: operations that the block layer calls for an open disk, in process context, one command each or
 * a few. The controller keeps all that there is to know. Without CONFIG_ONVME_PR the block layer knows of none.
 */
#ifndef ONVME_PR_H
#define ONVME_PR_H

struct pr_ops;

#ifdef CONFIG_ONVME_PR
extern const struct pr_ops onvme_pr_ops;
#define ONVME_PR_OPS	(&onvme_pr_ops)
#else
#define ONVME_PR_OPS	NULL
#endif

#endif /* ONVME_PR_H */
