// SPDX-License-Identifier: GPL-2.0
/*
 * cmd.h byte by byte: images written out by hand from the specification ("Submission Queue Entry" and the figures of
 * each command), so that neither masks nor byte order of the code under test take part.
 */
#include "ktap.h"
#include "cmd.h"

/* Bytes of an entry from @at on, in hex; all that is not named is zero. */
struct image {
	unsigned int	at;
	const char	*hex;
};

static unsigned int nibble(char c)
{
	return (unsigned int)(c <= '9' ? c - '0' : c - 'a' + 10);
}

static void image_check(const struct onvme_sqe *sqe, const struct image *parts, size_t nr, const char *what)
{
	u8 should[64] = { 0 };
	const u8 *is = (const u8 *)sqe;
	char note[80];
	size_t i;

	for (i = 0; i < nr; i++) {
		const char *p = parts[i].hex;
		unsigned int at = parts[i].at;

		for (; *p; p++) {
			if (*p == ' ')
				continue;
			should[at++] = (u8)(nibble(p[0]) << 4 | nibble(p[1]));
			p++;
		}
	}
	for (i = 0; i < 64; i++) {
		snprintf(note, sizeof(note), "%s, byte %zu", what, i);
		ktap_note = note;
		EQUAL(is[i], should[i]);
	}
	ktap_note = "";
}

