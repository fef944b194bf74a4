/* A strict subset of JSON: no number that is not plain, no member that is not known, no escape that
 * is rare. What is outside it is left to the slow reader, which also says what is wrong. */
#include "probes/host/facts/quick.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/array.h"
#include "base/os/clock.h"
#include "base/text.h"
#include "probes/host/facts/collected.h"
#include "probes/host/facts/json.h"
#include "probes/host/facts/json_read.h"
#include "probes/host/facts/keys.h"
#include "probes/host/source/manifest.h"

enum {
	KEY_SLOTS = 2048,
	HOST_CHARS = 200,
	RAW_MAX = 256,
	LINE_LIMIT = 1000000000,
	PID_LIMIT = 4194304, /* PID_MAX_LIMIT (include/linux/threads.h) */
	LISTS_MAX = 256,
	PLAIN_DIGITS = 15 /* a double holds them exactly */
};

/* --- keys --- */

struct quick_keys {
	struct {
		const char *key;
		const struct known_key *known;
	} slots[KEY_SLOTS];
};

static size_t quick_hash(const char *text)
{
	uint32_t hash = 2166136261U;
	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * 16777619U;
	return hash % KEY_SLOTS;
}

static void add_quick_key(struct quick_keys *keys, const char *key)
{
	const struct known_key *known = keys_find(key);
	size_t at = quick_hash(key);
	if (!known)
		return;
	while (keys->slots[at].key)
		at = (at + 1) % KEY_SLOTS;
	keys->slots[at].key = key;
	keys->slots[at].known = known;
}

struct quick_keys *quick_keys_new(struct arena *arena)
{
	struct quick_keys *keys = arena_alloc(arena, sizeof *keys);
	for (size_t i = 0; i < keys_count(); i++) {
		const char *key = keys_at(i)->key;
		add_quick_key(keys, key);
		add_quick_key(keys, arena_printf(arena, "boot.%s", key));
	}
	return keys;
}

/* The text of the table, and its row; NULL: no such key. */
static const char *quick_key(const struct quick_keys *keys,
		const char *key,
		const struct known_key **ret_known)
{
	size_t at = quick_hash(key);
	while (keys->slots[at].key && strcmp(keys->slots[at].key, key) != 0)
		at = (at + 1) % KEY_SLOTS;
	*ret_known = keys->slots[at].known;
	return keys->slots[at].key;
}

/* --- JSON --- */

struct quick {
	const struct quick_input *input;
	char *at;
	bool bad; /* it is not for this reader; nothing is read from then on */
	struct facts *facts;
	struct host_info *info;
	/* What was seen last: neighbors mostly have the same. */
	const char *time, *unit_text, *status_text, *origin_text;
	enum unit unit;
	enum fact_status status;
	enum fact_origin origin;
	struct fact_list lists[LISTS_MAX];
	double list_counts[LISTS_MAX];
	size_t list_count;
	bool whole;
	unsigned seen; /* members of the document */
	size_t hint;   /* the last member */
};

static void give_up(struct quick *quick)
{
	quick->bad = true;
	quick->at = quick->input->bytes + quick->input->length;
}

static char quick_next(struct quick *quick)
{
	while (*quick->at == ' ' || *quick->at == '\t' || *quick->at == '\n' || *quick->at == '\r')
		quick->at++;
	return *quick->at;
}

static bool quick_take(struct quick *quick, char byte)
{
	if (quick_next(quick) != byte)
		return false;
	quick->at++;
	return true;
}

static void quick_expect(struct quick *quick, char byte)
{
	if (!quick_take(quick, byte))
		give_up(quick);
}

/* Between two entries; false: the list ends here. */
static bool quick_more(struct quick *quick, char end)
{
	if (quick->bad || quick_take(quick, end))
		return false;
	quick_expect(quick, ',');
	return !quick->bad;
}

static bool quick_begin(struct quick *quick, char start, char end)
{
	quick_expect(quick, start);
	return !quick->bad && !quick_take(quick, end);
}

