// SPDX-License-Identifier: GPL-2.0
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scenario.h"

#define MAX_WORDS	128u
#define MAX_FILE	65536u

struct line {
	struct scenario	*scenario;
	u32		number;
	char		*words[MAX_WORDS];
	u32		nr;
	const char	*rest;		/* of the line behind its first word, as it is */
};

static const char *line_set(struct line *line)
{
	if (line->nr != 3)
		return "\"set KEY VALUE\"";
	return shape_set(&line->scenario->shape, line->words[1], line->words[2]);
}

static const char *line_patch(struct line *line)
{
	return shape_patch(&line->scenario->shape, line->words + 1, line->nr - 1);
}

static const char *line_when(struct line *line)
{
	struct rule *rule = zalloc(sizeof(*rule)), **last;
	const char *wrong;

	rule->file = line->scenario->name;
	rule->line = line->number;
	wrong = rule_parse(rule, line->words + 1, line->nr - 1);
	if (wrong) {
		free(rule);
		return wrong;
	}
	for (last = &line->scenario->rules; *last; last = &(*last)->next)
		;
	*last = rule;
	return NULL;
}

/* ---- what the runner reads ---- */

static const char *line_params(struct line *line)
{
	u32 i;

	for (i = 1; i < line->nr; i++)
		if (!strchr(line->words[i], '=') || line->words[i][0] == '=')
			return "NAME=VALUE";
	return line->nr > 1 ? NULL : "NAME=VALUE";
}

static const char *line_seconds(struct line *line)
{
	u64 value;

	if (line->nr == 2 && shape_number(line->words[1], &value) && value && value <= 600)
		return NULL;
	return "seconds, 1 to 600";
}

static const char *line_intree(struct line *line)
{
	return line->nr > 2 && !strcmp(line->words[1], "skip") ? NULL : "\"intree skip REASON\"";
}

static const char *line_do(struct line *line)
{
	return *line->rest ? NULL : "a command";
}

static bool one_of(const char *word, const char *const *words)
{
	for (; *words; words++)
		if (!strcmp(word, *words))
			return true;
	return false;
}

static const char *expect_outcome(struct line *line, const char *const *outcomes, const char *wrong)
{
	u64 ms;

	if (line->nr < 3 || !one_of(line->words[2], outcomes))
		return wrong;
	if (line->nr == 3)
		return NULL;
	if (line->nr != 5 || strcmp(line->words[3], "within") || !shape_number(line->words[4], &ms) || !ms)
		return "\"within MS\" or nothing more";
	return NULL;
}

static const char *expect_log(struct line *line)
{
	const char *pattern = strstr(line->rest, line->words[1]) + strlen(line->words[1]);
	regex_t regex;

	pattern += strspn(pattern, " \t");
	if (!*pattern || regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB))
		return "an extended regular expression";
	regfree(&regex);
	return NULL;
}

static const char *line_expect(struct line *line)
{
	static const char * const probe[] = { "ok", "admin", "none", "any", NULL }, * const unbind[] = { "ok", NULL };
	static const char * const command[] = { "ok", "fail", "any", NULL };
	static const char * const io[] = { "ok", "error", "any", NULL };
	static const char * const ios[] = { "read", "write", "verify", "flush", NULL };
	u64 n;

	if (line->nr < 2)
		return "probe, read, write, verify, flush, unbind, do, log, nolog or violations";
	if (!strcmp(line->words[1], "probe"))
		return expect_outcome(line, probe, "ok, admin, none or any");
	if (!strcmp(line->words[1], "unbind"))
		return expect_outcome(line, unbind, "ok");
	if (!strcmp(line->words[1], "do"))
		return expect_outcome(line, command, "ok, fail or any");
	if (one_of(line->words[1], ios))
		return expect_outcome(line, io, "ok, error or any");
	if (!strcmp(line->words[1], "log") || !strcmp(line->words[1], "nolog"))
		return expect_log(line);
	if (!strcmp(line->words[1], "violations"))
		return line->nr == 3 && (shape_number(line->words[2], &n) || !strcmp(line->words[2], "any")) ? NULL :
		       "a number or \"any\"";
	return "probe, read, write, verify, flush, unbind, do, log, nolog or violations";
}

