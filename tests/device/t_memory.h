/* SPDX-License-Identifier: GPL-2.0 */
/* t_memory.h - memory of a host, for tests of what walks through it: a mebibyte from BASE on, and nothing else. */
#ifndef DEVICE_T_MEMORY_H
#define DEVICE_T_MEMORY_H

#include <string.h>

#include "xfer.h"

#define MEMORY	(1u << 20)
#define BASE	0x100000000ull

static u8 memory[MEMORY];

static bool read_memory(void *arg, u64 addr, void *to, u32 len)
{
	(void)arg;
	if (addr < BASE || addr - BASE > MEMORY - len)
		return false;
	memcpy(to, memory + (addr - BASE), len);
	return true;
}

static const struct prp_reader reader = { .read = read_memory };

#endif /* DEVICE_T_MEMORY_H */
