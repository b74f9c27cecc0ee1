// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "device.h"

/* A log page is made in full, and the host gets the part that it asked for. */
#define LOG_MOST	32768u

void log_error(struct cmd *cmd, u32 status)
{
	struct logs *logs = &cmd->dev->logs;
	u8 *entry = logs->errors[logs->nr_errors++ % LOG_ERRORS];

	memset(entry, 0, 64);
	put_le(entry, logs->nr_errors, 8);
	put_le(entry + 8, cmd->sq->id, 2);
	put_le(entry + 10, cmd->sqe.cid, 2);
	put_le(entry + 12, status << 1, 2);
	put_le(entry + 14, 0xffff, 2);
	if (!cmd->admin)
		put_le(entry + 16, cmd->sqe.cdw[0] | (u64)cmd->sqe.cdw[1] << 32, 8);
	put_le(entry + 24, cmd->sqe.nsid, 4);
}

void log_changed_ns(struct device *dev, u32 nsid)
{
	struct logs *logs = &dev->logs;
	u32 i;

	for (i = 0; i < min_of(logs->nr_changed, 1024u); i++)
		if (logs->changed[i] == nsid)
			return;
	if (logs->nr_changed < 1024)
		logs->changed[logs->nr_changed] = nsid;
	logs->nr_changed = min_of(logs->nr_changed + 1, 1025u);
}

void log_power_on(struct device *dev)
{
	memset(&dev->logs, 0, sizeof(dev->logs));
	dev->logs.ana = (u32)dev->shape->ana;
}

void log_change_ana(struct device *dev, u32 state)
{
	dev->logs.ana = state;
	dev->logs.ana_changes++;
	if (dev->shape->ana && dev->features.value[FEAT_EVENTS] & OAES_ANA)
		event_post(dev, 2, 3, LOG_ANA);
}

static u32 log_errors(struct device *dev, u8 *page)
{
	const struct logs *logs = &dev->logs;
	u32 i;

	for (i = 0; i < min_of(logs->nr_errors, (u64)LOG_ERRORS); i++)
		memcpy(page + 64 * i, logs->errors[(logs->nr_errors - 1 - i) % LOG_ERRORS], 64);
	return 64 * LOG_ERRORS;
}

static u32 log_smart(struct device *dev, u8 *page)
{
	const struct logs *logs = &dev->logs;

	page[0] = (u8)logs->critical;
	put_le(page + 1, 313, 2);			/* 40 degrees Celsius */
	page[3] = 100;
	page[4] = 10;
	put_le(page + 32, (logs->read_blocks + 999) / 1000, 8);
	put_le(page + 48, (logs->written_blocks + 999) / 1000, 8);
	put_le(page + 64, logs->reads, 8);
	put_le(page + 80, logs->writes, 8);
	put_le(page + 112, 1, 8);			/* power cycles */
	put_le(page + 176, logs->nr_errors, 8);
	put_le(page + 200, 313, 2);
	return 512;
}

static u32 log_firmware(struct device *dev, u8 *page)
{
	page[0] = (u8)(dev->adm.active_slot | dev->adm.next_slot << 4);
	memcpy(page + 8, dev->adm.slot[1], 56);
	return 512;
}

static u32 log_changed(struct device *dev, u8 *page)
{
	struct logs *logs = &dev->logs;

	if (logs->nr_changed > 1024)
		put_le(page, NSID_ALL, 4);
	else
		memcpy(page, logs->changed, 4 * logs->nr_changed);
	return 4096;
}

static u32 log_effects(struct device *dev, u8 *page)
{
	static const u8 always[] = {
		ADM_DELETE_SQ, ADM_CREATE_SQ, ADM_GET_LOG, ADM_DELETE_CQ, ADM_CREATE_CQ, ADM_IDENTIFY, ADM_ABORT,
		ADM_SET_FEATURE, ADM_GET_FEATURE, ADM_AER,
	};
	static const struct { u8 opcode; u32 bit; u32 effects; } io[] = {
		{ NVM_FLUSH, 0, 1 }, { NVM_WRITE, 0, 3 }, { NVM_READ, 0, 1 }, { NVM_UNCOR, ONCS_UNCOR, 3 },
		{ NVM_COMPARE, ONCS_COMPARE, 1 }, { NVM_ZEROES, ONCS_ZEROES, 3 }, { NVM_DSM, ONCS_DSM, 3 },
		{ NVM_VERIFY, ONCS_VERIFY, 1 }, { NVM_COPY, ONCS_COPY, 3 }, { NVM_REGISTER, ONCS_RESV, 1 },
		{ NVM_REPORT, ONCS_RESV, 1 }, { NVM_ACQUIRE, ONCS_RESV, 1 }, { NVM_RELEASE, ONCS_RESV, 1 },
	};
	u64 oacs = dev->shape->oacs;
	u32 i;

	for (i = 0; i < sizeof(always); i++)
		put_le(page + 4 * always[i], 1, 4);
	if (oacs & OACS_FORMAT)
		put_le(page + 4 * ADM_FORMAT, 1 | BIT(1) | BIT(2) | BIT(16), 4);
	if (oacs & OACS_NS_MGMT) {
		put_le(page + 4 * ADM_NS_MGMT, 1 | BIT(3), 4);
		put_le(page + 4 * ADM_NS_ATTACH, 1 | BIT(3), 4);
	}
	if (oacs & OACS_FIRMWARE) {
		put_le(page + 4 * ADM_FW_DOWNLOAD, 1, 4);
		put_le(page + 4 * ADM_FW_COMMIT, 1 | BIT(4), 4);
	}
	if (oacs & OACS_DBBUF)
		put_le(page + 4 * ADM_DBBUF, 1, 4);
	for (i = 0; i < ARRAY_SIZE(io); i++)
		if ((io[i].bit & dev->shape->oncs) == io[i].bit)
			put_le(page + 1024 + 4 * io[i].opcode, io[i].effects, 4);
	return 4096;
}

