/* SPDX-License-Identifier: GPL-2.0 */
/*
 * rescue.h - the rungs of the recovery ladder that reset more than the controller, and what has to follow.
 *
 * struct onvme_rescue is part of struct onvme_recovery, whose owner holds onvme_ctrl.life: nothing uses the controller
 * meanwhile, no interrupt vector is allocated. Process context; each wait is bounded, by the PCI core's minute at most.
 * No lock of the PCI function is waited for, since whoever holds it may be waiting for us.
 */
#ifndef ONVME_RESCUE_H
#define ONVME_RESCUE_H

#include <linux/types.h>

#include "proto/ladder.h"

struct onvme_hw;
struct pci_dev;
struct pci_saved_state;
struct task_struct;

/**
 * struct onvme_rescue - what it takes to bring a PCI function back
 * @config: configuration space while all was well; NULL before
 * @doer: who resets the function through the PCI core, which calls the driver back
 */
struct onvme_rescue {
	struct pci_saved_state	*config;
	struct task_struct	*doer;
};

void onvme_rescue_remember(struct onvme_rescue *rescue, struct pci_dev *pdev);
void onvme_rescue_forget(struct onvme_rescue *rescue);
void onvme_rescue_restore(struct onvme_rescue *rescue, struct pci_dev *pdev);
void onvme_rescue_gather(struct onvme_rescue *rescue, struct onvme_hw *hw, struct onvme_ladder_facts *facts);
int onvme_rescue_do(struct onvme_rescue *rescue, struct onvme_hw *hw, enum onvme_rung rung);
bool onvme_rescue_is_mine(struct onvme_rescue *rescue);

#endif /* ONVME_RESCUE_H */
