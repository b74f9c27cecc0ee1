// SPDX-License-Identifier: GPL-2.0
/* Numbers, columns and sparklines as text: right, and never wider than there is room. */
#include <math.h>

#include "ktap.h"
#include "text.h"

static void numbers(void)
{
	static const struct {
		double		value;
		const char	*count;
		const char	*time;
	} some[] = {
		{ 0, "0", "0n" }, { 1, "1", "1n" }, { 0.5, "0.50", "0n" }, { 9.994, "9.99", "10n" },
		{ 9.996, "10.0", "10n" },
		{ 99.94, "99.9", "100n" }, { 99.96, "100", "100n" }, { 999, "999", "999n" }, { 999.4, "999", "999n" },
		{ 999.6, "1.00k", "1.00u" }, { 1234, "1.23k", "1.23u" }, { 99940, "99.9k", "99.9u" },
		{ 99960, "100k", "100u" }, { 999600, "1.00M", "1.00m" }, { 1.5e9, "1.50G", "1.50s" },
		{ 1e12, "1.00T", "1000s" }, { 1e15, "1.00P", "9999s" }, { 1e18, "1.00E", "9999s" },
		{ 1e30, "9999E", "9999s" },
		{ -1, "-", "-" }, { NAN, "-", "-" }, { INFINITY, "9999E", "9999s" },
	};
	char text[TOP_NUMBER];
	unsigned int i;

	for (i = 0; i < sizeof(some) / sizeof(*some); i++) {
		top_text_count(some[i].value, text);
		STR_EQUAL(text, some[i].count);
		top_text_time(some[i].value, text);
		STR_EQUAL(text, some[i].time);
	}
}

/* Whatever the value, five characters are enough, and what they say is right to a two-hundredth. */
static void numbers_at_random(void)
{
	static const char units[] = "kMGTPE";
	unsigned long i;

	for (i = 0; i < rounds(20000); i++) {
		double value = exp2((double)rnd_below(60000) / 1000) / 16, is;
		char text[TOP_NUMBER], *end;

		top_text_count(value, text);
		CHECK(strlen(text) <= 5);
		is = strtod(text, &end);
		if (*end)
			is *= pow(1000, (double)(strchr(units, *end) - units + 1));
		CHECK(fabs(is - value) <= value * 0.005 + 0.005);
		top_text_time(value, text);
		CHECK(strlen(text) <= 5);
	}
}

static struct top_row some_row(void)
{
	struct top_row row = { .item = { .kind = TOP_CTRL, .name = "nvme0", .state = "live", .power = "D0" } };
	unsigned int i;

	for (i = 0; i < TOP_VALUES; i++)
		row.value[i] = 1000.0 * (i + 1);
	row.value[TOP_KELVIN] = 311;
	return row;
}

/* Characters, of which UTF-8 has one for each byte that is no continuation. */
static size_t characters(const char *text)
{
	size_t n = 0;

	for (; *text; text++)
		n += (*text & 0xc0) != 0x80;
	return n;
}

static void columns(void)
{
	struct top_row row = some_row();
	char head[TOP_WIDEST], line[TOP_WIDEST], spark[TOP_WIDEST];
	unsigned int width, i, before = 0;
	struct top_layout layout;

	for (i = 0; i < 2 * TOP_PAST; i++)
		row.past[i % TOP_PAST] = (float)i;
	row.nr_past = TOP_PAST;
	for (width = 19; width < 400; width++) {
		for (i = 0; i < 2; i++) {
			top_text_layout(&layout, width, i);
			top_text_head(&layout, head, sizeof(head));
			top_text_row(&layout, &row, line, sizeof(line));
			top_text_spark(&layout, &row, true, spark, sizeof(spark));
			EQUAL(strlen(head), strlen(line));
			EQUAL(characters(spark), layout.spark);
			CHECK(strlen(line) + (layout.spark ? 1 + characters(spark) : 0) <= width);
			CHECK(!strncmp(line, "nvme0 ", 6) && strstr(head, "IOPS"));
			CHECK(i || !layout.spark);
		}
		/* More room never shows less. */
		CHECK((before & layout.columns) == before);
		before = layout.columns;
	}
	top_text_layout(&layout, 400, false);
	top_text_row(&layout, &row, line, sizeof(line));
	STR_EQUAL(line, "nvme0         live       1.00k 2.00k 3.00k 4.00k 5.00u 6.00u 7.00u   38C 9.00k 10.0k     D0");
	top_sample_set(&row.item, TOP_SLEEP, 4);
	top_text_row(&layout, &row, line, sizeof(line));
	CHECK(strstr(line, "  D0/4"));
	top_text_row(&layout, &row, line, 20);
	CHECK(strlen(line) < 20);
	top_text_layout(&layout, 100, true);
	EQUAL(layout.spark >= 8, 1);
}

static void titles(void)
{
	STR_EQUAL(top_text_value_name(TOP_VALUES), "NAME");
	STR_EQUAL(top_text_value_name(TOP_IOPS), "IOPS");
	STR_EQUAL(top_text_value_name(TOP_RESET), "RESET");
}

static void sparks(void)
{
	struct top_row row = { .past = { 0, 1, 2, 3, 4, 5, 6, 7 }, .nr_past = 8 };
	struct top_layout layout = { .spark = 10 };
	char text[TOP_WIDEST];

	top_text_spark(&layout, &row, false, text, sizeof(text));
	STR_EQUAL(text, "  _.:-=+*#");
	top_text_spark(&layout, &row, true, text, sizeof(text));
	STR_EQUAL(text, "  \u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588");
	layout.spark = 3;
	row.past[6] = (float)NAN;
	top_text_spark(&layout, &row, false, text, sizeof(text));
	STR_EQUAL(text, "+ #");
	memset(row.past, 0, sizeof(row.past));
	top_text_spark(&layout, &row, false, text, sizeof(text));
	STR_EQUAL(text, "___");
	top_text_spark(&layout, &row, true, text, 6);
	CHECK(strlen(text) < 6);
}

KTAP_MAIN("text", { "numbers", numbers }, { "numbers_at_random", numbers_at_random }, { "columns", columns },
	  { "titles", titles }, { "sparks", sparks })
