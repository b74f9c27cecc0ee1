// SPDX-License-Identifier: GPL-2.0
#include <linux/bitmap.h>
#include <linux/blkdev.h>
#include <linux/pci.h>
#include <linux/string.h>
#include <linux/sysfs.h>
#include <linux/uuid.h>

#include "adjust.h"
#include "ctrl.h"
#include "disk.h"
#include "inspect.h"
#include "recovery.h"
#include "subsys.h"
#include "sysfs.h"

#define ONVME_SYSFS_MAX_MS	3600000u
#define ONVME_SYSFS_SLICE_MS	100u
#define ONVME_SYSFS_HMB_TRIES	3u

/* A number or text out of the capabilities. */
#define ONVME_CAPS_ATTR(_name, _format, _value)									\
	static ssize_t _name##_show(struct device *dev, struct device_attribute *attr, char *buf)		\
	{													\
		const struct onvme_caps *caps;									\
		ssize_t n;											\
														\
		rcu_read_lock();										\
		caps = rcu_dereference(to_ctrl(dev)->caps);							\
		n = sysfs_emit(buf, _format "\n", _value);							\
		rcu_read_unlock();										\
		return n;											\
	}													\
	static DEVICE_ATTR_RO(_name)

static const char *onvme_sysfs_cntrltype(u8 type)
{
	static const char * const text[] = {
		[0] = "reserved",
		[ONVME_CNTRLTYPE_IO] = "io",
		[ONVME_CNTRLTYPE_DISC] = "discovery",
		[ONVME_CNTRLTYPE_ADMIN] = "admin",
	};

	return type < ARRAY_SIZE(text) ? text[type] : "reserved";
}

/* Tools of the in-tree driver expect the blanks that fill these up. */
ONVME_CAPS_ATTR(model, "%-40s", caps->mn);
ONVME_CAPS_ATTR(serial, "%-20s", caps->sn);
ONVME_CAPS_ATTR(firmware_rev, "%-8s", caps->fr);
ONVME_CAPS_ATTR(cntlid, "%u", caps->cntlid);
ONVME_CAPS_ATTR(cntrltype, "%s", onvme_sysfs_cntrltype(caps->cntrltype));

/* What is the same for all controllers that this driver serves. */
#define ONVME_FIXED_ATTR(_name, _text)										\
	static ssize_t _name##_show(struct device *dev, struct device_attribute *attr, char *buf)		\
	{													\
		return sysfs_emit(buf, "%s\n", _text);								\
	}													\
	static DEVICE_ATTR_RO(_name)

ONVME_FIXED_ATTR(transport, "pcie");
ONVME_FIXED_ATTR(dctype, "none");
ONVME_FIXED_ATTR(kato, "0");

/* Another property of the controller. */
#define ONVME_CTRL_ATTR(_name, _format, _value)									\
	static ssize_t _name##_show(struct device *dev, struct device_attribute *attr, char *buf)		\
	{													\
		struct onvme_ctrl *ctrl = to_ctrl(dev);								\
														\
		return sysfs_emit(buf, _format "\n", _value);							\
	}													\
	static DEVICE_ATTR_RO(_name)

ONVME_CTRL_ATTR(address, "%s", pci_name(ctrl->hw.pdev));
ONVME_CTRL_ATTR(subsysnqn, "%s", onvme_subsys_nqn(ctrl));
ONVME_CTRL_ATTR(state, "%s", onvme_fsm_state_text(onvme_ctrl_state(ctrl)));
ONVME_CTRL_ATTR(numa_node, "%d", dev_to_node(&ctrl->hw.pdev->dev));
ONVME_CTRL_ATTR(queue_count, "%u", ctrl->ioq.plan.nr_io + 1);
ONVME_CTRL_ATTR(sqsize, "%u", ctrl->depth - 1);
ONVME_CTRL_ATTR(cmbloc, "%u", ctrl->hw.cmbloc);
ONVME_CTRL_ATTR(cmbsz, "%u", ctrl->hw.cmbsz);

