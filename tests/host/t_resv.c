// SPDX-License-Identifier: GPL-2.0
/* resv.c: every status, and reports of both forms and every length, laid out byte by byte. */
#include <stdlib.h>

#include "ident.h"
#include "ktap.h"
#include "resv.h"

/* nvme_sc_to_pr_err() of the in-tree driver, by number; what it calls a path error has status code type 3. */
static void outcomes(void)
{
	unsigned int status;

	for (status = 0; status < 65536; status++) {
		unsigned int code = status & 0x7ff;
		enum onvme_resv_outcome want = code >> 8 == 3 ? ONVME_RESV_PATH : ONVME_RESV_IO;

		if (!code)
			want = ONVME_RESV_DONE;
		else if (code == 0x83)
			want = ONVME_RESV_CONFLICT;
		else if (code == 0x183)
			want = ONVME_RESV_NOTSUPP;
		else if (code == 1 || code == 2 || code == 0xb || code == 0x180)
			want = ONVME_RESV_INVALID;
		EQUAL(onvme_resv_outcome((u16)status), want);
	}
}

/* The report is as long as its memory, so that the sanitizer sees what is read beyond it. */
static void reports(void)
{
	unsigned long round;

	for (round = 0; round < rounds(5000); round++) {
		bool ext = rnd_below(2);
		u32 unit = ext ? 64 : 24, has = rnd_below(40), says = rnd_below(3) ? has : rnd_below(65536), i, type;
		size_t len = unit * (1ul + has) + rnd_below(unit / 4) * 4ul;
		unsigned char *page = malloc(len);
		struct onvme_finding finding = {};
		struct onvme_resv_report report;

		rnd_fill(page, len);
		type = rnd_below(4) ? rnd_below(7) : rnd_below(256);
		page[4] = (unsigned char)type;
		page[5] = (unsigned char)says;
		page[6] = (unsigned char)(says >> 8);
		EQUAL(onvme_resv_report_len(has, ext), unit * (1ul + has));
		onvme_resv_read(page, len, ext, &report, &finding);
		EQUAL(report.generation, page[0] | page[1] << 8 | page[2] << 16 | (u32)page[3] << 24);
		EQUAL(report.registrants, says);
		EQUAL(report.room, says < has ? says : has);
		EQUAL(report.type, type > 6 ? 0 : type);
		EQUAL(finding.count, type > 6);
		for (i = 0; i < report.room; i++) {
			unsigned char *entry = page + (i + 1) * unit;
			u64 key = 0;
			bool holds;
			int byte;

			for (byte = 7; byte >= 0; byte--)
				key = key << 8 | entry[(ext ? 8 : 16) + byte];
			EQUAL(onvme_resv_key(page, ext, i, &holds), key);
			EQUAL(holds, entry[2] & 1);
		}
		free(page);
	}
}

KTAP_MAIN("t_resv",
	  KTAP_CASE(outcomes),
	  KTAP_CASE(reports))
