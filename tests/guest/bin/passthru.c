// SPDX-License-Identifier: GPL-2.0
/*
 * The ioctls of linux/nvme_ioctl.h, used well and badly. One line a case: "ok NAME" or "not ok NAME # why"; the guest
 * test turns them into KTAP.
 *
 *   passthru bad CTRL DISK BYTES    what must be refused, and with which error; BYTES: the most a command may move
 *   passthru unprivileged CTRL DISK the same nodes for a user without CAP_SYS_ADMIN
 *   passthru roundtrip NODE BYTES   data there and back by every ioctl, up to BYTES a command
 *   passthru meta NODE              data with metadata there and back
 *   passthru effects NODE           what flush, FUA, write zeroes, deallocate and compare do to the data
 *   passthru io CTRL ERRNO          I/O commands through the controller's node: how they must end, 0 or ENOTTY or so
 *   passthru control CTRL DISK      reset, subsystem reset, rescan
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/nvme_ioctl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include "verdict.h"

#define GUARD 4096

#ifndef NVME_IOCTL_IO64_CMD_VEC
#define NVME_IOCTL_IO64_CMD_VEC _IOWR('N', 0x49, struct nvme_passthru_cmd64)
#endif

enum { FLUSH = 0, WRITE = 1, READ = 2, COMPARE = 5, WRITE_ZEROES = 8, DSM = 9 };
enum { GET_LOG = 2, IDENTIFY = 6, SET_FEATURES = 9, GET_FEATURES = 10 };

/* -errno or what the ioctl returned */
static int call(int fd, unsigned long request, void *arg)
{
	int rc = ioctl(fd, request, arg);

	return rc < 0 ? -errno : rc;
}

static int open_node(const char *path, int flags)
{
	int fd = open(path, flags);

	if (fd < 0) {
		printf("not ok open %s # %s\n", path, strerror(errno));
		exit(1);
	}
	return fd;
}

static void *buffer(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED) {
		perror("mmap");
		exit(1);
	}
	return p;
}

static struct nvme_passthru_cmd identify(void *data)
{
	return (struct nvme_passthru_cmd){ .opcode = IDENTIFY, .addr = (uintptr_t)data, .data_len = 4096, .cdw10 = 1 };
}

static struct nvme_passthru_cmd read_blocks(void *data, unsigned int bytes, unsigned int blocks)
{
	return (struct nvme_passthru_cmd){
		.opcode = READ,
		.nsid = 1,
		.addr = (uintptr_t)data,
		.data_len = bytes,
		.cdw12 = blocks - 1,
	};
}

static void bad_numbers(int ctrl, int disk)
{
	char dummy[128] = {};

	expect(call(ctrl, _IO('N', 0x7f), dummy), -ENOTTY, "unknown ioctl on the controller");
	expect(call(disk, _IO('N', 0x7f), dummy), -ENOTTY, "unknown ioctl on the disk");
	expect(call(ctrl, _IOWR('N', 0x41, char[8]), dummy), -ENOTTY, "known number with another size");
	expect(call(ctrl, NVME_IOCTL_ID, NULL), -ENOTTY, "ID on the controller");
	expect(call(disk, NVME_IOCTL_ID, NULL), 1, "ID on the disk");
	expect(call(ctrl, _IOR('Z', 1, int), dummy), -ENOTTY, "somebody else's ioctl");
	expect(call(ctrl, NVME_IOCTL_IO64_CMD_VEC, dummy), -ENOTTY, "IO64_CMD_VEC on the controller");
	expect(call(disk, NVME_IOCTL_IO64_CMD_VEC, dummy), -EINVAL, "IO64_CMD_VEC of no namespace on the disk");
	expect(call(disk, NVME_IOCTL_RESET, NULL), -ENOTTY, "reset through the disk");
	expect(call(disk, NVME_IOCTL_SUBSYS_RESET, NULL), -ENOTTY, "subsystem reset through the disk");
}

