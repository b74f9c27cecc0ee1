/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_MINMAX_H
#define SHIM_LINUX_MINMAX_H

/* As strict as the oldest kernel that we build for: both sides of one type. The names nest, hence the counter. */
#define SHIM_CAT_(a, b)		a##b
#define SHIM_CAT(a, b)		SHIM_CAT_(a, b)
#define SHIM_PICK(op, a, b, x, y) __extension__ ({			\
	__typeof__(a) x = (a);						\
	__typeof__(b) y = (b);						\
	(void)(&x == &y);						\
	x op y ? x : y; })

#define min(a, b)		SHIM_PICK(<, a, b, SHIM_CAT(x_, __COUNTER__), SHIM_CAT(y_, __COUNTER__))
#define max(a, b)		SHIM_PICK(>, a, b, SHIM_CAT(x_, __COUNTER__), SHIM_CAT(y_, __COUNTER__))
#define min3(a, b, c)		min((__typeof__(a))min(a, b), c)
#define max3(a, b, c)		max((__typeof__(a))max(a, b), c)
#define min_t(t, a, b)		min((t)(a), (t)(b))
#define max_t(t, a, b)		max((t)(a), (t)(b))
#define clamp(v, lo, hi)	min((__typeof__(v))max(v, lo), hi)
#define clamp_t(t, v, lo, hi)	clamp((t)(v), (t)(lo), (t)(hi))

#endif