static ssize_t cmb_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	const struct onvme_hw *hw = &to_ctrl(dev)->hw;

	return sysfs_emit(buf, "cmbloc : x%08x\ncmbsz  : x%08x\n", hw->cmbloc, hw->cmbsz);
}
static DEVICE_ATTR_RO(cmb);

static ssize_t queue_map_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	const unsigned int *nr = to_ctrl(dev)->ioq.plan.nr;

	return sysfs_emit(buf, "default %u read %u poll %u\n", READ_ONCE(nr[ONVME_USE_DEFAULT]),
			  READ_ONCE(nr[ONVME_USE_READ]), READ_ONCE(nr[ONVME_USE_POLL]));
}
static DEVICE_ATTR_RO(queue_map);

/* Another number of queues takes a reset, which finds no I/O under way. When there is none, nothing has changed. */
static int onvme_sysfs_set_queues(struct onvme_ctrl *ctrl, unsigned int *wish, const char *buf)
{
	unsigned int before, n;
	unsigned long deadline;
	int err = 0;

	if (kstrtouint(buf, 0, &n) || n > ctrl->ioq.wish.cpus)
		return -EINVAL;
	if (mutex_lock_killable(&ctrl->nss.hold_lock))
		return -EINTR;
	before = *wish;
	if (n == before)
		goto out;
	/* Not in one go: what ends the I/O may be a reset, and the wait holds it up. */
	deadline = jiffies + msecs_to_jiffies(ctrl->io_timeout_ms);
	do {
		err = onvme_ns_still(ctrl, ONVME_FREEZE_WISH, ONVME_SYSFS_SLICE_MS) ? -EBUSY : 0;
	} while (err && onvme_ctrl_is(ctrl, ONVME_ADMITS_USER) && time_before(jiffies, deadline));
	WRITE_ONCE(*wish, err ? before : n);
	err = err ?: onvme_recovery_reset_sync(ctrl, "sysfs");
	if (err)
		WRITE_ONCE(*wish, before);
	onvme_ns_unstill(ctrl, ONVME_FREEZE_WISH);
out:
	mutex_unlock(&ctrl->nss.hold_lock);
	return err;
}

#define ONVME_QUEUES_ATTR(_name, _member)									\
	static ssize_t _name##_show(struct device *dev, struct device_attribute *attr, char *buf)		\
	{													\
		return sysfs_emit(buf, "%u\n", READ_ONCE(to_ctrl(dev)->ioq.wish._member));			\
	}													\
	static ssize_t _name##_store(struct device *dev, struct device_attribute *attr, const char *buf,	\
				     size_t count)								\
	{													\
		int err = onvme_sysfs_set_queues(to_ctrl(dev), &to_ctrl(dev)->ioq.wish._member, buf);		\
														\
		return err ?: count;										\
	}													\
	static DEVICE_ATTR_RW(_name)

ONVME_QUEUES_ATTR(io_queues, io);
ONVME_QUEUES_ATTR(write_queues, write);
ONVME_QUEUES_ATTR(poll_queues, poll);

static ssize_t passthru_err_log_enabled_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, test_bit(ONVME_CTRL_LOG_USERS, &to_ctrl(dev)->flags) ? "on\n" : "off\n");
}

static ssize_t passthru_err_log_enabled_store(struct device *dev, struct device_attribute *attr, const char *buf,
					      size_t count)
{
	bool on;
	int err = kstrtobool(buf, &on);

	if (err)
		return err;
	assign_bit(ONVME_CTRL_LOG_USERS, &to_ctrl(dev)->flags, on);
	return count;
}
static DEVICE_ATTR_RW(passthru_err_log_enabled);

static ssize_t reset_controller_store(struct device *dev, struct device_attribute *attr, const char *buf, size_t count)
{
	int err = onvme_recovery_reset_sync(to_ctrl(dev), "sysfs");

	return err ?: count;
}
static DEVICE_ATTR_WO(reset_controller);

static ssize_t rescan_controller_store(struct device *dev, struct device_attribute *attr, const char *buf, size_t count)
{
	onvme_ns_queue_scan(to_ctrl(dev));
	return count;
}
static DEVICE_ATTR_WO(rescan_controller);

