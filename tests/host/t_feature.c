// SPDX-License-Identifier: GPL-2.0
/* feature.c: what is kept of random commands, against a model that remembers all of them. */
#include <linux/array_size.h>

#include "cmd.h"
#include "feature.h"
#include "ktap.h"

static struct onvme_sqe random_set(void)
{
	static const u8 fids[] = {
		1, 2, 4, 5, 6, 7, 8, 9, 0xa, 0xb, 0xc, 0xd, 0xe, 0x10, 0x11, 0x16, 0x80, 0xc0, 0xff,
	};
	struct onvme_sqe sqe;

	onvme_cmd_set_features(&sqe, fids[rnd_below(ARRAY_SIZE(fids))], rnd_below(4) | rnd_below(4) << 16);
	if (sqe.cdw10 == cpu_to_le32(5))
		sqe.nsid = cpu_to_le32(rnd_below(3));
	if (!rnd_below(4))
		sqe.cdw10 |= cpu_to_le32(1u << 31);
	if (!rnd_below(20))
		sqe.cdw12 = cpu_to_le32(1);
	if (!rnd_below(20))
		sqe.opcode = ONVME_ADM_GET_FEATURES;
	return sqe;
}

static bool model_kept(u8 fid)
{
	return fid == 1 || fid == 4 || fid == 5 || fid == 6 || fid == 0xa || fid == 0x10 || fid == 0x11;
}

/* Whether two commands are about the same thing */
static bool model_same(const struct onvme_sqe *a, const struct onvme_sqe *b)
{
	u8 fid = (u8)le32_to_cpu(a->cdw10);

	if (fid != (u8)le32_to_cpu(b->cdw10) || a->nsid != b->nsid)
		return false;
	return fid != 4 || !((le32_to_cpu(a->cdw11) ^ le32_to_cpu(b->cdw11)) >> 16 & 0x3f);
}

static void random_commands(void)
{
	unsigned long round;

	for (round = 0; round < rounds(2000); round++) {
		struct onvme_feature_list list = {};
		struct onvme_sqe all[40];
		bool kept[40];
		unsigned int n, i, j;

		for (n = 0; n < 1 + rnd_below(ARRAY_SIZE(all)); n++) {
			struct onvme_feature feature;
			u8 fid;
			bool saved;

			all[n] = random_set();
			fid = (u8)le32_to_cpu(all[n].cdw10);
			kept[n] = onvme_feature_of(&all[n], &feature, &saved);
			EQUAL(kept[n], model_kept(fid) && !all[n].cdw12 && all[n].opcode == ONVME_ADM_SET_FEATURES);
			EQUAL(saved, le32_to_cpu(all[n].cdw10) >> 31);
			EQUAL(feature.fid, fid);
			if (!kept[n])
				continue;
			for (i = 0; i < n; i++)
				kept[i] = kept[i] && !model_same(&all[i], &all[n]);
			kept[n] = !saved;
			if (saved)
				onvme_feature_drop(&list, &feature);
			else
				CHECK(onvme_feature_keep(&list, &feature));
		}
		for (i = 0, j = 0; i < n; i++)
			j += kept[i];
		EQUAL(list.nr, j);
		for (i = 0; i < n; i++) {
			for (j = 0; kept[i] && j < list.nr; j++)
				if (list.item[j].fid == (u8)le32_to_cpu(all[i].cdw10) &&
				    list.item[j].nsid == le32_to_cpu(all[i].nsid) &&
				    list.item[j].value == le32_to_cpu(all[i].cdw11))
					break;
			CHECK(!kept[i] || j < list.nr);
		}
	}
}

static void full(void)
{
	struct onvme_feature_list list = {};
	struct onvme_feature feature = { .fid = ONVME_FEAT_ERROR_RECOVERY };
	unsigned int i;

	for (i = 0; i < 2 * ONVME_FEATURES_KEPT; i++) {
		feature.nsid = i;
		EQUAL(onvme_feature_keep(&list, &feature), i < ONVME_FEATURES_KEPT);
	}
	EQUAL(list.nr, ONVME_FEATURES_KEPT);
	feature.nsid = 3;
	feature.value = 7;
	CHECK(onvme_feature_keep(&list, &feature));
	EQUAL(list.item[3].value, 7);
	onvme_feature_drop(&list, &feature);
	EQUAL(list.nr, ONVME_FEATURES_KEPT - 1);
	EQUAL(list.item[3].nsid, 4);
	feature.nsid = 1000;
	onvme_feature_drop(&list, &feature);
	EQUAL(list.nr, ONVME_FEATURES_KEPT - 1);
}

KTAP_MAIN("t_feature",
	  KTAP_CASE(random_commands),
	  KTAP_CASE(full))
