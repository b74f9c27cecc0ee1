/* SPDX-License-Identifier: GPL-2.0 */
/*
 * crew.h - many things of a kind, some of them done at once.
 *
 * A crew exists while onvme_crew_run() does. Its caller works along and does all of it alone where nobody comes to
 * help, so it needs no memory and no other thread to get on. Process context.
 */
#ifndef ONVME_CREW_H
#define ONVME_CREW_H

#define ONVME_CREW_MOST	4		/* who works at once: half of the admin tags that are the driver's own */

/**
 * typedef onvme_crew_fn - does one of the things
 * @arg: as given to onvme_crew_run()
 * @i: which
 * @page: %ONVME_IDENTIFY_SIZE bytes to work in, nobody else's meanwhile; NULL where the caller has none
 *
 * Return: 0; an errno: none that was not begun is done any more.
 */
typedef int (*onvme_crew_fn)(void *arg, unsigned int i, void *page);

int onvme_crew_run(unsigned int first, unsigned int end, onvme_crew_fn fn, void *arg, void *page);

#endif /* ONVME_CREW_H */