static void bad_pointers(int ctrl, int disk)
{
	void *const bad[] = { NULL, (void *)16, (void *)(uintptr_t)0xffff888000000000ull, (void *)(~0ul - 15) };
	static const unsigned long requests[] = { NVME_IOCTL_ADMIN_CMD, NVME_IOCTL_ADMIN64_CMD };
	static const unsigned long io_requests[] = { NVME_IOCTL_IO_CMD, NVME_IOCTL_IO64_CMD, NVME_IOCTL_SUBMIT_IO };
	struct nvme_passthru_cmd cmd;
	struct nvme_user_io io;
	char name[80];
	unsigned int i, j;

	for (i = 0; i < 4; i++) {
		for (j = 0; j < 2; j++) {
			snprintf(name, sizeof(name), "admin ioctl %u at %p", j, bad[i]);
			expect(call(ctrl, requests[j], bad[i]), -EFAULT, name);
		}
		for (j = 0; j < 3; j++) {
			snprintf(name, sizeof(name), "I/O ioctl %u at %p", j, bad[i]);
			expect(call(disk, io_requests[j], bad[i]), -EFAULT, name);
		}
		if (!bad[i])
			continue;
		cmd = identify(bad[i]);
		snprintf(name, sizeof(name), "identify into %p", bad[i]);
		expect(call(ctrl, NVME_IOCTL_ADMIN_CMD, &cmd), -EFAULT, name);
		cmd = read_blocks(bad[i], 512, 1);
		snprintf(name, sizeof(name), "read into %p", bad[i]);
		expect(call(disk, NVME_IOCTL_IO_CMD, &cmd), -EFAULT, name);
		io = (struct nvme_user_io){ .opcode = READ, .addr = (uintptr_t)bad[i] };
		snprintf(name, sizeof(name), "SUBMIT_IO into %p", bad[i]);
		expect(call(disk, NVME_IOCTL_SUBMIT_IO, &io), -EFAULT, name);
	}
	cmd = identify(NULL);
	i = call(ctrl, NVME_IOCTL_ADMIN_CMD, &cmd);
	verdict((int)i == -EFAULT || (int)i == -EINVAL, "identify without a buffer", "wanted EFAULT or EINVAL", (int)i);
}

static void half_mapped(int ctrl, int disk)
{
	char *two = buffer(8192);
	struct nvme_passthru_cmd cmd;

	munmap(two + 4096, 4096);
	cmd = identify(two + 2048);
	expect(call(ctrl, NVME_IOCTL_ADMIN_CMD, &cmd), -EFAULT, "identify across the end of the mapping");
	cmd = read_blocks(two + 4096 - 512, 1024, 2);
	expect(call(disk, NVME_IOCTL_IO_CMD, &cmd), -EFAULT, "read across the end of the mapping");
	mprotect(two, 4096, PROT_READ);
	cmd = identify(two);
	expect(call(ctrl, NVME_IOCTL_ADMIN_CMD, &cmd), -EFAULT, "identify into read-only memory");
}

/* One block more than a command may move, in both directions and by each ioctl */
static void over_limit(int disk, void *data, unsigned int most)
{
	struct nvme_passthru_cmd cmd = read_blocks(data, most + 512, most / 512 + 1);
	struct nvme_passthru_cmd64 cmd64 = {
		.opcode = READ, .nsid = 1, .addr = (uintptr_t)data, .data_len = most + 512, .cdw12 = most / 512
	};
	struct nvme_user_io io = { .opcode = READ, .addr = (uintptr_t)data, .nblocks = most / 512 };

	expect(call(disk, NVME_IOCTL_IO_CMD, &cmd), -EINVAL, "read of one block over MDTS");
	expect(call(disk, NVME_IOCTL_IO64_CMD, &cmd64), -EINVAL, "IO64_CMD read of one block over MDTS");
	expect(call(disk, NVME_IOCTL_SUBMIT_IO, &io), -EINVAL, "SUBMIT_IO read of one block over MDTS");
	cmd.opcode = WRITE;
	io.opcode = WRITE;
	expect(call(disk, NVME_IOCTL_IO_CMD, &cmd), -EINVAL, "write of one block over MDTS");
	expect(call(disk, NVME_IOCTL_SUBMIT_IO, &io), -EINVAL, "SUBMIT_IO write of one block over MDTS");
}

/* Data begin at a dword: whoever asks for less is told; the device must not get an address that it has to refuse. */
static void misaligned(int ctrl, int disk)
{
	char *data = buffer(8192), name[64];
	struct nvme_passthru_cmd cmd;
	struct nvme_passthru_cmd64 cmd64;
	struct nvme_user_io io;
	unsigned int i;

	for (i = 1; i < 4; i++) {
		cmd = identify(data + i);
		snprintf(name, sizeof(name), "identify into a buffer at offset %u", i);
		expect(call(ctrl, NVME_IOCTL_ADMIN_CMD, &cmd), -EINVAL, name);
		cmd = read_blocks(data + i, 512, 1);
		snprintf(name, sizeof(name), "read into a buffer at offset %u", i);
		expect(call(disk, NVME_IOCTL_IO_CMD, &cmd), -EINVAL, name);
		cmd64 = (struct nvme_passthru_cmd64){
			.opcode = WRITE, .nsid = 1, .addr = (uintptr_t)data + i, .data_len = 512
		};
		snprintf(name, sizeof(name), "IO64_CMD write from a buffer at offset %u", i);
		expect(call(disk, NVME_IOCTL_IO64_CMD, &cmd64), -EINVAL, name);
		io = (struct nvme_user_io){ .opcode = READ, .addr = (uintptr_t)data + 4092 + i };
		snprintf(name, sizeof(name), "SUBMIT_IO into a buffer at offset %u", 4092 + i);
		expect(call(disk, NVME_IOCTL_SUBMIT_IO, &io), -EINVAL, name);
	}
}

