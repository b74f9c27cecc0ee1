// SPDX-License-Identifier: GPL-2.0
#include <linux/blkdev.h>
#include <linux/compat.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "class.h"
#include "ctrl.h"
#include "fault.h"
#include "generic.h"
#include "ioctl.h"
#include "uring.h"

static int onvme_generic_open(struct inode *inode, struct file *file)
{
	struct onvme_generic *generic = container_of(inode->i_cdev, struct onvme_generic, cdev);

	if (READ_ONCE(generic->gone))
		return -ENODEV;
	file->private_data = generic;
	return nonseekable_open(inode, file);
}

/* What a command through @file is about; -ENODEV when that is no more. @geom has to last as long as @node. */
static int onvme_generic_node(struct file *file, struct onvme_node *node, struct onvme_ns_geom *geom)
{
	struct onvme_generic *generic = file->private_data;

	*node = (struct onvme_node){
		.ctrl		= generic->ctrl,
		.ns		= geom,
		.disk_q		= generic->gd ? generic->gd->queue : NULL,
		.era		= onvme_passthru_era(generic->ctrl),
		.writable	= file->f_mode & FMODE_WRITE,
	};
	if (READ_ONCE(generic->gone))
		return -ENODEV;
	spin_lock(&generic->lock);
	*geom = generic->geom;
	spin_unlock(&generic->lock);
	return 0;
}

static long onvme_generic_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct onvme_ns_geom geom;
	struct onvme_node node;
	int err = onvme_generic_node(file, &node, &geom);

	return err ?: onvme_ioctl(&node, cmd, (void __user *)arg);
}

static int onvme_generic_uring_cmd(struct io_uring_cmd *ioucmd, unsigned int issue_flags)
{
	struct onvme_ns_geom geom;
	struct onvme_node node;
	int err = onvme_generic_node(ioucmd->file, &node, &geom);

	return err ?: onvme_uring_cmd(&node, ioucmd, issue_flags);
}

static int onvme_generic_uring_poll(struct io_uring_cmd *ioucmd, struct io_comp_batch *iob, unsigned int flags)
{
	struct onvme_generic *generic = ioucmd->file->private_data;

	return onvme_uring_poll(generic->ctrl, ioucmd);
}

static const struct file_operations onvme_generic_fops = {
	.owner			= THIS_MODULE,
	.open			= onvme_generic_open,
	.unlocked_ioctl		= onvme_generic_ioctl,
	.compat_ioctl		= compat_ptr_ioctl,
	.uring_cmd		= onvme_generic_uring_cmd,
	.uring_cmd_iopoll	= onvme_generic_uring_poll,
};

static void onvme_generic_release(struct device *dev)
{
	struct onvme_generic *generic = container_of(dev, struct onvme_generic, dev);
	struct onvme_ctrl *ctrl = generic->ctrl;

	onvme_class_put_minor(MINOR(dev->devt));
	if (generic->gd)
		put_disk(generic->gd);
	kfree(generic);
	put_device(&ctrl->dev);
}

/**
 * onvme_generic_add() - make and publish the generic node of a namespace
 * @ctrl: the controller; registered
 * @geom: the namespace
 * @gd: its disk, or NULL: it has none
 * @instance: number behind the "n" of its name
 *
 * Process context.
 *
 * Return: the node or an error pointer.
 */
struct onvme_generic *onvme_generic_add(struct onvme_ctrl *ctrl, const struct onvme_ns_geom *geom, struct gendisk *gd,
					int instance)
{
	struct onvme_generic *generic = ONVME_ALLOC(kzalloc(sizeof(*generic), GFP_KERNEL));
	int err, minor;

	if (!generic)
		return ERR_PTR(-ENOMEM);
	minor = onvme_class_get_minor();
	if (minor < 0) {
		kfree(generic);
		return ERR_PTR(minor);
	}
	spin_lock_init(&generic->lock);
	generic->geom = *geom;
	generic->ctrl = ctrl;
	generic->gd = gd;
	if (gd)
		get_device(disk_to_dev(gd));
	get_device(&ctrl->dev);
	device_initialize(&generic->dev);
	generic->dev.class = onvme_class_generic;
	generic->dev.parent = &ctrl->dev;
	generic->dev.devt = MKDEV(MAJOR(onvme_class_generic_devt), minor);
	generic->dev.release = onvme_generic_release;
	cdev_init(&generic->cdev, &onvme_generic_fops);
	generic->cdev.owner = THIS_MODULE;
	err = ONVME_ALLOC_ERRNO(dev_set_name(&generic->dev, "ng%dn%d", ctrl->instance, instance));
	if (!err)
		err = ONVME_ALLOC_ERRNO(cdev_device_add(&generic->cdev, &generic->dev));
	if (err) {
		put_device(&generic->dev);
		return ERR_PTR(err);
	}
	return generic;
}

/**
 * onvme_generic_update() - the namespace is not what it was
 * @generic: the node
 * @geom: what the namespace is now
 */
void onvme_generic_update(struct onvme_generic *generic, const struct onvme_ns_geom *geom)
{
	spin_lock(&generic->lock);
	generic->geom = *geom;
	spin_unlock(&generic->lock);
}

/**
 * onvme_generic_remove() - take a generic node away
 * @generic: the node; freed by itself when the last file that has it open is closed, which answers ENODEV until then
 *
 * Process context.
 */
void onvme_generic_remove(struct onvme_generic *generic)
{
	WRITE_ONCE(generic->gone, true);
	cdev_device_del(&generic->cdev, &generic->dev);
	put_device(&generic->dev);
}
