/* SPDX-License-Identifier: GPL-2.0 */
/*
 * spec.h - the wire: registers, commands and data structures of the NVM Express Base Specification 2.0,
 * the NVM Command Set Specification 1.0 and the PCIe Transport Specification 1.0, as far as onvme speaks them.
 *
 * Every structure is followed by the assertion of its size. Multi-byte fields are little-endian as on the wire; only
 * src/proto converts them. Nothing here is read outside src/proto, hw and the builders of cmd.h.
 */
#ifndef ONVME_SPEC_H
#define ONVME_SPEC_H

#include <linux/bits.h>
#include <linux/build_bug.h>
#include <linux/types.h>

/* Controller properties (PCIe Transport, "Controller Properties"): offsets in BAR0 */
enum {
	ONVME_REG_CAP		= 0x00,		/* 64 bit: Controller Capabilities */
	ONVME_REG_VS		= 0x08,		/* Version */
	ONVME_REG_INTMS		= 0x0c,		/* Interrupt Mask Set */
	ONVME_REG_INTMC		= 0x10,		/* Interrupt Mask Clear */
	ONVME_REG_CC		= 0x14,		/* Controller Configuration */
	ONVME_REG_CSTS		= 0x1c,		/* Controller Status */
	ONVME_REG_NSSR		= 0x20,		/* NVM Subsystem Reset */
	ONVME_REG_AQA		= 0x24,		/* Admin Queue Attributes */
	ONVME_REG_ASQ		= 0x28,		/* 64 bit: Admin Submission Queue Base Address */
	ONVME_REG_ACQ		= 0x30,		/* 64 bit: Admin Completion Queue Base Address */
	ONVME_REG_CMBLOC	= 0x38,		/* Controller Memory Buffer Location */
	ONVME_REG_CMBSZ		= 0x3c,		/* Controller Memory Buffer Size */
	ONVME_REG_CMBMSC	= 0x50,		/* 64 bit: Controller Memory Buffer Memory Space Control */
	ONVME_REG_CMBSTS	= 0x58,		/* Controller Memory Buffer Status */
	ONVME_REG_CRTO		= 0x68,		/* Controller Ready Timeouts */
	ONVME_REG_DBS		= 0x1000,	/* first doorbell: tail of submission queue 0 */
};

#define ONVME_CAP_MQES		GENMASK_ULL(15, 0)	/* Maximum Queue Entries Supported, 0's based */
#define ONVME_CAP_CQR		BIT_ULL(16)		/* Contiguous Queues Required */
#define ONVME_CAP_AMS_WRR	BIT_ULL(17)		/* Weighted Round Robin with Urgent Priority Class */
#define ONVME_CAP_TO		GENMASK_ULL(31, 24)	/* Timeout, units of 500 ms */
#define ONVME_CAP_DSTRD		GENMASK_ULL(35, 32)	/* Doorbell Stride, 2 ^ (2 + DSTRD) bytes */
#define ONVME_CAP_NSSRS		BIT_ULL(36)		/* NVM Subsystem Reset Supported */
#define ONVME_CAP_CSS		GENMASK_ULL(44, 37)	/* Command Sets Supported */
#define ONVME_CAP_CSS_NVM	BIT(0)
#define ONVME_CAP_CSS_IOCS	BIT(6)			/* more than one I/O command set */
#define ONVME_CAP_CSS_ADMIN	BIT(7)			/* no I/O command set */
#define ONVME_CAP_MPSMIN	GENMASK_ULL(51, 48)	/* Memory Page Size Minimum, 2 ^ (12 + MPSMIN) bytes */
#define ONVME_CAP_MPSMAX	GENMASK_ULL(55, 52)
#define ONVME_CAP_CMBS		BIT_ULL(57)		/* Controller Memory Buffer Supported */
#define ONVME_CAP_CRMS		GENMASK_ULL(60, 59)	/* Controller Ready Modes Supported */
#define ONVME_CAP_CRMS_CRWMS	BIT(0)			/* ... with media */

#define ONVME_VS(maj, min, ter)	(((maj) << 16) | ((min) << 8) | (ter))

#define ONVME_CC_EN		BIT(0)
#define ONVME_CC_CSS		GENMASK(6, 4)
#define ONVME_CC_CSS_NVM	0
#define ONVME_CC_CSS_IOCS	6
#define ONVME_CC_CSS_ADMIN	7
#define ONVME_CC_MPS		GENMASK(10, 7)
#define ONVME_CC_AMS		GENMASK(13, 11)
#define ONVME_CC_AMS_WRR	1
#define ONVME_CC_SHN		GENMASK(15, 14)
#define ONVME_CC_SHN_NORMAL	1
#define ONVME_CC_SHN_ABRUPT	2
#define ONVME_CC_IOSQES		GENMASK(19, 16)
#define ONVME_CC_IOCQES		GENMASK(23, 20)

#define ONVME_CSTS_RDY		BIT(0)
#define ONVME_CSTS_CFS		BIT(1)			/* Controller Fatal Status */
#define ONVME_CSTS_SHST		GENMASK(3, 2)
#define ONVME_CSTS_SHST_DONE	2
#define ONVME_CSTS_NSSRO	BIT(4)			/* NVM Subsystem Reset Occurred */
#define ONVME_CSTS_PP		BIT(5)			/* Processing Paused */
#define ONVME_ALL_ONES		(~0u)			/* what any register of a function reads as that is gone */

#define ONVME_NSSR_RESET	0x4e564d65		/* "NVMe" */

