/* SPDX-License-Identifier: GPL-2.0 */
/*
 * nvme.h - the wire as the controller sees it.
 *
 * Written from the specifications (NVM Express Base 2.0, NVM Command Set 1.0, PCIe Transport 1.0) and not shared with
 * the driver, so that a mistake in the driver's description of the wire does not hide itself.
 */
#ifndef DEVICE_NVME_H
#define DEVICE_NVME_H

#include "base.h"

enum {
	REG_CAP		= 0x00,
	REG_VS		= 0x08,
	REG_INTMS	= 0x0c,
	REG_INTMC	= 0x10,
	REG_CC		= 0x14,
	REG_CSTS	= 0x1c,
	REG_NSSR	= 0x20,
	REG_AQA		= 0x24,
	REG_ASQ		= 0x28,
	REG_ACQ		= 0x30,
	REG_CMBLOC	= 0x38,
	REG_CMBSZ	= 0x3c,
	REG_BPINFO	= 0x40,
	REG_CRTO	= 0x68,
	REG_DOORBELLS	= 0x1000,
};

#define CAP_MQES	GENMASK_ULL(15, 0)
#define CAP_CQR		BIT_ULL(16)
#define CAP_AMS		GENMASK_ULL(18, 17)
#define CAP_TO		GENMASK_ULL(31, 24)
#define CAP_DSTRD	GENMASK_ULL(35, 32)
#define CAP_NSSRS	BIT_ULL(36)
#define CAP_CSS		GENMASK_ULL(44, 37)
#define CAP_MPSMIN	GENMASK_ULL(51, 48)
#define CAP_MPSMAX	GENMASK_ULL(55, 52)
#define CAP_CRMS	GENMASK_ULL(60, 59)

#define CC_EN		BIT(0)
#define CC_CSS		GENMASK(6, 4)
#define CC_MPS		GENMASK(10, 7)
#define CC_AMS		GENMASK(13, 11)
#define CC_SHN		GENMASK(15, 14)
#define CC_IOSQES	GENMASK(19, 16)
#define CC_IOCQES	GENMASK(23, 20)
#define CC_CRIME	BIT(24)

#define CSTS_RDY	BIT(0)
#define CSTS_CFS	BIT(1)
#define CSTS_SHST	GENMASK(3, 2)
#define CSTS_SHST_BUSY	1
#define CSTS_SHST_DONE	2
#define CSTS_NSSRO	BIT(4)
#define CSTS_PP		BIT(5)

#define NSSR_VALUE	0x4e564d65u

#define ALL_ONES	0xffffffffu
#define NSID_ALL	0xffffffffu

struct nvme_sqe {
	u8	opcode;
	u8	flags;
	u16	cid;
	u32	nsid;
	u32	cdw2;
	u32	cdw3;
	u64	mptr;
	u64	prp1;
	u64	prp2;
	u32	cdw[6];		/* command dwords 10 to 15 */
};

static_assert(sizeof(struct nvme_sqe) == 64);

#define SQE_SGL		0x40		/* PSDT: an SGL; metadata by address */

struct nvme_cqe {
	u32	dw0;
	u32	dw1;
	u16	sqhd;
	u16	sqid;
	u16	cid;
	u16	status;
};

static_assert(sizeof(struct nvme_cqe) == 16);

/* A status is SCT << 8 | SC, with the bits above as they stand in the Status Field without the Phase Tag. */
#define SF_CRD_SHIFT	11
#define SF_MORE		BIT(13)
#define SF_DNR		BIT(14)

