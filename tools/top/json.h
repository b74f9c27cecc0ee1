/* SPDX-License-Identifier: GPL-2.0 */
/*
 * json.h - all rows as one JSON object on a line of its own; what is not known is null.
 */
#ifndef TOP_JSON_H
#define TOP_JSON_H

#include <stdio.h>

#include "view.h"

void top_json(FILE *to, const struct top_view *view, const struct top_sample *now);

#endif /* TOP_JSON_H */
