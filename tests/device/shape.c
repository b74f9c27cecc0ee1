// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nvme.h"
#include "shape.h"

struct shape_key {
	const char	*name;
	size_t		at;
	u64		otherwise;
	u64		min;
	u64		max;
	const char	*text;
};

#define KEY(_name, _member, _otherwise, _min, _max, _text)	\
	{ .name = _name, .at = offsetof(struct shape, _member), .otherwise = _otherwise, .min = _min,	\
	  .max = _max, .text = _text }

#define U16_MOST	0xffffull
#define U32_MOST	0xffffffffull
#define U64_MOST	0xffffffffffffffffull

#define DEFAULT_ONCS	(ONCS_COMPARE | ONCS_UNCOR | ONCS_DSM | ONCS_ZEROES | ONCS_SAVE | ONCS_TIMESTAMP | \
			 ONCS_VERIFY | ONCS_COPY)

static const struct shape_key keys[] = {
	KEY("namespaces", namespaces, 1, 0, 1024, "namespaces at power-on, ids 1 and up"),
	KEY("ns-size", ns_size, 32 << 20, 0, 1ull << 50, "bytes of data of each namespace (default: --disk-mb)"),
	KEY("lba-shift", lba_shift, 9, 9, 20, "block size of format 0 is 2 to this power"),
	KEY("metadata", metadata, 0, 0, 256, "bytes of metadata per block of format 0"),
	KEY("extended", extended, 0, 0, 1, "metadata stand behind each block instead of in a buffer of their own"),
	KEY("pi", pi, 0, 0, 3, "type of protection information (16-bit guard, first in metadata of 8 bytes or more)"),
	KEY("shared", shared, 0, 0, 1, "namespaces say that several controllers may attach them"),
	KEY("readonly", readonly, 0, 0, 1, "namespaces are write protected"),
	KEY("noiob", noiob, 0, 0, U16_MOST, "NOIOB, blocks"),
	KEY("awupf", awupf, 0, 0, U16_MOST, "AWUPF, 0's based blocks"),
	KEY("nabspf", nabspf, 0, 0, U16_MOST, "NABSPF, 0's based blocks; 0: no boundary"),
	KEY("nabo", nabo, 0, 0, U16_MOST, "NABO, blocks"),
	KEY("eui64", eui64, 1, 0, 1, "namespaces have an EUI64"),
	KEY("nguid", nguid, 1, 0, 1, "namespaces have an NGUID"),
	KEY("uuid", uuid, 1, 0, 1, "namespaces have a UUID"),

	KEY("mqes", mqes, 1023, 0, U16_MOST, "CAP.MQES, 0's based"),
	KEY("cqr", cqr, 1, 0, 1, "CAP.CQR"),
	KEY("ams", ams, 0, 0, 3, "CAP.AMS: 1 weighted round robin with urgent class, 2 vendor specific"),
	KEY("to", to, 20, 0, 255, "CAP.TO, units of 500 ms"),
	KEY("dstrd", dstrd, 0, 0, 15, "CAP.DSTRD"),
	KEY("nssrs", nssrs, 1, 0, 1, "CAP.NSSRS"),
	KEY("css", css, 1, 0, 255, "CAP.CSS"),
	KEY("mpsmin", mpsmin, 0, 0, 15, "CAP.MPSMIN"),
	KEY("mpsmax", mpsmax, 4, 0, 15, "CAP.MPSMAX"),
	KEY("crms", crms, 1, 0, 3, "CAP.CRMS"),
	KEY("crto", crto, 20, 0, U32_MOST, "CRTO"),
	KEY("vs", vs, 0x20000, 0, U32_MOST, "VS; 0x10400 is 1.4"),

	KEY("mdts", mdts, 7, 0, 255, "MDTS, power of two of pages, 0 for no limit"),
	KEY("queues", queues, 32, 0, 32, "I/O queue pairs that exist; 0: Set Features (Number of Queues) fails"),
	KEY("grant", grant, U64_MOST, 0, U64_MOST, "what that command returns, whatever exists; all-ones: the truth"),
	KEY("vectors", vectors, 33, 1, 33, "interrupt vectors that work; completions for others raise none"),
	KEY("oncs", oncs, DEFAULT_ONCS, 0, U16_MOST, "ONCS"),
	KEY("oacs", oacs, OACS_FORMAT | OACS_FIRMWARE | OACS_NS_MGMT, 0, U16_MOST, "OACS; bit 8 is shadow doorbells"),
	KEY("poll-us", poll_us, 0, 0, 1000000,
	    "us after which it looks at shadow doorbells by itself while there is I/O; 0: never"),
	KEY("oaes", oaes, OAES_NS | OAES_FW, 0, U32_MOST, "OAES"),
	KEY("lpa", lpa, LPA_EFFECTS | LPA_EXTENDED | LPA_TELEMETRY, 0, 255, "LPA"),
	KEY("vwc", vwc, 7, 0, 255, "VWC"),
	KEY("acl", acl, 3, 0, 255, "ACL, 0's based"),
	KEY("aerl", aerl, 3, 0, 255, "AERL, 0's based"),
	KEY("sqes", sqes, 0x66, 0, 255, "SQES"),
	KEY("cqes", cqes, 0x44, 0, 255, "CQES"),
	KEY("sgls", sgls, 0, 0, U32_MOST, "SGLS: 1 SGLs of any alignment, 2 of dwords, for I/O commands; 0 none"),
	KEY("cntrltype", cntrltype, 1, 0, 255, "CNTRLTYPE: 1 I/O, 2 discovery, 3 administrative"),
	KEY("nn", nn, 256, 0, U32_MOST, "NN"),
	KEY("wzsl", wzsl, 0, 0, 255, "WZSL"),
	KEY("dmrl", dmrl, 0, 0, 255, "DMRL"),
	KEY("dmrsl", dmrsl, 0, 0, U32_MOST, "DMRSL, blocks"),
	KEY("dmsl", dmsl, 0, 0, U64_MOST, "DMSL, blocks"),
	KEY("crdt", crdt, 1, 0, U16_MOST, "CRDT1 to CRDT3, units of 100 ms"),
	KEY("frmw", frmw, 0x16, 0, 255, "FRMW: bits 3:1 slots, bit 4 activation without reset"),
	KEY("npss", npss, 4, 0, 255, "NPSS, 0's based"),
	KEY("apsta", apsta, 0, 0, 1, "APSTA"),
	KEY("rtd3e", rtd3e, 0, 0, U32_MOST, "RTD3E, us"),
	KEY("mtfa", mtfa, 10, 0, U16_MOST, "MTFA, units of 100 ms"),
	KEY("ana", ana, 0, 0, 15, "state of all ANA groups; 0: no ANA reporting"),
	KEY("fdp", fdp, 0, 0, 1, "flexible data placement: four placement handles"),
	KEY("hmpre", hmpre, 0, 0, U32_MOST, "HMPRE, units of 4 KiB; 0: no host memory buffer"),
	KEY("hmmin", hmmin, 0, 0, U32_MOST, "HMMIN, units of 4 KiB"),
	KEY("hmminds", hmminds, 0, 0, U32_MOST, "HMMINDS, units of 4 KiB"),
	KEY("hmmaxd", hmmaxd, 0, 0, U16_MOST, "HMMAXD, entries"),
	KEY("hmb-touch", hmb_touch, 4, 0, 4096, "pages of the host memory buffer that a command checks and writes"),

	KEY("nsr", nsr, 1, 0, 1, "PM: No_Soft_Reset; 0: the way from D3 to D0 resets the function"),
	KEY("ready-ms", ready_ms, 0, 0, 600000, "ms from CC.EN to CSTS.RDY"),
	KEY("unready-ms", unready_ms, 0, 0, 600000, "ms from CC.EN = 0 to CSTS.RDY = 0"),
	KEY("shutdown-ms", shutdown_ms, 0, 0, 600000, "ms from CC.SHN to CSTS.SHST = 2"),
	KEY("fw-ms", fw_ms, 50, 0, 600000, "ms of CSTS.PP while firmware is activated"),
};

