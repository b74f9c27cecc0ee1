// SPDX-License-Identifier: GPL-2.0
/*
 * The walk over SGLs, against a slow and obvious builder: data blocks are drawn, dealt out to segments of any length as
 * the specification allows, and the walk has to find them again. Then each rule is broken in a list that was right.
 */
#include <ktap.h>

#include "t_memory.h"

#define DATA		0x0u
#define SEGMENT		0x20u
#define LAST		0x30u
#define MAX_BLOCKS	2000u

static struct prp_piece blocks[MAX_BLOCKS];
static u32 nr_blocks;

static void put_desc(void *to, u64 addr, u32 len, u8 type)
{
	put_le(to, addr, 8);
	put_le((u8 *)to + 8, (u64)len | (u64)type << 56, 8);
}

static void *at(u64 addr)
{
	return memory + (addr - BASE);
}

static void draw(u32 nr)
{
	u32 i;

	nr_blocks = nr;
	for (i = 0; i < nr; i++)
		blocks[i] = (struct prp_piece){ .addr = rnd() & ~3ull, .len = 4 * rnd_below(3000) };
}

static u32 total(void)
{
	u32 i, sum = 0;

	for (i = 0; i < nr_blocks; i++)
		sum += blocks[i].len;
	return sum;
}

/* A list of what was drawn, with segments of up to @most descriptors. */
static struct prp_walk build(u32 most)
{
	struct prp_walk walk = { .page = 4096, .len = total(), .granule = 4 };
	u8 sgl1[16], *leads = sgl1;
	u64 addr = BASE;
	u32 done = 0, n, i;

	if (nr_blocks == 1 && most > 1) {
		put_desc(sgl1, blocks[0].addr, blocks[0].len, DATA);
		done = 1;
	}
	while (done < nr_blocks) {
		/* One that leads on holds at least a descriptor that does. */
		n = 1 + rnd_below(most);
		n = min_of(n, nr_blocks - done);
		put_desc(leads, addr, 16 * (n + (done + n < nr_blocks)), done + n < nr_blocks ? SEGMENT : LAST);
		for (i = 0; i < n; i++, done++, addr += 16)
			put_desc(at(addr), blocks[done].addr, blocks[done].len, DATA);
		leads = at(addr);
		addr += 16 * (1 + rnd_below(5));
	}
	memcpy(&walk.prp1, sgl1, 8);
	memcpy(&walk.prp2, sgl1 + 8, 8);
	return walk;
}

static void compare(struct prp_walk *walk)
{
	u32 i;

	CHECK(sgl_walk(walk, &reader));
	EQUAL(walk->broken, RULE_NONE);
	EQUAL(walk->nr, nr_blocks);
	for (i = 0; i < walk->nr && i < nr_blocks; i++) {
		EQUAL(walk->pieces[i].addr, blocks[i].addr);
		EQUAL(walk->pieces[i].len, blocks[i].len);
	}
	free(walk->pieces);
}

static void random_lists(void)
{
	unsigned long n;

	for (n = 0; n < rounds(3000); n++) {
		struct prp_walk walk;

		draw(1 + rnd_below(rnd_below(4) ? 20 : MAX_BLOCKS));
		walk = build(1 + rnd_below(rnd_below(3) ? 10 : 300));
		compare(&walk);
	}
}

static void breaks(struct prp_walk walk, enum rule_id rule)
{
	CHECK(sgl_walk(&walk, &reader));
	EQUAL(walk.broken, rule);
	free(walk.pieces);
}

/* Three blocks in one segment at BASE */
static struct prp_walk three(void)
{
	struct prp_walk walk = { .page = 4096, .granule = 4, .prp1 = BASE, .prp2 = 48 | (u64)LAST << 56 };

	draw(3);
	put_desc(at(BASE), blocks[0].addr, blocks[0].len, DATA);
	put_desc(at(BASE + 16), blocks[1].addr, blocks[1].len, DATA);
	put_desc(at(BASE + 32), blocks[2].addr, blocks[2].len, DATA);
	walk.len = total();
	return walk;
}

