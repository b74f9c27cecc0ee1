/* SPDX-License-Identifier: GPL-2.0 */
/*
 * model_ident.h - what ident.c ought to make of a page, said again from the bytes: fields by their offsets in the
 * specification, limits in 64 bits and by division, text by character. Holds for every input, sensible or hostile.
 * Needs CHECK(), EQUAL() and STR_EQUAL() from whoever includes it.
 */
#ifndef ONVME_MODEL_IDENT_H
#define ONVME_MODEL_IDENT_H

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "ident.h"

static inline u64 page_le(const u8 *page, unsigned int at, unsigned int bytes)
{
	u64 value = 0;

	while (bytes--)
		value = value << 8 | page[at + bytes];
	return value;
}

static inline bool page_blank(const u8 *page)
{
	unsigned int i, zero = 0, ones = 0;

	for (i = 0; i < 256; i++) {
		zero += page[i] == 0;
		ones += page[i] == 0xff;
	}
	return zero == 256 || ones == 256;
}

/* Sizes of queue entries: the required one in the low nibble, the maximum in the high one. @log2 must lie between. */
static inline bool model_entry_size_ok(u8 field, unsigned int log2)
{
	return !field || ((field & 15u) <= log2 && field >> 4 >= log2);
}

/* 2 ^ @field units of 2 ^ (12 + CAP.MPSMIN), at most 8 MiB, which also stands for "no limit". */
static inline u64 model_pages(u8 field, u64 cap)
{
	u64 bytes = 4096;
	unsigned int i, doublings = (unsigned int)(cap >> 48 & 15) + field;

	for (i = 0; i < doublings && bytes < 8 << 20; i++)
		bytes *= 2;
	return field ? bytes : 8 << 20;
}

static inline void model_text(const char *is, const u8 *raw, size_t len, unsigned int *odd)
{
	char should[64];
	size_t end = 0, i;
	bool strange = false;

	memset(should, 0, sizeof(should));
	for (i = 0; i < len && raw[i]; i++) {
		should[i] = (char)raw[i];
		if (raw[i] < ' ' || raw[i] > '~') {
			should[i] = '?';
			strange = true;
		}
		if (should[i] != ' ')
			end = i + 1;
	}
	should[end] = 0;
	*odd += strange;
	STR_EQUAL(is, should);
	for (i = end; i <= len; i++)
		EQUAL(is[i], 0);
}

static inline bool model_nqn_ok(const u8 *raw)
{
	unsigned int i;

	for (i = 0; i < 224 && raw[i]; i++)
		if (raw[i] <= ' ' || raw[i] > '~')
			return false;
	return i >= 4 && i < 224 && raw[0] == 'n' && raw[1] == 'q' && raw[2] == 'n' && raw[3] == '.';
}

static inline void model_nqn(const struct onvme_caps *caps, const u8 *page)
{
	char should[ONVME_NQN_SIZE];
	unsigned int i;

	memset(should, 0, sizeof(should));
	if (model_nqn_ok(page + 768)) {
		EQUAL(caps->synthetic_nqn, 0);
		snprintf(should, sizeof(should), "%.223s", (const char *)page + 768);
	} else {
		EQUAL(caps->synthetic_nqn, 1);
		snprintf(should, sizeof(should), "nqn.2014.08.org.nvmexpress:%02x%02x%02x%02x",
			 page[1], page[0], page[3], page[2]);
		memcpy(should + strlen(should), page + 4, 60);
	}
	/* It goes to sysfs, uevents and logs: no device may write control characters there. */
	for (i = 0; i < sizeof(should); i++)
		if (should[i] && (should[i] < ' ' || should[i] > '~'))
			should[i] = '?';
	EQUAL(memcmp(caps->subnqn, should, sizeof(should)), 0);
	EQUAL(caps->subnqn[ONVME_NQN_SIZE - 1], 0);
}

