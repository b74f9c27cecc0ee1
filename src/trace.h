/* SPDX-License-Identifier: GPL-2.0 */
/*
 * trace.h - trace events of the trace system "onvme": state changes, bring-up steps, timeout verdicts, recovery and
 * lost interrupts.
 *
 * Instantiated by observe.c. None of them is on the path of an I/O that goes well.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM onvme

#if !defined(ONVME_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define ONVME_TRACE_H

#include <linux/tracepoint.h>

#include "proto/deadline.h"
#include "proto/fsm.h"
#include "proto/ladder.h"
#include "proto/policy.h"

TRACE_EVENT(onvme_state,
	TP_PROTO(int ctrl, enum onvme_state from, enum onvme_event event, enum onvme_state to, const char *cause),
	TP_ARGS(ctrl, from, event, to, cause),
	TP_STRUCT__entry(
		__field(int, ctrl)
		__array(char, from, 12)
		__array(char, event, 12)
		__array(char, to, 12)
		__array(char, cause, 32)
	),
	TP_fast_assign(
		__entry->ctrl = ctrl;
		strscpy(__entry->from, onvme_fsm_state_text(from), 12);
		strscpy(__entry->event, onvme_fsm_event_text(event), 12);
		strscpy(__entry->to, onvme_fsm_state_text(to), 12);
		strscpy(__entry->cause, cause, 32);
	),
	TP_printk("nvme%d: %s -> %s by %s (%s)", __entry->ctrl, __entry->from, __entry->to, __entry->event,
		  __entry->cause)
);

TRACE_EVENT(onvme_step,
	TP_PROTO(int ctrl, const char *step, bool up, int err),
	TP_ARGS(ctrl, step, up, err),
	TP_STRUCT__entry(
		__field(int, ctrl)
		__array(char, step, 16)
		__field(bool, up)
		__field(int, err)
	),
	TP_fast_assign(
		__entry->ctrl = ctrl;
		strscpy(__entry->step, step, 16);
		__entry->up = up;
		__entry->err = err;
	),
	TP_printk("nvme%d: %s %s: %d", __entry->ctrl, __entry->step, __entry->up ? "up" : "down", __entry->err)
);

TRACE_EVENT(onvme_timeout,
	TP_PROTO(int ctrl, u16 qid, u16 cid, u8 opcode, enum onvme_verdict verdict),
	TP_ARGS(ctrl, qid, cid, opcode, verdict),
	TP_STRUCT__entry(
		__field(int, ctrl)
		__field(u16, qid)
		__field(u16, cid)
		__field(u8, opcode)
		__array(char, verdict, 12)
	),
	TP_fast_assign(
		__entry->ctrl = ctrl;
		__entry->qid = qid;
		__entry->cid = cid;
		__entry->opcode = opcode;
		strscpy(__entry->verdict, onvme_policy_verdict_text(verdict), 12);
	),
	TP_printk("nvme%d: qid=%u cid=%#x opcode=%#x: %s", __entry->ctrl, __entry->qid, __entry->cid, __entry->opcode,
		  __entry->verdict)
);

TRACE_EVENT(onvme_rung,
	TP_PROTO(int ctrl, enum onvme_rung rung, int err, unsigned int ms),
	TP_ARGS(ctrl, rung, err, ms),
	TP_STRUCT__entry(
		__field(int, ctrl)
		__array(char, rung, 12)
		__field(int, err)
		__field(unsigned int, ms)
	),
	TP_fast_assign(
		__entry->ctrl = ctrl;
		strscpy(__entry->rung, onvme_ladder_rung_word(rung), 12);
		__entry->err = err;
		__entry->ms = ms;
	),
	TP_printk("nvme%d: %s: %d after %u ms", __entry->ctrl, __entry->rung, __entry->err, __entry->ms)
);

TRACE_EVENT(onvme_lost,
	TP_PROTO(int ctrl, u16 qid, u16 vector, u64 waited_ms, u32 deadline_ms),
	TP_ARGS(ctrl, qid, vector, waited_ms, deadline_ms),
	TP_STRUCT__entry(
		__field(int, ctrl)
		__field(u16, qid)
		__field(u16, vector)
		__field(u64, waited_ms)
		__field(u32, deadline_ms)
	),
	TP_fast_assign(
		__entry->ctrl = ctrl;
		__entry->qid = qid;
		__entry->vector = vector;
		__entry->waited_ms = waited_ms;
		__entry->deadline_ms = deadline_ms;
	),
	TP_printk("nvme%d: qid=%u vector=%u: interrupt lost, polled after %llu ms, deadline %u ms", __entry->ctrl,
		  __entry->qid, __entry->vector, __entry->waited_ms, __entry->deadline_ms)
);

TRACE_EVENT(onvme_trust,
	TP_PROTO(int ctrl, u16 qid, enum onvme_trust from, enum onvme_trust to, u32 pause_ms),
	TP_ARGS(ctrl, qid, from, to, pause_ms),
	TP_STRUCT__entry(
		__field(int, ctrl)
		__field(u16, qid)
		__array(char, from, 12)
		__array(char, to, 12)
		__field(u32, pause_ms)
	),
	TP_fast_assign(
		__entry->ctrl = ctrl;
		__entry->qid = qid;
		strscpy(__entry->from, onvme_deadline_trust_text(from), 12);
		strscpy(__entry->to, onvme_deadline_trust_text(to), 12);
		__entry->pause_ms = pause_ms;
	),
	TP_printk("nvme%d: qid=%u: by %s -> by %s, pause %u ms", __entry->ctrl, __entry->qid, __entry->from,
		  __entry->to, __entry->pause_ms)
);

#endif /* ONVME_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
