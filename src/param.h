/* SPDX-License-Identifier: GPL-2.0 */
/*
 * param.h - module parameters.
 *
 * Read by anybody at any time; written by the user, through the checks of param.c, at load or by sysfs. What a
 * controller uses it copies when it is allocated, so a later write concerns later controllers, except where said.
 */
#ifndef ONVME_PARAM_H
#define ONVME_PARAM_H

#include <linux/moduleparam.h>

#include <linux/types.h>

#define ONVME_MIN_QUEUE_DEPTH	2
#define ONVME_MAX_QUEUE_DEPTH	4095

/**
 * struct onvme_params - the values in force
 * @io_timeout_ms: time of an I/O command
 * @admin_timeout_ms: time of an admin command
 * @shutdown_timeout_ms: least time of a shutdown notification
 * @io_queue_depth: entries of an I/O queue, %ONVME_MIN_QUEUE_DEPTH to %ONVME_MAX_QUEUE_DEPTH
 * @sgl_threshold: average bytes of a segment from which data are told by an SGL; 0: never
 * @write_queues: I/O queues for everything but reads, 0 to %ONVME_MAX_IO_QUEUES
 * @poll_queues: I/O queues without interrupt, 0 to %ONVME_MAX_IO_QUEUES
 * @use_threaded_interrupts: 0: interrupt handlers drain; 1: threads do; more: those of vectors that serve so many CPUs
 * @poll_deadline_ms: how long a completion may lie in its queue before its interrupt counts as lost, at most
 * @default_ps_max_latency_us: what waking up may take, unless PM QoS says otherwise
 * @name_by_nsid: block devices are named by NSID
 * @max_retries: how often a command is tried again; read at each completion that failed
 */
struct onvme_params {
	unsigned int	io_timeout_ms;
	unsigned int	admin_timeout_ms;
	unsigned int	shutdown_timeout_ms;
	unsigned int	io_queue_depth;
	unsigned int	sgl_threshold;
	unsigned int	write_queues;
	unsigned int	poll_queues;
	unsigned int	use_threaded_interrupts;
	unsigned int	poll_deadline_ms;
	unsigned int	default_ps_max_latency_us;
	unsigned int	name_by_nsid;
	unsigned int	max_retries;
};

extern struct onvme_params onvme_params;

/**
 * struct onvme_param - a row of the table of parameters
 * @value: where it is kept
 * @unit: one of the parameter is this many of the value
 * @min: least value of the parameter
 * @max: largest value of the parameter
 */
struct onvme_param {
	unsigned int	*value;
	unsigned int	unit;
	unsigned int	min;
	unsigned int	max;
};

extern const struct kernel_param_ops onvme_param_ops;

#define ONVME_PARAM_MODE(_name, _value, _unit, _min, _max, _mode, _text)				\
	static const struct onvme_param onvme_param_##_name = {						\
		.value = &(_value), .unit = _unit, .min = _min, .max = _max,				\
	};												\
	module_param_cb(_name, &onvme_param_ops, (void *)&onvme_param_##_name, _mode);			\
	MODULE_PARM_DESC(_name, _text)

#define ONVME_PARAM(_name, _value, _unit, _min, _max, _text)						\
	ONVME_PARAM_MODE(_name, _value, _unit, _min, _max, 0644, _text)

/* One that is said at load */
#define ONVME_PARAM_ONCE(_name, _value, _unit, _min, _max, _text)					\
	ONVME_PARAM_MODE(_name, _value, _unit, _min, _max, 0444, _text)

#endif /* ONVME_PARAM_H */
