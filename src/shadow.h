/* SPDX-License-Identifier: GPL-2.0 */
/*
 * shadow.h - a shadow doorbell: memory that a controller which is software reads in place of the register.
 *
 * Part of struct onvme_queue; whoever owns that side of the queue writes it. dbbuf.c says where the memory comes from.
 */
#ifndef ONVME_SHADOW_H
#define ONVME_SHADOW_H

#include <asm/barrier.h>
#include <asm/byteorder.h>
#include <linux/types.h>

#include "proto/ring.h"

/**
 * struct onvme_shadow - a shadow doorbell
 * @value: what the doorbell would be written with; NULL: there is none
 * @event: the value that the controller wants to be told of by the doorbell itself
 */
struct onvme_shadow {
	__le32	*value;
	__le32	*event;
};

/* Write it; whether the doorbell, @old so far, has to be written, too (Base, "Doorbell Buffer Config command"). */
static __always_inline bool onvme_shadow_write(const struct onvme_shadow *shadow, u16 old, u16 value)
{
	dma_wmb();	/* the entries first, as writel() sees to for a register */
	WRITE_ONCE(*shadow->value, cpu_to_le32(value));
	mb();		/* pairs with the controller's order: it asks to be told, and then looks once more */
	return onvme_ring_passes(old, value, (u16)le32_to_cpu(READ_ONCE(*shadow->event)));
}

#endif /* ONVME_SHADOW_H */
