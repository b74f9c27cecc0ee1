/* SPDX-License-Identifier: GPL-2.0 */
/*
 * mark.h - the instruction that tells the plugin to start and to stop: a no-operation of x86 with an operand of 32
 * bits, nopl 0x6d6e6fXX(%rax), whose displacement nobody else uses.
 */
#ifndef BENCH_MARK_H
#define BENCH_MARK_H

#define MARK_SIZE		7
#define MARK_BYTES(_which)	0x0f, 0x1f, 0x80, (_which), 0x6f, 0x6e, 0x6d

#define MARK_START	0x01
#define MARK_STOP	0x02

#endif
