// SPDX-License-Identifier: GPL-2.0
/*
 * Keeps data, and notices when they are not kept. What was promised - a write, or a file that was synced - must be
 * there afterwards, whatever happened to the device; what was under way when an error came may be there or not.
 *
 *   keeper raw NODE STATE SEED      pieces of a disk, written and read past the page cache
 *   keeper files DIR STATE SEED     files that are replaced as a whole, synced and read
 *
 * STATE remembers what was promised; with the same file the next run first looks at everything. STATE.beat has a
 * number that rises. Ends when STATE.stop is there. Exit: 0 told to end; 1 an error was reported, which is printed;
 * 2 wrong use; 3 wrong data.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/types.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define UNITS	256
#define BIGGEST	(128 << 10)
#define SECTOR	4096
#define FIRST	(1 << 20)		/* of a disk, left alone */

/* Versions of a unit: each write takes the next one. At least @acked was promised; up to @tried may have arrived. */
struct unit {
	__u64 acked, tried;
};

static struct unit *units;
static unsigned char *buffer;
static __u64 seed, beats;
static char stop[4096], dir[4096], temp[4200];
static int fd = -1, dir_fd = -1, beat_fd;

static __u64 mix(__u64 x)
{
	x ^= x >> 30;
	x *= 0xbf58476d1ce4e5b9ull;
	x ^= x >> 27;
	x *= 0x94d049bb133111ebull;
	return x ^ x >> 31;
}

static __u64 next_random(void)
{
	seed += 0x9e3779b97f4a7c15ull;
	return mix(seed);
}

static unsigned int size_of(unsigned int u)
{
	return SECTOR << mix(u) % 6;
}

static __u64 word(unsigned int u, __u64 version, unsigned int at)
{
	return mix((__u64)u << 48 ^ version << 20 ^ at);
}

static void fill(unsigned int u, __u64 version)
{
	__u64 *to = (__u64 *)buffer;

	for (unsigned int i = 0; i < size_of(u) / 8; i++)
		to[i] = word(u, version, i);
}

static int error(const char *what, unsigned int u)
{
	printf("%s of unit %u: %s\n", what, u, strerror(errno));
	return 1;
}

static int is_sector(unsigned int u, __u64 version, unsigned int first)
{
	const __u64 *data = (__u64 *)buffer;

	for (unsigned int i = first; i < first + SECTOR / 8; i++)
		if (data[i] != word(u, version, i))
			return 0;
	return 1;
}

/* Each sector, or the whole of a file, has a version from what was promised to what was tried. */
static int check(unsigned int u, int whole)
{
	unsigned int sectors = size_of(u) / SECTOR, s, good;
	__u64 v, from = units[u].acked, best = 0, count = 0;

	/* Before the first promise there may be anything. */
	if (!from)
		return 0;
	for (s = 0; s < sectors && !whole; s++) {
		for (v = from, good = 0; v <= units[u].tried && !good; v++)
			good = is_sector(u, v, s * SECTOR / 8);
		if (!good)
			break;
	}
	for (v = from; v <= units[u].tried && whole; v++) {
		for (s = 0; s < sectors && is_sector(u, v, s * SECTOR / 8); s++)
			;
		if (s == sectors)
			break;
		if (s >= count) {
			count = s;
			best = v;
		}
		s = count;
	}
	if (s == sectors)
		return 0;
	printf("WRONG DATA: unit %u, sector %u of %u, versions %llu to %llu, closest %llu, first word %#llx\n", u, s,
	       sectors, from, units[u].tried, best, ((__u64 *)buffer)[s * SECTOR / 8]);
	return 3;
}

/* ---- a disk ---- */

static int raw_read(unsigned int u)
{
	ssize_t n = pread(fd, buffer, size_of(u), FIRST + (off_t)u * BIGGEST);

	if (n == (ssize_t)size_of(u))
		return check(u, 0);
	errno = n < 0 ? errno : ENODATA;
	return error("read", u);
}

static int raw_write(unsigned int u)
{
	ssize_t n = pwrite(fd, buffer, size_of(u), FIRST + (off_t)u * BIGGEST);

	if (n == (ssize_t)size_of(u))
		return 0;
	errno = n < 0 ? errno : ENODATA;
	return error("write", u);
}

