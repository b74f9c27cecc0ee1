// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "device.h"

static const struct {
	const char	*name;
	u32		offset;
	u32		size;
	bool		writable;
} regs_table[] = {
	{ "CAP",	REG_CAP,	8, false },
	{ "VS",		REG_VS,		4, false },
	{ "INTMS",	REG_INTMS,	4, true },
	{ "INTMC",	REG_INTMC,	4, true },
	{ "CC",		REG_CC,		4, true },
	{ "CSTS",	REG_CSTS,	4, true },
	{ "NSSR",	REG_NSSR,	4, true },
	{ "AQA",	REG_AQA,	4, true },
	{ "ASQ",	REG_ASQ,	8, true },
	{ "ACQ",	REG_ACQ,	8, true },
	{ "CMBLOC",	REG_CMBLOC,	4, false },
	{ "CMBSZ",	REG_CMBSZ,	4, false },
	{ "BPINFO",	REG_BPINFO,	4, false },
	{ "CRTO",	REG_CRTO,	4, false },
};

u32 regs_by_name(const char *name)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(regs_table); i++)
		if (!strcmp(regs_table[i].name, name))
			return regs_table[i].offset;
	return ALL_ONES;
}

u64 regs_cap(const struct device *dev)
{
	const struct shape *shape = dev->shape;

	return FIELD_PREP(CAP_MQES, shape->mqes) | FIELD_PREP(CAP_CQR, shape->cqr) | FIELD_PREP(CAP_AMS, shape->ams) |
	       FIELD_PREP(CAP_TO, shape->to) |
	       FIELD_PREP(CAP_DSTRD, shape->dstrd) | FIELD_PREP(CAP_NSSRS, shape->nssrs) |
	       FIELD_PREP(CAP_CSS, shape->css) | FIELD_PREP(CAP_MPSMIN, shape->mpsmin) |
	       FIELD_PREP(CAP_MPSMAX, shape->mpsmax) | FIELD_PREP(CAP_CRMS, shape->crms);
}

bool regs_running(const struct device *dev)
{
	const struct regs *regs = &dev->regs;

	return !regs->silent && regs->csts & CSTS_RDY && !(regs->csts & (CSTS_CFS | CSTS_PP)) &&
	       !FIELD_GET(CSTS_SHST, regs->csts) && pci_bus_master(&dev->pci) && !pci_asleep(&dev->pci);
}

u32 regs_page_size(const struct device *dev)
{
	return 4096u << FIELD_GET(CC_MPS, dev->regs.cc);
}

/* ---- transitions ---- */

static void regs_ready(void *arg)
{
	struct device *dev = arg;

	if (!(dev->regs.cc & CC_EN)) {
		dev->regs.csts &= (u32)~CSTS_RDY;
		return;
	}
	dev->regs.csts |= CSTS_RDY;
	rule_state(dev, "ready");
	queue_run(dev);
}

static void regs_shut_down(void *arg)
{
	struct device *dev = arg;

	dev->regs.csts = (u32)(dev->regs.csts & ~CSTS_SHST) | (u32)FIELD_PREP(CSTS_SHST, CSTS_SHST_DONE);
	rule_state(dev, "shutdown");
}

static void regs_back(void *arg)
{
	struct device *dev = arg;

	dev->regs.silent = false;
	dev->regs.vanished = false;
	dev->regs.fallen = false;
	queue_run(dev);
}

static void regs_resume(void *arg)
{
	struct device *dev = arg;

	dev->regs.csts &= (u32)~CSTS_PP;
	queue_run(dev);
}

static void regs_after(struct timer *timer, u64 ms)
{
	if (ms)
		timer_set_us(timer, ms * 1000);
	else
		timer->fire(timer->arg);
}

/* Base, "Controller Level Reset": queues are forgotten, and what was in flight with them. */
static void regs_controller_reset(struct device *dev)
{
	queue_reset_all(dev);
	feature_reset(dev);
	event_reset(dev);
	admin_reset(dev);
	timer_cancel(&dev->regs.ready);
	timer_cancel(&dev->regs.shutdown);
	timer_cancel(&dev->regs.pause);
	dev->regs.csts &= (u32)~(CSTS_CFS | CSTS_SHST | CSTS_PP);
	dev->regs.intm = 0;
}

