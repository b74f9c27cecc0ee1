// SPDX-License-Identifier: GPL-2.0
/*
 * Bring-up is a table of steps. Probe, reset and resume run it up; every tear-down runs it down, from the last step
 * to the first, whether or not a step was up: each down is idempotent and cannot fail. So there is one place that
 * knows the order.
 *
 * Tear-down keeps to the order of the specification (Base, "Controller Shutdown"): no new commands, let commands
 * finish, delete submission queues, delete completion queues, notify, disable. What is in flight is cancelled only
 * when the controller cannot touch memory any more.
 */
#include <linux/delay.h>
#include <linux/overflow.h>
#include <linux/pci.h>
#include <linux/slab.h>

#include "admin.h"
#include "class.h"
#include "ctrl.h"
#include "fault.h"
#include "param.h"
#include "proto/cmd.h"
#include "quirks.h"
#include "scan.h"
#include "subsys.h"

/* map: registers */

static int onvme_ctrl_up_map(struct onvme_ctrl *ctrl)
{
	int err = onvme_virt_await(ctrl) ?: onvme_hw_map(&ctrl->hw);

	if (!err && !onvme_ctrl_caps(ctrl))
		dev_info(&ctrl->dev, "pci function %s\n", pci_name(ctrl->hw.pdev));
	return err;
}

/* enable: admin queue, one interrupt vector, CC.EN */

static int onvme_ctrl_up_enable(struct onvme_ctrl *ctrl)
{
	struct onvme_queue *q = onvme_ctrl_adminq(ctrl);
	struct device *dev = &ctrl->hw.pdev->dev;
	int err;

	/* The block layer has as many tags as there were at first. */
	if (!ctrl->blk.io_q)
		ctrl->depth = min(ctrl->depth, ctrl->hw.max_entries);
	if (ctrl->depth > ctrl->hw.max_entries) {
		dev_err(dev, "CAP.MQES allows queues of %u entries; %u are needed\n", ctrl->hw.max_entries,
			ctrl->depth);
		return -ENODEV;
	}
	err = onvme_hw_disable(&ctrl->hw);
	if (err)
		return err;
	/* Not earlier: the memory of commands that a disobedient device has from before is somebody else's now. */
	pci_set_master(ctrl->hw.pdev);
	err = onvme_queue_alloc(q, ctrl, dev, 0, ONVME_ADMIN_DEPTH);
	if (err) {
		dev_err(dev, "no memory for the admin queue\n");
		return err;
	}
	err = ONVME_ALLOC_ERRNO(pci_alloc_irq_vectors(ctrl->hw.pdev, 1, 1, onvme_ioq_irq_types(ctrl)));
	if (err < 0) {
		dev_err(dev, "no interrupt vector: %d\n", err);
		return err;
	}
	ctrl->ioq.vectors = 1;
	onvme_stamp_begin(&ctrl->clock);
	onvme_queue_init(q, onvme_hw_sq_doorbell(&ctrl->hw, 0), onvme_hw_cq_doorbell(&ctrl->hw, 0), 0);
	onvme_watch_begin(q);
	ctrl->hw.wrr = onvme_wrr_wanted(ctrl);
	err = onvme_hw_enable(&ctrl->hw, q->sq_dma, q->cq_dma);
	if (err)
		return err;
	err = onvme_ioq_admin_irq_on(ctrl);
	if (err)
		dev_err(dev, "cannot install the admin interrupt: %d\n", err);
	return err;
}

/* The controller is not to touch memory after this, one way or the other. */
static void onvme_ctrl_silence(struct onvme_ctrl *ctrl, enum onvme_down how)
{
	int err;

	if (!ctrl->hw.bar || ctrl->hw.silent)
		return;
	if (onvme_hw_gone(&ctrl->hw)) {
		onvme_hw_stop_dma(&ctrl->hw);	/* it may just not listen */
		return;
	}
	if (how == ONVME_DOWN_SHUTDOWN) {
		const struct onvme_caps *caps = onvme_ctrl_caps(ctrl);
		unsigned int ms = onvme_policy_shutdown_ms(ctrl->shutdown_timeout_ms, caps ? caps->rtd3e_us : 0);

		onvme_hw_shutdown(&ctrl->hw, ms);
	}
	err = onvme_hw_disable(&ctrl->hw);
	/* One that is gone may come back, and then go on where it was. */
	if (err)
		onvme_hw_stop_dma(&ctrl->hw);
}

