// SPDX-License-Identifier: GPL-2.0
#include <unistd.h>

#include "device.h"

static void irq_held_out(void *arg)
{
	struct irq_held *held = arg;

	held->count = 0;
	irq_raise(held->dev, (u32)(held - held->dev->irq.held));
}

void irq_init(struct device *dev)
{
	struct irq *irq = &dev->irq;
	u32 kind, i;

	for (kind = 0; kind < NR_IRQ_KINDS; kind++)
		for (i = 0; i < IRQ_MAX_VECTORS; i++)
			irq->fd[kind][i] = -1;
	irq->masked = false;
	for (i = 0; i < IRQ_MAX_VECTORS; i++) {
		irq->held[i].dev = dev;
		timer_init(&irq->held[i].timer, irq_held_out, &irq->held[i]);
	}
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

/* Not for the admin queue, and not on a line, which says only that there is something. */
void irq_complete(struct device *dev, u32 qid, u32 vector)
{
	u32 value = dev->features.value[FEAT_COALESCING], us = (value >> 8) * 100;
	struct irq_held *held = &dev->irq.held[min_of(vector, IRQ_MAX_VECTORS - 1)];

	if (!qid || !us || pci_irq_kind(&dev->pci) == IRQ_INTX || dev->features.spared & 1ull << vector) {
		irq_raise(dev, vector);
	} else if (++held->count > (value & 0xff)) {
		timer_cancel(&held->timer);
		irq_held_out(held);
	} else if (!timer_armed(&held->timer)) {
		timer_set_us(&held->timer, us);
	}
}

void irq_forget(struct device *dev)
{
	u32 i;

	for (i = 0; i < IRQ_MAX_VECTORS; i++) {
		timer_cancel(&dev->irq.held[i].timer);
		dev->irq.held[i].count = 0;
	}
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
