/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_LIMITS_H
#define SHIM_LINUX_LIMITS_H

#include_next <linux/limits.h>

#define U8_MAX		((u8)~0u)
#define U16_MAX		((u16)~0u)
#define U32_MAX		((u32)~0u)
#define U64_MAX		((u64)~0ull)

#endif
