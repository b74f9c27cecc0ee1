/* SPDX-License-Identifier: GPL-2.0 */
/*
 * status.h - what a status that a controller returned means: which kind of error, whether to try again, and its name.
 *
 * Pure tables and functions, any context. A status is the Status Field above the Phase Tag (ONVME_SF_*). Status codes
 * go up to rq.c, which alone turns a kind into a blk_status_t; errno values never mix with them.
 */
#ifndef ONVME_PROTO_STATUS_H
#define ONVME_PROTO_STATUS_H

#include <linux/types.h>

enum onvme_errkind {
	ONVME_ERR_NONE,
	ONVME_ERR_NOTSUPP,		/* the controller does not know the command, field or namespace */
	ONVME_ERR_NOSPC,
	ONVME_ERR_TARGET,		/* not now, or not for these blocks */
	ONVME_ERR_MEDIUM,
	ONVME_ERR_PROTECTION,		/* end-to-end data protection */
	ONVME_ERR_RESERVATION,
	ONVME_ERR_ZONE_OPEN,		/* too many open zones */
	ONVME_ERR_ZONE_ACTIVE,		/* too many zones that are not empty, full or worse */
	ONVME_ERR_TRANSPORT,		/* the host gave up on it */
	ONVME_ERR_IO,			/* anything else */
	ONVME_NR_ERRKINDS
};

enum onvme_fate {
	ONVME_FATE_DONE,		/* success */
	ONVME_FATE_RETRY,
	ONVME_FATE_FAIL,
};

enum onvme_errkind onvme_status_kind(u16 status);
enum onvme_fate onvme_status_fate(u16 status, unsigned int tries, unsigned int max_tries, bool may_retry);
unsigned int onvme_status_delay_ms(u16 status, const u16 crdt[3]);
const char *onvme_status_text(u16 status);
const char *onvme_opcode_text(bool admin, u8 opcode);

#endif /* ONVME_PROTO_STATUS_H */
