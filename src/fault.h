/* SPDX-License-Identifier: GPL-2.0 */
/*
 * fault.h - faults on request, so that error paths can be tried out on any kernel.
 *
 * The module parameter fail_step=n makes the n-th step of the next bring-up of any controller fail, once. No lock:
 * the request is taken by an atomic exchange.
 */
#ifndef ONVME_FAULT_H
#define ONVME_FAULT_H

#include <linux/types.h>

#define ONVME_STEPS	11	/* of bring-up; ctrl.c has the table */

#ifdef CONFIG_ONVME_FAULT
bool onvme_fault_step(unsigned int step);
#else
static inline bool onvme_fault_step(unsigned int step)
{
	return false;
}
#endif

#endif /* ONVME_FAULT_H */
