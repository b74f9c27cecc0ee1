// SPDX-License-Identifier: GPL-2.0
/* virt.c: whatever a device says, what is given out is there, enough, no more than allowed, and fair. */
#include <asm/byteorder.h>
#include <errno.h>
#include <linux/array_size.h>
#include <linux/minmax.h>

#include "ktap.h"
#include "virt.h"

static struct onvme_virt_policy random_policy(void)
{
	struct onvme_virt_policy policy = {};
	unsigned int i;

	policy.nr = rnd_below(3) ? 0 : rnd_below(ONVME_VIRT_MAX + 1);
	for (i = 0; i < policy.nr; i++)
		policy.weight[i] = (u8)(1 + (rnd_below(2) ? rnd_below(4) : rnd_below(ONVME_VIRT_WEIGHT_MAX)));
	return policy;
}

static u16 some(void)
{
	static const u16 odd[] = { 0, 1, 2, 3, 7, 8, 255, 256, 32768, 65534, 65535 };

	return rnd_below(3) ? (u16)rnd_below(100) : odd[rnd_below(ARRAY_SIZE(odd))];
}

static unsigned int weight_of(const struct onvme_virt_policy *policy, unsigned int i)
{
	return i < policy->nr ? policy->weight[i] : 1;
}

/* Fair: nobody who could have more has less for his weight than another had before he got his last step. */
static void check_fair(const struct onvme_virt_pool *pool, const struct onvme_virt_policy *policy,
		       const struct onvme_virt_second *second, unsigned int nr, enum onvme_virt_kind kind)
{
	unsigned int least = onvme_virt_least(kind), i, k;

	for (i = 0; i < nr; i++) {
		if (second[i].nr[kind] >= pool->most)
			continue;
		for (k = 0; k < nr; k++) {
			u64 had = second[k].nr[kind] > least + pool->step ? second[k].nr[kind] - pool->step : 0;

			CHECK(had * weight_of(policy, i) <= (u64)second[i].nr[kind] * weight_of(policy, k));
		}
	}
}

static void check_share(const struct onvme_virt_pool *pool, const struct onvme_virt_policy *policy, unsigned int nr,
			enum onvme_virt_kind kind)
{
	struct onvme_virt_second second[ONVME_VIRT_MAX] = {};
	unsigned int least = onvme_virt_least(kind), own = pool->fixed < least ? least - pool->fixed : 0, i;
	u16 primary = 0x5a5a;
	u64 given = 0;
	bool full = true;
	int err = onvme_virt_share(pool, kind, policy, second, nr, &primary);

	for (i = 0; i < nr; i++) {
		given += second[i].nr[kind];
		full &= second[i].nr[kind] == pool->most;
	}
	if (!pool->flexible) {
		EQUAL(err, 0);
		EQUAL(given, 0);
		EQUAL(primary, pool->primary);
		return;
	}
	if (err) {
		EQUAL(err, -ENOSPC);
		CHECK(pool->most < least || own + (u64)nr * least > pool->total);
		EQUAL(given, 0);
		EQUAL(primary, pool->primary);
		return;
	}
	EQUAL(given + primary, pool->total);
	CHECK(primary + pool->fixed >= least);
	CHECK(full || primary == own);
	for (i = 0; i < nr; i++)
		CHECK(second[i].nr[kind] >= least && second[i].nr[kind] <= pool->most);
	check_fair(pool, policy, second, nr, kind);
}

static void random_shares(void)
{
	unsigned long round;

	for (round = 0; round < rounds(3000); round++) {
		struct onvme_virt_policy policy = random_policy();
		struct onvme_virt_pool pool = {
			.flexible = rnd_below(10), .total = some(), .primary = some(), .fixed = some(), .most = some(),
			.step = max(some(), (u16)1),
		};
		unsigned int nr = 1 + (rnd_below(4) ? rnd_below(8) : rnd_below(ONVME_VIRT_MAX));

		check_share(&pool, &policy, nr, ONVME_VIRT_VQ);
		check_share(&pool, &policy, nr, ONVME_VIRT_VI);
	}
}

