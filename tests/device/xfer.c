// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "device.h"

static bool xfer_read_list(void *arg, u64 addr, void *to, u32 len)
{
	const struct device *dev = arg;

	return dma_read(&dev->dma, addr, to, len);
}

static bool xfer_walk(struct cmd *cmd, struct prp_walk *walk, u32 len)
{
	struct prp_reader reader = { .read = xfer_read_list, .arg = cmd->dev };

	*walk = (struct prp_walk){
		.prp1 = cmd->sqe.prp1, .prp2 = cmd->sqe.prp2, .len = len, .page = regs_page_size(cmd->dev),
		.granule = (cmd->dev->sgls & SGLS_DATA) == SGLS_DWORD ? 4 : 0,
	};
	return cmd->sqe.flags & SQE_SGL ? sgl_walk(walk, &reader) : prp_walk(walk, &reader);
}

/* What a command fails with when this was broken on the way to its data; others are only noted. */
static u32 xfer_status(enum rule_id broken)
{
	switch (broken) {
	case RULE_PRP1_ALIGN:
	case RULE_PRP_ENTRY_OFFSET:
	case RULE_PRP2_OFFSET:
		return SC_PRP_OFFSET | SF_DNR;
	case RULE_SGL_TYPE:
		return SC_SGL_TYPE | SF_DNR;
	case RULE_SGL_SEGMENT:
	case RULE_SGL_LAST:
		return SC_SGL_SEGMENT | SF_DNR;
	case RULE_SGL_PLACE:
		return SC_SGL_NUMBER | SF_DNR;
	case RULE_SGL_LENGTH:
		return SC_SGL_LENGTH | SF_DNR;
	case RULE_SGL_ALIGN:
		return SC_SGL_GRANULARITY | SF_DNR;
	default:
		return SC_OK;
	}
}

u32 xfer_blocks(struct cmd *cmd)
{
	struct prp_walk walk;
	u32 nr = 0;

	if (!(cmd->sqe.flags & SQE_SGL))
		return 0;
	if (xfer_walk(cmd, &walk, 0) && (!walk.broken || walk.broken == RULE_SGL_LENGTH))
		nr = walk.nr;
	free(walk.pieces);
	return nr;
}

static bool xfer_pieces(struct device *dev, const struct prp_walk *walk, u8 *data, bool out)
{
	u32 i;

	for (i = 0; i < walk->nr; i++) {
		const struct prp_piece *piece = &walk->pieces[i];

		if (!(out ? dma_write(&dev->dma, piece->addr, data, piece->len) :
			    dma_read(&dev->dma, piece->addr, data, piece->len)))
			return false;
		data += piece->len;
	}
	return true;
}

bool xfer_raw(struct cmd *cmd, void *data, u32 len, bool out)
{
	struct prp_walk walk;
	bool ok = xfer_walk(cmd, &walk, len) && !xfer_status(walk.broken) && xfer_pieces(cmd->dev, &walk, data, out);

	free(walk.pieces);
	return ok;
}

static u32 xfer_move(struct cmd *cmd, void *data, u32 len, u32 move, bool out)
{
	struct device *dev = cmd->dev;
	struct prp_walk walk;
	bool ok = xfer_walk(cmd, &walk, len);
	u32 status;

	if (walk.broken)
		examine(dev, walk.broken, "queue %u, opcode %#x, %u bytes: %#llx", cmd->sq->id, cmd->sqe.opcode, len,
			walk.at);
	status = xfer_status(walk.broken);
	/* A transfer that is cut short ends within a piece. */
	while (ok && walk.nr && walk.len > move) {
		u32 cut = min_of(walk.len - move, walk.pieces[walk.nr - 1].len);

		walk.len -= cut;
		walk.pieces[walk.nr - 1].len -= cut;
		walk.nr -= !walk.pieces[walk.nr - 1].len;
	}
	if (!status && !(ok && xfer_pieces(dev, &walk, data, out))) {
		examine(dev, RULE_DMA, "queue %u, opcode %#x: %u bytes at PRP1 %#llx, PRP2 %#llx", cmd->sq->id,
			cmd->sqe.opcode, len, cmd->sqe.prp1, cmd->sqe.prp2);
		status = SC_TRANSFER;
	}
	free(walk.pieces);
	return status;
}

u32 xfer_out_part(struct cmd *cmd, void *from, u32 size, u64 skip, u32 len)
{
	u8 *part = zalloc(len ? len : 1);
	u32 status;

	if (skip < size)
		memcpy(part, (u8 *)from + skip, min_of(len, size - (u32)skip));
	status = xfer_out(cmd, part, len);
	free(part);
	return status;
}

u32 xfer_out(struct cmd *cmd, void *from, u32 len)
{
	fate_bytes(&cmd->fate, from, len);
	return xfer_move(cmd, from, len, cmd->fate.short_data ? len / 2 : len, true);
}

u32 xfer_in(struct cmd *cmd, void *to, u32 len)
{
	return xfer_move(cmd, to, len, len, false);
}

u32 xfer_meta(struct cmd *cmd, void *data, u32 len, bool out)
{
	struct device *dev = cmd->dev;

	if (cmd->sqe.mptr & 3)
		examine(dev, RULE_MPTR_ALIGN, "queue %u, opcode %#x: %#llx", cmd->sq->id, cmd->sqe.opcode,
			cmd->sqe.mptr);
	if (out ? dma_write(&dev->dma, cmd->sqe.mptr, data, len) : dma_read(&dev->dma, cmd->sqe.mptr, data, len))
		return SC_OK;
	examine(dev, RULE_DMA, "queue %u, opcode %#x: %u bytes of metadata at %#llx", cmd->sq->id, cmd->sqe.opcode,
		len, cmd->sqe.mptr);
	return SC_TRANSFER;
}
