// SPDX-License-Identifier: GPL-2.0
/*
 * A function that is reset forgets its configuration space. What is put back is what was there just before, or, where
 * it had been forgotten by then, what was there when all was well.
 */
#include <linux/delay.h>
#include <linux/pci.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "hw.h"
#include "rescue.h"

/* PCIe Base, "Reset Rules": nothing is to be asked before; and more than a device may need to come back. */
#define ONVME_RESCUE_QUIET_MS	100
#define ONVME_RESCUE_BACK_MS	5000
/* How long somebody else may hold the lock of the function, or have traffic held back, before a rung is skipped. */
#define ONVME_RESCUE_LOCK_MS	2000
#define ONVME_RESCUE_FROZEN_MS	90000
/* After a function-level reset some do not follow CC.EN for so long; pcie_reset_flr() waits 100 ms of it. */
#define ONVME_RESCUE_SETTLE_MS	150

/**
 * onvme_rescue_remember() - keep the configuration space, if the function has not forgotten it
 * @rescue: where
 * @pdev: the function
 *
 * When all is well, and before a reset once more: somebody may have changed something meanwhile.
 */
void onvme_rescue_remember(struct onvme_rescue *rescue, struct pci_dev *pdev)
{
	struct pci_saved_state *config;
	u16 command;

	if (pci_read_config_word(pdev, PCI_COMMAND, &command) || command == 0xffff || !(command & PCI_COMMAND_MEMORY))
		return;
	if (pci_save_state(pdev))
		return;
	config = pci_store_saved_state(pdev);
	/* That is our copy: who puts the device to sleep would believe that the driver has done it. */
	pdev->state_saved = false;
	if (!config)
		return;		/* the older one is better than none */
	kfree(rescue->config);
	rescue->config = config;
}

/**
 * onvme_rescue_forget() - undo onvme_rescue_remember()
 * @rescue: where
 *
 * Idempotent.
 */
void onvme_rescue_forget(struct onvme_rescue *rescue)
{
	kfree(rescue->config);
	rescue->config = NULL;
}

/**
 * onvme_rescue_restore() - give a function that was reset its configuration space back
 * @rescue: what was remembered; nothing happens when there is nothing
 * @pdev: the function
 */
void onvme_rescue_restore(struct onvme_rescue *rescue, struct pci_dev *pdev)
{
	if (!rescue->config || pci_load_saved_state(pdev, rescue->config))
		return;
	/* As a master it might go on with memory that is somebody else's now: bring-up disables it first. */
	pdev->saved_config_space[PCI_COMMAND / 4] &= ~PCI_COMMAND_MASTER;
	pci_restore_state(pdev);
}

/* No lock of all buses: who holds it may be waiting for the lock of the function, and its holder for us. */
static bool onvme_rescue_has_bus(struct pci_dev *pdev)
{
	if (pdev->is_virtfn || pci_is_root_bus(pdev->bus) || !pdev->bus->self)
		return false;
	return list_is_singular(&pdev->bus->devices) &&
	       (!pci_probe_reset_slot(pdev->slot) || !pci_probe_reset_bus(pdev->bus));
}

static bool onvme_rescue_has_d3(struct pci_dev *pdev)
{
	u16 csr;

	if (!pdev->pm_cap || pdev->dev_flags & (PCI_DEV_FLAGS_NO_D3 | PCI_DEV_FLAGS_NO_PM_RESET))
		return false;
	return !pci_read_config_word(pdev, pdev->pm_cap + PCI_PM_CTRL, &csr) && !(csr & PCI_PM_CTRL_NO_SOFT_RESET);
}

/* While the PCI core recovers the link from an error, leave it alone; a reset has been part of that. */
static void onvme_rescue_wait_link(struct onvme_rescue *rescue, struct pci_dev *pdev)
{
	unsigned int ms;

	if (READ_ONCE(pdev->error_state) != pci_channel_io_frozen)
		return;
	for (ms = 0; READ_ONCE(pdev->error_state) == pci_channel_io_frozen && ms < ONVME_RESCUE_FROZEN_MS; ms += 50)
		msleep(50);
	onvme_rescue_restore(rescue, pdev);
}

