// SPDX-License-Identifier: GPL-2.0
/* prp.c against a reader that follows the specification from the controller's side (model_prp.h). */
#include "ktap.h"
#include "model_prp.h"

#define MAX_SEGS	4096

static struct seg segs[MAX_SEGS];

static u64 rnd_page(void)
{
	return (rnd() >> (12 + rnd_below(40))) << 12;
}

/* The next segment of a row: most often one that fits, sometimes one that hardly fits or does not. */
static struct seg rnd_next(const struct seg *prev, u32 most)
{
	u64 end = prev ? prev->addr + prev->len : 0;
	struct seg s = { .addr = rnd_page(), .len = 4096 * (1 + rnd_below(most)) };
	u32 offset = 4 * rnd_below(1024);

	if (!prev) {
		s.addr += rnd_below(2) ? offset : 0;
		s.len = rnd_below(2) ? 4 * (1 + rnd_below(most * 1024)) : s.len - (u32)(s.addr & 4095);
		return s;
	}
	if (end & 4095 && rnd_below(50)) {
		s.addr = end;					/* go on where the last one ended */
		s.len = rnd_below(3) ? 4096 - (u32)(end & 4095) : 4 * (1 + rnd_below(2048));
	}
	switch (rnd_below(60)) {
	case 0:
		s.addr += offset;				/* starts inside a page */
		break;
	case 1:
		s.addr = end;					/* adjacent, on a boundary or not */
		break;
	case 2:
		s.len = 1 + rnd_below(most * 4096);		/* ends anywhere */
		break;
	case 3:
		s.addr = prev->addr & ~4095ull;			/* the same page again */
		break;
	case 4:
		s.addr |= rnd_below(4);				/* not a multiple of 4 */
		break;
	case 5:
		s.len = rnd_below(2) ? 0 : ~0u - rnd_below(3);	/* nothing; too much */
		break;
	case 6:
		s.addr = -(u64)s.len - 4 + 4 * rnd_below(4);	/* about the end of all addresses */
		break;
	case 7:
		s.addr = 0;
		break;
	}
	return s;
}

static void random_layouts(void)
{
	unsigned long round, refused = 0, short_of = 0, described = 0;

	for (round = 0; round < rounds(30000); round++) {
		u32 most = 1 + rnd_below(rnd_below(20) ? 4 : 300);
		size_t nr = 1 + rnd_below(rnd_below(10) ? 12 : 200), i;

		for (i = 0; i < nr; i++)
			segs[i] = rnd_next(i ? &segs[i - 1] : NULL, most);
		switch (model_prp_try(segs, nr, (u16)rnd_below(rnd_below(3) ? 8 : 2), 1)) {
		case 0:
			described++;
			break;
		case -EINVAL:
			refused++;
			break;
		case -ENOSPC:
			short_of++;
			break;
		}
	}
	/* A generator that makes only one kind of row tests nothing. */
	CHECK(described > round / 20 && refused > round / 20 && short_of > round / 100);
}

/*
 * Rows of exactly @pages pages, cut into segments in four ways, with one list page too few, enough, and one to spare.
 */
static void exact(u32 pages)
{
	static const char * const ways[] = { "one segment", "starts and ends inside", "pages apart", "cut anywhere" };
	u32 lists = (u32)model_prp_lists(pages), way;

	for (way = 0; way < 4; way++) {
		size_t nr = 0;
		u32 left = pages;

		ktap_note = ways[way];
		while (left) {
			u64 addr = rnd_page();
			u32 n = way < 2 ? left : way == 2 ? 1 : 1 + rnd_below(left < 9 ? left : 9);

			segs[nr++] = (struct seg){ addr, n * 4096 };
			if (way == 3 && nr + 1 < MAX_SEGS && rnd_below(2)) {
				u32 cut = 4 * (1 + rnd_below(n * 1024 - 1));

				segs[nr] = (struct seg){ addr + cut, n * 4096 - cut };
				segs[nr++ - 1].len = cut;
			}
			left -= n;
		}
		if (way == 1) {
			segs[0].addr += 4092;
			segs[0].len -= pages == 1 ? 4092 : 4092 + 4;
		}
		EQUAL(model_prp_try(segs, nr, (u16)lists, nr > 64 ? nr : 1), 0);
		EQUAL(model_prp_try(segs, nr, (u16)(lists + 1), nr), 0);
		if (lists && way < 2)
			EQUAL(model_prp_try(segs, nr, (u16)(lists - 1), 1), -ENOSPC);
	}
	ktap_note = "";
}

