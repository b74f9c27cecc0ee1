/* SPDX-License-Identifier: GPL-2.0 */
/*
 * model_sgl.h - what sgl.c ought to do, said from the side of the controller: it knows only the descriptor in the
 * command, the number of bytes and the memory behind the addresses of list pages, and it is strict. Needs CHECK() and
 * EQUAL() from whoever includes it.
 */
#ifndef ONVME_MODEL_SGL_H
#define ONVME_MODEL_SGL_H

#include "model_prp.h"
#include "sgl.h"

/* One descriptor as the specification's figure has it, byte by byte. */
struct model_desc {
	u64	addr;
	u32	len;
	u8	type;
};

static inline struct model_desc model_sgl_desc(const void *raw)
{
	const u8 *b = raw;
	struct model_desc d = { 0 };
	int i;

	for (i = 7; i >= 0; i--)
		d.addr = d.addr << 8 | b[i];
	for (i = 3; i >= 0; i--)
		d.len = d.len << 8 | b[8 + i];
	EQUAL(b[12] | b[13] | b[14], 0);
	EQUAL(b[15] & 0xf, 0);			/* sub type: an address */
	d.type = b[15] >> 4;
	return d;
}

/* The controller: follow the list to its end. @pages gets how many list pages that took. */
static inline struct extents model_sgl_read(const void *sgl1, const struct model_lists *lists, u64 *bytes, u32 *pages)
{
	struct model_desc d = model_sgl_desc(sgl1);
	struct extents x = { 0 };

	*bytes = 0;
	*pages = 0;
	while (d.type) {
		const struct onvme_prp_list *page = model_lists_find(lists, d.addr);
		bool last = d.type == 3;
		u32 n = d.len / 16, i;

		CHECK(d.type == 2 || last);
		CHECK(page);
		CHECK(n && n <= 256 && d.len % 16 == 0);
		if (!page || !n || n > 256 || (d.type != 2 && !last))
			return x;
		/* A page that was told to be in use was the next in order: none is used twice. */
		CHECK(page == &lists->page[*pages]);
		++*pages;
		for (i = 0; i < n; i++) {
			d = model_sgl_desc(page->entry + 2 * i);
			if (d.type)
				break;
			CHECK(d.len);
			*bytes += d.len;
			extents_add(&x, d.addr, d.len);
		}
		/* What lies behind belongs to nobody. */
		for (n *= 16; n < 4096; n++)
			EQUAL(((const u8 *)page->entry)[n], MODEL_POISON);
		if (last) {
			CHECK(!d.type);
			return x;
		}
		CHECK(d.type && (i + 1) * 16 == 4096);
		if (!d.type)
			return x;
	}
	*bytes = d.len;
	extents_add(&x, d.addr, d.len);
	return x;
}

/* Least list pages of @nr descriptors: fill one after the other. */
static inline u32 model_sgl_lists(u64 nr)
{
	u32 lists = 0;

	if (nr == 1)
		return 0;
	for (; nr > 256; nr -= 255)
		lists++;
	return lists + 1;
}

static inline bool model_sgl_fits(const struct seg *s)
{
	return s->len && s->addr % 4 == 0 && s->len % 4 == 0 && s->addr <= ~0ull - s->len;
}

/* Add all, and look at the list; stop where the model stops. */
static inline int model_sgl_try(const struct seg *segs, size_t nr, u16 nr_lists)
{
	struct model_lists lists = model_lists_alloc(nr_lists);
	struct extents is;
	struct onvme_sgl sgl;
	u64 bytes, sum = 0;
	int err = 0;
	size_t i, n;
	u32 pages;

	memset(&sgl, MODEL_POISON, sizeof(sgl));
	onvme_sgl_init(&sgl, lists.page, nr_lists, (u32)nr);
	for (i = 0; i < nr && !err; i++) {
		int want = 0;

		/* The first descriptor of a page is where it may turn out that there is no page. */
		for (n = 0; n <= nr_lists; n++)
			if (model_sgl_lists(nr) > n && i == 255 * n && n == nr_lists)
				want = -ENOSPC;
		if (!model_sgl_fits(&segs[i]))
			want = -EINVAL;
		err = onvme_sgl_add(&sgl, segs[i].addr, segs[i].len);
		EQUAL(err, want);
		sum += segs[i].len;
	}
	if (!err) {
		EQUAL(onvme_sgl_add(&sgl, 4096, 4096), -EINVAL);
		is = model_sgl_read(sgl.sgl1, &lists, &bytes, &pages);
		EQUAL(bytes, sum);
		EQUAL(pages, model_sgl_lists(nr));
		extents_equal(is, extents_of(segs, nr));
		for (i = pages; i < nr_lists; i++)
			EQUAL(*(const u8 *)lists.page[i].entry, MODEL_POISON);
	}
	model_lists_free(&lists);
	return err;
}

#endif /* ONVME_MODEL_SGL_H */
