// SPDX-License-Identifier: GPL-2.0
/*
 * NVM Command Set, "End-to-end Data Protection": guard, application tag and reference tag, big-endian.
 */
#include "nvme.h"
#include "io.h"

#define PI_GUARD	BIT(2)
#define PI_APP		BIT(1)
#define PI_REF		BIT(0)

/* The polynomial is that of T10 DIF: 8BB7h. */
u16 pi_crc16(const void *data, size_t len)
{
	const u8 *bytes = data;
	u32 crc = 0, bit;
	size_t i;

	for (i = 0; i < len; i++) {
		crc ^= (u32)bytes[i] << 8;
		for (bit = 0; bit < 8; bit++)
			crc = (crc << 1 ^ (crc & 0x8000 ? 0x8bb7 : 0)) & 0xffff;
	}
	return (u16)crc;
}

static void put_be(u8 *to, u32 value, u32 bytes)
{
	while (bytes--) {
		to[bytes] = (u8)value;
		value >>= 8;
	}
}

static u32 get_be(const u8 *from, u32 bytes)
{
	u32 value = 0, i;

	for (i = 0; i < bytes; i++)
		value = value << 8 | from[i];
	return value;
}

void pi_make(u8 *meta, const void *data, size_t len, const struct pi_check *pi)
{
	put_be(meta, pi_crc16(data, len), 2);
	put_be(meta + 2, pi->apptag, 2);
	put_be(meta + 4, pi->reftag, 4);
}

u32 pi_verify(const u8 *meta, const void *data, size_t len, const struct pi_check *pi)
{
	u32 app = get_be(meta + 2, 2), ref = get_be(meta + 4, 4);

	/* A block that says "do not check", which one that was never written does */
	if (app == 0xffff && (pi->type != 3 || ref == ALL_ONES))
		return SC_OK;
	if (pi->prinfo & PI_GUARD && get_be(meta, 2) != pi_crc16(data, len))
		return SC_GUARD;
	if (pi->prinfo & PI_APP && (app & pi->appmask) != (pi->apptag & pi->appmask))
		return SC_APPTAG;
	if (pi->prinfo & PI_REF && pi->type != 3 && ref != pi->reftag)
		return SC_REFTAG;
	return SC_OK;
}
