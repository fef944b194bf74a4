/* Finds the cause of a line of a log. The table is data (rules/why): words say how errors and calls
 * are spelled; texts say which words, or which text of a program, belong to which cause. */
#ifndef HEADROOM_MODEL_WHY_MATCH_H
#define HEADROOM_MODEL_WHY_MATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "model/rule.h"
#include "model/why/pattern.h"
#include "model/why/place.h"

enum {
	WHY_WORDS_MAX = 256 /* of all sorts together; rules_check() refuses more */
};

/* The rules, prepared for many lines. Lives in the arena; the rules must live as long. */
struct why_table;
struct why_table *why_table_new(struct arena *arena, const struct rules *rules);
const struct rules *why_table_rules(const struct why_table *table);

/* What a line says. All strings belong to the rules or live in the arena. */
struct why_line {
	const struct text_rule *text; /* what the line was recognized as; NULL: not recognized */
	/* The call's error, such as the word with the id "emfile"; NULL: not named. */
	const struct word_rule *error;
	const struct word_rule *call;    /* the call, such as "connect"; NULL: not named */
	struct why_place to;             /* the destination; host NULL: not named */
	struct why_place local;          /* the address to bind or to listen on */
	long pid;                        /* a PID in the line; 0: none */
	double numbers[PATTERN_NUMBERS]; /* the numbers that the pattern matched: "limit is 65535" */
	size_t number_count;
};

/* Returns false if the line was not recognized; its error and call may be known all the same. */
bool why_match_line(struct arena *arena,
		const struct why_table *table,
		const char *line,
		size_t length,
		struct why_line *ret);

/* Returns true if this cause (an id in text->causes) is possible, with outgoing ports from `low` to
 * `high`; 0 and 0: not known. */
bool why_cause_possible(const struct cause_rule *cause,
		const struct why_line *line,
		unsigned low,
		unsigned high);

/* Return why the rule cannot be used, or NULL if it can: bad patterns, unknown words and causes. */
const char *why_check_word(struct arena *arena, const struct word_rule *word);
const char *why_check_text(struct arena *arena,
		const struct rules *rules,
		const struct text_rule *text);

#endif