static void known_shares(void)
{
	struct onvme_virt_pool pool = {
		.flexible = true, .total = 24, .primary = 24, .fixed = 3, .most = 12, .step = 1,
	};
	struct onvme_virt_policy policy = {};
	struct onvme_virt_second second[4] = {};
	u16 primary;

	EQUAL(onvme_virt_share(&pool, ONVME_VIRT_VQ, &policy, second, 4, &primary), 0);
	EQUAL(second[0].nr[ONVME_VIRT_VQ], 6);
	EQUAL(second[3].nr[ONVME_VIRT_VQ], 6);
	EQUAL(primary, 0);
	EQUAL(onvme_virt_parse_policy("3 1 1 1\n", &policy), 0);
	EQUAL(onvme_virt_share(&pool, ONVME_VIRT_VQ, &policy, second, 4, &primary), 0);
	EQUAL(second[0].nr[ONVME_VIRT_VQ], 12);
	EQUAL(second[1].nr[ONVME_VIRT_VQ], 4);
	EQUAL(onvme_virt_share(&pool, ONVME_VIRT_VQ, &policy, second, 1, &primary), 0);
	EQUAL(second[0].nr[ONVME_VIRT_VQ], 12);
	EQUAL(primary, 12);
	/* A primary controller without a private queue keeps an admin queue and one more. */
	pool.fixed = 0;
	pool.total = 9;
	EQUAL(onvme_virt_share(&pool, ONVME_VIRT_VQ, &policy, second, 4, &primary), -ENOSPC);
	pool.total = 10;
	EQUAL(onvme_virt_share(&pool, ONVME_VIRT_VQ, &policy, second, 4, &primary), 0);
	EQUAL(primary, 2);
}

static void put(struct onvme_id_flexible *id, u32 frt, u16 rfap, u16 prt, u16 frsm, u16 gran)
{
	*id = (struct onvme_id_flexible){
		.frt = cpu_to_le32(frt), .rfap = cpu_to_le16(rfap), .prt = cpu_to_le16(prt),
		.frsm = cpu_to_le16(frsm), .gran = cpu_to_le16(gran),
	};
}

static void pools(void)
{
	static struct onvme_id_primary id;
	struct onvme_virt_pool pool[ONVME_VIRT_KINDS];

	id.cntlid = cpu_to_le16(7);
	id.crt = ONVME_CRT_VQ | ONVME_CRT_VI;
	put(&id.vq, 0xffffffff, 12, 3, 5, 0);
	put(&id.vi, 9, 9, 1, 65535, 65535);
	EQUAL(onvme_virt_pools(&id, 8, pool), -EINVAL);
	EQUAL(onvme_virt_pools(&id, 7, pool), 0);
	CHECK(pool[ONVME_VIRT_VQ].flexible && pool[ONVME_VIRT_VI].flexible);
	EQUAL(pool[ONVME_VIRT_VQ].total, 65535);
	EQUAL(pool[ONVME_VIRT_VQ].primary, 12);
	EQUAL(pool[ONVME_VIRT_VQ].fixed, 3);
	EQUAL(pool[ONVME_VIRT_VQ].most, 5);
	EQUAL(pool[ONVME_VIRT_VQ].step, 1);
	EQUAL(pool[ONVME_VIRT_VI].total, 9);
	EQUAL(pool[ONVME_VIRT_VI].step, 65535);
	/* More of them than there are: only where they count. */
	put(&id.vi, 9, 10, 1, 4, 1);
	EQUAL(onvme_virt_pools(&id, 7, pool), -EINVAL);
	id.crt = ONVME_CRT_VQ;
	EQUAL(onvme_virt_pools(&id, 7, pool), 0);
	CHECK(!pool[ONVME_VIRT_VI].flexible);
}

static struct onvme_id_secondaries list;

static void entry(unsigned int i, u16 scid, u16 pcid, u16 vfn)
{
	list.entry[i].scid = cpu_to_le16(scid);
	list.entry[i].pcid = cpu_to_le16(pcid);
	list.entry[i].vfn = cpu_to_le16(vfn);
}

static int seconds(struct onvme_virt_second *second, unsigned int nr, u16 *next)
{
	memset(second, 0, nr * sizeof(*second));
	return onvme_virt_seconds(&list, 1, second, nr, next);
}

