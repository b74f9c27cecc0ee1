/* SPDX-License-Identifier: GPL-2.0 */
/*
 * health.h - what costs the controller a command: its temperature and the like.
 *
 * A controller that does not answer lets who asks wait for a minute and more, which is just when somebody wants to
 * watch it. So a thread asks, one controller after the other, each at most every ten seconds, and only while it is
 * live; the rest of the program takes what is known. The lock is held while that is copied, never while anybody is
 * asked.
 */
#ifndef TOP_HEALTH_H
#define TOP_HEALTH_H

#include "sample.h"

bool top_health_start(int sys);
void top_health_settle(double seconds);
void top_health_fill(const char *class, struct top_item *item);

#endif /* TOP_HEALTH_H */
