/* SPDX-License-Identifier: GPL-2.0 */
/*
 * xfer.h - moving data between the device and the buffers of a command.
 *
 * prp.c and sgl.c find the pieces (they are pure, and have tests of their own); xfer.c moves them and lets a scenario's
 * fate of the command change them.
 */
#ifndef DEVICE_XFER_H
#define DEVICE_XFER_H

#include "examine.h"
#include "nvme.h"

struct prp_piece {
	u64	addr;
	u32	len;
};

/* Where lists are read from; a function, so that tests need no guest. */
struct prp_reader {
	bool	(*read)(void *arg, u64 addr, void *to, u32 len);
	void	*arg;
};

struct prp_walk {
	u64			prp1, prp2;	/* or the two halves of the SGL descriptor in the command */
	u32			len;
	u32			page;
	u32			granule;	/* to which data blocks of an SGL are aligned; 0: to nothing */
	struct prp_piece	*pieces;	/* by the walk; to be freed */
	u32			nr;
	enum rule_id		broken;		/* the first rule that the host broke */
	u64			at;		/* the value that broke it */
};

/* False: some list could not be read, and the pieces are of no use. */
bool prp_walk(struct prp_walk *walk, const struct prp_reader *reader);
/* The same, but nothing is told of the pieces when a rule was broken. */
bool sgl_walk(struct prp_walk *walk, const struct prp_reader *reader);

struct cmd;

/* Device to host, as the answer of a command; returns a status. */
u32 xfer_out(struct cmd *cmd, void *from, u32 len);
/* The same for data of which the host wants a part: @from is all of it, the host gets @len bytes from @skip on. */
u32 xfer_out_part(struct cmd *cmd, void *from, u32 size, u64 skip, u32 len);
u32 xfer_in(struct cmd *cmd, void *to, u32 len);
/* Without any judgement or change; false when it did not work. */
bool xfer_raw(struct cmd *cmd, void *data, u32 len, bool out);
/* Data blocks of the command's SGL, whatever their length; 0 when it has none, or one that is wrong. */
u32 xfer_blocks(struct cmd *cmd);
/* Metadata: contiguous at MPTR. */
u32 xfer_meta(struct cmd *cmd, void *data, u32 len, bool out);

#endif /* DEVICE_XFER_H */
