// SPDX-License-Identifier: GPL-2.0
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "file.h"
#include "health.h"

#define TOP_HEALTH_CTRLS	256
#define TOP_HEALTH_AGE		10	/* seconds */
#define TOP_HEALTH_ZERO_C	273150	/* millikelvins */

static const char * const top_health_class[] = { "onvme", "nvme" };

static const struct {
	enum top_fact	fact;
	const char	*path;
} top_health_files[] = {
	{ TOP_TEMPERATURE,	"health/temperature" },
	{ TOP_WARNING,		"health/critical_warning" },
	{ TOP_MEDIA_ERRORS,	"health/media_errors" },
	{ TOP_SPARE,		"health/avail_spare" },
	{ TOP_WEAR,		"health/percent_used" },
};

#define TOP_HEALTH_FILES	(sizeof(top_health_files) / sizeof(*top_health_files))

struct top_health {
	char		path[2 * TOP_NAME];	/* class and name */
	time_t		asked;
	unsigned int	round;			/* the last in which it was there */
	struct top_item	known;			/* facts alone */
};

static struct {
	pthread_mutex_t		lock;
	pthread_cond_t		done;
	unsigned int		rounds;		/* that have ended */
	struct top_health	ctrls[TOP_HEALTH_CTRLS];
	int			sys;
} top_health = { .lock = PTHREAD_MUTEX_INITIALIZER, .done = PTHREAD_COND_INITIALIZER };

static time_t top_health_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

static bool top_health_is_hwmon(const char *name)
{
	return !strncmp(name, "hwmon", 5);
}

/* The in-tree driver has no attributes of health, but a sensor. */
static void top_health_sensor(int dir, struct top_item *to)
{
	top_file_name hwmon[1];
	char path[TOP_NAME + 16];
	unsigned long long milli;

	if (!top_file_names(dir, ".", top_health_is_hwmon, hwmon, 1))
		return;
	snprintf(path, sizeof(path), "%s/temp1_input", hwmon[0]);
	if (top_file_number(dir, path, &milli) && milli < 1000000)
		top_sample_set(to, TOP_TEMPERATURE, (milli + TOP_HEALTH_ZERO_C) / 1000);
}

static void top_health_ask(int dir, struct top_item *to)
{
	unsigned long long value;
	unsigned int i;

	for (i = 0; i < TOP_HEALTH_FILES; i++)
		if (top_file_number(dir, top_health_files[i].path, &value))
			top_sample_set(to, top_health_files[i].fact, value);
	if (!(to->has & 1u << TOP_TEMPERATURE))
		top_health_sensor(dir, to);
}

/* Its place, or one of its own; NULL when all are taken. The lock is held. */
static struct top_health *top_health_place(const char *path, bool make)
{
	struct top_health *free = NULL;
	unsigned int i;

	for (i = 0; i < TOP_HEALTH_CTRLS; i++) {
		if (!strcmp(top_health.ctrls[i].path, path))
			return &top_health.ctrls[i];
		if (!free && !*top_health.ctrls[i].path)
			free = &top_health.ctrls[i];
	}
	if (!make || !free)
		return NULL;
	snprintf(free->path, sizeof(free->path), "%s", path);
	return free;
}

/* Only this thread makes and ends places, so what it has found stays its own while the lock is not held. */
static void top_health_visit(const char *path)
{
	struct top_item found = { .has = 0 };
	struct top_health *place;
	char text[TOP_LINE];
	int dir;

	pthread_mutex_lock(&top_health.lock);
	place = top_health_place(path, true);
	if (place)
		place->round = top_health.rounds + 1;
	pthread_mutex_unlock(&top_health.lock);
	if (!place || (place->asked && top_health_now() - place->asked < TOP_HEALTH_AGE))
		return;
	snprintf(text, sizeof(text), "class/%s", path);
	dir = top_file_dir(top_health.sys, text);
	if (dir < 0)
		return;
	if (top_file_text(dir, "state", text, sizeof(text)) && !strcmp(text, "live")) {
		top_health_ask(dir, &found);
		pthread_mutex_lock(&top_health.lock);
		place->known = found;
		place->asked = top_health_now();
		pthread_mutex_unlock(&top_health.lock);
	}
	close(dir);
}

static void top_health_round(void)
{
	static top_file_name names[TOP_HEALTH_CTRLS];
	char path[2 * TOP_NAME];
	unsigned int c, i, n;

	for (c = 0; c < sizeof(top_health_class) / sizeof(*top_health_class); c++) {
		snprintf(path, sizeof(path), "class/%s", top_health_class[c]);
		n = top_file_names(top_health.sys, path, top_file_is_ctrl, names, TOP_HEALTH_CTRLS);
		for (i = 0; i < n; i++) {
			snprintf(path, sizeof(path), "%.8s/%.23s", top_health_class[c], names[i]);
			top_health_visit(path);
		}
	}
	pthread_mutex_lock(&top_health.lock);
	top_health.rounds++;
	for (i = 0; i < TOP_HEALTH_CTRLS; i++)
		if (top_health.ctrls[i].round != top_health.rounds)
			memset(&top_health.ctrls[i], 0, sizeof(top_health.ctrls[i]));
	pthread_cond_broadcast(&top_health.done);
	pthread_mutex_unlock(&top_health.lock);
}

static void *top_health_thread(void *unused)
{
	const struct timespec second = { .tv_sec = 1 };

	for (;;) {
		top_health_round();
		nanosleep(&second, NULL);
	}
	return unused;
}

/**
 * top_health_start() - begin to ask
 * @sys: folder that takes the place of /sys; stays open
 *
 * The thread ends with the program, which need not wait for it, and takes no signals.
 *
 * Return: whether there is a thread.
 */
bool top_health_start(int sys)
{
	sigset_t all, before;
	pthread_t thread;
	int err;

	top_health.sys = sys;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	err = pthread_create(&thread, NULL, top_health_thread, NULL);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (!err)
		pthread_detach(thread);
	return !err;
}

/**
 * top_health_settle() - wait until each controller has been asked once
 * @seconds: for so long, at most
 */
void top_health_settle(double seconds)
{
	struct timespec end;

	clock_gettime(CLOCK_REALTIME, &end);
	end.tv_sec += (time_t)seconds;
	pthread_mutex_lock(&top_health.lock);
	while (!top_health.rounds && !pthread_cond_timedwait(&top_health.done, &top_health.lock, &end))
		;
	pthread_mutex_unlock(&top_health.lock);
}

/**
 * top_health_fill() - what is known of a controller
 * @class: class that it is in
 * @item: the controller; gets the facts
 */
void top_health_fill(const char *class, struct top_item *item)
{
	const struct top_health *place;
	char path[2 * TOP_NAME];
	unsigned int fact;

	snprintf(path, sizeof(path), "%.8s/%.23s", class, item->name);
	pthread_mutex_lock(&top_health.lock);
	place = top_health_place(path, false);
	for (fact = 0; place && fact < TOP_FACTS; fact++)
		if (place->known.has & 1u << fact)
			top_sample_set(item, fact, place->known.fact[fact]);
	pthread_mutex_unlock(&top_health.lock);
}
