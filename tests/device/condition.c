// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "device.h"

enum condition_args {
	ARGS_NONE,
	ARGS_NUMBER,
	ARGS_RANGE,		/* A..B or A */
	ARGS_OPCODE,
	ARGS_REGISTER,		/* read|write NAME */
	ARGS_STATE,
};

enum condition_kind {
	KIND_TEST,
	KIND_COUNT,		/* looks at how often the others were true */
	KIND_TIME,
};

struct condition_form {
	const char		*name;
	enum condition_args	args;
	enum condition_kind	kind;
	u32			occasions;	/* 0: goes with all */
	bool			(*holds)(const struct device *dev, const struct condition *c,
					 const struct happening *h);
	const char		*text;
};

static bool holds_admin(const struct device *dev, const struct condition *c, const struct happening *h)
{
	(void)dev;
	(void)c;
	return h->cmd->admin;
}

static bool holds_io(const struct device *dev, const struct condition *c, const struct happening *h)
{
	(void)dev;
	(void)c;
	return !h->cmd->admin;
}

static bool holds_opcode(const struct device *dev, const struct condition *c, const struct happening *h)
{
	(void)dev;
	/* A name says which command set it is of. */
	return h->cmd->sqe.opcode == c->a && (c->b > 1 || h->cmd->admin == !!c->b);
}

static bool holds_queue(const struct device *dev, const struct condition *c, const struct happening *h)
{
	(void)dev;
	return h->queue >= c->a && h->queue <= c->b;
}

static bool holds_priority(const struct device *dev, const struct condition *c, const struct happening *h)
{
	(void)dev;
	return !h->cmd->admin && h->cmd->sq->priority >= c->a && h->cmd->sq->priority <= c->b;
}

static bool holds_sgl(const struct device *dev, const struct condition *c, const struct happening *h)
{
	u32 nr = xfer_blocks(h->cmd);

	(void)dev;
	return nr && nr >= c->a && nr <= c->b;
}

static bool holds_lba(const struct device *dev, const struct condition *c, const struct happening *h)
{
	u64 slba = h->cmd->sqe.cdw[0] | (u64)h->cmd->sqe.cdw[1] << 32;
	u64 last = slba + (h->cmd->sqe.cdw[2] & 0xffff);

	(void)dev;
	return !h->cmd->admin && h->cmd->sqe.opcode && h->cmd->sqe.opcode <= NVM_ZEROES && slba <= c->b && last >= c->a;
}

static bool holds_nsid(const struct device *dev, const struct condition *c, const struct happening *h)
{
	(void)dev;
	return h->cmd->sqe.nsid == c->a;
}

static bool holds_admin_byte(const struct condition *c, const struct happening *h, u32 one, u32 other)
{
	return h->cmd->admin && (h->cmd->sqe.opcode == one || h->cmd->sqe.opcode == other) &&
	       (h->cmd->sqe.cdw[0] & 0xff) == c->a;
}

static bool holds_fid(const struct device *dev, const struct condition *c, const struct happening *h)
{
	(void)dev;
	return holds_admin_byte(c, h, ADM_SET_FEATURE, ADM_GET_FEATURE);
}

static bool holds_lid(const struct device *dev, const struct condition *c, const struct happening *h)
{
	(void)dev;
	return holds_admin_byte(c, h, ADM_GET_LOG, ADM_GET_LOG);
}

static bool holds_cns(const struct device *dev, const struct condition *c, const struct happening *h)
{
	(void)dev;
	return holds_admin_byte(c, h, ADM_IDENTIFY, ADM_IDENTIFY);
}

/* Not while it is awake, whatever N is. */
static bool holds_asleep(const struct device *dev, const struct condition *c, const struct happening *h)
{
	(void)dev;
	return h->cmd->asleep && h->cmd->asleep >= c->a;
}

/* It reads as state 0 until the host has set it, and after a reset. */
static bool holds_told(const struct device *dev, const struct condition *c, const struct happening *h)
{
	u32 state = dev->features.value[FEAT_POWER] & 0x1f;

	(void)h;
	return state && state >= c->a;
}

static bool holds_register(const struct device *dev, const struct condition *c, const struct happening *h)
{
	(void)dev;
	return h->reg <= c->a && c->a < h->reg + h->len && h->what == (c->b ? ON_WRITE : ON_READ);
}

