// SPDX-License-Identifier: GPL-2.0
/*
 * ident.c against a second reading of the same bytes (model_ident.h), on pages that are sensible, random, and made to
 * hurt. Pages and lists are heap blocks of exactly their size, so that ASan sees a byte read or written beside them.
 */
#include "ktap.h"
#include "model_ident.h"

#include <stddef.h>

#define AT(type, field, offset)	static_assert(offsetof(struct type, field) == (offset))

/* Base, "Identify Controller Data Structure" */
AT(onvme_id_ctrl, vid, 0);
AT(onvme_id_ctrl, ssvid, 2);
AT(onvme_id_ctrl, sn, 4);
AT(onvme_id_ctrl, mn, 24);
AT(onvme_id_ctrl, fr, 64);
AT(onvme_id_ctrl, rab, 72);
AT(onvme_id_ctrl, ieee, 73);
AT(onvme_id_ctrl, cmic, 76);
AT(onvme_id_ctrl, mdts, 77);
AT(onvme_id_ctrl, cntlid, 78);
AT(onvme_id_ctrl, ver, 80);
AT(onvme_id_ctrl, rtd3r, 84);
AT(onvme_id_ctrl, rtd3e, 88);
AT(onvme_id_ctrl, oaes, 92);
AT(onvme_id_ctrl, ctratt, 96);
AT(onvme_id_ctrl, cntrltype, 111);
AT(onvme_id_ctrl, fguid, 112);
AT(onvme_id_ctrl, crdt, 128);
AT(onvme_id_ctrl, oacs, 256);
AT(onvme_id_ctrl, acl, 258);
AT(onvme_id_ctrl, aerl, 259);
AT(onvme_id_ctrl, frmw, 260);
AT(onvme_id_ctrl, lpa, 261);
AT(onvme_id_ctrl, elpe, 262);
AT(onvme_id_ctrl, npss, 263);
AT(onvme_id_ctrl, avscc, 264);
AT(onvme_id_ctrl, apsta, 265);
AT(onvme_id_ctrl, wctemp, 266);
AT(onvme_id_ctrl, cctemp, 268);
AT(onvme_id_ctrl, mtfa, 270);
AT(onvme_id_ctrl, hmpre, 272);
AT(onvme_id_ctrl, hmmin, 276);
AT(onvme_id_ctrl, tnvmcap, 280);
AT(onvme_id_ctrl, unvmcap, 296);
AT(onvme_id_ctrl, rpmbs, 312);
AT(onvme_id_ctrl, edstt, 316);
AT(onvme_id_ctrl, dsto, 318);
AT(onvme_id_ctrl, fwug, 319);
AT(onvme_id_ctrl, kas, 320);
AT(onvme_id_ctrl, hctma, 322);
AT(onvme_id_ctrl, mntmt, 324);
AT(onvme_id_ctrl, mxtmt, 326);
AT(onvme_id_ctrl, sanicap, 328);
AT(onvme_id_ctrl, hmminds, 332);
AT(onvme_id_ctrl, hmmaxd, 336);
AT(onvme_id_ctrl, nsetidmax, 338);
AT(onvme_id_ctrl, endgidmax, 340);
AT(onvme_id_ctrl, anatt, 342);
AT(onvme_id_ctrl, anacap, 343);
AT(onvme_id_ctrl, anagrpmax, 344);
AT(onvme_id_ctrl, nanagrpid, 348);
AT(onvme_id_ctrl, sqes, 512);
AT(onvme_id_ctrl, cqes, 513);
AT(onvme_id_ctrl, maxcmd, 514);
AT(onvme_id_ctrl, nn, 516);
AT(onvme_id_ctrl, oncs, 520);
AT(onvme_id_ctrl, fuses, 522);
AT(onvme_id_ctrl, fna, 524);
AT(onvme_id_ctrl, vwc, 525);
AT(onvme_id_ctrl, awun, 526);
AT(onvme_id_ctrl, awupf, 528);
AT(onvme_id_ctrl, icsvscc, 530);
AT(onvme_id_ctrl, nwpc, 531);
AT(onvme_id_ctrl, acwu, 532);
AT(onvme_id_ctrl, ocfs, 534);
AT(onvme_id_ctrl, sgls, 536);
AT(onvme_id_ctrl, mnan, 540);
AT(onvme_id_ctrl, subnqn, 768);
AT(onvme_id_ctrl, fabrics, 1792);
AT(onvme_id_ctrl, psd, 2048);
AT(onvme_id_ctrl, vs, 3072);

