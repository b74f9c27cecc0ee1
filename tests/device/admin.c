// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "device.h"

/* Base, "Abort command": bit 0 of dword 0 says that the command was not aborted. */
static u32 admin_abort(struct cmd *cmd)
{
	struct device *dev = cmd->dev;
	u32 sqid = cmd->sqe.cdw[0] & 0xffff, cid = cmd->sqe.cdw[0] >> 16, n = 0;
	struct cmd *victim = queue_find(dev, sqid, cid);
	struct list *node;

	for (node = cmd->sq->cmds.next; node != &cmd->sq->cmds; node = node->next)
		n += container_of(node, struct cmd, node)->sqe.opcode == ADM_ABORT;
	if (n > dev->shape->acl + 1) {
		examine(dev, RULE_ABORT_LIMIT, "%u aborts outstanding, ACL is %llu", n, dev->shape->acl);
		return SC_ABORT_LIMIT;
	}
	cmd->dw0 = !victim || victim == cmd;
	if (cmd->dw0)
		return SC_OK;
	/* A scenario may have had other plans for its completion: they are off. */
	memset(&victim->fate, 0, sizeof(victim->fate));
	cmd_complete(victim, SC_ABORTED);
	return SC_OK;
}

static u32 admin_dbbuf(struct cmd *cmd)
{
	struct device *dev = cmd->dev;

	if (cmd->sqe.prp1 % regs_page_size(dev) || cmd->sqe.prp2 % regs_page_size(dev) || !cmd->sqe.prp1 ||
	    !cmd->sqe.prp2) {
		examine(dev, RULE_DBBUF, "pages at %#llx and %#llx", cmd->sqe.prp1, cmd->sqe.prp2);
		return SC_FIELD | SF_DNR;
	}
	if (dev->shadow)
		examine(dev, RULE_DBBUF, "given a second time");
	dev->shadow = cmd->sqe.prp1;
	dev->events_index = cmd->sqe.prp2;
	return SC_OK;
}

/* ---- firmware (Base, "Firmware Image Download command", "Firmware Commit command") ---- */

static u32 admin_fw_download(struct cmd *cmd)
{
	struct admin *adm = &cmd->dev->adm;
	u64 len = (cmd->sqe.cdw[0] + 1ull) * 4, at = cmd->sqe.cdw[1] * 4ull;
	u32 status;

	if (len % 4096 || at % 4096)
		examine(cmd->dev, RULE_FW_GRANULARITY, "%llu bytes at %llu", len, at);
	if (at + len > ADMIN_FW_MAX)
		return SC_FIELD | SF_DNR;
	status = examine_length(cmd, len);
	if (!status)
		status = xfer_in(cmd, adm->image + at, (u32)len);
	if (!status)
		adm->image_len = max_of(adm->image_len, (u32)(at + len));
	return status;
}

static u32 admin_fw_activate(struct device *dev, u32 slot)
{
	dev->adm.active_slot = slot;
	dev->adm.next_slot = 0;
	if (dev->features.value[FEAT_EVENTS] & OAES_FW)
		event_post(dev, 2, 1, LOG_FIRMWARE);
	regs_pause(dev, dev->shape->fw_ms);
	return SC_OK;
}

static u32 admin_fw_commit(struct cmd *cmd)
{
	struct device *dev = cmd->dev;
	struct admin *adm = &dev->adm;
	u32 slot = cmd->sqe.cdw[0] & 7, action = cmd->sqe.cdw[0] >> 3 & 7;
	u32 slots = dev->shape->frmw >> 1 & 7;

	if (!slot)
		slot = 1;
	if (slot > slots || (slot == 1 && dev->shape->frmw & 1))
		return SC_FW_SLOT | SF_DNR;
	if (action <= 1 || action == 3) {
		if (action != 3 || adm->image_len) {
			if (adm->image_len < 8)
				return SC_FW_IMAGE | SF_DNR;
			memcpy(adm->slot[slot], adm->image, 8);
			adm->image_len = 0;
		}
	}
	if (action > 3 || !adm->slot[slot][0])
		return action > 3 ? SC_FIELD | SF_DNR : SC_FW_IMAGE | SF_DNR;
	if (action == 3 && dev->shape->frmw & BIT(4))
		return admin_fw_activate(dev, slot);
	if (action) {
		adm->next_slot = slot;
		return SC_FW_NEEDS_RESET;
	}
	return SC_OK;
}

/* ---- namespaces (Base, "Namespace Management command", "Namespace Attachment command", "Format NVM command") ---- */

static u32 admin_create_ns(struct cmd *cmd)
{
	struct device *dev = cmd->dev;
	u8 page[4096];
	u32 status = xfer_in(cmd, page, sizeof(page)), nsid, format;

	if (status)
		return status;
	format = page[26] & 0xf;
	if (format >= NS_NR_FORMATS)
		return SC_FORMAT | SF_DNR;
	if (!get_le(page, 8) || get_le(page, 8) > dev->disk_bytes * 4 >> dev->nss.formats[format].lba_shift)
		return SC_NS_CAPACITY | SF_DNR;
	for (nsid = 1; nsid <= NS_MAX && dev->nss.ns[nsid]; nsid++)
		;
	if (nsid > NS_MAX || nsid > dev->shape->nn)
		return SC_NS_NO_ID | SF_DNR;
	ns_add(dev, nsid, get_le(page, 8), format, page[26] & BIT(4), page[29] & 7);
	dev->nss.ns[nsid]->attached = false;
	cmd->dw0 = nsid;
	return SC_OK;
}

