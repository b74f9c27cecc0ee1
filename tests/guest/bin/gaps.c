// SPDX-License-Identifier: GPL-2.0
/*
 * Direct I/O from and to buffers with gaps: pieces of some blocks each that start at any dword of a page, with bytes
 * between them that nobody may touch.
 *
 *   gaps once DISK OFFSET PIECES BYTES   one pwritev() and one preadv() of so many pieces of so many bytes, compared
 *   gaps hammer DISK SECONDS WORKERS     the same with pieces of all kinds, by processes with 4 MiB of the disk each
 *   gaps pass DISK BYTES                 one Write and one Read by passthrough, pages of which none follows another
 *
 * Exit: 0 all well; 1 an error or wrong data, and a line that says which; 2 wrong use.
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
#include <sys/mman.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MOST_PIECES	1024u
#define AREA		(16u << 20)
#define REGION		(4u << 20)
#define GUARD		0x5a

static __u64 state;
static struct iovec pieces[MOST_PIECES];
static __u8 *area;
static size_t used;		/* of the area, by the pieces */

static __u32 chance(__u32 below)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return (__u32)((state * 0x2545f4914f6cdd1dull >> 32) * below >> 32);
}

/* What stands at byte @at of the disk after round @round */
static __u8 pattern(__u64 at, __u32 round)
{
	return (__u8)((at * 0x9e3779b1u ^ at >> 9 ^ round * 0x85ebca6bu) >> 3);
}

/* Pieces one behind the other, each at an odd dword of a page that nobody else has. */
static size_t lay(unsigned int nr, const size_t *lens)
{
	size_t total = 0, at = 0;
	unsigned int i;

	for (i = 0; i < nr; i++) {
		at = (at + 8191) & ~(size_t)4095;
		pieces[i].iov_base = area + at + 4 + 4 * chance(1000);
		pieces[i].iov_len = lens[i];
		at += 4096 + lens[i];
		total += lens[i];
	}
	used = at + 8192;
	return used > AREA ? 0 : total;
}

static void fill(unsigned int nr, __u64 at, __u32 round)
{
	unsigned int i;
	size_t n;

	for (i = 0; i < nr; i++)
		for (n = 0; n < pieces[i].iov_len; n++)
			((__u8 *)pieces[i].iov_base)[n] = pattern(at++, round);
}

/* The pieces hold what the disk should, and what is between them is as it was. */
static bool right(unsigned int nr, __u64 at, __u32 round)
{
	const __u8 *next = area, *p;
	unsigned int i;
	size_t n;

	for (i = 0; i < nr; i++) {
		const __u8 *base = pieces[i].iov_base;

		for (p = next; p < base; p++)
			if (*p != GUARD)
				return printf("byte %td before piece %u was touched\n", base - p, i), false;
		for (n = 0; n < pieces[i].iov_len; n++, at++)
			if (base[n] != pattern(at, round))
				return printf("piece %u, byte %zu: %#x instead of %#x\n", i, n, base[n],
					      pattern(at, round)), false;
		next = base + pieces[i].iov_len;
	}
	for (p = next; p < next + 4096; p++)
		if (*p != GUARD)
			return printf("byte %td behind the last piece was touched\n", p - next), false;
	return true;
}

static bool round_trip(int fd, __u64 offset, unsigned int nr, const size_t *lens, __u32 round)
{
	size_t total = lay(nr, lens);
	ssize_t done;

	fill(nr, offset, round);
	done = pwritev(fd, pieces, (int)nr, (off_t)offset);
	if (done != (ssize_t)total) {
		printf("write of %zu bytes at %llu in %u pieces: %zd, %s\n", total, (unsigned long long)offset, nr,
		       done, done < 0 ? strerror(errno) : "short");
		return false;
	}
	memset(area, GUARD, used);
	lay(nr, lens);		/* to other places */
	done = preadv(fd, pieces, (int)nr, (off_t)offset);
	if (done != (ssize_t)total) {
		printf("read of %zu bytes at %llu in %u pieces: %zd, %s\n", total, (unsigned long long)offset, nr, done,
		       done < 0 ? strerror(errno) : "short");
		return false;
	}
	return right(nr, offset, round);
}

