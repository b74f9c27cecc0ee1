/* SPDX-License-Identifier: GPL-2.0 */
/*
 * event.h - asynchronous events: what happened waits for a request, or a request for what happens.
 *
 * A type is silent from its report until the host reads the log page that goes with it (Base, "Asynchronous Event
 * Request command"), except for events that a scenario floods the host with.
 */
#ifndef DEVICE_EVENT_H
#define DEVICE_EVENT_H

#include "base.h"

struct device;
struct cmd;

#define EVENT_QUEUE	64u

struct event {
	u32	dw0;
	u32	times;
	bool	flood;
};

struct events {
	struct event	queue[EVENT_QUEUE];
	u32		nr;
	u32		silent;		/* a bit for each type that waits for its log page to be read */
};

u32 event_request(struct cmd *cmd);
void event_post(struct device *dev, u32 type, u32 info, u32 lid);
void event_flood(struct device *dev, u32 dw0, u32 times);
void event_log_read(struct device *dev, u32 lid);
void event_reset(struct device *dev);

#endif /* DEVICE_EVENT_H */
