// SPDX-License-Identifier: GPL-2.0
/*
 * onvme-device: an NVMe controller for QEMU's vfio-user-pci device. README.md is the manual.
 */
#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "device.h"
#include "vfio_user.h"

static const char usage[] =
	"onvme-device --socket PATH --log FILE [--disk-mb N] [--irq msix|msi|intx] SCENARIO.scn...\n"
	"onvme-device --check SCENARIO.scn...   whether they can be understood\n"
	"onvme-device --list SCENARIO.scn...    their numbers and names\n"
	"onvme-device --words                   the words of scenario files, and the rules of the examiner\n";

struct options {
	const char	*socket;
	const char	*log;
	u64		disk_mb;
	enum irq_kind	irq;
	bool		check, list;
};

static void list_words(void)
{
	shape_list_keys(stdout);
	condition_list(stdout);
	action_list(stdout);
	sqe_list(stdout);
	examine_list(stdout);
}

static void bad_usage(void)
{
	fputs(usage, stderr);
	exit(2);
}

static enum irq_kind irq_by_name(const char *name)
{
	static const char * const names[NR_IRQ_KINDS] = { "intx", "msi", "msix" };
	u32 i;

	for (i = 0; i < NR_IRQ_KINDS; i++)
		if (!strcmp(names[i], name))
			return i;
	bad_usage();
	return IRQ_MSIX;
}

static void parse_options(int argc, char **argv, struct options *options)
{
	static const struct option known[] = {
		{ "socket", required_argument, NULL, 's' }, { "log", required_argument, NULL, 'l' },
		{ "disk-mb", required_argument, NULL, 'd' }, { "irq", required_argument, NULL, 'i' },
		{ "check", no_argument, NULL, 'c' }, { "list", no_argument, NULL, 'n' },
		{ "words", no_argument, NULL, 'w' }, { }
	};
	int c;

	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1) {
		switch (c) {
		case 's':
			options->socket = optarg;
			break;
		case 'l':
			options->log = optarg;
			break;
		case 'd':
			if (!shape_number(optarg, &options->disk_mb) || !options->disk_mb ||
			    options->disk_mb > 1u << 20)
				bad_usage();
			break;
		case 'i':
			options->irq = irq_by_name(optarg);
			break;
		case 'c':
			options->check = true;
			break;
		case 'n':
			options->list = true;
			break;
		case 'w':
			list_words();
			exit(0);
		default:
			bad_usage();
		}
	}
}

/* All of them are read, so that one run tells all errors. */
static bool load_scenarios(struct device *dev, char **paths, u32 nr)
{
	char wrong[512];
	u32 i;

	dev->scenarios = zalloc((nr + 1) * sizeof(struct scenario *));
	for (i = 0; i < nr; i++) {
		dev->scenarios[i] = scenario_load(paths[i], wrong, sizeof(wrong));
		if (dev->scenarios[i])
			dev->nr_scenarios++;
		else
			fprintf(stderr, "%s\n", wrong);
	}
	return dev->nr_scenarios == nr;
}

/* A namespace is as large as the scenario says, or as large as all of them. */
static void size_disks(struct device *dev, u64 megabytes)
{
	struct shape otherwise;
	u32 i;

	dev->disk_bytes = megabytes << 20;
	shape_default(&otherwise);
	for (i = 0; i < dev->nr_scenarios; i++)
		if (dev->scenarios[i]->shape.ns_size == otherwise.ns_size)
			dev->scenarios[i]->shape.ns_size = dev->disk_bytes;
}

static void serve(struct device *dev, int fd)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
	struct timespec wait;
	u64 now, due;
	int n;

	for (;;) {
		now = time_ns();
		due = timer_next_ns();
		due = due > now ? due - now : 0;
		wait = (struct timespec){ .tv_sec = (time_t)min_of(due / 1000000000, 3600ull),
					  .tv_nsec = (long)(due % 1000000000) };
		n = ppoll(&poll_fd, 1, &wait, NULL);
		if (n < 0 && errno != EINTR)
			fatal("poll: %s", strerror(errno));
		if (n > 0 && !vfio_user_serve(dev, fd))
			return;
		timer_run();
	}
}

int main(int argc, char **argv)
{
	struct options options = { .disk_mb = 32, .irq = IRQ_MSIX };
	static struct device dev;
	int listener, fd;
	u32 i;

	parse_options(argc, argv, &options);
	if (optind == argc)
		bad_usage();
	if (!load_scenarios(&dev, argv + optind, (u32)(argc - optind)))
		return 2;
	for (i = 0; options.list && i < dev.nr_scenarios; i++)
		printf("%u %s\n", i, dev.scenarios[i]->name);
	if (options.check || options.list)
		return 0;
	if (!options.socket || !options.log)
		bad_usage();
	signal(SIGPIPE, SIG_IGN);
	say_open(options.log);
	size_disks(&dev, options.disk_mb);
	irq_init(&dev);
	pci_init(&dev.pci, options.irq);
	queue_init(&dev);
	device_select(&dev, 0);
	listener = vfio_user_listen(options.socket);
	fd = accept(listener, NULL, NULL);
	if (fd < 0)
		fatal("accept: %s", strerror(errno));
	close(listener);
	unlink(options.socket);
	serve(&dev, fd);
	say("QEMU has gone");
	return 0;
}
