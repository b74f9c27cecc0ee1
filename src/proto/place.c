// SPDX-License-Identifier: GPL-2.0
/*
 * Base, "Flexible Data Placement": a controller writes data of one placement identifier together, so that what is of
 * one age dies together. Newer kernels name a stream by number; older ones, if anything, how long data will live.
 */
#include <asm/byteorder.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "place.h"

/**
 * onvme_place_read() - read the Reclaim Unit Handle Status of a namespace
 * @place: written in full
 * @page: %ONVME_PLACE_BYTES of it
 */
void onvme_place_read(struct onvme_place *place, const void *page)
{
	const struct onvme_ruhs *status = page;
	const struct onvme_ruhs_desc *desc = (const void *)(status + 1);
	unsigned int i, nr = min_t(unsigned int, le16_to_cpu(status->nruhsd), ONVME_PLACES);

	memset(place, 0, sizeof(*place));
	if (nr < 2)
		return;
	for (i = 0; i < nr; i++)
		place->pid[i] = le16_to_cpu(desc[i].pid);
	place->nr = (u8)nr;
}

static void onvme_place_at(struct onvme_sqe *sqe, u16 pid)
{
	sqe->cdw12 |= cpu_to_le32((u32)ONVME_RW_DTYPE_PLACEMENT << 16);
	sqe->cdw13 |= cpu_to_le32((u32)pid << 16);
}

/**
 * onvme_place_stream() - a Write of a stream
 * @place: placement identifiers of its namespace, at least 2
 * @sqe: the command, complete otherwise
 * @stream: the stream from 1 on; 0: none
 *
 * Streams beyond the identifiers share the last.
 */
void onvme_place_stream(const struct onvme_place *place, struct onvme_sqe *sqe, unsigned int stream)
{
	if (stream)
		onvme_place_at(sqe, place->pid[min_t(unsigned int, stream, place->nr) - 1]);
}

/**
 * onvme_place_lifetime() - a Write of data that are expected to live so long
 * @place: placement identifiers of its namespace, at least 2
 * @sqe: the command, complete otherwise
 * @lifetime: from 1 on, the longer the more; 0: nobody knows
 *
 * The first identifier is for data of which nobody has said anything. The others are dealt out: data that differ in
 * their lifetime share one only where there are not enough of them.
 */
void onvme_place_lifetime(const struct onvme_place *place, struct onvme_sqe *sqe, unsigned int lifetime)
{
	if (lifetime)
		onvme_place_at(sqe, place->pid[1 + (lifetime - 1) % (place->nr - 1u)]);
}
