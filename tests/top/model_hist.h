/* SPDX-License-Identifier: GPL-2.0 */
/*
 * model_hist.h - the attribute "latency" as <onvme/uapi.h> describes it, written from that and not from the code.
 */
#ifndef ONVME_MODEL_HIST_H
#define ONVME_MODEL_HIST_H

#include <linux/types.h>
#include <onvme/uapi.h>
#include <string.h>

struct model_latency {
	u64	queues;
	u64	rows;
	u64	bins;
	u64	phases;
	u64	spare;		/* bytes that a later driver has put at the end of each structure */
	u64	units;
	u64	units_ns;
	u64	first;
	u64	since_ns;
};

static inline u64 model_head_len(const struct model_latency *m)
{
	return sizeof(struct onvme_latency_head) + m->spare + m->rows * (sizeof(struct onvme_latency_row) + m->spare);
}

static inline u64 model_bins_at(const struct model_latency *m)
{
	return sizeof(struct onvme_latency_queue) + m->spare;
}

static inline u64 model_queue_len(const struct model_latency *m)
{
	return model_bins_at(m) + m->phases * m->rows * m->bins * 8;
}

static inline void model_put(u8 *at, u64 value)
{
	unsigned int i;

	for (i = 0; i < 8; i++)
		at[i] = (u8)(value >> 8 * i);
}

#define MODEL_PUT(_base, _type, _member, _value) model_put((u8 *)(_base) + offsetof(_type, _member), _value)

/* The head, into model_head_len() bytes. */
static inline void model_write_head(const struct model_latency *m, u8 *head)
{
	unsigned int i;

	memset(head, 0, model_head_len(m));
	memcpy(head, "onvmelat", 8);
	MODEL_PUT(head, struct onvme_latency_head, version, 1);
	MODEL_PUT(head, struct onvme_latency_head, head_len, model_head_len(m));
	MODEL_PUT(head, struct onvme_latency_head, queue_len, model_queue_len(m));
	MODEL_PUT(head, struct onvme_latency_head, queues, m->queues);
	MODEL_PUT(head, struct onvme_latency_head, rows, m->rows);
	MODEL_PUT(head, struct onvme_latency_head, bins, m->bins);
	MODEL_PUT(head, struct onvme_latency_head, bins_at, model_bins_at(m));
	MODEL_PUT(head, struct onvme_latency_head, since_ns, m->since_ns);
	MODEL_PUT(head, struct onvme_latency_head, phases, m->phases);
	for (i = 0; i < ONVME_LATENCY_PHASES; i++) {
		u8 *phase = head + offsetof(struct onvme_latency_head, phase) + i * sizeof(struct onvme_latency_phase);

		MODEL_PUT(phase, struct onvme_latency_phase, units, m->units);
		MODEL_PUT(phase, struct onvme_latency_phase, units_ns, m->units_ns);
		MODEL_PUT(phase, struct onvme_latency_phase, first, m->first);
	}
}

/* Where in a queue that bin is. */
static inline u64 model_bin_at(const struct model_latency *m, u64 phase, u64 row, u64 bin)
{
	return model_bins_at(m) + ((phase * m->rows + row) * m->bins + bin) * 8;
}

/* In units, as the comment there says. */
static inline double model_bin_begins(const struct model_latency *m, u64 n)
{
	double value = (double)(4 + n % 4);
	u64 shift = n / 4 + m->first;

	while (shift--)
		value *= 2;
	return n ? value / 4 : 0;
}

static inline u64 model_bin_of(const struct model_latency *m, double units)
{
	u64 n = 0;

	while (n + 1 < m->bins && units >= model_bin_begins(m, n + 1))
		n++;
	return n;
}

#endif /* ONVME_MODEL_HIST_H */
