// SPDX-License-Identifier: GPL-2.0
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "file.h"
#include "health.h"
#include "hist.h"
#include "read.h"

#define TOP_READ_CTRLS		256
#define TOP_READ_NS		1024	/* of a controller */
#define TOP_READ_STAT		17	/* numbers in a stat file; older kernels have fewer */
#define TOP_READ_STAT_LEAST	11
#define TOP_READ_SECTOR		512
#define TOP_READ_PAGE		4096

/* The class of the driver that came second, and the usual one. */
static const char * const top_read_class[] = { "nvme", "onvme" };

static const struct {
	enum top_fact	fact;
	const char	*path;
} top_read_facts[] = {
	{ TOP_ERRORS,	"diag/command_error_count" },
	{ TOP_RETRIES,	"diag/command_retries_count" },
	{ TOP_TIMEOUTS,	"diag/timeout_count" },
	{ TOP_POLLED,	"diag/polled_count" },
	{ TOP_ABORTS,	"diag/abort_count" },
	{ TOP_RESETS,	"diag/reset_count" },
	{ TOP_FINDINGS,	"diag/finding_count" },
	{ TOP_BOGUS,	"diag/bogus_completion_count" },
	{ TOP_SLEEP,	"power_state_max" },
};

#define TOP_READ_FACTS	(sizeof(top_read_facts) / sizeof(*top_read_facts))

/* Documentation/block/stat.rst has the numbers. */
static bool top_read_stat(int dir, struct top_io *io)
{
	unsigned long long v[TOP_READ_STAT] = { 0 };
	char text[2 * TOP_LINE];

	if (!top_file_text(dir, "stat", text, sizeof(text)) ||
	    top_file_numbers(text, v, TOP_READ_STAT) < TOP_READ_STAT_LEAST)
		return false;
	io->reads = v[0];
	io->read_bytes = v[2] * TOP_READ_SECTOR;
	io->writes = v[4];
	io->write_bytes = v[6] * TOP_READ_SECTOR;
	io->busy_ms = v[10];
	io->others = v[11] + v[15];
	return true;
}

static void top_read_add_io(struct top_item *to, const struct top_io *io)
{
	to->has_io = true;
	to->io.reads += io->reads;
	to->io.writes += io->writes;
	to->io.others += io->others;
	to->io.read_bytes += io->read_bytes;
	to->io.write_bytes += io->write_bytes;
	to->io.busy_ms += io->busy_ms;
}

/* What a namespace does, its controller does. */
static void top_read_ns(int ctrl_dir, const char *name, unsigned int ctrl, struct top_sample *sample)
{
	int dir = top_file_dir(ctrl_dir, name);
	unsigned long long v[2], before;
	struct top_item *item, *parent;
	char text[TOP_LINE];
	struct top_io io;

	if (dir < 0)
		return;
	item = top_sample_add(sample, TOP_NS, ctrl);
	if (item) {
		strcpy(item->name, name);
		parent = &sample->items[ctrl];
		if (top_read_stat(dir, &io)) {
			top_read_add_io(item, &io);
			top_read_add_io(parent, &io);
		}
		if (top_file_text(dir, "inflight", text, sizeof(text)) && top_file_numbers(text, v, 2) == 2) {
			top_sample_set(item, TOP_INFLIGHT, v[0] + v[1]);
			top_sample_get(parent, TOP_INFLIGHT, &before);
			top_sample_set(parent, TOP_INFLIGHT, before + v[0] + v[1]);
		}
		if (top_file_number(dir, "size", v) && !v[0])
			strcpy(item->state, "empty");
	}
	close(dir);
}

/* "queue 1 vector 1 lost 3 late 0 timer", of queues of which there is something to tell. */
static void top_read_trust(const char *text, struct top_item *items, unsigned int nr)
{
	unsigned int queue, vector, lost, late, i;
	const char *line;
	char word[TOP_WORD];

	for (line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (sscanf(line, "queue %u vector %u lost %u late %u %11s", &queue, &vector, &lost, &late, word) != 5)
			continue;
		for (i = 0; i < nr; i++) {
			if (items[i].number != queue)
				continue;
			top_sample_set(&items[i], TOP_LOST, lost);
			top_sample_set(&items[i], TOP_LATE, late);
			if (strcmp(word, "interrupt"))
				snprintf(items[i].state, sizeof(items[i].state), "%s", word);
		}
	}
}

