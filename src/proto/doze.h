/* SPDX-License-Identifier: GPL-2.0 */
/*
 * doze.h - suspend: whether a controller stays on meanwhile, in a power state that it is told to enter, or is shut
 * down.
 *
 * Pure functions of the facts they are given. A controller that dozes keeps its queues and wakes up at once; one that
 * is shut down has forgotten everything. Where nothing is gained by dozing, or something is lost, it is shut down.
 */
#ifndef ONVME_PROTO_DOZE_H
#define ONVME_PROTO_DOZE_H

#include "ident.h"

/**
 * struct onvme_doze_facts - what is known when the machine is about to be suspended
 * @stays_on: suspend, not hibernation or power-off: nobody makes an image of memory, and devices may keep their power
 * @firmware: in the end the platform's firmware takes over, and may take the power away
 * @wants_d3: the platform wants storage to be off
 * @aspm: the link saves power by itself, while the function is on
 * @busy: the controller is not live, or activates firmware
 * @distrusted: it did not wake up before
 */
struct onvme_doze_facts {
	bool	stays_on;
	bool	firmware;
	bool	wants_d3;
	bool	aspm;
	bool	busy;
	bool	distrusted;
};

u8 onvme_doze_state(const struct onvme_doze_facts *facts, const struct onvme_caps *caps, unsigned int limit);

#endif /* ONVME_PROTO_DOZE_H */