static void bad_lengths(int ctrl, int disk, unsigned int most)
{
	static const unsigned int odd[] = { 1, 2, 3, 511, 513, 4095, 4097 };
	size_t big = 64 << 20;
	char *data = buffer(big), name[64];
	struct nvme_passthru_cmd cmd;
	struct nvme_user_io io;
	unsigned int i;

	for (i = 0; i < sizeof(odd) / sizeof(*odd); i++) {
		cmd = identify(data);
		cmd.data_len = odd[i];
		snprintf(name, sizeof(name), "identify with %u bytes", odd[i]);
		expect(call(ctrl, NVME_IOCTL_ADMIN_CMD, &cmd), -EINVAL, name);
		cmd = read_blocks(data, odd[i], 1);
		snprintf(name, sizeof(name), "read with %u bytes", odd[i]);
		expect(call(disk, NVME_IOCTL_IO_CMD, &cmd), -EINVAL, name);
	}
	cmd = read_blocks(data, 512, 8);
	expect(call(disk, NVME_IOCTL_IO_CMD, &cmd), -EINVAL, "read of 8 blocks into 512 bytes");
	cmd = identify(data);
	cmd.data_len = 2048;
	expect(call(ctrl, NVME_IOCTL_ADMIN_CMD, &cmd), -EINVAL, "identify into 2048 bytes");
	over_limit(disk, data, most);
	for (i = 4096; i <= most; i <<= 1)
		;
	for (; i <= 32u << 20; i <<= 1) {
		cmd = read_blocks(data, i, i / 512 > 65536 ? 65536 : i / 512);
		snprintf(name, sizeof(name), "read of %u KiB, over MDTS", i >> 10);
		expect(call(disk, NVME_IOCTL_IO_CMD, &cmd), -EINVAL, name);
		cmd = (struct nvme_passthru_cmd){
			.opcode = GET_LOG, .nsid = ~0u, .addr = (uintptr_t)data, .data_len = i, .cdw10 = 2
		};
		snprintf(name, sizeof(name), "log page of %u KiB, over MDTS", i >> 10);
		expect(call(ctrl, NVME_IOCTL_ADMIN_CMD, &cmd), -EINVAL, name);
	}
	cmd = read_blocks(data, 0xfffffffc, 65536);
	expect(call(disk, NVME_IOCTL_IO_CMD, &cmd), -EINVAL, "read of almost 4 GiB");
	io = (struct nvme_user_io){ .opcode = READ, .addr = (uintptr_t)data, .nblocks = 65535 };
	expect(call(disk, NVME_IOCTL_SUBMIT_IO, &io), -EINVAL, "SUBMIT_IO of 32 MiB");
	munmap(data, big);
}