enum {
	SC_OK			= 0x000,
	SC_OPCODE		= 0x001,
	SC_FIELD		= 0x002,
	SC_CID_CONFLICT		= 0x003,
	SC_TRANSFER		= 0x004,
	SC_ABORTED		= 0x007,
	SC_SQ_DELETED		= 0x008,
	SC_NAMESPACE		= 0x00b,
	SC_SEQUENCE		= 0x00c,
	SC_SGL_SEGMENT		= 0x00d,
	SC_SGL_NUMBER		= 0x00e,
	SC_SGL_LENGTH		= 0x00f,
	SC_SGL_TYPE		= 0x011,
	SC_PRP_OFFSET		= 0x013,
	SC_SANITIZE_BUSY	= 0x01d,
	SC_SGL_GRANULARITY	= 0x01e,
	SC_WRITE_PROTECTED	= 0x020,
	SC_FORMAT_BUSY		= 0x084,
	SC_LBA_RANGE		= 0x080,
	SC_RESERVED		= 0x083,	/* Reservation Conflict */
	SC_CQ_INVALID		= 0x100,
	SC_QID			= 0x101,
	SC_QSIZE		= 0x102,
	SC_ABORT_LIMIT		= 0x103,
	SC_AER_LIMIT		= 0x105,
	SC_FW_SLOT		= 0x106,
	SC_FW_IMAGE		= 0x107,
	SC_VECTOR		= 0x108,
	SC_LOG_PAGE		= 0x109,
	SC_FORMAT		= 0x10a,
	SC_FW_NEEDS_RESET	= 0x10b,
	SC_DELETE_ORDER		= 0x10c,
	SC_NOT_SAVEABLE		= 0x10d,
	SC_NOT_CHANGEABLE	= 0x10e,
	SC_NOT_NS_SPECIFIC	= 0x10f,
	SC_FW_OVERLAP		= 0x114,
	SC_NS_CAPACITY		= 0x115,
	SC_NS_NO_ID		= 0x116,
	SC_NS_ATTACHED		= 0x118,
	SC_NS_PRIVATE		= 0x119,
	SC_NS_NOT_ATTACHED	= 0x11a,
	SC_CTRL_LIST		= 0x11c,
	SC_SELFTEST_BUSY	= 0x11d,
	SC_ATTRIBUTES		= 0x180,
	SC_READ_ONLY		= 0x182,
	SC_UNRECOVERED		= 0x281,
	SC_GUARD		= 0x282,
	SC_APPTAG		= 0x283,
	SC_REFTAG		= 0x284,
	SC_COMPARE		= 0x285,
	SC_ANA_LOST		= 0x301,
	SC_ANA_INACCESSIBLE	= 0x302,
	SC_ANA_TRANSITION	= 0x303,
};

enum {
	ADM_DELETE_SQ	= 0x00,
	ADM_CREATE_SQ	= 0x01,
	ADM_GET_LOG	= 0x02,
	ADM_DELETE_CQ	= 0x04,
	ADM_CREATE_CQ	= 0x05,
	ADM_IDENTIFY	= 0x06,
	ADM_ABORT	= 0x08,
	ADM_SET_FEATURE	= 0x09,
	ADM_GET_FEATURE	= 0x0a,
	ADM_AER		= 0x0c,
	ADM_NS_MGMT	= 0x0d,
	ADM_FW_COMMIT	= 0x10,
	ADM_FW_DOWNLOAD	= 0x11,
	ADM_SELF_TEST	= 0x14,
	ADM_NS_ATTACH	= 0x15,
	ADM_KEEP_ALIVE	= 0x18,
	ADM_DBBUF	= 0x7c,
	ADM_FORMAT	= 0x80,
	ADM_SANITIZE	= 0x84,
};

enum {
	NVM_FLUSH	= 0x00,
	NVM_WRITE	= 0x01,
	NVM_READ	= 0x02,
	NVM_UNCOR	= 0x04,
	NVM_COMPARE	= 0x05,
	NVM_ZEROES	= 0x08,
	NVM_DSM		= 0x09,
	NVM_VERIFY	= 0x0c,
	NVM_REGISTER	= 0x0d,
	NVM_REPORT	= 0x0e,
	NVM_ACQUIRE	= 0x11,
	NVM_MGMT_RECV	= 0x12,
	NVM_RELEASE	= 0x15,
	NVM_COPY	= 0x19,
	NVM_MGMT_SEND	= 0x1d,
};

