/* SPDX-License-Identifier: GPL-2.0 */
/*
 * integrity.h - metadata of blocks, as each kernel's block layer wants to be told of them.
 *
 * From 6.11 on they are limits of the queue; before, a profile was registered for the disk, with functions of the
 * module t10-pi. Whether that module is there is found out when this one is loaded, since its symbols are weak:
 * insmod works without it, modprobe loads it first. Included by whoever needs it, after compat.h.
 */
#ifndef ONVME_COMPAT_INTEGRITY_H
#define ONVME_COMPAT_INTEGRITY_H

#include <linux/blk-integrity.h>

struct onvme_integrity;

unsigned int onvme_compat_integrity_can(void);
void onvme_compat_set_integrity(struct queue_limits *lim, const struct onvme_integrity *want);
void *onvme_compat_integrity_buffer(struct request *rq, u32 len);
u16 onvme_compat_integrity_checks(struct request *rq, u16 *app_tag);

#if !defined(ONVME_HAVE_QUEUE_LIMITS_FEATURES) && IS_ENABLED(CONFIG_BLK_DEV_INTEGRITY)
#include <linux/t10-pi.h>

extern const struct blk_integrity_profile t10_pi_type1_crc __weak;
extern const struct blk_integrity_profile t10_pi_type3_crc __weak;
extern const struct blk_integrity_profile ext_pi_type1_crc64 __weak;
extern const struct blk_integrity_profile ext_pi_type3_crc64 __weak;
#endif

#endif /* ONVME_COMPAT_INTEGRITY_H */
