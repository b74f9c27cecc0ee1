/* SPDX-License-Identifier: GPL-2.0 */
/*
 * cmd.h - builders of submission queue entries.
 *
 * Pure: each builder writes the whole entry, so that nothing of an earlier command is left in it; the command
 * identifier and the data pointer belong to whoever submits and maps. Numbers are host-endian and, unless said
 * otherwise, already in the form of the specification (0's based counts are made here).
 */
#ifndef ONVME_PROTO_CMD_H
#define ONVME_PROTO_CMD_H

#include <asm/byteorder.h>
#include <onvme/spec.h>

/* Field by field: the compiler makes eight stores of it, less what a caller sets anew; of memset() it makes a loop. */
static __always_inline void onvme_cmd_init(struct onvme_sqe *sqe, u8 opcode, u32 nsid)
{
	sqe->opcode = opcode;
	sqe->flags = 0;
	sqe->cid = 0;
	sqe->nsid = cpu_to_le32(nsid);
	sqe->cdw2 = 0;
	sqe->cdw3 = 0;
	sqe->metadata = 0;
	sqe->prp1 = 0;
	sqe->prp2 = 0;
	sqe->cdw10 = 0;
	sqe->cdw11 = 0;
	sqe->cdw12 = 0;
	sqe->cdw13 = 0;
	sqe->cdw14 = 0;
	sqe->cdw15 = 0;
}

/* Read, Write, Write Zeroes: @nlb blocks (1 to 65536) from @slba; @control is ONVME_RW_*. */
static __always_inline void onvme_cmd_rw(struct onvme_sqe *sqe, u8 opcode, u32 nsid, u64 slba, u32 nlb, u16 control)
{
	onvme_cmd_init(sqe, opcode, nsid);
	sqe->cdw10 = cpu_to_le32((u32)slba);
	sqe->cdw11 = cpu_to_le32((u32)(slba >> 32));
	sqe->cdw12 = cpu_to_le32(((nlb - 1) & 0xffff) | (u32)control << 16);
}

/* Dataset Management, Deallocate: @ranges (1 to 256) ranges in the data buffer. */
static inline void onvme_cmd_deallocate(struct onvme_sqe *sqe, u32 nsid, u32 ranges)
{
	onvme_cmd_init(sqe, ONVME_NVM_DSM, nsid);
	sqe->cdw10 = cpu_to_le32(ranges - 1);
	sqe->cdw11 = cpu_to_le32(ONVME_DSM_AD);
}

static inline void onvme_cmd_identify(struct onvme_sqe *sqe, u32 nsid, u8 cns, u8 csi)
{
	onvme_cmd_init(sqe, ONVME_ADM_IDENTIFY, nsid);
	sqe->cdw10 = cpu_to_le32(cns);
	sqe->cdw11 = cpu_to_le32((u32)csi << 24);
}

/* Get Log Page from offset 0: @len bytes, a multiple of 4. */
static inline void onvme_cmd_get_log(struct onvme_sqe *sqe, u32 nsid, u8 lid, u32 len)
{
	u32 numd = len / 4 - 1;

	onvme_cmd_init(sqe, ONVME_ADM_GET_LOG_PAGE, nsid);
	sqe->cdw10 = cpu_to_le32(lid | (numd & 0xffff) << 16);
	sqe->cdw11 = cpu_to_le32(numd >> 16);
}

static inline void onvme_cmd_set_features(struct onvme_sqe *sqe, u8 fid, u32 cdw11)
{
	onvme_cmd_init(sqe, ONVME_ADM_SET_FEATURES, 0);
	sqe->cdw10 = cpu_to_le32(fid);
	sqe->cdw11 = cpu_to_le32(cdw11);
}

static inline void onvme_cmd_get_features(struct onvme_sqe *sqe, u8 fid, u32 cdw11)
{
	onvme_cmd_init(sqe, ONVME_ADM_GET_FEATURES, 0);
	sqe->cdw10 = cpu_to_le32(fid);
	sqe->cdw11 = cpu_to_le32(cdw11);
}