#define ONVME_AQA_ASQS		GENMASK(11, 0)
#define ONVME_AQA_ACQS		GENMASK(27, 16)

#define ONVME_CRTO_CRWMT	GENMASK(15, 0)		/* Controller Ready With Media Timeout, units of 500 ms */

#define ONVME_CMBLOC_BIR	GENMASK(2, 0)		/* Base Indicator Register: a BAR */
#define ONVME_CMBLOC_OFST	GENMASK(31, 12)		/* Offset, in units of CMBSZ */
#define ONVME_CMBSZ_SQS		BIT(0)			/* Submission Queue Support */
#define ONVME_CMBSZ_RDS		BIT(3)			/* Read Data Support */
#define ONVME_CMBSZ_WDS		BIT(4)			/* Write Data Support */
#define ONVME_CMBSZ_SZU		GENMASK(11, 8)		/* Size Units, 4 KiB << (4 x SZU) */
#define ONVME_CMBSZ_SZU_MOST	6
#define ONVME_CMBSZ_SZ		GENMASK(31, 12)
#define ONVME_CMBMSC_CRE	BIT(0)			/* Capabilities Registers Enabled: CMBLOC and CMBSZ */
#define ONVME_CMBMSC_CMSE	BIT(1)			/* Controller Memory Space Enable */
#define ONVME_CMBSTS_CBAI	BIT(0)			/* Controller Base Address Invalid */

/* Submission Queue Entry (Base, "Submission Queue Entry") */
struct onvme_sqe {
	__u8	opcode;
	__u8	flags;			/* FUSE 1:0, PSDT 7:6: ONVME_SQE_SGL */
	__le16	cid;
	__le32	nsid;
	__le32	cdw2;
	__le32	cdw3;
	__le64	metadata;
	__le64	prp1;
	__le64	prp2;
	__le32	cdw10;
	__le32	cdw11;
	__le32	cdw12;
	__le32	cdw13;
	__le32	cdw14;
	__le32	cdw15;
};
static_assert(sizeof(struct onvme_sqe) == 64);

#define ONVME_SQE_SGL	0x40		/* PSDT: an SGL descriptor, not PRP entries; metadata by address */

/* SGL descriptor (Base, "Scatter Gather List"): an address, then a qword of length in bytes and type */
#define ONVME_SGL_DATA	0ull		/* Data Block */
#define ONVME_SGL_MORE	(2ull << 60)	/* Segment: one that continues in another */
#define ONVME_SGL_LAST	(3ull << 60)	/* Last Segment */

/* Completion Queue Entry (Base, "Completion Queue Entry") */
struct onvme_cqe {
	__le32	dw0;
	__le32	dw1;
	__le16	sqhd;
	__le16	sqid;
	__le16	cid;
	__le16	status;			/* Phase Tag in bit 0 */
};
static_assert(sizeof(struct onvme_cqe) == 16);

#define ONVME_SQE_SHIFT		6
#define ONVME_CQE_SHIFT		4
#define ONVME_CQE_PHASE		BIT(0)

/* Status Field (Base, "Status Field"), as it stands above the Phase Tag */
#define ONVME_SF_SC		GENMASK(7, 0)
#define ONVME_SF_SCT		GENMASK(10, 8)
#define ONVME_SF_CODE		GENMASK(10, 0)		/* SCT and SC */
#define ONVME_SF_CRD		GENMASK(12, 11)		/* Command Retry Delay */
#define ONVME_SF_MORE		BIT(13)
#define ONVME_SF_DNR		BIT(14)			/* Do Not Retry */

enum {
	ONVME_SC_SUCCESS		= 0x000,
	ONVME_SC_INVALID_OPCODE		= 0x001,
	ONVME_SC_INVALID_FIELD		= 0x002,
	ONVME_SC_DATA_XFER_ERROR	= 0x004,
	ONVME_SC_POWER_LOSS		= 0x005,
	ONVME_SC_INTERNAL		= 0x006,
	ONVME_SC_ABORT_REQ		= 0x007,
	ONVME_SC_ABORT_QUEUE		= 0x008,
	ONVME_SC_INVALID_NS		= 0x00b,
	ONVME_SC_HOST_ID_FORMAT		= 0x018,	/* Host Identifier Inconsistent Format */
	ONVME_SC_SANITIZE_FAILED	= 0x01c,
	ONVME_SC_SANITIZE_IN_PROGRESS	= 0x01d,
	ONVME_SC_NS_WRITE_PROTECTED	= 0x020,
	ONVME_SC_CMD_INTERRUPTED	= 0x021,
	ONVME_SC_TRANSIENT_TRANSPORT	= 0x022,
	ONVME_SC_LBA_RANGE		= 0x080,
	ONVME_SC_CAP_EXCEEDED		= 0x081,
	ONVME_SC_NS_NOT_READY		= 0x082,
	ONVME_SC_RESERVATION_CONFLICT	= 0x083,
	ONVME_SC_BAD_ATTRIBUTES		= 0x180,
	ONVME_SC_READ_ONLY		= 0x182,
	ONVME_SC_ONCS_NOT_SUPPORTED	= 0x183,	/* newer devices mean Command Size Limit Exceeded */
	ONVME_SC_WRITE_FAULT		= 0x280,
	ONVME_SC_READ_ERROR		= 0x281,
	ONVME_SC_GUARD_CHECK		= 0x282,
	ONVME_SC_APPTAG_CHECK		= 0x283,
	ONVME_SC_REFTAG_CHECK		= 0x284,
	ONVME_SC_COMPARE_FAILED		= 0x285,
	ONVME_SC_ACCESS_DENIED		= 0x286,
	ONVME_SC_UNWRITTEN_BLOCK	= 0x287,
	/* Path Related Status; 370h and 371h are set by the host, never by a controller */
	ONVME_SC_PATH_INTERNAL		= 0x300,
	ONVME_SC_HOST_PATH_ERROR	= 0x370,
	ONVME_SC_HOST_ABORTED		= 0x371,
};