static ssize_t hmb_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%d\n", READ_ONCE(to_ctrl(dev)->hostmem.given));
}

/*
 * It is given and taken in bring-up alone, where nothing else is done with it. A bring-up under way may not have heard
 * of the wish: what counts is what has come of it once the controller is live.
 */
static int onvme_sysfs_switch_hmb(struct onvme_ctrl *ctrl, bool want)
{
	unsigned int i;
	int err;

	for (i = 0; i <= ONVME_SYSFS_HMB_TRIES; i++) {
		onvme_recovery_await(ctrl);
		smp_mb(); /* the wish is written before the state is read: each reset from here on knows of it */
		if (!onvme_ctrl_is(ctrl, ONVME_ADMITS_USER))
			return onvme_ctrl_is(ctrl, ONVME_WAITS) ? -EBUSY : -ENODEV;
		smp_rmb(); /* what it has had since it was live, not what it had while it was being reset */
		if (READ_ONCE(ctrl->hostmem.given) == want)
			return 0;
		if (i == ONVME_SYSFS_HMB_TRIES)
			break;
		err = onvme_recovery_reset_sync(ctrl, "sysfs");
		if (err && err != -EBUSY)
			return err;
		if (!err && want && !READ_ONCE(ctrl->hostmem.given) && onvme_ctrl_is(ctrl, ONVME_ADMITS_USER))
			return -EIO;
	}
	return -EBUSY;
}

static int onvme_sysfs_set_hmb(struct onvme_ctrl *ctrl, bool want)
{
	bool before;
	int err;

	if (mutex_lock_killable(&ctrl->nss.hold_lock))
		return -EINTR;
	before = ctrl->hostmem.want;
	WRITE_ONCE(ctrl->hostmem.want, want);
	err = onvme_sysfs_switch_hmb(ctrl, want);
	if (err && err != -EIO)
		WRITE_ONCE(ctrl->hostmem.want, before);
	mutex_unlock(&ctrl->nss.hold_lock);
	return err;
}

static ssize_t hmb_store(struct device *dev, struct device_attribute *attr, const char *buf, size_t count)
{
	bool want;
	int err = kstrtobool(buf, &want) ? -EINVAL : onvme_sysfs_set_hmb(to_ctrl(dev), want);

	return err ?: count;
}
static DEVICE_ATTR_RW(hmb);

static bool onvme_sysfs_has_hmb(struct onvme_ctrl *ctrl)
{
	bool has;

	rcu_read_lock();
	has = IS_ENABLED(CONFIG_ONVME_HMB) && rcu_dereference(ctrl->caps)->hmpre;
	rcu_read_unlock();
	return has;
}

static int onvme_sysfs_parse_ms(const char *buf, unsigned int *ms)
{
	int err = kstrtouint(buf, 0, ms);

	return err || *ms < 10 || *ms > ONVME_SYSFS_MAX_MS ? -EINVAL : 0;
}

static ssize_t io_timeout_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n", to_ctrl(dev)->io_timeout_ms);
}

static ssize_t io_timeout_store(struct device *dev, struct device_attribute *attr, const char *buf, size_t count)
{
	unsigned int ms;
	int err = onvme_sysfs_parse_ms(buf, &ms);

	if (err)
		return err;
	onvme_ns_set_timeout(to_ctrl(dev), ms);
	return count;
}
static DEVICE_ATTR_RW(io_timeout);

static ssize_t admin_timeout_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n", to_ctrl(dev)->admin_timeout_ms);
}

static ssize_t admin_timeout_store(struct device *dev, struct device_attribute *attr, const char *buf, size_t count)
{
	unsigned int ms;
	int err = onvme_sysfs_parse_ms(buf, &ms);

	if (err)
		return err;
	WRITE_ONCE(to_ctrl(dev)->admin_timeout_ms, ms);
	return count;
}
static DEVICE_ATTR_RW(admin_timeout);

static ssize_t shutdown_timeout_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n", to_ctrl(dev)->shutdown_timeout_ms);
}

