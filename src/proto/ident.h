/* SPDX-License-Identifier: GPL-2.0 */
/*
 * ident.h - from what Identify says to what the driver believes: bounded, host-endian snapshots.
 *
 * struct onvme_caps (a controller) and struct onvme_ns_geom (a namespace) are made here once per bring-up or scan,
 * never changed afterwards, and replaced as a whole. Raw data of the device does not get past these functions. Values
 * that cannot be true are replaced by what is safe and reported as findings, for the caller to say in one line each.
 * Pure; any context; the caller owns all memory.
 */
#ifndef ONVME_PROTO_IDENT_H
#define ONVME_PROTO_IDENT_H

#include <onvme/spec.h>

#include "pi.h"
#include "place.h"
#include "zone.h"

#define ONVME_NQN_SIZE		224
#define ONVME_MAX_POWER_STATES	32
#define ONVME_MAX_HW_BYTES	(8u << 20)	/* more than that per command helps nobody */

/**
 * struct onvme_finding - values that cannot be true
 * @count: how many were met
 * @what: the first of them, in the words of the specification
 * @value: what the device said
 */
struct onvme_finding {
	unsigned int	count;
	const char	*what;
	u64		value;
};

/**
 * struct onvme_power_state - a power state
 * @enlat_us: most time that it takes to enter, microseconds
 * @exlat_us: most time that it takes to leave
 * @idle: non-operational: no I/O while in it
 */
struct onvme_power_state {
	u32	enlat_us;
	u32	exlat_us;
	bool	idle;
};

/**
 * struct onvme_caps - what a controller is and can do
 * @cap: CAP
 * @vs: VS
 * @vid: PCI vendor id
 * @ssvid: PCI subsystem vendor id
 * @cntlid: controller id
 * @cntrltype: ONVME_CNTRLTYPE_*, 0 when not reported
 * @cmic: Controller Multi-Path I/O and Namespace Sharing Capabilities
 * @rab: Recommended Arbitration Burst, a power of two
 * @acl: aborts that may be outstanding, 1 to 256
 * @npss: number of power states, 1 to 32
 * @ps: the power states
 * @apsta: it enters power states by itself when told to
 * @vwc: a volatile write cache is present
 * @has_dsm: Dataset Management is supported
 * @has_write_zeroes: Write Zeroes is supported
 * @synthetic_nqn: the controller reported no usable SUBNQN
 * @no_ns_descs: Identify with CNS 03h is not to be sent
 * @can_csi: Identify takes a command set identifier, CNS 05h and 06h exist
 * @oaes: Optional Asynchronous Events Supported
 * @oacs: Optional Admin Command Support
 * @oncs: Optional NVM Command Support
 * @lpa: Log Page Attributes
 * @sgls: SGL Support
 * @ctratt: Controller Attributes
 * @nn: highest namespace id
 * @max_bytes: most data of one command (MDTS), at most %ONVME_MAX_HW_BYTES
 * @wz_bytes: most bytes of one Write Zeroes, 0 for no own limit
 * @dsm_ranges: most ranges of one Dataset Management command, 1 to 256
 * @dsm_range_blocks: most blocks of one range, 0 for no limit
 * @dsm_blocks: most blocks of one command, 0 for no limit
 * @awupf: Atomic Write Unit Power Fail in blocks, 1 to 65536
 * @hmpre: Host Memory Buffer Preferred Size, units of 4 KiB; 0: it wants none
 * @hmmin: Host Memory Buffer Minimum Size, the same, at most @hmpre
 * @hmminds: Host Memory Buffer Minimum Descriptor Entry Size, the same
 * @hmmaxd: Host Memory Maximum Descriptors Entries, 0 for any number
 * @rtd3e_us: RTD3 Entry Latency in microseconds
 * @wctemp: Warning Composite Temperature Threshold in kelvins, 0 when not reported
 * @cctemp: Critical Composite Temperature Threshold, the same
 * @mtfa_ms: Maximum Time for Firmware Activation in milliseconds
 * @kas: Keep Alive Support, units of 100 ms
 * @crdt: Command Retry Delay Times, units of 100 ms
 * @sn: serial number without trailing blanks
 * @mn: model number without trailing blanks
 * @fr: firmware revision without trailing blanks
 * @sn_raw: serial number as it was padded
 * @mn_raw: model number as it was padded
 * @subnqn: NVM subsystem qualified name
 */
struct onvme_caps {
	u64	cap;
	u32	vs;
	u16	vid;
	u16	ssvid;
	u16	cntlid;
	u8	cntrltype;
	u8	cmic;
	u16	acl;
	u8	rab;
	u8	npss;
	struct onvme_power_state ps[ONVME_MAX_POWER_STATES];
	bool	apsta;
	bool	vwc;
	bool	has_dsm;
	bool	has_write_zeroes;
	bool	synthetic_nqn;
	bool	no_ns_descs;
	bool	can_csi;
	u32	oaes;
	u16	oacs;
	u16	oncs;
	u8	lpa;
	u32	sgls;
	u32	ctratt;
	u32	nn;
	u32	max_bytes;
	u32	wz_bytes;
	u32	dsm_ranges;
	u32	dsm_range_blocks;
	u64	dsm_blocks;
	u32	awupf;
	u32	hmpre;
	u32	hmmin;
	u32	hmminds;
	u16	hmmaxd;
	u32	rtd3e_us;
	u16	wctemp;
	u16	cctemp;
	u32	mtfa_ms;
	u16	kas;
	u16	crdt[3];
	char	sn[21];
	char	mn[41];
	char	fr[9];
	char	sn_raw[20];
	char	mn_raw[40];
	char	subnqn[ONVME_NQN_SIZE];
};

