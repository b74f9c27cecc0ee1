/* SPDX-License-Identifier: GPL-2.0 */
/*
 * ns.h - namespaces in memory.
 *
 * Data and metadata are sparse anonymous mappings: a block that was never written costs nothing. Namespaces exist from
 * power-on, by the Namespace Management command, or because a scenario adds them.
 */
#ifndef DEVICE_NS_H
#define DEVICE_NS_H

#include "base.h"

#define NS_MAX		1024u
#define NS_NR_FORMATS	6u

struct ns_format {
	u32	lba_shift;
	u32	metadata;
};

struct ns {
	u32	nsid;
	bool	attached;
	bool	readonly;
	u64	blocks;
	u32	format;			/* index */
	bool	extended;
	u32	pi;
	u64	room;			/* bytes mapped at @data */
	u8	*data;
	u8	*meta;
	u8	*uncor;			/* a bit per block, or NULL when none is marked */
	struct resv	*resv;
};

struct nss {
	struct ns		*ns[NS_MAX + 1];
	struct ns_format	formats[NS_NR_FORMATS];
};

struct device;

void ns_power_on(struct device *dev);
/* An active namespace, or NULL */
struct ns *ns_get(struct device *dev, u32 nsid);
u32 ns_shift(const struct device *dev, const struct ns *ns);
u32 ns_meta(const struct device *dev, const struct ns *ns);
/* False: there is one of that id, or no room. */
bool ns_add(struct device *dev, u32 nsid, u64 blocks, u32 format, bool extended, u32 pi);
void ns_remove(struct device *dev, u32 nsid);
void ns_resize(struct device *dev, struct ns *ns, u64 blocks);
void ns_format_to(struct device *dev, struct ns *ns, u32 format, bool extended, u32 pi);
void ns_zero(struct device *dev, struct ns *ns, u64 block, u64 blocks);
bool ns_is_uncor(const struct ns *ns, u64 block);
void ns_set_uncor(struct ns *ns, u64 block, u64 blocks, bool bad);
/* Tell the host that something about a namespace has changed. */
void ns_changed(struct device *dev, u32 nsid);

#endif /* DEVICE_NS_H */
