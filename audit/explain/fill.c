/* Placeholders: those of model/ladder.c, and names of facts. */
#include "audit/explain/fill.h"

#include <string.h>

#include "base/array.h"
#include "base/text.h"

static const char range_key[] = "net.ipv4.ip_local_port_range";

const char *explain_fact(struct arena *arena, const struct fact *fact)
{
	char figure[NUMBER_TEXT_MAX];
	if (!fact || fact->status != FACT_KNOWN)
		return NULL;
	if (fact->unit == UNIT_TEXT)
		return text_clean(arena, fact->text, strlen(fact->text), 0);
	return arena_strdup(arena, text_number(figure, fact->number, fact->unit));
}

static const struct fact *filling_fact(const struct explain_filling *f, const char *key)
{
	if (!f->facts || !key)
		return NULL;
	return facts_get(f->facts, key, "");
}

/* As a command takes it. */
static const char *plain_fact(const struct explain_filling *f, const char *key, const char *missing)
{
	char figure[NUMBER_TEXT_MAX];
	const struct fact *fact = filling_fact(f, key);
	if (!fact || fact->status != FACT_KNOWN)
		return missing;
	if (fact->unit == UNIT_TEXT)
		return text_clean(f->arena, fact->text, strlen(fact->text), 0);
	return arena_strdup(f->arena, text_plain_number(figure, fact->number));
}

/* What only a plan decides: the range that it needs begins lower, and may need reservations. */
static const char *of_plan(const struct explain_filling *f, const char *name)
{
	static const char *const nothing[] = {
			"reserve",
			"reserve_line",
			"old_reserve",
			"reserved",
	};
	for (size_t i = 0; i < COUNT_OF(nothing); i++) {
		if (strcmp(name, nothing[i]) == 0)
			return "";
	}
	if (strcmp(name, "to") == 0 || strcmp(name, "each") == 0)
		return "N";
	if (strcmp(name, "each_before") == 0)
		return "OLD";
	if (strcmp(name, "from") == 0)
		return plain_fact(f, f->target, "OLD");
	if (strcmp(name, "target") == 0)
		return f->target;
	if (strcmp(name, "range") == 0)
		return arena_printf(f->arena, "N %s", plain_fact(f, "ports.high", "60999"));
	if (strcmp(name, "old_range") == 0)
		return plain_fact(f, range_key, "OLD");
	if (strcmp(name, "high") == 0)
		return plain_fact(f, "ports.high", "N");
	return NULL;
}

/* A fact in a command that this host does not have: what stands for it. */
static const char *stand_in(const char *key)
{
	static const struct {
		const char *end, *word;
	} words[] = {
			{".unit", "UNIT"},
			{".group", "/GROUP"},
			{".container", "docker"},
	};
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		if (text_ends_with(key, words[i].end))
			return words[i].word;
	}
	return "N";
}

static const char *filling_value(const struct explain_filling *f, const char *name)
{
	static const char mark[] = "fact:";
	const char *value = of_plan(f, name);
	if (value)
		return value;
	if (text_begins_with(name, mark)) {
		const char *key = name + strlen(mark);
		return plain_fact(f, key, stand_in(key));
	}
	value = explain_fact(f->arena, filling_fact(f, name));
	if (!value)
		return "…";
	return value;
}

const char *explain_fill(const struct explain_filling *filling, const char *text)
{
	struct text out = {0};
	const char *at = text;
	while (at && *at) {
		const char *end = NULL;
		if (*at == '{')
			end = strchr(at, '}');
		if (!end) {
			text_add_bytes(&out, at, 1);
			at++;
			continue;
		}
		const size_t length = (size_t)(end - at) - 1;
		const char *name = arena_copy(filling->arena, at + 1, length);
		text_add(&out, filling_value(filling, name));
		at = end + 1;
	}
	return text_take(filling->arena, &out);
}
