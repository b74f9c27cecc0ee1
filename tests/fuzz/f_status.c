// SPDX-License-Identifier: GPL-2.0
/* Status: what must hold between kind, fate, delay and text. Input: status, tries, most tries, three delays, opcode. */
#include "fuzz.h"
#include "status.h"

static void fuzz_one(struct fuzz_in *in)
{
	u16 status = (u16)fuzz_le(in, 2);
	unsigned int tries = (unsigned int)fuzz_le(in, 4), most = (unsigned int)fuzz_le(in, 4);
	u16 crdt[3] = { (u16)fuzz_le(in, 2), (u16)fuzz_le(in, 2), (u16)fuzz_le(in, 2) };
	u8 opcode = (u8)fuzz_le(in, 1);
	bool success = !(status & 0x7ff), may = fuzz_le(in, 1) & 1;
	enum onvme_fate fate = onvme_status_fate(status, tries, most, may);

	CHECK(onvme_status_kind(status) < ONVME_NR_ERRKINDS);
	EQUAL(onvme_status_kind(status) == ONVME_ERR_NONE, success);
	EQUAL(fate == ONVME_FATE_DONE, success);
	EQUAL(fate == ONVME_FATE_RETRY, !success && may && !(status & 0x4000) && tries < most);
	CHECK(onvme_status_delay_ms(status, crdt) <= 10000);
	CHECK(*onvme_status_text(status));
	CHECK(*onvme_opcode_text(false, opcode) && *onvme_opcode_text(true, opcode));
}
