/* Options by table. Does not check numbers and does not decide what an option means. */
#include "probes/plan/command/arguments.h"

#include <string.h>

#include "base/suggest.h"
#include "base/text.h"
#include "probes/plan/quantity.h"

enum {
	SHOWN_CHARS = 80,
	NAMES_MAX = 256
};

struct scan {
	struct arena *arena;
	const struct argument_syntax *syntax;
	const char *const *words;
	size_t count, at;
	struct arguments *arguments;
	struct error *err;
};

static const char *arguments_clean(const struct scan *scan, const char *word)
{
	return text_clean(scan->arena, word, strlen(word), SHOWN_CHARS);
}

static void arguments_add(struct scan *scan, size_t option, const char *text, const char *shown)
{
	struct arguments *a = scan->arguments;
	a->items =
			arena_grow(scan->arena, a->items, a->item_count, &a->item_capacity, sizeof *a->items);
	a->items[a->item_count++] = (struct argument){option, text, arguments_clean(scan, shown)};
}

static void arguments_add_word(struct scan *scan, const char *word)
{
	struct arguments *a = scan->arguments;
	a->words =
			arena_grow(scan->arena, a->words, a->word_count, &a->word_capacity, sizeof *a->words);
	a->words[a->word_count++] = word;
}

/* The NULL after the last word. */
static void end_words(struct scan *scan)
{
	arguments_add_word(scan, NULL);
	scan->arguments->word_count--;
}

/* An error, or with ARGUMENTS_OTHERS none. */
static bool arguments_unknown(const struct scan *scan,
		const char *dashes,
		const char *name,
		size_t length)
{
	const char *names[NAMES_MAX] = {NULL};
	size_t count = 0;
	for (size_t i = 0; i < scan->syntax->count && count + 2 < NAMES_MAX; i++) {
		if (scan->syntax->options[i].name)
			names[count++] = scan->syntax->options[i].name;
		if (scan->syntax->options[i].alias)
			names[count++] = scan->syntax->options[i].alias;
	}
	char *copy = arena_copy(scan->arena, name, length);
	char question[SUGGEST_MAX];
	const char *near = length > 1 ? suggest_name(copy, names) : NULL;
	bool misspelt = false;
	if (near)
		misspelt = *near == *copy;
	if (!misspelt && scan->syntax->style & ARGUMENTS_OTHERS)
		return true;
	return error_set(scan->err,
			"%s has no option %s%s%s",
			scan->syntax->tool,
			dashes,
			arguments_clean(scan, copy),
			suggest_question_about(question, dashes, near));
}

static bool is_named(const struct scan *scan,
		const char *candidate,
		const char *name,
		size_t length)
{
	bool alike = scan->syntax->style & ARGUMENTS_UNDERSCORES;
	if (!candidate || strlen(candidate) != length)
		return false;
	for (size_t i = 0; i < length; i++) {
		bool dash = alike && name[i] == '_' && candidate[i] == '-';
		if (name[i] != candidate[i] && !dash)
			return false;
	}
	return true;
}

static bool arguments_begins(const char *candidate, const char *name, size_t length)
{
	return candidate && strlen(candidate) > length && !memcmp(candidate, name, length);
}

/* The option of that long name, or the table's length. */
static size_t find_long(const struct scan *scan, const char *name, size_t length)
{
	const struct argument_syntax *syntax = scan->syntax;
	size_t found = syntax->count, matches = 0;
	for (size_t i = 0; i < syntax->count; i++) {
		const struct argument_option *o = &syntax->options[i];
		if (is_named(scan, o->name, name, length) || is_named(scan, o->alias, name, length))
			return i;
	}
	if (!(syntax->style & ARGUMENTS_PREFIX) || !length)
		return found;
	for (size_t i = 0; i < syntax->count; i++) {
		const struct argument_option *o = &syntax->options[i];
		if (arguments_begins(o->name, name, length) || arguments_begins(o->alias, name, length)) {
			found = i;
			matches++;
		}
	}
	return matches == 1 ? found : syntax->count;
}

static size_t find_letter(const struct scan *scan, char letter)
{
	size_t i = 0;
	while (i < scan->syntax->count && scan->syntax->options[i].letter != letter)
		i++;
	return i;
}

/* The words from here to the one that `ends` holds for, in one text. */
static const char *take_several(struct scan *scan, bool brackets)
{
	struct text all = {0};
	for (; scan->at + 1 < scan->count; scan->at++) {
		const char *word = scan->words[scan->at + 1];
		bool option = word[0] == '-' && word[1];
		if (!brackets && option && all.length)
			break;
		text_addf(&all, "%s%s", all.length ? " " : "", word);
		if (!brackets || strcmp(word, "]") != 0)
			continue;
		scan->at++;
		break;
	}
	return text_take(scan->arena, &all);
}

