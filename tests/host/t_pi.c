// SPDX-License-Identifier: GPL-2.0
/*
 * pi.c: every kind of protection information against every size of metadata, and what a command says of it against
 * the fields of the specification, read bit by bit.
 */
#include <asm/byteorder.h>

#include "ktap.h"
#include "pi.h"

static const u16 sizes[] = { 0, 1, 4, 7, 8, 9, 15, 16, 17, 24, 32, 64, 128, 255, 256, 264, 4096, 65535 };

#define NR_SIZES	(sizeof(sizes) / sizeof(sizes[0]))

/* Guards as the specification counts them: 16, 32 and 64 bits have tuples of 8, 16 and 16 bytes; others are unknown. */
static const u8 tuple[] = { 8, 16, 16, 0 };

static void types(void)
{
	unsigned int dps, i;

	for (dps = 0; dps < 256; dps++)
		for (i = 0; i < NR_SIZES; i++) {
			unsigned int type = dps & 7;
			bool there = type >= 1 && type <= 3 && sizes[i] >= 8;
			struct onvme_pi pi;

			memset(&pi, 0xa5, sizeof(pi));
			EQUAL(onvme_pi_ident(&pi, sizes[i], (u8)dps), type <= 3);
			EQUAL(pi.type, there ? type : 0);
			EQUAL(pi.bytes, there ? 8 : 0);
			EQUAL(pi.guard, 0);
			EQUAL(pi.sts, 0);
			EQUAL(pi.way, ONVME_META_NONE);
			EQUAL(pi.offset, there && !(dps & 8) ? sizes[i] - 8u : 0);
		}
}

/* The data structure is a heap block of exactly its size, so that an index too large is seen. */
static void guards(void)
{
	u8 *page = malloc(4096);
	unsigned int i, format, fields, first;

	for (i = 0; i < NR_SIZES; i++)
		for (fields = 0; fields < 1u << 7; fields++)
			for (first = 0; first < 2; first++) {
				unsigned int pif = fields & 3, qpif = fields >> 2 & 3, sts = fields & 16 ? 33 : 0;
				bool qualified = fields & 32;
				unsigned int guard = pif == 3 && qualified ? qpif : pif;
				bool there = tuple[guard] && sizes[i] >= tuple[guard] && sizes[i] >= 8;
				__le32 elbaf = cpu_to_le32(sts | pif << 7 | qpif << 9);
				struct onvme_pi pi;

				format = fields & 64 ? 63 : 5;
				memset(page, 0xff, 4096);
				page[8] = qualified ? 8 : 0xf7;
				memcpy(page + 12 + 4 * format, &elbaf, 4);
				onvme_pi_ident(&pi, sizes[i], (u8)(2 | first << 3));
				onvme_pi_extended(&pi, sizes[i], (void *)page, format);
				EQUAL(pi.type, there ? 2 : 0);
				EQUAL(pi.bytes, there ? tuple[guard] : 0);
				EQUAL(pi.guard, there ? guard : 0);
				EQUAL(pi.sts, there ? sts : 0);
				EQUAL(pi.offset, there && !first ? sizes[i] - tuple[guard] : 0);
			}
	for (format = 64; format < 256; format++) {
		struct onvme_pi pi;

		onvme_pi_ident(&pi, 16, 1);
		onvme_pi_extended(&pi, 16, (void *)page, format);
		EQUAL(pi.type, 0);
	}
	free(page);
}

static void unknown_guards(void)
{
	struct onvme_pi pi;

	onvme_pi_ident(&pi, 8, 3);
	onvme_pi_unknown(&pi, 8);
	EQUAL(pi.type, 3);
	EQUAL(pi.bytes, 8);
	onvme_pi_ident(&pi, 16, 3);
	onvme_pi_unknown(&pi, 16);
	EQUAL(pi.type, 0);
	EQUAL(pi.bytes, 0);
}

static struct onvme_pi pi_of(unsigned int type, unsigned int guard, u16 ms, unsigned int sts, bool first)
{
	struct onvme_pi pi = { 0 };

