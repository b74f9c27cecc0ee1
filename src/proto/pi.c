// SPDX-License-Identifier: GPL-2.0
/*
 * NVM Command Set, "End-to-end Data Protection" and "Protection Information". Three things are decided here: what
 * the metadata of a format are, how block I/O drives them with what the block layer can do, and what a command says of
 * them. Guards of 32 bits and storage tags are known by their size only: such metadata are driven as any others.
 */
#include <asm/byteorder.h>
#include <linux/array_size.h>
#include <linux/bitfield.h>
#include <linux/bits.h>
#include <linux/string.h>

#include "pi.h"

static void onvme_pi_forget(struct onvme_pi *pi)
{
	memset(pi, 0, sizeof(*pi));
}

static void onvme_pi_place(struct onvme_pi *pi, u16 ms, u8 bytes)
{
	if (!pi->type || ms < bytes) {
		onvme_pi_forget(pi);
		return;
	}
	pi->bytes = bytes;
	pi->offset = pi->first ? 0 : ms - bytes;
}

/**
 * onvme_pi_ident() - read what Identify Namespace says of protection information
 * @pi: written in full; with 16-bit guards, as long as onvme_pi_extended() says nothing else
 * @ms: bytes of metadata per block
 * @dps: End-to-end Data Protection Type Settings
 *
 * Return: false when the type is none that there is.
 */
bool onvme_pi_ident(struct onvme_pi *pi, u16 ms, u8 dps)
{
	u8 type = FIELD_GET(ONVME_DPS_TYPE, dps);

	onvme_pi_forget(pi);
	if (type > 3)
		return false;
	pi->type = type;
	pi->first = dps & ONVME_DPS_FIRST;
	onvme_pi_place(pi, ms, 8);
	return true;
}

/**
 * onvme_pi_extended() - read what the NVM Command Set's own Identify Namespace says of protection information
 * @pi: from onvme_pi_ident()
 * @ms: bytes of metadata per block
 * @id: the data structure (CNS 05h)
 * @format: index of the format in use
 */
void onvme_pi_extended(struct onvme_pi *pi, u16 ms, const struct onvme_id_ns_nvm *id, unsigned int format)
{
	u32 elbaf;

	if (format >= ARRAY_SIZE(id->elbaf)) {
		onvme_pi_unknown(pi, ms);
		return;
	}
	elbaf = le32_to_cpu(id->elbaf[format]);
	pi->guard = (u8)FIELD_GET(ONVME_ELBAF_PIF, elbaf);
	if (pi->guard == ONVME_GUARD_QUALIFIED && id->pic & ONVME_PIC_QPIF)
		pi->guard = (u8)FIELD_GET(ONVME_ELBAF_QPIF, elbaf);
	pi->sts = (u8)FIELD_GET(ONVME_ELBAF_STS, elbaf);
	if (pi->guard > ONVME_GUARD_64)
		onvme_pi_forget(pi);
	else
		onvme_pi_place(pi, ms, pi->guard == ONVME_GUARD_16 ? 8 : 16);
}

/**
 * onvme_pi_unknown() - a controller that has several kinds of guards does not say which
 * @pi: from onvme_pi_ident()
 * @ms: bytes of metadata per block
 *
 * In eight bytes there is room for one kind only.
 */
void onvme_pi_unknown(struct onvme_pi *pi, u16 ms)
{
	if (ms != 8)
		onvme_pi_forget(pi);
}

/* Whether commands can speak of it */
static bool onvme_pi_usable(const struct onvme_pi *pi)
{
	return pi->type && pi->guard != ONVME_GUARD_32 && !pi->sts;
}

static bool onvme_pi_host_can(const struct onvme_pi *pi, unsigned int can)
{
	unsigned int needs = pi->guard == ONVME_GUARD_64 ? ONVME_CAN_PI64 : ONVME_CAN_PI16;

	if (pi->offset)
		needs |= ONVME_CAN_PI_OFFSET;
	return (can & needs) == needs;
}

/**
 * onvme_pi_plan() - decide how block I/O drives blocks with metadata
 * @pi: what is known of protection information; @pi->way is set
 * @ms: bytes of metadata per block
 * @extended: they stand at the end of each block, so that they would be part of the data
 * @can: ONVME_CAN_* of the block layer
 *
 * What the host cannot make and check is left to the controller rather than written wrong.
 *
 * Return: false when block I/O cannot drive them.
 */
