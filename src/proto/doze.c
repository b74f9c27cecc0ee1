// SPDX-License-Identifier: GPL-2.0
#include <linux/minmax.h>

#include "doze.h"

/**
 * onvme_doze_state() - the power state in which a controller spends a suspend
 * @facts: what is known
 * @caps: the controller
 * @limit: the deepest state that it may enter
 *
 * Without ASPM the link of a function that stays on keeps more of the machine awake than the controller saves. A state
 * that is operational draws power for work that nobody asks for: shut down it draws less.
 *
 * Return: a non-operational state, the deepest that there is; 0: shut it down.
 */
u8 onvme_doze_state(const struct onvme_doze_facts *facts, const struct onvme_caps *caps, unsigned int limit)
{
	unsigned int state;

	if (!facts->stays_on || facts->firmware || facts->wants_d3 || !facts->aspm || facts->busy || facts->distrusted)
		return 0;
	for (state = min(limit + 1, (unsigned int)caps->npss); state-- > 1;)
		if (caps->ps[state].idle)
			return (u8)state;
	return 0;
}
