// SPDX-License-Identifier: GPL-2.0
/*
 * What a submission queue entry may hold: one table of commands, with the bits of each dword that the command defines.
 */
#include <string.h>

#include "device.h"

enum sqe_nsid {
	NSID_NONE,		/* not used: 0 */
	NSID_ONE,
	NSID_ONE_OR_ALL,
	NSID_FREE,		/* depends on the rest; judged where the command is executed */
};

enum sqe_data {
	DATA_NONE,
	DATA_PRP1,		/* an address, no transfer */
	DATA_BOTH,
};

struct sqe_form {
	u8		opcode;
	const char	*name;
	enum sqe_nsid	nsid;
	enum sqe_data	data;
	bool		meta;
	u32		oacs, oncs;	/* what announces it; 0: mandatory */
	u32		cdw[6];
	bool		fdp;		/* goes with flexible data placement */
};

#define ANY	0xffffffffu

static const struct sqe_form admin_forms[] = {
	{ ADM_DELETE_SQ,   "delete-sq",    NSID_NONE, DATA_NONE, false, 0, 0, { 0xffff } },
	{ ADM_CREATE_SQ,   "create-sq",    NSID_NONE, DATA_PRP1, false, 0, 0, { ANY, 0xffff0007, 0xffff } },
	{ ADM_GET_LOG,     "get-log",      NSID_FREE, DATA_BOTH, false, 0, 0, { ANY, ANY, ANY, ANY, 0xff80007f } },
	{ ADM_DELETE_CQ,   "delete-cq",    NSID_NONE, DATA_NONE, false, 0, 0, { 0xffff } },
	{ ADM_CREATE_CQ,   "create-cq",    NSID_NONE, DATA_PRP1, false, 0, 0, { ANY, 0xffff0003 } },
	{ ADM_IDENTIFY,    "identify",     NSID_FREE, DATA_BOTH, false, 0, 0, { 0xffff00ff, 0xff00ffff, 0, 0, 0x7f } },
	{ ADM_ABORT,       "abort",        NSID_NONE, DATA_NONE, false, 0, 0, { ANY } },
	{ ADM_SET_FEATURE, "set-features", NSID_FREE, DATA_BOTH, false, 0, 0, { 0x800000ff, ANY, ANY, ANY, ANY, ANY } },
	{ ADM_GET_FEATURE, "get-features", NSID_FREE, DATA_BOTH, false, 0, 0, { 0x7ff, ANY, 0, 0, 0x7f } },
	{ ADM_AER,         "aer",          NSID_NONE, DATA_NONE, false, 0, 0, { 0 } },
	{ ADM_NS_MGMT,     "ns-mgmt",      NSID_FREE, DATA_BOTH, false, OACS_NS_MGMT, 0, { 0xf, 0xff000000 } },
	{ ADM_FW_COMMIT,   "fw-commit",    NSID_NONE, DATA_NONE, false, OACS_FIRMWARE, 0, { 0x8000003f } },
	{ ADM_FW_DOWNLOAD, "fw-download",  NSID_NONE, DATA_BOTH, false, OACS_FIRMWARE, 0, { ANY, ANY } },
	{ ADM_NS_ATTACH,   "ns-attach",    NSID_ONE,  DATA_BOTH, false, OACS_NS_MGMT, 0, { 0xf } },
	{ ADM_DBBUF,       "dbbuf",        NSID_NONE, DATA_BOTH, false, OACS_DBBUF, 0, { 0 } },
	{ ADM_FORMAT,      "format",       NSID_ONE_OR_ALL, DATA_NONE, false, OACS_FORMAT, 0, { 0x3fff } },
};

