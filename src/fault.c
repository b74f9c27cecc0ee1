// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>

#include "fault.h"
#include "param.h"

static unsigned int onvme_fault_fail_step;
ONVME_PARAM(fail_step, onvme_fault_fail_step, 1, 0, ONVME_STEPS,
	    "make this step of the next bring-up fail, once (0: none)");

/**
 * onvme_fault_step() - whether a bring-up step is to fail
 * @step: number of the step, from 1
 *
 * Return: true once after fail_step was set to @step.
 */
bool onvme_fault_step(unsigned int step)
{
	return cmpxchg(&onvme_fault_fail_step, step, 0) == step;
}
