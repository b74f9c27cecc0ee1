/* SPDX-License-Identifier: GPL-2.0 */
/*
 * place.h - where a write is to go: placement identifiers of a namespace with Flexible Data Placement.
 *
 * struct onvme_place is part of what a namespace is (struct onvme_ns_geom), and of what the hot path knows of it. Pure;
 * any context; the caller owns all memory.
 */
#ifndef ONVME_PROTO_PLACE_H
#define ONVME_PROTO_PLACE_H

#include <onvme/spec.h>

#define ONVME_PLACES		16	/* placement identifiers that are told apart; further ones are not used */
#define ONVME_PLACE_BYTES	(sizeof(struct onvme_ruhs) + ONVME_PLACES * sizeof(struct onvme_ruhs_desc))

/**
 * struct onvme_place - placement identifiers of a namespace
 * @nr: how many; 0: it has none, or but one, which is no choice
 * @unit_bytes: nominal size of what the controller erases as one, 0 when it is beyond 4 GiB
 * @pid: the identifiers; that of writes which name none is for the controller to choose, and most likely the first
 */
struct onvme_place {
	u16	nr;
	u16	pid[ONVME_PLACES];
	u32	unit_bytes;
};

bool onvme_place_config(struct onvme_place *place, const void *page, size_t len, unsigned int index);
void onvme_place_read(struct onvme_place *place, const void *page);
void onvme_place_stream(const struct onvme_place *place, struct onvme_sqe *sqe, unsigned int stream);
void onvme_place_lifetime(const struct onvme_place *place, struct onvme_sqe *sqe, unsigned int lifetime);

#endif /* ONVME_PROTO_PLACE_H */
