// SPDX-License-Identifier: GPL-2.0
#include <linux/device.h>
#include <linux/pci.h>

#include "ctrl.h"
#include "inspect.h"

/* health/ */

static ssize_t onvme_inspect_health_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	enum onvme_health_value which = (uintptr_t)container_of(attr, struct dev_ext_attribute, attr)->var;
	char text[ONVME_HEALTH_DIGITS];
	u8 page[ONVME_SMART_SIZE];
	int err = onvme_health_get(to_ctrl(dev), page);

	if (err)
		return err;
	onvme_health_text(page, which, text);
	return sysfs_emit(buf, "%s\n", text);
}

#define ONVME_HEALTH_ATTR(_name, _which)									\
	static struct dev_ext_attribute onvme_inspect_##_name = {						\
		.attr	= __ATTR(_name, 0444, onvme_inspect_health_show, NULL),					\
		.var	= (void *)(uintptr_t)(_which),								\
	}

ONVME_HEALTH_ATTR(critical_warning, ONVME_HEALTH_WARNING);
ONVME_HEALTH_ATTR(temperature, ONVME_HEALTH_TEMPERATURE);
ONVME_HEALTH_ATTR(avail_spare, ONVME_HEALTH_SPARE);
ONVME_HEALTH_ATTR(spare_thresh, ONVME_HEALTH_SPARE_THRESHOLD);
ONVME_HEALTH_ATTR(percent_used, ONVME_HEALTH_USED);
ONVME_HEALTH_ATTR(endurance_grp_critical_warning_summary, ONVME_HEALTH_GROUP_WARNING);
ONVME_HEALTH_ATTR(data_units_read, ONVME_HEALTH_READ_UNITS);
ONVME_HEALTH_ATTR(data_units_written, ONVME_HEALTH_WRITTEN_UNITS);
ONVME_HEALTH_ATTR(host_read_commands, ONVME_HEALTH_READS);
ONVME_HEALTH_ATTR(host_write_commands, ONVME_HEALTH_WRITES);
ONVME_HEALTH_ATTR(controller_busy_time, ONVME_HEALTH_BUSY);
ONVME_HEALTH_ATTR(power_cycles, ONVME_HEALTH_CYCLES);
ONVME_HEALTH_ATTR(power_on_hours, ONVME_HEALTH_HOURS);
ONVME_HEALTH_ATTR(unsafe_shutdowns, ONVME_HEALTH_UNSAFE);
ONVME_HEALTH_ATTR(media_errors, ONVME_HEALTH_MEDIA_ERRORS);
ONVME_HEALTH_ATTR(num_err_log_entries, ONVME_HEALTH_ERRORS);
ONVME_HEALTH_ATTR(warning_temp_time, ONVME_HEALTH_WARM);
ONVME_HEALTH_ATTR(critical_comp_time, ONVME_HEALTH_HOT);
ONVME_HEALTH_ATTR(temperature_sensor_1, ONVME_HEALTH_SENSOR);
ONVME_HEALTH_ATTR(temperature_sensor_2, ONVME_HEALTH_SENSOR + 1);
ONVME_HEALTH_ATTR(temperature_sensor_3, ONVME_HEALTH_SENSOR + 2);
ONVME_HEALTH_ATTR(temperature_sensor_4, ONVME_HEALTH_SENSOR + 3);
ONVME_HEALTH_ATTR(temperature_sensor_5, ONVME_HEALTH_SENSOR + 4);
ONVME_HEALTH_ATTR(temperature_sensor_6, ONVME_HEALTH_SENSOR + 5);
ONVME_HEALTH_ATTR(temperature_sensor_7, ONVME_HEALTH_SENSOR + 6);
ONVME_HEALTH_ATTR(temperature_sensor_8, ONVME_HEALTH_SENSOR + 7);
ONVME_HEALTH_ATTR(thm_temp1_trans_count, ONVME_HEALTH_THROTTLED1);
ONVME_HEALTH_ATTR(thm_temp2_trans_count, ONVME_HEALTH_THROTTLED2);
ONVME_HEALTH_ATTR(thm_temp1_total_time, ONVME_HEALTH_THROTTLED1_TIME);
ONVME_HEALTH_ATTR(thm_temp2_total_time, ONVME_HEALTH_THROTTLED2_TIME);

static struct attribute *onvme_inspect_health_attrs[] = {
	&onvme_inspect_critical_warning.attr.attr,
	&onvme_inspect_temperature.attr.attr,
	&onvme_inspect_avail_spare.attr.attr,
	&onvme_inspect_spare_thresh.attr.attr,
	&onvme_inspect_percent_used.attr.attr,
	&onvme_inspect_endurance_grp_critical_warning_summary.attr.attr,
	&onvme_inspect_data_units_read.attr.attr,
	&onvme_inspect_data_units_written.attr.attr,
	&onvme_inspect_host_read_commands.attr.attr,
	&onvme_inspect_host_write_commands.attr.attr,
	&onvme_inspect_controller_busy_time.attr.attr,
	&onvme_inspect_power_cycles.attr.attr,
	&onvme_inspect_power_on_hours.attr.attr,
	&onvme_inspect_unsafe_shutdowns.attr.attr,
	&onvme_inspect_media_errors.attr.attr,
	&onvme_inspect_num_err_log_entries.attr.attr,
	&onvme_inspect_warning_temp_time.attr.attr,
	&onvme_inspect_critical_comp_time.attr.attr,
	&onvme_inspect_temperature_sensor_1.attr.attr,
	&onvme_inspect_temperature_sensor_2.attr.attr,
	&onvme_inspect_temperature_sensor_3.attr.attr,
	&onvme_inspect_temperature_sensor_4.attr.attr,
	&onvme_inspect_temperature_sensor_5.attr.attr,
	&onvme_inspect_temperature_sensor_6.attr.attr,
	&onvme_inspect_temperature_sensor_7.attr.attr,
	&onvme_inspect_temperature_sensor_8.attr.attr,
	&onvme_inspect_thm_temp1_trans_count.attr.attr,
	&onvme_inspect_thm_temp2_trans_count.attr.attr,
	&onvme_inspect_thm_temp1_total_time.attr.attr,
	&onvme_inspect_thm_temp2_total_time.attr.attr,
	NULL
};