static u64 *shape_value(struct shape *shape, const struct shape_key *key)
{
	return (u64 *)(void *)((u8 *)shape + key->at);
}

void shape_default(struct shape *shape)
{
	u32 i;

	memset(shape, 0, sizeof(*shape));
	for (i = 0; i < ARRAY_SIZE(keys); i++)
		*shape_value(shape, &keys[i]) = keys[i].otherwise;
}

/* Decimal or 0x..., optionally with a suffix k, m, g, t for powers of 1024; yes, no, on, off. */
bool shape_number(const char *text, u64 *value)
{
	static const char suffixes[] = "kmgt";
	const char *suffix;
	u32 shift;
	char *end;

	if (!strcmp(text, "yes") || !strcmp(text, "on") || !strcmp(text, "no") || !strcmp(text, "off")) {
		*value = !strcmp(text, "yes") || !strcmp(text, "on");
		return true;
	}
	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	*value = strtoull(text, &end, 0);
	if (errno)
		return false;
	if (!*end)
		return true;
	suffix = strchr(suffixes, *end);
	if (!suffix || end[1])
		return false;
	shift = 10 * ((u32)(suffix - suffixes) + 1);
	if (*value << shift >> shift != *value)
		return false;
	*value <<= shift;
	return true;
}

const char *shape_set(struct shape *shape, const char *key, const char *value)
{
	static char text[160];
	u64 number;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(keys) && strcmp(keys[i].name, key); i++)
		;
	if (i == ARRAY_SIZE(keys))
		return "a key that \"onvme-device --words\" lists";
	if (!shape_number(value, &number) || number < keys[i].min || number > keys[i].max) {
		snprintf(text, sizeof(text), "%s from %llu to %#llx", key, keys[i].min, keys[i].max);
		return text;
	}
	*shape_value(shape, &keys[i]) = number;
	return NULL;
}