static void bad_fields(int ctrl, int disk)
{
	char *data = buffer(4096), name[64];
	struct nvme_passthru_cmd cmd;
	struct nvme_passthru_cmd64 cmd64;
	struct nvme_user_io io;
	static const unsigned int nsids[] = { 0, 2, 0x1234, 0xfffffffe, 0xffffffff };
	unsigned int i;
	int rc;

	for (i = 1; i < 256; i <<= 1) {
		cmd = identify(data);
		cmd.flags = i;
		snprintf(name, sizeof(name), "admin flags 0x%x", i);
		expect(call(ctrl, NVME_IOCTL_ADMIN_CMD, &cmd), -EINVAL, name);
		cmd64 = (struct nvme_passthru_cmd64){
			.opcode = IDENTIFY, .flags = i, .addr = (uintptr_t)data, .data_len = 4096, .cdw10 = 1
		};
		snprintf(name, sizeof(name), "admin64 flags 0x%x", i);
		expect(call(ctrl, NVME_IOCTL_ADMIN64_CMD, &cmd64), -EINVAL, name);
		cmd = read_blocks(data, 512, 1);
		cmd.flags = i;
		snprintf(name, sizeof(name), "I/O flags 0x%x", i);
		expect(call(disk, NVME_IOCTL_IO_CMD, &cmd), -EINVAL, name);
		io = (struct nvme_user_io){ .opcode = READ, .flags = i, .addr = (uintptr_t)data };
		snprintf(name, sizeof(name), "SUBMIT_IO flags 0x%x", i);
		expect(call(disk, NVME_IOCTL_SUBMIT_IO, &io), -EINVAL, name);
	}
	for (i = 0; i < sizeof(nsids) / sizeof(*nsids); i++) {
		cmd = read_blocks(data, 512, 1);
		cmd.nsid = nsids[i];
		snprintf(name, sizeof(name), "read of namespace 0x%x through the disk of another", nsids[i]);
		expect(call(disk, NVME_IOCTL_IO_CMD, &cmd), -EINVAL, name);
	}
	for (i = 3; i < 256; i += 36) {
		io = (struct nvme_user_io){ .opcode = i, .addr = (uintptr_t)data };
		snprintf(name, sizeof(name), "SUBMIT_IO with opcode 0x%x", i);
		expect(call(disk, NVME_IOCTL_SUBMIT_IO, &io), -EINVAL, name);
	}
	/* The controller's own answers are positive and come through unchanged. */
	cmd = identify(data);
	cmd.cdw10 = 0;
	cmd.nsid = 0x1234;
	rc = call(ctrl, NVME_IOCTL_ADMIN_CMD, &cmd);
	verdict(rc > 0 && (rc & 0x7ff) == 0x0b, "identify of no namespace: status Invalid Namespace", "wanted 0x..0b",
		rc);
	cmd = (struct nvme_passthru_cmd){ .opcode = 0x7f };
	rc = call(ctrl, NVME_IOCTL_ADMIN_CMD, &cmd);
	verdict(rc > 0 && (rc & 0x7ff) == 0x01, "unknown admin command: status Invalid Opcode", "wanted 0x..01", rc);
	cmd = read_blocks(data, 512, 1);
	cmd.cdw10 = 0xfffffff0;
	cmd.cdw11 = 0x7fffffff;
	rc = call(disk, NVME_IOCTL_IO_CMD, &cmd);
	verdict(rc > 0 && (rc & 0x7ff) == 0x80, "read beyond the end: status LBA Out of Range", "wanted 0x..80", rc);
	/* After all that the nodes still work. */
	cmd = identify(data);
	expect(call(ctrl, NVME_IOCTL_ADMIN_CMD, &cmd), 0, "identify after everything");
	cmd = read_blocks(data, 512, 1);
	expect(call(disk, NVME_IOCTL_IO_CMD, &cmd), 0, "read after everything");
}

static void test_bad(const char *ctrl_path, const char *disk_path, unsigned int most)
{
	int ctrl = open_node(ctrl_path, O_RDWR), disk = open_node(disk_path, O_RDWR);

	bad_numbers(ctrl, disk);
	bad_pointers(ctrl, disk);
	half_mapped(ctrl, disk);
	bad_lengths(ctrl, disk, most);
	misaligned(ctrl, disk);
	bad_fields(ctrl, disk);
}

static void test_unprivileged(const char *ctrl_path, const char *disk_path)
{
	int ctrl = open_node(ctrl_path, O_RDONLY), disk = open_node(disk_path, O_RDONLY);
	char *data = buffer(4096);
	struct nvme_passthru_cmd cmd;
	struct nvme_passthru_cmd64 cmd64;
	struct nvme_user_io io;

	cmd = (struct nvme_passthru_cmd){ .opcode = SET_FEATURES, .cdw10 = 4, .cdw11 = 0x150 };
	expect(call(ctrl, NVME_IOCTL_ADMIN_CMD, &cmd), -EACCES, "set-features on the controller");
	cmd = (struct nvme_passthru_cmd){
		.opcode = GET_LOG, .nsid = ~0u, .addr = (uintptr_t)data, .data_len = 512, .cdw10 = 0x7f0002
	};
	expect(call(ctrl, NVME_IOCTL_ADMIN_CMD, &cmd), -EACCES, "get-log on the controller");
	expect(call(disk, NVME_IOCTL_ADMIN_CMD, &cmd), -EACCES, "get-log on the disk");
	cmd64 = (struct nvme_passthru_cmd64){ .opcode = 0xc1 };
	expect(call(ctrl, NVME_IOCTL_ADMIN64_CMD, &cmd64), -EACCES, "vendor command");
	cmd = (struct nvme_passthru_cmd){ .opcode = 0x80, .nsid = 1 };
	expect(call(ctrl, NVME_IOCTL_ADMIN_CMD, &cmd), -EACCES, "format");
	cmd = (struct nvme_passthru_cmd){ .opcode = WRITE, .nsid = 1, .addr = (uintptr_t)data, .data_len = 512 };
	expect(call(disk, NVME_IOCTL_IO_CMD, &cmd), -EACCES, "write through a read-only descriptor");
	io = (struct nvme_user_io){ .opcode = WRITE, .addr = (uintptr_t)data };
	expect(call(disk, NVME_IOCTL_SUBMIT_IO, &io), -EACCES, "SUBMIT_IO write through a read-only descriptor");
	expect(call(ctrl, NVME_IOCTL_RESET, NULL), -EACCES, "reset");
	expect(call(ctrl, NVME_IOCTL_SUBSYS_RESET, NULL), -EACCES, "subsystem reset");
	expect(call(ctrl, NVME_IOCTL_RESCAN, NULL), -EACCES, "rescan");
	expect(call(disk, NVME_IOCTL_ID, NULL), 1, "the number of the namespace is no secret");
}

