// SPDX-License-Identifier: GPL-2.0
/*
 * How many I/O queues the controller allows, an interrupt vector for each that is not polled, and creating and deleting
 * them. The order is that of the block layer's maps: for everything, for reads alone, for I/O that is polled for.
 */
#include <linux/interrupt.h>
#include <linux/pci.h>

#include "admin.h"
#include "ctrl.h"
#include "fault.h"
#include "ioq.h"
#include "param.h"
#include "proto/cmd.h"

/**
 * onvme_ioq_init() - what the user wants, and how many queues that can ever be
 * @ctrl: a new controller; its nr_queues follows from that
 */
void onvme_ioq_init(struct onvme_ctrl *ctrl)
{
	struct onvme_queue_wish *wish = &ctrl->ioq.wish;
	struct onvme_queue_wish most;

	wish->cpus = num_possible_cpus();
	wish->write = min(READ_ONCE(onvme_params.write_queues), wish->cpus);
	wish->poll = min(READ_ONCE(onvme_params.poll_queues), wish->cpus);
	most = (struct onvme_queue_wish){ .cpus = wish->cpus, .write = wish->cpus, .poll = wish->cpus };
	ctrl->nr_queues = onvme_policy_queues_to_ask(&most) + 1;
	onvme_wrr_init(ctrl);
}

/**
 * onvme_ioq_irq_types() - which kinds of interrupts may be used
 * @ctrl: the controller
 *
 * Return: PCI_IRQ_*.
 */
unsigned int onvme_ioq_irq_types(const struct onvme_ctrl *ctrl)
{
	return ctrl->quirks & ONVME_QUIRK_NO_MSI ? PCI_IRQ_ALL_TYPES & ~PCI_IRQ_MSI : PCI_IRQ_ALL_TYPES;
}

/**
 * onvme_ioq_has() - whether there are I/O queues
 * @ctrl: the controller. Caller holds ctrl.life
 *
 * Return: whether the plan has any.
 */
bool onvme_ioq_has(struct onvme_ctrl *ctrl)
{
	return ctrl->ioq.plan.nr_io;
}

/**
 * onvme_ioq_free_vectors() - give the interrupt vectors back
 * @ctrl: the controller; no interrupt is installed. Caller holds ctrl.life
 *
 * Idempotent. Process context.
 */
void onvme_ioq_free_vectors(struct onvme_ctrl *ctrl)
{
	if (ctrl->ioq.vectors)
		pci_free_irq_vectors(ctrl->hw.pdev);
	ctrl->ioq.vectors = 0;
}

/* How many CPUs have the completions of their I/O taken by the vector of a queue. */
static unsigned int onvme_ioq_cpus_served(struct onvme_ctrl *ctrl, const struct onvme_queue *q)
{
	const struct cpumask *mask;

	if (!q->vector)
		return ctrl->ioq.plan.shared_vector ? num_possible_cpus() : 0;
	mask = pci_irq_get_affinity(ctrl->hw.pdev, q->vector);
	return mask ? cpumask_weight(mask) : 0;
}

/* A line is up until somebody has been at the queue: a handler that only wakes a thread would be called for ever. */
static bool onvme_ioq_is_threaded(struct onvme_ctrl *ctrl, const struct onvme_queue *q)
{
	unsigned int from = READ_ONCE(onvme_params.use_threaded_interrupts);

	if (!from || !pci_dev_msi_enabled(ctrl->hw.pdev))
		return false;
	return from == 1 || onvme_ioq_cpus_served(ctrl, q) >= from;
}

static int onvme_ioq_irq_on(struct onvme_ctrl *ctrl, struct onvme_queue *q)
{
	if (onvme_ioq_is_threaded(ctrl, q))
		return onvme_queue_irq_on(q, onvme_rq_irq_look, onvme_rq_irq_thread, ctrl->instance);
	return onvme_queue_irq_on(q, onvme_rq_irq, NULL, ctrl->instance);
}

/**
 * onvme_ioq_admin_irq_on() - install the interrupt of the admin queue
 * @ctrl: the controller, with a vector. Caller holds ctrl.life
 *
 * Process context.
 *
 * Return: 0 or the error of the interrupt layer.
 */
int onvme_ioq_admin_irq_on(struct onvme_ctrl *ctrl)
{
	return onvme_ioq_irq_on(ctrl, onvme_ctrl_adminq(ctrl));
}