static ssize_t shutdown_timeout_store(struct device *dev, struct device_attribute *attr, const char *buf, size_t count)
{
	unsigned int ms;
	int err = onvme_sysfs_parse_ms(buf, &ms);

	if (err)
		return err;
	WRITE_ONCE(to_ctrl(dev)->shutdown_timeout_ms, ms);
	return count;
}
static DEVICE_ATTR_RW(shutdown_timeout);

static ssize_t poll_deadline_ms_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n", READ_ONCE(onvme_ctrl_adminq(to_ctrl(dev))->watch.most_ms));
}

static ssize_t poll_deadline_ms_store(struct device *dev, struct device_attribute *attr, const char *buf, size_t count)
{
	unsigned int ms;

	if (kstrtouint(buf, 0, &ms) || ms > ONVME_DEADLINE_LIMIT_MS)
		return -EINVAL;
	onvme_watch_set_most(to_ctrl(dev), ms);
	return count;
}
static DEVICE_ATTR_RW(poll_deadline_ms);

/* Two numbers and nothing else. */
static int onvme_sysfs_parse_two(const char *buf, unsigned int *a, unsigned int *b)
{
	char text[32], *first, *second;

	if (strscpy(text, buf, sizeof(text)) < 0)
		return -EINVAL;
	second = strim(text);
	first = strsep(&second, " \t");
	if (!second)
		return -EINVAL;
	return kstrtouint(first, 0, a) || kstrtouint(skip_spaces(second), 0, b) ? -EINVAL : 0;
}

static ssize_t irq_coalescing_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct onvme_coalesce *c = &to_ctrl(dev)->ioq.coalesce;
	struct onvme_coalescing want;

	spin_lock(&c->lock);
	want = c->want;
	spin_unlock(&c->lock);
	return sysfs_emit(buf, "%u %u\n", want.threshold, want.time_us);
}

static ssize_t irq_coalescing_store(struct device *dev, struct device_attribute *attr, const char *buf, size_t count)
{
	struct onvme_coalescing want;
	int err = onvme_sysfs_parse_two(buf, &want.threshold, &want.time_us);

	err = err ?: onvme_coalesce_set(to_ctrl(dev), &want);
	return err ?: count;
}
static DEVICE_ATTR_RW(irq_coalescing);

static ssize_t irq_coalescing_spared_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct onvme_coalesce *c = &to_ctrl(dev)->ioq.coalesce;
	DECLARE_BITMAP(spared, ONVME_COALESCE_VECTORS);

	spin_lock(&c->lock);
	bitmap_copy(spared, c->spared, ONVME_COALESCE_VECTORS);
	spin_unlock(&c->lock);
	return sysfs_emit(buf, "%*pbl\n", ONVME_COALESCE_VECTORS, spared);
}

static ssize_t irq_coalescing_spared_store(struct device *dev, struct device_attribute *attr, const char *buf,
					   size_t count)
{
	DECLARE_BITMAP(spared, ONVME_COALESCE_VECTORS) = {};
	int err = bitmap_parselist(buf, spared, (int)to_ctrl(dev)->nr_queues) ? -EINVAL : 0;

	err = err ?: onvme_coalesce_spare(to_ctrl(dev), spared);
	return err ?: count;
}
static DEVICE_ATTR_RW(irq_coalescing_spared);

static ssize_t power_state_max_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n", onvme_power_limit(to_ctrl(dev)));
}

static ssize_t power_state_max_store(struct device *dev, struct device_attribute *attr, const char *buf, size_t count)
{
	unsigned int limit;
	int err = kstrtouint(buf, 0, &limit) ? -EINVAL : onvme_power_set_limit(to_ctrl(dev), limit);

	return err ?: count;
}
static DEVICE_ATTR_RW(power_state_max);