static void lists(void)
{
	struct onvme_virt_second second[4];
	u16 next = 0;
	unsigned int i;

	memset(&list, 0, sizeof(list));
	list.numid = 3;
	entry(0, 2, 1, 1);
	entry(1, 9, 1, 4);
	entry(2, 10, 1, 2);
	EQUAL(seconds(second, 4, &next), 0);
	CHECK(second[0].known && second[1].known && !second[2].known && second[3].known);
	EQUAL(second[3].cntlid, 9);
	/* One beyond those that are wanted, or none at all, is nobody. */
	EQUAL(seconds(second, 2, &next), 0);
	entry(2, 10, 1, 0);
	EQUAL(seconds(second, 4, &next), 0);
	CHECK(!second[1].known);
	/* Twice the same function; another's; the primary controller itself; not in order; more than fit. */
	entry(2, 10, 1, 1);
	EQUAL(seconds(second, 4, &next), -EINVAL);
	entry(2, 10, 3, 2);
	EQUAL(seconds(second, 4, &next), -EINVAL);
	entry(2, 9, 1, 2);
	EQUAL(seconds(second, 4, &next), -EINVAL);
	entry(2, 10, 1, 2);
	entry(0, 1, 1, 1);
	EQUAL(seconds(second, 4, &next), -EINVAL);
	list.numid = 128;
	EQUAL(seconds(second, 4, &next), -EINVAL);
	/* A full page has another behind it, until there is no identifier left. */
	for (i = 0; i < ONVME_SECONDARIES_PER_PAGE; i++)
		entry(i, (u16)(100 + i), 1, (u16)(i + 1));
	list.numid = ONVME_SECONDARIES_PER_PAGE;
	next = 100;
	EQUAL(seconds(second, 4, &next), 1);
	EQUAL(next, 227);
	EQUAL(seconds(second, 4, &next), -EINVAL);
	entry(ONVME_SECONDARIES_PER_PAGE - 1, 65535, 1, 0);
	next = 100;
	EQUAL(seconds(second, 4, &next), 0);
}

static void garbage_lists(void)
{
	unsigned long round;

	for (round = 0; round < rounds(5000); round++) {
		struct onvme_virt_second second[ONVME_VIRT_MAX];
		u16 next = (u16)rnd(), from = next;
		int ret;

		rnd_fill(&list, sizeof(list));
		list.numid = (u8)rnd_below(4);
		ret = seconds(second, ONVME_VIRT_MAX, &next);
		CHECK(ret == 0 || ret == -EINVAL);
		EQUAL(next, from);
	}
}

static void policies(void)
{
	static const char * const bad[] = {
		"", "\n", "0", "256", "1 0", "1,2", "1 x", "-1", "even ", "1\n2", "99999999999", "evenly", " ",
	};
	struct onvme_virt_policy policy = { .nr = 5 };
	char text[2 * ONVME_VIRT_MAX + 4];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		ktap_note = bad[i];
		EQUAL(onvme_virt_parse_policy(bad[i], &policy), -EINVAL);
		EQUAL(policy.nr, 5);
	}
	ktap_note = "";
	EQUAL(onvme_virt_parse_policy("255  1 7 ", &policy), 0);
	EQUAL(policy.nr, 3);
	EQUAL(policy.weight[0], 255);
	EQUAL(policy.weight[2], 7);
	EQUAL(onvme_virt_parse_policy("even\n", &policy), 0);
	EQUAL(policy.nr, 0);
	for (i = 0; i < ONVME_VIRT_MAX + 1; i++)
		memcpy(text + 2 * i, "1 ", 3);
	EQUAL(onvme_virt_parse_policy(text, &policy), -EINVAL);
	text[2 * ONVME_VIRT_MAX] = 0;
	EQUAL(onvme_virt_parse_policy(text, &policy), 0);
	EQUAL(policy.nr, ONVME_VIRT_MAX);
	EQUAL(onvme_virt_parse_policy("even", &policy), 0);
}

KTAP_MAIN("t_virt",
	  KTAP_CASE(known_shares),
	  KTAP_CASE(random_shares),
	  KTAP_CASE(pools),
	  KTAP_CASE(lists),
	  KTAP_CASE(garbage_lists),
	  KTAP_CASE(policies))
