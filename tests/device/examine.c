// SPDX-License-Identifier: GPL-2.0
#include <stdarg.h>
#include <string.h>

#include "device.h"

struct rule_text {
	const char	*name;
	const char	*text;
	const char	*where;
};

static const struct rule_text rules[NR_RULES] = {
	[RULE_NONE]		= { "none", "", "" },
	[RULE_REG_SIZE]		= { "register-size", "a register is read or written as 4 bytes, or 8 where it has 8",
				    "PCIe Transport, Controller Properties" },
	[RULE_REG_ALIGN]	= { "register-align", "an access is aligned to its size",
				    "PCIe Transport, Controller Properties" },
	[RULE_REG_UNKNOWN]	= { "register-unknown", "reserved offsets are left alone",
				    "Base, Controller Properties" },
	[RULE_REG_READ_ONLY]	= { "register-read-only", "only what can be written is written",
				    "Base, Controller Properties" },
	[RULE_CC_RESERVED]	= { "cc-reserved", "reserved bits of CC are 0", "Base, Controller Configuration" },
	[RULE_CC_CHANGED]	= { "cc-changed", "CC.CSS, CC.MPS and CC.AMS change only while CC.EN is 0",
				    "Base, Controller Configuration" },
	[RULE_CC_ENABLE_EARLY]	= { "cc-enable-early", "CC.EN is set only when CSTS.RDY is 0",
				    "Base, Controller Configuration, EN" },
	[RULE_CC_DISABLE_EARLY]	= { "cc-disable-early", "CC.EN is cleared only when CSTS.RDY is 1 or CAP.TO is over",
				    "Base, Controller Configuration, EN" },
	[RULE_CC_CSS]		= { "cc-css", "CC.CSS is one that CAP.CSS announces",
				    "Base, Controller Configuration" },
	[RULE_CC_MPS]		= { "cc-mps", "CC.MPS is from CAP.MPSMIN to CAP.MPSMAX",
				    "Base, Controller Configuration" },
	[RULE_CC_AMS]		= { "cc-ams", "CC.AMS is one that CAP.AMS announces",
				    "Base, Controller Configuration" },
	[RULE_CC_SHN]		= { "cc-shn", "CC.SHN is not 3, and no shutdown follows one without a reset between",
				    "Base, Controller Configuration, SHN" },
	[RULE_CC_AFTER_SHN]	= { "cc-after-shn", "after CC.SHN, CC is written only to disable the controller",
				    "Base, Controller Shutdown" },
	[RULE_ADMIN_QUEUE_CHANGED] = { "admin-queue-changed", "AQA, ASQ and ACQ change only while CC.EN is 0",
				       "Base, Admin Queue Attributes" },
	[RULE_ADMIN_QUEUE_SIZE]	= { "admin-queue-size", "an admin queue has 2 to 4096 entries; reserved bits are 0",
				    "Base, Admin Queue Attributes" },
	[RULE_ADMIN_QUEUE_BASE]	= { "admin-queue-base", "ASQ and ACQ are aligned to the memory page size",
				    "Base, Admin Submission Queue Base Address" },
	[RULE_INTM]		= { "interrupt-mask", "INTMS and INTMC are left alone with MSI-X",
				    "Base, Interrupt Mask Set" },
	[RULE_NSSR]		= { "nssr", "NSSR is written only when CAP.NSSRS announces it",
				    "Base, NVM Subsystem Reset" },
	[RULE_BUS_MASTER]	= { "bus-master", "commands are submitted only to a bus master",
				    "PCIe Transport, Command register" },
	[RULE_DB_DISABLED]	= { "doorbell-disabled", "doorbells are rung only while CC.EN and CSTS.RDY are 1",
				    "Base, Controller Initialization" },
	[RULE_DB_UNKNOWN]	= { "doorbell-unknown", "doorbells are those of queues that exist",
				    "Base, Write to Invalid Doorbell Register" },
	[RULE_DB_READ]		= { "doorbell-read", "doorbells are not read", "PCIe Transport, Doorbell registers" },
	[RULE_DB_RANGE]		= { "doorbell-range", "a doorbell value is below the size of the queue",
				    "Base, Invalid Doorbell Write Value" },
	[RULE_DB_RESERVED]	= { "doorbell-reserved", "bits 31:16 of a doorbell are 0",
				    "PCIe Transport, Doorbell registers" },
	[RULE_DB_SAME]		= { "doorbell-same", "a doorbell is not written with the value that it has",
				    "Base, Invalid Doorbell Write Value" },
	[RULE_DB_FULL]		= { "doorbell-full", "no more commands than the host knows room for",
				    "Base, Full Queue; Invalid Doorbell Write Value" },
	[RULE_DB_CQ_EMPTY]	= { "doorbell-cq-empty", "no more completions are consumed than there are",
				    "Base, Invalid Doorbell Write Value" },
	[RULE_AFTER_SHN]	= { "submit-after-shn", "no commands after CC.SHN", "Base, Controller Shutdown" },
	[RULE_QUEUE_ID]		= { "queue-id", "a queue is created once, with an id that the controller granted",
				    "Base, Create I/O Completion Queue command" },
	[RULE_QUEUE_SIZE]	= { "queue-size", "a queue has 2 to CAP.MQES + 1 entries",
				    "Base, Create I/O Completion Queue command" },
	[RULE_QUEUE_PC]		= { "queue-contiguous", "with CAP.CQR queues are physically contiguous",
				    "Base, Create I/O Completion Queue command" },
	[RULE_QUEUE_BASE]	= { "queue-base", "a contiguous queue starts at a memory page",
				    "Base, Create I/O Completion Queue command" },
	[RULE_QUEUE_VECTOR]	= { "queue-vector", "the interrupt vector of a queue exists",
				    "Base, Create I/O Completion Queue command" },
	[RULE_QUEUE_ENTRY]	= { "queue-entry-size", "CC.IOSQES and CC.IOCQES are set before I/O queues are created",
				    "Base, Controller Configuration" },
	[RULE_SQ_WITHOUT_CQ]	= { "sq-without-cq", "a submission queue is created after its completion queue",
				    "Base, Create I/O Submission Queue command" },
	[RULE_QUEUE_PRIORITY]	= { "queue-priority", "a submission queue has a priority only where CC.AMS knows them",
				    "Base, Create I/O Submission Queue command" },
	[RULE_DELETE_UNKNOWN]	= { "delete-unknown", "only queues that exist are deleted",
				    "Base, Delete I/O Completion Queue command" },
	[RULE_DELETE_ORDER]	= { "delete-order", "a completion queue is deleted after its submission queues",
				    "Base, Delete I/O Completion Queue command" },
	[RULE_QUEUES_VALUE]	= { "queues-value", "not 65536 queues are asked for",
				    "Base, Number of Queues feature" },
	[RULE_QUEUES_LATE]	= { "queues-late", "the number of queues is set before queues are created",
				    "Base, Number of Queues feature" },
	[RULE_CID_FFFF]		= { "cid-ffff", "the command identifier is not FFFFh", "Base, Submission Queue Entry" },
	[RULE_CID_IN_USE]	= { "cid-in-use", "a command identifier is unique among the commands of its queue",
				    "Base, Submission Queue Entry" },
	[RULE_SQE_FLAGS]	= { "sqe-flags", "no fused operation, no SGL for metadata, no reserved bit",
				    "Base, Submission Queue Entry" },
	[RULE_SGL_USE]		= { "sgl-use", "SGLs only where SGLS announces them, for data of I/O commands",
				    "Base, Identify Controller, SGLS" },
	[RULE_SQE_RESERVED]	= { "sqe-reserved", "what the command does not define is 0",
				    "Base, Submission Queue Entry" },
	[RULE_OPCODE]		= { "opcode", "only commands that the controller announces are sent",
				    "Base, Admin and NVM command sets; OACS, ONCS" },
	[RULE_NSID_RANGE]	= { "nsid-range", "NSID is not above NN", "Base, Namespace Identifiers" },
	[RULE_NSID_UNUSED]	= { "nsid-unused", "NSID is 0 where the command does not use it",
				    "Base, Submission Queue Entry" },
	[RULE_NSID_ALL]		= { "nsid-all", "FFFFFFFFh only where a command may mean all namespaces",
				    "Base, Namespace Identifiers" },
	[RULE_AER_LIMIT]	= { "aer-limit", "at most AERL + 1 event requests are outstanding",
				    "Base, Asynchronous Event Request command" },
	[RULE_ABORT_LIMIT]	= { "abort-limit", "at most ACL + 1 aborts are outstanding", "Base, Abort command" },
	[RULE_CNS]		= { "cns", "only data structures that the controller announces are asked for",
				    "Base, Identify command" },
	[RULE_LOG_PAGE]		= { "log-page", "only log pages that the controller announces are read",
				    "Base, Get Log Page command" },
	[RULE_FEATURE]		= { "feature", "only features that the controller announces are used",
				    "Base, Features" },
	[RULE_APST]		= { "apst", "an idle transition leads to a non-operational state, after a time",
				    "Base, Autonomous Power State Transition" },
	[RULE_MDTS]		= { "mdts", "no command moves more than MDTS", "Base, Identify Controller, MDTS" },
	[RULE_WZSL]		= { "wzsl", "no Write Zeroes is longer than WZSL",
				    "NVM Command Set, Identify Controller" },
	[RULE_DSM_LIMIT]	= { "dsm-limit", "ranges keep to DMRL, DMRSL and DMSL",
				    "NVM Command Set, Identify Controller" },
	[RULE_FW_GRANULARITY]	= { "fw-granularity", "firmware is downloaded in units of FWUG",
				    "Base, Firmware Image Download command" },
	[RULE_PRP1_ALIGN]	= { "prp1-align", "PRP Entry 1 is aligned to a dword", "Base, Physical Region Page" },
	[RULE_PRP2_OFFSET]	= { "prp2-offset", "PRP Entry 2 has no offset when it is a page",
				    "Base, Physical Region Page" },
	[RULE_PRP2_UNUSED]	= { "prp2-unused", "PRP Entry 2 is 0 when it is not used",
				    "Base, Submission Queue Entry" },
	[RULE_PRP_LIST_ALIGN]	= { "prp-list-align", "a PRP list starts at a qword; those that follow start at a page",
				    "Base, Physical Region Page" },
	[RULE_PRP_ENTRY_OFFSET]	= { "prp-entry-offset", "entries of a PRP list have no offset",
				    "Base, Physical Region Page" },
	[RULE_SGL_TYPE]		= { "sgl-type", "descriptors are data blocks and segments; what is reserved is 0",
				    "Base, SGL Descriptor Type" },
	[RULE_SGL_SEGMENT]	= { "sgl-segment", "a segment is aligned to a qword and as long as some descriptors",
				    "Base, SGL Segment descriptor" },
	[RULE_SGL_PLACE]	= { "sgl-place", "only the last descriptor of a segment leads to another segment",
				    "Base, Invalid Number of SGL Descriptors" },
	[RULE_SGL_LAST]		= { "sgl-last", "a Last Segment descriptor leads to the last segment, no other does",
				    "Base, SGL Last Segment descriptor" },
	[RULE_SGL_LENGTH]	= { "sgl-length", "the data blocks are together as long as the transfer",
				    "Base, Data SGL Length Invalid" },
	[RULE_SGL_ALIGN]	= { "sgl-align", "data blocks are aligned to dwords, and as long, where SGLS wants it",
				    "Base, Identify Controller, SGLS" },
	[RULE_MPTR_ALIGN]	= { "mptr-align", "the metadata pointer is aligned to a dword, and 0 when not used",
				    "Base, Submission Queue Entry" },
	[RULE_DMA]		= { "dma-unmapped", "what the controller is told to access is mapped", "PCI Express" },
	[RULE_BUFFER_REUSED]	= { "buffer-reused", "a buffer belongs to the controller until the command is over",
				    "Base, Command Processing" },
	[RULE_HMB_LAYOUT]	= { "hmb-layout", "the host memory buffer keeps to HMMIN, HMMINDS and HMMAXD",
				    "Base, Host Memory Buffer" },
	[RULE_HMB_RETURN]	= { "hmb-return", "what is said to be the host memory buffer of before is that",
				    "Base, Host Memory Buffer" },
	[RULE_HMB_TOUCHED]	= { "hmb-touched", "nobody else writes to the host memory buffer",
				    "Base, Host Memory Buffer" },
	[RULE_DBBUF]		= { "dbbuf", "shadow doorbells and EventIdx are pages, given once",
				    "Base, Doorbell Buffer Config command" },
};

