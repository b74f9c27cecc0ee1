/* SPDX-License-Identifier: GPL-2.0 */
/*
 * trace_io.h - trace events of commands, in the trace system "onvme": names and fields are those that tools know from
 * the in-tree driver, where it has such an event.
 *
 * Instantiated by observe.c. While nobody traces each is one instruction that does nothing; iotrace.h asks.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM onvme
#undef TRACE_SYSTEM_VAR
#define TRACE_SYSTEM_VAR onvme_io

#if !defined(ONVME_TRACE_IO_H) || defined(TRACE_HEADER_MULTI_READ)
#define ONVME_TRACE_IO_H

#include <linux/blkdev.h>
#include <linux/tracepoint.h>

#include "observe.h"
#include <onvme/spec.h>

TRACE_EVENT(nvme_setup_cmd,
	TP_PROTO(const struct onvme_io_place *place, const struct onvme_sqe *sqe, bool metadata),
	TP_ARGS(place, sqe, metadata),
	TP_STRUCT__entry(
		__array(char, disk, DISK_NAME_LEN)
		__field(int, ctrl_id)
		__field(int, qid)
		__field(u8, opcode)
		__field(u8, flags)
		__field(u8, fctype)
		__field(u16, cid)
		__field(u32, nsid)
		__field(bool, metadata)
		__array(u8, cdw10, 24)
	),
	TP_fast_assign(
		strscpy_pad(__entry->disk, place->disk, DISK_NAME_LEN);
		__entry->ctrl_id = place->ctrl;
		__entry->qid = place->qid;
		__entry->opcode = sqe->opcode;
		__entry->flags = sqe->flags;
		__entry->fctype = 0;
		__entry->cid = le16_to_cpu(sqe->cid);
		__entry->nsid = le32_to_cpu(sqe->nsid);
		__entry->metadata = metadata;
		memcpy(__entry->cdw10, (const u8 *)sqe + offsetof(struct onvme_sqe, cdw10), 24);
	),
	TP_printk("nvme%d: disk=%s, qid=%d, cmdid=%u, nsid=%u, flags=0x%x, meta=0x%x, cmd=(%s cdw10=%*ph)",
		  __entry->ctrl_id, __entry->disk, __entry->qid, __entry->cid, __entry->nsid, __entry->flags,
		  __entry->metadata, onvme_opcode_text(!__entry->qid, __entry->opcode), 24, __entry->cdw10)
);

TRACE_EVENT(nvme_complete_rq,
	TP_PROTO(const struct onvme_io_place *place, u16 cid, u64 result, u8 retries, u8 flags, u16 status),
	TP_ARGS(place, cid, result, retries, flags, status),
	TP_STRUCT__entry(
		__array(char, disk, DISK_NAME_LEN)
		__field(int, ctrl_id)
		__field(int, qid)
		__field(int, cid)
		__field(u64, result)
		__field(u8, retries)
		__field(u8, flags)
		__field(u16, status)
	),
	TP_fast_assign(
		strscpy_pad(__entry->disk, place->disk, DISK_NAME_LEN);
		__entry->ctrl_id = place->ctrl;
		__entry->qid = place->qid;
		__entry->cid = cid;
		__entry->result = result;
		__entry->retries = retries;
		__entry->flags = flags;
		__entry->status = status;
	),
	TP_printk("nvme%d: disk=%s, qid=%d, cmdid=%u, res=%#llx, retries=%u, flags=0x%x, status=%#x", __entry->ctrl_id,
		  __entry->disk, __entry->qid, __entry->cid, __entry->result, __entry->retries, __entry->flags,
		  __entry->status)
);

TRACE_EVENT(nvme_sq,
	TP_PROTO(const struct onvme_io_place *place, u16 sq_head, u16 sq_tail),
	TP_ARGS(place, sq_head, sq_tail),
	TP_STRUCT__entry(
		__field(int, ctrl_id)
		__array(char, disk, DISK_NAME_LEN)
		__field(int, qid)
		__field(u16, sq_head)
		__field(u16, sq_tail)
	),
	TP_fast_assign(
		__entry->ctrl_id = place->ctrl;
		strscpy_pad(__entry->disk, place->disk, DISK_NAME_LEN);
		__entry->qid = place->qid;
		__entry->sq_head = sq_head;
		__entry->sq_tail = sq_tail;
	),
	TP_printk("nvme%d: disk=%s, qid=%d, head=%u, tail=%u", __entry->ctrl_id, __entry->disk, __entry->qid,
		  __entry->sq_head, __entry->sq_tail)
);

TRACE_EVENT(nvme_async_event,
	TP_PROTO(int ctrl, u32 result),
	TP_ARGS(ctrl, result),
	TP_STRUCT__entry(
		__field(int, ctrl_id)
		__field(u32, result)
	),
	TP_fast_assign(
		__entry->ctrl_id = ctrl;
		__entry->result = result;
	),
	TP_printk("nvme%d: NVME_AEN=%#08x", __entry->ctrl_id, __entry->result)
);

/* Of data in more than one piece, or for which there was no memory */
TRACE_EVENT(onvme_map,
	TP_PROTO(const struct onvme_io_place *place, u32 bytes, u16 segments, bool sgl, int err),
	TP_ARGS(place, bytes, segments, sgl, err),
	TP_STRUCT__entry(
		__field(int, ctrl)
		__field(int, qid)
		__field(u32, bytes)
		__field(u16, segments)
		__field(bool, sgl)
		__field(int, err)
	),
	TP_fast_assign(
		__entry->ctrl = place->ctrl;
		__entry->qid = place->qid;
		__entry->bytes = bytes;
		__entry->segments = segments;
		__entry->sgl = sgl;
		__entry->err = err;
	),
	TP_printk("nvme%d: qid=%d: %u bytes in %u segments by %s: %d", __entry->ctrl, __entry->qid, __entry->bytes,
		  __entry->segments, __entry->sgl ? "SGL" : "PRP", __entry->err)
);

/* A rule for faults, by its place among those in debugfs, was met. */
TRACE_EVENT(onvme_fault,
	TP_PROTO(unsigned int rule, unsigned int hits),
	TP_ARGS(rule, hits),
	TP_STRUCT__entry(
		__field(unsigned int, rule)
		__field(unsigned int, hits)
	),
	TP_fast_assign(
		__entry->rule = rule;
		__entry->hits = hits;
	),
	TP_printk("rule %u, hit %u", __entry->rule, __entry->hits)
);

#endif /* ONVME_TRACE_IO_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace_io
#include <trace/define_trace.h>
