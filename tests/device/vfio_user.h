/* SPDX-License-Identifier: GPL-2.0 */
/*
 * vfio_user.h - the server side of the vfio-user protocol, for one client.
 *
 * Written from the protocol's specification. A message is handled in full before the next one is read; replies follow
 * in order. The server sends no requests of its own.
 */
#ifndef DEVICE_VFIO_USER_H
#define DEVICE_VFIO_USER_H

#include "base.h"

struct device;

/* Listen at a path; returns the socket. Ends the process when that is impossible. */
int vfio_user_listen(const char *path);
/* Read one message from @fd and answer it; false when the client has gone. */
bool vfio_user_serve(struct device *dev, int fd);

#endif /* DEVICE_VFIO_USER_H */
