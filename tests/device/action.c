// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "device.h"

/*
 * The arguments of an action, a letter for each: n a number, o a number that may be missing, s a status SCT/SC, d the
 * words dnr, more and crd N in any order, m milliseconds or "forever" (0), c "count N" that may be missing, b an offset
 * and bytes up to the end of the line.
 */
struct action_form {
	const char	*name;
	const char	*args;
	u32		occasions;
	void		(*act)(struct device *dev, const struct action *a, struct happening *h);
	const char	*text;
};

#define ANY_TIME	(ON_COMMAND | ON_READ | ON_WRITE | ON_DOORBELL | ON_STATE | ON_TRIGGER | ON_TIME)

/* ---- a command's fate ---- */

static void act_status(struct device *dev, const struct action *a, struct happening *h)
{
	(void)dev;
	h->cmd->fate.has_status = true;
	h->cmd->fate.status = (u32)(a->arg[0] | a->arg[1]);
}

static void act_delay(struct device *dev, const struct action *a, struct happening *h)
{
	(void)dev;
	h->cmd->fate.delay_us = a->arg[0] * 1000;
}

static void act_drop(struct device *dev, const struct action *a, struct happening *h)
{
	(void)dev;
	(void)a;
	h->cmd->fate.drop = true;
}

static void act_duplicate(struct device *dev, const struct action *a, struct happening *h)
{
	(void)dev;
	h->cmd->fate.duplicates = a->nr ? (u32)a->arg[0] : 1;
}

static void act_wrong_cid(struct device *dev, const struct action *a, struct happening *h)
{
	(void)dev;
	h->cmd->fate.cid_xor = a->nr ? (u32)a->arg[0] & 0xffff : 0x1000;
}

static void act_wrong_phase(struct device *dev, const struct action *a, struct happening *h)
{
	(void)dev;
	(void)a;
	h->cmd->fate.wrong_phase = true;
}

static void act_wrong_sqhd(struct device *dev, const struct action *a, struct happening *h)
{
	(void)dev;
	(void)a;
	h->cmd->fate.wrong_sqhd = true;
}

static void act_wrong_qid(struct device *dev, const struct action *a, struct happening *h)
{
	(void)dev;
	(void)a;
	h->cmd->fate.wrong_qid = true;
}

static void act_torn(struct device *dev, const struct action *a, struct happening *h)
{
	(void)dev;
	h->cmd->fate.torn_us = a->nr ? a->arg[0] : 2000;
}

static void act_no_interrupt(struct device *dev, const struct action *a, struct happening *h)
{
	(void)dev;
	(void)a;
	h->cmd->fate.no_interrupt = true;
}

static void act_result(struct device *dev, const struct action *a, struct happening *h)
{
	(void)dev;
	h->cmd->fate.has_result = true;
	h->cmd->fate.result = (u32)a->arg[0];
}

static void act_bytes(struct device *dev, const struct action *a, struct happening *h)
{
	u32 i;

	(void)dev;
	for (i = 0; i < FATE_MAX_BYTES && h->cmd->fate.bytes[i]; i++)
		;
	if (i < FATE_MAX_BYTES)
		h->cmd->fate.bytes[i] = a;
}

static void act_short_data(struct device *dev, const struct action *a, struct happening *h)
{
	(void)dev;
	(void)a;
	h->cmd->fate.short_data = true;
}

static void act_corrupt_list(struct device *dev, const struct action *a, struct happening *h)
{
	(void)dev;
	(void)a;
	h->cmd->fate.corrupt_list = true;
}

/* ---- registers ---- */

static void act_value(struct device *dev, const struct action *a, struct happening *h)
{
	(void)dev;
	put_le(h->bytes, a->arg[0], h->len);
}

static void act_or(struct device *dev, const struct action *a, struct happening *h)
{
	(void)dev;
	put_le(h->bytes, get_le(h->bytes, h->len) | a->arg[0], h->len);
}

static void act_ignore(struct device *dev, const struct action *a, struct happening *h)
{
	(void)dev;
	(void)a;
	h->swallow = true;
}

/* ---- the controller ---- */

static void act_cfs(struct device *dev, const struct action *a, struct happening *h)
{
	(void)a;
	(void)h;
	regs_fail(dev);
}

static void act_all_ones(struct device *dev, const struct action *a, struct happening *h)
{
	regs_silence(dev, a->arg[0], false);
	if (h->what == ON_READ)
		memset(h->bytes, 0xff, h->len);
}

static void act_vanish(struct device *dev, const struct action *a, struct happening *h)
{
	regs_silence(dev, a->arg[0], true);
	if (h->what == ON_READ)
		memset(h->bytes, 0xff, h->len);
}

