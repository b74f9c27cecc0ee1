// SPDX-License-Identifier: GPL-2.0
#include <math.h>
#include <string.h>

#include "hist.h"

#define TOP_HIST_FINE		4u	/* bins of a power of two */
#define TOP_HIST_ROWS		1024u
#define TOP_HIST_PHASES		64u
#define TOP_HIST_QUEUES		65536u
#define TOP_HIST_VALUE		8u	/* bytes of each */

/* The value at @at, which is within the bytes. */
static unsigned long long top_hist_le64(const void *bytes, size_t at)
{
	const unsigned char *p = (const unsigned char *)bytes + at;
	unsigned long long value = 0;
	unsigned int i;

	for (i = TOP_HIST_VALUE; i-- > 0;)
		value = value << 8 | p[i];
	return value;
}

/* A phase whose scale cannot be is not measured. */
static void top_hist_scale(const void *bytes, unsigned int phase, struct top_scale *scale)
{
	size_t at = offsetof(struct onvme_latency_head, phase) + phase * sizeof(struct onvme_latency_phase);
	unsigned long long units, units_ns, first;

	units = top_hist_le64(bytes, at + offsetof(struct onvme_latency_phase, units));
	units_ns = top_hist_le64(bytes, at + offsetof(struct onvme_latency_phase, units_ns));
	first = top_hist_le64(bytes, at + offsetof(struct onvme_latency_phase, first));
	if (!units || !units_ns || first >= 64)
		return;
	scale->unit_ns = (double)units_ns / (double)units;
	scale->first = (unsigned int)first;
}

/* Lengths that are taken from the head, each within what can be. */
static const char *top_hist_lengths(const void *bytes, size_t len, struct top_form *form)
{
#define TOP_HIST_HEAD(_member) top_hist_le64(bytes, offsetof(struct onvme_latency_head, _member))
	unsigned long long head_len = TOP_HIST_HEAD(head_len), queue_len = TOP_HIST_HEAD(queue_len);
	unsigned long long queues = TOP_HIST_HEAD(queues), rows = TOP_HIST_HEAD(rows), bins = TOP_HIST_HEAD(bins);
	unsigned long long bins_at = TOP_HIST_HEAD(bins_at), phases = TOP_HIST_HEAD(phases);

	form->since_ns = TOP_HIST_HEAD(since_ns);
#undef TOP_HIST_HEAD
	if (!queues || queues > TOP_HIST_QUEUES || queue_len > TOP_QUEUE_BYTES || head_len > TOP_QUEUE_BYTES)
		return "latency: lengths that cannot be";
	if (!rows || rows > TOP_HIST_ROWS || !bins || bins > TOP_BUCKETS || !phases || phases > TOP_HIST_PHASES)
		return "latency: histograms that cannot be";
	/* Each of the factors is small by now. */
	if (queue_len < sizeof(struct onvme_latency_queue) || bins_at > queue_len ||
	    phases * rows * bins * TOP_HIST_VALUE > queue_len - bins_at)
		return "latency: histograms beyond their queue";
	form->phases = (unsigned int)(phases < ONVME_LATENCY_PHASES ? phases : ONVME_LATENCY_PHASES);
	if (offsetof(struct onvme_latency_head, phase) + form->phases * sizeof(struct onvme_latency_phase) >
	    (head_len < len ? head_len : len))
		return "latency: a head that is too short";
	form->head_len = (size_t)head_len;
	form->queue_len = (size_t)queue_len;
	form->queues = (unsigned int)queues;
	form->rows = (unsigned int)rows;
	form->bins = (unsigned int)bins;
	form->bins_at = (size_t)bins_at;
	return NULL;
}

/**
 * top_hist_head() - read the beginning of the attribute
 * @bytes: what was read of it
 * @len: how much that is; TOP_HEAD_BYTES are enough, and fewer where it has no more
 * @form: gets what it says
 *
 * Return: NULL, or why it is not believed.
 */
const char *top_hist_head(const void *bytes, size_t len, struct top_form *form)
{
	const char *wrong;
	unsigned int i;

	memset(form, 0, sizeof(*form));
	if (len < offsetof(struct onvme_latency_head, phase))
		return "latency: a head that is too short";
	if (memcmp(bytes, ONVME_LATENCY_MAGIC, strlen(ONVME_LATENCY_MAGIC)))
		return "latency: another form than that of onvme";
	if (top_hist_le64(bytes, offsetof(struct onvme_latency_head, version)) != ONVME_LATENCY_VERSION)
		return "latency: another version than this program knows";
	wrong = top_hist_lengths(bytes, len, form);
	for (i = 0; !wrong && i < form->phases; i++)
		top_hist_scale(bytes, i, &form->scale[i]);
	return wrong;
}

static void top_hist_counters(const void *bytes, struct top_queue *queue)
{
	static const struct {
		size_t	from;
		size_t	to;
	} counters[] = {
#define TOP_HIST_COUNTER(_member) { offsetof(struct onvme_latency_queue, _member), offsetof(struct top_queue, _member) }
		TOP_HIST_COUNTER(qid),
		TOP_HIST_COUNTER(depth),
		TOP_HIST_COUNTER(flags),
		TOP_HIST_COUNTER(in_flight),
		TOP_HIST_COUNTER(commands),
		TOP_HIST_COUNTER(interrupts),
		TOP_HIST_COUNTER(polled),
		TOP_HIST_COUNTER(lost),
		TOP_HIST_COUNTER(late),
		TOP_HIST_COUNTER(retries),
		TOP_HIST_COUNTER(errors),
#undef TOP_HIST_COUNTER
	};
	unsigned long long value;
	unsigned int i;

	for (i = 0; i < sizeof(counters) / sizeof(*counters); i++) {
		value = top_hist_le64(bytes, counters[i].from);
		memcpy((char *)queue + counters[i].to, &value, sizeof(value));
	}
}

