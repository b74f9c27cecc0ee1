// SPDX-License-Identifier: GPL-2.0
/* health.c: numbers of up to 128 bits in decimal, and where they stand, against the table of the specification. */
#include <linux/array_size.h>

#include "health.h"
#include "ktap.h"

/* Base, "SMART / Health Information Log Page": the last byte of each value, in the order of the page */
static const unsigned int ends[] = {
	0, 2, 3, 4, 5, 6, 47, 63, 79, 95, 111, 127, 143, 159, 175, 191, 195, 199,
	201, 203, 205, 207, 209, 211, 213, 215, 219, 223, 227, 231,
};

static const unsigned int gap = 32;	/* bytes 7 to 31 are reserved */

static unsigned int start_of(unsigned int which)
{
	if (!which)
		return 0;
	return ends[which] == 47 ? gap : ends[which - 1] + 1;
}

/* Decimal by adding: the slow way. */
static void model_text(const u8 *page, unsigned int first, unsigned int last, char *text)
{
	u8 digits[64] = {};
	unsigned int byte, bit, i, carry;

	for (byte = last + 1; byte-- > first;) {
		for (bit = 8; bit--;) {
			carry = page[byte] >> bit & 1;
			for (i = 0; i < sizeof(digits); i++) {
				digits[i] = (u8)(digits[i] * 2 + carry);
				carry = digits[i] / 10;
				digits[i] %= 10;
			}
		}
	}
	for (i = sizeof(digits); i > 1 && !digits[i - 1]; i--)
		;
	while (i)
		*text++ = (char)('0' + digits[--i]);
	*text = 0;
}

static void texts(void)
{
	unsigned long round;
	unsigned int i, which;

	EQUAL(ARRAY_SIZE(ends), ONVME_NR_HEALTH_VALUES);
	for (round = 0; round < rounds(2000); round++) {
		u8 *page = malloc(ONVME_SMART_SIZE);
		unsigned int fill = rnd_below(3);

		for (i = 0; i < ONVME_SMART_SIZE; i++)
			page[i] = fill == 0 ? 0 : fill == 1 ? 0xff : (u8)rnd();
		for (i = rnd_below(200); i--;)
			page[rnd_below(ONVME_SMART_SIZE)] = (u8)rnd();
		for (which = 0; which < ONVME_NR_HEALTH_VALUES; which++) {
			char *is = malloc(ONVME_HEALTH_DIGITS), should[64];

			onvme_health_text(page, which, is);
			model_text(page, start_of(which), ends[which], should);
			STR_EQUAL(is, should);
			if (ends[which] - start_of(which) < 4)
				EQUAL(onvme_health_number(page, which), strtoull(should, NULL, 10));
			free(is);
		}
		free(page);
	}
}

static void edges(void)
{
	u8 page[ONVME_SMART_SIZE] = {};
	char text[ONVME_HEALTH_DIGITS];

	onvme_health_text(page, ONVME_HEALTH_READS, text);
	STR_EQUAL(text, "0");
	memset(page, 0xff, sizeof(page));
	onvme_health_text(page, ONVME_HEALTH_READS, text);
	STR_EQUAL(text, "340282366920938463463374607431768211455");
	EQUAL(onvme_health_number(page, ONVME_HEALTH_READS), 0xffffffffu);
	onvme_health_text(page, ONVME_HEALTH_WARNING, text);
	STR_EQUAL(text, "255");
}

static void temperatures(void)
{
	u32 k;

	for (k = 0; k < 65536; k++)
		EQUAL(onvme_health_kelvins(onvme_health_millidegrees(k)), k);
	EQUAL(onvme_health_millidegrees(313), 40000);
	EQUAL(onvme_health_kelvins(40499), 313);
	EQUAL(onvme_health_kelvins(40500), 314);
	EQUAL(onvme_health_kelvins(-273000), 0);
	EQUAL(onvme_health_kelvins(-9223372036854775807l - 1), 0);
	EQUAL(onvme_health_kelvins(9223372036854775807l), 65535);
}

KTAP_MAIN("t_health",
	  KTAP_CASE(texts),
	  KTAP_CASE(edges),
	  KTAP_CASE(temperatures))