static void act_never_ready(struct device *dev, const struct action *a, struct happening *h)
{
	(void)a;
	(void)h;
	dev->regs.never_ready = true;
}

#define ACT_READY_AFTER(_name, _reset)										\
	static void act_ready_after_##_name(struct device *dev, const struct action *a, struct happening *h)	\
	{													\
		(void)a;											\
		(void)h;											\
		dev->regs.wants = _reset;									\
	}

ACT_READY_AFTER(nssr, RESET_SUBSYSTEM)
ACT_READY_AFTER(flr, RESET_FUNCTION)
ACT_READY_AFTER(d3, RESET_POWER)
ACT_READY_AFTER(bus, RESET_BUS)

static void act_fall_off(struct device *dev, const struct action *a, struct happening *h)
{
	(void)a;
	regs_fall_off(dev);
	if (h->what == ON_READ)
		memset(h->bytes, 0xff, h->len);
}

static void act_pause(struct device *dev, const struct action *a, struct happening *h)
{
	(void)h;
	regs_pause(dev, a->arg[0]);
}

static void act_spurious(struct device *dev, const struct action *a, struct happening *h)
{
	(void)h;
	irq_raise(dev, (u32)a->arg[0]);
}

static void act_storm(struct device *dev, const struct action *a, struct happening *h)
{
	(void)h;
	dev->rules.storm_vector = (u32)a->arg[0];
	dev->rules.storm_left = (u32)a->arg[1];
	timer_set_us(&dev->rules.storm, 1000);
}

static void act_aer(struct device *dev, const struct action *a, struct happening *h)
{
	u32 dw0 = (u32)(a->arg[0] | a->arg[1] << 8 | a->arg[2] << 16);

	(void)h;
	event_flood(dev, dw0, a->nr > 3 ? (u32)a->arg[3] : 1);
}

static void act_smart(struct device *dev, const struct action *a, struct happening *h)
{
	(void)h;
	dev->logs.critical = (u32)a->arg[0];
	if (a->arg[0] & dev->features.value[FEAT_EVENTS])
		event_post(dev, 1, 0, LOG_SMART);
}

static void act_ana(struct device *dev, const struct action *a, struct happening *h)
{
	(void)h;
	log_change_ana(dev, (u32)a->arg[0] & 15);
}

static void act_sgls(struct device *dev, const struct action *a, struct happening *h)
{
	(void)h;
	dev->sgls = (u32)a->arg[0];
}

/* ---- namespaces ---- */

static void act_ns_add(struct device *dev, const struct action *a, struct happening *h)
{
	u32 format = a->nr > 2 ? (u32)a->arg[2] % NS_NR_FORMATS : 0;

	(void)h;
	if (ns_add(dev, (u32)a->arg[0], a->arg[1] >> dev->nss.formats[format].lba_shift, format, false, 0))
		ns_changed(dev, (u32)a->arg[0]);
}

static void act_ns_remove(struct device *dev, const struct action *a, struct happening *h)
{
	(void)h;
	ns_remove(dev, (u32)a->arg[0]);
	ns_changed(dev, (u32)a->arg[0]);
}

static void act_ns_size(struct device *dev, const struct action *a, struct happening *h)
{
	struct ns *ns = ns_get(dev, (u32)a->arg[0]);

	(void)h;
	if (!ns)
		return;
	ns_resize(dev, ns, a->arg[1] >> ns_shift(dev, ns));
	ns_changed(dev, ns->nsid);
}

static void act_ns_format(struct device *dev, const struct action *a, struct happening *h)
{
	struct ns *ns = ns_get(dev, (u32)a->arg[0]);

	(void)h;
	if (!ns)
		return;
	ns_format_to(dev, ns, (u32)a->arg[1] % NS_NR_FORMATS, false, 0);
	ns_changed(dev, ns->nsid);
}

static void act_ns_readonly(struct device *dev, const struct action *a, struct happening *h)
{
	struct ns *ns = ns_get(dev, (u32)a->arg[0]);

	(void)h;
	if (!ns)
		return;
	ns->readonly = a->arg[1];
	ns_changed(dev, ns->nsid);
}

static void act_ns_reserve(struct device *dev, const struct action *a, struct happening *h)
{
	struct ns *ns = ns_get(dev, (u32)a->arg[0]);

	(void)h;
	if (ns)
		resv_by_other(ns, (u32)min_of(a->arg[1], 6ull));
}

