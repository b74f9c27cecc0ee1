/* SPDX-License-Identifier: GPL-2.0 */
/*
 * rqlist.h - lists of requests, which are a structure from 6.13 on (and in stable kernels before) and were a pointer.
 */
#ifndef ONVME_COMPAT_RQLIST_H
#define ONVME_COMPAT_RQLIST_H

#ifdef ONVME_HAVE_RQ_LIST_STRUCT
#define onvme_batch_empty(iob)	rq_list_empty(&(iob)->req_list)
/* What blk_mq_ops.queue_rqs is given */
#define onvme_rq_list	struct rq_list

static inline struct request *onvme_rq_list_first(onvme_rq_list *list)
{
	return list->head;
}

static inline void onvme_rq_list_set(onvme_rq_list *list, struct request *first, struct request *last)
{
	list->head = first;
	list->tail = last;
}

static inline void onvme_rq_list_claim(struct request *rq)
{
}
#else
#define onvme_batch_empty(iob)	rq_list_empty((iob)->req_list)
#define onvme_rq_list	struct request *

static inline struct request *onvme_rq_list_first(onvme_rq_list *list)
{
	return *list;
}

static inline void onvme_rq_list_set(onvme_rq_list *list, struct request *first, struct request *last)
{
	*list = first;
}

/* Up to 6.6 who takes a request from a list enters it where time-outs look for it. */
static inline void onvme_rq_list_claim(struct request *rq)
{
	rq->mq_hctx->tags->rqs[rq->tag] = rq;
}
#endif

#endif /* ONVME_COMPAT_RQLIST_H */