/*
 * With the controller silent: interrupts off, take the completions that made it, give up on the rest. Called under
 * life, or by onvme_ctrl_fail_all() while its holder waits for a command.
 */
static void onvme_ctrl_cancel(struct onvme_ctrl *ctrl)
{
	unsigned int i;

	mutex_lock(&ctrl->cancel);
	for (i = 0; i < ctrl->nr_queues; i++)
		clear_bit(ONVME_Q_LIVE, &ctrl->queues[i].flags);
	synchronize_rcu();	/* queue_rq tests the bit under the RCU read lock */
	for (i = 0; i < ctrl->nr_queues; i++) {
		onvme_queue_irq_off(&ctrl->queues[i]);
		if (ctrl->queues[i].sq)
			onvme_rq_poll(&ctrl->queues[i], NULL);
	}
	onvme_aen_stop(ctrl);
	if (ctrl->blk.io_q)
		onvme_rq_cancel_all(&ctrl->blk.io_set);
	if (ctrl->blk.pass_tags)
		onvme_rq_cancel_all(&ctrl->blk.pass_set);
	if (ctrl->blk.admin_q)
		onvme_rq_cancel_all(&ctrl->blk.admin_set);
	mutex_unlock(&ctrl->cancel);
}

static void onvme_ctrl_down_enable(struct onvme_ctrl *ctrl, enum onvme_down how)
{
	onvme_ctrl_silence(ctrl, how);
	onvme_ctrl_cancel(ctrl);
	onvme_ioq_free_vectors(ctrl);
}

/* admin: the admin queue takes commands */

static int onvme_ctrl_up_admin(struct onvme_ctrl *ctrl)
{
	int err = onvme_admin_init(ctrl);

	onvme_power_forget(ctrl);
	if (!err)
		onvme_queue_go_live(onvme_ctrl_adminq(ctrl));
	return err;
}

/* identify: what it is and can do; which subsystem it belongs to */

/* Limits of the NVM Command Set. A controller that refuses is not asked again. */
static int onvme_ctrl_identify_nvm(struct onvme_ctrl *ctrl, struct onvme_caps *caps, void *page)
{
	struct onvme_answer answer;
	int err;

	if (!caps->can_csi || test_bit(ONVME_CTRL_NO_CSI_ID, &ctrl->flags))
		return 0;
	err = onvme_admin_identify(ctrl, 0, ONVME_CNS_CS_CTRL, ONVME_CSI_NVM, page, &answer);
	if (!err)
		onvme_ident_ctrl_nvm(page, caps);
	else if (err == -EIO && answer.status & ONVME_SF_DNR)
		set_bit(ONVME_CTRL_NO_CSI_ID, &ctrl->flags);
	return err == -EIO ? 0 : err;
}

static int onvme_ctrl_identify(struct onvme_ctrl *ctrl, struct onvme_caps *caps, void *page)
{
	struct onvme_finding finding = {};
	int err;

	err = onvme_admin_identify(ctrl, 0, ONVME_CNS_CTRL, 0, page, NULL);
	if (err) {
		dev_err(&ctrl->dev, "Identify Controller failed (%d)\n", err);
		return err;
	}
	err = onvme_ident_ctrl(page, ctrl->hw.cap, ctrl->hw.vs, caps, &finding);
	if (err) {
		dev_err(&ctrl->dev, "Identify Controller describes no controller that can be driven (%d)\n", err);
		return err;
	}
	if (caps->synthetic_nqn)
		dev_warn(&ctrl->dev, "missing or invalid SUBNQN field.\n");
	onvme_observe_finding(&ctrl->dev, &ctrl->counters, &finding, "Identify Controller");
	onvme_quirk_fold(onvme_quirks_of(ctrl->hw.pdev, caps), caps);
	return onvme_ctrl_identify_nvm(ctrl, caps, page);
}

