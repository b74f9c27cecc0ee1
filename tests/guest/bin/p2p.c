// SPDX-License-Identifier: GPL-2.0
/*
 * Direct I/O from and to memory of a PCI device.
 *
 *   p2p ALLOCATE DISK [SECONDS]   ALLOCATE is p2pmem/allocate of the device that has the memory
 *
 * Writes from it are read back into the memory of this machine, and the other way round, in one and in several pieces,
 * over and over for so long, at least once.
 * Says "held" when it has the memory. Exit: 0 all well; 1 an error or wrong data, and a line that says which; 2 wrong
 * use.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define BYTES	(256u << 10)
#define PLACE	(8u << 20)	/* on the disk */

static unsigned char *theirs, *ours;
static unsigned int round_nr;

static unsigned char pattern(size_t i)
{
	return (unsigned char)(i * 7 + i / 251 + round_nr * 31);
}

static void fill(unsigned char *to, size_t bytes)
{
	size_t i;

	for (i = 0; i < bytes; i++)
		to[i] = pattern(i);
}

static int differs(const unsigned char *at, size_t bytes, const char *where)
{
	size_t i;

	for (i = 0; i < bytes; i++) {
		if (at[i] == pattern(i))
			continue;
		printf("%s: byte %zu is %#x, not %#x\n", where, i, at[i], pattern(i));
		return 1;
	}
	return 0;
}

static void wipe(unsigned char *at, size_t bytes)
{
	size_t i;

	for (i = 0; i < bytes; i++)
		at[i] = 0xee;
}

/* All of @bytes at once, in pieces of a quarter each where that is a block or more. */
static int move(int fd, unsigned char *at, size_t bytes, int pieces, int out)
{
	struct iovec v[4];
	ssize_t n;
	int i;

	for (i = 0; i < pieces; i++)
		v[i] = (struct iovec){ at + bytes / (size_t)pieces * (size_t)i, bytes / (size_t)pieces };
	n = out ? pwritev(fd, v, pieces, PLACE) : preadv(fd, v, pieces, PLACE);
	if (n == (ssize_t)bytes)
		return 0;
	printf("%s of %zu bytes, %d pieces: %zd, %s\n", out ? "write" : "read", bytes, pieces, n, strerror(errno));
	return 1;
}

static int once(int fd)
{
	static const struct {
		size_t	bytes;
		size_t	offset;
		int	pieces;
	} how[] = { { 512, 0, 1 }, { 4096, 0, 1 }, { 4096, 512, 1 }, { 8192, 0, 1 }, { 65536, 0, 1 }, { 65536, 0, 4 },
		    { 65536, 1024, 1 }, { BYTES, 0, 1 }, { 0 } };
	size_t i;

	for (i = 0; how[i].bytes; i++, round_nr++) {
		unsigned char *there = theirs + how[i].offset, *here = ours + how[i].offset;

		fill(there, how[i].bytes);
		wipe(here, how[i].bytes);
		if (move(fd, there, how[i].bytes, how[i].pieces, 1) || move(fd, here, how[i].bytes, 1, 0) ||
		    differs(here, how[i].bytes, "from the device"))
			return 1;
		round_nr++;
		fill(here, how[i].bytes);
		wipe(there, how[i].bytes);
		if (move(fd, here, how[i].bytes, 1, 1) || move(fd, there, how[i].bytes, how[i].pieces, 0) ||
		    differs(there, how[i].bytes, "to the device"))
			return 1;
	}
	return 0;
}

int main(int argc, char **argv)
{
	int memory, fd;
	time_t end;

	if (argc != 3 && argc != 4)
		return 2;
	end = time(NULL) + (argc == 4 ? atoi(argv[3]) : 0);
	memory = open(argv[1], O_RDWR | O_CLOEXEC);
	fd = open(argv[2], O_RDWR | O_DIRECT | O_CLOEXEC);
	if (memory < 0 || fd < 0) {
		printf("open: %s\n", strerror(errno));
		return 1;
	}
	/* A page more, for what starts inside one. */
	theirs = mmap(NULL, BYTES + 4096, PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0);
	ours = mmap(NULL, BYTES + 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (theirs == MAP_FAILED || ours == MAP_FAILED) {
		printf("mmap: %s\n", strerror(errno));
		return 1;
	}
	puts("held");
	fflush(stdout);
	do {
		if (once(fd))
			return 1;
	} while (time(NULL) < end);
	return 0;
}