/* Admin commands (Base, "Admin Command Set") */
enum {
	ONVME_ADM_DELETE_SQ		= 0x00,
	ONVME_ADM_CREATE_SQ		= 0x01,
	ONVME_ADM_GET_LOG_PAGE		= 0x02,
	ONVME_ADM_DELETE_CQ		= 0x04,
	ONVME_ADM_CREATE_CQ		= 0x05,
	ONVME_ADM_IDENTIFY		= 0x06,
	ONVME_ADM_ABORT			= 0x08,
	ONVME_ADM_SET_FEATURES		= 0x09,
	ONVME_ADM_GET_FEATURES		= 0x0a,
	ONVME_ADM_ASYNC_EVENT		= 0x0c,
	ONVME_ADM_NS_MGMT		= 0x0d,
	ONVME_ADM_FW_COMMIT		= 0x10,
	ONVME_ADM_FW_DOWNLOAD		= 0x11,
	ONVME_ADM_SELF_TEST		= 0x14,
	ONVME_ADM_NS_ATTACH		= 0x15,
	ONVME_ADM_KEEP_ALIVE		= 0x18,
	ONVME_ADM_DIRECTIVE_SEND	= 0x19,
	ONVME_ADM_DIRECTIVE_RECV	= 0x1a,
	ONVME_ADM_VIRT_MGMT		= 0x1c,
	ONVME_ADM_DBBUF_CONFIG		= 0x7c,
	ONVME_ADM_FORMAT_NVM		= 0x80,
	ONVME_ADM_SECURITY_SEND		= 0x81,
	ONVME_ADM_SECURITY_RECV		= 0x82,
	ONVME_ADM_SANITIZE		= 0x84,
	ONVME_ADM_GET_LBA_STATUS	= 0x86,
};

/* NVM Command Set commands */
enum {
	ONVME_NVM_FLUSH			= 0x00,
	ONVME_NVM_WRITE			= 0x01,
	ONVME_NVM_READ			= 0x02,
	ONVME_NVM_WRITE_UNCOR		= 0x04,
	ONVME_NVM_COMPARE		= 0x05,
	ONVME_NVM_WRITE_ZEROES		= 0x08,
	ONVME_NVM_DSM			= 0x09,
	ONVME_NVM_VERIFY		= 0x0c,
	ONVME_NVM_RESV_REGISTER		= 0x0d,
	ONVME_NVM_RESV_REPORT		= 0x0e,
	ONVME_NVM_RESV_ACQUIRE		= 0x11,
	ONVME_NVM_IO_MGMT_RECV		= 0x12,
	ONVME_NVM_RESV_RELEASE		= 0x15,
	ONVME_NVM_COPY			= 0x19,
};

/* Commands of the Zoned Namespace Command Set, besides those */
enum {
	ONVME_ZNS_MGMT_SEND		= 0x79,
	ONVME_ZNS_MGMT_RECV		= 0x7a,
	ONVME_ZNS_APPEND		= 0x7d,
};

/* Reservation commands, dword 10: action, and whether the present key counts; type of a reservation, 1 to 6 */
enum {
	ONVME_RESV_REGISTER	= 0,
	ONVME_RESV_UNREGISTER	= 1,
	ONVME_RESV_REPLACE	= 2,
	ONVME_RESV_ACQUIRE	= 0,
	ONVME_RESV_PREEMPT	= 1,
	ONVME_RESV_PREEMPT_ABORT = 2,
	ONVME_RESV_RELEASE	= 0,
	ONVME_RESV_CLEAR	= 1,
};
#define ONVME_RESV_IGNORE_KEY	BIT(3)
#define ONVME_RESV_TYPE		GENMASK(15, 8)
#define ONVME_RESV_TYPES	6
#define ONVME_RESV_PERSIST	(3u << 30)	/* registrations and reservations outlive a power loss (Register) */
#define ONVME_RESV_EXTENDED	BIT(0)		/* dword 11 of a report: for host identifiers of 128 bits */

/* What Reservation Report gives: a header, and an entry for each registrant. Extended, the header has 40 bytes more. */
struct onvme_resv_head {
	__le32	gen;
	__u8	rtype;
	__u8	regctl[2];
	__u8	rsvd7[2];
	__u8	ptpls;
	__u8	rsvd10[14];
};
static_assert(sizeof(struct onvme_resv_head) == 24);
#define ONVME_RESV_EXT_HEAD	64

struct onvme_resv_entry {
	__le16	cntlid;
	__u8	rcsts;
	__u8	rsvd3[5];
	__le64	hostid;
	__le64	rkey;
};
static_assert(sizeof(struct onvme_resv_entry) == 24);

struct onvme_resv_entry_ext {
	__le16	cntlid;
	__u8	rcsts;
	__u8	rsvd3[5];
	__le64	rkey;
	__u8	hostid[16];
	__u8	rsvd32[32];
};
static_assert(sizeof(struct onvme_resv_entry_ext) == 64);
#define ONVME_RCSTS_HOLDS	BIT(0)

