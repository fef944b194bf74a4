/* Plan readers that read files: tests/plan/files.test holds command lines and the whole plan that
 * comes of each. A case: "given FIELD VALUE" and "env NAME=VALUE" lines, "elsewhere" (the plan is
 * for another host; ", unknown": nothing is known of it), "output FILE" (what a
 * helper program prints), then
 * "$ WORDS", then the plan as print_plan() writes it. After a change of readers, PLAN_PRINT=1
 * prints the file anew: read the difference before keeping it. */
#include <dirent.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "probes/plan/readers.h"
#include "tests/unit/plan_trees.h"

static const char dir[] = "tests/plan/";

struct world {
	struct arena *arena;
	struct workload given;
	struct name_list environment;
	const char *output; /* the file with what a program prints */
	bool elsewhere, unknown_host;
};

static bool read_all(struct arena *arena,
		const char *path,
		const char **ret_bytes,
		size_t *ret_length)
{
	FILE *file = fopen(path, "rb");
	struct text text = {0};
	char bytes[8192];
	if (!file)
		return false;
	for (size_t count; (count = fread(bytes, 1, sizeof bytes, file)) > 0;)
		text_add_bytes(&text, bytes, count);
	(void)fclose(file);
	*ret_bytes = arena_copy(arena, text_string(&text), text.length);
	*ret_length = text.length;
	text_release(&text);
	return true;
}

static const char *in_dir(struct arena *arena, const char *path)
{
	return path[0] == '/' ? path : arena_printf(arena, "%s%s", dir, path);
}

static bool read_file(const struct plan_context *context,
		const char *path,
		const char **ret_bytes,
		size_t *ret_length,
		struct error *err)
{
	return read_all(context->arena, in_dir(context->arena, path), ret_bytes, ret_length) ||
			error_set(err, "%s: No such file or directory", path);
}

static bool file_exists(const struct plan_context *context, const char *path)
{
	FILE *file = fopen(in_dir(context->arena, path), "rb");
	if (file)
		(void)fclose(file);
	return file != NULL;
}

