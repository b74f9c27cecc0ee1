// SPDX-License-Identifier: GPL-2.0
/*
 * A small host drives the whole controller within one process: what no driver uses yet is tried here, and so is the
 * examiner, by breaking its rules one after the other.
 */
#include <ktap.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include "device.h"

#define MEM_SIZE	(16u << 20)
#define MEM_BASE	0x40000000ull
#define ASQ		MEM_BASE
#define ACQ		(MEM_BASE + 0x1000)
#define SQ1		(MEM_BASE + 0x2000)
#define CQ1		(MEM_BASE + 0x3000)
#define BUF		(MEM_BASE + 0x100000)
#define DEPTH		32u

static struct device *dev;
static u8 *mem;
static struct { u32 tail, head; bool phase; u16 cid; } ring[2];
static u32 result;

static u8 *at(u64 addr)
{
	return mem + (addr - MEM_BASE);
}

static void reg_write(u32 offset, u64 value, u32 len)
{
	regs_write(dev, offset, &value, len);
}

static u32 reg_read(u32 offset)
{
	u32 value = 0;

	regs_read(dev, offset, &value, 4);
	return value;
}

/* Power-on with the lines of a scenario; the controller is not enabled yet. */
static void power_on(const char *lines)
{
	char *copy = copy_text(lines), wrong[256] = "";
	u16 command = 6, msix = 0x8000;
	struct scenario *old;

	if (!dev) {
		int fd = memfd_create("guest", 0);

		dev = zalloc(sizeof(*dev));
		dev->scenarios = zalloc(2 * sizeof(struct scenario *));
		dev->disk_bytes = 1 << 20;
		irq_init(dev);
		pci_init(&dev->pci, IRQ_MSIX);
		queue_init(dev);
		CHECK(!ftruncate(fd, MEM_SIZE));
		mem = mmap(NULL, MEM_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		CHECK(!dma_map(&dev->dma, MEM_BASE, MEM_SIZE, fd, 0, true));
		close(fd);
	}
	memset(mem, 0, MEM_SIZE);
	old = dev->scenarios[0];
	dev->scenarios[0] = scenario_parse("test.scn", copy, wrong, sizeof(wrong));
	STR_EQUAL(wrong, "");
	dev->scenarios[0]->shape.ns_size = 1 << 20;
	dev->nr_scenarios = 1;
	free(copy);
	device_select(dev, 0);
	if (old)
		scenario_free(old);
	pci_write(dev, 4, &command, 2);
	pci_write(dev, 0xb2, &msix, 2);
	memset(ring, 0, sizeof(ring));
	ring[0].phase = true;
	ring[1].phase = true;
}

static void enable(void)
{
	reg_write(REG_AQA, (DEPTH - 1) | (DEPTH - 1) << 16, 4);
	reg_write(REG_ASQ, ASQ, 8);
	reg_write(REG_ACQ, ACQ, 8);
	reg_write(REG_CC, CC_EN | 6 << 16 | 4 << 20, 4);
	EQUAL(reg_read(REG_CSTS), CSTS_RDY);
}

static void post(u32 q, struct nvme_sqe sqe)
{
	sqe.cid = ring[q].cid++;
	memcpy(at(q ? SQ1 : ASQ) + 64 * ring[q].tail, &sqe, 64);
	ring[q].tail = (ring[q].tail + 1) % DEPTH;
	reg_write(REG_DOORBELLS + 8 * q, ring[q].tail, 4);
}

/* The next completion's status without the Phase Tag; all-ones: there is none. */
static u32 reap(u32 q)
{
	struct nvme_cqe cqe;

	memcpy(&cqe, at(q ? CQ1 : ACQ) + 16 * ring[q].head, 16);
	if ((cqe.status & 1) != ring[q].phase)
		return ALL_ONES;
	ring[q].head = (ring[q].head + 1) % DEPTH;
	ring[q].phase ^= !ring[q].head;
	reg_write(REG_DOORBELLS + 8 * q + 4, ring[q].head, 4);
	result = cqe.dw0;
	return cqe.status >> 1 & ~(u32)SF_DNR;
}

static u32 run(u32 q, struct nvme_sqe sqe)
{
	post(q, sqe);
	return reap(q);
}

#define ADMIN(...)	run(0, (struct nvme_sqe){ __VA_ARGS__ })
#define IO(...)		run(1, (struct nvme_sqe){ __VA_ARGS__ })

static void create_queues(void)
{
	EQUAL(ADMIN(.opcode = ADM_CREATE_CQ, .prp1 = CQ1, .cdw = { 1 | (DEPTH - 1) << 16, 3 | 1 << 16 }), SC_OK);
	EQUAL(ADMIN(.opcode = ADM_CREATE_SQ, .prp1 = SQ1, .cdw = { 1 | (DEPTH - 1) << 16, 1 | 1 << 16 }), SC_OK);
}

static void start(const char *lines)
{
	power_on(lines);
	enable();
	create_queues();
}

/* The rule that was broken since the last look, and only that. */
static void expect_broken(enum rule_id rule)
{
	u32 i;

	for (i = 0; i < NR_RULES; i++)
		if (!!dev->exam.count[i] != (i == rule && rule))
			ktap_fail(__FILE__, __LINE__, examine_name(i), "%u times, where %s was to be broken",
				  dev->exam.count[i], examine_name(rule));
	examine_reset(dev);
}

#define BREAKS(rule, what)			\
	do {					\
		ktap_note = #rule;		\
		what;				\
		expect_broken(rule);		\
	} while (0)

static void read_and_write(void)
{
	u32 i;

	start("");
	for (i = 0; i < 8192; i++)
		at(BUF)[i] = (u8)(i * 7);
	EQUAL(IO(.opcode = NVM_WRITE, .nsid = 1, .prp1 = BUF, .prp2 = BUF + 4096, .cdw = { 8, 0, 15 }), SC_OK);
	EQUAL(IO(.opcode = NVM_READ, .nsid = 1, .prp1 = BUF + 0x8000, .prp2 = BUF + 0x9000,
		 .cdw = { 8, 0, 15 }), SC_OK);
	CHECK(!memcmp(at(BUF), at(BUF + 0x8000), 8192));
	EQUAL(IO(.opcode = NVM_COMPARE, .nsid = 1, .prp1 = BUF, .prp2 = BUF + 4096, .cdw = { 8, 0, 15 }), SC_OK);
	at(BUF)[100] ^= 1;
	EQUAL(IO(.opcode = NVM_COMPARE, .nsid = 1, .prp1 = BUF, .cdw = { 8, 0, 0 }), SC_COMPARE);
	EQUAL(IO(.opcode = NVM_ZEROES, .nsid = 1, .cdw = { 8, 0, 0 }), SC_OK);
	EQUAL(IO(.opcode = NVM_READ, .nsid = 1, .prp1 = BUF, .cdw = { 8, 0, 0 }), SC_OK);
	CHECK(!at(BUF)[100] && !at(BUF)[511]);
	EQUAL(IO(.opcode = NVM_UNCOR, .nsid = 1, .cdw = { 9, 0, 0 }), SC_OK);
	EQUAL(IO(.opcode = NVM_READ, .nsid = 1, .prp1 = BUF, .cdw = { 8, 0, 3 }), SC_UNRECOVERED);
	EQUAL(IO(.opcode = NVM_VERIFY, .nsid = 1, .cdw = { 9, 0, 0 }), SC_UNRECOVERED);
	EQUAL(IO(.opcode = NVM_WRITE, .nsid = 1, .prp1 = BUF, .cdw = { 9, 0, 0 }), SC_OK);
	EQUAL(IO(.opcode = NVM_VERIFY, .nsid = 1, .cdw = { 8, 0, 3 }), SC_OK);
	EQUAL(IO(.opcode = NVM_FLUSH, .nsid = NSID_ALL), SC_OK);
	EQUAL(IO(.opcode = NVM_READ, .nsid = 1, .prp1 = BUF, .cdw = { 2048, 0, 0 }), SC_LBA_RANGE);
	EQUAL(IO(.opcode = NVM_READ, .nsid = 2, .prp1 = BUF, .cdw = { 0 }), SC_NAMESPACE);
	expect_broken(RULE_NONE);
}

static void put_desc(u64 to, u64 addr, u32 len, u8 type)
{
	put_le(at(to), addr, 8);
	put_le(at(to) + 8, len | (u64)type << 56, 8);
}

/* Pieces that PRPs cannot say; what SGLS says counts, whatever it said before. */
static void scattered(void)
{
	u64 list = BUF + 0x20000;
	u32 i;

	start("set sgls 2\nwhen io sgl 1 -> delay 0\nwhen io sgl 3..4 -> delay 0\nwhen trigger 1 -> sgls 0");
	rnd_fill(at(BUF), 8192);
	EQUAL(IO(.opcode = NVM_WRITE, .nsid = 1, .flags = SQE_SGL, .prp1 = BUF, .prp2 = 8192,
		 .cdw = { 8, 0, 15 }), SC_OK);
	EQUAL(dev->rules_fired, 1);
	put_desc(list, BUF + 0x10004, 100, 0);
	put_desc(list + 16, list + 64, 48, 0x30);
	put_desc(list + 64, BUF + 0x11008, 4096, 0);
	put_desc(list + 80, BUF + 0x13000, 1000, 0);
	put_desc(list + 96, BUF + 0x14ff0, 2996, 0);
	EQUAL(IO(.opcode = NVM_READ, .nsid = 1, .flags = SQE_SGL, .prp1 = list, .prp2 = 32 | 2ull << 60,
		 .cdw = { 8, 0, 15 }), SC_OK);
	EQUAL(dev->rules_fired, 2);
	CHECK(!memcmp(at(BUF + 0x10004), at(BUF), 100));
	CHECK(!memcmp(at(BUF + 0x11008), at(BUF) + 100, 4096));
	CHECK(!memcmp(at(BUF + 0x13000), at(BUF) + 4196, 1000));
	CHECK(!memcmp(at(BUF + 0x14ff0), at(BUF) + 5196, 2996));
	EQUAL(IO(.opcode = NVM_COMPARE, .nsid = 1, .flags = SQE_SGL, .prp1 = list, .prp2 = 32 | 2ull << 60,
		 .cdw = { 8, 0, 15 }), SC_OK);
	expect_broken(RULE_NONE);
	BREAKS(RULE_SGL_LENGTH, IO(.opcode = NVM_READ, .nsid = 1, .flags = SQE_SGL, .prp1 = BUF, .prp2 = 1024));
	BREAKS(RULE_SGL_ALIGN, IO(.opcode = NVM_READ, .nsid = 1, .flags = SQE_SGL, .prp1 = BUF + 2, .prp2 = 512));
	BREAKS(RULE_SGL_TYPE, IO(.opcode = NVM_READ, .nsid = 1, .flags = SQE_SGL, .prp1 = BUF,
				 .prp2 = 512 | 1ull << 60));
	BREAKS(RULE_SGL_SEGMENT, IO(.opcode = NVM_READ, .nsid = 1, .flags = SQE_SGL, .prp1 = list,
				    .prp2 = 24 | 3ull << 60));
	BREAKS(RULE_SGL_LAST, IO(.opcode = NVM_READ, .nsid = 1, .flags = SQE_SGL, .prp1 = list,
				 .prp2 = 32 | 3ull << 60));
	BREAKS(RULE_SGL_PLACE, IO(.opcode = NVM_READ, .nsid = 1, .flags = SQE_SGL, .prp1 = list,
				  .prp2 = 48 | 3ull << 60));
	BREAKS(RULE_DMA, IO(.opcode = NVM_READ, .nsid = 1, .flags = SQE_SGL, .prp1 = 0x1000, .prp2 = 16 | 3ull << 60));
	/* Not even the bytes before the fault were written. */
	for (i = 0; i < 100; i++)
		CHECK(at(BUF + 0x10004)[i] == at(BUF)[i]);
	BREAKS(RULE_SGL_USE, ADMIN(.opcode = ADM_IDENTIFY, .flags = SQE_SGL, .prp1 = BUF, .prp2 = 4096,
				   .cdw = { CNS_CTRL }));
	BREAKS(RULE_SGL_USE, IO(.opcode = NVM_FLUSH, .nsid = 1, .flags = SQE_SGL));
	EQUAL(ADMIN(.opcode = ADM_IDENTIFY, .prp1 = BUF, .cdw = { CNS_CTRL }), SC_OK);
	EQUAL(get_le(at(BUF) + 536, 4), 2);
	rule_trigger(dev, 1);
	EQUAL(ADMIN(.opcode = ADM_IDENTIFY, .prp1 = BUF, .cdw = { CNS_CTRL }), SC_OK);
	EQUAL(get_le(at(BUF) + 536, 4), 0);
	BREAKS(RULE_SGL_USE, IO(.opcode = NVM_READ, .nsid = 1, .flags = SQE_SGL, .prp1 = BUF, .prp2 = 512));
}

static void ranges_and_copies(void)
{
	start("");
	memset(at(BUF), 0x5a, 4096);
	EQUAL(IO(.opcode = NVM_WRITE, .nsid = 1, .prp1 = BUF, .cdw = { 0, 0, 7 }), SC_OK);
	memset(at(BUF + 0x1000), 0, 4096);
	put_le(at(BUF + 0x1008), 2, 8);
	put_le(at(BUF + 0x1010), 1, 2);
	EQUAL(IO(.opcode = NVM_COPY, .nsid = 1, .prp1 = BUF + 0x1000, .cdw = { 100 }), SC_OK);
	EQUAL(IO(.opcode = NVM_READ, .nsid = 1, .prp1 = BUF + 0x2000, .cdw = { 100, 0, 2 }), SC_OK);
	EQUAL(at(BUF + 0x2000)[1023], 0x5a);
	EQUAL(at(BUF + 0x2000)[1024], 0);
	memset(at(BUF + 0x1000), 0, 4096);
	put_le(at(BUF + 0x1004), 1, 4);
	put_le(at(BUF + 0x1008), 101, 8);
	EQUAL(IO(.opcode = NVM_DSM, .nsid = 1, .prp1 = BUF + 0x1000, .cdw = { 0, 4 }), SC_OK);
	EQUAL(IO(.opcode = NVM_READ, .nsid = 1, .prp1 = BUF + 0x2000, .cdw = { 100, 0, 1 }), SC_OK);
	EQUAL(at(BUF + 0x2000)[511], 0x5a);
	EQUAL(at(BUF + 0x2000)[512], 0);
	put_le(at(BUF + 0x1008), 1 << 20, 8);
	EQUAL(IO(.opcode = NVM_DSM, .nsid = 1, .prp1 = BUF + 0x1000, .cdw = { 0, 4 }), SC_LBA_RANGE);
	expect_broken(RULE_NONE);
}

static void separate_and_extended(void)
{
	start("set metadata 8\nset pi 1");
	memset(at(BUF), 0x77, 1024);
	/* The controller makes the protection information, and shows it. */
	EQUAL(IO(.opcode = NVM_WRITE, .nsid = 1, .prp1 = BUF, .cdw = { 5, 0, 1 | BIT(29), 0, 5 }), SC_OK);
	EQUAL(IO(.opcode = NVM_READ, .nsid = 1, .prp1 = BUF + 0x1000, .mptr = BUF + 0x2000,
		 .cdw = { 5, 0, 1 | BIT(28) | BIT(26), 0, 5 }), SC_OK);
	CHECK(!memcmp(at(BUF), at(BUF + 0x1000), 1024));
	EQUAL(at(BUF + 0x2000)[7], 5);
	EQUAL(at(BUF + 0x2000)[15], 6);
	at(BUF + 0x2000)[0] ^= 1;
	EQUAL(IO(.opcode = NVM_WRITE, .nsid = 1, .prp1 = BUF, .mptr = BUF + 0x2000,
		 .cdw = { 5, 0, 1 | BIT(28), 0, 5 }), SC_GUARD);
	EQUAL(IO(.opcode = NVM_READ, .nsid = 1, .prp1 = BUF, .mptr = BUF + 0x3000,
		 .cdw = { 5, 0, 1 | BIT(26), 0, 9 }), SC_REFTAG);
	expect_broken(RULE_NONE);
	start("set metadata 16\nset extended yes");
	memset(at(BUF), 0x33, 528);
	EQUAL(IO(.opcode = NVM_WRITE, .nsid = 1, .prp1 = BUF, .cdw = { 0 }), SC_OK);
	EQUAL(IO(.opcode = NVM_READ, .nsid = 1, .prp1 = BUF + 0x1000, .cdw = { 0 }), SC_OK);
	CHECK(!memcmp(at(BUF), at(BUF + 0x1000), 528));
	expect_broken(RULE_NONE);
}

static void namespaces(void)
{
	start("");
	memset(at(BUF), 0, 4096);
	put_le(at(BUF), 256, 8);
	put_le(at(BUF + 8), 256, 8);
	EQUAL(ADMIN(.opcode = ADM_NS_MGMT, .prp1 = BUF), SC_OK);
	EQUAL(result, 2);
	memset(at(BUF), 0, 4096);
	put_le(at(BUF), 0x00010001, 4);
	EQUAL(ADMIN(.opcode = ADM_NS_ATTACH, .nsid = 2, .prp1 = BUF), SC_OK);
	EQUAL(ADMIN(.opcode = ADM_NS_ATTACH, .nsid = 2, .prp1 = BUF), SC_NS_ATTACHED);
	EQUAL(ADMIN(.opcode = ADM_IDENTIFY, .prp1 = BUF + 0x1000, .cdw = { CNS_ACTIVE }), SC_OK);
	EQUAL(get_le(at(BUF + 0x1004), 4), 2);
	EQUAL(ADMIN(.opcode = ADM_FORMAT, .nsid = 2, .cdw = { 2 }), SC_OK);
	EQUAL(ADMIN(.opcode = ADM_IDENTIFY, .nsid = 2, .prp1 = BUF, .cdw = { CNS_NS }), SC_OK);
	EQUAL(get_le(at(BUF), 8), 32);
	EQUAL(at(BUF)[26], 2);
	EQUAL(ADMIN(.opcode = ADM_NS_MGMT, .nsid = 2, .cdw = { 1 }), SC_OK);
	EQUAL(ADMIN(.opcode = ADM_GET_LOG, .prp1 = BUF, .cdw = { LOG_CHANGED_NS | 1023 << 16 }), SC_OK);
	EQUAL(get_le(at(BUF), 4), 2);
	EQUAL(ADMIN(.opcode = ADM_GET_LOG, .prp1 = BUF, .cdw = { LOG_CHANGED_NS | 1023 << 16 }), SC_OK);
	EQUAL(get_le(at(BUF), 4), 0);
	expect_broken(RULE_NONE);
}

static void features(void)
{
	start("set apsta 1\nset oncs 0x1ff");
	EQUAL(ADMIN(.opcode = ADM_GET_FEATURE, .cdw = { FEAT_VWC }), SC_OK);
	EQUAL(result, 1);
	EQUAL(ADMIN(.opcode = ADM_SET_FEATURE, .cdw = { FEAT_VWC }), SC_OK);
	EQUAL(ADMIN(.opcode = ADM_GET_FEATURE, .cdw = { FEAT_VWC }), SC_OK);
	EQUAL(result, 0);
	EQUAL(ADMIN(.opcode = ADM_SET_FEATURE, .cdw = { FEAT_POWER | BIT(31), 3 }), SC_OK);
	EQUAL(ADMIN(.opcode = ADM_SET_FEATURE, .cdw = { FEAT_POWER, 9 }), SC_FIELD);
	put_le(at(BUF), 1234567, 8);
	EQUAL(ADMIN(.opcode = ADM_SET_FEATURE, .prp1 = BUF, .cdw = { FEAT_TIMESTAMP }), SC_OK);
	EQUAL(ADMIN(.opcode = ADM_GET_FEATURE, .prp1 = BUF, .cdw = { FEAT_TIMESTAMP }), SC_OK);
	CHECK(get_le(at(BUF), 6) >= 1234567 && get_le(at(BUF), 6) < 1264567);
	put_le(at(BUF), 0, 8);
	put_le(at(BUF + 8), 3 << 3 | 100 << 8, 8);
	EQUAL(ADMIN(.opcode = ADM_SET_FEATURE, .prp1 = BUF, .cdw = { FEAT_APST, 1 }), SC_OK);
	EQUAL(ADMIN(.opcode = ADM_GET_FEATURE, .prp1 = BUF, .cdw = { FEAT_APST }), SC_OK);
	EQUAL(get_le(at(BUF + 8), 8), 3 << 3 | 100 << 8);
	EQUAL(ADMIN(.opcode = ADM_SET_FEATURE, .prp1 = BUF, .cdw = { FEAT_HOST_ID, 1 }), SC_OK);
	expect_broken(RULE_NONE);
	/* Saved values outlive a reset, others do not. */
	reg_write(REG_CC, 0, 4);
	memset(ring, 0, sizeof(ring));
	ring[0].phase = true;
	memset(at(ACQ), 0, 4096);
	enable();
	EQUAL(ADMIN(.opcode = ADM_GET_FEATURE, .cdw = { FEAT_POWER }), SC_OK);
	EQUAL(result, 3);
	EQUAL(ADMIN(.opcode = ADM_GET_FEATURE, .cdw = { FEAT_VWC }), SC_OK);
	EQUAL(result, 1);
	expect_broken(RULE_NONE);
}

/* Edges of vector 1 since the last look */
static u64 edges(int fd)
{
	u64 n = 0;

	return read(fd, &n, sizeof(n)) == sizeof(n) ? n : 0;
}

/* One interrupt for four completions, or after 5 ms; none is held back for a vector that is spared. */
static void coalescing(void)
{
	int fd = eventfd(0, EFD_NONBLOCK), i;

	start("");
	irq_set_fd(&dev->irq, IRQ_MSIX, 1, fd);
	EQUAL(IO(.opcode = NVM_FLUSH, .nsid = 1), SC_OK);
	EQUAL(edges(fd), 1);
	EQUAL(ADMIN(.opcode = ADM_SET_FEATURE, .cdw = { FEAT_COALESCING, 3 | 50 << 8 }), SC_OK);
	for (i = 0; i < 3; i++)
		EQUAL(IO(.opcode = NVM_FLUSH, .nsid = 1), SC_OK);
	EQUAL(edges(fd), 0);
	EQUAL(IO(.opcode = NVM_FLUSH, .nsid = 1), SC_OK);
	EQUAL(edges(fd), 1);
	EQUAL(IO(.opcode = NVM_FLUSH, .nsid = 1), SC_OK);
	usleep(6000);
	timer_run();
	EQUAL(edges(fd), 1);
	EQUAL(ADMIN(.opcode = ADM_SET_FEATURE, .cdw = { FEAT_VECTOR, 1 | BIT(16) }), SC_OK);
	EQUAL(ADMIN(.opcode = ADM_GET_FEATURE, .cdw = { FEAT_VECTOR, 1 }), SC_OK);
	EQUAL(result, 1 | BIT(16));
	EQUAL(IO(.opcode = NVM_FLUSH, .nsid = 1), SC_OK);
	EQUAL(edges(fd), 1);
	EQUAL(ADMIN(.opcode = ADM_SET_FEATURE, .cdw = { FEAT_VECTOR, 1 }), SC_OK);
	EQUAL(IO(.opcode = NVM_FLUSH, .nsid = 1), SC_OK);
	EQUAL(edges(fd), 0);
	/* A reset forgets what is held back, and that anything is to be. */
	reg_write(REG_CC, 0, 4);
	usleep(6000);
	timer_run();
	EQUAL(edges(fd), 0);
	EQUAL(dev->features.value[FEAT_COALESCING], 0);
	expect_broken(RULE_NONE);
	start("");
	BREAKS(RULE_QUEUE_VECTOR, ADMIN(.opcode = ADM_SET_FEATURE, .cdw = { FEAT_VECTOR, 2 | BIT(16) }));
	irq_set_fd(&dev->irq, IRQ_MSIX, 1, -1);
}

static void set_apst_entry(u32 state, u64 entry)
{
	memset(at(BUF), 0, 256);
	put_le(at(BUF + 8 * state), entry, 8);
}

/* State 0 leads to 3 after 100 ms, and 3 to 4 after another 200. */
static void autonomous_sleep(void)
{
	static const struct { u32 idle_ms, state; } t[] = {
		{ 90, 0 }, { 110, 3 }, { 290, 3 }, { 310, 4 }, { 9999, 4 },
	};
	u32 i;

	start("set apsta 1\nwhen io asleep 3 -> status 0/6");
	set_apst_entry(0, 3 << 3 | 100 << 8);
	put_le(at(BUF + 24), 4 << 3 | 200 << 8, 8);
	EQUAL(ADMIN(.opcode = ADM_SET_FEATURE, .prp1 = BUF, .cdw = { FEAT_APST, 1 }), SC_OK);
	for (i = 0; i < ARRAY_SIZE(t); i++) {
		dev->power.busy_ns = time_ns() - t[i].idle_ms * 1000000ull;
		EQUAL(power_asleep(dev), t[i].state);
		EQUAL(IO(.opcode = NVM_FLUSH, .nsid = 1), t[i].state ? 6 : SC_OK);
	}
	EQUAL(ADMIN(.opcode = ADM_SET_FEATURE, .prp1 = BUF, .cdw = { FEAT_APST, 0 }), SC_OK);
	dev->power.busy_ns = time_ns() - 9999000000ull;
	EQUAL(power_asleep(dev), 0);
	expect_broken(RULE_NONE);
	set_apst_entry(0, 2 << 3 | 100 << 8);
	BREAKS(RULE_APST, ADMIN(.opcode = ADM_SET_FEATURE, .prp1 = BUF, .cdw = { FEAT_APST, 1 }));
	set_apst_entry(0, 3 << 3);
	BREAKS(RULE_APST, ADMIN(.opcode = ADM_SET_FEATURE, .prp1 = BUF, .cdw = { FEAT_APST, 1 }));
	set_apst_entry(0, 3 << 3 | 100 << 8 | 1);
	BREAKS(RULE_APST, ADMIN(.opcode = ADM_SET_FEATURE, .prp1 = BUF, .cdw = { FEAT_APST, 1 }));
	set_apst_entry(5, 3 << 3 | 100 << 8);
	BREAKS(RULE_APST, ADMIN(.opcode = ADM_SET_FEATURE, .prp1 = BUF, .cdw = { FEAT_APST, 1 }));
}

/* A rule about the state that the host has set holds until it sets another. */
static void told_to_sleep(void)
{
	u32 i;

	start("when io told 3 -> status 0/6");
	for (i = 0; i <= 4; i++) {
		EQUAL(ADMIN(.opcode = ADM_SET_FEATURE, .cdw = { FEAT_POWER, i }), SC_OK);
		EQUAL(IO(.opcode = NVM_FLUSH, .nsid = 1), i >= 3 ? 6 : SC_OK);
	}
	EQUAL(ADMIN(.opcode = ADM_SET_FEATURE, .cdw = { FEAT_POWER, 0 }), SC_OK);
	EQUAL(IO(.opcode = NVM_FLUSH, .nsid = 1), SC_OK);
	expect_broken(RULE_NONE);
}

static void host_memory(void)
{
	u64 list = BUF + 0x10000, first = BUF + 0x20000, second = BUF + 0x40000;

	start("set hmpre 64\nset hmmin 4\nset hmmaxd 4\nset hmb-touch 8");
	put_le(at(list), first, 8);
	put_le(at(list + 8), 4, 4);
	put_le(at(list + 16), second, 8);
	put_le(at(list + 24), 2, 4);
	EQUAL(ADMIN(.opcode = ADM_SET_FEATURE,
		    .cdw = { FEAT_HMB, 1, 6, (u32)list, (u32)(list >> 32), 2 }), SC_OK);
	CHECK(get_le(at(first), 8) != 0);
	EQUAL(IO(.opcode = NVM_FLUSH, .nsid = 1), SC_OK);
	expect_broken(RULE_NONE);
	at(second + 4096)[17] ^= 1;
	BREAKS(RULE_HMB_TOUCHED, IO(.opcode = NVM_FLUSH, .nsid = 1));
	EQUAL(ADMIN(.opcode = ADM_SET_FEATURE, .cdw = { FEAT_HMB, 0 }), SC_OK);
	EQUAL(ADMIN(.opcode = ADM_GET_FEATURE, .prp1 = BUF, .cdw = { FEAT_HMB }), SC_OK);
	EQUAL(get_le(at(BUF), 4), 6);
	expect_broken(RULE_NONE);
	/* The same memory with the same contents; not so when somebody has written there; and other memory. */
	EQUAL(ADMIN(.opcode = ADM_SET_FEATURE, .cdw = { FEAT_HMB, 3, 6, (u32)list, (u32)(list >> 32), 2 }), SC_OK);
	EQUAL(ADMIN(.opcode = ADM_SET_FEATURE, .cdw = { FEAT_HMB, 0 }), SC_OK);
	expect_broken(RULE_NONE);
	at(second)[5] ^= 1;
	BREAKS(RULE_HMB_TOUCHED, ADMIN(.opcode = ADM_SET_FEATURE,
				       .cdw = { FEAT_HMB, 3, 6, (u32)list, (u32)(list >> 32), 2 }));
	EQUAL(ADMIN(.opcode = ADM_SET_FEATURE, .cdw = { FEAT_HMB, 0 }), SC_OK);
	put_le(at(list + 16), second + 0x10000, 8);
	BREAKS(RULE_HMB_RETURN, ADMIN(.opcode = ADM_SET_FEATURE,
				      .cdw = { FEAT_HMB, 3, 6, (u32)list, (u32)(list >> 32), 2 }));
	EQUAL(ADMIN(.opcode = ADM_SET_FEATURE, .cdw = { FEAT_HMB, 0 }), SC_OK);
	put_le(at(list + 16), second, 8);
	BREAKS(RULE_HMB_LAYOUT, ADMIN(.opcode = ADM_SET_FEATURE,
				      .cdw = { FEAT_HMB, 1, 3, (u32)list, (u32)(list >> 32), 2 }));
}

static void shadow_doorbells(void)
{
	u64 shadow = BUF + 0x10000, index = BUF + 0x11000;
	struct nvme_sqe flush = { .opcode = NVM_FLUSH, .nsid = 1, .cid = 77 };

	start("set oacs 0x100");
	EQUAL(ADMIN(.opcode = ADM_DBBUF, .prp1 = shadow, .prp2 = index), SC_OK);
	memcpy(at(SQ1), &flush, 64);
	flush.cid = 78;
	memcpy(at(SQ1 + 64), &flush, 64);
	/* The doorbell says one, the shadow two. */
	put_le(at(shadow + 8), 2, 4);
	reg_write(REG_DOORBELLS + 8, 1, 4);
	EQUAL(at(CQ1)[12], 77);
	EQUAL(at(CQ1 + 16)[12], 78);
	EQUAL(get_le(at(index + 8), 4), 2);
	expect_broken(RULE_NONE);
}

/* One that polls is told of nothing while it is awake; before it sleeps it asks, and finds what came meanwhile. */
static void polled_shadow_doorbells(void)
{
	u64 shadow = BUF + 0x10000, index = BUF + 0x11000;
	struct nvme_sqe flush = { .opcode = NVM_FLUSH, .nsid = 1, .cid = 77 };
	u32 i, size;

	start("set oacs 0x100\nset poll-us 100");
	size = dev->sq[1].size;
	EQUAL(ADMIN(.opcode = ADM_DBBUF, .prp1 = shadow, .prp2 = index), SC_OK);
	EQUAL(get_le(at(index + 8), 4), 0);
	memcpy(at(SQ1), &flush, 64);
	put_le(at(shadow + 8), 1, 4);
	reg_write(REG_DOORBELLS + 8, 1, 4);
	EQUAL(at(CQ1)[12], 77);
	/* Behind the tail, and behind the head: nobody passes them within less than a round. */
	EQUAL(get_le(at(index + 8), 4), 0);
	EQUAL(get_le(at(index + 12), 4), size - 1);
	flush.cid = 78;
	memcpy(at(SQ1 + 64), &flush, 64);
	put_le(at(shadow + 8), 2, 4);
	for (i = 0; i < 1000 && at(CQ1 + 16)[12] != 78; i++) {
		usleep(100);
		timer_run();
	}
	EQUAL(at(CQ1 + 16)[12], 78);
	EQUAL(get_le(at(index + 8), 4), 1);
	put_le(at(shadow + 12), 2, 4);
	for (i = 0; i < 1000 && get_le(at(index + 8), 4) != 2; i++) {
		usleep(1000);
		timer_run();
	}
	EQUAL(get_le(at(index + 8), 4), 2);
	EQUAL(get_le(at(index + 12), 4), 2);
	expect_broken(RULE_NONE);
}

static void reservations(void)
{
	struct ns *ns;

	start("set oncs 0x20");
	memset(at(BUF), 0, 16);
	put_le(at(BUF + 8), 0xabcd, 8);
	EQUAL(IO(.opcode = NVM_REGISTER, .nsid = 1, .prp1 = BUF, .cdw = { 0 }), SC_OK);
	memset(at(BUF), 0, 16);
	put_le(at(BUF), 0xabcd, 8);
	EQUAL(IO(.opcode = NVM_ACQUIRE, .nsid = 1, .prp1 = BUF, .cdw = { 1 << 8 }), SC_OK);
	EQUAL(IO(.opcode = NVM_REPORT, .nsid = 1, .prp1 = BUF + 0x1000, .cdw = { 1023 }), SC_OK);
	EQUAL(at(BUF + 0x1000)[4], 1);
	EQUAL(at(BUF + 0x1000)[5], 1);
	EQUAL(IO(.opcode = NVM_RELEASE, .nsid = 1, .prp1 = BUF, .cdw = { 1 << 8 }), SC_OK);
	ns = ns_get(dev, 1);
	resv_by_other(ns, 1);
	EQUAL(IO(.opcode = NVM_READ, .nsid = 1, .prp1 = BUF + 0x2000, .cdw = { 0 }), SC_OK);
	EQUAL(IO(.opcode = NVM_WRITE, .nsid = 1, .prp1 = BUF + 0x2000, .cdw = { 0 }), SC_RESERVED);
	put_le(at(BUF + 8), 0x6f74686572, 8);
	EQUAL(IO(.opcode = NVM_ACQUIRE, .nsid = 1, .prp1 = BUF, .cdw = { 1 | 2 << 8 }), SC_OK);
	EQUAL(IO(.opcode = NVM_WRITE, .nsid = 1, .prp1 = BUF + 0x2000, .cdw = { 0 }), SC_OK);
	expect_broken(RULE_NONE);
}

static void logs(void)
{
	static const u8 pages[] = { LOG_ERROR, LOG_SMART, LOG_FIRMWARE, LOG_CHANGED_NS, LOG_EFFECTS, LOG_HOST_TEL,
				    LOG_CTRL_TEL, LOG_ANA, LOG_FDP_CONFIGS, LOG_FDP_USAGE, LOG_FDP_STATS };
	u32 i;

	start("set ana 1\nset fdp yes");
	for (i = 0; i < ARRAY_SIZE(pages); i++)
		EQUAL(ADMIN(.opcode = ADM_GET_LOG, .prp1 = BUF, .cdw = { pages[i] | 1023 << 16 }), SC_OK);
	EQUAL(ADMIN(.opcode = ADM_GET_LOG, .prp1 = BUF, .cdw = { LOG_HOST_TEL | 127 << 16, 0, 512 }), SC_OK);
	EQUAL(at(BUF)[0], (u8)(512 / 512 + 512));
	EQUAL(ADMIN(.opcode = ADM_GET_LOG, .prp1 = BUF, .cdw = { LOG_SMART | 127 << 16, 0, 0x10000 }), SC_FIELD);
	EQUAL(ADMIN(.opcode = ADM_GET_LOG, .prp1 = BUF, .cdw = { LOG_ERROR | 15 << 16 }), SC_OK);
	EQUAL(get_le(at(BUF), 8), 1);
	expect_broken(RULE_NONE);
}

static void placement_and_access(void)
{
	start("set fdp yes\nset ana 1\nset oaes 0xb00");
	EQUAL(IO(.opcode = NVM_WRITE, .nsid = 1, .prp1 = BUF, .cdw = { 0, 0, 7 | 2 << 20, 2 << 16 }), SC_OK);
	EQUAL(IO(.opcode = NVM_WRITE, .nsid = 1, .prp1 = BUF, .cdw = { 0, 0, 2 << 20, 9 << 16 }), SC_FIELD);
	EQUAL(IO(.opcode = NVM_MGMT_RECV, .nsid = 1, .prp1 = BUF, .cdw = { 1, 63 }), SC_OK);
	EQUAL(at(BUF)[14], FDP_HANDLES);
	EQUAL(get_le(at(BUF + 16 + 64 + 8), 8), 2048 - 8);
	put_le(at(BUF), 2, 2);
	EQUAL(IO(.opcode = NVM_MGMT_SEND, .nsid = 1, .prp1 = BUF, .cdw = { 1 }), SC_OK);
	EQUAL(IO(.opcode = NVM_MGMT_RECV, .nsid = 1, .prp1 = BUF, .cdw = { 1, 63 }), SC_OK);
	EQUAL(get_le(at(BUF + 16 + 64 + 8), 8), 2048);
	EQUAL(ADMIN(.opcode = ADM_SET_FEATURE, .cdw = { FEAT_EVENTS, OAES_ANA }), SC_OK);
	EQUAL(ADMIN(.opcode = ADM_AER), ALL_ONES);
	log_change_ana(dev, 3);
	EQUAL(reap(0), SC_OK);
	EQUAL(result, 2 | 3 << 8 | LOG_ANA << 16);
	EQUAL(IO(.opcode = NVM_READ, .nsid = 1, .prp1 = BUF), SC_ANA_INACCESSIBLE);
	EQUAL(ADMIN(.opcode = ADM_GET_LOG, .prp1 = BUF, .cdw = { LOG_ANA | 12 << 16 }), SC_OK);
	EQUAL(at(BUF)[32], 3);
	expect_broken(RULE_NONE);
}

static void firmware(void)
{
	start("set fw-ms 0");
	memset(at(BUF), 0, 4096);
	memcpy(at(BUF), "2.0     ", 8);
	EQUAL(ADMIN(.opcode = ADM_FW_DOWNLOAD, .prp1 = BUF, .cdw = { 1023 }), SC_OK);
	EQUAL(ADMIN(.opcode = ADM_FW_COMMIT, .cdw = { 2 | 1 << 3 }), SC_FW_NEEDS_RESET);
	EQUAL(ADMIN(.opcode = ADM_FW_COMMIT, .cdw = { 7 }), SC_FW_SLOT);
	reg_write(REG_CC, 0, 4);
	memset(ring, 0, sizeof(ring));
	ring[0].phase = true;
	memset(at(ACQ), 0, 4096);
	enable();
	EQUAL(ADMIN(.opcode = ADM_IDENTIFY, .prp1 = BUF, .cdw = { CNS_CTRL }), SC_OK);
	CHECK(!memcmp(at(BUF + 64), "2.0 ", 4));
	expect_broken(RULE_NONE);
}

static void events(void)
{
	start("");
	EQUAL(ADMIN(.opcode = ADM_SET_FEATURE, .cdw = { FEAT_EVENTS, OAES_NS }), SC_OK);
	EQUAL(ADMIN(.opcode = ADM_AER), ALL_ONES);
	ns_changed(dev, 1);
	EQUAL(reap(0), SC_OK);
	EQUAL(result, 2 | LOG_CHANGED_NS << 16);
	/* Silent until the log page is read */
	EQUAL(ADMIN(.opcode = ADM_AER), ALL_ONES);
	ns_changed(dev, 1);
	EQUAL(reap(0), ALL_ONES);
	post(0, (struct nvme_sqe){ .opcode = ADM_GET_LOG, .prp1 = BUF, .cdw = { LOG_CHANGED_NS | 1023 << 16 } });
	EQUAL(reap(0), SC_OK);
	EQUAL(reap(0), SC_OK);
	expect_broken(RULE_NONE);
}

static void faults(void)
{
	start("when io opcode flush nth 1 -> status 2/0x81 dnr\nwhen io opcode flush nth 2 -> duplicate\n"
	      "when io opcode flush nth 3 -> drop\nwhen io opcode flush nth 4 -> result 0x123\n"
	      "when io opcode read -> bytes 3 1 2 3\nwhen trigger 5 -> cfs");
	EQUAL(IO(.opcode = NVM_FLUSH, .nsid = 1), 0x281);
	EQUAL(IO(.opcode = NVM_FLUSH, .nsid = 1), SC_OK);
	EQUAL(reap(1), SC_OK);
	EQUAL(IO(.opcode = NVM_FLUSH, .nsid = 1), ALL_ONES);
	EQUAL(ADMIN(.opcode = ADM_ABORT, .cdw = { 1 | (ring[1].cid - 1u) << 16 }), SC_OK);
	EQUAL(result, 0);
	EQUAL(reap(1), SC_ABORTED);
	EQUAL(ADMIN(.opcode = ADM_ABORT, .cdw = { 1 | 999u << 16 }), SC_OK);
	EQUAL(result, 1);
	EQUAL(IO(.opcode = NVM_FLUSH, .nsid = 1), SC_OK);
	EQUAL(result, 0x123);
	EQUAL(IO(.opcode = NVM_READ, .nsid = 1, .prp1 = BUF, .cdw = { 0 }), SC_OK);
	EQUAL(get_le(at(BUF), 8), 0x0000030201000000);
	rule_trigger(dev, 5);
	CHECK(reg_read(REG_CSTS) & CSTS_CFS);
	EQUAL(dev->rules_fired, 6);
	expect_broken(RULE_NONE);
}

static void back_door(void)
{
	u32 value = 0;

	start("when trigger 1 -> vanish forever");
	pci_read(dev, BACKDOOR_COMMANDS, &value, 4);
	EQUAL(value, 2);
	value = 1;
	pci_write(dev, BACKDOOR_TRIGGER, &value, 4);
	pci_read(dev, 0, &value, 4);
	EQUAL(value, ALL_ONES);
	EQUAL(reg_read(REG_CSTS), ALL_ONES);
	pci_read(dev, BACKDOOR_TRIGGER, &value, 4);
	EQUAL(value, 1);
	value = 0;
	pci_write(dev, BACKDOOR_SCENARIO, &value, 4);
	pci_read(dev, 0, &value, 4);
	EQUAL(value, 0x01101b36);
	EQUAL(reg_read(REG_CSTS), 0);
}

static void broken_registers(void)
{
	power_on("set nssrs no");
	BREAKS(RULE_REG_SIZE, reg_write(REG_CC, 0, 2));
	BREAKS(RULE_REG_ALIGN, reg_write(REG_CC + 2, 0, 4));
	BREAKS(RULE_REG_READ_ONLY, reg_write(REG_VS, 0, 4));
	BREAKS(RULE_REG_READ_ONLY, reg_write(REG_CSTS, 1, 4));
	BREAKS(RULE_NSSR, reg_write(REG_NSSR, NSSR_VALUE, 4));
	BREAKS(RULE_DB_DISABLED, reg_write(REG_DOORBELLS, 1, 4));
	BREAKS(RULE_DB_READ, reg_read(REG_DOORBELLS));
	BREAKS(RULE_CC_RESERVED, reg_write(REG_CC, 2, 4));
	BREAKS(RULE_ADMIN_QUEUE_SIZE, (reg_write(REG_AQA, 31, 4), reg_write(REG_ASQ, ASQ, 8),
				       reg_write(REG_ACQ, ACQ, 8), reg_write(REG_CC, 1, 4)));
	reg_write(REG_CC, 0, 4);
	BREAKS(RULE_ADMIN_QUEUE_BASE, (reg_write(REG_AQA, 31 | 31 << 16, 4), reg_write(REG_ASQ, ASQ + 64, 8),
				       reg_write(REG_CC, 1, 4)));
	reg_write(REG_CC, 0, 4);
	reg_write(REG_ASQ, ASQ, 8);
	BREAKS(RULE_CC_CSS, reg_write(REG_CC, 1 | 6 << 4, 4));
	reg_write(REG_CC, 0, 4);
	reg_write(REG_ACQ, ASQ + 0x20000, 8);
	BREAKS(RULE_CC_MPS, reg_write(REG_CC, 1 | 5 << 7, 4));
	reg_write(REG_CC, 0, 4);
	enable();
	BREAKS(RULE_ADMIN_QUEUE_CHANGED, reg_write(REG_AQA, 31 | 31 << 16, 4));
	BREAKS(RULE_CC_CHANGED, reg_write(REG_CC, CC_EN | 1 << 7 | 6 << 16 | 4 << 20, 4));
	reg_write(REG_CC, CC_EN | 1 << 14 | 1 << 7 | 6 << 16 | 4 << 20, 4);
	BREAKS(RULE_AFTER_SHN, reg_write(REG_DOORBELLS, 1, 4));
	BREAKS(RULE_CC_AFTER_SHN, reg_write(REG_CC, CC_EN | 1 << 7 | 6 << 16 | 4 << 20, 4));
	power_on("set unready-ms 10000\nset ready-ms 10000");
	reg_write(REG_AQA, 31 | 31 << 16, 4);
	reg_write(REG_ASQ, ASQ, 8);
	reg_write(REG_ACQ, ACQ, 8);
	reg_write(REG_CC, CC_EN, 4);
	BREAKS(RULE_CC_DISABLE_EARLY, reg_write(REG_CC, 0, 4));
}

static void broken_doorbells(void)
{
	start("");
	BREAKS(RULE_DB_UNKNOWN, reg_write(REG_DOORBELLS + 16, 1, 4));
	BREAKS(RULE_DB_RANGE, reg_write(REG_DOORBELLS + 8, DEPTH, 4));
	BREAKS(RULE_DB_SAME, reg_write(REG_DOORBELLS + 8, 0, 4));
	BREAKS(RULE_DB_CQ_EMPTY, reg_write(REG_DOORBELLS + 12, 1, 4));
	IO(.opcode = NVM_FLUSH, .nsid = 1);
	/* One back is all but one forward, where all but one are free but for the one of which the host has heard. */
	IO(.opcode = NVM_FLUSH, .nsid = 1);
	dev->sq[1].told = 1;
	BREAKS(RULE_DB_FULL, (memset(at(SQ1), 0, 4096), dev->sq[1].head = 1, reg_write(REG_DOORBELLS + 8, 1, 4)));
	power_on("");
	enable();
	{
		u16 off = 2;

		pci_write(dev, 4, &off, 2);
	}
	BREAKS(RULE_BUS_MASTER, reg_write(REG_DOORBELLS, 1, 4));
}

static void broken_queues(void)
{
	power_on("");
	enable();
	BREAKS(RULE_QUEUE_ID, ADMIN(.opcode = ADM_CREATE_CQ, .prp1 = CQ1, .cdw = { 31 << 16, 3 }));
	BREAKS(RULE_QUEUE_ID, ADMIN(.opcode = ADM_CREATE_CQ, .prp1 = CQ1, .cdw = { 99 | 31 << 16, 3 }));
	BREAKS(RULE_QUEUE_SIZE, ADMIN(.opcode = ADM_CREATE_CQ, .prp1 = CQ1, .cdw = { 1, 3 }));
	BREAKS(RULE_QUEUE_SIZE, ADMIN(.opcode = ADM_CREATE_CQ, .prp1 = CQ1, .cdw = { 1 | 1024 << 16, 3 }));
	BREAKS(RULE_QUEUE_PC, ADMIN(.opcode = ADM_CREATE_CQ, .prp1 = CQ1, .cdw = { 1 | 31 << 16, 2 }));
	BREAKS(RULE_QUEUE_BASE, ADMIN(.opcode = ADM_CREATE_CQ, .prp1 = CQ1 + 64, .cdw = { 1 | 31 << 16, 3 }));
	BREAKS(RULE_QUEUE_VECTOR, ADMIN(.opcode = ADM_CREATE_CQ, .prp1 = CQ1, .cdw = { 1 | 31 << 16, 3 | 40 << 16 }));
	BREAKS(RULE_SQ_WITHOUT_CQ, ADMIN(.opcode = ADM_CREATE_SQ, .prp1 = SQ1, .cdw = { 1 | 31 << 16, 1 | 1 << 16 }));
	BREAKS(RULE_DELETE_UNKNOWN, ADMIN(.opcode = ADM_DELETE_SQ, .cdw = { 1 }));
	create_queues();
	BREAKS(RULE_DELETE_ORDER, ADMIN(.opcode = ADM_DELETE_CQ, .cdw = { 1 }));
	BREAKS(RULE_QUEUES_LATE, ADMIN(.opcode = ADM_SET_FEATURE, .cdw = { FEAT_QUEUES, 1 | 1 << 16 }));
	BREAKS(RULE_QUEUES_VALUE, ADMIN(.opcode = ADM_SET_FEATURE, .cdw = { FEAT_QUEUES, ALL_ONES }));
	EQUAL(ADMIN(.opcode = ADM_DELETE_SQ, .cdw = { 1 }), SC_OK);
	EQUAL(ADMIN(.opcode = ADM_DELETE_CQ, .cdw = { 1 }), SC_OK);
	expect_broken(RULE_NONE);
}

static void broken_commands(void)
{
	start("set aerl 0\nset acl 0\nset mdts 1\nset dmrl 1\nset wzsl 1\nwhen io opcode flush -> drop\n"
	      "when admin opcode abort -> drop");
	BREAKS(RULE_SQE_FLAGS, IO(.opcode = NVM_READ, .nsid = 1, .flags = 0x80, .prp1 = BUF));
	BREAKS(RULE_SGL_USE, IO(.opcode = NVM_READ, .nsid = 1, .flags = SQE_SGL, .prp1 = BUF, .prp2 = 512));
	BREAKS(RULE_SQE_RESERVED, IO(.opcode = NVM_READ, .nsid = 1, .cdw2 = 1, .prp1 = BUF));
	BREAKS(RULE_SQE_RESERVED, ADMIN(.opcode = ADM_FORMAT, .nsid = 1, .prp1 = BUF));
	BREAKS(RULE_OPCODE, IO(.opcode = 0x90, .nsid = 1));
	BREAKS(RULE_OPCODE, IO(.opcode = NVM_REPORT, .nsid = 1));
	BREAKS(RULE_NSID_RANGE, ADMIN(.opcode = ADM_IDENTIFY, .nsid = 0x10000, .prp1 = BUF, .cdw = { CNS_NS }));
	BREAKS(RULE_NSID_UNUSED, ADMIN(.opcode = ADM_IDENTIFY, .nsid = 1, .prp1 = BUF, .cdw = { CNS_CTRL }));
	BREAKS(RULE_CNS, ADMIN(.opcode = ADM_IDENTIFY, .prp1 = BUF, .cdw = { 0x1c }));
	BREAKS(RULE_LOG_PAGE, ADMIN(.opcode = ADM_GET_LOG, .prp1 = BUF, .cdw = { 0x70 | 3 << 16 }));
	BREAKS(RULE_FEATURE, ADMIN(.opcode = ADM_GET_FEATURE, .cdw = { FEAT_HMB }));
	BREAKS(RULE_FW_GRANULARITY, ADMIN(.opcode = ADM_FW_DOWNLOAD, .prp1 = BUF, .cdw = { 3 }));
	EQUAL(ADMIN(.opcode = ADM_AER), ALL_ONES);
	BREAKS(RULE_AER_LIMIT, ADMIN(.opcode = ADM_AER));
}

static void broken_io(void)
{
	start("set mdts 1\nset dmrl 1\nset wzsl 1");
	BREAKS(RULE_NSID_RANGE, IO(.opcode = NVM_READ, .nsid = 0, .prp1 = BUF));
	BREAKS(RULE_NSID_ALL, IO(.opcode = NVM_READ, .nsid = NSID_ALL, .prp1 = BUF));
	BREAKS(RULE_MDTS, IO(.opcode = NVM_READ, .nsid = 1, .prp1 = BUF, .cdw = { 0, 0, 31 }));
	BREAKS(RULE_WZSL, IO(.opcode = NVM_ZEROES, .nsid = 1, .cdw = { 0, 0, 31 }));
	BREAKS(RULE_DSM_LIMIT, IO(.opcode = NVM_DSM, .nsid = 1, .prp1 = BUF, .cdw = { 1, 4 }));
	BREAKS(RULE_PRP1_ALIGN, IO(.opcode = NVM_READ, .nsid = 1, .prp1 = BUF + 1));
	BREAKS(RULE_PRP2_UNUSED, IO(.opcode = NVM_READ, .nsid = 1, .prp1 = BUF, .prp2 = BUF));
	BREAKS(RULE_PRP2_OFFSET, IO(.opcode = NVM_READ, .nsid = 1, .prp1 = BUF, .prp2 = BUF + 0x1004,
				    .cdw = { 0, 0, 15 }));
	BREAKS(RULE_MPTR_ALIGN, IO(.opcode = NVM_READ, .nsid = 1, .prp1 = BUF, .mptr = BUF));
	BREAKS(RULE_DMA, IO(.opcode = NVM_READ, .nsid = 1, .prp1 = 0x1000));
	BREAKS(RULE_CID_FFFF, (ring[1].cid = 0xffff, IO(.opcode = NVM_FLUSH, .nsid = 1)));
}

static void broken_ownership(void)
{
	start("when io opcode read -> drop\nwhen admin opcode abort -> drop\nset acl 0");
	post(1, (struct nvme_sqe){ .opcode = NVM_READ, .nsid = 1, .prp1 = BUF, .cdw = { 0, 0, 7 } });
	ring[1].cid--;
	BREAKS(RULE_CID_IN_USE, IO(.opcode = NVM_FLUSH, .nsid = 1));
	post(0, (struct nvme_sqe){ .opcode = ADM_ABORT, .cdw = { 1 } });
	expect_broken(RULE_NONE);
	at(BUF)[1000] ^= 0x10;
	BREAKS(RULE_BUFFER_REUSED, reg_write(REG_CC, 0, 4));
}

static void nothing_is_announced_in_vain(void)
{
	u32 opcode;

	/* Every opcode, with nothing in the entry: an answer each time, and no crash. */
	start("set oncs 0x1ff\nset oacs 0x10e\nset ana 2\nset fdp yes\nset apsta 1\nset hmpre 16");
	for (opcode = 0; opcode < 256; opcode++)
		if (opcode != NVM_FLUSH || opcode)
			CHECK(IO(.opcode = (u8)opcode, .nsid = 1, .prp1 = BUF) != ALL_ONES);
	for (opcode = 0; opcode < 256; opcode++)
		if (opcode != ADM_AER)
			CHECK(ADMIN(.opcode = (u8)opcode, .prp1 = BUF) != ALL_ONES);
}

static void random_commands(void)
{
	unsigned long n;

	start("set oncs 0x1ff\nset oacs 0x10e\nset ana 1\nset fdp yes\nset apsta 1\nset hmpre 16\nset namespaces 3");
	for (n = 0; n < rounds(20000); n++) {
		struct nvme_sqe sqe;
		u32 q = rnd_below(2), i;

		rnd_fill(&sqe, sizeof(sqe));
		sqe.opcode &= q ? 0x1f : 0x9f;
		sqe.flags = 0;
		sqe.nsid = rnd_below(5);
		sqe.prp1 = BUF + rnd_below(64) * 1024;
		sqe.prp2 = rnd_below(2) ? 0 : BUF + rnd_below(64) * 4096;
		for (i = 0; i < 6; i++)
			sqe.cdw[i] &= rnd_below(2) ? 0x1ff : ALL_ONES;
		/* The queues that we use stay, and an event request would wait. */
		if (!q && (sqe.opcode <= ADM_CREATE_SQ || sqe.opcode == ADM_DELETE_CQ || sqe.opcode == ADM_CREATE_CQ ||
			   sqe.opcode == ADM_AER || sqe.opcode == ADM_FW_COMMIT))
			continue;
		CHECK(run(q, sqe) != ALL_ONES);
		if (!regs_running(dev))
			break;
	}
	CHECK(regs_running(dev));
}

KTAP_MAIN("t_host",
	  KTAP_CASE(read_and_write), KTAP_CASE(scattered), KTAP_CASE(ranges_and_copies),
	  KTAP_CASE(separate_and_extended),
	  KTAP_CASE(namespaces), KTAP_CASE(features), KTAP_CASE(coalescing), KTAP_CASE(autonomous_sleep),
	  KTAP_CASE(told_to_sleep), KTAP_CASE(host_memory),
	  KTAP_CASE(shadow_doorbells), KTAP_CASE(polled_shadow_doorbells), KTAP_CASE(reservations), KTAP_CASE(logs),
	  KTAP_CASE(firmware), KTAP_CASE(placement_and_access), KTAP_CASE(events), KTAP_CASE(faults),
	  KTAP_CASE(back_door), KTAP_CASE(broken_registers), KTAP_CASE(broken_doorbells),
	  KTAP_CASE(broken_queues), KTAP_CASE(broken_commands), KTAP_CASE(broken_io),
	  KTAP_CASE(broken_ownership), KTAP_CASE(nothing_is_announced_in_vain), KTAP_CASE(random_commands))