static void regs_enable(struct device *dev)
{
	struct regs *regs = &dev->regs;

	if (regs->csts & CSTS_RDY)
		examine(dev, RULE_CC_ENABLE_EARLY, "CC.EN set while CSTS.RDY is 1");
	examine_enable(dev);
	regs->enabled_ns = time_ns();
	queue_create_admin(dev);
	rule_state(dev, "enable");
	if (!regs->never_ready && !regs->wants)
		regs_after(&regs->ready, dev->shape->ready_ms);
}

static void regs_disable(struct device *dev)
{
	u64 waited_ms = (time_ns() - dev->regs.enabled_ns) / 1000000;
	bool rdy = dev->regs.csts & CSTS_RDY;

	/* It is clear for a host that gave up; not for one that was impatient. */
	if (!rdy && !(dev->regs.csts & CSTS_CFS) && waited_ms < dev->shape->to * 500)
		examine(dev, RULE_CC_DISABLE_EARLY, "CC.EN cleared while CSTS.RDY is 0, %llu ms after it was set",
			waited_ms);
	examine_disable(dev);
	regs_controller_reset(dev);
	rule_state(dev, "disable");
	if (rdy)
		regs_after(&dev->regs.ready, dev->shape->unready_ms);
}

static void regs_write_cc(struct device *dev, u32 value)
{
	u32 old = dev->regs.cc;

	examine_cc(dev, old, value);
	dev->regs.cc = value;
	if (value & ~old & CC_EN)
		regs_enable(dev);
	else if (~value & old & CC_EN)
		regs_disable(dev);
	if (FIELD_GET(CC_SHN, value) && FIELD_GET(CC_SHN, value) != FIELD_GET(CC_SHN, old)) {
		dev->regs.csts = (u32)(dev->regs.csts & ~CSTS_SHST) | (u32)FIELD_PREP(CSTS_SHST, CSTS_SHST_BUSY);
		regs_after(&dev->regs.shutdown, dev->shape->shutdown_ms);
	}
}

static void regs_write_nssr(struct device *dev, u32 value)
{
	if (!dev->shape->nssrs)
		examine(dev, RULE_NSSR, "NSSR written, which CAP.NSSRS does not announce");
	if (value != NSSR_VALUE || !dev->shape->nssrs)
		return;
	say("RESET NVM subsystem");
	regs_function_reset(dev, RESET_SUBSYSTEM);
	dev->regs.csts |= CSTS_NSSRO;
}

void regs_function_reset(struct device *dev, enum reset how)
{
	if (how == RESET_BUS && dev->regs.fallen)
		regs_back(dev);
	regs_controller_reset(dev);
	dev->regs.cc = 0;
	dev->regs.csts = 0;
	dev->regs.aqa = 0;
	dev->regs.asq = 0;
	dev->regs.acq = 0;
	if (how >= dev->regs.wants)
		dev->regs.wants = RESET_NONE;
	rule_state(dev, "reset");
}

void regs_power_on(struct device *dev)
{
	struct regs *regs = &dev->regs;

	timer_cancel(&regs->ready);
	timer_cancel(&regs->shutdown);
	timer_cancel(&regs->back);
	timer_cancel(&regs->pause);
	memset(regs, 0, sizeof(*regs));
	timer_init(&regs->ready, regs_ready, dev);
	timer_init(&regs->shutdown, regs_shut_down, dev);
	timer_init(&regs->back, regs_back, dev);
	timer_init(&regs->pause, regs_resume, dev);
}

void regs_fail(struct device *dev)
{
	dev->regs.csts |= CSTS_CFS;
}

void regs_silence(struct device *dev, u64 ms, bool vanish)
{
	dev->regs.silent = true;
	dev->regs.vanished |= vanish;
	if (ms)
		timer_set_us(&dev->regs.back, ms * 1000);
	else
		timer_cancel(&dev->regs.back);
}

void regs_fall_off(struct device *dev)
{
	regs_silence(dev, 0, true);
	dev->regs.fallen = true;
}

/* Base, "Processing Paused": while firmware is activated. */
void regs_pause(struct device *dev, u64 ms)
{
	dev->regs.csts |= CSTS_PP;
	timer_set_us(&dev->regs.pause, ms * 1000);
}

/* ---- access ---- */

