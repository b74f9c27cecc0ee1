// SPDX-License-Identifier: GPL-2.0
/*
 * The walk over PRP entries and lists, against a slow and obvious builder: an address is drawn for each page, the
 * entries are laid out as the specification says, and the walk has to find the pages again.
 */
#include <ktap.h>

#include "t_memory.h"

static void put_entry(u64 at, u64 value)
{
	memcpy(memory + (at - BASE), &value, 8);
}

/* Pages of the data are far away from where lists stand. */
static u64 data_page(u32 i, u32 page)
{
	return 0x800000000ull + 3ull * i * page;
}

static struct prp_walk build(u32 page, u32 offset, u32 len, u32 list_offset)
{
	struct prp_walk walk = { .page = page, .len = len, .prp1 = data_page(0, page) + offset };
	u32 pages = (offset + len + page - 1) / page, i;
	u64 at = BASE + list_offset, next_list = BASE + (list_offset / page + 1) * (u64)page;

	if (pages == 2)
		walk.prp2 = data_page(1, page);
	if (pages < 3)
		return walk;
	walk.prp2 = at;
	for (i = 1; i < pages; i++) {
		/* The last entry of a list is a pointer when more than one page is to come. */
		if (at % page == page - 8 && i + 1 < pages) {
			put_entry(at, next_list);
			at = next_list;
			next_list += page;
		}
		put_entry(at, data_page(i, page));
		at += 8;
	}
	return walk;
}

static void compare(struct prp_walk *walk, u32 page, u32 offset, u32 len)
{
	u32 i, at = offset;

	CHECK(prp_walk(walk, &reader));
	EQUAL(walk->broken, RULE_NONE);
	for (i = 0; i < walk->nr; i++) {
		EQUAL(walk->pieces[i].addr, data_page(i, page) + at % page);
		EQUAL(walk->pieces[i].len, min_of(page - at % page, len));
		len -= walk->pieces[i].len;
		at = 0;
	}
	EQUAL(len, 0);
	free(walk->pieces);
}

static void random_layouts(void)
{
	unsigned long n;

	for (n = 0; n < rounds(3000); n++) {
		u32 page = 4096u << rnd_below(3), offset = rnd_below(page / 4) * 4;
		u32 len = 1 + rnd_below(rnd_below(2) ? 3 * page : 700 * page), list = rnd_below(page / 8) * 8;
		struct prp_walk walk;

		if (rnd_below(3) == 0)
			list = page - 8 * (1 + rnd_below(4));
		walk = build(page, offset, len, list);
		compare(&walk, page, offset, len);
	}
}

static void full_list_page(void)
{
	struct prp_walk walk;
	u32 n;

	/* Exactly full, one less, one more */
	for (n = 510; n < 516; n++) {
		walk = build(4096, 0, n * 4096, 0);
		compare(&walk, 4096, 0, n * 4096);
	}
}

static void broken(struct prp_walk walk, enum rule_id rule)
{
	CHECK(prp_walk(&walk, &reader));
	EQUAL(walk.broken, rule);
	free(walk.pieces);
}

static void rules(void)
{
	struct prp_walk walk = build(4096, 0, 4096, 0);

	walk.prp1 |= 2;
	walk.len = 512;
	broken(walk, RULE_PRP1_ALIGN);
	walk = build(4096, 0, 4096, 0);
	walk.prp2 = 0x1000;
	broken(walk, RULE_PRP2_UNUSED);
	walk = build(4096, 0, 8192, 0);
	walk.prp2 |= 0x200;
	broken(walk, RULE_PRP2_OFFSET);
	walk = build(4096, 0, 5 * 4096, 64);
	walk.prp2 |= 4;
	broken(walk, RULE_PRP_LIST_ALIGN);
	walk = build(4096, 0, 5 * 4096, 0);
	put_entry(BASE + 8, data_page(2, 4096) + 512);
	broken(walk, RULE_PRP_ENTRY_OFFSET);
	walk = build(4096, 0, 8 * 4096, 4096 - 16);
	put_entry(BASE + 4096 - 8, BASE + 4096 + 64);
	broken(walk, RULE_PRP_LIST_ALIGN);
}

static void unreadable_list(void)
{
	struct prp_walk walk = { .page = 4096, .len = 5 * 4096, .prp1 = 0x1000, .prp2 = 0x2000 };

	CHECK(!prp_walk(&walk, &reader));
	free(walk.pieces);
}

static void nothing(void)
{
	struct prp_walk walk = { .page = 4096, .len = 0, .prp1 = 0x1003 };

	CHECK(prp_walk(&walk, &reader));
	EQUAL(walk.nr, 0);
	free(walk.pieces);
}

KTAP_MAIN("t_prp",
	  KTAP_CASE(random_layouts), KTAP_CASE(full_list_page), KTAP_CASE(rules), KTAP_CASE(unreadable_list),
	  KTAP_CASE(nothing))
