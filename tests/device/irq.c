// SPDX-License-Identifier: GPL-2.0
#include <unistd.h>

#include "device.h"

void irq_init(struct irq *irq)
{
	u32 kind, i;

	for (kind = 0; kind < NR_IRQ_KINDS; kind++)
		for (i = 0; i < IRQ_MAX_VECTORS; i++)
			irq->fd[kind][i] = -1;
	irq->masked = false;
}

void irq_set_fd(struct irq *irq, enum irq_kind kind, u32 vector, int fd)
{
	if (irq->fd[kind][vector] >= 0)
		close(irq->fd[kind][vector]);
	irq->fd[kind][vector] = fd;
}

void irq_clear(struct irq *irq, enum irq_kind kind)
{
	u32 i;

	for (i = 0; i < IRQ_MAX_VECTORS; i++)
		irq_set_fd(irq, kind, i, -1);
}

/* Vectors that the function has of a kind. */
u32 irq_count(const struct device *dev, enum irq_kind kind)
{
	static const u32 count[NR_IRQ_KINDS] = { [IRQ_INTX] = 1, [IRQ_MSI] = 32, [IRQ_MSIX] = IRQ_MAX_VECTORS };

	return kind <= dev->pci.offers ? count[kind] : 0;
}

static void irq_signal(const struct irq *irq, enum irq_kind kind, u32 vector)
{
	u64 one = 1;
	int fd = irq->fd[kind][vector];

	if (fd >= 0 && write(fd, &one, sizeof(one)) < 0)
		say("interrupt %u could not be raised", vector);
}

void irq_raise(struct device *dev, u32 vector)
{
	enum irq_kind kind = pci_irq_kind(&dev->pci);

	if (kind == IRQ_INTX) {
		irq_level(dev);
		return;
	}
	if (vector >= dev->shape->vectors || vector >= irq_count(dev, kind) || !pci_bus_master(&dev->pci))
		return;
	irq_signal(&dev->irq, kind, vector);
}

void irq_level(struct device *dev)
{
	if (pci_irq_kind(&dev->pci) != IRQ_INTX || dev->irq.masked || !pci_intx_on(&dev->pci) ||
	    !queue_wants_intx(dev))
		return;
	dev->irq.masked = true;
	irq_signal(&dev->irq, IRQ_INTX, 0);
}

void irq_unmask(struct device *dev)
{
	dev->irq.masked = false;
	irq_level(dev);
}