/* Zone Management Send: @action is ONVME_ZSA_*, on the zone that begins with @slba, or with %ONVME_ZSA_ALL on all. */
static inline void onvme_cmd_zone_send(struct onvme_sqe *sqe, u32 nsid, u64 slba, u32 action)
{
	onvme_cmd_init(sqe, ONVME_ZNS_MGMT_SEND, nsid);
	sqe->cdw10 = cpu_to_le32((u32)slba);
	sqe->cdw11 = cpu_to_le32((u32)(slba >> 32));
	sqe->cdw13 = cpu_to_le32(action);
}

/* Zone Management Receive, Report Zones, from the one that @slba is in: @len bytes, a multiple of 4. */
static inline void onvme_cmd_zone_report(struct onvme_sqe *sqe, u32 nsid, u64 slba, u32 len)
{
	onvme_cmd_init(sqe, ONVME_ZNS_MGMT_RECV, nsid);
	sqe->cdw10 = cpu_to_le32((u32)slba);
	sqe->cdw11 = cpu_to_le32((u32)(slba >> 32));
	sqe->cdw12 = cpu_to_le32(len / 4 - 1);
	sqe->cdw13 = cpu_to_le32(ONVME_ZRA_PARTIAL);
}

/* Reclaim Unit Handle Status: @len bytes, a multiple of 4. */
static inline void onvme_cmd_ruhs(struct onvme_sqe *sqe, u32 nsid, u32 len)
{
	onvme_cmd_init(sqe, ONVME_NVM_IO_MGMT_RECV, nsid);
	sqe->cdw10 = cpu_to_le32(ONVME_MGMT_RUHS);
	sqe->cdw11 = cpu_to_le32(len / 4 - 1);
}

/* @irq: completions are signalled, by @vector; else that is 0 */
static inline void onvme_cmd_create_cq(struct onvme_sqe *sqe, u16 qid, u32 depth, u64 base, u16 vector, bool irq)
{
	onvme_cmd_init(sqe, ONVME_ADM_CREATE_CQ, 0);
	sqe->prp1 = cpu_to_le64(base);
	sqe->cdw10 = cpu_to_le32(qid | (depth - 1) << 16);
	sqe->cdw11 = cpu_to_le32(ONVME_QUEUE_PC | (irq ? ONVME_CQ_IEN : 0) | (u32)vector << 16);
}

/* @prio is of meaning only where CC.AMS is weighted round robin; else 0. */
static inline void onvme_cmd_create_sq(struct onvme_sqe *sqe, u16 qid, u32 depth, u64 base, u16 cqid,
				       enum onvme_qprio prio)
{
	onvme_cmd_init(sqe, ONVME_ADM_CREATE_SQ, 0);
	sqe->prp1 = cpu_to_le64(base);
	sqe->cdw10 = cpu_to_le32(qid | (depth - 1) << 16);
	sqe->cdw11 = cpu_to_le32(ONVME_QUEUE_PC | (u32)prio << ONVME_SQ_QPRIO_SHIFT | (u32)cqid << 16);
}

/* @opcode is ONVME_ADM_DELETE_SQ or ONVME_ADM_DELETE_CQ. */
static inline void onvme_cmd_delete_queue(struct onvme_sqe *sqe, u8 opcode, u16 qid)
{
	onvme_cmd_init(sqe, opcode, 0);
	sqe->cdw10 = cpu_to_le32(qid);
}

/* Virtualization Management: @action is ONVME_VIRT_*, @rt 0 for queues and 1 for interrupts, of which there are @nr. */
static inline void onvme_cmd_virt(struct onvme_sqe *sqe, u16 cntlid, u8 action, u8 rt, u16 nr)
{
	onvme_cmd_init(sqe, ONVME_ADM_VIRT_MGMT, 0);
	sqe->cdw10 = cpu_to_le32(action | (u32)rt << ONVME_VIRT_RT_SHIFT | (u32)cntlid << ONVME_VIRT_CNTLID_SHIFT);
	sqe->cdw11 = cpu_to_le32(nr);
}

static inline void onvme_cmd_abort(struct onvme_sqe *sqe, u16 sqid, u16 cid)
{
	onvme_cmd_init(sqe, ONVME_ADM_ABORT, 0);
	sqe->cdw10 = cpu_to_le32(sqid | (u32)cid << 16);
}

#endif /* ONVME_PROTO_CMD_H */
