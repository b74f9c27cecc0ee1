// SPDX-License-Identifier: GPL-2.0
/*
 * Registers (PCIe Transport, "Controller Properties"; Base, "Controller Initialization" and "Controller Shutdown").
 *
 * Three transitions wait for the controller, all in onvme_hw_wait(): enable and disable up to CAP.TO or CRTO,
 * shutdown up to what the caller allows.
 */
#include <linux/bitfield.h>
#include <linux/delay.h>
#include <linux/io-64-nonatomic-lo-hi.h>
#include <linux/jiffies.h>
#include <linux/pci.h>

#include "fault.h"
#include "hw.h"
#include "proto/policy.h"

static u32 onvme_hw_read(struct onvme_hw *hw, unsigned int reg)
{
	if (onvme_fault_on() && onvme_fault_read(hw->pdev))
		return ONVME_ALL_ONES;
	return hw->bar ? readl(hw->bar + reg) : ONVME_ALL_ONES;
}

static void onvme_hw_write(struct onvme_hw *hw, unsigned int reg, u32 value)
{
	writel(value, hw->bar + reg);
}

/**
 * onvme_hw_csts() - read CSTS
 * @hw: the registers
 *
 * Return: CSTS; all-ones when the device is gone or not mapped. Any context.
 */
u32 onvme_hw_csts(struct onvme_hw *hw)
{
	return onvme_hw_read(hw, ONVME_REG_CSTS);
}

/**
 * onvme_hw_cc() - read CC
 * @hw: the registers
 *
 * Return: CC; all-ones when the device is gone or not mapped. Any context.
 */
u32 onvme_hw_cc(struct onvme_hw *hw)
{
	return onvme_hw_read(hw, ONVME_REG_CC);
}

/**
 * onvme_hw_read_regs() - read registers, for people
 * @hw: the registers
 * @there: whether to try; otherwise all read as all-ones
 * @regs: what they said
 *
 * Process context.
 */
void onvme_hw_read_regs(struct onvme_hw *hw, bool there, struct onvme_hw_regs *regs)
{
	memset(regs, 0xff, sizeof(*regs));
	if (!there)
		return;
	regs->cap = onvme_hw_read(hw, ONVME_REG_CAP);
	regs->cap |= (u64)onvme_hw_read(hw, ONVME_REG_CAP + 4) << 32;
	regs->vs = onvme_hw_read(hw, ONVME_REG_VS);
	regs->cc = onvme_hw_read(hw, ONVME_REG_CC);
	regs->csts = onvme_hw_read(hw, ONVME_REG_CSTS);
	regs->aqa = onvme_hw_read(hw, ONVME_REG_AQA);
}

/**
 * onvme_hw_gone() - whether the device does not answer any more
 * @hw: the registers
 *
 * Return: true when CSTS reads as all-ones, or when the PCI core says that the device is not to be touched. Any
 * context.
 */
bool onvme_hw_gone(struct onvme_hw *hw)
{
	return pci_channel_offline(hw->pdev) || onvme_hw_csts(hw) == ONVME_ALL_ONES;
}

/**
 * onvme_hw_fatal() - whether only a reset can help
 * @hw: the registers
 *
 * Return: true for Controller Fatal Status or when an NVM subsystem reset has occurred. Any context.
 */
bool onvme_hw_fatal(struct onvme_hw *hw)
{
	return onvme_hw_csts(hw) & (ONVME_CSTS_CFS | ONVME_CSTS_NSSRO);
}

/**
 * onvme_hw_paused() - whether the controller does not process commands for now
 * @hw: registers
 *
 * Return: true when CSTS.PP is set; false when it is gone or has failed. Any context.
 */
bool onvme_hw_paused(struct onvme_hw *hw)
{
	u32 csts = onvme_hw_csts(hw);

	return csts != ONVME_ALL_ONES && (csts & (ONVME_CSTS_PP | ONVME_CSTS_CFS)) == ONVME_CSTS_PP;
}

