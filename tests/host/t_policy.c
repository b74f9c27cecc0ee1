// SPDX-License-Identifier: GPL-2.0
/* policy.c: complete truth tables and all small numbers, against models that reason from the other end. */
#include "ktap.h"
#include "ident.h"
#include "policy.h"

#include <asm/byteorder.h>

/*
 * The verdict by elimination: start with all, strike what would be wrong under these facts, the mildest that is left
 * wins in the order done, wait, abort, reset, fail.
 */
static enum onvme_verdict model_timeout(const struct onvme_timeout_facts *f)
{
	bool ok[ONVME_NR_VERDICTS] = { true, true, true, true, true };
	bool somebody_resets = !f->live && !f->bringing_up;
	unsigned int v;

	if (!f->completed)
		ok[ONVME_VERDICT_DONE] = false;
	/* Waiting is for commands that somebody else will finish: a reset under way, or an abort that became free. */
	if (!somebody_resets && (f->bringing_up || f->gone || f->fatal || f->admin || f->aborted || f->abort_free))
		ok[ONVME_VERDICT_WAIT] = false;
	/* An abort needs a controller that works, a command that can be aborted, and room. */
	if (!f->live || f->bringing_up || f->gone || f->fatal || f->admin || f->aborted || !f->abort_free)
		ok[ONVME_VERDICT_ABORT] = false;
	/* While the controller is starting or going away, a reset would wait for the very command. */
	if (f->bringing_up)
		ok[ONVME_VERDICT_RESET] = false;
	for (v = 0; !ok[v]; v++)
		;
	return v;
}

static void timeout_truth_table(void)
{
	unsigned int bits, seen[ONVME_NR_VERDICTS] = { 0 }, v;

	for (bits = 0; bits < 256; bits++) {
		struct onvme_timeout_facts f = {
			.completed	= bits & 1,
			.gone		= bits & 2,
			.fatal		= bits & 4,
			.bringing_up	= bits & 8,
			.live		= bits & 16,
			.admin		= bits & 32,
			.aborted	= bits & 64,
			.abort_free	= bits & 128,
		};
		enum onvme_verdict is = onvme_policy_timeout(&f);
		char note[40];

		snprintf(note, sizeof(note), "facts %#x", bits);
		ktap_note = note;
		STR_EQUAL(onvme_policy_verdict_text(is), onvme_policy_verdict_text(model_timeout(&f)));
		CHECK(is < ONVME_NR_VERDICTS);
		seen[is]++;
		/*
		 * A device that is not there is never asked for anything, nor waited for when nobody is resetting it.
		 */
		if (f.gone && !f.completed && f.live)
			CHECK(is == ONVME_VERDICT_RESET || is == ONVME_VERDICT_FAIL);
		ktap_note = "";
	}
	for (v = 0; v < ONVME_NR_VERDICTS; v++)
		CHECK(seen[v]);
}

/* Every value that CSTS can have in its defined bits, and all-ones. */
static void still_truth_table(void)
{
	unsigned int csts, away, resets = 0;

	for (away = 0; away < 2; away++) {
		EQUAL(!onvme_policy_still(~0u, away), true);
		for (csts = 0; csts < 128; csts++) {
			/* The only reason to leave it alone: up, nothing wrong, and never seen away. */
			bool fine = (csts & 0x13) == 0x01 && !away;
			const char *cause = onvme_policy_still(csts, away);

			EQUAL(!cause, fine);
			resets += !fine;
			if (csts & 0x02)
				STR_EQUAL(cause, "fatal status");
		}
	}
	EQUAL(resets, 2 * 128 - 16);
}

static void verdict_texts(void)
{
	unsigned int i, j;

	for (i = 0; i < ONVME_NR_VERDICTS; i++)
		for (j = 0; j < i; j++)
			CHECK(strcmp(onvme_policy_verdict_text(i), onvme_policy_verdict_text(j)));
	STR_EQUAL(onvme_policy_verdict_text(ONVME_NR_VERDICTS), "unknown");
	STR_EQUAL(onvme_policy_verdict_text((enum onvme_verdict)-1), "unknown");
}

