/* SPDX-License-Identifier: GPL-2.0 */
/*
 * quirk.h - devices that do not do as they say, as data.
 *
 * Matched once when a controller is found; what a quirk means is folded into what the driver believes of the device,
 * and nobody asks for it on the I/O path. Pure; any context.
 */
#ifndef ONVME_PROTO_QUIRK_H
#define ONVME_PROTO_QUIRK_H

#include <linux/types.h>

#define ONVME_QUIRK_BOGUS_NID	(1u << 0)	/* EUI64, NGUID and UUID are not unique: use none of them */

unsigned int onvme_quirk_match(u16 vendor, u16 device);

#endif /* ONVME_PROTO_QUIRK_H */