static const struct action_form forms[] = {
	{ "status", "sd", ON_COMMAND, act_status, "SCT/SC [dnr] [more] [crd N]: not executed, completes with that" },
	{ "delay", "n", ON_COMMAND, act_delay, "MS: executed that much later" },
	{ "drop", "", ON_COMMAND, act_drop, "never executed, never completed; an abort ends it" },
	{ "duplicate", "o", ON_COMMAND, act_duplicate, "[N]: completed N times more (1)" },
	{ "wrong-cid", "o", ON_COMMAND, act_wrong_cid, "[XOR]: the completion's command identifier is wrong (0x1000)" },
	{ "wrong-phase", "", ON_COMMAND, act_wrong_phase, "the completion's Phase Tag is that of the last round" },
	{ "wrong-sqhd", "", ON_COMMAND, act_wrong_sqhd, "the completion's SQ Head Pointer is FFFFh" },
	{ "wrong-qid", "", ON_COMMAND, act_wrong_qid, "the completion's SQ Identifier is one too high" },
	{ "torn", "o", ON_COMMAND, act_torn, "[US]: the Phase Tag is written first, the rest later (2000)" },
	{ "no-interrupt", "", ON_COMMAND, act_no_interrupt, "completed without an interrupt" },
	{ "result", "n", ON_COMMAND, act_result, "VALUE: dword 0 of the completion" },
	{ "bytes", "b", ON_COMMAND, act_bytes, "OFFSET BYTE...: in the data returned; ends the rule" },
	{ "short-data", "", ON_COMMAND, act_short_data, "only half of the data is returned" },
	{ "corrupt-list", "", ON_COMMAND, act_corrupt_list, "Identify: a list that never ends" },
	{ "value", "n", ON_READ | ON_WRITE, act_value, "VALUE: what is read, or written, instead" },
	{ "or", "n", ON_READ | ON_WRITE, act_or, "BITS: are set in what is read or written" },
	{ "ignore", "", ON_WRITE | ON_DOORBELL, act_ignore, "the write has no effect" },
	{ "cfs", "", ANY_TIME, act_cfs, "CSTS.CFS; nothing is done until a reset" },
	{ "all-ones", "m", ANY_TIME, act_all_ones, "MS|forever: BAR 0 reads all-ones, nothing is done" },
	{ "vanish", "m", ANY_TIME, act_vanish, "MS|forever: the same, and config space too" },
	{ "never-ready", "", ANY_TIME, act_never_ready, "CSTS.RDY does not follow CC.EN = 1 any more" },
	{ "fall-off", "", ANY_TIME, act_fall_off, "vanish until a bus reset" },
	{ "ready-after-nssr", "", ANY_TIME, act_ready_after_nssr, "not before an NVM subsystem reset or more" },
	{ "ready-after-flr", "", ANY_TIME, act_ready_after_flr, "not before a function-level reset or more" },
	{ "ready-after-d3", "", ANY_TIME, act_ready_after_d3, "not before the way from D3 to D0, with nsr 0" },
	{ "ready-after-bus", "", ANY_TIME, act_ready_after_bus, "not before a bus reset" },
	{ "pause", "n", ANY_TIME, act_pause, "MS: CSTS.PP, nothing is done" },
	{ "spurious-interrupt", "n", ANY_TIME, act_spurious, "VECTOR: an interrupt without a completion" },
	{ "storm", "nn", ANY_TIME, act_storm, "VECTOR N: N interrupts, 1 ms apart" },
	{ "aer", "nnnc", ANY_TIME, act_aer, "TYPE INFO LID [count N]: an event, N times, not silenced" },
	{ "smart", "n", ANY_TIME, act_smart, "BITS: critical warnings, with an event if asked for" },
	{ "ana", "n", ANY_TIME, act_ana, "STATE: the ANA group changes; 3, 4 and 15 refuse I/O" },
	{ "sgls", "n", ANY_TIME, act_sgls, "VALUE: what SGLS says from now on, and what is so" },
	{ "ns-add", "nno", ANY_TIME, act_ns_add, "NSID BYTES [FORMAT]: a new namespace" },
	{ "ns-remove", "n", ANY_TIME, act_ns_remove, "NSID: it is gone" },
	{ "ns-size", "nn", ANY_TIME, act_ns_size, "NSID BYTES: it grows or shrinks" },
	{ "ns-format", "nn", ANY_TIME, act_ns_format, "NSID FORMAT: it was formatted" },
	{ "ns-readonly", "nn", ANY_TIME, act_ns_readonly, "NSID 0|1: write protection" },
	{ "ns-reserve", "nn", ANY_TIME, act_ns_reserve, "NSID TYPE: another host takes a reservation; 0: returns it" },
};

