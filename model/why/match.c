/* Words first, then the texts that ask for them. */
#include "model/why/match.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/ascii.h"

enum {
	/* How much a text says: a program's own text more than words, two words more than one. */
	WEIGHT_TEXT = 1000,
	WEIGHT_WORD = 100,
	CLAUSE_MAX = 40 /* bytes before an error that may say how many there were */
};

/* The words that a line holds, or that a text asks for. */
struct word_set {
	uint64_t bits[WHY_WORDS_MAX / 64];
};

struct patterns {
	struct pattern *items;
	struct marks *marks; /* as many */
	size_t count;
};

struct table_text {
	const struct text_rule *rule;
	struct patterns texts, unless;
	struct word_set errors, calls;
};

struct why_table {
	const struct rules *rules;
	struct patterns *words; /* as many as the rules have */
	struct table_text *texts;
	size_t word_count;
};

static void add_word(struct word_set *set, size_t word)
{
	set->bits[word / 64] |= UINT64_C(1) << word % 64;
}

static bool has_word(const struct word_set *set, size_t word)
{
	return set->bits[word / 64] >> word % 64 & 1;
}

/* The first word that both have; WHY_WORDS_MAX: none. */
static size_t common_word(const struct word_set *a, const struct word_set *b)
{
	for (size_t i = 0; i < COUNT_OF(a->bits); i++) {
		uint64_t both = a->bits[i] & b->bits[i];
		if (both)
			return i * 64 + (size_t)__builtin_ctzll(both);
	}
	return WHY_WORDS_MAX;
}

static struct patterns read_patterns(struct arena *arena, const struct rule_text_list *list)
{
	struct patterns patterns = {
			.items = arena_alloc(arena, list->count * sizeof(struct pattern)),
			.marks = arena_alloc(arena, list->count * sizeof(struct marks)),
	};
	const char *why;
	for (size_t i = 0; i < list->count; i++) {
		struct pattern *pattern = &patterns.items[patterns.count];
		if (pattern_read(arena, list->items[i], pattern, &why))
			patterns.marks[patterns.count++] = pattern_marks(pattern);
	}
	return patterns;
}

static struct word_set words_named(const struct why_table *table, const struct rule_text_list *ids)
{
	struct word_set set = {{0}};
	for (size_t i = 0; i < ids->count; i++) {
		for (size_t j = 0; j < table->word_count; j++) {
			if (!strcmp(table->rules->words[j].id, ids->items[i]))
				add_word(&set, j);
		}
	}
	return set;
}

struct why_table *why_table_new(struct arena *arena, const struct rules *rules)
{
	struct why_table *table = arena_alloc(arena, sizeof *table);
	table->rules = rules;
	table->word_count = rules->word_count;
	if (table->word_count > WHY_WORDS_MAX)
		table->word_count = WHY_WORDS_MAX;
	table->words = arena_alloc(arena, table->word_count * sizeof *table->words);
	table->texts = arena_alloc(arena, rules->text_count * sizeof *table->texts);
	for (size_t i = 0; i < table->word_count; i++)
		table->words[i] = read_patterns(arena, &rules->words[i].texts);
	for (size_t i = 0; i < rules->text_count; i++) {
		const struct text_rule *rule = &rules->texts[i];
		table->texts[i] = (struct table_text){
				.rule = rule,
				.texts = read_patterns(arena, &rule->texts),
				.unless = read_patterns(arena, &rule->unless),
				.errors = words_named(table, &rule->errors),
				.calls = words_named(table, &rule->calls),
		};
	}
	return table;
}

const struct rules *why_table_rules(const struct why_table *table)
{
	return table->rules;
}

/* A line under the eye. */
struct look {
	const struct why_table *table;
	struct plain line;
	struct grams grams;
	struct word_set words;
	size_t error_end; /* of the first error that is written out; else of the line */
	bool talk;        /* before it, or right behind it, stands what makes it no report */
};

/* The pattern that says most; NULL: none is in the line. */
static const struct pattern *look_find(const struct look *look,
		const struct patterns *patterns,
		struct pattern_match *ret)
{
	const struct pattern *best = NULL;
	struct pattern_match match;
	for (size_t i = 0; i < patterns->count; i++) {
		const struct pattern *pattern = &patterns->items[i];
		if (!grams_may_hold(&look->grams, patterns->marks[i]))
			continue;
		if (best && best->weight >= pattern->weight)
			continue;
		if (!pattern_find(pattern, &look->line, 0, &match))
			continue;
		best = pattern;
		*ret = match;
	}
	return best;
}

static bool has_number(const struct word_rule *word, double number)
{
	for (size_t i = 0; i < word->numbers.count; i++) {
		if (strtod(word->numbers.items[i], NULL) == number)
			return true;
	}
	return false;
}

