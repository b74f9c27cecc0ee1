// SPDX-License-Identifier: GPL-2.0
// 6.5: reservations have outcomes of their own (PR_STS_*), and keys and reservations can be read.
#include <linux/blkdev.h>
#include <linux/pr.h>
static int probe_read(struct block_device *bdev, struct pr_keys *keys)
{
	return keys->num_keys ? PR_STS_SUCCESS : PR_STS_IOERR;
}
const struct pr_ops probe = { .pr_read_keys = probe_read };
