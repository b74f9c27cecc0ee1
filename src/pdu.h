/* SPDX-License-Identifier: GPL-2.0 */
/*
 * pdu.h - the driver's part of a request: its command, how its data are mapped, and what became of it.
 *
 * struct onvme_pdu is behind each request of either tag set; it belongs to whoever owns the request. Any context.
 */
#ifndef ONVME_PDU_H
#define ONVME_PDU_H

#include <linux/blk-mq.h>

#include "map.h"

/* Bits of onvme_pdu.flags */
#define ONVME_PDU_STEP		BIT(0)		/* belongs to a bring-up or tear-down step */
#define ONVME_PDU_CANCELLED	BIT(1)		/* the host gave up on it */
#define ONVME_PDU_PAYLOAD	BIT(2)		/* has a special payload that rq.c frees */
#define ONVME_PDU_NOWAIT	BIT(3)		/* makes sense now or not at all */
#define ONVME_PDU_OWN_TIME	BIT(4)		/* whoever submitted it said how long it may take */
#define ONVME_PDU_LANE		GENMASK(6, 5)	/* lane.h: where it was posted */
#define ONVME_PDU_APPEND	BIT(7)		/* its completion says where the data went */

/**
 * struct onvme_pdu - the driver's part of a request
 * @sqe: the command
 * @map: its data
 * @result: dwords 0 and 1 of the completion
 * @posted: while it is in flight: when it was posted
 * @status: Status Field without Phase Tag
 * @waits: how often its time was renewed while firmware is activated; written by the time-out handler
 * @tries: how often it has been tried again
 * @flags: ONVME_PDU_*; written by who owns the request
 * @late: it has exceeded its time; written by the time-out handler
 * @aborted: an Abort was sent for it; written by the time-out handler
 */
struct onvme_pdu {
	struct onvme_sqe	sqe;
	struct onvme_map	map;
	union {
		u64		result;
		u64		posted;
	};
	u16			status;
	u16			waits;
	u8			tries;
	u8			flags;
	bool			late;
	bool			aborted;
};

/* On Linux 6.1 a request with it fits into six cache lines; it would take seven. */
static_assert(sizeof(struct onvme_pdu) <= 112);

/* A command that has not been tried yet. Eight bytes, and one store. */
static inline void onvme_pdu_init(struct onvme_pdu *pdu)
{
	pdu->status = 0;
	pdu->waits = 0;
	pdu->tries = 0;
	pdu->flags = 0;
	pdu->late = false;
	pdu->aborted = false;
}

static inline struct onvme_pdu *onvme_pdu(struct request *rq)
{
	return blk_mq_rq_to_pdu(rq);
}

#endif /* ONVME_PDU_H */
