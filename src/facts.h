/* SPDX-License-Identifier: GPL-2.0 */
/*
 * facts.h - what the recovery ladder is told: how bring-up failed, which rungs there are, how long none has lasted; and
 * what is known of a command that is late.
 *
 * Nothing here changes the controller but what is counted and learned; recovery.c acts, proto/ladder.c and
 * proto/policy.c decide.
 */
#ifndef ONVME_FACTS_H
#define ONVME_FACTS_H

#include "proto/ladder.h"
#include "proto/policy.h"
#include "rq.h"

struct onvme_ctrl;

enum onvme_fall onvme_facts_fall(struct onvme_ctrl *ctrl, int err);
void onvme_facts_rungs(struct onvme_ctrl *ctrl, struct onvme_ladder_facts *facts);
void onvme_facts_begin(struct onvme_ctrl *ctrl);
enum onvme_rung onvme_facts_first(struct onvme_ctrl *ctrl, struct onvme_ladder_facts *facts);
bool onvme_facts_comes_back(struct onvme_ctrl *ctrl, const struct onvme_ladder_facts *facts);
enum onvme_poll onvme_facts_timeout(struct onvme_ctrl *ctrl, struct onvme_queue *q, struct request *rq,
				    struct onvme_timeout_facts *facts);

#endif /* ONVME_FACTS_H */
