/* Fuzz target: lines of logs. Whatever stands in them, what is found is a rule with causes, places
 * are whole, and no name in braces stays in a text that is filled in. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "audit/rules/built_in.h"
#include "base/text.h"
#include "model/why/lines.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool good)
{
	if (!good)
		abort();
}

static void check_plain(struct arena *arena, const char *line, size_t length)
{
	struct plain plain = plain_line(arena, line, length);
	check(plain.length <= length && strlen(plain.text) == plain.length);
	check(!strstr(plain.text, "  ") && plain.text[0] != ' ');
}

static void check_place(const struct why_place *place)
{
	check(place->port <= 65535);
	if (!place->host)
		return;
	check(place->host[0] && place->host[0] != '-' && strlen(place->host) <= 255);
	/* It is put into commands. */
	check(!place->host[strspn(place->host, "abcdefghijklmnopqrstuvwxyz0123456789._-:%")]);
}

static void check_line(struct arena *arena, const struct why_line *line)
{
	const struct rule_text_list *causes = &line->text->causes;
	check(causes->count > 0);
	for (size_t i = 0; i < causes->count; i++)
		check(rules_limit(&built_in_rules, causes->items[i]) ||
				rules_cause(&built_in_rules, causes->items[i]));
	check_place(&line->to);
	check_place(&line->local);
	check(line->pid >= 0 && line->number_count <= PATTERN_NUMBERS);
	for (size_t i = 0; i < built_in_rules.cause_count; i++) {
		const char *filled = why_fill(arena, built_in_rules.causes[i].text, line);
		check(!filled || !strchr(filled, '{'));
	}
}

/* The input as a pattern, in itself. */
static void check_pattern(struct arena *arena, const char *text)
{
	struct pattern pattern;
	struct pattern_match match;
	const char *why = NULL;
	if (!pattern_read(arena, text, &pattern, &why)) {
		check(why != NULL);
		return;
	}
	struct plain line = plain_line(arena, text, strlen(text));
	struct grams grams;
	grams_of(&line, &grams);
	if (pattern_find(&pattern, &line, 0, &match))
		check(match.start <= match.end && match.end <= line.length &&
				grams_may_hold(&grams, pattern_marks(&pattern)));
}

static struct arena *table_arena;

static void release_table(void)
{
	arena_free(table_arena);
}

/* Made once: it is the same for all inputs. */
static const struct why_table *table_of_rules(void)
{
	static const struct why_table *table;
	if (!table) {
		table_arena = arena_new();
		table = why_table_new(table_arena, &built_in_rules);
		check(atexit(release_table) == 0);
	}
	return table;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	const struct why_table *table = table_of_rules();
	const char *text = arena_copy(arena, (const char *)data, size);
	struct why_founds founds;
	struct why_line line;
	check_plain(arena, text, size);
	check_pattern(arena, text);
	if (why_match_line(arena, table, text, size, &line))
		check_line(arena, &line);
	why_find(arena, table, text, 32768, 60999, &founds);
	for (size_t i = 0; i < founds.count; i++)
		check(!founds.items[i].limit != !founds.items[i].cause && founds.items[i].lines);
	arena_free(arena);
	return 0;
}
