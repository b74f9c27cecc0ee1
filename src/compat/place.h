/* SPDX-License-Identifier: GPL-2.0 */
/*
 * place.h - what a bio says of the place of its data: a stream from 6.16 on, how long they will live from 6.9 on.
 *
 * Included by whoever needs it, after compat.h. For requests that are writes with data.
 */
#ifndef ONVME_COMPAT_PLACE_H
#define ONVME_COMPAT_PLACE_H

#include "../proto/place.h"

#ifdef ONVME_HAVE_WRITE_STREAMS
static inline bool onvme_compat_can_place(void)
{
	return true;
}

static inline void onvme_compat_place(const struct onvme_place *place, struct onvme_sqe *sqe, struct request *rq)
{
	onvme_place_stream(place, sqe, rq->bio->bi_write_stream);
}
#elif defined(ONVME_HAVE_WRITE_LIFETIME)
static inline bool onvme_compat_can_place(void)
{
	return true;
}

static inline void onvme_compat_place(const struct onvme_place *place, struct onvme_sqe *sqe, struct request *rq)
{
	unsigned int hint = rq->bio->bi_write_hint;

	onvme_place_lifetime(place, sqe, hint > WRITE_LIFE_NONE ? hint - WRITE_LIFE_NONE : 0);
}
#else
static inline bool onvme_compat_can_place(void)
{
	return false;
}

static inline void onvme_compat_place(const struct onvme_place *place, struct onvme_sqe *sqe, struct request *rq)
{
}
#endif

#endif /* ONVME_COMPAT_PLACE_H */
