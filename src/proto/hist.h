/* SPDX-License-Identifier: GPL-2.0 */
/*
 * hist.h - histograms of how long commands took: which row counts a command, and which bin of it a time.
 *
 * Pure. Bins are logarithmic, four for each power of two (include/onvme/uapi.h has the form); rows are kinds of
 * commands by what they do and how much they transfer. A row is known by the number of its first bin, since that is
 * what a completion needs. tally.h owns the bins themselves.
 */
#ifndef ONVME_PROTO_HIST_H
#define ONVME_PROTO_HIST_H

#include <linux/types.h>

#define ONVME_HIST_SUB		2	/* of a power of two, so many bits choose the bin */
#define ONVME_HIST_BINS		160u	/* of a row: 40 powers of two */
#define ONVME_HIST_ROWS		11u

/* Rows, by their first bin; reads and writes have one for each of four sizes */
#define ONVME_HIST_READ		(0 * ONVME_HIST_BINS)
#define ONVME_HIST_WRITE	(4 * ONVME_HIST_BINS)
#define ONVME_HIST_FLUSH	(8 * ONVME_HIST_BINS)
#define ONVME_HIST_DISCARD	(9 * ONVME_HIST_BINS)
#define ONVME_HIST_OTHER	(10 * ONVME_HIST_BINS)

/* What a row counts: for people, and for uapi.h */
struct onvme_hist_row {
	const char	*text;
	u32		what;
	u32		most;
};

u32 onvme_hist_bin(u64 value, u32 first);
u64 onvme_hist_floor(u32 bin, u32 first);
u32 onvme_hist_row(bool admin, u8 opcode);
u32 onvme_hist_sized(u32 row, u32 bytes);
const struct onvme_hist_row *onvme_hist_row_of(u32 index);
u32 onvme_hist_quantile(const u64 *bins, u32 per_mille);

#endif /* ONVME_PROTO_HIST_H */
