// SPDX-License-Identifier: GPL-2.0
// 6.3: class callbacks take a const device.
#include <linux/device.h>
static int probe_uevent(const struct device *dev, struct kobj_uevent_env *env)
{
	return 0;
}
struct class probe = { .dev_uevent = probe_uevent };
