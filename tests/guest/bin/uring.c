// SPDX-License-Identifier: GPL-2.0
/*
 * Passthrough by io_uring, used well and badly, and what a user without rights may send by it and by the ioctls. One
 * line a case: "ok NAME" or "not ok NAME # why"; the guest test turns them into KTAP.
 *
 *   uring flags CTRL NODE BYTES      each command and flag of io_uring; BYTES: the most a command may move
 *   uring poll NODE                  rings that poll
 *   uring meta NODE                  metadata of eight bytes a block
 *   uring leave NODE                 rings are closed and tasks killed while their commands are under way
 *   uring rights CTRL NODE DISK PART what is allowed as this user, by each node
 *   uring logs CTRL NODE yes|no      logs that a group may read: whether this user is in it
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <linux/nvme_ioctl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "verdict.h"

#define LARGE (IORING_SETUP_SQE128 | IORING_SETUP_CQE32)
#define ENTRIES 64
#define DEPTH 32

enum { FLUSH = 0, WRITE = 1, READ = 2, UNCOR = 4, COMPARE = 5, ZEROES = 8, DSM = 9, VERIFY = 12 };
enum { GET_LOG = 2, IDENTIFY = 6, SET_FEATURES = 9, GET_FEATURES = 10, FORMAT = 0x80 };

static void *buffer(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED) {
		perror("mmap");
		exit(2);
	}
	return p;
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

static void fill(unsigned char *p, size_t n, unsigned int seed)
{
	for (size_t i = 0; i < n; i++) {
		seed = seed * 1103515245 + 12345;
		p[i] = seed >> 16;
	}
}

/* ---- a ring, by system calls ---- */

struct ring {
	int fd;
	unsigned int flags, *sq_tail, *sq_mask, *sq_array, *cq_head, *cq_tail, *cq_mask;
	char *sqes, *cqes;
};

/* 0 or -errno: a kernel may not know a flag */
static int ring_open(struct ring *ring, unsigned int flags)
{
	struct io_uring_params p = { .flags = flags };
	char *sq, *cq;

	ring->flags = flags;
	ring->fd = syscall(__NR_io_uring_setup, ENTRIES, &p);
	if (ring->fd < 0)
		return -errno;
	sq = mmap(NULL, p.sq_off.array + p.sq_entries * 4, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring->fd,
		  IORING_OFF_SQ_RING);
	cq = mmap(NULL, p.cq_off.cqes + p.cq_entries * (flags & IORING_SETUP_CQE32 ? 32 : 16), PROT_READ | PROT_WRITE,
		  MAP_SHARED | MAP_POPULATE, ring->fd, IORING_OFF_CQ_RING);
	ring->sqes = mmap(NULL, p.sq_entries * (flags & IORING_SETUP_SQE128 ? 128 : 64), PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_POPULATE, ring->fd, IORING_OFF_SQES);
	if (sq == MAP_FAILED || cq == MAP_FAILED || ring->sqes == MAP_FAILED) {
		perror("mmap of a ring");
		exit(2);
	}
	ring->sq_tail = (void *)(sq + p.sq_off.tail);
	ring->sq_mask = (void *)(sq + p.sq_off.ring_mask);
	ring->sq_array = (void *)(sq + p.sq_off.array);
	ring->cq_head = (void *)(cq + p.cq_off.head);
	ring->cq_tail = (void *)(cq + p.cq_off.tail);
	ring->cq_mask = (void *)(cq + p.cq_off.ring_mask);
	ring->cqes = cq + p.cq_off.cqes;
	return 0;
}

static void ring_must_open(struct ring *ring, unsigned int flags)
{
	int err = ring_open(ring, flags);

	if (err) {
		printf("not ok io_uring_setup with flags 0x%x # %s\n", flags, strerror(-err));
		exit(1);
	}
}

/* Enter a command into the submission ring. @uflags: IORING_URING_CMD_*, @sqe_flags: IOSQE_* */
static void ring_put(struct ring *ring, int fd, unsigned int op, const struct nvme_uring_cmd *cmd, unsigned int uflags,
		     unsigned int sqe_flags)
{
	unsigned int tail = *ring->sq_tail, at = tail & *ring->sq_mask;
	bool large = ring->flags & IORING_SETUP_SQE128;
	struct io_uring_sqe *sqe = (void *)(ring->sqes + at * (large ? 128 : 64));

	memset(sqe, 0, large ? 128 : 64);
	sqe->opcode = IORING_OP_URING_CMD;
	sqe->fd = fd;
	sqe->flags = sqe_flags;
	sqe->cmd_op = op;
	sqe->user_data = tail;
	sqe->uring_cmd_flags = uflags;
	memcpy((char *)sqe + 48, cmd, large ? sizeof(*cmd) : 16);
	ring->sq_array[at] = at;
	__atomic_store_n(ring->sq_tail, tail + 1, __ATOMIC_RELEASE);
}

static int ring_enter(struct ring *ring, unsigned int submit, unsigned int wait)
{
	int rc = syscall(__NR_io_uring_enter, ring->fd, submit, wait, IORING_ENTER_GETEVENTS, NULL, 0);

	return rc < 0 ? -errno : rc;
}