static void add_error_number(struct look *look, double number)
{
	for (size_t i = 0; i < look->table->word_count; i++) {
		if (has_number(&look->table->rules->words[i], number)) {
			add_word(&look->words, i);
			return;
		}
	}
}

static bool any_error(const struct look *look)
{
	for (size_t i = 0; i < look->table->word_count; i++) {
		if (look->table->rules->words[i].sort == WORD_ERROR && has_word(&look->words, i))
			return true;
	}
	return false;
}

/* Texts count before numbers: of these systems have different ones. */
static void look_for_numbers(struct look *look)
{
	struct pattern_match match;
	for (size_t i = 0; i < look->table->word_count; i++) {
		if (look->table->rules->words[i].sort != WORD_NUMBER)
			continue;
		const struct patterns *patterns = &look->table->words[i];
		if (look_find(look, patterns, &match) && match.number_count)
			add_error_number(look, match.numbers[0]);
	}
}

/* "connection timeout: 30 s", "connectTimeout=10": a setting. */
static bool is_setting(const struct plain *line, const struct pattern_match *match)
{
	static const char word[] = "timeout";
	const char *behind = line->text + match->end;
	size_t length = strlen(word);
	if (match->end < length || memcmp(behind - length, word, length) != 0)
		return false;
	behind += strspn(behind, "' ");
	if (*behind == '=' || *behind == ':')
		behind += 1 + strspn(behind + 1, "' ");
	return ascii_is_digit(*behind);
}

/* "0 timeouts", "errors: 0 connections timed out, 0 resets"; not "worker 0 timed out": what is
 * counted begins its clause. */
static bool follows_zero(const char *line, size_t at)
{
	size_t start = at;
	while (start && at - start < CLAUSE_MAX && !strchr(",:;=(", line[start - 1]))
		start--;
	while (start < at && line[start] == ' ')
		start++;
	return start < at && line[start] == '0' && line[start + 1] == ' ';
}

/* "timeouts: 0", "connection reset = 0", "0 timeouts": none of them came. */
static bool is_counted_none(const struct plain *line, const struct pattern_match *match)
{
	const char *behind = line->text + match->end;
	behind += strspn(behind, "s'");
	behind += strspn(behind, " :=(");
	if (*behind == '0' && behind > line->text + match->end)
		return !behind[1] || !strchr("0123456789.x:", behind[1]);
	return follows_zero(line->text, match->start);
}

/* Does the line say that this error came? *ret_end is where it first says so. */
static bool look_for_error(const struct look *look,
		const struct patterns *patterns,
		size_t *ret_end)
{
	struct pattern_match match;
	bool found = false;
	for (size_t i = 0; i < patterns->count; i++) {
		const struct pattern *pattern = &patterns->items[i];
		size_t from = 0;
		if (!grams_may_hold(&look->grams, patterns->marks[i]))
			continue;
		while (pattern_find(pattern, &look->line, from, &match)) {
			if (!is_counted_none(&look->line, &match) && !is_setting(&look->line, &match)) {
				*ret_end = found && *ret_end < match.end ? *ret_end : match.end;
				found = true;
				break;
			}
			from = match.end;
		}
	}
	return found;
}

static void look_for_errors(struct look *look)
{
	size_t end = 0;
	look->error_end = look->line.length;
	for (size_t i = 0; i < look->table->word_count; i++) {
		if (look->table->rules->words[i].sort != WORD_ERROR)
			continue;
		if (!look_for_error(look, &look->table->words[i], &end))
			continue;
		add_word(&look->words, i);
		if (end < look->error_end)
			look->error_end = end;
	}
	if (!any_error(look))
		look_for_numbers(look);
}

static void look_for_words(struct look *look)
{
	struct pattern_match match;
	look_for_errors(look);
	for (size_t i = 0; i < look->table->word_count; i++) {
		enum word_sort sort = look->table->rules->words[i].sort;
		if (sort == WORD_NUMBER || sort == WORD_ERROR)
			continue;
		if (!look_find(look, &look->table->words[i], &match))
			continue;
		if (sort == WORD_UNLESS)
			look->talk |= match.start <= look->error_end + 1;
		else
			add_word(&look->words, i);
	}
}

/* How much the text says about the line; 0: it is not about it. */
static size_t weight_of(const struct look *look,
		const struct table_text *text,
		struct pattern_match *ret_match)
{
	const struct pattern *pattern = NULL;
	struct pattern_match ignored;
	size_t weight = 0;
	*ret_match = (struct pattern_match){0};
	if (look->talk && !text->rule->texts.count)
		return 0;
	if (text->rule->errors.count) {
		if (common_word(&text->errors, &look->words) == WHY_WORDS_MAX)
			return 0;
		weight += WEIGHT_WORD;
	}
	if (text->rule->calls.count) {
		if (common_word(&text->calls, &look->words) == WHY_WORDS_MAX)
			return 0;
		weight += WEIGHT_WORD;
	}
	if (text->rule->texts.count) {
		pattern = look_find(look, &text->texts, ret_match);
		if (!pattern)
			return 0;
		weight += WEIGHT_TEXT + pattern->weight;
	}
	if (look_find(look, &text->unless, &ignored))
		return 0;
	return weight;
}

