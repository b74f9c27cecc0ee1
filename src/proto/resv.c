// SPDX-License-Identifier: GPL-2.0
/* Base, "Reservations": reports in both their forms, for host identifiers of 64 and of 128 bits. */
#include <asm/byteorder.h>
#include <linux/bitfield.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "ident.h"
#include "resv.h"

/**
 * onvme_resv_outcome() - what became of a reservation command
 * @status: Status Field without Phase Tag
 *
 * Return: the outcome, as the in-tree driver has it.
 */
enum onvme_resv_outcome onvme_resv_outcome(u16 status)
{
	u16 code = status & ONVME_SF_CODE;

	switch (code) {
	case ONVME_SC_SUCCESS:
		return ONVME_RESV_DONE;
	case ONVME_SC_RESERVATION_CONFLICT:
		return ONVME_RESV_CONFLICT;
	case ONVME_SC_ONCS_NOT_SUPPORTED:
		return ONVME_RESV_NOTSUPP;
	case ONVME_SC_INVALID_OPCODE:
	case ONVME_SC_INVALID_FIELD:
	case ONVME_SC_INVALID_NS:
	case ONVME_SC_BAD_ATTRIBUTES:
		return ONVME_RESV_INVALID;
	default:
		return FIELD_GET(ONVME_SF_SCT, code) == 3 ? ONVME_RESV_PATH : ONVME_RESV_IO;
	}
}

static size_t onvme_resv_head_len(bool extended)
{
	return extended ? ONVME_RESV_EXT_HEAD : sizeof(struct onvme_resv_head);
}

static size_t onvme_resv_entry_len(bool extended)
{
	return extended ? sizeof(struct onvme_resv_entry_ext) : sizeof(struct onvme_resv_entry);
}

/**
 * onvme_resv_report_len() - bytes of a report
 * @registrants: of so many
 * @extended: in its extended form
 *
 * Return: the length, a multiple of 4.
 */
size_t onvme_resv_report_len(u32 registrants, bool extended)
{
	return onvme_resv_head_len(extended) + registrants * onvme_resv_entry_len(extended);
}

/**
 * onvme_resv_read() - read the header of a report
 * @page: the report
 * @len: its length, at least that of a header
 * @extended: it has the extended form
 * @report: what it says, written in full
 * @finding: gets a type that there is not; it counts as none
 */
void onvme_resv_read(const void *page, size_t len, bool extended, struct onvme_resv_report *report,
		     struct onvme_finding *finding)
{
	const struct onvme_resv_head *head = page;
	size_t room = (len - onvme_resv_head_len(extended)) / onvme_resv_entry_len(extended);

	report->generation = le32_to_cpu(head->gen);
	report->registrants = head->regctl[0] | (u32)head->regctl[1] << 8;
	report->room = (u32)min_t(size_t, report->registrants, room);
	report->type = head->rtype;
	if (report->type <= ONVME_RESV_TYPES)
		return;
	if (!finding->count++) {
		finding->what = "RTYPE";
		finding->value = head->rtype;
	}
	report->type = 0;
}

/**
 * onvme_resv_key() - read an entry of a report
 * @page: the report
 * @extended: it has the extended form
 * @i: which of them, below onvme_resv_report.room
 * @holds: gets whether that registrant holds the reservation
 *
 * Return: its key.
 */
u64 onvme_resv_key(const void *page, bool extended, u32 i, bool *holds)
{
	const u8 *at = (const u8 *)page + onvme_resv_report_len(i, extended);
	const struct onvme_resv_entry *entry = (const void *)at;
	const struct onvme_resv_entry_ext *ext = (const void *)at;

	*holds = entry->rcsts & ONVME_RCSTS_HOLDS;
	return le64_to_cpu(extended ? ext->rkey : entry->rkey);
}
