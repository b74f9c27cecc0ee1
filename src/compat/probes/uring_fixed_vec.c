// SPDX-License-Identifier: GPL-2.0
// 6.15: a command by io_uring may have its data in several pieces of a registered buffer.
#include <linux/io_uring/cmd.h>
int probe(struct io_uring_cmd *ioucmd, struct iov_iter *iter);
int probe(struct io_uring_cmd *ioucmd, struct iov_iter *iter)
{
	if (io_uring_cmd_import_fixed(0, 512, 0, iter, ioucmd, 0))
		return 1;
	return io_uring_cmd_import_fixed_vec(ioucmd, NULL, 1, 0, iter, 0);
}