/* Read a controller page of exactly 4096 bytes and judge the answer. Returns what onvme_ident_ctrl() returned. */
static inline int model_ident_ctrl(const u8 *page, u64 cap, u32 vs, struct onvme_caps *caps)
{
	struct onvme_finding finding = { 0 };
	unsigned int odd = 0, i;
	int should = 0, is;

	memset(caps, 0xa5, sizeof(*caps));
	if (page_blank(page))
		should = -ENODEV;
	else if (!model_entry_size_ok(page[512], 6) || !model_entry_size_ok(page[513], 4))
		should = -EPROTO;
	is = onvme_ident_ctrl((const struct onvme_id_ctrl *)page, cap, vs, caps, &finding);
	EQUAL(is, should);
	if (is)
		return is;

	EQUAL(caps->cap, cap);
	EQUAL(caps->vs, vs);
	EQUAL(caps->vid, page_le(page, 0, 2));
	EQUAL(caps->ssvid, page_le(page, 2, 2));
	EQUAL(caps->cmic, page[76]);
	EQUAL(caps->max_bytes, model_pages(page[77], cap));
	EQUAL(caps->cntlid, page_le(page, 78, 2));
	EQUAL(caps->rtd3e_us, page_le(page, 88, 4));
	EQUAL(caps->oaes, page_le(page, 92, 4));
	EQUAL(caps->ctratt, page_le(page, 96, 4));
	EQUAL(caps->cntrltype, page[111]);
	for (i = 0; i < 3; i++)
		EQUAL(caps->crdt[i], page_le(page, 128 + 2 * i, 2));
	EQUAL(caps->oacs, page_le(page, 256, 2));
	EQUAL(caps->acl, page[258] + 1);
	EQUAL(caps->lpa, page[261]);
	EQUAL(caps->npss, page[263] > 31 ? 32 : page[263] + 1);
	odd += page[263] > 31;
	for (i = 0; i < caps->npss; i++) {
		EQUAL(caps->ps[i].idle, page[2048 + 32 * i + 3] >> 1 & 1);
		EQUAL(caps->ps[i].enlat_us, page_le(page, 2048 + 32 * i + 4, 4));
		EQUAL(caps->ps[i].exlat_us, page_le(page, 2048 + 32 * i + 8, 4));
	}
	EQUAL(caps->apsta, page[265] & 1);
	EQUAL(caps->wctemp, page_le(page, 266, 2));
	EQUAL(caps->cctemp, page_le(page, 268, 2));
	EQUAL(caps->mtfa_ms, page_le(page, 270, 2) * 100);
	if (page_le(page, 276, 4) <= page_le(page, 272, 4)) {
		EQUAL(caps->hmpre, page_le(page, 272, 4));
		EQUAL(caps->hmmin, page_le(page, 276, 4));
	} else {
		EQUAL(caps->hmpre, 0);
		EQUAL(caps->hmmin, 0);
		odd++;
	}
	EQUAL(caps->kas, page_le(page, 320, 2));
	EQUAL(caps->hmminds, page_le(page, 332, 4));
	EQUAL(caps->hmmaxd, page_le(page, 336, 2));
	EQUAL(caps->nn, page_le(page, 516, 4) > 0xfffffffd ? 0xfffffffd : page_le(page, 516, 4));
	odd += page_le(page, 516, 4) > 0xfffffffd;
	EQUAL(caps->oncs, page_le(page, 520, 2));
	EQUAL(caps->has_dsm, page[520] >> 2 & 1);
	EQUAL(caps->has_write_zeroes, page[520] >> 3 & 1);
	EQUAL(caps->vwc, page[525] & 1);
	EQUAL(caps->awupf, page_le(page, 528, 2) + 1);
	EQUAL(caps->sgls, page_le(page, 536, 4));
	EQUAL(caps->can_csi, vs >= 0x20000 || cap >> 43 & 1);
	EQUAL(caps->wz_bytes, 0);
	EQUAL(caps->dsm_ranges, 256);
	EQUAL(caps->dsm_range_blocks, 0);
	EQUAL(caps->dsm_blocks, 0);
	model_text(caps->sn, page + 4, 20, &odd);
	model_text(caps->mn, page + 24, 40, &odd);
	model_text(caps->fr, page + 64, 8, &odd);
	EQUAL(memcmp(caps->sn_raw, page + 4, 20), 0);
	EQUAL(memcmp(caps->mn_raw, page + 24, 40), 0);
	model_nqn(caps, page);
	EQUAL(finding.count, odd);
	EQUAL(!!finding.what, !!odd);
	return 0;
}

