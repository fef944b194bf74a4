/* Telling apart what a script is made of (ECMA-262, 12). */
#include "probes/plan/script/tokens.h"

#include <string.h>

#include "base/array.h"
#include "base/ascii.h"

struct scan {
	struct arena *arena;
	const char *text;
	size_t length, at;
	uint32_t line;
	struct js_tokens *tokens;
	size_t capacity;
	uint32_t *open; /* brackets that are not closed yet */
	size_t depth, open_capacity;
};

static char peek(const struct scan *scan, size_t more)
{
	if (scan->at + more >= scan->length)
		return '\0';
	return scan->text[scan->at + more];
}

static bool is_name_char(char c)
{
	return ascii_is_name(c) || c == '$' || c == '#' || (unsigned char)c >= 0x80;
}

static struct js_token *last_token(const struct scan *scan)
{
	if (!scan->tokens->count)
		return NULL;
	return &scan->tokens->items[scan->tokens->count - 1];
}

static struct js_token *add_token(struct scan *scan, enum js_kind kind, size_t start, size_t end)
{
	struct js_tokens *tokens = scan->tokens;
	struct js_token *items = tokens->items;
	items = arena_grow(scan->arena, items, tokens->count, &scan->capacity, sizeof *items);
	tokens->items = items;
	struct js_token *token = &items[tokens->count];
	*token = (struct js_token){.kind = kind, .line = scan->line};
	token->start = (uint32_t)start;
	token->length = (uint32_t)(end - start);
	token->pair = (uint32_t)tokens->count;
	token->parent = token->pair;
	if (scan->depth)
		token->parent = scan->open[scan->depth - 1];
	tokens->count++;
	return token;
}

static void open_bracket(struct scan *scan)
{
	size_t index = scan->tokens->count - 1;
	uint32_t *open = scan->open;
	open = arena_grow(scan->arena, open, scan->depth, &scan->open_capacity, sizeof *open);
	scan->open = open;
	open[scan->depth++] = (uint32_t)index;
}

/* Closes the innermost bracket, if it is of that kind; what does not fit is left alone. */
static void close_bracket(struct scan *scan, char opening)
{
	struct js_token *items = scan->tokens->items;
	uint32_t index = (uint32_t)(scan->tokens->count - 1);
	if (!scan->depth)
		return;
	uint32_t open = scan->open[scan->depth - 1];
	const char *written = scan->text + items[open].start;
	if (*written != opening)
		return;
	scan->depth--;
	items[open].pair = index;
	items[index].pair = open;
	items[index].parent = items[open].parent;
	if (!scan->depth)
		items[index].parent = index;
}

static void skip_line(struct scan *scan)
{
	while (scan->at < scan->length && peek(scan, 0) != '\n')
		scan->at++;
}

static void skip_block_comment(struct scan *scan)
{
	scan->at += 2;
	while (scan->at < scan->length) {
		if (peek(scan, 0) == '*' && peek(scan, 1) == '/') {
			scan->at += 2;
			return;
		}
		scan->line += peek(scan, 0) == '\n';
		scan->at++;
	}
}

/* Ends at its quote, or with the line where there is none. */
static void take_string(struct scan *scan, char quote)
{
	size_t start = ++scan->at;
	while (scan->at < scan->length && peek(scan, 0) != quote && peek(scan, 0) != '\n') {
		bool continued = peek(scan, 0) == '\\' && peek(scan, 1) == '\n';
		scan->line += continued;
		if (peek(scan, 0) == '\\' && scan->at + 1 < scan->length)
			scan->at++;
		scan->at++;
	}
	(void)add_token(scan, JS_STRING, start, scan->at);
	if (peek(scan, 0) == quote)
		scan->at++;
}

/* A part of a template, up to the next "${" or to its end. */
static void take_chunk(struct scan *scan)
{
	size_t start = scan->at;
	uint32_t line = scan->line;
	while (scan->at < scan->length && peek(scan, 0) != '`') {
		if (peek(scan, 0) == '$' && peek(scan, 1) == '{')
			break;
		if (peek(scan, 0) == '\\' && scan->at + 1 < scan->length)
			scan->at++;
		scan->line += peek(scan, 0) == '\n';
		scan->at++;
	}
	add_token(scan, JS_STRING, start, scan->at)->line = line;
	if (scan->at >= scan->length)
		return;
	if (peek(scan, 0) == '$') {
		(void)add_token(scan, JS_PUNCT, scan->at, scan->at + 2);
		open_bracket(scan);
		scan->at += 2;
		return;
	}
	(void)add_token(scan, JS_PUNCT, scan->at, scan->at + 1);
	close_bracket(scan, '`');
	scan->at++;
}

