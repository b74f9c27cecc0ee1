// SPDX-License-Identifier: GPL-2.0
/*
 * The attribute is made value by value, so that any part of it can be read alone: it is not kept anywhere. What only a
 * controller that stands still could tell is told while nobody brings it up or down.
 */
#include <linux/debugfs.h>
#include <linux/math64.h>
#include <linux/seq_file.h>
#include <linux/sysfs.h>
#include <onvme/uapi.h>

#include "ctrl.h"
#include "lane.h"

#define ONVME_LATENCY_WORDS(type)	(sizeof(type) / sizeof(u64))
#define ONVME_LATENCY_Q_BINS		(ONVME_LATENCY_PHASES * ONVME_HIST_ROWS * ONVME_HIST_BINS)
#define ONVME_LATENCY_Q_WORDS		(2 * ONVME_TALLY_STATUSES + ONVME_LATENCY_Q_BINS + \
					 ONVME_LATENCY_WORDS(struct onvme_latency_queue))

static_assert(sizeof(struct onvme_latency_head) == 216);
static_assert(sizeof(struct onvme_latency_queue) == 136);
static_assert(sizeof(struct onvme_latency_row) == 16);
static_assert(sizeof(struct onvme_latency_status) == 16);

/* What is being read, in one piece */
struct onvme_latency_view {
	struct onvme_ctrl		*ctrl;
	struct onvme_latency_head	head;
	struct onvme_latency_queue	queue;
	unsigned int			of;	/* @queue is of this one, or, at ~0, of none */
};

static void onvme_latency_head(struct onvme_latency_view *view)
{
	struct onvme_latency_head *head = &view->head;
	const struct onvme_clock *clock = &view->ctrl->clock;
	u64 units = onvme_stamp_count() - clock->base, units_ns = ktime_get_boottime_ns() - clock->base_ns;
	unsigned int i;

	memcpy(head->magic, ONVME_LATENCY_MAGIC, sizeof(head->magic));
	head->version = cpu_to_le64(ONVME_LATENCY_VERSION);
	head->head_len = cpu_to_le64(sizeof(*head) + ONVME_HIST_ROWS * sizeof(struct onvme_latency_row));
	head->queue_len = cpu_to_le64(ONVME_LATENCY_Q_WORDS * 8);
	head->queues = cpu_to_le64(view->ctrl->nr_queues);
	head->rows_at = cpu_to_le64(sizeof(*head));
	head->row_len = cpu_to_le64(sizeof(struct onvme_latency_row));
	head->rows = cpu_to_le64(ONVME_HIST_ROWS);
	head->bins = cpu_to_le64(ONVME_HIST_BINS);
	head->statuses_at = cpu_to_le64(sizeof(struct onvme_latency_queue));
	head->statuses = cpu_to_le64(ONVME_TALLY_STATUSES);
	head->bins_at = cpu_to_le64(sizeof(struct onvme_latency_queue) +
				    ONVME_TALLY_STATUSES * sizeof(struct onvme_latency_status));
	head->now_ns = cpu_to_le64(ktime_get_boottime_ns());
	head->since_ns = cpu_to_le64(READ_ONCE(view->ctrl->latency.since_ns));
	head->phases = cpu_to_le64(ONVME_LATENCY_PHASES);
	for (i = 0; i < ONVME_LATENCY_PHASES; i++) {
		bool host = i == ONVME_LATENCY_HOST;

		head->phase[i].units = cpu_to_le64(host ? 1 : units);
		head->phase[i].units_ns = cpu_to_le64(host ? 1 : units_ns);
		head->phase[i].first = cpu_to_le64(host ? ONVME_TALLY_HOST_FIRST : ONVME_TALLY_FIRST);
		head->phase[i].sampled = cpu_to_le64(host ? ONVME_TALLY_CHANCE : 1);
	}
}

/* How many commands of a row took as long as @bin says. */
static u64 onvme_latency_bin(const struct onvme_bins *bins, unsigned int phase, unsigned int row, unsigned int bin)
{
	unsigned int at = row * ONVME_HIST_BINS + bin;

	switch (phase) {
	case ONVME_LATENCY_HOST:
		return READ_ONCE(bins->host[at]);
	case ONVME_LATENCY_DEVICE:
		return READ_ONCE(bins->device[at]);
	default:
		return READ_ONCE(bins->irq[at]);
	}
}

