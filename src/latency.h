/* SPDX-License-Identifier: GPL-2.0 */
/*
 * latency.h - how long commands took and what queues did, to be read: the attribute "latency", and a text in debugfs.
 *
 * include/onvme/uapi.h has the form of the attribute. Whoever reads gets what tally.h counts at that moment, and stops
 * nobody. Process context.
 */
#ifndef ONVME_LATENCY_H
#define ONVME_LATENCY_H

#include <linux/timekeeping.h>
#include <linux/types.h>

struct onvme_ctrl;

/**
 * struct onvme_latency - of a controller
 * @since_ns: since when its queues count
 */
struct onvme_latency {
	u64	since_ns;
};

/* It is counted from now on. */
static inline void onvme_latency_begin(struct onvme_latency *latency)
{
	WRITE_ONCE(latency->since_ns, ktime_get_boottime_ns());
}

#ifdef CONFIG_ONVME_HIST
extern const struct attribute_group onvme_latency_group;

#define ONVME_LATENCY_GROUP	(&onvme_latency_group)

void onvme_latency_expose(struct onvme_ctrl *ctrl);
#else
#define ONVME_LATENCY_GROUP	NULL

static inline void onvme_latency_expose(struct onvme_ctrl *ctrl)
{
}
#endif

#endif /* ONVME_LATENCY_H */
