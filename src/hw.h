/* SPDX-License-Identifier: GPL-2.0 */
/*
 * hw.h - the controller's registers: mapping, enable, disable, shutdown.
 *
 * One struct onvme_hw a controller, embedded in struct onvme_ctrl; only hw.c touches it. The bring-up steps call it
 * one at a time, in process context; reading a register is allowed in any context between map and unmap. Every wait
 * is bounded. Registers that read as all-ones mean that the device is gone; one helper says so.
 */
#ifndef ONVME_HW_H
#define ONVME_HW_H

#include <linux/types.h>
#include <onvme/spec.h>

struct pci_dev;

#define ONVME_ADMIN_DEPTH	32

/**
 * struct onvme_hw - register access of one controller
 * @pdev: the PCI function
 * @bar: BAR 0, NULL while not mapped
 * @bar_len: bytes mapped
 * @cap: CAP
 * @vs: VS
 * @cmbloc: CMBLOC, 0 where there is no controller memory buffer
 * @cmbsz: CMBSZ
 * @db_stride: bytes from one doorbell to the next
 * @max_entries: entries a queue may have (CAP.MQES)
 * @wrr: CC.AMS is to say weighted round robin; written before onvme_hw_enable()
 * @silent: it cannot touch memory, by onvme_hw_stop_dma(): nothing else needs to be tried
 * @quiet_ms: its registers are not to be read for so long after CC.EN was cleared
 * @ready_ms: how long CSTS.RDY may take to follow CC.EN
 */
struct onvme_hw {
	struct pci_dev	*pdev;
	void __iomem	*bar;
	size_t		bar_len;
	u64		cap;
	u32		vs;
	u32		cmbloc;
	u32		cmbsz;
	u32		db_stride;
	u32		max_entries;
	bool		wrr;
	bool		silent;
	unsigned int	quiet_ms;
	unsigned int	ready_ms;
};

/**
 * struct onvme_hw_regs - registers, as they were read
 * @cap: CAP
 * @vs: VS
 * @cc: CC
 * @csts: CSTS
 * @aqa: AQA
 */
struct onvme_hw_regs {
	u64	cap;
	u32	vs;
	u32	cc;
	u32	csts;
	u32	aqa;
};

int onvme_hw_map(struct onvme_hw *hw);
void onvme_hw_unmap(struct onvme_hw *hw);
void onvme_hw_stop_dma(struct onvme_hw *hw);
u32 onvme_hw_csts(struct onvme_hw *hw);
u32 onvme_hw_cc(struct onvme_hw *hw);
void onvme_hw_read_regs(struct onvme_hw *hw, bool there, struct onvme_hw_regs *regs);
bool onvme_hw_gone(struct onvme_hw *hw);
bool onvme_hw_fatal(struct onvme_hw *hw);
bool onvme_hw_paused(struct onvme_hw *hw);
int onvme_hw_enable(struct onvme_hw *hw, u64 asq, u64 acq);
int onvme_hw_disable(struct onvme_hw *hw);
int onvme_hw_shutdown(struct onvme_hw *hw, unsigned int ms);
int onvme_hw_subsystem_reset(struct onvme_hw *hw);
size_t onvme_hw_doorbells_end(struct onvme_hw *hw, unsigned int nr);
bool onvme_hw_cmb_on(struct onvme_hw *hw, u64 base);
void onvme_hw_cmb_off(struct onvme_hw *hw);
void __iomem *onvme_hw_sq_doorbell(struct onvme_hw *hw, u16 qid);
void __iomem *onvme_hw_cq_doorbell(struct onvme_hw *hw, u16 qid);
unsigned int onvme_hw_max_io_queues(struct onvme_hw *hw);

#endif /* ONVME_HW_H */