static u64 onvme_latency_commands(const struct onvme_tally *tally, const struct onvme_bins *bins)
{
	u64 n = READ_ONCE(tally->rescued) - READ_ONCE(tally->halved);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bins->device); i++)
		n += READ_ONCE(bins->device[i]);
	return n;
}

/* The table of commands in flight may be replaced by who brings the controller up. */
static u64 onvme_latency_in_flight(struct onvme_ctrl *ctrl, const struct onvme_queue *q)
{
	u64 n = 0;
	unsigned int i;

	if (!mutex_trylock(&ctrl->life))
		return ONVME_LATENCY_UNKNOWN;
	for (i = 0; q->slots && i < q->depth; i++)
		n += !!READ_ONCE(q->slots[i]);
	mutex_unlock(&ctrl->life);
	return n;
}

static u64 onvme_latency_flags(const struct onvme_queue *q)
{
	return (test_bit(ONVME_Q_LIVE, &q->flags) ? ONVME_LATENCY_Q_LIVE : 0) |
	       (test_bit(ONVME_Q_POLLED, &q->flags) ? ONVME_LATENCY_Q_POLLED : 0) |
	       (READ_ONCE(q->watch.deadline.trust) != ONVME_TRUST_FULL ? ONVME_LATENCY_Q_TIMER : 0);
}

static void onvme_latency_queue(struct onvme_ctrl *ctrl, unsigned int i, struct onvme_latency_queue *out)
{
	struct onvme_queue *q = &ctrl->queues[i];
	const struct onvme_tally *tally = &q->tally;
	const struct onvme_bins *bins = smp_load_acquire(&tally->bins);	/* pairs with onvme_tally_alloc() */
	u64 polls = READ_ONCE(tally->times[ONVME_BY_POLL]) + READ_ONCE(tally->times[ONVME_BY_RESCUE]);
	u64 interrupts = READ_ONCE(tally->times[ONVME_BY_IRQ]);
	const struct onvme_watch *vector;

	memset(out, 0, sizeof(*out));
	out->qid = cpu_to_le64(i);
	if (!bins || !READ_ONCE(q->sq))
		return;
	vector = &ctrl->queues[READ_ONCE(q->vector)].watch;
	out->depth = cpu_to_le64(READ_ONCE(q->depth));
	out->vector = cpu_to_le64(READ_ONCE(q->vector));
	out->flags = cpu_to_le64(onvme_latency_flags(q));
	out->in_flight = cpu_to_le64(onvme_latency_in_flight(ctrl, q));
	out->commands = cpu_to_le64(onvme_latency_commands(tally, bins));
	out->sq_doorbells = cpu_to_le64(READ_ONCE(q->bells));
	out->cq_doorbells = cpu_to_le64(interrupts + polls);
	out->interrupts = cpu_to_le64(interrupts);
	out->spurious = cpu_to_le64(READ_ONCE(tally->spurious));
	out->polls = cpu_to_le64(polls);
	out->polled = cpu_to_le64(READ_ONCE(tally->polled));
	out->lost = cpu_to_le64((u64)atomic_read(&vector->lost));
	out->late = cpu_to_le64((u64)atomic_read(&vector->late));
	out->bogus = cpu_to_le64(READ_ONCE(tally->bogus));
	out->retries = cpu_to_le64(READ_ONCE(tally->retries));
	out->errors = cpu_to_le64(READ_ONCE(tally->errors));
}

/* One of the two values of a status. */
static u64 onvme_latency_status(const struct onvme_tally *tally, unsigned int i)
{
	if (i % 2)
		return READ_ONCE(tally->count[i / 2]);
	return i / 2 == ONVME_TALLY_STATUSES - 1 ? ONVME_LATENCY_ANY_STATUS : READ_ONCE(tally->status[i / 2]);
}

