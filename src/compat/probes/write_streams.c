// SPDX-License-Identifier: GPL-2.0
// 6.16: a bio has the number of a stream, of so many as the queue has.
#include <linux/blkdev.h>
unsigned int probe(struct queue_limits *lim, struct bio *bio);
unsigned int probe(struct queue_limits *lim, struct bio *bio)
{
	lim->max_write_streams = 4;
	lim->write_stream_granularity = 4096;
	return bio->bi_write_stream;
}
