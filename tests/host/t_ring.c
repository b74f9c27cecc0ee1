// SPDX-License-Identifier: GPL-2.0
/* ring.h against rings of memory: a producer and a consumer that fill and empty real slots. */
#include "ktap.h"
#include "ring.h"

/* Walk a submission ring in every reachable state of small depths: space says exactly how many more posts fit. */
static void space(void)
{
	u32 depth, head, used;

	for (depth = 2; depth < 70; depth++)
		for (head = 0; head < depth; head++)
			for (used = 0; used < depth; used++) {
				u16 tail = (u16)head;
				u32 i, fits = 0;

				for (i = 0; i < used; i++)
					tail = (u16)onvme_ring_next(tail, depth);
				EQUAL(onvme_ring_space((u16)head, tail, depth), depth - 1 - used);
				/* Post until the tail would meet the head, which would look like an empty ring. */
				while (onvme_ring_next(tail, depth) != head) {
					tail = (u16)onvme_ring_next(tail, depth);
					fits++;
				}
				EQUAL(fits, depth - 1 - used);
			}
}

static void deepest_ring(void)
{
	static const u32 depths[] = { 2, 3, 4096, 65535, 65536 };
	size_t d;
	u32 i;

	for (d = 0; d < sizeof(depths) / sizeof(depths[0]); d++) {
		u16 index = 0;

		for (i = 1; i <= depths[d]; i++) {
			index = (u16)onvme_ring_next(index, depths[d]);
			EQUAL(index, i % depths[d]);
		}
		EQUAL(onvme_ring_space(0, 0, depths[d]), depths[d] - 1);
		EQUAL(onvme_ring_space(1, 0, depths[d]), 0);
		EQUAL(onvme_ring_space((u16)(depths[d] - 1), 0, depths[d]), depths[d] - 2);
		EQUAL(onvme_ring_space(0, (u16)(depths[d] - 1), depths[d]), 0);
	}
}

/*
 * A consumer leaves an event at the index that it has seen last, or at an older one while it is at work. Walking the
 * ring says whether a step of the producer leaves that index behind.
 */
static void passes(void)
{
	u32 depth, from, step, back;

	for (depth = 2; depth < 40; depth++)
		for (from = 0; from < depth; from++)
			for (step = 1; step < depth; step++)
				for (back = 0; back < depth; back++) {
					u16 old = (u16)from, event = (u16)((from + back) % depth);
					u16 now = (u16)((from + step) % depth);

					EQUAL(onvme_ring_passes(old, now, event), back < step);
				}
	/* Not a step: nothing is left behind. */
	CHECK(!onvme_ring_passes(7, 7, 7));
	CHECK(!onvme_ring_passes(7, 7, 6));
}

/*
 * A completion ring that starts as zeroes: the controller writes entries with its phase in bit 0, the host takes those
 * that carry the phase it expects. It must take each once, in order, and stop at the last; also after it fell behind.
 */
static void phases(void)
{
	u32 depth;

	for (depth = 2; depth < 40; depth++) {
		u32 ring[40] = { 0 }, posted = 0, taken = 0, step;
		u16 tail = 0, head = 0;
		u8 device = 1, host = 1;

		for (step = 0; step < 400; step++) {
			u32 room = depth - 1 - (posted - taken), n = rnd_below(room + 1);

			while (n--) {
				ring[tail] = ++posted << 1 | device;
				if (++tail == depth) {
					tail = 0;
					device ^= 1;
				}
			}
			n = rnd_below(4) ? ~0u : rnd_below(3);
			while (n-- && (ring[head] & 1) == host) {
				EQUAL(ring[head] >> 1, taken + 1);
				taken++;
				host = (u8)onvme_ring_next_phase(head, depth, host);
				head = (u16)onvme_ring_next(head, depth);
			}
			CHECK(taken <= posted && host <= 1);
			EQUAL(head, taken % depth);
		}
		while ((ring[head] & 1) == host) {
			taken++;
			host = (u8)onvme_ring_next_phase(head, depth, host);
			head = (u16)onvme_ring_next(head, depth);
		}
		EQUAL(taken, posted);
	}
}

static void cids(void)
{
	u32 tag, gen;

	for (tag = 0; tag <= ONVME_CID_TAG_MASK; tag++)
		for (gen = 0; gen < 256; gen++) {
			u16 cid = onvme_cid_make(tag, gen);

			EQUAL(onvme_cid_tag(cid), tag);
			EQUAL(cid >> ONVME_CID_TAG_BITS, gen & (0xffffu >> ONVME_CID_TAG_BITS));
			/* The next use of the tag has another identifier. */
			CHECK(cid != onvme_cid_make(tag, gen + 1));
		}
	for (tag = 0; tag < 65536; tag++)
		CHECK(onvme_cid_tag((u16)tag) <= ONVME_CID_TAG_MASK);
}

KTAP_MAIN("t_ring",
	  KTAP_CASE(space),
	  KTAP_CASE(deepest_ring), KTAP_CASE(passes),
	  KTAP_CASE(phases),
	  KTAP_CASE(cids))
