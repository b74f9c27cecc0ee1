/* SPDX-License-Identifier: GPL-2.0 */
/*
 * meta.h - metadata of a block request: its buffer, and what the command says of it.
 *
 * The buffer belongs to the bio. It is in struct onvme_map of the request while the controller may touch it, found anew
 * whenever the command is built. For namespaces with metadata only; others never get here. Called from queue_rq.
 */
#ifndef ONVME_META_H
#define ONVME_META_H

#include "blk.h"
#include "rq.h"

blk_status_t onvme_meta_submit(struct onvme_queue *q, struct request *rq, const struct onvme_blk_ns *ns, bool ring,
			       blk_status_t (*unmappable)(struct request *rq, int err));

#endif /* ONVME_META_H */
