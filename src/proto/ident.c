// SPDX-License-Identifier: GPL-2.0
/*
 * Each function reads one data structure of the device once, bounds every number in it and writes the snapshot. A
 * rule that a device may break without making itself useless is repaired and noted as a finding; only data that
 * describe no NVMe controller at all are refused.
 */
#include <asm/byteorder.h>
#include <linux/array_size.h>
#include <linux/bitfield.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "ident.h"

static void onvme_note(struct onvme_finding *finding, const char *what, u64 value)
{
	if (!finding->count++) {
		finding->what = what;
		finding->value = value;
	}
}

static bool onvme_all_bytes(const void *data, size_t len, u8 byte)
{
	const u8 *p = data;
	size_t i;

	for (i = 0; i < len; i++)
		if (p[i] != byte)
			return false;
	return true;
}

/* Copy a blank-padded ASCII field of @len bytes and cut its trailing blanks. @dst has one byte more. */
static void onvme_ident_text(char *dst, const char *src, size_t len, const char *what, struct onvme_finding *finding)
{
	bool odd = false;
	size_t i;

	for (i = 0; i < len && src[i]; i++) {
		bool ok = src[i] >= 0x20 && src[i] < 0x7f;

		dst[i] = ok ? src[i] : '?';
		odd |= !ok;
	}
	while (i && dst[i - 1] == ' ')
		i--;
	memset(dst + i, 0, len + 1 - i);
	if (odd)
		onvme_note(finding, what, 0);
}

/**
 * onvme_ident_synthetic_nqn() - name a subsystem that has no name, or none that can be right
 * @caps: the snapshot under construction
 *
 * Base, "NVMe Qualified Names": the form for controllers older than revision 1.2.1. It goes to sysfs and uevents,
 * where a line break in a serial number would pass for the next variable.
 */
void onvme_ident_synthetic_nqn(struct onvme_caps *caps)
{
	int n = snprintf(caps->subnqn, sizeof(caps->subnqn), "nqn.2014.08.org.nvmexpress:%04x%04x", caps->vid,
			 caps->ssvid);
	char *p;

	memcpy(caps->subnqn + n, caps->sn_raw, sizeof(caps->sn_raw));
	n += (int)sizeof(caps->sn_raw);
	memcpy(caps->subnqn + n, caps->mn_raw, sizeof(caps->mn_raw));
	n += (int)sizeof(caps->mn_raw);
	memset(caps->subnqn + n, 0, sizeof(caps->subnqn) - (size_t)n);
	for (p = caps->subnqn; p < caps->subnqn + n; p++)
		if (*p && (*p < 0x20 || *p >= 0x7f))
			*p = '?';
	caps->synthetic_nqn = true;
}

static void onvme_ident_nqn(const struct onvme_id_ctrl *id, struct onvme_caps *caps)
{
	size_t len = strnlen(id->subnqn, ONVME_NQN_SIZE);
	size_t i;

	caps->synthetic_nqn = false;
	if (!len || len == ONVME_NQN_SIZE || memcmp(id->subnqn, "nqn.", 4))
		goto synthetic;
	for (i = 0; i < len; i++)
		if (id->subnqn[i] <= 0x20 || id->subnqn[i] >= 0x7f)
			goto synthetic;
	memset(caps->subnqn, 0, sizeof(caps->subnqn));
	memcpy(caps->subnqn, id->subnqn, len);
	return;

synthetic:
	onvme_ident_synthetic_nqn(caps);
}

/**
 * onvme_ident_pow2_pages() - MDTS and the like: so many pages of CAP.MPSMIN as a power of two
 * @field: the power; 0: no limit
 * @cap: CAP
 *
 * Return: bytes, at most %ONVME_MAX_HW_BYTES.
 */
u32 onvme_ident_pow2_pages(u8 field, u64 cap)
{
	unsigned int shift = 12 + (unsigned int)FIELD_GET(ONVME_CAP_MPSMIN, cap) + field;

	return field && shift < 23 ? 1u << shift : ONVME_MAX_HW_BYTES;
}

