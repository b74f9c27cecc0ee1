// SPDX-License-Identifier: GPL-2.0
/*
 * One table has all conditions: their words, their arguments, and what they can be asked about. The action says what a
 * rule is about, and each of its conditions must go with that.
 */
#include <asm/byteorder.h>
#include <linux/array_size.h>
#include <linux/bitfield.h>
#include <linux/bits.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/string.h>

#include "rule.h"

#define ONVME_RULE_MAX_MS	600000

enum onvme_rule_args {
	ONVME_ARGS_NONE,
	ONVME_ARGS_NUMBER,
	ONVME_ARGS_RANGE,		/* A..B or A */
	ONVME_ARGS_OPCODE,		/* a name, or a number when it is said whose */
	ONVME_ARGS_DEV,			/* dddd:bb:dd.f */
};

static const struct onvme_rule_form {
	const char	*name;
	u8		args;
	u8		on;		/* what it goes with, as bits */
	u64		least;
	u64		most;
} onvme_rule_forms[ONVME_NR_RULE_IFS] = {
	[ONVME_RULE_IF_DEV]	= { "dev", ONVME_ARGS_DEV, (u8)~BIT(ONVME_RULE_ALLOC), 0, 0 },
	[ONVME_RULE_IF_ADMIN]	= { "admin", ONVME_ARGS_NONE, BIT(ONVME_RULE_COMMAND), 0, 0 },
	[ONVME_RULE_IF_IO]	= { "io", ONVME_ARGS_NONE, BIT(ONVME_RULE_COMMAND), 0, 0 },
	[ONVME_RULE_IF_OPCODE]	= { "opcode", ONVME_ARGS_OPCODE, BIT(ONVME_RULE_COMMAND), 0, U8_MAX },
	[ONVME_RULE_IF_QUEUE]	= { "queue", ONVME_ARGS_RANGE, BIT(ONVME_RULE_COMMAND) | BIT(ONVME_RULE_INTERRUPT), 0,
				    U16_MAX },
	[ONVME_RULE_IF_NSID]	= { "nsid", ONVME_ARGS_NUMBER, BIT(ONVME_RULE_COMMAND), 0, U32_MAX },
	[ONVME_RULE_IF_LBA]	= { "lba", ONVME_ARGS_RANGE, BIT(ONVME_RULE_COMMAND), 0, U64_MAX },
	[ONVME_RULE_IF_STEP]	= { "step", ONVME_ARGS_NUMBER, BIT(ONVME_RULE_STEP), 1, U8_MAX },
	[ONVME_RULE_IF_ALLOC]	= { "alloc", ONVME_ARGS_NONE, BIT(ONVME_RULE_ALLOC), 0, 0 },
	[ONVME_RULE_IF_NTH]	= { "nth", ONVME_ARGS_NUMBER, (u8)~0u, 1, U32_MAX },
	[ONVME_RULE_IF_EVERY]	= { "every", ONVME_ARGS_NUMBER, (u8)~0u, 1, U32_MAX },
	[ONVME_RULE_IF_FROM]	= { "from", ONVME_ARGS_NUMBER, (u8)~0u, 1, U32_MAX },
	[ONVME_RULE_IF_FIRST]	= { "first", ONVME_ARGS_NUMBER, (u8)~0u, 1, U32_MAX },
};

#define ONVME_RULE_COUNTS	(BIT(ONVME_RULE_IF_NTH) | BIT(ONVME_RULE_IF_EVERY) | BIT(ONVME_RULE_IF_FROM) | \
				 BIT(ONVME_RULE_IF_FIRST))

