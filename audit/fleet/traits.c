/* Traits of one result: text by text in a table, sets by their digest in another. */
#include "audit/fleet/traits.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/memory.h"
#include "base/text.h"
#include "model/restless.h"

enum {
	FIRST_SLOTS = 256,
	INSTANCES_MAX = 32, /* a list that is longer is compared as a whole */
	TEXT_CHARS = 200
};

struct trait_sets *trait_sets_new(struct arena *arena)
{
	struct trait_sets *sets = arena_alloc(arena, sizeof *sets);
	sets->arena = arena;
	sets->slot_count = FIRST_SLOTS;
	sets->slots = memory_new(FIRST_SLOTS * sizeof(struct trait_set *));
	sets->text_slots = FIRST_SLOTS;
	sets->texts = memory_new(FIRST_SLOTS * sizeof(char *));
	return sets;
}

void trait_sets_free(struct trait_sets *sets)
{
	for (size_t i = 0; i < sets->count; i++)
		free(sets->items[i]->audit);
	free(sets->slots);
	free(sets->texts);
}

/* --- texts --- */

static size_t traits_hash(const char *text)
{
	uint64_t hash = 14695981039346656037ULL;
	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * 1099511628211ULL;
	return (size_t)hash;
}

static size_t text_slot(const char *const *texts, size_t size, const char *text)
{
	assert(size > 0);
	size_t at = traits_hash(text) % size;
	while (texts[at] && strcmp(texts[at], text) != 0)
		at = (at + 1) % size;
	return at;
}

static void grow_texts(struct trait_sets *sets)
{
	size_t size = sets->text_slots * 2;
	const char **texts = memory_new(size * sizeof(char *));
	for (size_t i = 0; i < sets->text_slots; i++)
		if (sets->texts[i])
			texts[text_slot(texts, size, sets->texts[i])] = sets->texts[i];
	free(sets->texts);
	sets->texts = texts;
	sets->text_slots = size;
}

static const char *traits_keep_text(struct trait_sets *sets, const char *text)
{
	if (sets->text_count * 2 >= sets->text_slots)
		grow_texts(sets);
	size_t at = text_slot(sets->texts, sets->text_slots, text);
	if (!sets->texts[at]) {
		sets->texts[at] = arena_strdup(sets->arena, text);
		sets->text_count++;
	}
	return sets->texts[at];
}

/* --- traits of a result --- */

struct trait_list {
	struct trait_sets *sets;
	struct arena *arena; /* of this host */
	const struct result *result;
	struct fleet_trait *items;
	size_t count, capacity;
	struct name_list keys;
};

static void add_trait(struct trait_list *list, const char *key, const char *value)
{
	list->items =
			arena_grow(list->arena, list->items, list->count, &list->capacity, sizeof *list->items);
	list->items[list->count++] = (struct fleet_trait){
			.key = traits_keep_text(list->sets, key),
			.value = traits_keep_text(list->sets, value),
	};
}

static const char *fact_value_text(struct arena *arena, const struct fact *fact)
{
	char figure[NUMBER_TEXT_MAX];
	if (fact->status != FACT_KNOWN)
		return fact_status_name(fact->status);
	if (fact->unit == UNIT_TEXT)
		return text_clean(arena, fact->text, strlen(fact->text), TEXT_CHARS);
	if (fact->unit == UNIT_BOOL)
		return fact->number != 0 ? "yes" : "no";
	return arena_strdup(arena, text_plain_number(figure, fact->number));
}

/* A list of many instances: its digest stands for it. */
static const char *list_value_text(struct trait_list *list, size_t first, size_t count)
{
	char hex[SHA256_HEX_MAX];
	struct text all = {0};
	for (size_t i = 0; i < count; i++) {
		const struct fact *fact = list->result->facts->items[first + i];
		text_addf(&all, "%s=%s\n", fact->instance, fact_value_text(list->arena, fact));
	}
	(void)sha256_hex(text_string(&all), all.length, hex);
	text_release(&all);
	return arena_printf(list->arena, "%zu values (%.8s)", count, hex);
}

static void traits_add_instances(struct trait_list *list, const char *key)
{
	size_t first;
	size_t count = facts_instances(list->result->facts, key, &first);
	if (count == 0)
		add_trait(list, key, fact_status_name(facts_status(list->result->facts, key, "")));
	if (count > INSTANCES_MAX) {
		add_trait(list, key, list_value_text(list, first, count));
		return;
	}
	for (size_t i = 0; i < count; i++) {
		const struct fact *fact = list->result->facts->items[first + i];
		const char *shown = key;
		if (*fact->instance)
			shown = arena_printf(list->arena, "%s[%.100s]", key, fact->instance);
		add_trait(list, shown, fact_value_text(list->arena, fact));
	}
}

/* What a value was derived from says more than the value. */
static const char *setting_behind(const struct facts *facts, const char *key)
{
	const struct fact *fact = facts_get(facts, key, "");
	if (!fact || fact->origin != ORIGIN_DERIVED || !fact->where)
		return key;
	if (!facts_get(facts, fact->where, ""))
		return key;
	return fact->where;
}

