// SPDX-License-Identifier: GPL-2.0
#include <linux/blk-mq.h>

#include "ctrl.h"
#include "iotrace.h"
#include "trace_io.h"

static void onvme_iotrace_place(struct onvme_queue *q, struct request *rq, struct onvme_io_place *place)
{
	place->ctrl = q->ctrl->instance;
	place->qid = q->qid;
	place->disk = rq->q->disk ? rq->q->disk->disk_name : "";
}

/**
 * onvme_iotrace_setup() - a command is about to be posted
 * @q: its queue
 * @rq: the request; its command has an identifier
 */
void onvme_iotrace_setup(struct onvme_queue *q, struct request *rq)
{
	struct onvme_io_place place;

	onvme_iotrace_place(q, rq, &place);
	trace_nvme_setup_cmd(&place, &onvme_pdu(rq)->sqe, onvme_pdu(rq)->map.meta_len);
}

/**
 * onvme_iotrace_taken() - a completion was taken
 * @q: its queue
 * @rq: the request that it completes
 * @head: what it says of the submission queue
 */
void onvme_iotrace_taken(struct onvme_queue *q, struct request *rq, u16 head)
{
	struct onvme_io_place place;

	onvme_iotrace_place(q, rq, &place);
	trace_nvme_sq(&place, head, (u16)READ_ONCE(q->sq_tail));
}

/**
 * onvme_iotrace_over() - a command has a status, be it the host's
 * @q: its queue
 * @rq: the request
 */
void onvme_iotrace_over(struct onvme_queue *q, struct request *rq)
{
	const struct onvme_pdu *pdu = onvme_pdu(rq);
	struct onvme_io_place place;

	onvme_iotrace_place(q, rq, &place);
	trace_nvme_complete_rq(&place, le16_to_cpu(pdu->sqe.cid), pdu->result, pdu->tries, pdu->flags, pdu->status);
}

/**
 * onvme_iotrace_mapped() - data were mapped that are not in one piece
 * @q: the queue of the command
 * @rq: the request
 * @err: 0, or why they could not be
 */
void onvme_iotrace_mapped(struct onvme_queue *q, struct request *rq, int err)
{
	struct onvme_io_place place;

	onvme_iotrace_place(q, rq, &place);
	trace_onvme_map(&place, blk_rq_payload_bytes(rq), blk_rq_nr_phys_segments(rq),
			onvme_pdu(rq)->sqe.flags & ONVME_SQE_SGL, err);
}

/**
 * onvme_iotrace_event() - the controller told of an event
 * @ctrl: the controller
 * @result: completion dword 0
 */
void onvme_iotrace_event(struct onvme_ctrl *ctrl, u32 result)
{
	trace_nvme_async_event(ctrl->instance, result);
}
