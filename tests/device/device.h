/* SPDX-License-Identifier: GPL-2.0 */
/*
 * device.h - the device as a whole: one structure of parts, each touched by the file that is named like it.
 *
 * Power-on is the one way into a known state: device_select() makes the controller what a scenario says and forgets
 * everything else, except what belongs to the guest and to QEMU: memory, interrupts, config space.
 */
#ifndef DEVICE_DEVICE_H
#define DEVICE_DEVICE_H

#include "dma.h"
#include "event.h"
#include "examine.h"
#include "fdp.h"
#include "feature.h"
#include "hmb.h"
#include "io.h"
#include "irq.h"
#include "log.h"
#include "admin.h"
#include "ns.h"
#include "nvme.h"
#include "pci.h"
#include "power.h"
#include "queue.h"
#include "regs.h"
#include "resv.h"
#include "rule.h"
#include "scenario.h"
#include "shape.h"
#include "xfer.h"

struct device {
	struct scenario		**scenarios;
	u32			nr_scenarios;
	u32			active;
	const struct shape	*shape;		/* of the active scenario */
	u32			sgls;		/* what the shape says, until a rule changes it */
	u64			disk_bytes;	/* of each namespace whose scenario does not say */

	struct dma		dma;
	struct irq		irq;
	struct pci		pci;
	struct regs		regs;
	struct sq		sq[QUEUE_MAX];
	struct cq		cq[QUEUE_MAX];
	struct list		halves;		/* of completions, to be written */
	u64			shadow;		/* shadow doorbells; 0: none */
	u64			events_index;
	struct poller		poller;
	u32			doorbells;	/* of I/O queues, written so far */
	bool			in_run;
	bool			run_again;
	struct nss		nss;
	struct features		features;
	struct power		power;
	struct events		events;
	struct logs		logs;
	struct admin		adm;
	struct hmb		hmb;
	struct examiner		exam;
	struct rules		rules;
	u32			rules_fired;
	u64			commands;
};

/* Power-on with a scenario; a number that there is none of changes nothing. */
void device_select(struct device *dev, u32 number);

#endif /* DEVICE_DEVICE_H */
