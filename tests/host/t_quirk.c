// SPDX-License-Identifier: GPL-2.0
/* quirk.c: who matches, and that nobody else does. */
#include "ktap.h"
#include "quirk.h"

static const struct {
	u16		vendor;
	u16		device;
	unsigned int	quirks;
} known[] = {
	{ 0x1b36, 0x0010, ONVME_QUIRK_BOGUS_NID },	/* QEMU NVM Express Controller */
};

static unsigned int should_match(u16 vendor, u16 device)
{
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (known[i].vendor == vendor && known[i].device == device)
			return known[i].quirks;
	return 0;
}

/* All devices of the vendors that are listed, and the listed devices of all vendors. */
static void neighbours(void)
{
	unsigned int id;
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		for (id = 0; id < 65536; id++) {
			EQUAL(onvme_quirk_match(known[i].vendor, (u16)id), should_match(known[i].vendor, (u16)id));
			EQUAL(onvme_quirk_match((u16)id, known[i].device), should_match((u16)id, known[i].device));
		}
}

static void strangers(void)
{
	unsigned long round;

	for (round = 0; round < rounds(200000); round++) {
		u16 vendor = (u16)rnd(), device = (u16)rnd();

		EQUAL(onvme_quirk_match(vendor, device), should_match(vendor, device));
	}
}

KTAP_MAIN("t_quirk",
	  KTAP_CASE(neighbours),
	  KTAP_CASE(strangers))