static int onvme_ctrl_up_identify(struct onvme_ctrl *ctrl)
{
	struct onvme_caps *caps = ONVME_ALLOC(kmalloc(sizeof(*caps), GFP_KERNEL)), *old;
	void *page = ONVME_ALLOC(kmalloc(ONVME_IDENTIFY_SIZE, GFP_KERNEL));
	int err = -ENOMEM;

	if (caps && page)
		err = onvme_ctrl_identify(ctrl, caps, page);
	if (!err)
		err = onvme_subsys_join(ctrl, caps);
	kfree(page);
	if (err) {
		kfree(caps);
		return err;
	}
	clear_bit(ONVME_CTRL_DIRTY, &ctrl->flags);
	old = rcu_replace_pointer(ctrl->caps, caps, lockdep_is_held(&ctrl->life));
	synchronize_rcu();
	/* Only before there are users: it waits for commands in flight, and those of users wait for the reset. */
	if (!old)
		err = onvme_admin_set_max_bytes(ctrl, caps->max_bytes);
	kfree(old);
	return err;
}

/* quirks: what to keep in mind of this device, beside what is folded into what it says */

static int onvme_ctrl_up_quirks(struct onvme_ctrl *ctrl)
{
	unsigned int quirks = onvme_quirks_of(ctrl->hw.pdev, onvme_ctrl_caps(ctrl));

	if (quirks & ~ctrl->quirks & ONVME_QUIRK_BOGUS_NID)
		dev_info(&ctrl->dev, "Ignoring bogus Namespace Identifiers\n");
	WRITE_ONCE(ctrl->quirks, quirks);
	ctrl->hw.quiet_ms = onvme_quirk_quiet_ms(quirks);
	return 0;
}

/* timestamp: tell the controller the time */

static bool onvme_ctrl_wants_time(struct onvme_ctrl *ctrl)
{
	return onvme_ctrl_caps(ctrl)->oncs & ONVME_ONCS_TIMESTAMP;
}

/* Base, "Timestamp": milliseconds since 1970. A controller that refuses does without; so does one without memory. */
static int onvme_ctrl_up_timestamp(struct onvme_ctrl *ctrl)
{
	__le64 *ms = ONVME_ALLOC(kmalloc(sizeof(*ms), GFP_KERNEL));
	struct onvme_sqe sqe;
	int err;

	if (!ms)
		return 0;
	*ms = cpu_to_le64(ktime_to_ms(ktime_get_real()));
	onvme_cmd_set_features(&sqe, ONVME_FEAT_TIMESTAMP, 0);
	err = onvme_admin_cmd(ctrl, &sqe, ms, sizeof(*ms), NULL);
	kfree(ms);
	if (err == -EIO)
		dev_warn_once(&ctrl->dev, "could not set timestamp\n");
	return err == -EIO || err == -ENOMEM ? 0 : err;
}

/* behavior: tell the controller what this host understands */

static bool onvme_ctrl_wants_behavior(struct onvme_ctrl *ctrl)
{
	return onvme_ctrl_caps(ctrl)->ctratt & ONVME_CTRATT_ELBAS;
}

/*
 * Base, "Host Behavior Support". Without it a controller refuses I/O to formats with guards of more than 16 bits; one
 * that refuses this has to do without those.
 */
static int onvme_ctrl_up_behavior(struct onvme_ctrl *ctrl)
{
	struct onvme_host_behavior *host = ONVME_ALLOC(kzalloc(sizeof(*host), GFP_KERNEL));
	struct onvme_sqe sqe;
	int err;

	if (!host)
		return -ENOMEM;
	host->acre = !!onvme_ctrl_caps(ctrl)->crdt[0];
	host->lbafee = 1;
	onvme_cmd_set_features(&sqe, ONVME_FEAT_BEHAVIOR, 0);
	err = onvme_admin_cmd(ctrl, &sqe, host, sizeof(*host), NULL);
	kfree(host);
	if (err == -EIO)
		dev_warn_once(&ctrl->dev, "could not tell of extended formats\n");
	return err == -EIO ? 0 : err;
}

static void onvme_ctrl_down_admin(struct onvme_ctrl *ctrl, enum onvme_down how)
{
	clear_bit(ONVME_Q_LIVE, &onvme_ctrl_adminq(ctrl)->flags);
	synchronize_rcu();	/* queue_rq tests the bit under the RCU read lock */
}

/* tagset: the block layer's view of the queues */