static bool ring_take(struct ring *ring, int *res, unsigned long long *result)
{
	unsigned int head = *ring->cq_head;
	bool large = ring->flags & IORING_SETUP_CQE32;
	struct io_uring_cqe *cqe = (void *)(ring->cqes + (head & *ring->cq_mask) * (large ? 32 : 16));

	if (head == __atomic_load_n(ring->cq_tail, __ATOMIC_ACQUIRE))
		return false;
	*res = cqe->res;
	if (result && large)
		memcpy(result, (char *)cqe + 16, 8);
	__atomic_store_n(ring->cq_head, head + 1, __ATOMIC_RELEASE);
	return true;
}

/* One command from beginning to end: what the completion says, or -errno of the system call */
static int run(struct ring *ring, int fd, unsigned int op, const struct nvme_uring_cmd *cmd, unsigned int uflags,
	       unsigned int sqe_flags, unsigned long long *result)
{
	int rc, res;

	ring_put(ring, fd, op, cmd, uflags, sqe_flags);
	rc = ring_enter(ring, 1, 1);
	if (rc != 1)
		return rc < 0 ? rc : -ECANCELED;
	while (!ring_take(ring, &res, result)) {
		rc = ring_enter(ring, 0, 1);
		if (rc < 0 && rc != -EINTR)
			return rc;
	}
	return res;
}

static struct nvme_uring_cmd blocks_of(int opcode, uint64_t lba, void *data, unsigned int bytes)
{
	return (struct nvme_uring_cmd){
		.opcode = opcode, .nsid = 1, .addr = (uintptr_t)data, .data_len = bytes,
		.cdw10 = lba, .cdw11 = lba >> 32, .cdw12 = bytes / 512 - 1,
	};
}

static struct nvme_uring_cmd identify_of(void *data, unsigned int bytes, unsigned int cns)
{
	return (struct nvme_uring_cmd){
		.opcode = IDENTIFY, .nsid = cns == 1 ? 0 : 1, .addr = (uintptr_t)data, .data_len = bytes, .cdw10 = cns
	};
}

/* ---- flags ---- */

/* Data there and back, and nothing beside them */
static void there_and_back(struct ring *ring, int fd, unsigned int bytes, unsigned int offset, bool vec, int sqe_flags)
{
	unsigned int room = bytes + 3 * 4096, step = bytes / 4 & ~511u, i, n = 0;
	unsigned char *out = buffer(room), *in = buffer(room), *from = out + 4096 + offset, *to = in + 4096 + offset;
	struct nvme_uring_cmd write = blocks_of(WRITE, 64, from, bytes), read = blocks_of(READ, 64, to, bytes);
	struct iovec out_vec[8], in_vec[8];
	char name[96];
	int rc;

	fill(from, bytes, bytes + offset);
	memset(in, 0xa5, room);
	/* Pieces that do not fit into each other's pages: a bounce buffer, or an SGL */
	for (i = 0; vec && i < bytes; i += step, n++) {
		if (!step || n == 3)
			step = bytes - i;
		out_vec[n] = (struct iovec){ from + i, step };
		in_vec[n] = (struct iovec){ to + i, step };
	}
	if (vec) {
		write.addr = (uintptr_t)out_vec;
		read.addr = (uintptr_t)in_vec;
		write.data_len = n;
		read.data_len = n;
	}
	snprintf(name, sizeof(name), "%s of %u bytes at offset %u%s", vec ? "IO_VEC" : "IO", bytes, offset,
		 sqe_flags ? ", in a thread" : "");
	rc = run(ring, fd, vec ? NVME_URING_CMD_IO_VEC : NVME_URING_CMD_IO, &write, 0, sqe_flags, NULL);
	if (!rc)
		rc = run(ring, fd, vec ? NVME_URING_CMD_IO_VEC : NVME_URING_CMD_IO, &read, 0, sqe_flags, NULL);
	if (rc)
		verdict(false, name, "wanted 0", rc);
	else if (memcmp(from, to, bytes))
		verdict(false, name, "other data came back", 0);
	else
		verdict(to[-1] == 0xa5 && to[bytes] == 0xa5, name, "memory beside the buffer was written", 0);
	munmap(out, room);
	munmap(in, room);
}

