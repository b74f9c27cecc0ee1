/* SPDX-License-Identifier: GPL-2.0 */
/*
 * base.h - what every file of the device uses: types, lists, time, the log.
 *
 * The device is one process with one thread and no locks. It runs on little-endian hosts only, so that structures of
 * the wire are ordinary structures here. The log is a file of lines that the runner reads while it grows.
 */
#ifndef DEVICE_BASE_H
#define DEVICE_BASE_H

#include <linux/array_size.h>
#include <linux/bitfield.h>
#include <linux/bits.h>
#include <linux/build_bug.h>
#include <linux/types.h>
#include <stddef.h>

#define DEVICE_PAGE	4096u

#define min_of(a, b)	((a) < (b) ? (a) : (b))
#define max_of(a, b)	((a) > (b) ? (a) : (b))

#define container_of(ptr, type, member)	((type *)(void *)((char *)(ptr) - offsetof(type, member)))

/* A ring of nodes; a head is a node that belongs to nobody. */
struct list {
	struct list	*next;
	struct list	*prev;
};

static inline void list_init(struct list *head)
{
	head->next = head;
	head->prev = head;
}

static inline bool list_empty(const struct list *head)
{
	return head->next == head;
}

static inline void list_add_tail(struct list *node, struct list *head)
{
	node->prev = head->prev;
	node->next = head;
	head->prev->next = node;
	head->prev = node;
}

/* Leaves a node that may be removed again. */
static inline void list_del(struct list *node)
{
	node->prev->next = node->next;
	node->next->prev = node->prev;
	list_init(node);
}

/* Something that happens later; embedded in what it concerns. */
struct timer {
	struct list	node;
	u64		due_ns;
	void		(*fire)(void *arg);
	void		*arg;
};

u64 time_ns(void);
void timer_init(struct timer *timer, void (*fire)(void *arg), void *arg);
void timer_set_us(struct timer *timer, u64 us);
void timer_cancel(struct timer *timer);
bool timer_armed(const struct timer *timer);
u64 timer_next_ns(void);
void timer_run(void);

/* Memory that is zero and there: without it the process ends. */
void *zalloc(size_t size);
char *copy_text(const char *text);

void say_open(const char *path);
void say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void fatal(const char *fmt, ...) __attribute__((format(printf, 1, 2), noreturn));

u64 get_le(const void *from, u32 bytes);
void put_le(void *to, u64 value, u32 bytes);

#endif /* DEVICE_BASE_H */