static bool list(const struct plan_context *context, const char *path, struct name_list *ret_names)
{
	struct dirent **entries;
	int count = scandir(in_dir(context->arena, path), &entries, NULL, alphasort);
	*ret_names = (struct name_list){NULL, 0, 0};
	if (count < 0)
		return false;
	ret_names->items = arena_alloc(context->arena, (size_t)count * sizeof *ret_names->items);
	for (int i = 0; i < count; i++) {
		if (entries[i]->d_name[0] != '.')
			ret_names->items[ret_names->count++] = arena_strdup(context->arena, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	return true;
}

static const char *environment(const struct plan_context *context, const char *name)
{
	const struct world *world = context->host;
	size_t length = strlen(name);
	for (size_t i = 0; i < world->environment.count; i++)
		if (!strncmp(world->environment.items[i], name, length) &&
				world->environment.items[i][length] == '=')
			return world->environment.items[i] + length + 1;
	return NULL;
}

static bool run(const struct plan_context *context,
		const char *const *argv,
		const char *const *more,
		const char *cwd,
		bool both,
		const char **ret_output,
		bool *ret_found,
		struct error *err)
{
	(void)argv, (void)more, (void)cwd, (void)both;
	const struct world *world = context->host;
	size_t length;
	*ret_found = world->output != NULL;
	return !*ret_found ||
			read_all(context->arena, in_dir(context->arena, world->output), ret_output, &length) ||
			error_set(err, "no %s", world->output);
}

static void print_value(struct text *out, const struct workload_value *value)
{
	char shown[NUMBER_TEXT_MAX];
	if (value->text) {
		text_add(out, value->text);
	} else if (value->list) {
		for (size_t i = 0; i < (size_t)value->number; i++)
			text_addf(out, "%s%s", i ? "," : "", value->list[i]);
	} else {
		text_add(out, text_plain_number(shown, value->number));
	}
}

static void print_stages(struct text *out, const struct workload *workload)
{
	for (size_t i = 0; i < workload->stage_count; i++) {
		const struct workload_stage *s = &workload->stages[i];
		bool rate = s->connections != s->connections;
		text_addf(out,
				"%s%.6gs:%.6g%s",
				i ? "," : "",
				s->duration_s,
				rate ? s->open_rate_per_s : s->connections,
				rate ? "/s" : "");
	}
}

static void print_plan(struct text *out, const struct plan *plan)
{
	char flag[64];
	text_addf(out, "tool %s\n", plan->tool);
	for (int i = 0; i < WORKLOAD_FIELDS; i++) {
		const struct workload_value *value = &plan->workload.values[i];
		if (!value->set || i == W_NAME)
			continue;
		if (i == W_TOOL && strcmp(value->text, plan->tool) == 0)
			continue;
		text_addf(out, "%s ", workload_rows[i].name);
		if (i == W_STAGES)
			print_stages(out, &plan->workload);
		else
			print_value(out, value);
		text_addf(out,
				" (%s: %s)\n",
				confidence_name(value->confidence),
				value->from ? value->from : "?");
	}
	for (size_t i = 0; i < plan->question_count; i++) {
		text_add(out, "ask");
		for (size_t j = 0; j < plan->questions[i].count; j++)
			text_addf(out, " --%s", workload_flag(plan->questions[i].fields[j], flag));
		text_addf(out, ": %s\n", plan->questions[i].why);
	}
	for (size_t i = 0; i < plan->finding_count; i++) {
		const struct finding *f = &plan->findings[i];
		if (strcmp(f->id, "plan-ends") == 0) /* of every plan, not of a reader */
			continue;
		text_addf(out,
				"%s %s%s%s\n",
				f->severity,
				f->id,
				f->where ? " " : "",
				f->where ? f->where : "");
	}
}

static void run_command(struct world *world, char *line, struct text *out)
{
	const char *words[64] = {NULL};
	size_t count = 0;
	struct plan plan;
	struct error err = {0};
	for (char *word = strtok(line, " "); word && count < 63; word = strtok(NULL, " "))
		words[count++] = word;
	struct plan_context context = {
			.arena = world->arena,
			.host = world,
			.given = &world->given,
			.processors = 4,
			.nofile_soft = 1024,
			.nofile_hard = 524288,
			.read_file = read_file,
			.file_exists = file_exists,
			.list = list,
			.environment = environment,
			.run = run,
			.tree = plan_trees_read,
			.elsewhere = world->elsewhere,
	};
	if (world->unknown_host)
		context.processors = context.nofile_soft = context.nofile_hard = NAN;
	if (plan_read(&context, words, count, &plan, &err))
		print_plan(out, &plan);
	else
		text_addf(out, "error %s\n", err.text);
}

static void prepare(struct world *world, const char *line)
{
	char name[64], value[256];
	struct error err = {0};
	if (sscanf(line, "given %63s %255s", name, value) == 2) {
		int field = 0;
		while (field < WORKLOAD_FIELDS && strcmp(workload_rows[field].name, name) != 0)
			field++;
		assert_true(field < WORKLOAD_FIELDS);
		if (!workload_set(world->arena,
					&world->given,
					(enum workload_field)field,
					arena_strdup(world->arena, value),
					"given",
					&err))
			fail_msg("%s: %s", line, err.text);
		world->given.values[field].set = true;
	} else if (strncmp(line, "env ", 4) == 0) {
		struct name_list *list = &world->environment;
		list->items = arena_grow(world->arena,
				list->items,
				list->count,
				&list->capacity,
				sizeof *list->items);
		list->items[list->count++] = arena_strdup(world->arena, line + 4);
	} else if (strncmp(line, "output ", 7) == 0) {
		world->output = arena_strdup(world->arena, line + 7);
	} else if (strcmp(line, "elsewhere") == 0) {
		world->elsewhere = true;
	} else if (strcmp(line, "elsewhere, unknown") == 0) {
		world->elsewhere = world->unknown_host = true;
	} else {
		fail_msg("files.test: \"%s\" is nothing known", line);
	}
}

/* One case: lines up to a blank one. Returns what the command gives and what stands there. */
static void run_case(struct arena *arena,
		const char *block,
		size_t length,
		struct text *head,
		struct text *got,
		struct text *expected)
{
	struct world world = {.arena = arena};
	bool command = false;
	char *copy = arena_copy(arena, block, length);
	for (char *line = copy, *next; line && *line; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		text_addf(command ? expected : head, "%s\n", line);
		if (!command && strncmp(line, "$ ", 2) == 0) {
			command = true;
			run_command(&world, line + 2, got);
		} else if (!command && *line != '#') {
			prepare(&world, line);
		}
	}
}

static size_t run_cases(const char *bytes, bool print)
{
	size_t failed = 0, count = 0;
	while (*bytes) {
		const char *end = strstr(bytes, "\n\n");
		size_t length = end ? (size_t)(end - bytes) + 1 : strlen(bytes);
		struct arena *arena = arena_new();
		struct text head = {0}, got = {0}, expected = {0};
		run_case(arena, bytes, length, &head, &got, &expected);
		const char *is = text_string(&got), *should = text_string(&expected);
		if (print)
			(void)printf("%s%s%s", count ? "\n" : "", text_string(&head), is);
		else if (got.length && strcmp(is, should) != 0 && ++failed)
			print_error("%sgives\n%sexpected\n%s\n", head.data, is, should);
		count++;
		text_release(&head);
		text_release(&got);
		text_release(&expected);
		arena_free(arena);
		bytes += length;
		bytes += strspn(bytes, "\n");
	}
	return failed;
}

static void test_cases(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	const char *bytes;
	size_t length;
	assert_true(read_all(arena, "tests/plan/files.test", &bytes, &length));
	assert_true(length > 0);
	size_t failed = run_cases(bytes, getenv("PLAN_PRINT") != NULL);
	arena_free(arena);
	assert_int_equal(failed, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_cases)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
