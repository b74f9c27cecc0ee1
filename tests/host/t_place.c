// SPDX-License-Identifier: GPL-2.0
/* place.c: configurations and pages of every length; which identifier a write gets, by the rule said in another way. */
#include <asm/byteorder.h>

#include "ktap.h"
#include "place.h"

static unsigned char page[ONVME_PLACE_BYTES];

static struct onvme_place read_of(unsigned int nr)
{
	struct onvme_ruhs status = { .nruhsd = cpu_to_le16((u16)nr) };
	struct onvme_place place;
	unsigned int i;

	memset(page, 0xa5, sizeof(page));
	memcpy(page, &status, sizeof(status));
	for (i = 0; i < ONVME_PLACES; i++) {
		struct onvme_ruhs_desc desc = {
			.pid = cpu_to_le16((u16)(0x1001 * i + 7)), .ruamw = cpu_to_le64(~0ull),
		};

		memcpy(page + sizeof(status) + i * sizeof(desc), &desc, sizeof(desc));
	}
	memset(&place, 0, sizeof(place));
	place.unit_bytes = 77;
	onvme_place_read(&place, page);
	EQUAL(place.unit_bytes, 77);
	return place;
}

/* Descriptors of every length, one after the other, against the one that is meant; what is cut off is not read. */
static void configs(void)
{
	unsigned long round;

	for (round = 0; round < rounds(20000); round++) {
		unsigned int nr = 1 + rnd_below(6), index = rnd_below(8), i, at = 16, start = 0, groups = 0;
		static unsigned char log[4096];
		struct onvme_fdp_log head = { .numfdpc = cpu_to_le16((u16)(nr - 1)) };
		u64 units = 0;
		bool whole = true, answer;
		unsigned int len;
		struct onvme_place place;

		memset(log, 0xff, sizeof(log));
		memcpy(log, &head, sizeof(head));
		for (i = 0; i < nr; i++) {
			struct onvme_fdp_config config = {
				.dsze = cpu_to_le16((u16)(rnd_below(20) ? 64 + rnd_below(256) : rnd_below(64))),
				.nrg = cpu_to_le32(1 + !rnd_below(4)),
				.runs = cpu_to_le64(1ull << rnd_below(40)),
			};

			memcpy(log + at, &config, sizeof(config));
			if (i == index) {
				start = at;
				groups = le32_to_cpu(config.nrg);
				units = le64_to_cpu(config.runs);
			} else if (i < index && le16_to_cpu(config.dsze) < 64) {
				whole = false;
			}
			at += le16_to_cpu(config.dsze) < 64 ? 64 : le16_to_cpu(config.dsze);
		}
		len = rnd_below(3) ? sizeof(log) : 16 + rnd_below(at);
		memset(&place, 0x5a, sizeof(place));
		answer = onvme_place_config(&place, log, len, index);
		EQUAL(answer, index < nr && whole && start + 64 <= len && groups == 1);
		EQUAL(place.nr, 0);
		if (answer)
			EQUAL(place.unit_bytes, units >> 32 ? 0 : units);
	}
}

/* A controller may tell of more than fits; of what is not used nothing is left. */
static void pages(void)
{
	unsigned int nr, i;

	for (nr = 0; nr < 70000; nr = nr < 40 ? nr + 1 : nr * 3) {
		struct onvme_place place = read_of(nr & 0xffff);
		unsigned int used = (nr & 0xffff) < 2 ? 0 : (nr & 0xffff) > ONVME_PLACES ? ONVME_PLACES : nr & 0xffff;

		EQUAL(place.nr, used);
		for (i = 0; i < ONVME_PLACES; i++)
			EQUAL(place.pid[i], i < used ? 0x1001 * i + 7 : 0);
	}
}

/* The identifier of a command, or -1 */
static long pid_of(const struct onvme_sqe *sqe)
{
	u32 type = le32_to_cpu(sqe->cdw12) >> 20 & 0xf;

	EQUAL(le32_to_cpu(sqe->cdw12) & ~(0xfu << 20), 0x40001234);
	EQUAL(le32_to_cpu(sqe->cdw13) & 0xffff, 0);
	if (!type) {
		EQUAL(sqe->cdw13, 0);
		return -1;
	}
	EQUAL(type, 2);
	return le32_to_cpu(sqe->cdw13) >> 16;
}

static void writes(void)
{
	unsigned int nr, say;

	for (nr = 2; nr <= ONVME_PLACES; nr++) {
		struct onvme_place place = read_of(nr);

		for (say = 0; say < 256; say++) {
			struct onvme_sqe stream = { .cdw12 = cpu_to_le32(0x40001234) }, lifetime = stream;
			unsigned int at = 0, i;

			onvme_place_stream(&place, &stream, say);
			onvme_place_lifetime(&place, &lifetime, say);
			/* Round and round, past the first */
			for (i = 0; i < say; i++)
				at = at + 1 == nr ? 1 : at + 1;
			EQUAL(pid_of(&stream), say ? place.pid[(say < nr ? say : nr) - 1] : -1);
			EQUAL(pid_of(&lifetime), say ? place.pid[at] : -1);
		}
	}
}

KTAP_MAIN("t_place",
	  KTAP_CASE(configs),
	  KTAP_CASE(pages),
	  KTAP_CASE(writes))