/* What they take: keys; a release takes the first alone. */
struct onvme_resv_keys {
	__le64	crkey;
	__le64	other;		/* new key, or that of who is preempted */
};
static_assert(sizeof(struct onvme_resv_keys) == 16);

/* Zone Management Send, command dword 13: Zone Send Action, and for all zones */
enum {
	ONVME_ZSA_CLOSE		= 0x01,
	ONVME_ZSA_FINISH	= 0x02,
	ONVME_ZSA_OPEN		= 0x03,
	ONVME_ZSA_RESET		= 0x04,
	ONVME_ZSA_OFFLINE	= 0x05,
	ONVME_ZSA_SET_DESC_EXT	= 0x10,
};
#define ONVME_ZSA		GENMASK(7, 0)
#define ONVME_ZSA_ALL		BIT(8)
/* Zone Management Receive, command dword 13: Report Zones of any state, with the number of those in the data */
#define ONVME_ZRA_PARTIAL	BIT(16)

#define ONVME_NSID_ALL		0xffffffffu
#define ONVME_OPCODE_FABRICS	0x7f
#define ONVME_OPCODE_VENDOR	0x80		/* from here on: of the vendor, or an admin command that is rare */
#define ONVME_OPCODE_TRANSFER	GENMASK(1, 0)	/* Data Transfer: 00b none */
#define ONVME_OPCODE_WRITE	BIT(0)		/* opcode bits 1:0 = Data Transfer: 01b host to controller */

/* Command dword 12 of Read, Write and Write Zeroes, bits 31:16 */
#define ONVME_RW_DTYPE		GENMASK(7, 4)	/* Directive Type of a Write */
#define ONVME_DTYPE_PLACEMENT	2		/* dword 13, bits 31:16, is a placement identifier */
#define ONVME_RW_LR		BIT(15)		/* Limited Retry */
#define ONVME_RW_FUA		BIT(14)		/* Force Unit Access */
#define ONVME_RW_DEAC		BIT(9)		/* Deallocate (Write Zeroes) */
#define ONVME_RW_PIREMAP	BIT(9)		/* Protection Information Remap (Zone Append) */
#define ONVME_RW_PRCHK_REF	BIT(10)		/* check the reference tag */
#define ONVME_RW_PRCHK_APP	BIT(11)		/* check the application tag */
#define ONVME_RW_PRCHK_GUARD	BIT(12)		/* check the guard */
#define ONVME_RW_PRACT		BIT(13)		/* the controller makes protection information, and strips it */

#define ONVME_DSM_AD		BIT(2)		/* Attribute - Deallocate */
#define ONVME_DSM_MAX_RANGES	256

/* Feature 16h, Host Behavior Support */
struct onvme_host_behavior {
	__u8	acre;		/* Advanced Command Retry Enable: retry delays are understood */
	__u8	etdas;
	__u8	lbafee;		/* LBA Format Extension Enable: formats that need it may be used */
	__u8	rsvd3[509];
};
static_assert(sizeof(struct onvme_host_behavior) == 512);

/* Range of a Dataset Management command */
struct onvme_dsm_range {
	__le32	cattr;
	__le32	nlb;
	__le64	slba;
};
static_assert(sizeof(struct onvme_dsm_range) == 16);
#define ONVME_DSM_LIST_BYTES	(ONVME_DSM_MAX_RANGES * sizeof(struct onvme_dsm_range))

/* Create I/O Completion / Submission Queue, command dword 11 */
#define ONVME_QUEUE_PC		BIT(0)		/* Physically Contiguous */
#define ONVME_CQ_IEN		BIT(1)		/* Interrupts Enabled */
#define ONVME_SQ_QPRIO_SHIFT	1		/* Queue Priority */

enum onvme_qprio {
	ONVME_QPRIO_URGENT	= 0,
	ONVME_QPRIO_HIGH	= 1,
	ONVME_QPRIO_MEDIUM	= 2,
	ONVME_QPRIO_LOW		= 3,
};

/* Identify (Base, "Identify command"): Controller or Namespace Structure values */
enum {
	ONVME_CNS_NS			= 0x00,
	ONVME_CNS_CTRL			= 0x01,
	ONVME_CNS_ACTIVE_NSIDS		= 0x02,
	ONVME_CNS_NS_DESCS		= 0x03,
	ONVME_CNS_CS_NS			= 0x05,
	ONVME_CNS_CS_CTRL		= 0x06,
	ONVME_CNS_NS_INDEP		= 0x08,
	ONVME_CNS_PRIMARY		= 0x14,
	ONVME_CNS_SECONDARIES		= 0x15,
};
#define ONVME_IDENTIFY_CNTID_SHIFT 16		/* in dword 10 */
#define ONVME_IDENTIFY_SIZE	4096
#define ONVME_NSIDS_PER_PAGE	1024

struct onvme_psd {
	__le16	mp;
	__u8	rsvd2;
	__u8	flags;
	__le32	enlat;
	__le32	exlat;
	__u8	rrt;
	__u8	rrl;
	__u8	rwt;
	__u8	rwl;
	__le16	idlp;
	__u8	ips;
	__u8	rsvd19;
	__le16	actp;
	__u8	apws;
	__u8	rsvd23[9];
};
static_assert(sizeof(struct onvme_psd) == 32);
#define ONVME_PS_IDLE		BIT(1)		/* psd.flags: non-operational state */

