// SPDX-License-Identifier: GPL-2.0
/*
 * The module parameters as the compiler sees them, one a line: name, default, least, largest, mode. scripts/check
 * compares the manual page with this, so that it includes the source itself instead of reading its text.
 */
#include "../../../src/param.c"

extern const struct params_row __start_params_rows[], __stop_params_rows[];

int main(void)
{
	const struct params_row *row;

	for (row = __start_params_rows; row < __stop_params_rows; row++) {
		const struct onvme_param *p = row->param;

		printf("%s %u %u %u %04o\n", row->name, (*p->value + p->unit - 1) / p->unit, p->min, p->max,
		       (unsigned int)row->mode);
	}
	return 0;
}
