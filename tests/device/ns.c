// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "device.h"

static const struct ns_format ns_formats[NS_NR_FORMATS] = {
	{ 9, 0 },		/* replaced by what the shape says */
	{ 9, 0 }, { 12, 0 }, { 9, 8 }, { 12, 8 }, { 12, 64 },
};

static void *ns_map(u64 bytes)
{
	void *mem = mmap(NULL, bytes ? bytes : 1, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
			 -1, 0);

	if (mem == MAP_FAILED)
		fatal("no address space for a namespace of %llu bytes: %s", bytes, strerror(errno));
	return mem;
}

u32 ns_shift(const struct device *dev, const struct ns *ns)
{
	return dev->nss.formats[ns->format].lba_shift;
}

u32 ns_meta(const struct device *dev, const struct ns *ns)
{
	return dev->nss.formats[ns->format].metadata;
}

static u64 ns_meta_room(const struct device *dev, const struct ns *ns)
{
	return ns->blocks * ns_meta(dev, ns);
}

static void ns_open(struct device *dev, struct ns *ns)
{
	ns->room = ns->blocks << ns_shift(dev, ns);
	ns->data = ns_map(ns->room);
	ns->meta = ns_map(ns_meta_room(dev, ns));
	/* What was never written says "do not check". Not all of a namespace that is larger than memory. */
	if (ns->pi)
		memset(ns->meta, 0xff, min_of(ns_meta_room(dev, ns), 16ull << 20));
}

static void ns_close(struct device *dev, struct ns *ns)
{
	munmap(ns->data, ns->room ? ns->room : 1);
	munmap(ns->meta, ns_meta_room(dev, ns) ? ns_meta_room(dev, ns) : 1);
	free(ns->uncor);
	ns->uncor = NULL;
}

bool ns_add(struct device *dev, u32 nsid, u64 blocks, u32 format, bool extended, u32 pi)
{
	struct ns *ns;

	if (!nsid || nsid > NS_MAX || dev->nss.ns[nsid])
		return false;
	ns = zalloc(sizeof(*ns));
	*ns = (struct ns){
		.nsid = nsid, .attached = true, .blocks = blocks, .format = format,
		.extended = extended && dev->nss.formats[format].metadata, .pi = pi, .readonly = dev->shape->readonly,
	};
	ns_open(dev, ns);
	dev->nss.ns[nsid] = ns;
	return true;
}

void ns_remove(struct device *dev, u32 nsid)
{
	struct ns *ns = nsid <= NS_MAX ? dev->nss.ns[nsid] : NULL;

	if (!ns)
		return;
	ns_close(dev, ns);
	resv_free(ns);
	free(ns);
	dev->nss.ns[nsid] = NULL;
}

struct ns *ns_get(struct device *dev, u32 nsid)
{
	struct ns *ns = nsid && nsid <= NS_MAX ? dev->nss.ns[nsid] : NULL;

	return ns && ns->attached ? ns : NULL;
}

/* What both sizes have in common keeps its data. */
void ns_resize(struct device *dev, struct ns *ns, u64 blocks)
{
	struct ns old = *ns;

	ns->blocks = blocks;
	ns->uncor = NULL;
	ns_open(dev, ns);
	memcpy(ns->data, old.data, min_of(ns->room, old.room));
	memcpy(ns->meta, old.meta, min_of(ns_meta_room(dev, ns), ns_meta_room(dev, &old)));
	ns_close(dev, &old);
}

void ns_format_to(struct device *dev, struct ns *ns, u32 format, bool extended, u32 pi)
{
	u64 bytes = ns->room;

	ns_close(dev, ns);
	ns->format = format;
	ns->extended = extended && dev->nss.formats[format].metadata;
	ns->pi = pi;
	ns->blocks = bytes >> ns_shift(dev, ns);
	ns_open(dev, ns);
}

void ns_zero(struct device *dev, struct ns *ns, u64 block, u64 blocks)
{
	u32 shift = ns_shift(dev, ns), meta = ns_meta(dev, ns);

	memset(ns->data + (block << shift), 0, blocks << shift);
	memset(ns->meta + block * meta, ns->pi ? 0xff : 0, blocks * meta);
	ns_set_uncor(ns, block, blocks, false);
}

bool ns_is_uncor(const struct ns *ns, u64 block)
{
	return ns->uncor && ns->uncor[block / 8] & 1 << block % 8;
}

void ns_set_uncor(struct ns *ns, u64 block, u64 blocks, bool bad)
{
	u64 i;

	if (!ns->uncor && bad)
		ns->uncor = zalloc(ns->blocks / 8 + 1);
	for (i = block; ns->uncor && i < block + blocks; i++) {
		if (bad)
			ns->uncor[i / 8] |= (u8)(1 << i % 8);
		else
			ns->uncor[i / 8] &= (u8)~(1 << i % 8);
	}
}

void ns_changed(struct device *dev, u32 nsid)
{
	log_changed_ns(dev, nsid);
	if (dev->features.value[FEAT_EVENTS] & OAES_NS && dev->shape->oaes & OAES_NS)
		event_post(dev, 2, 0, LOG_CHANGED_NS);
}

void ns_power_on(struct device *dev)
{
	const struct shape *shape = dev->shape;
	u64 size = shape->ns_size;
	u32 i;

	for (i = 1; i <= NS_MAX; i++)
		ns_remove(dev, i);
	memcpy(dev->nss.formats, ns_formats, sizeof(ns_formats));
	dev->nss.formats[0] = (struct ns_format){ (u32)shape->lba_shift, (u32)shape->metadata };
	for (i = 1; i <= shape->namespaces; i++)
		ns_add(dev, i, size >> shape->lba_shift, 0, shape->extended, (u32)shape->pi);
}