	if (type && ms >= tuple[guard]) {
		pi.type = (u8)type;
		pi.guard = (u8)guard;
		pi.bytes = tuple[guard];
		pi.sts = (u8)sts;
		pi.first = first;
		pi.offset = first ? 0 : (u16)(ms - tuple[guard]);
	}
	return pi;
}

/* Each sentence that must hold of a plan, one by one. */
static void judge_plan(const struct onvme_pi *pi, u16 ms, bool extended, unsigned int can, bool drives)
{
	bool spoken = pi->type && pi->guard != 1 && !pi->sts, pure = spoken && pi->bytes == ms;
	bool host = can & (pi->guard == 2 ? 4 : 2) && (!pi->offset || can & 8);
	bool buffer = pi->way == ONVME_META_PI || pi->way == ONVME_META_OPAQUE || pi->way == ONVME_META_INSERT;
	struct onvme_integrity in;
	struct onvme_pi_io io;

	if (!ms)
		CHECK(drives && pi->way == ONVME_META_NONE);
	if (!drives)
		CHECK(ms && !pure && pi->way == ONVME_META_NONE);
	if (buffer)
		CHECK(drives && !extended && can & 1 && ms <= 255);
	if (pi->way == ONVME_META_PI)
		CHECK(spoken && host);
	if (pi->way == ONVME_META_INSERT)
		CHECK(spoken && !pure && !host);
	if (pi->way == ONVME_META_OPAQUE)
		CHECK(!spoken);
	if (pi->way == ONVME_META_STRIP)
		CHECK(pure);
	if (ms && !extended && can & 1 && ms <= 255)
		CHECK(drives && (!spoken || !host || pi->way == ONVME_META_PI));

	memset(&io, 0xa5, sizeof(io));
	onvme_pi_io(pi, ms, &io);
	EQUAL(io.ms, pi->way ? ms : 0);
	EQUAL(io.way, pi->way);
	EQUAL(io.type, pi->way && spoken ? pi->type : 0);
	EQUAL(io.wide, pi->way && spoken && pi->guard == 2);
	EQUAL(io.pure, pi->way && pure);
	EQUAL(io.blind, pi->way == ONVME_META_INSERT && pi->offset);

	memset(&in, 0xa5, sizeof(in));
	onvme_pi_integrity(pi, ms, &in);
	EQUAL(in.bytes, buffer ? ms : 0);
	EQUAL(in.pi_bytes, pi->way == ONVME_META_PI ? pi->bytes : 0);
	EQUAL(in.pi_offset, pi->way == ONVME_META_PI ? pi->offset : 0);
	if (pi->way == ONVME_META_PI) {
		CHECK(in.pi_offset + in.pi_bytes <= in.bytes);
		EQUAL(in.wide, pi->guard == 2);
		EQUAL(in.ref_tag, pi->type != 3);
		/* All but the guard, or the application tag alone */
		EQUAL(in.tag_bytes, pi->type == 3 ? (pi->guard == 2 ? 16 - 8 : 8 - 2) : 2);
	}
}

static void plans(void)
{
	unsigned int type, guard, i, flags, can, n = 0, seen[5] = { 0 };

	for (type = 0; type < 4; type++)
		for (guard = 0; guard < 3; guard++)
			for (i = 0; i < NR_SIZES; i++)
				for (flags = 0; flags < 8; flags++)
					for (can = 0; can < 16; can++, n++) {
						struct onvme_pi pi = pi_of(type, guard, sizes[i], flags & 1 ? 8 : 0,
									   flags & 2);
						bool drives = onvme_pi_plan(&pi, sizes[i], flags & 4, can);

						judge_plan(&pi, sizes[i], flags & 4, can, drives);
						seen[pi.way]++;
					}
	for (i = 0; i < 5; i++)
		CHECK(seen[i] > n / 1000);
}

/* Dword @n of a command, counted as the specification does. */
static u32 dword(const struct onvme_sqe *sqe, unsigned int n)
{
	u32 value;

	memcpy(&value, (const u8 *)sqe + 4 * n, 4);
	return le32_to_cpu(value);
}