enum {
	CNS_NS		= 0x00,
	CNS_CTRL	= 0x01,
	CNS_ACTIVE	= 0x02,
	CNS_DESCS	= 0x03,
	CNS_CSI_NS	= 0x05,
	CNS_CSI_CTRL	= 0x06,
	CNS_CSI_ACTIVE	= 0x07,
	CNS_NS_INDEP	= 0x08,
	CNS_ALLOCATED	= 0x10,
	CNS_ALLOC_NS	= 0x11,
	CNS_NS_CTRLS	= 0x12,
	CNS_CTRLS	= 0x13,
	CNS_CMD_SETS	= 0x1c,
};

enum {
	LOG_ERROR	= 0x01,
	LOG_SMART	= 0x02,
	LOG_FIRMWARE	= 0x03,
	LOG_CHANGED_NS	= 0x04,
	LOG_EFFECTS	= 0x05,
	LOG_SELF_TEST	= 0x06,
	LOG_HOST_TEL	= 0x07,
	LOG_CTRL_TEL	= 0x08,
	LOG_ENDURANCE	= 0x09,
	LOG_ANA		= 0x0c,
	LOG_FDP_CONFIGS	= 0x20,
	LOG_FDP_USAGE	= 0x21,
	LOG_FDP_STATS	= 0x22,
	LOG_FDP_EVENTS	= 0x23,
	LOG_RESERVATION	= 0x80,
	LOG_SANITIZE	= 0x81,
};

enum {
	FEAT_ARBITRATION = 0x01,
	FEAT_POWER	= 0x02,
	FEAT_TEMPERATURE = 0x04,
	FEAT_ERROR	= 0x05,
	FEAT_VWC	= 0x06,
	FEAT_QUEUES	= 0x07,
	FEAT_COALESCING	= 0x08,
	FEAT_VECTOR	= 0x09,
	FEAT_ATOMIC	= 0x0a,
	FEAT_EVENTS	= 0x0b,
	FEAT_APST	= 0x0c,
	FEAT_HMB	= 0x0d,
	FEAT_TIMESTAMP	= 0x0e,
	FEAT_KATO	= 0x0f,
	FEAT_HOST	= 0x16,
	FEAT_FDP	= 0x1d,
	FEAT_HOST_ID	= 0x81,
	FEAT_RESV_MASK	= 0x82,
	FEAT_RESV_PERSIST = 0x83,
	FEAT_PROTECT	= 0x84,
};

#define OAES_NS		BIT(8)
#define OAES_FW		BIT(9)
#define OAES_ANA	BIT(11)

#define OACS_FORMAT	BIT(1)
#define OACS_FIRMWARE	BIT(2)
#define OACS_NS_MGMT	BIT(3)
#define OACS_SELF_TEST	BIT(4)
#define OACS_DBBUF	BIT(8)

#define SGLS_DATA	3u		/* bits 1:0 of SGLS; 1: SGLs of any alignment */
#define SGLS_DWORD	2u

#define ONCS_COMPARE	BIT(0)
#define ONCS_UNCOR	BIT(1)
#define ONCS_DSM	BIT(2)
#define ONCS_ZEROES	BIT(3)
#define ONCS_SAVE	BIT(4)
#define ONCS_RESV	BIT(5)
#define ONCS_TIMESTAMP	BIT(6)
#define ONCS_VERIFY	BIT(7)
#define ONCS_COPY	BIT(8)

#define LPA_SMART_NS	BIT(0)
#define LPA_EFFECTS	BIT(1)
#define LPA_EXTENDED	BIT(2)
#define LPA_TELEMETRY	BIT(3)

#define CTRATT_FDP	BIT(19)
#define CTRATT_ENDG	BIT(4)

#endif /* DEVICE_NVME_H */