static bool ends_expression(const struct scan *scan, const struct js_token *token)
{
	static const char *const before[] = {
			"return",
			"typeof",
			"case",
			"in",
			"of",
			"delete",
			"void",
			"throw",
			"new",
			"else",
			"do",
			"await",
			"yield",
			"instanceof",
	};
	char c = scan->text[token->start];
	if (token->kind == JS_PUNCT && c == '}')
		return token->line == scan->line;
	bool counted = token->length == 2 && (c == '+' || c == '-'); /* a++ / 2 */
	if (token->kind == JS_PUNCT)
		return c == ')' || c == ']' || c == '`' || counted;
	for (size_t i = 0; i < COUNT_OF(before); i++) {
		bool same = strlen(before[i]) == token->length;
		if (same && strncmp(scan->text + token->start, before[i], token->length) == 0)
			return false;
	}
	return true;
}

/* Does "/" divide here, or begin a regular expression? */
static bool divides(const struct scan *scan)
{
	const struct js_token *last = last_token(scan);
	return last && ends_expression(scan, last);
}

/* Ends at a "/" outside of brackets, or with the line. */
static void take_regex(struct scan *scan)
{
	size_t start = scan->at++;
	bool in_class = false;
	while (scan->at < scan->length && peek(scan, 0) != '\n') {
		char c = peek(scan, 0);
		if (c == '/' && !in_class)
			break;
		if (c == '[')
			in_class = true;
		else if (c == ']')
			in_class = false;
		else if (c == '\\' && peek(scan, 1) != '\n' && scan->at + 1 < scan->length)
			scan->at++;
		scan->at++;
	}
	if (peek(scan, 0) == '/')
		scan->at++;
	while (is_name_char(peek(scan, 0)))
		scan->at++;
	(void)add_token(scan, JS_REGEX, start, scan->at);
}

static void js_take_word(struct scan *scan, enum js_kind kind)
{
	size_t start = scan->at++;
	while (is_name_char(peek(scan, 0)) || (kind == JS_NUMBER && peek(scan, 0) == '.'))
		scan->at++;
	(void)add_token(scan, kind, start, scan->at);
}

static void take_punct(struct scan *scan)
{
	static const char *const longer[] = {
			"...",
			"===",
			"!==",
			"**=",
			"||=",
			"&&=",
			"?\?=",
			"=>",
			"==",
			"!=",
			"<=",
			">=",
			"&&",
			"||",
			"?\?",
			"?.",
			"++",
			"--",
			"+=",
			"-=",
			"*=",
			"/=",
			"%=",
			"**",
	};
	size_t start = scan->at;
	size_t length = 1;
	bool alone = !strchr("=.&|?+-*>", peek(scan, 1));
	for (size_t i = 0; !alone && i < COUNT_OF(longer) && length == 1; i++) {
		size_t wanted = strlen(longer[i]);
		bool fits = start + wanted <= scan->length;
		if (fits && strncmp(scan->text + start, longer[i], wanted) == 0)
			length = wanted;
	}
	scan->at += length;
	(void)add_token(scan, JS_PUNCT, start, scan->at);
	char c = scan->text[start];
	if (strchr("([{`", c))
		open_bracket(scan);
	else if (c == ')')
		close_bracket(scan, '(');
	else if (c == ']')
		close_bracket(scan, '[');
}

/* "}" of a block, or of "${": then the template goes on. */
static void take_brace(struct scan *scan)
{
	const struct js_token *items = scan->tokens->items;
	bool template = scan->depth && items[scan->open[scan->depth - 1]].length == 2;
	(void)add_token(scan, JS_PUNCT, scan->at, scan->at + 1);
	scan->at++;
	if (!template) {
		close_bracket(scan, '{');
		return;
	}
	close_bracket(scan, '$');
	take_chunk(scan);
}

static void take_slash(struct scan *scan)
{
	char next = peek(scan, 1);
	if (next == '/')
		skip_line(scan);
	else if (next == '*')
		skip_block_comment(scan);
	else if (divides(scan))
		take_punct(scan);
	else
		take_regex(scan);
}

