// SPDX-License-Identifier: GPL-2.0
/*
 * status.c for every 16-bit status. Kinds are compared with the answers of the in-tree driver, which block layer users
 * know, plus a list of the places where we say more on purpose.
 */
#include "ktap.h"
#include "status.h"

#include <onvme/spec.h>

/* The kinds of the in-tree driver (nvme_error_status), by number. */
static enum onvme_errkind intree_kind(unsigned int code)
{
	switch (code) {
	case 0x000:
		return ONVME_ERR_NONE;
	case 0x081:	/* Capacity Exceeded */
		return ONVME_ERR_NOSPC;
	case 0x080:	/* LBA Out of Range */
	case 0x021:	/* Command Interrupted */
	case 0x082:	/* Namespace Not Ready */
		return ONVME_ERR_TARGET;
	case 0x180:	/* Conflicting Attributes */
	case 0x183:	/* Command Size Limit Exceeded, before that "ONCS not supported" */
	case 0x001:	/* Invalid Command Opcode */
	case 0x002:	/* Invalid Field in Command */
	case 0x00b:	/* Invalid Namespace or Format */
		return ONVME_ERR_NOTSUPP;
	case 0x280:	/* Write Fault */
	case 0x281:	/* Unrecovered Read Error */
	case 0x287:	/* Deallocated or Unwritten Logical Block */
	case 0x286:	/* Access Denied */
	case 0x182:	/* Attempted Write to Read Only Range */
	case 0x285:	/* Compare Failure */
		return ONVME_ERR_MEDIUM;
	case 0x282:	/* Guard, Application Tag, Reference Tag */
	case 0x283:
	case 0x284:
	case 0x181:	/* Invalid Protection Information */
		return ONVME_ERR_PROTECTION;
	case 0x083:
		return ONVME_ERR_RESERVATION;
	case 0x1bd:	/* Too Many Active Zones */
		return ONVME_ERR_ZONE_ACTIVE;
	case 0x1be:	/* Too Many Open Zones */
		return ONVME_ERR_ZONE_OPEN;
	case 0x370:	/* Host Pathing Error */
		return ONVME_ERR_TRANSPORT;
	default:
		return ONVME_ERR_IO;
	}
}

/* Where the in-tree driver says "I/O error" and we say more. */
static const struct {
	u16			code;
	enum onvme_errkind	kind;
} more[] = {
	{ 0x01f, ONVME_ERR_NOTSUPP },		/* Command Not Supported for Queue in CMB */
	{ 0x024, ONVME_ERR_TARGET },		/* Admin Command Media Not Ready */
	{ 0x084, ONVME_ERR_TARGET },		/* Format In Progress */
	{ 0x288, ONVME_ERR_PROTECTION },	/* Storage Tag Check Error */
	{ 0x301, ONVME_ERR_TRANSPORT },		/* Asymmetric Access: Persistent Loss, Inaccessible, Transition */
	{ 0x302, ONVME_ERR_TRANSPORT },
	{ 0x303, ONVME_ERR_TRANSPORT },
	{ 0x360, ONVME_ERR_TRANSPORT },		/* Controller Pathing Error */
};

static void every_kind(void)
{
	unsigned int status;
	char note[40];

	for (status = 0; status < 65536; status++) {
		enum onvme_errkind should = intree_kind(status & 0x7ff);
		size_t i;

		for (i = 0; i < sizeof(more) / sizeof(more[0]); i++)
			if (more[i].code == (status & 0x7ff))
				should = more[i].kind;
		snprintf(note, sizeof(note), "status %#x", status);
		ktap_note = note;
		EQUAL(onvme_status_kind((u16)status), should);
		/* Only success is no error, whatever the bits above the code say. */
		EQUAL(onvme_status_kind((u16)status) == ONVME_ERR_NONE, !(status & 0x7ff));
	}
	ktap_note = "";
}

static void every_fate(void)
{
	static const unsigned int tries[] = { 0, 1, 4, 5, 6, 0xffffffff };
	static const unsigned int most[] = { 0, 1, 5, 0xffffffff };
	unsigned int status;
	size_t t, m;
	int may;

	for (status = 0; status < 65536; status++)
		for (t = 0; t < sizeof(tries) / sizeof(tries[0]); t++)
			for (m = 0; m < sizeof(most) / sizeof(most[0]); m++)
				for (may = 0; may < 2; may++) {
					enum onvme_fate should = ONVME_FATE_RETRY;

					if (tries[t] >= most[m] || !may || status & 0x4000)
						should = ONVME_FATE_FAIL;
					if (status % 0x800 == 0)
						should = ONVME_FATE_DONE;
					EQUAL(onvme_status_fate((u16)status, tries[t], most[m], may), should);
				}
}

static void every_delay(void)
{
	static const u16 crdts[][3] = {
		{ 0, 0, 0 }, { 1, 20, 300 }, { 99, 100, 101 }, { 65535, 65535, 65535 }, { 0, 7, 65535 },
	};
	unsigned int status;
	size_t i;

	for (i = 0; i < sizeof(crdts) / sizeof(crdts[0]); i++)
		for (status = 0; status < 65536; status++) {
			unsigned int which = status / 0x800 % 4;
			unsigned int ms = which ? crdts[i][which - 1] * 100 : 0;

			EQUAL(onvme_status_delay_ms((u16)status, crdts[i]), ms < 10000 ? ms : 10000);
		}
}