static const struct onvme_rule_opcode {
	const char	*name;
	bool		admin;
	u8		opcode;
} onvme_rule_opcodes[] = {
	{ "delete-sq",		true,	ONVME_ADM_DELETE_SQ },
	{ "create-sq",		true,	ONVME_ADM_CREATE_SQ },
	{ "get-log",		true,	ONVME_ADM_GET_LOG_PAGE },
	{ "delete-cq",		true,	ONVME_ADM_DELETE_CQ },
	{ "create-cq",		true,	ONVME_ADM_CREATE_CQ },
	{ "identify",		true,	ONVME_ADM_IDENTIFY },
	{ "abort",		true,	ONVME_ADM_ABORT },
	{ "set-features",	true,	ONVME_ADM_SET_FEATURES },
	{ "get-features",	true,	ONVME_ADM_GET_FEATURES },
	{ "ns-mgmt",		true,	ONVME_ADM_NS_MGMT },
	{ "fw-commit",		true,	ONVME_ADM_FW_COMMIT },
	{ "fw-download",	true,	ONVME_ADM_FW_DOWNLOAD },
	{ "ns-attach",		true,	ONVME_ADM_NS_ATTACH },
	{ "dbbuf",		true,	ONVME_ADM_DBBUF_CONFIG },
	{ "format",		true,	ONVME_ADM_FORMAT_NVM },
	{ "sanitize",		true,	ONVME_ADM_SANITIZE },
	{ "flush",		false,	ONVME_NVM_FLUSH },
	{ "write",		false,	ONVME_NVM_WRITE },
	{ "read",		false,	ONVME_NVM_READ },
	{ "write-uncor",	false,	ONVME_NVM_WRITE_UNCOR },
	{ "compare",		false,	ONVME_NVM_COMPARE },
	{ "write-zeroes",	false,	ONVME_NVM_WRITE_ZEROES },
	{ "dsm",		false,	ONVME_NVM_DSM },
	{ "verify",		false,	ONVME_NVM_VERIFY },
	{ "copy",		false,	ONVME_NVM_COPY },
};

/* What of a line has not been read yet, and a word of it */
struct onvme_rule_words {
	const char	*at;
	size_t		left;
	const char	*word;
	size_t		len;
};

static bool onvme_rule_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* The next word; an empty one, and false, at the end. */
static bool onvme_rule_next(struct onvme_rule_words *w)
{
	while (w->left && onvme_rule_blank(*w->at)) {
		w->at++;
		w->left--;
	}
	w->word = w->at;
	while (w->left && !onvme_rule_blank(*w->at)) {
		w->at++;
		w->left--;
	}
	w->len = (size_t)(w->at - w->word);
	return w->len;
}

static bool onvme_rule_is(const struct onvme_rule_words *w, const char *name)
{
	return strlen(name) == w->len && !memcmp(w->word, name, w->len);
}

static int onvme_rule_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return 16;
}

/* Digits of @base, at least one and nothing else. */
static bool onvme_rule_digits(const char *text, size_t len, unsigned int base, u64 *value)
{
	u64 n = 0;

	if (!len)
		return false;
	for (; len; len--, text++) {
		unsigned int digit = (unsigned int)onvme_rule_digit(*text);

		if (digit >= base || n > (U64_MAX - digit) / base)
			return false;
		n = n * base + digit;
	}
	*value = n;
	return true;
}

/* Decimal, or hexadecimal behind 0x. */
static bool onvme_rule_number(const char *text, size_t len, u64 least, u64 most, u64 *value)
{
	bool hex = len > 2 && text[0] == '0' && text[1] == 'x';

	if (!(hex ? onvme_rule_digits(text + 2, len - 2, 16, value) : onvme_rule_digits(text, len, 10, value)))
		return false;
	return *value >= least && *value <= most;
}

static bool onvme_rule_range(const struct onvme_rule_words *w, const struct onvme_rule_form *form, u64 *first,
			     u64 *last)
{
	size_t dots = 0;

	while (dots + 1 < w->len && !(w->word[dots] == '.' && w->word[dots + 1] == '.'))
		dots++;
	if (dots + 1 >= w->len) {
		*last = 0;
		if (!onvme_rule_number(w->word, w->len, form->least, form->most, first))
			return false;
		*last = *first;
		return true;
	}
	return onvme_rule_number(w->word, dots, form->least, form->most, first) &&
	       onvme_rule_number(w->word + dots + 2, w->len - dots - 2, *first, form->most, last);
}