static struct attribute *onvme_sysfs_ctrl_attrs[] = {
	&dev_attr_reset_controller.attr,
	&dev_attr_passthru_err_log_enabled.attr,
	&dev_attr_rescan_controller.attr,
	&dev_attr_model.attr,
	&dev_attr_serial.attr,
	&dev_attr_firmware_rev.attr,
	&dev_attr_cntlid.attr,
	&dev_attr_transport.attr,
	&dev_attr_subsysnqn.attr,
	&dev_attr_address.attr,
	&dev_attr_state.attr,
	&dev_attr_numa_node.attr,
	&dev_attr_queue_count.attr,
	&dev_attr_queue_map.attr,
	&dev_attr_io_queues.attr,
	&dev_attr_write_queues.attr,
	&dev_attr_poll_queues.attr,
	&dev_attr_sqsize.attr,
	&dev_attr_cntrltype.attr,
	&dev_attr_dctype.attr,
	&dev_attr_kato.attr,
	&dev_attr_cmb.attr,
	&dev_attr_cmbloc.attr,
	&dev_attr_cmbsz.attr,
	&dev_attr_hmb.attr,
	&dev_attr_io_timeout.attr,
	&dev_attr_admin_timeout.attr,
	&dev_attr_shutdown_timeout.attr,
	&dev_attr_poll_deadline_ms.attr,
	&dev_attr_irq_coalescing.attr,
	&dev_attr_irq_coalescing_spared.attr,
	&dev_attr_power_state_max.attr,
	NULL
};

static umode_t onvme_sysfs_ctrl_visible(struct kobject *kobj, struct attribute *attr, int n)
{
	struct onvme_ctrl *ctrl = to_ctrl(kobj_to_dev(kobj));

	if (attr == &dev_attr_cmb.attr || attr == &dev_attr_cmbloc.attr || attr == &dev_attr_cmbsz.attr)
		return ctrl->hw.cmbsz ? attr->mode : 0;
	if (attr == &dev_attr_hmb.attr)
		return onvme_sysfs_has_hmb(ctrl) ? attr->mode : 0;
	if (attr == &dev_attr_power_state_max.attr && !onvme_power_has(ctrl))
		return 0;
	return attr->mode;
}

static const struct attribute_group onvme_sysfs_ctrl_group = {
	.attrs		= onvme_sysfs_ctrl_attrs,
	.is_visible	= onvme_sysfs_ctrl_visible,
};

/* Counters take a 0 and nothing else, and begin anew. */
static int onvme_sysfs_parse_clear(const char *buf)
{
	unsigned int zero;

	return kstrtouint(buf, 0, &zero) || zero ? -EINVAL : 0;
}

#define ONVME_COUNTER_ATTR(_name, _member)									\
	static ssize_t _name##_show(struct device *dev, struct device_attribute *attr, char *buf)		\
	{													\
		return sysfs_emit(buf, "%d\n", atomic_read(&to_ctrl(dev)->counters._member));			\
	}													\
	static ssize_t _name##_store(struct device *dev, struct device_attribute *attr, const char *buf,	\
				     size_t count)								\
	{													\
		if (onvme_sysfs_parse_clear(buf))								\
			return -EINVAL;										\
		atomic_set(&to_ctrl(dev)->counters._member, 0);							\
		return count;											\
	}													\
	static DEVICE_ATTR_RW(_name)

ONVME_COUNTER_ATTR(reset_count, resets);
ONVME_COUNTER_ATTR(command_error_count, errors);
ONVME_COUNTER_ATTR(command_retries_count, retries);
ONVME_COUNTER_ATTR(timeout_count, timeouts);
ONVME_COUNTER_ATTR(polled_count, polled);
ONVME_COUNTER_ATTR(abort_count, aborts);
ONVME_COUNTER_ATTR(bogus_completion_count, bogus);
ONVME_COUNTER_ATTR(finding_count, findings);

/* One line a rung: how often it was tried. */
static ssize_t recovery_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	unsigned int rung;
	ssize_t n = 0;

	for (rung = ONVME_RUNG_CONTROLLER; rung < ONVME_NR_RUNGS; rung++)
		n += sysfs_emit_at(buf, n, "%s: %d\n", onvme_ladder_rung_word(rung),
				   atomic_read(&to_ctrl(dev)->counters.rungs[rung]));
	return n;
}

static ssize_t recovery_store(struct device *dev, struct device_attribute *attr, const char *buf, size_t count)
{
	unsigned int rung;

	if (onvme_sysfs_parse_clear(buf))
		return -EINVAL;
	for (rung = 0; rung < ONVME_NR_RUNGS; rung++)
		atomic_set(&to_ctrl(dev)->counters.rungs[rung], 0);
	return count;
}
static DEVICE_ATTR_RW(recovery);