/* Identify Controller Data Structure */
struct onvme_id_ctrl {
	__le16	vid;
	__le16	ssvid;
	char	sn[20];
	char	mn[40];
	char	fr[8];
	__u8	rab;
	__u8	ieee[3];
	__u8	cmic;
	__u8	mdts;
	__le16	cntlid;
	__le32	ver;
	__le32	rtd3r;
	__le32	rtd3e;
	__le32	oaes;
	__le32	ctratt;
	__u8	rsvd100[11];
	__u8	cntrltype;
	__u8	fguid[16];
	__le16	crdt[3];
	__u8	rsvd134[122];
	__le16	oacs;
	__u8	acl;
	__u8	aerl;
	__u8	frmw;
	__u8	lpa;
	__u8	elpe;
	__u8	npss;
	__u8	avscc;
	__u8	apsta;
	__le16	wctemp;
	__le16	cctemp;
	__le16	mtfa;
	__le32	hmpre;
	__le32	hmmin;
	__u8	tnvmcap[16];
	__u8	unvmcap[16];
	__le32	rpmbs;
	__le16	edstt;
	__u8	dsto;
	__u8	fwug;
	__le16	kas;
	__le16	hctma;
	__le16	mntmt;
	__le16	mxtmt;
	__le32	sanicap;
	__le32	hmminds;
	__le16	hmmaxd;
	__le16	nsetidmax;
	__le16	endgidmax;
	__u8	anatt;
	__u8	anacap;
	__le32	anagrpmax;
	__le32	nanagrpid;
	__u8	rsvd352[160];
	__u8	sqes;
	__u8	cqes;
	__le16	maxcmd;
	__le32	nn;
	__le16	oncs;
	__le16	fuses;
	__u8	fna;
	__u8	vwc;
	__le16	awun;
	__le16	awupf;
	__u8	icsvscc;
	__u8	nwpc;
	__le16	acwu;
	__le16	ocfs;
	__le32	sgls;
	__le32	mnan;
	__u8	rsvd544[224];
	char	subnqn[256];
	__u8	rsvd1024[768];
	__u8	fabrics[256];
	struct onvme_psd psd[32];
	__u8	vs[1024];
};
static_assert(sizeof(struct onvme_id_ctrl) == ONVME_IDENTIFY_SIZE);

#define ONVME_CMIC_MULTI_CTRL	BIT(1)
#define ONVME_CTRATT_ELBAS	BIT(15)		/* Extended LBA Formats: guards of 32 and 64 bits, storage tags */
#define ONVME_CTRATT_FDPS	BIT(19)		/* Flexible Data Placement */
#define ONVME_OAES_NS_ATTR	BIT(8)		/* Namespace Attribute Notices; the same bit in feature 0Bh */
#define ONVME_OAES_FW_ACT	BIT(9)		/* Firmware Activation Notices */
#define ONVME_OACS_SECURITY	BIT(0)
#define ONVME_OACS_NS_MGMT	BIT(3)
#define ONVME_OACS_VIRT		BIT(7)
#define ONVME_OACS_DBBUF	BIT(8)

/* SGLS: whether the NVM command set may use SGLs for data */
#define ONVME_SGLS_DATA		0x3
#define ONVME_SGLS_ANY		1		/* of any alignment */
#define ONVME_SGLS_DWORD	2
#define ONVME_ONCS_COMPARE	BIT(0)
#define ONVME_ONCS_WRITE_UNCOR	BIT(1)
#define ONVME_ONCS_DSM		BIT(2)
#define ONVME_ONCS_WRITE_ZEROES	BIT(3)
#define ONVME_ONCS_RESERVATIONS	BIT(5)
#define ONVME_ONCS_TIMESTAMP	BIT(6)
#define ONVME_APSTA		BIT(0)
#define ONVME_APST_ENABLE	BIT(0)		/* dword 11 of the feature */
#define ONVME_VWC_PRESENT	BIT(0)
#define ONVME_CNTRLTYPE_IO	1
#define ONVME_CNTRLTYPE_DISC	2
#define ONVME_CNTRLTYPE_ADMIN	3

/* LBA Format */
struct onvme_lbaf {
	__le16	ms;
	__u8	lbads;
	__u8	rp;
};
static_assert(sizeof(struct onvme_lbaf) == 4);

/* Identify Namespace Data Structure, NVM Command Set */
struct onvme_id_ns {
	__le64	nsze;
	__le64	ncap;
	__le64	nuse;
	__u8	nsfeat;
	__u8	nlbaf;
	__u8	flbas;
	__u8	mc;
	__u8	dpc;
	__u8	dps;
	__u8	nmic;
	__u8	rescap;
	__u8	fpi;
	__u8	dlfeat;
	__le16	nawun;
	__le16	nawupf;
	__le16	nacwu;
	__le16	nabsn;
	__le16	nabo;
	__le16	nabspf;
	__le16	noiob;
	__u8	nvmcap[16];
	__le16	npwg;
	__le16	npwa;
	__le16	npdg;
	__le16	npda;
	__le16	nows;
	__le16	mssrl;
	__le32	mcl;
	__u8	msrc;
	__u8	rsvd81[11];
	__le32	anagrpid;
	__u8	rsvd96[3];
	__u8	nsattr;
	__le16	nvmsetid;
	__le16	endgid;
	__u8	nguid[16];
	__u8	eui64[8];
	struct onvme_lbaf lbaf[64];
	__u8	vs[3712];
};
static_assert(sizeof(struct onvme_id_ns) == ONVME_IDENTIFY_SIZE);

