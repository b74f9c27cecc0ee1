// SPDX-License-Identifier: GPL-2.0
/* effects.c: every opcode from every sender, against the rules written the other way round. */
#include <errno.h>
#include <string.h>

#include "cmd.h"
#include "effects.h"
#include "ktap.h"

/* The specification's list, by hand */
static u32 model_known(bool admin, unsigned int opcode)
{
	if (admin)
		return opcode == 0x80 || opcode == 0x84	    ? 0x70006 :
		       opcode == 0x0d || opcode == 0x15 ? 0x8 :
							  0;
	return opcode == 1 || opcode == 4 || opcode == 8 ? 2 : 0;
}

static void effects(void)
{
	unsigned int opcode;
	unsigned long round;

	for (opcode = 0; opcode < 256; opcode++) {
		EQUAL(onvme_effects_of(true, (u8)opcode, 0), model_known(true, opcode));
		EQUAL(onvme_effects_of(false, (u8)opcode, 0), model_known(false, opcode));
	}
	for (round = 0; round < rounds(20000); round++) {
		bool admin = rnd_below(2);
		u32 told = (u32)rnd(), kept = told;

		opcode = rnd_below(256);
		if (admin && (opcode == 0x02 || opcode == 0x06 || opcode == 0x08 || opcode == 0x0a)) {
			EQUAL(onvme_effects_of(admin, (u8)opcode, told), told & 1);
			continue;
		}
		if (!admin || opcode == 0x82 || told & 0xc000)
			kept &= 0xfff8ffff;
		EQUAL(onvme_effects_of(admin, (u8)opcode, told), kept | model_known(admin, opcode));
	}
}

/* What nobody but an administrator may send, rule by rule */
static bool model_open(const struct onvme_sqe *sqe, const struct onvme_sender *from)
{
	static const u8 identify[] = { 0, 1, 5, 6, 8 };
	u8 cns = (u8)le32_to_cpu(sqe->cdw10);

	if (from->partition || sqe->opcode > 0x7e)
		return false;
	if (from->admin)
		return sqe->opcode == 6 && memchr(identify, cns, sizeof(identify));
	if ((from->effects & 0x7fffd) != 1 || !from->len_known)		/* supported, and nothing else but LBCC */
		return false;
	return from->writable || !(sqe->opcode % 2 || from->effects & 2);
}

/* Logs of health, by the node of the controller, with nothing selected */
static bool model_group(const struct onvme_sqe *sqe, const struct onvme_sender *from)
{
	u32 cdw10 = le32_to_cpu(sqe->cdw10);
	u8 lid = (u8)cdw10;

	return from->admin && from->whole && !from->partition && sqe->opcode == 2 && !(cdw10 >> 8 & 0x7f) &&
	       !sqe->cdw14 && !sqe->cdw15 && (lid == 1 || lid == 2 || lid == 3 || lid == 6);
}

static bool model_owned(const struct onvme_sqe *sqe, const struct onvme_sender *from)
{
	static const u8 owned[] = { 7, 0xc, 0xd, 0xf, 0x16 };
	u8 fid = (u8)le32_to_cpu(sqe->cdw10);

	return from->admin && sqe->opcode == 9 && memchr(owned, fid, sizeof(owned));
}

static struct onvme_sender sender_of(unsigned int bits, u32 told)
{
	return (struct onvme_sender){
		.admin = bits & 1, .partition = bits & 2, .writable = bits & 4, .len_known = bits & 8, .effects = told,
		.whole = bits & 16,
	};
}

static void senders(void)
{
	static const u32 effects[] = { 0, 1, 2, 3, 5, 9, 0x11, 0x10001, 0x80001, 0xfff00003, 0xffffffff };
	unsigned int opcode, bits, i, cdw10, anybody = 0, nobody = 0;
	struct onvme_sqe sqe;

	for (opcode = 0; opcode < 256; opcode++)
		for (bits = 0; bits < 32; bits++)
			for (i = 0; i < sizeof(effects) / sizeof(*effects); i++)
				for (cdw10 = 0; cdw10 < 32; cdw10++) {
					struct onvme_sender from = sender_of(bits, effects[i]);
					enum onvme_may may;

					onvme_cmd_init(&sqe, (u8)opcode, 1);
					sqe.cdw10 = cpu_to_le32(0x80000000u | cdw10);	/* Save, and so on */
					may = onvme_effects_may(&sqe, &from);
					EQUAL(may, model_owned(&sqe, &from) ? ONVME_MAY_NOBODY :
						   model_open(&sqe, &from)  ? ONVME_MAY_ANYBODY :
						   model_group(&sqe, &from) ? ONVME_MAY_GROUP :
									      ONVME_MAY_ADMIN);
					anybody += may == ONVME_MAY_ANYBODY;
					nobody += may == ONVME_MAY_NOBODY;
				}
	CHECK(anybody);
	CHECK(nobody);
}

