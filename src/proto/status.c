// SPDX-License-Identifier: GPL-2.0
/*
 * Two tables, one for status codes and one for opcodes. A status code has a kind and a name; what is not listed is an
 * I/O error without a name. Whether a command is tried again follows from Do Not Retry and from the number of tries.
 */
#include <linux/array_size.h>
#include <linux/bitfield.h>
#include <onvme/spec.h>

#include "status.h"

struct onvme_status_row {
	u16	code;
	u8	kind;
	const char *text;
};

static const struct onvme_status_row onvme_status_rows[] = {
	{ 0x000, ONVME_ERR_NONE,	"Success" },
	{ 0x001, ONVME_ERR_NOTSUPP,	"Invalid Command Opcode" },
	{ 0x002, ONVME_ERR_NOTSUPP,	"Invalid Field in Command" },
	{ 0x003, ONVME_ERR_IO,		"Command ID Conflict" },
	{ 0x004, ONVME_ERR_IO,		"Data Transfer Error" },
	{ 0x005, ONVME_ERR_IO,		"Commands Aborted due to Power Loss Notification" },
	{ 0x006, ONVME_ERR_IO,		"Internal Error" },
	{ 0x007, ONVME_ERR_IO,		"Command Abort Requested" },
	{ 0x008, ONVME_ERR_IO,		"Command Aborted due to SQ Deletion" },
	{ 0x009, ONVME_ERR_IO,		"Command Aborted due to Failed Fused Command" },
	{ 0x00a, ONVME_ERR_IO,		"Command Aborted due to Missing Fused Command" },
	{ 0x00b, ONVME_ERR_NOTSUPP,	"Invalid Namespace or Format" },
	{ 0x00c, ONVME_ERR_IO,		"Command Sequence Error" },
	{ 0x00d, ONVME_ERR_IO,		"Invalid SGL Segment Descriptor" },
	{ 0x00e, ONVME_ERR_IO,		"Invalid Number of SGL Descriptors" },
	{ 0x00f, ONVME_ERR_IO,		"Data SGL Length Invalid" },
	{ 0x010, ONVME_ERR_IO,		"Metadata SGL Length Invalid" },
	{ 0x011, ONVME_ERR_IO,		"SGL Descriptor Type Invalid" },
	{ 0x012, ONVME_ERR_IO,		"Invalid Use of Controller Memory Buffer" },
	{ 0x013, ONVME_ERR_IO,		"PRP Offset Invalid" },
	{ 0x014, ONVME_ERR_IO,		"Atomic Write Unit Exceeded" },
	{ 0x015, ONVME_ERR_IO,		"Operation Denied" },
	{ 0x016, ONVME_ERR_IO,		"SGL Offset Invalid" },
	{ 0x018, ONVME_ERR_IO,		"Host Identifier Inconsistent Format" },
	{ 0x019, ONVME_ERR_IO,		"Keep Alive Timer Expired" },
	{ 0x01a, ONVME_ERR_IO,		"Keep Alive Timeout Invalid" },
	{ 0x01b, ONVME_ERR_IO,		"Command Aborted due to Preempt and Abort" },
	{ 0x01c, ONVME_ERR_IO,		"Sanitize Failed" },
	{ 0x01d, ONVME_ERR_IO,		"Sanitize In Progress" },
	{ 0x01e, ONVME_ERR_IO,		"SGL Data Block Granularity Invalid" },
	{ 0x01f, ONVME_ERR_NOTSUPP,	"Command Not Supported for Queue in CMB" },
	{ 0x020, ONVME_ERR_IO,		"Namespace is Write Protected" },
	{ 0x021, ONVME_ERR_TARGET,	"Command Interrupted" },
	{ 0x022, ONVME_ERR_IO,		"Transient Transport Error" },
	{ 0x023, ONVME_ERR_IO,		"Command Prohibited by Command and Feature Lockdown" },
	{ 0x024, ONVME_ERR_TARGET,	"Admin Command Media Not Ready" },
	{ 0x080, ONVME_ERR_TARGET,	"LBA Out of Range" },
	{ 0x081, ONVME_ERR_NOSPC,	"Capacity Exceeded" },
	{ 0x082, ONVME_ERR_TARGET,	"Namespace Not Ready" },
	{ 0x083, ONVME_ERR_RESERVATION,	"Reservation Conflict" },
	{ 0x084, ONVME_ERR_TARGET,	"Format In Progress" },
	{ 0x085, ONVME_ERR_IO,		"Invalid Value Size" },
	{ 0x086, ONVME_ERR_IO,		"Invalid Key Size" },
	{ 0x087, ONVME_ERR_IO,		"KV Key Does Not Exist" },
	{ 0x088, ONVME_ERR_IO,		"Unrecovered Error" },
	{ 0x089, ONVME_ERR_IO,		"Key Exists" },
	{ 0x100, ONVME_ERR_IO,		"Completion Queue Invalid" },
	{ 0x101, ONVME_ERR_IO,		"Invalid Queue Identifier" },
	{ 0x102, ONVME_ERR_IO,		"Invalid Queue Size" },
	{ 0x103, ONVME_ERR_IO,		"Abort Command Limit Exceeded" },
	{ 0x105, ONVME_ERR_IO,		"Asynchronous Event Request Limit Exceeded" },
	{ 0x106, ONVME_ERR_IO,		"Invalid Firmware Slot" },
	{ 0x107, ONVME_ERR_IO,		"Invalid Firmware Image" },
	{ 0x108, ONVME_ERR_IO,		"Invalid Interrupt Vector" },
	{ 0x109, ONVME_ERR_IO,		"Invalid Log Page" },
	{ 0x10a, ONVME_ERR_IO,		"Invalid Format" },
	{ 0x10b, ONVME_ERR_IO,		"Firmware Activation Requires Conventional Reset" },
	{ 0x10c, ONVME_ERR_IO,		"Invalid Queue Deletion" },
	{ 0x10d, ONVME_ERR_IO,		"Feature Identifier Not Saveable" },
	{ 0x10e, ONVME_ERR_IO,		"Feature Not Changeable" },
	{ 0x10f, ONVME_ERR_IO,		"Feature Not Namespace Specific" },
	{ 0x110, ONVME_ERR_IO,		"Firmware Activation Requires NVM Subsystem Reset" },
	{ 0x111, ONVME_ERR_IO,		"Firmware Activation Requires Controller Level Reset" },
	{ 0x112, ONVME_ERR_IO,		"Firmware Activation Requires Maximum Time Violation" },
	{ 0x113, ONVME_ERR_IO,		"Firmware Activation Prohibited" },
	{ 0x114, ONVME_ERR_IO,		"Overlapping Range" },
	{ 0x115, ONVME_ERR_IO,		"Namespace Insufficient Capacity" },
	{ 0x116, ONVME_ERR_IO,		"Namespace Identifier Unavailable" },
	{ 0x118, ONVME_ERR_IO,		"Namespace Already Attached" },
	{ 0x119, ONVME_ERR_IO,		"Namespace Is Private" },
	{ 0x11a, ONVME_ERR_IO,		"Namespace Not Attached" },
	{ 0x11b, ONVME_ERR_IO,		"Thin Provisioning Not Supported" },
	{ 0x11c, ONVME_ERR_IO,		"Controller List Invalid" },
	{ 0x11d, ONVME_ERR_IO,		"Device Self-test In Progress" },
	{ 0x11e, ONVME_ERR_IO,		"Boot Partition Write Prohibited" },
	{ 0x11f, ONVME_ERR_IO,		"Invalid Controller Identifier" },
	{ 0x120, ONVME_ERR_IO,		"Invalid Secondary Controller State" },
	{ 0x121, ONVME_ERR_IO,		"Invalid Number of Controller Resources" },
	{ 0x122, ONVME_ERR_IO,		"Invalid Resource Identifier" },
	{ 0x123, ONVME_ERR_IO,		"Sanitize Prohibited While Persistent Memory Region is Enabled" },
	{ 0x124, ONVME_ERR_IO,		"ANA Group Identifier Invalid" },
	{ 0x125, ONVME_ERR_IO,		"ANA Attach Failed" },
	{ 0x180, ONVME_ERR_NOTSUPP,	"Conflicting Attributes" },
	{ 0x181, ONVME_ERR_PROTECTION,	"Invalid Protection Information" },
	{ 0x182, ONVME_ERR_MEDIUM,	"Attempted Write to Read Only Range" },
	{ 0x183, ONVME_ERR_NOTSUPP,	"Command Size Limit Exceeded" },
	{ 0x1b8, ONVME_ERR_IO,		"Zone Boundary Error" },
	{ 0x1b9, ONVME_ERR_IO,		"Zone Is Full" },
	{ 0x1ba, ONVME_ERR_IO,		"Zone Is Read Only" },
	{ 0x1bb, ONVME_ERR_IO,		"Zone Is Offline" },
	{ 0x1bc, ONVME_ERR_IO,		"Zone Invalid Write" },
	{ 0x1bd, ONVME_ERR_ZONE_ACTIVE,	"Too Many Active Zones" },
	{ 0x1be, ONVME_ERR_ZONE_OPEN,	"Too Many Open Zones" },
	{ 0x1bf, ONVME_ERR_IO,		"Invalid Zone State Transition" },
	{ 0x280, ONVME_ERR_MEDIUM,	"Write Fault" },
	{ 0x281, ONVME_ERR_MEDIUM,	"Unrecovered Read Error" },
	{ 0x282, ONVME_ERR_PROTECTION,	"End-to-end Guard Check Error" },
	{ 0x283, ONVME_ERR_PROTECTION,	"End-to-end Application Tag Check Error" },
	{ 0x284, ONVME_ERR_PROTECTION,	"End-to-end Reference Tag Check Error" },
	{ 0x285, ONVME_ERR_MEDIUM,	"Compare Failure" },
	{ 0x286, ONVME_ERR_MEDIUM,	"Access Denied" },
	{ 0x287, ONVME_ERR_MEDIUM,	"Deallocated or Unwritten Logical Block" },
	{ 0x288, ONVME_ERR_PROTECTION,	"End-to-End Storage Tag Check Error" },
	{ 0x300, ONVME_ERR_IO,		"Internal Path Error" },
	{ 0x301, ONVME_ERR_TRANSPORT,	"Asymmetric Access Persistent Loss" },
	{ 0x302, ONVME_ERR_TRANSPORT,	"Asymmetric Access Inaccessible" },
	{ 0x303, ONVME_ERR_TRANSPORT,	"Asymmetric Access Transition" },
	{ 0x360, ONVME_ERR_TRANSPORT,	"Controller Pathing Error" },
	{ 0x370, ONVME_ERR_TRANSPORT,	"Host Pathing Error" },
	{ 0x371, ONVME_ERR_IO,		"Host Aborted Command" },
};