/* CAP says what every queue has to respect: a controller that we cannot serve is refused before it is enabled. */
static int onvme_hw_check_cap(struct onvme_hw *hw)
{
	struct device *dev = &hw->pdev->dev;
	unsigned int mpsmin = FIELD_GET(ONVME_CAP_MPSMIN, hw->cap);

	if (mpsmin) {
		dev_err(dev, "Minimum device page size %u too large for host (4096)\n", 1u << (12 + mpsmin));
		return -ENODEV;
	}
	hw->max_entries = FIELD_GET(ONVME_CAP_MQES, hw->cap) + 1;
	if (hw->max_entries < 2) {
		dev_err(dev, "CAP.MQES allows queues of %u entry; at least 2 are needed\n", hw->max_entries);
		return -ENODEV;
	}
	hw->db_stride = 4u << FIELD_GET(ONVME_CAP_DSTRD, hw->cap);
	if (hw->bar_len < ONVME_REG_DBS + 2 * (size_t)hw->db_stride) {
		dev_err(dev, "BAR 0 of %zu bytes does not hold the admin doorbells\n", hw->bar_len);
		return -ENODEV;
	}
	return 0;
}

/* From revision 1.4 on the two registers are empty until they are asked for. */
static void onvme_hw_read_cmb(struct onvme_hw *hw)
{
	if (hw->vs < ONVME_VS(1, 2, 0))
		return;
	if (hw->cap & ONVME_CAP_CMBS)
		onvme_hw_write(hw, ONVME_REG_CMBMSC, ONVME_CMBMSC_CRE);
	hw->cmbsz = onvme_hw_read(hw, ONVME_REG_CMBSZ);
	hw->cmbloc = hw->cmbsz ? onvme_hw_read(hw, ONVME_REG_CMBLOC) : 0;
}

static int onvme_hw_read_caps(struct onvme_hw *hw)
{
	struct device *dev = &hw->pdev->dev;
	u32 crto = 0;
	int err;

	if (onvme_hw_gone(hw)) {
		dev_err(dev, "registers read as all-ones: the device is not there\n");
		return -ENODEV;
	}
	hw->cap = onvme_hw_read(hw, ONVME_REG_CAP);
	hw->cap |= (u64)onvme_hw_read(hw, ONVME_REG_CAP + 4) << 32;
	hw->vs = onvme_hw_read(hw, ONVME_REG_VS);
	if (!hw->cap || !hw->vs || hw->vs == ONVME_ALL_ONES) {
		dev_err(dev, "not an NVMe controller: CAP=%#llx VS=%#x\n", hw->cap, hw->vs);
		return -ENODEV;
	}
	if (FIELD_GET(ONVME_CAP_CRMS, hw->cap))
		crto = onvme_hw_read(hw, ONVME_REG_CRTO);
	hw->ready_ms = onvme_policy_ready_ms(hw->cap, crto);
	err = onvme_hw_check_cap(hw);
	if (!err)
		onvme_hw_read_cmb(hw);
	return err;
}

/**
 * onvme_hw_map() - enable the PCI function, map BAR 0 and read the capabilities
 * @hw: the registers; @hw->pdev is set
 *
 * Process context. Says in one line what is wrong when it fails. May be called again after onvme_hw_unmap() or
 * without it.
 *
 * Return: 0; -ENODEV when no usable controller answers; another error of the PCI layer.
 */
