/* Tables of command lines and the plans that they must give. Files and variables come from the
 * test: no reader touches the machine. Expectations are words: "connections=396" (a field; numbers
 * with 6 digits), "connections~bound" (its confidence), "tool=wrk2", "peak=200" (of the stages),
 * "?latency" (the plan asks for that flag), "+plan-id" (a finding), "=exact" (the plan's
 * confidence). "!text" alone expects an error that contains the text. */
#ifndef HEADROOM_TESTS_UNIT_PLAN_TEST_H
#define HEADROOM_TESTS_UNIT_PLAN_TEST_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "probes/plan/command/shell.h"
#include "probes/plan/readers.h"

struct plan_case {
	const char *command; /* split like in a shell */
	const char *want;
};

struct plan_pair {
	const char *name, *text; /* a file and its content, or a variable and its value */
};

static const struct plan_pair *plan_test_files,
		*plan_test_variables; /* end with a name of NULL; NULL: there are none */
static struct workload plan_test_given;

static inline const char *plan_test_find(const struct plan_pair *pairs, const char *name)
{
	for (; pairs && pairs->name; pairs++)
		if (!strcmp(pairs->name, name))
			return pairs->text;
	return NULL;
}

static inline bool plan_test_read_file(const struct plan_context *context,
		const char *path,
		const char **ret_bytes,
		size_t *ret_length,
		struct error *err)
{
	(void)context;
	*ret_bytes = plan_test_find(plan_test_files, path);
	if (!*ret_bytes)
		return error_set(err, "%s: cannot be read: No such file or directory", path);
	*ret_length = strlen(*ret_bytes);
	return true;
}

static inline bool plan_test_file_exists(const struct plan_context *context, const char *path)
{
	(void)context;
	return plan_test_find(plan_test_files, path);
}

static inline const char *plan_test_environment(const struct plan_context *context,
		const char *name)
{
	(void)context;
	return plan_test_find(plan_test_variables, name);
}

/* Reads XML and YAML in tests that link the helper's reader. NULL: such files cannot be read. */
typedef bool plan_test_tree_fn(const struct plan_context *context,
		const char *format,
		const char *bytes,
		size_t length,
		const char *shown,
		const char **ret_json,
		size_t *ret_length,
		struct error *err);
static plan_test_tree_fn *plan_test_tree;

static inline struct plan_context plan_test_context(struct arena *arena)
{
	return (struct plan_context){.arena = arena,
			.given = &plan_test_given,
			.processors = 2,
			.cwd = "/here",
			.read_file = plan_test_read_file,
			.file_exists = plan_test_file_exists,
			.environment = plan_test_environment,
			.tree = plan_test_tree};
}

/* Returns the index of the field, or -1. */
static inline int plan_test_field(const char *name, size_t length)
{
	for (int i = 0; i < WORKLOAD_FIELDS; i++)
		if (strlen(workload_rows[i].name) == length && !memcmp(workload_rows[i].name, name, length))
			return i;
	return -1;
}

/* Writes "60s:100,0s:50/s". */
static inline void plan_test_stages(const struct workload *workload, char out[200])
{
	size_t length = 0;
	for (size_t i = 0; i < workload->stage_count && length < 150; i++) {
		const struct workload_stage *stage = &workload->stages[i];
		bool rate = isnan(stage->connections);
		length += (size_t)snprintf(out + length,
				200 - length,
				"%s%gs:%g%s",
				i ? "," : "",
				stage->duration_s,
				rate ? stage->open_rate_per_s : stage->connections,
				rate ? "/s" : "");
	}
}

static inline void plan_test_shown(const struct workload *workload, int field, char out[200])
{
	const struct workload_value *value = &workload->values[field];
	if (!value->set)
		(void)snprintf(out, 200, "-");
	else if (field == W_STAGES)
		plan_test_stages(workload, out);
	else if (value->text)
		(void)snprintf(out, 200, "%s", value->text);
	else if (value->list && value->number == 1)
		(void)snprintf(out, 200, "%s", value->list[0]);
	else
		(void)snprintf(out, 200, "%.6g", value->number);
}

