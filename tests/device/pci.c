// SPDX-License-Identifier: GPL-2.0
#include <linux/pci_regs.h>
#include <string.h>

#include "device.h"

/* Where the capabilities stand; each is behind the one before. */
enum {
	AT_PM		= 0x40,
	AT_EXPRESS	= 0x50,
	AT_MSI		= 0x90,
	AT_MSIX		= 0xb0,
	AT_BACKDOOR	= 0xec,
	BACKDOOR_BYTES	= 20,
};

#define PCI_VENDOR	0x1b36	/* with this device id no driver knows a quirk */
#define PCI_DEVICE	0x0110
#define PCI_CLASS	0x010802

#define MSIX_BAR	4
#define MSIX_PBA	0x1000u

static void pci_put(struct pci *pci, u32 at, u64 value, u32 bytes)
{
	put_le(pci->space + at, value, bytes);
}

static void pci_allow(struct pci *pci, u32 at, u64 bits, u32 bytes)
{
	put_le(pci->may_write + at, bits, bytes);
}

static u32 pci_get(const struct pci *pci, u32 at, u32 bytes)
{
	return (u32)get_le(pci->space + at, bytes);
}

static void pci_init_header(struct pci *pci)
{
	pci_put(pci, PCI_VENDOR_ID, PCI_VENDOR, 2);
	pci_put(pci, PCI_DEVICE_ID, PCI_DEVICE, 2);
	pci_allow(pci, PCI_COMMAND, PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER | PCI_COMMAND_PARITY | PCI_COMMAND_SERR |
		  PCI_COMMAND_INTX_DISABLE, 2);
	pci_put(pci, PCI_STATUS, PCI_STATUS_CAP_LIST, 2);
	pci_put(pci, PCI_REVISION_ID, 1, 1);
	pci_put(pci, PCI_CLASS_PROG, PCI_CLASS, 3);
	pci_allow(pci, PCI_CACHE_LINE_SIZE, 0xff, 1);
	pci_put(pci, PCI_BASE_ADDRESS_0, PCI_BASE_ADDRESS_MEM_TYPE_64, 4);
	pci_put(pci, PCI_SUBSYSTEM_VENDOR_ID, PCI_VENDOR, 2);
	pci_put(pci, PCI_SUBSYSTEM_ID, 1, 2);
	pci_put(pci, PCI_CAPABILITY_LIST, AT_PM, 1);
	pci_allow(pci, PCI_INTERRUPT_LINE, 0xff, 1);
	pci_put(pci, PCI_INTERRUPT_PIN, 1, 1);
}

static void pci_init_express(struct pci *pci)
{
	pci_put(pci, AT_PM, PCI_CAP_ID_PM | AT_EXPRESS << 8, 2);
	pci_put(pci, AT_PM + PCI_PM_PMC, 3, 2);
	pci_put(pci, AT_PM + PCI_PM_CTRL, PCI_PM_CTRL_NO_SOFT_RESET, 2);
	pci_allow(pci, AT_PM + PCI_PM_CTRL, PCI_PM_CTRL_STATE_MASK, 2);

	pci_put(pci, AT_EXPRESS, PCI_CAP_ID_EXP, 1);
	pci_put(pci, AT_EXPRESS + PCI_EXP_FLAGS, 2, 2);
	pci_put(pci, AT_EXPRESS + PCI_EXP_DEVCAP, PCI_EXP_DEVCAP_FLR | PCI_EXP_DEVCAP_RBER | PCI_EXP_DEVCAP_L0S |
		PCI_EXP_DEVCAP_L1, 4);		/* it can wait for its link as long as that takes */
	pci_allow(pci, AT_EXPRESS + PCI_EXP_DEVCTL, 0x7fff, 2);
	pci_put(pci, AT_EXPRESS + PCI_EXP_LNKCAP, 0x43 | PCI_EXP_LNKCAP_ASPMS, 4);
	pci_allow(pci, AT_EXPRESS + PCI_EXP_LNKCTL, PCI_EXP_LNKCTL_ASPMC | PCI_EXP_LNKCTL_RCB | PCI_EXP_LNKCTL_CCC |
		  PCI_EXP_LNKCTL_ES, 2);
	pci_put(pci, AT_EXPRESS + PCI_EXP_LNKSTA, 0x43, 2);
	pci_put(pci, AT_EXPRESS + PCI_EXP_DEVCAP2, PCI_EXP_DEVCAP2_COMP_TMOUT_DIS, 4);
	pci_allow(pci, AT_EXPRESS + PCI_EXP_DEVCTL2, 0x1f, 2);
}

static void pci_init_msi(struct pci *pci)
{
	pci_put(pci, AT_EXPRESS + 1, AT_MSI, 1);
	pci_put(pci, AT_MSI, PCI_CAP_ID_MSI, 1);
	pci_put(pci, AT_MSI + PCI_MSI_FLAGS, PCI_MSI_FLAGS_64BIT | 5 << 1, 2);
	pci_allow(pci, AT_MSI + PCI_MSI_FLAGS, PCI_MSI_FLAGS_ENABLE | PCI_MSI_FLAGS_QSIZE, 2);
	pci_allow(pci, AT_MSI + PCI_MSI_ADDRESS_LO, 0xfffffffc, 4);
	pci_allow(pci, AT_MSI + PCI_MSI_ADDRESS_HI, 0xffffffff, 4);
	pci_allow(pci, AT_MSI + PCI_MSI_DATA_64, 0xffff, 2);
}

