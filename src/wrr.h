/* SPDX-License-Identifier: GPL-2.0 */
/*
 * wrr.h - weighted round robin: the controller prefers commands by the class of their I/O priority.
 *
 * struct onvme_wrr is part of struct onvme_ioq and belongs to the steps of bring-up and tear-down. Memory of lanes
 * stays from the first bring-up that wants them to onvme_wrr_fini(); a queue pair has them only while the controller
 * has taken all of them.
 */
#ifndef ONVME_WRR_H
#define ONVME_WRR_H

#include <linux/types.h>

struct onvme_ctrl;
struct onvme_lanes;
struct onvme_queue;

/**
 * struct onvme_wrr - weighted round robin
 * @weight: commands of the medium priority for each of the low one; 0: it is not wanted
 * @granted: submission queues that the controller allows
 * @made: lanes that it has
 * @depth: entries of each ring in @lanes
 * @nr_lanes: lanes in @lanes whose rings have memory
 * @lanes: by queue id; NULL before there was need of it
 */
struct onvme_wrr {
	unsigned int		weight;
	unsigned int		granted;
	unsigned int		made;
	u32			depth;
	unsigned int		nr_lanes;
	struct onvme_lanes	*lanes;
};

#ifdef CONFIG_ONVME_WRR
void onvme_wrr_init(struct onvme_ctrl *ctrl);
bool onvme_wrr_wanted(const struct onvme_ctrl *ctrl);
unsigned int onvme_wrr_sqs(struct onvme_ctrl *ctrl, unsigned int pairs);
void onvme_wrr_answer(struct onvme_ctrl *ctrl, u32 result);
int onvme_wrr_start(struct onvme_ctrl *ctrl);
int onvme_wrr_delete(struct onvme_ctrl *ctrl);
void onvme_wrr_detach(struct onvme_ctrl *ctrl, struct onvme_queue *q);
void onvme_wrr_say(struct onvme_ctrl *ctrl);
void onvme_wrr_fini(struct onvme_ctrl *ctrl);
#else
static inline void onvme_wrr_init(struct onvme_ctrl *ctrl)
{
}

static inline bool onvme_wrr_wanted(const struct onvme_ctrl *ctrl)
{
	return false;
}

static inline unsigned int onvme_wrr_sqs(struct onvme_ctrl *ctrl, unsigned int pairs)
{
	return pairs;
}

static inline void onvme_wrr_answer(struct onvme_ctrl *ctrl, u32 result)
{
}

static inline int onvme_wrr_start(struct onvme_ctrl *ctrl)
{
	return 0;
}

static inline int onvme_wrr_delete(struct onvme_ctrl *ctrl)
{
	return 0;
}

static inline void onvme_wrr_detach(struct onvme_ctrl *ctrl, struct onvme_queue *q)
{
}

static inline void onvme_wrr_say(struct onvme_ctrl *ctrl)
{
}

static inline void onvme_wrr_fini(struct onvme_ctrl *ctrl)
{
}
#endif

#endif /* ONVME_WRR_H */