/**
 * onvme_ioq_say() - say in the log how many I/O queues there are
 * @ctrl: the controller. Caller holds ctrl.life
 */
void onvme_ioq_say(struct onvme_ctrl *ctrl)
{
	const unsigned int *nr = ctrl->ioq.plan.nr;

	dev_info(&ctrl->dev, "%u/%u/%u default/read/poll queues\n", nr[ONVME_USE_DEFAULT], nr[ONVME_USE_READ],
		 nr[ONVME_USE_POLL]);
	onvme_cmb_say(ctrl);
	onvme_wrr_say(ctrl);
}

static unsigned int onvme_ioq_ask(struct onvme_ctrl *ctrl, int *err)
{
	unsigned int asked = min3(onvme_policy_queues_to_ask(&ctrl->ioq.asked), onvme_hw_max_io_queues(&ctrl->hw),
				  ctrl->nr_queues - 1);
	struct onvme_answer answer;

	*err = 0;
	if (!asked || onvme_ctrl_caps(ctrl)->cntrltype == ONVME_CNTRLTYPE_ADMIN)
		return 0;
	*err = onvme_admin_set_feature(ctrl, ONVME_FEAT_NUM_QUEUES,
				       (onvme_wrr_sqs(ctrl, asked) - 1) | (asked - 1) << 16, &answer);
	if (*err == -EIO) {
		dev_err(&ctrl->dev, "Could not set queue count (%d)\n", answer.status);
		*err = 0;
		return 0;
	}
	if (*err)
		return 0;
	onvme_wrr_answer(ctrl, answer.dw0);
	return onvme_policy_queues_granted(answer.dw0, asked);
}

/*
 * Queues for reads alone are a set of their own, so that each of both sets covers all CPUs. Who has no sets of his own
 * is made to wait for a CPU that is going offline; that waits for the tags of its queue, and these for the reset.
 */
static void onvme_ioq_calc_sets(struct irq_affinity *affinity, unsigned int irqs)
{
	struct onvme_ctrl *ctrl = affinity->priv;
	unsigned int reads = onvme_policy_reads(irqs, &ctrl->ioq.asked);

	affinity->set_size[0] = irqs ? irqs - reads : 1;
	affinity->set_size[1] = reads;
	affinity->nr_sets = reads ? 2 : 1;
}

/*
 * A vector for each of @nr_io queues that is not polled, and one for the admin queue, or as many as there are; the plan
 * follows.
 */
static int onvme_ioq_spread_vectors(struct onvme_ctrl *ctrl, unsigned int nr_io)
{
	struct irq_affinity affinity = { .pre_vectors = 1, .calc_sets = onvme_ioq_calc_sets, .priv = ctrl };
	const struct onvme_queue_wish *asked = &ctrl->ioq.asked;
	struct onvme_queue_plan *plan = &ctrl->ioq.plan;
	unsigned int types;
	int err;

	onvme_policy_plan_queues(nr_io, UINT_MAX, asked, plan);
	/* The admin queue's vector moves with the others. */
	onvme_queue_irq_off(onvme_ctrl_adminq(ctrl));
	onvme_ioq_free_vectors(ctrl);
	types = onvme_ioq_irq_types(ctrl) | PCI_IRQ_AFFINITY;
	err = ONVME_ALLOC_ERRNO(pci_alloc_irq_vectors_affinity(ctrl->hw.pdev, 1, onvme_plan_irqs(plan) + 1, types,
							       &affinity));
	if (err < 0) {
		dev_err(&ctrl->dev, "no interrupt vector: %d\n", err);
		return err;
	}
	ctrl->ioq.vectors = err;
	onvme_policy_plan_queues(nr_io, ctrl->ioq.vectors, asked, plan);
	err = onvme_ioq_admin_irq_on(ctrl);
	/* A command of a scan that waited for the reset may have completed while nobody listened. */
	if (!err) {
		mutex_lock(&ctrl->cancel);
		onvme_rq_poll(onvme_ctrl_adminq(ctrl), NULL);
		mutex_unlock(&ctrl->cancel);
	}
	return err;
}

/**
 * onvme_ioq_up_vectors() - bring-up step: how many I/O queues, and an interrupt vector for each
 * @ctrl: the controller. Caller holds ctrl.life
 *
 * Return: 0, also when the controller allows none; or the error of the command or of the interrupt layer.
 */