/* ---- data there and back ---- */

enum way { IO_CMD, IO64_CMD, SUBMIT_IO, IO64_VEC, WAYS };
static const char *const way_name[] = { "IO_CMD", "IO64_CMD", "SUBMIT_IO", "IO64_CMD_VEC" };

static int transfer(int fd, enum way way, int opcode, uint64_t lba, void *data, unsigned int bytes, void *meta,
		    unsigned int meta_bytes)
{
	unsigned int blocks = bytes / 512;
	struct nvme_passthru_cmd cmd = {
		.opcode = opcode,
		.nsid = 1,
		.addr = (uintptr_t)data,
		.data_len = bytes,
		.metadata = (uintptr_t)meta,
		.metadata_len = meta_bytes,
		.cdw10 = lba,
		.cdw11 = lba >> 32,
		.cdw12 = blocks - 1,
	};
	struct nvme_passthru_cmd64 cmd64 = {
		.opcode = opcode,
		.nsid = 1,
		.addr = (uintptr_t)data,
		.data_len = bytes,
		.metadata = (uintptr_t)meta,
		.metadata_len = meta_bytes,
		.cdw10 = lba,
		.cdw11 = lba >> 32,
		.cdw12 = blocks - 1,
	};
	struct nvme_user_io io = {
		.opcode = opcode,
		.addr = (uintptr_t)data,
		.slba = lba,
		.nblocks = blocks - 1,
		.metadata = (uintptr_t)meta,
	};
	unsigned int half = bytes / 2 & ~511u;
	struct iovec pieces[2] = { { data, half }, { (char *)data + half, bytes - half } };

	switch (way) {
	case IO_CMD:
		return call(fd, NVME_IOCTL_IO_CMD, &cmd);
	case IO64_CMD:
		return call(fd, NVME_IOCTL_IO64_CMD, &cmd64);
	case IO64_VEC:
		cmd64.addr = (uintptr_t)pieces;
		cmd64.vec_cnt = 2;
		return call(fd, NVME_IOCTL_IO64_CMD_VEC, &cmd64);
	default:
		return call(fd, NVME_IOCTL_SUBMIT_IO, &io);
	}
}

static void fill(unsigned char *p, size_t n, unsigned int seed)
{
	for (size_t i = 0; i < n; i++) {
		seed = seed * 1103515245 + 12345;
		p[i] = seed >> 16;
	}
}

static bool all(const unsigned char *p, size_t n, unsigned char value)
{
	for (size_t i = 0; i < n; i++)
		if (p[i] != value)
			return false;
	return true;
}

/* One size, one place in the page, one way: write, then read into another buffer, with guards on both sides of it. */
static void round_trip(int fd, enum way way, unsigned int bytes, unsigned int offset)
{
	size_t room = bytes + 2 * GUARD + 8192;
	unsigned char *out = buffer(room), *in = buffer(room), *from = out + GUARD + offset, *to = in + GUARD + offset;
	char name[96];
	int rc;

	snprintf(name, sizeof(name), "%s %u bytes at offset %u", way_name[way], bytes, offset);
	fill(from, bytes, bytes + offset * 7 + way);
	memset(in, 0xa5, room);
	rc = transfer(fd, way, WRITE, 100 + offset % 7, from, bytes, NULL, 0);
	if (!rc)
		rc = transfer(fd, way, READ, 100 + offset % 7, to, bytes, NULL, 0);
	if (rc)
		verdict(false, name, "wanted 0", rc);
	else if (memcmp(from, to, bytes))
		verdict(false, name, "other data came back", 0);
	else
		verdict(all(in, GUARD + offset, 0xa5) && all(to + bytes, room - GUARD - offset - bytes, 0xa5), name,
			"memory beside the buffer was written", 0);
	munmap(out, room);
	munmap(in, room);
}

