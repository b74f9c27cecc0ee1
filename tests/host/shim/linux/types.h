/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The directory shim/ is the list of what src/proto may include, and each file in it the list of what src/proto may
 * use of that header. Add a name only when a pure function needs it. Where the C library has a header of the same
 * name (glibc itself includes <linux/errno.h>, for one), the shim passes on to it.
 */
#ifndef SHIM_LINUX_TYPES_H
#define SHIM_LINUX_TYPES_H

#include_next <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;
typedef __s32 s32;
typedef __s64 s64;

#endif