static int hammer(int fd, unsigned int worker, unsigned int seconds, unsigned int block)
{
	struct timespec now, began;
	size_t lens[MOST_PIECES];
	__u32 round = 0;

	state = 88172645463325252ull + worker * 7919;
	clock_gettime(CLOCK_MONOTONIC, &began);
	do {
		unsigned int nr = 1 + chance(chance(8) ? 24 : 200), i;
		size_t total = 0;

		for (i = 0; i < nr; i++) {
			lens[i] = block * (1 + chance(chance(4) ? 8 : 64) * 512 / block);
			total += lens[i];
			if (total > REGION / 2)
				break;
		}
		nr = i ? i : 1;
		if (!round_trip(fd, (__u64)worker * REGION + block * chance(REGION / 4 / block), nr, lens, ++round))
			return 1;
		clock_gettime(CLOCK_MONOTONIC, &now);
	} while (now.tv_sec - began.tv_sec < (time_t)seconds);
	printf("worker %u: %u rounds\n", worker, round);
	return 0;
}

static int hammer_all(int fd, unsigned int seconds, unsigned int workers, unsigned int block)
{
	unsigned int i;
	int status, bad = 0;

	for (i = 0; i < workers; i++)
		if (!fork()) {
			status = hammer(fd, i, seconds, block);
			fflush(stdout);
			_exit(status);
		}
	for (i = 0; i < workers; i++)
		bad |= wait(&status) < 0 || status;
	return bad;
}

/* Memory whose neighbours in the address space are none in the machine: pages come in the order they are touched in. */
static __u8 *shuffled(size_t len)
{
	__u8 *mem = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	size_t n = len / 4096, i;

	/* A kernel that has no huge pages does not know of the wish. */
	if (mem == MAP_FAILED || (madvise(mem, len, MADV_NOHUGEPAGE) && errno != EINVAL))
		return NULL;
	for (i = 0; i < n; i += 2)
		mem[i * 4096] = 1;
	for (i = 1; i < n; i += 2)
		mem[i * 4096] = 1;
	return mem;
}

static int pass(int fd, size_t len, unsigned int block)
{
	__u8 *from = shuffled(len), *to = shuffled(len);
	struct nvme_passthru_cmd cmd = { .data_len = (__u32)len };
	int rc;
	size_t i;

	if (!from || !to || len % 4096 || !len) {
		printf("no memory of that length\n");
		return 2;
	}
	for (i = 0; i < len; i++)
		from[i] = pattern(i, 77);
	cmd.opcode = 1;
	cmd.nsid = (__u32)ioctl(fd, NVME_IOCTL_ID);
	cmd.cdw12 = (__u32)(len / block - 1);
	cmd.addr = (unsigned long)from;
	rc = ioctl(fd, NVME_IOCTL_IO_CMD, &cmd);
	if (!rc) {
		cmd.opcode = 2;
		cmd.addr = (unsigned long)to;
		rc = ioctl(fd, NVME_IOCTL_IO_CMD, &cmd);
	}
	if (rc)
		printf("%s of %zu bytes: %#x, %s\n", cmd.opcode == 1 ? "write" : "read", len, rc, strerror(errno));
	else if (memcmp(from, to, len))
		printf("wrong data\n");
	else
		return 0;
	return 1;
}

int main(int argc, char **argv)
{
	bool once = argc == 6 && !strcmp(argv[1], "once"), passes = argc == 4 && !strcmp(argv[1], "pass");
	size_t lens[MOST_PIECES];
	unsigned int i, nr;
	int fd, block;

	if (!once && !passes && (argc != 5 || strcmp(argv[1], "hammer"))) {
		fprintf(stderr, "usage: gaps once DISK OFFSET PIECES BYTES\n"
			"       gaps hammer DISK SECONDS WORKERS\n       gaps pass DISK BYTES\n");
		return 2;
	}
	fd = open(argv[2], O_RDWR | O_DIRECT | O_CLOEXEC);
	area = mmap(NULL, AREA, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (fd < 0 || area == MAP_FAILED || ioctl(fd, BLKSSZGET, &block)) {
		printf("%s: %s\n", argv[2], strerror(errno));
		return 2;
	}
	state = 1;
	if (passes)
		return pass(fd, (size_t)atoi(argv[3]), (unsigned int)block);
	if (!once)
		return hammer_all(fd, (unsigned int)atoi(argv[3]), (unsigned int)atoi(argv[4]), (unsigned int)block);
	nr = (unsigned int)atoi(argv[4]);
	if (!nr || nr > MOST_PIECES)
		return 2;
	for (i = 0; i < nr; i++)
		lens[i] = (size_t)atoi(argv[5]);
	if (!lay(nr, lens)) {
		printf("too much\n");
		return 2;
	}
	return !round_trip(fd, strtoull(argv[3], NULL, 0), nr, lens, 1);
}
