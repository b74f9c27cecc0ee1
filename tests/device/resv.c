// SPDX-License-Identifier: GPL-2.0
/*
 * Base, "Reservations". Registrant 0 is the host on this controller; registrant 1 is the other host, which exists only
 * in a scenario.
 */
#include <stdlib.h>
#include <string.h>

#include "device.h"

struct registrant {
	bool	there;
	u64	key;
};

struct resv {
	struct registrant	who[2];
	u32			holder;		/* when @type is not 0 */
	u32			type;		/* 1 to 6 */
	u32			generation;
	bool			persist;
};

#define OTHER_KEY	0x6f74686572ull

static struct resv *resv_of(struct ns *ns)
{
	if (!ns->resv)
		ns->resv = zalloc(sizeof(*ns->resv));
	return ns->resv;
}

void resv_free(struct ns *ns)
{
	free(ns->resv);
	ns->resv = NULL;
}

static bool resv_is_all(u32 type)
{
	return type >= 5;		/* all registrants hold it */
}

static bool resv_is_exclusive(u32 type)
{
	return type == 2 || type == 4 || type == 6;
}

u32 resv_may(struct cmd *cmd, const struct ns *ns, bool write)
{
	const struct resv *resv = ns->resv;

	(void)cmd;
	if (!resv || !resv->type || (!write && !resv_is_exclusive(resv->type)))
		return SC_OK;
	if (!resv_is_all(resv->type) && !resv->holder)
		return SC_OK;
	if (resv->type >= 3 && resv->who[0].there)
		return SC_OK;			/* registrants may */
	return SC_RESERVED | SF_DNR;
}

static u32 resv_keys(struct cmd *cmd, u32 len, u64 *current_key, u64 *new_key, struct ns **ns)
{
	u8 data[16] = {};
	u32 status;

	*ns = ns_get(cmd->dev, cmd->sqe.nsid);
	if (!*ns)
		return SC_NAMESPACE | SF_DNR;
	status = xfer_in(cmd, data, len);
	*current_key = get_le(data, 8);
	*new_key = get_le(data + 8, 8);
	return status;
}

static void resv_drop(struct resv *resv, u32 who)
{
	resv->who[who].there = false;
	if (resv->type && resv->holder == who && !(resv_is_all(resv->type) && resv->who[!who].there))
		resv->type = 0;
	else if (resv->type && resv->holder == who)
		resv->holder = !who;
}

u32 resv_register(struct cmd *cmd)
{
	u32 action = cmd->sqe.cdw[0] & 7, status;
	bool ignore = cmd->sqe.cdw[0] & 8;
	struct resv *resv;
	struct ns *ns;
	u64 key, new;

	status = resv_keys(cmd, 16, &key, &new, &ns);
	if (status)
		return status;
	resv = resv_of(ns);
	if (cmd->sqe.cdw[0] >> 30 >= 2)
		resv->persist = cmd->sqe.cdw[0] >> 30 == 3;
	if (action > 2)
		return SC_FIELD | SF_DNR;
	if (!action) {
		if (resv->who[0].there && resv->who[0].key != new)
			return SC_RESERVED | SF_DNR;
		resv->who[0] = (struct registrant){ .there = true, .key = new };
	} else {
		if (!resv->who[0].there || (!ignore && resv->who[0].key != key))
			return SC_RESERVED | SF_DNR;
		if (action == 1)
			resv_drop(resv, 0);
		else
			resv->who[0].key = new;
	}
	resv->generation++;
	return SC_OK;
}

static u32 resv_preempt(struct resv *resv, u64 victim, u32 type)
{
	bool other = resv->who[1].there && resv->who[1].key == victim, held = resv->type;

	if (!other && (!held || resv->who[0].key != victim))
		return SC_RESERVED | SF_DNR;
	if (other)
		resv_drop(resv, 1);
	if (held) {
		resv->type = type;
		resv->holder = 0;
	}
	resv->generation++;
	return SC_OK;
}

u32 resv_acquire(struct cmd *cmd)
{
	u32 action = cmd->sqe.cdw[0] & 7, type = cmd->sqe.cdw[0] >> 8 & 0xff, status;
	bool ignore = cmd->sqe.cdw[0] & 8;
	struct resv *resv;
	struct ns *ns;
	u64 key, victim;

	status = resv_keys(cmd, 16, &key, &victim, &ns);
	if (status)
		return status;
	resv = resv_of(ns);
	if (!type || type > 6 || action > 2)
		return SC_FIELD | SF_DNR;
	if (!resv->who[0].there || (!ignore && resv->who[0].key != key))
		return SC_RESERVED | SF_DNR;
	if (action)
		return resv_preempt(resv, victim, type);
	if (resv->type && (resv->holder || resv->type != type))
		return SC_RESERVED | SF_DNR;
	resv->type = type;
	resv->holder = 0;
	return SC_OK;
}

u32 resv_release(struct cmd *cmd)
{
	u32 action = cmd->sqe.cdw[0] & 7, type = cmd->sqe.cdw[0] >> 8 & 0xff, status;
	bool ignore = cmd->sqe.cdw[0] & 8;
	struct resv *resv;
	struct ns *ns;
	u64 key, unused;

	status = resv_keys(cmd, 8, &key, &unused, &ns);
	if (status)
		return status;
	resv = resv_of(ns);
	if (action > 1)
		return SC_FIELD | SF_DNR;
	if (!resv->who[0].there || (!ignore && resv->who[0].key != key))
		return SC_RESERVED | SF_DNR;
	if (action == 1) {
		memset(resv->who, 0, sizeof(resv->who));
		resv->type = 0;
		resv->generation++;
		return SC_OK;
	}
	if (!resv->type || (resv->holder && !resv_is_all(resv->type)))
		return SC_OK;
	if (resv->type != type)
		return SC_FIELD | SF_DNR;
	resv->type = 0;
	return SC_OK;
}

u32 resv_report(struct cmd *cmd)
{
	u64 len = (cmd->sqe.cdw[0] + 1ull) * 4;
	bool extended = cmd->sqe.cdw[1] & 1;
	struct ns *ns = ns_get(cmd->dev, cmd->sqe.nsid);
	u32 at = extended ? 64 : 24, i, n = 0, status;
	struct resv *resv;
	u8 page[4096] = {};

	if (!ns)
		return SC_NAMESPACE | SF_DNR;
	status = examine_length(cmd, len);
	if (status)
		return status;
	resv = resv_of(ns);
	put_le(page, resv->generation, 4);
	page[4] = (u8)resv->type;
	page[9] = resv->persist;
	for (i = 0; i < 2; i++) {
		u8 *entry = page + at + n * (extended ? 64 : 24);

		if (!resv->who[i].there)
			continue;
		put_le(entry, i + 1, 2);
		entry[2] = resv->type && (resv->holder == i || resv_is_all(resv->type));
		put_le(entry + 8, extended ? resv->who[i].key : 0x1000 + i, 8);
		put_le(entry + 16, extended ? 0x1000 + i : resv->who[i].key, 8);
		n++;
	}
	put_le(page + 5, n, 2);
	return xfer_out_part(cmd, page, sizeof(page), 0, (u32)min_of(len, 1ull << 20));
}

void resv_by_other(struct ns *ns, u32 type)
{
	struct resv *resv = resv_of(ns);

	resv->who[1] = (struct registrant){ .there = type, .key = OTHER_KEY };
	resv->type = type;
	resv->holder = 1;
	resv->generation++;
}
