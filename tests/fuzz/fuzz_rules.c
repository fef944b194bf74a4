/* Fuzz harness of the rule reader: any bytes are read into rules and checked, or refused with a
 * place. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/rules/rules.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool type_of(void *context, const char *name, enum unit *ret_unit)
{
	(void)context;
	*ret_unit = (enum unit)(strlen(name) % 8);
	return strlen(name) % 11 != 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	struct rules rules = {0};
	struct rule_extras extras = {0};
	struct error err = {0};
	if (rules_read(arena, "rules.json", (const char *)data, size, &rules, &extras, &err)) {
		(void)rules_check(&rules, type_of, NULL, &err);
	} else if (strncmp(err.text, "rules.json:", 11) != 0) {
		(void)fprintf(stderr, "an error names no place: %s\n", err.text);
		abort();
	}
	rule_extras_release(&extras);
	arena_free(arena);
	return 0;
}
