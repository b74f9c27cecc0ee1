// SPDX-License-Identifier: GPL-2.0
/* hostmem.c: whatever a controller asks for, the pieces it gets keep to what it says and to what the host gives. */
#include <linux/array_size.h>
#include <linux/minmax.h>

#include "hostmem.h"
#include "ktap.h"

#define MIB	(1ull << 20)

static struct onvme_hostmem_wants random_wants(void)
{
	static const u32 sizes[] = {
		0, 1, 2, 3, 5, 255, 256, 1000, 0x4000, 0x8000, 0x100000, 0xfffffff0u, 0xffffffffu,
	};

	return (struct onvme_hostmem_wants){
		.hmpre = rnd_below(2) ? sizes[rnd_below(ARRAY_SIZE(sizes))] : rnd_below(70000),
		.hmmin = rnd_below(3) ? rnd_below(3000) : sizes[rnd_below(ARRAY_SIZE(sizes))],
		.hmminds = rnd_below(3) ? rnd_below(40) : sizes[rnd_below(ARRAY_SIZE(sizes))],
		.hmmaxd = (u16)(rnd_below(2) ? rnd_below(80) : rnd_below(3) ? 0 : 0xffff),
		.limit = rnd_below(8) ? rnd_below(300) * MIB : rnd_below(100000),
	};
}

/* Base, "Host Memory Buffer": what a list of pieces must be, for a controller that says that. */
static void model_list(const struct onvme_hostmem_wants *wants, u64 bytes, u32 pieces)
{
	CHECK(bytes <= wants->limit);
	CHECK(bytes >= wants->hmmin * 4096ull);
	CHECK(pieces > 0 && pieces <= ONVME_HOSTMEM_DESCS);
	CHECK(!wants->hmmaxd || pieces <= wants->hmmaxd);
	/* More than it prefers only where its smallest piece makes it so. */
	CHECK(bytes <= (u64)max(wants->hmpre, wants->hmmin) * 4096 + wants->hmminds * 4096ull);
}

/* An allocator that has nothing left now and then, or nothing in large pieces. */
static void random_lists(void)
{
	unsigned long round, made = 0, single = 0;

	for (round = 0; round < rounds(20000); round++) {
		struct onvme_hostmem_wants wants = random_wants();
		u64 bytes = 0, len, last = ~0ull, most = 4096ull << rnd_below(14);
		bool refuses = !rnd_below(3);
		struct onvme_hostmem_plan plan;
		u32 chunk, pieces = 0, steps = 0;

		if (onvme_hostmem_plan(&wants, &plan) != ONVME_HOSTMEM_GIVE)
			continue;
		if (wants.hmminds * 4096ull <= wants.limit) {
			single++;
			model_list(&wants, onvme_hostmem_single(&plan), 1);
			CHECK(onvme_hostmem_single(&plan) >= wants.hmminds * 4096ull);
		}
		chunk = plan.chunk;
		while (chunk && (len = onvme_hostmem_piece(&plan, chunk, bytes, pieces))) {
			if (++steps > ONVME_HOSTMEM_DESCS + 32)
				break;
			if (len > most || (refuses && !rnd_below(10))) {
				u32 smaller = onvme_hostmem_smaller(&plan, chunk);

				CHECK(smaller < chunk);
				CHECK(!smaller || smaller >= ONVME_HOSTMEM_CRUMB);
				chunk = smaller;
				continue;
			}
			CHECK(!(len % 4096));
			CHECK(len >= wants.hmminds * 4096ull && len <= ONVME_HOSTMEM_CHUNK);
			CHECK(len <= last || len == plan.piece_least);
			last = len;
			bytes += len;
			pieces++;
		}
		CHECK(steps <= ONVME_HOSTMEM_DESCS + 32);
		if (bytes >= plan.least) {
			made++;
			model_list(&wants, bytes, pieces);
		}
	}
	CHECK(made > round / 10);
	CHECK(single > round / 10);
}