static void onvme_ident_power(const struct onvme_id_ctrl *id, struct onvme_caps *caps, struct onvme_finding *finding)
{
	unsigned int i;

	caps->npss = (u8)(min_t(u8, id->npss, ONVME_MAX_POWER_STATES - 1) + 1);
	if (id->npss >= ONVME_MAX_POWER_STATES)
		onvme_note(finding, "NPSS", id->npss);
	for (i = 0; i < caps->npss; i++) {
		caps->ps[i].enlat_us = le32_to_cpu(id->psd[i].enlat);
		caps->ps[i].exlat_us = le32_to_cpu(id->psd[i].exlat);
		caps->ps[i].idle = id->psd[i].flags & ONVME_PS_IDLE;
	}
	caps->apsta = id->apsta & ONVME_APSTA;
}

static void onvme_ident_hostmem(const struct onvme_id_ctrl *id, struct onvme_caps *caps, struct onvme_finding *finding)
{
	caps->hmpre = le32_to_cpu(id->hmpre);
	caps->hmmin = le32_to_cpu(id->hmmin);
	caps->hmminds = le32_to_cpu(id->hmminds);
	caps->hmmaxd = le16_to_cpu(id->hmmaxd);
	if (caps->hmmin <= caps->hmpre)
		return;
	/* It needs more than it would like to have: who knows what that means. */
	onvme_note(finding, "HMMIN", caps->hmmin);
	caps->hmpre = 0;
	caps->hmmin = 0;
}

/**
 * onvme_ident_ctrl() - read Identify Controller
 * @id: the data structure
 * @cap: CAP of the same controller
 * @vs: VS of the same controller
 * @caps: the snapshot, written in full
 * @finding: collects values that cannot be true
 *
 * Base, "Identify Controller Data Structure".
 *
 * Return: 0; -ENODEV when the data are blank; -EPROTO when the controller wants queue entries of a size that the
 * specification does not know.
 */
int onvme_ident_ctrl(const struct onvme_id_ctrl *id, u64 cap, u32 vs, struct onvme_caps *caps,
		     struct onvme_finding *finding)
{
	unsigned int i;

	memset(caps, 0, sizeof(*caps));
	if (onvme_all_bytes(id, 256, 0) || onvme_all_bytes(id, 256, 0xff))
		return -ENODEV;
	/* Required and maximum size of a submission and a completion queue entry; 0 is what some old devices say. */
	if ((id->sqes && ((id->sqes & 0xf) > ONVME_SQE_SHIFT || id->sqes >> 4 < ONVME_SQE_SHIFT)) ||
	    (id->cqes && ((id->cqes & 0xf) > ONVME_CQE_SHIFT || id->cqes >> 4 < ONVME_CQE_SHIFT)))
		return -EPROTO;

	caps->cap = cap;
	caps->vs = vs;
	caps->vid = le16_to_cpu(id->vid);
	caps->ssvid = le16_to_cpu(id->ssvid);
	caps->cntlid = le16_to_cpu(id->cntlid);
	caps->cntrltype = id->cntrltype;
	caps->cmic = id->cmic;
	caps->acl = (u16)(id->acl + 1);
	caps->rab = id->rab;
	onvme_ident_power(id, caps, finding);
	caps->vwc = id->vwc & ONVME_VWC_PRESENT;
	caps->oaes = le32_to_cpu(id->oaes);
	caps->oacs = le16_to_cpu(id->oacs);
	caps->oncs = le16_to_cpu(id->oncs);
	caps->has_dsm = caps->oncs & ONVME_ONCS_DSM;
	caps->has_write_zeroes = caps->oncs & ONVME_ONCS_WRITE_ZEROES;
	caps->can_csi = vs >= ONVME_VS(2, 0, 0) ||
			FIELD_GET(ONVME_CAP_CSS, cap) & ONVME_CAP_CSS_IOCS;
	caps->lpa = id->lpa;
	caps->sgls = le32_to_cpu(id->sgls);
	caps->ctratt = le32_to_cpu(id->ctratt);
	caps->nn = le32_to_cpu(id->nn);
	if (caps->nn >= ONVME_NSID_ALL - 1) {
		onvme_note(finding, "NN", caps->nn);
		caps->nn = ONVME_NSID_ALL - 2;
	}
	caps->max_bytes = onvme_ident_pow2_pages(id->mdts, cap);
	caps->dsm_ranges = ONVME_DSM_MAX_RANGES;
	caps->awupf = (u32)le16_to_cpu(id->awupf) + 1;
	onvme_ident_hostmem(id, caps, finding);
	caps->rtd3e_us = le32_to_cpu(id->rtd3e);
	caps->wctemp = le16_to_cpu(id->wctemp);
	caps->cctemp = le16_to_cpu(id->cctemp);
	caps->mtfa_ms = le16_to_cpu(id->mtfa) * 100u;
	caps->kas = le16_to_cpu(id->kas);
	for (i = 0; i < 3; i++)
		caps->crdt[i] = le16_to_cpu(id->crdt[i]);
	onvme_ident_text(caps->sn, id->sn, sizeof(id->sn), "SN", finding);
	onvme_ident_text(caps->mn, id->mn, sizeof(id->mn), "MN", finding);
	onvme_ident_text(caps->fr, id->fr, sizeof(id->fr), "FR", finding);
	memcpy(caps->sn_raw, id->sn, sizeof(id->sn));
	memcpy(caps->mn_raw, id->mn, sizeof(id->mn));
	onvme_ident_nqn(id, caps);
	return 0;
}