/* Base, "Telemetry": one area of eight blocks with a pattern. */
static u32 log_telemetry(struct device *dev, u8 *page, u32 lid)
{
	u32 i;

	(void)dev;
	page[0] = (u8)lid;
	put_le(page + 8, 8, 2);
	put_le(page + 10, 8, 2);
	put_le(page + 12, 8, 2);
	page[lid == LOG_HOST_TEL ? 381 : 382] = 1;	/* available; generation */
	for (i = 512; i < 9 * 512; i++)
		page[i] = (u8)(i / 512 + i);
	return 9 * 512;
}

static u32 log_ana(struct device *dev, u8 *page)
{
	u32 nsid, n = 0;

	put_le(page, dev->logs.ana_changes, 8);
	put_le(page + 8, 1, 2);				/* one group */
	put_le(page + 16, 1, 4);
	put_le(page + 24, dev->logs.ana_changes, 8);
	page[32] = (u8)dev->logs.ana;
	for (nsid = 1; nsid <= NS_MAX; nsid++)
		if (ns_get(dev, nsid))
			put_le(page + 48 + 4 * n++, nsid, 4);
	put_le(page + 20, n, 4);
	return 48 + 4 * n;
}

static bool log_announced(const struct device *dev, u32 lid)
{
	const struct shape *shape = dev->shape;

	switch (lid) {
	case LOG_ERROR:
	case LOG_SMART:
	case LOG_FIRMWARE:
		return true;
	case LOG_CHANGED_NS:
		return shape->oaes & OAES_NS;
	case LOG_EFFECTS:
		return shape->lpa & LPA_EFFECTS;
	case LOG_HOST_TEL:
	case LOG_CTRL_TEL:
		return shape->lpa & LPA_TELEMETRY;
	case LOG_ANA:
		return shape->ana;
	case LOG_FDP_CONFIGS:
	case LOG_FDP_USAGE:
	case LOG_FDP_STATS:
		return shape->fdp;
	default:
		return false;
	}
}

static u32 log_make(struct device *dev, u32 lid, u8 *page)
{
	switch (lid) {
	case LOG_ERROR:
		return log_errors(dev, page);
	case LOG_SMART:
		return log_smart(dev, page);
	case LOG_FIRMWARE:
		return log_firmware(dev, page);
	case LOG_CHANGED_NS:
		return log_changed(dev, page);
	case LOG_EFFECTS:
		return log_effects(dev, page);
	case LOG_ANA:
		return log_ana(dev, page);
	case LOG_FDP_CONFIGS:
		return fdp_configs(page);
	case LOG_FDP_USAGE:
		return fdp_usage(page);
	case LOG_FDP_STATS:
		return fdp_statistics(dev, page);
	default:
		return log_telemetry(dev, page, lid);
	}
}

u32 log_execute(struct cmd *cmd)
{
	struct device *dev = cmd->dev;
	const u32 *cdw = cmd->sqe.cdw;
	u32 lid = cdw[0] & 0xff, status, size;
	u64 len = ((cdw[0] >> 16 | (u64)(cdw[1] & 0xffff) << 16) + 1) * 4, at = cdw[2] | (u64)cdw[3] << 32;
	u8 *page;

	if (!log_announced(dev, lid)) {
		examine(dev, RULE_LOG_PAGE, "log page %#x", lid);
		return SC_LOG_PAGE | SF_DNR;
	}
	status = examine_length(cmd, len);
	if (status || at & 3 || (at && !(dev->shape->lpa & LPA_EXTENDED)))
		return status ? status : SC_FIELD | SF_DNR;
	page = zalloc(LOG_MOST);
	size = log_make(dev, lid, page);
	shape_apply(dev->shape, PATCH_LOG, lid, page, 0, LOG_MOST);
	status = at > size ? SC_FIELD | SF_DNR : xfer_out_part(cmd, page, LOG_MOST, at, (u32)min_of(len, 16ull << 20));
	free(page);
	if (!status && lid == LOG_CHANGED_NS)
		dev->logs.nr_changed = 0;
	if (!status && !(cdw[0] & BIT(15)))		/* Retain Asynchronous Event */
		event_log_read(dev, lid);
	return status;
}