/* Value @at of queue @i */
static __le64 onvme_latency_of_queue(struct onvme_latency_view *view, unsigned int i, unsigned int at)
{
	const struct onvme_tally *tally = &view->ctrl->queues[i].tally;
	const struct onvme_bins *bins = smp_load_acquire(&tally->bins);	/* pairs with onvme_tally_alloc() */

	if (at < ONVME_LATENCY_WORDS(struct onvme_latency_queue)) {
		if (view->of != i)
			onvme_latency_queue(view->ctrl, i, &view->queue);
		view->of = i;
		return ((__le64 *)&view->queue)[at];
	}
	if (!bins)
		return 0;
	at -= ONVME_LATENCY_WORDS(struct onvme_latency_queue);
	if (at < 2 * ONVME_TALLY_STATUSES)
		return cpu_to_le64(onvme_latency_status(tally, at));
	at -= 2 * ONVME_TALLY_STATUSES;
	return cpu_to_le64(onvme_latency_bin(bins, at / (ONVME_HIST_ROWS * ONVME_HIST_BINS),
					     at / ONVME_HIST_BINS % ONVME_HIST_ROWS, at % ONVME_HIST_BINS));
}

static u64 onvme_latency_row(const struct onvme_hist_row *row, bool most)
{
	return most ? row->most : row->what;
}

/* Value @at of the whole */
static __le64 onvme_latency_value(struct onvme_latency_view *view, u64 at)
{
	u32 rest;

	if (at < ONVME_LATENCY_WORDS(struct onvme_latency_head))
		return ((__le64 *)&view->head)[at];
	at -= ONVME_LATENCY_WORDS(struct onvme_latency_head);
	if (at < 2 * ONVME_HIST_ROWS)
		return cpu_to_le64(onvme_latency_row(onvme_hist_row_of((u32)at / 2), at % 2));
	at = div_u64_rem(at - 2 * ONVME_HIST_ROWS, ONVME_LATENCY_Q_WORDS, &rest);
	return onvme_latency_of_queue(view, (unsigned int)at, rest);
}

static ssize_t onvme_latency_read(struct file *file, struct kobject *kobj, onvme_bin_attr *attr, char *buf,
				  loff_t pos, size_t count)
{
	struct onvme_latency_view view = { .ctrl = to_ctrl(kobj_to_dev(kobj)), .of = ~0u };
	size_t done = 0;
	u64 end;

	onvme_latency_head(&view);
	end = le64_to_cpu(view.head.head_len) + le64_to_cpu(view.head.queue_len) * view.ctrl->nr_queues;
	while (done < count && (u64)pos + done < end) {
		u64 at = (u64)pos + done;
		__le64 value = onvme_latency_value(&view, at / sizeof(value));
		size_t skip = at % sizeof(value), n = min(sizeof(value) - skip, count - done);

		memcpy(buf + done, (u8 *)&value + skip, n);
		done += n;
	}
	return (ssize_t)done;
}

static ssize_t onvme_latency_write(struct file *file, struct kobject *kobj, onvme_bin_attr *attr, char *buf,
				   loff_t pos, size_t count)
{
	struct onvme_ctrl *ctrl = to_ctrl(kobj_to_dev(kobj));
	unsigned int i;

	if (pos || !count || count > 2 || buf[0] != '0' || (count == 2 && buf[1] != '\n'))
		return -EINVAL;
	if (mutex_lock_interruptible(&ctrl->life))
		return -EINTR;
	for (i = 0; i < ctrl->nr_queues; i++)
		if (ctrl->queues[i].sq)
			onvme_queue_count_anew(&ctrl->queues[i]);
	onvme_watch_clear(ctrl);
	onvme_latency_begin(&ctrl->latency);
	mutex_unlock(&ctrl->life);
	return (ssize_t)count;
}

static onvme_bin_attr onvme_latency_attr = {
	.attr	= { .name = "latency", .mode = 0644 },
	.read	= onvme_latency_read,
	.write	= onvme_latency_write,
};

static onvme_bin_attr * const onvme_latency_attrs[] = {
	&onvme_latency_attr,
	NULL
};

const struct attribute_group onvme_latency_group = {
	.bin_attrs	= (void *)onvme_latency_attrs,
};

/* The same for people */

static u64 onvme_latency_ns(const struct onvme_latency_phase *phase, u32 bin)
{
	u64 units = le64_to_cpu(phase->units);

	/* A counter that jumped, or of less than 1 MHz, says nothing, and what follows has no room for it. */
	if (units <= le64_to_cpu(phase->units_ns) >> 10)
		return 0;
	return mul_u64_u64_div_u64(onvme_hist_floor(bin, (u32)le64_to_cpu(phase->first)), le64_to_cpu(phase->units_ns),
				   units);
}

