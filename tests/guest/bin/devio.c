// SPDX-License-Identifier: GPL-2.0
/*
 * devio - what the runner of device scenarios does to a disk and to the back door in configuration space. One program
 * without libraries beyond libc, because starting programs is what costs time on an emulated CPU.
 *
 *   devio write|verify NODE MAP   a pattern that depends on the offset; MAP remembers which pieces were written
 *                                 successfully, and verify reads exactly those back
 *   devio read|flush NODE
 *   devio atomic NODE OFFSET BYTES   one write that must not be torn (RWF_ATOMIC)
 *   devio steady NODE FILE        write, read back, compare, for ever; FILE holds "rounds errors longest-ms"
 *   devio cfg BDF REGISTER [VALUE]   a 32-bit register of configuration space, hexadecimal; prints it decimal, or
 *                                    sets it
 *   devio poll FILE MS            until somebody says that the attribute has changed; 3 when that takes longer
 *
 * Exit: 0 done; 1 an error that was reported, which is printed; 2 wrong use; 3 wrong data that was reported as success.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/types.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define BIGGEST (256 << 10)
#define ATOMIC 0x40		/* RWF_ATOMIC, which older headers lack */

/* From one page, which needs no list, to what takes several commands where the device is small. */
static const unsigned int pieces[] = {
	4 << 10, 4 << 10, 8 << 10, 4 << 10, 12 << 10, 4 << 10, 4 << 10, 32 << 10, 4 << 10, 64 << 10, 128 << 10, BIGGEST,
};

#define PIECES (sizeof(pieces) / sizeof(pieces[0]))

/* On a disk that answers nothing each error takes a time-out; so many tell enough. */
#define ERRORS_MOST 3

static unsigned char *buffer;
static int errors;

static int failed(const char *what, unsigned long long where)
{
	printf("%s at %llu: %s\n", what, where, strerror(errno));
	errors++;
	return 1;
}

/* The disk, or -1. Without O_CREAT, and no file: the node of a disk that is gone must not become one. */
static int open_disk(const char *node)
{
	struct stat st;
	int fd = open(node, O_RDWR | O_DIRECT | O_CLOEXEC);

	if (fd < 0) {
		printf("open %s: %s\n", node, strerror(errno));
		return -1;
	}
	if (fstat(fd, &st) || !S_ISBLK(st.st_mode)) {
		printf("%s is no block device\n", node);
		close(fd);
		return -1;
	}
	return fd;
}

static void fill(unsigned char *data, size_t bytes, __u64 where, __u64 round)
{
	for (size_t i = 0; i < bytes; i += 8) {
		__u64 word = (where + i + 1 + (round << 32)) * 0x9e3779b97f4a7c15ull;

		memcpy(data + i, &word, 8);
	}
}

/* Offset of the first wrong byte, or bytes. */
static size_t compare(const unsigned char *data, size_t bytes, __u64 where, __u64 round)
{
	for (size_t i = 0; i < bytes; i += 8) {
		__u64 word = (where + i + 1 + (round << 32)) * 0x9e3779b97f4a7c15ull;

		if (memcmp(data + i, &word, 8))
			return i;
	}
	return bytes;
}

static int write_all(int fd, unsigned char *map)
{
	__u64 where = 0;
	int rc = 0;

	memset(map, 0, PIECES);
	for (size_t i = 0; i < PIECES && errors < ERRORS_MOST; where += pieces[i++]) {
		fill(buffer, pieces[i], where, 0);
		if (pwrite(fd, buffer, pieces[i], where) == (ssize_t)pieces[i])
			map[i] = 1;
		else
			rc = failed("write", where);
	}
	return rc;
}

static int verify_all(int fd, const unsigned char *map)
{
	__u64 where = 0;
	size_t right;
	int rc = 0;

	for (size_t i = 0; i < PIECES && errors < ERRORS_MOST; where += pieces[i++]) {
		if (!map[i])
			continue;
		memset(buffer, 0xee, pieces[i]);
		if (pread(fd, buffer, pieces[i], where) != (ssize_t)pieces[i]) {
			rc = failed("read", where);
			continue;
		}
		right = compare(buffer, pieces[i], where, 0);
		if (right == pieces[i])
			continue;
		printf("wrong data at %llu: %02x %02x %02x %02x %02x %02x %02x %02x\n",
		       (unsigned long long)(where + right),
		       buffer[right], buffer[right + 1], buffer[right + 2], buffer[right + 3], buffer[right + 4],
		       buffer[right + 5], buffer[right + 6], buffer[right + 7]);
		return 3;
	}
	return rc;
}

