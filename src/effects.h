/* SPDX-License-Identifier: GPL-2.0 */
/*
 * effects.h - what the controller says that commands do: its Commands Supported and Effects log.
 *
 * struct onvme_effects is part of struct onvme_ctrl. Read by a scan, once for each command set that a namespace has,
 * and again only when the firmware is another. Several who scan take turns. Until then, and where the controller has no
 * such log, only what the specification says is known. A log is never freed before the controller, and read without a
 * lock.
 */
#ifndef ONVME_EFFECTS_H
#define ONVME_EFFECTS_H

#include <linux/mutex.h>
#include <linux/types.h>

struct onvme_caps;
struct onvme_ctrl;

#define ONVME_EFFECTS_SETS	3u	/* command sets that there are */

/**
 * struct onvme_effects - what is remembered of the log
 * @lock: held by who asks for it
 * @told: by command set, a number for each opcode: 256 of admin commands, then 256 of I/O commands; NULL: nothing yet
 * @asked: bits, by command set: it was read or refused, and is not asked for again
 * @faults: how often the controller has not answered
 * @fr: the firmware revision that it was read from
 */
struct onvme_effects {
	struct mutex	lock;
	u32		*told[ONVME_EFFECTS_SETS];
	unsigned int	asked;
	unsigned int	faults;
	char		fr[9];
};

int onvme_effects_learn(struct onvme_ctrl *ctrl, const struct onvme_caps *caps, u8 csi, void *page);
bool onvme_effects_settled(struct onvme_ctrl *ctrl, const struct onvme_caps *caps, u8 csi);
u32 onvme_effects_get(struct onvme_ctrl *ctrl, bool admin, u8 csi, u8 opcode);
void onvme_effects_init(struct onvme_ctrl *ctrl);
void onvme_effects_free(struct onvme_ctrl *ctrl);

#endif /* ONVME_EFFECTS_H */