static const struct sqe_form io_forms[] = {
	{ NVM_FLUSH,    "flush",        NSID_ONE_OR_ALL, DATA_NONE, false, 0, 0, { 0 } },
	{ NVM_WRITE,    "write",        NSID_ONE, DATA_BOTH, true, 0, 0,
	  { ANY, ANY, 0xfdf0ffff, 0xffff00ff, ANY, ANY } },
	{ NVM_READ,     "read",         NSID_ONE, DATA_BOTH, true, 0, 0, { ANY, ANY, 0xfd00ffff, 0xff, ANY, ANY } },
	{ NVM_UNCOR,    "write-uncor",  NSID_ONE, DATA_NONE, false, 0, ONCS_UNCOR, { ANY, ANY, 0xf0ffff } },
	{ NVM_COMPARE,  "compare",      NSID_ONE, DATA_BOTH, true, 0, ONCS_COMPARE,
	  { ANY, ANY, 0xfd00ffff, 0, ANY, ANY } },
	{ NVM_ZEROES,   "write-zeroes", NSID_ONE, DATA_NONE, false, 0, ONCS_ZEROES,
	  { ANY, ANY, 0xfff0ffff, 0xffff0000, ANY, ANY } },
	{ NVM_DSM,      "dsm",          NSID_ONE, DATA_BOTH, false, 0, ONCS_DSM, { 0xff, 7 } },
	{ NVM_VERIFY,   "verify",       NSID_ONE, DATA_NONE, false, 0, ONCS_VERIFY,
	  { ANY, ANY, 0xfd00ffff, 0, ANY, ANY } },
	{ NVM_REGISTER, "resv-register", NSID_ONE, DATA_BOTH, false, 0, ONCS_RESV, { 0xc000000f } },
	{ NVM_REPORT,   "resv-report",  NSID_ONE, DATA_BOTH, false, 0, ONCS_RESV, { ANY, 1 } },
	{ NVM_ACQUIRE,  "resv-acquire", NSID_ONE, DATA_BOTH, false, 0, ONCS_RESV, { 0xff0f } },
	{ NVM_RELEASE,  "resv-release", NSID_ONE, DATA_BOTH, false, 0, ONCS_RESV, { 0xff0f } },
	{ NVM_MGMT_RECV, "mgmt-recv",  NSID_ONE, DATA_BOTH, false, 0, 0, { 0xffff00ff, ANY }, true },
	{ NVM_MGMT_SEND, "mgmt-send",  NSID_ONE, DATA_BOTH, false, 0, 0, { 0xffff00ff }, true },
	{ NVM_COPY,     "copy",         NSID_ONE, DATA_BOTH, false, 0, ONCS_COPY,
	  { ANY, ANY, 0xfdf0ffff, 0xffff0000, ANY, ANY } },
};

static const struct sqe_form *sqe_find(bool admin, u8 opcode)
{
	const struct sqe_form *forms = admin ? admin_forms : io_forms;
	u32 i, n = admin ? ARRAY_SIZE(admin_forms) : ARRAY_SIZE(io_forms);

	for (i = 0; i < n; i++)
		if (forms[i].opcode == opcode)
			return &forms[i];
	return NULL;
}

/* The opcode of a command's name, admin commands first; all-ones: there is none. */
u32 sqe_opcode(const char *name, bool *admin)
{
	u32 i;

	*admin = true;
	for (i = 0; i < ARRAY_SIZE(admin_forms); i++)
		if (!strcmp(admin_forms[i].name, name))
			return admin_forms[i].opcode;
	*admin = false;
	for (i = 0; i < ARRAY_SIZE(io_forms); i++)
		if (!strcmp(io_forms[i].name, name))
			return io_forms[i].opcode;
	return ALL_ONES;
}

void sqe_list(FILE *to)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(admin_forms); i++)
		fprintf(to, "opcode %s: admin %#04x\n", admin_forms[i].name, admin_forms[i].opcode);
	for (i = 0; i < ARRAY_SIZE(io_forms); i++)
		fprintf(to, "opcode %s: io %#04x\n", io_forms[i].name, io_forms[i].opcode);
}

