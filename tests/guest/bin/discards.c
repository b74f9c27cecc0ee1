// SPDX-License-Identifier: GPL-2.0
/*
 * Hand the block layer many discards at once, by io_uring, so that it may make one request of them.
 *
 *   discards DISK START LENGTH STRIDE COUNT     in bytes
 *
 * Exit status: 0 all done; 1 one failed; 4 this kernel has no such command (Linux 6.12 is the first).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define URING_CMD	46		/* IORING_OP_URING_CMD */
#define DISCARD		_IO(0x12, 0)	/* BLOCK_URING_CMD_DISCARD */
#define SQE_SIZE	64

static void put64(unsigned char *sqe, size_t at, __u64 value)
{
	memcpy(sqe + at, &value, sizeof(value));
}

static void put32(unsigned char *sqe, size_t at, __u32 value)
{
	memcpy(sqe + at, &value, sizeof(value));
}

static void *ring_map(int ring, size_t size, off_t what)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring, what);

	if (p == MAP_FAILED) {
		perror("mmap of a ring");
		exit(1);
	}
	return p;
}

int main(int argc, char **argv)
{
	struct io_uring_params p = {};
	unsigned long long start, length, stride;
	unsigned int count, i, done = 0, head;
	unsigned char *sq, *cq, *sqes;
	struct io_uring_cqe *cqes;
	int fd, ring;

	if (argc != 6)
		return 2;
	fd = open(argv[1], O_RDWR | O_DIRECT);
	start = strtoull(argv[2], NULL, 0);
	length = strtoull(argv[3], NULL, 0);
	stride = strtoull(argv[4], NULL, 0);
	count = strtoul(argv[5], NULL, 0);
	ring = syscall(SYS_io_uring_setup, count, &p);
	if (fd < 0 || ring < 0) {
		perror(argv[1]);
		return 1;
	}
	sq = ring_map(ring, p.sq_off.array + p.sq_entries * sizeof(__u32), IORING_OFF_SQ_RING);
	cq = ring_map(ring, p.cq_off.cqes + p.cq_entries * sizeof(struct io_uring_cqe), IORING_OFF_CQ_RING);
	sqes = ring_map(ring, p.sq_entries * SQE_SIZE, IORING_OFF_SQES);
	cqes = (struct io_uring_cqe *)(cq + p.cq_off.cqes);
	/* The members by their offsets: the headers of the host may be older than the kernel. */
	for (i = 0; i < count; i++) {
		unsigned char *sqe = sqes + i * SQE_SIZE;

		sqe[0] = URING_CMD;
		put32(sqe, 4, fd);
		put32(sqe, 8, DISCARD);
		put64(sqe, 16, start + i * stride);
		put64(sqe, 48, length);
		((__u32 *)(sq + p.sq_off.array))[i] = i;
	}
	__atomic_store_n((__u32 *)(sq + p.sq_off.tail), count, __ATOMIC_RELEASE);
	if (syscall(SYS_io_uring_enter, ring, count, count, IORING_ENTER_GETEVENTS, NULL, 0) < 0) {
		perror("io_uring_enter");
		return 1;
	}
	head = *(__u32 *)(cq + p.cq_off.head);
	for (; head != __atomic_load_n((__u32 *)(cq + p.cq_off.tail), __ATOMIC_ACQUIRE); head++, done++) {
		int rc = cqes[head & *(__u32 *)(cq + p.cq_off.ring_mask)].res;

		if (rc == -EOPNOTSUPP || rc == -EINVAL)
			return 4;
		if (rc) {
			fprintf(stderr, "discard: %s\n", strerror(-rc));
			return 1;
		}
	}
	printf("%u discards done\n", done);
	return done != count;
}
