/* SPDX-License-Identifier: GPL-2.0 */
/*
 * uring.h - commands that come by io_uring, as each kernel hands them over. Included by who takes them, after compat.h.
 *
 * A command is submitted with its payload, may be told to go on in the task that has submitted it, and is completed
 * with an outcome and a result. Which header says so, and how, has changed often.
 */
#ifndef ONVME_COMPAT_URING_H
#define ONVME_COMPAT_URING_H

#include <linux/io_uring.h>
#include <linux/io_uring_types.h>
#include <linux/uio.h>
#ifdef ONVME_HAVE_URING_CMD_HEADER
#include <linux/io_uring/cmd.h>

static inline const void *onvme_compat_uring_payload(const struct io_uring_cmd *ioucmd)
{
	return ioucmd->sqe->cmd;
}
#else
#define io_uring_cmd_do_in_task_lazy(ioucmd, fn)	io_uring_cmd_complete_in_task(ioucmd, fn)

static inline const void *onvme_compat_uring_payload(const struct io_uring_cmd *ioucmd)
{
	return ioucmd->cmd;
}
#endif

#ifndef ONVME_HAVE_URING_DONE32
#define io_uring_cmd_done32(ioucmd, ret, res2, issue_flags)	io_uring_cmd_done(ioucmd, ret, res2, issue_flags)
#endif

/* What io_uring_cmd_do_in_task_lazy() calls is told the command in one way or another. */
#ifdef ONVME_HAVE_URING_TW_REQ
#define ONVME_URING_TASK_ARGS	struct io_tw_req tw_req, io_tw_token_t tw
#define ONVME_URING_TASK_CMD	io_uring_cmd_from_tw(tw_req)
#define ONVME_URING_TASK_FLAGS	IO_URING_CMD_TASK_WORK_ISSUE_FLAGS
#else
#define ONVME_URING_TASK_ARGS	struct io_uring_cmd *tw_cmd, unsigned int tw_flags
#define ONVME_URING_TASK_CMD	tw_cmd
#define ONVME_URING_TASK_FLAGS	tw_flags
#endif

/* The memory of the task that has submitted a command; NULL when it has ended */
static inline struct mm_struct *onvme_compat_uring_mm(struct io_uring_cmd *ioucmd)
{
#ifdef ONVME_HAVE_URING_CMD_TASK
	return READ_ONCE(io_uring_cmd_get_task(ioucmd)->mm);
#else
	return READ_ONCE(cmd_to_io_kiocb(ioucmd)->task->mm);
#endif
}

/* A registered buffer, or before Linux 6.15 with @vec nothing */
static inline int onvme_compat_uring_import(struct io_uring_cmd *ioucmd, u64 addr, u32 len, bool vec, int dir,
					    struct iov_iter *iter, unsigned int issue_flags)
{
#ifdef ONVME_HAVE_URING_FIXED_VEC
	if (vec)
		return io_uring_cmd_import_fixed_vec(ioucmd, u64_to_user_ptr(addr), len, dir, iter, issue_flags);
	return io_uring_cmd_import_fixed(addr, len, dir, iter, ioucmd, issue_flags);
#else
	return vec ? -EINVAL : io_uring_cmd_import_fixed(addr, len, dir, iter, ioucmd);
#endif
}

#endif /* ONVME_COMPAT_URING_H */