int onvme_hw_map(struct onvme_hw *hw)
{
	struct pci_dev *pdev = hw->pdev;
	size_t most = ONVME_REG_DBS + 2 * (ONVME_MAX_IO_QUEUES + 1) * (4ul << 15);
	bool was_mapped = hw->bar;
	int err;

	hw->silent = false;
	if (!was_mapped) {
		err = ONVME_ALLOC_ERRNO(pci_enable_device_mem(pdev));
		if (err) {
			dev_err(&pdev->dev, "cannot enable the PCI function: %d\n", err);
			return err;
		}
		err = ONVME_ALLOC_ERRNO(pci_request_mem_regions(pdev, "onvme"));
		if (err) {
			dev_err(&pdev->dev, "memory regions are taken: %d\n", err);
			goto out_disable;
		}
		hw->bar_len = min_t(resource_size_t, pci_resource_len(pdev, 0), most);
		if (hw->bar_len < ONVME_REG_DBS) {
			dev_err(&pdev->dev, "BAR 0 of %zu bytes does not hold the registers\n", hw->bar_len);
			err = -ENODEV;
			goto out_release;
		}
		hw->bar = ONVME_ALLOC(ioremap(pci_resource_start(pdev, 0), hw->bar_len));
		if (!hw->bar) {
			dev_err(&pdev->dev, "cannot map BAR 0\n");
			err = -ENOMEM;
			goto out_release;
		}
	}
	err = onvme_hw_read_caps(hw);
	if (err) {
		if (!was_mapped)	/* others may be reading registers */
			onvme_hw_unmap(hw);
		return err;
	}
	return 0;

out_release:
	pci_release_mem_regions(pdev);
out_disable:
	pci_disable_device(pdev);
	return err;
}

/**
 * onvme_hw_unmap() - undo onvme_hw_map()
 * @hw: the registers
 *
 * Idempotent. Process context; nobody reads registers any more.
 */
void onvme_hw_unmap(struct onvme_hw *hw)
{
	if (!hw->bar)
		return;
	iounmap(hw->bar);
	hw->bar = NULL;
	pci_release_mem_regions(hw->pdev);
	pci_disable_device(hw->pdev);
}

/**
 * onvme_hw_stop_dma() - take the right to read and write memory from a device that does not obey
 * @hw: the registers
 *
 * After this, buffers that the device has been told of may be used for other things. Process context.
 */
void onvme_hw_stop_dma(struct onvme_hw *hw)
{
	pci_clear_master(hw->pdev);
	hw->silent = true;
}

/*
 * Wait until CSTS under @mask equals @want. The first looks are close together since most controllers are quick; a
 * controller that fails or vanishes is not waited for.
 */
static int onvme_hw_wait(struct onvme_hw *hw, u32 mask, u32 want, unsigned int ms, const char *what)
{
	unsigned long deadline = jiffies + msecs_to_jiffies(ms);
	unsigned long us = 50;
	bool late = false;
	u32 csts;

	for (;;) {
		csts = pci_channel_offline(hw->pdev) ? ONVME_ALL_ONES : onvme_hw_csts(hw);
		if (csts == ONVME_ALL_ONES) {
			dev_err(&hw->pdev->dev, "Device gone; aborting %s\n", what);
			return -ENODEV;
		}
		if ((csts & mask) == want)
			return 0;
		if (want && csts & ONVME_CSTS_CFS)
			break;
		if (late)
			break;
		late = time_after(jiffies, deadline);
		usleep_range(us, us * 2);
		us = min(us * 2, 20000ul);
	}
	dev_err(&hw->pdev->dev, "Device not ready; aborting %s, CSTS=0x%x\n", what, csts);
	return csts & ONVME_CSTS_CFS ? -EIO : -ETIMEDOUT;
}

/* The command sets to enable (Base, CC.CSS): all that there are, else the NVM command set, else none. */
static u32 onvme_hw_css(u64 cap)
{
	unsigned int css = FIELD_GET(ONVME_CAP_CSS, cap);

	if (css & ONVME_CAP_CSS_IOCS)
		return ONVME_CC_CSS_IOCS;
	if (css & ONVME_CAP_CSS_ADMIN && !(css & ONVME_CAP_CSS_NVM))
		return ONVME_CC_CSS_ADMIN;
	return ONVME_CC_CSS_NVM;
}

/**
 * onvme_hw_enable() - give a disabled controller its admin queue and enable it
 * @hw: the registers
 * @asq: DMA address of the admin submission queue, %ONVME_ADMIN_DEPTH entries
 * @acq: DMA address of the admin completion queue, as many
 *
 * Base, "Memory-based Controller Initialization (PCIe)". Process context, waits up to @hw->ready_ms.
 *
 * Return: 0; -ENODEV gone; -EIO for a fatal status; -ETIMEDOUT.
 */
