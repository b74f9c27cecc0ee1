// SPDX-License-Identifier: GPL-2.0
// 6.18: a command by io_uring is completed with a second result by a function of its own.
#include <linux/io_uring/cmd.h>
void probe(struct io_uring_cmd *ioucmd);
void probe(struct io_uring_cmd *ioucmd)
{
	io_uring_cmd_done32(ioucmd, 0, 1, 0);
}