/* The text that says most; NULL: none is about the line. */
static const struct table_text *look_for_text(const struct look *look,
		size_t count,
		struct pattern_match *ret_match)
{
	const struct table_text *best = NULL;
	struct pattern_match match;
	size_t most = 0;
	for (size_t i = 0; i < count; i++) {
		size_t weight = weight_of(look, &look->table->texts[i], &match);
		if (weight <= most)
			continue;
		most = weight;
		best = &look->table->texts[i];
		*ret_match = match;
	}
	return best;
}

static const struct word_rule *word_of_sort(const struct look *look,
		const struct word_set *asked,
		enum word_sort sort)
{
	const struct rules *rules = look->table->rules;
	size_t word = common_word(asked, &look->words);
	if (word < WHY_WORDS_MAX)
		return &rules->words[word];
	for (size_t i = 0; i < look->table->word_count; i++) {
		if (rules->words[i].sort == sort && has_word(&look->words, i))
			return &rules->words[i];
	}
	return NULL;
}

bool why_match_line(struct arena *arena,
		const struct why_table *table,
		const char *line,
		size_t length,
		struct why_line *ret)
{
	struct look look = {.table = table, .line = plain_line(arena, line, length)};
	struct pattern_match match = {0};
	grams_of(&look.line, &look.grams);
	look_for_words(&look);
	const struct table_text *text = look_for_text(&look, table->rules->text_count, &match);
	static const struct word_set none;
	*ret = (struct why_line){.number_count = match.number_count};
	ret->error = word_of_sort(&look, text ? &text->errors : &none, WORD_ERROR);
	ret->call = word_of_sort(&look, text ? &text->calls : &none, WORD_CALL);
	if (!text)
		return false;
	ret->text = text->rule;
	memcpy(ret->numbers, match.numbers, sizeof ret->numbers);
	why_places(arena, &look.line, &ret->to, &ret->local);
	ret->pid = why_pid(&look.line);
	return true;
}

bool why_cause_possible(const struct cause_rule *cause,
		const struct why_line *line,
		unsigned low,
		unsigned high)
{
	if (cause->only != CAUSE_PORT_IN_RANGE || !high)
		return true;
	return line->local.port >= low && line->local.port <= high;
}

static const char *check_patterns(struct arena *arena, const struct rule_text_list *list)
{
	struct pattern pattern;
	const char *why;
	for (size_t i = 0; i < list->count; i++) {
		if (!pattern_read(arena, list->items[i], &pattern, &why))
			return arena_printf(arena, "the text \"%.200s\" %s", list->items[i], why);
	}
	return NULL;
}

const char *why_check_word(struct arena *arena, const struct word_rule *word)
{
	for (size_t i = 0; i < word->numbers.count; i++) {
		const char *number = word->numbers.items[i];
		if (strlen(number) > 5 || number[strspn(number, "0123456789")])
			return arena_printf(arena, "\"%.40s\" is not the number of an error", number);
	}
	if (!word->texts.count)
		return "\"texts\" is missing";
	return check_patterns(arena, &word->texts);
}

static const char *check_words(struct arena *arena,
		const struct rules *rules,
		const struct rule_text_list *ids,
		enum word_sort sort)
{
	for (size_t i = 0; i < ids->count; i++) {
		const struct word_rule *word = rules_word(rules, ids->items[i]);
		if (!word || word->sort != sort)
			return arena_printf(arena, "there is no word \"%.60s\" of this sort", ids->items[i]);
	}
	return NULL;
}

static const char *check_causes(struct arena *arena,
		const struct rules *rules,
		const struct rule_text_list *ids)
{
	for (size_t i = 0; i < ids->count; i++) {
		if (!rules_limit(rules, ids->items[i]) && !rules_cause(rules, ids->items[i]))
			return arena_printf(arena, "there is no limit and no cause \"%.60s\"", ids->items[i]);
	}
	if (ids->count == 0)
		return "\"causes\" is empty";
	return NULL;
}

const char *why_check_text(struct arena *arena,
		const struct rules *rules,
		const struct text_rule *text)
{
	const char *why = check_patterns(arena, &text->texts);
	if (!why)
		why = check_patterns(arena, &text->unless);
	if (!why)
		why = check_words(arena, rules, &text->errors, WORD_ERROR);
	if (!why)
		why = check_words(arena, rules, &text->calls, WORD_CALL);
	if (!why)
		why = check_causes(arena, rules, &text->causes);
	if (!why && !text->texts.count && !text->errors.count && !text->calls.count)
		why = "one of \"texts\", \"errors\" and \"calls\" is missing";
	return why;
}
