// SPDX-License-Identifier: GPL-2.0
#include <math.h>

#include "json.h"

#define TOP_JSON_VERSION	1

static const char * const top_json_values[TOP_VALUES] = {
	[TOP_IOPS]	= "iops",
	[TOP_READ]	= "read_bytes_per_s",
	[TOP_WRITE]	= "write_bytes_per_s",
	[TOP_DEPTH]	= "depth",
	[TOP_P50]	= "p50_ns",
	[TOP_P99]	= "p99_ns",
	[TOP_P999]	= "p999_ns",
};

#define TOP_JSON_ALL	(1u << TOP_CTRL | 1u << TOP_NS | 1u << TOP_QUEUE)
#define TOP_JSON_CTRL	(1u << TOP_CTRL)
#define TOP_JSON_QUEUE	(1u << TOP_QUEUE)

static const struct {
	const char	*name;
	unsigned int	kinds;	/* that have such a thing */
} top_json_facts[TOP_FACTS] = {
	[TOP_TEMPERATURE]	= { "temperature_k", TOP_JSON_CTRL },
	[TOP_WARNING]		= { "critical_warning", TOP_JSON_CTRL },
	[TOP_MEDIA_ERRORS]	= { "media_errors", TOP_JSON_CTRL },
	[TOP_SPARE]		= { "avail_spare", TOP_JSON_CTRL },
	[TOP_WEAR]		= { "percent_used", TOP_JSON_CTRL },
	[TOP_ERRORS]		= { "command_errors", TOP_JSON_CTRL | TOP_JSON_QUEUE },
	[TOP_RETRIES]		= { "command_retries", TOP_JSON_CTRL | TOP_JSON_QUEUE },
	[TOP_TIMEOUTS]		= { "timeouts", TOP_JSON_CTRL },
	[TOP_POLLED]		= { "polled", TOP_JSON_CTRL | TOP_JSON_QUEUE },
	[TOP_ABORTS]		= { "aborts", TOP_JSON_CTRL },
	[TOP_RESETS]		= { "resets", TOP_JSON_CTRL },
	[TOP_FINDINGS]		= { "findings", TOP_JSON_CTRL },
	[TOP_BOGUS]		= { "bogus_completions", TOP_JSON_CTRL },
	[TOP_SLEEP]		= { "power_state_max", TOP_JSON_CTRL },
	[TOP_COMMANDS]		= { "commands", TOP_JSON_CTRL | TOP_JSON_QUEUE },
	[TOP_INTERRUPTS]	= { "interrupts", TOP_JSON_QUEUE },
	[TOP_LOST]		= { "lost_interrupts", TOP_JSON_QUEUE },
	[TOP_LATE]		= { "late_commands", TOP_JSON_QUEUE },
	[TOP_INFLIGHT]		= { "inflight", TOP_JSON_ALL },
};

/* What is read is printable ASCII already. */
static void top_json_text(FILE *to, const char *name, const char *text)
{
	fprintf(to, "\"%s\":", name);
	if (!*text) {
		fputs("null", to);
		return;
	}
	putc('"', to);
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			putc('\\', to);
		if (*text >= ' ' && *text <= '~')
			putc(*text, to);
	}
	putc('"', to);
}

static void top_json_row(FILE *to, const struct top_row *row)
{
	unsigned long long value;
	unsigned int i;

	top_json_text(to, "name", row->item.name);
	if (row->item.kind == TOP_QUEUE)
		fprintf(to, ",\"id\":%u", row->item.number);
	putc(',', to);
	top_json_text(to, "state", row->item.state);
	if (row->item.kind == TOP_CTRL) {
		putc(',', to);
		top_json_text(to, "pci_power_state", row->item.power);
	}
	for (i = 0; i < TOP_VALUES; i++) {
		if (!top_json_values[i])
			continue;
		if (isnan(row->value[i]))
			fprintf(to, ",\"%s\":null", top_json_values[i]);
		else
			fprintf(to, ",\"%s\":%.3f", top_json_values[i], row->value[i]);
	}
	for (i = 0; i < TOP_FACTS; i++) {
		if (!(top_json_facts[i].kinds & 1u << row->item.kind))
			continue;
		if (top_sample_get(&row->item, i, &value))
			fprintf(to, ",\"%s\":%llu", top_json_facts[i].name, value);
		else
			fprintf(to, ",\"%s\":null", top_json_facts[i].name);
	}
}

static void top_json_list(FILE *to, const struct top_view *view, unsigned int ctrl, enum top_kind kind,
			  const char *name)
{
	const char *comma = "";
	unsigned int i;

	fprintf(to, ",\"%s\":[", name);
	for (i = 0; i < view->nr; i++) {
		if (view->rows[i].item.kind != kind || view->rows[i].item.ctrl != ctrl)
			continue;
		fprintf(to, "%s{", comma);
		top_json_row(to, &view->rows[i]);
		putc('}', to);
		comma = ",";
	}
	putc(']', to);
}

/**
 * top_json() - an interval
 * @to: gets a line
 * @view: the rows
 * @now: the newer sample of them
 */
void top_json(FILE *to, const struct top_view *view, const struct top_sample *now)
{
	const char *comma = "";
	unsigned int i;

	fprintf(to, "{\"version\":%d,\"time\":%lld,\"interval_s\":%.3f,\"latency\":\"%s\",", TOP_JSON_VERSION,
		now->wall, view->interval, top_view_phases[view->phase]);
	top_json_text(to, "notice", now->notice);
	fputs(",\"controllers\":[", to);
	for (i = 0; i < view->nr; i++) {
		if (view->rows[i].item.kind != TOP_CTRL)
			continue;
		fprintf(to, "%s{", comma);
		top_json_row(to, &view->rows[i]);
		top_json_list(to, view, i, TOP_NS, "namespaces");
		top_json_list(to, view, i, TOP_QUEUE, "queues");
		putc('}', to);
		comma = ",";
	}
	fputs("]}\n", to);
}
