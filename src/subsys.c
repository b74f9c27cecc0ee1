// SPDX-License-Identifier: GPL-2.0
/*
 * Controllers find their subsystem by its qualified name (Base, "NVM Subsystem"). Two devices that report the same
 * name although neither can share are two devices with a bad name: the second gets one made from its serial number,
 * as controllers without any name do.
 */
#include <linux/device.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/slab.h>

#include "class.h"
#include "ctrl.h"
#include "fault.h"
#include "subsys.h"

struct onvme_subsys {
	struct device		dev;
	struct list_head	node;
	struct list_head	ctrls;
	int			instance;
	u8			cmic;
	u8			cntrltype;
	char			nqn[ONVME_NQN_SIZE];
	char			sn[21];
	char			mn[41];
	char			fr[9];
};

static LIST_HEAD(onvme_subsys_list);
static DEFINE_MUTEX(onvme_subsys_lock);

static struct onvme_subsys *to_subsys(struct device *dev)
{
	return container_of(dev, struct onvme_subsys, dev);
}

#define ONVME_SUBSYS_ATTR(_name, _format, _member)								\
	static ssize_t _name##_show(struct device *dev, struct device_attribute *attr, char *buf)		\
	{													\
		return sysfs_emit(buf, _format "\n", to_subsys(dev)->_member);				\
	}													\
	static DEVICE_ATTR_RO(_name)

ONVME_SUBSYS_ATTR(model, "%-40s", mn);
ONVME_SUBSYS_ATTR(serial, "%-20s", sn);
ONVME_SUBSYS_ATTR(firmware_rev, "%-8s", fr);
ONVME_SUBSYS_ATTR(subsysnqn, "%s", nqn);

static ssize_t subsystype_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%s\n", to_subsys(dev)->cntrltype == ONVME_CNTRLTYPE_DISC ? "discovery" : "nvm");
}
static DEVICE_ATTR_RO(subsystype);

static struct attribute *onvme_subsys_attrs[] = {
	&dev_attr_model.attr,
	&dev_attr_serial.attr,
	&dev_attr_firmware_rev.attr,
	&dev_attr_subsysnqn.attr,
	&dev_attr_subsystype.attr,
	NULL
};
ATTRIBUTE_GROUPS(onvme_subsys);

static void onvme_subsys_release(struct device *dev)
{
	struct onvme_subsys *subsys = to_subsys(dev);

	onvme_class_put_instance(subsys->instance);
	kfree(subsys);
	onvme_class_put();
}

static struct onvme_subsys *onvme_subsys_find(const char *nqn)
{
	struct onvme_subsys *subsys;

	lockdep_assert_held(&onvme_subsys_lock);
	list_for_each_entry(subsys, &onvme_subsys_list, node)
		if (!strcmp(subsys->nqn, nqn))
			return subsys;
	return NULL;
}

/* The subsystem takes over the number of its first controller, so that nvme0 is in nvme-subsys0. */
static struct onvme_subsys *onvme_subsys_create(struct onvme_ctrl *ctrl, const struct onvme_caps *caps)
{
	struct onvme_subsys *subsys = ONVME_ALLOC(kzalloc(sizeof(*subsys), GFP_KERNEL));
	int err;

	lockdep_assert_held(&onvme_subsys_lock);
	if (!subsys)
		return ERR_PTR(-ENOMEM);
	onvme_class_get();
	INIT_LIST_HEAD(&subsys->ctrls);
	subsys->instance = ctrl->instance;
	subsys->cmic = caps->cmic;
	subsys->cntrltype = caps->cntrltype;
	strscpy(subsys->nqn, caps->subnqn, sizeof(subsys->nqn));
	strscpy(subsys->sn, caps->sn, sizeof(subsys->sn));
	strscpy(subsys->mn, caps->mn, sizeof(subsys->mn));
	strscpy(subsys->fr, caps->fr, sizeof(subsys->fr));
	device_initialize(&subsys->dev);
	subsys->dev.class = onvme_class_subsys;
	subsys->dev.release = onvme_subsys_release;
	subsys->dev.groups = onvme_subsys_groups;
	err = ONVME_ALLOC_ERRNO(dev_set_name(&subsys->dev, "nvme-subsys%d", subsys->instance));
	if (!err)
		err = ONVME_ALLOC_ERRNO(device_add(&subsys->dev));
	if (err) {
		subsys->instance = -1;
		put_device(&subsys->dev);
		return ERR_PTR(err);
	}
	list_add_tail(&subsys->node, &onvme_subsys_list);
	set_bit(ONVME_CTRL_LENT_INSTANCE, &ctrl->flags);
	return subsys;
}