static void registered(struct ring *ring, int ctrl, int fd, unsigned int most)
{
	unsigned char *data = buffer(most + 4096), *other = buffer(4096);
	struct iovec iov = { data, most + 4096 };
	struct nvme_uring_cmd cmd;

	if (syscall(__NR_io_uring_register, ring->fd, IORING_REGISTER_BUFFERS, &iov, 1)) {
		printf("not ok register a buffer # %s\n", strerror(errno));
		exit(1);
	}
	fill(data, most, 5);
	cmd = blocks_of(WRITE, 128, data, most);
	expect(run(ring, fd, NVME_URING_CMD_IO, &cmd, IORING_URING_CMD_FIXED, 0, NULL), 0, "fixed write of the most");
	memset(data, 0, most);
	cmd = blocks_of(READ, 128, data, most);
	expect(run(ring, fd, NVME_URING_CMD_IO, &cmd, IORING_URING_CMD_FIXED, 0, NULL), 0, "fixed read of the most");
	fill(other, 4096, 5);
	verdict(!memcmp(data, other, 4096), "fixed: the data", "other data came back", 0);
	cmd = blocks_of(READ, 128, data + 512, 4096);
	expect(run(ring, fd, NVME_URING_CMD_IO, &cmd, IORING_URING_CMD_FIXED, 0, NULL), 0, "fixed, from its middle");
	verdict(!memcmp(data + 512, other, 4096), "fixed, from its middle: the data", "other data came back", 0);
	cmd = identify_of(data, 4096, 1);
	expect(run(ring, ctrl, NVME_URING_CMD_ADMIN, &cmd, IORING_URING_CMD_FIXED, 0, NULL), 0, "fixed identify");
	cmd = blocks_of(READ, 128, other, 4096);
	expect(run(ring, fd, NVME_URING_CMD_IO, &cmd, IORING_URING_CMD_FIXED, 0, NULL), -EFAULT, "not that buffer");
	cmd = blocks_of(READ, 128, data + most + 2048, 4096);
	expect(run(ring, fd, NVME_URING_CMD_IO, &cmd, IORING_URING_CMD_FIXED, 0, NULL), -EFAULT, "fixed, past its end");
	cmd = blocks_of(READ, 128, data, 512);
	cmd.cdw12 = 7;
	expect(run(ring, fd, NVME_URING_CMD_IO, &cmd, IORING_URING_CMD_FIXED, 0, NULL), -EINVAL, "fixed, too short");
	cmd = blocks_of(READ, 128, data + 2, 512);
	expect(run(ring, fd, NVME_URING_CMD_IO, &cmd, IORING_URING_CMD_FIXED, 0, NULL), -EINVAL, "fixed, not aligned");
	syscall(__NR_io_uring_register, ring->fd, IORING_UNREGISTER_BUFFERS, NULL, 0);
	expect(run(ring, fd, NVME_URING_CMD_IO, &cmd, IORING_URING_CMD_FIXED, 0, NULL), -EFAULT, "no buffer any more");
}

/* What is refused, and how, the same by IO and IO_VEC as far as there is a length to be wrong */
static void refused(struct ring *ring, int ctrl, int fd, unsigned int most)
{
	unsigned char *data = buffer(16 << 20);
	static const unsigned int nsids[] = { 0, 2, 0x1234, 0xfffffffe, 0xffffffff };
	const struct { unsigned int len; unsigned int blocks; int wanted; const char *name; } lengths[] = {
		{ 0, 1, -EINVAL, "read into nothing" },
		{ 512, 2, -EINVAL, "read of two blocks into one" },
		{ 511, 1, -EINVAL, "read into 511 bytes" },
		{ most + 512, most / 512 + 1, -EINVAL, "read of a block over MDTS" },
		{ 8 << 20, 16384, -EINVAL, "read of 8 MiB" },
		{ 0xfffffffc, 65536, -EINVAL, "read of almost 4 GiB" },
		{ 0xffffffff, 65536, -EINVAL, "read of 4 GiB less one" },
		{ 1024, 1, 0, "read into more than it needs" },
	};
	struct nvme_uring_cmd cmd;
	struct iovec vec[3];
	char name[80];
	unsigned int i;

	for (i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
		cmd = blocks_of(READ, 0, data, 512);
		cmd.data_len = lengths[i].len;
		cmd.cdw12 = lengths[i].blocks - 1;
		expect(run(ring, fd, NVME_URING_CMD_IO, &cmd, 0, 0, NULL), lengths[i].wanted, lengths[i].name);
		vec[0] = (struct iovec){ data, lengths[i].len };
		cmd.addr = (uintptr_t)vec;
		cmd.data_len = 1;
		snprintf(name, sizeof(name), "%s, as a vector", lengths[i].name);
		expect(run(ring, fd, NVME_URING_CMD_IO_VEC, &cmd, 0, 0, NULL), lengths[i].wanted, name);
	}
	for (i = 0; i < sizeof(nsids) / sizeof(*nsids); i++) {
		cmd = blocks_of(READ, 0, data, 512);
		cmd.nsid = nsids[i];
		snprintf(name, sizeof(name), "read of namespace 0x%x", nsids[i]);
		expect(run(ring, fd, NVME_URING_CMD_IO, &cmd, 0, 0, NULL), -EINVAL, name);
	}
	cmd = blocks_of(READ, 0, data + 2, 512);
	expect(run(ring, fd, NVME_URING_CMD_IO, &cmd, 0, 0, NULL), -EINVAL, "not aligned");
	vec[0] = (struct iovec){ data, 512 };
	vec[1] = (struct iovec){ data + 513, 512 };
	cmd = blocks_of(READ, 0, vec, 1024);
	cmd.data_len = 2;
	expect(run(ring, fd, NVME_URING_CMD_IO_VEC, &cmd, 0, 0, NULL), -EINVAL, "one piece not aligned");
	cmd.data_len = 1025;
	expect(run(ring, fd, NVME_URING_CMD_IO_VEC, &cmd, 0, 0, NULL), -EINVAL, "more pieces than there may be");
	cmd.data_len = 2;
	cmd.addr = 16;
	expect(run(ring, fd, NVME_URING_CMD_IO_VEC, &cmd, 0, 0, NULL), -EFAULT, "a vector at a bad address");
	cmd = blocks_of(READ, 0, (void *)16, 512);
	expect(run(ring, fd, NVME_URING_CMD_IO, &cmd, 0, 0, NULL), -EFAULT, "data at a bad address");
	munmap(data + 4096, 4096);
	cmd = blocks_of(READ, 0, data + 2048, 4096);
	expect(run(ring, fd, NVME_URING_CMD_IO, &cmd, 0, 0, NULL), -EFAULT, "data across the end of the mapping");
	vec[0] = (struct iovec){ data, 1024 };
	vec[1] = (struct iovec){ data + 4096, 1024 };
	cmd = blocks_of(READ, 0, vec, 2048);
	cmd.data_len = 2;
	expect(run(ring, fd, NVME_URING_CMD_IO_VEC, &cmd, 0, 0, NULL), -EFAULT, "one piece not mapped");
	cmd = blocks_of(READ, 0, data, 512);
	cmd.flags = 1;
	expect(run(ring, fd, NVME_URING_CMD_IO, &cmd, 0, 0, NULL), -EINVAL, "a fused command");
	cmd.flags = 0x40;
	expect(run(ring, fd, NVME_URING_CMD_IO, &cmd, 0, 0, NULL), -EINVAL, "an SGL of the user's");
	cmd.flags = 0;
	expect(run(ring, fd, NVME_URING_CMD_ADMIN, &cmd, 0, 0, NULL), -ENOTTY, "ADMIN through the generic node");
	expect(run(ring, ctrl, NVME_URING_CMD_IO, &cmd, 0, 0, NULL), -ENOTTY, "IO through the controller's node");
	expect(run(ring, fd, _IOWR('N', 0x84, struct nvme_uring_cmd), &cmd, 0, 0, NULL), -ENOTTY, "an unknown command");
	cmd.cdw10 = 0xffffffff;
	cmd.cdw11 = 0xffff;
	i = run(ring, fd, NVME_URING_CMD_IO, &cmd, 0, 0, NULL);
	verdict((i & 0x7ff) == 0x80, "beyond the end: status LBA Out of Range", "wanted 0x80", (int)i);
}

