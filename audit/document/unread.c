/* What a limit asked for and could not learn: which fact, where it is read, why it is not known,
 * and the way out. */
#include <string.h>

#include "audit/document/document.h"
#include "base/array.h"
#include "base/text.h"
#include "probes/host/facts/keys.h"
#include "report/document/view.h"

enum {
	CAUSES_MAX = 4 /* a derived fact follows from another, and that again; never deeper */
};

static const struct fact *unread_fact(const struct facts *facts,
		const char *key,
		const char *instance)
{
	const struct fact *fact = facts_get(facts, key, "");
	if (fact || !instance)
		return fact;
	return facts_get(facts, key, instance);
}

/* A derived fact names in `where` the one that it lacks. */
static const char *unread_cause(const struct facts *facts, const char *key, const char *instance)
{
	for (int i = 0; i < CAUSES_MAX; i++) {
		const struct fact *fact = unread_fact(facts, key, instance);
		if (keys_find(key) || !fact || !fact->where)
			return key;
		if (!keys_find(fact->where))
			return key;
		key = fact->where;
	}
	return key;
}

/* What stands for a value of this unit after the "=" of --set. */
static const char *const value_words[] = {
		[UNIT_COUNT] = "NUMBER",
		[UNIT_BYTES] = "SIZE",
		[UNIT_SECONDS] = "SECONDS",
		[UNIT_PER_S] = "NUMBER",
		[UNIT_RATIO] = "NUMBER",
		[UNIT_BOOL] = "yes",
		[UNIT_VERSION] = "VERSION",
		[UNIT_TEXT] = "TEXT",
};

static const char *value_word(const struct known_key *known)
{
	if (known->read == READ_RANGE)
		return "LOW-HIGH";
	if (known->read == READ_PORTS)
		return "PORTS";
	return value_words[known->unit];
}

/* "fs.file-max=NUMBER"; NULL: --set cannot give it. */
static const char *unread_set(struct arena *arena,
		const struct known_key *known,
		const char *key,
		const char *instance)
{
	if (!known)
		return NULL;
	const char *word = value_word(known);
	if (!known->instances)
		return arena_printf(arena, "%s=%s", key, word);
	if (!instance || *instance == '\0')
		return NULL;
	return arena_printf(arena, "%s[%s]=%s", key, instance, word);
}

/* What helps, beside giving the value. */
static const char *const ways[] = {
		[FACT_KNOWN] = "",
		[FACT_ABSENT] = "",
		[FACT_DENIED] = "run headroom as root",
		[FACT_MALFORMED] = "",
		[FACT_NOT_VISIBLE] = "run headroom outside the container, on the host itself",
		[FACT_SKIPPED] = "read the host with headroom facts -o FILE.json",
};

static const char *unread_way(struct arena *arena, enum fact_status status, const char *set)
{
	const char *way = ways[status], *joint = "";
	if (!set)
		return *way ? way : NULL;
	if (*way)
		joint = ", or give the value: ";
	return arena_printf(arena, "%s%s--set %s", way, joint, set);
}

static const char *unread_path(struct arena *arena,
		const struct fact *fact,
		const struct known_key *known)
{
	const char *path = NULL;
	if (fact && fact->where && *fact->where == '/')
		return fact->where;
	if (known)
		path = keys_path(arena, known);
	if (!path)
		return NULL;
	return arena_printf(arena, "/%s", path);
}

static cJSON *unread_one(const struct members *put, const char *key, const char *instance)
{
	struct arena *arena = put->arena;
	cJSON *object = cJSON_CreateObject();
	const struct known_key *known = keys_find(key);
	const struct fact *fact = unread_fact(put->facts, key, instance);
	enum fact_status status = FACT_SKIPPED;
	const char *note = NULL, *of = "";
	if (fact) {
		status = fact->status;
		note = fact->note;
		of = fact->instance;
	} else if (known && known->instances && instance) {
		of = instance;
	}
	const char *set = unread_set(arena, known, key, of);
	member_text(put, object, "key", key);
	member_text(put, object, "instance", of);
	member_text(put, object, "path", unread_path(arena, fact, known));
	member_text(put, object, "status", fact_status_name(status));
	member_text(put, object, "note", note);
	member_text(put, object, "set", set);
	member_text(put, object, "way_out", unread_way(arena, status, set));
	return object;
}

/* Is it among the items already? */
static bool unread_is_listed(const cJSON *array, const cJSON *one)
{
	const cJSON *item;
	cJSON_ArrayForEach(item, array) {
		bool same = strcmp(view_raw(item, "key"), view_raw(one, "key")) == 0;
		if (same && strcmp(view_raw(item, "instance"), view_raw(one, "instance")) == 0)
			return true;
	}
	return false;
}

void document_unread_keys(const struct members *put,
		cJSON *array,
		const struct name_list *keys,
		const char *instance)
{
	struct name_list causes = {0};
	for (size_t i = 0; i < keys->count; i++) {
		const char *key = unread_cause(put->facts, keys->items[i], instance);
		name_list_add_once(put->arena, &causes, key);
	}
	for (size_t i = 0; i < causes.count; i++) {
		cJSON *one = unread_one(put, causes.items[i], instance);
		if (unread_is_listed(array, one))
			cJSON_Delete(one);
		else
			(void)cJSON_AddItemToArray(array, one);
	}
}

void document_unread(const struct members *put, cJSON *object, const struct judgement *judgement)
{
	cJSON *array = member_array(object, "unread");
	document_unread_keys(put, array, &judgement->unread, judgement->instance);
}

void document_all_unread(const struct members *put, cJSON *array, const struct result *result)
{
	for (size_t i = 0; i < result->resource_count; i++) {
		const struct resource *resource = &result->resources[i];
		for (size_t k = 0; k < resource->instance_count; k++) {
			const struct judgement *judgement = &resource->instances[k];
			bool counts = judgement->severity == SEVERITY_HARD && !judgement->ignored;
			if (counts && judgement->status == STATUS_UNKNOWN)
				document_unread_keys(put, array, &judgement->unread, judgement->instance);
		}
	}
}

void document_decides(const struct members *put, cJSON *document, const struct result *result)
{
	const struct decides *decides = &result->decides;
	const struct fact *fact = decides->fact;
	if (!fact) {
		member_null(document, "decides");
		return;
	}
	cJSON *item = member_object(document, "decides");
	member_text(put, item, "key", fact->key);
	member_text(put, item, "instance", fact->instance);
	member_text(put, item, "unit", unit_name(fact->unit));
	member_number(item, "pass_least", decides->least);
	member_number(item, "pass_most", decides->most);
}

void document_at_most(const struct members *put, cJSON *object, const struct result *result)
{
	const struct at_most *at_most = &result->at_most;
	if (at_most->limits.count == 0) {
		member_null(object, "at_most");
		return;
	}
	cJSON *item = member_object(object, "at_most");
	member_texts(put, item, "limits", at_most->limits.items, at_most->limits.count);
	(void)member_load(item, "max_safe", &at_most->max_safe, &result->plan, true);
	member_number(item, "hosts", at_most->hosts);
}