const struct attribute_group onvme_inspect_health_group = {
	.name	= "health",
	.attrs	= onvme_inspect_health_attrs,
};

/* link/ */

#define ONVME_LINK_ATTR(_name, _format, ...)									\
	static ssize_t _name##_show(struct device *dev, struct device_attribute *attr, char *buf)		\
	{													\
		struct pci_dev *pdev = to_ctrl(dev)->hw.pdev;							\
														\
		return sysfs_emit(buf, _format "\n", __VA_ARGS__);						\
	}													\
	static DEVICE_ATTR_RO(_name)

/* 0 where it cannot be read: nobody is there */
static u16 onvme_inspect_link(struct pci_dev *pdev)
{
	u16 status;

	if (pcie_capability_read_word(pdev, PCI_EXP_LNKSTA, &status) || status == (u16)ONVME_ALL_ONES)
		return 0;
	return status;
}

/* As the PCI core has it for the function: @generation counts from 1. */
static const char *onvme_inspect_speed(unsigned int generation)
{
	static const char * const text[] = {
		"Unknown", "2.5 GT/s PCIe", "5.0 GT/s PCIe", "8.0 GT/s PCIe", "16.0 GT/s PCIe", "32.0 GT/s PCIe",
		"64.0 GT/s PCIe",
	};

	return text[generation < ARRAY_SIZE(text) ? generation : 0];
}

static unsigned int onvme_inspect_width(struct pci_dev *pdev)
{
	return (onvme_inspect_link(pdev) & PCI_EXP_LNKSTA_NLW) >> PCI_EXP_LNKSTA_NLW_SHIFT;
}

ONVME_LINK_ATTR(current_speed, "%s", onvme_inspect_speed(onvme_inspect_link(pdev) & PCI_EXP_LNKSTA_CLS));
ONVME_LINK_ATTR(current_width, "%u", onvme_inspect_width(pdev));
ONVME_LINK_ATTR(max_speed, "%s", onvme_inspect_speed(pcie_get_speed_cap(pdev) - PCIE_SPEED_2_5GT + 1u));
ONVME_LINK_ATTR(max_width, "%u", pcie_get_width_cap(pdev));

static struct attribute *onvme_inspect_link_attrs[] = {
	&dev_attr_current_speed.attr,
	&dev_attr_current_width.attr,
	&dev_attr_max_speed.attr,
	&dev_attr_max_width.attr,
	NULL
};

/* What is part of the root complex, as in some virtual machines, has no link. */
static umode_t onvme_inspect_link_visible(struct kobject *kobj, struct attribute *attr, int n)
{
	struct pci_dev *pdev = to_ctrl(kobj_to_dev(kobj))->hw.pdev;

	return pci_is_pcie(pdev) && pci_pcie_type(pdev) == PCI_EXP_TYPE_ENDPOINT ? attr->mode : 0;
}

const struct attribute_group onvme_inspect_link_group = {
	.name		= "link",
	.attrs		= onvme_inspect_link_attrs,
	.is_visible	= onvme_inspect_link_visible,
};

/* regs */

/*
 * No register that holds an address is among them. Those that change are read only while the controller is live: at
 * other times its function may be off.
 */
static ssize_t regs_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct onvme_ctrl *ctrl = to_ctrl(dev);
	struct onvme_hw *hw = &ctrl->hw;
	ssize_t n;

	n = sysfs_emit(buf, "cap 0x%016llx\nvs 0x%08x\ncmbloc 0x%08x\ncmbsz 0x%08x\n", hw->cap, hw->vs, hw->cmbloc,
		       hw->cmbsz);
	if (onvme_ctrl_is(ctrl, ONVME_ADMITS_USER) && !pci_channel_offline(hw->pdev))
		n += sysfs_emit_at(buf, n, "cc 0x%08x\ncsts 0x%08x\n", onvme_hw_cc(hw), onvme_hw_csts(hw));
	return n;
}
static DEVICE_ATTR_RO(regs);

static struct attribute *onvme_inspect_attrs[] = {
	&dev_attr_regs.attr,
	NULL
};

const struct attribute_group onvme_inspect_group = {
	.attrs	= onvme_inspect_attrs,
};

/**
 * onvme_inspect_expose() - have those woken up who poll for warnings
 * @ctrl: the controller; its device has been registered
 */
void onvme_inspect_expose(struct onvme_ctrl *ctrl)
{
	onvme_health_expose(ctrl, onvme_inspect_health_group.name, onvme_inspect_critical_warning.attr.attr.name);
}
