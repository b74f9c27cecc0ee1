// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "device.h"

enum feature_flags {
	CHANGES		= 1,
	SAVES		= 2,
	NAMESPACE	= 4,
};

struct feature_form {
	u8		fid;
	u32		flags;
	u32		otherwise;
	u32		mask;				/* bits of dword 11 that mean something */
	bool		(*there)(const struct shape *shape);	/* NULL: always */
	u32		(*set)(struct cmd *cmd);	/* beyond keeping the value */
	u32		(*get)(struct cmd *cmd);
};

static bool has_timestamp(const struct shape *shape)
{
	return shape->oncs & ONCS_TIMESTAMP;
}

static bool has_apst(const struct shape *shape)
{
	return shape->apsta;
}

static bool has_hmb(const struct shape *shape)
{
	return shape->hmpre;
}

static bool has_vwc(const struct shape *shape)
{
	return shape->vwc & 1;
}

static bool has_resv(const struct shape *shape)
{
	return shape->oncs & ONCS_RESV;
}

static bool has_fdp(const struct shape *shape)
{
	return shape->fdp;
}

/* Base, "Number of Queues": 0's based, completion queues above submission queues */
static u32 set_queues(struct cmd *cmd)
{
	struct device *dev = cmd->dev;
	u32 asked = cmd->sqe.cdw[1], sqs = asked & 0xffff, cqs = asked >> 16, most = (u32)dev->shape->queues;

	if (sqs == 0xffff || cqs == 0xffff) {
		examine(dev, RULE_QUEUES_VALUE, "dword 11 is %#x", asked);
		return SC_FIELD | SF_DNR;
	}
	if (queue_io_count(dev)) {
		examine(dev, RULE_QUEUES_LATE, "with %u queues created", queue_io_count(dev));
		return SC_SEQUENCE | SF_DNR;
	}
	if (!most)
		return SC_FIELD | SF_DNR;
	sqs = min_of(sqs, most - 1);
	cqs = min_of(cqs, most - 1);
	dev->features.value[FEAT_QUEUES] = sqs | cqs << 16;
	cmd->dw0 = dev->shape->grant == ~0ull ? sqs | cqs << 16 : (u32)dev->shape->grant;
	dev->features.sqs_told = (cmd->dw0 & 0xffff) + 1;
	dev->features.cqs_told = (cmd->dw0 >> 16) + 1;
	return SC_OK;
}

static u32 set_timestamp(struct cmd *cmd)
{
	struct features *features = &cmd->dev->features;
	u8 data[8];
	u32 status = xfer_in(cmd, data, sizeof(data));

	if (status)
		return status;
	features->timestamp_ms = get_le(data, 6);
	features->timestamp_ns = time_ns();
	features->timestamp_set = true;
	return SC_OK;
}

static u32 get_timestamp(struct cmd *cmd)
{
	const struct features *features = &cmd->dev->features;
	u8 data[8] = {};

	put_le(data, features->timestamp_ms + (time_ns() - features->timestamp_ns) / 1000000, 6);
	data[6] = features->timestamp_set ? 2 : 0;
	return xfer_out(cmd, data, sizeof(data));
}

static u32 set_host(struct cmd *cmd)
{
	return xfer_in(cmd, cmd->dev->features.host, 512);
}

static u32 get_host(struct cmd *cmd)
{
	return xfer_out(cmd, cmd->dev->features.host, 512);
}

static u32 set_host_id(struct cmd *cmd)
{
	memset(cmd->dev->features.host_id, 0, 16);
	return xfer_in(cmd, cmd->dev->features.host_id, cmd->sqe.cdw[1] & 1 ? 16 : 8);
}

static u32 get_host_id(struct cmd *cmd)
{
	return xfer_out(cmd, cmd->dev->features.host_id, cmd->sqe.cdw[1] & 1 ? 16 : 8);
}

static u32 set_power(struct cmd *cmd)
{
	return (cmd->sqe.cdw[1] & 0x1f) > cmd->dev->shape->npss ? SC_FIELD | SF_DNR : SC_OK;
}

static u32 set_vector(struct cmd *cmd)
{
	struct device *dev = cmd->dev;
	u32 vector = cmd->sqe.cdw[1] & 0xffff;

	if (!queue_has_vector(dev, vector)) {
		examine(dev, RULE_QUEUE_VECTOR, "coalescing of vector %u, which no I/O queue has", vector);
		return SC_FIELD | SF_DNR;
	}
	dev->features.spared &= ~(1ull << vector);
	dev->features.spared |= (u64)(cmd->sqe.cdw[1] >> 16 & 1) << vector;
	return SC_OK;
}

static u32 get_vector(struct cmd *cmd)
{
	u32 vector = cmd->sqe.cdw[1] & 0xffff;

	if (vector && !queue_has_vector(cmd->dev, vector))
		return SC_FIELD | SF_DNR;
	cmd->dw0 = vector | (u32)(!vector || cmd->dev->features.spared & 1ull << vector) << 16;
	return SC_OK;
}

static u32 set_protect(struct cmd *cmd)
{
	struct ns *ns = ns_get(cmd->dev, cmd->sqe.nsid);

	if (!ns || (cmd->sqe.cdw[1] & 7) > 1)
		return (ns ? SC_FIELD : SC_NAMESPACE) | SF_DNR;
	ns->readonly = cmd->sqe.cdw[1] & 1;
	return SC_OK;
}