/* "Power State Descriptor Data Structure" */
AT(onvme_psd, mp, 0);
AT(onvme_psd, flags, 3);
AT(onvme_psd, enlat, 4);
AT(onvme_psd, exlat, 8);
AT(onvme_psd, rrt, 12);
AT(onvme_psd, idlp, 16);
AT(onvme_psd, ips, 18);
AT(onvme_psd, actp, 20);
AT(onvme_psd, apws, 22);

/* NVM Command Set, "Identify Namespace Data Structure" */
AT(onvme_id_ns, nsze, 0);
AT(onvme_id_ns, ncap, 8);
AT(onvme_id_ns, nuse, 16);
AT(onvme_id_ns, nsfeat, 24);
AT(onvme_id_ns, nlbaf, 25);
AT(onvme_id_ns, flbas, 26);
AT(onvme_id_ns, mc, 27);
AT(onvme_id_ns, dpc, 28);
AT(onvme_id_ns, dps, 29);
AT(onvme_id_ns, nmic, 30);
AT(onvme_id_ns, rescap, 31);
AT(onvme_id_ns, fpi, 32);
AT(onvme_id_ns, dlfeat, 33);
AT(onvme_id_ns, nawun, 34);
AT(onvme_id_ns, nawupf, 36);
AT(onvme_id_ns, nacwu, 38);
AT(onvme_id_ns, nabsn, 40);
AT(onvme_id_ns, nabo, 42);
AT(onvme_id_ns, nabspf, 44);
AT(onvme_id_ns, noiob, 46);
AT(onvme_id_ns, nvmcap, 48);
AT(onvme_id_ns, npwg, 64);
AT(onvme_id_ns, npwa, 66);
AT(onvme_id_ns, npdg, 68);
AT(onvme_id_ns, npda, 70);
AT(onvme_id_ns, nows, 72);
AT(onvme_id_ns, mssrl, 74);
AT(onvme_id_ns, mcl, 76);
AT(onvme_id_ns, msrc, 80);
AT(onvme_id_ns, anagrpid, 92);
AT(onvme_id_ns, nsattr, 99);
AT(onvme_id_ns, nvmsetid, 100);
AT(onvme_id_ns, endgid, 102);
AT(onvme_id_ns, nguid, 104);
AT(onvme_id_ns, eui64, 120);
AT(onvme_id_ns, lbaf, 128);
AT(onvme_id_ns, vs, 384);

/* "I/O Command Set specific Identify Namespace data structure" */
AT(onvme_id_ns_nvm, lbstm, 0);
AT(onvme_id_ns_nvm, pic, 8);
AT(onvme_id_ns_nvm, elbaf, 12);

/* "I/O Command Set specific Identify Controller data structure" */
AT(onvme_id_ctrl_nvm, vsl, 0);
AT(onvme_id_ctrl_nvm, wzsl, 1);
AT(onvme_id_ctrl_nvm, wusl, 2);
AT(onvme_id_ctrl_nvm, dmrl, 3);
AT(onvme_id_ctrl_nvm, dmrsl, 4);
AT(onvme_id_ctrl_nvm, dmsl, 8);

/* "LBA Format Data Structure", "Namespace Identification Descriptor", entries of queues, Dataset Management range */
AT(onvme_lbaf, ms, 0);
AT(onvme_lbaf, lbads, 2);
AT(onvme_ns_desc, nidt, 0);
AT(onvme_ns_desc, nidl, 1);
AT(onvme_cqe, dw0, 0);
AT(onvme_cqe, sqhd, 8);
AT(onvme_cqe, sqid, 10);
AT(onvme_cqe, cid, 12);
AT(onvme_cqe, status, 14);
AT(onvme_dsm_range, cattr, 0);
AT(onvme_dsm_range, nlb, 4);
AT(onvme_dsm_range, slba, 8);

