// SPDX-License-Identifier: GPL-2.0
/* Prints the frequency of this machine's time stamp counter in kHz: the median of nine measurements of 20 ms. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <x86intrin.h>

#define ROUNDS	9

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC_RAW, &t);
	return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

int main(void)
{
	double khz[ROUNDS];
	int i;

	for (i = 0; i < ROUNDS; i++) {
		double start = now_ms(), end;
		unsigned long long ticks = __rdtsc();

		do
			end = now_ms();
		while (end - start < 20);
		khz[i] = (__rdtsc() - ticks) / (end - start);
	}
	qsort(khz, ROUNDS, sizeof(khz[0]), by_value);
	printf("%.0f\n", khz[ROUNDS / 2]);
	return 0;
}
