// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "device.h"

#define LINES_PER_RULE	20u

/* ---- parsing ---- */

static const char *rule_parse_conditions(struct rule *rule, char **words, u32 nr, u32 *at)
{
	u32 used;

	while (*at < nr && strcmp(words[*at], "->")) {
		const char *wrong;

		if (rule->nr_conditions == RULE_MAX_CONDITIONS)
			return "at most 10 conditions";
		wrong = condition_parse(&rule->conditions[rule->nr_conditions++], words + *at, nr - *at, &used);
		if (wrong)
			return wrong;
		*at += used;
	}
	if (*at == nr)
		return "\"->\" and an action";
	*at += 1;
	return rule->nr_conditions ? NULL : "a condition before \"->\"";
}

static const char *rule_parse_actions(struct rule *rule, char **words, u32 nr, u32 *at)
{
	u32 used;

	while (*at < nr) {
		const char *wrong;

		if (rule->nr_actions == RULE_MAX_ACTIONS)
			return "at most 8 actions";
		wrong = action_parse(&rule->actions[rule->nr_actions++], words + *at, nr - *at, &used);
		if (wrong)
			return wrong;
		*at += used;
	}
	return rule->nr_actions ? NULL : "an action behind \"->\"";
}

/* What kind of event a rule is about: what its conditions leave; a trigger or a time when they leave all. */
static const char *rule_find_occasion(struct rule *rule)
{
	u32 left = ~0u, i;
	bool restricted = false, timed = false;

	for (i = 0; i < rule->nr_conditions; i++) {
		u32 some = condition_occasions(&rule->conditions[i]);

		timed |= condition_is_time(&rule->conditions[i]);
		if (!some)
			continue;
		restricted = true;
		left &= some;
	}
	if (!restricted) {
		for (i = 0; i < rule->nr_conditions && condition_counts(&rule->conditions[i]); i++)
			;
		if (i == rule->nr_conditions)
			return "a condition that says what is to happen, not only how often";
		left = timed ? ON_TIME : ON_TRIGGER;
	}
	if (!left)
		return "conditions that can hold together";
	if (left & ON_COMMAND)
		left = ON_COMMAND;
	rule->occasion = left;
	for (i = 0; i < rule->nr_actions; i++)
		if (!(action_occasions(&rule->actions[i]) & left))
			return "an action that these conditions can lead to";
	return NULL;
}

const char *rule_parse(struct rule *rule, char **words, u32 nr)
{
	const char *wrong;
	u32 at = 0;

	wrong = rule_parse_conditions(rule, words, nr, &at);
	if (!wrong)
		wrong = rule_parse_actions(rule, words, nr, &at);
	return wrong ? wrong : rule_find_occasion(rule);
}

/* ---- running ---- */

static void rule_fire(struct rule_run *run, struct happening *happening)
{
	const struct rule *rule = run->rule;
	char names[128] = "";
	u32 i;

	run->dev->rules_fired++;
	if (run->fired++ < LINES_PER_RULE) {
		for (i = 0; i < rule->nr_actions; i++) {
			strncat(names, " ", sizeof(names) - strlen(names) - 1);
			strncat(names, action_name(&rule->actions[i]), sizeof(names) - strlen(names) - 1);
		}
		say("RULE %s:%u%s", rule->file, rule->line, names);
	}
	for (i = 0; i < rule->nr_actions; i++)
		action_do(run->dev, &rule->actions[i], happening);
}

static void rule_ask(struct rule_run *run, struct happening *happening)
{
	const struct rule *rule = run->rule;
	u32 i;

	if (rule->occasion != happening->what)
		return;
	for (i = 0; i < rule->nr_conditions; i++)
		if (!condition_holds(run->dev, &rule->conditions[i], happening))
			return;
	run->matches++;
	for (i = 0; i < rule->nr_conditions; i++)
		if (!condition_admits_count(&rule->conditions[i], run->matches))
			return;
	rule_fire(run, happening);
}

static void rule_ask_all(struct device *dev, struct happening *happening)
{
	u32 i;

	for (i = 0; i < dev->rules.nr; i++)
		rule_ask(&dev->rules.runs[i], happening);
}

void rule_command(struct cmd *cmd)
{
	struct happening happening = { .what = ON_COMMAND, .cmd = cmd, .queue = cmd->sq->id };

	rule_ask_all(cmd->dev, &happening);
}

bool rule_register(struct device *dev, bool write, u32 offset, void *bytes, u32 len)
{
	struct happening happening = {
		.what = write ? ON_WRITE : ON_READ, .reg = offset, .bytes = bytes, .len = len,
	};

	if (offset < REG_DOORBELLS)
		rule_ask_all(dev, &happening);
	return happening.swallow;
}

bool rule_doorbell(struct device *dev, u32 queue, bool is_cq, u32 value)
{
	struct happening happening = { .what = ON_DOORBELL, .queue = queue };

	(void)value;
	if (!is_cq)
		rule_ask_all(dev, &happening);
	return happening.swallow;
}

static void rule_start_clock(struct device *dev)
{
	u32 i, k;

	dev->rules.enabled_ns = time_ns();
	for (i = 0; i < dev->rules.nr; i++) {
		struct rule_run *run = &dev->rules.runs[i];

		for (k = 0; run->rule->occasion == ON_TIME && k < run->rule->nr_conditions; k++)
			if (condition_is_time(&run->rule->conditions[k]))
				timer_set_us(&run->timer, condition_ms(&run->rule->conditions[k]) * 1000);
	}
}

void rule_state(struct device *dev, const char *state)
{
	struct happening happening = { .what = ON_STATE, .state = state };

	if (!dev->rules.enabled_ns && !strcmp(state, "enable"))
		rule_start_clock(dev);
	rule_ask_all(dev, &happening);
}

void rule_trigger(struct device *dev, u32 number)
{
	struct happening happening = { .what = ON_TRIGGER, .trigger = number };

	say("TRIGGER %u", number);
	if (number < 64)
		dev->rules.triggered |= 1ull << number;
	rule_ask_all(dev, &happening);
	queue_run(dev);
}

static void rule_timed(void *arg)
{
	struct rule_run *run = arg;
	struct happening happening = { .what = ON_TIME };

	rule_ask(run, &happening);
	queue_run(run->dev);
}

static void rule_storm(void *arg)
{
	struct device *dev = arg;

	if (!dev->rules.storm_left--)
		return;
	irq_raise(dev, dev->rules.storm_vector);
	timer_set_us(&dev->rules.storm, 1000);
}

static void rules_stop(struct device *dev)
{
	u32 i;

	for (i = 0; i < dev->rules.nr; i++)
		timer_cancel(&dev->rules.runs[i].timer);
	free(dev->rules.runs);
	timer_cancel(&dev->rules.storm);
	memset(&dev->rules, 0, sizeof(dev->rules));
}

void rules_power_on(struct device *dev, const struct rule *first)
{
	const struct rule *rule;
	u32 i;

	rules_stop(dev);
	timer_init(&dev->rules.storm, rule_storm, dev);
	for (rule = first; rule; rule = rule->next)
		dev->rules.nr++;
	dev->rules.runs = zalloc((dev->rules.nr + 1) * sizeof(*dev->rules.runs));
	for (rule = first, i = 0; rule; rule = rule->next, i++) {
		dev->rules.runs[i] = (struct rule_run){ .rule = rule, .dev = dev };
		timer_init(&dev->rules.runs[i].timer, rule_timed, &dev->rules.runs[i]);
	}
}
