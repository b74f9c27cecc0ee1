// SPDX-License-Identifier: GPL-2.0
#include <linux/bitfield.h>
#include <linux/minmax.h>
#include <onvme/spec.h>

#include "policy.h"

/**
 * onvme_policy_timeout() - what to do about a command that exceeded its time
 * @facts: what is known
 *
 * In this order: believe the completion queue; do not wait for a device that is not there; while nobody else can rescue
 * the command, rescue it here; ask politely once; then reset.
 *
 * Return: the verdict.
 */
enum onvme_verdict onvme_policy_timeout(const struct onvme_timeout_facts *facts)
{
	if (facts->completed)
		return ONVME_VERDICT_DONE;
	if (facts->bringing_up)
		return ONVME_VERDICT_FAIL;
	if (!facts->live)
		return ONVME_VERDICT_WAIT;
	if (facts->gone || facts->fatal || facts->admin || facts->aborted)
		return ONVME_VERDICT_RESET;
	return facts->abort_free ? ONVME_VERDICT_ABORT : ONVME_VERDICT_WAIT;
}

/**
 * onvme_policy_verdict_text() - the word for a verdict, as in the trace
 * @verdict: the verdict
 *
 * Return: a string.
 */
const char *onvme_policy_verdict_text(enum onvme_verdict verdict)
{
	static const char * const text[ONVME_NR_VERDICTS] = {
		[ONVME_VERDICT_DONE]	= "completed",
		[ONVME_VERDICT_WAIT]	= "wait",
		[ONVME_VERDICT_ABORT]	= "abort",
		[ONVME_VERDICT_RESET]	= "reset",
		[ONVME_VERDICT_FAIL]	= "fail",
	};

	return (unsigned int)verdict < ONVME_NR_VERDICTS ? text[verdict] : "unknown";
}

/**
 * onvme_policy_queues_to_ask() - I/O queue pairs to ask the controller for
 * @cpus: CPUs that may ever be online
 *
 * Return: 1 to %ONVME_MAX_IO_QUEUES.
 */
unsigned int onvme_policy_queues_to_ask(unsigned int cpus)
{
	return clamp(cpus, 1u, ONVME_MAX_IO_QUEUES);
}

/**
 * onvme_policy_queues_granted() - I/O queue pairs that the controller allows
 * @result: completion dword 0 of Set Features, Number of Queues: 0's based completion queues above submission queues
 * @asked: how many it was asked for
 *
 * Return: never more than @asked, whatever the controller says.
 */
unsigned int onvme_policy_queues_granted(u32 result, unsigned int asked)
{
	u32 sqs = (result & 0xffff) + 1;
	u32 cqs = (result >> 16) + 1;

	return min3(sqs, cqs, (u32)asked);
}

/**
 * onvme_policy_plan_queues() - fit the I/O queues to the interrupt vectors
 * @granted: I/O queue pairs that the controller allows; 0 when it allows none
 * @vectors: interrupt vectors at hand, the admin queue's included, at least 1
 * @plan: the outcome
 */
void onvme_policy_plan_queues(unsigned int granted, unsigned int vectors, struct onvme_queue_plan *plan)
{
	plan->shared_vector = vectors < 2;
	plan->nr_io = min(granted, plan->shared_vector ? 1u : vectors - 1);
}

/**
 * onvme_policy_ready_ms() - how long CSTS.RDY may take to follow CC.EN
 * @cap: CAP
 * @crto: CRTO, or 0 where the controller has none
 *
 * Return: milliseconds: the larger of CAP.TO and CRTO.CRWMT (Base, "Controller Ready Timeouts"), at least 1 s since
 * some controllers say 0 and mean "soon".
 */
unsigned int onvme_policy_ready_ms(u64 cap, u32 crto)
{
	unsigned int units = (unsigned int)FIELD_GET(ONVME_CAP_TO, cap);

	if (FIELD_GET(ONVME_CAP_CRMS, cap) & ONVME_CAP_CRMS_CRWMS)
		units = max(units, (unsigned int)FIELD_GET(ONVME_CRTO_CRWMT, crto));
	/* CRWMT could say nine hours; nobody waits for a disk that long. */
	return clamp(units, 1u, 599u) * 500u + 500u;
}

/**
 * onvme_policy_shutdown_ms() - how long a shutdown notification may take
 * @param_ms: what the user allows at least, milliseconds
 * @rtd3e_us: RTD3 Entry Latency of Identify Controller, microseconds, 0 when not reported
 *
 * Return: milliseconds; the controller's own figure is believed up to 60 s.
 */
unsigned int onvme_policy_shutdown_ms(unsigned int param_ms, u32 rtd3e_us)
{
	return max(param_ms, min(rtd3e_us / 1000, 60000u));
}
