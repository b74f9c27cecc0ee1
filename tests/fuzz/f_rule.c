// SPDX-License-Identifier: GPL-2.0
/* Rules of the fault file. Input: a line. What is taken reads the same when it is written out, and can be asked. */
#include "fuzz.h"
#include "model_rule.h"

static void fuzz_one(struct fuzz_in *in)
{
	struct onvme_rule_event event = { .qid = 1, .step = 1 };
	struct onvme_sqe sqe = { .opcode = 1 };
	struct onvme_rule rule;

	if (!model_rule_line((const char *)in->data, in->left))
		return;
	CHECK(!onvme_rule_parse((const char *)in->data, in->left, &rule));
	event.on = rule.on;
	event.sqe = &sqe;
	onvme_rule_holds(&rule, &event);
	onvme_rule_fires(&rule, 1);
	CHECK(rule.status || rule.action != ONVME_RULE_STATUS);
	CHECK(rule.ms || rule.action != ONVME_RULE_DELAY);
}
