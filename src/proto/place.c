// SPDX-License-Identifier: GPL-2.0
/*
 * Base, "Flexible Data Placement": a controller writes data of one placement identifier together, so that what is of
 * one age dies together. Newer kernels name a stream by number; older ones, if anything, how long data will live.
 */
#include <asm/byteorder.h>
#include <linux/bitfield.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "place.h"

/**
 * onvme_place_config() - read the configuration of an endurance group
 * @place: written in full; onvme_place_read() has to follow
 * @page: the beginning of log page 20h, FDP Configurations
 * @len: so many bytes of it
 * @index: which configuration is in use
 *
 * With more than one reclaim group the identifiers are of pairs of a handle and a group. To which group data go is
 * nothing that a stream or a lifetime says, and the controller cannot choose where an identifier does: nobody places
 * then.
 *
 * Return: whether its placement identifiers are of use; false also when it is not in @page.
 */
bool onvme_place_config(struct onvme_place *place, const void *page, size_t len, unsigned int index)
{
	const struct onvme_fdp_log *log = page;
	struct onvme_fdp_config config;
	size_t at = sizeof(*log);
	unsigned int i;

	memset(place, 0, sizeof(*place));
	if (index > le16_to_cpu(log->numfdpc))
		return false;
	for (i = 0; at + sizeof(config) <= len; i++) {
		/* Copied, since their lengths are what the device says, and may be odd. */
		memcpy(&config, (const u8 *)page + at, sizeof(config));
		if (i == index) {
			if (le64_to_cpu(config.runs) <= U32_MAX)
				place->unit_bytes = (u32)le64_to_cpu(config.runs);
			return le32_to_cpu(config.nrg) == 1;
		}
		if (le16_to_cpu(config.dsze) < sizeof(config))
			return false;
		at += le16_to_cpu(config.dsze);
	}
	return false;
}

/**
 * onvme_place_read() - read the Reclaim Unit Handle Status of a namespace
 * @place: from onvme_place_config(); gets the identifiers
 * @page: %ONVME_PLACE_BYTES of it
 */
void onvme_place_read(struct onvme_place *place, const void *page)
{
	const struct onvme_ruhs *status = page;
	const struct onvme_ruhs_desc *desc = (const void *)(status + 1);
	unsigned int i, nr = min_t(unsigned int, le16_to_cpu(status->nruhsd), ONVME_PLACES);

	if (nr < 2)
		return;
	for (i = 0; i < nr; i++)
		place->pid[i] = le16_to_cpu(desc[i].pid);
	place->nr = (u16)nr;
}

static void onvme_place_at(struct onvme_sqe *sqe, u16 pid)
{
	sqe->cdw12 |= cpu_to_le32((u32)FIELD_PREP(ONVME_RW_DTYPE, ONVME_DTYPE_PLACEMENT) << 16);
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