static u8 *page_alloc(void)
{
	u8 *page = malloc(4096);

	memset(page, 0, 4096);
	return page;
}

static void put_le(u8 *page, unsigned int at, unsigned int bytes, u64 value)
{
	for (; bytes--; value >>= 8)
		page[at++] = (u8)value;
}

/* Numbers at which comparisons and shifts change their mind. */
static u64 edgy(void)
{
	static const u64 edge[] = {
		0, 1, 2, 3, 7, 8, 15, 16, 31, 32, 63, 64, 127, 128, 255, 256, 0x7fff, 0x8000, 0xffff, 0x10000,
		0x7fffffff, 0x80000000, 0xfffffffd, 0xfffffffe, 0xffffffff,
		0x7fffffffffffffff, 0x8000000000000000, 0xfffffffffffffffe, 0xffffffffffffffff,
	};

	switch (rnd_below(3)) {
	case 0:
		return edge[rnd_below(sizeof(edge) / sizeof(edge[0]))];
	case 1:
		return 1ull << rnd_below(64);
	default:
		return rnd() >> rnd_below(64);
	}
}

/* What a decent controller says. */
static void decent_ctrl(u8 *page)
{
	memset(page, 0, 4096);
	put_le(page, 0, 2, 0x144d);
	put_le(page, 2, 2, 0xa801);
	memcpy(page + 4, "S5GXNF0R123456      ", 20);
	memcpy(page + 24, "Some Vendor SSD 980 PRO 1TB             ", 40);
	memcpy(page + 64, "5B2QGXA7", 8);
	page[77] = 7;
	put_le(page, 78, 2, 6);
	put_le(page, 80, 4, 0x10300);
	put_le(page, 88, 4, 8000000);
	page[258] = 7;
	page[263] = 4;
	page[512] = 0x66;
	page[513] = 0x44;
	put_le(page, 516, 4, 1);
	put_le(page, 520, 2, 0x5f);
	page[525] = 7;
	put_le(page, 528, 2, 0);
	memcpy(page + 768, "nqn.1994-11.com.vendor:nvme:980PRO:M.2:S5GXNF0R123456", 53);
}

static void a_decent_controller(void)
{
	struct onvme_finding finding = { 0 };
	struct onvme_caps caps;
	u8 *page = page_alloc();

	decent_ctrl(page);
	EQUAL(onvme_ident_ctrl((void *)page, 0x0000003c033fffff & ~(0x3full << 48), 0x10300, &caps, &finding), 0);
	EQUAL(finding.count, 0);
	EQUAL(caps.vid, 0x144d);
	STR_EQUAL(caps.sn, "S5GXNF0R123456");
	STR_EQUAL(caps.mn, "Some Vendor SSD 980 PRO 1TB");
	STR_EQUAL(caps.fr, "5B2QGXA7");
	STR_EQUAL(caps.subnqn, "nqn.1994-11.com.vendor:nvme:980PRO:M.2:S5GXNF0R123456");
	EQUAL(caps.synthetic_nqn, 0);
	EQUAL(caps.max_bytes, 512 << 10);
	EQUAL(caps.acl, 8);
	EQUAL(caps.npss, 5);
	EQUAL(caps.vwc, 1);
	EQUAL(caps.has_dsm, 1);
	EQUAL(caps.has_write_zeroes, 1);
	memset(page + 768, 0, 256);
	EQUAL(onvme_ident_ctrl((void *)page, 0, 0x10200, &caps, &finding), 0);
	EQUAL(caps.synthetic_nqn, 1);
	EQUAL(strncmp(caps.subnqn, "nqn.2014.08.org.nvmexpress:144da801", 35), 0);
	STR_EQUAL(caps.subnqn + 35, "S5GXNF0R123456      Some Vendor SSD 980 PRO 1TB             ");
	free(page);
}

