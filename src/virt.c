// SPDX-License-Identifier: GPL-2.0
/*
 * Base, "Virtualization Enhancements". A secondary controller takes resources while it is offline, and goes online
 * when it has some and VF Enable is set. A reset of its primary controller, of whatever kind, takes it offline; so when
 * that is live again each gets what it had. The secondary ones that are driven here too would climb the recovery ladder
 * meanwhile, for nothing: bring-up of one waits until the primary controller says that it is online.
 */
#include <linux/delay.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/sysfs.h>

#include "admin.h"
#include "class.h"
#include "ctrl.h"
#include "fault.h"
#include "proto/cmd.h"
#include "proto/status.h"

/* How long bring-up of a secondary controller waits for its primary one: as long as that may take. */
#define ONVME_VIRT_PATIENCE_MS	60000
#define ONVME_VIRT_LOOK_MS	20

/* Of a secondary controller. */
enum onvme_virt_state {
	ONVME_VIRT_PENDING,		/* offline, and about to be brought online */
	ONVME_VIRT_THERE,		/* online */
	ONVME_VIRT_REFUSED,		/* offline, and will stay so */
};

static const char * const onvme_virt_words[ONVME_VIRT_KINDS] = { "queues", "interrupts" };

static LIST_HEAD(onvme_virt_list);
static DEFINE_MUTEX(onvme_virt_list_lock);

static int onvme_virt_fail(struct onvme_ctrl *ctrl, int err, u16 status, u16 cntlid, const char *what)
{
	if (err == -EIO && status)
		dev_err(&ctrl->dev, "SR-IOV: controller %u: %s failed: %s (%#x)\n", cntlid, what,
			onvme_status_text(status), status);
	else
		dev_err(&ctrl->dev, "SR-IOV: controller %u: %s failed: %d\n", cntlid, what, err);
	return err;
}

static int onvme_virt_cmd(struct onvme_ctrl *ctrl, u16 cntlid, u8 action, u8 kind, u16 nr, struct onvme_answer *answer)
{
	struct onvme_sqe sqe;

	onvme_cmd_virt(&sqe, cntlid, action, kind, nr);
	return onvme_admin_cmd(ctrl, &sqe, NULL, 0, answer);
}

static bool onvme_virt_manages(struct onvme_ctrl *ctrl)
{
	bool manages;

	rcu_read_lock();
	manages = rcu_dereference(ctrl->caps)->oacs & ONVME_OACS_VIRT;
	rcu_read_unlock();
	return manages;
}

static int onvme_virt_identify(struct onvme_ctrl *ctrl, u8 cns, u16 from, void *page, struct onvme_answer *answer)
{
	struct onvme_sqe sqe;

	memset(page, 0, ONVME_IDENTIFY_SIZE);
	onvme_cmd_identify(&sqe, 0, cns, 0);
	sqe.cdw10 |= cpu_to_le32((u32)from << ONVME_IDENTIFY_CNTID_SHIFT);
	return onvme_admin_cmd(ctrl, &sqe, page, ONVME_IDENTIFY_SIZE, answer);
}

/*
 * Some know the command without saying so (OACS): they are asked. One that refuses, or has nothing flexible, leaves
 * each function what it has.
 */
static int onvme_virt_read_pools(struct onvme_ctrl *ctrl, void *page, struct onvme_virt_pool *pools)
{
	struct onvme_answer answer;
	int err = onvme_virt_identify(ctrl, ONVME_CNS_PRIMARY, ctrl->cntlid, page, &answer);

	if (err == -EIO && !onvme_virt_manages(ctrl))
		return -EOPNOTSUPP;
	err = err ?: onvme_virt_pools(page, ctrl->cntlid, pools);
	if (!err && !pools[ONVME_VIRT_VQ].flexible && !pools[ONVME_VIRT_VI].flexible)
		return -EOPNOTSUPP;
	return err ? onvme_virt_fail(ctrl, err, answer.status, ctrl->cntlid, "telling its resources") : 0;
}

/* The list is in ascending order, which is checked: it ends. */
static int onvme_virt_read_seconds(struct onvme_ctrl *ctrl, void *page, struct onvme_virt_second *second,
				   unsigned int nr)
{
	struct onvme_answer answer;
	unsigned int i;
	u16 next = 0;
	int err;

	do {
		err = onvme_virt_identify(ctrl, ONVME_CNS_SECONDARIES, next, page, &answer);
		err = err ?: onvme_virt_seconds(page, ctrl->cntlid, second, nr, &next);
	} while (err > 0);
	for (i = 0; !err && i < nr; i++)
		if (!second[i].known)
			err = -ENXIO;
	return err ? onvme_virt_fail(ctrl, err, answer.status, ctrl->cntlid, "telling its secondary controllers") : 0;
}

