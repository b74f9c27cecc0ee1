// SPDX-License-Identifier: GPL-2.0
/* hist.c: bins that follow each other without a gap, rows by what and how much, and quantiles against counting. */
#include <linux/bits.h>

#include <onvme/spec.h>
#include <onvme/uapi.h>

#include "hist.h"
#include "ktap.h"

static void bins(void)
{
	u32 first, bin;
	u64 last;

	for (first = 2; first <= 23; first++) {
		for (bin = 0; bin < ONVME_HIST_BINS; bin++) {
			u64 from = onvme_hist_floor(bin, first), to = onvme_hist_floor(bin + 1, first);

			CHECK(from < to);
			EQUAL(onvme_hist_bin(from, first), bin);
			EQUAL(onvme_hist_bin(to - 1, first), bin);
			/* A bin is at most a quarter of what it begins at. */
			if (bin)
				CHECK(4 * (to - from) <= from);
		}
		last = onvme_hist_floor(ONVME_HIST_BINS - 1, first);
		EQUAL(onvme_hist_bin(last + last, first), ONVME_HIST_BINS - 1);
		EQUAL(onvme_hist_bin(~0ULL, first), ONVME_HIST_BINS - 1);
	}
}

/* As uapi.h says it. */
static void formula(void)
{
	unsigned long round;

	for (round = 0; round < rounds(20000); round++) {
		u32 first = 2 + (u32)rnd_below(22), n = 1 + (u32)rnd_below(ONVME_HIST_BINS - 1);

		EQUAL(onvme_hist_floor(n, first), (u64)(4 + n % 4) << (n / 4 + first - 2));
		EQUAL(onvme_hist_floor(0, first), 0);
	}
}

/* As the completion does it, which knows that a bit is set. */
static void same_as_a_completion(void)
{
	unsigned long round;

	for (round = 0; round < rounds(20000); round++) {
		u64 value = (rnd() >> (17 + rnd_below(40))) | BIT(7);
		u32 top = 63 - (u32)__builtin_clzll(value);

		EQUAL(4 * (top - 7) + (u32)(value >> (top - ONVME_HIST_SUB)) - 4, onvme_hist_bin(value, 7));
	}
}

static void check_row(u32 row, u32 what, u32 most)
{
	EQUAL(row % ONVME_HIST_BINS, 0);
	CHECK(row / ONVME_HIST_BINS < ONVME_HIST_ROWS);
	EQUAL(onvme_hist_row_of(row / ONVME_HIST_BINS)->what, what);
	EQUAL(onvme_hist_row_of(row / ONVME_HIST_BINS)->most, most);
	CHECK(onvme_hist_row_of(row / ONVME_HIST_BINS)->text);
}

static void rows(void)
{
	static const u32 size[] = { 4096, 16384, 131072, 0 };
	u32 opcode, i, least = 1;

	for (opcode = 0; opcode < 256; opcode++) {
		u32 what = opcode == ONVME_NVM_READ ? ONVME_LATENCY_READ :
			   opcode == ONVME_NVM_WRITE || opcode == ONVME_ZNS_APPEND ? ONVME_LATENCY_WRITE :
			   opcode == ONVME_NVM_FLUSH ? ONVME_LATENCY_FLUSH :
			   opcode == ONVME_NVM_DSM || opcode == ONVME_NVM_WRITE_ZEROES ? ONVME_LATENCY_DISCARD :
			   ONVME_LATENCY_OTHER;

		check_row(onvme_hist_row(false, (u8)opcode), what, what <= ONVME_LATENCY_WRITE ? 4096 : 0);
		EQUAL(onvme_hist_row(true, (u8)opcode), ONVME_HIST_OTHER);
	}
	for (i = 0; i < 4; i++) {
		u32 most = size[i] ? size[i] : ~0u, from;

		for (from = 0; from < ONVME_HIST_ROWS; from++) {
			u32 what = onvme_hist_row_of(from)->what, row = from * ONVME_HIST_BINS;

			if (what > ONVME_LATENCY_WRITE) {
				EQUAL(onvme_hist_sized(row, most), row);
				continue;
			}
			check_row(onvme_hist_sized(row, least), what, size[i]);
			check_row(onvme_hist_sized(row, most), what, size[i]);
		}
		least = most + 1;
	}
	EQUAL(onvme_hist_sized(ONVME_HIST_WRITE, 0), ONVME_HIST_WRITE);
}

/* The value whose number among all, in order, is that of the quantile */
static u32 model_quantile(const u64 *bin, u32 per_mille)
{
	u64 total = 0, n = 0;
	u32 i;

	for (i = 0; i < ONVME_HIST_BINS; i++)
		total += bin[i];
	for (i = 0; i < ONVME_HIST_BINS; i++) {
		n += bin[i];
		if (bin[i] && n * 1000 >= total * per_mille)
			return i;
	}
	return ONVME_HIST_BINS;
}

static void quantiles(void)
{
	u64 bin[ONVME_HIST_BINS] = {};
	unsigned long round;
	u32 i;

	EQUAL(onvme_hist_quantile(bin, 500), ONVME_HIST_BINS);
	for (round = 0; round < rounds(2000); round++) {
		u32 per_mille = 1 + (u32)rnd_below(1000);

		for (i = 0; i < ONVME_HIST_BINS; i++)
			bin[i] = rnd_below(3) ? 0 : rnd_below(100000);
		bin[rnd_below(ONVME_HIST_BINS)]++;
		EQUAL(onvme_hist_quantile(bin, per_mille), model_quantile(bin, per_mille));
	}
}

KTAP_MAIN("t_hist",
	  KTAP_CASE(bins),
	  KTAP_CASE(formula),
	  KTAP_CASE(same_as_a_completion),
	  KTAP_CASE(rows),
	  KTAP_CASE(quantiles))
