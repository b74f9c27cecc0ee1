// SPDX-License-Identifier: GPL-2.0
/*
 * Each parameter is a row: where its value is kept, its unit, and its range. A value out of range is refused with a
 * line that says the range; at load that refuses the load. Time-outs have two names, in seconds as the in-tree driver
 * spells them and in milliseconds, for one value.
 */
#include <linux/kernel.h>
#include <linux/module.h>

#include "param.h"
#include "proto/apst.h"
#include "proto/deadline.h"
#include "proto/policy.h"

#define ONVME_MAX_TIMEOUT_S	3600
#define ONVME_MAX_CPUS		65536

struct onvme_params onvme_params = {
	.io_timeout_ms		= 30000,
	.admin_timeout_ms	= 60000,
	.shutdown_timeout_ms	= 5000,
	.io_queue_depth		= 1024,
	.sgl_threshold		= 32768,
	.poll_deadline_ms	= ONVME_DEADLINE_MOST_MS,
	.max_retries		= 5,
	.default_ps_max_latency_us = ONVME_APST_BUDGET_US,
};

static int onvme_param_set(const char *text, const struct kernel_param *kp)
{
	const struct onvme_param *param = kp->arg;
	unsigned int n;
	int err = kstrtouint(text, 0, &n);

	if (err || n < param->min || n > param->max) {
		pr_err("onvme: %s=%s: must be %u to %u\n", kp->name, text, param->min, param->max);
		return err ?: -EINVAL;
	}
	WRITE_ONCE(*param->value, n * param->unit);
	return 0;
}

static int onvme_param_get(char *text, const struct kernel_param *kp)
{
	const struct onvme_param *param = kp->arg;

	return sysfs_emit(text, "%u\n", DIV_ROUND_UP(READ_ONCE(*param->value), param->unit));
}

const struct kernel_param_ops onvme_param_ops = {
	.set = onvme_param_set,
	.get = onvme_param_get,
};

ONVME_PARAM(io_timeout, onvme_params.io_timeout_ms, 1000, 1, ONVME_MAX_TIMEOUT_S,
	    "seconds an I/O command may take (30)");
ONVME_PARAM(io_timeout_ms, onvme_params.io_timeout_ms, 1, 10, ONVME_MAX_TIMEOUT_S * 1000,
	    "the same in milliseconds");
ONVME_PARAM(admin_timeout, onvme_params.admin_timeout_ms, 1000, 1, ONVME_MAX_TIMEOUT_S,
	    "seconds an admin command may take (60)");
ONVME_PARAM(admin_timeout_ms, onvme_params.admin_timeout_ms, 1, 10, ONVME_MAX_TIMEOUT_S * 1000,
	    "the same in milliseconds");
ONVME_PARAM(shutdown_timeout, onvme_params.shutdown_timeout_ms, 1000, 1, 255,
	    "seconds a controller may take to shut down, at least (5)");
ONVME_PARAM(shutdown_timeout_ms, onvme_params.shutdown_timeout_ms, 1, 10, 255 * 1000,
	    "the same in milliseconds");
ONVME_PARAM(io_queue_depth, onvme_params.io_queue_depth, 1, ONVME_MIN_QUEUE_DEPTH, ONVME_MAX_QUEUE_DEPTH,
	    "entries of an I/O queue (1024)");
ONVME_PARAM(sgl_threshold, onvme_params.sgl_threshold, 1, 0, U32_MAX,
	    "bytes of a piece, on average, from which data are told by an SGL, where the controller knows it (32768); 0: never");
ONVME_PARAM(write_queues, onvme_params.write_queues, 1, 0, ONVME_MAX_IO_QUEUES,
	    "I/O queues for everything but reads, which then have the others to themselves (0)");
ONVME_PARAM(poll_queues, onvme_params.poll_queues, 1, 0, ONVME_MAX_IO_QUEUES,
	    "I/O queues without interrupt, for I/O that is polled for (0)");
ONVME_PARAM_ONCE(use_threaded_interrupts, onvme_params.use_threaded_interrupts, 1, 0, ONVME_MAX_CPUS,
		 "1: threads take completions, not interrupt handlers; more: those of vectors that serve so many CPUs (0)");
ONVME_PARAM(poll_deadline_ms, onvme_params.poll_deadline_ms, 1, 0, ONVME_DEADLINE_LIMIT_MS,
	    "milliseconds after which a completion is looked for without its interrupt, at most (500); 0: never");
ONVME_PARAM(name_by_nsid, onvme_params.name_by_nsid, 1, 0, 1,
	    "1: the number behind the n of nvmeXnY is the NSID; 0: namespaces are counted (0)");
ONVME_PARAM(max_retries, onvme_params.max_retries, 1, 0, 255,
	    "how often a failed command is tried again (5)");
ONVME_PARAM(default_ps_max_latency_us, onvme_params.default_ps_max_latency_us, 1, 0, U32_MAX,
	    "microseconds that an idle controller may take to wake up (100000); 0: it stays awake");
