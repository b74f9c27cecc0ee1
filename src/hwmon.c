// SPDX-License-Identifier: GPL-2.0
#include <linux/bitfield.h>
#include <linux/hwmon.h>
#include <linux/jiffies.h>

#include "admin.h"
#include "ctrl.h"
#include "fault.h"
#include "feature.h"
#include "hwmon.h"
#include "proto/cmd.h"

#define ONVME_HWMON_INTERVAL	HZ

static const char * const onvme_hwmon_labels[ONVME_HWMON_CHANNELS] = {
	"Composite", "Sensor 1", "Sensor 2", "Sensor 3", "Sensor 4", "Sensor 5", "Sensor 6", "Sensor 7", "Sensor 8",
};

/* Base, "Temperature Threshold": @above or below which temperature of sensor @channel it warns */
static u32 onvme_hwmon_dword(int channel, bool above, u32 kelvins)
{
	return FIELD_PREP(ONVME_TEMP_THSEL, above ? 0 : 1) | FIELD_PREP(ONVME_TEMP_SENSOR, (u32)channel) |
	       FIELD_PREP(ONVME_TEMP_KELVINS, kelvins);
}

/* A controller that was reset or is dead meanwhile has not answered. */
static int onvme_hwmon_errno(int err)
{
	return err == -EINTR ? -EAGAIN : err;
}

/*
 * Anybody may ask for a threshold. One that is refused is so until the next reset; a controller that does not answer is
 * reset for it, and is left alone longer and longer, whichever threshold it is asked for.
 */
static bool onvme_hwmon_may_ask(struct onvme_ctrl *ctrl, const struct onvme_threshold *threshold)
{
	const struct onvme_hwmon *hwmon = &ctrl->hwmon;

	return onvme_ctrl_is(ctrl, ONVME_ADMITS_USER) &&
	       (!hwmon->pause || time_after(jiffies, hwmon->lost + hwmon->pause)) &&
	       (!threshold->known || time_after(jiffies, threshold->heard + ONVME_HWMON_INTERVAL));
}

static int onvme_hwmon_ask(struct onvme_ctrl *ctrl, int channel, bool above)
{
	struct onvme_threshold *threshold = &ctrl->hwmon.thresholds[channel][above];
	struct onvme_hwmon *hwmon = &ctrl->hwmon;
	struct onvme_answer answer;
	int err;

	threshold->resets = atomic_read(&ctrl->counters.resets);
	err = onvme_admin_get_feature(ctrl, ONVME_FEAT_TEMPERATURE, onvme_hwmon_dword(channel, above, 0), &answer);
	if (err == -EINTR) {
		threshold->lost = true;
		hwmon->pause = onvme_health_pause(hwmon->pause);
		hwmon->lost = jiffies;
	}
	if (err && err != -EIO)
		return err;
	/* Not when it answers for another threshold: between two such questions it would be reset as often as ever. */
	if (threshold->lost)
		hwmon->pause = 0;
	threshold->lost = false;
	threshold->refused = err;
	if (err)
		return err;
	threshold->kelvins = FIELD_GET(ONVME_TEMP_KELVINS, answer.dw0);
	threshold->heard = jiffies;
	threshold->known = true;
	return 0;
}

static int onvme_hwmon_get_threshold(struct onvme_ctrl *ctrl, int channel, bool above, long *value)
{
	struct onvme_threshold *threshold = &ctrl->hwmon.thresholds[channel][above];
	int err = 0;

	if (mutex_lock_killable(&ctrl->hwmon.mutex))
		return -EINTR;
	if (threshold->refused && threshold->resets == atomic_read(&ctrl->counters.resets))
		err = -EIO;
	else if (onvme_hwmon_may_ask(ctrl, threshold))
		err = onvme_hwmon_ask(ctrl, channel, above);
	if (!err && !threshold->known)
		err = -EAGAIN;
	*value = onvme_health_millidegrees(threshold->kelvins);
	mutex_unlock(&ctrl->hwmon.mutex);
	return onvme_hwmon_errno(err);
}

static int onvme_hwmon_set_threshold(struct onvme_ctrl *ctrl, int channel, bool above, long value)
{
	struct onvme_sqe sqe;
	int err = -EAGAIN;

	onvme_cmd_set_features(&sqe, ONVME_FEAT_TEMPERATURE,
			       onvme_hwmon_dword(channel, above, onvme_health_kelvins(value)));
	if (mutex_lock_killable(&ctrl->hwmon.mutex))
		return -EINTR;
	if (onvme_ctrl_is(ctrl, ONVME_ADMITS_USER))
		err = onvme_admin_cmd(ctrl, &sqe, NULL, 0, NULL);
	if (!err)
		onvme_feature_note(ctrl, &sqe);
	ctrl->hwmon.thresholds[channel][above].known = false;
	mutex_unlock(&ctrl->hwmon.mutex);
	return onvme_hwmon_errno(err);
}

