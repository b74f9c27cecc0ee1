/* SPDX-License-Identifier: GPL-2.0 */
/*
 * effects.h - what a command of a user's does beside what it returns: who may send it, and what has to stand still.
 *
 * Pure functions of the facts they are given. What the controller tells in its Commands Supported and Effects log is
 * believed where it is harmful; what is known of a command of the specification is added to it.
 */
#ifndef ONVME_PROTO_EFFECTS_H
#define ONVME_PROTO_EFFECTS_H

#include <linux/types.h>
#include <onvme/spec.h>

/* Who may send a command */
enum onvme_may {
	ONVME_MAY_ANYBODY,	/* who has opened the node */
	ONVME_MAY_GROUP,	/* the same, who is in a group that root has named for that */
	ONVME_MAY_ADMIN,	/* only who has CAP_SYS_ADMIN */
	ONVME_MAY_NOBODY,	/* it would change behind the back of the driver what that relies upon */
};

/**
 * struct onvme_sender - what is known of who sends a command
 * @admin: it is an admin command
 * @partition: it comes by the node of a partition
 * @whole: it comes by the node of the controller
 * @writable: the node is open for writing
 * @len_known: the driver knows how much data the controller will transfer
 * @effects: from onvme_effects_of()
 */
struct onvme_sender {
	bool	admin;
	bool	partition;
	bool	whole;
	bool	writable;
	bool	len_known;
	u32	effects;
};

/* What a command asks for; a set of these */
#define ONVME_CARE_STILL	BIT(0)	/* no I/O while it runs */
#define ONVME_CARE_SCAN		BIT(1)	/* look at the namespaces when it is over */
#define ONVME_CARE_CAPS		BIT(2)	/* say that the controller may be able to do other things now */

u32 onvme_effects_of(bool admin, u8 opcode, u32 told);
enum onvme_may onvme_effects_may(const struct onvme_sqe *sqe, const struct onvme_sender *from);
unsigned int onvme_effects_care(bool admin, u32 effects);

#endif /* ONVME_PROTO_EFFECTS_H */