/**
 * top_hist_queue() - read a queue
 * @form: what the beginning has said
 * @bytes: the queue
 * @len: how much of it was read
 * @queue: gets its counters
 * @hist: gets its histograms, commands of all kinds together
 *
 * Return: NULL, or why it is not believed.
 */
const char *top_hist_queue(const struct top_form *form, const void *bytes, size_t len, struct top_queue *queue,
			   struct top_hist *hist)
{
	unsigned int phase, row, bin;
	unsigned long long count;
	size_t at;

	if (len < form->queue_len)
		return "latency: less than its head promises";
	top_hist_counters(bytes, queue);
	memset(hist, 0, sizeof(*hist));
	hist->since_ns = form->since_ns;
	memcpy(hist->scale, form->scale, sizeof(hist->scale));
	for (phase = 0; phase < form->phases; phase++) {
		for (row = 0; row < form->rows; row++) {
			at = form->bins_at + ((size_t)phase * form->rows + row) * form->bins * TOP_HIST_VALUE;
			for (bin = 0; bin < form->bins; bin++, at += TOP_HIST_VALUE) {
				count = top_hist_le64(bytes, at);
				if (count != TOP_UNKNOWN)
					hist->count[phase][bin] += count;
			}
		}
	}
	return NULL;
}

/**
 * top_hist_add() - two queues of a controller together
 * @to: gets the other one added, and its scale
 * @what: the other one
 */
void top_hist_add(struct top_hist *to, const struct top_hist *what)
{
	unsigned int phase, bin;

	to->since_ns = what->since_ns;
	memcpy(to->scale, what->scale, sizeof(to->scale));
	for (phase = 0; phase < ONVME_LATENCY_PHASES; phase++)
		for (bin = 0; bin < TOP_BUCKETS; bin++)
			to->count[phase][bin] += what->count[phase][bin];
}

/**
 * top_hist_since() - what came in between
 * @now: at the end
 * @before: at the beginning
 * @delta: gets the difference
 *
 * Return: whether there is one; none when counting began anew meanwhile.
 */
bool top_hist_since(const struct top_hist *now, const struct top_hist *before, struct top_hist *delta)
{
	unsigned int phase, bin;

	if (now->since_ns != before->since_ns)
		return false;
	*delta = *now;
	for (phase = 0; phase < ONVME_LATENCY_PHASES; phase++) {
		for (bin = 0; bin < TOP_BUCKETS; bin++) {
			if (now->count[phase][bin] < before->count[phase][bin])
				return false;
			delta->count[phase][bin] -= before->count[phase][bin];
		}
	}
	return true;
}

/**
 * top_hist_low() - where a bucket begins
 * @scale: of its phase
 * @bucket: its number; one more than that of the last one gives where that would end
 *
 * Return: nanoseconds.
 */
double top_hist_low(const struct top_scale *scale, unsigned int bucket)
{
	if (!bucket)
		return 0;
	return scale->unit_ns *
	       ldexp(TOP_HIST_FINE + bucket % TOP_HIST_FINE, (int)(bucket / TOP_HIST_FINE + scale->first) - 2);
}

static double top_hist_total(const struct top_hist *hist, unsigned int phase)
{
	double total = 0;
	unsigned int bin;

	for (bin = 0; bin < TOP_BUCKETS; bin++)
		total += (double)hist->count[phase][bin];
	return total;
}

/**
 * top_hist_percentile() - the time within which a part of the commands was done
 * @hist: their histogram
 * @phase: of which phase
 * @part: which part, more than 0 and at most 1
 *
 * Within a bucket commands are taken to be spread evenly: the answer is wrong by less than a quarter.
 *
 * Return: nanoseconds; NAN when there was no command, or the phase is not measured.
 */
double top_hist_percentile(const struct top_hist *hist, unsigned int phase, double part)
{
	const struct top_scale *scale = &hist->scale[phase];
	double total = top_hist_total(hist, phase), wanted = total * part, seen = 0, count, low;
	unsigned int bin, last = 0;

	if (total <= 0 || scale->unit_ns <= 0)
		return (double)NAN;
	for (bin = 0; bin < TOP_BUCKETS; bin++) {
		count = (double)hist->count[phase][bin];
		if (count <= 0)
			continue;
		last = bin;
		if (seen + count >= wanted) {
			low = top_hist_low(scale, bin);
			return low + (top_hist_low(scale, bin + 1) - low) * (wanted - seen) / count;
		}
		seen += count;
	}
	return top_hist_low(scale, last + 1);
}

/**
 * top_hist_mean() - how long a command took on average
 * @hist: their histogram
 * @phase: of which phase
 *
 * Return: nanoseconds, as if each had taken the time in the middle of its bucket; NAN as above.
 */
double top_hist_mean(const struct top_hist *hist, unsigned int phase)
{
	const struct top_scale *scale = &hist->scale[phase];
	double total = top_hist_total(hist, phase), sum = 0;
	unsigned int bin;

	if (total <= 0 || scale->unit_ns <= 0)
		return (double)NAN;
	for (bin = 0; bin < TOP_BUCKETS; bin++)
		sum += (double)hist->count[phase][bin] * (top_hist_low(scale, bin) + top_hist_low(scale, bin + 1)) / 2;
	return sum / total;
}
