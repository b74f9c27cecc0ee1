/* SPDX-License-Identifier: GPL-2.0 */
/*
 * flags.h - what is known of a controller that is yes or no: bits of onvme_ctrl.flags.
 *
 * Set and cleared by atomic bit operations, in any context.
 */
#ifndef ONVME_FLAGS_H
#define ONVME_FLAGS_H

#define ONVME_CTRL_EXPOSED	0		/* nvmeX is registered */
#define ONVME_CTRL_NO_CSI_ID	1		/* refused CNS 06h: do not ask again */
#define ONVME_CTRL_NO_NS_LIST	2		/* refused CNS 02h */
#define ONVME_CTRL_NO_NS_DESCS	3		/* refused CNS 03h */
#define ONVME_CTRL_LENT_INSTANCE 4		/* the subsystem owns the number */
#define ONVME_CTRL_HAS_NS_DESCS	5		/* answered CNS 03h before */
#define ONVME_CTRL_FAILED	6		/* disabled by a time-out, or reset by others, under a held @life */
#define ONVME_CTRL_NO_QUEUES	7		/* came back from a reset without I/O queues */
#define ONVME_CTRL_BARE		8		/* nothing brings I/O queues back: do without */
#define ONVME_CTRL_HAS_ZONES	9		/* a namespace had zones */
#define ONVME_CTRL_DIRTY	10		/* can do other things than when it was identified; said once */
#define ONVME_CTRL_LOG_USERS	11		/* commands of users that fail are in the log */

#endif /* ONVME_FLAGS_H */