struct onvme_opcode_row {
	u8	opcode;
	const char *text;
};

static const struct onvme_opcode_row onvme_admin_opcodes[] = {
	{ ONVME_ADM_DELETE_SQ,		"Delete SQ" },
	{ ONVME_ADM_CREATE_SQ,		"Create SQ" },
	{ ONVME_ADM_GET_LOG_PAGE,	"Get Log Page" },
	{ ONVME_ADM_DELETE_CQ,		"Delete CQ" },
	{ ONVME_ADM_CREATE_CQ,		"Create CQ" },
	{ ONVME_ADM_IDENTIFY,		"Identify" },
	{ ONVME_ADM_ABORT,		"Abort Command" },
	{ ONVME_ADM_SET_FEATURES,	"Set Features" },
	{ ONVME_ADM_GET_FEATURES,	"Get Features" },
	{ ONVME_ADM_ASYNC_EVENT,	"Async Event Request" },
	{ ONVME_ADM_NS_MGMT,		"Namespace Management" },
	{ ONVME_ADM_FW_COMMIT,		"Firmware Commit" },
	{ ONVME_ADM_FW_DOWNLOAD,	"Firmware Image Download" },
	{ ONVME_ADM_SELF_TEST,		"Device Self-test" },
	{ ONVME_ADM_NS_ATTACH,		"Namespace Attachment" },
	{ ONVME_ADM_KEEP_ALIVE,		"Keep Alive" },
	{ ONVME_ADM_DIRECTIVE_SEND,	"Directive Send" },
	{ ONVME_ADM_DIRECTIVE_RECV,	"Directive Receive" },
	{ ONVME_ADM_VIRT_MGMT,		"Virtualization Management" },
	{ ONVME_ADM_DBBUF_CONFIG,	"Doorbell Buffer Config" },
	{ ONVME_ADM_FORMAT_NVM,		"Format NVM" },
	{ ONVME_ADM_SECURITY_SEND,	"Security Send" },
	{ ONVME_ADM_SECURITY_RECV,	"Security Receive" },
	{ ONVME_ADM_SANITIZE,		"Sanitize NVM" },
	{ ONVME_ADM_GET_LBA_STATUS,	"Get LBA Status" },
};

