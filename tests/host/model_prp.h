/* SPDX-License-Identifier: GPL-2.0 */
/*
 * model_prp.h - what prp.c ought to do, said again in another way: slowly and without its cleverness.
 *
 * A buffer is a row of extents (adjacent segments merged). The reader below follows the specification from the side
 * of the controller: it knows only PRP1, PRP2, the number of bytes and the memory behind the list addresses. Needs
 * CHECK() and EQUAL() from whoever includes it.
 */
#ifndef ONVME_MODEL_PRP_H
#define ONVME_MODEL_PRP_H

#include <asm/byteorder.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "prp.h"

struct seg {
	u64	addr;
	u32	len;
};

struct extents {
	struct {
		u64	addr;
		u64	len;
	}	*at;
	size_t	nr;
	size_t	room;
};

static inline void extents_add(struct extents *x, u64 addr, u64 len)
{
	if (x->nr && x->at[x->nr - 1].addr + x->at[x->nr - 1].len == addr) {
		x->at[x->nr - 1].len += len;
		return;
	}
	if (x->nr == x->room) {
		x->room = x->room ? 2 * x->room : 16;
		x->at = realloc(x->at, x->room * sizeof(*x->at));
		if (!x->at)
			abort();
	}
	x->at[x->nr].addr = addr;
	x->at[x->nr++].len = len;
}

static inline struct extents extents_of(const struct seg *segs, size_t nr)
{
	struct extents x = { 0 };
	size_t i;

	for (i = 0; i < nr; i++)
		extents_add(&x, segs[i].addr, segs[i].len);
	return x;
}

/* They are the same; both are freed. */
static inline void extents_equal(struct extents is, struct extents should)
{
	size_t i;

	EQUAL(is.nr, should.nr);
	for (i = 0; i < is.nr && i < should.nr; i++) {
		EQUAL(is.at[i].addr, should.at[i].addr);
		EQUAL(is.at[i].len, should.at[i].len);
	}
	free(is.at);
	free(should.at);
}

/* Memory pages that the first @nr segments touch, each visit of an extent counted. */
static inline u64 model_prp_pages(const struct seg *segs, size_t nr)
{
	struct extents x = extents_of(segs, nr);
	u64 pages = 0;
	size_t i;

	for (i = 0; i < x.nr; i++)
		pages += ((x.at[i].addr + x.at[i].len - 1) / 4096) - (x.at[i].addr / 4096) + 1;
	free(x.at);
	return pages;
}

/* List pages that @entries PRP entries take, PRP1 included: fill one after the other. */
static inline u64 model_prp_lists(u64 entries)
{
	u64 lists = 0, left;

	if (entries <= 2)
		return 0;
	for (left = entries - 1; left; lists++) {
		if (left <= 512)
			left = 0;
		else
			left -= 511;
	}
	return lists;
}

/* What adding segment @nr - 1 should return when those before it were accepted. */
static inline int model_prp_add(const struct seg *segs, size_t nr, u16 nr_lists)
{
	const struct seg *s = &segs[nr - 1];
	struct extents x;
	int err = 0;
	size_t i;

	/* Dword-aligned, not empty, and the address just behind the segment is an address as well. */
	if (s->addr % 4 || !s->len || s->addr > ~0ull - s->len)
		return -EINVAL;
	x = extents_of(segs, nr);
	for (i = 0; i < x.nr; i++)
		if ((i && x.at[i].addr % 4096) || (i + 1 < x.nr && (x.at[i].addr + x.at[i].len) % 4096))
			err = -EINVAL;
	free(x.at);
	if (!err && model_prp_lists(model_prp_pages(segs, nr)) > nr_lists)
		err = -ENOSPC;
	return err;
}

#define MODEL_POISON	0xa5

struct model_lists {
	struct onvme_prp_list	*page;
	u16			nr;
};

/* List pages at addresses that have nothing in common, each of exactly 4096 bytes so that ASan guards its ends. */
static inline struct model_lists model_lists_alloc(u16 nr)
{
	struct model_lists l = { .nr = nr };
	u16 i;

	l.page = malloc(nr * sizeof(*l.page) + 1);
	for (i = 0; i < nr; i++) {
		l.page[i].entry = malloc(4096);
		memset(l.page[i].entry, MODEL_POISON, 4096);
		l.page[i].dma = ((u64)(i * 7919 % 65536) << 40 | (u64)i << 16 | 0xb000) & ~0xfffull;
	}
	return l;
}

