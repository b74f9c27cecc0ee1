// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "device.h"

#define PRACT	BIT(3)		/* in the PRINFO field */

/* What a command that names a range of blocks is about */
struct io_range {
	struct ns	*ns;
	u64		slba;
	u32		nlb;
	u32		shift;
	u32		meta;		/* bytes per block in the namespace */
	u32		stride;		/* bytes per block in the host's data buffer */
	bool		moves_meta;	/* metadata come from or go to the host */
	struct pi_check	pi;
};

static u32 io_range(struct cmd *cmd, struct io_range *range)
{
	const u32 *cdw = cmd->sqe.cdw;
	struct ns *ns = ns_get(cmd->dev, cmd->sqe.nsid);

	if (!ns)
		return SC_NAMESPACE | SF_DNR;
	*range = (struct io_range){
		.ns = ns, .slba = cdw[0] | (u64)cdw[1] << 32, .nlb = (cdw[2] & 0xffff) + 1,
		.shift = ns_shift(cmd->dev, ns), .meta = ns_meta(cmd->dev, ns),
		.pi = { .type = ns->pi, .prinfo = cdw[2] >> 26 & 0xf, .reftag = cdw[4],
			.apptag = cdw[5] & 0xffff, .appmask = cdw[5] >> 16 },
	};
	if (range->slba > ns->blocks || range->nlb > ns->blocks - range->slba)
		return SC_LBA_RANGE | SF_DNR;
	range->moves_meta = range->meta && !(ns->pi && range->pi.prinfo & PRACT && range->meta == 8);
	range->stride = (1u << range->shift) + (range->moves_meta && ns->extended ? range->meta : 0);
	if (cmd->sqe.mptr && cmd->started && (!range->moves_meta || ns->extended))
		examine(cmd->dev, RULE_MPTR_ALIGN, "opcode %#x has metadata pointer %#llx and no use for it",
			cmd->sqe.opcode, cmd->sqe.mptr);
	return SC_OK;
}

u32 io_read_len(struct cmd *cmd)
{
	struct io_range range;

	if (cmd->admin || cmd->sqe.opcode != NVM_READ || io_range(cmd, &range))
		return 0;
	return range.nlb * range.stride;
}

static u8 *io_data(const struct io_range *range, u64 block)
{
	return range->ns->data + ((range->slba + block) << range->shift);
}

static u8 *io_meta(const struct io_range *range, u64 block)
{
	return range->ns->meta + (range->slba + block) * range->meta;
}

static u32 io_verify_pi(const struct io_range *range)
{
	struct pi_check pi = range->pi;
	u32 i, status;

	for (i = 0; range->ns->pi && i < range->nlb; i++) {
		status = pi_verify(io_meta(range, i), io_data(range, i), 1u << range->shift, &pi);
		if (status)
			return status;
		pi.reftag++;
	}
	return SC_OK;
}

static bool io_unreadable(const struct io_range *range)
{
	u32 i;

	for (i = 0; i < range->nlb; i++)
		if (ns_is_uncor(range->ns, range->slba + i))
			return true;
	return false;
}

static u32 io_read(struct cmd *cmd)
{
	struct io_range range;
	u32 status = io_range(cmd, &range), len, i;
	u8 *buf;

	if (!status)
		status = examine_length(cmd, (u64)range.nlb * range.stride);
	if (!status)
		status = resv_may(cmd, range.ns, false);
	if (!status && io_unreadable(&range))
		status = SC_UNRECOVERED;
	if (!status)
		status = io_verify_pi(&range);
	if (status)
		return status;
	len = range.nlb * range.stride;
	buf = zalloc(len);
	for (i = 0; i < range.nlb; i++) {
		memcpy(buf + i * range.stride, io_data(&range, i), 1u << range.shift);
		if (range.stride > 1u << range.shift)
			memcpy(buf + i * range.stride + (1u << range.shift), io_meta(&range, i), range.meta);
	}
	status = xfer_out(cmd, buf, len);
	free(buf);
	if (!status && range.moves_meta && !range.ns->extended)
		status = xfer_meta(cmd, io_meta(&range, 0), range.nlb * range.meta, true);
	cmd->dev->logs.reads++;
	cmd->dev->logs.read_blocks += (u64)range.nlb << range.shift >> 9;
	return status;
}

/* The host's data, block by block with its metadata behind it; a separate buffer of metadata is woven in. */
static u32 io_fetch(struct cmd *cmd, const struct io_range *range, u8 **buf)
{
	u32 size = (1u << range->shift) + range->meta, status, i;
	u8 *data = zalloc(range->nlb * range->stride), *meta = zalloc(range->nlb * range->meta + 1);

	*buf = zalloc((size_t)range->nlb * size);
	status = xfer_in(cmd, data, range->nlb * range->stride);
	if (!status && range->moves_meta && !range->ns->extended)
		status = xfer_meta(cmd, meta, range->nlb * range->meta, false);
	for (i = 0; i < range->nlb; i++) {
		u8 *block = *buf + (size_t)i * size;

		memcpy(block, data + i * range->stride, min_of(range->stride, size));
		if (range->moves_meta && !range->ns->extended)
			memcpy(block + (1u << range->shift), meta + i * range->meta, range->meta);
	}
	free(data);
	free(meta);
	return status;
}

