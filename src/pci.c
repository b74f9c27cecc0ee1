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
#include "recovery.h"
#include "sysfs.h"

static void onvme_pci_rescan(struct onvme_ctrl *ctrl)
{
	onvme_ns_queue_scan(ctrl);
	onvme_ns_flush_scan(ctrl);
}

static const struct onvme_ctrl_ops onvme_pci_ctrl_ops = {
	.timeout	= onvme_recovery_timeout,
	.aen		= onvme_aen_event,
	.rescan		= onvme_pci_rescan,
	.hold		= onvme_ns_hold,
	.lost		= onvme_recovery_lost,
	.live		= onvme_chrdev_add,
};

static int onvme_pci_setup_dma(struct pci_dev *pdev)
{
	int err = dma_set_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(64));

	if (err) {
		dev_err(&pdev->dev, "no 64-bit DMA: %d\n", err);
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
	onvme_ns_flush_scan(ctrl);
	return 0;
}

static void onvme_pci_remove(struct pci_dev *pdev)
{
	onvme_pci_let_go(pci_get_drvdata(pdev));
}

static void onvme_pci_shutdown(struct pci_dev *pdev)
{
	onvme_recovery_suspend(pci_get_drvdata(pdev));
}

static int onvme_pci_suspend(struct device *dev)
{
	onvme_recovery_suspend(dev_get_drvdata(dev));
	return 0;
}

static int onvme_pci_resume(struct device *dev)
{
	return onvme_recovery_resume(dev_get_drvdata(dev));
}

static DEFINE_SIMPLE_DEV_PM_OPS(onvme_pci_pm_ops, onvme_pci_suspend, onvme_pci_resume);

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
	.driver		= {
		.probe_type	= PROBE_PREFER_ASYNCHRONOUS,
		.pm		= pm_sleep_ptr(&onvme_pci_pm_ops),
	},
};

static int __init onvme_pci_init(void)
{
	int err = onvme_fault_init();

	if (err)
		return err;
	err = onvme_class_init();
	if (err)
		goto out_fault;
	err = ONVME_ALLOC_ERRNO(pci_register_driver(&onvme_pci_driver));
	if (err)
		goto out_class;
	return 0;

out_class:
	onvme_class_exit();
out_fault:
	onvme_fault_exit();
	return err;
}

static void __exit onvme_pci_exit(void)
{
	pci_unregister_driver(&onvme_pci_driver);
	onvme_class_exit();
	onvme_fault_exit();
}

module_init(onvme_pci_init);
module_exit(onvme_pci_exit);

MODULE_DESCRIPTION("NVMe PCIe host driver");
MODULE_AUTHOR("onvme authors");
MODULE_LICENSE("GPL");
MODULE_VERSION(ONVME_VERSION);