static int read_all(int fd)
{
	__u64 where = 0;
	int rc = 0;

	for (size_t i = 0; i < PIECES && errors < ERRORS_MOST; where += pieces[i++])
		if (pread(fd, buffer, pieces[i], where) != (ssize_t)pieces[i])
			rc = failed("read", where);
	return rc;
}

static int disk(const char *what, const char *node, const char *map_path)
{
	unsigned char map[PIECES] = { 0 };
	int fd = open_disk(node), map_fd = -1, rc;

	if (fd < 0)
		return 1;
	if (map_path) {
		map_fd = open(map_path, O_RDWR | O_CREAT, 0600);
		if (map_fd < 0 || pread(map_fd, map, PIECES, 0) < 0)
			return 2;
	}
	if (!strcmp(what, "write"))
		rc = write_all(fd, map);
	else if (!strcmp(what, "verify"))
		rc = verify_all(fd, map);
	else if (!strcmp(what, "read"))
		rc = read_all(fd);
	else
		rc = fsync(fd) ? failed("flush", 0) : 0;
	if (map_fd >= 0 && pwrite(map_fd, map, PIECES, 0) != PIECES)
		rc = 2;
	close(fd);
	return rc;
}

static __u64 now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000ull + ts.tv_nsec / 1000000;
}

static int steady_round(int fd, __u64 round)
{
	__u64 where = (round % 64) << 12;

	fill(buffer, 4096, where, round);
	if (pwrite(fd, buffer, 4096, where) != 4096)
		return 1;
	memset(buffer, 0xee, 4096);
	if (pread(fd, buffer, 4096, where) != 4096)
		return 1;
	return compare(buffer, 4096, where, round) != 4096;
}

static int steady(const char *node, const char *path)
{
	__u64 round, start, took, longest = 0, wrong = 0;
	int fd = open_disk(node), out = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	char text[80];

	if (fd < 0 || out < 0)
		return 1;
	for (round = 1;; round++) {
		start = now_ms();
		wrong += steady_round(fd, round);
		took = now_ms() - start;
		if (took > longest)
			longest = took;
		snprintf(text, sizeof(text), "%-20llu %-10llu %-10llu\n",
			 (unsigned long long)round, (unsigned long long)wrong,
			 (unsigned long long)longest);
		if (pwrite(out, text, strlen(text), 0) < 0)
			return 1;
		usleep(50 * 1000);
	}
}

static int untorn(const char *node, unsigned long long offset, size_t bytes)
{
	struct iovec vec = { .iov_base = buffer, .iov_len = bytes };
	int fd = open_disk(node);

	if (fd < 0 || bytes > BIGGEST)
		return 1;
	memset(buffer, 0x5a, bytes);
	return pwritev2(fd, &vec, 1, offset, ATOMIC) == (ssize_t)bytes ? 0 : failed("atomic write", offset);
}

static int back_door(const char *bdf, const char *reg, const char *value)
{
	char path[80];
	__u32 word;
	int fd;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/config", bdf);
	fd = open(path, value ? O_RDWR : O_RDONLY);
	if (fd < 0)
		return failed(path, 0);
	if (value) {
		word = strtoul(value, NULL, 0);
		return pwrite(fd, &word, 4, strtoul(reg, NULL, 16)) == 4 ? 0 : failed("write", 0);
	}
	if (pread(fd, &word, 4, strtoul(reg, NULL, 16)) != 4)
		return failed("read", 0);
	printf("%u\n", word);
	return 0;
}

static int wait_for_change(const char *path, int ms)
{
	struct pollfd poller = { .events = POLLPRI };
	char text[64];

	poller.fd = open(path, O_RDONLY);
	if (poller.fd < 0 || read(poller.fd, text, sizeof(text)) < 0)
		return failed(path, 0);
	return poll(&poller, 1, ms) == 1 ? 0 : 3;
}

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (posix_memalign((void **)&buffer, 65536, BIGGEST))
		return 2;
	if (argc >= 4 && !strcmp(argv[1], "cfg"))
		return back_door(argv[2], argv[3], argv[4]);
	if (argc == 5 && !strcmp(argv[1], "atomic"))
		return untorn(argv[2], strtoull(argv[3], NULL, 0), strtoul(argv[4], NULL, 0));
	if (argc == 4 && !strcmp(argv[1], "poll"))
		return wait_for_change(argv[2], atoi(argv[3]));
	if (argc == 4 && !strcmp(argv[1], "steady"))
		return steady(argv[2], argv[3]);
	if (argc == 4 && (!strcmp(argv[1], "write") || !strcmp(argv[1], "verify")))
		return disk(argv[1], argv[2], argv[3]);
	if (argc == 3 && (!strcmp(argv[1], "read") || !strcmp(argv[1], "flush")))
		return disk(argv[1], argv[2], NULL);
	fprintf(stderr, "devio: see the head of devio.c\n");
	return 2;
}
