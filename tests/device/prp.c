// SPDX-License-Identifier: GPL-2.0
/*
 * Base, "Physical Region Page Entry and List": PRP Entry 1 may have an offset; what does not fit into its page is at
 * PRP Entry 2, which is a page when one suffices, and otherwise a list of pages whose last entry, where the list fills
 * its page and more is to come, is the next list.
 */
#include <stdlib.h>

#include "xfer.h"

static void prp_break(struct prp_walk *walk, enum rule_id rule, u64 value)
{
	if (walk->broken)
		return;
	walk->broken = rule;
	walk->at = value;
}

static void prp_add(struct prp_walk *walk, u64 addr, u32 len)
{
	walk->pieces[walk->nr++] = (struct prp_piece){ .addr = addr, .len = len };
}

static bool prp_list(struct prp_walk *walk, const struct prp_reader *reader, u32 left)
{
	u64 list = walk->prp2, entry;

	if (list & 7)
		prp_break(walk, RULE_PRP_LIST_ALIGN, list);
	list &= ~7ull;
	while (left) {
		bool last = (list & (walk->page - 1)) == walk->page - 8;

		if (!reader->read(reader->arg, list, &entry, 8))
			return false;
		if (last && left > walk->page) {
			if (entry & (walk->page - 1))
				prp_break(walk, RULE_PRP_LIST_ALIGN, entry);
			list = entry & ~7ull;
			continue;
		}
		if (entry & (walk->page - 1))
			prp_break(walk, RULE_PRP_ENTRY_OFFSET, entry);
		prp_add(walk, entry & ~(u64)(walk->page - 1), min_of(left, walk->page));
		left -= min_of(left, walk->page);
		list += 8;
	}
	return true;
}

bool prp_walk(struct prp_walk *walk, const struct prp_reader *reader)
{
	u32 first = walk->page - (u32)(walk->prp1 & (walk->page - 1)), left;

	walk->pieces = zalloc(sizeof(*walk->pieces) * (walk->len / walk->page + 2));
	walk->nr = 0;
	walk->broken = RULE_NONE;
	if (!walk->len)
		return true;
	if (walk->prp1 & 3)
		prp_break(walk, RULE_PRP1_ALIGN, walk->prp1);
	first = min_of(first, walk->len);
	prp_add(walk, walk->prp1, first);
	left = walk->len - first;
	if (!left) {
		if (walk->prp2)
			prp_break(walk, RULE_PRP2_UNUSED, walk->prp2);
		return true;
	}
	if (left > walk->page)
		return prp_list(walk, reader, left);
	if (walk->prp2 & (walk->page - 1))
		prp_break(walk, RULE_PRP2_OFFSET, walk->prp2);
	prp_add(walk, walk->prp2 & ~(u64)(walk->page - 1), left);
	return true;
}