static void decent_controllers(void)
{
	struct onvme_caps caps;
	u8 *page = page_alloc();
	unsigned long round;

	for (round = 0; round < rounds(20000); round++) {
		unsigned int n = rnd_below(8);

		decent_ctrl(page);
		while (n--) {
			unsigned int at = rnd_below(16) ? rnd_below(1024) : rnd_below(4096);

			page[at] = (u8)edgy();
		}
		model_ident_ctrl(page, edgy(), rnd_below(2) ? 0x10000 + (rnd_below(5) << 8) : (u32)edgy(), &caps);
	}
	free(page);
}

static void hostile_controllers(void)
{
	struct onvme_caps caps;
	u8 *page = page_alloc();
	unsigned long round, taken = 0;

	for (round = 0; round < rounds(20000); round++) {
		switch (rnd_below(4)) {
		case 0:
			memset(page, (int)edgy(), 4096);
			break;
		default:
			rnd_fill(page, 4096);
		}
		if (rnd_below(4)) {
			page[512] = rnd_below(2) ? 0x66 : (u8)(rnd_below(8) << 4 | rnd_below(8));
			page[513] = rnd_below(2) ? 0x44 : (u8)(rnd_below(8) << 4 | rnd_below(8));
		}
		if (rnd_below(2))
			put_le(page, 516, 4, edgy());
		if (rnd_below(2))
			memcpy(page + 768, "nqn.", 4);
		taken += !model_ident_ctrl(page, rnd(), (u32)rnd(), &caps);
	}
	CHECK(taken > round / 8);
	free(page);
}

static void blank_pages(void)
{
	struct onvme_caps caps;
	u8 *page = page_alloc();
	unsigned int i;

	EQUAL(model_ident_ctrl(page, 0, 0, &caps), -ENODEV);
	memset(page, 0xff, 4096);
	EQUAL(model_ident_ctrl(page, ~0ull, ~0u, &caps), -ENODEV);
	/* One byte that is different among the first 256 makes a controller of it. */
	for (i = 0; i < 256; i++) {
		memset(page, 0, 4096);
		page[i] = 1;
		EQUAL(model_ident_ctrl(page, 0, 0, &caps), 0);
	}
	/* What stands behind them does not. */
	memset(page + 256, 0xff, 4096 - 256);
	memset(page, 0, 256);
	EQUAL(model_ident_ctrl(page, 0, 0, &caps), -ENODEV);
	free(page);
}

static void queue_entry_sizes(void)
{
	struct onvme_caps caps;
	u8 *page = page_alloc();
	unsigned int i;

	decent_ctrl(page);
	for (i = 0; i < 65536; i++) {
		page[512] = (u8)i;
		page[513] = (u8)(i >> 8);
		model_ident_ctrl(page, 0, 0x10400, &caps);
	}
	free(page);
}

static void transfer_sizes(void)
{
	struct onvme_caps caps;
	u8 *page = page_alloc(), *nvm = page_alloc();
	unsigned int mpsmin, field;

	decent_ctrl(page);
	for (mpsmin = 0; mpsmin < 16; mpsmin++)
		for (field = 0; field < 256; field++) {
			page[77] = (u8)field;
			EQUAL(model_ident_ctrl(page, (u64)mpsmin << 48, 0x20000, &caps), 0);
			CHECK(caps.max_bytes >= 4096 && caps.max_bytes <= ONVME_MAX_HW_BYTES);
			nvm[1] = (u8)field;
			model_ident_ctrl_nvm(nvm, &caps);
		}
	free(page);
	free(nvm);
}

static void texts(void)
{
	static const char bytes[] = " \0\x01\x1f\x7f\x80\xff\n\t\"%A9~";
	struct onvme_caps caps;
	u8 *page = page_alloc();
	unsigned long round;
	unsigned int i;

	for (round = 0; round < rounds(20000); round++) {
		decent_ctrl(page);
		for (i = 4; i < 72; i++)
			if (rnd_below(3))
				page[i] = (u8)bytes[rnd_below(sizeof(bytes) - 1)];
		/* A subsystem name of any length, sometimes without an end. */
		memset(page + 768, 'x', rnd_below(3) ? rnd_below(257) : 220 + rnd_below(5));
		if (rnd_below(4))
			memcpy(page + 768, "nqn.", 4);
		if (!rnd_below(4))
			page[768 + rnd_below(224)] = (u8)bytes[rnd_below(sizeof(bytes) - 1)];
		model_ident_ctrl(page, 0, 0x10400, &caps);
	}
	free(page);
}

