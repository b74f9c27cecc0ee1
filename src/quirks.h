/* SPDX-License-Identifier: GPL-2.0 */
/*
 * quirks.h - what to keep in mind of a device: what the table and the user say of it.
 *
 * The parameter is read at load only. Process context.
 */
#ifndef ONVME_QUIRKS_H
#define ONVME_QUIRKS_H

struct onvme_caps;
struct pci_dev;

int onvme_quirks_init(void);
unsigned int onvme_quirks_of(struct pci_dev *pdev, const struct onvme_caps *caps);

#endif /* ONVME_QUIRKS_H */
