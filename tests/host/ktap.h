/* SPDX-License-Identifier: GPL-2.0 */
/*
 * ktap.h - the harness of the host tests: a table of cases, checks that say what they saw, KTAP version 1 as output.
 *
 * One program per tested file. A case is a function that calls CHECK(), EQUAL() or STR_EQUAL(); it passes when none of
 * them failed. Random cases draw from rnd(), whose sequence is the same on each run; ONVME_SEED=<number> picks another
 * and ONVME_ROUNDS=<number> multiplies the rounds. CHECK() and friends are for one thread.
 */
#ifndef ONVME_KTAP_H
#define ONVME_KTAP_H

#include <linux/types.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct ktap_case {
	const char	*name;
	void		(*run)(void);
};

#define KTAP_SHOWN	10	/* failed checks that are printed per case; a loop may fail a million times */

static unsigned long ktap_failures;	/* in the present case */
static const char *ktap_note = "";	/* what the present case is working on, for the message */
static u64 ktap_random;

__attribute__((format(printf, 4, 5)))
static void ktap_fail(const char *file, int line, const char *what, const char *fmt, ...)
{
	va_list args;

	if (ktap_failures++ >= KTAP_SHOWN)
		return;
	printf("# %s:%d: %s%s%s: ", file, line, ktap_note, *ktap_note ? ": " : "", what);
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	printf("\n");
}

#define CHECK(cond)							\
	do {								\
		if (!(cond))						\
			ktap_fail(__FILE__, __LINE__, #cond, "false");	\
	} while (0)

#define EQUAL(is, should)						\
	do {								\
		u64 is_ = (u64)(is), should_ = (u64)(should);		\
									\
		if (is_ != should_)					\
			ktap_fail(__FILE__, __LINE__, #is, "is %#llx, should be %#llx", is_, should_);	\
	} while (0)

#define STR_EQUAL(is, should)						\
	do {								\
		const char *is_ = (is), *should_ = (should);		\
									\
		if (strcmp(is_, should_))				\
			ktap_fail(__FILE__, __LINE__, #is, "is \"%s\", should be \"%s\"", is_, should_);	\
	} while (0)

/* xorshift64* */
static inline u64 rnd(void)
{
	ktap_random ^= ktap_random >> 12;
	ktap_random ^= ktap_random << 25;
	ktap_random ^= ktap_random >> 27;
	return ktap_random * 0x2545f4914f6cdd1dull;
}

/* Evenly among 0 to n - 1. */
static inline u32 rnd_below(u32 n)
{
	return (u32)((rnd() >> 32) * n >> 32);
}

static inline void rnd_fill(void *data, size_t len)
{
	u8 *p = data;

	while (len--)
		*p++ = (u8)(rnd() >> 56);
}

static inline unsigned long ktap_number(const char *variable, unsigned long otherwise)
{
	const char *text = getenv(variable);

	return text && *text ? strtoul(text, NULL, 0) : otherwise;
}

static inline unsigned long rounds(unsigned long n)
{
	return n * ktap_number("ONVME_ROUNDS", 1);
}

static inline int ktap_run(const char *program, const struct ktap_case *cases, unsigned int nr)
{
	unsigned int i, failed = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);	/* a case that crashes must not take the lines before it along */
	printf("KTAP version 1\n1..%u\n", nr);
	for (i = 0; i < nr; i++) {
		ktap_failures = 0;
		ktap_note = "";
		ktap_random = ktap_number("ONVME_SEED", 1) * 0x9e3779b97f4a7c15ull + i + 1;
		cases[i].run();
		if (ktap_failures > KTAP_SHOWN)
			printf("# ... %lu failed checks in all\n", ktap_failures);
		failed += !!ktap_failures;
		printf("%s %u %s.%s\n", ktap_failures ? "not ok" : "ok", i + 1, program, cases[i].name);
	}
	return !!failed;
}

#define KTAP_MAIN(program, ...)								\
	int main(void)									\
	{										\
		static const struct ktap_case cases[] = { __VA_ARGS__ };		\
											\
		return ktap_run(program, cases, sizeof(cases) / sizeof(cases[0]));	\
	}

#define KTAP_CASE(fn)	{ #fn, fn }

#endif /* ONVME_KTAP_H */
