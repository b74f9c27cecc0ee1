/* SPDX-License-Identifier: GPL-2.0 */
/*
 * pi.h - metadata of blocks, and the protection information in them: which there are, who makes and checks them.
 *
 * struct onvme_pi is part of what a namespace is (struct onvme_ns_geom) and replaced with it; struct onvme_pi_io is
 * what of it commands depend on. Pure; any context; the caller owns all memory.
 */
#ifndef ONVME_PROTO_PI_H
#define ONVME_PROTO_PI_H

#include <onvme/spec.h>

/* How block I/O drives blocks with metadata */
enum onvme_meta_way {
	ONVME_META_NONE,		/* there are none, or block I/O cannot drive them */
	ONVME_META_STRIP,		/* nothing but protection information, left to the controller: none move */
	ONVME_META_PI,			/* they move; host and controller both check the protection information */
	ONVME_META_OPAQUE,		/* they move; nobody knows what they are */
	ONVME_META_INSERT,		/* they move; protection information in them is left to the controller */
};

/* What the block layer can do about metadata */
#define ONVME_CAN_META		BIT(0)		/* give requests a buffer for them */
#define ONVME_CAN_PI16		BIT(1)		/* make and check protection information with 16-bit guards */
#define ONVME_CAN_PI64		BIT(2)		/* the same with 64-bit guards */
#define ONVME_CAN_PI_OFFSET	BIT(3)		/* when it does not stand first in the metadata, too */

#define ONVME_META_MOST		255		/* most metadata of a block that the block layer can count */

/**
 * struct onvme_pi - metadata of the blocks of a namespace
 * @type: type of protection information, 1 to 3; 0: there is none, or of a kind that is not known
 * @guard: ONVME_GUARD_*
 * @bytes: its size, 0 without
 * @sts: bits of its storage tag
 * @first: it stands in the first bytes of the metadata, not in the last
 * @way: enum onvme_meta_way
 * @offset: where it begins in the metadata
 */
struct onvme_pi {
	u8	type;
	u8	guard;
	u8	bytes;
	u8	sts;
	bool	first;
	u8	way;
	u16	offset;
};

/**
 * struct onvme_pi_io - the same, as far as commands depend on it
 * @ms: bytes of metadata per block
 * @way: enum onvme_meta_way
 * @type: type of protection information that commands have to speak of, or 0
 * @wide: its reference tags have 48 bits, else 32
 * @pure: the metadata are nothing else
 * @blind: what is read may come from a driver that could not make it either, and wrote none: nobody checks it
 */
struct onvme_pi_io {
	u16	ms;
	u8	way;
	u8	type;
	bool	wide;
	bool	pure;
	bool	blind;
};

/**
 * struct onvme_integrity - what the block layer has to know of metadata
 * @bytes: per block; 0: the block layer has nothing to do with them
 * @pi_bytes: protection information that it makes and checks; 0: zeroes are written and nothing is checked
 * @pi_offset: where that begins
 * @wide: its guard has 64 bits, else 16
 * @ref_tag: its reference tag is the number of the block
 * @tag_bytes: of it that are free for the use of who stands above
 */
struct onvme_integrity {
	u8	bytes;
	u8	pi_bytes;
	u8	pi_offset;
	bool	wide;
	bool	ref_tag;
	u8	tag_bytes;
};

bool onvme_pi_ident(struct onvme_pi *pi, u16 ms, u8 dps);
void onvme_pi_extended(struct onvme_pi *pi, u16 ms, const struct onvme_id_ns_nvm *id, unsigned int format);
void onvme_pi_unknown(struct onvme_pi *pi, u16 ms);
bool onvme_pi_plan(struct onvme_pi *pi, u16 ms, bool extended, unsigned int can);
void onvme_pi_io(const struct onvme_pi *pi, u16 ms, struct onvme_pi_io *io);
void onvme_pi_integrity(const struct onvme_pi *pi, u16 ms, struct onvme_integrity *integrity);
bool onvme_pi_rw(const struct onvme_pi_io *io, struct onvme_sqe *sqe, u64 slba, bool buffer, u16 checks);
void onvme_pi_zeroes(const struct onvme_pi_io *io, struct onvme_sqe *sqe, u64 slba);

#endif /* ONVME_PROTO_PI_H */