static void nvm_limits(void)
{
	struct onvme_caps caps;
	u8 *page = page_alloc(), *nvm = page_alloc();
	unsigned long round;

	decent_ctrl(page);
	for (round = 0; round < rounds(20000); round++) {
		model_ident_ctrl(page, rnd(), 0x20000, &caps);
		rnd_fill(nvm, rnd_below(2) ? 16 : 4096);
		if (rnd_below(2))
			nvm[rnd_below(4)] = 0;
		model_ident_ctrl_nvm(nvm, &caps);
		CHECK(caps.dsm_ranges >= 1 && caps.dsm_ranges <= 256);
	}
	free(page);
	free(nvm);
}

static struct onvme_caps rnd_caps(void)
{
	struct onvme_caps caps = { 0 };

	/* Within what the documentation of struct onvme_caps promises. */
	caps.vs = 0x10000 + (rnd_below(5) << 8);
	caps.vwc = rnd_below(2);
	caps.has_dsm = rnd_below(4);
	caps.has_write_zeroes = rnd_below(4);
	caps.awupf = 1 + (u32)(edgy() & 0xffff);
	caps.max_bytes = 4096u << rnd_below(12);
	caps.wz_bytes = rnd_below(2) ? 0 : 4096u << rnd_below(12);
	caps.dsm_range_blocks = rnd_below(2) ? 0 : (u32)edgy();
	caps.dsm_blocks = rnd_below(2) ? 0 : edgy();
	return caps;
}

static void a_decent_namespace(void)
{
	struct onvme_finding finding = { 0 };
	struct onvme_caps caps = {
		.vs = 0x10400, .awupf = 1, .max_bytes = 1 << 20, .has_dsm = true, .has_write_zeroes = true,
	};
	struct onvme_ns_geom g;
	u8 *page = page_alloc();

	put_le(page, 0, 8, 1000);
	page[25] = 1;
	page[26] = 1;
	page[128 + 2] = 9;
	page[132 + 2] = 12;
	put_le(page, 46, 2, 32);
	onvme_ident_ns((void *)page, &caps, 3, 12, &g, &finding);
	EQUAL(finding.count, 0);
	EQUAL(g.fit, ONVME_FIT_OK);
	EQUAL(g.lba_shift, 12);
	EQUAL(g.sectors, 8000);
	EQUAL(g.phys_bytes, 4096);
	EQUAL(g.chunk_sectors, 256);
	EQUAL(g.atomic_bytes, 4096);
	EQUAL(g.atomic_unit_bytes, 4096);
	EQUAL(g.atomic_boundary_bytes, 0);
	EQUAL(g.max_wz_sectors, 2048);
	EQUAL(g.max_discard_sectors, 0xfffffff8);
	free(page);
}

