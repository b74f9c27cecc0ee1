// SPDX-License-Identifier: GPL-2.0
#include <linux/dmi.h>
#include <linux/module.h>
#include <linux/pci.h>

#include "proto/quirk.h"
#include "quirks.h"

static char *onvme_quirks_text = "";
module_param_named(quirks, onvme_quirks_text, charp, 0444);
MODULE_PARM_DESC(quirks, "VENDOR:DEVICE:NAME,^NAME... with - between: quirks of devices, beside those that are known");

/**
 * onvme_quirks_init() - look whether the user's quirks can be understood
 *
 * Return: 0 or -EINVAL, with a line.
 */
int onvme_quirks_init(void)
{
	unsigned int none = 0;

	if (!onvme_quirk_user(onvme_quirks_text, 0, 0, &none))
		return 0;
	pr_err("onvme: quirks=%s: must be VENDOR:DEVICE:NAME,^NAME... with - between\n", onvme_quirks_text);
	return -EINVAL;
}

/**
 * onvme_quirks_of() - what to keep in mind of a device
 * @pdev: the PCI function
 * @caps: what its controller says, or NULL before it was asked
 *
 * Return: ONVME_QUIRK_*.
 */
unsigned int onvme_quirks_of(struct pci_dev *pdev, const struct onvme_caps *caps)
{
	const struct onvme_quirk_facts facts = {
		.vendor = pdev->vendor,
		.device = pdev->device,
		.model = caps ? caps->mn : NULL,
		.firmware = caps ? caps->fr : NULL,
		.maker = dmi_get_system_info(DMI_SYS_VENDOR),
		.machine = dmi_get_system_info(DMI_PRODUCT_NAME),
		.board_maker = dmi_get_system_info(DMI_BOARD_VENDOR),
		.board = dmi_get_system_info(DMI_BOARD_NAME),
	};
	unsigned int quirks = onvme_quirk_match(&facts);

	onvme_quirk_user(onvme_quirks_text, pdev->vendor, pdev->device, &quirks);
	return quirks;
}
