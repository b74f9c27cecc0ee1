// SPDX-License-Identifier: GPL-2.0
/* Quirks: a row matches its own device and no neighbour. */
#include "ktap.h"
#include "quirk.h"

static void only_its_own(void)
{
	u32 id;

	for (id = 0; id < 0x10000; id++) {
		EQUAL(onvme_quirk_match(0x1b36, (u16)id), id == 0x0010 ? ONVME_QUIRK_BOGUS_NID : 0);
		EQUAL(onvme_quirk_match((u16)id, 0x0010), id == 0x1b36 ? ONVME_QUIRK_BOGUS_NID : 0);
	}
}

KTAP_MAIN("t_quirk",
	  KTAP_CASE(only_its_own))