static void random_namespaces(void)
{
	unsigned int fits[ONVME_NR_FITS] = { 0 }, i;
	unsigned long round, atomics = 0, bounded = 0;
	struct onvme_ns_geom g;
	u8 *page = page_alloc();

	for (round = 0; round < rounds(60000); round++) {
		struct onvme_caps caps = rnd_caps();
		unsigned int format;

		if (rnd_below(3))
			memset(page, 0, 4096);
		else
			rnd_fill(page, 4096);
		put_le(page, 0, 8, edgy());
		put_le(page, 16, 8, edgy());
		page[24] = (u8)rnd();
		page[25] = (u8)edgy();
		page[26] = (u8)(rnd_below(2) ? edgy() : rnd_below(page[25] + 1u) & 15);
		page[29] = (u8)rnd();
		page[33] = (u8)rnd();
		page[99] = (u8)rnd();
		put_le(page, 36, 2, edgy());
		put_le(page, 42, 2, rnd_below(2) ? edgy() : 0);
		if (rnd_below(2))
			put_le(page, 44, 2, rnd_below(2) ? (1u << rnd_below(17)) - 1 : edgy());
		put_le(page, 46, 2, rnd_below(2) ? 1u << rnd_below(16) : edgy());
		put_le(page, 64, 2, edgy());
		put_le(page, 72, 2, edgy());
		for (format = 0; format < 64; format++)
			if (rnd_below(8)) {
				put_le(page, 128 + 4 * format, 2, rnd_below(4) ? 0 : edgy());
				page[128 + 4 * format + 2] = (u8)(rnd_below(4) ? 9 + rnd_below(8) : edgy());
			}
		model_ident_ns(page, &caps, (u32)rnd(), (u8)(rnd_below(2) ? 12 : 9 + rnd_below(8)), &g);
		fits[g.fit]++;
		atomics += g.atomic_bytes > 1u << g.lba_shift;
		bounded += g.atomic_boundary_bytes && g.chunk_sectors;
	}
	for (i = 0; i < ONVME_FIT_CSI; i++)
		CHECK(i == ONVME_FIT_METADATA ? !fits[i] : fits[i] > round / 100);
	CHECK(atomics > round / 100);
	CHECK(bounded > round / 1000);
	free(page);
}

/* Each format index under each number of formats: bits 6:5 of FLBAS count only when there are more than 16. */
static void format_index(void)
{
	struct onvme_caps caps = { .vs = 0x10400, .awupf = 1, .max_bytes = 1 << 20 };
	struct onvme_ns_geom g;
	u8 *page = page_alloc();
	unsigned int i;

	put_le(page, 0, 8, 1000);
	for (i = 0; i < 64; i++) {
		page[128 + 4 * i + 2] = (u8)(9 + i % 4);
		page[128 + 4 * i] = i % 3 ? 0 : 8;
	}
	for (i = 0; i < 65536; i++) {
		page[25] = (u8)i;
		page[26] = (u8)(i >> 8);
		model_ident_ns(page, &caps, 1, 12, &g);
	}
	free(page);
}

/* The largest capacity that a format can have, and one block more. */
static void capacity_edge(void)
{
	struct onvme_caps caps = { .vs = 0x10400, .awupf = 1, .max_bytes = 1 << 20 };
	struct onvme_ns_geom g;
	u8 *page = page_alloc();
	u8 shift;

	for (shift = 9; shift <= 16; shift++) {
		page[130] = shift;
		put_le(page, 0, 8, 0x7fffffffffffffff >> shift);
		model_ident_ns(page, &caps, 1, 16, &g);
		EQUAL(g.fit, ONVME_FIT_OK);
		CHECK(g.sectors < 1ull << 54);
		put_le(page, 0, 8, (0x7fffffffffffffff >> shift) + 1);
		model_ident_ns(page, &caps, 1, 16, &g);
		EQUAL(g.fit, ONVME_FIT_SIZE);
	}
	free(page);
}

static void descriptors(void)
{
	static const u8 length[] = { 1, 8, 16, 16, 1 };
	unsigned long round, good = 0, bad = 0;
	u8 *page = page_alloc();

	for (round = 0; round < rounds(40000); round++) {
		struct onvme_ns_geom g = { .nsid = 7 };
		unsigned int at = rnd_below(3) ? 0 : 4096;

		if (rnd_below(4))
			memset(page, 0, 4096);
		else
			rnd_fill(page, 4096);
		while (at < 4092 && rnd_below(rnd_below(2) ? 8 : 400)) {
			unsigned int type = rnd_below(rnd_below(2) ? 5 : 8);

			page[at] = (u8)type;
			page[at + 1] = type < 5 && rnd_below(400) ? length[type] : (u8)rnd();
			at += 4u + page[at + 1];
			if (at < 4096 && rnd_below(2))
				page[at - 1] = (u8)rnd();
		}
		if (model_ident_descs(page, &g))
			bad++;
		else
			good++;
	}
	CHECK(good > round / 10 && bad > round / 10);
	free(page);
}