static void types(void)
{
	struct prp_walk walk = three();
	u32 type;

	for (type = 0; type < 256; type++) {
		bool known = type == DATA || type == SEGMENT || type == LAST;

		walk = three();
		*((u8 *)at(BASE + 32) + 15) = (u8)type;
		if (type != DATA)
			put_le((u8 *)at(BASE + 32) + 8, 32, 4);
		put_le(at(BASE + 32), BASE + 256, 8);
		breaks(walk, !known ? RULE_SGL_TYPE : type == DATA ? RULE_NONE : RULE_SGL_LAST);
		walk = (struct prp_walk){ .len = 4, .prp1 = BASE + 512, .prp2 = 4 | (u64)type << 56, .granule = 4 };
		if (!known)
			breaks(walk, RULE_SGL_TYPE);
	}
	walk = three();
	walk.prp2 |= BIT(40);
	breaks(walk, RULE_SGL_TYPE);
	walk = three();
	*((u8 *)at(BASE + 16) + 12) = 1;
	breaks(walk, RULE_SGL_TYPE);
}

static void segments(void)
{
	struct prp_walk walk = three();

	walk.prp1 += 4;
	breaks(walk, RULE_SGL_SEGMENT);
	walk = three();
	walk.prp2 -= 8;
	breaks(walk, RULE_SGL_SEGMENT);
	walk = three();
	walk.prp2 -= 48;
	breaks(walk, RULE_SGL_SEGMENT);
	/* Says that more follows, and nothing does */
	walk = three();
	walk.prp2 = 48 | (u64)SEGMENT << 56;
	breaks(walk, RULE_SGL_LAST);
	/* Leads on from the middle */
	walk = three();
	put_desc(at(BASE + 16), BASE + 64, 16, LAST);
	breaks(walk, RULE_SGL_PLACE);
	/* For ever: in a circle without data, and with data */
	walk = three();
	walk.prp2 = 16 | (u64)SEGMENT << 56;
	put_desc(at(BASE), BASE, 16, SEGMENT);
	breaks(walk, RULE_SGL_LENGTH);
	put_desc(at(BASE), 0x1000, 4, DATA);
	put_desc(at(BASE + 16), BASE, 32, SEGMENT);
	walk.prp2 = 32 | (u64)SEGMENT << 56;
	breaks(walk, RULE_SGL_LENGTH);
}

static void lengths_and_alignment(void)
{
	struct prp_walk walk = three();

	walk.len += 4;
	breaks(walk, RULE_SGL_LENGTH);
	walk.len -= 8;
	breaks(walk, RULE_SGL_LENGTH);
	walk = three();
	put_desc(at(BASE + 16), blocks[1].addr + 2, blocks[1].len, DATA);
	breaks(walk, RULE_SGL_ALIGN);
	walk.granule = 0;
	breaks(walk, RULE_NONE);
	walk = three();
	put_desc(at(BASE + 16), blocks[1].addr, blocks[1].len + 1, DATA);
	walk.len++;
	breaks(walk, RULE_SGL_ALIGN);
	walk.granule = 0;
	breaks(walk, RULE_NONE);
}

static void unreadable(void)
{
	struct prp_walk walk = { .page = 4096, .len = 4096, .prp1 = 0x1000, .prp2 = 32 | (u64)LAST << 56 };

	CHECK(!sgl_walk(&walk, &reader));
	EQUAL(walk.broken, RULE_NONE);
	free(walk.pieces);
	/* The second segment */
	walk.prp1 = BASE;
	walk.prp2 = 32 | (u64)SEGMENT << 56;
	put_desc(at(BASE), 0x8000, 4, DATA);
	put_desc(at(BASE + 16), 0x1000, 16, LAST);
	CHECK(!sgl_walk(&walk, &reader));
	free(walk.pieces);
}

KTAP_MAIN("t_sgl",
	  KTAP_CASE(random_lists), KTAP_CASE(types), KTAP_CASE(segments), KTAP_CASE(lengths_and_alignment),
	  KTAP_CASE(unreadable))