/* Where a text ends or needs a look: a quote, a backslash, a control character. Eight bytes at
 * once: a bit is set above each of them (S. Anderson, Bit Twiddling Hacks, "Determine if a word has
 * a byte less than n"). */
static char *special_byte(char *at, const char *end)
{
	const uint64_t ones = 0x0101010101010101U, high = 0x8080808080808080U;
	for (; at + 8 <= end; at += 8) {
		uint64_t word;
		memcpy(&word, at, sizeof word);
		uint64_t quote = word ^ (ones * '"'), slash = word ^ (ones * '\\');
		uint64_t found = ((quote - ones) & ~quote) | ((slash - ones) & ~slash) |
				((word - ones * 0x20) & ~word);
		if (found & high)
			break;
	}
	while ((unsigned char)*at >= 0x20 && *at != '"' && *at != '\\')
		at++;
	return at;
}

static char unescaped(char byte)
{
	switch (byte) {
	case 'n':
		return '\n';
	case 't':
		return '\t';
	case 'r':
		return '\r';
	case '"':
	case '\\':
	case '/':
		return byte;
	default:
		return '\0';
	}
}

/* From the first backslash on: the text moves together. */
static char *unescape(struct quick *quick, char *from)
{
	const char *end = quick->input->bytes + quick->input->length;
	char *to = from;
	while (*from == '\\') {
		*to = unescaped(from[1]);
		if (!*to)
			return NULL;
		to++;
		from += 2;
		char *next = special_byte(from, end);
		memmove(to, from, (size_t)(next - from));
		to += next - from;
		from = next;
	}
	quick->at = from;
	return to;
}

/* A text, which ends with a NUL where its quote was. */
static const char *quick_text(struct quick *quick)
{
	quick_expect(quick, '"');
	if (quick->bad)
		return "";
	char *start = quick->at;
	char *end = special_byte(start, quick->input->bytes + quick->input->length);
	quick->at = end;
	if (*end == '\\')
		end = unescape(quick, end);
	if (!end || *quick->at != '"') {
		give_up(quick);
		return "";
	}
	quick->at++;
	*end = '\0';
	return start;
}

/* The name of a member, with its colon. */
static const char *quick_name(struct quick *quick)
{
	const char *name = quick_text(quick);
	quick_expect(quick, ':');
	return name;
}

static bool quick_word(struct quick *quick, const char *word)
{
	size_t length = strlen(word);
	(void)quick_next(quick);
	if (strncmp(quick->at, word, length) != 0)
		return false;
	quick->at += length;
	return true;
}

/* Digits, and digits behind a point. */
static double quick_number(struct quick *quick)
{
	double number = 0;
	(void)quick_next(quick);
	char *start = quick->at, *end = start;
	while (*end >= '0' && *end <= '9')
		number = number * 10 + (*end++ - '0');
	bool zeros = *start == '0' && end > start + 1;
	if (end == start || end - start > PLAIN_DIGITS || zeros || *end == 'e' || *end == 'E')
		give_up(quick);
	if (quick->bad || *end != '.') {
		quick->at = quick->bad ? quick->at : end;
		return number;
	}
	size_t digits = strspn(end + 1, "0123456789");
	char *after = end + 1 + digits;
	if (digits == 0 || digits > PLAIN_DIGITS || *after == 'e' || *after == 'E') {
		give_up(quick);
		return 0;
	}
	number = strtod(start, NULL);
	quick->at = after;
	return number;
}

/* A text or null. */
static const char *quick_maybe(struct quick *quick)
{
	if (quick_next(quick) == 'n' && quick_word(quick, "null"))
		return NULL;
	return quick_text(quick);
}

/* A member may stand in an object once. */
static void quick_once(struct quick *quick, unsigned *seen, unsigned member)
{
	if (*seen & 1U << member)
		give_up(quick);
	*seen |= 1U << member;
}

/* Members mostly stand in the order of their names: the one after the last is tried first. */
static unsigned quick_member(struct quick *quick, const char *const *names, size_t count)
{
	const char *name = quick_name(quick);
	size_t at = quick->hint;
	for (size_t i = 0; i < count; i++) {
		if (++at >= count)
			at = 0;
		if (names[at][0] == name[0] && strcmp(names[at], name) == 0) {
			quick->hint = at;
			return (unsigned)at;
		}
	}
	give_up(quick);
	return 0;
}