static int onvme_virt_make_plan(struct onvme_ctrl *ctrl, unsigned int nr, void *page)
{
	struct onvme_virt *virt = &ctrl->virt;
	struct onvme_virt_policy policy;
	unsigned int kind;
	int err;

	err = onvme_virt_read_pools(ctrl, page, virt->pools) ?: onvme_virt_read_seconds(ctrl, page, virt->second, nr);
	if (err)
		return err;
	mutex_lock(&onvme_virt_list_lock);
	policy = virt->policy;
	mutex_unlock(&onvme_virt_list_lock);
	for (kind = 0; kind < ONVME_VIRT_KINDS && !err; kind++) {
		const struct onvme_virt_pool *pool = &virt->pools[kind];

		virt->before[kind] = pool->primary;
		err = onvme_virt_share(pool, kind, &policy, virt->second, nr, &virt->primary[kind]);
		if (err)
			dev_err(&ctrl->dev, "SR-IOV: %u flexible %s, at most %u for each, are not enough for %u functions\n",
				pool->total, onvme_virt_words[kind], pool->most, nr);
	}
	return err;
}

/**
 * onvme_virt_has() - whether the controller may have secondary ones
 * @ctrl: the controller
 *
 * Return: whether its function may have virtual ones.
 */
bool onvme_virt_has(struct onvme_ctrl *ctrl)
{
	return pci_sriov_get_totalvfs(ctrl->hw.pdev) > 0;
}

/**
 * onvme_virt_plan() - who is to have what
 * @ctrl: the primary controller, live, without virtual functions
 * @nr: virtual functions that are wanted
 *
 * Says in one line what is wrong. Process context; sends commands.
 *
 * Return: 0: ctrl.virt says it; -EOPNOTSUPP: it has no resources to give out, each function has what it has; an errno.
 */
int onvme_virt_plan(struct onvme_ctrl *ctrl, unsigned int nr)
{
	struct onvme_virt *virt = &ctrl->virt;
	void *page;
	int err;

	if (nr > ONVME_VIRT_MAX) {
		dev_err(&ctrl->dev, "SR-IOV: at most %u functions\n", ONVME_VIRT_MAX);
		return -EINVAL;
	}
	mutex_lock(&virt->lock);
	if (!virt->second)
		virt->second = ONVME_ALLOC(kcalloc(ONVME_VIRT_MAX, sizeof(*virt->second), GFP_KERNEL));
	page = ONVME_ALLOC(kmalloc(ONVME_IDENTIFY_SIZE, GFP_KERNEL));
	err = -ENOMEM;
	if (virt->second && page) {
		memset(virt->second, 0, ONVME_VIRT_MAX * sizeof(*virt->second));
		memset(virt->state, ONVME_VIRT_PENDING, sizeof(virt->state));
		err = onvme_virt_make_plan(ctrl, nr, page);
	}
	kfree(page);
	mutex_unlock(&virt->lock);
	return err;
}

/**
 * onvme_virt_alloc() - how many flexible resources the primary controller is to have from its next reset on
 * @ctrl: the primary controller; none of them is with anybody else
 * @want: by kind
 *
 * Process context; sends commands.
 *
 * Return: 1: it needs a reset; 0: it has as many; an errno.
 */
int onvme_virt_alloc(struct onvme_ctrl *ctrl, const u16 *want)
{
	struct onvme_virt *virt = &ctrl->virt;
	struct onvme_answer answer;
	unsigned int kind;
	int err, ret = 0;

	for (kind = 0; kind < ONVME_VIRT_KINDS; kind++) {
		if (!virt->pools[kind].flexible || virt->pools[kind].primary == want[kind])
			continue;
		err = onvme_virt_cmd(ctrl, ctrl->cntlid, ONVME_VIRT_PRIMARY_ALLOC, kind, want[kind], &answer);
		if (err)
			return onvme_virt_fail(ctrl, err, answer.status, ctrl->cntlid, "another share of its own");
		ret = 1;
	}
	return ret;
}

/**
 * onvme_virt_settled() - whether the primary controller has as many flexible resources as it was told
 * @ctrl: the primary controller, live
 * @want: by kind
 *
 * Process context; sends a command.
 *
 * Return: whether it has; ctrl.virt.pools says how many.
 */
