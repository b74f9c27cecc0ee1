// SPDX-License-Identifier: GPL-2.0
#include <linux/minmax.h>
#include <linux/string.h>

#include "health.h"

/* Base, "SMART / Health Information": first byte of each value, and how many bytes it has */
static const struct onvme_health_place {
	u8	at;
	u8	len;
} onvme_health_places[ONVME_NR_HEALTH_VALUES] = {
	[ONVME_HEALTH_WARNING]		= { ONVME_SMART_WARNING, 1 },
	[ONVME_HEALTH_TEMPERATURE]	= { 1, 2 },
	[ONVME_HEALTH_SPARE]		= { 3, 1 },
	[ONVME_HEALTH_SPARE_THRESHOLD]	= { 4, 1 },
	[ONVME_HEALTH_USED]		= { 5, 1 },
	[ONVME_HEALTH_GROUP_WARNING]	= { 6, 1 },
	[ONVME_HEALTH_READ_UNITS]	= { 32, 16 },
	[ONVME_HEALTH_WRITTEN_UNITS]	= { 48, 16 },
	[ONVME_HEALTH_READS]		= { 64, 16 },
	[ONVME_HEALTH_WRITES]		= { 80, 16 },
	[ONVME_HEALTH_BUSY]		= { 96, 16 },
	[ONVME_HEALTH_CYCLES]		= { 112, 16 },
	[ONVME_HEALTH_HOURS]		= { 128, 16 },
	[ONVME_HEALTH_UNSAFE]		= { 144, 16 },
	[ONVME_HEALTH_MEDIA_ERRORS]	= { 160, 16 },
	[ONVME_HEALTH_ERRORS]		= { 176, 16 },
	[ONVME_HEALTH_WARM]		= { 192, 4 },
	[ONVME_HEALTH_HOT]		= { 196, 4 },
	[ONVME_HEALTH_SENSOR]		= { 200, 2 },
	[ONVME_HEALTH_SENSOR + 1]	= { 202, 2 },
	[ONVME_HEALTH_SENSOR + 2]	= { 204, 2 },
	[ONVME_HEALTH_SENSOR + 3]	= { 206, 2 },
	[ONVME_HEALTH_SENSOR + 4]	= { 208, 2 },
	[ONVME_HEALTH_SENSOR + 5]	= { 210, 2 },
	[ONVME_HEALTH_SENSOR + 6]	= { 212, 2 },
	[ONVME_HEALTH_SENSOR + 7]	= { 214, 2 },
	[ONVME_HEALTH_THROTTLED1]	= { 216, 4 },
	[ONVME_HEALTH_THROTTLED2]	= { 220, 4 },
	[ONVME_HEALTH_THROTTLED1_TIME]	= { 224, 4 },
	[ONVME_HEALTH_THROTTLED2_TIME]	= { 228, 4 },
};

/* Divide a number of @len bytes, the lowest first, by ten; returns what is left. */
static u8 onvme_health_divide(u8 *number, unsigned int len)
{
	unsigned int left = 0;

	while (len--) {
		left = left << 8 | number[len];
		number[len] = (u8)(left / 10);
		left %= 10;
	}
	return (u8)left;
}

/**
 * onvme_health_text() - a value in decimal
 * @page: %ONVME_SMART_SIZE bytes, as the device has sent them
 * @which: which value
 * @text: %ONVME_HEALTH_DIGITS characters
 */
void onvme_health_text(const u8 *page, enum onvme_health_value which, char *text)
{
	const struct onvme_health_place *place = &onvme_health_places[which];
	char digits[ONVME_HEALTH_DIGITS];
	u8 number[16];
	unsigned int n = 0, i;

	memcpy(number, page + place->at, place->len);
	do {
		digits[n++] = (char)('0' + onvme_health_divide(number, place->len));
		for (i = 0; i < place->len && !number[i]; i++)
			;
	} while (i < place->len);
	while (n)
		*text++ = digits[--n];
	*text = 0;
}

/**
 * onvme_health_number() - a value of at most four bytes
 * @page: %ONVME_SMART_SIZE bytes, as the device has sent them
 * @which: which value; of a longer one the lowest four bytes
 *
 * Return: the value.
 */
u32 onvme_health_number(const u8 *page, enum onvme_health_value which)
{
	const struct onvme_health_place *place = &onvme_health_places[which];
	unsigned int i = min_t(unsigned int, place->len, 4);
	u32 number = 0;

	while (i--)
		number = number << 8 | page[place->at + i];
	return number;
}

/**
 * onvme_health_millidegrees() - a temperature as hwmon has it
 * @kelvins: 0 to 65535
 *
 * Return: thousandths of a degree Celsius; as tools have it, 273 K are 0.
 */
long onvme_health_millidegrees(u32 kelvins)
{
	return ((long)kelvins - 273) * 1000;
}

/**
 * onvme_health_kelvins() - a temperature as a controller has it
 * @millidegrees: thousandths of a degree Celsius; any number
 *
 * Return: kelvins, the nearest that there are, 0 to 65535.
 */
u32 onvme_health_kelvins(long millidegrees)
{
	const long least = -273000, most = (65535 - 273) * 1000l;

	return (u32)((clamp(millidegrees, least, most) - least + 500) / 1000);
}
