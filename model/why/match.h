/* Finds the cause of a line of a log. The table is data (rules/why): words say how errors and calls
 * are spelled, texts say which cause has which words, or which text of a program. */
#ifndef HEADROOM_MODEL_WHY_MATCH_H
#define HEADROOM_MODEL_WHY_MATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "model/rule.h"
#include "model/why/pattern.h"
#include "model/why/place.h"

enum {
	WHY_WORDS_MAX = 256 /* of all sorts; rules_check() refuses more */
};

/* The rules, made ready for many lines. Lives in the arena, as do the rules it points to. */
struct why_table;
struct why_table *why_table_new(struct arena *arena, const struct rules *rules);
const struct rules *why_table_rules(const struct why_table *table);

/* What a line says. All strings are of the rules or in the arena. */
struct why_line {
	const struct text_rule *text;    /* what the line is; NULL if why_match_line() says no */
	const struct word_rule *error;   /* of the call: its id is "emfile"; NULL: not said */
	const struct word_rule *call;    /* "connect"; NULL: not said */
	struct why_place to;             /* the destination; host NULL: not said */
	struct why_place local;          /* the address that was to be bound, or is listened on */
	long pid;                        /* that the line names; 0: none */
	double numbers[PATTERN_NUMBERS]; /* of the pattern: "limit is 65535" */
	size_t number_count;
};

/* Returns false if nothing in the line is known, except perhaps its error and call. */
bool why_match_line(struct arena *arena,
		const struct why_table *table,
		const char *line,
		size_t length,
		struct why_line *ret);

/* The causes of a line are ids of limits and causes: text->causes. Can this cause be, with outgoing
 * ports from `low` to `high` (0 and 0: not known)? */
bool why_cause_possible(const struct cause_rule *cause,
		const struct why_line *line,
		unsigned low,
		unsigned high);

/* Why the rule cannot be used, or NULL: bad patterns, words and causes that are not there. */
const char *why_check_word(struct arena *arena, const struct word_rule *word);
const char *why_check_text(struct arena *arena,
		const struct rules *rules,
		const struct text_rule *text);

#endif
