/* SPDX-License-Identifier: GPL-2.0 */
/*
 * sample.h - what was there at one moment: controllers, and behind each its namespaces and queues.
 *
 * A list of items in that order, as sysfs told of them; nothing is calculated yet. Who reads makes it, who looks at two
 * of them works out rates. At most TOP_ITEMS items: what is beyond is left out, and the sample says so.
 */
#ifndef TOP_SAMPLE_H
#define TOP_SAMPLE_H

#include <stdbool.h>

#define TOP_ITEMS	4096
#define TOP_NAME	24
#define TOP_WORD	12
#define TOP_NOTICE	160

struct top_hist;

enum top_kind {
	TOP_CTRL,
	TOP_NS,
	TOP_QUEUE,
};

/* Numbers of which any may be missing; a queue has some, too. Those up to TOP_WEAR cost the controller a command. */
enum top_fact {
	TOP_TEMPERATURE,	/* kelvins */
	TOP_WARNING,
	TOP_MEDIA_ERRORS,
	TOP_SPARE,		/* per cent */
	TOP_WEAR,		/* per cent */
	TOP_ERRORS,
	TOP_RETRIES,
	TOP_TIMEOUTS,
	TOP_POLLED,
	TOP_ABORTS,
	TOP_RESETS,
	TOP_FINDINGS,
	TOP_BOGUS,
	TOP_SLEEP,		/* the deepest power state that it may enter */
	TOP_COMMANDS,		/* that have completed */
	TOP_INTERRUPTS,		/* that found completions */
	TOP_LOST,		/* interrupts of a queue's vector */
	TOP_LATE,
	TOP_INFLIGHT,
	TOP_FACTS
};

/* What block devices count since they are there. */
struct top_io {
	unsigned long long	reads;
	unsigned long long	writes;
	unsigned long long	others;		/* discards and flushes */
	unsigned long long	read_bytes;
	unsigned long long	write_bytes;
	unsigned long long	busy_ms;	/* of all requests together */
};

/**
 * struct top_item - a controller, a namespace, or a queue
 * @kind: which of them
 * @ctrl: where in the list its controller is; its own place for a controller
 * @number: of the queue
 * @name: as in sysfs; of a queue, for people
 * @state: in a word, or empty
 * @power: of the PCI function, or empty
 * @has: a bit for each fact that is known
 * @fact: the facts
 * @has_io: @io is known
 * @io: what it has done
 * @hist: latencies; NULL when nobody has told. Belongs to the sample
 */
struct top_item {
	enum top_kind		kind;
	unsigned int		ctrl;
	unsigned int		number;
	char			name[TOP_NAME];
	char			state[TOP_WORD];
	char			power[TOP_WORD];
	unsigned int		has;
	unsigned long long	fact[TOP_FACTS];
	bool			has_io;
	struct top_io		io;
	struct top_hist		*hist;
};

/**
 * struct top_sample - all of them
 * @when: seconds of a clock that nobody sets
 * @wall: seconds since 1970
 * @items: the list
 * @nr: how many
 * @room: for how many there is memory
 * @notice: the first thing that was not as it should be, in one line, or empty
 */
struct top_sample {
	double			when;
	long long		wall;
	struct top_item		*items;
	unsigned int		nr;
	unsigned int		room;
	char			notice[TOP_NOTICE];
};

struct top_item *top_sample_add(struct top_sample *sample, enum top_kind kind, unsigned int ctrl);
const struct top_item *top_sample_find(const struct top_sample *sample, const struct top_sample *of, unsigned int at,
				       unsigned int *hint);
void top_sample_set(struct top_item *item, enum top_fact fact, unsigned long long value);
bool top_sample_get(const struct top_item *item, enum top_fact fact, unsigned long long *value);
__attribute__((format(printf, 2, 3)))
void top_sample_notice(struct top_sample *sample, const char *format, ...);
void top_sample_cut(struct top_sample *sample, unsigned int nr);
void top_sample_clear(struct top_sample *sample);

#endif /* TOP_SAMPLE_H */
