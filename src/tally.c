// SPDX-License-Identifier: GPL-2.0
/*
 * The device gives no times. What is known of a completion is when its command was posted, when the driver took it,
 * and, should nobody have been told of it, when somebody looked last and it was not there. From then on it may have
 * been there, so that time is not the device's.
 */
#include <linux/blk-mq.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>

#include "fault.h"
#include "tally.h"

/* A row of less than the last power of two does not get into the next but one. */
static_assert(ONVME_TALLY_BEYOND >= (63 - 3) * 4 - ONVME_HIST_BINS);
static_assert(offsetof(struct onvme_bins, beyond) == ONVME_HIST_ROWS * ONVME_HIST_BINS * sizeof(u64));

/**
 * onvme_tally_alloc() - memory for histograms, if there is none yet
 * @tally: of the queue
 * @node: NUMA node
 *
 * Process context.
 *
 * Return: 0 or -ENOMEM.
 */
int onvme_tally_alloc(struct onvme_tally *tally, int node)
{
	struct onvme_bins *bins;

	if (tally->bins)
		return 0;
	spin_lock_init(&tally->lock);
	bins = ONVME_ALLOC(kvzalloc_node(sizeof(*bins), GFP_KERNEL, node));
	if (!bins)
		return -ENOMEM;
	smp_store_release(&tally->bins, bins);	/* pairs with who reads them, and finds them empty */
	return 0;
}

/**
 * onvme_tally_free() - undo onvme_tally_alloc()
 * @tally: of a queue that nobody knows any more
 *
 * Idempotent.
 */
void onvme_tally_free(struct onvme_tally *tally)
{
	kvfree(tally->bins);
	tally->bins = NULL;
}

/**
 * onvme_tally_waited() - a request has got as far as its queue
 * @tally: of the queue
 * @rq: the request, not tried before. Where the block layer does not look at the clock it is not counted
 * @row: its row
 *
 * Caller holds sq_lock.
 */
void onvme_tally_waited(struct onvme_tally *tally, const struct request *rq, u32 row)
{
	u64 now = ktime_get_ns();

	if (!rq->start_time_ns || !tally->bins)
		return;
	now = now > rq->start_time_ns ? now - rq->start_time_ns : 0;
	tally->bins->host[row + onvme_hist_bin(now, ONVME_TALLY_HOST_FIRST)]++;
}

/**
 * onvme_tally_rescued() - a completion was taken that nobody was told of
 * @tally: of the queue
 * @row: row of its command
 * @posted: when that was posted
 * @absent: when somebody looked last and the completion was not there; 0: never
 * @now: when it was taken
 *
 * For who owns the completion side as holder of poll_mutex.
 */
void onvme_tally_rescued(struct onvme_tally *tally, u32 row, u64 posted, u64 absent, u64 now)
{
	u64 since = posted;

	if ((s64)(absent - posted) > 0 && absent) {
		since = absent;
		onvme_tally_took(tally, row, (absent - posted) | BIT(ONVME_TALLY_FIRST));
		tally->halved++;
	}
	tally->bins->irq[row + onvme_hist_bin(now - since, ONVME_TALLY_FIRST)]++;
	tally->rescued++;
}

/**
 * onvme_tally_status() - a command ended in a status that is no success
 * @tally: of its queue
 * @status: Status Field without Phase Tag
 * @retry: it is tried again
 *
 * Any context.
 */
void onvme_tally_status(struct onvme_tally *tally, u16 status, bool retry)
{
	const u16 code = status & 0x7ff;
	unsigned long irqs;
	unsigned int i;

	spin_lock_irqsave(&tally->lock, irqs);
	if (retry)
		tally->retries++;
	else
		tally->errors++;
	for (i = 0; i < ONVME_TALLY_STATUSES - 1; i++)
		if (!tally->count[i] || tally->status[i] == code)
			break;
	tally->status[i] = code;
	tally->count[i]++;
	spin_unlock_irqrestore(&tally->lock, irqs);
}

/**
 * onvme_tally_clear() - count anew
 * @tally: of a queue. Caller owns both of its sides
 */
void onvme_tally_clear(struct onvme_tally *tally)
{
	struct onvme_bins *bins = tally->bins;
	unsigned long irqs;

	if (!bins)
		return;
	memset(bins, 0, sizeof(*bins));
	memset(tally->times, 0, sizeof(tally->times));
	tally->polled = 0;
	tally->rescued = 0;
	tally->halved = 0;
	tally->spurious = 0;
	tally->bogus = 0;
	spin_lock_irqsave(&tally->lock, irqs);
	tally->retries = 0;
	tally->errors = 0;
	memset(tally->count, 0, sizeof(tally->count));
	spin_unlock_irqrestore(&tally->lock, irqs);
}
