/* Fuzz target: a file of a repository. The first line of the input is its path, the rest its text.
 * Whatever it says, reading it ends, and what is found lies in the file and in the range. */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "model/lint/judge.h"
#include "tests/fuzz/property.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
	FIRST = 32768,
	LAST = 60999,
	PATH_MOST = 200
};

static size_t line_count(struct slice text)
{
	size_t lines = 1;
	for (size_t i = 0; i < text.length; i++)
		lines += text.at[i] == '\n';
	return lines;
}

static void demand_finding(const struct lint_finding *finding, size_t lines)
{
	demand(finding->file == 0, "a finding of another file", NULL);
	demand(finding->line >= 1 && finding->line <= lines,
			"a line that the file does not have",
			NULL);
	demand(finding->what != NULL, "a finding without a name", NULL);
	if (finding->rule != LINT_PORT) {
		demand(finding->says && finding->instead, "a setting without a reason", NULL);
		return;
	}
	unsigned first = finding->ports.first;
	unsigned last = finding->ports.last;
	/* A step of a workflow may widen the range; jobs on other systems have another. */
	demand(first >= 1 && first <= last && last <= 65535, "ports that are none", NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	struct slice text = {(const char *)data, size};
	struct slice path;
	struct lint_found found = {.arena = arena};
	const struct lint_system system = {.range = {FIRST, LAST}};
	const struct lint_system other = {.range = {49152, 65535}};
	if (!slice_line(&text, &path))
		path = slice_cut(text, 0);
	struct lint_file file = {.path = slice_text(arena, slice_cut(path, PATH_MOST))};
	/* Exactly as long as the text: what reads beyond it is found by the sanitizer. */
	file.text = text;
	file.kind = lint_kind_of(file.path);
	file.tests = lint_is_test(file.path);
	lint_read_file(&found, file);
	struct lint_verdict verdict = lint_judge(&found, &system, &other);
	for (size_t i = 0; i < verdict.count; i++)
		demand_finding(&verdict.items[i], line_count(text));
	arena_free(arena);
	return 0;
}