/* Each builder starts from garbage: what an earlier command left must be gone. */
#define IMAGE(call, ...)							\
	do {									\
		struct onvme_sqe sqe;						\
		static const struct image parts[] = { __VA_ARGS__ };		\
										\
		memset(&sqe, 0xa5, sizeof(sqe));				\
		call;								\
		image_check(&sqe, parts, sizeof(parts) / sizeof(parts[0]), #call); \
	} while (0)

static void init(void)
{
	IMAGE(onvme_cmd_init(&sqe, 0, 0), { 0, "00" });
	IMAGE(onvme_cmd_init(&sqe, 0xc0, 0x12345678), { 0, "c0" }, { 4, "78 56 34 12" });
	IMAGE(onvme_cmd_init(&sqe, ONVME_NVM_FLUSH, ONVME_NSID_ALL), { 0, "00" }, { 4, "ff ff ff ff" });
}

static void rw(void)
{
	/* Read of one block: NLB is 0's based. */
	IMAGE(onvme_cmd_rw(&sqe, ONVME_NVM_READ, 1, 0, 1, 0), { 0, "02" }, { 4, "01" });
	/* Write of 8 blocks from 0x1122334455667788 with FUA (bit 30 of dword 12). */
	IMAGE(onvme_cmd_rw(&sqe, ONVME_NVM_WRITE, 2, 0x1122334455667788, 8, ONVME_RW_FUA),
	      { 0, "01" }, { 4, "02" }, { 40, "88 77 66 55  44 33 22 11" }, { 48, "07 00 00 40" });
	/* The most blocks, Limited Retry (bit 31). */
	IMAGE(onvme_cmd_rw(&sqe, ONVME_NVM_READ, 0xfffffffe, 0xffffffffffffffff, 65536, ONVME_RW_LR),
	      { 0, "02" }, { 4, "fe ff ff ff" }, { 40, "ff ff ff ff  ff ff ff ff" }, { 48, "ff ff 00 80" });
	/* Write Zeroes with Deallocate (bit 25). */
	IMAGE(onvme_cmd_rw(&sqe, ONVME_NVM_WRITE_ZEROES, 1, 0x100000000, 256, ONVME_RW_DEAC),
	      { 0, "08" }, { 4, "01" }, { 44, "01" }, { 48, "ff 00 00 02" });
	/* Protection information: PRACT is bit 29, PRCHK of the reference tag bit 26. */
	IMAGE(onvme_cmd_rw(&sqe, ONVME_NVM_READ, 1, 5, 1, ONVME_RW_PRACT | ONVME_RW_PRCHK_REF),
	      { 0, "02" }, { 4, "01" }, { 40, "05" }, { 48, "00 00 00 24" });
}

static void deallocate(void)
{
	IMAGE(onvme_cmd_deallocate(&sqe, 1, 1), { 0, "09" }, { 4, "01" }, { 44, "04" });
	IMAGE(onvme_cmd_deallocate(&sqe, 0x01020304, 256),
	      { 0, "09" }, { 4, "04 03 02 01" }, { 40, "ff" }, { 44, "04" });
}

static void identify(void)
{
	IMAGE(onvme_cmd_identify(&sqe, 0, ONVME_CNS_CTRL, 0), { 0, "06" }, { 40, "01" });
	IMAGE(onvme_cmd_identify(&sqe, 7, ONVME_CNS_NS, 0), { 0, "06" }, { 4, "07" }, { 40, "00" });
	/* CSI is the top byte of dword 11. */
	IMAGE(onvme_cmd_identify(&sqe, 0xffffffff, ONVME_CNS_CS_NS, ONVME_CSI_ZNS),
	      { 0, "06" }, { 4, "ff ff ff ff" }, { 40, "05" }, { 47, "02" });
	IMAGE(onvme_cmd_identify(&sqe, 0, 0xff, 0xff), { 0, "06" }, { 40, "ff" }, { 47, "ff" });
}

static void get_log(void)
{
	/* SMART: 512 bytes = 128 dwords, NUMDL is 0's based. */
	IMAGE(onvme_cmd_get_log(&sqe, ONVME_NSID_ALL, ONVME_LOG_SMART, 512),
	      { 0, "02" }, { 4, "ff ff ff ff" }, { 40, "02 00 7f 00" });
	IMAGE(onvme_cmd_get_log(&sqe, 0, ONVME_LOG_CHANGED_NS, 4096), { 0, "02" }, { 40, "04 00 ff 03" });
	IMAGE(onvme_cmd_get_log(&sqe, 0, 0xca, 4), { 0, "02" }, { 40, "ca" });
	/* 256 KiB fill NUMDL; one dword more carries into NUMDU. */
	IMAGE(onvme_cmd_get_log(&sqe, 0, 1, 256 << 10), { 0, "02" }, { 40, "01 00 ff ff" });
	IMAGE(onvme_cmd_get_log(&sqe, 0, 1, (256 << 10) + 4), { 0, "02" }, { 40, "01 00 00 00  01 00" });
	IMAGE(onvme_cmd_get_log(&sqe, 0, 1, 0xfffffffc), { 0, "02" }, { 40, "01 00 fe ff  ff 3f" });
}

static void set_features(void)
{
	/* Number of Queues, 4 and 4, both 0's based. */
	IMAGE(onvme_cmd_set_features(&sqe, ONVME_FEAT_NUM_QUEUES, 3 | 3 << 16),
	      { 0, "09" }, { 40, "07" }, { 44, "03 00 03 00" });
	IMAGE(onvme_cmd_set_features(&sqe, ONVME_FEAT_ASYNC_EVENT, 0x80000100),
	      { 0, "09" }, { 40, "0b" }, { 44, "00 01 00 80" });
}

static void get_features(void)
{
	/* Power Management, its present value: SEL is 0. */
	IMAGE(onvme_cmd_get_features(&sqe, ONVME_FEAT_POWER, 0), { 0, "0a" }, { 40, "02" });
	IMAGE(onvme_cmd_get_features(&sqe, ONVME_FEAT_FDP, 0x1234), { 0, "0a" }, { 40, "1d" }, { 44, "3412" });
	IMAGE(onvme_cmd_ruhs(&sqe, 0x01020304, 528), { 0, "12" }, { 4, "04030201" }, { 40, "01" }, { 44, "83" });
}

static void queues(void)
{
	/* Completion queue 1 of 1024 entries: QSIZE 0's based above QID; vector above IEN and PC. */
	IMAGE(onvme_cmd_create_cq(&sqe, 1, 1024, 0x123456789000, 5, true),
	      { 0, "05" }, { 24, "00 90 78 56  34 12" }, { 40, "01 00 ff 03" }, { 44, "03 00 05 00" });
	IMAGE(onvme_cmd_create_cq(&sqe, 0xffff, 65536, 0xfffffffffffff000, 0xffff, true),
	      { 0, "05" }, { 24, "00 f0 ff ff  ff ff ff ff" }, { 40, "ff ff ff ff" }, { 44, "03 00 ff ff" });
	/* Without interrupt. */
	IMAGE(onvme_cmd_create_cq(&sqe, 3, 2, 0x1000, 0, false),
	      { 0, "05" }, { 24, "00 10" }, { 40, "03 00 01 00" }, { 44, "01 00 00 00" });
	IMAGE(onvme_cmd_create_sq(&sqe, 1, 2, 0x1000, 1, ONVME_QPRIO_URGENT),
	      { 0, "01" }, { 24, "00 10" }, { 40, "01 00 01 00" }, { 44, "01 00 01 00" });
	IMAGE(onvme_cmd_create_sq(&sqe, 0x8001, 65536, 0x8000000000000000, 0xfffe, ONVME_QPRIO_URGENT),
	      { 0, "01" }, { 31, "80" }, { 40, "01 80 ff ff" }, { 44, "01 00 fe ff" });
	/* QPRIO beside PC */
	IMAGE(onvme_cmd_create_sq(&sqe, 9, 2, 0x1000, 3, ONVME_QPRIO_LOW),
	      { 0, "01" }, { 24, "00 10" }, { 40, "09 00 01 00" }, { 44, "07 00 03 00" });
	IMAGE(onvme_cmd_create_sq(&sqe, 1, 2, 0x1000, 1, ONVME_QPRIO_MEDIUM),
	      { 0, "01" }, { 24, "00 10" }, { 40, "01 00 01 00" }, { 44, "05 00 01 00" });
	IMAGE(onvme_cmd_delete_queue(&sqe, ONVME_ADM_DELETE_SQ, 0x1234), { 0, "00" }, { 40, "34 12" });
	IMAGE(onvme_cmd_delete_queue(&sqe, ONVME_ADM_DELETE_CQ, 1), { 0, "04" }, { 40, "01" });
}

static void virtualization(void)
{
	IMAGE(onvme_cmd_virt(&sqe, 0x1234, ONVME_VIRT_ASSIGN, 1, 0x56), { 0, "1c" }, { 40, "08 01 34 12 56 00" });
	IMAGE(onvme_cmd_virt(&sqe, 0xffff, ONVME_VIRT_ONLINE, 0, 0), { 0, "1c" }, { 40, "09 00 ff ff" });
}

static void abort_command(void)
{
	IMAGE(onvme_cmd_abort(&sqe, 3, 0x9234), { 0, "08" }, { 40, "03 00 34 92" });
	IMAGE(onvme_cmd_abort(&sqe, 0xffff, 0xffff), { 0, "08" }, { 40, "ff ff ff ff" });
}

KTAP_MAIN("t_cmd",
	  KTAP_CASE(init),
	  KTAP_CASE(rw),
	  KTAP_CASE(deallocate),
	  KTAP_CASE(identify),
	  KTAP_CASE(get_log),
	  KTAP_CASE(set_features),
	  KTAP_CASE(get_features),
	  KTAP_CASE(queues),
	  KTAP_CASE(virtualization),
	  KTAP_CASE(abort_command))
