/* Fuzz target: results of load test tools. The first line is the tool, the rest what it wrote.
 * However it is cut into parts, the same figures come out, none of them is below 0, and what
 * follows from them has a sentence. */
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "model/tool/built_in.h"
#include "probes/result/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool good)
{
	if (!good)
		abort();
}

/* The rule of the tool whose id stands in the first line; *ret_length: of the line. */
static const struct tool_results *results_of(const uint8_t *data, size_t size, size_t *ret_length)
{
	char id[32] = "";
	const uint8_t *end = memchr(data, '\n', size);
	if (!end || (size_t)(end - data) >= sizeof id)
		return NULL;
	memcpy(id, data, (size_t)(end - data));
	*ret_length = (size_t)(end - data) + 1;
	const struct tool_rule *tool = rules_tool_named(&built_in_rules, id);
	if (!tool)
		return NULL;
	return &tool->reading.results;
}

static bool read_in_parts(struct arena *arena,
		const struct tool_results *results,
		const char *bytes,
		size_t length,
		size_t step,
		struct tool_result *ret_result)
{
	struct result_reader *reader = result_open(arena, results);
	*ret_result = tool_result_none("tool", NULL);
	ret_result->from = "a file";
	for (size_t at = 0; at < length; at += step) {
		size_t part = length - at;
		if (part > step)
			part = step;
		result_add(reader, bytes + at, part);
	}
	return result_end(reader, ret_result);
}

static void check_figures(const struct tool_result *one, const struct tool_result *other)
{
	for (size_t i = 0; i < RESULT_FIGURES; i++) {
		double a = one->figures[i], b = other->figures[i];
		check((isnan(a) && isnan(b)) || a == b || fabs(a - b) <= fabs(a) * 1e-9);
	}
	check(one->cause == other->cause);
}

static void check_verdict(struct arena *arena, const struct tool_result *result)
{
	const struct asked asked = {100, 10, 50, 10};
	const struct result_limits limits = {.errors_ratio = 0.001, .rate_ratio = 0.95};
	struct result_verdict verdict;
	tool_result_judge(arena, result, &asked, &limits, &verdict);
	check(verdict.sentence && strlen(verdict.sentence) < 1000);
	check((verdict.guilt != NULL) == (verdict.too_many || verdict.too_slow));
	check(isnan(verdict.error_ratio) || (verdict.error_ratio >= 0 && verdict.error_ratio <= 1));
	check(isnan(verdict.lost_ratio) || (verdict.lost_ratio >= 0 && verdict.lost_ratio <= 1));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t line = 0;
	const struct tool_results *results = results_of(data, size, &line);
	struct tool_result whole, parts;
	if (!results)
		return 0;
	const char *bytes = (const char *)data + line;
	size_t length = size - line;
	struct arena *arena = arena_new();
	bool found = read_in_parts(arena, results, bytes, length, size, &whole);
	check(found == read_in_parts(arena, results, bytes, length, 3, &parts));
	check_figures(&whole, &parts);
	check_verdict(arena, &whole);
	struct result_reader *reader = result_open(arena, results);
	result_add(reader, bytes, length / 2);
	result_skip(reader);
	result_add(reader, bytes, length);
	result_next(reader);
	result_add(reader, bytes, length);
	(void)result_end(reader, &parts);
	arena_free(arena);
	return 0;
}