/* dddd:bb:dd.f as lspci -D prints it; a domain may have up to eight digits. */
static bool onvme_rule_pci(const struct onvme_rule_words *w, u64 *dev)
{
	u64 domain, bus, slot, function;
	const char *tail;

	if (w->len < 12 || w->len > 16)
		return false;
	tail = w->word + w->len - 8;		/* ":bb:dd.f" */
	if (tail[0] != ':' || tail[3] != ':' || tail[6] != '.')
		return false;
	if (!onvme_rule_digits(w->word, w->len - 8, 16, &domain) || !onvme_rule_digits(tail + 1, 2, 16, &bus) ||
	    !onvme_rule_digits(tail + 4, 2, 16, &slot) || !onvme_rule_digits(tail + 7, 1, 8, &function) || slot > 31)
		return false;
	*dev = onvme_rule_dev((u32)domain, (u8)bus, (u8)(slot << 3 | function));
	return true;
}

/* A name says which command set it is of. */
static bool onvme_rule_opcode(const struct onvme_rule_words *w, struct onvme_rule *rule, u64 *opcode)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(onvme_rule_opcodes); i++) {
		if (!onvme_rule_is(w, onvme_rule_opcodes[i].name))
			continue;
		rule->given |= onvme_rule_opcodes[i].admin ? BIT(ONVME_RULE_IF_ADMIN) : BIT(ONVME_RULE_IF_IO);
		*opcode = onvme_rule_opcodes[i].opcode;
		return true;
	}
	return onvme_rule_number(w->word, w->len, 0, U8_MAX, opcode);
}

static bool onvme_rule_args(struct onvme_rule_words *w, unsigned int which, struct onvme_rule *rule)
{
	const struct onvme_rule_form *form = &onvme_rule_forms[which];
	u64 *first = &rule->arg[which].first, *last = &rule->arg[which].last;
	bool ok;

	if (form->args == ONVME_ARGS_NONE)
		return true;
	if (!onvme_rule_next(w))
		return false;
	if (form->args == ONVME_ARGS_RANGE)
		return onvme_rule_range(w, form, first, last);
	if (form->args == ONVME_ARGS_DEV)
		ok = onvme_rule_pci(w, first);
	else if (form->args == ONVME_ARGS_OPCODE)
		ok = onvme_rule_opcode(w, rule, first);
	else
		ok = onvme_rule_number(w->word, w->len, form->least, form->most, first);
	*last = *first;
	return ok;
}

/* Conditions up to the arrow; each once, and at most one that counts. */
static bool onvme_rule_conditions(struct onvme_rule_words *w, struct onvme_rule *rule)
{
	u32 said = 0;
	unsigned int i;

	while (onvme_rule_next(w) && !onvme_rule_is(w, "->")) {
		for (i = 0; i < ONVME_NR_RULE_IFS && !onvme_rule_is(w, onvme_rule_forms[i].name); i++)
			;
		if (i == ONVME_NR_RULE_IFS || said & BIT(i))
			return false;
		if (BIT(i) & ONVME_RULE_COUNTS && said & ONVME_RULE_COUNTS)
			return false;
		said |= (u32)BIT(i);
		rule->given |= (u32)BIT(i);
		if (!onvme_rule_args(w, i, rule))
			return false;
	}
	if (!w->len)
		return false;
	/* Opcode 1 is one thing here and another there. */
	return !(rule->given & BIT(ONVME_RULE_IF_OPCODE)) ||
	       rule->given & (BIT(ONVME_RULE_IF_ADMIN) | BIT(ONVME_RULE_IF_IO));
}

