// SPDX-License-Identifier: GPL-2.0
// 6.13: how much a Zone Append may have is told by a limit of the hardware, as max_hw_sectors is.
#include <linux/blkdev.h>
unsigned int probe(const struct queue_limits *lim);
unsigned int probe(const struct queue_limits *lim)
{
	return lim->max_hw_zone_append_sectors;
}
