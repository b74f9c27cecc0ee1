// SPDX-License-Identifier: GPL-2.0
/*
 * Base, "Scatter Gather List": the command holds one descriptor. It is a data block, or it points to a segment, a row
 * of descriptors whose length it gives. All but the last of these are data blocks; the last is one too when a Last
 * Segment descriptor led there, and leads on when a Segment descriptor did.
 */
#include <stdlib.h>
#include <string.h>

#include "xfer.h"

#define SGL_DATA	0u
#define SGL_SEGMENT	2u
#define SGL_LAST	3u
#define SGL_SIZE	16u
#define SGL_MOST	(1u << 16)	/* descriptors of a command: more is a list that leads back into itself */

struct sgl_desc {
	u64	addr;
	u32	len;
	u8	reserved[3];
	u8	type;		/* bits 7:4; 3:0 are the sub type */
};

static_assert(sizeof(struct sgl_desc) == SGL_SIZE);

static bool sgl_break(struct prp_walk *walk, enum rule_id rule, u64 value)
{
	walk->broken = rule;
	walk->at = value;
	return false;
}

static bool sgl_add(struct prp_walk *walk, const struct sgl_desc *desc)
{
	if (walk->granule && (desc->addr | desc->len) % walk->granule)
		return sgl_break(walk, RULE_SGL_ALIGN, desc->addr % walk->granule ? desc->addr : desc->len);
	if (walk->nr == SGL_MOST)
		return sgl_break(walk, RULE_SGL_LENGTH, walk->nr);
	if (!(walk->nr & (walk->nr - 1)))
		walk->pieces = realloc(walk->pieces, sizeof(*walk->pieces) * max_of(2 * walk->nr, 1u));
	if (!walk->pieces)
		fatal("no memory for an SGL");
	walk->pieces[walk->nr++] = (struct prp_piece){ .addr = desc->addr, .len = desc->len };
	return true;
}

/* Whether a descriptor is one that a host may use here at all. */
static bool sgl_known(struct prp_walk *walk, const struct sgl_desc *desc)
{
	u32 type = desc->type >> 4;

	if (desc->type & 0xf || (type != SGL_DATA && type != SGL_SEGMENT && type != SGL_LAST))
		return sgl_break(walk, RULE_SGL_TYPE, desc->type);
	if (desc->reserved[0] | desc->reserved[1] | desc->reserved[2])
		return sgl_break(walk, RULE_SGL_TYPE, get_le(&desc->len, 8));
	if (type != SGL_DATA && (!desc->len || desc->len % SGL_SIZE || desc->addr % 8))
		return sgl_break(walk, RULE_SGL_SEGMENT, desc->addr % 8 ? desc->addr : desc->len);
	return true;
}

/* The segment that @desc points to; its last descriptor is in @desc then. False: broken, or unreadable. */
static bool sgl_segment(struct prp_walk *walk, const struct prp_reader *reader, struct sgl_desc *desc, bool *readable)
{
	bool last = desc->type >> 4 == SGL_LAST, leads;
	u32 nr = desc->len / SGL_SIZE, i;
	u64 at = desc->addr;

	for (i = 0; i < nr; i++, at += SGL_SIZE) {
		*readable = reader->read(reader->arg, at, desc, SGL_SIZE);
		if (!*readable || !sgl_known(walk, desc))
			return false;
		leads = desc->type >> 4 != SGL_DATA;
		if (leads && i + 1 < nr)
			return sgl_break(walk, RULE_SGL_PLACE, at);
		if (i + 1 == nr && leads == last)
			return sgl_break(walk, RULE_SGL_LAST, at);
		if (!leads && !sgl_add(walk, desc))
			return false;
	}
	return true;
}

bool sgl_walk(struct prp_walk *walk, const struct prp_reader *reader)
{
	struct sgl_desc desc = { .addr = walk->prp1 };
	bool readable = true;
	u64 total = 0;
	u32 i, segments = 0;

	memcpy(&desc.len, &walk->prp2, 8);
	walk->pieces = NULL;
	walk->nr = 0;
	walk->broken = RULE_NONE;
	if (!sgl_known(walk, &desc))
		return true;
	if (desc.type >> 4 == SGL_DATA && !sgl_add(walk, &desc))
		return true;
	while (desc.type >> 4 != SGL_DATA) {
		if (segments++ == SGL_MOST)
			return !sgl_break(walk, RULE_SGL_LENGTH, segments);
		if (!sgl_segment(walk, reader, &desc, &readable))
			return readable;
	}
	for (i = 0; i < walk->nr; i++)
		total += walk->pieces[i].len;
	if (total != walk->len)
		sgl_break(walk, RULE_SGL_LENGTH, total);
	return true;
}
