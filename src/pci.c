// SPDX-License-Identifier: GPL-2.0
/*
 * The root: finds controllers on PCI and gives them to the layers below; it is the only file that knows all of them.
 */
#include <linux/dma-mapping.h>
#include <linux/module.h>
#include <linux/pci.h>

#include "chrdev.h"
#include "class.h"
#include "ctrl.h"
#include "fault.h"
#include "quirks.h"
#include "recovery.h"
#include "sriov.h"
#include "sysfs.h"

static void onvme_pci_rescan(struct onvme_ctrl *ctrl)
{
	onvme_ns_queue_scan(ctrl);
	onvme_ns_flush_scan(ctrl);
}

/* What was wanted while it was brought up is told now; the first time it is published. */
static int onvme_pci_live(struct onvme_ctrl *ctrl)
{
	onvme_power_look(ctrl);
	onvme_virt_look(ctrl);
	return onvme_chrdev_add(ctrl);
}

static const struct onvme_ctrl_ops onvme_pci_ctrl_ops = {
	.timeout	= onvme_recovery_timeout,
	.aen		= onvme_aen_event,
	.rescan		= onvme_pci_rescan,
	.hold		= onvme_ns_hold,
	.lost		= onvme_recovery_lost,
	.live		= onvme_pci_live,
};

static int onvme_pci_setup_dma(struct pci_dev *pdev)
{
	unsigned int bits = onvme_quirk_dma_bits(onvme_quirks_of(pdev, NULL));
	int err = dma_set_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(bits));

	if (err) {
		dev_err(&pdev->dev, "no %u-bit DMA: %d\n", bits, err);
		return err;
	}
	/* Offsets into pages survive a bounce buffer: PRP entries depend on it. */
	dma_set_min_align_mask(&pdev->dev, ONVME_PAGE_SIZE - 1);
	dma_set_max_seg_size(&pdev->dev, UINT_MAX);
	return 0;
}

/* The way back from wherever bring-up got to; frees the controller when nobody has it open. */
static void onvme_pci_let_go(struct onvme_ctrl *ctrl)
{
	onvme_recovery_begin_removal(ctrl);
	onvme_ns_remove_all(ctrl);
	onvme_hwmon_del(ctrl);
	onvme_chrdev_del(ctrl);
	onvme_recovery_end_removal(ctrl);
	onvme_ctrl_unmap(ctrl);
	put_device(&ctrl->dev);
}

static int onvme_pci_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct onvme_ctrl *ctrl;
	int err;

	err = onvme_pci_setup_dma(pdev);
	if (err)
		return err;
	ctrl = onvme_ctrl_alloc(pdev, &onvme_pci_ctrl_ops);
	if (IS_ERR(ctrl))
		return PTR_ERR(ctrl);
	ctrl->ns_groups = onvme_sysfs_ns_groups;
	onvme_recovery_init(ctrl);
	pci_set_drvdata(pdev, ctrl);
	err = onvme_recovery_start(ctrl);
	if (err) {
		onvme_pci_let_go(ctrl);
		return err;
	}
	onvme_hwmon_add(ctrl);
	onvme_ns_flush_scan(ctrl);
	return 0;
}

static void onvme_pci_remove(struct pci_dev *pdev)
{
	if (pci_num_vf(pdev))
		pci_disable_sriov(pdev);
	onvme_sriov_remove(pci_get_drvdata(pdev));
	onvme_pci_let_go(pci_get_drvdata(pdev));
}

static void onvme_pci_shutdown(struct pci_dev *pdev)
{
	onvme_recovery_suspend(pci_get_drvdata(pdev), false);
}

static int onvme_pci_suspend(struct device *dev)
{
	onvme_recovery_suspend(dev_get_drvdata(dev), true);
	return 0;
}

/* Before an image of memory is made, or restored, and before the power goes: nothing of the controller may stay. */
static int onvme_pci_freeze(struct device *dev)
{
	onvme_recovery_suspend(dev_get_drvdata(dev), false);
	return 0;
}

static int onvme_pci_resume(struct device *dev)
{
	onvme_recovery_resume(dev_get_drvdata(dev));
	return 0;
}

static const struct dev_pm_ops onvme_pci_pm_ops = {
	.suspend	= onvme_pci_suspend,
	.resume		= onvme_pci_resume,
	.freeze		= onvme_pci_freeze,
	.thaw		= onvme_pci_resume,
	.poweroff	= onvme_pci_freeze,
	.restore	= onvme_pci_resume,
};

/*
 * Called by the PCI core with the lock of the function held, and some with that of all buses: none of them waits
 * without a bound, and a reset of ours that is under way never waits for the lock of the function.
 */

