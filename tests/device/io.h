/* SPDX-License-Identifier: GPL-2.0 */
/*
 * io.h - the NVM command set.
 */
#ifndef DEVICE_IO_H
#define DEVICE_IO_H

#include "base.h"

struct cmd;

u32 io_execute(struct cmd *cmd);
/* Bytes of data that a Read moves to the host; 0 for anything else and for what would fail. */
u32 io_read_len(struct cmd *cmd);

/* pi.c: protection information of one block, type 1 to 3 with a 16-bit guard, first in the metadata */
struct pi_check {
	u32	type;
	u32	prinfo;		/* bits 3:0: action, guard, application tag, reference tag */
	u32	reftag;		/* expected, of this block */
	u32	apptag;
	u32	appmask;
};

u16 pi_crc16(const void *data, size_t len);
void pi_make(u8 *meta, const void *data, size_t len, const struct pi_check *pi);
u32 pi_verify(const u8 *meta, const void *data, size_t len, const struct pi_check *pi);

#endif /* DEVICE_IO_H */
