/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * uapi.h - what our own tools read: the flight record of a controller, and its latency.
 *
 * All values are little-endian. A flight record is a head, followed by parts up to @len; a reader passes over parts of
 * a kind that it does not know, and refuses another version. Each part is padded to a multiple of 8 bytes.
 */
#ifndef ONVME_UAPI_H
#define ONVME_UAPI_H

#include <linux/types.h>

#define ONVME_FLIGHT_MAGIC	"onvmeflt"
#define ONVME_FLIGHT_VERSION	2

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
 * A stamp is a processor's counter; 0: none. @stamps of them took @stamps_ns, which tells how fast it counts; @stamp
 * was now. On a machine without such a counter all are 0.
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
	__le32	cpu;		/* the processor that takes its interrupt, and 1 more; 0: not known */
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

/*
 * The attribute "latency" of a controller (/sys/class/nvme/nvmeX/latency), readable for everybody: how long its
 * commands took, and what its queues did. An array of 64-bit values: struct onvme_latency_head; at @rows_at, @rows
 * times struct onvme_latency_row; at @head_len, @queues times @queue_len bytes, a struct onvme_latency_queue each, with
 *
 *	at @statuses_at		@statuses times struct onvme_latency_status: in which status commands ended
 *	at @bins_at		__le64 bin[@phases][@rows][@bins]: how many commands took how long
 *
 * Whoever reads goes by these lengths, never by the size of a structure that he knows: all of them may grow without
 * another version, and then have more at their end. Any part may be read alone, by pread(2). Nothing stands still
 * meanwhile: a value is right, but two of them are not of the same moment. Counts only grow, also over resets of the
 * controller, until root writes "0" to the attribute: histograms and counters then begin anew, and @since_ns with them.
 * A count of %ONVME_LATENCY_UNKNOWN is not known here.
 *
 * A histogram is logarithmic, with 4 bins for each power of two. Bin n begins at
 *
 *	0 for n = 0, else (4 + n % 4) << (n / 4 + @first - 2)
 *
 * units, and ends where the next begins; the last has no end. @units of them take @units_ns nanoseconds; where @units
 * is 0 this phase cannot be measured on this machine.
 */
#define ONVME_LATENCY_MAGIC	"onvmelat"
#define ONVME_LATENCY_VERSION	1
#define ONVME_LATENCY_UNKNOWN	(~0ULL)

/* Phases, by number */
#define ONVME_LATENCY_HOST	0	/* from the beginning of a request until it is posted; first tries only */
#define ONVME_LATENCY_DEVICE	1	/* from there until its completion is taken, for an interrupt or by a poll */
#define ONVME_LATENCY_IRQ	2	/* for how long a completion may have been there without being taken */
#define ONVME_LATENCY_PHASES	3

/**
 * struct onvme_latency_phase - how to read the histograms of a phase
 * @units: so many units ...
 * @units_ns: ... take so many nanoseconds
 * @first: power of two that bin 0 begins at
 * @sampled: one of so many commands is counted, on average, chosen at random; 1: each of them
 */
struct onvme_latency_phase {
	__le64	units;
	__le64	units_ns;
	__le64	first;
	__le64	sampled;
};

/**
 * struct onvme_latency_head - the beginning of the attribute
 * @magic: %ONVME_LATENCY_MAGIC, without its final 0
 * @version: %ONVME_LATENCY_VERSION; a reader refuses another
 * @head_len: bytes up to the first queue
 * @queue_len: bytes of each queue
 * @queues: queues that there may be, the admin queue first; those without memory have a @depth of 0
 * @rows_at: offset of the descriptions of rows
 * @row_len: bytes of each of them
 * @rows: rows of a phase
 * @bins: bins of a row
 * @bins_at: offset of the bins in a queue
 * @statuses_at: offset of the statuses in a queue
 * @statuses: how many there are
 * @now_ns: when this was read, on CLOCK_BOOTTIME
 * @since_ns: when counting began
 * @phases: how many phases there are; this many of @phase
 * @phase: how to read each of them
 */
struct onvme_latency_head {
	char	magic[8];
	__le64	version;
	__le64	head_len;
	__le64	queue_len;
	__le64	queues;
	__le64	rows_at;
	__le64	row_len;
	__le64	rows;
	__le64	bins;
	__le64	bins_at;
	__le64	statuses_at;
	__le64	statuses;
	__le64	now_ns;
	__le64	since_ns;
	__le64	phases;
	struct onvme_latency_phase phase[ONVME_LATENCY_PHASES];
};

/* What a command does. On the admin queue all are ONVME_LATENCY_OTHER. */
#define ONVME_LATENCY_READ	0
#define ONVME_LATENCY_WRITE	1	/* Zone Append, too */
#define ONVME_LATENCY_FLUSH	2
#define ONVME_LATENCY_DISCARD	3	/* Dataset Management and Write Zeroes */
#define ONVME_LATENCY_OTHER	4

/**
 * struct onvme_latency_row - which commands a row counts
 * @what: ONVME_LATENCY_READ and so on
 * @most: bytes that they transfer at most, and more than those of the row before of the same kind; 0: any number
 */
struct onvme_latency_row {
	__le64	what;
	__le64	most;
};

#define ONVME_LATENCY_Q_LIVE	(1u << 0)	/* the controller knows the queue */
#define ONVME_LATENCY_Q_POLLED	(1u << 1)	/* it has no interrupt: who waits for its commands polls it */
#define ONVME_LATENCY_Q_TIMER	(1u << 2)	/* its interrupts get lost, so that a timer polls it */

/**
 * struct onvme_latency_queue - a queue pair, and what it counts
 * @qid: queue id; 0 is the admin queue
 * @depth: entries of each ring; 0: the queue has no memory
 * @vector: interrupt vector
 * @flags: ONVME_LATENCY_Q_*
 * @in_flight: commands in flight now
 * @commands: commands that have completed
 * @sq_doorbells: how often the controller was told of commands, by doorbell or shadow doorbell
 * @cq_doorbells: how often it was told of completions that were taken
 * @interrupts: interrupts that found completions
 * @spurious: interrupts that found none; where a thread serves them (use_threaded_interrupts) they are not counted
 * @polls: times that completions were found without an interrupt, by who polls for them, by a timer or by a time-out
 * @polled: completions that were found so
 * @lost: interrupts that got lost, of the vector of that number
 * @late: commands that exceeded their time without having completed, of that vector
 * @bogus: completions that named no command in flight
 * @retries: commands tried again
 * @errors: commands that failed for good
 */
struct onvme_latency_queue {
	__le64	qid;
	__le64	depth;
	__le64	vector;
	__le64	flags;
	__le64	in_flight;
	__le64	commands;
	__le64	sq_doorbells;
	__le64	cq_doorbells;
	__le64	interrupts;
	__le64	spurious;
	__le64	polls;
	__le64	polled;
	__le64	lost;
	__le64	late;
	__le64	bogus;
	__le64	retries;
	__le64	errors;
};

/* In the last entry: all for which there was no entry of their own */
#define ONVME_LATENCY_ANY_STATUS	0xffff

/**
 * struct onvme_latency_status - how often commands ended in a status that is no success, each try counted
 * @status: Status Code Type and Status Code, bits 10:0, or %ONVME_LATENCY_ANY_STATUS
 * @count: how often; 0: this entry and the others up to the last are not in use
 */
struct onvme_latency_status {
	__le64	status;
	__le64	count;
};

#endif /* ONVME_UAPI_H */