static inline bool plan_test_asks(const struct plan *plan, const char *flag)
{
	char name[64];
	for (size_t i = 0; i < plan->question_count; i++)
		for (size_t j = 0; j < plan->questions[i].count; j++)
			if (!strcmp(workload_flag(plan->questions[i].fields[j], name), flag))
				return true;
	return false;
}

static inline bool plan_test_finds(const struct plan *plan, const char *id)
{
	for (size_t i = 0; i < plan->finding_count; i++)
		if (!strcmp(plan->findings[i].id, id))
			return true;
	return false;
}

/* Returns the highest number of connections of all stages. */
static inline double plan_test_peak(const struct workload *workload)
{
	double peak = 0;
	for (size_t i = 0; i < workload->stage_count; i++)
		peak = fmax(peak, workload->stages[i].connections);
	return peak;
}

/* Returns true if the plan meets one word of the expectation; otherwise `out` has the actual
 * value. */
static bool plan_test_word(const struct plan *plan, const char *word, char out[200])
{
	size_t length = strcspn(word, "=~");
	int field = plan_test_field(word, length);
	(void)snprintf(out, 200, "%s", "no");
	if (*word == '&') { /* "&1.connections=5": about the first of the other loads */
		size_t beside = (size_t)(word[1] - '1');
		return beside < plan->other_count && plan_test_word(&plan->others[beside], word + 3, out);
	}
	if (!strncmp(word, "loads=", 6)) {
		(void)snprintf(out, 200, "%zu", plan->other_count + 1);
		return !strcmp(word + 6, out);
	}
	if (*word == '?')
		return plan_test_asks(plan, word + 1);
	if (*word == '+')
		return plan_test_finds(plan, word + 1);
	if (*word == '=') {
		(void)snprintf(out, 200, "%s", confidence_name(plan->workload.confidence));
		return !strcmp(word + 1, out);
	}
	if (!strncmp(word, "tool=", 5)) {
		(void)snprintf(out, 200, "%s", plan->tool);
		return !strcmp(word + 5, out);
	}
	if (!strncmp(word, "peak=", 5)) {
		(void)snprintf(out, 200, "%.6g", plan_test_peak(&plan->workload));
		return !strcmp(word + 5, out);
	}
	if (field < 0)
		return false;
	if (word[length] == '~')
		(void)snprintf(out, 200, "%s", confidence_name(plan->workload.values[field].confidence));
	else
		plan_test_shown(&plan->workload, field, out);
	return !strcmp(word + length + 1, out);
}

static inline int plan_test_judge(struct arena *arena,
		const struct plan_case *c,
		const struct plan *plan)
{
	char got[200];
	int failures = 0;
	char *rest = arena_strdup(arena, c->want);
	for (char *word; (word = strsep(&rest, " "));) {
		if (*word && !plan_test_word(plan, word, got)) {
			print_error("%s\n    want %s, got %s\n", c->command, word, got);
			failures++;
		}
	}
	return failures;
}

static inline int plan_test_one(struct arena *arena, const struct plan_case *c)
{
	struct error err = {0};
	struct plan plan;
	const struct plan_context context = plan_test_context(arena);
	const struct shell_world world = {0};
	struct shell_command *line;
	size_t count;
	if (!shell_read(arena, c->command, &world, &line, &count, &err) || count != 1)
		fail_msg("%s: not one command: %s", c->command, err.text);
	bool good = plan_read(&context, line->words.items, line->words.count, &plan, &err);
	if (!good && *c->want == '!' && strstr(err.text, c->want + 1))
		return 0;
	if (!good || *c->want == '!') {
		print_error("%s\n    want %s, got %s\n", c->command, c->want, good ? "a plan" : err.text);
		return 1;
	}
	return plan_test_judge(arena, c, &plan);
}

/* Runs a table, and fails with a message for every row that does not match. */
static inline void plan_test_table(const struct plan_case *cases, size_t count)
{
	int failures = 0;
	for (size_t i = 0; i < count; i++) {
		struct arena *arena = arena_new();
		failures += plan_test_one(arena, &cases[i]);
		arena_free(arena);
	}
	assert_int_equal(failures, 0);
}

#endif
