/* Looks names up by hash: a fleet may have a hundred thousand of them. */
#include "audit/fleet/hosts.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* Names without regard to upper and lower case: those of hosts have none (RFC 4343). */
struct name_table {
	struct fleet_record **slots;
	bool *shared; /* several hosts have this short name */
	size_t size, count;
	bool is_short;
};

static char hosts_lower_in(char byte)
{
	if (byte >= 'A' && byte <= 'Z')
		return (char)(byte - 'A' + 'a');
	return byte;
}

static size_t short_length(const char *name)
{
	return strcspn(name, ".");
}

static size_t hosts_key_length(const struct name_table *table, const char *name)
{
	if (table->is_short)
		return short_length(name);
	return strlen(name);
}

/* FNV-1a. */
static size_t hosts_hash_of(const char *name, size_t length)
{
	uint64_t hash = 14695981039346656037ULL;
	for (size_t i = 0; i < length; i++)
		hash = (hash ^ (unsigned char)hosts_lower_in(name[i])) * 1099511628211ULL;
	return (size_t)hash;
}

static bool hosts_same_name(const char *a, size_t a_length, const char *b, size_t b_length)
{
	if (a_length != b_length)
		return false;
	for (size_t i = 0; i < a_length; i++)
		if (hosts_lower_in(a[i]) != hosts_lower_in(b[i]))
			return false;
	return true;
}

/* Where the name stands, or the free slot where it would. */
static size_t hosts_slot_of(const struct name_table *table, const char *name, size_t length)
{
	size_t at = hosts_hash_of(name, length) % table->size;
	while (table->slots[at]) {
		const char *there = table->slots[at]->name;
		if (hosts_same_name(there, hosts_key_length(table, there), name, length))
			break;
		at = (at + 1) % table->size;
	}
	return at;
}

static void table_resize(struct name_table *table, size_t size)
{
	struct name_table old = *table;
	table->size = size;
	table->slots = memory_new(size * sizeof(struct fleet_record *));
	table->shared = memory_new(size * sizeof *table->shared);
	for (size_t i = 0; i < old.size; i++) {
		if (!old.slots[i])
			continue;
		const char *name = old.slots[i]->name;
		size_t at = hosts_slot_of(table, name, hosts_key_length(table, name));
		table->slots[at] = old.slots[i];
		table->shared[at] = old.shared[i];
	}
	free(old.slots);
	free(old.shared);
}

static struct name_table *table_new(bool is_short)
{
	struct name_table *table = memory_new(sizeof *table);
	table->is_short = is_short;
	table_resize(table, 64);
	return table;
}

static void table_free(struct name_table *table)
{
	free(table->slots);
	free(table->shared);
	free(table);
}

static void table_add(struct name_table *table, struct fleet_record *record)
{
	if (table->count * 2 >= table->size)
		table_resize(table, table->size * 2);
	size_t at = hosts_slot_of(table, record->name, hosts_key_length(table, record->name));
	table->shared[at] = table->slots[at] != NULL;
	if (!table->slots[at]) {
		table->slots[at] = record;
		table->count++;
	}
}

struct fleet_hosts *fleet_hosts_new(struct arena *arena)
{
	struct fleet_hosts *hosts = arena_alloc(arena, sizeof *hosts);
	hosts->arena = arena;
	hosts->by_name = table_new(false);
	hosts->by_short = table_new(true);
	return hosts;
}

void fleet_hosts_free(struct fleet_hosts *hosts)
{
	table_free(hosts->by_name);
	table_free(hosts->by_short);
}

struct fleet_record *fleet_hosts_find(const struct fleet_hosts *hosts, const char *name)
{
	return hosts->by_name->slots[hosts_slot_of(hosts->by_name, name, strlen(name))];
}

struct fleet_record *fleet_hosts_match(const struct fleet_hosts *hosts, const char *name)
{
	struct fleet_record *same = fleet_hosts_find(hosts, name);
	if (same)
		return same;
	size_t length = short_length(name);
	if (length == 0)
		return NULL;
	size_t at = hosts_slot_of(hosts->by_short, name, length);
	struct fleet_record *record = hosts->by_short->slots[at];
	if (!record || hosts->by_short->shared[at])
		return NULL;
	/* a.b and a.c are two hosts. */
	bool one_is_short = name[length] == '\0' || !strchr(record->name, '.');
	if (one_is_short)
		return record;
	return NULL;
}

struct fleet_record *fleet_hosts_add(struct fleet_hosts *hosts, const char *name)
{
	struct fleet_record *record = arena_alloc(hosts->arena, sizeof *record);
	hosts->items = arena_grow(hosts->arena,
			hosts->items,
			hosts->count,
			&hosts->capacity,
			sizeof(struct fleet_record *));
	*record = (struct fleet_record){
			.name = arena_strdup(hosts->arena, name),
			.role = FLEET_UNSAID,
			.weight = 1,
			.age_s = (double)NAN,
	};
	hosts->items[hosts->count++] = record;
	table_add(hosts->by_name, record);
	table_add(hosts->by_short, record);
	return record;
}
