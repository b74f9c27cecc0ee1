// SPDX-License-Identifier: GPL-2.0
/*
 * count.so - a TCG plugin for QEMU: how many instructions the guest executed, block by block, and how often its
 * modules rang a doorbell of an NVMe device, between two marks.
 *
 * A mark is an instruction that does nothing and that no compiler makes (mark.h); tests/bench/mark.c executes it. The
 * first clears the counters; the second writes them to the file OUT.N, N counting from 1:
 *
 *   sq 1000               doorbells of submission queues that were rung
 *   cq 1000               the same of completion queues
 *   full 0                blocks that found no place in the table; anything but 0 makes the file useless
 *   ffffffff81000000 77   instructions executed in the block that begins there
 *
 * All of user space is one line with the address 0. In modules instructions are counted one by one. Elsewhere the
 * number of those in a block is added when it begins, which is quicker; of a block that a page fault or an access to a
 * device cuts short a few are counted that did not run. Several virtual CPUs are counted together; they have to take
 * turns in one thread of the emulator.
 *
 * An emulator that takes the plugin: -plugin file=count.so,out=OUT
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mark.h"
#include "plugin.h"

#define KERNEL_START	0xffff800000000000ULL	/* below is user space */
#define MODULE_START	0xffffffffc0000000ULL	/* x86-64: where modules are loaded */
#define SLOTS		(1u << 20)		/* blocks in the table; a kernel runs some 60,000 */
#define BAR_MASK	0x3fff			/* the registers of QEMU's NVMe device: 16 KiB, aligned to their size */
#define DOORBELLS	0x1000			/* the specification, "Register Map": where doorbells begin */

PLUGIN_EXPORT int qemu_plugin_version = BENCH_API;

static uint64_t blocks[SLOTS];		/* by hash of their address; slot 0 is user space */
static uint64_t full, rung[2];
static const char *out;
static unsigned int cpus = 1;
static unsigned int dumps;

#if BENCH_API < 3
static uint64_t board[SLOTS];

static uint64_t *counters(unsigned int cpu)
{
	(void)cpu;
	return board;	/* all CPUs have the same */
}

static void count_block(struct qemu_plugin_tb *tb, size_t slot, size_t n)
{
	qemu_plugin_register_vcpu_tb_exec_inline(tb, PLUGIN_ADD, &board[slot], n);
}

static void count_insn(struct qemu_plugin_insn *insn, size_t slot)
{
	qemu_plugin_register_vcpu_insn_exec_inline(insn, PLUGIN_ADD, &board[slot], 1);
}

static bool is_mark(const struct qemu_plugin_insn *insn, unsigned char which)
{
	const unsigned char bytes[MARK_SIZE] = { MARK_BYTES(which) };

	return qemu_plugin_insn_size(insn) == MARK_SIZE && !memcmp(qemu_plugin_insn_data(insn), bytes, MARK_SIZE);
}

static bool board_new(void)
{
	return true;
}
#else
static struct qemu_plugin_scoreboard *board;

static uint64_t *counters(unsigned int cpu)
{
	return qemu_plugin_scoreboard_find(board, cpu);
}

static void count_block(struct qemu_plugin_tb *tb, size_t slot, size_t n)
{
	struct plugin_u64 counter = { board, slot * sizeof(uint64_t) };

	qemu_plugin_register_vcpu_tb_exec_inline_per_vcpu(tb, PLUGIN_ADD, counter, n);
}

static void count_insn(struct qemu_plugin_insn *insn, size_t slot)
{
	struct plugin_u64 counter = { board, slot * sizeof(uint64_t) };

	qemu_plugin_register_vcpu_insn_exec_inline_per_vcpu(insn, PLUGIN_ADD, counter, 1);
}

static bool is_mark(const struct qemu_plugin_insn *insn, unsigned char which)
{
	const unsigned char bytes[MARK_SIZE] = { MARK_BYTES(which) };
	unsigned char found[MARK_SIZE];

	return qemu_plugin_insn_size(insn) == MARK_SIZE &&
	       qemu_plugin_insn_data(insn, found, MARK_SIZE) == MARK_SIZE && !memcmp(found, bytes, MARK_SIZE);
}

static bool board_new(void)
{
	board = qemu_plugin_scoreboard_new(SLOTS * sizeof(uint64_t));
	return board;
}
#endif

