/* SPDX-License-Identifier: GPL-2.0 */
/*
 * ioq.h - the I/O queues of a controller: how many there are, which vectors and which kinds of I/O they serve.
 *
 * struct onvme_ioq is part of struct onvme_ctrl. The user's wish changes at any time and takes effect at the next
 * bring-up; everything else belongs to the steps of bring-up and tear-down.
 */
#ifndef ONVME_IOQ_H
#define ONVME_IOQ_H

#include "cmb.h"
#include "coalesce.h"
#include "dbbuf.h"
#include "proto/policy.h"
#include "wrr.h"

struct onvme_ctrl;

/* How to tear down: for a bring-up that follows, or orderly: let commands finish, delete queues, notify */
enum onvme_down { ONVME_DOWN_RESET, ONVME_DOWN_SHUTDOWN };

/**
 * struct onvme_ioq - the I/O queues of a controller
 * @wish: what the user wants
 * @asked: what he wanted when bring-up last looked
 * @plan: what there is
 * @vectors: interrupt vectors allocated, the admin queue's included; 0 for none
 * @dbbuf: shadow doorbells
 * @coalesce: interrupt coalescing
 * @cmb: submission queues in the memory of the controller
 * @wrr: submission queues by I/O priority
 */
struct onvme_ioq {
	struct onvme_queue_wish	wish;
	struct onvme_queue_wish	asked;
	struct onvme_queue_plan	plan;
	unsigned int		vectors;
	struct onvme_dbbuf	dbbuf;
	struct onvme_coalesce	coalesce;
	struct onvme_cmb	cmb;
	struct onvme_wrr	wrr;
};

void onvme_ioq_init(struct onvme_ctrl *ctrl);
unsigned int onvme_ioq_irq_types(const struct onvme_ctrl *ctrl);
int onvme_ioq_admin_irq_on(struct onvme_ctrl *ctrl);
void onvme_ioq_free_vectors(struct onvme_ctrl *ctrl);
bool onvme_ioq_has(struct onvme_ctrl *ctrl);
void onvme_ioq_say(struct onvme_ctrl *ctrl);
int onvme_ioq_up_vectors(struct onvme_ctrl *ctrl);
int onvme_ioq_up(struct onvme_ctrl *ctrl);
void onvme_ioq_admit(struct onvme_ctrl *ctrl, bool known);
void onvme_ioq_down(struct onvme_ctrl *ctrl, enum onvme_down how);

#endif /* ONVME_IOQ_H */
