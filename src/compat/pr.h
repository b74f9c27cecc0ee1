/* SPDX-License-Identifier: GPL-2.0 */
/*
 * pr.h - reservations, as each kernel's block layer wants to hear of them.
 *
 * From 6.5 on commands have outcomes of the block layer's own, and keys can be read; before, a status is returned as it
 * is. Included by whoever needs it, after compat.h.
 */
#ifndef ONVME_COMPAT_PR_H
#define ONVME_COMPAT_PR_H

#include <linux/pr.h>

#include "../proto/resv.h"

#ifdef ONVME_HAVE_PR_READ_KEYS
static inline int onvme_compat_pr_result(u16 status)
{
	switch (onvme_resv_outcome(status)) {
	case ONVME_RESV_DONE:
		return PR_STS_SUCCESS;
	case ONVME_RESV_CONFLICT:
		return PR_STS_RESERVATION_CONFLICT;
	case ONVME_RESV_NOTSUPP:
		return -EOPNOTSUPP;
	case ONVME_RESV_INVALID:
		return -EINVAL;
	case ONVME_RESV_PATH:
		return PR_STS_PATH_FAILED;
	default:
		return PR_STS_IOERR;
	}
}
#else
static inline int onvme_compat_pr_result(u16 status)
{
	return status;
}

/* Nobody asks for these. */
struct pr_keys {
	u32		generation;
	u32		num_keys;
	u64		keys[];
};

struct pr_held_reservation {
	u64		key;
	u32		generation;
	enum pr_type	type;
};
#endif

#ifdef ONVME_HAVE_PR_READ_KEYS
#define ONVME_PR_READS(keys, held)	.pr_read_keys = keys, .pr_read_reservation = held,
#else
#define ONVME_PR_READS(keys, held)
#endif

#endif /* ONVME_COMPAT_PR_H */
