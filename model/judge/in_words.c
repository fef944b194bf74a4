/* The words of a rule, of the plan's series, and of the settings that a formula reads. */
#include "model/judge/in_words.h"

#include <math.h>
#include <string.h>

#include "base/array.h"

/* What a formula reads of the plan over its time. */
static const struct in_words_series {
	const char *name, *word;
} in_words_series[] = {
		{"live", "connections"},
		{"upstream_live", "connections to servers"},
		{"opens", "new connections"},
		{"closes", "closes"},
		{"closes_kept", "closes"},
		{"closes_here", "closes"},
		{"upstream_closes", "upstream closes"},
		{"upstream_closes_kept", "upstream closes"},
		{"upstream_closes_here", "upstream closes"},
};

static const char *in_words_rule(const struct limit_rule *rule, const char *name)
{
	const char *const *pair = rule->words;
	if (!pair)
		return NULL;
	while (pair[0]) {
		if (strcmp(pair[0], name) == 0)
			return pair[1];
		pair += 2;
	}
	return NULL;
}

/* A setting goes by its own name; a field of the plan has none that people know. */
static const char *in_words_word(void *context, const char *name)
{
	const struct judge *judge = context;
	const char *word = in_words_rule(judge->rule, name);
	if (word)
		return word;
	for (size_t i = 0; i < COUNT_OF(in_words_series); i++) {
		if (strcmp(in_words_series[i].name, name) == 0)
			return in_words_series[i].word;
	}
	bool setting = strchr(name, '.') && !text_begins_with(name, "workload.");
	if (!setting)
		return NULL;
	return arena_printf(judge->s->arena, "(%s)", name);
}

static const struct expr *in_words_meaning(void *context, const char *name)
{
	const struct judge *judge = context;
	const struct limit_rule *rule = judge->rule;
	for (size_t i = 0; i < rule->let_count; i++) {
		if (strcmp(rule->lets[i].name, name) == 0)
			return rule->lets[i].expr;
	}
	return NULL;
}

/* "15,010 files"; what is no count has its own unit. */
static const char *in_words_result(const struct judge *judge, double result)
{
	char figure[NUMBER_TEXT_MAX];
	const struct limit_rule *rule = judge->rule;
	struct arena *arena = judge->s->arena;
	bool counted = rule->quantity == UNIT_COUNT && isfinite(result);
	if (counted) {
		text_number(figure, ceil(result), UNIT_COUNT);
		return arena_printf(arena, "%s %s", figure, rule->unit);
	}
	text_number(figure, result, rule->quantity);
	return arena_strdup(arena, figure);
}

const char *judge_in_words(const struct judge *judge, const struct expr *formula, double result)
{
	struct judge copy = *judge;
	const struct expr_words words = {
			.word = in_words_word,
			.meaning = in_words_meaning,
			.context = &copy,
	};
	struct text text = {0};
	struct arena *arena = judge->s->arena;
	enum expr_said how = expr_print_words(formula, &judge->env, &words, &text);
	const char *said = text_take(arena, &text);
	bool unsaid = how == EXPR_UNSAID || isnan(result);
	if (unsaid)
		return NULL;
	if (how == EXPR_SAID_ONE)
		return said;
	const char *whole = in_words_result(judge, result);
	return arena_printf(arena, "%s = %s", said, whole);
}

void judge_add_measured(const struct judge *judge, struct judgement *judgement)
{
	char number[NUMBER_TEXT_MAX];
	struct arena *arena = judge->s->arena;
	const struct limit_rule *limit = judge->rule;
	const double measured = judgement->calibrated->measured;
	const char *substituted = judgement->capacity_substituted;
	const struct value rule = expr_eval(limit->capacity, &judge->env);
	const char *words = NULL;
	const char *here;
	text_number(number, measured, limit->quantity);
	if (rule.kind == VALUE_NUMBER)
		words = judge_in_words(judge, limit->capacity, rule.number);
	here = arena_printf(arena, "%s measured on this kernel", number);
	if (words)
		here = arena_printf(arena, "%s; %s", words, here);
	substituted = arena_printf(arena, "%s; measured %s", substituted, number);
	judgement->capacity_substituted = substituted;
	judgement->capacity_words = here;
}