static int onvme_ctrl_up_tagset(struct onvme_ctrl *ctrl)
{
	unsigned int nr_io = ctrl->ioq.plan.nr_io;
	int err;

	if (!ctrl->blk.io_q)
		return nr_io ? onvme_blk_init(ctrl) : 0;
	/* -ENOTBLK is what tells it from all that can go wrong with a command: a stronger reset may bring them back. */
	if (!nr_io && !test_bit(ONVME_CTRL_BARE, &ctrl->flags))
		return -ENOTBLK;
	if (!nr_io) {
		dev_err(&ctrl->dev, "IO queues lost\n");
		set_bit(ONVME_CTRL_NO_QUEUES, &ctrl->flags);
		onvme_blk_abandon(ctrl);
		return 0;
	}
	clear_bit(ONVME_CTRL_NO_QUEUES, &ctrl->flags);
	if (onvme_blk_fits(ctrl))
		return 0;
	err = onvme_ns_refit(ctrl, nr_io);
	if (!err)
		onvme_ioq_admit(ctrl, false);
	return err;
}

/* Orderly: what is with the controller gets the time of a shutdown to complete. */
static void onvme_ctrl_down_tagset(struct onvme_ctrl *ctrl, enum onvme_down how)
{
	if (how == ONVME_DOWN_SHUTDOWN && ctrl->blk.io_q && test_bit(ONVME_Q_LIVE, &ctrl->queues[1].flags) &&
	    !onvme_hw_gone(&ctrl->hw))
		onvme_ns_sleep(ctrl, ctrl->shutdown_timeout_ms);
	onvme_ns_quiesce(ctrl);
}

/* events: asynchronous events */

static void onvme_ctrl_down_events(struct onvme_ctrl *ctrl, enum onvme_down how)
{
	onvme_aen_stop(ctrl);
	onvme_virt_stop(ctrl);
}

/* namespaces: let I/O flow */

static int onvme_ctrl_up_namespaces(struct onvme_ctrl *ctrl)
{
	if (ctrl->ioq.plan.nr_io) {
		onvme_ns_unquiesce(ctrl);
		onvme_ns_wake(ctrl);
		onvme_blk_adopt(ctrl);
	}
	return 0;
}

static const struct onvme_step {
	const char	*name;
	int		(*up)(struct onvme_ctrl *ctrl);
	void		(*down)(struct onvme_ctrl *ctrl, enum onvme_down how);
	bool		(*when)(struct onvme_ctrl *ctrl);
	bool		speaks;		/* says itself, in one line, why it failed */
} onvme_steps[] = {
	{ .name = "map",	.up = onvme_ctrl_up_map,	.speaks = true },
	{ .name = "enable",	.up = onvme_ctrl_up_enable,	.down = onvme_ctrl_down_enable,	.speaks = true },
	{ .name = "admin",	.up = onvme_ctrl_up_admin,	.down = onvme_ctrl_down_admin },
	{ .name = "identify",	.up = onvme_ctrl_up_identify,	.speaks = true },
	{ .name = "quirks",	.up = onvme_ctrl_up_quirks },
	{ .name = "timestamp",	.up = onvme_ctrl_up_timestamp,	.when = onvme_ctrl_wants_time },
	{ .name = "behavior",	.up = onvme_ctrl_up_behavior,	.when = onvme_ctrl_wants_behavior },
	{ .name = "vectors",	.up = onvme_ioq_up_vectors },
	{ .name = "hostmem",	.up = onvme_hostmem_start,	.down = onvme_hostmem_stop,
	  .when = onvme_hostmem_has },
	{ .name = "dbbuf",	.up = onvme_dbbuf_start },
	{ .name = "ioqueues",	.up = onvme_ioq_up,	.down = onvme_ioq_down,
	  .when = onvme_ioq_has },
	{ .name = "tagset",	.up = onvme_ctrl_up_tagset,	.down = onvme_ctrl_down_tagset },
	{ .name = "events",	.up = onvme_aen_start,		.down = onvme_ctrl_down_events },
	{ .name = "power",	.up = onvme_power_start,	.when = onvme_power_has },
	{ .name = "coalescing",	.up = onvme_coalesce_start,	.when = onvme_coalesce_has },
	{ .name = "features",	.up = onvme_feature_start,	.when = onvme_feature_has },
	{ .name = "namespaces",	.up = onvme_ctrl_up_namespaces },
};