/* A last descriptor that ends exactly with the page, one byte too late, or whose header does not fit any more. */
static void descriptors_at_the_end(void)
{
	unsigned int len, last;
	u8 *page = page_alloc();

	for (last = 4060; last < 4096; last++)
		for (len = 0; len < 256; len++) {
			struct onvme_ns_geom g = { 0 };
			unsigned int at = 0;

			memset(page, 0, 4096);
			while (at < last) {
				unsigned int gap = last - at > 259 ? 200 : last - at;

				if (gap < 5)
					break;
				page[at] = 0x80;
				page[at + 1] = (u8)(gap - 4);
				at += gap;
			}
			if (at != last)
				continue;
			page[at] = len == 16 ? 3 : len == 8 ? 1 : 0x81;
			if (at < 4095)
				page[at + 1] = (u8)len;
			EQUAL(model_ident_descs(page, &g), at <= 4092 && len && at + 4 + len > 4096 ? -EPROTO : 0);
		}
	free(page);
}

static void nsid_lists(void)
{
	unsigned long round, full = 0, stopped = 0;
	u8 *page = page_alloc();
	u32 *nsids = malloc(1024 * sizeof(*nsids));

	for (round = 0; round < rounds(5000); round++) {
		u32 after = rnd_below(2) ? 0 : (u32)edgy();
		u32 nn = rnd_below(2) ? 0xfffffffd : (u32)edgy();
		unsigned int i, nr = rnd_below(2) ? 1024 : rnd_below(1025);
		u64 id = after;

		memset(page, 0, 4096);
		for (i = 0; i < nr; i++) {
			id += 1 + (rnd_below(4) ? 0 : rnd_below(1000));
			put_le(page, 4 * i, 4, id);
		}
		if (!rnd_below(3))
			put_le(page, 4 * rnd_below(1024), 4, edgy());
		i = model_ident_nsids(page, after, nn, nsids);
		full += i == 1024;
		stopped += i < nr;
	}
	CHECK(full > round / 10 && stopped > round / 10);
	/* A device that answers the same page for ever cannot keep the scan going: the next call finds nothing new. */
	memset(page, 0, 4096);
	for (round = 0; round < 1024; round++)
		put_le(page, 4 * (unsigned int)round, 4, round + 1);
	EQUAL(model_ident_nsids(page, 0, 0xfffffffd, nsids), 1024);
	EQUAL(model_ident_nsids(page, nsids[1023], 0xfffffffd, nsids), 0);
	put_le(page, 0, 4, 1024);
	EQUAL(model_ident_nsids(page, 1024, 0xfffffffd, nsids), 0);
	/* Nor one that says an id twice. */
	put_le(page, 0, 4, 1);
	put_le(page, 4, 4, 1);
	EQUAL(model_ident_nsids(page, 0, 0xfffffffd, nsids), 1);
	free(page);
	free(nsids);
}

static void fit_texts(void)
{
	unsigned int i, j;

	for (i = 0; i < ONVME_NR_FITS; i++) {
		CHECK(onvme_ident_fit_text(i) && *onvme_ident_fit_text(i));
		for (j = 0; j < i; j++)
			CHECK(strcmp(onvme_ident_fit_text(i), onvme_ident_fit_text(j)));
	}
	STR_EQUAL(onvme_ident_fit_text(ONVME_NR_FITS), "unknown");
	STR_EQUAL(onvme_ident_fit_text((enum onvme_ns_fit)-1), "unknown");
}

static void same_ids(void)
{
	struct onvme_ns_geom a, b;
	unsigned int i;

	rnd_fill(&a, sizeof(a));
	memcpy(&b, &a, sizeof(a));
	b.nsid++;
	b.nsze++;
	b.fit++;
	CHECK(onvme_ident_same_ids(&a, &b));
	b.csi++;
	CHECK(!onvme_ident_same_ids(&a, &b));
	b.csi--;
	for (i = 0; i < 40; i++) {
		u8 *byte = i < 8 ? &b.eui64[i] : i < 24 ? &b.nguid[i - 8] : &b.uuid[i - 24];

		*byte ^= 0x80;
		CHECK(!onvme_ident_same_ids(&a, &b));
		*byte ^= 0x80;
	}
	CHECK(onvme_ident_same_ids(&a, &b));
}