static const struct onvme_opcode_row onvme_nvm_opcodes[] = {
	{ ONVME_NVM_FLUSH,		"Flush" },
	{ ONVME_NVM_WRITE,		"Write" },
	{ ONVME_NVM_READ,		"Read" },
	{ ONVME_NVM_WRITE_UNCOR,	"Write Uncorrectable" },
	{ ONVME_NVM_COMPARE,		"Compare" },
	{ ONVME_NVM_WRITE_ZEROES,	"Write Zeroes" },
	{ ONVME_NVM_DSM,		"Dataset Management" },
	{ ONVME_NVM_VERIFY,		"Verify" },
	{ ONVME_NVM_RESV_REGISTER,	"Reservation Register" },
	{ ONVME_NVM_RESV_REPORT,	"Reservation Report" },
	{ ONVME_NVM_RESV_ACQUIRE,	"Reservation Acquire" },
	{ ONVME_NVM_RESV_RELEASE,	"Reservation Release" },
	{ ONVME_NVM_COPY,		"Copy" },
	{ ONVME_ZNS_MGMT_SEND,		"Zone Management Send" },
	{ ONVME_ZNS_MGMT_RECV,		"Zone Management Receive" },
	{ ONVME_ZNS_APPEND,		"Zone Append" },
};

static const struct onvme_status_row *onvme_status_find(u16 status)
{
	u16 code = status & ONVME_SF_CODE;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(onvme_status_rows); i++)
		if (onvme_status_rows[i].code == code)
			return &onvme_status_rows[i];
	return NULL;
}

