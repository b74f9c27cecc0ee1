/* SPDX-License-Identifier: GPL-2.0 */
/*
 * resv.h - reservations, for the one host that there is and a second one that a scenario may bring along.
 */
#ifndef DEVICE_RESV_H
#define DEVICE_RESV_H

#include "base.h"

struct cmd;
struct ns;

u32 resv_register(struct cmd *cmd);
u32 resv_report(struct cmd *cmd);
u32 resv_acquire(struct cmd *cmd);
u32 resv_release(struct cmd *cmd);
/* A status, 0 when the host may read or write. */
u32 resv_may(struct cmd *cmd, const struct ns *ns, bool write);
/* The other host takes a reservation of a type; 0: gives it back. */
void resv_by_other(struct ns *ns, u32 type);
void resv_free(struct ns *ns);

#endif /* DEVICE_RESV_H */
