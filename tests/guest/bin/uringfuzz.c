// SPDX-License-Identifier: GPL-2.0
/*
 * Commands of users at random, by io_uring and by ioctl, most of them nearly right.
 *
 *   uringfuzz CTRL NODE DISK SEED SECONDS ro|rw
 *
 * Each must end, and with an error that is one of those that are documented. What it does to the disk is not looked
 * at here: opened for reading only it must do nothing, if its user has no rights. Says what it did; the exit status
 * is 0 when that held.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <linux/nvme_ioctl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define ENTRIES 32
#define ROOM (2 << 20)

static unsigned long long state;
static unsigned char *room;
static struct iovec pieces[64];
static unsigned long sent, good, refused, failed, bad;

static unsigned int rnd(unsigned int below)
{
	state = state * 6364136223846793005ull + 1442695040888963407ull;
	return (unsigned int)(state >> 33) % below;
}

#define ONE_OF(list) ((list)[rnd(sizeof(list) / sizeof(*(list)))])

static void *map(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED) {
		perror("mmap");
		exit(2);
	}
	return p;
}

/* Of the memory at the end of the room a part is not mapped, and a part only to be read. */
static void prepare(void)
{
	room = map(ROOM);
	memset(room, 0x5a, ROOM);
	munmap(room + ROOM - 8192, 4096);
	mprotect(room + ROOM - 4096, 4096, PROT_READ);
}

static unsigned long long an_address(void)
{
	static const unsigned long long odd[] = { 0, 16, 0xffff888000000000ull, ~0ull - 15, 0x7ffffffff000ull };

	if (!rnd(24))
		return ONE_OF(odd);
	return (uintptr_t)room + (rnd(8) ? rnd(256) * 4096 : ROOM - 16384) +
	       (rnd(3) ? 0 : rnd(8) ? rnd(1024) * 4 : rnd(4096));
}

static unsigned int a_length(unsigned int blocks)
{
	static const unsigned int odd[] = { 0, 1, 4, 511, 4095, 4096, 4097, 1 << 20, 16 << 20, 0xfffffffc, 0xffffffff };

	return rnd(6) ? blocks * 512 : ONE_OF(odd);
}

static void as_vector(struct nvme_uring_cmd *cmd)
{
	unsigned int n = 1 + rnd(rnd(8) ? 4 : 64), i, part = cmd->data_len / n & ~3u;

	for (i = 0; i < n; i++) {
		pieces[i].iov_base = (void *)(uintptr_t)an_address();
		pieces[i].iov_len = i + 1 < n ? part : cmd->data_len - part * (n - 1);
	}
	cmd->addr = rnd(32) ? (uintptr_t)pieces : an_address();
	cmd->data_len = rnd(32) ? n : rnd(3000);
}

static struct nvme_uring_cmd a_command(bool admin, bool vec)
{
	static const unsigned char io[] = { 0, 1, 2, 2, 2, 2, 4, 5, 8, 9, 12, 0x0e, 0x12, 0x19, 0x7d, 0x90 };
	/* None that takes something from under the driver: who may do that can do so in any number of ways. */
	static const unsigned char adm[] = { 6, 6, 6, 2, 2, 0x0a, 0x1a, 0x3f, 0x7f, 0xc2 };
	static const unsigned int nsids[] = { 1, 1, 1, 1, 1, 1, 1, 0, 2, 0xffffffff };
	unsigned int blocks = 1 + rnd(rnd(4) ? 16 : 1024);
	struct nvme_uring_cmd cmd = {
		.opcode = admin ? ONE_OF(adm) : ONE_OF(io), .flags = rnd(32) ? 0 : rnd(256), .nsid = ONE_OF(nsids),
		.addr = an_address(), .data_len = admin ? rnd(6) ? 4096 : a_length(blocks) : a_length(blocks),
		.cdw10 = admin ? rnd(12) : rnd(65536), .cdw11 = rnd(32) ? 0 : rnd(1 << 30),
		.cdw12 = admin ? 0 : (rnd(8) ? blocks - 1 : rnd(65536)) | (rnd(16) ? 0 : rnd(65536) << 16),
		.cdw13 = rnd(16) ? 0 : rnd(1 << 30), .cdw14 = rnd(16) ? 0 : rnd(1 << 30),
	};