/**
 * onvme_status_kind() - the kind of error that a status stands for
 * @status: Status Field without Phase Tag
 *
 * Return: the kind; %ONVME_ERR_IO for codes that the table does not know.
 */
enum onvme_errkind onvme_status_kind(u16 status)
{
	const struct onvme_status_row *row;

	if (!(status & ONVME_SF_CODE))
		return ONVME_ERR_NONE;
	row = onvme_status_find(status);
	return row ? (enum onvme_errkind)row->kind : ONVME_ERR_IO;
}

/**
 * onvme_status_fate() - complete, fail or try again
 * @status: Status Field without Phase Tag
 * @tries: how often the command has been tried again already
 * @max_tries: how often it may be
 * @may_retry: false for commands whose submitter wants the first answer (passthrough, fail-fast)
 *
 * Return: what to do with the command (Base, "Status Field", Do Not Retry).
 */
enum onvme_fate onvme_status_fate(u16 status, unsigned int tries, unsigned int max_tries, bool may_retry)
{
	if (!(status & ONVME_SF_CODE))
		return ONVME_FATE_DONE;
	if (!may_retry || status & ONVME_SF_DNR || tries >= max_tries)
		return ONVME_FATE_FAIL;
	return ONVME_FATE_RETRY;
}

/**
 * onvme_status_delay_ms() - how long the controller wants a retry to wait
 * @status: Status Field without Phase Tag
 * @crdt: Command Retry Delay Times 1 to 3 of Identify Controller, units of 100 ms
 *
 * Return: milliseconds, 0 for at once, at most 10 000 whatever the controller says.
 */
unsigned int onvme_status_delay_ms(u16 status, const u16 crdt[3])
{
	unsigned int which = FIELD_GET(ONVME_SF_CRD, status);
	unsigned int ms;

	if (!which)
		return 0;
	ms = crdt[which - 1] * 100u;
	return ms > 10000 ? 10000 : ms;
}

/**
 * onvme_status_text() - the name of a status
 * @status: Status Field without Phase Tag
 *
 * Return: a string for people; "Unknown" for codes that the table does not know, "Vendor Specific" for theirs.
 */
const char *onvme_status_text(u16 status)
{
	const struct onvme_status_row *row = onvme_status_find(status);

	if (row)
		return row->text;
	return FIELD_GET(ONVME_SF_SCT, status) == 7 || (status & ONVME_SF_SC) >= 0xc0 ? "Vendor Specific" : "Unknown";
}

/**
 * onvme_opcode_text() - the name of a command
 * @admin: whether @opcode belongs to the admin command set; else to the NVM command set
 * @opcode: opcode
 *
 * Return: a string for people; "Unknown" or "Vendor Specific" where there is no name.
 */
const char *onvme_opcode_text(bool admin, u8 opcode)
{
	const struct onvme_opcode_row *row = admin ? onvme_admin_opcodes : onvme_nvm_opcodes;
	size_t n = admin ? ARRAY_SIZE(onvme_admin_opcodes) : ARRAY_SIZE(onvme_nvm_opcodes);
	size_t i;

	for (i = 0; i < n; i++)
		if (row[i].opcode == opcode)
			return row[i].text;
	return opcode >= (admin ? 0xc0 : 0x80) ? "Vendor Specific" : "Unknown";
}
