// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "device.h"

void device_select(struct device *dev, u32 number)
{
	if (number >= dev->nr_scenarios) {
		say("no scenario %u", number);
		return;
	}
	dev->active = number;
	dev->shape = &dev->scenarios[number]->shape;
	dev->sgls = (u32)dev->shape->sgls;
	say("SCENARIO %u %s", number, dev->scenarios[number]->name);
	queue_reset_all(dev);
	rules_power_on(dev, dev->scenarios[number]->rules);
	regs_power_on(dev);
	ns_power_on(dev);
	log_power_on(dev);
	admin_power_on(dev);
	event_reset(dev);
	feature_power_on(dev);
	examine_reset(dev);
	dev->rules_fired = 0;
	dev->commands = 0;
	dev->doorbells = 0;
}