bool onvme_virt_settled(struct onvme_ctrl *ctrl, const u16 *want)
{
	struct onvme_virt_pool *pools = ctrl->virt.pools;
	void *page = ONVME_ALLOC(kmalloc(ONVME_IDENTIFY_SIZE, GFP_KERNEL));
	unsigned int kind;
	bool is;

	is = page && !onvme_virt_read_pools(ctrl, page, pools);
	kfree(page);
	for (kind = 0; kind < ONVME_VIRT_KINDS; kind++)
		is &= !pools[kind].flexible || pools[kind].primary == want[kind];
	return is;
}

/* A secondary controller that is offline gets what is planned, or loses it. */
static int onvme_virt_assign(struct onvme_ctrl *ctrl, const struct onvme_virt_second *second, bool give)
{
	struct onvme_answer answer;
	unsigned int kind;
	int err;

	err = onvme_virt_cmd(ctrl, second->cntlid, ONVME_VIRT_OFFLINE, 0, 0, &answer);
	if (err)
		return onvme_virt_fail(ctrl, err, answer.status, second->cntlid, "going offline");
	for (kind = 0; kind < ONVME_VIRT_KINDS; kind++) {
		if (!ctrl->virt.pools[kind].flexible)
			continue;
		err = onvme_virt_cmd(ctrl, second->cntlid, ONVME_VIRT_ASSIGN, kind, give ? second->nr[kind] : 0,
				     &answer);
		if (!err && give && (u16)answer.dw0 < onvme_virt_least(kind))
			err = -ENOSPC;
		if (err)
			return onvme_virt_fail(ctrl, err, answer.status, second->cntlid,
					       kind == ONVME_VIRT_VQ ? "taking queues" : "taking interrupts");
	}
	return 0;
}

static int onvme_virt_bring_online(struct onvme_ctrl *ctrl, unsigned int vf)
{
	struct onvme_virt *virt = &ctrl->virt;
	struct onvme_answer answer;
	int err;

	lockdep_assert_held(&virt->lock);
	err = onvme_virt_cmd(ctrl, virt->second[vf].cntlid, ONVME_VIRT_ONLINE, 0, 0, &answer);
	if (err)
		onvme_virt_fail(ctrl, err, answer.status, virt->second[vf].cntlid, "going online");
	WRITE_ONCE(virt->state[vf], err ? ONVME_VIRT_REFUSED : ONVME_VIRT_THERE);
	return err;
}

/* The primary controller is live again. Its secondary ones are reset first: each waits for what follows. */
static void onvme_virt_work(struct work_struct *work)
{
	struct onvme_ctrl *ctrl = container_of(work, struct onvme_ctrl, virt.work), *other;
	struct onvme_virt *virt = &ctrl->virt;
	unsigned int vf;
	int err = 0;

	mutex_lock(&onvme_virt_list_lock);
	list_for_each_entry(other, &onvme_virt_list, virt.node)
		if (other != ctrl && pci_physfn(other->hw.pdev) == ctrl->hw.pdev)
			other->ops->lost(other, "a reset of its primary controller");
	mutex_unlock(&onvme_virt_list_lock);
	mutex_lock(&virt->lock);
	for (vf = 0; vf < virt->nr && err != -EINTR; vf++) {
		if (virt->state[vf] == ONVME_VIRT_THERE)
			continue;
		err = onvme_virt_assign(ctrl, &virt->second[vf], true) ?: onvme_virt_bring_online(ctrl, vf);
		/* Given up by the host: there is a next reset, and work after it. */
		if (err && err != -EINTR)
			WRITE_ONCE(virt->state[vf], ONVME_VIRT_REFUSED);
		else if (err)
			WRITE_ONCE(virt->state[vf], ONVME_VIRT_PENDING);
	}
	mutex_unlock(&virt->lock);
}

/**
 * onvme_virt_init() - no virtual functions
 * @ctrl: a new controller
 */
void onvme_virt_init(struct onvme_ctrl *ctrl)
{
	mutex_init(&ctrl->virt.lock);
	INIT_WORK(&ctrl->virt.work, onvme_virt_work);
	INIT_LIST_HEAD(&ctrl->virt.node);
}

/**
 * onvme_virt_stop() - the controller is about to be reset or let go: its secondary ones are offline from now on
 * @ctrl: the controller
 *
 * Idempotent. Any context.
 */
