/* SPDX-License-Identifier: GPL-2.0 */
/* The few names of the kernel that param.c uses and the host does not have; nothing is ever set or shown here. */
#ifndef PARAMS_MODULE_H
#define PARAMS_MODULE_H

#include <errno.h>
#include <linux/kernel.h>
#include <linux/moduleparam.h>

#define WRITE_ONCE(x, v)	((x) = (v))
#define READ_ONCE(x)		(x)
#define pr_err(...)		((void)fprintf(stderr, __VA_ARGS__))
#define sysfs_emit(text, ...)	sprintf(text, __VA_ARGS__)

static inline unsigned int DIV_ROUND_UP(unsigned int n, unsigned int d)
{
	return (n + d - 1) / d;
}

static inline int kstrtouint(const char *text, unsigned int base, unsigned int *n)
{
	return sscanf(text, base ? "%u" : "%i", (int *)n) == 1 ? 0 : -EINVAL;
}

#endif