/**
 * onvme_ident_ctrl_nvm() - read the limits of the NVM Command Set
 * @id: Identify Controller data structure of the NVM Command Set (CNS 06h)
 * @caps: the snapshot under construction
 */
void onvme_ident_ctrl_nvm(const struct onvme_id_ctrl_nvm *id, struct onvme_caps *caps)
{
	if (id->wzsl)
		caps->wz_bytes = onvme_ident_pow2_pages(id->wzsl, caps->cap);
	if (id->dmrl)
		caps->dsm_ranges = id->dmrl;
	caps->dsm_range_blocks = le32_to_cpu(id->dmrsl);
	caps->dsm_blocks = le64_to_cpu(id->dmsl);
}

static u32 onvme_blocks_to_bytes(u64 blocks, u8 shift, u32 most)
{
	return blocks > most >> shift ? most >> shift << shift : (u32)(blocks << shift);
}

/* Which format is in use, and whether block I/O can use it, metadata aside. */
static enum onvme_ns_fit onvme_ident_format(const struct onvme_id_ns *id, u8 max_lba_shift, struct onvme_ns_geom *geom,
					    struct onvme_finding *finding)
{
	unsigned int index = FIELD_GET(ONVME_FLBAS_LOW, id->flbas);
	u8 shift;

	if (id->nlbaf > 15)
		index |= FIELD_GET(ONVME_FLBAS_HIGH, id->flbas) << 4;
	geom->lba_shift = 9;
	if (index > id->nlbaf || index >= ARRAY_SIZE(id->lbaf))
		return ONVME_FIT_FORMAT;
	shift = id->lbaf[index].lbads;
	geom->format = (u8)index;
	geom->ms = le16_to_cpu(id->lbaf[index].ms);
	geom->extended = geom->ms && id->flbas & ONVME_FLBAS_EXT;
	if (!onvme_pi_ident(&geom->pi, geom->ms, id->dps))
		onvme_note(finding, "DPS", id->dps);
	if (shift < 9 || shift > max_lba_shift)
		return ONVME_FIT_LBADS;
	geom->lba_shift = shift;
	if (geom->nsze > (U64_MAX >> 1) >> shift)
		return ONVME_FIT_SIZE;
	return ONVME_FIT_OK;
}

/* Sizes and boundaries that the device prefers (NVM Command Set, "Improving Performance through I/O Size"). */
static void onvme_ident_preferences(const struct onvme_id_ns *id, const struct onvme_caps *caps,
				    struct onvme_ns_geom *geom, struct onvme_finding *finding)
{
	const u32 most = 1u << 30;
	u8 shift = geom->lba_shift;
	u32 atomic = 1u << shift, noiob = le16_to_cpu(id->noiob);

