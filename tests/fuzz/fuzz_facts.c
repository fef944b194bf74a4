/* Fuzz target: facts files and --set. What is accepted can be written again, and reads back the
 * same. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "probes/host/facts/given.h"
#include "probes/host/facts/json.h"
#include "probes/host/facts/json_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write_again(struct arena *arena, struct facts *facts, const struct host_info *info)
{
	struct host_info again_info = {0};
	struct error err = {0};
	struct facts *again = facts_new(arena);
	facts_sort(facts);
	cJSON *tree = facts_to_json(facts, info, "0");
	char *text = cJSON_PrintUnformatted(tree);
	struct json *json = text ? json_read("again", text, strlen(text), &err) : NULL;
	if (!json || !facts_from_json(arena, json, again, &again_info, &err) ||
			again->count != facts->count)
		abort();
	json_free(json);
	free(text);
	cJSON_Delete(tree);
}

static void fuzz_set(struct arena *arena, const char *text)
{
	struct error err = {0};
	if (!given_set(facts_new(arena), text, &err) && err.kind != ERROR_INPUT)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	struct error err = {0};
	struct host_info info = {0};
	struct facts *facts = facts_new(arena);
	struct json *json = json_read("facts", (const char *)data, size, &err);
	if (!json)
		fuzz_set(arena, arena_copy(arena, (const char *)data, size));
	else if (facts_from_json(arena, json, facts, &info, &err))
		write_again(arena, facts, &info);
	else if (err.kind != ERROR_INPUT)
		abort();
	json_free(json);
	arena_free(arena);
	return 0;
}
