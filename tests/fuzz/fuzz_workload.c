/* Fuzz harness of headroom.workload/2: what is read is written, reads again, and is written the
 * same. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probes/plan/workload_json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool truth, const char *what, const char *text)
{
	if (truth)
		return;
	(void)fprintf(stderr, "property broken: %s\n%s\n", what, text);
	abort();
}

static char *printed(struct arena *arena, const struct loads *plan)
{
	cJSON *tree = loads_to_json(arena, plan);
	char *text = cJSON_Print(tree);
	demand(text != NULL, "not written", "");
	cJSON_Delete(tree);
	return text;
}

static bool read_bytes(struct arena *arena,
		const char *bytes,
		size_t size,
		struct loads *ret,
		struct error *err)
{
	struct json *json = json_read("plan.json", bytes, size, err);
	bool good = json && loads_from_json(arena, json, json_root(json), NULL, ret, err);
	json_free(json);
	return good;
}

static void check_numbers(const struct workload *workload, const char *text)
{
	for (int i = 0; i < WORKLOAD_FIELDS; i++) {
		double number = workload->values[i].number;
		demand(!isnan(number) && number >= 0, "a number is negative or none", text);
		demand(isfinite(number) || workload_rows[i].kind == FIELD_NOFILE,
				"a number is infinite",
				text);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	struct loads first, second;
	struct error err = {0};
	if (read_bytes(arena, (const char *)data, size, &first, &err)) {
		char *once = printed(arena, &first);
		demand(first.count >= 1 && first.count <= LOADS_MAX, "no load, or too many", once);
		for (size_t i = 0; i < first.count; i++)
			check_numbers(&first.items[i], once);
		demand(read_bytes(arena, once, strlen(once), &second, &err),
				"its own writing is refused",
				once);
		char *twice = printed(arena, &second);
		demand(strcmp(once, twice) == 0, "written otherwise the second time", once);
		cJSON_free(once);
		cJSON_free(twice);
	} else {
		demand(strncmp(err.text, "plan.json:", 10) == 0, "an error names no place", err.text);
	}
	arena_free(arena);
	return 0;
}
