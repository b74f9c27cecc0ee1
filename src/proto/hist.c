// SPDX-License-Identifier: GPL-2.0
#include <linux/bits.h>
#include <linux/log2.h>

#include <onvme/spec.h>
#include <onvme/uapi.h>

#include "hist.h"

static const struct onvme_hist_row onvme_hist_rows[ONVME_HIST_ROWS] = {
	{ "read up to 4 KiB",	ONVME_LATENCY_READ,	4096 },
	{ "read up to 16 KiB",	ONVME_LATENCY_READ,	16384 },
	{ "read up to 128 KiB",	ONVME_LATENCY_READ,	131072 },
	{ "read",		ONVME_LATENCY_READ,	0 },
	{ "write up to 4 KiB",	ONVME_LATENCY_WRITE,	4096 },
	{ "write up to 16 KiB",	ONVME_LATENCY_WRITE,	16384 },
	{ "write up to 128 KiB", ONVME_LATENCY_WRITE,	131072 },
	{ "write",		ONVME_LATENCY_WRITE,	0 },
	{ "flush",		ONVME_LATENCY_FLUSH,	0 },
	{ "discard",		ONVME_LATENCY_DISCARD,	0 },
	{ "other",		ONVME_LATENCY_OTHER,	0 },
};

/**
 * onvme_hist_bin() - the bin that counts a value
 * @value: how many units
 * @first: power of two that bin 0 begins at, 2 to 23; what is less is counted there, too
 *
 * Return: 0 to %ONVME_HIST_BINS - 1; the last one takes whatever is more.
 */
u32 onvme_hist_bin(u64 value, u32 first)
{
	u32 top, bin;

	if (value < 1ULL << first)
		return 0;
	top = (u32)ilog2(value);
	bin = (top - first) << ONVME_HIST_SUB | ((u32)(value >> (top - ONVME_HIST_SUB)) & 3);
	return bin < ONVME_HIST_BINS ? bin : ONVME_HIST_BINS - 1;
}

/**
 * onvme_hist_floor() - the least value of a bin
 * @bin: 0 to %ONVME_HIST_BINS, which is the end of the last power of two
 * @first: as for onvme_hist_bin()
 *
 * Return: units.
 */
u64 onvme_hist_floor(u32 bin, u32 first)
{
	return bin ? (u64)(4 + bin % 4) << (bin / 4 + first - ONVME_HIST_SUB) : 0;
}

/**
 * onvme_hist_row() - the row of a command whose size is not known yet
 * @admin: an admin command
 * @opcode: its opcode
 *
 * Return: the row, by its first bin.
 */
u32 onvme_hist_row(bool admin, u8 opcode)
{
	if (admin)
		return ONVME_HIST_OTHER;
	switch (opcode) {
	case ONVME_NVM_READ:
		return ONVME_HIST_READ;
	case ONVME_NVM_WRITE:
	case ONVME_ZNS_APPEND:
		return ONVME_HIST_WRITE;
	case ONVME_NVM_FLUSH:
		return ONVME_HIST_FLUSH;
	case ONVME_NVM_DSM:
	case ONVME_NVM_WRITE_ZEROES:
		return ONVME_HIST_DISCARD;
	default:
		return ONVME_HIST_OTHER;
	}
}

/**
 * onvme_hist_sized() - the row of a command whose size is known
 * @row: a row, whatever its size
 * @bytes: what the command transfers
 *
 * Return: the row that does the same with that size, by its first bin.
 */
u32 onvme_hist_sized(u32 row, u32 bytes)
{
	u32 size;

	if (row >= ONVME_HIST_FLUSH)
		return row;
	size = bytes <= 4096 ? 0 : bytes <= 16384 ? 1 : bytes <= 131072 ? 2 : 3;
	return (row < ONVME_HIST_WRITE ? ONVME_HIST_READ : ONVME_HIST_WRITE) + size * ONVME_HIST_BINS;
}

/**
 * onvme_hist_row_of() - what a row counts
 * @index: 0 to %ONVME_HIST_ROWS - 1
 *
 * Return: the description.
 */
const struct onvme_hist_row *onvme_hist_row_of(u32 index)
{
	return &onvme_hist_rows[index];
}

/**
 * onvme_hist_quantile() - where in a histogram so many of all counts are reached
 * @bins: %ONVME_HIST_BINS of them
 * @per_mille: how many, 1 to 1000
 *
 * Return: the bin in which they are; %ONVME_HIST_BINS when all are empty.
 */
u32 onvme_hist_quantile(const u64 *bins, u32 per_mille)
{
	u64 total = 0, want, n = 0;
	u32 i;

	for (i = 0; i < ONVME_HIST_BINS; i++)
		total += bins[i];
	if (!total)
		return ONVME_HIST_BINS;
	want = total / 1000 * per_mille + (total % 1000 * per_mille + 999) / 1000;
	for (i = 0; i < ONVME_HIST_BINS - 1; i++) {
		n += bins[i];
		if (n >= want)
			break;
	}
	return i;
}