/**
 * onvme_rescue_gather() - which rungs the function has
 * @rescue: what was remembered
 * @hw: the registers
 * @facts: filled in: cut_off, present, hotplug, shared, nssrs, alone as far as PCI knows, flr, d3, bus
 */
void onvme_rescue_gather(struct onvme_rescue *rescue, struct onvme_hw *hw, struct onvme_ladder_facts *facts)
{
	struct pci_dev *pdev = hw->pdev, *port = pci_upstream_bridge(pdev);

	onvme_rescue_wait_link(rescue, pdev);
	facts->cut_off = pci_channel_offline(pdev);
	facts->present = pci_device_is_present(pdev);
	facts->hotplug = port && port->is_hotplug_bridge;
	facts->shared = pci_num_vf(pdev);
	facts->nssrs = hw->cap & ONVME_CAP_NSSRS;
	facts->alone = !pdev->multifunction && !pdev->is_virtfn;
	facts->flr = !pcie_reset_flr(pdev, PCI_RESET_PROBE);
	facts->d3 = facts->present && onvme_rescue_has_d3(pdev);
	facts->bus = onvme_rescue_has_bus(pdev);
}

static int onvme_rescue_subsystem(struct onvme_hw *hw)
{
	int err = onvme_hw_subsystem_reset(hw);
	unsigned int ms;

	if (err)
		return err;
	for (ms = ONVME_RESCUE_QUIET_MS, msleep(ms); !pci_device_is_present(hw->pdev); ms += 50) {
		if (ms > ONVME_RESCUE_BACK_MS)
			return -ENODEV;
		msleep(50);
	}
	return 0;
}

static int onvme_rescue_function(struct pci_dev *pdev)
{
	int err = pcie_reset_flr(pdev, PCI_RESET_DO_RESET);

	if (!err)
		msleep(ONVME_RESCUE_SETTLE_MS);
	return err;
}

static int onvme_rescue_power(struct pci_dev *pdev)
{
	int err = pci_set_power_state(pdev, PCI_D3hot);

	return pci_set_power_state(pdev, PCI_D0) ?: err;
}

/* The PCI core takes the lock of the function if it is free, and calls onvme_pci_reset_prepare() and _done(). */
static int onvme_rescue_bus(struct onvme_rescue *rescue, struct pci_dev *pdev)
{
	unsigned int ms;
	int err;

	WRITE_ONCE(rescue->doer, current);
	for (ms = 0; (err = pci_reset_bus(pdev)) == -EAGAIN && ms < ONVME_RESCUE_LOCK_MS; ms += 50)
		msleep(50);
	WRITE_ONCE(rescue->doer, NULL);
	return err;
}

/**
 * onvme_rescue_do() - reset the function in one of the ways that onvme_rescue_gather() has found
 * @rescue: what was remembered of its configuration
 * @hw: the registers; the controller is down
 * @rung: which way
 *
 * Afterwards the function is as it was before, but for being reset and not a bus master. Says nothing.
 *
 * Return: 0: bring-up is worth trying; an errno: it was not reset, or has not come back.
 */
int onvme_rescue_do(struct onvme_rescue *rescue, struct onvme_hw *hw, enum onvme_rung rung)
{
	struct pci_dev *pdev = hw->pdev;
	int err;

	onvme_rescue_remember(rescue, pdev);
	switch (rung) {
	case ONVME_RUNG_SUBSYSTEM:
		err = onvme_rescue_subsystem(hw);
		break;
	case ONVME_RUNG_FUNCTION:
		err = onvme_rescue_function(pdev);
		break;
	case ONVME_RUNG_POWER:
		err = onvme_rescue_power(pdev);
		break;
	case ONVME_RUNG_BUS:
		err = onvme_rescue_bus(rescue, pdev);
		break;
	default:
		return -ENOTTY;
	}
	onvme_rescue_restore(rescue, pdev);
	return err;
}

/**
 * onvme_rescue_is_mine() - whether the PCI core is resetting the function because we have asked it to
 * @rescue: whose
 *
 * Return: true in the context of onvme_rescue_do().
 */
bool onvme_rescue_is_mine(struct onvme_rescue *rescue)
{
	return READ_ONCE(rescue->doer) == current;
}