void onvme_virt_stop(struct onvme_ctrl *ctrl)
{
	unsigned int vf;

	for (vf = 0; vf < ONVME_VIRT_MAX; vf++)
		WRITE_ONCE(ctrl->virt.state[vf], ONVME_VIRT_PENDING);
}

/**
 * onvme_virt_look() - the controller is live: see to its secondary ones, if it has any
 * @ctrl: the controller
 *
 * Any context.
 */
void onvme_virt_look(struct onvme_ctrl *ctrl)
{
	if (READ_ONCE(ctrl->virt.nr))
		queue_work(onvme_wq, &ctrl->virt.work);
}

/**
 * onvme_virt_find() - the primary controller of a physical function, if it has virtual functions that are served
 * @pdev: the physical function
 *
 * Process context.
 *
 * Return: the controller, with a reference to its device; or NULL.
 */
struct onvme_ctrl *onvme_virt_find(struct pci_dev *pdev)
{
	struct onvme_ctrl *ctrl, *found = NULL;

	mutex_lock(&onvme_virt_list_lock);
	list_for_each_entry(ctrl, &onvme_virt_list, virt.node)
		if (ctrl->hw.pdev == pdev && READ_ONCE(ctrl->virt.nr)) {
			get_device(&ctrl->dev);
			found = ctrl;
		}
	mutex_unlock(&onvme_virt_list_lock);
	return found;
}

static void onvme_virt_enlist(struct onvme_ctrl *ctrl)
{
	mutex_lock(&onvme_virt_list_lock);
	if (list_empty(&ctrl->virt.node))
		list_add(&ctrl->virt.node, &onvme_virt_list);
	mutex_unlock(&onvme_virt_list_lock);
}

/* 1: look again */
static int onvme_virt_is_online(const struct onvme_ctrl *primary, int vf)
{
	if (vf < 0 || vf >= READ_ONCE(primary->virt.nr) || onvme_ctrl_is(primary, ONVME_TERMINAL))
		return -EHOSTDOWN;
	if (onvme_ctrl_state(primary) != ONVME_LIVE)
		return 1;
	switch (READ_ONCE(primary->virt.state[vf])) {
	case ONVME_VIRT_THERE:
		return 0;
	case ONVME_VIRT_REFUSED:
		return -EHOSTDOWN;
	default:
		return 1;
	}
}

/**
 * onvme_virt_await() - wait until a controller that is a secondary one is online
 * @ctrl: the controller, in state starting. Caller holds ctrl.life
 *
 * Returns at once for any other, and where the physical function is not in our hands. Process context; bounded by
 * %ONVME_VIRT_PATIENCE_MS, and by the removal of either.
 *
 * Return: 0; -EHOSTDOWN: it is offline for too long, will stay so, or is being removed.
 */
int onvme_virt_await(struct onvme_ctrl *ctrl)
{
	struct pci_dev *pdev = ctrl->hw.pdev;
	struct onvme_ctrl *primary;
	unsigned int ms;
	int err;

	if (!pdev->is_virtfn)
		return 0;
	primary = onvme_virt_find(pci_physfn(pdev));
	if (!primary)
		return 0;
	onvme_virt_enlist(ctrl);
	for (ms = 0; (err = onvme_virt_is_online(primary, pci_iov_vf_id(pdev))) > 0; ms += ONVME_VIRT_LOOK_MS) {
		if (ms >= ONVME_VIRT_PATIENCE_MS || onvme_ctrl_state(ctrl) != ONVME_STARTING) {
			err = -EHOSTDOWN;
			break;
		}
		msleep(ONVME_VIRT_LOOK_MS);
	}
	put_device(&primary->dev);
	if (err)
		dev_err(&pdev->dev, "the secondary controller is offline: %d\n", err);
	return err;
}

/**
 * onvme_virt_begin() - secondary controllers get what is planned; from here on they are served
 * @ctrl: the primary controller, live, with a plan for so many
 * @nr: how many
 *
 * Says in one line what is wrong. Process context; sends commands. onvme_virt_end() has to follow, now or later.
 *
 * Return: 0 or an errno.
 */
int onvme_virt_begin(struct onvme_ctrl *ctrl, unsigned int nr)
{
	struct onvme_virt *virt = &ctrl->virt;
	unsigned int vf;
	int err = 0;

	mutex_lock(&virt->lock);
	WRITE_ONCE(virt->nr, nr);
	for (vf = 0; vf < nr && !err; vf++)
		err = onvme_virt_assign(ctrl, &virt->second[vf], true);
	mutex_unlock(&virt->lock);
	onvme_virt_enlist(ctrl);
	return err;
}