static void every_text(void)
{
	unsigned int status, named = 0;

	for (status = 0; status < 65536; status++) {
		const char *text = onvme_status_text((u16)status);

		CHECK(text && *text);
		STR_EQUAL(text, onvme_status_text(status & 0x7ff));
	}
	for (status = 0; status < 0x800; status++) {
		const char *text = onvme_status_text((u16)status);
		bool vendor = status >= 0x700 || (status & 0xff) >= 0xc0;

		if (!strcmp(text, "Unknown")) {
			CHECK(!vendor);
			/* A code that has a kind of its own has a name. */
			EQUAL(onvme_status_kind((u16)status), ONVME_ERR_IO);
		} else if (!strcmp(text, "Vendor Specific")) {
			CHECK(vendor);
		} else {
			named++;
		}
	}
	CHECK(named > 90);
}

/* A sample of each status code type, written down from the specification. */
static void some_texts(void)
{
	STR_EQUAL(onvme_status_text(0x000), "Success");
	STR_EQUAL(onvme_status_text(0x002), "Invalid Field in Command");
	STR_EQUAL(onvme_status_text(0x4002), "Invalid Field in Command");
	STR_EQUAL(onvme_status_text(0x007), "Command Abort Requested");
	STR_EQUAL(onvme_status_text(0x00b), "Invalid Namespace or Format");
	STR_EQUAL(onvme_status_text(0x013), "PRP Offset Invalid");
	STR_EQUAL(onvme_status_text(0x020), "Namespace is Write Protected");
	STR_EQUAL(onvme_status_text(0x080), "LBA Out of Range");
	STR_EQUAL(onvme_status_text(0x083), "Reservation Conflict");
	STR_EQUAL(onvme_status_text(0x101), "Invalid Queue Identifier");
	STR_EQUAL(onvme_status_text(0x109), "Invalid Log Page");
	STR_EQUAL(onvme_status_text(0x10d), "Feature Identifier Not Saveable");
	STR_EQUAL(onvme_status_text(0x180), "Conflicting Attributes");
	STR_EQUAL(onvme_status_text(0x281), "Unrecovered Read Error");
	STR_EQUAL(onvme_status_text(0x286), "Access Denied");
	STR_EQUAL(onvme_status_text(0x371), "Host Aborted Command");
	STR_EQUAL(onvme_status_text(0x1bc), "Zone Invalid Write");
	STR_EQUAL(onvme_status_text(0x017), "Unknown");
	STR_EQUAL(onvme_status_text(0x2c0), "Vendor Specific");
	STR_EQUAL(onvme_status_text(0x7ff), "Vendor Specific");
}

static void every_opcode(void)
{
	static const struct {
		bool		admin;
		u8		opcode;
		const char	*text;
	} known[] = {
		{ true,  0x00, "Delete SQ" },		{ true,  0x01, "Create SQ" },
		{ true,  0x02, "Get Log Page" },	{ true,  0x04, "Delete CQ" },
		{ true,  0x05, "Create CQ" },		{ true,  0x06, "Identify" },
		{ true,  0x09, "Set Features" },	{ true,  0x0a, "Get Features" },
		{ true,  0x0c, "Async Event Request" },	{ true,  0x18, "Keep Alive" },
		{ true,  0x80, "Format NVM" },		{ true,  0x84, "Sanitize NVM" },
		{ false, 0x00, "Flush" },		{ false, 0x01, "Write" },
		{ false, 0x02, "Read" },		{ false, 0x05, "Compare" },
		{ false, 0x08, "Write Zeroes" },	{ false, 0x09, "Dataset Management" },
		{ false, 0x0d, "Reservation Register" },
		{ true,  0x03, "Unknown" },		{ true,  0xbf, "Unknown" },
		{ true,  0xc0, "Vendor Specific" },	{ true,  0xff, "Vendor Specific" },
		{ false, 0x03, "Unknown" },		{ false, 0x7f, "Unknown" },
		{ false, 0x80, "Vendor Specific" },	{ false, 0xff, "Vendor Specific" },
	};
	unsigned int opcode, admin;
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		STR_EQUAL(onvme_opcode_text(known[i].admin, known[i].opcode), known[i].text);
	for (admin = 0; admin < 2; admin++)
		for (opcode = 0; opcode < 256; opcode++)
			CHECK(*onvme_opcode_text(admin, (u8)opcode));
}

/* Numbers of spec.h that decisions hang on, against the specification. */
static void numbers(void)
{
	EQUAL(ONVME_SC_CMD_INTERRUPTED, 0x21);
	EQUAL(ONVME_SC_NS_NOT_READY, 0x82);
	EQUAL(ONVME_SC_RESERVATION_CONFLICT, 0x83);
	EQUAL(ONVME_SC_HOST_PATH_ERROR, 0x370);
	EQUAL(ONVME_SC_HOST_ABORTED, 0x371);
	EQUAL(ONVME_SF_DNR, 0x8000 >> 1);
	EQUAL(ONVME_SF_MORE, 0x4000 >> 1);
	EQUAL(ONVME_SF_CRD, 0x3000 >> 1);
	EQUAL(ONVME_SF_SCT, 0x0e00 >> 1);
	EQUAL(ONVME_SF_SC, 0x01fe >> 1);
}

KTAP_MAIN("t_status",
	  KTAP_CASE(every_kind),
	  KTAP_CASE(every_fate),
	  KTAP_CASE(every_delay),
	  KTAP_CASE(every_text),
	  KTAP_CASE(some_texts),
	  KTAP_CASE(every_opcode),
	  KTAP_CASE(numbers))
