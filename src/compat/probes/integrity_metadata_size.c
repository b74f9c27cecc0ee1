// SPDX-License-Identifier: GPL-2.0
// 6.17: the block layer knows metadata and the protection information in them by separate sizes.
#include <linux/blk-integrity.h>
void probe(struct queue_limits *lim);
void probe(struct queue_limits *lim)
{
	lim->integrity.metadata_size = 64;
	lim->integrity.pi_tuple_size = 8;
}