	if (admin && cmd.opcode == 2)
		cmd.cdw10 = (rnd(8) ? 1023 : rnd(65536)) << 16 | rnd(8);
	if (!rnd(8)) {
		cmd.metadata = an_address();
		cmd.metadata_len = rnd(4) ? rnd(64) * 8 : rnd(1 << 30);
	}
	if (vec)
		as_vector(&cmd);
	return cmd;
}

static void judge(int res)
{
	static const int known[] = { EACCES, EFAULT, EINVAL, ENOTTY, EOPNOTSUPP, EAGAIN, ENOMEM, EBUSY };

	if (!res)
		good++;
	else if (res > 0)
		failed++;
	else
		refused++;
	if (res >= 0)
		return;
	for (unsigned int i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (res == -known[i])
			return;
	bad++;
	printf("an outcome that is not documented: %d (%s)\n", res, strerror(-res));
}

/* ---- by io_uring ---- */

static void by_uring(int ctrl, int node)
{
	static const unsigned int kinds[] = { 0, 0, 0, IORING_SETUP_IOPOLL, IORING_SETUP_SQE128, IORING_SETUP_CQE32 };
	unsigned int kind = ONE_OF(kinds), flags, n = 1 + rnd(ENTRIES), i, done;
	bool all = kind == 0 || kind == IORING_SETUP_IOPOLL;
	struct io_uring_params p = {};
	unsigned char *sq, *cq, *sqes;
	struct iovec whole = { room, ROOM - 8192 };
	int fd;

	flags = all ? kind | IORING_SETUP_SQE128 | IORING_SETUP_CQE32 : kind;
	p.flags = flags;
	fd = syscall(__NR_io_uring_setup, ENTRIES, &p);
	if (fd < 0)
		return;
	sq = mmap(NULL, p.sq_off.array + p.sq_entries * 4, PROT_READ | PROT_WRITE, MAP_SHARED, fd, IORING_OFF_SQ_RING);
	cq = mmap(NULL, p.cq_off.cqes + p.cq_entries * (flags & IORING_SETUP_CQE32 ? 32 : 16), PROT_READ | PROT_WRITE,
		  MAP_SHARED, fd, IORING_OFF_CQ_RING);
	sqes = mmap(NULL, p.sq_entries * (flags & IORING_SETUP_SQE128 ? 128 : 64), PROT_READ | PROT_WRITE, MAP_SHARED,
		    fd, IORING_OFF_SQES);
	if (!rnd(3))
		syscall(__NR_io_uring_register, fd, IORING_REGISTER_BUFFERS, &whole, 1);
	for (i = 0; i < n; i++) {
		bool large = flags & IORING_SETUP_SQE128, admin = !rnd(4), vec = !rnd(4);
		struct io_uring_sqe *sqe = (void *)(sqes + i * (large ? 128 : 64));
		struct nvme_uring_cmd cmd = a_command(admin, vec);

		memset(sqe, 0, large ? 128 : 64);
		sqe->opcode = IORING_OP_URING_CMD;
		sqe->fd = admin != !rnd(32) ? ctrl : node;
		sqe->flags = rnd(8) ? 0 : IOSQE_ASYNC;
		sqe->cmd_op = rnd(32) ? _IOWR('N', 0x80 + 2 * admin + vec, struct nvme_uring_cmd) : rnd(1 << 30);
		sqe->uring_cmd_flags = rnd(4) ? 0 : IORING_URING_CMD_FIXED;
		memcpy((char *)sqe + 48, &cmd, large ? sizeof(cmd) : 16);
		((unsigned int *)(sq + p.sq_off.array))[i] = i;
	}
	__atomic_store_n((unsigned int *)(sq + p.sq_off.tail), n, __ATOMIC_RELEASE);
	if (!rnd(12)) {		/* goes away while they are under way */
		syscall(__NR_io_uring_enter, fd, n, 0, 0, NULL, 0);
		sent += n;
		goto out;
	}
	for (done = 0; done < n;) {
		unsigned int *head = (void *)(cq + p.cq_off.head), *tail = (void *)(cq + p.cq_off.tail), at = *head;
		int rc;

		if (at != __atomic_load_n(tail, __ATOMIC_ACQUIRE)) {
			judge(((struct io_uring_cqe *)(cq + p.cq_off.cqes +
				(at & *(unsigned int *)(cq + p.cq_off.ring_mask)) *
				(flags & IORING_SETUP_CQE32 ? 32 : 16)))->res);
			__atomic_store_n(head, at + 1, __ATOMIC_RELEASE);
			done++;
			continue;
		}
		rc = syscall(__NR_io_uring_enter, fd, n - *(unsigned int *)(sq + p.sq_off.head), 1,
			     IORING_ENTER_GETEVENTS, NULL, 0);
		if (rc < 0 && errno != EINTR && errno != EAGAIN)
			break;
	}
	sent += done;
out:
	munmap(sqes, p.sq_entries * (flags & IORING_SETUP_SQE128 ? 128 : 64));
	munmap(cq, p.cq_off.cqes + p.cq_entries * (flags & IORING_SETUP_CQE32 ? 32 : 16));
	munmap(sq, p.sq_off.array + p.sq_entries * 4);
	close(fd);
}

/* ---- by ioctl ---- */

static void by_ioctl(int ctrl, int node, int disk)
{
	static const unsigned long kinds[] = {
		NVME_IOCTL_IO_CMD, NVME_IOCTL_IO64_CMD, NVME_IOCTL_IO64_CMD_VEC, NVME_IOCTL_ADMIN_CMD,
		NVME_IOCTL_ADMIN64_CMD, NVME_IOCTL_SUBMIT_IO,
	};
	unsigned long kind = ONE_OF(kinds);
	struct nvme_uring_cmd cmd = a_command(kind == NVME_IOCTL_ADMIN_CMD || kind == NVME_IOCTL_ADMIN64_CMD,
					      kind == NVME_IOCTL_IO64_CMD_VEC);
	struct nvme_passthru_cmd64 wide = {};
	struct nvme_user_io io = {
		.opcode = cmd.opcode, .flags = cmd.flags, .control = cmd.cdw12 >> 16, .nblocks = cmd.cdw12,
		.metadata = cmd.metadata, .addr = cmd.addr, .slba = cmd.cdw10, .dsmgmt = cmd.cdw13,
	};
	const int fds[] = { ctrl, node, disk };
	int rc;

	memcpy(&wide, &cmd, sizeof(cmd));	/* the same members in the same places, result aside */
	wide.rsvd2 = 0;
	rc = ioctl(ONE_OF(fds), kind, kind == NVME_IOCTL_SUBMIT_IO ? (void *)&io : (void *)&wide);
	sent++;
	judge(rc < 0 ? -errno : rc);
}

int main(int argc, char **argv)
{
	int flags, ctrl, node, disk;
	time_t end;

	if (argc != 7)
		return 2;
	flags = strcmp(argv[6], "ro") ? O_RDWR : O_RDONLY;
	ctrl = open(argv[1], flags);
	node = open(argv[2], flags);
	disk = open(argv[3], flags);
	if (ctrl < 0 || node < 0 || disk < 0) {
		perror("open");
		return 2;
	}
	state = strtoull(argv[4], NULL, 0) * 2654435761ull + 1;
	prepare();
	end = time(NULL) + strtol(argv[5], NULL, 0);
	while (time(NULL) < end && bad < 10) {
		if (rnd(3))
			by_uring(ctrl, node);
		else
			by_ioctl(ctrl, node, disk);
	}
	printf("%lu sent: %lu good, %lu with a status, %lu refused\n", sent, good, failed, refused);
	return bad || !good || !refused;
}
