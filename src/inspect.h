/* SPDX-License-Identifier: GPL-2.0 */
/*
 * inspect.h - what anybody may look at: health, registers and link of a controller, as attributes without a secret.
 *
 * They cost the device next to nothing, however often they are read, and touch none that is gone or asleep.
 */
#ifndef ONVME_INSPECT_H
#define ONVME_INSPECT_H

#include <linux/sysfs.h>

struct onvme_ctrl;

extern const struct attribute_group onvme_inspect_health_group;
extern const struct attribute_group onvme_inspect_link_group;
extern const struct attribute_group onvme_inspect_group;

void onvme_inspect_expose(struct onvme_ctrl *ctrl);

#endif /* ONVME_INSPECT_H */