#define ONVME_NSFEAT_ATOMICS	BIT(1)		/* NAWUN, NAWUPF and NACWU are defined */
#define ONVME_NSFEAT_DAE	BIT(2)		/* Deallocated or Unwritten Logical Block error */
#define ONVME_NSFEAT_UIDREUSE	BIT(3)
#define ONVME_NSFEAT_OPTPERF	BIT(4)		/* NPWG, NPWA, NPDG, NPDA and NOWS are defined */
#define ONVME_FLBAS_LOW		GENMASK(3, 0)
#define ONVME_FLBAS_HIGH	GENMASK(6, 5)
#define ONVME_FLBAS_EXT		BIT(4)		/* metadata at the end of the data */
#define ONVME_DPS_TYPE		GENMASK(2, 0)	/* type of protection information, 1 to 3, or none */
#define ONVME_DPS_FIRST		BIT(3)		/* it stands in the first bytes of the metadata, not in the last */
#define ONVME_NMIC_SHARED	BIT(0)
#define ONVME_NSATTR_WP		BIT(0)		/* currently write protected */
#define ONVME_DLFEAT_READ	GENMASK(2, 0)	/* value read from a deallocated block: 1 = zeroes */
#define ONVME_DLFEAT_WZDEAC	BIT(3)		/* Deallocate bit of Write Zeroes is supported */

/* I/O Command Set specific Identify Namespace, NVM Command Set (CNS 05h, CSI 0) */
struct onvme_id_ns_nvm {
	__le64	lbstm;
	__u8	pic;
	__u8	rsvd9[3];
	__le32	elbaf[64];
	__u8	rsvd268[3828];
};
static_assert(sizeof(struct onvme_id_ns_nvm) == ONVME_IDENTIFY_SIZE);

#define ONVME_PIC_QPIF		BIT(3)		/* the qualified format of protection information is supported */
#define ONVME_ELBAF_STS		GENMASK(6, 0)	/* bits of the storage tag */
#define ONVME_ELBAF_PIF		GENMASK(8, 7)	/* ONVME_GUARD_*; 3: see QPIF */
#define ONVME_ELBAF_QPIF	GENMASK(12, 9)

enum {
	ONVME_GUARD_16		= 0,
	ONVME_GUARD_32		= 1,
	ONVME_GUARD_64		= 2,
	ONVME_GUARD_QUALIFIED	= 3,
};

/* I/O Command Set specific Identify Controller, NVM Command Set (CNS 06h, CSI 0) */
struct onvme_id_ctrl_nvm {
	__u8	vsl;
	__u8	wzsl;
	__u8	wusl;
	__u8	dmrl;
	__le32	dmrsl;
	__le64	dmsl;
	__u8	rsvd16[4080];
};
static_assert(sizeof(struct onvme_id_ctrl_nvm) == ONVME_IDENTIFY_SIZE);

/* Primary Controller Capabilities Structure (CNS 14h): what there is of one kind of resource */
struct onvme_id_flexible {
	__le32	frt;		/* flexible ones in all */
	__le32	rfa;		/* of these, with secondary controllers */
	__le16	rfap;		/* of these, with the primary one */
	__le16	prt;		/* private ones of the primary controller */
	__le16	frsm;		/* most of them that a secondary controller may have */
	__le16	gran;		/* preferred granularity */
	__u8	rsvd16[16];
};
static_assert(sizeof(struct onvme_id_flexible) == 32);

struct onvme_id_primary {
	__le16				cntlid;
	__le16				portid;
	__u8				crt;
	__u8				rsvd5[27];
	struct onvme_id_flexible	vq;
	struct onvme_id_flexible	vi;
	__u8				rsvd96[4000];
};
static_assert(sizeof(struct onvme_id_primary) == ONVME_IDENTIFY_SIZE);

#define ONVME_CRT_VQ		BIT(0)		/* virtual queues are flexible */
#define ONVME_CRT_VI		BIT(1)		/* virtual interrupts are */

/* Secondary Controller List (CNS 15h), from the controller in dword 10 on */
#define ONVME_SECONDARIES_PER_PAGE 127
struct onvme_id_secondaries {
	__u8	numid;
	__u8	rsvd1[31];
	struct {
		__le16	scid;
		__le16	pcid;
		__u8	scs;
		__u8	rsvd5[3];
		__le16	vfn;
		__le16	nvq;
		__le16	nvi;
		__u8	rsvd14[18];
	} entry[ONVME_SECONDARIES_PER_PAGE];
};
static_assert(sizeof(struct onvme_id_secondaries) == ONVME_IDENTIFY_SIZE);

/* Virtualization Management: dword 10 is action, resource type and controller, dword 11 the number of resources */
enum {
	ONVME_VIRT_PRIMARY_ALLOC	= 1,
	ONVME_VIRT_OFFLINE		= 7,
	ONVME_VIRT_ASSIGN		= 8,
	ONVME_VIRT_ONLINE		= 9,
};
#define ONVME_VIRT_RT_SHIFT	8
#define ONVME_VIRT_CNTLID_SHIFT	16

/* Of I/O Command Set specific Identify Namespace, Zoned Namespace Command Set (CNS 05h, CSI 2): LBA Format Extension */
struct onvme_zns_lbafe {
	__le64	zsze;		/* blocks of a zone */
	__u8	zdes;		/* Zone Descriptor Extension Size, units of 64 bytes */
	__u8	rsvd9[7];
};
static_assert(sizeof(struct onvme_zns_lbafe) == 16);

