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

/* "{fact:KEY}", "{was:KEY}": that fact of this host. Returns what to skip; 0: not one. */
static size_t fill_fact(struct text *out,
		const struct facts *facts,
		const char *begin,
		const char *text)
{
	char key[KEY_MAX], number[NUMBER_TEXT_MAX];
	const char *end = strchr(text, '}');
	if (!text_begins_with(text, begin) || !end)
		return 0;
	size_t length = (size_t)(end - text) - strlen(begin);
	if (length >= sizeof key)
		return 0;
	memcpy(key, text + strlen(begin), length);
	key[length] = '\0';
	const char *word = facts_text(facts, key);
	if (!word)
		word = text_plain_number(number, facts_number(facts, key));
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

/* What stands in the texts of one fix. */
struct filling {
	struct arena *arena;
	const struct fix_change *change;
	const struct placeholder *names;
};

static const char *fill(const struct filling *f, const char *text)
{
	struct text out = {0};
	if (!text)
		return NULL;
	while (*text) {
		size_t length = fill_fact(&out, f->change->after, "{fact:", text);
		if (length == 0)
			length = fill_fact(&out, f->change->before, "{was:", text);
		if (length == 0)
			length = fill_name(&out, f->names, text);
		if (length == 0) {
			text_add_bytes(&out, text, 1);
			length = 1;
		}
		text += length;
	}
	return text_take(f->arena, &out);
}

static const char **fill_pairs(const struct filling *f)
{
	const char **pairs = f->change->rule->persistent;
	size_t count = 0;
	while (pairs && pairs[count])
		count++;
	const size_t room = count + 1;
	const char **filled = arena_alloc(f->arena, room * sizeof *filled);
	for (size_t i = 0; i < count; i++)
		filled[i] = fill(f, pairs[i]);
	return filled;
}

/* The words are taken apart before they are filled in: a value is never more than its word. One
 * that is nothing but a placeholder for nothing is left out. */
static struct shell_script fill_commands(const struct filling *f,
		const char *text,
		const char **ret_remark)
{
	*ret_remark = NULL;
	if (!text)
		return (struct shell_script){0};
	const char *remark;
	struct shell_script script = shell_parse(f->arena, text, &remark);
	*ret_remark = fill(f, remark);
	for (size_t i = 0; i < script.count; i++) {
		struct name_list *words = &script.items[i].words;
		size_t kept = 0;
		for (size_t k = 0; k < words->count; k++) {
			const char *word = fill(f, words->items[k]);
			if (*word)
				words->items[kept++] = word;
		}
		words->count = kept;
	}
	return script;
}

static const char *lines_or(const struct filling *f,
		const struct shell_script *script,
		const char *otherwise)
{
	if (script->count == 0)
		return otherwise;
	return shell_lines(f->arena, script);
}

static struct fix_texts fill_all(const struct filling *f)
{
	const struct fix_rule *rule = f->change->rule;
	const char *remark, *undo_remark;
	struct fix_texts texts = {
			.title = fill(f, rule->title),
			.persistent = fill_pairs(f),
			.say = fill(f, rule->say),
	};
	texts.commands = fill_commands(f, rule->command, &remark);
	if (!texts.say)
		texts.say = remark;
	if (rule->command)
		texts.undo_commands = fill_commands(f, rule->undo, &undo_remark);
	else
		texts.undo_say = fill(f, rule->undo);
	texts.command = lines_or(f, &texts.commands, texts.say);
	texts.undo = lines_or(f, &texts.undo_commands, texts.undo_say);
	return texts;
}

/* The hash of the connection table grows with it; nothing where it need not, or is not known. */
struct buckets_texts {
	const char *set, *line, *old;
};

static struct buckets_texts buckets_of(struct arena *arena, const struct fix_change *change)
{
	static const char key[] = "net.netfilter.nf_conntrack_buckets";
	double from = facts_number(change->before, key);
	double to = facts_number(change->after, key);
	if (!(to > from))
		return (struct buckets_texts){"", "", ""};
	return (struct buckets_texts){
			.set = arena_printf(arena, "%s=%s", key, plain_number(arena, to)),
			.line = arena_printf(arena, "\n%s = %s", key, plain_number(arena, to)),
			.old = arena_printf(arena, "%s=%s", key, plain_number(arena, from)),
	};
}

static double part_of(const struct fix_change *change, double number)
{
	if (!(change->each > 0))
		return number;
	return ceil(number * change->each - 1e-9);
}

struct fix_texts fix_texts_of(struct arena *arena, const struct fix_change *change)
{
	static const char range_key[] = "net.ipv4.ip_local_port_range";
	static const char reserved_key[] = "net.ipv4.ip_local_reserved_ports";
	const char *reserved = text_or_none(change->after, reserved_key);
	const char *before = text_or_none(change->before, reserved_key);
	const char *reserve = "", *line = "", *old = "";
	if (*reserved || *before) { /* nothing to reserve: nothing to say */
		reserve = arena_printf(arena, "%s=%s", reserved_key, reserved);
		line = arena_printf(arena, "%s = %s\n", reserved_key, reserved);
		old = arena_printf(arena, "%s=%s", reserved_key, before);
	}
	const struct buckets_texts buckets = buckets_of(arena, change);
	const struct placeholder names[] = {
			{"{buckets}", buckets.set},
			{"{buckets_line}", buckets.line},
			{"{old_buckets}", buckets.old},
			{"{from}", plain_number(arena, change->from)},
			{"{to}", plain_number(arena, change->to)},
			{"{each}", plain_number(arena, part_of(change, change->to))},
			{"{each_before}", plain_number(arena, part_of(change, change->from))},
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
	const struct filling filling = {arena, change, names};
	return fill_all(&filling);
}