static inline void model_lists_free(struct model_lists *l)
{
	u16 i;

	for (i = 0; i < l->nr; i++)
		free(l->page[i].entry);
	free(l->page);
}

static inline const struct onvme_prp_list *model_lists_find(const struct model_lists *l, u64 dma)
{
	u16 i;

	for (i = 0; i < l->nr; i++)
		if (l->page[i].dma == dma)
			return &l->page[i];
	return NULL;
}

/*
 * The controller (Base, "Physical Region Page Entry and List"): move @bytes. PRP2 is a page when at most one page is
 * left after PRP1, else a list; the last entry of a list page points to the next one when more than one page is left.
 */
static inline struct extents model_prp_read(u64 prp1, u64 prp2, u64 bytes, const struct model_lists *lists)
{
	struct extents x = { 0 };
	u64 chunk = 4096 - prp1 % 4096;
	const struct onvme_prp_list *list;
	unsigned int i = 0;

	EQUAL(prp1 % 4, 0);
	chunk = chunk < bytes ? chunk : bytes;
	extents_add(&x, prp1, chunk);
	bytes -= chunk;
	if (!bytes) {
		EQUAL(prp2, 0);
		return x;
	}
	if (bytes <= 4096) {
		EQUAL(prp2 % 4096, 0);
		extents_add(&x, prp2, bytes);
		return x;
	}
	list = model_lists_find(lists, prp2);
	while (bytes) {
		u64 entry;

		CHECK(list);
		if (!list)
			return x;
		entry = le64_to_cpu(list->entry[i]);
		EQUAL(entry % 4096, 0);
		if (i == 511 && bytes > 4096) {
			list = model_lists_find(lists, entry);
			i = 0;
			continue;
		}
		chunk = bytes < 4096 ? bytes : 4096;
		extents_add(&x, entry, chunk);
		bytes -= chunk;
		i++;
	}
	return x;
}

/* Everything that can be said about a description of @nr accepted segments. */
static inline void model_prp_check(const struct onvme_prp *prp, const struct model_lists *lists, const struct seg *segs,
				   size_t nr)
{
	u64 bytes = 0, pages = model_prp_pages(segs, nr), used = model_prp_lists(pages);
	size_t i;

	for (i = 0; i < nr; i++)
		bytes += segs[i].len;
	EQUAL(prp->used, used);
	extents_equal(model_prp_read(le64_to_cpu(prp->prp1), le64_to_cpu(prp->prp2), bytes, lists),
		      extents_of(segs, nr));

	/* Pages that are not in use were not touched, nor was the rest of the last one. */
	for (i = used; i < lists->nr; i++)
		EQUAL(*(const u8 *)lists->page[i].entry, MODEL_POISON);
	if (used)
		for (i = (ONVME_PRP_PER_LIST - prp->room) * 8u; i < 4096; i++)
			EQUAL(((const u8 *)lists->page[used - 1].entry)[i], MODEL_POISON);
}

/*
 * Add all, compare each answer, stop where the model stops; look at the description every @stride segments and at the
 * end.
 */
static inline int model_prp_try(const struct seg *segs, size_t nr, u16 nr_lists, size_t stride)
{
	struct model_lists lists = model_lists_alloc(nr_lists);
	struct onvme_prp prp;
	int should = 0;
	size_t i;

	memset(&prp, MODEL_POISON, sizeof(prp));
	onvme_prp_init(&prp, lists.page, nr_lists);
	EQUAL(prp.end, 0);
	for (i = 1; i <= nr; i++) {
		int is;

		/* Counting from the start each time is slow; a long row is judged where it may change. */
		should = i % stride == 0 || i == nr ? model_prp_add(segs, i, nr_lists) : 0;
		is = onvme_prp_add(&prp, segs[i - 1].addr, segs[i - 1].len);
		if (is != should) {
			EQUAL(is, should);
			break;
		}
		if (is)
			break;
		EQUAL(prp.end, segs[i - 1].addr + segs[i - 1].len);
		if (i % stride == 0 || i == nr)
			model_prp_check(&prp, &lists, segs, i);
	}
	model_lists_free(&lists);
	return should;
}

#endif /* ONVME_MODEL_PRP_H */
