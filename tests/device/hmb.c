// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "device.h"

#define HMB_PAGE	4096u

static void hmb_pattern(const struct hmb_page *page, u64 *words)
{
	u32 i;

	for (i = 0; i < HMB_PAGE / 8; i++)
		words[i] = page->addr ^ (u64)page->generation << 48 ^ i * 0x9e3779b97f4a7c15ull;
}

static void hmb_write(struct device *dev, struct hmb_page *page)
{
	u64 words[HMB_PAGE / 8];

	page->generation++;
	hmb_pattern(page, words);
	if (!dma_write(&dev->dma, page->addr, words, HMB_PAGE))
		examine(dev, RULE_DMA, "host memory buffer at %#llx", page->addr);
}

static void hmb_check(struct device *dev, const struct hmb_page *page)
{
	u64 should[HMB_PAGE / 8], is[HMB_PAGE / 8];

	hmb_pattern(page, should);
	if (!dma_read(&dev->dma, page->addr, is, HMB_PAGE))
		examine(dev, RULE_DMA, "host memory buffer at %#llx", page->addr);
	else if (memcmp(should, is, HMB_PAGE))
		examine(dev, RULE_HMB_TOUCHED, "the page at %#llx", page->addr);
}

void hmb_check_all(struct device *dev)
{
	u32 i;

	for (i = 0; dev->hmb.enabled && i < dev->hmb.nr_pages; i++)
		hmb_check(dev, &dev->hmb.pages[i]);
}

void hmb_work(struct device *dev)
{
	struct hmb *hmb = &dev->hmb;
	u32 n;

	for (n = 0; hmb->enabled && n < dev->shape->hmb_touch && n < hmb->nr_pages; n++) {
		struct hmb_page *page = &hmb->pages[hmb->next];

		hmb->next = (hmb->next + 1) % hmb->nr_pages;
		hmb_check(dev, page);
		hmb_write(dev, page);
	}
}

void hmb_power_on(struct device *dev)
{
	free(dev->hmb.pages);
	free(dev->hmb.last);
	memset(&dev->hmb, 0, sizeof(dev->hmb));
}

/* It has no memory any more, but remembers which it had. */
void hmb_reset(struct device *dev)
{
	struct hmb *hmb = &dev->hmb;

	if (hmb->nr_pages) {
		free(hmb->last);
		hmb->last = hmb->pages;
		hmb->nr_last = hmb->nr_pages;
	}
	hmb->pages = NULL;
	hmb->nr_pages = 0;
	hmb->size = 0;
	hmb->list = 0;
	hmb->entries = 0;
	hmb->next = 0;
	hmb->enabled = false;
}

/* Memory Return: the same pieces, and nobody has written there. */
static void hmb_check_return(struct device *dev)
{
	struct hmb *hmb = &dev->hmb;
	u32 i;

	if (hmb->nr_last != hmb->nr_pages) {
		examine(dev, RULE_HMB_RETURN, "%u pages, there were %u", hmb->nr_pages, hmb->nr_last);
		return;
	}
	for (i = 0; i < hmb->nr_pages && hmb->pages[i].addr == hmb->last[i].addr; i++) {
		hmb->pages[i].generation = hmb->last[i].generation;
		hmb_check(dev, &hmb->pages[i]);
	}
	if (i < hmb->nr_pages)
		examine(dev, RULE_HMB_RETURN, "page %u is at %#llx, it was at %#llx", i, hmb->pages[i].addr,
			hmb->last[i].addr);
}

/* One descriptor: address and size in memory pages */
static bool hmb_add(struct device *dev, u64 addr, u32 size)
{
	struct hmb *hmb = &dev->hmb;
	u32 page = regs_page_size(dev), pages = size * (page / HMB_PAGE), i;

	if (addr % page)
		examine(dev, RULE_HMB_LAYOUT, "a piece at %#llx", addr);
	if (dev->shape->hmminds && pages < dev->shape->hmminds)
		examine(dev, RULE_HMB_LAYOUT, "a piece of %u pages, HMMINDS is %llu", size, dev->shape->hmminds);
	if (addr % page || size > 1u << 20 || hmb->nr_pages > 1u << 20)
		return false;
	hmb->pages = realloc(hmb->pages, (hmb->nr_pages + pages + 1) * sizeof(*hmb->pages));
	if (!hmb->pages)
		fatal("no memory for the host memory buffer");
	for (i = 0; i < pages; i++)
		hmb->pages[hmb->nr_pages++] = (struct hmb_page){ .addr = addr + (u64)i * HMB_PAGE };
	return true;
}

static u32 hmb_enable(struct cmd *cmd)
{
	struct device *dev = cmd->dev;
	const u32 *cdw = cmd->sqe.cdw;
	struct hmb *hmb = &dev->hmb;
	u8 entry[16];
	u32 i;

	if (hmb->enabled)
		return SC_SEQUENCE | SF_DNR;
	hmb_reset(dev);
	hmb->size = cdw[2];
	hmb->list = cdw[3] | (u64)cdw[4] << 32;
	hmb->entries = cdw[5];
	if (hmb->list & 15 || !hmb->entries || (dev->shape->hmmaxd && hmb->entries > dev->shape->hmmaxd))
		examine(dev, RULE_HMB_LAYOUT, "%u entries at %#llx, HMMAXD is %llu", hmb->entries, hmb->list,
			dev->shape->hmmaxd);
	for (i = 0; i < min_of(hmb->entries, 65536u); i++) {
		if (!dma_read(&dev->dma, hmb->list + 16ull * i, entry, 16)) {
			examine(dev, RULE_DMA, "descriptor list of the host memory buffer at %#llx", hmb->list);
			return SC_TRANSFER;
		}
		if (!hmb_add(dev, get_le(entry, 8), (u32)get_le(entry + 8, 4)))
			return SC_FIELD | SF_DNR;
	}
	if (hmb->nr_pages < dev->shape->hmmin || hmb->nr_pages != hmb->size * (regs_page_size(dev) / HMB_PAGE))
		examine(dev, RULE_HMB_LAYOUT, "%u pages in the list, HSIZE is %u, HMMIN is %llu", hmb->nr_pages,
			hmb->size, dev->shape->hmmin);
	if (cdw[1] & 2)
		hmb_check_return(dev);
	for (i = 0; i < hmb->nr_pages; i++)
		hmb_write(dev, &hmb->pages[i]);
	hmb->enabled = true;
	return SC_OK;
}

u32 hmb_set(struct cmd *cmd)
{
	if (cmd->sqe.cdw[1] & 1)
		return hmb_enable(cmd);
	hmb_check_all(cmd->dev);
	cmd->dev->hmb.enabled = false;
	return SC_OK;
}

u32 hmb_get(struct cmd *cmd)
{
	const struct hmb *hmb = &cmd->dev->hmb;
	u8 page[4096] = {};

	put_le(page, hmb->size, 4);
	put_le(page + 4, hmb->list, 8);
	put_le(page + 12, hmb->entries, 4);
	return xfer_out(cmd, page, sizeof(page));
}
