/* SPDX-License-Identifier: GPL-2.0 */
/*
 * health.h - what the controller says of its health, for any number of readers.
 *
 * struct onvme_health is part of struct onvme_ctrl; its mutex guards it, is held while the controller is asked, and is
 * taken with no other lock of the driver held, least of all ctrl.life, which a reset waits for. However many ask, and
 * whatever for - attributes, temperature sensors - the log page is read once a second at most. An event reads it at
 * once, and wakes up who polls for a warning.
 */
#ifndef ONVME_HEALTH_H
#define ONVME_HEALTH_H

#include <linux/mutex.h>
#include <linux/types.h>

#include "proto/health.h"

struct kernfs_node;
struct onvme_ctrl;

/**
 * struct onvme_health - the last log page
 * @mutex: guards the rest, but for @poll
 * @page: the page
 * @known: it has been read
 * @tried: the controller has been asked
 * @err: what came of it
 * @asked: when that was, in jiffies
 * @pause: how long it is left alone after that, in jiffies
 * @poll: the attribute that tells of warnings; NULL until there is one, and then the same to the end
 */
struct onvme_health {
	struct mutex		mutex;
	u8			page[ONVME_SMART_SIZE];
	bool			known;
	bool			tried;
	int			err;
	unsigned long		asked;
	unsigned long		pause;
	struct kernfs_node	*poll;
};

void onvme_health_init(struct onvme_ctrl *ctrl);
void onvme_health_fini(struct onvme_ctrl *ctrl);
void onvme_health_expose(struct onvme_ctrl *ctrl, const char *group, const char *name);
unsigned long onvme_health_pause(unsigned long pause);
int onvme_health_get(struct onvme_ctrl *ctrl, u8 *page);
int onvme_health_event(struct onvme_ctrl *ctrl, u8 *warning);

#endif /* ONVME_HEALTH_H */
