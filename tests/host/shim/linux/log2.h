/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_LOG2_H
#define SHIM_LINUX_LOG2_H

#include <stdbool.h>

static inline bool is_power_of_2(unsigned long n)
{
	return n && !(n & (n - 1));
}

/* Of more than 0 */
static inline int ilog2(unsigned long long n)
{
	return 63 - __builtin_clzll(n);
}

static inline unsigned long rounddown_pow_of_two(unsigned long n)
{
	while (n & (n - 1))
		n &= n - 1;
	return n;
}

#endif
