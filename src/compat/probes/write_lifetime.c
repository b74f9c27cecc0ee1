// SPDX-License-Identifier: GPL-2.0
// 6.9: a bio says how long its data are expected to live, as 5.17 and later did not.
#include <linux/blkdev.h>
unsigned int probe(struct bio *bio);
unsigned int probe(struct bio *bio)
{
	return bio->bi_write_hint > WRITE_LIFE_NONE;
}