/* ---- parsing ---- */

static const char *parse_status(struct action *a, const char *word)
{
	const char *slash = strchr(word, '/');
	char sct[16];
	u64 type, code;

	if (!slash || (size_t)(slash - word) >= sizeof(sct))
		return "a status SCT/SC, such as 2/0x81";
	memcpy(sct, word, (size_t)(slash - word));
	sct[slash - word] = 0;
	if (!shape_number(sct, &type) || !shape_number(slash + 1, &code) || type > 7 || code > 255 || !(type | code))
		return "a status SCT/SC, such as 2/0x81";
	a->arg[a->nr++] = type << 8 | code;
	return NULL;
}

static const char *parse_status_words(struct action *a, char **words, u32 nr, u32 *used)
{
	u64 bits = 0, crd;

	while (*used < nr) {
		if (!strcmp(words[*used], "dnr")) {
			bits |= SF_DNR;
		} else if (!strcmp(words[*used], "more")) {
			bits |= SF_MORE;
		} else if (!strcmp(words[*used], "crd")) {
			*used += 1;
			if (*used >= nr || !shape_number(words[*used], &crd) || crd > 3)
				return "a number, 0 to 3, behind \"crd\"";
			bits |= crd << SF_CRD_SHIFT;
		} else {
			break;
		}
		*used += 1;
	}
	a->arg[a->nr++] = bits;
	return NULL;
}

static const char *parse_bytes(struct action *a, char **words, u32 nr, u32 *used)
{
	u64 value;

	if (nr < 2 || nr - 1 > RULE_MAX_BYTES || !shape_number(words[0], &a->arg[0]) || a->arg[0] > 0xffffff)
		return "an offset and 1 to 64 bytes";
	for (*used = 1; *used < nr; *used += 1) {
		if (!shape_number(words[*used], &value) || value > 255)
			return "a byte, 0 to 255";
		a->bytes[a->len++] = (u8)value;
	}
	return NULL;
}

static const char *parse_number(struct action *a, char **words, u32 nr, u32 *used, char letter)
{
	u64 value;

	if (letter == 'm' && *used < nr && !strcmp(words[*used], "forever")) {
		a->arg[a->nr++] = 0;
		*used += 1;
		return NULL;
	}
	if (letter == 'c') {
		if (*used >= nr || strcmp(words[*used], "count"))
			return NULL;
		*used += 1;
	}
	if (*used < nr && shape_number(words[*used], &value)) {
		a->arg[a->nr++] = value;
		*used += 1;
		return NULL;
	}
	if (letter == 'o')
		return NULL;
	return letter == 'm' ? "milliseconds or \"forever\"" : "a number";
}

/* Which of @words an action takes is in @used when it returns NULL. */
const char *action_parse(struct action *action, char **words, u32 nr, u32 *used)
{
	const char *letter, *wrong = NULL;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(forms) && strcmp(forms[i].name, words[0]); i++)
		;
	if (i == ARRAY_SIZE(forms))
		return "an action that \"onvme-device --words\" lists";
	action->form = &forms[i];
	words++;
	nr--;
	*used = 0;
	for (letter = forms[i].args; *letter && !wrong; letter++) {
		if (*letter == 's') {
			wrong = *used < nr ? parse_status(action, words[*used]) : "a status SCT/SC, such as 2/0x81";
			*used += 1;
		} else if (*letter == 'd') {
			wrong = parse_status_words(action, words, nr, used);
		} else if (*letter == 'b') {
			wrong = parse_bytes(action, words, nr, used);
		} else {
			wrong = parse_number(action, words, nr, used, *letter);
		}
	}
	*used += 1;
	return wrong;
}

u32 action_occasions(const struct action *action)
{
	return action->form->occasions;
}

const char *action_name(const struct action *action)
{
	return action->form->name;
}

void action_do(struct device *dev, const struct action *action, struct happening *happening)
{
	action->form->act(dev, action, happening);
}

void action_list(FILE *to)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(forms); i++)
		fprintf(to, "action %s: %s\n", forms[i].name, forms[i].text);
}

void fate_bytes(const struct fate *fate, void *data, u32 len)
{
	u8 *to = data;
	u32 i, at;

	for (i = 0; i < FATE_MAX_BYTES && fate->bytes[i]; i++)
		for (at = 0; at < fate->bytes[i]->len; at++)
			if (fate->bytes[i]->arg[0] + at < len)
				to[fate->bytes[i]->arg[0] + at] = fate->bytes[i]->bytes[at];
}
