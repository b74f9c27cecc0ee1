// SPDX-License-Identifier: GPL-2.0
/*
 * hog - use more memory than there is, and see that what comes back is what was there.
 *
 *   hog MEGABYTES SECONDS
 *
 * Fills pages with numbers that follow from their place and from how often they were filled, then takes one after the
 * other at random, compares all of it and fills it anew. Prints how many pages it has compared.
 * Exit: 0; 1 a page has something else, or there is no memory.
 */
#include <linux/types.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

#define PAGE	4096
#define WORDS	(PAGE / sizeof(__u64))

static __u64 word(__u64 page, __u64 times, __u64 i)
{
	__u64 x = (page << 32 ^ times << 12 ^ i) * 0x9e3779b97f4a7c15ULL;

	return x ^ x >> 29;
}

static void fill(__u64 *at, __u64 page, __u64 times)
{
	__u64 i;

	for (i = 0; i < WORDS; i++)
		at[i] = word(page, times, i);
}

static int holds(const __u64 *at, __u64 page, __u64 times)
{
	__u64 i;

	for (i = 0; i < WORDS; i++) {
		if (at[i] == word(page, times, i))
			continue;
		printf("page %llu, filled %llu times: word %llu is %llx\n", (unsigned long long)page,
		       (unsigned long long)times, (unsigned long long)i, (unsigned long long)at[i]);
		return 0;
	}
	return 1;
}

int main(int argc, char **argv)
{
	__u64 pages, page, compared = 0, random = 88172645463325252ULL;
	__u32 *times;
	__u64 *memory;
	time_t end;

	if (argc != 3)
		return 2;
	pages = strtoull(argv[1], NULL, 0) * (1 << 20) / PAGE;
	end = time(NULL) + atoi(argv[2]);
	memory = mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	times = calloc(pages, sizeof(*times));
	if (memory == MAP_FAILED || !times) {
		puts("no memory");
		return 1;
	}
	for (page = 0; page < pages; page++)
		fill(memory + page * WORDS, page, 0);
	while (compared < 1000 || time(NULL) < end) {
		random ^= random << 13;
		random ^= random >> 7;
		random ^= random << 17;
		page = random % pages;
		if (!holds(memory + page * WORDS, page, times[page]))
			return 1;
		fill(memory + page * WORDS, page, ++times[page]);
		compared++;
	}
	printf("%llu\n", (unsigned long long)compared);
	return 0;
}