static pci_ers_result_t onvme_pci_error_detected(struct pci_dev *pdev, pci_channel_state_t state)
{
	struct onvme_ctrl *ctrl = pci_get_drvdata(pdev);

	switch (state) {
	case pci_channel_io_normal:
		dev_warn(&ctrl->dev, "PCI error, the link works\n");
		return PCI_ERS_RESULT_CAN_RECOVER;	/* a command that was hit is noticed when it is late */
	case pci_channel_io_frozen:
		dev_warn(&ctrl->dev, "PCI error, the link will be reset\n");
		onvme_power_learn(ctrl);
		onvme_recovery_hold(ctrl, "PCI error");
		return onvme_ctrl_is(ctrl, ONVME_TERMINAL) ? PCI_ERS_RESULT_DISCONNECT : PCI_ERS_RESULT_NEED_RESET;
	default:
		dev_err(&ctrl->dev, "PCI error, the device is lost\n");
		if (!onvme_recovery_release(ctrl))
			onvme_recovery_reset(ctrl, "PCI error");
		return PCI_ERS_RESULT_DISCONNECT;
	}
}

static pci_ers_result_t onvme_pci_slot_reset(struct pci_dev *pdev)
{
	struct onvme_ctrl *ctrl = pci_get_drvdata(pdev);

	onvme_recovery_was_reset(ctrl);
	return onvme_ctrl_is(ctrl, ONVME_TERMINAL) ? PCI_ERS_RESULT_DISCONNECT : PCI_ERS_RESULT_RECOVERED;
}

static void onvme_pci_error_resume(struct pci_dev *pdev)
{
	onvme_recovery_await(pci_get_drvdata(pdev));
}

static void onvme_pci_reset_prepare(struct pci_dev *pdev)
{
	struct onvme_ctrl *ctrl = pci_get_drvdata(pdev);

	if (!onvme_rescue_is_mine(&ctrl->recovery.rescue))
		onvme_recovery_hold(ctrl, "PCI reset");
}

static void onvme_pci_reset_done(struct pci_dev *pdev)
{
	struct onvme_ctrl *ctrl = pci_get_drvdata(pdev);

	if (onvme_rescue_is_mine(&ctrl->recovery.rescue))
		return;
	onvme_recovery_was_reset(ctrl);
	onvme_recovery_await(ctrl);
}

static const struct pci_error_handlers onvme_pci_error_handlers = {
	.error_detected	= onvme_pci_error_detected,
	.slot_reset	= onvme_pci_slot_reset,
	.resume		= onvme_pci_error_resume,
	.reset_prepare	= onvme_pci_reset_prepare,
	.reset_done	= onvme_pci_reset_done,
};

static const struct pci_device_id onvme_pci_ids[] = {
	{ PCI_DEVICE_CLASS(PCI_CLASS_STORAGE_EXPRESS, 0xffffff) },
	{ }
};
MODULE_DEVICE_TABLE(pci, onvme_pci_ids);

static struct pci_driver onvme_pci_driver = {
	.name		= "onvme",
	.id_table	= onvme_pci_ids,
	.probe		= onvme_pci_probe,
	.remove		= onvme_pci_remove,
	.shutdown	= onvme_pci_shutdown,
	.sriov_configure = onvme_sriov_configure,
	.err_handler	= &onvme_pci_error_handlers,
	.driver		= {
		.probe_type	= PROBE_PREFER_ASYNCHRONOUS,
		.pm		= pm_sleep_ptr(&onvme_pci_pm_ops),
	},
};

static int __init onvme_pci_init(void)
{
	int err = onvme_quirks_init();

	if (err)
		return err;
	err = onvme_fault_init();
	if (err)
		return err;
	err = onvme_class_init();
	if (err)
		goto out_fault;
	onvme_fault_expose(onvme_class_debugfs);
	err = onvme_sriov_init();
	if (err)
		goto out_class;
	err = ONVME_ALLOC_ERRNO(pci_register_driver(&onvme_pci_driver));
	if (err)
		goto out_sriov;
	return 0;

out_sriov:
	onvme_sriov_exit();
out_class:
	onvme_class_exit();
out_fault:
	onvme_fault_exit();
	return err;
}

static void __exit onvme_pci_exit(void)
{
	pci_unregister_driver(&onvme_pci_driver);
	onvme_sriov_exit();
	onvme_class_exit();
	onvme_fault_exit();
}

module_init(onvme_pci_init);
module_exit(onvme_pci_exit);

MODULE_DESCRIPTION("NVMe PCIe host driver");
MODULE_AUTHOR("onvme authors");
MODULE_LICENSE("GPL");
MODULE_VERSION(ONVME_VERSION);