static void full_list_pages(void)
{
	u32 pages, edge;

	for (pages = 1; pages < 20; pages++)
		exact(pages);
	/* Entries of a list page: 512, one less when it continues. PRP1 is a page more. */
	for (edge = 512; edge <= 2560; edge += 512)
		for (pages = edge - 8; pages <= edge + 3; pages++)
			exact(pages);
}

/* Single pages one by one: with too few lists, the answer changes at exactly the right page. */
static void short_of_lists(void)
{
	u16 nr;
	size_t i;

	for (i = 0; i < MAX_SEGS; i++)
		segs[i] = (struct seg){ (i * 3 + 5) << 12, 4096 };
	for (nr = 0; nr < 6; nr++) {
		struct model_lists lists = model_lists_alloc(nr);
		struct onvme_prp prp;

		onvme_prp_init(&prp, lists.page, nr);
		for (i = 1; i <= MAX_SEGS; i++) {
			int is = onvme_prp_add(&prp, segs[i - 1].addr, segs[i - 1].len);

			EQUAL(is, model_prp_lists(i) > nr ? -ENOSPC : 0);
			if (is)
				break;
		}
		EQUAL(i - 1, nr ? nr * 511 + 2 : 2);
		model_lists_free(&lists);
	}
	onvme_prp_init(&(struct onvme_prp){ 0 }, NULL, 0);
}

static void hard_addresses(void)
{
	static const u32 lens[] = { 1, 2, 3, 4, 5, 511, 4092, 4095, 4096, 4097, 8191, 8192, 8193, 12288, 0x7ffff000,
				    0xfffff000, 0xfffffffc, 0xffffffff };
	static const u64 addrs[] = { 0, 4, 4092, 4096, 0xffffff000, 0xfffffffc, 0x100000000, 0x7ffffffffffff000,
				     0xfffffffefffff000, 0xffffffff00000000, 0xffffffffffffe000, 0xfffffffffffff000,
				     0xfffffffffffffff8, 0xfffffffffffffffc };
	size_t a, l;

	for (a = 0; a < sizeof(addrs) / sizeof(addrs[0]); a++)
		for (l = 0; l < sizeof(lens) / sizeof(lens[0]); l++) {
			segs[0] = (struct seg){ addrs[a], lens[l] };
			model_prp_try(segs, 1, 3, 1);
			segs[1] = (struct seg){ addrs[a] + lens[l], 4096 };
			model_prp_try(segs, 2, 5, 1);
			segs[1].addr = 0;
			model_prp_try(segs, 2, 5, 1);
		}
}

static void four_gigabytes(void)
{
	segs[0] = (struct seg){ 0x123456789ffc, 0xfffff004 };
	segs[1] = (struct seg){ segs[0].addr + segs[0].len, 0xfffff000 };
	EQUAL(model_prp_try(segs, 2, 4200, 1), 0);
}

