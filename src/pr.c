// SPDX-License-Identifier: GPL-2.0
#include <linux/bitfield.h>
#include <linux/blkdev.h>
#include <linux/slab.h>

#include "admin.h"
#include "compat/pr.h"
#include "ctrl.h"
#include "disk.h"
#include "fault.h"
#include "passthru.h"
#include "pr.h"
#include "proto/cmd.h"

#define ONVME_PR_REPORT_BYTES	4096u		/* that most reports fit into: 62 registrants */
#define ONVME_PR_REPORT_MOST	131072u

static bool onvme_pr_supported(struct onvme_ctrl *ctrl)
{
	bool supported;

	rcu_read_lock();
	supported = rcu_dereference(ctrl->caps)->oncs & ONVME_ONCS_RESERVATIONS;
	rcu_read_unlock();
	return supported;
}

/*
 * Send a command as a user would; for a controller without reservations, answer in its place. Returns 0 with the answer
 * in @answer, or a negative errno when there is none.
 */
static int onvme_pr_send(struct block_device *bdev, struct onvme_sqe *sqe, void *buf, unsigned int len,
			 struct onvme_answer *answer)
{
	struct onvme_disk *disk = onvme_disk_of(bdev->bd_disk);
	int err;

	err = onvme_passthru_enter(disk->ctrl, false);
	if (err)
		return err;
	if (!onvme_pr_supported(disk->ctrl)) {
		*answer = (struct onvme_answer){ .status = ONVME_SC_INVALID_OPCODE | ONVME_SF_DNR };
		return 0;
	}
	if (READ_ONCE(disk->hot.block_mask) == ONVME_BLK_NO_MASK)
		return -ENODEV;		/* its id may stand for another namespace by now */
	sqe->nsid = cpu_to_le32(disk->hot.nsid);
	err = onvme_admin_user_io(disk->ctrl, sqe, buf, len, answer);
	return err == -EIO && answer->status ? 0 : err;
}

static int onvme_pr_command(struct block_device *bdev, u8 opcode, u32 cdw10, u64 key, u64 other)
{
	struct onvme_resv_keys *keys = ONVME_ALLOC(kmalloc(sizeof(*keys), GFP_KERNEL));
	struct onvme_answer answer;
	struct onvme_sqe sqe;
	int err;

	if (!keys)
		return -ENOMEM;
	keys->crkey = cpu_to_le64(key);
	keys->other = cpu_to_le64(other);
	onvme_cmd_init(&sqe, opcode, 0);
	sqe.cdw10 = cpu_to_le32(cdw10);
	err = onvme_pr_send(bdev, &sqe, keys,
			    opcode == ONVME_NVM_RESV_RELEASE ? sizeof(keys->crkey) : sizeof(*keys), &answer);
	kfree(keys);
	return err ?: onvme_compat_pr_result(answer.status);
}

static bool onvme_pr_type_ok(enum pr_type type)
{
	return type >= PR_WRITE_EXCLUSIVE && type <= ONVME_RESV_TYPES;
}

static_assert(PR_WRITE_EXCLUSIVE == 1 && PR_EXCLUSIVE_ACCESS == 2 && PR_WRITE_EXCLUSIVE_REG_ONLY == 3 &&
	      PR_EXCLUSIVE_ACCESS_REG_ONLY == 4 && PR_WRITE_EXCLUSIVE_ALL_REGS == 5 &&
	      PR_EXCLUSIVE_ACCESS_ALL_REGS == ONVME_RESV_TYPES);

/* Without an old key it is a registration, without a new one the end of it. */
static int onvme_pr_register(struct block_device *bdev, u64 old, u64 new, u32 flags)
{
	u32 cdw10 = ONVME_RESV_PERSIST | (flags & PR_FL_IGNORE_KEY ? ONVME_RESV_IGNORE_KEY : 0);

	if (flags & ~PR_FL_IGNORE_KEY)
		return -EOPNOTSUPP;
	cdw10 |= !new ? ONVME_RESV_UNREGISTER : old ? ONVME_RESV_REPLACE : ONVME_RESV_REGISTER;
	return onvme_pr_command(bdev, ONVME_NVM_RESV_REGISTER, cdw10, old, new);
}

static int onvme_pr_reserve(struct block_device *bdev, u64 key, enum pr_type type, u32 flags)
{
	u32 cdw10 = ONVME_RESV_ACQUIRE | (flags & PR_FL_IGNORE_KEY ? ONVME_RESV_IGNORE_KEY : 0);

	if (flags & ~PR_FL_IGNORE_KEY)
		return -EOPNOTSUPP;
	if (!onvme_pr_type_ok(type))
		return -EINVAL;
	return onvme_pr_command(bdev, ONVME_NVM_RESV_ACQUIRE, cdw10 | FIELD_PREP(ONVME_RESV_TYPE, type), key, 0);
}

static int onvme_pr_release(struct block_device *bdev, u64 key, enum pr_type type)
{
	u32 cdw10 = ONVME_RESV_RELEASE | (key ? 0 : ONVME_RESV_IGNORE_KEY);

	if (!onvme_pr_type_ok(type))
		return -EINVAL;
	return onvme_pr_command(bdev, ONVME_NVM_RESV_RELEASE, cdw10 | FIELD_PREP(ONVME_RESV_TYPE, type), key, 0);
}

