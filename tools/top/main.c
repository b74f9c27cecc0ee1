// SPDX-License-Identifier: GPL-2.0
/*
 * onvme-top - what NVMe controllers, their namespaces and queues are doing: a view that goes on, a table, or JSON.
 *
 * This file has the options, the clock and the signals; docs/onvme-top.8 is about all of it.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "file.h"
#include "health.h"
#include "json.h"
#include "plot.h"
#include "read.h"
#include "screen.h"
#include "text.h"
#include "view.h"

#define TOP_LEAST_INTERVAL	0.1
#define TOP_MOST_INTERVAL	3600.0
#define TOP_SETTLE		2.0	/* seconds that a controller may take to tell of its temperature */
#define TOP_USAGE \
	"usage: onvme-top [--interval SECONDS] [--count N] [--once] [--json] [--phase host|device|interrupt]\n" \
	"                 [--plot FILE.svg] [--sys DIR]\n"

enum top_output {
	TOP_LIVE,
	TOP_TABLE,
	TOP_JSON,
};

static struct {
	enum top_output		output;
	double			interval;
	unsigned long		count;		/* intervals; 0: no end */
	const char		*plot;
	const char		*sys;
} top = { .interval = 1, .sys = "/sys" };

static struct top_view top_view;
static struct top_sample top_samples[2];
static struct top_plot top_plot;
static volatile sig_atomic_t top_stopped;