static inline void model_ident_ctrl_nvm(const u8 *page, struct onvme_caps *caps)
{
	struct onvme_caps before = *caps;

	onvme_ident_ctrl_nvm((const struct onvme_id_ctrl_nvm *)page, caps);
	EQUAL(caps->wz_bytes, page[1] ? model_pages(page[1], caps->cap) : before.wz_bytes);
	EQUAL(caps->dsm_ranges, page[3] ? page[3] : before.dsm_ranges);
	EQUAL(caps->dsm_range_blocks, page_le(page, 4, 4));
	EQUAL(caps->dsm_blocks, page_le(page, 8, 8));
	/* Nothing else moved. */
	before.wz_bytes = caps->wz_bytes;
	before.dsm_ranges = caps->dsm_ranges;
	before.dsm_range_blocks = caps->dsm_range_blocks;
	before.dsm_blocks = caps->dsm_blocks;
	EQUAL(memcmp(&before, caps, sizeof(before)), 0);
}

struct model_format {
	unsigned int	fit;
	u64		block;		/* bytes */
	unsigned int	ms;
	bool		indexed;	/* the index names a format */
};

static inline struct model_format model_ident_format(const u8 *page, u8 max_lba_shift)
{
	struct model_format f = { ONVME_FIT_OK, 512, 0, false };
	unsigned int index = page[26] & 15, lbads;
	u64 nsze = page_le(page, 0, 8);

	if (page[25] >= 16)
		index += (page[26] >> 5 & 3) * 16;
	if (index > page[25]) {
		f.fit = ONVME_FIT_FORMAT;
	} else {
		f.indexed = true;
		f.ms = (unsigned int)page_le(page, 128 + 4 * index, 2);
		lbads = page[128 + 4 * index + 2];
		if (lbads < 9 || lbads > max_lba_shift) {
			f.fit = ONVME_FIT_LBADS;
		} else {
			f.block = 1ull << lbads;
			if (nsze > 0x7fffffffffffffffull / f.block)
				f.fit = ONVME_FIT_SIZE;
		}
	}
	if (!nsze)
		f.fit = ONVME_FIT_EMPTY;
	return f;
}

/* Whole blocks below a gigabyte. */
static inline u64 model_cut(u64 blocks, u64 block)
{
	u64 most = (1ull << 30) / block;

	return (blocks < most ? blocks : most) * block;
}

static inline void model_ident_preferences(const u8 *page, const struct onvme_caps *caps, const struct onvme_ns_geom *g,
					   u64 block, unsigned int *odd)
{
	u64 atomic = block, min_io = block, opt_io = 0, noiob = page_le(page, 46, 2), phys;

	if (!page_le(page, 42, 2)) {
		u64 nawupf = page_le(page, 36, 2);

		atomic = model_cut(page[24] & 2 && nawupf ? nawupf + 1 : caps->awupf, block);
	}
	if (page[24] & 16) {
		min_io = model_cut(page_le(page, 64, 2) + 1, block);
		if (page_le(page, 72, 2))
			opt_io = model_cut(page_le(page, 72, 2) + 1, block);
	}
	phys = min_io < atomic ? min_io : atomic;
	EQUAL(g->io_min_bytes, min_io);
	EQUAL(g->io_opt_bytes, opt_io);
	EQUAL(g->phys_bytes, __builtin_popcountll(phys) == 1 ? phys : block);
	EQUAL(g->discard_gran_bytes, block);
	EQUAL(g->chunk_sectors, __builtin_popcountll(noiob) == 1 ? noiob * (block / 512) : 0);
	*odd += __builtin_popcountll(noiob) > 1;

	/* What the block layer takes for granted. */
	CHECK(g->phys_bytes >= block && g->phys_bytes % block == 0 && !(g->phys_bytes & (g->phys_bytes - 1)));
	CHECK(g->io_min_bytes >= g->phys_bytes && g->io_min_bytes % block == 0);
	CHECK(g->io_opt_bytes % block == 0);
}