/*
 * Memory in which no page follows its neighbour: the pages of a file, mapped in an order that jumps. Then each page of
 * a transfer is a piece of its own, which ordinary memory promises as little as it excludes.
 */
static unsigned char *scattered(unsigned int pages)
{
	int file = memfd_create("scattered", 0);
	unsigned char *p = buffer((size_t)pages * 4096), *whole;
	unsigned int i;

	if (file < 0 || ftruncate(file, (off_t)pages * 4096)) {
		perror("memfd");
		exit(1);
	}
	/* once from end to end, so that neighbours in the file are likely to be neighbours in memory */
	whole = mmap(NULL, (size_t)pages * 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, file, 0);
	for (i = 0; i < pages; i++)
		if (mmap(p + (size_t)i * 4096, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, file,
			 (off_t)(i * 37ul % pages) * 4096) == MAP_FAILED) {
			perror("mmap of a page");
			exit(1);
		}
	munmap(whole, (size_t)pages * 4096);
	close(file);
	return p;
}

/* As much as a command may move, out of and into such memory */
static void round_trip_scattered(int fd, enum way way, unsigned int bytes)
{
	unsigned char *out = scattered(bytes / 4096), *in = scattered(bytes / 4096), *plain = buffer(bytes);
	char name[96];
	int rc;

	fill(out, bytes, bytes + 11 * way);
	memset(in, 0xa5, bytes);
	snprintf(name, sizeof(name), "%s %u bytes, the most there is, from scattered pages", way_name[way], bytes);
	rc = transfer(fd, way, WRITE, 4096, out, bytes, NULL, 0);
	if (!rc)
		rc = transfer(fd, way, READ, 4096, plain, bytes, NULL, 0);
	verdict(!rc && !memcmp(out, plain, bytes), name, rc ? "wanted 0" : "other data came back", rc);
	snprintf(name, sizeof(name), "%s %u bytes, the most there is, into scattered pages", way_name[way], bytes);
	rc = transfer(fd, way, READ, 4096, in, bytes, NULL, 0);
	verdict(!rc && !memcmp(out, in, bytes), name, rc ? "wanted 0" : "other data came back", rc);
	munmap(out, bytes);
	munmap(in, bytes);
	munmap(plain, bytes);
}

static void wide_result(int fd)
{
	struct nvme_passthru_cmd cmd = { .opcode = GET_FEATURES, .cdw10 = 7, .result = 0x5a5a5a5a };
	struct nvme_passthru_cmd64 cmd64 = { .opcode = GET_FEATURES, .cdw10 = 7, .result = 0x5a5a5a5a5a5a5a5aull };
	int rc = call(fd, NVME_IOCTL_ADMIN_CMD, &cmd);

	expect(rc, 0, "get-features by ADMIN_CMD");
	expect(call(fd, NVME_IOCTL_ADMIN64_CMD, &cmd64), 0, "get-features by ADMIN64_CMD");
	verdict(cmd.result && cmd64.result == cmd.result, "the 64-bit result is whole", "wanted the 32-bit result",
		cmd64.result);
}

static void test_roundtrip(const char *path, unsigned int most)
{
	static const unsigned int offsets[] = { 0, 4, 512, 2048, 4092 };
	int fd = open_node(path, O_RDWR);
	unsigned int bytes, i;

	for (enum way way = 0; way < WAYS; way++)
		for (i = 0; i < sizeof(offsets) / sizeof(*offsets); i++)
			for (bytes = 512; bytes <= most; bytes = bytes == 512	? 4096 :
								 bytes == 4096	? 12288 :
								 bytes == 12288 ? 65536 :
										  bytes * 2)
				round_trip(fd, way, bytes, offsets[i]);
	for (enum way way = 0; way < WAYS; way++)
		round_trip_scattered(fd, way, most & ~4095u);
	/* a length that is no power of two, the largest but one block */
	round_trip(fd, IO_CMD, most - 512, 512);
	wide_result(fd);
}