/* --- facts --- */

enum quick_fact_member {
	Q_KEY,
	Q_INSTANCE,
	Q_VALUE,
	Q_UNIT,
	Q_STATUS,
	Q_ORIGIN,
	Q_WHERE,
	Q_LINE,
	Q_RAW,
	Q_READ_AT,
	Q_SET_BY,
	Q_NOTE,
	Q_MEMBERS
};

static const char *const fact_members[Q_MEMBERS] = {
		[Q_KEY] = "key",
		[Q_INSTANCE] = "instance",
		[Q_VALUE] = "value",
		[Q_UNIT] = "unit",
		[Q_STATUS] = "status",
		[Q_ORIGIN] = "origin",
		[Q_WHERE] = "where",
		[Q_LINE] = "line",
		[Q_RAW] = "raw",
		[Q_READ_AT] = "read_at",
		[Q_SET_BY] = "set_by",
		[Q_NOTE] = "note",
};

/* A value before its unit is known. */
enum quick_kind {
	KIND_NONE,
	KIND_TEXT,
	KIND_NUMBER,
	KIND_BOOL
};

struct quick_fact {
	struct fact fact;
	enum quick_kind kind;
	unsigned seen;
};

static void quick_value(struct quick *quick, struct quick_fact *read)
{
	struct fact *fact = &read->fact;
	switch (quick_next(quick)) {
	case '"':
		read->kind = KIND_TEXT;
		fact->text = quick_text(quick);
		return;
	case 'n':
		if (!quick_word(quick, "null"))
			give_up(quick);
		return;
	case 't':
	case 'f':
		read->kind = KIND_BOOL;
		fact->number = *quick->at == 't';
		if (!quick_word(quick, "true") && !quick_word(quick, "false"))
			give_up(quick);
		return;
	default:
		read->kind = KIND_NUMBER;
		fact->number = quick_number(quick);
	}
}

static bool same_text(const char *a, const char *b)
{
	return a && strcmp(a, b) == 0;
}

static void quick_unit(struct quick *quick, struct quick_fact *read)
{
	const char *text = quick_text(quick);
	if (!quick->bad && !same_text(quick->unit_text, text)) {
		if (!unit_from_name(text, &quick->unit))
			give_up(quick);
		quick->unit_text = text;
	}
	read->fact.unit = quick->unit;
}

static void quick_status(struct quick *quick, struct quick_fact *read)
{
	const char *text = quick_text(quick);
	if (!quick->bad && !same_text(quick->status_text, text)) {
		if (!fact_status_from_name(text, &quick->status))
			give_up(quick);
		quick->status_text = text;
	}
	read->fact.status = quick->status;
}

static void quick_origin(struct quick *quick, struct quick_fact *read)
{
	const char *text = quick_text(quick);
	if (!quick->bad && !same_text(quick->origin_text, text)) {
		if (!fact_origin_from_name(text, &quick->origin))
			give_up(quick);
		quick->origin_text = text;
	}
	read->fact.origin = quick->origin;
}

static const char *quick_time(struct quick *quick)
{
	time_t moment;
	const char *text = quick_maybe(quick);
	if (!text || quick->bad || same_text(quick->time, text))
		return text;
	if (!clock_parse(text, &moment))
		give_up(quick);
	quick->time = text;
	return text;
}

static void quick_line(struct quick *quick, struct quick_fact *read)
{
	if (quick_next(quick) == 'n' && quick_word(quick, "null"))
		return;
	double line = quick_number(quick);
	if (line > 0 && line < LINE_LIMIT)
		read->fact.line = (int)line;
}

static void quick_raw(struct quick *quick, struct quick_fact *read)
{
	struct arena *arena = quick->input->arena;
	const char *raw = quick_maybe(quick);
	if (raw && strlen(raw) > RAW_MAX)
		raw = arena_copy(arena, raw, RAW_MAX);
	read->fact.raw = raw;
}

