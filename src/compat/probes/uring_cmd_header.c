// SPDX-License-Identifier: GPL-2.0
// 6.8: commands by io_uring have a header of their own, and point to the whole submission entry.
#include <linux/io_uring/cmd.h>
const void *probe(const struct io_uring_cmd *ioucmd);
const void *probe(const struct io_uring_cmd *ioucmd)
{
	return ioucmd->sqe->cmd;
}
