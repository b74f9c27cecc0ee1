// SPDX-License-Identifier: GPL-2.0
/*
 * Guards and tags of protection information.
 */
#include <ktap.h>

#include "io.h"
#include "nvme.h"

static void known_crcs(void)
{
	u8 zero[512] = {}, ones[32];

	/* The check value that is published for this polynomial, and what follows from the definition */
	EQUAL(pi_crc16("123456789", 9), 0xd0db);
	EQUAL(pi_crc16(zero, sizeof(zero)), 0);
	EQUAL(pi_crc16(ones, 0), 0);
}

static void crc_is_linear(void)
{
	u8 a[64], b[64], both[64];
	unsigned long n;
	u32 i;

	for (n = 0; n < rounds(500); n++) {
		rnd_fill(a, sizeof(a));
		rnd_fill(b, sizeof(b));
		for (i = 0; i < sizeof(a); i++)
			both[i] = a[i] ^ b[i];
		EQUAL(pi_crc16(both, sizeof(both)), pi_crc16(a, sizeof(a)) ^ pi_crc16(b, sizeof(b)));
	}
}

static void made_is_verified(void)
{
	struct pi_check pi = { .type = 1, .prinfo = 7, .apptag = 0x1234, .appmask = 0xffff };
	u8 data[512], meta[8];
	unsigned long n;

	for (n = 0; n < rounds(500); n++) {
		rnd_fill(data, sizeof(data));
		pi.reftag = (u32)rnd();
		pi_make(meta, data, sizeof(data), &pi);
		EQUAL(pi_verify(meta, data, sizeof(data), &pi), SC_OK);
		data[rnd_below(sizeof(data))] ^= (u8)(1 + rnd_below(255));
		EQUAL(pi_verify(meta, data, sizeof(data), &pi), SC_GUARD);
		pi.prinfo = 3;
		EQUAL(pi_verify(meta, data, sizeof(data), &pi), SC_OK);
		pi.reftag++;
		EQUAL(pi_verify(meta, data, sizeof(data), &pi), SC_REFTAG);
		pi.apptag ^= 1;
		EQUAL(pi_verify(meta, data, sizeof(data), &pi), SC_APPTAG);
		pi.apptag ^= 1;
		pi.prinfo = 7;
	}
}

static void escapes(void)
{
	struct pi_check pi = { .type = 1, .prinfo = 7 };
	u8 data[512] = {}, meta[8];

	memset(meta, 0xff, sizeof(meta));
	EQUAL(pi_verify(meta, data, sizeof(data), &pi), SC_OK);
	pi.type = 3;
	EQUAL(pi_verify(meta, data, sizeof(data), &pi), SC_OK);
	meta[7] = 0;
	EQUAL(pi_verify(meta, data, sizeof(data), &pi), SC_GUARD);
}

KTAP_MAIN("t_pi", KTAP_CASE(known_crcs), KTAP_CASE(crc_is_linear), KTAP_CASE(made_is_verified), KTAP_CASE(escapes))
