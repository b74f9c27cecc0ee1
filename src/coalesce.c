// SPDX-License-Identifier: GPL-2.0
/*
 * Base, "Interrupt Coalescing" and "Interrupt Vector Configuration". A controller forgets both in a reset, so the
 * bring-up step tells it again; nothing is told as long as nobody wants anything.
 *
 * A completion that is held back on purpose must not pass for one whose interrupt was lost: the deadline is longer by
 * that time, from before the controller is told to hold back until after it was told not to.
 */
#include <linux/bitmap.h>

#include "admin.h"
#include "coalesce.h"
#include "ctrl.h"

static bool onvme_coalesce_is_on(const struct onvme_coalescing *want)
{
	return want->threshold > 1;
}

static unsigned int onvme_coalesce_hold_ms(const struct onvme_coalescing *want)
{
	return DIV_ROUND_UP(want->time_us, 1000);
}

/* Vectors that serve I/O queues: from this one on, so many. */
static unsigned int onvme_coalesce_first(const struct onvme_ctrl *ctrl)
{
	return ctrl->ioq.plan.shared_vector ? 0 : 1;
}

static unsigned int onvme_coalesce_vectors(const struct onvme_ctrl *ctrl)
{
	unsigned int irqs = onvme_plan_irqs(&ctrl->ioq.plan);

	return ctrl->ioq.plan.shared_vector ? min(irqs, 1u) : irqs;
}

static int onvme_coalesce_tell(struct onvme_ctrl *ctrl, const struct onvme_coalescing *want)
{
	return onvme_admin_set_feature(ctrl, ONVME_FEAT_COALESCING, onvme_policy_coalescing_dword(want), NULL);
}

/* Tell of those of @which that serve I/O queues now, whether they are in @spared. The first refusal ends it. */
static int onvme_coalesce_tell_vectors(struct onvme_ctrl *ctrl, const unsigned long *which, const unsigned long *spared)
{
	unsigned int first = onvme_coalesce_first(ctrl), i;
	int err = 0;

	for (i = first; i < first + onvme_coalesce_vectors(ctrl) && !err; i++)
		if (test_bit(i, which))
			err = onvme_admin_set_feature(ctrl, ONVME_FEAT_VECTOR,
						      i | (test_bit(i, spared) ? ONVME_VECTOR_CD : 0), NULL);
	return err;
}

/**
 * onvme_coalesce_init() - no interrupt is held back
 * @ctrl: a new controller
 */
void onvme_coalesce_init(struct onvme_ctrl *ctrl)
{
	struct onvme_coalesce *c = &ctrl->ioq.coalesce;

	mutex_init(&c->mutex);
	spin_lock_init(&c->lock);
	c->want.threshold = 1;
}

/**
 * onvme_coalesce_has() - whether the controller is to be told anything
 * @ctrl: the controller. Caller holds ctrl.life
 *
 * Return: whether the user wants what is not so by itself, and there are I/O queues.
 */
bool onvme_coalesce_has(struct onvme_ctrl *ctrl)
{
	struct onvme_coalesce *c = &ctrl->ioq.coalesce;
	bool has;

	spin_lock(&c->lock);
	c->era++;
	has = onvme_coalesce_is_on(&c->want) || !bitmap_empty(c->spared, ONVME_COALESCE_VECTORS);
	spin_unlock(&c->lock);
	return has && ctrl->ioq.plan.nr_io;
}

/**
 * onvme_coalesce_start() - tell the controller what is wanted, after a reset
 * @ctrl: the controller; its I/O queues exist. Caller holds ctrl.life
 *
 * A bring-up step. A controller that refuses is used as it is.
 *
 * Return: 0; -EINTR when the controller went away.
 */
int onvme_coalesce_start(struct onvme_ctrl *ctrl)
{
	struct onvme_coalesce *c = &ctrl->ioq.coalesce;
	DECLARE_BITMAP(spared, ONVME_COALESCE_VECTORS);
	struct onvme_coalescing want;
	int err;

	spin_lock(&c->lock);
	c->era++;
	want = c->want;
	bitmap_copy(spared, c->spared, ONVME_COALESCE_VECTORS);
	spin_unlock(&c->lock);
	err = onvme_coalesce_tell_vectors(ctrl, spared, spared);
	if (!err && onvme_coalesce_is_on(&want))
		err = onvme_coalesce_tell(ctrl, &want);
	if (err != -EIO && err != -ENOMEM)
		return err;
	dev_warn(&ctrl->dev, "interrupt coalescing is not as it was before the reset (%d)\n", err);
	return 0;
}

