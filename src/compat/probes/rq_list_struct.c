// SPDX-License-Identifier: GPL-2.0
// 6.13, 6.12.25: lists of requests have a type of their own with a tail pointer.
#include <linux/blk-mq.h>
bool probe(struct io_comp_batch *iob);
bool probe(struct io_comp_batch *iob)
{
	return rq_list_empty(&iob->req_list);
}
