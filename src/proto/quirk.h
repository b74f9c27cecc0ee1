/* SPDX-License-Identifier: GPL-2.0 */
/*
 * quirk.h - devices that do not do as they say, as data.
 *
 * Matched when a controller is found, and again when it has told its model; what a quirk means is folded into what the
 * driver believes of the device, and nobody asks for it on the I/O path. A user adds quirks to the table, or takes some
 * away. Names are those of the in-tree driver. Pure; any context.
 */
#ifndef ONVME_PROTO_QUIRK_H
#define ONVME_PROTO_QUIRK_H

#include <linux/types.h>

#include "ident.h"

/* Each has a name in the table of quirk.c. */
#define ONVME_QUIRK_BOGUS_NID		(1u << 0)	/* EUI64, NGUID and UUID are not unique: use none of them */
#define ONVME_QUIRK_NO_WRITE_ZEROES	(1u << 1)	/* Write Zeroes is slow, or does something else */
#define ONVME_QUIRK_NO_DEEPEST_PS	(1u << 2)	/* does not come back from the last power state */
#define ONVME_QUIRK_NO_APST		(1u << 3)	/* does not come back from those that it enters by itself */
#define ONVME_QUIRK_SIMPLE_SUSPEND	(1u << 4)	/* does not come back from a suspend in which it stays on */
#define ONVME_QUIRK_NO_SUBNQN		(1u << 5)	/* SUBNQN is not unique */
#define ONVME_QUIRK_NO_NS_DESCS		(1u << 6)	/* is lost over CNS 03h, or answers nonsense */
#define ONVME_QUIRK_SLOW_TO_RESET	(1u << 7)	/* must not be read for a while after CC.EN has changed */
#define ONVME_QUIRK_DMA_48		(1u << 8)	/* addresses of 48 bits */
#define ONVME_QUIRK_NO_MSI		(1u << 9)	/* sends no MSI; MSI-X and lines work */
#define ONVME_NR_QUIRKS			10u

/**
 * struct onvme_quirk_facts - what is known of a device and its machine
 * @vendor: PCI vendor id
 * @device: PCI device id
 * @model: model number, or NULL before Identify
 * @firmware: firmware revision, or NULL
 * @maker: who made the machine, as its firmware says, or NULL
 * @machine: its name, or NULL
 * @board_maker: who made its board, or NULL
 * @board: the name of the board, or NULL
 */
struct onvme_quirk_facts {
	u16		vendor;
	u16		device;
	const char	*model;
	const char	*firmware;
	const char	*maker;
	const char	*machine;
	const char	*board_maker;
	const char	*board;
};

unsigned int onvme_quirk_match(const struct onvme_quirk_facts *facts);
const char *onvme_quirk_name(unsigned int nr);
int onvme_quirk_user(const char *text, u16 vendor, u16 device, unsigned int *quirks);
void onvme_quirk_fold(unsigned int quirks, struct onvme_caps *caps);
unsigned int onvme_quirk_dma_bits(unsigned int quirks);
unsigned int onvme_quirk_quiet_ms(unsigned int quirks);

#endif /* ONVME_PROTO_QUIRK_H */
