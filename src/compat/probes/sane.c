// SPDX-License-Identifier: GPL-2.0
// Any kernel: must compile. When it does not, nothing can be concluded from the other probes.
#include <linux/module.h>
#include <linux/blk-mq.h>
MODULE_LICENSE("GPL");
