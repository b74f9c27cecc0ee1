// SPDX-License-Identifier: GPL-2.0
// 6.8: a command by io_uring knows the task that has submitted it.
#include <linux/io_uring/cmd.h>
struct task_struct *probe(struct io_uring_cmd *ioucmd);
struct task_struct *probe(struct io_uring_cmd *ioucmd)
{
	return io_uring_cmd_get_task(ioucmd);
}