static_assert(ARRAY_SIZE(onvme_steps) == ONVME_STEPS);

/**
 * onvme_ctrl_up() - run the bring-up steps
 * @ctrl: the controller; everything is down. Caller holds ctrl.life
 *
 * Says in one line what failed. Each wait is bounded: by @ctrl->hw.ready_ms or by the admin time-out.
 *
 * Return: 0 or the error of the step that failed; onvme_ctrl_down() has to follow.
 */
int onvme_ctrl_up(struct onvme_ctrl *ctrl)
{
	unsigned int i;
	bool fault;
	int err;

	lockdep_assert_held(&ctrl->life);
	clear_bit(ONVME_CTRL_FAILED, &ctrl->flags);
	WRITE_ONCE(ctrl->life_owner, current);
	for (i = 0, err = 0; i < ARRAY_SIZE(onvme_steps) && !err; i++) {
		const struct onvme_step *step = &onvme_steps[i];

		if (step->when && !step->when(ctrl))
			continue;
		fault = onvme_fault_step(ctrl->hw.pdev, i + 1);
		err = fault ? -EIO : step->up(ctrl);
		trace_onvme_step(ctrl->instance, step->name, true, err);
		if (err && (fault || !step->speaks))
			dev_err(&ctrl->dev, "bring-up failed at step %u (%s): %d\n", i + 1, step->name, err);
	}
	WRITE_ONCE(ctrl->life_owner, NULL);
	return err;
}

/**
 * onvme_ctrl_down() - run the tear-down steps
 * @ctrl: the controller, in whatever condition. Caller holds ctrl.life
 * @how: whether to take leave of it
 *
 * Afterwards the controller touches no memory, no interrupt is installed and nothing is in flight; I/O gathers in the
 * queues. The registers stay mapped. Bounded like onvme_ctrl_up(), plus the time of a shutdown.
 */
void onvme_ctrl_down(struct onvme_ctrl *ctrl, enum onvme_down how)
{
	unsigned int i;

	lockdep_assert_held(&ctrl->life);
	WRITE_ONCE(ctrl->life_owner, current);
	for (i = ARRAY_SIZE(onvme_steps); i--;) {
		if (!onvme_steps[i].down)
			continue;
		onvme_steps[i].down(ctrl, how);
		trace_onvme_step(ctrl->instance, onvme_steps[i].name, false, 0);
	}
	WRITE_ONCE(ctrl->life_owner, NULL);
}

/**
 * onvme_ctrl_fail_all() - disable the controller here and now, and give up on what is in flight
 * @ctrl: the controller
 *
 * For a time-out while whoever holds ctrl.life waits for that very command. Process context.
 */
void onvme_ctrl_fail_all(struct onvme_ctrl *ctrl)
{
	set_bit(ONVME_CTRL_FAILED, &ctrl->flags);
	onvme_ctrl_silence(ctrl, ONVME_DOWN_RESET);
	onvme_ctrl_cancel(ctrl);
}

/**
 * onvme_ctrl_unmap() - let go of the PCI function
 * @ctrl: the controller; down, without block devices and users
 *
 * Users who still have the node open find dead queues. Whatever concerns DMA ends here, since the PCI function may be
 * gone by the time that they close it. Process context.
 */
void onvme_ctrl_unmap(struct onvme_ctrl *ctrl)
{
	unsigned int i;

	onvme_virt_fini(ctrl);
	onvme_power_fini(ctrl);
	onvme_blk_fini(ctrl);
	onvme_admin_fini(ctrl);
	onvme_watch_stop(ctrl);
	onvme_cmb_fini(ctrl);
	onvme_wrr_fini(ctrl);
	for (i = 0; i < ctrl->nr_queues; i++)
		onvme_queue_free(&ctrl->queues[i]);
	onvme_dbbuf_fini(ctrl);
	onvme_hostmem_fini(ctrl);
	onvme_subsys_leave(ctrl);
	onvme_hw_unmap(&ctrl->hw);
}

