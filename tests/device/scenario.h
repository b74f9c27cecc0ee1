/* SPDX-License-Identifier: GPL-2.0 */
/*
 * scenario.h - scenario files: what the controller is, how it misbehaves, and what is expected of the driver.
 *
 * The device uses the first two; of the expectations it only checks that they can be understood, for the sake of the
 * runner, which reads them itself.
 */
#ifndef DEVICE_SCENARIO_H
#define DEVICE_SCENARIO_H

#include "rule.h"
#include "shape.h"

struct scenario {
	const char	*name;		/* of the file, without folder and ending */
	const char	*path;
	struct shape	shape;
	struct rule	*rules;
};

/* NULL when the file has an error, which is in @wrong as "file:line: expected ..." */
struct scenario *scenario_load(const char *path, char *wrong, size_t size);
/* The same from memory; @text is changed. */
struct scenario *scenario_parse(const char *path, char *text, char *wrong, size_t size);
void scenario_free(struct scenario *scenario);

#endif /* DEVICE_SCENARIO_H */
