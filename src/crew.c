// SPDX-License-Identifier: GPL-2.0
#include <linux/atomic.h>
#include <linux/kernel.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include <onvme/spec.h>

#include "class.h"
#include "crew.h"
#include "fault.h"

struct onvme_crew {
	onvme_crew_fn	fn;
	void		*arg;
	unsigned int	end;
	atomic_t	next;
	int		err;
};

/* Who helps */
struct onvme_hand {
	struct work_struct	work;
	struct onvme_crew	*crew;
	u8			page[ONVME_IDENTIFY_SIZE];
};

static void onvme_crew_work(struct onvme_crew *crew, void *page)
{
	unsigned int i;
	int err;

	while (!READ_ONCE(crew->err)) {
		i = atomic_fetch_inc(&crew->next);
		if (i >= crew->end)
			return;
		err = crew->fn(crew->arg, i, page);
		if (err)
			cmpxchg(&crew->err, 0, err);
	}
}

static void onvme_crew_hand_work(struct work_struct *work)
{
	struct onvme_hand *hand = container_of(work, struct onvme_hand, work);
	/* As in a scan: memory that only I/O can free must not be waited for. */
	unsigned int noio = memalloc_noio_save();

	onvme_crew_work(hand->crew, hand->page);
	memalloc_noio_restore(noio);
}

static struct onvme_hand *onvme_crew_hire(struct onvme_crew *crew)
{
	struct onvme_hand *hand = ONVME_ALLOC(kmalloc(sizeof(*hand), GFP_KERNEL | __GFP_NOWARN | __GFP_NORETRY));

	if (!hand)
		return NULL;
	INIT_WORK(&hand->work, onvme_crew_hand_work);
	hand->crew = crew;
	queue_work(onvme_wq, &hand->work);
	return hand;
}

/**
 * onvme_crew_run() - do many things of a kind, some of them at once
 * @first: the first of them
 * @end: the one behind the last; they are begun in this order
 * @fn: does one of them, in whichever thread
 * @arg: for it
 * @page: %ONVME_IDENTIFY_SIZE bytes for the caller's own part, or NULL: @fn needs none
 *
 * No memory is allocated by waiting for I/O. Takes as long as @fn does for the slowest.
 *
 * Return: 0; one of the errors of @fn. None is under way any more.
 */
int onvme_crew_run(unsigned int first, unsigned int end, onvme_crew_fn fn, void *arg, void *page)
{
	struct onvme_crew crew = { .fn = fn, .arg = arg, .end = end, .next = ATOMIC_INIT(first) };
	struct onvme_hand *hands[ONVME_CREW_MOST - 1];
	unsigned int n = 0;

	while (n < ARRAY_SIZE(hands) && first + n + 1 < end) {
		hands[n] = onvme_crew_hire(&crew);
		if (!hands[n])
			break;
		n++;
	}
	onvme_crew_work(&crew, page);
	while (n--) {
		cancel_work_sync(&hands[n]->work);	/* who has not come by now need not */
		kfree(hands[n]);
	}
	return crew.err;
}
