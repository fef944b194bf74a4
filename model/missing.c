/* Words for facts that are missing. */
#include "model/missing.h"

static const char *const status_words[] = {
		[FACT_KNOWN] = "known",
		[FACT_ABSENT] = "absent",
		[FACT_DENIED] = "denied",
		[FACT_MALFORMED] = "malformed",
		[FACT_NOT_VISIBLE] = "not visible from here",
		[FACT_SKIPPED] = "not read",
};

static const struct fact *missing_fact(const struct situation *s,
		const char *instance,
		const char *key)
{
	const struct fact *fact = facts_get(s->facts, key, "");
	for (size_t i = 0; !fact && i < s->load_count; i++)
		fact = facts_get(s->loads[i].facts, key, instance);
	return fact;
}

const char *missing_text(const struct situation *s, const char *instance, const char *key)
{
	struct arena *arena = s->arena;
	const struct fact *fact = missing_fact(s, instance, key);
	const char *word = status_words[facts_status(s->facts, key, "")];
	const char *note = NULL;
	bool derived = false;
	if (fact) {
		word = status_words[fact->status];
		note = fact->note;
		derived = fact->origin == ORIGIN_DERIVED;
	}
	if (!note)
		return arena_printf(arena, "%s is %s", key, word);
	if (derived)
		return arena_printf(arena, "%s: %s", key, note);
	return arena_printf(arena, "%s is %s (%s)", key, word, note);
}

const char *missing_list(const struct situation *s,
		const char *instance,
		const struct name_list *missing)
{
	struct arena *arena = s->arena;
	const char *text = NULL;
	for (size_t i = 0; i < missing->count; i++) {
		const char *one = missing_text(s, instance, missing->items[i]);
		if (text)
			text = arena_printf(arena, "%s; %s", text, one);
		else
			text = one;
	}
	if (!text)
		return "a number it needs is not known";
	return text;
}
