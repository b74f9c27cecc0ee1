/* SPDX-License-Identifier: GPL-2.0 */
/*
 * iotrace.h - commands for who traces: trace_io.h has the events, and this asks whether anybody does.
 *
 * Each of the questions is one instruction while nobody does; what then happens is out of the way. Any context.
 */
#ifndef ONVME_IOTRACE_H
#define ONVME_IOTRACE_H

#include <linux/tracepoint-defs.h>

#include "queue.h"

struct onvme_cqe;
struct request;

DECLARE_TRACEPOINT(nvme_setup_cmd);
DECLARE_TRACEPOINT(nvme_complete_rq);
DECLARE_TRACEPOINT(nvme_sq);
DECLARE_TRACEPOINT(onvme_map);

void onvme_iotrace_setup(struct onvme_queue *q, struct request *rq);
void onvme_iotrace_taken(struct onvme_queue *q, struct request *rq, u16 head);
void onvme_iotrace_over(struct onvme_queue *q, struct request *rq);
void onvme_iotrace_mapped(struct onvme_queue *q, struct request *rq, int err);
void onvme_iotrace_event(struct onvme_ctrl *ctrl, u32 result);

/* A command is about to be posted. */
static __always_inline void onvme_trace_setup(struct onvme_queue *q, struct request *rq)
{
	if (tracepoint_enabled(nvme_setup_cmd))
		onvme_iotrace_setup(q, rq);
}

/* A completion was taken that says that the controller's head of the submission queue is @head. */
static __always_inline void onvme_trace_taken(struct onvme_queue *q, struct request *rq, __le16 head)
{
	if (tracepoint_enabled(nvme_sq))
		onvme_iotrace_taken(q, rq, le16_to_cpu(head));
}

/* A command has a status. */
static __always_inline void onvme_trace_over(struct onvme_queue *q, struct request *rq)
{
	if (tracepoint_enabled(nvme_complete_rq))
		onvme_iotrace_over(q, rq);
}

/* Data are mapped, but for @err. */
static __always_inline void onvme_trace_mapped(struct onvme_queue *q, struct request *rq, int err)
{
	if (tracepoint_enabled(onvme_map))
		onvme_iotrace_mapped(q, rq, err);
}

#endif /* ONVME_IOTRACE_H */
