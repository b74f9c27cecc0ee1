// SPDX-License-Identifier: GPL-2.0
#include <asm/byteorder.h>
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "virt.h"

/**
 * onvme_virt_least() - without how many a controller does not work
 * @kind: of which resource
 *
 * Return: their number.
 */
unsigned int onvme_virt_least(enum onvme_virt_kind kind)
{
	return kind == ONVME_VIRT_VQ ? 2 : 1;
}

static void onvme_virt_pool(const struct onvme_id_flexible *id, bool flexible, struct onvme_virt_pool *pool)
{
	*pool = (struct onvme_virt_pool){
		.flexible = flexible,
		.total = (u16)min(le32_to_cpu(id->frt), 65535u),
		.primary = le16_to_cpu(id->rfap),
		.fixed = le16_to_cpu(id->prt),
		.most = le16_to_cpu(id->frsm),
		.step = id->gran ? le16_to_cpu(id->gran) : 1,
	};
}

/**
 * onvme_virt_pools() - what there is to give out
 * @id: Identify, Primary Controller Capabilities
 * @cntlid: whose they are to be
 * @pools: written, by kind
 *
 * Return: 0; -EINVAL: they are another controller's, or cannot be true.
 */
int onvme_virt_pools(const struct onvme_id_primary *id, u16 cntlid, struct onvme_virt_pool pools[ONVME_VIRT_KINDS])
{
	unsigned int kind;

	if (le16_to_cpu(id->cntlid) != cntlid)
		return -EINVAL;
	onvme_virt_pool(&id->vq, id->crt & ONVME_CRT_VQ, &pools[ONVME_VIRT_VQ]);
	onvme_virt_pool(&id->vi, id->crt & ONVME_CRT_VI, &pools[ONVME_VIRT_VI]);
	for (kind = 0; kind < ONVME_VIRT_KINDS; kind++)
		if (pools[kind].flexible && pools[kind].primary > pools[kind].total)
			return -EINVAL;
	return 0;
}

/**
 * onvme_virt_seconds() - which secondary controllers the virtual functions are
 * @list: Identify, Secondary Controller List: a page of it
 * @cntlid: the primary controller
 * @second: by virtual function; those that the page names become known
 * @nr: how many of them are wanted
 * @next: before: the identifier from which the list was asked for; after, where there may be more: where to go on
 *
 * Return: 1: ask for more; 0: that was the end; -EINVAL: a list that cannot be true.
 */
int onvme_virt_seconds(const struct onvme_id_secondaries *list, u16 cntlid, struct onvme_virt_second *second,
		       unsigned int nr, u16 *next)
{
	u32 from = *next;
	unsigned int i;

	if (list->numid > ONVME_SECONDARIES_PER_PAGE)
		return -EINVAL;
	for (i = 0; i < list->numid; i++) {
		u16 scid = le16_to_cpu(list->entry[i].scid), vfn = le16_to_cpu(list->entry[i].vfn);

		/* In ascending order, so that no list is without end. */
		if (scid < from || scid == cntlid || le16_to_cpu(list->entry[i].pcid) != cntlid)
			return -EINVAL;
		from = scid + 1u;
		if (!vfn || vfn > nr)
			continue;
		if (second[vfn - 1].known)
			return -EINVAL;
		second[vfn - 1].known = true;
		second[vfn - 1].cntlid = scid;
	}
	if (list->numid < ONVME_SECONDARIES_PER_PAGE || from > 65535)
		return 0;
	*next = (u16)from;
	return 1;
}

static unsigned int onvme_virt_weight(const struct onvme_virt_policy *policy, unsigned int i)
{
	return i < policy->nr ? policy->weight[i] : 1;
}

/* Who gets the next ones: of those that may have more, the one that has least for its weight. */
static unsigned int onvme_virt_poorest(enum onvme_virt_kind kind, const struct onvme_virt_policy *policy,
				       const struct onvme_virt_second *second, unsigned int nr, u16 most)
{
	unsigned int i, poorest = nr;

	for (i = 0; i < nr; i++) {
		if (second[i].nr[kind] >= most)
			continue;
		if (poorest == nr || (u32)second[i].nr[kind] * onvme_virt_weight(policy, poorest) <
				     (u32)second[poorest].nr[kind] * onvme_virt_weight(policy, i))
			poorest = i;
	}
	return poorest;
}

/**
 * onvme_virt_share() - how many resources each secondary controller gets
 * @pool: what there is
 * @kind: of which kind
 * @policy: who is to get more than others
 * @second: the secondary controllers; their share is written
 * @nr: how many, 1 to %ONVME_VIRT_MAX
 * @primary: written: what the primary controller keeps of the flexible ones
 *
 * All get what they need first. The rest goes out in the preferred granularity, by weight, and what nobody may have
 * stays with the primary controller, as does what it needs itself. Where resources are not flexible nobody gets any.
 *
 * Return: 0; -ENOSPC: there are not enough.
 */
int onvme_virt_share(const struct onvme_virt_pool *pool, enum onvme_virt_kind kind,
		     const struct onvme_virt_policy *policy, struct onvme_virt_second *second, unsigned int nr,
		     u16 *primary)
{
	unsigned int least = onvme_virt_least(kind), i;
	unsigned int own = pool->fixed < least ? least - pool->fixed : 0;
	u32 left = pool->total;

	*primary = pool->primary;
	for (i = 0; i < nr; i++)
		second[i].nr[kind] = 0;
	if (!pool->flexible)
		return 0;
	if (pool->most < least || left < own + nr * least)
		return -ENOSPC;
	left -= own + nr * least;
	for (i = 0; i < nr; i++)
		second[i].nr[kind] = (u16)least;
	while (left) {
		u16 some;

		i = onvme_virt_poorest(kind, policy, second, nr, pool->most);
		if (i == nr)
			break;
		some = (u16)min3(left, (u32)pool->step, (u32)pool->most - second[i].nr[kind]);
		second[i].nr[kind] += some;
		left -= some;
	}
	*primary = (u16)(own + left);
	return 0;
}

/* A weight; returns what follows it, or NULL. */
static const char *onvme_virt_number(const char *text, u8 *weight)
{
	unsigned int n = 0, digits = 0;

	for (; *text >= '0' && *text <= '9' && digits < 4; text++, digits++)
		n = n * 10 + (unsigned int)(*text - '0');
	if (!n || n > ONVME_VIRT_WEIGHT_MAX)
		return NULL;
	*weight = (u8)n;
	return text;
}

/**
 * onvme_virt_parse_policy() - a policy from its text
 * @text: weights with blanks between, of the first virtual function first; or "even"
 * @policy: written when it is one
 *
 * Return: 0 or -EINVAL.
 */
int onvme_virt_parse_policy(const char *text, struct onvme_virt_policy *policy)
{
	struct onvme_virt_policy new = {};

	if (!strcmp(text, "even") || !strcmp(text, "even\n")) {
		*policy = new;
		return 0;
	}
	while (*text && *text != '\n') {
		if (new.nr == ONVME_VIRT_MAX)
			return -EINVAL;
		text = onvme_virt_number(text, &new.weight[new.nr++]);
		if (!text || (*text && *text != ' ' && *text != '\n'))
			return -EINVAL;
		while (*text == ' ')
			text++;
	}
	if (!new.nr || (*text && text[1]))
		return -EINVAL;
	*policy = new;
	return 0;
}
