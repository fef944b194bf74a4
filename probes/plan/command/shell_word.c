/* Words of a shell's text, piece by piece: quotes, escapes, braces (POSIX.1-2017, XCU 2.2). What
 * they expand to is shell_expand.c's. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "probes/plan/command/shell_scan.h"

size_t shell_name_length(const char *text)
{
	size_t length = 0;
	if (!ascii_is_letter(*text) && *text != '_') {
		return 0;
	}
	while (ascii_is_name(text[length])) {
		length++;
	}
	return length;
}

bool shell_is_meta(char c)
{
	return !c || strchr(" \t\n;|&<>()", c);
}

void shell_skip_blanks(struct scanner *s)
{
	for (;;) {
		if (s->text[s->at] == '\\' && s->text[s->at + 1] == '\n') {
			s->at += 2;
		} else if (s->text[s->at] == ' ' || s->text[s->at] == '\t') {
			s->at++;
		} else {
			return;
		}
	}
}

static bool single_quoted(struct scanner *s, struct shell_word *word)
{
	const char *begin = s->text + s->at + 1;
	const char *end = strchr(begin, '\'');
	if (!end) {
		return shell_refuse(s, s->at, "an unclosed quote");
	}
	text_add_bytes(&word->text, begin, (size_t)(end - begin));
	word->any = word->quoted = true;
	s->at = (size_t)(end - s->text) + 1;
	return true;
}

static bool begins_substitution(const struct scanner *s)
{
	const char *at = s->text + s->at;
	return at[0] == '`' || (at[0] == '$' && at[1] == '(');
}

/* One character or expansion of what stands in double quotes, in a here-document or behind ${X:-.
 */
static bool read_expanded(struct scanner *s, struct shell_word *word, const char *escaped)
{
	char c = s->text[s->at];
	if (begins_substitution(s)) {
		return shell_substitute(s, word, true);
	}
	s->at++;
	if (c == '$') {
		return shell_expand(s, word, true);
	}
	char next = s->text[s->at];
	if (c != '\\' || !next || !strchr(escaped, next)) {
		text_add_bytes(&word->text, &c, 1);
		return true;
	}
	if (next != '\n') {
		text_add_bytes(&word->text, &next, 1);
	}
	s->at++;
	return true;
}

static bool double_quoted(struct scanner *s, struct shell_word *word)
{
	size_t begin = s->at++;
	word->any = word->quoted = true;
	while (s->text[s->at] != '"') {
		if (!s->text[s->at]) {
			return shell_refuse(s, begin, "an unclosed quote");
		}
		if (!read_expanded(s, word, "$`\"\\\n")) {
			return false;
		}
	}
	s->at++;
	return true;
}

/* bash's $'…': the escapes that C has, without numbers. */
static bool dollar_quoted(struct scanner *s, struct shell_word *word)
{
	static const char from[] = "ntr\\'\"", to[] = "\n\t\r\\'\"";
	size_t begin = s->at;
	word->any = word->quoted = true;
	for (s->at += 2; s->text[s->at] != '\''; s->at++) {
		const char *from_text = s->text + s->at, *escape = NULL;
		if (!*from_text || (*from_text == '\\' && !from_text[1])) {
			return shell_refuse(s, begin, "an unclosed quote");
		}
		if (*from_text == '\\') {
			escape = strchr(from, from_text[1]);
			if (!escape) {
				return shell_refuse(s, begin, "an escape in $'…'");
			}
			from_text = &to[escape - from];
			s->at++;
		}
		text_add_bytes(&word->text, from_text, 1);
	}
	s->at++;
	return true;
}

static bool home(struct scanner *s, struct shell_word *word)
{
	const char *value = shell_variable(s, "HOME");
	char next = s->text[s->at + 1];
	bool known = value && (shell_is_meta(next) || next == '/');
	if (!known && !s->world->program) {
		return shell_refuse(s, s->at, "a home directory");
	}
	if (known) {
		text_add(&word->text, value);
	} else {
		shell_add_open(word, s->at);
	}
	s->at++;
	return word->any = true;
}

static bool read_escaped(struct scanner *s, struct shell_word *word)
{
	char next = s->text[s->at + 1];
	if (!next) {
		return shell_refuse(s, s->at, "a backslash at the end");
	}
	s->at += 2;
	if (next == '\n') {
		return true;
	}
	text_add_bytes(&word->text, &next, 1);
	return word->any = true;
}

static bool read_piece(struct scanner *s, struct shell_word *word)
{
	const char *at = s->text + s->at;
	if (*at == '\'') {
		return single_quoted(s, word);
	}
	if (*at == '"') {
		return double_quoted(s, word);
	}
	if (*at == '$' && at[1] == '\'') {
		return dollar_quoted(s, word);
	}
	if (*at == '$' && at[1] == '"' && s->world->program) { /* bash: of this language */
		s->at++;
		return double_quoted(s, word);
	}
	if (begins_substitution(s)) {
		return shell_substitute(s, word, false);
	}
	if (*at == '~' && !word->any) {
		return home(s, word);
	}
	if (*at == '\\') {
		return read_escaped(s, word);
	}
	s->at++;
	if (*at == '$') {
		return shell_expand(s, word, false);
	}
	word->glob |= *at == '*' || *at == '?' || (*at == '[' && strchr(at, ']'));
	word->brace |= *at == '{';
	text_add_bytes(&word->text, at, 1);
	return word->any = true;
}

