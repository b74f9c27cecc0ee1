// SPDX-License-Identifier: GPL-2.0
/* What integrity.h promises: once for limits of a queue, once for profiles of a disk, and what both have in common. */
#include <linux/highmem.h>
#include <linux/module.h>

#include "../proto/pi.h"
#include "integrity.h"

#if !IS_ENABLED(CONFIG_BLK_DEV_INTEGRITY)

/**
 * onvme_compat_integrity_can() - what the block layer can do about metadata
 *
 * Return: ONVME_CAN_*.
 */
unsigned int onvme_compat_integrity_can(void)
{
	return 0;
}

/**
 * onvme_compat_set_integrity() - tell the block layer of metadata
 * @lim: limits under construction, or those in force that are about to change
 * @want: what they are; no more than onvme_compat_integrity_can()
 *
 * Whoever switched checks off by sysfs keeps that as long as the metadata are what they were.
 */
void onvme_compat_set_integrity(struct queue_limits *lim, const struct onvme_integrity *want)
{
}

#elif defined(ONVME_HAVE_QUEUE_LIMITS_FEATURES)

unsigned int onvme_compat_integrity_can(void)
{
	return ONVME_CAN_META | ONVME_CAN_PI16 | ONVME_CAN_PI64 | ONVME_CAN_PI_OFFSET;
}

void onvme_compat_set_integrity(struct queue_limits *lim, const struct onvme_integrity *want)
{
	const unsigned char chosen = BLK_INTEGRITY_NOVERIFY | BLK_INTEGRITY_NOGENERATE;
	struct blk_integrity was = lim->integrity, *bi = &lim->integrity;

	lim->max_integrity_segments = 1;
	memset(bi, 0, sizeof(*bi));
	if (!want->bytes)
		return;
	bi->interval_exp = ilog2(lim->logical_block_size);
	bi->tag_size = want->tag_bytes;
	bi->csum_type = BLK_INTEGRITY_CSUM_NONE;
	if (want->pi_bytes) {
		bi->csum_type = want->wide ? BLK_INTEGRITY_CSUM_CRC64 : BLK_INTEGRITY_CSUM_CRC;
		bi->flags = BLK_INTEGRITY_DEVICE_CAPABLE | (want->ref_tag ? BLK_INTEGRITY_REF_TAG : 0);
	}
	bi->pi_offset = want->pi_offset;
#ifdef ONVME_HAVE_INTEGRITY_METADATA_SIZE
	bi->metadata_size = want->bytes;
	bi->pi_tuple_size = want->pi_bytes;
	if (was.metadata_size != bi->metadata_size || was.pi_tuple_size != bi->pi_tuple_size)
		return;
#else
	bi->tuple_size = want->bytes;
	if (was.tuple_size != bi->tuple_size)
		return;
#endif
	if (was.csum_type == bi->csum_type && was.pi_offset == bi->pi_offset && was.interval_exp == bi->interval_exp &&
	    was.tag_size == bi->tag_size && (was.flags & ~chosen) == bi->flags)
		bi->flags |= was.flags & chosen;
}

#else

/* By pointer: the distance to a weak symbol that is not there may be more than code can name. */
static const struct blk_integrity_profile * const onvme_compat_profiles[2][2] = {
	{ &t10_pi_type3_crc, &t10_pi_type1_crc },
	{ &ext_pi_type3_crc64, &ext_pi_type1_crc64 },
};

static const struct blk_integrity_profile *onvme_compat_profile(bool wide, bool ref_tag)
{
	return READ_ONCE(onvme_compat_profiles[wide][ref_tag]);
}

unsigned int onvme_compat_integrity_can(void)
{
	unsigned int can = ONVME_CAN_META;

	if (onvme_compat_profile(false, true) && onvme_compat_profile(false, false))
		can |= ONVME_CAN_PI16;
	if (onvme_compat_profile(true, true) && onvme_compat_profile(true, false))
		can |= ONVME_CAN_PI64;
	return can;
}