/* The next word as an argument; NULL with err. */
static const char *take_next(struct scan *scan, const char *shown)
{
	bool brackets = scan->syntax->style & ARGUMENTS_BRACKETS;
	if (scan->at + 1 < scan->count && brackets && !strcmp(scan->words[scan->at + 1], "["))
		return take_several(scan, true);
	if (scan->at + 1 < scan->count)
		return scan->words[++scan->at];
	(void)error_set(scan->err,
			"%s: %s needs an argument, but the command ends there",
			scan->syntax->tool,
			arguments_clean(scan, shown));
	return NULL;
}

/* Go: -name=false takes a switch back; so does -name=0 … (strconv.ParseBool). */
static bool add_go_switch(struct scan *scan, size_t option, const char *value, const char *word)
{
	static const char *const yes[] = {"1", "t", "T", "true", "TRUE", "True", NULL};
	static const char *const no[] = {"0", "f", "F", "false", "FALSE", "False", NULL};
	for (size_t i = 0; yes[i]; i++) {
		if (!strcmp(value, yes[i]) || !strcmp(value, no[i])) {
			arguments_add(scan, option, !strcmp(value, yes[i]) ? "true" : "false", word);
			return true;
		}
	}
	return error_set(scan->err,
			"%s: %s: a switch takes only true or false",
			scan->syntax->tool,
			arguments_clean(scan, word));
}

/* A long name that is in no row: --no-switch, or one that is passed over. */
static bool read_unlisted(struct scan *scan, const char *word, const char *name, size_t length)
{
	static const char no[] = "no-";
	const unsigned style = scan->syntax->style;
	const char *rest = name + strlen(no);
	if (style & ARGUMENTS_NEGATED && length > strlen(no) && text_begins_with(name, no)) {
		size_t option = find_long(scan, rest, length - strlen(no));
		if (option < scan->syntax->count) {
			arguments_add(scan, option, "false", word);
			return true;
		}
	}
	if (style & ARGUMENTS_ASSIGNED)
		return true;
	return arguments_unknown(scan, name - word == 1 ? "-" : "--", name, length);
}

static bool arguments_read_long(struct scan *scan, const char *word, const char *name)
{
	const char *value = strchr(name, '=');
	size_t length = value ? (size_t)(value++ - name) : strlen(name);
	size_t option = find_long(scan, name, length);
	if (option == scan->syntax->count)
		return read_unlisted(scan, word, name, length);
	enum argument_takes takes = scan->syntax->options[option].takes;
	if (takes == TAKES_NOTHING && value)
		return scan->syntax->style & (ARGUMENTS_GO | ARGUMENTS_PFLAG)
				? add_go_switch(scan, option, value, word)
				: error_set(scan->err,
						  "%s: %s: the option takes no argument",
						  scan->syntax->tool,
						  arguments_clean(scan, word));
	bool wants = takes == TAKES_TEXT || takes == TAKES_MANY;
	if (value || !wants) {
		arguments_add(scan, option, value, word);
		return true;
	}
	if (scan->syntax->style & ARGUMENTS_ASSIGNED)
		return error_set(scan->err,
				"%s: %s needs its value after =",
				scan->syntax->tool,
				arguments_clean(scan, word));
	if (takes == TAKES_MANY && scan->at + 1 < scan->count)
		value = take_several(scan, false);
	else
		value = take_next(scan, word);
	if (!value)
		return false;
	arguments_add(scan, option, value, arena_printf(scan->arena, "%s %s", word, value));
	return true;
}

static bool read_letters(struct scan *scan, const char *word)
{
	for (const char *at = word + 1; *at; at++) {
		const char shown[3] = {'-', *at, '\0'};
		size_t option = find_letter(scan, *at);
		if (option == scan->syntax->count)
			return arguments_unknown(scan, "-", at, (*at & 0x80) ? strlen(at) : 1);
		enum argument_takes takes = scan->syntax->options[option].takes;
		const unsigned style = scan->syntax->style;
		bool pflag = style & ARGUMENTS_PFLAG;
		bool equals = pflag || style & ARGUMENTS_LETTER_EQUALS;
		if (at[1] != '=' || !at[2])
			equals = false;
		if (equals && pflag && takes == TAKES_NOTHING)
			return add_go_switch(scan, option, at + 2, word);
		if (equals) {
			arguments_add(scan, option, at + 2, arena_printf(scan->arena, "-%s", at));
			return true;
		}
		if (takes == TAKES_NOTHING) {
			arguments_add(scan, option, NULL, shown);
			continue;
		}
		bool wants = takes == TAKES_TEXT || takes == TAKES_MANY;
		const char *value = NULL;
		if (at[1])
			value = at + 1;
		else if (wants)
			value = take_next(scan, shown);
		if (!value && wants)
			return false;
		arguments_add(scan,
				option,
				value,
				arena_printf(scan->arena,
						"-%c%s%s",
						*at,
						at[1] || !value ? "" : " ",
						value ? value : ""));
		return true;
	}
	return true;
}