static u32 regs_read_dword(const struct device *dev, u32 offset)
{
	const struct regs *regs = &dev->regs;

	const struct {
		u32	offset;
		u32	value;
	} table[] = {
		{ REG_CAP,	(u32)regs_cap(dev) },
		{ REG_CAP + 4,	(u32)(regs_cap(dev) >> 32) },
		{ REG_VS,	(u32)dev->shape->vs },
		{ REG_INTMS,	regs->intm },
		{ REG_INTMC,	regs->intm },
		{ REG_CC,	regs->cc },
		{ REG_CSTS,	regs->csts },
		{ REG_AQA,	regs->aqa },
		{ REG_ASQ,	(u32)regs->asq },
		{ REG_ASQ + 4,	(u32)(regs->asq >> 32) },
		{ REG_ACQ,	(u32)regs->acq },
		{ REG_ACQ + 4,	(u32)(regs->acq >> 32) },
		{ REG_CRTO,	dev->shape->crms ? (u32)dev->shape->crto : 0 },
	};
	u32 i;

	for (i = 0; i < ARRAY_SIZE(table); i++)
		if (table[i].offset == offset)
			return table[i].value;
	return 0;
}

void regs_read(struct device *dev, u32 offset, void *to, u32 len)
{
	u32 value, i;
	u8 *bytes = to;

	if (dev->regs.silent || pci_asleep(&dev->pci)) {
		memset(to, 0xff, len);
		return;
	}
	examine_access(dev, offset, len, false);
	for (i = 0; i < len; i += 4) {
		value = regs_read_dword(dev, (offset + i) & ~3u);
		put_le(bytes + i, value >> 8 * (offset & 3), min_of(len - i, 4u));
	}
	shape_apply(dev->shape, PATCH_REG, 0, to, offset, len);
	rule_register(dev, false, offset, to, len);
}

static void regs_write_admin(struct device *dev, u32 offset, u32 value)
{
	struct regs *regs = &dev->regs;

	examine_admin_queue(dev, offset);
	switch (offset) {
	case REG_AQA:
		regs->aqa = value;
		break;
	case REG_ASQ:
		regs->asq = (regs->asq & ~0xffffffffull) | value;
		break;
	case REG_ASQ + 4:
		regs->asq = (regs->asq & 0xffffffffull) | (u64)value << 32;
		break;
	case REG_ACQ:
		regs->acq = (regs->acq & ~0xffffffffull) | value;
		break;
	default:
		regs->acq = (regs->acq & 0xffffffffull) | (u64)value << 32;
		break;
	}
}

static void regs_write_dword(struct device *dev, u32 offset, u32 value)
{
	struct regs *regs = &dev->regs;

	switch (offset) {
	case REG_INTMS:
		examine_intm(dev);
		regs->intm |= value;
		break;
	case REG_INTMC:
		examine_intm(dev);
		regs->intm &= ~value;
		irq_level(dev);
		break;
	case REG_CC:
		regs_write_cc(dev, value);
		break;
	case REG_CSTS:
		if (value & ~CSTS_NSSRO)
			examine(dev, RULE_REG_READ_ONLY, "CSTS written with %#x", value);
		regs->csts &= ~(value & (u32)CSTS_NSSRO);
		break;
	case REG_NSSR:
		regs_write_nssr(dev, value);
		break;
	case REG_AQA:
	case REG_ASQ:
	case REG_ASQ + 4:
	case REG_ACQ:
	case REG_ACQ + 4:
		regs_write_admin(dev, offset, value);
		break;
	default:
		examine(dev, RULE_REG_READ_ONLY, "register %#x written with %#x", offset, value);
	}
}

void regs_write(struct device *dev, u32 offset, const void *from, u32 len)
{
	const u8 *bytes = from;
	u8 copy[8];
	u32 i;

	if (dev->regs.silent || pci_asleep(&dev->pci))
		return;
	if (!examine_access(dev, offset, len, true))
		return;
	memcpy(copy, from, min_of(len, 8u));
	if (rule_register(dev, true, offset, copy, len))
		return;			/* swallowed */
	if (offset >= REG_DOORBELLS) {
		queue_doorbell(dev, offset, (u32)get_le(bytes, len));
		return;
	}
	for (i = 0; i < len; i += 4)
		regs_write_dword(dev, offset + i, (u32)get_le(copy + i, 4));
}