static void quick_fact_part(struct quick *quick, struct quick_fact *read)
{
	struct fact *fact = &read->fact;
	const char *text;
	unsigned member = quick_member(quick, fact_members, Q_MEMBERS);
	quick_once(quick, &read->seen, member);
	if (quick->bad)
		return;
	switch ((enum quick_fact_member)member) {
	case Q_KEY:
		fact->key = quick_text(quick);
		break;
	case Q_INSTANCE:
		text = quick_maybe(quick);
		if (text)
			fact->instance = text;
		break;
	case Q_VALUE:
		quick_value(quick, read);
		break;
	case Q_UNIT:
		quick_unit(quick, read);
		break;
	case Q_STATUS:
		quick_status(quick, read);
		break;
	case Q_ORIGIN:
		quick_origin(quick, read);
		break;
	case Q_WHERE:
		fact->where = quick_maybe(quick);
		break;
	case Q_LINE:
		quick_line(quick, read);
		break;
	case Q_RAW:
		quick_raw(quick, read);
		break;
	case Q_READ_AT:
		fact->read_at = quick_time(quick);
		break;
	case Q_SET_BY:
		fact->set_by = quick_maybe(quick);
		break;
	case Q_NOTE:
		fact->note = quick_maybe(quick);
		break;
	case Q_MEMBERS:
		break;
	}
}

/* "unlimited" stands for a number. */
static bool quick_settle_known(struct quick_fact *read)
{
	struct fact *fact = &read->fact;
	if (fact->unit == UNIT_TEXT) {
		fact->number = (double)NAN;
		return read->kind == KIND_TEXT;
	}
	if (read->kind == KIND_TEXT) {
		if (strcmp(fact->text, "unlimited") != 0)
			return false;
		fact->number = INFINITY;
		fact->text = NULL;
		return true;
	}
	if (read->kind == KIND_BOOL)
		return fact->unit == UNIT_BOOL;
	return read->kind == KIND_NUMBER;
}

static bool quick_settle(struct quick *quick, struct quick_fact *read)
{
	const unsigned needed = 1U << Q_KEY | 1U << Q_UNIT;
	struct fact *fact = &read->fact;
	const struct known_key *known;
	if ((read->seen & needed) != needed)
		return false;
	const char *key = quick_key(quick->input->keys, fact->key, &known);
	if (!key || known->unit != fact->unit)
		return false;
	fact->key = key;
	if (fact->status == FACT_KNOWN) {
		if (!quick_settle_known(read))
			return false;
		return !known->positive || fact->number > 0 || fact->unit == UNIT_TEXT;
	}
	fact->number = (double)NAN;
	return read->kind == KIND_NONE;
}

/* headroom writes them sorted, each once. */
static bool quick_in_order(const struct facts *facts, const struct fact *fact)
{
	if (facts->count == 0)
		return true;
	const struct fact *last = facts->items[facts->count - 1];
	int order = strcmp(last->key, fact->key);
	if (order == 0)
		order = strcmp(last->instance, fact->instance);
	return order < 0;
}

static void quick_put(struct quick *quick, const struct fact *fact)
{
	struct facts *facts = quick->facts;
	struct arena *arena = quick->input->arena;
	struct fact *copy = arena_alloc(arena, sizeof *copy);
	*copy = *fact;
	facts->items =
			arena_grow(arena, facts->items, facts->count, &facts->capacity, sizeof(struct fact *));
	facts->items[facts->count++] = copy;
}

static void quick_fact(struct quick *quick)
{
	struct quick_fact read = {
			.fact = {.instance = "", .number = (double)NAN},
	};
	if (!quick_begin(quick, '{', '}')) {
		give_up(quick);
		return;
	}
	do
		quick_fact_part(quick, &read);
	while (quick_more(quick, '}'));
	if (quick->bad || !quick_settle(quick, &read) || !quick_in_order(quick->facts, &read.fact))
		give_up(quick);
	else
		quick_put(quick, &read.fact);
}

