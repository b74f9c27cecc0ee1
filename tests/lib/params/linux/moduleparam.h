/* SPDX-License-Identifier: GPL-2.0 */
/* A row of the table that params.c prints, in place of a parameter of a module. */
#ifndef PARAMS_MODULEPARAM_H
#define PARAMS_MODULEPARAM_H

#include <linux/types.h>

struct kernel_param {
	const char	*name;
	void		*arg;
};

struct kernel_param_ops {
	int (*set)(const char *text, const struct kernel_param *kp);
	int (*get)(char *text, const struct kernel_param *kp);
};

struct params_row {
	const char		*name;
	const struct onvme_param *param;
	int			mode;
};

#define module_param_cb(_name, _ops, _arg, _mode)						\
	static const struct params_row params_row_##_name					\
		__attribute__((used, aligned(8), section("params_rows"))) = { #_name, _arg, _mode }

#define MODULE_PARM_DESC(_name, _text)								\
	static const char params_text_##_name[] __attribute__((unused)) = _text

#endif