/*
 * Every way in which a write of so many blocks may be laid out: with boundaries that the block layer can use, none that
 * it would let through may cross one.
 */
static inline void model_ident_atomics(const u8 *page, const struct onvme_ns_geom *g, u64 block, unsigned int *odd)
{
	bool own = page[24] & 2 && page_le(page, 36, 2);
	u64 unit = own ? page_le(page, 36, 2) + 1 : 1, at = own && page_le(page, 44, 2) ? page_le(page, 44, 2) + 1 : 0;
	u64 offset = page_le(page, 42, 2), chunk = g->chunk_sectors * 512ull;
	bool usable = !offset && at >= (at ? unit : 0) && __builtin_popcountll(at) < 2;

	*odd += !offset && at && at < unit;
	if (usable && at)
		usable = chunk % model_cut(at, block) == 0;
	EQUAL(!!g->atomic_bytes, usable);
	EQUAL(g->atomic_bytes, usable ? model_cut(unit, block) : 0);
	EQUAL(g->atomic_boundary_bytes, usable ? model_cut(at, block) : 0);
	EQUAL(!!g->atomic_unit_bytes, usable);
	if (!usable)
		return;
	/* What the block layer takes for granted, some of it with a warning. */
	EQUAL(__builtin_popcountll(g->atomic_unit_bytes), 1);
	CHECK(g->atomic_unit_bytes >= block && g->atomic_unit_bytes <= g->atomic_bytes);
	CHECK(g->atomic_unit_bytes > g->atomic_bytes / 2);
	CHECK(!at || (g->atomic_boundary_bytes >= g->atomic_bytes && g->atomic_boundary_bytes % 512 == 0));
	CHECK(!at || (at * block) % g->atomic_boundary_bytes == 0);
}

static inline void model_ident_limits(const struct onvme_caps *caps, const struct onvme_ns_geom *g, u64 block)
{
	u64 per_block = block / 512, most = 0xffffffffull / per_block, wz;

	if (caps->dsm_range_blocks && caps->dsm_range_blocks < most)
		most = caps->dsm_range_blocks;
	if (caps->dsm_blocks && caps->dsm_blocks < most)
		most = caps->dsm_blocks;
	EQUAL(g->can_discard, caps->has_dsm);
	EQUAL(g->max_discard_sectors, caps->has_dsm ? most * per_block : 0);

	wz = (caps->wz_bytes ? caps->wz_bytes : caps->max_bytes) / block;
	wz = wz < 65536 ? wz : 65536;
	EQUAL(g->max_wz_sectors, caps->has_write_zeroes ? wz * per_block : 0);
}

/* Read a namespace page of exactly 4096 bytes and judge the answer. */
static inline void model_ident_ns(const u8 *page, const struct onvme_caps *caps, u32 nsid, u8 max_lba_shift,
				  struct onvme_ns_geom *g)
{
	struct onvme_finding finding = { 0 };
	static const u8 none[16];
	struct model_format f = model_ident_format(page, max_lba_shift);
	unsigned int odd = 0, type = page[29] & 7;

