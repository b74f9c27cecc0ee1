/* SPDX-License-Identifier: GPL-2.0 */
/*
 * irq.h - interrupts: event file descriptors of QEMU, one per vector.
 *
 * Which kind is in use follows from config space. MSI and MSI-X are edges; INTx is a level that QEMU masks after each
 * edge and asks for again when the guest has been at a register.
 */
#ifndef DEVICE_IRQ_H
#define DEVICE_IRQ_H

#include "base.h"

#define IRQ_MAX_VECTORS	33u

enum irq_kind {
	IRQ_INTX,
	IRQ_MSI,
	IRQ_MSIX,
	NR_IRQ_KINDS,
};

struct device;

/* Completions whose interrupt is held back (Base, "Interrupt Coalescing") */
struct irq_held {
	struct device	*dev;
	struct timer	timer;
	u32		count;
};

struct irq {
	int		fd[NR_IRQ_KINDS][IRQ_MAX_VECTORS];	/* -1: none */
	bool		masked;					/* INTx, by QEMU */
	struct irq_held	held[IRQ_MAX_VECTORS];
};

void irq_init(struct device *dev);
/* A kind's vector gets another descriptor, which is ours from now on; -1 takes it away. */
void irq_set_fd(struct irq *irq, enum irq_kind kind, u32 vector, int fd);
void irq_clear(struct irq *irq, enum irq_kind kind);
u32 irq_count(const struct device *dev, enum irq_kind kind);
/* One edge, or for INTx a look whether the line has to rise. */
void irq_raise(struct device *dev, u32 vector);
/* A completion of that queue: an edge, at once or for several of them. */
void irq_complete(struct device *dev, u32 qid, u32 vector);
/* A reset: nothing is held back any more. */
void irq_forget(struct device *dev);
/* INTx: the line may have changed. */
void irq_level(struct device *dev);
void irq_unmask(struct device *dev);

#endif /* DEVICE_IRQ_H */