#define LINES_PER_RULE	20u	/* of a rule that is broken on and on; the count goes on */

void examine(struct device *dev, enum rule_id rule, const char *fmt, ...)
{
	char text[256];
	va_list args;

	dev->exam.violations++;
	if (dev->exam.count[rule]++ >= LINES_PER_RULE)
		return;
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	say("DRIVER-VIOLATION %s: %s (%s: %s)", rules[rule].name, text, rules[rule].where, rules[rule].text);
}

void examine_reset(struct device *dev)
{
	memset(&dev->exam, 0, sizeof(dev->exam));
}

const char *examine_name(enum rule_id rule)
{
	return rules[rule].name;
}

void examine_list(FILE *to)
{
	u32 i;

	for (i = 1; i < NR_RULES; i++)
		fprintf(to, "rule %s: %s (%s)\n", rules[i].name, rules[i].text, rules[i].where);
}

static bool examine_is_wide(u32 offset)
{
	return offset == REG_CAP || offset == REG_ASQ || offset == REG_ACQ;
}

static bool examine_is_known(u32 offset)
{
	return offset < 0x6c || offset >= REG_DOORBELLS;
}

bool examine_access(struct device *dev, u32 offset, u32 len, bool write)
{
	const char *what = write ? "written" : "read";

	if (len != 4 && !(len == 8 && examine_is_wide(offset))) {
		examine(dev, RULE_REG_SIZE, "register %#x %s with %u bytes", offset, what, len);
		return false;
	}
	if (offset % 4) {
		examine(dev, RULE_REG_ALIGN, "register %#x %s", offset, what);
		return false;
	}
	if (offset >= REG_DOORBELLS && !write)
		examine(dev, RULE_DB_READ, "register %#x read", offset);
	if (!examine_is_known(offset))
		examine(dev, RULE_REG_UNKNOWN, "register %#x %s", offset, what);
	return true;
}

