// SPDX-License-Identifier: GPL-2.0
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sample.h"

/**
 * top_sample_add() - one more item
 * @sample: gets it at its end
 * @kind: what it is
 * @ctrl: place of its controller; of no meaning for a controller
 *
 * Return: the item, empty but for @kind and @ctrl, valid until the next one is added; NULL when there are too many of
 * them, which the sample then says, or no memory.
 */
struct top_item *top_sample_add(struct top_sample *sample, enum top_kind kind, unsigned int ctrl)
{
	struct top_item *item;

	if (sample->nr == TOP_ITEMS) {
		top_sample_notice(sample, "only the first %u rows are shown", TOP_ITEMS);
		return NULL;
	}
	if (sample->nr == sample->room) {
		unsigned int room = sample->room ? 2 * sample->room : 16;

		item = realloc(sample->items, room * sizeof(*item));
		if (!item) {
			top_sample_notice(sample, "no memory");
			return NULL;
		}
		sample->items = item;
		sample->room = room;
	}
	item = &sample->items[sample->nr];
	memset(item, 0, sizeof(*item));
	item->kind = kind;
	item->ctrl = kind == TOP_CTRL ? sample->nr : ctrl;
	sample->nr++;
	return item;
}

static bool top_sample_same(const struct top_sample *a, unsigned int i, const struct top_sample *b, unsigned int j)
{
	const struct top_item *x = &a->items[i], *y = &b->items[j];

	return x->kind == y->kind && !strcmp(x->name, y->name) &&
	       !strcmp(a->items[x->ctrl].name, b->items[y->ctrl].name);
}

/**
 * top_sample_find() - the same controller, namespace or queue at another moment
 * @sample: where it is looked for
 * @of: sample that the item is in
 * @at: place of the item there
 * @hint: where it is likely to be found; moves on
 *
 * Return: the item in @sample, or NULL.
 */
const struct top_item *top_sample_find(const struct top_sample *sample, const struct top_sample *of, unsigned int at,
				       unsigned int *hint)
{
	unsigned int i, place;

	for (i = 0; i < sample->nr; i++) {
		place = (*hint + i) % sample->nr;
		if (top_sample_same(sample, place, of, at)) {
			*hint = place + 1;
			return &sample->items[place];
		}
	}
	return NULL;
}

/**
 * top_sample_set() - a fact is known
 * @item: of what
 * @fact: which
 * @value: its value
 */
void top_sample_set(struct top_item *item, enum top_fact fact, unsigned long long value)
{
	item->has |= 1u << fact;
	item->fact[fact] = value;
}

/**
 * top_sample_get() - a fact, where it is known
 * @item: of what
 * @fact: which
 * @value: gets its value
 *
 * Return: whether it is known.
 */
bool top_sample_get(const struct top_item *item, enum top_fact fact, unsigned long long *value)
{
	*value = item->fact[fact];
	return item->has & 1u << fact;
}

/**
 * top_sample_notice() - something is not as it should be
 * @sample: keeps the first line of them
 * @format: as for printf()
 */
void top_sample_notice(struct top_sample *sample, const char *format, ...)
{
	va_list args;

	if (*sample->notice)
		return;
	va_start(args, format);
	vsnprintf(sample->notice, sizeof(sample->notice), format, args);
	va_end(args);
}

/**
 * top_sample_cut() - forget the last items
 * @sample: loses them
 * @nr: how many stay
 */
void top_sample_cut(struct top_sample *sample, unsigned int nr)
{
	while (sample->nr > nr)
		free(sample->items[--sample->nr].hist);
}

/**
 * top_sample_clear() - nothing is in it any more
 * @sample: may be used again, or forgotten
 */
void top_sample_clear(struct top_sample *sample)
{
	top_sample_cut(sample, 0);
	free(sample->items);
	memset(sample, 0, sizeof(*sample));
}
