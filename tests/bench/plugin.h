/* SPDX-License-Identifier: GPL-2.0 */
/*
 * plugin.h - the part of QEMU's interface for TCG plugins that count.c uses, declared here because distributions
 * package QEMU without its header. BENCH_API is the version that the program at hand takes; tests/bench/run tries.
 *
 *   1   from QEMU 4.2 to 8.2: a counter is the address of a number
 *   3   from QEMU 9.1: a counter is a place in a scoreboard with one row for each virtual CPU, and the bytes of an
 *       instruction are copied out instead of being pointed at
 *   7   from QEMU 11.1: who is called back is told of data of his own instead of the number of the plugin
 */
#ifndef BENCH_PLUGIN_H
#define BENCH_PLUGIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifndef BENCH_API
#define BENCH_API	1
#endif

#define PLUGIN_EXPORT	__attribute__((visibility("default")))

/* Of the machine; for a machine without CPUs, as "none", both numbers are 0. */
struct qemu_info {
	const char *target_name;
	struct {
		int min;
		int cur;
	} version;
	bool system_emulation;
	union {
		struct {
			int smp_vcpus;
			int max_vcpus;
		} system;
	};
};

struct qemu_plugin_tb;
struct qemu_plugin_insn;
struct qemu_plugin_hwaddr;

enum plugin_regs { PLUGIN_NO_REGS };
enum plugin_rw { PLUGIN_READ = 1, PLUGIN_WRITE };
enum plugin_op { PLUGIN_ADD };

#if BENCH_API < 7
typedef void (*plugin_tb_fn)(uint64_t id, struct qemu_plugin_tb *tb);
#else
typedef void (*plugin_tb_fn)(struct qemu_plugin_tb *tb, void *data);
#endif
typedef void (*plugin_exec_fn)(unsigned int cpu, void *data);
typedef void (*plugin_mem_fn)(unsigned int cpu, uint32_t info, uint64_t vaddr, void *data);

#if BENCH_API < 7
void qemu_plugin_register_vcpu_tb_trans_cb(uint64_t id, plugin_tb_fn fn);
#else
void qemu_plugin_register_vcpu_tb_trans_cb(uint64_t id, plugin_tb_fn fn, void *data);
#endif
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn, plugin_exec_fn fn, enum plugin_regs regs,
					    void *data);
void qemu_plugin_register_vcpu_mem_cb(struct qemu_plugin_insn *insn, plugin_mem_fn fn, enum plugin_regs regs,
				      enum plugin_rw rw, void *data);

size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
uint64_t qemu_plugin_tb_vaddr(const struct qemu_plugin_tb *tb);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t n);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *insn);

struct qemu_plugin_hwaddr *qemu_plugin_get_hwaddr(uint32_t info, uint64_t vaddr);
bool qemu_plugin_hwaddr_is_io(const struct qemu_plugin_hwaddr *where);
uint64_t qemu_plugin_hwaddr_phys_addr(const struct qemu_plugin_hwaddr *where);
const char *qemu_plugin_hwaddr_device_name(const struct qemu_plugin_hwaddr *where);

#if BENCH_API < 3
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *insn);
void qemu_plugin_register_vcpu_tb_exec_inline(struct qemu_plugin_tb *tb, enum plugin_op op, void *counter, uint64_t n);
void qemu_plugin_register_vcpu_insn_exec_inline(struct qemu_plugin_insn *insn, enum plugin_op op, void *counter,
						uint64_t n);
#else
struct qemu_plugin_scoreboard;
struct plugin_u64 {
	struct qemu_plugin_scoreboard *score;
	size_t offset;
};

size_t qemu_plugin_insn_data(const struct qemu_plugin_insn *insn, void *bytes, size_t size);
struct qemu_plugin_scoreboard *qemu_plugin_scoreboard_new(size_t size);
void *qemu_plugin_scoreboard_find(struct qemu_plugin_scoreboard *score, unsigned int cpu);
void qemu_plugin_register_vcpu_tb_exec_inline_per_vcpu(struct qemu_plugin_tb *tb, enum plugin_op op,
						       struct plugin_u64 counter, uint64_t n);
void qemu_plugin_register_vcpu_insn_exec_inline_per_vcpu(struct qemu_plugin_insn *insn, enum plugin_op op,
							 struct plugin_u64 counter, uint64_t n);
#endif

#endif
