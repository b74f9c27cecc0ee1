// SPDX-License-Identifier: GPL-2.0
/* sgl.c against a reader that follows the specification from the controller's side (model_sgl.h). */
#include "ktap.h"
#include "model_sgl.h"

#define MAX_SEGS	4096

static struct seg segs[MAX_SEGS];

/* Most often what a controller takes: dwords anywhere; now and then what none takes. */
static struct seg rnd_seg(bool wrong)
{
	struct seg s = { .addr = (rnd() >> rnd_below(50)) & ~3ull, .len = 4 * (1 + rnd_below(1 << rnd_below(20))) };

	if (s.addr > ~0ull - s.len)
		s.addr = 0;
	if (!wrong)
		return s;
	switch (rnd_below(5)) {
	case 0:
		s.addr |= 1 + rnd_below(3);
		break;
	case 1:
		s.len |= 1 + rnd_below(3);
		break;
	case 2:
		s.len = 0;
		break;
	case 3:
		s.addr = -(u64)s.len;		/* up to the end of all addresses */
		break;
	case 4:
		s.addr = -(u64)4;
		s.len = 8;
		break;
	}
	return s;
}

static void random_lists(void)
{
	unsigned long round, refused = 0, short_of = 0, described = 0;

	for (round = 0; round < rounds(20000); round++) {
		size_t nr = 1 + rnd_below(rnd_below(5) ? 20 : 1500), i;
		u32 wrong = rnd_below(4) ? MAX_SEGS : rnd_below((u32)nr);

		for (i = 0; i < nr; i++) {
			segs[i] = rnd_seg(i == wrong);
			/* Next to the one before: two segments are two descriptors all the same. */
			if (i && i != wrong && !rnd_below(4) && segs[i - 1].addr < 1ull << 60)
				segs[i].addr = segs[i - 1].addr + segs[i - 1].len;
			if (segs[i].addr % 4 && i != wrong)
				segs[i].addr &= ~3ull;
		}
		switch (model_sgl_try(segs, nr, (u16)rnd_below(rnd_below(3) ? 8 : 2))) {
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
	/* A generator that makes only one kind of list tests nothing. */
	CHECK(described > round / 20 && refused > round / 20 && short_of > round / 100);
}

/* Each number of descriptors about the edges of list pages, with one page too few, enough, and one to spare. */
static void full_pages(void)
{
	u32 nr, i;

	for (i = 0; i < MAX_SEGS; i++)
		segs[i] = (struct seg){ 0x10000ull * i + 8, 4092 };
	for (nr = 1; nr <= 2100; nr += nr % 255 < 6 || nr % 255 > 250 ? 1 : 7) {
		u16 lists = onvme_sgl_lists_for(nr);

		EQUAL(lists, model_sgl_lists(nr));
		EQUAL(model_sgl_try(segs, nr, lists), 0);
		EQUAL(model_sgl_try(segs, nr, (u16)(lists + 1)), 0);
		if (lists)
			EQUAL(model_sgl_try(segs, nr, (u16)(lists - 1)), -ENOSPC);
	}
}

static void lists_for(void)
{
	u32 nr;

	for (nr = 1; nr < 100000; nr++)
		EQUAL(onvme_sgl_lists_for(nr), (u16)model_sgl_lists(nr));
}

static void hard_segments(void)
{
	static const u32 lens[] = { 1, 2, 3, 4, 5, 4095, 4096, 0x7ffff000, 0xfffffffc, 0xfffffffe, 0xffffffff };
	static const u64 addrs[] = { 0, 1, 4, 4092, 4094, 0xfffffffc, 0x7ffffffffffffffc, 0xffffffff00000000,
				     0xfffffffffffff000, 0xfffffffffffffff8, 0xfffffffffffffffc, 0xffffffffffffffff };
	size_t a, l;

	for (a = 0; a < sizeof(addrs) / sizeof(addrs[0]); a++)
		for (l = 0; l < sizeof(lens) / sizeof(lens[0]); l++) {
			segs[0] = (struct seg){ addrs[a], lens[l] };
			segs[1] = (struct seg){ 0x1234, 4 };
			model_sgl_try(segs, 1, 0);
			model_sgl_try(segs, 2, 1);
			segs[1] = segs[0];
			segs[0] = (struct seg){ 0x1234, 4 };
			model_sgl_try(segs, 2, 1);
		}
}

/* When a controller takes SGLs at all: bits 1:0 of SGLS, whatever the others are. */
static void thresholds(void)
{
	static const u32 wishes[] = { 1, 2, 511, 32768, 0x80000000, 0xfffffffe, 0xffffffff };
	unsigned long round;
	u32 w;

	for (round = 0; round < rounds(1000); round++) {
		u32 others = (u32)rnd() & ~3u;

		for (w = 0; w < sizeof(wishes) / sizeof(wishes[0]); w++) {
			u32 want = wishes[w] == 0xffffffff ? 0xfffffffe : wishes[w];

			EQUAL(onvme_sgl_min(others | 1, wishes[w]), want);
			EQUAL(onvme_sgl_min(others | 2, wishes[w]), want);
			EQUAL(onvme_sgl_min(others, wishes[w]), 0xffffffff);
			EQUAL(onvme_sgl_min(others | 3, wishes[w]), 0xffffffff);
		}
		EQUAL(onvme_sgl_min(others | 1, 0), 0xffffffff);
		EQUAL(onvme_sgl_min(others | 2, 0), 0xffffffff);
	}
}

KTAP_MAIN("t_sgl",
	  KTAP_CASE(random_lists), KTAP_CASE(full_pages), KTAP_CASE(lists_for), KTAP_CASE(hard_segments),
	  KTAP_CASE(thresholds))
