/* Fuzz harness of the rule reader: any bytes are read into rules and checked, or refused with a
 * place. What tools they have then reads commands. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/rules/rules.h"
#include "probes/plan/readers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool type_of(void *context, const char *name, enum unit *ret_unit)
{
	(void)context;
	*ret_unit = (enum unit)(strlen(name) % 8);
	return strlen(name) % 11 != 0;
}

/* A command of each tool: whatever its rule says, there is a plan or an error with a text. */
static void read_commands(struct arena *arena, const struct rules *rules)
{
	const struct workload given = {0};
	const struct plan_context context = {.arena = arena,
			.rules = rules,
			.given = &given,
			.processors = 2,
			.nofile_soft = 1024,
			.nofile_hard = NAN};
	for (size_t i = 0; i < rules->tool_count; i++) {
		const struct rule_text_list *programs = &rules->tools[i].reading.programs;
		char *program = arena_strdup(arena, programs->count ? programs->items[0] : "none");
		const char *words[] =
				{strsep(&program, " "), "-c", "5", "-H", "a", "http://h/", "-d", NULL};
		struct plan plan;
		struct error err = {0};
		if (!plan_read(&context, words, sizeof words / sizeof *words - 1, &plan, &err) &&
				!*err.text)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	struct rules rules = {0};
	struct rule_extras extras = {0};
	struct error err = {0};
	if (rules_read(arena, "rules.json", (const char *)data, size, &rules, &extras, &err)) {
		(void)rules_check(&rules, type_of, NULL, &err);
		read_commands(arena, &rules);
	} else if (strncmp(err.text, "rules.json:", 11) != 0) {
		(void)fprintf(stderr, "an error names no place: %s\n", err.text);
		abort();
	}
	rule_extras_release(&extras);
	arena_free(arena);
	return 0;
}
