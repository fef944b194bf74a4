/* Fuzz target: facts files and --set. What is accepted can be written again, and reads back the
 * same. What the quick reader accepts, the strict one reads as the same. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/os/json_print.h"
#include "probes/host/facts/given.h"
#include "probes/host/facts/json.h"
#include "probes/host/facts/json_read.h"
#include "probes/host/facts/quick.h"

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

/* All that a document says, as text. */
static char *said(struct facts *facts, const struct host_info *info)
{
	struct text text = {0};
	facts_sort(facts);
	cJSON *tree = facts_to_json(facts, info, "0");
	json_print(tree, &text);
	cJSON_Delete(tree);
	for (size_t i = 0; i < facts->count; i++)
		text_addf(&text, " %a", facts->items[i]->number);
	for (size_t i = 0; i < facts->list_count; i++)
		text_addf(&text, " %s=%d", facts->lists[i].key, (int)facts->lists[i].state);
	return text.data;
}

/* The table is made once. */
static const struct quick_keys *quick_table(void)
{
	static struct {
		struct arena *arena;
		const struct quick_keys *keys;
	} table;
	if (table.arena)
		return table.keys;
	table.arena = arena_new();
	table.keys = quick_keys_new(table.arena);
	return table.keys;
}

static void fuzz_quick(struct arena *arena, const uint8_t *data, size_t size)
{
	struct host_info info = {0}, quick_info = {0};
	struct facts *facts = facts_new(arena), *quick = facts_new(arena);
	struct error err = {0};
	const struct quick_input input = {
			.arena = arena,
			.keys = quick_table(),
			.bytes = arena_copy(arena, (const char *)data, size),
			.length = size,
	};
	if (!facts_quick(&input, quick, &quick_info))
		return;
	struct json *json = json_read("facts", (const char *)data, size, &err);
	if (!json || !facts_from_json(arena, json, facts, &info, &err))
		abort();
	char *slow = said(facts, &info), *fast = said(quick, &quick_info);
	if (strcmp(slow, fast) != 0)
		abort();
	free(slow);
	free(fast);
	json_free(json);
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
	fuzz_quick(arena, data, size);
	arena_free(arena);
	return 0;
}
