// SPDX-License-Identifier: GPL-2.0
// 7.0: the end_io callback of a request is told the completion batch.
#include <linux/blk-mq.h>
static enum rq_end_io_ret probe_end_io(struct request *rq, blk_status_t sts, const struct io_comp_batch *iob)
{
	return RQ_END_IO_NONE;
}
rq_end_io_fn *probe = probe_end_io;
