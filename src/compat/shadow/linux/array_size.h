/* SPDX-License-Identifier: GPL-2.0 */
/* 6.7 split it off; before, ARRAY_SIZE() came with the catch-all header. */
#if __has_include_next(<linux/array_size.h>)
#include_next <linux/array_size.h>
#else
#include <linux/kernel.h>
#endif