static int onvme_hwmon_read(struct device *dev, enum hwmon_sensor_types type, u32 attr, int channel, long *value)
{
	struct onvme_ctrl *ctrl = dev_get_drvdata(dev);
	u8 page[ONVME_SMART_SIZE];
	int err;

	switch (attr) {
	case hwmon_temp_max:
	case hwmon_temp_min:
		return onvme_hwmon_get_threshold(ctrl, channel, attr == hwmon_temp_max, value);
	case hwmon_temp_crit:
		*value = onvme_health_millidegrees(ctrl->hwmon.critical);
		return 0;
	default:
		break;
	}
	err = onvme_health_get(ctrl, page);
	if (err)
		return err;
	if (attr == hwmon_temp_input)
		*value = onvme_health_millidegrees(onvme_health_number(page, channel ?
								       ONVME_HEALTH_SENSOR + channel - 1 :
								       ONVME_HEALTH_TEMPERATURE));
	else
		*value = !!(onvme_health_number(page, ONVME_HEALTH_WARNING) & ONVME_WARNING_TEMPERATURE);
	return 0;
}

static int onvme_hwmon_read_string(struct device *dev, enum hwmon_sensor_types type, u32 attr, int channel,
				   const char **text)
{
	*text = onvme_hwmon_labels[channel];
	return 0;
}

static int onvme_hwmon_write(struct device *dev, enum hwmon_sensor_types type, u32 attr, int channel, long value)
{
	return onvme_hwmon_set_threshold(dev_get_drvdata(dev), channel, attr == hwmon_temp_max, value);
}

static umode_t onvme_hwmon_visible(const void *data, enum hwmon_sensor_types type, u32 attr, int channel)
{
	const struct onvme_ctrl *ctrl = data;

	if (!(ctrl->hwmon.sensors & BIT(channel)))
		return 0;
	switch (attr) {
	case hwmon_temp_max:
	case hwmon_temp_min:
		return channel || ctrl->hwmon.limits ? 0644 : 0;
	case hwmon_temp_crit:
		return ctrl->hwmon.critical ? 0444 : 0;
	default:
		return 0444;
	}
}

#define ONVME_HWMON_SENSOR	(HWMON_T_INPUT | HWMON_T_MAX | HWMON_T_MIN | HWMON_T_LABEL)

/* The pointers are not constant, as kernels before 6.4 want it. */
static const struct hwmon_channel_info *onvme_hwmon_info[] = {
	HWMON_CHANNEL_INFO(temp, ONVME_HWMON_SENSOR | HWMON_T_CRIT | HWMON_T_ALARM, ONVME_HWMON_SENSOR,
			   ONVME_HWMON_SENSOR, ONVME_HWMON_SENSOR, ONVME_HWMON_SENSOR, ONVME_HWMON_SENSOR,
			   ONVME_HWMON_SENSOR, ONVME_HWMON_SENSOR, ONVME_HWMON_SENSOR),
	NULL
};

static const struct hwmon_ops onvme_hwmon_ops = {
	.is_visible	= onvme_hwmon_visible,
	.read		= onvme_hwmon_read,
	.read_string	= onvme_hwmon_read_string,
	.write		= onvme_hwmon_write,
};

static const struct hwmon_chip_info onvme_hwmon_chip = {
	.ops	= &onvme_hwmon_ops,
	.info	= onvme_hwmon_info,
};

/* Which sensors there are. One that reads 0 is not there; the composite temperature is, where there is a page. */
static void onvme_hwmon_look(struct onvme_ctrl *ctrl, const u8 *page)
{
	const struct onvme_caps *caps;
	unsigned int i;

	ctrl->hwmon.sensors = BIT(0);
	for (i = 0; i < ONVME_HEALTH_SENSORS; i++)
		if (onvme_health_number(page, ONVME_HEALTH_SENSOR + i))
			ctrl->hwmon.sensors |= BIT(i + 1);
	rcu_read_lock();
	caps = rcu_dereference(ctrl->caps);
	ctrl->hwmon.limits = caps->wctemp;
	ctrl->hwmon.critical = caps->cctemp;
	rcu_read_unlock();
}

/**
 * onvme_hwmon_add() - register the sensors of a controller
 * @ctrl: the controller; its device is registered
 *
 * One that does not tell of its health has none. Process context, without ctrl.life, since the controller is asked;
 * bounded by the admin time-out and a reset.
 */
void onvme_hwmon_add(struct onvme_ctrl *ctrl)
{
	u8 page[ONVME_SMART_SIZE];
	struct device *dev;

	mutex_init(&ctrl->hwmon.mutex);
	if (onvme_health_get(ctrl, page))
		return;
	onvme_hwmon_look(ctrl, page);
	dev = ONVME_ALLOC_ERR_PTR(hwmon_device_register_with_info(&ctrl->dev, "nvme", ctrl, &onvme_hwmon_chip, NULL));
	if (IS_ERR(dev))
		dev_warn(&ctrl->dev, "no temperature sensors (%ld)\n", PTR_ERR(dev));
	else
		ctrl->hwmon.dev = dev;
}

/**
 * onvme_hwmon_del() - undo onvme_hwmon_add()
 * @ctrl: the controller
 *
 * Returns when nobody reads a sensor any more. Idempotent. Process context, without ctrl.life.
 */
void onvme_hwmon_del(struct onvme_ctrl *ctrl)
{
	if (ctrl->hwmon.dev)
		hwmon_device_unregister(ctrl->hwmon.dev);
	ctrl->hwmon.dev = NULL;
}