/* Slots are never given back: a block that is translated again finds its own. SLOTS where there is no place. */
static size_t slot_of(uint64_t vaddr)
{
	size_t slot = (vaddr * 0x9e3779b97f4a7c15ULL) >> 44, i;

	if (vaddr < KERNEL_START)
		return 0;
	for (i = 0; i < SLOTS; i++, slot = (slot + 1) % SLOTS) {
		if (!slot)
			continue;
		if (!blocks[slot])
			blocks[slot] = vaddr;
		if (blocks[slot] == vaddr)
			return slot;
	}
	return SLOTS;
}

static void start(unsigned int cpu, void *data)
{
	(void)data;
	for (cpu = 0; cpu < cpus; cpu++)
		memset(counters(cpu), 0, SLOTS * sizeof(uint64_t));
	memset(rung, 0, sizeof(rung));
}

/* Of a block that several CPUs executed there are several lines. */
static void write_counts(FILE *file)
{
	unsigned int cpu;
	size_t i;

	fprintf(file, "sq %" PRIu64 "\ncq %" PRIu64 "\nfull %" PRIu64 "\n", rung[0], rung[1], full);
	for (cpu = 0; cpu < cpus; cpu++) {
		const uint64_t *count = counters(cpu);

		for (i = 0; i < SLOTS; i++)
			if (count[i])
				fprintf(file, "%016" PRIx64 " %" PRIu64 "\n", blocks[i], count[i]);
	}
}

static void stop(unsigned int cpu, void *data)
{
	char name[4096];
	FILE *file;

	(void)cpu;
	(void)data;
	snprintf(name, sizeof(name), "%s.%u", out, ++dumps);
	file = fopen(name, "w");
	if (file)
		write_counts(file);
	if (!file || fclose(file))
		fprintf(stderr, "count: cannot write %s: %s\n", name, strerror(errno));
}

static void store(unsigned int cpu, uint32_t info, uint64_t vaddr, void *data)
{
	struct qemu_plugin_hwaddr *where = qemu_plugin_get_hwaddr(info, vaddr);
	uint64_t offset;

	(void)cpu;
	(void)data;
	if (!where || !qemu_plugin_hwaddr_is_io(where) || strcmp(qemu_plugin_hwaddr_device_name(where), "nvme"))
		return;
	offset = qemu_plugin_hwaddr_phys_addr(where) & BAR_MASK;
	/* With the stride that QEMU has, each queue's pair is one for submission, then one for completion. */
	if (offset >= DOORBELLS)
		rung[offset >> 2 & 1]++;
}

static void translate(struct qemu_plugin_tb *tb)
{
	uint64_t vaddr = qemu_plugin_tb_vaddr(tb);
	size_t n = qemu_plugin_tb_n_insns(tb), slot = slot_of(vaddr), i;

	if (slot == SLOTS)
		full++;
	else if (vaddr < MODULE_START)
		count_block(tb, slot, n);
	for (i = 0; i < n; i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);

		if (vaddr >= MODULE_START && slot < SLOTS)
			count_insn(insn, slot);
		if (vaddr >= MODULE_START)
			qemu_plugin_register_vcpu_mem_cb(insn, store, PLUGIN_NO_REGS, PLUGIN_WRITE, NULL);
		else if (vaddr < KERNEL_START && is_mark(insn, MARK_START))
			qemu_plugin_register_vcpu_insn_exec_cb(insn, start, PLUGIN_NO_REGS, NULL);
		else if (vaddr < KERNEL_START && is_mark(insn, MARK_STOP))
			qemu_plugin_register_vcpu_insn_exec_cb(insn, stop, PLUGIN_NO_REGS, NULL);
	}
}

#if BENCH_API < 7
static void translated(uint64_t id, struct qemu_plugin_tb *tb)
{
	(void)id;
	translate(tb);
}

static void watch(uint64_t id)
{
	qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
}
#else
static void translated(struct qemu_plugin_tb *tb, void *data)
{
	(void)data;
	translate(tb);
}

static void watch(uint64_t id)
{
	qemu_plugin_register_vcpu_tb_trans_cb(id, translated, NULL);
}
#endif

PLUGIN_EXPORT int qemu_plugin_install(uint64_t id, const struct qemu_info *info, int argc, char **argv)
{
	int i;

#if BENCH_API >= 3
	if (info->system_emulation && info->system.smp_vcpus > 0)
		cpus = (unsigned int)info->system.smp_vcpus;
#else
	(void)info;
#endif
	for (i = 0; i < argc; i++)
		if (!strncmp(argv[i], "out=", 4))
			out = strdup(argv[i] + 4);
	if (!out || !board_new()) {
		fprintf(stderr, "count: needs out=FILE\n");
		return -1;
	}
	watch(id);
	return 0;
}