static void onvme_ctrl_release(struct device *dev)
{
	struct onvme_ctrl *ctrl = to_ctrl(dev);
	unsigned int i;

	onvme_virt_release(ctrl);
	onvme_health_fini(ctrl);
	onvme_blk_release(ctrl);
	onvme_admin_release(ctrl);
	onvme_effects_free(ctrl);
	for (i = 0; i < ctrl->nr_queues; i++)
		onvme_tally_free(&ctrl->queues[i].tally);
	kvfree(ctrl->queues);
	ida_destroy(&ctrl->nss.ida);
	kfree(rcu_dereference_protected(ctrl->caps, true));
	if (!test_bit(ONVME_CTRL_LENT_INSTANCE, &ctrl->flags))
		onvme_class_put_instance(ctrl->instance);
	pci_dev_put(ctrl->hw.pdev);
	kfree(ctrl);
	onvme_class_put();
}

/**
 * onvme_ctrl_alloc() - a new controller, in state new
 * @pdev: the PCI function
 * @ops: notifications upward
 *
 * Process context.
 *
 * Return: the controller, with one reference to its device, or an error pointer.
 */
struct onvme_ctrl *onvme_ctrl_alloc(struct pci_dev *pdev, const struct onvme_ctrl_ops *ops)
{
	struct onvme_ctrl *ctrl = ONVME_ALLOC(kzalloc_node(sizeof(*ctrl), GFP_KERNEL, dev_to_node(&pdev->dev)));
	int err = -ENOMEM;

	if (!ctrl)
		return ERR_PTR(err);
	onvme_ioq_init(ctrl);
	onvme_coalesce_init(ctrl);
	ctrl->queues = ONVME_ALLOC(kvzalloc_node(array_size(ctrl->nr_queues, sizeof(*ctrl->queues)), GFP_KERNEL,
						 dev_to_node(&pdev->dev)));
	if (!ctrl->queues)
		goto out_free;
	ctrl->instance = onvme_class_get_instance();
	if (ctrl->instance < 0) {
		err = ctrl->instance;
		goto out_free_queues;
	}
	onvme_class_get();
	ctrl->ops = ops;
	ctrl->hw.pdev = pci_dev_get(pdev);
	/* Those that matter before it is asked; the rest when bring-up gets there. */
	ctrl->hw.quiet_ms = onvme_quirk_quiet_ms(onvme_quirks_of(pdev, NULL));
	ctrl->quirks = onvme_quirks_of(pdev, NULL) & ONVME_QUIRK_NO_MSI;
	ctrl->io_timeout_ms = READ_ONCE(onvme_params.io_timeout_ms);
	ctrl->admin_timeout_ms = READ_ONCE(onvme_params.admin_timeout_ms);
	ctrl->shutdown_timeout_ms = READ_ONCE(onvme_params.shutdown_timeout_ms);
	ctrl->depth = READ_ONCE(onvme_params.io_queue_depth);
	ctrl->log_group = (gid_t)-1;
	mutex_init(&ctrl->life);
	mutex_init(&ctrl->cancel);
	onvme_watch_setup(ctrl);
	onvme_blk_setup(ctrl);
	onvme_ns_init(ctrl);
	onvme_effects_init(ctrl);
	onvme_scan_init(ctrl);
	onvme_aen_init(ctrl);
	onvme_power_init(ctrl);
	onvme_hostmem_init(ctrl);
	onvme_health_init(ctrl);
	onvme_feature_init(ctrl);
	onvme_flight_init(ctrl);
	onvme_latency_begin(&ctrl->latency);
	onvme_virt_init(ctrl);

	device_initialize(&ctrl->dev);
	ctrl->dev.class = onvme_class_ctrl;
	ctrl->dev.parent = &pdev->dev;
	ctrl->dev.devt = MKDEV(MAJOR(onvme_class_devt), MINOR(onvme_class_devt) + ctrl->instance);
	ctrl->dev.release = onvme_ctrl_release;
	err = ONVME_ALLOC_ERRNO(dev_set_name(&ctrl->dev, "nvme%d", ctrl->instance));
	if (err) {
		put_device(&ctrl->dev);
		return ERR_PTR(err);
	}
	return ctrl;

out_free_queues:
	kvfree(ctrl->queues);
out_free:
	kfree(ctrl);
	return ERR_PTR(err);
}
