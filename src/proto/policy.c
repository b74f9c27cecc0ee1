// SPDX-License-Identifier: GPL-2.0
#include <asm/byteorder.h>
#include <linux/bitfield.h>
#include <linux/minmax.h>
#include <onvme/spec.h>

#include "ident.h"
#include "policy.h"

/**
 * onvme_policy_timeout() - what to do about a command that exceeded its time
 * @facts: what is known
 *
 * In this order: believe the completion queue; do not wait for a device that is not there; while nobody else can
 * rescue the command, rescue it here; ask politely once; then reset.
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
 * onvme_policy_still() - what CSTS says of a live controller of which a queue stands still
 * @csts: CSTS
 * @away: it read as all-ones before, since that queue stands still
 *
 * One that is not there may come back, and nothing can be done to it meanwhile: its commands get their time. Once back
 * it may never have heard of them. One that is not ready was reset by somebody else, or by itself.
 *
 * Return: why to reset it at once, for the log; NULL: commands take as long as they take.
 */
const char *onvme_policy_still(u32 csts, bool away)
{
	if (csts == ONVME_ALL_ONES)
		return NULL;
	if (csts & ONVME_CSTS_CFS)
		return "fatal status";
	if (csts & ONVME_CSTS_NSSRO)
		return "NVM subsystem reset by others";
	if (!(csts & ONVME_CSTS_RDY))
		return "controller reset by others";
	return away ? "its return to the bus" : NULL;
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
 * @wish: what the user wants
 *
 * Return: 1 to %ONVME_MAX_IO_QUEUES.
 */
unsigned int onvme_policy_queues_to_ask(const struct onvme_queue_wish *wish)
{
	unsigned int most = clamp(wish->cpus, 1u, ONVME_MAX_IO_QUEUES);
	unsigned int io = wish->io ? min(wish->io, most) : most;

	return min(io + min(wish->write, most) + min(wish->poll, most), ONVME_MAX_IO_QUEUES);
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
 * onvme_policy_reads() - how many of the queues with an interrupt serve reads alone
 * @irqs: I/O queue pairs with an interrupt
 * @wish: what the user wants
 *
 * Return: the number; less than @irqs, since some have to serve everything else.
 */
unsigned int onvme_policy_reads(unsigned int irqs, const struct onvme_queue_wish *wish)
{
	if (irqs < 2 || !wish->write)
		return 0;
	return irqs - min(wish->write, irqs - 1);
}

/**
 * onvme_policy_plan_queues() - fit the I/O queues to the interrupt vectors
 * @granted: I/O queue pairs that the controller allows; 0 when it allows none
 * @vectors: interrupt vectors at hand, the admin queue's included, at least 1
 * @wish: what the user wants
 * @plan: the outcome
 *
 * One with an interrupt there is always; what is polled for goes before reads of their own.
 */
void onvme_policy_plan_queues(unsigned int granted, unsigned int vectors, const struct onvme_queue_wish *wish,
			      struct onvme_queue_plan *plan)
{
	unsigned int polls = granted ? min(wish->poll, granted - 1) : 0, irqs = granted - polls;

	plan->shared_vector = vectors < 2;
	irqs = min(irqs, plan->shared_vector ? 1u : vectors - 1);
	plan->nr[ONVME_USE_READ] = onvme_policy_reads(irqs, wish);
	plan->nr[ONVME_USE_DEFAULT] = irqs - plan->nr[ONVME_USE_READ];
	plan->nr[ONVME_USE_POLL] = polls;
	plan->nr_io = irqs + polls;
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

static u64 onvme_policy_admin_len(const struct onvme_sqe *sqe)
{
	u32 cdw10 = le32_to_cpu(sqe->cdw10), cdw11 = le32_to_cpu(sqe->cdw11), cdw12 = le32_to_cpu(sqe->cdw12);

	switch (sqe->opcode) {
	case ONVME_ADM_IDENTIFY:
	case ONVME_ADM_NS_ATTACH:
		return ONVME_IDENTIFY_SIZE;
	case ONVME_ADM_NS_MGMT:
		return cdw10 & 0xf ? 0 : ONVME_IDENTIFY_SIZE;		/* 0 creates */
	case ONVME_ADM_GET_LOG_PAGE:
		return ((cdw10 >> 16 | (u64)(cdw11 & 0xffff) << 16) + 1) * 4;
	case ONVME_ADM_FW_DOWNLOAD:
		return (cdw10 + 1ull) * 4;
	case ONVME_ADM_GET_LBA_STATUS:
		return (cdw12 + 1ull) * 4;
	case ONVME_ADM_SECURITY_SEND:
	case ONVME_ADM_SECURITY_RECV:
		return cdw11;
	default:
		return 0;
	}
}

/* Copy: so many source ranges; their format, 0 to 3, says whether each takes 32 or 40 bytes. */
static u64 onvme_policy_copy_len(u32 cdw12)
{
	return ((cdw12 & 0xff) + 1) * (cdw12 & 0x100 ? 40ull : 32ull);
}

static u32 onvme_policy_blocks(const struct onvme_sqe *sqe)
{
	return (le32_to_cpu(sqe->cdw12) & 0xffff) + 1;
}

/*
 * The controller makes the protection information on the way in and strips it on the way out: no metadata move. That
 * is sure where the metadata have room for nothing else.
 */
static bool onvme_policy_pract(const struct onvme_sqe *sqe, const struct onvme_ns_geom *ns)
{
	return le32_to_cpu(sqe->cdw12) >> 16 & ONVME_RW_PRACT && ns->pi.type && ns->ms == ns->pi.bytes;
}

static bool onvme_policy_moves_blocks(const struct onvme_sqe *sqe, const struct onvme_ns_geom *ns)
{
	if (!ns || !onvme_ident_csi_has_blocks(ns->csi))
		return false;
	return sqe->opcode == ONVME_NVM_READ || sqe->opcode == ONVME_NVM_WRITE || sqe->opcode == ONVME_NVM_COMPARE ||
	       (sqe->opcode == ONVME_ZNS_APPEND && ns->csi == ONVME_CSI_ZNS);
}

/* Zone Management: what it gives is of the length that it asks for, what it takes is the extension of a descriptor. */
static u64 onvme_policy_zone_len(const struct onvme_sqe *sqe, const struct onvme_ns_geom *ns)
{
	if (sqe->opcode == ONVME_ZNS_MGMT_RECV)
		return (le32_to_cpu(sqe->cdw12) + 1ull) * 4;
	return FIELD_GET(ONVME_ZSA, le32_to_cpu(sqe->cdw13)) == ONVME_ZSA_SET_DESC_EXT ? ns->zones.ext_bytes : 0;
}

/* Actions of Zone Management Send without data; of those that there may be one day nobody knows. */
static bool onvme_policy_zone_moves_nothing(const struct onvme_sqe *sqe)
{
	switch (FIELD_GET(ONVME_ZSA, le32_to_cpu(sqe->cdw13))) {
	case ONVME_ZSA_CLOSE:
	case ONVME_ZSA_FINISH:
	case ONVME_ZSA_OPEN:
	case ONVME_ZSA_RESET:
	case ONVME_ZSA_OFFLINE:
		return true;
	default:
		return false;
	}
}

/**
 * onvme_policy_data_len() - bytes of data that a command makes the controller transfer
 * @admin: an admin command; else one of the NVM command set
 * @sqe: the command
 * @ns: the namespace of an I/O command, or NULL when it is not known
 *
 * Return: the length that the command itself implies; 0 when it implies none or nobody knows.
 */
u64 onvme_policy_data_len(bool admin, const struct onvme_sqe *sqe, const struct onvme_ns_geom *ns)
{
	u32 cdw10 = le32_to_cpu(sqe->cdw10);
	u64 bytes;

	if (admin)
		return onvme_policy_admin_len(sqe);
	switch (sqe->opcode) {
	case ONVME_NVM_DSM:
		return ((cdw10 & 0xff) + 1) * sizeof(struct onvme_dsm_range);
	case ONVME_NVM_COPY:
		return onvme_policy_copy_len(le32_to_cpu(sqe->cdw12));
	case ONVME_NVM_RESV_REPORT:
		return (cdw10 + 1ull) * 4;
	case ONVME_NVM_RESV_REGISTER:
	case ONVME_NVM_RESV_ACQUIRE:
		return 16;
	case ONVME_NVM_RESV_RELEASE:
		return 8;
	case ONVME_NVM_IO_MGMT_RECV:
		return (le32_to_cpu(sqe->cdw11) + 1ull) * 4;
	}
	if (ns && ns->csi == ONVME_CSI_ZNS &&
	    (sqe->opcode == ONVME_ZNS_MGMT_SEND || sqe->opcode == ONVME_ZNS_MGMT_RECV))
		return onvme_policy_zone_len(sqe, ns);
	if (!onvme_policy_moves_blocks(sqe, ns))
		return 0;
	bytes = 1ull << ns->lba_shift;
	if (ns->extended && !onvme_policy_pract(sqe, ns))
		bytes += ns->ms;
	return bytes * onvme_policy_blocks(sqe);
}

/**
 * onvme_policy_meta_len() - bytes of metadata that a command makes the controller transfer by the metadata pointer
 * @sqe: a command of the NVM command set
 * @ns: its namespace, or NULL when it is not known
 *
 * Return: the length; 0 when there is none or nobody knows.
 */
u32 onvme_policy_meta_len(const struct onvme_sqe *sqe, const struct onvme_ns_geom *ns)
{
	if (!onvme_policy_moves_blocks(sqe, ns) || !ns->ms || ns->extended || onvme_policy_pract(sqe, ns))
		return 0;
	return onvme_policy_blocks(sqe) * ns->ms;
}

/**
 * onvme_policy_len_known() - whether the lengths of an I/O command are all that the controller will transfer
 * @sqe: the command
 * @ns: its namespace
 *
 * Who may not be trusted must not send another: the controller would read or write beyond the buffer.
 *
 * Return: true when onvme_policy_data_len() and onvme_policy_meta_len() say how much it is, or nothing moves.
 */
bool onvme_policy_len_known(const struct onvme_sqe *sqe, const struct onvme_ns_geom *ns)
{
	if (!onvme_ident_csi_has_blocks(ns->csi))
		return false;
	if (ns->csi == ONVME_CSI_ZNS && sqe->opcode == ONVME_ZNS_MGMT_SEND && onvme_policy_zone_moves_nothing(sqe))
		return true;
	if (onvme_policy_moves_blocks(sqe, ns))
		return ns->fit != ONVME_FIT_LBADS && ns->fit != ONVME_FIT_FORMAT;
	return !(sqe->opcode & ONVME_OPCODE_TRANSFER) || onvme_policy_data_len(false, sqe, ns);
}

/**
 * onvme_policy_coalescing_ok() - whether the controller can be told so
 * @want: how long interrupts are to be held back
 *
 * A number without the other has no effect, and a time that cannot be told exactly is not what was wanted.
 *
 * Return: true for a threshold of 2 to 256 with a time of 100 to 25500 us in steps of 100, and for 1 with 0.
 */
bool onvme_policy_coalescing_ok(const struct onvme_coalescing *want)
{
	if (!want->threshold || want->threshold > 256 || want->time_us > 25500 || want->time_us % 100)
		return false;
	return (want->threshold > 1) == (want->time_us > 0);
}

/**
 * onvme_policy_coalescing_dword() - dword 11 of Set Features, Interrupt Coalescing
 * @want: something that can be told
 *
 * Return: the dword.
 */
u32 onvme_policy_coalescing_dword(const struct onvme_coalescing *want)
{
	return (u32)(FIELD_PREP(ONVME_COALESCING_THR, want->threshold - 1) |
		     FIELD_PREP(ONVME_COALESCING_TIME, want->time_us / 100));
}

/**
 * onvme_policy_arbitration() - dword 11 of Set Features, Arbitration
 * @weight: commands of medium or high priority for each of low priority, 1 to 256
 * @rab: Recommended Arbitration Burst of Identify Controller
 *
 * Without a limit of a burst a queue would go on until it is empty, whatever others wait for.
 *
 * Return: the dword.
 */
u32 onvme_policy_arbitration(unsigned int weight, u8 rab)
{
	return (u32)(FIELD_PREP(ONVME_ARB_BURST, rab < 6 ? rab : 6) | FIELD_PREP(ONVME_ARB_MEDIUM, weight - 1) |
		     FIELD_PREP(ONVME_ARB_HIGH, weight - 1));
}

/**
 * onvme_policy_cmb_takes_sqs() - whether submission queues may be in the controller memory buffer
 * @cmbsz: CMBSZ
 *
 * Return: false also when there is none.
 */
bool onvme_policy_cmb_takes_sqs(u32 cmbsz)
{
	return cmbsz & ONVME_CMBSZ_SQS && FIELD_GET(ONVME_CMBSZ_SZ, cmbsz);
}

/**
 * onvme_policy_cmb_takes_data() - whether data of reads and of writes may be in the controller memory buffer
 * @cmbsz: CMBSZ
 *
 * Return: false also when there is none.
 */
bool onvme_policy_cmb_takes_data(u32 cmbsz)
{
	const u32 both = ONVME_CMBSZ_RDS | ONVME_CMBSZ_WDS;

	return (cmbsz & both) == both && FIELD_GET(ONVME_CMBSZ_SZ, cmbsz);
}

/**
 * onvme_policy_cmb_place() - where in its BAR the controller memory buffer is
 * @cmbloc: CMBLOC
 * @cmbsz: CMBSZ
 * @bar_len: bytes of the BAR that CMBLOC names, 0 where there is no such BAR
 * @offset: gets where it begins, a multiple of 4096
 * @len: gets its bytes, as far as they are in the BAR; a bridge may have made that smaller
 *
 * Base, "Controller Memory Buffer Location" and "Size".
 *
 * Return: whether it has a page in the BAR; otherwise @offset and @len are left alone.
 */
bool onvme_policy_cmb_place(u32 cmbloc, u32 cmbsz, u64 bar_len, u64 *offset, u64 *len)
{
	unsigned int szu = FIELD_GET(ONVME_CMBSZ_SZU, cmbsz);
	u64 unit, start, size;

	if (szu > ONVME_CMBSZ_SZU_MOST)
		return false;
	unit = 4096ull << 4 * szu;
	start = unit * FIELD_GET(ONVME_CMBLOC_OFST, cmbloc);
	if (start >= bar_len)
		return false;
	size = min(unit * FIELD_GET(ONVME_CMBSZ_SZ, cmbsz), bar_len - start) & ~4095ull;
	if (!size)
		return false;
	*offset = start;
	*len = size;
	return true;
}
