/* A table by digest. It stops growing where nothing is met again. */
#include "audit/fleet/memo.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/memory.h"

enum {
	MEMO_SLOTS = 1 << 15,
	MEMO_MAX = MEMO_SLOTS / 2
};

struct memo_slot {
	struct memo_key key;
	struct judged *judged;
};

struct fleet_memo {
	size_t count;
	uint64_t met[MEMO_SLOTS]; /* 0: none */
	struct memo_slot slots[MEMO_SLOTS];
};

static bool is_identity(const char *key)
{
	static const char *const keys[] = {"host.name", "host.boot_id", "host.uptime"};
	if (key[0] != 'h') /* as all of them; most facts end here */
		return false;
	for (size_t i = 0; i < COUNT_OF(keys); i++)
		if (strcmp(keys[i], key) == 0)
			return true;
	return false;
}

static void memo_add_text(struct sha256 *hash, const char *text)
{
	if (!text)
		text = "";
	sha256_add(hash, text, strlen(text) + 1);
}

/* A key that the quick reader found is the table's own text: its address says which it is, and the
 * table outlives the run. What --set put there has a text of its own. */
static void memo_add_fact(struct sha256 *hash, const struct fact *fact)
{
	struct {
		const char *key;
		double number;
		unsigned marks;
		unsigned rest; /* a gap would hold anything */
	} head = {0};
	head.marks = (unsigned)fact->status << 16 | (unsigned)fact->origin << 8 | (unsigned)fact->unit;
	bool known = fact->status == FACT_KNOWN;
	bool text = known && fact->unit == UNIT_TEXT;
	if (fact->origin == ORIGIN_GIVEN)
		memo_add_text(hash, fact->key);
	else
		head.key = fact->key;
	if (known && !text)
		head.number = fact->number;
	if (*fact->instance)
		head.marks |= 1U << 24;
	sha256_add(hash, &head, sizeof head);
	if (*fact->instance)
		memo_add_text(hash, fact->instance);
	if (text)
		memo_add_text(hash, fact->text);
}

struct memo_key memo_key_of(const struct facts *facts, size_t kind, bool too_old)
{
	struct memo_key key = {.digest = {0}};
	struct sha256 hash;
	const unsigned char marks[] = {too_old, facts->whole};
	sha256_init(&hash);
	sha256_add(&hash, &kind, sizeof kind);
	sha256_add(&hash, marks, sizeof marks);
	for (size_t i = 0; i < facts->count; i++)
		if (!is_identity(facts->items[i]->key))
			memo_add_fact(&hash, facts->items[i]);
	for (size_t i = 0; i < facts->list_count; i++) {
		unsigned char state = (unsigned char)facts->lists[i].state;
		memo_add_text(&hash, facts->lists[i].key);
		sha256_add(&hash, &state, 1);
	}
	sha256_finish(&hash, key.digest);
	return key;
}

struct fleet_memo *fleet_memo_new(void)
{
	return memory_new(sizeof(struct fleet_memo));
}

void fleet_memo_free(struct fleet_memo *memo)
{
	free(memo);
}

static size_t memo_slot_of(const struct fleet_memo *memo, const struct memo_key *key)
{
	size_t at = (size_t)key->digest[0] | (size_t)key->digest[1] << 8;
	at %= MEMO_SLOTS;
	while (memo->slots[at].judged && memcmp(&memo->slots[at].key, key, sizeof *key) != 0)
		at = (at + 1) % MEMO_SLOTS;
	return at;
}

struct judged *fleet_memo_find(const struct fleet_memo *memo, const struct memo_key *key)
{
	return memo->slots[memo_slot_of(memo, key)].judged;
}

void fleet_memo_add(struct fleet_memo *memo, const struct memo_key *key, struct judged *judged)
{
	struct memo_slot *slot = &memo->slots[memo_slot_of(memo, key)];
	if (memo->count == MEMO_MAX)
		return;
	memo->count++;
	*slot = (struct memo_slot){*key, judged};
}

static uint64_t memo_mix(uint64_t hash, uint64_t value)
{
	hash = (hash ^ value) * 0x9E3779B97F4A7C15U; /* 2^64 divided by the golden ratio */
	return hash ^ hash >> 29;
}

bool fleet_memo_met(struct fleet_memo *memo, const struct facts *facts, size_t kind)
{
	uint64_t hash = memo_mix(kind + 1, facts->count);
	for (size_t i = 0; i < facts->count; i++) {
		const struct fact *fact = facts->items[i];
		uint64_t number;
		if (fact->status != FACT_KNOWN || fact->unit == UNIT_TEXT || is_identity(fact->key))
			continue;
		memcpy(&number, &fact->number, sizeof number);
		hash = memo_mix(hash, number);
	}
	uint64_t *slot = &memo->met[hash % MEMO_SLOTS];
	bool met = *slot == hash;
	*slot = hash;
	return met;
}
