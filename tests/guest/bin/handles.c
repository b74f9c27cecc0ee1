// SPDX-License-Identifier: GPL-2.0
/*
 * What open handles of a controller answer once the device is gone.
 *
 *   handles CTRL GENERIC DISK   opens all three, says "open", waits up to a minute until CTRL is gone, and tries them
 *
 * One line a case: "ok NAME" or "not ok NAME # why". Exit: 0 all well; 1 not; 2 wrong use or no such node.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/nvme_ioctl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define SLOW_MS 2000

static bool failed;
static struct timespec began;

static void begin(void)
{
	clock_gettime(CLOCK_MONOTONIC, &began);
}

/* @rc: what a system call returned; it must have refused, at once, for one of two reasons. */
static void expect_gone(long rc, const char *name)
{
	int err = errno;
	struct timespec now;
	long ms;

	clock_gettime(CLOCK_MONOTONIC, &now);
	ms = (now.tv_sec - began.tv_sec) * 1000 + (now.tv_nsec - began.tv_nsec) / 1000000;
	if (rc < 0 && (err == ENODEV || err == EIO) && ms < SLOW_MS) {
		printf("ok %s\n", name);
		return;
	}
	failed = true;
	printf("not ok %s # %s after %ld ms, found %ld\n", name, rc < 0 ? strerror(err) : "no error", ms, rc);
}

static int open_node(const char *node, int flags)
{
	int fd = open(node, flags | O_CLOEXEC);

	if (fd < 0) {
		printf("open %s: %s\n", node, strerror(errno));
		exit(2);
	}
	return fd;
}

static void try_admin(int fd, const char *name)
{
	static char page[4096] __attribute__((aligned(4096)));
	struct nvme_passthru_cmd cmd = {
		.opcode = 6, .addr = (unsigned long)page, .data_len = sizeof(page), .cdw10 = 1,
	};

	begin();
	expect_gone(ioctl(fd, NVME_IOCTL_ADMIN_CMD, &cmd), name);
}

static void try_flush(int fd, const char *name)
{
	struct nvme_passthru_cmd cmd = { .opcode = 0, .nsid = 1 };

	begin();
	expect_gone(ioctl(fd, NVME_IOCTL_IO_CMD, &cmd), name);
}

/* The end of the disk is an honest answer to who reads: it has no capacity any more. Data would not be. */
static void try_disk(int fd)
{
	static char block[4096] __attribute__((aligned(4096)));
	long rc;

	begin();
	rc = pread(fd, block, sizeof(block), 4096);
	if (!rc)
		printf("ok read from the disk\n");
	else
		expect_gone(rc, "read from the disk");
	begin();
	rc = pwrite(fd, block, sizeof(block), 4096);
	if (rc < 0 && errno == ENOSPC)
		printf("ok write to the disk\n");
	else
		expect_gone(rc, "write to the disk");
}

int main(int argc, char **argv)
{
	int ctrl, generic, disk, i;

	if (argc != 4)
		return 2;
	setvbuf(stdout, NULL, _IOLBF, 0);
	ctrl = open_node(argv[1], O_RDWR);
	generic = open_node(argv[2], O_RDWR);
	disk = open_node(argv[3], O_RDWR | O_DIRECT);
	printf("open\n");
	for (i = 0; i < 600 && !access(argv[1], F_OK); i++)
		usleep(100000);
	if (i == 600) {
		printf("not ok the node is there after a minute # not removed\n");
		return 1;
	}
	try_admin(ctrl, "admin command through the controller's node");
	try_admin(generic, "admin command through the generic node");
	try_admin(disk, "admin command through the disk");
	try_flush(generic, "I/O command through the generic node");
	try_flush(disk, "I/O command through the disk");
	begin();
	expect_gone(ioctl(ctrl, NVME_IOCTL_RESET), "reset");
	begin();
	expect_gone(ioctl(ctrl, NVME_IOCTL_SUBSYS_RESET), "subsystem reset");
	try_disk(disk);
	close(disk);
	close(generic);
	close(ctrl);
	return failed;
}