static void queues_to_ask(void)
{
	struct onvme_queue_wish wish = { 0 };

	for (wish.cpus = 0; wish.cpus < 5000; wish.cpus++)
		EQUAL(onvme_policy_queues_to_ask(&wish), wish.cpus == 0 ? 1 : wish.cpus > 1024 ? 1024 : wish.cpus);
	wish.cpus = ~0u;
	EQUAL(onvme_policy_queues_to_ask(&wish), 1024);
	/* What is wanted beside those for all CPUs is added, each kind up to the number of CPUs. */
	for (wish.cpus = 1; wish.cpus < 9; wish.cpus++)
		for (wish.io = 0; wish.io < 12; wish.io++)
			for (wish.write = 0; wish.write < 12; wish.write++)
				for (wish.poll = 0; wish.poll < 12; wish.poll++) {
					unsigned int sum = wish.io && wish.io < wish.cpus ? wish.io : wish.cpus;

					sum += wish.write < wish.cpus ? wish.write : wish.cpus;
					sum += wish.poll < wish.cpus ? wish.poll : wish.cpus;
					EQUAL(onvme_policy_queues_to_ask(&wish), sum);
				}
	wish = (struct onvme_queue_wish){ ~0u, ~0u, ~0u, ~0u };
	EQUAL(onvme_policy_queues_to_ask(&wish), 1024);
}

static void queues_granted(void)
{
	static const unsigned int asked[] = { 1, 2, 3, 64, 1023, 1024, 65535, 65536 };
	unsigned int sqs, cqs;
	size_t i;

	for (i = 0; i < sizeof(asked) / sizeof(asked[0]); i++)
		for (sqs = 0; sqs < 65536; sqs += sqs < 70 || sqs > 65500 ? 1 : 997)
			for (cqs = 0; cqs < 65536; cqs += cqs < 70 || cqs > 65500 ? 1 : 997) {
				unsigned int most = sqs < cqs ? sqs + 1 : cqs + 1;

				EQUAL(onvme_policy_queues_granted((u32)cqs << 16 | sqs, asked[i]),
				      most < asked[i] ? most : asked[i]);
			}
	EQUAL(onvme_policy_queues_granted(~0u, 0), 0);
}

/*
 * Hand out vectors one by one: the first to the admin queue, each further one to an I/O queue; with one for all, one
 * queue.
 */
static void queue_plans(void)
{
	const struct onvme_queue_wish wish = { .cpus = 200 };
	unsigned int granted, vectors;

	for (granted = 0; granted < 140; granted++)
		for (vectors = 1; vectors < 140; vectors++) {
			struct onvme_queue_plan plan = { .nr_io = ~0u };
			unsigned int left = vectors - 1, nr = 0;

			while (left && nr < granted) {
				left--;
				nr++;
			}
			if (vectors == 1)
				nr = granted ? 1 : 0;
			onvme_policy_plan_queues(granted, vectors, &wish, &plan);
			EQUAL(plan.nr_io, nr);
			EQUAL(plan.nr[ONVME_USE_DEFAULT], nr);
			EQUAL(plan.nr[ONVME_USE_READ], 0);
			EQUAL(plan.nr[ONVME_USE_POLL], 0);
			EQUAL(plan.shared_vector, vectors == 1);
			/* Queue n has vector n: that vector must exist. */
			CHECK(plan.shared_vector || plan.nr_io < vectors);
		}
}

/*
 * Hand out queues of each kind one by one, as they are wanted: one for everything, then those to be polled, as many for
 * everything but reads as are wanted, and what is left for reads; one for reads there is if there is a second at all.
 */