static void js_take_next(struct scan *scan)
{
	char c = peek(scan, 0);
	if (c == '\n')
		scan->line++;
	if (strchr(" \t\r\n\v\f", c) || c == '\0') {
		scan->at++;
	} else if (c == '/') {
		take_slash(scan);
	} else if (c == '"' || c == '\'') {
		take_string(scan, c);
	} else if (c == '`') {
		take_punct(scan);
		take_chunk(scan);
	} else if (c == '}') {
		take_brace(scan);
	} else if (ascii_is_digit(c) || (c == '.' && ascii_is_digit(peek(scan, 1)))) {
		js_take_word(scan, JS_NUMBER);
	} else if (is_name_char(c)) {
		js_take_word(scan, JS_NAME);
	} else {
		take_punct(scan);
	}
}

void js_tokens_read(struct arena *arena, const char *text, size_t length, struct js_tokens *ret)
{
	static const char bom[] = "\xEF\xBB\xBF";
	struct scan scan = {.arena = arena, .text = text, .length = length, .line = 1, .tokens = ret};
	*ret = (struct js_tokens){.text = text};
	if (length >= 3 && memcmp(text, bom, 3) == 0)
		scan.at = 3;
	if (peek(&scan, 0) == '#' && peek(&scan, 1) == '!')
		skip_line(&scan);
	while (scan.at < length && ret->count < JS_TOKENS_MAX)
		js_take_next(&scan);
	ret->cut = scan.at < length;
	scan.depth = 0;
	(void)add_token(&scan, JS_END, scan.at, scan.at);
	struct js_token *items = ret->items;
	uint32_t end = (uint32_t)(ret->count - 1);
	for (size_t i = 0; i < ret->count; i++) {
		bool opens = items[i].kind == JS_PUNCT && strchr("([{`$", text[items[i].start]);
		if (opens && items[i].pair == i)
			items[i].pair = end;
	}
}

/* The words one after another, or only the first of them. */
static bool is_written(const struct js_tokens *tokens, size_t i, const char *word, size_t length)
{
	if (i >= tokens->count || tokens->items[i].length != length)
		return false;
	const struct js_token *token = &tokens->items[i];
	if (token->kind != JS_NAME && token->kind != JS_PUNCT)
		return false;
	return memcmp(tokens->text + token->start, word, length) == 0;
}

bool js_are(const struct js_tokens *tokens, size_t i, const char *words)
{
	while (*words) {
		size_t length = strcspn(words, " ");
		if (!is_written(tokens, i, words, length))
			return false;
		words += length;
		words += strspn(words, " ");
		i++;
	}
	return true;
}

bool js_is_any(const struct js_tokens *tokens, size_t i, const char *words)
{
	while (*words) {
		size_t length = strcspn(words, " ");
		if (is_written(tokens, i, words, length))
			return true;
		words += length;
		words += strspn(words, " ");
	}
	return false;
}

bool js_is_kind(const struct js_tokens *tokens, size_t i, enum js_kind kind)
{
	return i < tokens->count && tokens->items[i].kind == kind;
}

bool js_is_free_name(const struct js_tokens *tokens, size_t i)
{
	if (!js_is_kind(tokens, i, JS_NAME))
		return false;
	return !i || !(js_is(tokens, i - 1, ".") || js_is(tokens, i - 1, "?."));
}

size_t js_parent(const struct js_tokens *tokens, size_t i)
{
	size_t parent = tokens->items[i].parent;
	if (parent == i)
		return SIZE_MAX;
	return parent;
}

/* The character of an escape; *at stands on what follows the backslash. */
static char js_escaped(const char **at, const char *end)
{
	char c = **at;
	if (c == 'x' && *at + 2 < end) {
		int high = ascii_hex_value((*at)[1]), low = ascii_hex_value((*at)[2]);
		if (high >= 0 && low >= 0) {
			*at += 2;
			return (char)(high * 16 + low);
		}
	}
	switch (c) {
	case 'n':
		return '\n';
	case 't':
		return '\t';
	case 'r':
		return '\r';
	default:
		return c;
	}
}

const char *js_text(struct arena *arena, const struct js_tokens *tokens, size_t i)
{
	const struct js_token *token = &tokens->items[i];
	const char *from = tokens->text + token->start, *end = from + token->length;
	char *copy = arena_copy(arena, from, token->length), *to = copy;
	if (token->kind != JS_STRING)
		return copy;
	for (; from < end; from++) {
		char c = *from;
		if (c == '\\' && from + 1 < end) {
			from++;
			c = js_escaped(&from, end);
		}
		if (c != '\0')
			*to++ = c;
	}
	*to = '\0';
	return copy;
}