/* Whether an I/O command names blocks in dwords 10 to 12: of no other could we tell which it touches. */
static bool onvme_rule_names_blocks(u64 opcode)
{
	switch (opcode) {
	case ONVME_NVM_WRITE:
	case ONVME_NVM_READ:
	case ONVME_NVM_WRITE_UNCOR:
	case ONVME_NVM_COMPARE:
	case ONVME_NVM_WRITE_ZEROES:
	case ONVME_NVM_VERIFY:
		return true;
	default:
		return false;
	}
}

/* Conditions about a command that exclude each other: who asks for that is mistaken. */
static bool onvme_rule_can_hold(const struct onvme_rule *rule)
{
	bool lba = rule->given & BIT(ONVME_RULE_IF_LBA), admin = rule->given & BIT(ONVME_RULE_IF_ADMIN);
	bool io = lba || rule->given & BIT(ONVME_RULE_IF_IO);

	if (admin && io)
		return false;
	if (rule->given & BIT(ONVME_RULE_IF_QUEUE) && ((admin && rule->arg[ONVME_RULE_IF_QUEUE].first) ||
						       (io && !rule->arg[ONVME_RULE_IF_QUEUE].last)))
		return false;
	return !lba || !(rule->given & BIT(ONVME_RULE_IF_OPCODE)) ||
	       onvme_rule_names_blocks(rule->arg[ONVME_RULE_IF_OPCODE].first);
}

/* SCT/SC [dnr] [more] [crd N]. Success is no fault: it would be a lie. */
static bool onvme_rule_status(struct onvme_rule_words *w, struct onvme_rule *rule)
{
	u64 sct, sc, crd;
	size_t slash;
	u32 status;

	if (!onvme_rule_next(w))
		return false;
	for (slash = 0; slash < w->len && w->word[slash] != '/'; slash++)
		;
	if (slash == w->len || !onvme_rule_number(w->word, slash, 0, 7, &sct) ||
	    !onvme_rule_number(w->word + slash + 1, w->len - slash - 1, 0, U8_MAX, &sc) || !(sct | sc))
		return false;
	status = (u32)(FIELD_PREP(ONVME_SF_SCT, sct) | FIELD_PREP(ONVME_SF_SC, sc));
	while (onvme_rule_next(w)) {
		if (onvme_rule_is(w, "dnr") && !(status & ONVME_SF_DNR)) {
			status |= (u32)ONVME_SF_DNR;
		} else if (onvme_rule_is(w, "more") && !(status & ONVME_SF_MORE)) {
			status |= (u32)ONVME_SF_MORE;
		} else if (onvme_rule_is(w, "crd") && !(status & ONVME_SF_CRD)) {
			if (!onvme_rule_next(w) || !onvme_rule_number(w->word, w->len, 1, 3, &crd))
				return false;
			status |= (u32)FIELD_PREP(ONVME_SF_CRD, crd);
		} else {
			return false;
		}
	}
	rule->status = (u16)status;
	return true;
}

/* A number of milliseconds; @needed: it cannot be left out. */
static bool onvme_rule_ms(struct onvme_rule_words *w, struct onvme_rule *rule, bool needed)
{
	u64 ms;

	if (!onvme_rule_next(w))
		return !needed;
	if (!onvme_rule_number(w->word, w->len, 1, ONVME_RULE_MAX_MS, &ms))
		return false;
	rule->ms = (u32)ms;
	return true;
}

static bool onvme_rule_do(struct onvme_rule_words *w, struct onvme_rule *rule)
{
	onvme_rule_next(w);
	if (onvme_rule_is(w, "status")) {
		rule->action = ONVME_RULE_STATUS;
		return onvme_rule_status(w, rule);
	}
	if (onvme_rule_is(w, "delay")) {
		rule->action = ONVME_RULE_DELAY;
		return onvme_rule_ms(w, rule, true);
	}
	if (onvme_rule_is(w, "all-ones")) {
		rule->action = ONVME_RULE_ALL_ONES;
		rule->on = ONVME_RULE_READ;
		return onvme_rule_ms(w, rule, false);
	}
	if (onvme_rule_is(w, "drop")) {
		rule->action = ONVME_RULE_DROP;
		return true;
	}
	if (onvme_rule_is(w, "no-interrupt")) {
		rule->action = ONVME_RULE_NO_INTERRUPT;
		rule->on = ONVME_RULE_INTERRUPT;
		return true;
	}
	rule->action = ONVME_RULE_FAIL;
	rule->on = rule->given & BIT(ONVME_RULE_IF_ALLOC) ? ONVME_RULE_ALLOC : ONVME_RULE_STEP;
	return onvme_rule_is(w, "fail") && rule->given & (BIT(ONVME_RULE_IF_ALLOC) | BIT(ONVME_RULE_IF_STEP));
}