static u32 get_protect(struct cmd *cmd)
{
	const struct ns *ns = ns_get(cmd->dev, cmd->sqe.nsid);

	cmd->dw0 = ns && ns->readonly;
	return ns ? SC_OK : SC_NAMESPACE | SF_DNR;
}

static const struct feature_form forms[] = {
	{ FEAT_ARBITRATION,	CHANGES | SAVES, 0x7, 0xffffff07 },
	{ FEAT_POWER,		CHANGES | SAVES, 0, 0xff, .set = set_power },
	{ FEAT_TEMPERATURE,	CHANGES | SAVES, 353, 0x1fffffff },
	{ FEAT_ERROR,		CHANGES | SAVES, 0, 0x1ffff },
	{ FEAT_VWC,		CHANGES | SAVES, 1, 1, .there = has_vwc },
	{ FEAT_QUEUES,		CHANGES, 0, ALL_ONES, .set = set_queues },
	{ FEAT_COALESCING,	CHANGES | SAVES, 0, 0xffff },
	{ FEAT_VECTOR,		CHANGES, 0, 0x1ffff, .set = set_vector, .get = get_vector },
	{ FEAT_ATOMIC,		CHANGES | SAVES, 0, 1 },
	{ FEAT_EVENTS,		CHANGES | SAVES, 0, ALL_ONES },
	{ FEAT_APST,		CHANGES, 0, 1, has_apst, power_set_table, power_get_table },
	{ FEAT_HMB,		CHANGES, 0, 0xf, has_hmb, hmb_set, hmb_get },
	{ FEAT_TIMESTAMP,	CHANGES, 0, 0, has_timestamp, set_timestamp, get_timestamp },
	{ FEAT_HOST,		CHANGES, 0, 0, NULL, set_host, get_host },
	{ FEAT_FDP,		0, 1, 0xffff, .there = has_fdp },
	{ FEAT_HOST_ID,		CHANGES, 0, 1, has_resv, set_host_id, get_host_id },
	{ FEAT_RESV_MASK,	CHANGES | NAMESPACE, 0, 0xe, .there = has_resv },
	{ FEAT_RESV_PERSIST,	CHANGES | NAMESPACE, 0, 1, .there = has_resv },
	{ FEAT_PROTECT,		CHANGES | NAMESPACE, 0, 7, .set = set_protect, .get = get_protect },
};

static const struct feature_form *feature_find(struct cmd *cmd)
{
	u32 fid = cmd->sqe.cdw[0] & 0xff, i;

	for (i = 0; i < ARRAY_SIZE(forms) && forms[i].fid != fid; i++)
		;
	if (i < ARRAY_SIZE(forms) && (!forms[i].there || forms[i].there(cmd->dev->shape)))
		return &forms[i];
	examine(cmd->dev, RULE_FEATURE, "feature %#x", fid);
	return NULL;
}

u32 feature_set(struct cmd *cmd)
{
	struct features *features = &cmd->dev->features;
	const struct feature_form *form = feature_find(cmd);
	bool save = cmd->sqe.cdw[0] & BIT(31);
	u32 status = SC_OK;

	if (!form)
		return SC_FIELD | SF_DNR;
	if (!(form->flags & CHANGES))
		return SC_NOT_CHANGEABLE | SF_DNR;
	if (save && !(form->flags & SAVES))
		return SC_NOT_SAVEABLE | SF_DNR;
	if (cmd->sqe.cdw[1] & ~form->mask)
		examine(cmd->dev, RULE_SQE_RESERVED, "feature %#x: dword 11 is %#x", form->fid, cmd->sqe.cdw[1]);
	if (form->set)
		status = form->set(cmd);
	if (status || form->fid == FEAT_QUEUES)
		return status;
	features->value[form->fid] = cmd->sqe.cdw[1] & form->mask;
	if (save)
		features->saved[form->fid] = features->value[form->fid];
	return SC_OK;
}

u32 feature_get(struct cmd *cmd)
{
	const struct features *features = &cmd->dev->features;
	const struct feature_form *form = feature_find(cmd);

	if (!form)
		return SC_FIELD | SF_DNR;
	switch (cmd->sqe.cdw[0] >> 8 & 7) {
	case 0:
		cmd->dw0 = features->value[form->fid];
		return form->get ? form->get(cmd) : SC_OK;
	case 1:
		cmd->dw0 = form->otherwise;
		return SC_OK;
	case 2:
		cmd->dw0 = features->saved[form->fid];
		return SC_OK;
	case 3:
		cmd->dw0 = (form->flags & SAVES ? 1 : 0) | (form->flags & NAMESPACE ? 2 : 0) |
			   (form->flags & CHANGES ? 4 : 0);
		return SC_OK;
	default:
		return SC_FIELD | SF_DNR;
	}
}

void feature_power_on(struct device *dev)
{
	u32 i;

	memset(&dev->features, 0, sizeof(dev->features));
	for (i = 0; i < ARRAY_SIZE(forms); i++)
		dev->features.saved[forms[i].fid] = forms[i].otherwise;
	hmb_power_on(dev);
	feature_reset(dev);
}

void feature_reset(struct device *dev)
{
	struct features *features = &dev->features;

	memcpy(features->value, features->saved, sizeof(features->value));
	memset(features->host, 0, sizeof(features->host));
	features->spared = 0;
	features->sqs_told = max_of((u32)dev->shape->queues, 1u);
	features->cqs_told = features->sqs_told;
	hmb_reset(dev);
	power_reset(dev);
}