static void quick_facts(struct quick *quick)
{
	if (!quick_begin(quick, '[', ']'))
		return;
	do
		quick_fact(quick);
	while (quick_more(quick, ']'));
}

/* --- what stands around them --- */

static void quick_tool(struct quick *quick)
{
	static const char *const names[] = {"name", "version"};
	unsigned seen = 0;
	if (!quick_begin(quick, '{', '}'))
		return;
	do {
		quick_once(quick, &seen, quick_member(quick, names, COUNT_OF(names)));
		(void)quick_text(quick);
	} while (quick_more(quick, '}'));
}

static const char *quick_clean(struct quick *quick)
{
	const char *text = quick_maybe(quick);
	if (!text)
		return NULL;
	return text_clean(quick->input->arena, text, strlen(text), HOST_CHARS);
}

static double quick_maybe_number(struct quick *quick)
{
	if (quick_next(quick) == 'n' && quick_word(quick, "null"))
		return 0;
	return quick_number(quick);
}

enum {
	HOST_CPUS,
	HOST_MEMORY,
	HOST_PID,
	HOST_TEXTS
};

static void quick_host_part(struct quick *quick, unsigned member)
{
	struct host_info *info = quick->info;
	const char **const texts[] = {
			&info->name,
			&info->fingerprint,
			&info->kernel,
			&info->os,
			&info->user,
			&info->virtualization,
			&info->vantage,
			&info->container,
			&info->boot_id,
	};
	double pid;
	switch (member) {
	case HOST_CPUS:
		info->cpus = quick_maybe_number(quick);
		break;
	case HOST_MEMORY:
		info->memory_bytes = quick_maybe_number(quick);
		break;
	case HOST_PID:
		pid = quick_maybe_number(quick);
		info->pid = 0;
		if (pid > 0 && pid <= PID_LIMIT)
			info->pid = (int)pid;
		break;
	default:
		*texts[member - HOST_TEXTS] = quick_clean(quick);
	}
}

static void quick_host(struct quick *quick)
{
	static const char *const names[] = {
			"cpus",
			"memory_bytes",
			"pid",
			"name",
			"fingerprint",
			"kernel",
			"os",
			"user",
			"virtualization",
			"vantage",
			"container",
			"boot_id",
	};
	unsigned seen = 0;
	if (!quick_begin(quick, '{', '}'))
		return;
	do {
		unsigned member = quick_member(quick, names, COUNT_OF(names));
		quick_once(quick, &seen, member);
		if (!quick->bad)
			quick_host_part(quick, member);
	} while (quick_more(quick, '}'));
}

static void quick_list_part(struct quick *quick, unsigned *seen)
{
	static const char *const names[] = {"state", "count", "errno"};
	struct fact_list *list = &quick->lists[quick->list_count];
	const char *text;
	unsigned member = quick_member(quick, names, COUNT_OF(names));
	quick_once(quick, seen, member);
	if (quick->bad)
		return;
	if (member == 1) {
		quick->list_counts[quick->list_count] = quick_number(quick);
		return;
	}
	text = quick_maybe(quick);
	if (member == 0 && (!text || !list_state_from_name(text, &list->state)))
		give_up(quick);
	if (member == 0 || !text || quick->bad)
		return;
	list->error = manifest_errno_like(text);
	if (!list->error)
		give_up(quick);
}

static void quick_list(struct quick *quick)
{
	const struct known_key *known;
	unsigned seen = 0;
	const char *name = quick_name(quick);
	if (quick->bad || quick->list_count == LISTS_MAX) {
		give_up(quick);
		return;
	}
	const char *key = quick_key(quick->input->keys, name, &known);
	if (!key || !known->instances || strcmp(key, known->key) != 0 ||
			!quick_begin(quick, '{', '}')) {
		give_up(quick);
		return;
	}
	for (size_t i = 0; i < quick->list_count; i++)
		if (quick->lists[i].key == known->key)
			give_up(quick);
	quick->lists[quick->list_count] = (struct fact_list){.key = known->key};
	quick->list_counts[quick->list_count] = -1;
	do
		quick_list_part(quick, &seen);
	while (quick_more(quick, '}'));
	if (!(seen & 1U))
		give_up(quick);
	quick->list_count++;
}

