/* SPDX-License-Identifier: GPL-2.0 */
/*
 * rule.h - faults on request as text: "when CONDITION... -> ACTION", in the words of tests/device.
 *
 * Pure: what a line means, whether it is about something that happens, and the line again. docs/faults.md is the
 * manual. Who asks counts how often a rule's conditions held, and does what it says.
 */
#ifndef ONVME_PROTO_RULE_H
#define ONVME_PROTO_RULE_H

#include <linux/types.h>
#include <onvme/spec.h>

#define ONVME_RULE_TEXT		256	/* what a rule as a line, with its end, has room in */

/* What a rule can be about; it is about one of them */
enum onvme_rule_on {
	ONVME_RULE_COMMAND,
	ONVME_RULE_INTERRUPT,
	ONVME_RULE_READ,		/* of a register */
	ONVME_RULE_STEP,		/* of bring-up */
	ONVME_RULE_ALLOC,		/* of memory, numbers, vectors and the like */
};

enum onvme_rule_action {
	ONVME_RULE_STATUS,		/* not executed, completes with a status */
	ONVME_RULE_DROP,		/* its completion is lost */
	ONVME_RULE_DELAY,		/* its completion comes later */
	ONVME_RULE_NO_INTERRUPT,	/* nobody looks at the completions */
	ONVME_RULE_ALL_ONES,		/* the register reads as if the device were gone */
	ONVME_RULE_FAIL,
};

enum onvme_rule_condition {
	ONVME_RULE_IF_DEV,
	ONVME_RULE_IF_ADMIN,
	ONVME_RULE_IF_IO,
	ONVME_RULE_IF_OPCODE,
	ONVME_RULE_IF_QUEUE,
	ONVME_RULE_IF_NSID,
	ONVME_RULE_IF_LBA,
	ONVME_RULE_IF_STEP,
	ONVME_RULE_IF_ALLOC,
	ONVME_RULE_IF_NTH,
	ONVME_RULE_IF_EVERY,
	ONVME_RULE_IF_FROM,
	ONVME_RULE_IF_FIRST,
	ONVME_NR_RULE_IFS
};

/**
 * struct onvme_rule - one rule
 * @on: enum onvme_rule_on
 * @action: enum onvme_rule_action
 * @status: of ONVME_RULE_STATUS: Status Field without Phase Tag
 * @ms: of ONVME_RULE_DELAY; of ONVME_RULE_ALL_ONES, how long it lasts, 0: for that one read
 * @given: conditions that it has, as bits
 * @arg: by condition, the first and the last number that it holds for
 */
struct onvme_rule {
	u8	on;
	u8	action;
	u16	status;
	u32	ms;
	u32	given;
	struct {
		u64	first;
		u64	last;
	} arg[ONVME_NR_RULE_IFS];
};

/**
 * struct onvme_rule_event - something that happens, and that a rule may be about
 * @on: enum onvme_rule_on
 * @step: number of the bring-up step
 * @qid: queue of the command or of the interrupt
 * @dev: the PCI function, as onvme_rule_dev() has it
 * @sqe: the command, or NULL
 */
struct onvme_rule_event {
	u8			on;
	u8			step;
	u16			qid;
	u64			dev;
	const struct onvme_sqe	*sqe;
};

/* A PCI function as a number: domain, bus, and device with function. */
static inline u64 onvme_rule_dev(u32 domain, u8 bus, u8 devfn)
{
	return (u64)domain << 16 | (u64)bus << 8 | devfn;
}

int onvme_rule_parse(const char *line, size_t len, struct onvme_rule *rule);
size_t onvme_rule_text(const struct onvme_rule *rule, char *text);
bool onvme_rule_holds(const struct onvme_rule *rule, const struct onvme_rule_event *event);
bool onvme_rule_fires(const struct onvme_rule *rule, u32 seen);

#endif /* ONVME_PROTO_RULE_H */