static void small_entries(int fd, unsigned int flags, const char *name)
{
	struct nvme_uring_cmd cmd = blocks_of(FLUSH, 0, NULL, 512);
	struct ring ring;

	ring_must_open(&ring, flags);
	expect(run(&ring, fd, NVME_URING_CMD_IO, &cmd, 0, 0, NULL), -EOPNOTSUPP, name);
	close(ring.fd);
}

/* So many at once, in either order of submission and completion */
static void many(struct ring *ring, int fd, const char *name)
{
	unsigned char *data = buffer(DEPTH * 4096), *first = buffer(4096);
	struct nvme_uring_cmd cmd;
	unsigned int i, done = 0, round, bad = 0;
	int res;

	for (round = 0; round < 8; round++) {
		for (i = 0; i < DEPTH; i++) {
			memset(data + i * 4096, (int)(round * 16 + i), 4096);
			cmd = blocks_of(WRITE, 4096 + 8 * i, data + i * 4096, 4096);
			ring_put(ring, fd, NVME_URING_CMD_IO, &cmd, 0, 0);
		}
		if (ring_enter(ring, DEPTH, DEPTH) != DEPTH)
			break;
		for (done = 0; done < DEPTH;)
			if (ring_take(ring, &res, NULL)) {
				bad += !!res;
				done++;
			} else if (ring_enter(ring, 0, 1) < 0) {
				break;
			}
	}
	cmd = blocks_of(READ, 4096 + 8 * 7, first, 4096);
	res = run(ring, fd, NVME_URING_CMD_IO, &cmd, 0, 0, NULL);
	verdict(!res && done == DEPTH && !bad && first[0] == 7 * 16 + 7 && first[4095] == 7 * 16 + 7, name,
		"not all of them ended well", res ? res : (int)bad);
}

/* Pages that are not there have to be made or read while the command is. */
static void cold_memory(struct ring *ring, int fd)
{
	unsigned char *from = buffer(65536), *to = buffer(65536);
	struct nvme_uring_cmd cmd = blocks_of(WRITE, 256, from, 65536);

	fill(from, 65536, 77);
	expect(run(ring, fd, NVME_URING_CMD_IO, &cmd, 0, 0, NULL), 0, "write what will be read into untouched memory");
	memset(to, 0xa5, 65536);
	madvise(to, 65536, MADV_DONTNEED);
	cmd = blocks_of(READ, 256, to, 65536);
	expect(run(ring, fd, NVME_URING_CMD_IO, &cmd, 0, 0, NULL), 0, "into untouched memory");
	verdict(!memcmp(from, to, 65536), "into untouched memory: the data", "other data came back", 0);
}

