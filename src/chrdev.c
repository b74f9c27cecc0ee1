// SPDX-License-Identifier: GPL-2.0
#include <linux/cdev.h>
#include <linux/compat.h>
#include <linux/debugfs.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/nvme_ioctl.h>

#include "chrdev.h"
#include "class.h"
#include "ctrl.h"
#include "fault.h"
#include "inspect.h"
#include "ioctl.h"
#include "recovery.h"
#include "subsys.h"
#include "sysfs.h"
#include "uring.h"

static int onvme_chrdev_open(struct inode *inode, struct file *file)
{
	struct onvme_ctrl *ctrl = container_of(inode->i_cdev, struct onvme_ctrl, cdev);

	if (onvme_ctrl_is(ctrl, ONVME_WAITS))
		return -EWOULDBLOCK;
	if (!onvme_ctrl_is(ctrl, ONVME_ADMITS_USER))
		return -ENODEV;
	file->private_data = ctrl;
	return nonseekable_open(inode, file);
}

static long onvme_chrdev_rescan(struct onvme_ctrl *ctrl)
{
	if (!onvme_ctrl_is(ctrl, ONVME_ADMITS_USER) && !onvme_ctrl_is(ctrl, ONVME_WAITS))
		return -ENODEV;
	onvme_ns_queue_scan(ctrl);
	return 0;
}

static long onvme_chrdev_admin_ioctl(struct onvme_ctrl *ctrl, unsigned int cmd)
{
	if (!capable(CAP_SYS_ADMIN))
		return -EACCES;
	switch (cmd) {
	case NVME_IOCTL_RESET:
		dev_warn(&ctrl->dev, "resetting controller\n");
		return onvme_recovery_reset_sync(ctrl, "ioctl");
	case NVME_IOCTL_SUBSYS_RESET:
		return onvme_recovery_subsystem_reset(ctrl);
	default:
		return onvme_chrdev_rescan(ctrl);
	}
}

static long onvme_chrdev_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct onvme_ctrl *ctrl = file->private_data;
	struct onvme_node node = {
		.ctrl		= ctrl,
		.era		= onvme_passthru_era(ctrl),
		.writable	= file->f_mode & FMODE_WRITE,
	};
	struct onvme_ns_geom geom;
	int err;

	switch (cmd) {
	case NVME_IOCTL_RESET:
	case NVME_IOCTL_SUBSYS_RESET:
	case NVME_IOCTL_RESCAN:
		return onvme_chrdev_admin_ioctl(ctrl, cmd);
	case NVME_IOCTL_IO_CMD:
	case NVME_IOCTL_IO64_CMD:
		/* The node names no namespace: there must be no doubt which is meant. */
		err = onvme_ns_only(ctrl, &geom);
		node.ns = &geom;
		return err ?: onvme_ioctl(&node, cmd, (void __user *)arg);
	default:
		return onvme_ioctl(&node, cmd, (void __user *)arg);
	}
}

static int onvme_chrdev_uring_cmd(struct io_uring_cmd *ioucmd, unsigned int issue_flags)
{
	struct onvme_ctrl *ctrl = ioucmd->file->private_data;
	const struct onvme_node node = {
		.ctrl		= ctrl,
		.era		= onvme_passthru_era(ctrl),
		.writable	= ioucmd->file->f_mode & FMODE_WRITE,
	};

	return onvme_uring_cmd(&node, ioucmd, issue_flags);
}

static const struct file_operations onvme_chrdev_fops = {
	.owner		= THIS_MODULE,
	.open		= onvme_chrdev_open,
	.unlocked_ioctl	= onvme_chrdev_ioctl,
	.compat_ioctl	= compat_ptr_ioctl,
	.uring_cmd	= onvme_chrdev_uring_cmd,
};

/**
 * onvme_chrdev_add() - register nvmeX: class device, node, attributes, place in its subsystem
 * @ctrl: the controller; live
 *
 * Does nothing when it is registered. Process context.
 *
 * Return: 0 or a negative errno.
 */
int onvme_chrdev_add(struct onvme_ctrl *ctrl)
{
	int err;

	if (test_bit(ONVME_CTRL_EXPOSED, &ctrl->flags))
		return 0;
	ctrl->dev.groups = onvme_sysfs_ctrl_groups;
	cdev_init(&ctrl->cdev, &onvme_chrdev_fops);
	ctrl->cdev.owner = THIS_MODULE;
	err = ONVME_ALLOC_ERRNO(cdev_device_add(&ctrl->cdev, &ctrl->dev));
	if (err)
		return err;
	if (onvme_subsys_link(ctrl))
		dev_warn(&ctrl->dev, "cannot link into the subsystem's folder\n");
	onvme_power_expose(ctrl);
	onvme_inspect_expose(ctrl);
	ctrl->debugfs = debugfs_create_dir(dev_name(&ctrl->dev), onvme_class_debugfs);
	onvme_flight_expose(ctrl);
	onvme_latency_expose(ctrl);
	set_bit(ONVME_CTRL_EXPOSED, &ctrl->flags);
	return 0;
}

/**
 * onvme_chrdev_del() - undo onvme_chrdev_add()
 * @ctrl: the controller
 *
 * Idempotent. Process context.
 */
void onvme_chrdev_del(struct onvme_ctrl *ctrl)
{
	if (!test_and_clear_bit(ONVME_CTRL_EXPOSED, &ctrl->flags))
		return;
	debugfs_remove_recursive(ctrl->debugfs);	/* waits for those who are just opening a file */
	onvme_power_hide(ctrl);
	onvme_subsys_unlink(ctrl);
	cdev_device_del(&ctrl->cdev, &ctrl->dev);
}
