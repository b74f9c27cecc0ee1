/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What must hold of any line that onvme_rule_parse() takes, whatever it is: the checks come from whoever includes this.
 */
#ifndef MODEL_RULE_H
#define MODEL_RULE_H

#include <stdlib.h>
#include <string.h>

#include "rule.h"

/* Written out and read again it is the same rule, and its text says so. Returns whether the line was taken. */
static inline bool model_rule_line(const char *line, size_t len)
{
	struct onvme_rule rule, again;
	char *text, *copy = malloc(len ? len : 1);	/* of exactly that size: ASan sees the byte beside it */
	size_t n;
	int err;

	memcpy(copy, line, len);
	err = onvme_rule_parse(copy, len, &rule);
	free(copy);
	if (err)
		return false;
	text = malloc(ONVME_RULE_TEXT);
	n = onvme_rule_text(&rule, text);
	CHECK(n < ONVME_RULE_TEXT);
	EQUAL(strlen(text), n);
	EQUAL(onvme_rule_parse(text, n, &again), 0);
	CHECK(!memcmp(&rule, &again, sizeof(rule)));
	free(text);
	return true;
}

#endif /* MODEL_RULE_H */
