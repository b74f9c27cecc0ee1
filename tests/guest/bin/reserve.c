// SPDX-License-Identifier: GPL-2.0
/*
 * Persistent reservations by the ioctls of linux/pr.h, one a run.
 *
 *   reserve DISK register OLD NEW [FLAGS]
 *   reserve DISK reserve KEY TYPE [FLAGS]
 *   reserve DISK release KEY TYPE
 *   reserve DISK preempt|abort OWN OTHER TYPE
 *   reserve DISK clear KEY
 *   reserve DISK keys [MOST]     the generation, how many keys there are, and each of them that fits
 *   reserve DISK holder          the generation, type and key
 *
 * Numbers in hexadecimal. Prints what the ioctl returned, in decimal, or the error with a minus; then what was asked
 * for. Exit: 0; 1: an error; 2: wrong use or no such disk.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/pr.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

/* Linux 6.19 and later; older headers do not have them. */
struct keys_arg {
	__u32	generation;
	__u32	num_keys;
	__u64	keys_ptr;
};

struct holder_arg {
	__u64	key;
	__u32	generation;
	__u32	type;
};

#define READ_KEYS	_IOWR('p', 206, struct keys_arg)
#define READ_HOLDER	_IOR('p', 207, struct holder_arg)

static int answer(int rc)
{
	printf("%d", rc < 0 ? -errno : rc);
	return rc < 0;
}

static int keys(int fd, __u32 most)
{
	static __u64 found[65536];
	struct keys_arg arg = { .num_keys = most, .keys_ptr = (uintptr_t)found };
	int err = answer(ioctl(fd, READ_KEYS, &arg));
	__u32 i;

	if (!err)
		printf(" %x %u", arg.generation, arg.num_keys);
	for (i = 0; !err && i < arg.num_keys && i < most; i++)
		printf(" %llx", (unsigned long long)found[i]);
	return err;
}

static int holder(int fd)
{
	struct holder_arg arg = {};
	int err = answer(ioctl(fd, READ_HOLDER, &arg));

	if (!err)
		printf(" %x %u %llx", arg.generation, arg.type, (unsigned long long)arg.key);
	return err;
}

static int run(int fd, const char *what, const __u64 n[4])
{
	struct pr_registration registration = { .old_key = n[0], .new_key = n[1], .flags = (__u32)n[2] };
	struct pr_reservation reservation = { .key = n[0], .type = (__u32)n[1], .flags = (__u32)n[2] };
	struct pr_preempt preempt = { .old_key = n[0], .new_key = n[1], .type = (__u32)n[2] };
	struct pr_clear clear = { .key = n[0] };

	if (!strcmp(what, "register"))
		return answer(ioctl(fd, IOC_PR_REGISTER, &registration));
	if (!strcmp(what, "reserve"))
		return answer(ioctl(fd, IOC_PR_RESERVE, &reservation));
	if (!strcmp(what, "release"))
		return answer(ioctl(fd, IOC_PR_RELEASE, &reservation));
	if (!strcmp(what, "preempt"))
		return answer(ioctl(fd, IOC_PR_PREEMPT, &preempt));
	if (!strcmp(what, "abort"))
		return answer(ioctl(fd, IOC_PR_PREEMPT_ABORT, &preempt));
	if (!strcmp(what, "clear"))
		return answer(ioctl(fd, IOC_PR_CLEAR, &clear));
	if (!strcmp(what, "keys"))
		return keys(fd, n[0] ? (__u32)n[0] : 16);
	if (!strcmp(what, "holder"))
		return holder(fd);
	return 2;
}

int main(int argc, char **argv)
{
	__u64 n[4] = {};
	int fd, i, rc;

	if (argc < 3 || argc > 7)
		return 2;
	fd = open(argv[1], O_RDWR);
	if (fd < 0) {
		perror(argv[1]);
		return 2;
	}
	for (i = 3; i < argc; i++)
		n[i - 3] = strtoull(argv[i], NULL, 16);
	rc = run(fd, argv[2], n);
	putchar('\n');
	return rc;
}