static const struct {
	const char	*name;
	const char	*(*parse)(struct line *line);
} line_kinds[] = {
	{ "set",	line_set },
	{ "patch",	line_patch },
	{ "when",	line_when },
	{ "params",	line_params },
	{ "seconds",	line_seconds },
	{ "intree",	line_intree },
	{ "do",		line_do },
	{ "expect",	line_expect },
};

/* ---- files ---- */

/* The words of @text, which is cut up. A word that starts with # ends the line. */
static void line_split(struct line *line, char *text)
{
	char *word, *save = NULL;

	line->nr = 0;
	for (word = strtok_r(text, " \t", &save); word && *word != '#' && line->nr < MAX_WORDS;
	     word = strtok_r(NULL, " \t", &save))
		line->words[line->nr++] = word;
}

static const char *line_parse(struct line *line, char *text)
{
	char *whole = copy_text(text);
	const char *wrong = NULL;
	u32 i;

	line_split(line, text);
	if (!line->nr)
		goto out;
	line->rest = whole + strspn(whole, " \t") + strlen(line->words[0]);
	line->rest += strspn(line->rest, " \t");
	for (i = 0; i < ARRAY_SIZE(line_kinds) && strcmp(line_kinds[i].name, line->words[0]); i++)
		;
	wrong = i < ARRAY_SIZE(line_kinds) ? line_kinds[i].parse(line) :
		"set, patch, when, params, seconds, intree, do or expect";
out:
	free(whole);
	return wrong;
}

static const char *scenario_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *name = copy_text(slash ? slash + 1 : path), *dot = strrchr(name, '.');

	if (dot)
		*dot = 0;
	return name;
}

struct scenario *scenario_parse(const char *path, char *text, char *wrong, size_t size)
{
	struct scenario *scenario = zalloc(sizeof(*scenario));
	struct line line = { .scenario = scenario };
	const char *expected;
	char *end;

	scenario->path = copy_text(path);
	scenario->name = scenario_name(path);
	shape_default(&scenario->shape);
	while (text) {
		line.number++;
		end = strchr(text, '\n');
		if (end)
			*end++ = 0;
		expected = line_parse(&line, text);
		if (expected) {
			snprintf(wrong, size, "%s:%u: expected %s", path, line.number, expected);
			scenario_free(scenario);
			return NULL;
		}
		text = end;
	}
	return scenario;
}

struct scenario *scenario_load(const char *path, char *wrong, size_t size)
{
	char *text = zalloc(MAX_FILE + 1);
	struct scenario *scenario = NULL;
	FILE *file = fopen(path, "re");
	size_t n;

	if (!file) {
		snprintf(wrong, size, "%s:0: expected a file that can be read", path);
		goto out;
	}
	n = fread(text, 1, MAX_FILE, file);
	fclose(file);
	if (n == MAX_FILE || memchr(text, 0, n))
		snprintf(wrong, size, "%s:0: expected text of less than %u bytes", path, MAX_FILE);
	else
		scenario = scenario_parse(path, text, wrong, size);
out:
	free(text);
	return scenario;
}

void scenario_free(struct scenario *scenario)
{
	while (scenario->rules) {
		struct rule *rule = scenario->rules;

		scenario->rules = rule->next;
		free(rule);
	}
	while (scenario->shape.patches) {
		struct patch *patch = scenario->shape.patches;

		scenario->shape.patches = patch->next;
		free(patch);
	}
	free((void *)(unsigned long)scenario->name);
	free((void *)(unsigned long)scenario->path);
	free(scenario);
}