	if (!id->nabo) {
		u64 blocks = caps->awupf;

		if (id->nsfeat & BIT(1) && id->nawupf)
			blocks = le16_to_cpu(id->nawupf) + 1ull;
		atomic = onvme_blocks_to_bytes(blocks, shift, most);
	}
	geom->io_min_bytes = 1u << shift;
	if (id->nsfeat & ONVME_NSFEAT_OPTPERF) {
		geom->io_min_bytes = onvme_blocks_to_bytes(le16_to_cpu(id->npwg) + 1ull, shift, most);
		/* An optimum of one block says nothing. */
		if (id->nows)
			geom->io_opt_bytes = onvme_blocks_to_bytes(le16_to_cpu(id->nows) + 1ull, shift, most);
	}
	geom->phys_bytes = min(geom->io_min_bytes, atomic);
	if (!is_power_of_2(geom->phys_bytes))
		geom->phys_bytes = 1u << shift;
	geom->discard_gran_bytes = 1u << shift;
	if (noiob && is_power_of_2(noiob))
		geom->chunk_sectors = noiob << (shift - 9);
	else if (noiob)
		onvme_note(finding, "NOIOB", noiob);
}

/*
 * Writes that a power failure does not tear (NVM Command Set, "Atomic Operations"). The size is that of the namespace:
 * the controller's own is in blocks of no format in particular, so that by itself it promises one block. What the block
 * layer cannot use is not promised: boundaries at an offset, or of a size that is no power of two, or that do not fit
 * the optimal I/O boundary.
 */
static void onvme_ident_atomics(const struct onvme_id_ns *id, struct onvme_ns_geom *geom, struct onvme_finding *finding)
{
	const u32 most = 1u << 30;
	u32 blocks = 1, boundary = 0, bytes;

	if (id->nabo)
		return;
	if (id->nsfeat & ONVME_NSFEAT_ATOMICS && id->nawupf) {
		blocks = le16_to_cpu(id->nawupf) + 1u;
		boundary = id->nabspf ? le16_to_cpu(id->nabspf) + 1u : 0;
	}
	if (boundary && boundary < blocks) {
		onvme_note(finding, "NABSPF", le16_to_cpu(id->nabspf));
		return;
	}
	bytes = onvme_blocks_to_bytes(boundary, geom->lba_shift, most);
	if (boundary && (!is_power_of_2(boundary) || geom->chunk_sectors % (bytes >> 9)))
		return;
	geom->atomic_boundary_bytes = bytes;
	geom->atomic_bytes = onvme_blocks_to_bytes(blocks, geom->lba_shift, most);
	geom->atomic_unit_bytes = (u32)rounddown_pow_of_two(geom->atomic_bytes);
}

/* Limits of Dataset Management and Write Zeroes in sectors. */
static void onvme_ident_limits(const struct onvme_caps *caps, struct onvme_ns_geom *geom)
{
	unsigned int up = geom->lba_shift - 9;
	u64 blocks = U32_MAX >> up;

	if (caps->has_dsm) {
		if (caps->dsm_range_blocks)
			blocks = min(blocks, (u64)caps->dsm_range_blocks);
		if (caps->dsm_blocks)
			blocks = min(blocks, caps->dsm_blocks);
		geom->max_discard_sectors = (caps->dsm_range_blocks || caps->dsm_blocks || up) ?
					    (u32)(blocks << up) : U32_MAX;
		geom->can_discard = true;
	}
	if (caps->has_write_zeroes) {
		u32 bytes = caps->wz_bytes ? caps->wz_bytes : caps->max_bytes;

		/* The block count of the command has 16 bits. */
		geom->max_wz_sectors = (u32)min((u64)bytes >> 9, 65536ull << up);
		geom->max_wz_sectors &= ~((1u << up) - 1);
	}
}

/**
 * onvme_ident_ns() - read Identify Namespace of the NVM Command Set
 * @id: the data structure (CNS 00h)
 * @caps: the controller it came from
 * @nsid: namespace id
 * @max_lba_shift: largest block size that the block layer takes, as a power of two
 * @geom: the snapshot, written in full; identifiers come from onvme_ident_descs() as well
 * @finding: collects values that cannot be true
 *
 * Whether block I/O can drive its metadata is for onvme_ident_plan_meta() to say.
 */
