/* Fills in the placeholders of a fix rule's texts. */
#include "model/text/fix_text.h"

#include <math.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"

enum {
	KEY_MAX = 96
};

struct placeholder {
	const char *name, *text;
};

static const char *plain_number(struct arena *arena, double value)
{
	char out[NUMBER_TEXT_MAX];
	if (isinf(value))
		return "unlimited";
	return arena_strdup(arena, text_plain_number(out, value));
}

static const char *text_or_none(const struct facts *facts, const char *key)
{
	const char *text = facts_text(facts, key);
	if (text)
		return text;
	return "";
}

/* "{fact:KEY}": that fact with the fix in place. Returns what to skip; 0: not one. */
static size_t fill_fact(struct text *out, const struct facts *after, const char *text)
{
	static const char begin[] = "{fact:";
	char key[KEY_MAX], number[NUMBER_TEXT_MAX];
	const char *end = strchr(text, '}');
	if (!text_begins_with(text, begin) || !end)
		return 0;
	size_t length = (size_t)(end - text) - (sizeof begin - 1);
	if (length >= sizeof key)
		return 0;
	memcpy(key, text + sizeof begin - 1, length);
	key[length] = '\0';
	const char *word = facts_text(after, key);
	if (!word)
		word = text_plain_number(number, facts_number(after, key));
	text_add(out, word);
	return (size_t)(end - text) + 1;
}

/* The same for the other names. */
static size_t fill_name(struct text *out, const struct placeholder *names, const char *text)
{
	for (const struct placeholder *row = names; row->name; row++) {
		if (!text_begins_with(text, row->name))
			continue;
		text_add(out, row->text);
		return strlen(row->name);
	}
	return 0;
}

static const char *fill(struct arena *arena,
		const struct facts *after,
		const struct placeholder *names,
		const char *text)
{
	struct text out = {0};
	if (!text)
		return NULL;
	while (*text) {
		size_t length = fill_fact(&out, after, text);
		if (length == 0)
			length = fill_name(&out, names, text);
		if (length == 0) {
			text_add_bytes(&out, text, 1);
			length = 1;
		}
		text += length;
	}
	return text_take(arena, &out);
}

static const char **fill_pairs(struct arena *arena,
		const struct fix_change *change,
		const struct placeholder *names)
{
	const char **pairs = change->rule->persistent;
	size_t count = 0;
	while (pairs && pairs[count])
		count++;
	const size_t room = count + 1;
	const char **filled = arena_alloc(arena, room * sizeof *filled);
	for (size_t i = 0; i < count; i++)
		filled[i] = fill(arena, change->after, names, pairs[i]);
	return filled;
}

struct fix_texts fix_texts_of(struct arena *arena, const struct fix_change *change)
{
	static const char range_key[] = "net.ipv4.ip_local_port_range";
	static const char reserved_key[] = "net.ipv4.ip_local_reserved_ports";
	const char *reserved = text_or_none(change->after, reserved_key);
	const char *before = text_or_none(change->before, reserved_key);
	const char *reserve = "", *line = "", *old = "";
	if (*reserved || *before) { /* nothing to reserve: nothing to say */
		reserve = arena_printf(arena, "%s=\"%s\" ", reserved_key, reserved);
		line = arena_printf(arena, "%s = %s\n", reserved_key, reserved);
		old = arena_printf(arena, " %s=\"%s\"", reserved_key, before);
	}
	const struct placeholder names[] = {
			{"{from}", plain_number(arena, change->from)},
			{"{to}", plain_number(arena, change->to)},
			{"{range}", text_or_none(change->after, range_key)},
			{"{reserved}", reserved},
			{"{old_range}", text_or_none(change->before, range_key)},
			{"{reserve}", reserve},
			{"{reserve_line}", line},
			{"{old_reserve}", old},
			{"{high}", plain_number(arena, facts_number(change->after, "ports.high"))},
			{"{target}", change->rule->target},
			{NULL, NULL},
	};
	const struct fix_rule *rule = change->rule;
	return (struct fix_texts){
			.title = fill(arena, change->after, names, rule->title),
			.command = fill(arena, change->after, names, rule->command),
			.undo = fill(arena, change->after, names, rule->undo),
			.persistent = fill_pairs(arena, change, names),
	};
}