static u32 io_check_incoming(const struct io_range *range, u8 *buf)
{
	u32 size = (1u << range->shift) + range->meta, i, status;
	struct pi_check pi = range->pi;

	for (i = 0; range->ns->pi && i < range->nlb; i++) {
		u8 *block = buf + (size_t)i * size;

		if (pi.prinfo & PRACT) {
			pi_make(block + (1u << range->shift), block, 1u << range->shift, &pi);
		} else {
			status = pi_verify(block + (1u << range->shift), block, 1u << range->shift, &pi);
			if (status)
				return status;
		}
		pi.reftag++;
	}
	return SC_OK;
}

static u32 io_write(struct cmd *cmd)
{
	struct io_range range;
	u32 status = io_range(cmd, &range), i, size;
	u8 *buf;

	if (!status)
		status = examine_length(cmd, (u64)range.nlb * range.stride);
	if (!status)
		status = resv_may(cmd, range.ns, true);
	if (!status && range.ns->readonly)
		status = SC_WRITE_PROTECTED | SF_DNR;
	if (!status)
		status = fdp_check_write(cmd);
	if (status)
		return status;
	status = io_fetch(cmd, &range, &buf);
	if (!status)
		status = io_check_incoming(&range, buf);
	size = (1u << range.shift) + range.meta;
	for (i = 0; !status && i < range.nlb; i++) {
		memcpy(io_data(&range, i), buf + (size_t)i * size, 1u << range.shift);
		memcpy(io_meta(&range, i), buf + (size_t)i * size + (1u << range.shift), range.meta);
	}
	free(buf);
	if (!status)
		ns_set_uncor(range.ns, range.slba, range.nlb, false);
	cmd->dev->logs.writes++;
	cmd->dev->logs.written_blocks += (u64)range.nlb << range.shift >> 9;
	return status;
}

static u32 io_compare(struct cmd *cmd)
{
	struct io_range range;
	u32 status = io_range(cmd, &range), i, size;
	u8 *buf;

	if (!status)
		status = examine_length(cmd, (u64)range.nlb * range.stride);
	if (!status)
		status = resv_may(cmd, range.ns, false);
	if (!status && io_unreadable(&range))
		status = SC_UNRECOVERED;
	if (status)
		return status;
	status = io_fetch(cmd, &range, &buf);
	size = (1u << range.shift) + range.meta;
	for (i = 0; !status && i < range.nlb; i++) {
		const u8 *block = buf + (size_t)i * size;

		if (memcmp(io_data(&range, i), block, 1u << range.shift) ||
		    (range.moves_meta && memcmp(io_meta(&range, i), block + (1u << range.shift), range.meta)))
			status = SC_COMPARE | SF_DNR;
	}
	free(buf);
	return status;
}

static u32 io_zeroes(struct cmd *cmd)
{
	const struct shape *shape = cmd->dev->shape;
	struct io_range range;
	u32 status = io_range(cmd, &range);

	if (status)
		return status;
	if (shape->wzsl && (u64)range.nlb << range.shift > 4096ull << shape->mpsmin << min_of(shape->wzsl, 40ull))
		examine(cmd->dev, RULE_WZSL, "%u blocks, WZSL is %llu", range.nlb, shape->wzsl);
	status = resv_may(cmd, range.ns, true);
	if (!status && range.ns->readonly)
		status = SC_WRITE_PROTECTED | SF_DNR;
	if (!status)
		ns_zero(cmd->dev, range.ns, range.slba, range.nlb);
	return status;
}

static u32 io_uncor(struct cmd *cmd)
{
	struct io_range range;
	u32 status = io_range(cmd, &range);

	if (!status)
		status = resv_may(cmd, range.ns, true);
	if (!status && range.ns->readonly)
		status = SC_WRITE_PROTECTED | SF_DNR;
	if (!status)
		ns_set_uncor(range.ns, range.slba, range.nlb, true);
	return status;
}

static u32 io_verify(struct cmd *cmd)
{
	struct io_range range;
	u32 status = io_range(cmd, &range);

	if (!status)
		status = resv_may(cmd, range.ns, false);
	if (!status && io_unreadable(&range))
		status = SC_UNRECOVERED;
	return status ? status : io_verify_pi(&range);
}