/**
 * onvme_virt_end() - secondary controllers go offline and lose what they had
 * @ctrl: the primary controller; no virtual function is left
 *
 * Idempotent. Process context; sends commands where the controller answers.
 */
void onvme_virt_end(struct onvme_ctrl *ctrl)
{
	struct onvme_virt *virt = &ctrl->virt;
	unsigned int vf, nr;
	int err = 0;

	mutex_lock(&onvme_virt_list_lock);
	list_del_init(&virt->node);
	mutex_unlock(&onvme_virt_list_lock);
	cancel_work_sync(&virt->work);
	mutex_lock(&virt->lock);
	nr = virt->nr;
	WRITE_ONCE(virt->nr, 0);
	for (vf = 0; vf < nr && !err && onvme_ctrl_is(ctrl, ONVME_ADMITS_USER); vf++)
		err = onvme_virt_assign(ctrl, &virt->second[vf], false);
	mutex_unlock(&virt->lock);
}

/**
 * onvme_virt_online() - bring a secondary controller online
 * @ctrl: its primary controller
 * @vf: which virtual function it is; VF Enable is set
 *
 * Says in one line what is wrong. Process context; sends a command.
 */
void onvme_virt_online(struct onvme_ctrl *ctrl, int vf)
{
	mutex_lock(&ctrl->virt.lock);
	if (vf >= 0 && vf < ctrl->virt.nr && ctrl->virt.state[vf] != ONVME_VIRT_THERE)
		onvme_virt_bring_online(ctrl, vf);
	mutex_unlock(&ctrl->virt.lock);
}

/**
 * onvme_virt_all_online() - whether none has refused
 * @ctrl: the primary controller
 *
 * Return: whether all secondary controllers are online, or about to be since it has been reset meanwhile.
 */
bool onvme_virt_all_online(struct onvme_ctrl *ctrl)
{
	unsigned int vf;
	bool all = true;

	mutex_lock(&ctrl->virt.lock);
	for (vf = 0; vf < ctrl->virt.nr; vf++)
		all &= ctrl->virt.state[vf] != ONVME_VIRT_REFUSED;
	mutex_unlock(&ctrl->virt.lock);
	return all;
}

/**
 * onvme_virt_fini() - the end of a controller's part in virtualization
 * @ctrl: the controller, down; without virtual functions
 *
 * Idempotent. Process context.
 */
void onvme_virt_fini(struct onvme_ctrl *ctrl)
{
	mutex_lock(&onvme_virt_list_lock);
	list_del_init(&ctrl->virt.node);
	mutex_unlock(&onvme_virt_list_lock);
	cancel_work_sync(&ctrl->virt.work);
}

/**
 * onvme_virt_release() - free what was kept of secondary controllers
 * @ctrl: the controller; nobody knows it any more
 */
void onvme_virt_release(struct onvme_ctrl *ctrl)
{
	kfree(ctrl->virt.second);
}

/**
 * onvme_virt_set_policy() - who is to get more than others, from the next time on
 * @ctrl: the primary controller
 * @text: who, see onvme_virt_parse_policy()
 *
 * Process context.
 *
 * Return: 0 or -EINVAL.
 */
int onvme_virt_set_policy(struct onvme_ctrl *ctrl, const char *text)
{
	int err;

	mutex_lock(&onvme_virt_list_lock);
	err = onvme_virt_parse_policy(text, &ctrl->virt.policy);
	mutex_unlock(&onvme_virt_list_lock);
	return err;
}

/**
 * onvme_virt_show_policy() - the same as text
 * @ctrl: the primary controller
 * @buf: of an attribute
 *
 * Process context.
 *
 * Return: its length.
 */
ssize_t onvme_virt_show_policy(struct onvme_ctrl *ctrl, char *buf)
{
	const struct onvme_virt_policy *policy = &ctrl->virt.policy;
	unsigned int i;
	ssize_t n = 0;

	mutex_lock(&onvme_virt_list_lock);
	for (i = 0; i < policy->nr; i++)
		n += sysfs_emit_at(buf, n, i ? " %u" : "%u", policy->weight[i]);
	n += sysfs_emit_at(buf, n, policy->nr ? "\n" : "even\n");
	mutex_unlock(&onvme_virt_list_lock);
	return n;
}