bool onvme_pi_plan(struct onvme_pi *pi, u16 ms, bool extended, unsigned int can)
{
	bool usable = onvme_pi_usable(pi), pure = usable && ms == pi->bytes;

	pi->way = ONVME_META_NONE;
	if (!ms)
		return true;
	if (pure)
		pi->way = ONVME_META_STRIP;
	if (extended || !(can & ONVME_CAN_META) || ms > ONVME_META_MOST)
		return pure;
	if (!usable)
		pi->way = ONVME_META_OPAQUE;
	else if (onvme_pi_host_can(pi, can))
		pi->way = ONVME_META_PI;
	else if (!pure)
		pi->way = ONVME_META_INSERT;
	return true;
}

/**
 * onvme_pi_io() - what commands depend on
 * @pi: after onvme_pi_plan()
 * @ms: bytes of metadata per block
 * @io: written in full
 */
void onvme_pi_io(const struct onvme_pi *pi, u16 ms, struct onvme_pi_io *io)
{
	memset(io, 0, sizeof(*io));
	if (pi->way == ONVME_META_NONE)
		return;
	io->ms = ms;
	io->way = pi->way;
	if (!onvme_pi_usable(pi))
		return;
	io->type = pi->type;
	io->wide = pi->guard == ONVME_GUARD_64;
	io->pure = ms == pi->bytes;
	/* In-tree drivers up to 6.8 leave protection information alone that is not first. */
	io->blind = pi->way == ONVME_META_INSERT && pi->offset;
}

/**
 * onvme_pi_integrity() - what the block layer has to know
 * @pi: after onvme_pi_plan()
 * @ms: bytes of metadata per block
 * @integrity: written in full
 */
void onvme_pi_integrity(const struct onvme_pi *pi, u16 ms, struct onvme_integrity *integrity)
{
	memset(integrity, 0, sizeof(*integrity));
	if (pi->way == ONVME_META_NONE || pi->way == ONVME_META_STRIP)
		return;
	integrity->bytes = (u8)ms;
	if (pi->way != ONVME_META_PI)
		return;
	integrity->pi_bytes = pi->bytes;
	integrity->pi_offset = (u8)pi->offset;
	integrity->wide = pi->guard == ONVME_GUARD_64;
	integrity->ref_tag = pi->type != 3;
	/* The application tag, and the reference tag where it has no meaning of its own */
	integrity->tag_bytes = 2;
	if (!integrity->ref_tag)
		integrity->tag_bytes = integrity->wide ? 8 : 6;
}

/* Command dword 14, and of 48 bits the upper ones in dword 3: the tag that the first block has or gets. */
static void onvme_pi_ref_tag(const struct onvme_pi_io *io, struct onvme_sqe *sqe, u64 slba)
{
	if (io->type == 3)
		return;
	sqe->cdw14 = cpu_to_le32((u32)slba);
	if (io->wide)
		sqe->cdw3 = cpu_to_le32((u32)(slba >> 32) & 0xffff);
}

static void onvme_pi_control(struct onvme_sqe *sqe, u16 control)
{
	sqe->cdw12 |= cpu_to_le32((u32)control << 16);
}

/**
 * onvme_pi_rw() - tell a Read or Write what to do about metadata
 * @io: those of its namespace
 * @sqe: the command, complete otherwise
 * @slba: its first block
 * @buffer: there is a buffer for them
 * @checks: of ONVME_RW_PRCHK_GUARD, _APP and _REF what the controller is to check in the host's protection information
 *
 * What the controller makes nobody else can check: it does.
 *
 * Return: false when there has to be a buffer and is none.
 */
bool onvme_pi_rw(const struct onvme_pi_io *io, struct onvme_sqe *sqe, u64 slba, bool buffer, u16 checks)
{
	u16 control = 0;

	if (!buffer && !io->pure)
		return false;
	if (!io->type || (io->blind && sqe->opcode == ONVME_NVM_READ))
		return true;
	if (!buffer || io->way != ONVME_META_PI) {
		control = ONVME_RW_PRACT;
		checks = ONVME_RW_PRCHK_GUARD | ONVME_RW_PRCHK_REF;
	}
	if (io->type == 3)
		checks &= (u16)~ONVME_RW_PRCHK_REF;
	onvme_pi_control(sqe, control | checks);
	onvme_pi_ref_tag(io, sqe, slba);
	return true;
}

/**
 * onvme_pi_zeroes() - tell a Write Zeroes what to do about metadata
 * @io: those of its namespace
 * @sqe: the command, complete otherwise
 * @slba: its first block
 *
 * No metadata move. The controller makes protection information, lest the blocks fail their next check.
 */
void onvme_pi_zeroes(const struct onvme_pi_io *io, struct onvme_sqe *sqe, u64 slba)
{
	if (!io->type)
		return;
	onvme_pi_control(sqe, ONVME_RW_PRACT);
	onvme_pi_ref_tag(io, sqe, slba);
}