struct onvme_id_ns_zns {
	__le16	zoc;
	__le16	ozcs;
	__le32	mar;		/* Maximum Active Resources, 0's based; all ones: no limit */
	__le32	mor;		/* Maximum Open Resources, likewise */
	__u8	rsvd12[2804];
	struct onvme_zns_lbafe lbafe[64];
	__u8	vs[256];
};
static_assert(sizeof(struct onvme_id_ns_zns) == ONVME_IDENTIFY_SIZE);
static_assert(offsetof(struct onvme_id_ns_zns, lbafe) == 2816);

/* I/O Command Set specific Identify Controller, Zoned Namespace Command Set (CNS 06h, CSI 2) */
struct onvme_id_ctrl_zns {
	__u8	zasl;		/* Zone Append Size Limit, as MDTS; 0: as large as that */
	__u8	rsvd1[4095];
};
static_assert(sizeof(struct onvme_id_ctrl_zns) == ONVME_IDENTIFY_SIZE);

/* What Zone Management Receive gives: a header, and a descriptor for each zone */
struct onvme_zone_report {
	__le64	nr_zones;
	__u8	rsvd8[56];
};
static_assert(sizeof(struct onvme_zone_report) == 64);

struct onvme_zone_desc {
	__u8	zt;
	__u8	zs;
	__u8	za;
	__u8	zai;
	__u8	rsvd4[4];
	__le64	zcap;
	__le64	zslba;
	__le64	wp;
	__u8	rsvd32[32];
};
static_assert(sizeof(struct onvme_zone_desc) == 64);

#define ONVME_ZT		GENMASK(3, 0)
#define ONVME_ZT_SEQUENTIAL	2		/* Sequential Write Required */
#define ONVME_ZS		GENMASK(7, 4)
enum {
	ONVME_ZS_EMPTY		= 0x1,
	ONVME_ZS_IMPLICIT	= 0x2,		/* open because it was written to */
	ONVME_ZS_EXPLICIT	= 0x3,		/* open because somebody has said so */
	ONVME_ZS_CLOSED		= 0x4,
	ONVME_ZS_READ_ONLY	= 0xd,
	ONVME_ZS_FULL		= 0xe,
	ONVME_ZS_OFFLINE	= 0xf,
};

/* Namespace Identification Descriptor, header */
struct onvme_ns_desc {
	__u8	nidt;
	__u8	nidl;
	__u8	rsvd2[2];
};
static_assert(sizeof(struct onvme_ns_desc) == 4);

enum {
	ONVME_NIDT_EUI64	= 1,
	ONVME_NIDT_NGUID	= 2,
	ONVME_NIDT_UUID		= 3,
	ONVME_NIDT_CSI		= 4,
};

enum {
	ONVME_CSI_NVM		= 0,
	ONVME_CSI_KV		= 1,
	ONVME_CSI_ZNS		= 2,
};

/* Features */
enum {
	ONVME_FEAT_ARBITRATION	= 0x01,
	ONVME_FEAT_POWER	= 0x02,
	ONVME_FEAT_TEMPERATURE	= 0x04,
	ONVME_FEAT_ERROR_RECOVERY = 0x05,
	ONVME_FEAT_WRITE_CACHE	= 0x06,
	ONVME_FEAT_NUM_QUEUES	= 0x07,
	ONVME_FEAT_COALESCING	= 0x08,
	ONVME_FEAT_VECTOR	= 0x09,
	ONVME_FEAT_ATOMICITY	= 0x0a,
	ONVME_FEAT_ASYNC_EVENT	= 0x0b,
	ONVME_FEAT_APST		= 0x0c,
	ONVME_FEAT_HMB		= 0x0d,
	ONVME_FEAT_TIMESTAMP	= 0x0e,
	ONVME_FEAT_KEEP_ALIVE	= 0x0f,
	ONVME_FEAT_THERMAL	= 0x10,		/* Host Controlled Thermal Management */
	ONVME_FEAT_NON_OPERATIONAL = 0x11,	/* Non-Operational Power State Config */
	ONVME_FEAT_BEHAVIOR	= 0x16,
	ONVME_FEAT_FDP		= 0x1d,
};

/* Set Features, dword 10 */
#define ONVME_FEATURE_FID	GENMASK(7, 0)
#define ONVME_FEATURE_SAVE	BIT(31)		/* SV */

/* Temperature Threshold: dword 11; dword 0 of Get Features has the kelvins */
#define ONVME_TEMP_KELVINS	GENMASK(15, 0)
#define ONVME_TEMP_SENSOR	GENMASK(19, 16)	/* TMPSEL; 0: the composite temperature */
#define ONVME_TEMP_THSEL	GENMASK(21, 20)	/* 0: above, 1: below */

/* Host Memory Buffer: dword 11, and an entry of the descriptor list */
#define ONVME_HMB_ENABLE	BIT(0)		/* EHM */
#define ONVME_HMB_RETURN	BIT(1)		/* MR: the memory that it had before */
struct onvme_hmb_desc {
	__le64	addr;
	__le32	pages;
	__u8	rsvd12[4];
};
static_assert(sizeof(struct onvme_hmb_desc) == 16);

/* Flexible Data Placement: dword 0 of Get Features, and log page 20h, which the configurations follow */
#define ONVME_FDP_ENABLED	BIT(0)
#define ONVME_FDP_INDEX		GENMASK(15, 8)
struct onvme_fdp_log {
	__le16	numfdpc;	/* 0's based */
	__u8	version;
	__u8	rsvd3;
	__le32	size;
	__u8	rsvd8[8];
};
static_assert(sizeof(struct onvme_fdp_log) == 16);