static void sqe_check_dwords(struct cmd *cmd, const struct sqe_form *form)
{
	const struct nvme_sqe *sqe = &cmd->sqe;
	u32 i;

	/* Dwords 2 and 3 hold tags for formats with wider protection information, which there are none of. */
	if (sqe->cdw2 || sqe->cdw3)
		examine(cmd->dev, RULE_SQE_RESERVED, "%s: dwords 2 and 3 are %#x and %#x", form->name, sqe->cdw2,
			sqe->cdw3);
	for (i = 0; i < 6; i++)
		if (sqe->cdw[i] & ~form->cdw[i])
			examine(cmd->dev, RULE_SQE_RESERVED, "%s: dword %u is %#x", form->name, 10 + i, sqe->cdw[i]);
	if (form->data == DATA_NONE && (sqe->prp1 || sqe->prp2))
		examine(cmd->dev, RULE_SQE_RESERVED, "%s: data pointer of a command without data", form->name);
	if (form->data == DATA_PRP1 && sqe->prp2)
		examine(cmd->dev, RULE_SQE_RESERVED, "%s: PRP Entry 2 is %#llx", form->name, sqe->prp2);
	if (!form->meta && sqe->mptr)
		examine(cmd->dev, RULE_SQE_RESERVED, "%s: metadata pointer is %#llx", form->name, sqe->mptr);
}

static u32 sqe_check_nsid(struct cmd *cmd, const struct sqe_form *form)
{
	u32 nsid = cmd->sqe.nsid;

	switch (form->nsid) {
	case NSID_FREE:
		return SC_OK;
	case NSID_NONE:
		if (nsid)
			examine(cmd->dev, RULE_NSID_UNUSED, "%s: NSID is %#x", form->name, nsid);
		return SC_OK;
	default:
		break;
	}
	if (nsid == NSID_ALL) {
		if (form->nsid == NSID_ONE_OR_ALL)
			return SC_OK;
		examine(cmd->dev, RULE_NSID_ALL, "%s: NSID is FFFFFFFFh", form->name);
		return SC_NAMESPACE | SF_DNR;
	}
	if (!nsid || nsid > cmd->dev->shape->nn) {
		examine(cmd->dev, RULE_NSID_RANGE, "%s: NSID is %#x, NN is %llu", form->name, nsid,
			cmd->dev->shape->nn);
		return SC_NAMESPACE | SF_DNR;
	}
	return SC_OK;
}

static bool sqe_announced(const struct device *dev, const struct sqe_form *form)
{
	if (form->fdp && !dev->shape->fdp)
		return false;
	return (form->oacs & dev->shape->oacs) == form->oacs && (form->oncs & dev->shape->oncs) == form->oncs;
}

u32 examine_sqe(struct cmd *cmd)
{
	const struct sqe_form *form = sqe_find(cmd->admin, cmd->sqe.opcode);

	if (!form || !sqe_announced(cmd->dev, form)) {
		examine(cmd->dev, RULE_OPCODE, "%s opcode %#x (%s)", cmd->admin ? "admin" : "I/O", cmd->sqe.opcode,
			form ? form->name : "unknown");
		return SC_OPCODE | SF_DNR;
	}
	if (cmd->sqe.flags & ~SQE_SGL) {
		examine(cmd->dev, RULE_SQE_FLAGS, "%s: byte 1 is %#x", form->name, cmd->sqe.flags);
		return SC_FIELD | SF_DNR;
	}
	if (cmd->sqe.flags && (cmd->admin || !(cmd->dev->sgls & SGLS_DATA) || form->data != DATA_BOTH)) {
		examine(cmd->dev, RULE_SGL_USE, "%s: SGLS is %#x", form->name, cmd->dev->sgls);
		return SC_FIELD | SF_DNR;
	}
	sqe_check_dwords(cmd, form);
	return sqe_check_nsid(cmd, form);
}

u32 examine_length(struct cmd *cmd, u64 len)
{
	const struct shape *shape = cmd->dev->shape;
	u64 most = 4096ull << shape->mpsmin << shape->mdts;

	if (!shape->mdts || shape->mdts > 40 || len <= most)
		return SC_OK;
	examine(cmd->dev, RULE_MDTS, "queue %u, opcode %#x: %llu bytes, at most %llu", cmd->sq->id, cmd->sqe.opcode,
		len, most);
	return SC_FIELD | SF_DNR;
}