static void test_flags(const char *ctrl_path, const char *path, unsigned int most)
{
	static const unsigned int offsets[] = { 0, 512, 4092 };
	int ctrl = open_node(ctrl_path, O_RDWR), fd = open_node(path, O_RDWR);
	unsigned char *data = buffer(8192);
	struct iovec vec[2] = { { data, 4096 }, { data + 4096, 0 } };
	struct nvme_uring_cmd cmd;
	unsigned long long result = ~0ull;
	struct ring ring;
	unsigned int i;

	ring_must_open(&ring, LARGE);
	for (i = 0; i < 3; i++) {
		there_and_back(&ring, fd, 512, offsets[i], false, 0);
		there_and_back(&ring, fd, 65536, offsets[i], false, 0);
		there_and_back(&ring, fd, 65536, offsets[i], true, 0);
	}
	there_and_back(&ring, fd, most, 0, false, 0);
	there_and_back(&ring, fd, most, 4, false, 0);
	there_and_back(&ring, fd, most, 512, true, 0);
	there_and_back(&ring, fd, 4096, 0, false, IOSQE_ASYNC);
	there_and_back(&ring, fd, 4096, 512, true, IOSQE_ASYNC);
	many(&ring, fd, "many at once");
	cold_memory(&ring, fd);
	cmd = identify_of(data, 4096, 1);
	expect(run(&ring, ctrl, NVME_URING_CMD_ADMIN, &cmd, 0, 0, NULL), 0, "ADMIN: identify");
	verdict(data[77] == 7, "ADMIN: MDTS of QEMU's device", "wanted 7", data[77]);
	data[77] = 0;
	cmd.addr = (uintptr_t)vec;
	cmd.data_len = 2;
	expect(run(&ring, ctrl, NVME_URING_CMD_ADMIN_VEC, &cmd, 0, 0, NULL), 0, "ADMIN_VEC: identify");
	verdict(data[77] == 7, "ADMIN_VEC: the data", "wanted 7", data[77]);
	cmd = (struct nvme_uring_cmd){ .opcode = GET_FEATURES, .cdw10 = 7 };
	expect(run(&ring, ctrl, NVME_URING_CMD_ADMIN, &cmd, 0, 0, &result), 0, "ADMIN: get-features");
	verdict(result && result != ~0ull, "its result is in the large completion", "wanted a number", (long)result);
	cmd = identify_of(data, 2048, 1);
	expect(run(&ring, ctrl, NVME_URING_CMD_ADMIN, &cmd, 0, 0, NULL), -EINVAL, "identify into 2048 bytes");
	cmd = (struct nvme_uring_cmd){ .opcode = SET_FEATURES, .cdw10 = 7, .cdw11 = 0x10001 };
	expect(run(&ring, ctrl, NVME_URING_CMD_ADMIN, &cmd, 0, 0, NULL), -EACCES, "Number of Queues is the driver's");
	/* Format waits until nothing else is under way: io_uring sends it from a thread. */
	cmd = (struct nvme_uring_cmd){ .opcode = FORMAT, .nsid = 1 };
	expect(run(&ring, ctrl, NVME_URING_CMD_ADMIN, &cmd, 0, 0, NULL), 0, "ADMIN: format");
	there_and_back(&ring, fd, 4096, 0, false, 0);
	refused(&ring, ctrl, fd, most);
	registered(&ring, ctrl, fd, most);
	small_entries(fd, 0, "a ring with small entries");
	small_entries(fd, IORING_SETUP_SQE128, "a ring with small completions");
	small_entries(fd, IORING_SETUP_CQE32, "a ring with small submissions");
	close(ring.fd);
}

/* ---- polled ---- */

static void poll_ring(int fd, unsigned int flags, const char *how)
{
	unsigned char *data = buffer(8192);
	struct nvme_uring_cmd cmd;
	struct ring ring;
	char name[80];
	int rc;

	rc = ring_open(&ring, LARGE | IORING_SETUP_IOPOLL | flags);
	if (rc == -EINVAL) {
		printf("# %s: not with this kernel\n", how);
		return;
	}
	printf("# %s\n", how);
	there_and_back(&ring, fd, 4096, 0, false, 0);
	there_and_back(&ring, fd, 65536, 512, true, 0);	/* copied */
	there_and_back(&ring, fd, 4096, 4, false, IOSQE_ASYNC);
	snprintf(name, sizeof(name), "%s: many at once", how);
	many(&ring, fd, name);
	cmd = blocks_of(FLUSH, 0, NULL, 512);
	cmd.cdw12 = 0;
	cmd.data_len = 0;
	snprintf(name, sizeof(name), "%s: flush", how);
	expect(run(&ring, fd, NVME_URING_CMD_IO, &cmd, 0, 0, NULL), 0, name);
	cmd = blocks_of(READ, 0, data, 512);
	cmd.cdw11 = 0xffff;
	rc = run(&ring, fd, NVME_URING_CMD_IO, &cmd, 0, 0, NULL);
	snprintf(name, sizeof(name), "%s: an error", how);
	verdict((rc & 0x7ff) == 0x80, name, "wanted 0x80", rc);
	close(ring.fd);
}

static void test_poll(const char *path)
{
	int fd = open_node(path, O_RDWR);

	poll_ring(fd, 0, "polled");
	poll_ring(fd, IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN, "polled, work deferred");
}

