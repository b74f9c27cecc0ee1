// SPDX-License-Identifier: GPL-2.0
#include <linux/array_size.h>

#include "quirk.h"

static const struct onvme_quirk_row {
	u16		vendor;
	u16		device;
	unsigned int	quirks;
} onvme_quirk_rows[] = {
	/* QEMU's nvme: EUI64 made from a counter, the same in each virtual machine */
	{ 0x1b36, 0x0010, ONVME_QUIRK_BOGUS_NID },
};

/**
 * onvme_quirk_match() - what to keep in mind of a device
 * @vendor: PCI vendor id
 * @device: PCI device id
 *
 * Return: ONVME_QUIRK_*, of all rows that match.
 */
unsigned int onvme_quirk_match(u16 vendor, u16 device)
{
	unsigned int quirks = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(onvme_quirk_rows); i++)
		if (onvme_quirk_rows[i].vendor == vendor && onvme_quirk_rows[i].device == device)
			quirks |= onvme_quirk_rows[i].quirks;
	return quirks;
}