static void queue_kinds(void)
{
	struct onvme_queue_wish wish = { .cpus = 8 };
	unsigned int granted, vectors;

	for (wish.write = 0; wish.write < 10; wish.write++)
		for (wish.poll = 0; wish.poll < 10; wish.poll++)
			for (granted = 0; granted < 24; granted++)
				for (vectors = 1; vectors < 24; vectors++) {
					struct onvme_queue_plan plan = { .nr_io = ~0u };
					unsigned int nr[ONVME_NR_USES] = { 0 }, left = granted, vector;

					if (left) {
						left--;
						nr[ONVME_USE_DEFAULT]++;
					}
					for (; left && nr[ONVME_USE_POLL] < wish.poll; left--)
						nr[ONVME_USE_POLL]++;
					for (vector = 2; left && vector < vectors; vector++, left--) {
						bool read = wish.write &&
							    (!nr[ONVME_USE_READ] ||
							     nr[ONVME_USE_DEFAULT] >= wish.write);

						nr[read ? ONVME_USE_READ : ONVME_USE_DEFAULT]++;
					}
					onvme_policy_plan_queues(granted, vectors, &wish, &plan);
					EQUAL(plan.nr[ONVME_USE_DEFAULT], nr[ONVME_USE_DEFAULT]);
					EQUAL(plan.nr[ONVME_USE_READ], nr[ONVME_USE_READ]);
					EQUAL(plan.nr[ONVME_USE_POLL], nr[ONVME_USE_POLL]);
					EQUAL(plan.nr_io, nr[0] + nr[1] + nr[2]);
					EQUAL(onvme_plan_irqs(&plan), nr[ONVME_USE_DEFAULT] + nr[ONVME_USE_READ]);
					EQUAL(plan.shared_vector, vectors == 1);
				}
}

static void extreme_plans(void)
{
	static const struct onvme_queue_wish wishes[] = { { 0 }, { 1, 1, 1, 1 }, { ~0u, ~0u, ~0u, ~0u } };
	static const unsigned int odd[] = { 0, 1, 2, 1023, 1024, 65536, 0x7fffffff, 0xfffffffe, 0xffffffff };
	struct onvme_queue_plan plan;
	size_t g, v, w;

	for (g = 0; g < sizeof(odd) / sizeof(odd[0]); g++)
		for (v = 0; v < sizeof(odd) / sizeof(odd[0]); v++)
			for (w = 0; w < 3; w++) {
				unsigned int irqs;

				onvme_policy_plan_queues(odd[g], odd[v], &wishes[w], &plan);
				irqs = onvme_plan_irqs(&plan);
				CHECK(plan.nr_io <= odd[g]);
				CHECK(plan.shared_vector ? irqs <= 1 : irqs < odd[v]);
				EQUAL(plan.shared_vector, odd[v] < 2);
				CHECK(plan.nr[ONVME_USE_DEFAULT] || !odd[g]);
			}
}

static u64 cap_of(unsigned int to, unsigned int crms)
{
	return (u64)to << 24 | (u64)crms << 59;
}

/* All CAP.TO with and without CRTO: long enough for the device, never longer than five minutes, and steady. */
static void ready_time(void)
{
	unsigned int to, crms, crwmt;

	for (crms = 0; crms < 4; crms++)
		for (to = 0; to < 256; to++) {
			unsigned int last = 0;

			for (crwmt = 0; crwmt < 65536; crwmt += crwmt < 700 ? 1 : 977) {
				unsigned int ms = onvme_policy_ready_ms(cap_of(to, crms), 0xabcd0000 | crwmt);
				unsigned int units = crms & 1 && crwmt > to ? crwmt : to;

				CHECK(ms >= 1000 && ms <= 300000);
				CHECK(ms >= units * 500 || ms == 300000);
				CHECK(ms <= units * 500 + 1000);
				CHECK(ms >= last);
				if (!(crms & 1) && crwmt)
					EQUAL(ms, last);
				last = ms;
			}
		}
	/* A device that has gone reads as all-ones. */
	EQUAL(onvme_policy_ready_ms(~0ull, ~0u), 300000);
	/* Bits around the fields do not leak in. */
	EQUAL(onvme_policy_ready_ms(~(0xffull << 24 | 1ull << 59), ~0u), 1000);
}

static void shutdown_time(void)
{
	static const u32 us[] = { 0, 1, 999, 1000, 1001, 5000000, 59999999, 60000000, 60000999, 60001000, 0xffffffff };
	static const unsigned int param[] = { 0, 1, 5000, 60000, 60001, 0xffffffff };
	size_t p, u;

	for (p = 0; p < sizeof(param) / sizeof(param[0]); p++)
		for (u = 0; u < sizeof(us) / sizeof(us[0]); u++) {
			u64 device = us[u] > 60000000 ? 60000 : us[u] / 1000;

			EQUAL(onvme_policy_shutdown_ms(param[p], us[u]), device > param[p] ? device : param[p]);
		}
}

