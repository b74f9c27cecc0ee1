/* SPDX-License-Identifier: GPL-2.0 */
/*
 * verdict.h - how programs of the guest tests say what they have found: one line a case, "ok NAME" or
 * "not ok NAME # why", which run_tool() of tests/lib/guest.sh turns into KTAP.
 */
#ifndef VERDICT_H
#define VERDICT_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static bool failed;

static void verdict(bool good, const char *name, const char *why, long found)
{
	if (good) {
		printf("ok %s\n", name);
		return;
	}
	failed = true;
	printf("not ok %s # %s, found %ld (%s)\n", name, why, found, found < 0 ? strerror(-found) : "status");
}

static void expect(int found, int wanted, const char *name)
{
	char why[64];

	snprintf(why, sizeof(why), "wanted %d (%s)", wanted, wanted < 0 ? strerror(-wanted) : "status");
	verdict(found == wanted, name, why, found);
}

#endif /* VERDICT_H */