int onvme_ioq_up_vectors(struct onvme_ctrl *ctrl)
{
	const struct onvme_queue_wish *wish = &ctrl->ioq.wish;
	unsigned int granted;
	int err;

	ctrl->ioq.asked = (struct onvme_queue_wish){
		.cpus = wish->cpus, .io = READ_ONCE(wish->io), .write = READ_ONCE(wish->write),
		.poll = READ_ONCE(wish->poll),
	};
	granted = onvme_ioq_ask(ctrl, &err);
	if (err)
		return err;
	onvme_policy_plan_queues(0, 1, &ctrl->ioq.asked, &ctrl->ioq.plan);
	return granted ? onvme_ioq_spread_vectors(ctrl, granted) : 0;
}

static int onvme_ioq_create(struct onvme_ctrl *ctrl, struct onvme_queue *q)
{
	const struct onvme_queue_plan *plan = &ctrl->ioq.plan;
	bool polled = q - ctrl->queues > onvme_plan_irqs(plan);
	struct onvme_sqe sqe;
	int err;

	onvme_cmb_detach(ctrl, q);
	onvme_wrr_detach(ctrl, q);
	err = onvme_queue_alloc(q, ctrl, &ctrl->hw.pdev->dev, q - ctrl->queues, ctrl->depth);
	if (err)
		return err;
	onvme_queue_init(q, onvme_hw_sq_doorbell(&ctrl->hw, q->qid), onvme_hw_cq_doorbell(&ctrl->hw, q->qid),
			 plan->shared_vector && !polled ? 0 : q->qid);
	onvme_dbbuf_attach(ctrl, q);
	onvme_cmb_attach(ctrl, q);
	q->cache.sgl_min = onvme_blk_sgl_min(ctrl);
	assign_bit(ONVME_Q_POLLED, &q->flags, polled);
	onvme_watch_begin(q);
	err = polled ? 0 : onvme_ioq_irq_on(ctrl, q);
	if (err)
		return err;
	onvme_cmd_create_cq(&sqe, q->qid, q->depth, q->cq_dma, polled ? 0 : q->vector, !polled);
	err = onvme_admin_cmd(ctrl, &sqe, NULL, 0, NULL);
	if (err)
		return err;
	onvme_cmd_create_sq(&sqe, q->qid, q->depth, q->sq_dma, q->qid,
			    ctrl->hw.wrr ? ONVME_QPRIO_MEDIUM : ONVME_QPRIO_URGENT);
	err = onvme_admin_cmd(ctrl, &sqe, NULL, 0, NULL);
	if (err == -EIO) {
		onvme_cmd_delete_queue(&sqe, ONVME_ADM_DELETE_CQ, q->qid);
		onvme_admin_cmd(ctrl, &sqe, NULL, 0, NULL);
	}
	return err;
}

/*
 * Whether the block layer's maps have the queue for what it is now. As long as they do not, it is as good as absent:
 * what is polled for must not end by an interrupt, nor wait for one.
 */
static bool onvme_ioq_is_known(struct onvme_ctrl *ctrl, const struct onvme_queue *q)
{
	const struct blk_mq_queue_map *polls = &ctrl->blk.io_set.map[HCTX_TYPE_POLL];
	unsigned int index = q->qid - 1;

	if (!ctrl->blk.io_q || index >= ctrl->blk.io_set.nr_hw_queues)
		return true;
	return test_bit(ONVME_Q_POLLED, &q->flags) == (polls->nr_queues && index >= polls->queue_offset);
}

/**
 * onvme_ioq_admit() - let commands into the I/O queues
 * @ctrl: the controller, with the queues of its plan. Caller holds ctrl.life
 * @known: only into those that the block layer's maps have for what they are
 *
 * All others are marked absent. Idempotent.
 */
void onvme_ioq_admit(struct onvme_ctrl *ctrl, bool known)
{
	unsigned int i;

	for (i = 1; i < ctrl->nr_queues; i++) {
		struct onvme_queue *q = &ctrl->queues[i];

		if (i > ctrl->ioq.plan.nr_io || (known && !onvme_ioq_is_known(ctrl, q))) {
			set_bit(ONVME_Q_ABSENT, &q->flags);
			continue;
		}
		clear_bit(ONVME_Q_ABSENT, &q->flags);
		if (!test_bit(ONVME_Q_LIVE, &q->flags))
			onvme_queue_go_live(q);
	}
}