/*
 * How long the data of a command is, as the specification's figures put it: (field + add) * unit + plus, where the
 * field is
 * @bits bits of @dword from @shift on. What is not here moves no data, or its length is not in the command.
 */
static const struct length {
	bool	admin;
	u8	opcode;
	u8	dword;
	u8	shift;
	u8	bits;
	u8	add;
	u16	unit;
	u16	plus;
} lengths[] = {
	{ true,  0x02, 10, 16, 32, 1, 4, 0 },		/* Get Log Page: NUMDL, NUMDU in the dword above */
	{ true,  0x06, 10, 0, 0, 0, 0, 4096 },		/* Identify */
	{ true,  0x11, 10, 0, 32, 1, 4, 0 },		/* Firmware Image Download: NUMD */
	{ true,  0x15, 10, 0, 0, 0, 0, 4096 },		/* Namespace Attachment: a controller list */
	{ true,  0x81, 11, 0, 32, 0, 1, 0 },		/* Security Send: TL */
	{ true,  0x82, 11, 0, 32, 0, 1, 0 },		/* Security Receive: AL */
	{ true,  0x86, 12, 0, 32, 1, 4, 0 },		/* Get LBA Status: MNDW; dwords 10 and 11 are the first block */
	{ false, 0x09, 10, 0, 8, 1, 16, 0 },		/* Dataset Management: NR */
	{ false, 0x0d, 10, 0, 0, 0, 0, 16 },		/* Reservation Register: two keys */
	{ false, 0x0e, 10, 0, 32, 1, 4, 0 },		/* Reservation Report: NUMD */
	{ false, 0x11, 10, 0, 0, 0, 0, 16 },		/* Reservation Acquire: two keys */
	{ false, 0x15, 10, 0, 0, 0, 0, 8 },		/* Reservation Release: a key */
	{ false, 0x12, 11, 0, 32, 1, 4, 0 },		/* I/O Management Receive: NUMD */
};

static u32 sqe_dword(const struct onvme_sqe *sqe, unsigned int dword)
{
	const u8 *p = (const u8 *)sqe + 4 * dword;

	return (u32)p[3] << 24 | (u32)p[2] << 16 | (u32)p[1] << 8 | p[0];
}

static u64 model_blocks(const struct onvme_sqe *sqe)
{
	return (sqe_dword(sqe, 12) & 0xffff) + 1;
}

static bool model_moves_blocks(const struct onvme_sqe *sqe)
{
	return sqe->opcode == 1 || sqe->opcode == 2 || sqe->opcode == 5;	/* Write, Read, Compare */
}

/* With PRACT and metadata that are nothing but protection information, the controller adds and strips it. */
static bool model_meta_moves(const struct onvme_sqe *sqe, const struct onvme_ns_geom *ns)
{
	bool pract = sqe_dword(sqe, 12) & 1u << 29;

	return ns->ms && !(pract && ns->pi.type && ns->ms == ns->pi.bytes);
}

/* Command sets 0 and 2 have blocks; what is appended is of zones. */
static bool model_ns_moves_blocks(const struct onvme_sqe *sqe, const struct onvme_ns_geom *ns)
{
	return ns && (ns->csi == 0 ? model_moves_blocks(sqe) :
				     ns->csi == 2 && (model_moves_blocks(sqe) || sqe->opcode == 0x7d));
}

