/* SPDX-License-Identifier: GPL-2.0 */
/*
 * virt.h - secondary controllers: which a primary one has, and how many queues and interrupts each of them gets.
 *
 * Pure functions of what Identify says (Base, "Virtualization Enhancements") and of what the user wants. A secondary
 * controller works with two queues, of which one is the admin queue, and one interrupt. What is given to it the
 * primary one goes without, so that has to keep as much for itself.
 */
#ifndef ONVME_PROTO_VIRT_H
#define ONVME_PROTO_VIRT_H

#include <linux/types.h>
#include <onvme/spec.h>

#define ONVME_VIRT_MAX		255	/* virtual functions that are served */
#define ONVME_VIRT_WEIGHT_MAX	255

/* Kinds of resources, with the numbers of the wire */
enum onvme_virt_kind {
	ONVME_VIRT_VQ,
	ONVME_VIRT_VI,
	ONVME_VIRT_KINDS
};

/**
 * struct onvme_virt_pool - resources of one kind
 * @flexible: whether the controller gives them out at all; if not, each function has what it has
 * @total: flexible ones, with whomever they are, at most 65535
 * @primary: of these, what the primary controller has
 * @fixed: private ones of the primary controller
 * @most: what a secondary controller may have
 * @step: preferred granularity, at least 1
 */
struct onvme_virt_pool {
	bool	flexible;
	u16	total;
	u16	primary;
	u16	fixed;
	u16	most;
	u16	step;
};

/**
 * struct onvme_virt_policy - who is to get more than others
 * @nr: how many weights there are; functions beyond have the weight 1
 * @weight: by virtual function, 1 to %ONVME_VIRT_WEIGHT_MAX
 */
struct onvme_virt_policy {
	unsigned int	nr;
	u8		weight[ONVME_VIRT_MAX];
};

/**
 * struct onvme_virt_second - a secondary controller
 * @known: the controller has told of it
 * @cntlid: its identifier
 * @nr: what it is to get, by kind
 */
struct onvme_virt_second {
	bool	known;
	u16	cntlid;
	u16	nr[ONVME_VIRT_KINDS];
};

int onvme_virt_pools(const struct onvme_id_primary *id, u16 cntlid, struct onvme_virt_pool pools[ONVME_VIRT_KINDS]);
int onvme_virt_seconds(const struct onvme_id_secondaries *list, u16 cntlid, struct onvme_virt_second *second,
		       unsigned int nr, u16 *next);
int onvme_virt_share(const struct onvme_virt_pool *pool, enum onvme_virt_kind kind,
		     const struct onvme_virt_policy *policy, struct onvme_virt_second *second, unsigned int nr,
		     u16 *primary);
unsigned int onvme_virt_least(enum onvme_virt_kind kind);
int onvme_virt_parse_policy(const char *text, struct onvme_virt_policy *policy);

#endif /* ONVME_PROTO_VIRT_H */
