// SPDX-License-Identifier: GPL-2.0
#include <linux/pci.h>
#include <linux/sysfs.h>

#include "adjust.h"
#include "ctrl.h"

static ssize_t sriov_policy_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return onvme_virt_show_policy(to_ctrl(dev), buf);
}

static ssize_t sriov_policy_store(struct device *dev, struct device_attribute *attr, const char *buf, size_t count)
{
	int err = onvme_virt_set_policy(to_ctrl(dev), buf);

	return err ?: count;
}
static DEVICE_ATTR_RW(sriov_policy);

/* One a line */
static ssize_t quirks_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	unsigned int quirks = READ_ONCE(to_ctrl(dev)->quirks), nr;
	ssize_t n = 0;

	for (nr = 0; nr < ONVME_NR_QUIRKS; nr++)
		if (quirks & 1u << nr)
			n += sysfs_emit_at(buf, n, "%s\n", onvme_quirk_name(nr));
	return n;
}
static DEVICE_ATTR_RO(quirks);

/* A number, as it is in the first user namespace, or nobody */
static ssize_t log_group_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	gid_t group = READ_ONCE(to_ctrl(dev)->log_group);

	return group == (gid_t)-1 ? sysfs_emit(buf, "none\n") : sysfs_emit(buf, "%u\n", group);
}

static ssize_t log_group_store(struct device *dev, struct device_attribute *attr, const char *buf, size_t count)
{
	gid_t group = (gid_t)-1;

	if (!sysfs_streq(buf, "none") && (kstrtouint(buf, 10, &group) || group == (gid_t)-1))
		return -EINVAL;
	WRITE_ONCE(to_ctrl(dev)->log_group, group);
	return count;
}
static DEVICE_ATTR_RW(log_group);

static struct attribute *onvme_adjust_attrs[] = {
	&dev_attr_log_group.attr,
	&dev_attr_quirks.attr,
	&dev_attr_sriov_policy.attr,
	NULL
};

static umode_t onvme_adjust_visible(struct kobject *kobj, struct attribute *attr, int n)
{
	struct onvme_ctrl *ctrl = to_ctrl(kobj_to_dev(kobj));

	if (attr == &dev_attr_sriov_policy.attr && !onvme_virt_has(ctrl))
		return 0;
	return attr->mode;
}

const struct attribute_group onvme_adjust_group = {
	.attrs		= onvme_adjust_attrs,
	.is_visible	= onvme_adjust_visible,
};