/* ---- metadata ---- */

static void test_meta(const char *path)
{
	int fd = open_node(path, O_RDWR);
	unsigned char *data = buffer(65536), *meta = buffer(4096), *back = buffer(65536), *meta_back = buffer(4096);
	unsigned int blocks, flags;
	struct nvme_uring_cmd cmd;
	struct ring ring;
	char name[80];
	int rc;

	for (flags = 0; flags < 2; flags++) {
		ring_must_open(&ring, LARGE | (flags ? IORING_SETUP_IOPOLL : 0));
		for (blocks = 1; blocks <= 128; blocks *= 4) {
			fill(data, blocks * 512, blocks);
			fill(meta, blocks * 8, blocks * 3);
			memset(meta_back, 0xa5, 4096);
			cmd = blocks_of(WRITE, 64, data, blocks * 512);
			cmd.metadata = (uintptr_t)meta;
			cmd.metadata_len = blocks * 8;
			rc = run(&ring, fd, NVME_URING_CMD_IO, &cmd, 0, 0, NULL);
			cmd.opcode = READ;
			cmd.addr = (uintptr_t)back;
			cmd.metadata = (uintptr_t)meta_back;
			if (!rc)
				rc = run(&ring, fd, NVME_URING_CMD_IO, &cmd, 0, 0, NULL);
			snprintf(name, sizeof(name), "%u blocks with metadata%s", blocks, flags ? ", polled" : "");
			expect(rc, 0, name);
			verdict(!memcmp(data, back, blocks * 512), "  data", "other data", 0);
			verdict(!memcmp(meta, meta_back, blocks * 8), "  metadata", "other metadata", 0);
			verdict(meta_back[blocks * 8] == 0xa5, "  memory behind it", "was written", 0);
		}
		cmd.metadata_len = blocks / 4 * 8 - 1;
		expect(run(&ring, fd, NVME_URING_CMD_IO, &cmd, 0, 0, NULL), -EINVAL, "metadata too short");
		cmd.metadata = 0;
		expect(run(&ring, fd, NVME_URING_CMD_IO, &cmd, 0, 0, NULL), -EINVAL, "no metadata");
		cmd.metadata = 16;
		cmd.metadata_len = 4096;
		expect(run(&ring, fd, NVME_URING_CMD_IO, &cmd, 0, 0, NULL), -EFAULT, "metadata at a bad address");
		close(ring.fd);
	}
}

/* ---- rings and tasks that go ---- */

static void leave_one(int fd, unsigned int flags, bool vec)
{
	unsigned char *data = buffer(DEPTH * 65536 + 4096);
	static struct iovec iov[DEPTH][2];
	struct nvme_uring_cmd cmd;
	struct ring ring;
	unsigned int i;

	if (ring_open(&ring, flags))
		return;
	for (i = 0; i < DEPTH; i++) {
		unsigned char *at = data + i * 65536 + 512;

		cmd = blocks_of(READ, 128 * i, at, 65536);
		iov[i][0] = (struct iovec){ at, 512 };
		iov[i][1] = (struct iovec){ at + 512, 65536 - 512 };
		if (vec) {
			cmd.addr = (uintptr_t)iov[i];
			cmd.data_len = 2;
		}
		ring_put(&ring, fd, vec ? NVME_URING_CMD_IO_VEC : NVME_URING_CMD_IO, &cmd, 0, 0);
	}
	syscall(__NR_io_uring_enter, ring.fd, DEPTH, 0, 0, NULL, 0);
	close(ring.fd);
	munmap(data, DEPTH * 65536 + 4096);
}

static bool ends(pid_t pid)
{
	for (unsigned int i = 0; i < 300; i++) {
		if (waitpid(pid, NULL, WNOHANG) == pid)
			return true;
		usleep(100000);
	}
	return false;
}

static void test_leave(const char *path)
{
	static const struct { unsigned int flags; const char *name; } kinds[] = {
		{ LARGE, "a ring" },
		{ LARGE | IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN, "a ring that defers work" },
		{ LARGE | IORING_SETUP_IOPOLL, "a ring that polls" },
		{ LARGE | IORING_SETUP_IOPOLL | IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN,
		  "a ring that polls and defers work" },
	};
	char name[96];
	unsigned int i, kill_it, vec;
	pid_t pid;

	for (i = 0; i < 4; i++)
		for (kill_it = 0; kill_it < 2; kill_it++)
			for (vec = 0; vec < 2; vec++) {
				pid = fork();
				if (!pid) {
					int fd = open_node(path, O_RDWR);

					/* Who is killed goes on and on until then. */
					do
						leave_one(fd, kinds[i].flags, vec);
					while (kill_it);
					_exit(0);
				}
				if (kill_it) {
					usleep(300000);
					kill(pid, SIGKILL);
				}
				snprintf(name, sizeof(name), "%s is %s while commands%s are under way", kinds[i].name,
					 kill_it ? "killed" : "closed", vec ? " whose data are copied" : "");
				verdict(ends(pid), name, "its task did not end", 0);
			}
}

/* ---- rights ---- */

enum way { IOCTL, URING };

