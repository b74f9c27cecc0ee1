// SPDX-License-Identifier: GPL-2.0
/*
 * Time, memory, the log. Timers are few, so the next one is looked for.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base.h"

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__);

static struct list timers = { &timers, &timers };
static FILE *log_file;

u64 time_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (u64)now.tv_sec * 1000000000ull + (u64)now.tv_nsec;
}

void timer_init(struct timer *timer, void (*fire)(void *arg), void *arg)
{
	list_init(&timer->node);
	timer->fire = fire;
	timer->arg = arg;
}

/* Sets it anew when it is set already. */
void timer_set_us(struct timer *timer, u64 us)
{
	timer_cancel(timer);
	timer->due_ns = time_ns() + us * 1000;
	list_add_tail(&timer->node, &timers);
}

/* One that is all zero was never set. */
void timer_cancel(struct timer *timer)
{
	if (timer->node.next)
		list_del(&timer->node);
}

bool timer_armed(const struct timer *timer)
{
	return !list_empty(&timer->node);
}

static struct timer *timer_first(void)
{
	struct timer *first = NULL;
	struct list *node;

	for (node = timers.next; node != &timers; node = node->next) {
		struct timer *timer = container_of(node, struct timer, node);

		if (!first || timer->due_ns < first->due_ns)
			first = timer;
	}
	return first;
}

/* When the next timer is due; all-ones when there is none. */
u64 timer_next_ns(void)
{
	struct timer *first = timer_first();

	return first ? first->due_ns : ~0ull;
}

/* What is due by now, in order. What that sets anew waits for the next call, so this ends. */
void timer_run(void)
{
	u64 now = time_ns();
	struct timer *timer;

	for (timer = timer_first(); timer && timer->due_ns <= now; timer = timer_first()) {
		timer_cancel(timer);
		timer->fire(timer->arg);
	}
}

void *zalloc(size_t size)
{
	void *p = calloc(1, size);

	if (!p)
		fatal("no memory for %zu bytes", size);
	return p;
}

char *copy_text(const char *text)
{
	size_t size = strlen(text) + 1;

	return memcpy(zalloc(size), text, size);
}

void say_open(const char *path)
{
	log_file = fopen(path, "ae");
	if (!log_file)
		fatal("cannot write %s", path);
	setvbuf(log_file, NULL, _IOLBF, 0);
}

/* One line of the log. */
void say(const char *fmt, ...)
{
	va_list args;

	if (!log_file)
		return;
	va_start(args, fmt);
	vfprintf(log_file, fmt, args);
	va_end(args);
	fputc('\n', log_file);
}

void fatal(const char *fmt, ...)
{
	va_list args;

	fputs("onvme-device: ", stderr);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
	exit(1);
}

/* A little-endian number of 1 to 8 bytes. */
u64 get_le(const void *from, u32 bytes)
{
	u64 value = 0;

	memcpy(&value, from, min_of(bytes, 8u));
	return value;
}

void put_le(void *to, u64 value, u32 bytes)
{
	memcpy(to, &value, min_of(bytes, 8u));
}