/* Without an allocator that refuses: as much as is preferred, wherever the list is long enough for it. */
static void as_preferred(void)
{
	unsigned long round;

	for (round = 0; round < rounds(20000); round++) {
		struct onvme_hostmem_wants wants = random_wants();
		struct onvme_hostmem_plan plan;
		u64 bytes = 0, len, room;
		u32 pieces = 0;

		if (onvme_hostmem_plan(&wants, &plan) != ONVME_HOSTMEM_GIVE || !plan.chunk)
			continue;
		while ((len = onvme_hostmem_piece(&plan, plan.chunk, bytes, pieces)) && pieces < 100000) {
			bytes += len;
			pieces++;
		}
		room = (u64)plan.chunk * plan.descs;
		if (room < plan.bytes)
			EQUAL(bytes, room);
		else
			CHECK(bytes + plan.piece_least > plan.bytes);
	}
}

static enum onvme_hostmem_verdict verdict(u32 hmpre, u32 hmmin, u32 hmminds, u16 hmmaxd, u64 limit)
{
	struct onvme_hostmem_wants wants = { hmpre, hmmin, hmminds, hmmaxd, limit };
	struct onvme_hostmem_plan plan;

	return onvme_hostmem_plan(&wants, &plan);
}

static void verdicts(void)
{
	EQUAL(verdict(0, 0, 0, 0, 128 * MIB), ONVME_HOSTMEM_NONE);
	EQUAL(verdict(1024, 0, 0, 0, 0), ONVME_HOSTMEM_NONE);
	EQUAL(verdict(1024, 0, 0, 0, 4095), ONVME_HOSTMEM_NONE);
	EQUAL(verdict(1024, 256, 4, 64, 128 * MIB), ONVME_HOSTMEM_GIVE);
	EQUAL(verdict(0x10000, 0x8000, 0, 0, 128 * MIB), ONVME_HOSTMEM_GIVE);
	EQUAL(verdict(0x10000, 0x8001, 0, 0, 128 * MIB), ONVME_HOSTMEM_LIMIT);
	EQUAL(verdict(0xffffffffu, 0xffffffffu, 0xffffffffu, 1, 128 * MIB), ONVME_HOSTMEM_LIMIT);
	EQUAL(verdict(1024, 0, 0x8001, 0, 128 * MIB), ONVME_HOSTMEM_LIMIT);
}

static void sizes(void)
{
	struct onvme_hostmem_wants wants = { .hmpre = 0x10000, .hmmaxd = 1, .limit = 128 * MIB };
	struct onvme_hostmem_plan plan;

	/* In one piece: as much as the page allocator has, if there is nothing better */
	onvme_hostmem_plan(&wants, &plan);
	EQUAL(onvme_hostmem_single(&plan), 128 * MIB);
	EQUAL(onvme_hostmem_piece(&plan, plan.chunk, 0, 0), ONVME_HOSTMEM_CHUNK);
	EQUAL(onvme_hostmem_piece(&plan, plan.chunk, ONVME_HOSTMEM_CHUNK, 1), 0);
	/* A small one is not rounded up */
	wants = (struct onvme_hostmem_wants){ .hmpre = 5, .limit = 128 * MIB };
	onvme_hostmem_plan(&wants, &plan);
	EQUAL(onvme_hostmem_piece(&plan, plan.chunk, 0, 0), 5 * 4096);
	EQUAL(onvme_hostmem_piece(&plan, plan.chunk, 5 * 4096, 1), 0);
	/* The last piece is as large as it must be */
	wants = (struct onvme_hostmem_wants){ .hmpre = 1025, .hmminds = 8, .limit = 128 * MIB };
	onvme_hostmem_plan(&wants, &plan);
	EQUAL(onvme_hostmem_piece(&plan, plan.chunk, 4 * MIB, 1), 8 * 4096);
	/* Pieces that must be larger than there are, and a list that is too short for what is needed */
	wants = (struct onvme_hostmem_wants){ .hmpre = 4096, .hmminds = 1025, .limit = 128 * MIB };
	onvme_hostmem_plan(&wants, &plan);
	EQUAL(plan.chunk, 0);
	wants = (struct onvme_hostmem_wants){ .hmpre = 4096, .hmmin = 2049, .hmmaxd = 2, .limit = 128 * MIB };
	onvme_hostmem_plan(&wants, &plan);
	EQUAL(plan.chunk, 0);
	EQUAL(onvme_hostmem_single(&plan), 16 * MIB);
}

KTAP_MAIN("t_hostmem",
	  KTAP_CASE(random_lists),
	  KTAP_CASE(as_preferred),
	  KTAP_CASE(verdicts),
	  KTAP_CASE(sizes))
