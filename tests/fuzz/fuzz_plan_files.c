/* Fuzz harness of the plan readers that read files: the first byte chooses the command, the rest is
 * its file. What a reader accepts holds no nonsense; what it refuses, it refuses with words.
 * Nothing outside is touched. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probes/plan/readers.h"
#include "report/helper/tree/tree.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const commands[][8] = {
		{"tsung", "-f", "file", "start"},
		{"jmeter", "-n", "-t", "file", "-Jusers=50"},
		{"jmeter", "-n", "-t", "plan.jmx", "-q", "file"},
		{"artillery", "run", "file"},
		{"artillery", "run", "file", "-e", "local"},
		{"k6", "run", "file", "--local-ips", "10.0.0.1-10.0.0.9"},
		{"k6", "run", "script.js"},
		{"haproxy", "-f", "file"},
		{"nginx", "-c", "file"},
		{"ghz", "--config", "file.toml"},
		{"ghz", "--config", "file"},
		{"locust", "-f", "file", "--headless", "-u", "100"},
		{"locust", "--config", "file", "-f", "file"},
		{"bzt", "file", "-o", "execution.0.concurrency=10"},
		{"gatling.sh", "-s", "Sim", "-sf", "file"},
};

struct input {
	const char *bytes;
	size_t size;
};

static void demand(bool truth, const char *what, const char *text)
{
	if (truth)
		return;
	(void)fprintf(stderr, "property broken: %s\n%s\n", what, text);
	abort();
}

static bool read_file(const struct plan_context *context,
		const char *path,
		const char **ret_bytes,
		size_t *ret_length,
		struct error *err)
{
	const struct input *input = context->host;
	if (strncmp(path, "file", 4) != 0)
		return error_set(err, "%s: not there", path);
	*ret_bytes = arena_copy(context->arena, input->bytes, input->size);
	*ret_length = input->size;
	return true;
}

static bool file_exists(const struct plan_context *context, const char *path)
{
	(void)context;
	return strncmp(path, "file", 4) == 0;
}

static bool run(const struct plan_context *context,
		const char *const *argv,
		const char *const *environment,
		const char *cwd,
		bool both,
		const char **ret_output,
		bool *ret_found,
		struct error *err)
{
	(void)argv, (void)environment, (void)cwd, (void)both, (void)err;
	const struct input *input = context->host;
	*ret_output = arena_copy(context->arena, input->bytes, input->size);
	*ret_found = true;
	return true;
}

static bool tree(const struct plan_context *context,
		const char *format,
		const char *bytes,
		size_t length,
		const char *shown,
		const char **ret_json,
		size_t *ret_length,
		struct error *err)
{
	struct text text = {0};
	struct error inner = {0};
	bool good = strcmp(format, "xml") == 0 ? tree_from_xml(bytes, length, &text, &inner)
										   : tree_from_yaml(bytes, length, &text, &inner);
	if (good) {
		*ret_json = arena_copy(context->arena, text.data, text.length);
		*ret_length = text.length;
	}
	text_release(&text);
	return good || error_set(err, "%s:%s", shown, inner.text);
}

static void check(const struct plan *plan)
{
	for (int i = 0; i < WORKLOAD_FIELDS; i++) {
		const struct workload_value *value = &plan->workload.values[i];
		if (!value->set || value->text || i == W_STAGES)
			continue;
		demand(value->number >= 0, "a number is negative or none", workload_rows[i].name);
		demand(value->from && *value->from,
				"a value says not where it comes from",
				workload_rows[i].name);
	}
	for (size_t i = 0; i < plan->workload.stage_count; i++) {
		const struct workload_stage *stage = &plan->workload.stages[i];
		demand(stage->duration_s >= 0 && isnan(stage->connections) != isnan(stage->open_rate_per_s),
				"a bad stage",
				"");
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size)
		return 0;
	const char *const *command = commands[data[0] % (sizeof commands / sizeof *commands)];
	struct input input = {(const char *)data + 1, size - 1};
	struct arena *arena = arena_new();
	struct workload given = {0};
	struct plan plan;
	struct error err = {0};
	size_t count = 0;
	while (count < 8 && command[count])
		count++;
	const struct plan_context context = {.arena = arena,
			.host = &input,
			.given = &given,
			.processors = 4,
			.read_file = read_file,
			.file_exists = file_exists,
			.run = run,
			.tree = tree};
	if (plan_read(&context, command, count, &plan, &err))
		check(&plan);
	else
		demand(err.text[0] != '\0', "an error without words", command[0]);
	arena_free(arena);
	return 0;
}