static bool onvme_subsys_has_cntlid(struct onvme_subsys *subsys, u16 cntlid)
{
	struct onvme_ctrl *ctrl;

	list_for_each_entry(ctrl, &subsys->ctrls, subsys_node)
		if (ctrl->cntlid == cntlid)
			return true;
	return false;
}

/**
 * onvme_subsys_join() - find or make the subsystem of a controller
 * @ctrl: the controller
 * @caps: what Identify said; a name that cannot be right is replaced
 *
 * A controller that has a subsystem already keeps it. Called from a bring-up step.
 *
 * Return: 0; -EEXIST: another controller has the same name and number; -ENOMEM or the like.
 */
int onvme_subsys_join(struct onvme_ctrl *ctrl, struct onvme_caps *caps)
{
	struct onvme_subsys *subsys;
	int err = 0;

	if (ctrl->subsys)
		return 0;
	mutex_lock(&onvme_subsys_lock);
	subsys = onvme_subsys_find(caps->subnqn);
	if (subsys && !(subsys->cmic & caps->cmic & ONVME_CMIC_MULTI_CTRL)) {
		dev_warn(&ctrl->dev, "subsystem name %s is taken: making one from the serial number\n", caps->subnqn);
		onvme_ident_synthetic_nqn(caps);
		subsys = onvme_subsys_find(caps->subnqn);
	}
	if (subsys && onvme_subsys_has_cntlid(subsys, caps->cntlid)) {
		dev_err(&ctrl->dev, "Duplicate cntlid %u in subsys %s, rejecting\n", caps->cntlid, caps->subnqn);
		err = -EEXIST;
		goto out;
	}
	if (!subsys) {
		subsys = onvme_subsys_create(ctrl, caps);
		if (IS_ERR(subsys)) {
			err = PTR_ERR(subsys);
			dev_err(&ctrl->dev, "cannot make subsystem %s: %d\n", caps->subnqn, err);
			goto out;
		}
	} else {
		get_device(&subsys->dev);
	}
	ctrl->subsys = subsys;
	ctrl->cntlid = caps->cntlid;
	list_add_tail(&ctrl->subsys_node, &subsys->ctrls);
out:
	mutex_unlock(&onvme_subsys_lock);
	return err;
}

/**
 * onvme_subsys_link() - show a registered controller in its subsystem's folder
 * @ctrl: the controller
 *
 * Return: 0 or the error of sysfs.
 */
int onvme_subsys_link(struct onvme_ctrl *ctrl)
{
	return ONVME_ALLOC_ERRNO(sysfs_create_link(&ctrl->subsys->dev.kobj, &ctrl->dev.kobj, dev_name(&ctrl->dev)));
}

/**
 * onvme_subsys_unlink() - undo onvme_subsys_link()
 * @ctrl: the controller
 */
void onvme_subsys_unlink(struct onvme_ctrl *ctrl)
{
	sysfs_remove_link(&ctrl->subsys->dev.kobj, dev_name(&ctrl->dev));
}

/**
 * onvme_subsys_leave() - the end of a controller's membership; the last one takes the subsystem along
 * @ctrl: the controller
 *
 * Idempotent.
 */
void onvme_subsys_leave(struct onvme_ctrl *ctrl)
{
	struct onvme_subsys *subsys = ctrl->subsys;

	if (!subsys)
		return;
	mutex_lock(&onvme_subsys_lock);
	list_del(&ctrl->subsys_node);
	if (list_empty(&subsys->ctrls)) {
		list_del(&subsys->node);
		device_del(&subsys->dev);
	}
	mutex_unlock(&onvme_subsys_lock);
	ctrl->subsys = NULL;
	put_device(&subsys->dev);
}

/**
 * onvme_subsys_alone() - whether a controller is the only one of its subsystem
 * @ctrl: the controller
 *
 * Return: true when we know of no other and the subsystem says that there cannot be one.
 */
bool onvme_subsys_alone(struct onvme_ctrl *ctrl)
{
	bool alone;

	if (!ctrl->subsys)
		return false;
	mutex_lock(&onvme_subsys_lock);
	alone = list_is_singular(&ctrl->subsys->ctrls) && !(ctrl->subsys->cmic & ONVME_CMIC_MULTI_CTRL);
	mutex_unlock(&onvme_subsys_lock);
	return alone;
}

/**
 * onvme_subsys_nqn() - qualified name of a controller's subsystem
 * @ctrl: the controller
 *
 * Return: a string that lives as long as the membership; empty when there is none.
 */
const char *onvme_subsys_nqn(struct onvme_ctrl *ctrl)
{
	return ctrl->subsys ? ctrl->subsys->nqn : "";
}
