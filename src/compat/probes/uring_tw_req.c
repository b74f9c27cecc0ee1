// SPDX-License-Identifier: GPL-2.0
// 6.19: what a command by io_uring does in its task is told the request of that work.
#include <linux/io_uring/cmd.h>
static void probe_task(struct io_tw_req tw_req, io_tw_token_t tw)
{
	io_uring_cmd_done(io_uring_cmd_from_tw(tw_req), 0, IO_URING_CMD_TASK_WORK_ISSUE_FLAGS);
}
void probe(struct io_uring_cmd *ioucmd);
void probe(struct io_uring_cmd *ioucmd)
{
	io_uring_cmd_do_in_task_lazy(ioucmd, probe_task);
}