static void test_meta(const char *path)
{
	int fd = open_node(path, O_RDWR);
	unsigned char *data = buffer(65536), *meta = buffer(4096), *back = buffer(65536), *meta_back = buffer(4096);
	char name[64];
	int rc;

	for (enum way way = 0; way < WAYS; way++) {
		for (unsigned int blocks = 1; blocks <= 128; blocks *= 4) {
			fill(data, blocks * 512, blocks + way);
			fill(meta, blocks * 8, blocks * 3 + way);
			memset(meta_back, 0xa5, 4096);
			rc = transfer(fd, way, WRITE, 64, data, blocks * 512, meta, blocks * 8);
			if (!rc)
				rc = transfer(fd, way, READ, 64, back, blocks * 512, meta_back, blocks * 8);
			snprintf(name, sizeof(name), "%s %u blocks with metadata", way_name[way], blocks);
			expect(rc, 0, name);
			verdict(!memcmp(data, back, blocks * 512), "  data", "other data", 0);
			verdict(!memcmp(meta, meta_back, blocks * 8), "  metadata", "other metadata", 0);
			verdict(all(meta_back + blocks * 8, 4096 - blocks * 8, 0xa5), "  memory behind it",
				"was written", 0);
		}
		snprintf(name, sizeof(name), "%s with metadata at a bad pointer", way_name[way]);
		expect(transfer(fd, way, READ, 64, back, 512, (void *)16, 8), -EFAULT, name);
	}
	expect(transfer(fd, SUBMIT_IO, READ, 64, back, 512, meta + 1, 8), -EINVAL,
	       "SUBMIT_IO with misaligned metadata");
	expect(transfer(fd, SUBMIT_IO, READ, 64, back, 512, NULL, 0), -EINVAL, "SUBMIT_IO without metadata");
	expect(transfer(fd, IO_CMD, READ, 64, back, 4096, meta, 8), -EINVAL, "metadata shorter than the blocks");
}

/* ---- commands that say something about the data instead of moving them ---- */

/* How many blocks at BASE hold the bytes that were put there; bit n is block n of 8 */
#define BASE 2048

static unsigned int blocks_with(int fd, unsigned char value)
{
	unsigned char *now = buffer(4096);
	unsigned int i, found = 0;

	if (transfer(fd, IO_CMD, READ, BASE, now, 4096, NULL, 0))
		return ~0u;
	for (i = 0; i < 8; i++)
		if (all(now + i * 512, 512, value))
			found |= 1u << i;
	munmap(now, 4096);
	return found;
}

static void blocks_are(int fd, unsigned char value, unsigned int wanted, const char *name)
{
	unsigned int found = blocks_with(fd, value);

	verdict(found == wanted, name, "other blocks have that value", found);
}

static int plain_command(int fd, int opcode, uint64_t lba, unsigned int cdw12)
{
	struct nvme_passthru_cmd cmd = {
		.opcode = opcode, .nsid = 1, .cdw10 = lba, .cdw11 = lba >> 32, .cdw12 = cdw12
	};

	return call(fd, NVME_IOCTL_IO_CMD, &cmd);
}

static void test_effects(const char *path)
{
	int fd = open_node(path, O_RDWR), rc;
	unsigned char *data = buffer(4096);
	unsigned int *range = buffer(4096);
	struct nvme_passthru_cmd cmd;

	memset(data, 0x11, 4096);
	expect(transfer(fd, IO_CMD, WRITE, BASE, data, 4096, NULL, 0), 0, "write");
	expect(plain_command(fd, FLUSH, 0, 0), 0, "flush");
	blocks_are(fd, 0x11, 0xff, "what was written is there after a flush");
	expect(plain_command(fd, WRITE_ZEROES, BASE + 2, 2), 0, "write zeroes to blocks 2 to 4");
	blocks_are(fd, 0, 0x1c, "blocks 2 to 4 are zero");
	blocks_are(fd, 0x11, 0xe3, "the others are not");
	/* with force unit access */
	memset(data, 0x22, 4096);
	cmd = (struct nvme_passthru_cmd){
		.opcode = WRITE, .nsid = 1, .addr = (uintptr_t)data, .data_len = 1024,
		.cdw10 = BASE + 3, .cdw12 = 1u << 30 | 1
	};
	expect(call(fd, NVME_IOCTL_IO_CMD, &cmd), 0, "FUA write to blocks 3 and 4");
	blocks_are(fd, 0x22, 0x18, "blocks 3 and 4 have it");
	blocks_are(fd, 0, 0x04, "block 2 is still zero");
	range[1] = 1;
	range[2] = BASE;
	range[5] = 1;
	range[6] = BASE + 7;
	cmd = (struct nvme_passthru_cmd){
		.opcode = DSM, .nsid = 1, .addr = (uintptr_t)range, .data_len = 32, .cdw10 = 1, .cdw11 = 4
	};
	expect(call(fd, NVME_IOCTL_IO_CMD, &cmd), 0, "deallocate blocks 0 and 7");
	rc = blocks_with(fd, 0x11);
	verdict((rc & 0x7e) == 0x62, "blocks 1, 5 and 6 are still what they were", "wanted 0x62", rc & 0x7e);
	blocks_are(fd, 0x22, 0x18, "and so are blocks 3 and 4");
	/* The ranges are data as well: fewer bytes than the command names must not be sent. */
	cmd.data_len = 16;
	expect(call(fd, NVME_IOCTL_IO_CMD, &cmd), -EINVAL, "deallocate with fewer ranges than it names");
	expect(transfer(fd, IO_CMD, COMPARE, BASE + 3, data, 1024, NULL, 0), 0, "compare with the same");
	data[600] ^= 1;
	rc = transfer(fd, IO_CMD, COMPARE, BASE + 3, data, 1024, NULL, 0);
	verdict(rc > 0 && (rc & 0x7ff) == 0x285, "compare with something else: Compare Failure", "wanted 0x285", rc);
	rc = transfer(fd, SUBMIT_IO, COMPARE, BASE + 3, data, 1024, NULL, 0);
	verdict(rc > 0 && (rc & 0x7ff) == 0x285, "the same by SUBMIT_IO", "wanted 0x285", rc);
}