/*
 * What became of a change. A controller that was reset meanwhile hears of it by its bring-up; one that is gone does
 * not, nor does one that refused: then what was wanted before holds. Returns whether it does.
 */
static bool onvme_coalesce_failed(struct onvme_ctrl *ctrl, int *err)
{
	if (*err == -EINTR)
		*err = onvme_ctrl_is(ctrl, ONVME_WAITS) || onvme_ctrl_is(ctrl, ONVME_ADMITS_USER) ? 0 : -ENODEV;
	return *err;
}

/**
 * onvme_coalesce_set() - let one interrupt serve several completions
 * @ctrl: the controller
 * @want: how long interrupts are held back
 *
 * Process context; returns when the controller has been told, which is bounded by the admin time-out and a reset.
 *
 * Return: 0; -EINVAL: out of range; -EIO: the controller refuses; -ENODEV: it is gone; -EINTR: killed; -ENOMEM. After
 * an error it is as before.
 */
int onvme_coalesce_set(struct onvme_ctrl *ctrl, const struct onvme_coalescing *want)
{
	struct onvme_coalesce *c = &ctrl->ioq.coalesce;
	struct onvme_coalescing old;
	bool again = false;
	unsigned int era;
	int err;

	if (!onvme_policy_coalescing_ok(want))
		return -EINVAL;
	if (mutex_lock_killable(&c->mutex))
		return -EINTR;
	old = c->want;
	onvme_watch_set_hold(ctrl, max(onvme_coalesce_hold_ms(&old), onvme_coalesce_hold_ms(want)));
	spin_lock(&c->lock);
	c->want = *want;
	era = c->era;
	spin_unlock(&c->lock);
	err = onvme_coalesce_tell(ctrl, want);
	if (onvme_coalesce_failed(ctrl, &err)) {
		spin_lock(&c->lock);
		c->want = old;
		again = c->era != era;	/* a bring-up may have told it what did not come to be */
		spin_unlock(&c->lock);
		if (again)
			onvme_coalesce_tell(ctrl, &old);
	}
	onvme_watch_set_hold(ctrl, onvme_coalesce_hold_ms(&c->want));
	mutex_unlock(&c->mutex);
	return err;
}

/**
 * onvme_coalesce_spare() - let no interrupt of some vectors be held back
 * @ctrl: the controller
 * @vectors: a bit for each vector, %ONVME_COALESCE_VECTORS of them; all others are held back
 *
 * Process context; bounded by the admin time-out and a reset.
 *
 * Return: as onvme_coalesce_set().
 */
int onvme_coalesce_spare(struct onvme_ctrl *ctrl, const unsigned long *vectors)
{
	struct onvme_coalesce *c = &ctrl->ioq.coalesce;
	DECLARE_BITMAP(changed, ONVME_COALESCE_VECTORS);
	DECLARE_BITMAP(old, ONVME_COALESCE_VECTORS);
	int err;

	if (mutex_lock_killable(&c->mutex))
		return -EINTR;
	spin_lock(&c->lock);
	bitmap_copy(old, c->spared, ONVME_COALESCE_VECTORS);
	bitmap_xor(changed, old, vectors, ONVME_COALESCE_VECTORS);
	bitmap_copy(c->spared, vectors, ONVME_COALESCE_VECTORS);
	spin_unlock(&c->lock);
	err = onvme_coalesce_tell_vectors(ctrl, changed, vectors);
	if (onvme_coalesce_failed(ctrl, &err)) {
		spin_lock(&c->lock);
		bitmap_copy(c->spared, old, ONVME_COALESCE_VECTORS);
		spin_unlock(&c->lock);
		/* Those before the one that it refused had been told already. */
		onvme_coalesce_tell_vectors(ctrl, changed, old);
	}
	mutex_unlock(&c->mutex);
	return err;
}
