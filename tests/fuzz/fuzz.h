/* SPDX-License-Identifier: GPL-2.0 */
/*
 * fuzz.h - frame of the libFuzzer targets: the same models as in the host tests judge every input; what they find wrong
 * ends the program, so that the fuzzer keeps the input.
 */
#ifndef ONVME_FUZZ_H
#define ONVME_FUZZ_H

#include <linux/types.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FUZZ_FAIL(...)								\
	do {									\
		fprintf(stderr, "%s:%d: ", __FILE__, __LINE__);			\
		fprintf(stderr, __VA_ARGS__);					\
		fprintf(stderr, "\n");						\
		abort();							\
	} while (0)

#define CHECK(cond)								\
	do {									\
		if (!(cond))							\
			FUZZ_FAIL("%s is false", #cond);			\
	} while (0)

#define EQUAL(is, should)							\
	do {									\
		u64 is_ = (u64)(is), should_ = (u64)(should);			\
										\
		if (is_ != should_)						\
			FUZZ_FAIL("%s is %#llx, should be %#llx", #is, is_, should_);	\
	} while (0)

#define STR_EQUAL(is, should)							\
	do {									\
		const char *is_ = (is), *should_ = (should);			\
										\
		if (strcmp(is_, should_))					\
			FUZZ_FAIL("%s is \"%s\", should be \"%s\"", #is, is_, should_);	\
	} while (0)

struct fuzz_in {
	const u8	*data;
	size_t		left;
};

/* The next @len bytes of the input; what the input lacks is zero. */
static inline void fuzz_take(struct fuzz_in *in, void *to, size_t len)
{
	size_t n = len < in->left ? len : in->left;

	memset(to, 0, len);
	memcpy(to, in->data, n);
	in->data += n;
	in->left -= n;
}

static inline u64 fuzz_le(struct fuzz_in *in, size_t bytes)
{
	u8 raw[8] = { 0 };
	u64 value = 0;

	fuzz_take(in, raw, bytes);
	while (bytes--)
		value = value << 8 | raw[bytes];
	return value;
}

/* A heap page of exactly 4096 bytes, so that ASan guards both ends. */
static inline u8 *fuzz_page(struct fuzz_in *in)
{
	u8 *page = malloc(4096);

	fuzz_take(in, page, 4096);
	return page;
}

static void fuzz_one(struct fuzz_in *in);

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);
int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct fuzz_in in = { data, size };

	fuzz_one(&in);
	return 0;
}

#endif /* ONVME_FUZZ_H */