struct said {
	u32	prinfo;		/* bits 29:26 of dword 12: PRACT, guard, application tag, reference tag */
	u64	tag;		/* dword 14, and of 48 bits dword 3 above it */
};

/* Reads what was said; nothing else may have changed. */
static struct said said_by(const struct onvme_sqe *sqe, const struct onvme_sqe *before, bool wide)
{
	struct said said = { dword(sqe, 12) >> 26 & 15, dword(sqe, 14) };
	struct onvme_sqe same = *sqe;

	if (wide)
		said.tag |= (u64)dword(sqe, 3) << 32;
	else
		EQUAL(dword(sqe, 3), 0);
	same.cdw12 &= cpu_to_le32(~(15u << 26));
	same.cdw14 = 0;
	same.cdw3 = 0;
	EQUAL(memcmp(&same, before, sizeof(same)), 0);
	return said;
}

static struct onvme_sqe some_command(void)
{
	struct onvme_sqe sqe;

	rnd_fill(&sqe, sizeof(sqe));
	sqe.cdw3 = 0;
	sqe.cdw14 = 0;
	sqe.cdw12 &= cpu_to_le32(~(15u << 26));
	return sqe;
}

static void commands(void)
{
	unsigned long round;

	for (round = 0; round < rounds(50000); round++) {
		struct onvme_pi_io io = {
			.ms = 16, .way = (u8)(1 + rnd_below(4)), .type = (u8)rnd_below(4), .wide = rnd_below(2),
			.pure = rnd_below(2),
		};
		u16 checks = (u16)(rnd_below(8) << 10);
		bool buffer = rnd_below(2), ok;
		u64 slba = rnd() >> rnd_below(64);
		u64 tag = io.type == 3 || !io.type ? 0 : slba & (io.wide ? 0xffffffffffff : 0xffffffff);
		struct onvme_sqe before = some_command(), sqe = before;
		struct said said;

		if (!io.type) {
			io.pure = false;
			io.wide = false;
		}
		io.blind = io.type && io.way == ONVME_META_INSERT && rnd_below(2);
		before.opcode = rnd_below(2) ? 1 : 2;
		sqe = before;
		ok = onvme_pi_rw(&io, &sqe, slba, buffer, checks);
		said = said_by(&sqe, &before, io.wide);
		/* Without a buffer only what the controller can make up may go. */
		EQUAL(ok, buffer || io.pure);
		if (!ok || !io.type || (io.blind && sqe.opcode == 2)) {
			EQUAL(said.prinfo, 0);
			EQUAL(said.tag, 0);
			continue;
		}
		EQUAL(said.tag, tag);
		/* PRACT where the host has not made it; then all that there is to check is checked. */
		if (buffer && io.way == ONVME_META_PI)
			EQUAL(said.prinfo, checks >> 10 & (io.type == 3 ? 6 : 7));
		else
			EQUAL(said.prinfo, 8 | 4 | (io.type == 3 ? 0 : 1));

		sqe = before;
		onvme_pi_zeroes(&io, &sqe, slba);
		said = said_by(&sqe, &before, io.wide);
		EQUAL(said.prinfo, 8);
		EQUAL(said.tag, tag);
	}
}

/* Metadata that nobody knows: Write Zeroes says nothing of them. */
static void opaque_zeroes(void)
{
	const struct onvme_pi_io io = { .ms = 64, .way = ONVME_META_OPAQUE };
	struct onvme_sqe before = some_command(), sqe = before;

	onvme_pi_zeroes(&io, &sqe, 1234);
	EQUAL(memcmp(&sqe, &before, sizeof(sqe)), 0);
}

KTAP_MAIN("t_pi",
	  KTAP_CASE(types),
	  KTAP_CASE(guards),
	  KTAP_CASE(unknown_guards),
	  KTAP_CASE(plans),
	  KTAP_CASE(commands),
	  KTAP_CASE(opaque_zeroes))