/* @old is the key of who preempts, @new of who is preempted: so the ioctl has it for SCSI as well. */
static int onvme_pr_preempt(struct block_device *bdev, u64 old, u64 new, enum pr_type type, bool abort)
{
	u32 cdw10 = abort ? ONVME_RESV_PREEMPT_ABORT : ONVME_RESV_PREEMPT;

	if (!onvme_pr_type_ok(type))
		return -EINVAL;
	return onvme_pr_command(bdev, ONVME_NVM_RESV_ACQUIRE, cdw10 | FIELD_PREP(ONVME_RESV_TYPE, type), old, new);
}

static int onvme_pr_clear(struct block_device *bdev, u64 key)
{
	return onvme_pr_command(bdev, ONVME_NVM_RESV_RELEASE, ONVME_RESV_CLEAR | (key ? 0 : ONVME_RESV_IGNORE_KEY),
				key, 0);
}

struct onvme_pr_page {
	void				*data;
	bool				extended;
	struct onvme_resv_report	report;
};

/* Once. A controller that was told a host identifier of 64 bits has reports of the short form only. */
static int onvme_pr_ask(struct block_device *bdev, unsigned int len, struct onvme_pr_page *page)
{
	struct onvme_ctrl *ctrl = onvme_disk_of(bdev->bd_disk)->ctrl;
	struct onvme_finding finding = {};
	struct onvme_answer answer;
	struct onvme_sqe sqe;
	unsigned int form;
	int err = 0;

	for (form = 0; form < 2; form++) {
		page->extended = !form;
		memset(page->data, 0, len);
		onvme_cmd_init(&sqe, ONVME_NVM_RESV_REPORT, 0);
		sqe.cdw10 = cpu_to_le32(len / 4 - 1);
		sqe.cdw11 = cpu_to_le32(page->extended ? ONVME_RESV_EXTENDED : 0);
		err = onvme_pr_send(bdev, &sqe, page->data, len, &answer);
		if (err || (answer.status & ONVME_SF_CODE) != ONVME_SC_HOST_ID_FORMAT)
			break;
	}
	if (err || answer.status)
		return err ?: onvme_compat_pr_result(answer.status);
	onvme_resv_read(page->data, len, page->extended, &page->report, &finding);
	onvme_observe_finding(&ctrl->dev, &ctrl->counters, &finding, "Reservation Report");
	return finding.count ? -EIO : 0;
}

/*
 * Ask until the report tells of @most registrants, or of all. There may be more by the time that there is room for
 * those that were told of. The caller frees page->data.
 */
static int onvme_pr_report(struct block_device *bdev, u32 most, struct onvme_pr_page *page)
{
	struct onvme_ctrl *ctrl = onvme_disk_of(bdev->bd_disk)->ctrl;
	unsigned int tries, len = ONVME_PR_REPORT_BYTES, limit;
	int err;

	page->data = NULL;
	rcu_read_lock();
	limit = min(rcu_dereference(ctrl->caps)->max_bytes, ONVME_PR_REPORT_MOST);
	rcu_read_unlock();
	for (tries = 0; tries < 3; tries++) {
		kfree(page->data);
		page->data = ONVME_ALLOC(kmalloc(len, GFP_KERNEL));
		if (!page->data)
			return -ENOMEM;
		err = onvme_pr_ask(bdev, len, page);
		if (err || page->report.room >= min(most, page->report.registrants))
			return err;
		if (len == limit)
			break;
		len = min_t(size_t, limit, onvme_resv_report_len(page->report.registrants, page->extended));
	}
	return -EOVERFLOW;
}

static int __maybe_unused onvme_pr_read_keys(struct block_device *bdev, struct pr_keys *keys)
{
	struct onvme_pr_page page;
	u32 i, most = keys->num_keys;
	bool holds;
	int err = onvme_pr_report(bdev, most, &page);

	if (!err) {
		keys->generation = page.report.generation;
		keys->num_keys = page.report.registrants;
		for (i = 0; i < min(most, page.report.room); i++)
			keys->keys[i] = onvme_resv_key(page.data, page.extended, i, &holds);
	}
	kfree(page.data);
	return err;
}

/* Where all registrants hold it, the key is that of the first. */
static int __maybe_unused onvme_pr_read_reservation(struct block_device *bdev, struct pr_held_reservation *held)
{
	struct onvme_pr_page page;
	bool holds = false;
	u64 key = 0;
	u32 i;
	int err = onvme_pr_report(bdev, U32_MAX, &page);

	if (!err) {
		for (i = 0; page.report.type && !holds && i < page.report.room; i++)
			key = onvme_resv_key(page.data, page.extended, i, &holds);
		held->generation = page.report.generation;
		held->type = page.report.type;
		held->key = holds ? key : 0;
	}
	kfree(page.data);
	return err;
}

const struct pr_ops onvme_pr_ops = {
	.pr_register		= onvme_pr_register,
	.pr_reserve		= onvme_pr_reserve,
	.pr_release		= onvme_pr_release,
	.pr_preempt		= onvme_pr_preempt,
	.pr_clear		= onvme_pr_clear,
	ONVME_PR_READS(onvme_pr_read_keys, onvme_pr_read_reservation)
};
