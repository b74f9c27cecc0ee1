// SPDX-License-Identifier: GPL-2.0
/*
 * start - how long it takes from loading modules until there are block devices.
 *
 *   start COUNT MODULE...
 *
 * Loads the modules in this order and waits for COUNT disks named nvme*. Prints after how many microseconds the first
 * of them was there, and the last: their node in /dev is made before the kernel tells of them.
 * Exit: 0; 1 a module does not load, or a minute was not enough.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define LIMIT_MS	60000
#define BUFFER		(8 << 20)	/* 64 disks have some hundred events of their queues beside */

static long long now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000LL + t.tv_nsec / 1000;
}

static int listen_to_kernel(void)
{
	struct sockaddr_nl where = { .nl_family = AF_NETLINK, .nl_groups = 1 };
	int fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_KOBJECT_UEVENT), size = BUFFER;

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) ||
	    bind(fd, (struct sockaddr *)&where, sizeof(where))) {
		perror("start: netlink");
		exit(1);
	}
	return fd;
}

/* "add@/devices/.../nvme0/nvme0n1", then variables, each with its end */
static int is_disk(const char *text, size_t len)
{
	const char *name = strrchr(text, '/'), *end = text + len;
	int block = 0, disk = 0;

	if (strncmp(text, "add@", 4) || !name || strncmp(name, "/nvme", 5))
		return 0;
	for (; text < end; text += strlen(text) + 1) {
		block |= !strcmp(text, "SUBSYSTEM=block");
		disk |= !strcmp(text, "DEVTYPE=disk");
	}
	return block && disk;
}

static void load(const char *file)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || syscall(SYS_finit_module, fd, "", 0)) {
		fprintf(stderr, "start: %s: %s\n", file, strerror(errno));
		exit(1);
	}
	close(fd);
}

/* Before the kernel's own threads: with one CPU the first event would be seen when they have done all. */
static void go_first(void)
{
	struct sched_param param = { .sched_priority = 1 };

	if (sched_setscheduler(0, SCHED_FIFO, &param)) {
		perror("start: priority");
		exit(1);
	}
}

int main(int argc, char **argv)
{
	long long begin, first = 0, last = 0;
	int count, i, events;
	char text[8192];

	if (argc < 3)
		return 2;
	count = atoi(argv[1]);
	events = listen_to_kernel();
	go_first();
	begin = now_us();
	for (i = 2; i < argc; i++)
		load(argv[i]);
	while (count > 0) {
		struct pollfd p = { .fd = events, .events = POLLIN };
		ssize_t n;

		if (now_us() - begin > LIMIT_MS * 1000LL || poll(&p, 1, LIMIT_MS) <= 0) {
			fprintf(stderr, "start: %d disks are missing\n", count);
			return 1;
		}
		n = recv(events, text, sizeof(text) - 1, 0);
		if (n <= 0)
			continue;
		text[n] = '\0';
		if (!is_disk(text, (size_t)n))
			continue;
		last = now_us();
		first = first ? first : last;
		count--;
	}
	printf("%lld %lld\n", first - begin, last - begin);
	return 0;
}
