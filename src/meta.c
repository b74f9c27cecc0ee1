// SPDX-License-Identifier: GPL-2.0
#include "compat/integrity.h"
#include "ctrl.h"
#include "lane.h"
#include "meta.h"

static u64 onvme_meta_slba(const struct onvme_blk_ns *ns, struct request *rq)
{
	return blk_rq_pos(rq) >> (ns->lba_shift - SECTOR_SHIFT);
}

/* Find the buffer; BLK_STS_NOTSUPP: somebody switched it off by sysfs where there has to be one. */
static blk_status_t onvme_meta_build(struct onvme_pdu *pdu, struct request *rq, const struct onvme_blk_ns *ns)
{
	u16 checks = 0, app_tag = 0;

	pdu->map.meta_len = 0;
	if (req_op(rq) == REQ_OP_WRITE_ZEROES) {
		onvme_pi_zeroes(&ns->meta, &pdu->sqe, onvme_meta_slba(ns, rq));
		return BLK_STS_OK;
	}
	if (blk_integrity_rq(rq) && ns->meta.way != ONVME_META_STRIP) {
		pdu->map.meta_len = (blk_rq_bytes(rq) >> ns->lba_shift) * ns->meta.ms;
		pdu->map.meta = onvme_compat_integrity_buffer(rq, pdu->map.meta_len);
		if (!pdu->map.meta)
			return BLK_STS_IOERR;
		checks = onvme_compat_integrity_checks(rq, &app_tag);
	}
	if (!onvme_pi_rw(&ns->meta, &pdu->sqe, onvme_meta_slba(ns, rq), pdu->map.meta_len, checks))
		return BLK_STS_NOTSUPP;
	/* Command dword 15: the expected application tag, and which bits of it count */
	if (checks & ONVME_RW_PRCHK_APP)
		pdu->sqe.cdw15 = cpu_to_le32(app_tag | 0xffff0000);
	return BLK_STS_OK;
}

/**
 * onvme_meta_submit() - map a request with its metadata and post its command
 * @q: its queue
 * @rq: the request; its command is built, but for metadata
 * @ns: its namespace, whose blocks have metadata
 * @ring: ring the doorbell too, as for onvme_rq_submit()
 * @unmappable: what to do with data that cannot be mapped: onvme_rq_unmappable() or more than that
 *
 * Return: BLK_STS_OK; BLK_STS_RESOURCE: try again; BLK_STS_IOERR: cannot be mapped; BLK_STS_NOTSUPP: there have to be
 * metadata, and are none.
 */
blk_status_t onvme_meta_submit(struct onvme_queue *q, struct request *rq, const struct onvme_blk_ns *ns, bool ring,
			       blk_status_t (*unmappable)(struct request *rq, int err))
{
	struct onvme_pdu *pdu = onvme_pdu(rq);
	blk_status_t sts = onvme_meta_build(pdu, rq, ns);
	unsigned int tag = rq->tag;
	int err;

	if (sts) {
		pdu->map.meta_len = 0;
		return sts;
	}
	err = onvme_rq_map(q, rq);
	if (err)
		return unmappable(rq, err);
	pdu->sqe.cid = cpu_to_le16(onvme_cid_make(tag, ++q->gen[tag]));
	blk_mq_start_request(rq);
	/* The block layer writes reference tags when a request is started. Bounce buffers have to get them, too. */
	if (pdu->map.meta_mapped && rq_data_dir(rq) == WRITE)
		dma_sync_single_for_device(q->cache.dev, le64_to_cpu(pdu->sqe.metadata), pdu->map.meta_len,
					   DMA_TO_DEVICE);
	return onvme_lane_post(q, rq, tag, ring);
}
