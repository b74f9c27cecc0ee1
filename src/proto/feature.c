// SPDX-License-Identifier: GPL-2.0
#include <asm/byteorder.h>
#include <linux/array_size.h>
#include <linux/bitfield.h>

#include "feature.h"

/* Base, "Features": which are kept, and which bits of dword 11 say of what the value is */
static const struct onvme_feature_form {
	u8	fid;
	u32	selector;
} onvme_feature_forms[] = {
	{ ONVME_FEAT_ARBITRATION,	0 },
	{ ONVME_FEAT_TEMPERATURE,	ONVME_TEMP_SENSOR | ONVME_TEMP_THSEL },
	{ ONVME_FEAT_ERROR_RECOVERY,	0 },
	{ ONVME_FEAT_WRITE_CACHE,	0 },
	{ ONVME_FEAT_ATOMICITY,	0 },
	{ ONVME_FEAT_THERMAL,	0 },
	{ ONVME_FEAT_NON_OPERATIONAL,	0 },
};

static const struct onvme_feature_form *onvme_feature_form(u8 fid)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(onvme_feature_forms); i++)
		if (onvme_feature_forms[i].fid == fid)
			return &onvme_feature_forms[i];
	return NULL;
}

/**
 * onvme_feature_of() - the feature that a command sets
 * @sqe: an admin command
 * @feature: the feature
 * @saved: the controller keeps it by itself (SV)
 *
 * Base, "Set Features command".
 *
 * Return: whether it is one to be kept.
 */
bool onvme_feature_of(const struct onvme_sqe *sqe, struct onvme_feature *feature, bool *saved)
{
	u32 cdw10 = le32_to_cpu(sqe->cdw10);

	*feature = (struct onvme_feature){
		.fid = (u8)FIELD_GET(ONVME_FEATURE_FID, cdw10), .nsid = le32_to_cpu(sqe->nsid),
		.value = le32_to_cpu(sqe->cdw11),
	};
	*saved = cdw10 & ONVME_FEATURE_SAVE;
	return sqe->opcode == ONVME_ADM_SET_FEATURES && onvme_feature_form(feature->fid) &&
	       !sqe->cdw12 && !sqe->cdw13 && !sqe->cdw14 && !sqe->cdw15;
}

/* Where the value of the same thing stands, or @list->nr. */
static unsigned int onvme_feature_find(const struct onvme_feature_list *list, const struct onvme_feature *feature)
{
	const struct onvme_feature_form *form = onvme_feature_form(feature->fid);
	u32 selector = form ? form->selector : 0;
	unsigned int i;

	for (i = 0; i < list->nr; i++)
		if (list->item[i].fid == feature->fid && list->item[i].nsid == feature->nsid &&
		    !((list->item[i].value ^ feature->value) & selector))
			break;
	return i;
}

/**
 * onvme_feature_keep() - keep a feature, in place of an earlier value of the same
 * @list: the list
 * @feature: one for which onvme_feature_of() returned true
 *
 * Return: false when there is no room.
 */
bool onvme_feature_keep(struct onvme_feature_list *list, const struct onvme_feature *feature)
{
	unsigned int i = onvme_feature_find(list, feature);

	if (i == ONVME_FEATURES_KEPT)
		return false;
	list->item[i] = *feature;
	if (i == list->nr)
		list->nr++;
	return true;
}

/**
 * onvme_feature_drop() - keep a feature no longer
 * @list: the list
 * @feature: one for which onvme_feature_of() returned true; its value does not matter
 */
void onvme_feature_drop(struct onvme_feature_list *list, const struct onvme_feature *feature)
{
	unsigned int i = onvme_feature_find(list, feature);

	if (i == list->nr)
		return;
	for (list->nr--; i < list->nr; i++)
		list->item[i] = list->item[i + 1];
}
