/* SPDX-License-Identifier: GPL-2.0 */
/*
 * feature.h - features that users have set, and that a controller forgets in a reset.
 *
 * Pure functions of a list that the caller owns. Only features whose value is in command dword 11 are kept, and none
 * that the driver sets by itself. The list is bounded: what does not fit is not kept.
 */
#ifndef ONVME_PROTO_FEATURE_H
#define ONVME_PROTO_FEATURE_H

#include <onvme/spec.h>

#define ONVME_FEATURES_KEPT	32

/**
 * struct onvme_feature - a feature that was set
 * @fid: which feature, ONVME_FEAT_*
 * @nsid: of which namespace, or as the user has it
 * @value: command dword 11
 */
struct onvme_feature {
	u8	fid;
	u32	nsid;
	u32	value;
};

/**
 * struct onvme_feature_list - those that are kept, in the order in which they were first set
 * @nr: how many
 * @item: they
 */
struct onvme_feature_list {
	unsigned int		nr;
	struct onvme_feature	item[ONVME_FEATURES_KEPT];
};

bool onvme_feature_of(const struct onvme_sqe *sqe, struct onvme_feature *feature, bool *saved);
bool onvme_feature_keep(struct onvme_feature_list *list, const struct onvme_feature *feature);
void onvme_feature_drop(struct onvme_feature_list *list, const struct onvme_feature *feature);

#endif /* ONVME_PROTO_FEATURE_H */