static void quick_collected(struct quick *quick)
{
	const char *word;
	if (quick_next(quick) == '"') {
		word = quick_text(quick);
		quick->whole = strcmp(word, "complete") == 0;
		if (!quick->whole && strcmp(word, "partial") != 0)
			give_up(quick);
		return;
	}
	if (!quick_begin(quick, '{', '}'))
		return;
	do
		quick_list(quick);
	while (quick_more(quick, '}'));
}

enum {
	D_SCHEMA,
	D_TOOL,
	D_CREATED,
	D_HOST,
	D_COLLECTED,
	D_FACTS
};

static void quick_document_part(struct quick *quick)
{
	static const char *const names[] = {
			[D_SCHEMA] = "schema",
			[D_TOOL] = "tool",
			[D_CREATED] = "created",
			[D_HOST] = "host",
			[D_COLLECTED] = "collected",
			[D_FACTS] = "facts",
	};
	const char *created;
	unsigned member = quick_member(quick, names, COUNT_OF(names));
	quick_once(quick, &quick->seen, member);
	if (quick->bad)
		return;
	switch (member) {
	case D_SCHEMA:
		if (strcmp(quick_text(quick), FACTS_SCHEMA) != 0)
			give_up(quick);
		break;
	case D_TOOL:
		quick_tool(quick);
		break;
	case D_CREATED:
		created = quick_time(quick);
		if (created)
			quick->info->created =
					text_clean(quick->input->arena, created, strlen(created), HOST_CHARS);
		break;
	case D_HOST:
		quick_host(quick);
		break;
	case D_COLLECTED:
		quick_collected(quick);
		break;
	case D_FACTS:
		quick_facts(quick);
		break;
	}
}

static void quick_put_lists(struct quick *quick)
{
	struct facts *facts = quick->facts;
	facts->lists = arena_alloc(quick->input->arena, quick->list_count * sizeof *facts->lists);
	for (size_t i = 0; i < quick->list_count; i++) {
		struct fact_list *list = &facts->lists[i];
		size_t first;
		*list = quick->lists[i];
		if (quick->list_counts[i] != (double)facts_instances(facts, list->key, &first))
			list->state = LIST_SKIPPED;
	}
	facts->list_count = quick->list_count;
	facts->list_capacity = quick->list_count;
	facts->whole = quick->whole;
	collected_of_system(quick->facts);
}

static bool quick_document(struct quick *quick)
{
	const unsigned needed = 1U << D_SCHEMA | 1U << D_FACTS;
	if (!quick_begin(quick, '{', '}'))
		return false;
	do
		quick_document_part(quick);
	while (quick_more(quick, '}'));
	const char *end = quick->input->bytes + quick->input->length;
	if (quick->bad || (quick->seen & needed) != needed)
		return false;
	(void)quick_next(quick);
	return quick->at == end;
}

/* Texts are copied as they are, so all of them must be UTF-8; plain ASCII is told at once. */
static bool quick_is_utf8(const struct quick_input *input)
{
	const uint64_t high = 0x8080808080808080U;
	size_t at = 0;
	for (; at + 8 <= input->length; at += 8) {
		uint64_t word;
		memcpy(&word, input->bytes + at, sizeof word);
		if (word & high)
			return text_is_utf8(input->bytes, input->length);
	}
	return text_is_utf8(input->bytes + at, input->length - at);
}

bool facts_quick(const struct quick_input *input,
		struct facts *ret_facts,
		struct host_info *ret_info)
{
	struct host_info info = {0};
	if (!quick_is_utf8(input))
		return false;
	struct quick *quick = arena_alloc(input->arena, sizeof *quick);
	quick->input = input;
	quick->at = input->bytes;
	quick->facts = facts_new(input->arena);
	quick->info = &info;
	if (!quick_document(quick))
		return false;
	quick_put_lists(quick);
	facts_complete_info(quick->facts, &info);
	*ret_facts = *quick->facts;
	*ret_info = info;
	return true;
}