static int send_io(enum way way, struct ring *ring, int fd, const struct nvme_uring_cmd *cmd, bool admin)
{
	struct nvme_passthru_cmd old;
	int rc;

	if (way == URING)
		return run(ring, fd, admin ? NVME_URING_CMD_ADMIN : NVME_URING_CMD_IO, cmd, 0, 0, NULL);
	memcpy(&old, cmd, sizeof(old));		/* the same members in the same places */
	rc = ioctl(fd, admin ? NVME_IOCTL_ADMIN_CMD : NVME_IOCTL_IO_CMD, &old);
	return rc < 0 ? -errno : rc;
}

/* What each command may do without rights: through a node open for reading only, and for writing */
static const struct right {
	const char *name;
	bool admin;
	int opcode;
	unsigned int len, cdw10, cdw12;
	bool reader, writer;
} rights[] = {
	{ "flush", false, FLUSH, 0, 0, 0, false, true },	/* QEMU says that it changes blocks */
	{ "read", false, READ, 512, 0, 0, true, true },
	{ "write", false, WRITE, 512, 9000, 0, false, true },
	{ "compare", false, COMPARE, 512, 9000, 0, false, true },
	{ "write zeroes", false, ZEROES, 0, 9000, 0, false, true },
	{ "dataset management", false, DSM, 16, 0, 0, false, true },
	{ "vendor I/O command", false, 0x90, 0, 0, 0, false, false },
	{ "a command that is not there", false, 0x34, 0, 0, 0, false, false },
	{ "identify namespace", true, IDENTIFY, 4096, 0, 0, true, true },
	{ "identify controller", true, IDENTIFY, 4096, 1, 0, true, true },
	{ "list of namespaces", true, IDENTIFY, 4096, 2, 0, false, false },
	{ "health log", true, GET_LOG, 512, 127 << 16 | 2, 0, false, false },
	{ "get-features", true, GET_FEATURES, 0, 7, 0, false, false },
	{ "set-features", true, SET_FEATURES, 0, 2, 0, false, false },
	{ "Number of Queues", true, SET_FEATURES, 0, 7, 0, false, false },
	{ "format", true, FORMAT, 0, 0, 0, false, false },
	{ "vendor command", true, 0xc0, 0, 0, 0, false, false },
};

/* A status of the controller means that it was sent. */
static void one_right(enum way way, struct ring *ring, int fd, const struct right *right, bool allowed,
		      const char *through)
{
	static unsigned char data[8192];
	struct nvme_uring_cmd cmd = {
		.opcode = right->opcode, .nsid = right->admin && right->cdw10 == 1 ? 0 : 1,
		.addr = right->len ? ((uintptr_t)data + 3) & ~3ul : 0, .data_len = right->len,
		.cdw10 = right->cdw10, .cdw12 = right->cdw12,
	};
	int rc = send_io(way, ring, fd, &cmd, right->admin);
	char name[128];

	snprintf(name, sizeof(name), "%s by %s through %s: %s", right->name, way == URING ? "io_uring" : "ioctl",
		 through, allowed ? "sent" : "refused");
	verdict(allowed ? rc >= 0 : rc == -EACCES, name, allowed ? "wanted a status" : "wanted EACCES", rc);
}

static void test_rights(const char *ctrl, const char *generic, const char *disk, const char *part)
{
	bool root = !geteuid();
	struct { const char *path; bool admin, io, part, uring; } nodes[] = {
		{ ctrl, true, false, false, true },
		{ generic, false, true, false, true },
		{ disk, true, true, false, false },
		{ part, true, true, true, false },
	};
	unsigned int i, n, way, writable;
	struct ring ring;
	char through[64];

	ring_must_open(&ring, LARGE);
	for (n = 0; n < 4; n++)
		for (writable = 0; writable < 2; writable++) {
			int fd = open_node(nodes[n].path, writable ? O_RDWR : O_RDONLY);

			snprintf(through, sizeof(through), "%s, read-%s", nodes[n].path, writable ? "write" : "only");
			for (way = IOCTL; way <= (nodes[n].uring ? URING : IOCTL); way++)
				for (i = 0; i < sizeof(rights) / sizeof(*rights); i++) {
					const struct right *r = &rights[i];
					bool owned = r->opcode == SET_FEATURES && r->cdw10 == 7;
					bool allowed = writable ? r->writer : r->reader;

					if (!(r->admin ? nodes[n].admin : nodes[n].io) || (root && r->opcode == FORMAT))
						continue;
					allowed = !(r->admin && owned) && (root || (allowed && !nodes[n].part));
					one_right(way, &ring, fd, r, allowed, through);
				}
			close(fd);
		}
	close(ring.fd);
}

/* ---- logs of health, for a group ---- */

static int get_log(enum way way, struct ring *ring, int fd, unsigned int cdw10, unsigned int cdw14, void *data)
{
	struct nvme_uring_cmd cmd = {
		.opcode = 2, .nsid = ~0u, .addr = (uintptr_t)data, .data_len = 512,
		.cdw10 = 0x7f0000 | cdw10, .cdw14 = cdw14,
	};

	return send_io(way, ring, fd, &cmd, true);
}

