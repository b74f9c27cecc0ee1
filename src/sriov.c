// SPDX-License-Identifier: GPL-2.0
/*
 * In order: the primary controller gives flexible resources away, which it does in a reset; the secondary ones get
 * them; VF Enable is set, and each goes online before any driver is asked whether it wants the function. Back: the
 * functions go, secondary controllers go offline and lose their resources, the primary one has them again.
 */
#include <linux/device.h>

#include "ctrl.h"
#include "fault.h"
#include "sriov.h"
#include "virt.h"

/* A virtual function comes into being, with VF Enable set: nobody has been asked to drive it yet. */
static int onvme_sriov_notify(struct notifier_block *nb, unsigned long action, void *data)
{
	struct pci_dev *pdev = to_pci_dev(data);
	struct onvme_ctrl *primary;

	if (action != BUS_NOTIFY_ADD_DEVICE || !pdev->is_virtfn)
		return NOTIFY_DONE;
	primary = onvme_virt_find(pci_physfn(pdev));
	if (!primary)
		return NOTIFY_DONE;
	onvme_virt_online(primary, pci_iov_vf_id(pdev));
	put_device(&primary->dev);
	return NOTIFY_OK;
}

static struct notifier_block onvme_sriov_nb = {
	.notifier_call = onvme_sriov_notify,
};

/**
 * onvme_sriov_init() - hear of virtual functions
 *
 * Return: 0 or a negative errno.
 */
int onvme_sriov_init(void)
{
	return ONVME_ALLOC_ERRNO(bus_register_notifier(&pci_bus_type, &onvme_sriov_nb));
}

/**
 * onvme_sriov_exit() - undo onvme_sriov_init()
 */
void onvme_sriov_exit(void)
{
	bus_unregister_notifier(&pci_bus_type, &onvme_sriov_nb);
}

/*
 * The primary controller is to have that much of what is flexible. A reset of the controller is enough by the
 * specification; some wait for one of the function.
 */
static int onvme_sriov_resize(struct onvme_ctrl *ctrl, const u16 *want)
{
	struct pci_dev *pdev = ctrl->hw.pdev;
	int err = onvme_virt_alloc(ctrl, want);

	if (err <= 0)
		return err;
	err = onvme_recovery_reset_sync(ctrl, "SR-IOV");
	if (err == -EBUSY)
		onvme_recovery_await(ctrl);
	if (onvme_virt_settled(ctrl, want))
		return 0;
	err = pci_reset_function_locked(pdev);
	onvme_recovery_await(ctrl);
	if (onvme_virt_settled(ctrl, want))
		return 0;
	dev_err(&ctrl->dev, "SR-IOV: the primary controller has not changed its share: %d\n", err);
	return err ?: -EIO;
}

/* Back from wherever it got to. */
static void onvme_sriov_undo(struct onvme_ctrl *ctrl)
{
	if (pci_num_vf(ctrl->hw.pdev))
		pci_disable_sriov(ctrl->hw.pdev);
	onvme_virt_end(ctrl);
	if (onvme_ctrl_is(ctrl, ONVME_ADMITS_USER))
		onvme_sriov_resize(ctrl, ctrl->virt.before);
}

static int onvme_sriov_enable(struct onvme_ctrl *ctrl, unsigned int nr)
{
	int err = onvme_virt_plan(ctrl, nr);

	if (err == -EOPNOTSUPP)
		return pci_enable_sriov(ctrl->hw.pdev, nr);
	if (err)
		return err;
	err = onvme_sriov_resize(ctrl, ctrl->virt.primary) ?: onvme_virt_begin(ctrl, nr);
	if (!err) {
		err = pci_enable_sriov(ctrl->hw.pdev, nr);
		if (err)
			dev_err(&ctrl->dev, "SR-IOV: enabling %u functions failed: %d\n", nr, err);
		else if (!onvme_virt_all_online(ctrl))
			err = -EIO;
	}
	if (err)
		onvme_sriov_undo(ctrl);
	else
		dev_info(&ctrl->dev, "SR-IOV: %u functions\n", nr);
	return err;
}

/**
 * onvme_sriov_configure() - sriov_numvfs was written
 * @pdev: the physical function, bound
 * @nr: virtual functions that are wanted, at most as many as there can be; 0: none, and there are some now
 *
 * Process context, with the lock of the function held; bounded by two resets, and four admin commands a function.
 *
 * Return: @nr, or an errno: there are none then.
 */
int onvme_sriov_configure(struct pci_dev *pdev, int nr)
{
	struct onvme_ctrl *ctrl = pci_get_drvdata(pdev);
	int err;

	if (pci_vfs_assigned(pdev))
		return -EPERM;
	if (!nr) {
		onvme_sriov_undo(ctrl);
		return 0;
	}
	if (!onvme_ctrl_is(ctrl, ONVME_ADMITS_USER))
		return onvme_ctrl_is(ctrl, ONVME_WAITS) ? -EBUSY : -ENODEV;
	err = onvme_sriov_enable(ctrl, nr);
	return err ?: nr;
}

/**
 * onvme_sriov_remove() - the physical function is being let go
 * @ctrl: its controller; no virtual function is left
 *
 * What secondary controllers had goes back to the primary one, which will have it after its next reset.
 */
void onvme_sriov_remove(struct onvme_ctrl *ctrl)
{
	if (!ctrl->virt.nr)
		return;
	onvme_virt_end(ctrl);
	if (onvme_ctrl_is(ctrl, ONVME_ADMITS_USER) && !onvme_hw_gone(&ctrl->hw))
		onvme_virt_alloc(ctrl, ctrl->virt.before);
}
