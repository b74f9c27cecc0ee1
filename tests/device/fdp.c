// SPDX-License-Identifier: GPL-2.0
/*
 * Flexible data placement, as far as a host can see it: one reclaim group, four reclaim unit handles, a placement
 * handle for each. Data lie where they lie; what is counted is how much was written by which handle.
 */
#include <string.h>

#include "device.h"

#define FDP_UNIT	(1u << 20)	/* bytes of a reclaim unit */

/* Log page 20h */
u32 fdp_configs(u8 *page)
{
	u32 i;

	put_le(page, 0, 2);				/* one configuration, 0's based */
	put_le(page + 4, 16 + 64 + 4 * FDP_HANDLES, 4);
	put_le(page + 16, 64 + 4 * FDP_HANDLES, 2);	/* descriptor size */
	page[18] = BIT(7);				/* valid */
	put_le(page + 20, 1, 4);			/* reclaim groups */
	put_le(page + 24, FDP_HANDLES, 2);
	put_le(page + 26, FDP_HANDLES - 1, 2);		/* placement identifiers, 0's based */
	put_le(page + 28, NS_MAX, 4);
	put_le(page + 32, FDP_UNIT, 8);
	for (i = 0; i < FDP_HANDLES; i++)
		page[16 + 64 + 4 * i] = 1;		/* initially isolated */
	return 16 + 64 + 4 * FDP_HANDLES;
}

/* Log page 21h */
u32 fdp_usage(u8 *page)
{
	u32 i;

	put_le(page, FDP_HANDLES, 2);
	for (i = 0; i < FDP_HANDLES; i++)
		page[8 + 8 * i] = 1;			/* specified by the host */
	return 8 + 8 * FDP_HANDLES;
}

/* Log page 22h */
u32 fdp_statistics(const struct device *dev, u8 *page)
{
	u64 bytes = dev->logs.written_blocks * 512;

	put_le(page, bytes, 8);
	put_le(page + 16, bytes, 8);
	return 64;
}

/* Where a write is to go: its directive must be none, or a handle that there is. */
u32 fdp_check_write(struct cmd *cmd)
{
	struct device *dev = cmd->dev;
	u32 type = cmd->sqe.cdw[2] >> 20 & 0xf, handle = cmd->sqe.cdw[3] >> 16;

	if (!type)
		return SC_OK;
	if (type != 2 || !dev->shape->fdp) {
		examine(dev, RULE_SQE_RESERVED, "write with directive type %u", type);
		return SC_FIELD | SF_DNR;
	}
	if (handle >= FDP_HANDLES)
		return SC_FIELD | SF_DNR;
	dev->logs.placed[handle] += (cmd->sqe.cdw[2] & 0xffff) + 1;
	return SC_OK;
}

/* I/O Management Receive: Reclaim Unit Handle Status */
u32 fdp_receive(struct cmd *cmd)
{
	u64 len = (cmd->sqe.cdw[1] + 1ull) * 4;
	const struct ns *ns = ns_get(cmd->dev, cmd->sqe.nsid);
	u8 page[16 + 32 * FDP_HANDLES] = {};
	u32 i, status;

	if (!ns)
		return SC_NAMESPACE | SF_DNR;
	if ((cmd->sqe.cdw[0] & 0xff) != 1)
		return SC_FIELD | SF_DNR;
	status = examine_length(cmd, len);
	if (status)
		return status;
	put_le(page + 14, FDP_HANDLES, 2);
	for (i = 0; i < FDP_HANDLES; i++) {
		u64 left = FDP_UNIT >> ns_shift(cmd->dev, ns);

		put_le(page + 16 + 32 * i, i, 2);
		put_le(page + 16 + 32 * i + 2, i, 2);
		put_le(page + 16 + 32 * i + 8, left - cmd->dev->logs.placed[i] % left, 8);
	}
	return xfer_out_part(cmd, page, sizeof(page), 0, (u32)min_of(len, 1ull << 20));
}

/* I/O Management Send: Reclaim Unit Handle Update */
u32 fdp_send(struct cmd *cmd)
{
	u32 nr = (cmd->sqe.cdw[0] >> 16) + 1, i, status;
	u8 list[2 * FDP_HANDLES];

	if (!ns_get(cmd->dev, cmd->sqe.nsid))
		return SC_NAMESPACE | SF_DNR;
	if ((cmd->sqe.cdw[0] & 0xff) != 1 || nr > FDP_HANDLES)
		return SC_FIELD | SF_DNR;
	status = xfer_in(cmd, list, 2 * nr);
	for (i = 0; !status && i < nr; i++) {
		if (get_le(list + 2 * i, 2) >= FDP_HANDLES)
			return SC_FIELD | SF_DNR;
		cmd->dev->logs.placed[get_le(list + 2 * i, 2)] = 0;
	}
	return status;
}