/* Each part of a format counts, and nothing else. */
static void same_blocks(void)
{
	const struct onvme_ns_geom a = {
		.nsid = 1, .lba_shift = 9, .ms = 8, .pi = { .type = 1, .bytes = 8, .way = ONVME_META_PI }, .nsze = 100,
	};
	struct onvme_ns_geom b = a;

	b.nsid++;
	b.nsze++;
	b.eui64[0]++;
	CHECK(onvme_ident_same_blocks(&a, &b));
#define DIFFERS(field, value)						\
	do {								\
		b = a;							\
		b.field = (value);					\
		CHECK(!onvme_ident_same_blocks(&a, &b));		\
	} while (0)
	DIFFERS(lba_shift, 12);
	DIFFERS(fit, ONVME_FIT_METADATA);
	DIFFERS(ms, 16);
	DIFFERS(extended, true);
	DIFFERS(pi.type, 2);
	DIFFERS(pi.guard, ONVME_GUARD_64);
	DIFFERS(pi.offset, 8);
	DIFFERS(pi.way, ONVME_META_STRIP);
#undef DIFFERS
}

/* What cannot be driven has no capacity, whatever else is wrong with it. */
static void plan_meta(void)
{
	const struct onvme_ns_geom plain = { .fit = ONVME_FIT_OK, .lba_shift = 9, .sectors = 100 };
	struct onvme_ns_geom g = plain;

	onvme_ident_plan_meta(&g, 0);
	EQUAL(g.fit, ONVME_FIT_OK);
	EQUAL(g.sectors, 100);
	g.ms = 8;
	onvme_ident_plan_meta(&g, ONVME_CAN_META);
	EQUAL(g.fit, ONVME_FIT_OK);
	EQUAL(g.pi.way, ONVME_META_OPAQUE);
	EQUAL(g.sectors, 100);
	onvme_ident_plan_meta(&g, 0);
	EQUAL(g.fit, ONVME_FIT_METADATA);
	EQUAL(g.sectors, 0);
	g.fit = ONVME_FIT_LBADS;
	onvme_ident_plan_meta(&g, 0);
	EQUAL(g.fit, ONVME_FIT_LBADS);
}

/* The identifiers go, the rest stays. */
static void forget_ids(void)
{
	static const u8 none[40];
	struct onvme_ns_geom a, b;

	rnd_fill(&a, sizeof(a));
	memcpy(&b, &a, sizeof(a));
	onvme_ident_forget_ids(&b);
	EQUAL(memcmp(b.eui64, none, 8), 0);
	EQUAL(memcmp(b.nguid, none, 16), 0);
	EQUAL(memcmp(b.uuid, none, 16), 0);
	memcpy(b.eui64, a.eui64, 8);
	memcpy(b.nguid, a.nguid, 16);
	memcpy(b.uuid, a.uuid, 16);
	EQUAL(memcmp(&a, &b, sizeof(a)), 0);
}

KTAP_MAIN("t_ident",
	  KTAP_CASE(a_decent_controller),
	  KTAP_CASE(decent_controllers),
	  KTAP_CASE(hostile_controllers),
	  KTAP_CASE(blank_pages),
	  KTAP_CASE(queue_entry_sizes),
	  KTAP_CASE(transfer_sizes),
	  KTAP_CASE(texts),
	  KTAP_CASE(nvm_limits),
	  KTAP_CASE(a_decent_namespace),
	  KTAP_CASE(random_namespaces),
	  KTAP_CASE(format_index),
	  KTAP_CASE(capacity_edge),
	  KTAP_CASE(descriptors),
	  KTAP_CASE(descriptors_at_the_end),
	  KTAP_CASE(nsid_lists),
	  KTAP_CASE(fit_texts),
	  KTAP_CASE(same_ids),
	  KTAP_CASE(same_blocks),
	  KTAP_CASE(plan_meta),
	  KTAP_CASE(forget_ids))