static u32 io_dsm(struct cmd *cmd)
{
	const struct shape *shape = cmd->dev->shape;
	struct ns *ns = ns_get(cmd->dev, cmd->sqe.nsid);
	u32 nr = (cmd->sqe.cdw[0] & 0xff) + 1, i, status;
	u8 ranges[256 * 16];
	u64 total = 0;

	if (!ns)
		return SC_NAMESPACE | SF_DNR;
	status = xfer_in(cmd, ranges, nr * 16);
	if (!status)
		status = resv_may(cmd, ns, true);
	if (!status && ns->readonly)
		status = SC_WRITE_PROTECTED | SF_DNR;
	for (i = 0; !status && i < nr; i++) {
		u64 blocks = get_le(ranges + 16 * i + 4, 4), slba = get_le(ranges + 16 * i + 8, 8);

		total += blocks;
		if (shape->dmrsl && blocks > shape->dmrsl)
			examine(cmd->dev, RULE_DSM_LIMIT, "a range of %llu blocks, DMRSL is %llu", blocks,
				shape->dmrsl);
		if (slba > ns->blocks || blocks > ns->blocks - slba)
			return SC_LBA_RANGE | SF_DNR;
		if (cmd->sqe.cdw[1] & 4)
			ns_zero(cmd->dev, ns, slba, blocks);
	}
	if ((shape->dmrl && nr > shape->dmrl) || (shape->dmsl && total > shape->dmsl))
		examine(cmd->dev, RULE_DSM_LIMIT, "%u ranges, %llu blocks", nr, total);
	return status;
}

static u32 io_copy(struct cmd *cmd)
{
	struct io_range range;
	u32 nr = (cmd->sqe.cdw[2] & 0xff) + 1, i, status;
	u64 to = cmd->sqe.cdw[0] | (u64)cmd->sqe.cdw[1] << 32;
	struct ns *ns = ns_get(cmd->dev, cmd->sqe.nsid);
	u8 sources[8 * 32];

	if (!ns)
		return SC_NAMESPACE | SF_DNR;
	if (nr > 8 || cmd->sqe.cdw[2] >> 8 & 0xf)
		return SC_FIELD | SF_DNR;
	status = xfer_in(cmd, sources, nr * 32);
	if (!status)
		status = resv_may(cmd, ns, true);
	if (!status && ns->readonly)
		status = SC_WRITE_PROTECTED | SF_DNR;
	for (i = 0; !status && i < nr; i++) {
		u64 from = get_le(sources + 32 * i + 8, 8), blocks = get_le(sources + 32 * i + 16, 2) + 1;

		if (from > ns->blocks || blocks > ns->blocks - from || to > ns->blocks || blocks > ns->blocks - to)
			return SC_LBA_RANGE | SF_DNR;
		range = (struct io_range){ .ns = ns, .slba = from, .nlb = (u32)blocks, .shift = ns_shift(cmd->dev, ns),
					   .meta = ns_meta(cmd->dev, ns) };
		if (io_unreadable(&range))
			return SC_UNRECOVERED;
		memmove(ns->data + (to << range.shift), io_data(&range, 0), blocks << range.shift);
		memmove(ns->meta + to * range.meta, io_meta(&range, 0), blocks * range.meta);
		to += blocks;
	}
	return status;
}

/* Everything is in memory at once: there is nothing to flush. */
static u32 io_flush(struct cmd *cmd)
{
	return cmd->sqe.nsid == NSID_ALL || ns_get(cmd->dev, cmd->sqe.nsid) ? SC_OK : SC_NAMESPACE | SF_DNR;
}

static const struct {
	u8	opcode;
	u32	(*execute)(struct cmd *cmd);
} io_table[] = {
	{ NVM_FLUSH,	io_flush },
	{ NVM_WRITE,	io_write },
	{ NVM_READ,	io_read },
	{ NVM_UNCOR,	io_uncor },
	{ NVM_COMPARE,	io_compare },
	{ NVM_ZEROES,	io_zeroes },
	{ NVM_DSM,	io_dsm },
	{ NVM_VERIFY,	io_verify },
	{ NVM_REGISTER,	resv_register },
	{ NVM_REPORT,	resv_report },
	{ NVM_ACQUIRE,	resv_acquire },
	{ NVM_RELEASE,	resv_release },
	{ NVM_COPY,	io_copy },
	{ NVM_MGMT_RECV, fdp_receive },
	{ NVM_MGMT_SEND, fdp_send },
};

/* Base, "Asymmetric Namespace Access states": in three of them there is no I/O. */
static u32 io_accessible(const struct device *dev)
{
	switch (dev->logs.ana) {
	case 3:
		return SC_ANA_INACCESSIBLE;
	case 4:
		return SC_ANA_LOST | SF_DNR;
	case 15:
		return SC_ANA_TRANSITION;
	default:
		return SC_OK;
	}
}

u32 io_execute(struct cmd *cmd)
{
	u32 i, status = io_accessible(cmd->dev);

	if (status)
		return status;

	hmb_work(cmd->dev);
	for (i = 0; i < ARRAY_SIZE(io_table); i++)
		if (io_table[i].opcode == cmd->sqe.opcode)
			return io_table[i].execute(cmd);
	return SC_OPCODE | SF_DNR;
}