void onvme_ident_ns(const struct onvme_id_ns *id, const struct onvme_caps *caps, u32 nsid, u8 max_lba_shift,
		    struct onvme_ns_geom *geom, struct onvme_finding *finding)
{
	memset(geom, 0, sizeof(*geom));
	geom->nsid = nsid;
	geom->nsze = le64_to_cpu(id->nsze);
	geom->nuse = le64_to_cpu(id->nuse);
	geom->readonly = id->nsattr & ONVME_NSATTR_WP;
	geom->shared = id->nmic & ONVME_NMIC_SHARED;
	geom->vwc = caps->vwc;
	geom->wz_deac = id->dlfeat & ONVME_DLFEAT_WZDEAC && FIELD_GET(ONVME_DLFEAT_READ, id->dlfeat) == 1;
	geom->anagrpid = le32_to_cpu(id->anagrpid);
	geom->endgid = le16_to_cpu(id->endgid);
	if (caps->vs >= ONVME_VS(1, 1, 0))
		memcpy(geom->eui64, id->eui64, sizeof(geom->eui64));
	if (caps->vs >= ONVME_VS(1, 2, 0))
		memcpy(geom->nguid, id->nguid, sizeof(geom->nguid));
	geom->fit = onvme_ident_format(id, max_lba_shift, geom, finding);
	if (!geom->nsze)
		geom->fit = ONVME_FIT_EMPTY;
	onvme_ident_preferences(id, caps, geom, finding);
	onvme_ident_atomics(id, geom, finding);
	onvme_ident_limits(caps, geom);
	if (geom->fit == ONVME_FIT_OK)
		geom->sectors = geom->nsze << (geom->lba_shift - 9);
	else if (geom->fit != ONVME_FIT_EMPTY)
		onvme_note(finding, onvme_ident_fit_text(geom->fit), id->flbas);
}

/**
 * onvme_ident_plan_meta() - decide how block I/O drives the metadata of a namespace, or that it cannot
 * @geom: the snapshot under construction
 * @can: ONVME_CAN_* of the block layer
 */
void onvme_ident_plan_meta(struct onvme_ns_geom *geom, unsigned int can)
{
	if (onvme_pi_plan(&geom->pi, geom->ms, geom->extended, can) || geom->fit != ONVME_FIT_OK)
		return;
	geom->fit = ONVME_FIT_METADATA;
	geom->sectors = 0;
}

/**
 * onvme_ident_descs() - read the Namespace Identification Descriptor list
 * @page: 4096 bytes (CNS 03h)
 * @geom: the snapshot under construction: identifiers and command set
 * @finding: collects values that cannot be true
 *
 * Return: 0; -EPROTO for a list that runs over its page or holds a descriptor of the wrong length. What stood before
 * the fault is kept.
 */
int onvme_ident_descs(const void *page, struct onvme_ns_geom *geom, struct onvme_finding *finding)
{
	static const u8 length[] = {
		[ONVME_NIDT_EUI64] = 8, [ONVME_NIDT_NGUID] = 16, [ONVME_NIDT_UUID] = 16, [ONVME_NIDT_CSI] = 1,
	};
	size_t at = 0;

	while (at + sizeof(struct onvme_ns_desc) <= ONVME_IDENTIFY_SIZE) {
		const struct onvme_ns_desc *desc = (const void *)((const u8 *)page + at);
		const u8 *data = (const u8 *)(desc + 1);

		if (!desc->nidl)
			return 0;
		at += sizeof(*desc) + desc->nidl;
		if (at > ONVME_IDENTIFY_SIZE ||
		    (desc->nidt && desc->nidt < sizeof(length) && desc->nidl != length[desc->nidt])) {
			onvme_note(finding, "Namespace Identification Descriptor length", desc->nidl);
			return -EPROTO;
		}
		switch (desc->nidt) {
		case ONVME_NIDT_EUI64:
			memcpy(geom->eui64, data, sizeof(geom->eui64));
			break;
		case ONVME_NIDT_NGUID:
			memcpy(geom->nguid, data, sizeof(geom->nguid));
			break;
		case ONVME_NIDT_UUID:
			memcpy(geom->uuid, data, sizeof(geom->uuid));
			break;
		case ONVME_NIDT_CSI:
			geom->csi = *data;
			break;
		}
	}
	return 0;
}