/**
 * onvme_rule_parse() - what a line means
 * @line: the line, without its end; need not be terminated
 * @len: its length
 * @rule: gets the rule
 *
 * Return: 0; -EINVAL: it means nothing; @rule is then of no use.
 */
int onvme_rule_parse(const char *line, size_t len, struct onvme_rule *rule)
{
	struct onvme_rule_words w = { .at = line, .left = len };
	unsigned int i;

	memset(rule, 0, sizeof(*rule));
	rule->on = ONVME_RULE_COMMAND;
	if (!onvme_rule_next(&w) || !onvme_rule_is(&w, "when") || !onvme_rule_conditions(&w, rule) ||
	    !onvme_rule_can_hold(rule) || !onvme_rule_do(&w, rule) || onvme_rule_next(&w))
		return -EINVAL;
	for (i = 0; i < ONVME_NR_RULE_IFS; i++)
		if (rule->given & BIT(i) && !(onvme_rule_forms[i].on & BIT(rule->on)))
			return -EINVAL;
	return 0;
}

static size_t onvme_rule_text_condition(const struct onvme_rule *rule, unsigned int i, char *to, size_t room)
{
	const char *name = onvme_rule_forms[i].name;
	u64 first = rule->arg[i].first, last = rule->arg[i].last;

	switch (onvme_rule_forms[i].args) {
	case ONVME_ARGS_NONE:
		return (size_t)snprintf(to, room, " %s", name);
	case ONVME_ARGS_DEV:
		return (size_t)snprintf(to, room, " %s %04x:%02x:%02x.%x", name, (u32)(first >> 16),
					(u32)(first >> 8 & 0xff), (u32)(first >> 3 & 0x1f), (u32)(first & 7));
	case ONVME_ARGS_OPCODE:
		return (size_t)snprintf(to, room, " %s 0x%02x", name, (u32)first);
	default:
		if (first != last)
			return (size_t)snprintf(to, room, " %s %llu..%llu", name, (unsigned long long)first,
						(unsigned long long)last);
		return (size_t)snprintf(to, room, " %s %llu", name, (unsigned long long)first);
	}
}

static size_t onvme_rule_text_action(const struct onvme_rule *rule, char *to, size_t room)
{
	static const char * const names[] = {
		[ONVME_RULE_STATUS] = "status",		[ONVME_RULE_DROP] = "drop",
		[ONVME_RULE_DELAY] = "delay",		[ONVME_RULE_NO_INTERRUPT] = "no-interrupt",
		[ONVME_RULE_ALL_ONES] = "all-ones",	[ONVME_RULE_FAIL] = "fail",
	};
	size_t n = (size_t)snprintf(to, room, " -> %s", names[rule->action]);

	if (rule->ms)
		n += (size_t)snprintf(to + n, room - n, " %u", rule->ms);
	if (rule->action != ONVME_RULE_STATUS)
		return n;
	n += (size_t)snprintf(to + n, room - n, " %u/0x%02x%s%s", (u32)FIELD_GET(ONVME_SF_SCT, rule->status),
			      (u32)FIELD_GET(ONVME_SF_SC, rule->status), rule->status & ONVME_SF_DNR ? " dnr" : "",
			      rule->status & ONVME_SF_MORE ? " more" : "");
	if (rule->status & ONVME_SF_CRD)
		n += (size_t)snprintf(to + n, room - n, " crd %u", (u32)FIELD_GET(ONVME_SF_CRD, rule->status));
	return n;
}