static bool examine_css_announced(const struct device *dev, u32 cc)
{
	u32 css = (u32)FIELD_GET(CC_CSS, cc);

	switch (css) {
	case 0:
		return dev->shape->css & BIT(0);
	case 6:
		return dev->shape->css & BIT(6);
	case 7:
		return dev->shape->css & BIT(7);
	default:
		return false;
	}
}

void examine_cc(struct device *dev, u32 old, u32 value)
{
	u32 fixed = (u32)(CC_CSS | CC_MPS | CC_AMS), shn = (u32)FIELD_GET(CC_SHN, value);

	if (value & ~(u32)(CC_EN | CC_CSS | CC_MPS | CC_AMS | CC_SHN | CC_IOSQES | CC_IOCQES | CC_CRIME))
		examine(dev, RULE_CC_RESERVED, "CC written with %#x", value);
	if (value & old & CC_EN && (value ^ old) & fixed)
		examine(dev, RULE_CC_CHANGED, "CC changed from %#x to %#x", old, value);
	if (shn == 3)
		examine(dev, RULE_CC_SHN, "CC written with %#x", value);
	if (FIELD_GET(CC_SHN, old) && old & CC_EN && value & CC_EN)
		examine(dev, RULE_CC_AFTER_SHN, "CC changed from %#x to %#x", old, value);
}

