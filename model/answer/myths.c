/* Myths are rules: each has a condition and a text with names in braces. */
#include "model/answer/myths.h"

#include <string.h>

#include "base/text.h"
#include "model/names.h"

static void print_value(struct text *out, const struct value *value)
{
	char number[NUMBER_TEXT_MAX];
	switch (value->kind) {
	case VALUE_TEXT:
		text_add(out, value->text);
		break;
	case VALUE_UNKNOWN:
		text_add(out, "?");
		break;
	case VALUE_BOOL:
		text_add(out, text_number(number, value->number, UNIT_BOOL));
		break;
	case VALUE_NUMBER:
		text_add(out, text_number(number, value->number, value->unit));
		break;
	}
}

/* The value of a name in braces, "?" where it is not known. */
static void print_name(struct text *out, const struct expr_env *env, const char *name)
{
	struct value value = value_unknown(name);
	(void)env->lookup(env->context, name, &value);
	print_value(out, &value);
}

/* "… {name} …" with values put in: names of facts and of the load. */
static const char *finding_fill(const struct situation *situation,
		const struct load *load,
		const char *text)
{
	struct names *names = names_of_load(situation, load, NULL, "", MISSING_UNKNOWN);
	struct expr_env env = names_env(names);
	struct text out = {0};
	while (*text) {
		const char *end = NULL;
		if (*text == '{')
			end = strchr(text, '}');
		if (!end) {
			text_add_bytes(&out, text++, 1);
			continue;
		}
		print_name(&out, &env, arena_copy(situation->arena, text + 1, (size_t)(end - text - 1)));
		text = end + 1;
	}
	const char *result = "";
	if (out.data)
		result = text_take(situation->arena, &out);
	return result;
}

/* What the myth says of this load; NULL: it does not come up. */
static const char *myth_text(const struct situation *s,
		const struct myth_rule *myth,
		const struct load *load)
{
	struct names *names = names_of_load(s, load, NULL, "", MISSING_UNKNOWN);
	struct expr_env env = names_env(names);
	struct value fires = expr_eval(myth->when, &env);
	if (fires.kind != VALUE_BOOL || fires.number == 0)
		return NULL;
	return finding_fill(s, load, myth->text);
}

static bool is_same_text(const char *a, const char *b)
{
	return a && b && strcmp(a, b) == 0;
}

/* What the myth says of each load; true: the same of all. */
static bool myth_texts(const struct situation *s, const struct myth_rule *myth, const char **texts)
{
	bool of_all = true;
	for (size_t i = 0; i < s->load_count; i++) {
		texts[i] = myth_text(s, myth, &s->loads[i]);
		of_all &= is_same_text(texts[i], texts[0]);
	}
	return of_all;
}

static void myths_put(struct myths *myths, const struct myth_rule *rule, const char *text)
{
	struct myth *myth = &myths->items[myths->count];
	myth->rule = rule;
	myth->text = text;
	myths->count++;
}

static void myths_add(const struct situation *s,
		const struct myth_rule *rule,
		const char **texts,
		struct myths *myths)
{
	if (myth_texts(s, rule, texts)) {
		myths_put(myths, rule, texts[0]);
		return;
	}
	for (size_t i = 0; i < s->load_count; i++) {
		const char *name = s->loads[i].name;
		if (!texts[i])
			continue;
		const char *text = texts[i];
		if (name)
			text = arena_printf(s->arena, "%s: %s", name, text);
		myths_put(myths, rule, text);
	}
}

void myths_of(const struct situation *s, struct myths *ret_myths)
{
	const struct rules *rules = s->rules;
	const size_t most = rules->myth_count * s->load_count;
	struct arena *arena = s->arena;
	const char **texts;
	texts = arena_alloc(arena, s->load_count * sizeof *texts);
	ret_myths->count = 0;
	ret_myths->items = arena_alloc(arena, (most + 1) * sizeof *ret_myths->items);
	for (size_t i = 0; i < rules->myth_count; i++) {
		const struct myth_rule *rule = &rules->myths[i];
		myths_add(s, rule, texts, ret_myths);
	}
}
