/* Fuzz target: an audit document through every writer of the core, every file of fix --emit and the
 * list of fixes, and through --redact. Whatever the document says, each writer ends, its text is
 * harmless, XML is well-formed, and JSON says the same as before. */
#include <stdint.h>
#include <string.h>

#include "audit/fix/list.h"
#include "audit/fix/values.h"
#include "audit/output/redact.h"
#include "base/array.h"
#include "base/os/json_print.h"
#include "report/document/open.h"
#include "report/document/verdict.h"
#include "report/emit/emit.h"
#include "report/write/write.h"
#include "tests/fuzz/document.h"
#include "tests/fuzz/property.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct {
	const char *name;
	write_fn *write;
	bool xml;
} writers[] = {
		{"now", write_now, false},
		{"terminal", write_terminal, false},
		{"markdown", write_markdown, false},
		{"junit", write_junit, true},
		{"github", write_github, false},
		{"calibration", write_calibration, false},
		{"basis", write_basis, false},
		{"drift", write_drift, false},
		{"history", write_history, false},
		{"trend", write_trend, false},
		{"watch", write_watch, false},
		{"prometheus", write_watch_prometheus, false},
		{"facts as metrics", write_facts_prometheus, false},
		{"summary", write_summary, false},
};

static void write_one(size_t at, const cJSON *root, const struct write_options *options)
{
	struct text out = {0};
	writers[at].write(root, options, &out);
	demand_harmless(writers[at].name, &out, options->color);
	if (writers[at].xml)
		demand_xml(writers[at].name, &out);
	text_release(&out);
}

/* One of the looks for each input: `which` is any number that the input gives. */
static void write_all(struct arena *arena, const cJSON *root, size_t which)
{
	const struct write_options looks[] = {{.arena = arena, .color = true},
			{.arena = arena, .ascii = true, .past = true},
			{.arena = arena, .all = true}};
	for (size_t i = 0; i < COUNT_OF(writers); i++)
		write_one(i, root, &looks[which % COUNT_OF(looks)]);
}

/* What is written as JSON reads back, and is written the same again. */
static void write_back(struct arena *arena, const cJSON *root)
{
	const struct write_options plain = {.arena = arena};
	struct text once = {0}, twice = {0};
	struct error err = {0};
	write_json(root, &plain, &once);
	struct json *json = document_open_bytes("again", once.data, once.length, &err);
	demand(json != NULL, "its own JSON is refused", err.text);
	write_json(json_root(json), &plain, &twice);
	demand(strcmp(once.data, twice.data) == 0, "JSON differs the second time", once.data);
	demand_no_command("JSON", once.data);
	json_free(json);
	text_release(&once);
	text_release(&twice);
}

static void emit_all(struct arena *arena, const cJSON *root)
{
	struct fix_values values;
	struct error err = {0};
	const struct write_options plain = {.arena = arena};
	if (!fix_values_from(arena, root, "web", "2026-05-20", &values, &err))
		demand(false, "the fixes of a document are refused", err.text);
	for (size_t i = 0; i < emit_kinds_count; i++) {
		struct text out = {0};
		emit_kinds[i].write(arena, &values, &out);
		demand_harmless(emit_kinds[i].name, &out, false);
		text_release(&out);
	}
	struct text out = {0};
	cJSON *list = fix_document(root, &values);
	fix_text(list, &plain, &out);
	demand_harmless("fix", &out, false);
	cJSON_Delete(list);
	text_release(&out);
}

static void put_text(cJSON *object, const char *name, const char *text)
{
	if (!cJSON_IsObject(object))
		return;
	cJSON_DeleteItemFromObjectCaseSensitive(object, name);
	(void)cJSON_AddItemToObject(object, name, cJSON_CreateString(text));
}

/* Whatever else it says: who and where are gone, it is still a document, and says the same. */
static void redact_all(struct arena *arena, const cJSON *root)
{
	static const char *const gone[] = {"canary-host", "canary-user", "10.99.98.97", "fd00:99::98"};
	cJSON *copy = cJSON_Duplicate(root, true);
	struct text before = {0}, out = {0};
	struct error err = {0};
	json_print(root, &before); /* libFuzzer learns the names, and puts them inside of words */
	put_text(cJSON_GetObjectItemCaseSensitive(copy, "host"), "name", "canary-host");
	put_text(cJSON_GetObjectItemCaseSensitive(copy, "host"), "user", "canary-user");
	put_text(copy,
			"headline",
			"canary-user on canary-host: to 10.99.98.97:80 and [fd00:99::98]:80");
	bool named = cJSON_IsObject(cJSON_GetObjectItemCaseSensitive(copy, "host"));
	redact_document(arena, copy);
	json_print(copy, &out);
	for (size_t i = 0; i < COUNT_OF(gone); i++) {
		bool expected = (named || i >= 2) && !strstr(text_string(&before), gone[i]);
		demand(!expected || !strstr(text_string(&out), gone[i]), gone[i], out.data);
	}
	demand(document_check_tree(copy, "redacted", &err), "a redacted document is refused", err.text);
	demand(document_verdict(copy) == document_verdict(root), "redacting changed the verdict", "");
	text_release(&before);
	text_release(&out);
	cJSON_Delete(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	struct error err = {0};
	size_t length;
	const char *bytes = document_of(arena, (const char *)data, size, &length);
	struct json *json = document_open_bytes("audit.json", bytes, length, &err);
	if (json) {
		write_all(arena, json_root(json), size);
		write_back(arena, json_root(json));
		emit_all(arena, json_root(json));
		redact_all(arena, json_root(json));
	} else {
		demand(err.kind == ERROR_INPUT && *err.text, "refused without a word", err.text);
	}
	json_free(json);
	arena_free(arena);
	return 0;
}