/* ---- the controller's node ---- */

static void test_io(const char *ctrl_path, int wanted)
{
	int ctrl = open_node(ctrl_path, O_RDWR);
	unsigned char *data = buffer(4096), *back = buffer(4096);
	struct nvme_passthru_cmd cmd;

	for (enum way way = IO_CMD; way <= IO64_CMD; way++) {
		char name[64];

		snprintf(name, sizeof(name), "%s through the controller's node", way_name[way]);
		fill(data, 4096, 77 + way);
		memset(back, 0, 4096);
		expect(transfer(ctrl, way, WRITE, 3000, data, 4096, NULL, 0), wanted, name);
		expect(transfer(ctrl, way, READ, 3000, back, 4096, NULL, 0), wanted, name);
		if (!wanted)
			verdict(!memcmp(data, back, 4096), "  data", "other data came back", 0);
	}
	expect(transfer(ctrl, SUBMIT_IO, READ, 3000, back, 4096, NULL, 0), -ENOTTY,
	       "SUBMIT_IO through the controller's node");
	cmd = identify(data);
	expect(call(ctrl, NVME_IOCTL_ADMIN_CMD, &cmd), 0, "identify after it");
}

static void test_control(const char *ctrl_path, const char *disk_path)
{
	int ctrl = open_node(ctrl_path, O_RDWR), disk = open_node(disk_path, O_RDWR);
	unsigned char *data = buffer(4096);
	struct nvme_passthru_cmd cmd;

	expect(call(ctrl, NVME_IOCTL_RESCAN, NULL), 0, "rescan");
	expect(call(ctrl, NVME_IOCTL_RESET, NULL), 0, "reset");
	cmd = identify(data);
	expect(call(ctrl, NVME_IOCTL_ADMIN_CMD, &cmd), 0, "identify after the reset, through the node opened before");
	cmd = read_blocks(data, 4096, 8);
	expect(call(disk, NVME_IOCTL_IO_CMD, &cmd), 0, "read after the reset, through the node opened before");
	/* CAP.NSSRS says whether there is one; QEMU's device has none. */
	expect(call(ctrl, NVME_IOCTL_SUBSYS_RESET, NULL), -ENOTTY, "subsystem reset of a device without");
	cmd = read_blocks(data, 4096, 8);
	expect(call(disk, NVME_IOCTL_IO_CMD, &cmd), 0, "read after that");
}

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc == 5 && !strcmp(argv[1], "bad"))
		test_bad(argv[2], argv[3], strtoul(argv[4], NULL, 0));
	else if (argc == 4 && !strcmp(argv[1], "unprivileged"))
		test_unprivileged(argv[2], argv[3]);
	else if (argc == 4 && !strcmp(argv[1], "roundtrip"))
		test_roundtrip(argv[2], strtoul(argv[3], NULL, 0));
	else if (argc == 3 && !strcmp(argv[1], "meta"))
		test_meta(argv[2]);
	else if (argc == 3 && !strcmp(argv[1], "effects"))
		test_effects(argv[2]);
	else if (argc == 4 && !strcmp(argv[1], "io"))
		test_io(argv[2], -atoi(argv[3]));
	else if (argc == 4 && !strcmp(argv[1], "control"))
		test_control(argv[2], argv[3]);
	else
		return 2;
	return failed;
}