static ssize_t lost_interrupts_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return onvme_watch_show(to_ctrl(dev), buf);
}

static ssize_t lost_interrupts_store(struct device *dev, struct device_attribute *attr, const char *buf, size_t count)
{
	if (onvme_sysfs_parse_clear(buf))
		return -EINVAL;
	onvme_watch_clear(to_ctrl(dev));
	return count;
}
static DEVICE_ATTR_RW(lost_interrupts);

static struct attribute *onvme_sysfs_diag_attrs[] = {
	&dev_attr_recovery.attr,
	&dev_attr_reset_count.attr,
	&dev_attr_command_error_count.attr,
	&dev_attr_command_retries_count.attr,
	&dev_attr_timeout_count.attr,
	&dev_attr_polled_count.attr,
	&dev_attr_abort_count.attr,
	&dev_attr_bogus_completion_count.attr,
	&dev_attr_finding_count.attr,
	&dev_attr_lost_interrupts.attr,
	NULL
};

static const struct attribute_group onvme_sysfs_diag_group = {
	.name	= "diag",
	.attrs	= onvme_sysfs_diag_attrs,
};

const struct attribute_group *onvme_sysfs_ctrl_groups[] = {
	&onvme_sysfs_ctrl_group,
	&onvme_sysfs_diag_group,
	&onvme_inspect_group,
	&onvme_adjust_group,
	&onvme_inspect_health_group,
	&onvme_inspect_link_group,
	ONVME_LATENCY_GROUP,	/* or the end */
	NULL
};

/* Block devices */

static const u8 onvme_sysfs_zero[16];

static bool onvme_sysfs_has(const u8 *id, size_t len)
{
	return memcmp(id, onvme_sysfs_zero, len);
}

static void onvme_sysfs_geom(struct device *dev, struct onvme_ns_geom *geom)
{
	onvme_disk_geom(onvme_disk_of(dev_to_disk(dev)), geom);
}

/* The best identifier that there is, as udev makes /dev/disk/by-id links of it. */
static ssize_t wwid_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct onvme_disk *disk = onvme_disk_of(dev_to_disk(dev));
	const struct onvme_caps *caps;
	struct onvme_ns_geom geom;
	ssize_t n;

	onvme_disk_geom(disk, &geom);
	if (onvme_sysfs_has(geom.uuid, sizeof(geom.uuid)))
		return sysfs_emit(buf, "uuid.%pU\n", geom.uuid);
	if (onvme_sysfs_has(geom.nguid, sizeof(geom.nguid)))
		return sysfs_emit(buf, "eui.%16phN\n", geom.nguid);
	if (onvme_sysfs_has(geom.eui64, sizeof(geom.eui64)))
		return sysfs_emit(buf, "eui.%8phN\n", geom.eui64);
	rcu_read_lock();
	caps = rcu_dereference(disk->ctrl->caps);
	n = sysfs_emit(buf, "nvme.%04x-%*phN-%*phN-%08x\n", caps->vid, (int)strlen(caps->sn), caps->sn,
		       (int)strlen(caps->mn), caps->mn, geom.nsid);
	rcu_read_unlock();
	return n;
}
static DEVICE_ATTR_RO(wwid);

#define ONVME_NS_ATTR(_name, _format, _value)									\
	static ssize_t _name##_show(struct device *dev, struct device_attribute *attr, char *buf)		\
	{													\
		struct onvme_ns_geom geom;									\
														\
		onvme_sysfs_geom(dev, &geom);									\
		return sysfs_emit(buf, _format "\n", _value);							\
	}													\
	static DEVICE_ATTR_RO(_name)