/* Orderly: all submission queues, then all completion queues. The first refusal ends it: disabling does the rest. */
static void onvme_ioq_delete_all(struct onvme_ctrl *ctrl)
{
	static const u8 opcodes[] = { ONVME_ADM_DELETE_SQ, ONVME_ADM_DELETE_CQ };
	struct onvme_sqe sqe;
	unsigned int pass, i;

	if (onvme_wrr_delete(ctrl))
		return;
	for (pass = 0; pass < ARRAY_SIZE(opcodes); pass++) {
		for (i = ctrl->ioq.plan.nr_io; i; i--) {
			onvme_cmd_delete_queue(&sqe, opcodes[pass], i);
			if (onvme_admin_cmd(ctrl, &sqe, NULL, 0, NULL))
				return;
		}
	}
}

/*
 * Create the queues of the plan; cuts the plan to those that the controller accepted, and says why. One that refuses a
 * queue without interrupt is not asked for more of them.
 */
static int onvme_ioq_create_all(struct onvme_ctrl *ctrl)
{
	unsigned int i, irqs = onvme_plan_irqs(&ctrl->ioq.plan);
	int err;

	onvme_cmb_start(ctrl);
	for (i = 1; i <= ctrl->ioq.plan.nr_io; i++) {
		err = onvme_ioq_create(ctrl, &ctrl->queues[i]);
		if (!err)
			continue;
		if (err != -EINTR && err != -ENODEV)
			dev_warn(&ctrl->dev, "%u of %u I/O queues created (%d)\n", i - 1, ctrl->ioq.plan.nr_io, err);
		onvme_queue_irq_off(&ctrl->queues[i]);
		if (i > irqs)
			ctrl->ioq.asked.poll = i - 1 - irqs;
		onvme_policy_plan_queues(i - 1, ctrl->ioq.vectors, &ctrl->ioq.asked, &ctrl->ioq.plan);
		return err;
	}
	return 0;
}

/**
 * onvme_ioq_up() - bring-up step: create the I/O queues
 * @ctrl: the controller. Caller holds ctrl.life
 *
 * Fewer queues than planned are good enough; but vectors were spread over the CPUs for all of them, so it is begun anew
 * with as many as were accepted. The number falls with each round. None leaves a controller for admin commands.
 *
 * Return: 0 or the error of what the controller is not to blame for.
 */
int onvme_ioq_up(struct onvme_ctrl *ctrl)
{
	unsigned int i, made;
	int err;

	while ((err = onvme_ioq_create_all(ctrl))) {
		made = ctrl->ioq.plan.nr_io;
		if (err == -EINTR || err == -ENODEV)
			return err;
		if (!made || ctrl->ioq.plan.shared_vector)
			break;
		onvme_ioq_delete_all(ctrl);
		mutex_lock(&ctrl->cancel);
		for (i = 1; i <= made; i++) {
			onvme_queue_irq_off(&ctrl->queues[i]);
			onvme_rq_poll(&ctrl->queues[i], NULL);
		}
		mutex_unlock(&ctrl->cancel);
		err = onvme_ioq_spread_vectors(ctrl, made);
		if (err)
			return err;
	}
	if (!err)
		err = onvme_wrr_start(ctrl);
	if (err == -EINTR || err == -ENODEV)
		return err;
	onvme_ioq_admit(ctrl, true);
	return 0;
}

/**
 * onvme_ioq_down() - tear-down step: no more commands to the I/O queues
 * @ctrl: the controller. Caller holds ctrl.life
 * @how: whether to take leave of it
 */
void onvme_ioq_down(struct onvme_ctrl *ctrl, enum onvme_down how)
{
	bool live = false;
	unsigned int i;

	for (i = 1; i < ctrl->nr_queues; i++)
		live |= test_and_clear_bit(ONVME_Q_LIVE, &ctrl->queues[i].flags);
	synchronize_rcu();	/* queue_rq tests the bit under the RCU read lock */
	if (live && how == ONVME_DOWN_SHUTDOWN && !onvme_hw_gone(&ctrl->hw))
		onvme_ioq_delete_all(ctrl);
}
