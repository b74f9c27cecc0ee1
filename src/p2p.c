// SPDX-License-Identifier: GPL-2.0
/*
 * The PCI core hands pages of offered memory out, to other drivers and by p2pmem/allocate in sysfs, and knows how they
 * have to be mapped for each device: map.c leaves that to dma_map_sgtable().
 */
#include <linux/dma-mapping.h>
#include <linux/module.h>
#include <linux/pci-p2pdma.h>
#include <linux/pci.h>
#include <linux/sizes.h>

#include "ctrl.h"
#include "fault.h"
#include "p2p.h"

/* Memory of a device gets pages in units of so much. */
#define ONVME_P2P_ALIGN		SZ_2M

static bool onvme_p2p_param;
module_param_named(p2pdma, onvme_p2p_param, bool, 0444);
MODULE_PARM_DESC(p2pdma, "memory of PCI devices as buffers of I/O, that of controllers among it (N)");

/**
 * onvme_p2p_wanted() - whether disks take memory of PCI devices as buffers
 * @dev: the PCI function of their controller
 *
 * Return: the user wants it, and the kernel can map such memory for the function.
 */
bool onvme_p2p_wanted(struct device *dev)
{
	return onvme_p2p_param && dma_pci_p2pdma_supported(dev);
}

/**
 * onvme_p2p_offer() - offer memory of a controller to whoever wants a buffer there
 * @ctrl: the controller. Caller holds ctrl.life
 * @p2p: what it has offered so far; once there is any, nothing more is offered
 * @bar: the BAR that it is in
 * @offset: where it begins there
 * @len: bytes
 *
 * As much of it as makes whole units; it is the PCI core's until the driver is unbound. Process context.
 */
void onvme_p2p_offer(struct onvme_ctrl *ctrl, struct onvme_p2p *p2p, unsigned int bar, u64 offset, u64 len)
{
	struct pci_dev *pdev = ctrl->hw.pdev;
	u64 start = pci_resource_start(pdev, bar), from = ALIGN(start + offset, ONVME_P2P_ALIGN);
	u64 to = ALIGN_DOWN(start + offset + len, ONVME_P2P_ALIGN);
	int err;

	if (p2p->len || p2p->refused || from >= to)
		return;
	err = ONVME_ALLOC_ERRNO(pci_p2pdma_add_resource(pdev, (int)bar, to - from, from - start));
	if (err) {
		dev_warn(&ctrl->dev, "controller memory cannot be offered (%d)\n", err);
		p2p->refused = true;
		return;
	}
	pci_p2pmem_publish(pdev, true);
	*p2p = (struct onvme_p2p){ .bar = bar, .offset = from - start, .len = to - from };
	dev_info(&ctrl->dev, "%llu MiB of controller memory offered as buffers\n", p2p->len / SZ_1M);
}
