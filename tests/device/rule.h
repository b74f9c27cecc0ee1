/* SPDX-License-Identifier: GPL-2.0 */
/*
 * rule.h - "when CONDITION... -> ACTION...": how a scenario makes the device misbehave.
 *
 * Conditions and actions are one table each (condition.c, action.c). A rule belongs to one kind of event, which follows
 * from its conditions. What it does to a command is collected in the command's fate, and happens when its time has
 * come; everything else happens at once.
 */
#ifndef DEVICE_RULE_H
#define DEVICE_RULE_H

#include <stdio.h>

#include "base.h"

#define RULE_MAX_CONDITIONS	10u
#define RULE_MAX_ACTIONS	8u
#define RULE_MAX_BYTES		64u
#define FATE_MAX_BYTES		4u

enum occasion {
	ON_COMMAND	= BIT(0),	/* a command was fetched */
	ON_READ		= BIT(1),	/* a register is read */
	ON_WRITE	= BIT(2),
	ON_DOORBELL	= BIT(3),
	ON_STATE	= BIT(4),	/* the controller was enabled, became ready ... */
	ON_TRIGGER	= BIT(5),	/* the guest says so, through config space */
	ON_TIME		= BIT(6),
};

struct device;
struct cmd;
struct action;

/* What is to be done to a command and its completion; all zero: nothing */
struct fate {
	bool			has_status, has_result, drop, wrong_phase, wrong_sqhd, wrong_qid, no_interrupt;
	bool			short_data, corrupt_list;
	u32			status, result, duplicates, cid_xor, sqid;
	u64			delay_us, torn_us;
	const struct action	*bytes[FATE_MAX_BYTES];
};

/* The event that a rule is asked about */
struct happening {
	enum occasion	what;
	struct cmd	*cmd;
	u32		reg;
	u8		*bytes;		/* of the register, may be changed */
	u32		len;
	u32		queue;
	const char	*state;
	u64		trigger;
	bool		swallow;	/* answer: the write had no effect */
};

struct condition {
	const struct condition_form	*form;
	u64				a, b;
	const char			*text;
};

struct action {
	const struct action_form	*form;
	u64				arg[4];
	u32				nr;
	u8				bytes[RULE_MAX_BYTES];
	u32				len;
};

struct rule {
	struct rule		*next;
	const char		*file;
	u32			line;
	enum occasion		occasion;
	struct condition	conditions[RULE_MAX_CONDITIONS];
	u32			nr_conditions;
	struct action		actions[RULE_MAX_ACTIONS];
	u32			nr_actions;
};

/* What is counted of a rule while its scenario is active */
struct rule_run {
	const struct rule	*rule;
	struct device		*dev;
	struct timer		timer;
	u64			matches;
	u32			fired;
	bool			timed;
};

struct rules {
	struct rule_run	*runs;
	u32		nr;
	u64		triggered;	/* a bit for each trigger that was fired */
	u64		enabled_ns;	/* when the controller was first enabled; 0: not yet */
	struct timer	storm;
	u32		storm_vector, storm_left;
};

/* Parse the words behind "when"; NULL or what was expected. */
const char *rule_parse(struct rule *rule, char **words, u32 nr);
void rules_power_on(struct device *dev, const struct rule *first);

void rule_command(struct cmd *cmd);
/* True: a write that is to have no effect */
bool rule_register(struct device *dev, bool write, u32 offset, void *bytes, u32 len);
bool rule_doorbell(struct device *dev, u32 queue, bool is_cq, u32 value);
void rule_state(struct device *dev, const char *state);
void rule_trigger(struct device *dev, u32 number);

/* condition.c */
const char *condition_parse(struct condition *condition, char **words, u32 nr, u32 *used);
/* Kinds of event that it restricts a rule to; 0: none, it goes with all */
u32 condition_occasions(const struct condition *condition);
bool condition_counts(const struct condition *condition);
bool condition_is_time(const struct condition *condition);
bool condition_holds(const struct device *dev, const struct condition *condition, const struct happening *happening);
bool condition_admits_count(const struct condition *condition, u64 matches);
u64 condition_ms(const struct condition *condition);
void condition_list(FILE *to);

/* action.c */
const char *action_parse(struct action *action, char **words, u32 nr, u32 *used);
u32 action_occasions(const struct action *action);
const char *action_name(const struct action *action);
void action_do(struct device *dev, const struct action *action, struct happening *happening);
void action_list(FILE *to);
/* The bytes that a fate changes in data on the way to the host */
void fate_bytes(const struct fate *fate, void *data, u32 len);

#endif /* DEVICE_RULE_H */
