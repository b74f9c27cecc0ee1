/* SPDX-License-Identifier: GPL-2.0 */
/*
 * examine.h - the strict examiner: what a host must not do.
 *
 * Each rule is a row of the table in examine.c, with its name, text and place in the specifications. A host that breaks
 * one gets a line "DRIVER-VIOLATION" in the log and is counted; what the controller then does is what the
 * specification says, which is often nothing.
 */
#ifndef DEVICE_EXAMINE_H
#define DEVICE_EXAMINE_H

#include <stdio.h>

#include "base.h"

enum rule_id {
	RULE_NONE,
	/* registers */
	RULE_REG_SIZE,
	RULE_REG_ALIGN,
	RULE_REG_UNKNOWN,
	RULE_REG_READ_ONLY,
	RULE_CC_RESERVED,
	RULE_CC_CHANGED,
	RULE_CC_ENABLE_EARLY,
	RULE_CC_DISABLE_EARLY,
	RULE_CC_CSS,
	RULE_CC_MPS,
	RULE_CC_AMS,
	RULE_CC_SHN,
	RULE_CC_AFTER_SHN,
	RULE_ADMIN_QUEUE_CHANGED,
	RULE_ADMIN_QUEUE_SIZE,
	RULE_ADMIN_QUEUE_BASE,
	RULE_INTM,
	RULE_NSSR,
	RULE_BUS_MASTER,
	/* doorbells */
	RULE_DB_DISABLED,
	RULE_DB_UNKNOWN,
	RULE_DB_READ,
	RULE_DB_RANGE,
	RULE_DB_RESERVED,
	RULE_DB_SAME,
	RULE_DB_FULL,
	RULE_DB_CQ_EMPTY,
	RULE_AFTER_SHN,
	/* queues */
	RULE_QUEUE_ID,
	RULE_QUEUE_SIZE,
	RULE_QUEUE_PC,
	RULE_QUEUE_BASE,
	RULE_QUEUE_VECTOR,
	RULE_QUEUE_ENTRY,
	RULE_SQ_WITHOUT_CQ,
	RULE_QUEUE_PRIORITY,
	RULE_DELETE_UNKNOWN,
	RULE_DELETE_ORDER,
	RULE_QUEUES_VALUE,
	RULE_QUEUES_LATE,
	/* commands */
	RULE_CID_FFFF,
	RULE_CID_IN_USE,
	RULE_SQE_FLAGS,
	RULE_SGL_USE,
	RULE_SQE_RESERVED,
	RULE_OPCODE,
	RULE_NSID_RANGE,
	RULE_NSID_UNUSED,
	RULE_NSID_ALL,
	RULE_AER_LIMIT,
	RULE_ABORT_LIMIT,
	RULE_CNS,
	RULE_LOG_PAGE,
	RULE_FEATURE,
	RULE_APST,
	RULE_MDTS,
	RULE_WZSL,
	RULE_DSM_LIMIT,
	RULE_FW_GRANULARITY,
	/* memory */
	RULE_PRP1_ALIGN,
	RULE_PRP2_OFFSET,
	RULE_PRP2_UNUSED,
	RULE_PRP_LIST_ALIGN,
	RULE_PRP_ENTRY_OFFSET,
	RULE_SGL_TYPE,
	RULE_SGL_SEGMENT,
	RULE_SGL_PLACE,
	RULE_SGL_LAST,
	RULE_SGL_LENGTH,
	RULE_SGL_ALIGN,
	RULE_MPTR_ALIGN,
	RULE_DMA,
	RULE_BUFFER_REUSED,
	RULE_HMB_LAYOUT,
	RULE_HMB_RETURN,
	RULE_HMB_TOUCHED,
	RULE_DBBUF,
	NR_RULES,
};

struct examiner {
	u32	violations;
	u32	count[NR_RULES];
};

struct device;
struct cmd;

void examine(struct device *dev, enum rule_id rule, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
void examine_reset(struct device *dev);
/* False: an access that has no effect */
bool examine_access(struct device *dev, u32 offset, u32 len, bool write);
void examine_cc(struct device *dev, u32 old, u32 value);
void examine_enable(struct device *dev);
void examine_disable(struct device *dev);
void examine_admin_queue(struct device *dev, u32 offset);
void examine_intm(struct device *dev);
/* sqe.c: a status with which the command fails, or 0 */
u32 examine_sqe(struct cmd *cmd);
/* The same for a transfer of @len bytes */
u32 examine_length(struct cmd *cmd, u64 len);
u32 sqe_opcode(const char *name, bool *admin);
void sqe_list(FILE *to);
void examine_list(FILE *to);
const char *examine_name(enum rule_id rule);

#endif /* DEVICE_EXAMINE_H */
