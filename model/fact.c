/* Sets of facts: an array of pointers, sorted when somebody asks. Reads nothing from a host. */
#include "model/fact.h"

#include <math.h>
#include <string.h>

#include "base/array.h"

/* Up to here an insertion in the middle moves pointers at once; beyond, the set is sorted on
 * demand. */
enum {
	INSERT_MAX = 256
};

static const char *const status_names[] = {
		[FACT_KNOWN] = "known",
		[FACT_ABSENT] = "absent",
		[FACT_DENIED] = "denied",
		[FACT_MALFORMED] = "malformed",
		[FACT_NOT_VISIBLE] = "not-visible",
		[FACT_SKIPPED] = "skipped",
};

static const char *const origin_names[] = {
		[ORIGIN_READ] = "read",
		[ORIGIN_MEASURED] = "measured",
		[ORIGIN_GIVEN] = "given",
		[ORIGIN_PROPOSED] = "proposed",
		[ORIGIN_CONSTANT] = "constant",
		[ORIGIN_DERIVED] = "derived",
};

static int find_name(const char *const *names, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(names[i], name) == 0)
			return (int)i;
	}
	return -1;
}

const char *fact_status_name(enum fact_status status)
{
	return status_names[status];
}

bool fact_status_from_name(const char *name, enum fact_status *ret_status)
{
	int found = find_name(status_names, COUNT_OF(status_names), name);
	if (found >= 0)
		*ret_status = (enum fact_status)found;
	return found >= 0;
}

const char *fact_origin_name(enum fact_origin origin)
{
	return origin_names[origin];
}

bool fact_origin_from_name(const char *name, enum fact_origin *ret_origin)
{
	int found = find_name(origin_names, COUNT_OF(origin_names), name);
	if (found >= 0)
		*ret_origin = (enum fact_origin)found;
	return found >= 0;
}

struct facts *facts_new(struct arena *arena)
{
	struct facts *facts = arena_alloc(arena, sizeof *facts);
	facts->arena = arena;
	facts->sorted = true;
	return facts;
}

struct facts *facts_overlay(struct arena *arena, const struct facts *base)
{
	struct facts *facts = facts_new(arena);
	facts_sort((struct facts *)base);
	facts->count = base->count;
	facts->capacity = base->count + 16;
	facts->items = arena_alloc(arena, facts->capacity * sizeof *facts->items);
	if (base->count)
		memcpy(facts->items, base->items, base->count * sizeof *facts->items);
	facts->whole = base->whole;
	facts->list_count = base->list_count;
	facts->list_capacity = base->list_count;
	facts->lists = arena_alloc(arena, base->list_count * sizeof *facts->lists);
	if (base->list_count)
		memcpy(facts->lists, base->lists, base->list_count * sizeof *facts->lists);
	return facts;
}

static int fact_compare(const struct fact *fact, const char *key, const char *instance)
{
	int order = strcmp(fact->key, key);
	return order ? order : strcmp(fact->instance, instance);
}

