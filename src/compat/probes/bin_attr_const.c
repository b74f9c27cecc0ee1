// SPDX-License-Identifier: GPL-2.0
// 6.17: functions of a binary attribute take it as a constant.
#include <linux/sysfs.h>
static ssize_t probe_read(struct file *file, struct kobject *kobj, const struct bin_attribute *attr, char *buf,
			  loff_t pos, size_t count)
{
	return 0;
}
const struct bin_attribute probe = { .read = probe_read };