__attribute__((format(printf, 1, 2)))
static int top_fails(const char *format, ...)
{
	va_list args;

	top_screen_close();
	fputs("onvme-top: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	putc('\n', stderr);
	return 1;
}

/* ---- options ---- */
static void top_usage(FILE *to, int status)
{
	fputs(TOP_USAGE, to);
	exit(status);
}

static double top_number(const char *text, double least, double most)
{
	double value;
	char *end;

	errno = 0;
	value = strtod(text, &end);
	if (errno || end == text || *end || !(value >= least && value <= most))
		top_usage(stderr, 2);
	return value;
}

static unsigned int top_phase(const char *text)
{
	unsigned int phase;

	for (phase = 0; phase < ONVME_LATENCY_PHASES; phase++)
		if (!strcmp(text, top_view_phases[phase]))
			return phase;
	top_usage(stderr, 2);
	return 0;
}

static void top_options(int argc, char **argv)
{
	static const struct option options[] = {
		{ "interval", required_argument, NULL, 'i' },
		{ "count", required_argument, NULL, 'n' },
		{ "once", no_argument, NULL, '1' },
		{ "json", no_argument, NULL, 'j' },
		{ "phase", required_argument, NULL, 'l' },
		{ "plot", required_argument, NULL, 'p' },
		{ "sys", required_argument, NULL, 's' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 'i')
			top.interval = top_number(optarg, TOP_LEAST_INTERVAL, TOP_MOST_INTERVAL);
		else if (option == 'n')
			top.count = (unsigned long)top_number(optarg, 1, 1e9);
		else if (option == '1')
			top.count = 1;
		else if (option == 'j')
			top.output = TOP_JSON;
		else if (option == 'l')
			top_view.phase = top_phase(optarg);
		else if (option == 'p')
			top.plot = optarg;
		else if (option == 's')
			top.sys = optarg;
		else
			top_usage(option == 'h' ? stdout : stderr, option == 'h' ? 0 : 2);
	}
	if (optind < argc)
		top_usage(stderr, 2);
	if (top.count == 1 && top.output == TOP_LIVE)
		top.output = TOP_TABLE;
}

/* ---- clock and signals ---- */
static double top_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void top_stop(int sig)
{
	(void)sig;
	top_stopped = 1;
}

/* They come while somebody waits, at no other time. A reader of JSON that goes away is seen when it is written to. */
static void top_signals(sigset_t *waiting)
{
	static const int ends[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
	struct sigaction action = { .sa_handler = top_stop };
	sigset_t blocked;
	unsigned int i;

	sigemptyset(&blocked);
	for (i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		sigaction(ends[i], &action, NULL);
		sigaddset(&blocked, ends[i]);
	}
	signal(SIGPIPE, SIG_IGN);
	sigprocmask(SIG_BLOCK, &blocked, waiting);
}

static void top_draw(void)
{
	top_screen_draw(&top_view, &top_samples[1], top.interval);
}

/* Whether to go on; a terminal that is gone has no keys and no reader. */
static bool top_keys(void)
{
	enum top_key key = top_screen_key(&top_view);

	if (key == TOP_KEY_QUIT)
		return false;
	if (key == TOP_KEY_FASTER)
		top.interval = fmax(top.interval / 2, TOP_LEAST_INTERVAL);
	else if (key == TOP_KEY_SLOWER)
		top.interval = fmin(top.interval * 2, TOP_MOST_INTERVAL);
	if (key != TOP_KEY_NONE)
		top_draw();
	return true;
}

/* Until an interval after @from. Whether to go on. */
static bool top_wait(double from, const sigset_t *waiting)
{
	struct pollfd keys = { .fd = top.output == TOP_LIVE ? STDIN_FILENO : -1, .events = POLLIN };
	struct timespec left;
	double seconds;
	int ready;

	while (!top_stopped) {
		seconds = from + top.interval - top_now();
		if (seconds <= 0)
			return true;
		left.tv_sec = (time_t)seconds;
		left.tv_nsec = (long)((seconds - (double)left.tv_sec) * 1e9);
		ready = ppoll(&keys, 1, &left, waiting);
		if (ready > 0 && keys.revents & (POLLHUP | POLLERR | POLLNVAL))
			return false;
		/* A signal may be that of another size of the terminal, which comes as a key. */
		if (top.output == TOP_LIVE && ready && !top_stopped && !top_keys())
			return false;
	}
	return false;
}

/* ---- output ---- */
static void top_table(void)
{
	struct top_layout layout;
	char line[TOP_WIDEST];
	unsigned int i;

	top_text_layout(&layout, TOP_WIDEST, false);
	top_text_head(&layout, line, sizeof(line));
	puts(line);
	for (i = 0; i < top_view.nr; i++)
		top_view.rows[i].fold = TOP_OPEN;
	top_view_arrange(&top_view);
	for (i = 0; i < top_view.nr_shown; i++) {
		top_text_row(&layout, &top_view.rows[top_view.shown[i]], line, sizeof(line));
		puts(line);
	}
}

/* Whether somebody still listens. */
static bool top_print(void)
{
	if (top.output == TOP_LIVE) {
		top_draw();
		return true;
	}
	if (top.output == TOP_JSON)
		top_json(stdout, &top_view, &top_samples[1]);
	else
		top_table();
	return !fflush(stdout);
}

/* As a whole or not at all: what was there before is replaced when the new one is complete. */
static int top_write_plot(void)
{
	char path[4096];
	FILE *to;
	int err;

	if (snprintf(path, sizeof(path), "%s.%ld", top.plot, (long)getpid()) >= (int)sizeof(path))
		return top_fails("%.64s...: the name is too long", top.plot);
	to = fopen(path, "we");
	if (!to)
		return top_fails("%s: %s", top.plot, strerror(errno));
	errno = 0;
	top_plot_write(&top_plot, to);
	err = ferror(to) ? EIO : 0;
	if (fclose(to) || err || rename(path, top.plot)) {
		err = errno ? errno : err;
		unlink(path);
		return top_fails("%s: %s", top.plot, strerror(err));
	}
	return 0;
}

/* ---- the whole ---- */

/* Whether to go on to another one. */
static bool top_interval(int sys, int *status)
{
	struct top_sample oldest = top_samples[0];

	top_samples[0] = top_samples[1];
	top_samples[1] = oldest;
	top_read(sys, &top_samples[1]);
	if (!top_view_update(&top_view, &top_samples[0], &top_samples[1])) {
		*status = top_fails("no memory");
		return false;
	}
	if (top.plot)
		top_plot_add(&top_plot, &top_view);
	if (top_print())
		return true;
	*status = errno == EPIPE ? 0 : top_fails("standard output: %s", strerror(errno));
	return false;
}

/* Who asks once is told of what was not as it should be. */
static int top_verdict(void)
{
	if (!top_samples[1].nr)
		return top_fails("no NVMe controllers");
	if (*top_samples[1].notice)
		return top_fails("%s", top_samples[1].notice);
	if (*top_view.gone)
		return top_fails("%s is gone", top_view.gone);
	return 0;
}

static int top_run(int sys, const sigset_t *waiting)
{
	unsigned long done = 0;
	int status = 0;

	top_read(sys, &top_samples[1]);
	if (top.output == TOP_LIVE) {
		/* Names and states at once, rates when there are some. */
		if (top_view_update(&top_view, &top_samples[1], &top_samples[1]))
			top_draw();
	} else {
		top_health_settle(TOP_SETTLE);
	}
	while (top_wait(top_samples[1].when, waiting)) {
		if (!top_interval(sys, &status) || ++done == top.count)
			break;
	}
	top_screen_close();
	if (top.plot && done && top_write_plot())
		status = 1;
	if (!status && top.count == 1 && done)
		status = top_verdict();
	return status;
}

int main(int argc, char **argv)
{
	sigset_t waiting;
	int sys, status;

	top_view_init(&top_view);
	top_options(argc, argv);
	sys = top_file_dir(AT_FDCWD, top.sys);
	if (sys < 0)
		return top_fails("%s: %s", top.sys, strerror(errno));
	top_signals(&waiting);
	if (!top_health_start(sys))
		return top_fails("no thread: %s", strerror(errno));
	if (top.output == TOP_LIVE && !top_screen_open())
		return top_fails("no terminal that can be drawn on; --once and --json need none");
	status = top_run(sys, &waiting);
	top_view_fini(&top_view);
	top_sample_clear(&top_samples[0]);
	top_sample_clear(&top_samples[1]);
	return status;
}
