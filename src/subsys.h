/* SPDX-License-Identifier: GPL-2.0 */
/*
 * subsys.h - NVM subsystems: which controllers are faces of the same storage.
 *
 * One struct onvme_subsys a qualified name, a class device nvme-subsysN that its controllers hold a reference to and
 * that takes its number from the first of them. A list of all is guarded by a mutex of subsys.c. Process context.
 */
#ifndef ONVME_SUBSYS_H
#define ONVME_SUBSYS_H

#include <linux/types.h>

struct onvme_caps;
struct onvme_ctrl;

int onvme_subsys_join(struct onvme_ctrl *ctrl, struct onvme_caps *caps);
int onvme_subsys_link(struct onvme_ctrl *ctrl);
void onvme_subsys_unlink(struct onvme_ctrl *ctrl);
void onvme_subsys_leave(struct onvme_ctrl *ctrl);
bool onvme_subsys_alone(struct onvme_ctrl *ctrl);
const char *onvme_subsys_nqn(struct onvme_ctrl *ctrl);

#endif /* ONVME_SUBSYS_H */