static bool holds_doorbell(const struct device *dev, const struct condition *c, const struct happening *h)
{
	(void)dev;
	(void)c;
	return h->what == ON_DOORBELL;
}

static bool holds_state(const struct device *dev, const struct condition *c, const struct happening *h)
{
	(void)dev;
	return !strcmp(h->state, c->text);
}

static bool holds_trigger(const struct device *dev, const struct condition *c, const struct happening *h)
{
	return h->what == ON_TRIGGER ? h->trigger == c->a : dev->rules.triggered >> c->a & 1;
}

static bool holds_after(const struct device *dev, const struct condition *c, const struct happening *h)
{
	return h->what == ON_TIME ||
	       (dev->rules.enabled_ns && time_ns() - dev->rules.enabled_ns >= c->a * 1000000);
}

static const struct condition_form forms[] = {
	{ "admin", ARGS_NONE, KIND_TEST, ON_COMMAND, holds_admin, "an admin command" },
	{ "io", ARGS_NONE, KIND_TEST, ON_COMMAND, holds_io, "an I/O command" },
	{ "opcode", ARGS_OPCODE, KIND_TEST, ON_COMMAND, holds_opcode, "NAME|NUMBER: a command of that opcode" },
	{ "queue", ARGS_RANGE, KIND_TEST, ON_COMMAND | ON_DOORBELL, holds_queue, "A..B: of these queues" },
	{ "priority", ARGS_RANGE, KIND_TEST, ON_COMMAND, holds_priority,
	  "A..B: an I/O command from a queue of such a priority, 0 urgent, 1 high, 2 medium, 3 low" },
	{ "lba", ARGS_RANGE, KIND_TEST, ON_COMMAND, holds_lba, "A..B: an I/O command that touches these blocks" },
	{ "sgl", ARGS_RANGE, KIND_TEST, ON_COMMAND, holds_sgl, "A..B: a command whose SGL has so many data blocks" },
	{ "nsid", ARGS_NUMBER, KIND_TEST, ON_COMMAND, holds_nsid, "N: a command for that namespace" },
	{ "fid", ARGS_NUMBER, KIND_TEST, ON_COMMAND, holds_fid, "N: Get or Set Features of that feature" },
	{ "lid", ARGS_NUMBER, KIND_TEST, ON_COMMAND, holds_lid, "N: Get Log Page of that page" },
	{ "cns", ARGS_NUMBER, KIND_TEST, ON_COMMAND, holds_cns, "N: Identify of that structure" },
	{ "asleep", ARGS_NUMBER, KIND_TEST, ON_COMMAND, holds_asleep,
	  "N: a command that finds the controller in power state N or beyond, gone there by itself" },
	{ "told", ARGS_NUMBER, KIND_TEST, ON_COMMAND | ON_READ | ON_WRITE, holds_told,
	  "N: while the host has set power state N or beyond" },
	{ "reg", ARGS_REGISTER, KIND_TEST, ON_READ | ON_WRITE, holds_register, "read|write NAME: that register" },
	{ "doorbell", ARGS_NONE, KIND_TEST, ON_DOORBELL, holds_doorbell, "a submission queue's doorbell" },
	{ "state", ARGS_STATE, KIND_TEST, ON_STATE, holds_state,
	  "enable|ready|disable|shutdown|reset: it comes to that" },
	{ "trigger", ARGS_NUMBER, KIND_TEST, 0, holds_trigger,
	  "N: when the guest fires it; with others: since it did" },
	{ "after", ARGS_NUMBER, KIND_TIME, 0, holds_after,
	  "MS: once, so long after the first CC.EN; with others: since" },
	{ "nth", ARGS_NUMBER, KIND_COUNT, 0, NULL, "N: the N-th time that the others hold" },
	{ "every", ARGS_NUMBER, KIND_COUNT, 0, NULL, "N: each N-th time" },
	{ "from", ARGS_NUMBER, KIND_COUNT, 0, NULL, "N: from the N-th time on" },
	{ "first", ARGS_NUMBER, KIND_COUNT, 0, NULL, "N: the first N times" },
};

