// SPDX-License-Identifier: GPL-2.0
#include <asm/byteorder.h>

#include "effects.h"

/* What a command may have as effects and still be for everybody */
#define ONVME_EFFECTS_HARMLESS	(ONVME_EFFECT_CSUPP | ONVME_EFFECT_LBCC | ONVME_EFFECT_UUID | ONVME_EFFECT_SCOPE)

/* What the specification says of a command, whatever the controller does. */
static u32 onvme_effects_known(bool admin, u8 opcode)
{
	if (!admin) {
		switch (opcode) {
		case ONVME_NVM_WRITE:
		case ONVME_NVM_WRITE_UNCOR:
		case ONVME_NVM_WRITE_ZEROES:
			return ONVME_EFFECT_LBCC;
		default:
			return 0;
		}
	}
	switch (opcode) {
	case ONVME_ADM_FORMAT_NVM:
	case ONVME_ADM_SANITIZE:
		return ONVME_EFFECT_LBCC | ONVME_EFFECT_NCC | ONVME_EFFECT_CSE;
	case ONVME_ADM_NS_MGMT:
	case ONVME_ADM_NS_ATTACH:
		return ONVME_EFFECT_NIC;
	default:
		return 0;
	}
}

/* Admin commands that change nothing */
static bool onvme_effects_only_tells(u8 opcode)
{
	return opcode == ONVME_ADM_IDENTIFY || opcode == ONVME_ADM_GET_LOG_PAGE || opcode == ONVME_ADM_GET_FEATURES ||
	       opcode == ONVME_ADM_ABORT;
}

/**
 * onvme_effects_of() - the effects of a command
 * @admin: an admin command
 * @opcode: which
 * @told: what the controller's log says of it; 0 where there is none
 *
 * That nothing else may run beside it is kept for admin commands only: an I/O command would wait for itself. It is not
 * kept where the controller relaxes it, and for Security Receive, which many controllers mark so, and mean Security
 * Send beside it. What only tells something, which many send all the time, has no effect whatever the log says.
 *
 * Return: ONVME_EFFECT_*.
 */
u32 onvme_effects_of(bool admin, u8 opcode, u32 told)
{
	if (admin && onvme_effects_only_tells(opcode))
		return told & ONVME_EFFECT_CSUPP;
	if (!admin || opcode == ONVME_ADM_SECURITY_RECV || told & ONVME_EFFECT_CSER)
		told &= ~(u32)ONVME_EFFECT_CSE;
	return told | onvme_effects_known(admin, opcode);
}

/* What says of what a namespace or controller is, and nothing of who has been here */
static bool onvme_effects_tells_no_secret(const struct onvme_sqe *sqe)
{
	if (sqe->opcode != ONVME_ADM_IDENTIFY)
		return false;
	switch (le32_to_cpu(sqe->cdw10) & 0xff) {
	case ONVME_CNS_NS:
	case ONVME_CNS_CTRL:
	case ONVME_CNS_CS_NS:
	case ONVME_CNS_CS_CTRL:
	case ONVME_CNS_NS_INDEP:
		return true;
	default:
		return false;
	}
}

/*
 * Logs of how the controller is, of which none is gone or different when it has been read, with the event kept that
 * tells of news in it (Retain Asynchronous Event). What selects something else than the page itself is not asked for.
 */
static bool onvme_effects_tells_of_health(const struct onvme_sqe *sqe)
{
	u32 cdw10 = le32_to_cpu(sqe->cdw10);

	if (sqe->opcode != ONVME_ADM_GET_LOG_PAGE || cdw10 & ONVME_LOG_SPECIFIC || sqe->cdw14 || sqe->cdw15)
		return false;
	switch (cdw10 & 0xff) {
	case ONVME_LOG_ERROR:
	case ONVME_LOG_SMART:
	case ONVME_LOG_FW_SLOT:
	case ONVME_LOG_SELF_TEST:
		return true;
	default:
		return false;
	}
}

/* Features that the driver sets, and relies upon */
static bool onvme_effects_takes_away(const struct onvme_sqe *sqe)
{
	if (sqe->opcode != ONVME_ADM_SET_FEATURES)
		return false;
	switch (le32_to_cpu(sqe->cdw10) & 0xff) {
	case ONVME_FEAT_NUM_QUEUES:
	case ONVME_FEAT_APST:
	case ONVME_FEAT_HMB:
	case ONVME_FEAT_KEEP_ALIVE:
	case ONVME_FEAT_BEHAVIOR:
		return true;
	default:
		return false;
	}
}

/**
 * onvme_effects_may() - who may send a command
 * @sqe: the command
 * @from: who wants to
 *
 * As the in-tree driver has it, but for two things: by a partition nothing at all goes without CAP_SYS_ADMIN, and
 * neither does what transfers nobody knows how much.
 *
 * Return: who.
 */
enum onvme_may onvme_effects_may(const struct onvme_sqe *sqe, const struct onvme_sender *from)
{
	if (from->admin && onvme_effects_takes_away(sqe))
		return ONVME_MAY_NOBODY;
	if (from->partition || sqe->opcode >= ONVME_OPCODE_FABRICS)
		return ONVME_MAY_ADMIN;
	if (from->admin && from->whole && onvme_effects_tells_of_health(sqe))
		return ONVME_MAY_GROUP;
	if (from->admin)
		return onvme_effects_tells_no_secret(sqe) ? ONVME_MAY_ANYBODY : ONVME_MAY_ADMIN;
	/* An I/O command: the controller has it, it does nothing that others would notice, and moves what it says. */
	if (!(from->effects & ONVME_EFFECT_CSUPP) || from->effects & ~(u32)ONVME_EFFECTS_HARMLESS || !from->len_known)
		return ONVME_MAY_ADMIN;
	if ((sqe->opcode & ONVME_OPCODE_WRITE || from->effects & ONVME_EFFECT_LBCC) && !from->writable)
		return ONVME_MAY_ADMIN;
	return ONVME_MAY_ANYBODY;
}

/**
 * onvme_effects_care() - what has to be done beside sending a command
 * @admin: an admin command
 * @effects: from onvme_effects_of()
 *
 * Blocks that change by an admin command are those of whole namespaces: I/O that was made for what they were must not
 * get there. I/O commands take care of nothing, whatever the log says: they are many, and one of them cannot wait until
 * no other is under way.
 *
 * Return: ONVME_CARE_*.
 */
unsigned int onvme_effects_care(bool admin, u32 effects)
{
	unsigned int care = 0;

	if (!admin)
		return 0;
	if (effects & (ONVME_EFFECT_LBCC | ONVME_EFFECT_CSE))
		care |= ONVME_CARE_STILL;
	if (effects & (ONVME_EFFECT_NCC | ONVME_EFFECT_NIC))
		care |= ONVME_CARE_SCAN;
	if (effects & ONVME_EFFECT_CCC)
		care |= ONVME_CARE_CAPS;
	return care;
}