/* "default 4 read 0 poll 1": queues are numbered in that order, from 1 on. */
static void top_read_queue_map(int dir, unsigned int ctrl, struct top_sample *sample)
{
	unsigned int nr[3], use, i, first = sample->nr, number = 1;
	char text[TOP_READ_PAGE];
	struct top_item *item;

	if (!top_file_text(dir, "queue_map", text, sizeof(text)) ||
	    sscanf(text, "default %u read %u poll %u", &nr[0], &nr[1], &nr[2]) != 3)
		return;
	for (use = 0; use < 3; use++) {
		for (i = 0; i < nr[use]; i++) {
			item = top_sample_add(sample, TOP_QUEUE, ctrl);
			if (!item)
				return;
			item->number = number;
			snprintf(item->name, sizeof(item->name), "queue %u", number++);
			strcpy(item->state, use == 2 ? "poll" : "interrupt");
		}
	}
	if (top_file_text(dir, "diag/lost_interrupts", text, sizeof(text)))
		top_read_trust(text, sample->items + first, sample->nr - first);
}

static const char *top_read_queue_state(unsigned long long flags)
{
	if (!(flags & ONVME_LATENCY_Q_LIVE))
		return "down";
	if (flags & ONVME_LATENCY_Q_TIMER)
		return "timer";
	return flags & ONVME_LATENCY_Q_POLLED ? "poll" : "interrupt";
}

static void top_read_known(struct top_item *item, enum top_fact fact, unsigned long long value)
{
	if (value != TOP_UNKNOWN)
		top_sample_set(item, fact, value);
}

/* What I/O queues do, the controller does; commands of the admin queue are of another kind. */
static void top_read_add_queue(struct top_item *ctrl, const struct top_queue *queue, const struct top_hist *hist)
{
	unsigned long long before;

	if (!ctrl->hist)
		ctrl->hist = calloc(1, sizeof(*ctrl->hist));
	if (ctrl->hist)
		top_hist_add(ctrl->hist, hist);
	top_sample_get(ctrl, TOP_COMMANDS, &before);
	if (queue->commands != TOP_UNKNOWN)
		top_sample_set(ctrl, TOP_COMMANDS, before + queue->commands);
}

static bool top_read_queue(const struct top_queue *queue, const struct top_hist *hist, unsigned int ctrl,
			   struct top_sample *sample)
{
	struct top_item *item;

	/* One that never was. */
	if (!queue->depth)
		return true;
	item = top_sample_add(sample, TOP_QUEUE, ctrl);
	if (!item)
		return false;
	item->number = (unsigned int)queue->qid;
	snprintf(item->name, sizeof(item->name), item->number ? "queue %u" : "admin", item->number);
	strcpy(item->state, top_read_queue_state(queue->flags));
	top_read_known(item, TOP_INFLIGHT, queue->in_flight);
	top_read_known(item, TOP_COMMANDS, queue->commands);
	top_read_known(item, TOP_INTERRUPTS, queue->interrupts);
	top_read_known(item, TOP_POLLED, queue->polled);
	top_read_known(item, TOP_LOST, queue->lost);
	top_read_known(item, TOP_LATE, queue->late);
	top_read_known(item, TOP_RETRIES, queue->retries);
	top_read_known(item, TOP_ERRORS, queue->errors);
	item->hist = malloc(sizeof(*item->hist));
	if (item->hist)
		*item->hist = *hist;
	if (item->number)
		top_read_add_queue(&sample->items[ctrl], queue, hist);
	return true;
}

/* Queue by queue, so that many of them take no more memory than one. */
static const char *top_read_latency_queues(int fd, const struct top_form *form, unsigned char *bytes, unsigned int ctrl,
					   struct top_sample *sample)
{
	struct top_queue queue;
	struct top_hist hist;
	const char *wrong;
	unsigned int i;
	ssize_t n;