/* Index of the first fact that is not below key, instance. The set is sorted. */
static size_t lower_bound(const struct facts *facts, const char *key, const char *instance)
{
	size_t low = 0, high = facts->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (fact_compare(facts->items[middle], key, instance) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static int fact_compare_facts(const struct fact *a, const struct fact *b)
{
	return fact_compare(a, b->key, b->instance);
}

/* Merges the sorted runs from[a..b) and from[b..c) into to[a..c). Equal ones keep their order. */
static void fact_merge(struct fact **to, struct fact **from, size_t a, size_t b, size_t c)
{
	size_t left = a, right = b;
	for (size_t at = a; at < c; at++) {
		bool take_left = left < b &&
				(right >= c || fact_compare_facts(from[left], from[right]) <= 0);
		to[at] = take_left ? from[left++] : from[right++];
	}
}

static size_t run_end(struct fact *const *items, size_t start, size_t count)
{
	size_t end = start + 1;
	while (end < count && fact_compare_facts(items[end - 1], items[end]) <= 0)
		end++;
	return end < count ? end : count;
}

/* Of facts with the same key and instance the last one put stays. */
static size_t drop_replaced(struct fact **items, size_t count)
{
	size_t kept = 0;
	for (size_t i = 0; i < count; i++) {
		if (i + 1 < count && fact_compare_facts(items[i], items[i + 1]) == 0)
			continue;
		items[kept++] = items[i];
	}
	return kept;
}

/* A natural merge sort: stable, and linear for a sorted set with a few facts behind it. */
void facts_sort(struct facts *facts)
{
	if (facts->sorted)
		return;
	struct fact **from = facts->items;
	struct fact **to = arena_alloc(facts->arena, facts->capacity * sizeof *to);
	while (run_end(from, 0, facts->count) < facts->count) {
		for (size_t a = 0, c; a < facts->count; a = c) {
			size_t b = run_end(from, a, facts->count);
			c = b < facts->count ? run_end(from, b, facts->count) : b;
			fact_merge(to, from, a, b, c);
		}
		struct fact **swap = from;
		from = to;
		to = swap;
	}
	facts->items = from;
	facts->count = drop_replaced(from, facts->count);
	facts->sorted = true;
}

/* Puts the copy where it belongs; false if the set must be sorted instead. */
static bool fact_place(struct facts *facts, struct fact *copy)
{
	size_t at = lower_bound(facts, copy->key, copy->instance);
	if (at < facts->count && fact_compare(facts->items[at], copy->key, copy->instance) == 0) {
		facts->items[at] = copy;
		return true;
	}
	if (at < facts->count && facts->count > INSERT_MAX)
		return false;
	facts->items = arena_grow(facts->arena,
			facts->items,
			facts->count,
			&facts->capacity,
			sizeof *facts->items);
	memmove(facts->items + at + 1, facts->items + at, (facts->count - at) * sizeof *facts->items);
	facts->items[at] = copy;
	facts->count++;
	return true;
}

struct fact *facts_put(struct facts *facts, struct fact fact)
{
	struct fact *copy = arena_alloc(facts->arena, sizeof *copy);
	*copy = fact;
	if (!copy->instance)
		copy->instance = "";
	if (facts->sorted && fact_place(facts, copy))
		return copy;
	facts->items = arena_grow(facts->arena,
			facts->items,
			facts->count,
			&facts->capacity,
			sizeof *facts->items);
	facts->items[facts->count++] = copy;
	facts->sorted = false;
	return copy;
}

struct fact *facts_put_number(struct facts *facts,
		const char *key,
		const char *instance,
		double number,
		enum unit unit,
		const char *where)
{
	return facts_put(facts,
			(struct fact){.key = key,
					.instance = instance,
					.number = number,
					.unit = unit,
					.where = where});
}

struct fact *facts_put_text(struct facts *facts,
		const char *key,
		const char *instance,
		const char *text,
		const char *where)
{
	return facts_put(facts,
			(struct fact){.key = key,
					.instance = instance,
					.text = text,
					.unit = UNIT_TEXT,
					.where = where});
}

struct fact *facts_put_missing(struct facts *facts,
		const char *key,
		const char *instance,
		enum fact_status status,
		enum unit unit,
		const char *where,
		const char *note)
{
	return facts_put(facts,
			(struct fact){.key = key,
					.instance = instance,
					.status = status,
					.unit = unit,
					.number = NAN,
					.where = where,
					.note = note});
}

const struct fact *facts_get(const struct facts *facts, const char *key, const char *instance)
{
	if (!instance)
		instance = "";
	facts_sort((struct facts *)facts);
	size_t at = lower_bound(facts, key, instance);
	return at < facts->count && fact_compare(facts->items[at], key, instance) == 0
			? facts->items[at]
			: NULL;
}

double facts_number(const struct facts *facts, const char *key)
{
	const struct fact *fact = facts_get(facts, key, "");
	return fact && fact->status == FACT_KNOWN && fact->unit != UNIT_TEXT ? fact->number : NAN;
}

const char *facts_text(const struct facts *facts, const char *key)
{
	const struct fact *fact = facts_get(facts, key, "");
	return fact && fact->status == FACT_KNOWN && fact->unit == UNIT_TEXT ? fact->text : NULL;
}

size_t facts_instances(const struct facts *facts, const char *key, size_t *ret_first)
{
	facts_sort((struct facts *)facts);
	size_t first = lower_bound(facts, key, ""), end = first;
	while (end < facts->count && strcmp(facts->items[end]->key, key) == 0)
		end++;
	*ret_first = first;
	return end - first;
}

static bool fact_is_same(const struct fact *a, const struct fact *b)
{
	if (a->status != b->status)
		return false;
	if (a->unit == UNIT_TEXT)
		return a->text && b->text && strcmp(a->text, b->text) == 0;
	return a->number == b->number;
}

bool fact_is_hypothetical(const struct fact *fact)
{
	const struct fact *was = fact->was;
	if (fact->origin != ORIGIN_GIVEN || !was)
		return false;
	bool learned = was->status == FACT_KNOWN || was->status == FACT_ABSENT;
	return learned && !fact_is_same(fact, was);
}

bool facts_are_hypothetical(const struct facts *facts)
{
	for (size_t i = 0; i < facts->count; i++) {
		if (fact_is_hypothetical(facts->items[i]))
			return true;
	}
	return false;
}