static void add_key(struct trait_list *list, const char *key)
{
	const char *setting = setting_behind(list->result->facts, key);
	if (fact_is_restless(setting) || name_list_has(&list->keys, setting))
		return;
	name_list_append(list->arena, &list->keys, setting);
	traits_add_instances(list, setting);
}

static void traits_add_resource(struct trait_list *list, const struct resource *resource)
{
	const struct judgement *worst = &resource->worst;
	add_trait(list,
			arena_printf(list->arena, "limit %s", worst->rule->id),
			status_name(worst->status));
	for (size_t i = 0; i < worst->facts.count; i++)
		add_key(list, worst->facts.items[i]);
}

static int traits_compare_traits(const void *a, const void *b)
{
	const struct fleet_trait *left = a, *right = b;
	return strcmp(left->key, right->key);
}

static const char *traits_digest_of(struct trait_list *list, enum fleet_role role)
{
	char hex[SHA256_HEX_MAX];
	struct text all = {0};
	text_addf(&all, "%d\n", (int)role);
	for (size_t i = 0; i < list->count; i++)
		text_addf(&all, "%s\t%s\n", list->items[i].key, list->items[i].value);
	(void)sha256_hex(text_string(&all), all.length, hex);
	text_release(&all);
	return arena_strdup(list->arena, hex);
}

/* --- sets --- */

static size_t set_slot(struct trait_set *const *slots, size_t size, const char *digest)
{
	assert(size > 0);
	size_t at = traits_hash(digest) % size;
	while (slots[at] && strcmp(slots[at]->digest, digest) != 0)
		at = (at + 1) % size;
	return at;
}

static void grow_sets(struct trait_sets *sets)
{
	size_t size = sets->slot_count * 2;
	struct trait_set **slots = memory_new(size * sizeof(struct trait_set *));
	for (size_t i = 0; i < sets->count; i++)
		slots[set_slot(slots, size, sets->items[i]->digest)] = sets->items[i];
	free(sets->slots);
	sets->slots = slots;
	sets->slot_count = size;
}

static struct trait_set *set_new(struct trait_list *list, const char *digest, enum fleet_role role)
{
	struct trait_sets *sets = list->sets;
	struct trait_set *set = arena_alloc(sets->arena, sizeof *set);
	struct fleet_trait *traits = arena_alloc(sets->arena, (list->count + 1) * sizeof *traits);
	if (list->count > 0)
		memcpy(traits, list->items, list->count * sizeof *traits);
	*set = (struct trait_set){
			.member = {role, traits, list->count},
			.digest = arena_strdup(sets->arena, digest),
			.use = -1,
	};
	sets->items = arena_grow(sets->arena,
			sets->items,
			sets->count,
			&sets->capacity,
			sizeof(struct trait_set *));
	sets->items[sets->count++] = set;
	return set;
}

struct trait_set *trait_sets_of(struct trait_sets *sets,
		const struct result *result,
		enum fleet_role role)
{
	struct trait_list list = {.sets = sets, .arena = arena_new(), .result = result};
	for (size_t i = 0; i < result->resource_count; i++)
		traits_add_resource(&list, &result->resources[i]);
	if (result->too_old)
		add_trait(&list, "facts age", "too old");
	if (list.count > 0)
		qsort(list.items, list.count, sizeof *list.items, traits_compare_traits);
	const char *digest = traits_digest_of(&list, role);
	if (sets->count * 2 >= sets->slot_count)
		grow_sets(sets);
	size_t at = set_slot(sets->slots, sets->slot_count, digest);
	if (!sets->slots[at])
		sets->slots[at] = set_new(&list, digest, role);
	arena_free(list.arena);
	return sets->slots[at];
}

/* --- present use --- */

static void add_present(struct trait_list *list,
		const char *key,
		struct present_use *ret,
		size_t *count)
{
	const struct fact *fact = facts_get(list->result->facts, key, "");
	bool number = fact && fact->status == FACT_KNOWN && fact->unit != UNIT_TEXT;
	if (!number || !fact_is_restless(key) || name_list_has(&list->keys, key))
		return;
	name_list_append(list->arena, &list->keys, key);
	ret[(*count)++] = (struct present_use){
			.key = traits_keep_text(list->sets, key),
			.unit = fact->unit,
			.value = fact->number,
	};
}

size_t traits_present(struct trait_sets *sets,
		const struct result *result,
		struct present_use **ret,
		struct arena *arena)
{
	enum {
		PRESENT_MAX = 16
	};
	struct trait_list list = {.sets = sets, .arena = arena_new(), .result = result};
	struct present_use found[PRESENT_MAX];
	size_t count = 0;
	for (size_t i = 0; i < result->resource_count; i++) {
		const struct name_list *keys = &result->resources[i].worst.facts;
		for (size_t k = 0; k < keys->count && count < PRESENT_MAX; k++)
			add_present(&list, keys->items[k], found, &count);
	}
	arena_free(list.arena);
	*ret = arena_alloc(arena, (count + 1) * sizeof **ret);
	if (count > 0)
		memcpy(*ret, found, count * sizeof **ret);
	return count;
}