int onvme_hw_enable(struct onvme_hw *hw, u64 asq, u64 acq)
{
	u32 cc = ONVME_CC_EN | FIELD_PREP(ONVME_CC_CSS, onvme_hw_css(hw->cap)) |
		 FIELD_PREP(ONVME_CC_AMS, hw->wrr ? ONVME_CC_AMS_WRR : 0) |
		 FIELD_PREP(ONVME_CC_IOSQES, ONVME_SQE_SHIFT) | FIELD_PREP(ONVME_CC_IOCQES, ONVME_CQE_SHIFT);

	onvme_hw_write(hw, ONVME_REG_AQA, FIELD_PREP(ONVME_AQA_ASQS, ONVME_ADMIN_DEPTH - 1) |
					  FIELD_PREP(ONVME_AQA_ACQS, ONVME_ADMIN_DEPTH - 1));
	lo_hi_writeq(asq, hw->bar + ONVME_REG_ASQ);
	lo_hi_writeq(acq, hw->bar + ONVME_REG_ACQ);
	onvme_hw_write(hw, ONVME_REG_CC, cc & ~ONVME_CC_EN);
	onvme_hw_write(hw, ONVME_REG_CC, cc);
	return onvme_hw_wait(hw, ONVME_CSTS_RDY, ONVME_CSTS_RDY, hw->ready_ms, "initialisation");
}

/**
 * onvme_hw_disable() - reset the controller: clear CC.EN and wait for CSTS.RDY to follow
 * @hw: the registers
 *
 * Base, "Controller Level Reset": afterwards the controller has forgotten all queues and touches no memory. Process
 * context, waits up to @hw->ready_ms, and @hw->quiet_ms before.
 *
 * Return: 0; -ENODEV gone (which is as good); -ETIMEDOUT or -EIO: it may still touch memory.
 */
int onvme_hw_disable(struct onvme_hw *hw)
{
	u32 cc;

	if (onvme_hw_gone(hw))
		return -ENODEV;
	if (onvme_hw_csts(hw) & ONVME_CSTS_NSSRO)	/* write 1 to clear */
		onvme_hw_write(hw, ONVME_REG_CSTS, ONVME_CSTS_NSSRO);
	cc = onvme_hw_read(hw, ONVME_REG_CC);
	if (cc == ONVME_ALL_ONES)	/* should it come back just now, that must not be written */
		return -ENODEV;
	cc &= ~(ONVME_CC_SHN | ONVME_CC_EN);
	onvme_hw_write(hw, ONVME_REG_CC, cc);
	if (hw->quiet_ms)
		msleep(hw->quiet_ms);
	return onvme_hw_wait(hw, ONVME_CSTS_RDY, 0, hw->ready_ms, "reset");
}

/**
 * onvme_hw_shutdown() - notify the controller of a normal shutdown and wait until it is done
 * @hw: the registers
 * @ms: how long it may take
 *
 * Base, "Controller Shutdown". Process context.
 *
 * Return: as onvme_hw_disable(); the controller remains enabled and does not process commands.
 */
int onvme_hw_shutdown(struct onvme_hw *hw, unsigned int ms)
{
	u32 cc;

	if (onvme_hw_gone(hw))
		return -ENODEV;
	cc = onvme_hw_read(hw, ONVME_REG_CC);
	if (cc == ONVME_ALL_ONES)
		return -ENODEV;
	if (!(cc & ONVME_CC_EN))
		return 0;
	cc = (cc & ~ONVME_CC_SHN) | FIELD_PREP(ONVME_CC_SHN, ONVME_CC_SHN_NORMAL);
	onvme_hw_write(hw, ONVME_REG_CC, cc);
	return onvme_hw_wait(hw, ONVME_CSTS_SHST, FIELD_PREP(ONVME_CSTS_SHST, ONVME_CSTS_SHST_DONE), ms, "shutdown");
}

/**
 * onvme_hw_subsystem_reset() - reset the NVM subsystem
 * @hw: the registers
 *
 * Base, "NVM Subsystem Reset". Does not wait: the controller reports CSTS.NSSRO or vanishes for a while.
 *
 * Return: 0; -ENOTTY when the controller does not support it; -ENODEV gone.
 */