/**
 * onvme_ident_nsids() - read one page of the Active Namespace ID list
 * @page: %ONVME_NSIDS_PER_PAGE ids (CNS 02h)
 * @after: the id that the list was asked to follow
 * @nn: highest id that there can be
 * @nsids: the ids, host-endian; room for %ONVME_NSIDS_PER_PAGE
 * @finding: collects values that cannot be true
 *
 * Ids must rise and lie between @after and @nn: so a list never ends later than @nn ids, whatever the device says.
 *
 * Return: how many ids are in @nsids; fewer than %ONVME_NSIDS_PER_PAGE means that the list has ended.
 */
unsigned int onvme_ident_nsids(const __le32 *page, u32 after, u32 nn, u32 *nsids, struct onvme_finding *finding)
{
	unsigned int n;

	for (n = 0; n < ONVME_NSIDS_PER_PAGE; n++) {
		u32 nsid = le32_to_cpu(page[n]);

		if (!nsid)
			break;
		if (nsid <= after || nsid > nn) {
			onvme_note(finding, "Active Namespace ID list", nsid);
			break;
		}
		nsids[n] = nsid;
		after = nsid;
	}
	return n;
}

/**
 * onvme_ident_fit_text() - why the block layer cannot drive a namespace
 * @fit: the reason
 *
 * Return: a string for people.
 */
const char *onvme_ident_fit_text(enum onvme_ns_fit fit)
{
	static const char * const text[ONVME_NR_FITS] = {
		[ONVME_FIT_OK]		= "usable",
		[ONVME_FIT_EMPTY]	= "no capacity",
		[ONVME_FIT_FORMAT]	= "format index out of range",
		[ONVME_FIT_LBADS]	= "block size out of range",
		[ONVME_FIT_METADATA]	= "metadata that block I/O cannot use",
		[ONVME_FIT_SIZE]	= "capacity out of range",
		[ONVME_FIT_CSI]		= "command set not supported",
		[ONVME_FIT_ZONES]	= "zones that the block layer cannot use",
	};

	return (unsigned int)fit < ONVME_NR_FITS ? text[fit] : "unknown";
}

/**
 * onvme_ident_same_ids() - whether two snapshots speak of the same namespace
 * @a: one
 * @b: the other
 *
 * Return: true when all identifiers and the command set are equal.
 */
bool onvme_ident_same_ids(const struct onvme_ns_geom *a, const struct onvme_ns_geom *b)
{
	return a->csi == b->csi && !memcmp(a->eui64, b->eui64, sizeof(a->eui64)) &&
	       !memcmp(a->nguid, b->nguid, sizeof(a->nguid)) && !memcmp(a->uuid, b->uuid, sizeof(a->uuid));
}

/**
 * onvme_ident_same_blocks() - whether I/O that was made for one snapshot is right for another
 * @a: one
 * @b: the other
 *
 * Return: true when blocks have the same data and metadata, and can be driven as before.
 */
bool onvme_ident_same_blocks(const struct onvme_ns_geom *a, const struct onvme_ns_geom *b)
{
	return a->lba_shift == b->lba_shift && a->fit == b->fit && a->ms == b->ms && a->extended == b->extended &&
	       !memcmp(&a->pi, &b->pi, sizeof(a->pi));
}

/**
 * onvme_ident_forget_ids() - a namespace whose identifiers are worth nothing
 * @geom: the snapshot under construction
 */
void onvme_ident_forget_ids(struct onvme_ns_geom *geom)
{
	memset(geom->eui64, 0, sizeof(geom->eui64));
	memset(geom->nguid, 0, sizeof(geom->nguid));
	memset(geom->uuid, 0, sizeof(geom->uuid));
}
