/* SPDX-License-Identifier: GPL-2.0 */
/*
 * policy.h - decisions, apart from the doing: what to do about a late command, how many queues to have, which
 * time-outs.
 *
 * Pure functions of the facts they are given; callers gather the facts and carry out the verdict.
 */
#ifndef ONVME_PROTO_POLICY_H
#define ONVME_PROTO_POLICY_H

#include <linux/types.h>
#include <onvme/spec.h>

struct onvme_ns_geom;

#define ONVME_MAX_IO_QUEUES	1024u

/**
 * struct onvme_timeout_facts - what is known when a command exceeds its time
 * @completed: polling the completion queue found it after all
 * @gone: registers read as all-ones, or the slot is empty
 * @fatal: CSTS.CFS is set, or an NVM subsystem reset has occurred
 * @bringing_up: the controller is starting or going away: nobody else will rescue this command
 * @live: the controller is live
 * @admin: it is on the admin queue
 * @aborted: an Abort for it was sent before
 * @abort_free: the controller takes one more Abort
 */
struct onvme_timeout_facts {
	bool	completed;
	bool	gone;
	bool	fatal;
	bool	bringing_up;
	bool	live;
	bool	admin;
	bool	aborted;
	bool	abort_free;
};

enum onvme_verdict {
	ONVME_VERDICT_DONE,	/* completed; only the interrupt was missing */
	ONVME_VERDICT_WAIT,	/* somebody is at work already: give it another period */
	ONVME_VERDICT_ABORT,	/* ask the controller to abort it, and give it another period */
	ONVME_VERDICT_RESET,	/* reset the controller */
	ONVME_VERDICT_FAIL,	/* disable the controller here and now, and fail its commands */
	ONVME_NR_VERDICTS
};

enum onvme_verdict onvme_policy_timeout(const struct onvme_timeout_facts *facts);
const char *onvme_policy_still(u32 csts, bool away);
const char *onvme_policy_verdict_text(enum onvme_verdict verdict);

/* What the queues of a map are for; the numbers are those of the block layer's enum hctx_type. */
enum onvme_queue_use {
	ONVME_USE_DEFAULT,
	ONVME_USE_READ,
	ONVME_USE_POLL,
	ONVME_NR_USES
};

/**
 * struct onvme_queue_wish - the I/O queue pairs that the user wants
 * @cpus: CPUs that may ever be online
 * @io: with an interrupt, for reads and everything else; 0: as many as @cpus
 * @write: of their own for everything but reads; 0: none
 * @poll: without an interrupt, for I/O that is polled for
 */
struct onvme_queue_wish {
	unsigned int	cpus;
	unsigned int	io;
	unsigned int	write;
	unsigned int	poll;
};

/**
 * struct onvme_queue_plan - how many I/O queue pairs to create and how they are signalled
 * @nr_io: I/O queue pairs; 0 leaves a controller for admin commands only
 * @nr: how many of them for each use, in this order
 * @shared_vector: vector 0 serves those with an interrupt and the admin queue; else queue n has vector n
 */
struct onvme_queue_plan {
	unsigned int	nr_io;
	unsigned int	nr[ONVME_NR_USES];
	bool		shared_vector;
};

/* I/O queue pairs with an interrupt: the first ones. */
static inline unsigned int onvme_plan_irqs(const struct onvme_queue_plan *plan)
{
	return plan->nr_io - plan->nr[ONVME_USE_POLL];
}

unsigned int onvme_policy_queues_to_ask(const struct onvme_queue_wish *wish);
unsigned int onvme_policy_queues_granted(u32 result, unsigned int asked);
unsigned int onvme_policy_reads(unsigned int irqs, const struct onvme_queue_wish *wish);
void onvme_policy_plan_queues(unsigned int granted, unsigned int vectors, const struct onvme_queue_wish *wish,
			      struct onvme_queue_plan *plan);

unsigned int onvme_policy_ready_ms(u64 cap, u32 crto);
unsigned int onvme_policy_shutdown_ms(unsigned int param_ms, u32 rtd3e_us);

/**
 * struct onvme_coalescing - how long an interrupt is held back, so that it serves several completions
 * @threshold: completions that end it; 1: none is held back
 * @time_us: microseconds after which it ends at the latest
 */
struct onvme_coalescing {
	unsigned int	threshold;
	unsigned int	time_us;
};

bool onvme_policy_coalescing_ok(const struct onvme_coalescing *want);
u32 onvme_policy_coalescing_dword(const struct onvme_coalescing *want);

u32 onvme_policy_arbitration(unsigned int weight, u8 rab);

bool onvme_policy_cmb_takes_sqs(u32 cmbsz);
bool onvme_policy_cmb_takes_data(u32 cmbsz);
bool onvme_policy_cmb_place(u32 cmbloc, u32 cmbsz, u64 bar_len, u64 *offset, u64 *len);

u64 onvme_policy_data_len(bool admin, const struct onvme_sqe *sqe, const struct onvme_ns_geom *ns);
u32 onvme_policy_meta_len(const struct onvme_sqe *sqe, const struct onvme_ns_geom *ns);
bool onvme_policy_len_known(const struct onvme_sqe *sqe, const struct onvme_ns_geom *ns);

#endif /* ONVME_PROTO_POLICY_H */