/**
 * onvme_rule_text() - a rule as a line that onvme_rule_parse() reads as the same rule
 * @rule: the rule, from onvme_rule_parse()
 * @text: %ONVME_RULE_TEXT bytes; gets the line, terminated, without an end of line
 *
 * Return: its length.
 */
size_t onvme_rule_text(const struct onvme_rule *rule, char *text)
{
	size_t n = (size_t)snprintf(text, ONVME_RULE_TEXT, "when");
	unsigned int i;

	for (i = 0; i < ONVME_NR_RULE_IFS; i++)
		if (rule->given & BIT(i))
			n += onvme_rule_text_condition(rule, i, text + n, ONVME_RULE_TEXT - n);
	return n + onvme_rule_text_action(rule, text + n, ONVME_RULE_TEXT - n);
}

static bool onvme_rule_touches(const struct onvme_rule_event *event, u64 first, u64 last)
{
	u64 slba = le32_to_cpu(event->sqe->cdw10) | (u64)le32_to_cpu(event->sqe->cdw11) << 32;
	u64 more = le32_to_cpu(event->sqe->cdw12) & 0xffff;

	return event->qid && onvme_rule_names_blocks(event->sqe->opcode) && slba <= last &&
	       (slba >= first || more >= first - slba);
}

static bool onvme_rule_condition_holds(const struct onvme_rule *rule, unsigned int which,
				       const struct onvme_rule_event *event)
{
	u64 first = rule->arg[which].first, last = rule->arg[which].last;

	switch (which) {
	case ONVME_RULE_IF_DEV:
		return event->dev == first;
	case ONVME_RULE_IF_ADMIN:
		return !event->qid;
	case ONVME_RULE_IF_IO:
		return event->qid;
	case ONVME_RULE_IF_OPCODE:
		return event->sqe->opcode == first;
	case ONVME_RULE_IF_QUEUE:
		return event->qid >= first && event->qid <= last;
	case ONVME_RULE_IF_NSID:
		return le32_to_cpu(event->sqe->nsid) == first;
	case ONVME_RULE_IF_LBA:
		return onvme_rule_touches(event, first, last);
	case ONVME_RULE_IF_STEP:
		return event->step == first;
	default:
		return true;		/* an allocation, or a count, which onvme_rule_fires() looks at */
	}
}

/**
 * onvme_rule_holds() - whether a rule is about an event, counts aside
 * @rule: the rule
 * @event: what happens; with a command where @event->on is ONVME_RULE_COMMAND
 *
 * Return: true when all conditions hold.
 */
bool onvme_rule_holds(const struct onvme_rule *rule, const struct onvme_rule_event *event)
{
	unsigned int i;

	if (rule->on != event->on)
		return false;
	for (i = 0; i < ONVME_NR_RULE_IFS; i++)
		if (rule->given & BIT(i) && !onvme_rule_condition_holds(rule, i, event))
			return false;
	return true;
}

/**
 * onvme_rule_fires() - whether it is this time's turn
 * @rule: the rule
 * @seen: how often onvme_rule_holds() was true, this time included
 *
 * Return: true when the rule's count, if it has one, says so.
 */
bool onvme_rule_fires(const struct onvme_rule *rule, u32 seen)
{
	if (rule->given & BIT(ONVME_RULE_IF_NTH))
		return seen == rule->arg[ONVME_RULE_IF_NTH].first;
	if (rule->given & BIT(ONVME_RULE_IF_EVERY))
		return !(seen % (u32)rule->arg[ONVME_RULE_IF_EVERY].first);
	if (rule->given & BIT(ONVME_RULE_IF_FROM))
		return seen >= rule->arg[ONVME_RULE_IF_FROM].first;
	if (rule->given & BIT(ONVME_RULE_IF_FIRST))
		return seen <= rule->arg[ONVME_RULE_IF_FIRST].first;
	return true;
}