/* ---- files ---- */

static const char *name_of(unsigned int u)
{
	static char name[4200];

	snprintf(name, sizeof(name), "%s/unit-%03u", dir, u);
	return name;
}

static int file_read(unsigned int u)
{
	int f = open(name_of(u), O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (f < 0 && errno == ENOENT) {
		if (!units[u].acked)
			return 0;
		printf("WRONG DATA: file %u is not there\n", u);
		return 3;
	}
	if (f < 0)
		return error("open", u);
	posix_fadvise(f, 0, 0, POSIX_FADV_DONTNEED);
	n = read(f, buffer, size_of(u));
	close(f);
	if (n < 0)
		return error("read", u);
	if (n == (ssize_t)size_of(u))
		return check(u, 1);
	printf("WRONG DATA: file %u has %zd bytes\n", u, n);
	return 3;
}

static int file_write(unsigned int u)
{
	int f = open(temp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	int bad;

	if (f < 0)
		return error("create", u);
	bad = write(f, buffer, size_of(u)) != (ssize_t)size_of(u) || fsync(f);
	bad |= close(f);
	if (bad || rename(temp, name_of(u)) || fsync(dir_fd))
		return error("write", u);
	return 0;
}

/* ---- */

static int (*read_unit)(unsigned int u), (*write_unit)(unsigned int u);

static int work(void)
{
	unsigned int u = next_random() % UNITS;
	int rc;

	if (next_random() % 2)
		return read_unit(u);
	units[u].tried++;
	fill(u, units[u].tried);
	rc = write_unit(u);
	if (!rc)
		units[u].acked = units[u].tried;
	return rc;
}

static void beat(void)
{
	char text[32];
	int n;

	beats++;
	n = snprintf(text, sizeof(text), "%020llu\n", beats);
	if (pwrite(beat_fd, text, n, 0) != n)
		_exit(2);
}

static int prepare(const char *state)
{
	char name[4100];
	int s = open(state, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	snprintf(name, sizeof(name), "%s.beat", state);
	snprintf(stop, sizeof(stop), "%s.stop", state);
	beat_fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (s < 0 || beat_fd < 0 || ftruncate(s, UNITS * sizeof(*units)))
		return 2;
	if (pread(beat_fd, name, 21, 0) == 21)
		beats = strtoull(name, NULL, 10);
	units = mmap(NULL, UNITS * sizeof(*units), PROT_READ | PROT_WRITE, MAP_SHARED, s, 0);
	buffer = aligned_alloc(SECTOR, BIGGEST);
	if (units == MAP_FAILED || !buffer)
		return 2;
	seed ^= beats;
	return 0;
}

/* Without O_CREAT, and no file: the node of a disk that is gone must not become one. */
static int open_target(const char *kind, const char *target)
{
	struct stat st;

	snprintf(dir, sizeof(dir), "%s", target);
	snprintf(temp, sizeof(temp), "%s/new", target);
	if (!strcmp(kind, "files")) {
		read_unit = file_read;
		write_unit = file_write;
		dir_fd = open(target, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		return dir_fd < 0 ? error("open", 0) : 0;
	}
	read_unit = raw_read;
	write_unit = raw_write;
	fd = open(target, O_RDWR | O_DIRECT | O_CLOEXEC);
	if (fd < 0)
		return error("open", 0);
	if (fstat(fd, &st) || !S_ISBLK(st.st_mode))
		return 2;
	return 0;
}

int main(int argc, char **argv)
{
	unsigned int u;
	int rc;

	if (argc != 5)
		return 2;
	setvbuf(stdout, NULL, _IOLBF, 0);
	seed = strtoull(argv[4], NULL, 0);
	rc = prepare(argv[3]);
	if (!rc)
		rc = open_target(argv[1], argv[2]);
	for (u = 0; u < UNITS && !rc; u++)
		if (units[u].acked)
			rc = read_unit(u);
	while (!rc && access(stop, F_OK)) {
		rc = work();
		if (!rc)
			beat();
		usleep(2000);
	}
	for (u = 0; u < UNITS && !rc; u++)
		rc = read_unit(u);
	return rc;
}