void onvme_compat_set_integrity(struct queue_limits *lim, const struct onvme_integrity *want)
{
	struct blk_integrity *bi = &lim->integrity;

	lim->max_integrity_segments = 1;
	memset(bi, 0, sizeof(*bi));
	if (!want->bytes)
		return;
	bi->tuple_size = want->bytes;
	bi->interval_exp = ilog2(lim->logical_block_size);
	bi->tag_size = want->tag_bytes;
	if (want->pi_bytes) {
		bi->profile = onvme_compat_profile(want->wide, want->ref_tag);
		bi->flags = BLK_INTEGRITY_DEVICE_CAPABLE;
	}
}

/**
 * onvme_compat_register_integrity() - carry metadata over to a queue of a kernel before 6.11
 * @q: the queue of a disk, with its other limits; nothing may be in flight
 * @bi: from onvme_compat_set_integrity()
 */
void onvme_compat_register_integrity(struct request_queue *q, const struct blk_integrity *bi)
{
	const struct blk_integrity *was = &q->integrity;
	struct blk_integrity template = *bi;

	blk_queue_max_integrity_segments(q, 1);
	if (!bi->tuple_size) {
		blk_integrity_unregister(q->disk);
		return;
	}
	if (was->profile && was->tuple_size == bi->tuple_size && was->tag_size == bi->tag_size &&
	    was->interval_exp == bi->interval_exp &&
	    (bi->profile ? was->profile == bi->profile : !(was->flags & BLK_INTEGRITY_DEVICE_CAPABLE)))
		return;
	blk_integrity_register(q->disk, &template);
}

#endif

#if IS_ENABLED(CONFIG_BLK_DEV_INTEGRITY)

/**
 * onvme_compat_integrity_buffer() - the metadata of a request
 * @rq: a request with metadata: blk_integrity_rq()
 * @len: so much there has to be
 *
 * Return: a buffer in one piece; NULL when it is none, is shorter, or is not aligned to a dword.
 */
void *onvme_compat_integrity_buffer(struct request *rq, u32 len)
{
	u8 *first = NULL, *end = NULL;
	struct bvec_iter iter;
	struct bio_vec bv;
	struct bio *bio;

	__rq_for_each_bio(bio, rq) {
		struct bio_integrity_payload *bip = bio_integrity(bio);

		if (!bip)
			return NULL;
		bip_for_each_vec(bv, bip, iter) {
			u8 *at = page_address(bv.bv_page);

			if (!at || PageHighMem(bv.bv_page))
				return NULL;
			at += bv.bv_offset;
			if (first && at != end)
				return NULL;
			first = first ?: at;
			end = at + bv.bv_len;
		}
	}
	return first && end - first >= len && IS_ALIGNED((unsigned long)first, 4) ? first : NULL;
}

/**
 * onvme_compat_integrity_checks() - what of the protection information of a request the controller is to check
 * @rq: a request with metadata: blk_integrity_rq()
 * @app_tag: the application tag that is expected, where that is to be checked
 *
 * Return: of ONVME_RW_PRCHK_GUARD, _APP and _REF.
 */
u16 onvme_compat_integrity_checks(struct request *rq, u16 *app_tag)
{
#ifdef ONVME_HAVE_INTEGRITY_CHECKS
	const struct bio_integrity_payload *bip = bio_integrity(rq->bio);

	*app_tag = bip->app_tag;
	return (bip->bip_flags & BIP_CHECK_GUARD ? ONVME_RW_PRCHK_GUARD : 0) |
	       (bip->bip_flags & BIP_CHECK_APPTAG ? ONVME_RW_PRCHK_APP : 0) |
	       (bip->bip_flags & BIP_CHECK_REFTAG ? ONVME_RW_PRCHK_REF : 0);
#else
	*app_tag = 0;
	return ONVME_RW_PRCHK_GUARD | ONVME_RW_PRCHK_REF;
#endif
}

#else

void *onvme_compat_integrity_buffer(struct request *rq, u32 len)
{
	return NULL;
}

u16 onvme_compat_integrity_checks(struct request *rq, u16 *app_tag)
{
	*app_tag = 0;
	return 0;
}

#endif