/* Each bit of a Get Log Page command: what selects something is for root. */
static void logs(void)
{
	struct onvme_sender from = sender_of(1 | 16, 1);
	unsigned int lid, bit, members = 0;
	struct onvme_sqe sqe;

	for (lid = 0; lid < 256; lid++)
		for (bit = 0; bit < 192; bit++) {
			u32 *dword = bit < 32 ? &sqe.cdw10 : bit < 64 ? &sqe.cdw11 : bit < 96 ? &sqe.cdw12 :
				     bit < 128 ? &sqe.cdw13 : bit < 160 ? &sqe.cdw14 : &sqe.cdw15;
			enum onvme_may may;

			if (bit < 8)
				continue;
			onvme_cmd_get_log(&sqe, ~0u, (u8)lid, 512);
			*dword ^= cpu_to_le32(1u << bit % 32);
			may = onvme_effects_may(&sqe, &from);
			EQUAL(may, model_group(&sqe, &from) ? ONVME_MAY_GROUP : ONVME_MAY_ADMIN);
			members += may == ONVME_MAY_GROUP;
		}
	EQUAL(members, 4 * (192 - 8 - 7 - 64));
}

/* The commands that people know */
static void examples(void)
{
	struct onvme_sender reader = sender_of(8, 1), writer = sender_of(4 | 8, 3), admin = sender_of(1, 1);
	struct onvme_sqe sqe;

	onvme_cmd_rw(&sqe, ONVME_NVM_READ, 1, 0, 8, 0);
	EQUAL(onvme_effects_may(&sqe, &reader), ONVME_MAY_ANYBODY);
	reader.partition = true;
	EQUAL(onvme_effects_may(&sqe, &reader), ONVME_MAY_ADMIN);
	reader.partition = false;
	reader.len_known = false;
	EQUAL(onvme_effects_may(&sqe, &reader), ONVME_MAY_ADMIN);
	onvme_cmd_rw(&sqe, ONVME_NVM_WRITE, 1, 0, 8, 0);
	EQUAL(onvme_effects_may(&sqe, &writer), ONVME_MAY_ANYBODY);
	writer.writable = false;
	EQUAL(onvme_effects_may(&sqe, &writer), ONVME_MAY_ADMIN);
	onvme_cmd_identify(&sqe, 1, ONVME_CNS_NS, 0);
	EQUAL(onvme_effects_may(&sqe, &admin), ONVME_MAY_ANYBODY);
	onvme_cmd_identify(&sqe, 0, ONVME_CNS_ACTIVE_NSIDS, 0);
	EQUAL(onvme_effects_may(&sqe, &admin), ONVME_MAY_ADMIN);
	onvme_cmd_get_log(&sqe, 0, ONVME_LOG_SMART, 512);
	EQUAL(onvme_effects_may(&sqe, &admin), ONVME_MAY_ADMIN);
	admin.whole = true;
	EQUAL(onvme_effects_may(&sqe, &admin), ONVME_MAY_GROUP);
	onvme_cmd_get_log(&sqe, 0, ONVME_LOG_CHANGED_NS, 512);
	EQUAL(onvme_effects_may(&sqe, &admin), ONVME_MAY_ADMIN);
	onvme_cmd_set_features(&sqe, ONVME_FEAT_NUM_QUEUES, 0);
	EQUAL(onvme_effects_may(&sqe, &admin), ONVME_MAY_NOBODY);
	onvme_cmd_set_features(&sqe, ONVME_FEAT_POWER, 0);
	EQUAL(onvme_effects_may(&sqe, &admin), ONVME_MAY_ADMIN);
	onvme_cmd_get_features(&sqe, ONVME_FEAT_NUM_QUEUES, 0);
	EQUAL(onvme_effects_may(&sqe, &admin), ONVME_MAY_ADMIN);
}

static void care(void)
{
	unsigned int bit;

	EQUAL(onvme_effects_care(true, 1), 0);
	EQUAL(onvme_effects_care(true, onvme_effects_of(true, ONVME_ADM_FORMAT_NVM, 0)),
	      ONVME_CARE_STILL | ONVME_CARE_SCAN);
	EQUAL(onvme_effects_care(true, onvme_effects_of(true, ONVME_ADM_SANITIZE, 0)),
	      ONVME_CARE_STILL | ONVME_CARE_SCAN);
	EQUAL(onvme_effects_care(true, onvme_effects_of(true, ONVME_ADM_NS_ATTACH, 0)), ONVME_CARE_SCAN);
	for (bit = 0; bit < 32; bit++) {
		unsigned int should = bit == 1			? ONVME_CARE_STILL :
				      bit == 2 || bit == 3	? ONVME_CARE_SCAN :
				      bit == 4			? ONVME_CARE_CAPS :
				      bit >= 16 && bit <= 18 ? ONVME_CARE_STILL :
								  0;

		EQUAL(onvme_effects_care(true, 1u << bit), should);
		EQUAL(onvme_effects_care(false, 1u << bit), 0);
	}
}

KTAP_MAIN("t_effects",
	  KTAP_CASE(effects),
	  KTAP_CASE(senders),
	  KTAP_CASE(logs),
	  KTAP_CASE(examples),
	  KTAP_CASE(care))