struct onvme_fdp_config {
	__le16	dsze;
	__u8	fdpa;
	__u8	vss;
	__le32	nrg;
	__le16	nruh;
	__le16	maxpids;
	__le32	nns;
	__le64	runs;
	__le32	erutl;
	__u8	rsvd28[36];
};
static_assert(sizeof(struct onvme_fdp_config) == 64);

/* I/O Management Receive, Management Operation 1: Reclaim Unit Handle Status, and its descriptors */
#define ONVME_MGMT_RUHS		1
struct onvme_ruhs {
	__u8	rsvd0[14];
	__le16	nruhsd;
};
static_assert(sizeof(struct onvme_ruhs) == 16);

struct onvme_ruhs_desc {
	__le16	pid;
	__le16	ruhid;
	__le32	earutr;
	__le64	ruamw;
	__u8	rsvd16[16];
};
static_assert(sizeof(struct onvme_ruhs_desc) == 32);

/* Arbitration, dword 11; weights are 0's based */
#define ONVME_ARB_BURST		GENMASK(2, 0)	/* most commands of a queue at once, a power of two; 7: no limit */
#define ONVME_ARB_LOW		GENMASK(15, 8)
#define ONVME_ARB_MEDIUM	GENMASK(23, 16)
#define ONVME_ARB_HIGH		GENMASK(31, 24)

/* Interrupt Coalescing, dword 11 of the feature; Interrupt Vector Configuration: Coalescing Disable */
#define ONVME_COALESCING_THR	GENMASK(7, 0)	/* Aggregation Threshold, 0's based */
#define ONVME_COALESCING_TIME	GENMASK(15, 8)	/* Aggregation Time, units of 100 us */
#define ONVME_VECTOR_CD		BIT(16)
#define ONVME_POWER_PS		GENMASK(4, 0)	/* power state */
#define ONVME_POWER_WH		GENMASK(7, 5)	/* workload hint */

/* Log pages */
enum {
	ONVME_LOG_ERROR		= 0x01,
	ONVME_LOG_SMART		= 0x02,
	ONVME_LOG_FW_SLOT	= 0x03,
	ONVME_LOG_CHANGED_NS	= 0x04,
	ONVME_LOG_EFFECTS	= 0x05,
	ONVME_LOG_SELF_TEST	= 0x06,
	ONVME_LOG_FDP_CONFIGS	= 0x20,
};
#define ONVME_LPA_EFFECTS	BIT(1)		/* Identify Controller, LPA: log page 05h exists */
#define ONVME_LOG_CSI		GENMASK(31, 24)	/* Get Log Page, dword 14: command set */
#define ONVME_ERROR_LOG_ENTRY	64
#define ONVME_SMART_SIZE	512
#define ONVME_SMART_WARNING	0		/* byte of Critical Warning */
#define ONVME_WARNING_TEMPERATURE BIT(1)
#define ONVME_LOG_SPECIFIC	GENMASK(14, 8)	/* dword 10: Log Specific Field */
#define ONVME_LOG_RETAIN	BIT(15)		/* dword 10: RAE */
#define ONVME_FW_SLOT_SIZE	512
#define ONVME_CHANGED_NS_SIZE	4096

/* Commands Supported and Effects: a dword for each opcode */
struct onvme_effects_log {
	__le32	acs[256];
	__le32	iocs[256];
	__u8	rsvd2048[2048];
};
static_assert(sizeof(struct onvme_effects_log) == 4096);

#define ONVME_EFFECT_CSUPP	BIT(0)		/* Command Supported */
#define ONVME_EFFECT_LBCC	BIT(1)		/* Logical Block Content Change */
#define ONVME_EFFECT_NCC	BIT(2)		/* Namespace Capability Change */
#define ONVME_EFFECT_NIC	BIT(3)		/* Namespace Inventory Change */
#define ONVME_EFFECT_CCC	BIT(4)		/* Controller Capability Change */
#define ONVME_EFFECT_CSER	GENMASK(15, 14)	/* Command Submission and Execution Relaxations */
#define ONVME_EFFECT_CSE	GENMASK(18, 16)	/* Command Submission and Execution */
#define ONVME_EFFECT_UUID	BIT(19)		/* UUID Selection Supported */
#define ONVME_EFFECT_SCOPE	GENMASK(31, 20)	/* Command Scope */

/* Feature 0Bh: critical warnings that every revision knows; notices have the bits of OAES */
#define ONVME_AEC_CRITICAL	GENMASK(4, 0)

/* Asynchronous Event Request, completion dword 0 */
#define ONVME_AER_TYPE		GENMASK(2, 0)
#define ONVME_AER_INFO		GENMASK(15, 8)
#define ONVME_AER_LOG		GENMASK(23, 16)
enum {
	ONVME_AER_ERROR		= 0,
	ONVME_AER_SMART		= 1,
	ONVME_AER_NOTICE	= 2,
	ONVME_AER_CSS		= 6,
	ONVME_AER_VENDOR	= 7,
};
#define ONVME_AER_ERROR_PERSISTENT	0x03	/* Persistent Internal Error */
#define ONVME_AER_NOTICE_NS_CHANGED	0x00
#define ONVME_AER_NOTICE_FW_STARTING	0x01

#endif /* ONVME_SPEC_H */
