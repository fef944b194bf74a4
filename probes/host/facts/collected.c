/* What stands in a list is there; what a list lacks depends on what is said about it. */
#include "probes/host/facts/collected.h"

#include <string.h>

#include "base/array.h"
#include "base/suggest.h"
#include "base/text.h"
#include "probes/host/facts/keys.h"
#include "probes/host/source/manifest.h"

static const char whole_word[] = "complete", part_word[] = "partial";

static double list_length(const struct facts *facts, const char *key)
{
	size_t first;
	return (double)facts_instances(facts, key, &first);
}

static cJSON *list_to_json(const struct facts *facts, const struct fact_list *list)
{
	cJSON *object = cJSON_CreateObject();
	cJSON *error = cJSON_CreateNull();
	if (list->error) {
		cJSON_Delete(error);
		error = cJSON_CreateString(list->error);
	}
	cJSON_AddStringToObject(object, "state", list_state_name(list->state));
	cJSON_AddNumberToObject(object, "count", list_length(facts, list->key));
	cJSON_AddItemToObject(object, "errno", error);
	return object;
}

cJSON *collected_to_json(const struct facts *facts)
{
	if (facts->whole)
		return cJSON_CreateString(whole_word);
	cJSON *object = cJSON_CreateObject();
	for (size_t i = 0; i < facts->list_count; i++) {
		const struct fact_list *list = &facts->lists[i];
		cJSON_AddItemToObject(object, list->key, list_to_json(facts, list));
	}
	return object;
}

/* The key as the table has it; NULL with an error: it is no list. */
static const char *list_key(const struct json *json, const cJSON *item, struct error *err)
{
	static const char problem[] = "\"collected\": %.100s is not a list of facts%s";
	const struct known_key *known = keys_find(item->string);
	char question[SUGGEST_MAX] = "";
	if (known && known->instances)
		return known->key;
	if (!known)
		suggest_question_about(question, "", keys_suggest(item->string));
	(void)json_error(json, item, err, problem, item->string, question);
	return NULL;
}

/* What is said about one list. */
struct said {
	const char *key, *error;
	enum list_state state;
	double count;
};

static bool read_state(const struct json *json,
		const cJSON *item,
		struct said *said,
		struct error *err)
{
	static const char expected[] = "\"state\" must be complete, partial or skipped";
	const cJSON *state = cJSON_GetObjectItemCaseSensitive(item, "state");
	if (!cJSON_IsString(state))
		return json_error(json, item, err, expected);
	if (!list_state_from_name(state->valuestring, &said->state))
		return json_error(json, item, err, expected);
	return true;
}

static bool read_error(const struct json *json,
		const cJSON *item,
		struct said *said,
		struct error *err)
{
	static const char expected[] = "\"errno\" must be null or a name like EACCES";
	const cJSON *error = cJSON_GetObjectItemCaseSensitive(item, "errno");
	if (!error || cJSON_IsNull(error))
		return true;
	if (!cJSON_IsString(error))
		return json_error(json, item, err, expected);
	said->error = manifest_errno_like(error->valuestring);
	if (!said->error)
		return json_error(json, item, err, expected);
	return true;
}

static bool read_said(const struct json *json,
		const cJSON *item,
		struct said *said,
		struct error *err)
{
	static const char *const members[] = {"state", "count", "errno", NULL};
	said->key = list_key(json, item, err);
	if (!said->key)
		return false;
	if (!json_check_members(json, item, members, err))
		return false;
	if (!json_number(json, item, "count", &said->count, err))
		return false;
	return read_state(json, item, said, err) && read_error(json, item, said, err);
}

static bool read_lists(const struct json *json,
		const cJSON *collected,
		struct facts *facts,
		struct error *err)
{
	const cJSON *item;
	cJSON_ArrayForEach(item, collected) {
		struct said said = {.count = -1};
		if (!read_said(json, item, &said, err))
			return false;
		if (said.count != list_length(facts, said.key))
			said.state = LIST_SKIPPED;
		facts_put_list(facts, said.key, said.state, said.error);
	}
	return true;
}

bool collected_from_json(const struct json *json,
		const cJSON *collected,
		struct facts *facts,
		struct error *err)
{
	static const char expected[] =
			"\"collected\" must be \"complete\", \"partial\" or an object {\"KEY\": {\"state\", "
			"\"count\", \"errno\"}}";
	if (!collected)
		return true;
	if (cJSON_IsObject(collected))
		return read_lists(json, collected, facts, err);
	const char *word = cJSON_GetStringValue(collected);
	if (!word)
		return json_error(json, collected, err, expected);
	facts->whole = strcmp(word, whole_word) == 0;
	if (!facts->whole && strcmp(word, part_word) != 0)
		return json_error(json, collected, err, expected);
	return true;
}

static void put_complete(struct facts *facts, const char *prefix)
{
	for (size_t i = 0; i < keys_count(); i++) {
		const struct known_key *known = keys_at(i);
		if (known->instances && text_begins_with(known->key, prefix))
			facts_put_list(facts, known->key, LIST_COMPLETE, NULL);
	}
}

static void put_absent(struct facts *facts, const struct known_key *known, const char *note)
{
	if (facts_get(facts, known->key, ""))
		return;
	facts_put_missing(facts, known->key, NULL, FACT_ABSENT, known->unit, NULL, note);
}

void collected_by_headroom_1(struct facts *facts)
{
	static const char *const lists[] = {"destination.", "listener.", "beam.", "boot."};
	static const char none[] = "no erl on PATH";
	for (size_t i = 0; i < COUNT_OF(lists); i++)
		put_complete(facts, lists[i]);
	/* Of what 0.1 wrote only where it was there, these decide limits. */
	if (facts_status(facts, "erlang.path", "") != FACT_ABSENT)
		return;
	for (size_t i = 0; i < keys_count(); i++) {
		if (text_begins_with(keys_at(i)->key, "erlang."))
			put_absent(facts, keys_at(i), none);
	}
}

static bool is_of_mac(const struct facts *facts)
{
	static const char *const prefixes[] = {"net.inet.", "kern."};
	const char *name = facts_text(facts, "os.name");
	if (name)
		return strcmp(name, "darwin") == 0;
	for (size_t i = 0; i < facts->count; i++) {
		const struct fact *fact = facts->items[i];
		bool known = fact->status == FACT_KNOWN;
		for (size_t k = 0; k < COUNT_OF(prefixes) && known; k++) {
			if (text_begins_with(fact->key, prefixes[k]))
				return true;
		}
	}
	return false;
}

/* Settings are files below /proc/sys; connection tracking and control groups are parts of Linux. */
static bool is_of_linux(const struct known_key *known)
{
	static const char *const prefixes[] = {"cgroup.", "conntrack."};
	if (known->read != READ_BY_PROBE)
		return true;
	for (size_t i = 0; i < COUNT_OF(prefixes); i++) {
		if (text_begins_with(known->key, prefixes[i]))
			return true;
	}
	return false;
}

void collected_of_system(struct facts *facts)
{
	static const char note[] = "macOS has no such setting";
	if (!is_of_mac(facts))
		return;
	for (size_t i = 0; i < keys_count(); i++) {
		if (is_of_linux(keys_at(i)))
			put_absent(facts, keys_at(i), note);
	}
	facts_sort(facts);
}
