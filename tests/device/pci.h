/* SPDX-License-Identifier: GPL-2.0 */
/*
 * pci.h - config space of the function: header, capabilities, and the back door behind them.
 *
 * BARs, capability pointers and the tables of MSI and MSI-X are QEMU's business; all else that the guest reads or
 * writes comes here. The back door (offsets in enum pci_backdoor) always answers, whatever a scenario does to the rest.
 */
#ifndef DEVICE_PCI_H
#define DEVICE_PCI_H

#include "irq.h"

enum pci_backdoor {
	BACKDOOR_DOORBELLS	= 0xec,	/* read: writes to doorbells of I/O queues since the selection */
	BACKDOOR_SCENARIO	= 0xf0,	/* write: select; read: the active one */
	BACKDOOR_VIOLATIONS	= 0xf4,	/* read: since the selection */
	BACKDOOR_TRIGGER	= 0xf8,	/* write: fire; read: rules fired since the selection */
	BACKDOOR_COMMANDS	= 0xfc,	/* read: commands processed since the selection */
};

#define PCI_SIZE	4096u

struct pci {
	u8		space[PCI_SIZE];
	u8		may_write[PCI_SIZE];	/* bits that the guest can change */
	enum irq_kind	offers;			/* the best kind of interrupt it has; the others too */
};

struct device;

void pci_init(struct pci *pci, enum irq_kind offers);
void pci_read(struct device *dev, u32 offset, void *to, u32 len);
void pci_write(struct device *dev, u32 offset, const void *from, u32 len);
/* The function's own state after a reset: what firmware and kernel have to set up again. */
void pci_reset(struct pci *pci);
enum irq_kind pci_irq_kind(const struct pci *pci);
bool pci_bus_master(const struct pci *pci);
bool pci_intx_on(const struct pci *pci);
bool pci_asleep(const struct pci *pci);

#endif /* DEVICE_PCI_H */