/* Each log page, each opcode, and what selects something else than the page */
static void logs_by(enum way way, struct ring *ring, int fd, bool member, const char *how)
{
	unsigned char *data = buffer(4096);
	unsigned int i, wrong = 0;
	char name[96];

	for (i = 0; i < 256; i++) {
		bool may = member && (i == 1 || i == 2 || i == 3 || i == 6);

		wrong += (get_log(way, ring, fd, i, 0, data) != -EACCES) != may;
	}
	snprintf(name, sizeof(name), "%s: log pages, of which %s may be read", how, member ? "four" : "none");
	verdict(!wrong, name, "others may, or fewer", (long)wrong);
	memset(data, 0, 512);
	snprintf(name, sizeof(name), "%s: health", how);
	expect(get_log(way, ring, fd, 2, 0, data), member ? 0 : -EACCES, name);
	verdict(!member == !(data[1] | data[2]), name, "temperature", data[1] | data[2] << 8);
	snprintf(name, sizeof(name), "%s: health with a field of its own, with an index", how);
	expect(get_log(way, ring, fd, 0x102, 0, data), -EACCES, name);
	expect(get_log(way, ring, fd, 2, 1, data), -EACCES, name);
	for (i = 0, wrong = 0; i < 256; i++) {
		struct nvme_uring_cmd cmd = {
			.opcode = i, .nsid = 1, .cdw10 = 2, .addr = (uintptr_t)data, .data_len = 4096,
		};

		if (i != 2)
			wrong += send_io(way, ring, fd, &cmd, true) != -EACCES;
	}
	snprintf(name, sizeof(name), "%s: any other command", how);
	verdict(!wrong, name, "allowed", (long)wrong);
}

static void test_logs(const char *ctrl, const char *generic, bool member)
{
	int fd = open_node(ctrl, O_RDONLY), other = open_node(generic, O_RDONLY);
	struct ring ring;

	ring_must_open(&ring, LARGE);
	logs_by(IOCTL, &ring, fd, member, "ioctl");
	logs_by(URING, &ring, fd, member, "io_uring");
	expect(get_log(IOCTL, &ring, other, 2, 0, buffer(4096)), -EACCES, "health by the node of a namespace");
	close(ring.fd);
}

/* What somebody without rights may do to zones, by how the node is open. The first zone is empty at the end. */
static void test_zones(const char *path, unsigned int nsid, unsigned int block)
{
	static const struct {
		const char *name;
		unsigned int opcode, cdw12, cdw13, len, reader, writer;	/* 0: sent, else the error */
	} zone[] = {
		{ "a report", 0x7a, 1023, 0, 4096, 0, 0 },
		{ "a report of more than the buffer", 0x7a, 1023, 0, 64, EINVAL, EINVAL },
		{ "reset", 0x79, 0, 4, 0, EACCES, 0 },
		{ "append", 0x7d, 0, 0, 1, EACCES, 0 },
		{ "open", 0x79, 0, 3, 0, EACCES, 0 },
		{ "close", 0x79, 0, 1, 0, EACCES, 0 },
		{ "an action that nobody knows", 0x79, 0, 0x7f, 0, EACCES, EACCES },
		{ "reset again", 0x79, 0, 4, 0, EACCES, 0 },
	};
	unsigned char *data = buffer(8192);
	unsigned int i, writable;
	char name[96];

	for (writable = 0; writable < 2; writable++) {
		int fd = open_node(path, writable ? O_RDWR : O_RDONLY);

		for (i = 0; i < sizeof(zone) / sizeof(*zone); i++) {
			struct nvme_uring_cmd cmd = {
				.opcode = zone[i].opcode, .nsid = nsid, .cdw12 = zone[i].cdw12, .cdw13 = zone[i].cdw13,
				.addr = zone[i].len ? (uintptr_t)data : 0,
				.data_len = zone[i].len == 1 ? block : zone[i].len,
			};

			snprintf(name, sizeof(name), "%s through a node open for read%s", zone[i].name,
				 writable ? "ing and writing" : "ing");
			expect(send_io(IOCTL, NULL, fd, &cmd, false),
			       -(int)(writable ? zone[i].writer : zone[i].reader), name);
		}
		close(fd);
	}
}

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc == 5 && !strcmp(argv[1], "flags"))
		test_flags(argv[2], argv[3], strtoul(argv[4], NULL, 0));
	else if (argc == 3 && !strcmp(argv[1], "poll"))
		test_poll(argv[2]);
	else if (argc == 3 && !strcmp(argv[1], "meta"))
		test_meta(argv[2]);
	else if (argc == 3 && !strcmp(argv[1], "leave"))
		test_leave(argv[2]);
	else if (argc == 5 && !strcmp(argv[1], "logs"))
		test_logs(argv[2], argv[3], !strcmp(argv[4], "yes"));
	else if (argc == 5 && !strcmp(argv[1], "zones"))
		test_zones(argv[2], strtoul(argv[3], NULL, 0), strtoul(argv[4], NULL, 0));
	else if (argc == 6 && !strcmp(argv[1], "rights"))
		test_rights(argv[2], argv[3], argv[4], argv[5]);
	else
		return 2;
	return failed;
}
