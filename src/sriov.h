/* SPDX-License-Identifier: GPL-2.0 */
/*
 * sriov.h - virtual functions by one number: what writing sriov_numvfs does.
 *
 * Called by the PCI core and by pci.c with the lock of the physical function held, in process context.
 */
#ifndef ONVME_SRIOV_H
#define ONVME_SRIOV_H

#include <linux/pci.h>

struct onvme_ctrl;

#ifdef CONFIG_ONVME_SRIOV
int onvme_sriov_init(void);
void onvme_sriov_exit(void);
int onvme_sriov_configure(struct pci_dev *pdev, int nr);
void onvme_sriov_remove(struct onvme_ctrl *ctrl);
#else
#define onvme_sriov_configure	pci_sriov_configure_simple

static inline int onvme_sriov_init(void)
{
	return 0;
}

static inline void onvme_sriov_exit(void)
{
}

static inline void onvme_sriov_remove(struct onvme_ctrl *ctrl)
{
}
#endif

#endif /* ONVME_SRIOV_H */