	for (i = 0; i < form->queues; i++) {
		n = top_file_at(fd, form->head_len + (size_t)i * form->queue_len, bytes, form->queue_len);
		if (n < 0)
			return NULL;
		wrong = top_hist_queue(form, bytes, (size_t)n, &queue, &hist);
		if (wrong)
			return wrong;
		if (!top_read_queue(&queue, &hist, ctrl, sample))
			break;
	}
	return NULL;
}

/* Whether there is such an attribute; what is wrong with it stands in the sample, and no queue of it then. */
static bool top_read_latency(int dir, unsigned int ctrl, struct top_sample *sample)
{
	int fd = openat(dir, "latency", O_RDONLY | O_CLOEXEC);
	unsigned int first = sample->nr;
	unsigned char head[TOP_HEAD_BYTES], *bytes = NULL;
	struct top_form form;
	const char *wrong = NULL;
	ssize_t n;

	if (fd < 0)
		return false;
	n = top_file_at(fd, 0, head, sizeof(head));
	if (n >= 0)
		wrong = top_hist_head(head, (size_t)n, &form);
	if (n >= 0 && !wrong) {
		bytes = malloc(form.queue_len);
		wrong = bytes ? top_read_latency_queues(fd, &form, bytes, ctrl, sample) : "no memory";
	}
	if (wrong) {
		top_sample_notice(sample, "%s: %s", sample->items[ctrl].name, wrong);
		top_sample_cut(sample, first);
		free(sample->items[ctrl].hist);
		sample->items[ctrl].hist = NULL;
		sample->items[ctrl].has &= ~(1u << TOP_COMMANDS);
	}
	free(bytes);
	close(fd);
	return n >= 0 && !wrong;
}

static void top_read_ctrl_facts(int dir, const char *class, struct top_item *item)
{
	unsigned long long value;
	unsigned int i;

	if (!top_file_text(dir, "state", item->state, sizeof(item->state)))
		*item->state = '\0';
	if (!top_file_text(dir, "device/power_state", item->power, sizeof(item->power)))
		*item->power = '\0';
	for (i = 0; i < TOP_READ_FACTS; i++)
		if (top_file_number(dir, top_read_facts[i].path, &value))
			top_sample_set(item, top_read_facts[i].fact, value);
	top_health_fill(class, item);
}

static void top_read_ctrl(int class_dir, const char *class, const char *name, struct top_sample *sample)
{
	static top_file_name names[TOP_READ_NS];
	int dir = top_file_dir(class_dir, name);
	unsigned int i, n, ctrl = sample->nr;
	struct top_item *item;

	if (dir < 0)
		return;
	item = top_sample_add(sample, TOP_CTRL, 0);
	if (item) {
		strcpy(item->name, name);
		top_read_ctrl_facts(dir, class, item);
		n = top_file_names(dir, ".", top_file_is_ns, names, TOP_READ_NS);
		for (i = 0; i < n; i++)
			top_read_ns(dir, names[i], ctrl, sample);
		if (!top_read_latency(dir, ctrl, sample))
			top_read_queue_map(dir, ctrl, sample);
	}
	close(dir);
}

/**
 * top_read() - what is there now
 * @sys: folder that takes the place of /sys
 * @sample: is cleared, and gets it
 */
void top_read(int sys, struct top_sample *sample)
{
	static top_file_name names[TOP_READ_CTRLS];
	struct timespec now;
	unsigned int c, i, n;
	char path[TOP_NAME];
	int dir;

	top_sample_clear(sample);
	clock_gettime(CLOCK_MONOTONIC, &now);
	sample->when = (double)now.tv_sec + (double)now.tv_nsec / 1e9;
	sample->wall = time(NULL);
	for (c = 0; c < sizeof(top_read_class) / sizeof(*top_read_class); c++) {
		snprintf(path, sizeof(path), "class/%s", top_read_class[c]);
		dir = top_file_dir(sys, path);
		if (dir < 0)
			continue;
		n = top_file_names(dir, ".", top_file_is_ctrl, names, TOP_READ_CTRLS);
		for (i = 0; i < n; i++)
			top_read_ctrl(dir, top_read_class[c], names[i], sample);
		close(dir);
	}
}