/* Whether the block layer can drive a namespace, and if not, why */
enum onvme_ns_fit {
	ONVME_FIT_OK,
	ONVME_FIT_EMPTY,		/* no capacity: not there, or not active */
	ONVME_FIT_FORMAT,		/* the format index names no format */
	ONVME_FIT_LBADS,		/* block size out of range */
	ONVME_FIT_METADATA,		/* metadata in a way that block I/O cannot use */
	ONVME_FIT_SIZE,			/* capacity overflows */
	ONVME_FIT_CSI,			/* another command set */
	ONVME_FIT_ZONES,		/* zones of a kind that the block layer has no word for */
	ONVME_NR_FITS
};

/**
 * struct onvme_ns_geom - what a namespace is
 * @nsid: namespace id
 * @fit: whether the block layer can drive it
 * @csi: command set identifier
 * @lba_shift: block size as a power of two; 9 when @fit is not ONVME_FIT_OK and the real one is senseless
 * @format: index of the format in use
 * @ms: bytes of metadata per block
 * @pi: what they are, and how block I/O drives them
 * @extended: metadata stands at the end of each block
 * @readonly: write protected
 * @shared: may be attached to more than one controller
 * @can_discard: Dataset Management makes sense here
 * @vwc: a volatile write cache stands before it
 * @wz_deac: Write Zeroes may deallocate, and deallocated blocks read as zeroes
 * @nsze: size in blocks
 * @nuse: blocks in use
 * @sectors: size in units of 512 bytes, 0 unless @fit is ONVME_FIT_OK
 * @phys_bytes: largest write that a power failure does not tear, as far as preferred: the physical block size
 * @io_min_bytes: preferred write granularity
 * @io_opt_bytes: optimal write size, 0 when not reported
 * @atomic_bytes: largest write that a power failure does not tear, 0 where nothing can be promised; at most 1 GiB
 * @atomic_unit_bytes: the largest power of two in it
 * @atomic_boundary_bytes: a write across a multiple of this may be torn; a power of two that divides the optimal I/O
 *	boundary and is no less than @atomic_bytes; 0: there is none
 * @chunk_sectors: optimal I/O boundary, a power of two, or 0
 * @discard_gran_bytes: granularity of Dataset Management
 * @max_discard_sectors: most sectors of one discard, 0 for none
 * @max_wz_sectors: most sectors of one Write Zeroes, 0 for none
 * @anagrpid: ANA group
 * @endgid: endurance group, or 0
 * @place: placement identifiers for writes
 * @zones: its zones
 * @eui64: IEEE Extended Unique Identifier, all zeroes when there is none
 * @nguid: Namespace Globally Unique Identifier, all zeroes when there is none
 * @uuid: Universally Unique Identifier, all zeroes when there is none
 */
struct onvme_ns_geom {
	u32	nsid;
	u8	fit;
	u8	csi;
	u8	lba_shift;
	u8	format;
	u16	ms;
	struct onvme_pi pi;
	bool	extended;
	bool	readonly;
	bool	shared;
	bool	can_discard;
	bool	vwc;
	bool	wz_deac;
	u64	nsze;
	u64	nuse;
	u64	sectors;
	u32	phys_bytes;
	u32	io_min_bytes;
	u32	io_opt_bytes;
	u32	atomic_bytes;
	u32	atomic_unit_bytes;
	u32	atomic_boundary_bytes;
	u32	chunk_sectors;
	u32	discard_gran_bytes;
	u32	max_discard_sectors;
	u32	max_wz_sectors;
	u32	anagrpid;
	u16	endgid;
	struct onvme_place place;
	struct onvme_zones zones;
	u8	eui64[8];
	u8	nguid[16];
	u8	uuid[16];
};

/* Whether Read, Write and Compare of a command set are those of the NVM Command Set. */
static inline bool onvme_ident_csi_has_blocks(u8 csi)
{
	return csi == ONVME_CSI_NVM || csi == ONVME_CSI_ZNS;
}

u32 onvme_ident_pow2_pages(u8 field, u64 cap);
int onvme_ident_ctrl(const struct onvme_id_ctrl *id, u64 cap, u32 vs, struct onvme_caps *caps,
		     struct onvme_finding *finding);
void onvme_ident_synthetic_nqn(struct onvme_caps *caps);
void onvme_ident_ctrl_nvm(const struct onvme_id_ctrl_nvm *id, struct onvme_caps *caps);
void onvme_ident_ns(const struct onvme_id_ns *id, const struct onvme_caps *caps, u32 nsid, u8 max_lba_shift,
		    struct onvme_ns_geom *geom, struct onvme_finding *finding);
int onvme_ident_descs(const void *page, struct onvme_ns_geom *geom, struct onvme_finding *finding);
unsigned int onvme_ident_nsids(const __le32 *page, u32 after, u32 nn, u32 *nsids, struct onvme_finding *finding);
void onvme_ident_plan_meta(struct onvme_ns_geom *geom, unsigned int can);
const char *onvme_ident_fit_text(enum onvme_ns_fit fit);
void onvme_ident_forget_ids(struct onvme_ns_geom *geom);
bool onvme_ident_same_ids(const struct onvme_ns_geom *a, const struct onvme_ns_geom *b);
bool onvme_ident_same_blocks(const struct onvme_ns_geom *a, const struct onvme_ns_geom *b);

#endif /* ONVME_PROTO_IDENT_H */
