/* SPDX-License-Identifier: GPL-2.0 */
/*
 * shape.h - what the controller is before anybody talks to it: the values of "set KEY VALUE" and "patch".
 *
 * A scenario owns one; it starts as a correct controller (shape_default) and never changes once the scenario has been
 * read. The keys are one table in shape.c; the texts of README.md are checked against it.
 */
#ifndef DEVICE_SHAPE_H
#define DEVICE_SHAPE_H

#include <stdio.h>

#include "base.h"

enum patch_what {
	PATCH_CTRL,		/* Identify Controller */
	PATCH_NS,		/* Identify Namespace */
	PATCH_NSLIST,		/* Active Namespace ID list */
	PATCH_DESCS,		/* Namespace Identification Descriptor list */
	PATCH_LOG,
	PATCH_REG,
	NR_PATCHES,
};

#define PATCH_MAX_BYTES	64u

struct patch {
	struct patch	*next;
	enum patch_what	what;
	u32		id;		/* namespace or log page; NSID_ALL: any */
	u32		offset;
	u32		len;
	u8		bytes[PATCH_MAX_BYTES];
};

struct shape {
	u64	namespaces, ns_size, lba_shift, metadata, extended, pi, shared, readonly, noiob, awupf, nabo, nabspf;
	u64	eui64, nguid, uuid;
	u64	mqes, cqr, ams, to, dstrd, nssrs, css, mpsmin, mpsmax, crms, crto, vs;
	u64	mdts, queues, grant, vectors, oncs, oacs, oaes, lpa, vwc, acl, aerl, sqes, cqes, sgls, cntrltype, nn;
	u64	poll_us, wzsl, dmrl, dmrsl, dmsl, crdt, frmw, npss, apsta, rtd3e, mtfa, ana, fdp;
	u64	hmpre, hmmin, hmminds, hmmaxd, hmb_touch;
	u64	nsr, ready_ms, unready_ms, shutdown_ms, fw_ms;
	struct patch	*patches;
};

void shape_default(struct shape *shape);
/* Null when done, otherwise what was expected instead. */
const char *shape_set(struct shape *shape, const char *key, const char *value);
const char *shape_patch(struct shape *shape, char **words, u32 nr);
/* Lay the patches of one kind over @page, which holds the bytes from @from on. */
void shape_apply(const struct shape *shape, enum patch_what what, u32 id, void *page, u32 from, u32 len);
void shape_list_keys(FILE *to);
bool shape_number(const char *text, u64 *value);

#endif /* DEVICE_SHAPE_H */