static bool parse_range(const char *text, u64 *a, u64 *b)
{
	const char *dots = strstr(text, "..");
	char first[32];

	if (!dots) {
		*b = 0;
		if (!shape_number(text, a))
			return false;
		*b = *a;
		return true;
	}
	if ((size_t)(dots - text) >= sizeof(first))
		return false;
	memcpy(first, text, (size_t)(dots - text));
	first[dots - text] = 0;
	return shape_number(first, a) && shape_number(dots + 2, b) && *a <= *b;
}

static const char *parse_register(struct condition *c, char **words, u32 nr, u32 *used)
{
	if (nr < 2 || (strcmp(words[0], "read") && strcmp(words[0], "write")))
		return "\"read\" or \"write\" and a register";
	c->b = !strcmp(words[0], "write");
	c->a = regs_by_name(words[1]);
	*used = 2;
	return c->a == ALL_ONES ? "the name of a register, such as CSTS" : NULL;
}

static const char *parse_opcode(struct condition *c, const char *word)
{
	bool admin;

	c->b = 2;
	if (shape_number(word, &c->a))
		return c->a > 255 ? "an opcode, 0 to 0xff" : NULL;
	c->a = sqe_opcode(word, &admin);
	c->b = admin;
	return c->a == ALL_ONES ? "an opcode that \"onvme-device --words\" lists, or a number" : NULL;
}

static const char *parse_state(struct condition *c, const char *word)
{
	static const char * const states[] = { "enable", "ready", "disable", "shutdown", "reset" };
	u32 i;

	for (i = 0; i < ARRAY_SIZE(states); i++)
		if (!strcmp(states[i], word))
			c->text = states[i];
	return c->text ? NULL : "enable, ready, disable, shutdown or reset";
}

static const char *parse_args(struct condition *c, char **words, u32 nr, u32 *used)
{
	*used = c->form->args != ARGS_NONE;
	if (*used && !nr)
		return "the value of a condition";
	switch (c->form->args) {
	case ARGS_NUMBER:
		if (!shape_number(words[0], &c->a))
			return "a number";
		if (c->form->holds == holds_trigger && c->a > 63)
			return "a trigger, 0 to 63";
		return c->form->kind == KIND_COUNT && !c->a ? "a number from 1 on" : NULL;
	case ARGS_RANGE:
		return parse_range(words[0], &c->a, &c->b) ? NULL : "a number or A..B";
	case ARGS_OPCODE:
		return parse_opcode(c, words[0]);
	case ARGS_REGISTER:
		return parse_register(c, words, nr, used);
	case ARGS_STATE:
		return parse_state(c, words[0]);
	default:
		return NULL;
	}
}

const char *condition_parse(struct condition *condition, char **words, u32 nr, u32 *used)
{
	const char *wrong;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(forms) && strcmp(forms[i].name, words[0]); i++)
		;
	if (i == ARRAY_SIZE(forms))
		return "a condition that \"onvme-device --words\" lists, or \"->\"";
	condition->form = &forms[i];
	wrong = parse_args(condition, words + 1, nr - 1, used);
	*used += 1;
	return wrong;
}

/* A register is either read or written. */
u32 condition_occasions(const struct condition *condition)
{
	if (condition->form->args == ARGS_REGISTER)
		return condition->b ? ON_WRITE : ON_READ;
	return condition->form->occasions;
}

bool condition_counts(const struct condition *condition)
{
	return condition->form->kind == KIND_COUNT;
}

bool condition_is_time(const struct condition *condition)
{
	return condition->form->kind == KIND_TIME;
}

u64 condition_ms(const struct condition *condition)
{
	return condition->a;
}

bool condition_holds(const struct device *dev, const struct condition *condition, const struct happening *happening)
{
	return condition_counts(condition) || condition->form->holds(dev, condition, happening);
}

bool condition_admits_count(const struct condition *condition, u64 matches)
{
	const char *name = condition->form->name;

	if (!condition_counts(condition))
		return true;
	if (!strcmp(name, "nth"))
		return matches == condition->a;
	if (!strcmp(name, "every"))
		return !(matches % condition->a);
	if (!strcmp(name, "from"))
		return matches >= condition->a;
	return matches <= condition->a;
}

void condition_list(FILE *to)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(forms); i++)
		fprintf(to, "condition %s: %s\n", forms[i].name, forms[i].text);
}