/* "[" alone is a command. */
static bool is_pattern(const struct shell_word *word)
{
	const char *text = word->text.data;
	return word->glob && strcmp(text, "[") != 0 && !strstr(text, "://");
}

/* {1..5}, {10..50..10}: numbers. */
static bool expand_range(struct text *fields, const char *text)
{
	long first, last, step = 1;
	int used = 0;
	bool steps = sscanf(text, "{%7ld..%7ld..%7ld}%n", &first, &last, &step, &used) == 3 && used;
	if (!steps && (sscanf(text, "{%7ld..%7ld}%n", &first, &last, &used) != 2 || !used)) {
		return false;
	}
	step = labs(step);
	if (text[used] || !step || labs(last - first) / step >= SHELL_FIELDS_MAX) {
		return false;
	}
	if (first > last) {
		step = -step;
	}
	for (long i = first; (i <= last || step < 0) && (i >= last || step > 0); i += step) {
		text_addf(fields, "%ld%c", i, SHELL_FIELD);
	}
	return true;
}

/* A word that is one pair of braces, as bash expands it. */
static bool expand_braces(struct shell_word *word)
{
	char *text = word->text.data;
	size_t length = word->text.length;
	struct text fields = {0};
	if (word->quoted || text[0] != '{' || text[length - 1] != '}' || strpbrk(text + 1, "{\001")) {
		return false;
	}
	if (!expand_range(&fields, text)) {
		if (!strchr(text, ',')) {
			return false;
		}
		for (char *c = text; *c; c++) {
			if (*c == ',') {
				*c = SHELL_FIELD;
			}
		}
		text_add_bytes(&fields, text + 1, length - 2);
	}
	text_release(&word->text);
	word->text = fields;
	return true;
}

/* Patterns would have to be matched with files. */
static bool check_word(struct scanner *s, struct shell_word *word, size_t begin)
{
	const char *text = word->text.data;
	bool braces = word->brace && strchr(text, '}') && (strchr(text, ',') || strstr(text, ".."));
	if (s->world->program && is_pattern(word) && !word->whole) {
		text_clear(&word->text);
		shell_add_open(word, begin);
		return true;
	}
	if (is_pattern(word) && !word->whole) {
		return shell_refuse(s, begin, "a file name pattern");
	}
	if (!braces || word->whole || (s->world->program && expand_braces(word))) {
		return true;
	}
	bool range = strstr(text, "..") && !strchr(text, ',');
	return range || shell_refuse(s, begin, "a brace expansion");
}

static bool spend(struct scanner *s, size_t begin, size_t bytes)
{
	s->bytes += bytes;
	return s->bytes <= SHELL_BYTES_MAX || shell_refuse(s, begin, "too much text");
}

const char *shell_read_word(struct scanner *s, bool whole, bool *ret_quoted, bool *ret_good)
{
	struct shell_word word = {.whole = whole};
	size_t begin = s->at;
	bool good = true;
	while (good && !shell_is_meta(s->text[s->at])) {
		good = read_piece(s, &word);
	}
	if (good && word.text.length) {
		good = check_word(s, &word, begin);
	}
	good = good && spend(s, begin, word.text.length);
	const char *result = NULL;
	if (good && word.any) {
		result = arena_strdup(s->arena, text_string(&word.text));
	}
	*ret_good = good;
	*ret_quoted = word.quoted;
	text_release(&word.text);
	return result;
}

const char *shell_expand_text(struct scanner *s, size_t begin, size_t end, bool here)
{
	struct shell_word word = {.whole = true};
	const size_t back = s->at;
	bool good = true;
	s->at = begin;
	while (good && s->at < end) {
		if (here) {
			good = read_expanded(s, &word, "$`\\\n");
		} else {
			good = read_piece(s, &word);
		}
	}
	s->at = back;
	good = good && spend(s, begin, word.text.length);
	const char *result = good ? arena_strdup(s->arena, text_string(&word.text)) : NULL;
	text_release(&word.text);
	return result;
}

void shell_add_fields(const struct scanner *s, struct name_list *list, const char *word)
{
	const char separator[] = {SHELL_FIELD, '\0'};
	if (!strchr(word, SHELL_FIELD)) {
		name_list_append(s->arena, list, word);
		return;
	}
	for (char *rest = arena_strdup(s->arena, word), *field; (field = strsep(&rest, separator));) {
		if (*field) {
			name_list_append(s->arena, list, field);
		}
	}
}
