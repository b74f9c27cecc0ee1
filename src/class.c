// SPDX-License-Identifier: GPL-2.0
#include <linux/debugfs.h>
#include <linux/fs.h>
#include <linux/idr.h>
#include <linux/module.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "class.h"
#include "fault.h"

/* An export of nvme_core that every kernel since 4.16 has. */
#define ONVME_INTREE_SYMBOL	"nvme_start_ctrl"
#define ONVME_BESIDE_FIRST	128

struct class *onvme_class_ctrl;
struct class *onvme_class_subsys;
struct class *onvme_class_generic;
struct dentry *onvme_class_debugfs;
dev_t onvme_class_devt;
dev_t onvme_class_generic_devt;
static DEFINE_IDA(onvme_class_ida);
static DEFINE_IDA(onvme_class_minor_ida);
static bool onvme_class_beside;
static atomic_t onvme_class_users = ATOMIC_INIT(0);
static DECLARE_WAIT_QUEUE_HEAD(onvme_class_idle);
struct workqueue_struct *onvme_wq;
struct workqueue_struct *onvme_reset_wq;

static int onvme_class_uevent(onvme_class_dev *dev, struct kobj_uevent_env *env)
{
	return add_uevent_var(env, "NVME_TRTYPE=pcie");
}

/* In the order of their names below; registered and unregistered together. */
static struct class **const onvme_classes[] = { &onvme_class_ctrl, &onvme_class_subsys, &onvme_class_generic };

static void onvme_class_destroy(unsigned int n)
{
	while (n--)
		class_destroy(*onvme_classes[n]);
}

static int onvme_class_create(void)
{
	static const char * const names[] = { "nvme", "nvme-subsystem", "nvme-generic" };
	static const char * const beside[] = { "onvme", "onvme-subsystem", "onvme-generic" };
	unsigned int n;

	for (n = 0; n < ARRAY_SIZE(onvme_classes); n++) {
		struct class *class = ONVME_ALLOC_ERR_PTR(class_create(onvme_class_beside ? beside[n] : names[n]));

		if (IS_ERR(class)) {
			onvme_class_destroy(n);
			return PTR_ERR(class);
		}
		*onvme_classes[n] = class;
	}
	onvme_class_ctrl->dev_uevent = onvme_class_uevent;
	return 0;
}

/**
 * onvme_class_init() - register classes and device numbers, beside the in-tree driver where it is loaded
 *
 * Return: 0 or a negative errno.
 */
int onvme_class_init(void)
{
	int err = -ENOMEM;

	onvme_wq = ONVME_ALLOC(alloc_workqueue("onvme-wq", WQ_UNBOUND | WQ_MEM_RECLAIM, 0));
	if (!onvme_wq)
		return err;
	onvme_reset_wq = ONVME_ALLOC(alloc_workqueue("onvme-reset-wq", WQ_UNBOUND | WQ_MEM_RECLAIM, 0));
	if (!onvme_reset_wq)
		goto out_destroy_wq;
	onvme_class_beside = __symbol_get(ONVME_INTREE_SYMBOL);
	/* In /proc/devices sg3_utils looks for the in-tree name, to know how to speak to a node. */
	err = ONVME_ALLOC_ERRNO(alloc_chrdev_region(&onvme_class_devt, 0, ONVME_CLASS_MINORS,
						    onvme_class_beside ? "onvme" : "nvme"));
	if (err)
		goto out_put;
	err = ONVME_ALLOC_ERRNO(alloc_chrdev_region(&onvme_class_generic_devt, 0, ONVME_CLASS_GENERIC_MINORS,
						    onvme_class_beside ? "onvme-generic" : "nvme-generic"));
	if (err)
		goto out_unregister;
	err = onvme_class_create();
	if (err)
		goto out_unregister_generic;
	onvme_class_debugfs = debugfs_create_dir("onvme", NULL);
	if (onvme_class_beside)
		pr_info("onvme: nvme_core is loaded: classes are onvme, onvme-subsystem, onvme-generic, numbers from %d\n",
			ONVME_BESIDE_FIRST);
	return 0;

out_unregister_generic:
	unregister_chrdev_region(onvme_class_generic_devt, ONVME_CLASS_GENERIC_MINORS);
out_unregister:
	unregister_chrdev_region(onvme_class_devt, ONVME_CLASS_MINORS);
out_put:
	if (onvme_class_beside)
		__symbol_put(ONVME_INTREE_SYMBOL);
	destroy_workqueue(onvme_reset_wq);
out_destroy_wq:
	destroy_workqueue(onvme_wq);
	return err;
}

/**
 * onvme_class_exit() - undo onvme_class_init()
 *
 * No device of the classes is registered.
 */
void onvme_class_exit(void)
{
	wait_event(onvme_class_idle, !atomic_read(&onvme_class_users));
	debugfs_remove_recursive(onvme_class_debugfs);
	onvme_class_destroy(ARRAY_SIZE(onvme_classes));
	if (onvme_class_beside)
		__symbol_put(ONVME_INTREE_SYMBOL);
	unregister_chrdev_region(onvme_class_generic_devt, ONVME_CLASS_GENERIC_MINORS);
	unregister_chrdev_region(onvme_class_devt, ONVME_CLASS_MINORS);
	destroy_workqueue(onvme_reset_wq);
	destroy_workqueue(onvme_wq);
	ida_destroy(&onvme_class_minor_ida);
	ida_destroy(&onvme_class_ida);
}

/**
 * onvme_class_get() - one more object whose release function is in this module
 */
void onvme_class_get(void)
{
	atomic_inc(&onvme_class_users);
}

/**
 * onvme_class_put() - the last words of a release function
 *
 * A file that is closed may drop the last reference to a controller after it has dropped the one to the module;
 * onvme_class_exit() waits for it.
 */
void onvme_class_put(void)
{
	if (atomic_dec_and_test(&onvme_class_users))
		wake_up_all(&onvme_class_idle);
}

/**
 * onvme_class_get_instance() - the smallest number that no controller and no subsystem has
 *
 * Process context.
 *
 * Return: the number, or a negative errno.
 */
int onvme_class_get_instance(void)
{
	return ONVME_ALLOC_ERRNO(ida_alloc_range(&onvme_class_ida, onvme_class_beside ? ONVME_BESIDE_FIRST : 0,
						 ONVME_CLASS_MINORS - 1, GFP_KERNEL));
}

/**
 * onvme_class_put_instance() - give a number back
 * @instance: from onvme_class_get_instance()
 */
void onvme_class_put_instance(int instance)
{
	ida_free(&onvme_class_ida, instance);
}

/**
 * onvme_class_get_minor() - a minor number for a generic node
 *
 * Process context.
 *
 * Return: the number, or a negative errno.
 */
int onvme_class_get_minor(void)
{
	return ONVME_ALLOC_ERRNO(ida_alloc_max(&onvme_class_minor_ida, ONVME_CLASS_GENERIC_MINORS - 1, GFP_KERNEL));
}

/**
 * onvme_class_put_minor() - give a minor number back
 * @minor: from onvme_class_get_minor()
 */
void onvme_class_put_minor(int minor)
{
	ida_free(&onvme_class_minor_ida, minor);
}