static const char * const patch_names[NR_PATCHES] = {
	[PATCH_CTRL]	= "ctrl",
	[PATCH_NS]	= "ns",
	[PATCH_NSLIST]	= "nslist",
	[PATCH_DESCS]	= "descs",
	[PATCH_LOG]	= "log",
	[PATCH_REG]	= "reg",
};

static bool patch_has_id(enum patch_what what)
{
	return what == PATCH_NS || what == PATCH_DESCS || what == PATCH_LOG;
}

static const char *patch_bytes(struct patch *patch, char **words, u32 nr)
{
	u64 value;
	u32 i;

	if (!nr || nr > PATCH_MAX_BYTES)
		return "1 to 64 bytes";
	for (i = 0; i < nr; i++) {
		if (!shape_number(words[i], &value) || value > 255)
			return "a byte, 0 to 255";
		patch->bytes[i] = (u8)value;
	}
	patch->len = nr;
	return NULL;
}

/* The words behind "patch": WHAT [ID|all] OFFSET BYTE... */
const char *shape_patch(struct shape *shape, char **words, u32 nr)
{
	struct patch *patch = zalloc(sizeof(*patch)), **last;
	const char *wrong;
	u64 value;
	u32 i = 1;

	while (nr && patch->what < NR_PATCHES && strcmp(patch_names[patch->what], words[0]))
		patch->what++;
	if (!nr || patch->what == NR_PATCHES) {
		wrong = "ctrl, ns, nslist, descs, log or reg";
		goto out_free;
	}
	if (patch_has_id(patch->what)) {
		patch->id = NSID_ALL;
		if (i < nr && strcmp(words[i], "all")) {
			wrong = "a number or \"all\"";
			if (!shape_number(words[i], &value) || value > U32_MOST)
				goto out_free;
			patch->id = (u32)value;
		}
		i++;
	}
	wrong = "an offset, 0 to 0xffff";
	if (i >= nr || !shape_number(words[i], &value) || value > U16_MOST)
		goto out_free;
	patch->offset = (u32)value;
	wrong = patch_bytes(patch, words + i + 1, nr - i - 1);
	if (wrong)
		goto out_free;
	for (last = &shape->patches; *last; last = &(*last)->next)
		;
	*last = patch;
	return NULL;

out_free:
	free(patch);
	return wrong;
}

void shape_apply(const struct shape *shape, enum patch_what what, u32 id, void *page, u32 from, u32 len)
{
	const struct patch *patch;
	u8 *bytes = page;
	u32 i;

	for (patch = shape->patches; patch; patch = patch->next) {
		if (patch->what != what || (patch->id != NSID_ALL && patch_has_id(what) && patch->id != id))
			continue;
		for (i = 0; i < patch->len; i++)
			if (patch->offset + i >= from && patch->offset + i - from < len)
				bytes[patch->offset + i - from] = patch->bytes[i];
	}
}

void shape_list_keys(FILE *to)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(keys); i++)
		fprintf(to, "set %-12s %#llx (%llu to %#llx): %s\n", keys[i].name, keys[i].otherwise, keys[i].min,
			keys[i].max, keys[i].text);
}