static u64 model_data_len(bool admin, const struct onvme_sqe *sqe, const struct onvme_ns_geom *ns)
{
	size_t i;

	for (i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		const struct length *l = &lengths[i];
		u64 field;

		if (l->admin != admin || l->opcode != sqe->opcode)
			continue;
		field = ((u64)sqe_dword(sqe, l->dword + 1u) << 32 | sqe_dword(sqe, l->dword)) >> l->shift;
		field &= (1ull << l->bits) - 1;
		return (field + l->add) * l->unit + l->plus;
	}
	/* Namespace Management, SEL 0: create. */
	if (admin)
		return sqe->opcode == 0x0d && !(sqe_dword(sqe, 10) & 15) ? 4096 : 0;
	/* Copy: NR source ranges, in the odd descriptor formats of 40 bytes, else of 32. */
	if (sqe->opcode == 0x19)
		return ((sqe_dword(sqe, 12) & 0xff) + 1) * (sqe_dword(sqe, 12) & 1u << 8 ? 40 : 32);
	/* Zones: a report is as long as it says, an extension of a descriptor as the namespace says. */
	if (ns && ns->csi == 2 && sqe->opcode == 0x7a)
		return (sqe_dword(sqe, 12) + 1ull) * 4;
	if (ns && ns->csi == 2 && sqe->opcode == 0x79)
		return (sqe_dword(sqe, 13) & 0xff) == 0x10 ? ns->zones.ext_bytes : 0;
	if (!model_ns_moves_blocks(sqe, ns))
		return 0;
	return model_blocks(sqe) * ((1ull << ns->lba_shift) + (ns->extended && model_meta_moves(sqe, ns) ? ns->ms : 0));
}

static u64 model_meta_len(const struct onvme_sqe *sqe, const struct onvme_ns_geom *ns)
{
	if (!model_ns_moves_blocks(sqe, ns) || ns->extended || !model_meta_moves(sqe, ns))
		return 0;
	return model_blocks(sqe) * ns->ms;
}

/* Nothing moves, or the specification's table has a length for it. Actions on zones without data are 1 to 5. */
static bool model_len_known(const struct onvme_sqe *sqe, const struct onvme_ns_geom *ns)
{
	if (ns->csi != 0 && ns->csi != 2)
		return false;
	if (model_ns_moves_blocks(sqe, ns))
		return ns->fit != ONVME_FIT_LBADS && ns->fit != ONVME_FIT_FORMAT;
	if (ns->csi == 2 && sqe->opcode == 0x79 && (sqe_dword(sqe, 13) & 0xff) - 1 < 5)
		return true;
	return sqe->opcode % 4 == 0 || model_data_len(false, sqe, ns) > 0;
}

/* Every opcode of both sets with random dwords, for namespaces of all kinds and for none. */
static void lengths_of_commands(void)
{
	static const u16 ms[] = { 0, 0, 8, 16, 64, 65535 };
	unsigned int opcode, admin, round;
	char note[40];

	for (round = 0; round < rounds(2000); round++)
		for (opcode = 0; opcode < 256; opcode++)
			for (admin = 0; admin < 2; admin++) {
				struct onvme_ns_geom geom = {
					.lba_shift = (u8)(9 + rnd_below(8)),
					.ms = ms[rnd_below(6)],
					.pi = { .type = (u8)rnd_below(4), .bytes = rnd_below(2) ? 8 : 16 },
					.csi = rnd_below(4) ? 0 : (u8)(1 + rnd_below(3)),
					.zones = { .ext_bytes = (u16)(64 * rnd_below(256)) },
					.fit = (u8)rnd_below(ONVME_NR_FITS),
				};
				const struct onvme_ns_geom *ns = rnd_below(8) ? &geom : NULL;
				struct onvme_sqe sqe;

				/* A round is for a few opcodes only, or it would take minutes. */
				if ((opcode ^ round) & 0x38 && round > 3)
					continue;
				rnd_fill(&sqe, sizeof(sqe));
				sqe.opcode = (u8)opcode;
				geom.extended = geom.ms && rnd_below(2);
				if (rnd_below(2))
					sqe.cdw10 &= cpu_to_le32(0xfffffff0);
				if (rnd_below(2))
					sqe.cdw13 = cpu_to_le32((rnd_below(2) ? 0x10 : (u32)rnd_below(8)) |
								(le32_to_cpu(sqe.cdw13) & ~0xffu));
				snprintf(note, sizeof(note), "%s opcode %#x", admin ? "admin" : "NVM", opcode);
				ktap_note = note;
				EQUAL(onvme_policy_data_len(admin, &sqe, ns), model_data_len(admin, &sqe, ns));
				EQUAL(onvme_policy_meta_len(&sqe, ns), model_meta_len(&sqe, ns));
				EQUAL(onvme_policy_len_known(&sqe, &geom), model_len_known(&sqe, &geom));
			}
	ktap_note = "";
}

