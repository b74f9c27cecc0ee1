/* SPDX-License-Identifier: GPL-2.0 */
/*
 * resv.h - reservations: what a report of them says, and what a status means to who asked for one.
 *
 * Pure; any context; the caller owns all memory. Keys and types are those of the block layer, whose types have the
 * numbers of the specification.
 */
#ifndef ONVME_PROTO_RESV_H
#define ONVME_PROTO_RESV_H

#include <onvme/spec.h>

struct onvme_finding;

/* What became of a command */
enum onvme_resv_outcome {
	ONVME_RESV_DONE,
	ONVME_RESV_CONFLICT,		/* somebody else has it, or the key is wrong */
	ONVME_RESV_NOTSUPP,
	ONVME_RESV_INVALID,		/* the controller does not know the command, or does not like it */
	ONVME_RESV_PATH,		/* it did not get to the namespace */
	ONVME_RESV_IO,			/* anything else */
};

/**
 * struct onvme_resv_report - what a report says
 * @generation: rises with each change of registrations
 * @registrants: how many there are
 * @room: of how many the report tells
 * @type: of the reservation, 1 to 6; 0: there is none
 */
struct onvme_resv_report {
	u32	generation;
	u32	registrants;
	u32	room;
	u32	type;
};

enum onvme_resv_outcome onvme_resv_outcome(u16 status);
size_t onvme_resv_report_len(u32 registrants, bool extended);
void onvme_resv_read(const void *page, size_t len, bool extended, struct onvme_resv_report *report,
		     struct onvme_finding *finding);
u64 onvme_resv_key(const void *page, bool extended, u32 i, bool *holds);

#endif /* ONVME_PROTO_RESV_H */
