/* SPDX-License-Identifier: GPL-2.0 */
/*
 * p2p.h - memory of PCI devices as the buffer of an I/O, so that data never pass through the memory of the host.
 *
 * Whether disks take such buffers is the user's decision at load. What a controller offers of its own memory belongs to
 * the PCI core until the driver is unbound; struct onvme_p2p, part of struct onvme_cmb, remembers what that is. Without
 * CONFIG_PCI_P2PDMA nobody has such memory.
 */
#ifndef ONVME_P2P_H
#define ONVME_P2P_H

#include <linux/types.h>

struct device;
struct onvme_ctrl;

/**
 * struct onvme_p2p - memory that a controller has offered to others
 * @bar: the BAR that it is in
 * @offset: where it begins there
 * @len: bytes; 0: none was
 * @refused: the PCI core did not want it: it is not asked again
 */
struct onvme_p2p {
	unsigned int	bar;
	u64		offset;
	u64		len;
	bool		refused;
};

#ifdef CONFIG_ONVME_P2P
bool onvme_p2p_wanted(struct device *dev);
void onvme_p2p_offer(struct onvme_ctrl *ctrl, struct onvme_p2p *p2p, unsigned int bar, u64 offset, u64 len);
#else
static inline bool onvme_p2p_wanted(struct device *dev)
{
	return false;
}

static inline void onvme_p2p_offer(struct onvme_ctrl *ctrl, struct onvme_p2p *p2p, unsigned int bar, u64 offset,
				   u64 len)
{
}
#endif

#endif /* ONVME_P2P_H */