/* What a controller makes of the dword: so many completions, or so long, whichever comes first. */
static void coalescing(void)
{
	unsigned int threshold, time, ok = 0;

	for (threshold = 0; threshold < 600; threshold++)
		for (time = 0; time < 30000; time += time % 100 == 99 || time % 100 == 0 ? 1 : 49) {
			struct onvme_coalescing want = { .threshold = threshold, .time_us = time };
			u32 dword = onvme_policy_coalescing_dword(&want);
			bool tells = (dword & 0xff) + 1 == threshold && (dword >> 8) * 100 == time && dword < 65536;
			bool holds = (dword & 0xff) && dword >> 8;

			EQUAL(onvme_policy_coalescing_ok(&want), tells && (holds || (threshold == 1 && !time)));
			ok += onvme_policy_coalescing_ok(&want);
		}
	EQUAL(ok, 255 * 255 + 1);
}

/* What a controller makes of the dword: commands of a round by priority, in bursts that have an end. */
static void arbitration(void)
{
	unsigned int weight, rab;

	for (weight = 1; weight <= 256; weight++)
		for (rab = 0; rab < 256; rab++) {
			u32 dword = onvme_policy_arbitration(weight, (u8)rab);

			EQUAL(dword & 7, rab < 6 ? rab : 6);
			EQUAL(dword >> 3 & 31, 0);
			EQUAL((dword >> 8 & 255) + 1, 1);
			EQUAL((dword >> 16 & 255) + 1, weight);
			EQUAL((dword >> 24) + 1, weight);
		}
}

/* By the words of the specification, in units, with all numbers that a register can hold at the edges. */
static void controller_memory(void)
{
	unsigned long round, there = 0, gone = 0;

	for (round = 0; round < rounds(200000); round++) {
		u32 szu = rnd_below(16), size = (u32)rnd_below(rnd_below(2) ? 64 : 1u << 20);
		u32 offset = (u32)rnd_below(rnd_below(2) ? 64 : 1u << 20), low = (u32)rnd() & 0xff;
		u32 cmbsz = low | szu << 8 | size << 12, cmbloc = (u32)rnd_below(4096) | offset << 12;
		u64 bar_len = rnd_below(8) ? 4096ull << rnd_below(30) : rnd_below(5000), at = 99, len = 99;
		/* Units of 4 KiB, 64 KiB, 1 MiB, 16 MiB, 256 MiB, 4 GiB, 64 GiB; others are reserved. */
		static const u64 units[16] = { 1, 16, 256, 4096, 65536, 1048576, 16777216 };
		u64 start = offset * units[szu], pages = bar_len / 4096;
		bool should = units[szu] && size && start < pages;

		EQUAL(onvme_policy_cmb_takes_sqs(cmbsz), (low & 1) && size);
		EQUAL(onvme_policy_cmb_takes_data(cmbsz), (low >> 3 & 3) == 3 && size);
		EQUAL(onvme_policy_cmb_place(cmbloc, cmbsz, bar_len, &at, &len), should);
		EQUAL(at, should ? start * 4096 : 99);
		if (should) {
			CHECK(len && !(len % 4096) && at + len <= bar_len);
			EQUAL(len / 4096, size * units[szu] < pages - start ? size * units[szu] : pages - start);
			there++;
		} else {
			EQUAL(len, 99);
			gone++;
		}
	}
	CHECK(there > round / 20 && gone > round / 20);
}

KTAP_MAIN("t_policy",
	  KTAP_CASE(timeout_truth_table),
	  KTAP_CASE(still_truth_table),
	  KTAP_CASE(verdict_texts),
	  KTAP_CASE(queues_to_ask),
	  KTAP_CASE(queues_granted),
	  KTAP_CASE(queue_kinds),
	  KTAP_CASE(queue_plans),
	  KTAP_CASE(extreme_plans),
	  KTAP_CASE(ready_time),
	  KTAP_CASE(shutdown_time),
	  KTAP_CASE(lengths_of_commands),
	  KTAP_CASE(coalescing),
	  KTAP_CASE(arbitration),
	  KTAP_CASE(controller_memory))
