/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * uapi.h - what our own tools read: the flight record of a controller.
 *
 * All values are little-endian. A record is a head, followed by parts up to @len; a reader passes over parts of a kind
 * that it does not know, and refuses another version. Each part is padded to a multiple of 8 bytes.
 */
#ifndef ONVME_UAPI_H
#define ONVME_UAPI_H

#include <linux/types.h>

#define ONVME_FLIGHT_MAGIC	"onvmeflt"
#define ONVME_FLIGHT_VERSION	1

struct onvme_flight_head {
	char	magic[8];
	__le32	version;
	__le32	len;		/* of the whole record, this head included */
};

#define ONVME_FLIGHT_INFO	1	/* struct onvme_flight_info */
#define ONVME_FLIGHT_STATES	2	/* struct onvme_flight_state, oldest first */
#define ONVME_FLIGHT_QUEUE	3	/* struct onvme_flight_queue, and what it counts */
#define ONVME_FLIGHT_NAMES	4	/* struct onvme_flight_name */

struct onvme_flight_part {
	__le32	kind;
	__le32	len;		/* of what follows */
};

/*
 * A stamp is a processor's counter: bits 47:0; bits 63:48 are the number of the processor. 0: none. @stamps of them
 * took @stamps_ns, which tells how fast it counts; @stamp was now. On a machine without such a counter all are 0.
 * Registers read as all-ones when the device was not there.
 */
struct onvme_flight_info {
	__le64	realtime_ns;
	__le64	boot_ns;
	__le64	stamp;
	__le64	stamps;
	__le64	stamps_ns;
	__le64	cap;
	__le32	vs;
	__le32	cc;
	__le32	csts;
	__le32	aqa;
	__le32	pci_command_status;	/* as in configuration space: Command, then Status */
	__le32	aer_uncorrectable;
	__le32	aer_correctable;
	__le16	device_status;
	__le16	link_status;
	__le32	resets;
	__le32	timeouts;
	__le32	aborts;
	__le32	errors;
	__le32	retries;
	__le32	bogus;
	__le32	findings;
	__le32	reserved;
	char	device[16];
	char	function[16];
	char	model[48];
	char	firmware[16];
	char	state[16];
	char	cause[48];
	char	kernel[64];
	char	driver[16];
};

struct onvme_flight_state {
	__le64	boot_ns;
	char	from[12];
	char	event[12];
	char	to[12];
	char	cause[36];
};

#define ONVME_FLIGHT_Q_LIVE	(1u << 0)
#define ONVME_FLIGHT_Q_POLLED	(1u << 1)
#define ONVME_FLIGHT_Q_CMB	(1u << 2)	/* the submission ring is in memory of the controller */

/*
 * Entry @sq_first and those that follow, then completion entry @cq_first and those that follow, both modulo @depth;
 * then what is in flight. A completion entry at or behind @cq_head is new when its Phase Tag is @cq_phase.
 */
struct onvme_flight_queue {
	__le32	qid;
	__le32	depth;
	__le32	vector;
	__le32	flags;
	__le32	sq_tail;
	__le32	sq_rung;
	__le32	cq_head;
	__le32	cq_phase;
	__le32	sq_first;
	__le32	sq_count;	/* struct onvme_flight_sqe */
	__le32	cq_first;
	__le32	cq_count;	/* struct onvme_flight_cqe */
	__le32	busy_count;	/* struct onvme_flight_busy */
	__le32	lost;
	__le32	late;
	__le32	reserved;
};

struct onvme_flight_sqe {
	__le64	posted;		/* a stamp */
	__u8	sqe[64];
};

struct onvme_flight_cqe {
	__le64	taken;		/* a stamp: of the interrupt, or of who polled */
	__u8	cqe[16];
};

#define ONVME_FLIGHT_LATE	(1u << 0)	/* has exceeded its time */
#define ONVME_FLIGHT_ABORTED	(1u << 1)	/* an Abort was sent for it */

struct onvme_flight_busy {
	__le32	age_ms;
	__le32	timeout_ms;
	__le16	slot;
	__le16	tries;
	__le32	flags;
	__u8	sqe[64];
};

#define ONVME_FLIGHT_NVM	0	/* @code is an opcode of the NVM command set */
#define ONVME_FLIGHT_ADMIN	1	/* @code is an admin opcode */
#define ONVME_FLIGHT_STATUS	2	/* @code is Status Code Type and Status Code, bits 10:0 */

struct onvme_flight_name {
	__le16	what;
	__le16	code;
	char	text[44];
};

#endif /* ONVME_UAPI_H */