static u32 admin_ns_mgmt(struct cmd *cmd)
{
	struct device *dev = cmd->dev;
	u32 nsid = cmd->sqe.nsid, i;

	if (!(cmd->sqe.cdw[0] & 0xf))
		return admin_create_ns(cmd);
	if ((cmd->sqe.cdw[0] & 0xf) != 1)
		return SC_FIELD | SF_DNR;
	if (nsid != NSID_ALL && (!nsid || nsid > NS_MAX || !dev->nss.ns[nsid]))
		return SC_NAMESPACE | SF_DNR;
	for (i = 1; i <= NS_MAX; i++) {
		if (!dev->nss.ns[i] || (nsid != NSID_ALL && nsid != i))
			continue;
		ns_remove(dev, i);
		log_changed_ns(dev, i);
	}
	return SC_OK;
}

static u32 admin_ns_attach(struct cmd *cmd)
{
	u32 nsid = cmd->sqe.nsid, select = cmd->sqe.cdw[0] & 0xf, status;
	struct ns *ns = nsid <= NS_MAX ? cmd->dev->nss.ns[nsid] : NULL;
	u8 page[4096];

	status = xfer_in(cmd, page, sizeof(page));
	if (status)
		return status;
	if (!ns || select > 1)
		return (ns ? SC_FIELD : SC_NAMESPACE) | SF_DNR;
	if (get_le(page, 2) != 1 || get_le(page + 2, 2) != 1)
		return SC_CTRL_LIST | SF_DNR;
	if (ns->attached == !select)
		return (select ? SC_NS_NOT_ATTACHED : SC_NS_ATTACHED) | SF_DNR;
	ns->attached = !select;
	ns_changed(cmd->dev, nsid);
	return SC_OK;
}

static u32 admin_format(struct cmd *cmd)
{
	struct device *dev = cmd->dev;
	u32 cdw = cmd->sqe.cdw[0], format = cdw & 0xf, i;

	if (format >= NS_NR_FORMATS)
		return SC_FORMAT | SF_DNR;
	if ((cdw >> 5 & 7) > 3 || ((cdw >> 5 & 7) && dev->nss.formats[format].metadata < 8))
		return SC_FORMAT | SF_DNR;
	if (cmd->sqe.nsid != NSID_ALL && !ns_get(dev, cmd->sqe.nsid))
		return SC_NAMESPACE | SF_DNR;
	for (i = 1; i <= NS_MAX; i++)
		if (ns_get(dev, i) && (cmd->sqe.nsid == NSID_ALL || cmd->sqe.nsid == i)) {
			ns_format_to(dev, ns_get(dev, i), format, cdw & BIT(4), cdw >> 5 & 7);
			log_changed_ns(dev, i);
		}
	return SC_OK;
}

static const struct {
	u8	opcode;
	u32	(*execute)(struct cmd *cmd);
} admin_table[] = {
	{ ADM_DELETE_SQ,	queue_delete_sq },
	{ ADM_CREATE_SQ,	queue_create_sq },
	{ ADM_GET_LOG,		log_execute },
	{ ADM_DELETE_CQ,	queue_delete_cq },
	{ ADM_CREATE_CQ,	queue_create_cq },
	{ ADM_IDENTIFY,		identify_execute },
	{ ADM_ABORT,		admin_abort },
	{ ADM_SET_FEATURE,	feature_set },
	{ ADM_GET_FEATURE,	feature_get },
	{ ADM_AER,		event_request },
	{ ADM_NS_MGMT,		admin_ns_mgmt },
	{ ADM_FW_COMMIT,	admin_fw_commit },
	{ ADM_FW_DOWNLOAD,	admin_fw_download },
	{ ADM_NS_ATTACH,	admin_ns_attach },
	{ ADM_DBBUF,		admin_dbbuf },
	{ ADM_FORMAT,		admin_format },
};

u32 admin_execute(struct cmd *cmd)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(admin_table); i++)
		if (admin_table[i].opcode == cmd->sqe.opcode)
			return admin_table[i].execute(cmd);
	return SC_OPCODE | SF_DNR;
}

void admin_power_on(struct device *dev)
{
	memset(&dev->adm, 0, sizeof(dev->adm));
	memcpy(dev->adm.slot[1], "1.0     ", 8);
	dev->adm.active_slot = 1;
}

/* A reset activates firmware that waits for one. */
void admin_reset(struct device *dev)
{
	if (dev->adm.next_slot)
		dev->adm.active_slot = dev->adm.next_slot;
	dev->adm.next_slot = 0;
	dev->adm.image_len = 0;
}