	memset(g, 0xa5, sizeof(*g));
	onvme_ident_ns((const struct onvme_id_ns *)page, caps, nsid, max_lba_shift, g, &finding);
	EQUAL(g->nsid, nsid);
	EQUAL(g->csi, 0);
	EQUAL(g->nsze, page_le(page, 0, 8));
	EQUAL(g->nuse, page_le(page, 16, 8));
	EQUAL(g->shared, page[30] & 1);
	EQUAL(g->anagrpid, page_le(page, 92, 4));
	EQUAL(g->readonly, page[99] & 1);
	EQUAL(g->vwc, caps->vwc);
	/* Bit 3: Write Zeroes may deallocate; bits 2:0 = 1: such blocks read as zeroes. */
	EQUAL(g->wz_deac, (page[33] & 15) == 9);
	EQUAL(memcmp(g->nguid, caps->vs >= 0x10200 ? page + 104 : none, 16), 0);
	EQUAL(memcmp(g->eui64, caps->vs >= 0x10100 ? page + 120 : none, 8), 0);
	EQUAL(memcmp(g->uuid, none, 16), 0);
	EQUAL(g->fit, f.fit);
	EQUAL(g->ms, f.ms);
	EQUAL(g->extended, f.ms && page[26] & 16);
	/* Until somebody says otherwise protection information has eight bytes; there must be as many. */
	EQUAL(g->pi.type, f.ms >= 8 && type <= 3 ? type : 0);
	EQUAL(g->pi.bytes, g->pi.type ? 8 : 0);
	EQUAL(g->pi.offset, g->pi.type && !(page[29] & 8) ? f.ms - 8 : 0);
	EQUAL(g->pi.way, ONVME_META_NONE);
	EQUAL(1ull << g->lba_shift, f.block);
	EQUAL(g->sectors, f.fit == ONVME_FIT_OK ? g->nsze * (f.block / 512) : 0);
	model_ident_preferences(page, caps, g, f.block, &odd);
	model_ident_atomics(page, g, f.block, &odd);
	model_ident_limits(caps, g, f.block);
	odd += f.fit == ONVME_FIT_FORMAT || f.fit == ONVME_FIT_LBADS || f.fit == ONVME_FIT_SIZE;
	odd += f.indexed && type > 3;
	EQUAL(finding.count, odd);
	EQUAL(!!finding.what, !!odd);
}

/* Read a descriptor list of exactly 4096 bytes over @g and judge the answer. */
static inline int model_ident_descs(const u8 *page, struct onvme_ns_geom *g)
{
	struct onvme_finding finding = { 0 };
	struct onvme_ns_geom model = *g;
	unsigned int at = 0;
	int should = 0, is;

	while (at <= 4092 && page[at + 1]) {
		u8 *to[] = { NULL, model.eui64, model.nguid, model.uuid, &model.csi };
		static const u8 must[] = { 0, 8, 16, 16, 1 };
		unsigned int type = page[at], len = page[at + 1];
		bool known = type >= 1 && type <= 4;

		if ((known && len != must[type]) || at + 4 + len > 4096) {
			should = -EPROTO;
			break;
		}
		if (known)
			memcpy(to[type], page + at + 4, len);
		at += 4 + len;
	}
	is = onvme_ident_descs(page, g, &finding);
	EQUAL(is, should);
	EQUAL(finding.count, should ? 1 : 0);
	EQUAL(memcmp(g, &model, sizeof(model)), 0);
	return is;
}

/* Read a page of namespace ids and judge the answer; @nsids has room for exactly 1024. */
static inline unsigned int model_ident_nsids(const u8 *page, u32 after, u32 nn, u32 *nsids)
{
	struct onvme_finding finding = { 0 };
	unsigned int should = 0, is, i, odd = 0;
	u64 last = after;

	while (should < 1024) {
		u64 nsid = page_le(page, 4 * should, 4);

		if (!nsid)
			break;
		if (nsid <= last || nsid > nn) {
			odd = 1;
			break;
		}
		last = nsid;
		should++;
	}
	is = onvme_ident_nsids((const __le32 *)page, after, nn, nsids, &finding);
	EQUAL(is, should);
	for (i = 0; i < is; i++)
		EQUAL(nsids[i], page_le(page, 4 * i, 4));
	EQUAL(finding.count, odd);
	return is;
}

#endif /* ONVME_MODEL_IDENT_H */