static void onvme_latency_show_row(struct seq_file *m, const struct onvme_latency_phase *phase, const char *name,
				   const u64 *bins)
{
	static const u32 per_mille[] = { 500, 900, 990, 999, 1000 };
	u64 total = 0;
	unsigned int i;

	for (i = 0; i < ONVME_HIST_BINS; i++)
		total += bins[i];
	if (!total)
		return;
	seq_printf(m, "  %s %llu:", name, total);
	for (i = 0; i < ARRAY_SIZE(per_mille); i++) {
		u64 ns = onvme_latency_ns(phase, onvme_hist_quantile(bins, per_mille[i]) + 1);

		seq_printf(m, " %u.%u%% < %llu.%03u us", per_mille[i] / 10, per_mille[i] % 10, div_u64(ns, 1000),
			   (unsigned int)(ns - 1000 * div_u64(ns, 1000)));
	}
	seq_putc(m, '\n');
}

static void onvme_latency_show_queue(struct seq_file *m, struct onvme_latency_view *view, unsigned int i, u64 *row)
{
	static const char * const name[ONVME_LATENCY_PHASES] = { "host", "device", "interrupt" };
	const struct onvme_bins *bins = smp_load_acquire(&view->ctrl->queues[i].tally.bins);	/* as above */
	const struct onvme_latency_queue *q = &view->queue;
	unsigned int r, phase, bin;

	onvme_latency_queue(view->ctrl, i, &view->queue);
	if (!bins || !q->depth)
		return;
	seq_printf(m, "queue %u: commands %llu in flight %lld doorbells %llu + %llu interrupts %llu spurious %llu\n", i,
		   le64_to_cpu(q->commands), (s64)le64_to_cpu(q->in_flight), le64_to_cpu(q->sq_doorbells),
		   le64_to_cpu(q->cq_doorbells), le64_to_cpu(q->interrupts), le64_to_cpu(q->spurious));
	seq_printf(m, "  polls %llu polled %llu lost %llu late %llu bogus %llu retries %llu errors %llu\n",
		   le64_to_cpu(q->polls), le64_to_cpu(q->polled), le64_to_cpu(q->lost), le64_to_cpu(q->late),
		   le64_to_cpu(q->bogus), le64_to_cpu(q->retries), le64_to_cpu(q->errors));
	for (r = 0; r < 2 * ONVME_TALLY_STATUSES; r += 2)
		if (onvme_latency_status(&view->ctrl->queues[i].tally, r + 1))
			seq_printf(m, "  status 0x%llx %llu\n", onvme_latency_status(&view->ctrl->queues[i].tally, r),
				   onvme_latency_status(&view->ctrl->queues[i].tally, r + 1));
	for (r = 0; r < ONVME_HIST_ROWS; r++) {
		for (phase = 0; phase < ONVME_LATENCY_PHASES; phase++) {
			char text[40];

			for (bin = 0; bin < ONVME_HIST_BINS; bin++)
				row[bin] = onvme_latency_bin(bins, phase, r, bin);
			snprintf(text, sizeof(text), "%s: %s", i ? onvme_hist_row_of(r)->text : "admin", name[phase]);
			onvme_latency_show_row(m, &view->head.phase[phase], text, row);
		}
	}
}

static int onvme_latency_show(struct seq_file *m, void *v)
{
	struct onvme_latency_view view = { .ctrl = m->private, .of = ~0u };
	u64 *row = kmalloc_array(ONVME_HIST_BINS, sizeof(*row), GFP_KERNEL);
	unsigned int i;

	if (!row)
		return -ENOMEM;
	onvme_latency_head(&view);
	for (i = 0; i < view.ctrl->nr_queues; i++)
		onvme_latency_show_queue(m, &view, i, row);
	kfree(row);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(onvme_latency);

/**
 * onvme_latency_expose() - the file latency in the controller's folder in debugfs
 * @ctrl: the controller; registered
 *
 * Process context.
 */
void onvme_latency_expose(struct onvme_ctrl *ctrl)
{
	debugfs_create_file("latency", 0444, ctrl->debugfs, ctrl, &onvme_latency_fops);
}