void examine_enable(struct device *dev)
{
	u32 cc = dev->regs.cc, aqa = dev->regs.aqa, page = regs_page_size(dev);
	u64 mps = FIELD_GET(CC_MPS, cc);

	if (!examine_css_announced(dev, cc))
		examine(dev, RULE_CC_CSS, "CC.CSS is %lu, CAP.CSS is %#llx", FIELD_GET(CC_CSS, cc), dev->shape->css);
	if (mps < dev->shape->mpsmin || mps > dev->shape->mpsmax)
		examine(dev, RULE_CC_MPS, "CC.MPS is %llu", mps);
	if (FIELD_GET(CC_AMS, cc) > (dev->shape->ams & 1))
		examine(dev, RULE_CC_AMS, "CC.AMS is %lu", FIELD_GET(CC_AMS, cc));
	if (!(aqa & 0xfff) || !(aqa >> 16 & 0xfff) || aqa & 0xf000f000)
		examine(dev, RULE_ADMIN_QUEUE_SIZE, "AQA is %#x", aqa);
	if (dev->regs.asq % page || dev->regs.acq % page || !dev->regs.asq || !dev->regs.acq)
		examine(dev, RULE_ADMIN_QUEUE_BASE, "ASQ is %#llx, ACQ is %#llx", dev->regs.asq, dev->regs.acq);
}

/* The host is about to take all memory back. */
void examine_disable(struct device *dev)
{
	cmd_check_canaries(dev);
	hmb_check_all(dev);
}

void examine_admin_queue(struct device *dev, u32 offset)
{
	if (dev->regs.cc & CC_EN)
		examine(dev, RULE_ADMIN_QUEUE_CHANGED, "register %#x written while CC.EN is 1", offset);
}

void examine_intm(struct device *dev)
{
	if (pci_irq_kind(&dev->pci) == IRQ_MSIX)
		examine(dev, RULE_INTM, "written with MSI-X enabled");
}
