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

/**
 * struct onvme_queue_plan - how many I/O queue pairs to create and how they are signalled
 * @nr_io: I/O queue pairs; 0 leaves a controller for admin commands only
 * @shared_vector: vector 0 serves them and the admin queue; else queue n has vector n
 */
struct onvme_queue_plan {
	unsigned int	nr_io;
	bool		shared_vector;
};

unsigned int onvme_policy_queues_to_ask(unsigned int cpus);
unsigned int onvme_policy_queues_granted(u32 result, unsigned int asked);
void onvme_policy_plan_queues(unsigned int granted, unsigned int vectors, struct onvme_queue_plan *plan);

unsigned int onvme_policy_ready_ms(u64 cap, u32 crto);
unsigned int onvme_policy_shutdown_ms(unsigned int param_ms, u32 rtd3e_us);

u64 onvme_policy_data_len(bool admin, const struct onvme_sqe *sqe, const struct onvme_ns_geom *ns);
u32 onvme_policy_meta_len(const struct onvme_sqe *sqe, const struct onvme_ns_geom *ns);

#endif /* ONVME_PROTO_POLICY_H */
