// SPDX-License-Identifier: GPL-2.0
// 6.15: the block layer takes logical blocks larger than a page.
#include <linux/blkdev.h>
unsigned int probe(void);
unsigned int probe(void)
{
	return BLK_MAX_BLOCK_SIZE;
}