/* Where there is no UUID, tools of old expect the NGUID under its name. */
ONVME_NS_ATTR(uuid, "%pU", onvme_sysfs_has(geom.uuid, sizeof(geom.uuid)) ? geom.uuid : geom.nguid);
ONVME_NS_ATTR(nguid, "%pU", geom.nguid);
ONVME_NS_ATTR(eui, "%8ph", geom.eui64);
ONVME_NS_ATTR(nsid, "%u", geom.nsid);
ONVME_NS_ATTR(csi, "%u", geom.csi);
ONVME_NS_ATTR(metadata_bytes, "%u", geom.ms);
ONVME_NS_ATTR(nuse, "%llu", geom.nuse);

static ssize_t ns_passthru_err_log_enabled_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, READ_ONCE(onvme_disk_of(dev_to_disk(dev))->log_users) ? "on\n" : "off\n");
}

static ssize_t ns_passthru_err_log_enabled_store(struct device *dev, struct device_attribute *attr, const char *buf,
						 size_t count)
{
	bool on;
	int err = kstrtobool(buf, &on);

	if (err)
		return err;
	WRITE_ONCE(onvme_disk_of(dev_to_disk(dev))->log_users, on);
	return count;
}

static struct device_attribute onvme_sysfs_ns_log =
	__ATTR(passthru_err_log_enabled, 0644, ns_passthru_err_log_enabled_show, ns_passthru_err_log_enabled_store);

static struct attribute *onvme_sysfs_ns_attrs[] = {
	&dev_attr_wwid.attr,
	&dev_attr_uuid.attr,
	&dev_attr_nguid.attr,
	&dev_attr_eui.attr,
	&dev_attr_nsid.attr,
	&dev_attr_csi.attr,
	&dev_attr_metadata_bytes.attr,
	&dev_attr_nuse.attr,
	&onvme_sysfs_ns_log.attr,
	NULL
};

static umode_t onvme_sysfs_ns_visible(struct kobject *kobj, struct attribute *attr, int n)
{
	struct onvme_ns_geom geom;
	bool has = true;

	onvme_sysfs_geom(kobj_to_dev(kobj), &geom);
	if (attr == &dev_attr_uuid.attr)
		has = onvme_sysfs_has(geom.uuid, sizeof(geom.uuid)) || onvme_sysfs_has(geom.nguid, sizeof(geom.nguid));
	else if (attr == &dev_attr_nguid.attr)
		has = onvme_sysfs_has(geom.nguid, sizeof(geom.nguid));
	else if (attr == &dev_attr_eui.attr)
		has = onvme_sysfs_has(geom.eui64, sizeof(geom.eui64));
	return has ? attr->mode : 0;
}

static const struct attribute_group onvme_sysfs_ns_group = {
	.attrs		= onvme_sysfs_ns_attrs,
	.is_visible	= onvme_sysfs_ns_visible,
};

#define ONVME_NS_COUNTER_ATTR(_name, _member)									\
	static ssize_t ns_##_name##_show(struct device *dev, struct device_attribute *attr, char *buf)		\
	{													\
		return sysfs_emit(buf, "%d\n", atomic_read(&onvme_disk_of(dev_to_disk(dev))->hot._member));	\
	}													\
	static ssize_t ns_##_name##_store(struct device *dev, struct device_attribute *attr, const char *buf,	\
					  size_t count)								\
	{													\
		if (onvme_sysfs_parse_clear(buf))								\
			return -EINVAL;										\
		atomic_set(&onvme_disk_of(dev_to_disk(dev))->hot._member, 0);					\
		return count;											\
	}													\
	static struct device_attribute onvme_sysfs_ns_##_member =						\
		__ATTR(_name, 0644, ns_##_name##_show, ns_##_name##_store)

ONVME_NS_COUNTER_ATTR(command_error_count, errors);
ONVME_NS_COUNTER_ATTR(command_retries_count, retries);

static struct attribute *onvme_sysfs_ns_diag_attrs[] = {
	&onvme_sysfs_ns_errors.attr,
	&onvme_sysfs_ns_retries.attr,
	NULL
};

static const struct attribute_group onvme_sysfs_ns_diag_group = {
	.name	= "diag",
	.attrs	= onvme_sysfs_ns_diag_attrs,
};

const struct attribute_group *onvme_sysfs_ns_groups[] = {
	&onvme_sysfs_ns_group,
	&onvme_sysfs_ns_diag_group,
	NULL
};