/* -name where both styles exist: the long option if there is one, else letters. */
static bool read_single_dash(struct scan *scan, const char *word)
{
	size_t length = strcspn(word + 1, "=");
	if (scan->syntax->style & ARGUMENTS_GO)
		return arguments_read_long(scan, word, word + 1);
	if (scan->syntax->style & ARGUMENTS_SINGLE_DASH && length > 1 &&
			find_long(scan, word + 1, length) < scan->syntax->count)
		return arguments_read_long(scan, word, word + 1);
	return read_letters(scan, word);
}

/* A word that is an option as a whole, or none. */
static bool read_exact(struct scan *scan, const char *word)
{
	bool is_long = word[1] == '-';
	if (!is_long && word[2])
		return arguments_unknown(scan, "-", word + 1, strlen(word + 1));
	if (is_long && strchr(word, '='))
		return arguments_unknown(scan, "--", word + 2, strlen(word + 2));
	if (is_long)
		return arguments_read_long(scan, word, word + 2);
	return read_letters(scan, word);
}

bool arguments_read(struct arena *arena,
		const struct argument_syntax *syntax,
		const char *const *words,
		size_t count,
		struct arguments *ret,
		struct error *err)
{
	struct scan scan = {.arena = arena,
			.syntax = syntax,
			.words = words,
			.count = count,
			.arguments = ret,
			.err = err};
	bool options = true, good = true;
	*ret = (struct arguments){.syntax = syntax};
	for (; scan.at < count && good; scan.at++) {
		const char *word = words[scan.at];
		bool is_option = options && word[0] == '-' && word[1];
		if (is_option && !strcmp(word, "--")) {
			options = false;
		} else if (!is_option) {
			arguments_add_word(&scan, word);
			options = options && syntax->style & ARGUMENTS_PERMUTE;
		} else if (syntax->style & ARGUMENTS_EXACT) {
			good = read_exact(&scan, word);
		} else if (word[1] != '-') {
			good = read_single_dash(&scan, word);
		} else if (syntax->style & (ARGUMENTS_LONG | ARGUMENTS_GO)) {
			good = arguments_read_long(&scan, word, word + 2);
		} else {
			good = arguments_unknown(&scan, "", word, strlen(word));
		}
	}
	end_words(&scan);
	return good;
}

const struct argument *arguments_last(const struct arguments *arguments, size_t option)
{
	for (size_t i = arguments->item_count; i-- > 0;)
		if (arguments->items[i].option == option)
			return &arguments->items[i];
	return NULL;
}

bool arguments_given(const struct arguments *arguments, size_t option)
{
	const struct argument *last = arguments_last(arguments, option);
	bool is_switch = arguments->syntax->options[option].takes == TAKES_NOTHING;
	return last && !(is_switch && last->text && !strcmp(last->text, "false"));
}

const char *arguments_text(const struct arguments *arguments, size_t option, const char *otherwise)
{
	const struct argument *last = arguments_last(arguments, option);
	return last && last->text ? last->text : otherwise;
}

const struct argument *arguments_next(const struct arguments *arguments,
		size_t option,
		size_t *cursor)
{
	while (*cursor < arguments->item_count) {
		const struct argument *item = &arguments->items[(*cursor)++];
		if (item->option == option)
			return item;
	}
	return NULL;
}

bool arguments_number(const struct arguments *arguments,
		size_t option,
		const struct quantity_syntax *syntax,
		double *ret,
		struct error *err)
{
	const struct argument *last = arguments_last(arguments, option);
	struct error why = {0};
	if (!last || !last->text)
		return true;
	if (quantity_read(last->text, syntax, ret, &why))
		return true;
	return error_set(err, "%s: %s: %s", arguments->syntax->tool, last->shown, why.text);
}

const char *arguments_from(struct arena *arena,
		const struct arguments *arguments,
		size_t option,
		const char *value)
{
	const struct argument *last = arguments_last(arguments, option);
	return last ? last->shown
				: arena_printf(arena, "%s's default: %s", arguments->syntax->tool, value);
}