static void pci_init_msix(struct pci *pci)
{
	pci_put(pci, AT_MSI + 1, AT_MSIX, 1);
	pci_put(pci, PCI_BASE_ADDRESS_0 + 4 * MSIX_BAR, PCI_BASE_ADDRESS_MEM_TYPE_64, 4);
	pci_put(pci, AT_MSIX, PCI_CAP_ID_MSIX, 1);
	pci_put(pci, AT_MSIX + PCI_MSIX_FLAGS, IRQ_MAX_VECTORS - 1, 2);
	pci_allow(pci, AT_MSIX + PCI_MSIX_FLAGS, PCI_MSIX_FLAGS_ENABLE | PCI_MSIX_FLAGS_MASKALL, 2);
	pci_put(pci, AT_MSIX + PCI_MSIX_TABLE, MSIX_BAR, 4);
	pci_put(pci, AT_MSIX + PCI_MSIX_PBA, MSIX_PBA | MSIX_BAR, 4);
}

void pci_init(struct pci *pci, enum irq_kind offers)
{
	memset(pci, 0, sizeof(*pci));
	pci->offers = offers;
	pci_init_header(pci);
	pci_init_express(pci);
	if (offers >= IRQ_MSI)
		pci_init_msi(pci);
	if (offers >= IRQ_MSIX)
		pci_init_msix(pci);
}

static bool pci_off(const struct pci *pci, enum irq_kind kind)
{
	return pci->offers < kind;
}

enum irq_kind pci_irq_kind(const struct pci *pci)
{
	if (!pci_off(pci, IRQ_MSIX) && pci_get(pci, AT_MSIX + PCI_MSIX_FLAGS, 2) & PCI_MSIX_FLAGS_ENABLE)
		return IRQ_MSIX;
	if (!pci_off(pci, IRQ_MSI) && pci_get(pci, AT_MSI + PCI_MSI_FLAGS, 2) & PCI_MSI_FLAGS_ENABLE)
		return IRQ_MSI;
	return IRQ_INTX;
}

bool pci_bus_master(const struct pci *pci)
{
	return pci_get(pci, PCI_COMMAND, 2) & PCI_COMMAND_MASTER;
}

bool pci_intx_on(const struct pci *pci)
{
	return !(pci_get(pci, PCI_COMMAND, 2) & PCI_COMMAND_INTX_DISABLE);
}

bool pci_asleep(const struct pci *pci)
{
	return pci_get(pci, AT_PM + PCI_PM_CTRL, 2) & PCI_PM_CTRL_STATE_MASK;
}

void pci_reset(struct pci *pci)
{
	u32 i;

	/* All bits that can be written are zero at power-on. */
	for (i = 0; i < AT_BACKDOOR; i++)
		pci->space[i] &= (u8)~pci->may_write[i];
}

static u32 pci_backdoor_read(const struct device *dev, u32 offset)
{
	switch (offset) {
	case BACKDOOR_DOORBELLS:
		return dev->doorbells;
	case BACKDOOR_SCENARIO:
		return dev->active;
	case BACKDOOR_VIOLATIONS:
		return dev->exam.violations;
	case BACKDOOR_TRIGGER:
		return dev->rules_fired;
	default:
		return (u32)dev->commands;
	}
}

static void pci_backdoor_write(struct device *dev, u32 offset, u32 value)
{
	if (offset == BACKDOOR_SCENARIO)
		device_select(dev, value);
	else if (offset == BACKDOOR_TRIGGER)
		rule_trigger(dev, value);
}

static u8 pci_read_byte(const struct device *dev, u32 at)
{
	u8 value = dev->pci.space[at];

	if (at >= AT_BACKDOOR && at < AT_BACKDOOR + BACKDOOR_BYTES)
		return (u8)(pci_backdoor_read(dev, at & ~3u) >> 8 * (at & 3));
	if (at == AT_PM + PCI_PM_CTRL && !dev->shape->nsr)
		value &= (u8)~PCI_PM_CTRL_NO_SOFT_RESET;
	return dev->regs.vanished ? 0xff : value;
}

void pci_read(struct device *dev, u32 offset, void *to, u32 len)
{
	u8 *bytes = to;
	u32 i;

	for (i = 0; i < len; i++)
		bytes[i] = offset + i < PCI_SIZE ? pci_read_byte(dev, offset + i) : 0xff;
}

static void pci_changed(struct device *dev, u32 offset, const u8 *bytes, u32 len, bool slept)
{
	u32 devctl = AT_EXPRESS + PCI_EXP_DEVCTL + 1;	/* the byte with the bit that resets the function */

	if (offset <= devctl && offset + len > devctl && bytes[devctl - offset] & (PCI_EXP_DEVCTL_BCR_FLR >> 8)) {
		say("RESET function level");
		pci_reset(&dev->pci);
		regs_function_reset(dev, RESET_FUNCTION);
		return;
	}
	if (slept && !pci_asleep(&dev->pci) && !dev->shape->nsr) {
		say("RESET by power state");
		pci_reset(&dev->pci);
		regs_function_reset(dev, RESET_POWER);
		return;
	}
	if (offset < PCI_COMMAND + 2 && offset + len > PCI_COMMAND)
		queue_run(dev);			/* it may be bus master again */
}

void pci_write(struct device *dev, u32 offset, const void *from, u32 len)
{
	bool slept = pci_asleep(&dev->pci);
	const u8 *bytes = from;
	u32 i;

	if (offset >= AT_BACKDOOR && offset < AT_BACKDOOR + BACKDOOR_BYTES) {
		if (len == 4 && !(offset & 3))
			pci_backdoor_write(dev, offset, (u32)get_le(from, 4));
		return;
	}
	if (dev->regs.vanished || offset + len > PCI_SIZE)
		return;
	for (i = 0; i < len; i++) {
		u8 mask = dev->pci.may_write[offset + i], *at = &dev->pci.space[offset + i];

		*at = (u8)((*at & ~mask) | (bytes[i] & mask));
	}
	pci_changed(dev, offset, bytes, len, slept);
}