/* Whole pages that are written by the caller are as good as those that are added. */
static void written_pages(void)
{
	unsigned int round;

	for (round = 0; round < 300; round++) {
		u16 nr_lists = (u16)(1 + rnd_below(3));
		struct model_lists a = model_lists_alloc(nr_lists), b = model_lists_alloc(nr_lists);
		u32 pages = 1 + rnd_below(511 * nr_lists), i, n;
		u64 first = 0x100000 + (rnd_below(2) ? 4 * rnd_below(1024) : 0), page;
		struct onvme_prp added, written;

		onvme_prp_init(&added, a.page, nr_lists);
		onvme_prp_init(&written, b.page, nr_lists);
		EQUAL(onvme_prp_add(&added, first, 4096 - (u32)(first & 4095)), 0);
		if (pages > 1 && !(first & 4095) && rnd_below(2))
			onvme_prp_begin_list(&written, first);
		else
			EQUAL(onvme_prp_add(&written, first, 4096 - (u32)(first & 4095)), 0);
		for (i = 0; i < pages; i += n) {
			n = 1 + rnd_below(pages - i);
			if (!written.room) {
				n = 1;
				EQUAL(onvme_prp_add(&written, (u64)(i + 7) << 13, 4096), 0);
				EQUAL(onvme_prp_add(&added, (u64)(i + 7) << 13, 4096), 0);
				continue;
			}
			if (n > written.room)
				n = written.room;
			for (page = 0; page < n; page++) {
				EQUAL(onvme_prp_add(&added, (i + page + 7) << 13, 4096), 0);
				written.at[page] = cpu_to_le64((i + page + 7) << 13);
			}
			onvme_prp_wrote(&written, n, ((i + n + 6ull) << 13) + 4096);
		}
		EQUAL(le64_to_cpu(written.prp1), le64_to_cpu(added.prp1));
		EQUAL(written.used, added.used);
		EQUAL(written.room, added.room);
		EQUAL(written.end, added.end);
		for (i = 0; i < added.used; i++)
			for (n = 0; n < (i + 1 == added.used ? 512 - added.room : 511); n++)
				EQUAL(b.page[i].entry[n], a.page[i].entry[n]);
		if (!added.used)
			EQUAL(written.prp2, added.prp2);
		model_lists_free(&a);
		model_lists_free(&b);
	}
}

static void init_is_empty(void)
{
	struct onvme_prp_list list = { 0 };
	struct onvme_prp prp;

	memset(&prp, 0xff, sizeof(prp));
	onvme_prp_init(&prp, &list, 1);
	CHECK(prp.list == &list);
	EQUAL(prp.nr_lists, 1);
	EQUAL(prp.prp1 | prp.prp2 | prp.used | prp.end, 0);
}

/* The worst case over all starts inside a page, found by trying them. */
static u64 brute_lists_for(u64 bytes)
{
	u64 most = 0, offset;

	for (offset = 0; offset < 4096; offset += 4) {
		struct seg s = { offset, (u32)bytes };
		u64 lists = bytes ? model_prp_lists(model_prp_pages(&s, 1)) : 0;

		most = lists > most ? lists : most;
	}
	return most;
}

static void lists_for(void)
{
	static const u64 edges[] = { 0, 4096, 8192, 512 * 4096, 1023 * 4096, 1534 * 4096, 8 << 20, 0x7ffff000 };
	size_t i;
	u64 bytes, pages;

	for (i = 0; i < sizeof(edges) / sizeof(edges[0]); i++)
		for (bytes = edges[i] < 9 ? 0 : edges[i] - 9; bytes < edges[i] + 9; bytes++)
			EQUAL(onvme_prp_lists_for((u32)bytes), brute_lists_for(bytes));
	/* Each number of whole pages, and the two sizes where one more dword takes one more page. */
	for (pages = 0; pages < 0x7ffff; pages++) {
		EQUAL(onvme_prp_lists_for((u32)(pages * 4096)), pages ? model_prp_lists(pages + 1) : 0);
		EQUAL(onvme_prp_lists_for((u32)(pages * 4096 + 4)), model_prp_lists(pages + 1));
		EQUAL(onvme_prp_lists_for((u32)(pages * 4096 + 8)), model_prp_lists(pages + 2));
	}
}

KTAP_MAIN("t_prp",
	  KTAP_CASE(written_pages), KTAP_CASE(init_is_empty),
	  KTAP_CASE(random_layouts),
	  KTAP_CASE(full_list_pages),
	  KTAP_CASE(short_of_lists),
	  KTAP_CASE(hard_addresses),
	  KTAP_CASE(four_gigabytes),
	  KTAP_CASE(lists_for))
