/* SPDX-License-Identifier: GPL-2.0 */
/*
 * read.h - a sample out of sysfs: of each controller of the classes nvme and onvme what every user may read.
 *
 * What is not there is left out: another driver has fewer attributes, and a controller may go at any moment.
 */
#ifndef TOP_READ_H
#define TOP_READ_H

#include "sample.h"

void top_read(int sys, struct top_sample *sample);

#endif /* TOP_READ_H */