int onvme_hw_subsystem_reset(struct onvme_hw *hw)
{
	if (!(hw->cap & ONVME_CAP_NSSRS))
		return -ENOTTY;
	if (onvme_hw_gone(hw))
		return -ENODEV;
	onvme_hw_write(hw, ONVME_REG_NSSR, ONVME_NSSR_RESET);
	onvme_hw_read(hw, ONVME_REG_CSTS);	/* posted writes reach the device before this returns */
	return 0;
}

/**
 * onvme_hw_sq_doorbell() - where the tail of a submission queue is written
 * @hw: the registers
 * @qid: queue id, 0 to onvme_hw_max_io_queues()
 *
 * Return: address of Submission Queue y Tail Doorbell.
 */
void __iomem *onvme_hw_sq_doorbell(struct onvme_hw *hw, u16 qid)
{
	return hw->bar + ONVME_REG_DBS + 2 * (size_t)qid * hw->db_stride;
}

/**
 * onvme_hw_cq_doorbell() - where the head of a completion queue is written
 * @hw: the registers
 * @qid: queue id, 0 to onvme_hw_max_io_queues()
 *
 * Return: address of Completion Queue y Head Doorbell.
 */
void __iomem *onvme_hw_cq_doorbell(struct onvme_hw *hw, u16 qid)
{
	return onvme_hw_sq_doorbell(hw, qid) + hw->db_stride;
}

/**
 * onvme_hw_max_io_queues() - I/O queue pairs whose doorbells are inside BAR 0
 * @hw: the registers
 *
 * Return: the number, 0 to %ONVME_MAX_IO_QUEUES.
 */
unsigned int onvme_hw_max_io_queues(struct onvme_hw *hw)
{
	size_t pairs = (hw->bar_len - ONVME_REG_DBS) / (2 * (size_t)hw->db_stride);

	return min_t(size_t, pairs - 1, ONVME_MAX_IO_QUEUES);
}

/**
 * onvme_hw_doorbells_end() - where registers end
 * @hw: the registers
 * @nr: queue pairs that there may be, the admin queue included
 *
 * Return: offset in BAR 0 behind the last doorbell.
 */
size_t onvme_hw_doorbells_end(struct onvme_hw *hw, unsigned int nr)
{
	return ONVME_REG_DBS + 2 * (size_t)nr * hw->db_stride;
}

/* The low half last: it has the bits that enable. */
static void onvme_hw_write_cmbmsc(struct onvme_hw *hw, u64 value)
{
	onvme_hw_write(hw, ONVME_REG_CMBMSC + 4, (u32)(value >> 32));
	onvme_hw_write(hw, ONVME_REG_CMBMSC, (u32)value);
}

/**
 * onvme_hw_cmb_on() - let the controller know its memory buffer by the address that it has on the bus
 * @hw: the registers
 * @base: the address, a multiple of 4096
 *
 * Base, "Controller Memory Buffer Memory Space Control". Before revision 1.4 there is nothing to do: it knows the
 * address from its BAR. Process context; no queue is in it.
 *
 * Return: false when the controller cannot use that address; the buffer is off then.
 */
bool onvme_hw_cmb_on(struct onvme_hw *hw, u64 base)
{
	if (!(hw->cap & ONVME_CAP_CMBS))
		return true;
	onvme_hw_write_cmbmsc(hw, base | ONVME_CMBMSC_CRE | ONVME_CMBMSC_CMSE);
	if (!(onvme_hw_read(hw, ONVME_REG_CMBSTS) & ONVME_CMBSTS_CBAI))
		return true;
	onvme_hw_write_cmbmsc(hw, ONVME_CMBMSC_CRE);
	return false;
}

/**
 * onvme_hw_cmb_off() - the address will stand for something else
 * @hw: the registers
 *
 * Process context; the controller is disabled.
 */
void onvme_hw_cmb_off(struct onvme_hw *hw)
{
	if (hw->bar && hw->cap & ONVME_CAP_CMBS && !onvme_hw_gone(hw))
		onvme_hw_write_cmbmsc(hw, ONVME_CMBMSC_CRE);
}
