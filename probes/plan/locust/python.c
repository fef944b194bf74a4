#include "probes/plan/locust/python.h"

#include <string.h>
#include <strings.h>

#include "base/ascii.h"

enum {
	TOKENS_MAX = 500 * 1000,
	TAB_COLUMNS = 8
};

struct reader {
	struct arena *arena;
	const char *at, *end;
	struct python_token *tokens;
	size_t count, capacity;
	unsigned line, indent, depth;
	unsigned open; /* the innermost open bracket; its `match` is the one around it */
};

static bool name_byte(char c)
{
	return ascii_is_name(c) || (unsigned char)c >= 0x80;
}

static void locust_add_token(struct reader *r,
		enum python_kind kind,
		const char *text,
		size_t length,
		unsigned line)
{
	r->tokens = arena_grow(r->arena, r->tokens, r->count, &r->capacity, sizeof *r->tokens);
	r->tokens[r->count++] = (struct python_token){.text = text,
			.length = (unsigned)length,
			.line = line,
			.indent = r->indent,
			.kind = kind};
}

static bool locust_is_blank(char c)
{
	switch (c) {
	case ' ':
	case '\t':
	case '\r':
	case '\f':
		return true;
	default:
		return false;
	}
}

/* The columns before a statement. */
static void read_indent(struct reader *r)
{
	unsigned columns = 0;
	for (; r->at < r->end; r->at++) {
		char c = *r->at;
		if (!locust_is_blank(c))
			break;
		if (c == '\t')
			columns += TAB_COLUMNS - columns % TAB_COLUMNS;
		else if (c == ' ')
			columns++;
	}
	r->indent = columns;
}

static bool locust_is_quote(char c)
{
	return c == '"' || c == '\'';
}

/* r"", b"", f"", rb"" …: the length of the prefix before a quote; 0 where none stands. */
static size_t string_prefix(const struct reader *r)
{
	size_t length = 0;
	while (length < 3 && r->at + length < r->end && r->at[length] &&
			strchr("rRbBfFuU", r->at[length]))
		length++;
	bool quoted = r->at + length < r->end && locust_is_quote(r->at[length]);
	return quoted ? length : 0;
}

/* How many of this quote stand there, at most three. */
static size_t quotes(const struct reader *r, const char *at, char quote)
{
	size_t count = 0;
	while (count < 3 && at + count < r->end && at[count] == quote)
		count++;
	return count;
}

static void read_string(struct reader *r, size_t prefix)
{
	bool formatted = false;
	for (size_t i = 0; i < prefix; i++)
		formatted |= ascii_lower(r->at[i]) == 'f';
	unsigned line = r->line;
	const char *at = r->at + prefix;
	char quote = *at;
	size_t length = 1;
	if (quotes(r, at, quote) == 3)
		length = 3;
	at += length;
	const char *start = at;
	while (at < r->end) {
		if (quotes(r, at, quote) >= length)
			break;
		if (*at == '\n' && length == 1)
			break; /* never closed */
		if (*at == '\\' && at + 1 < r->end)
			at++;
		r->line += *at == '\n';
		at++;
	}
	if (at > r->end)
		at = r->end;
	locust_add_token(r, PYTHON_STRING, start, (size_t)(at - start), line);
	r->tokens[r->count - 1].formatted = formatted;
	if (quotes(r, at, quote) >= length)
		at += length;
	r->at = at;
}

static void locust_read_word(struct reader *r, enum python_kind kind)
{
	const char *start = r->at;
	for (; r->at < r->end; r->at++) {
		bool point = kind == PYTHON_NUMBER && *r->at == '.';
		if (!point && !name_byte(*r->at))
			break;
	}
	locust_add_token(r, kind, start, (size_t)(r->at - start), r->line);
}

static void read_sign(struct reader *r)
{
	static const char *const pairs[] =
			{"**", "//", "->", "==", "!=", "<=", ">=", "+=", "-=", "*=", "/=", ":=", NULL};
	size_t length = 1;
	char c = *r->at;
	for (size_t i = 0; pairs[i]; i++) {
		bool fits = r->end - r->at >= 2;
		if (fits && !memcmp(r->at, pairs[i], 2))
			length = 2;
	}
	unsigned index = (unsigned)r->count;
	locust_add_token(r, PYTHON_SIGN, r->at, length, r->line);
	r->at += length;
	if (strchr("([{", c)) {
		r->tokens[index].match = r->open;
		r->open = index;
		r->depth++;
	} else if (strchr(")]}", c) && r->depth) {
		unsigned around = r->tokens[r->open].match;
		r->tokens[r->open].match = index;
		r->open = around;
		r->depth--;
	}
}

/* The end of a line ends a statement, unless a bracket is open. */
static void read_newline(struct reader *r)
{
	size_t count = r->count;
	bool open = r->depth > 0;
	bool begun = count && r->tokens[count - 1].kind != PYTHON_LINE;
	if (begun && !open)
		locust_add_token(r, PYTHON_LINE, r->at, 0, r->line);
	r->line++;
	r->at++;
	if (!open)
		read_indent(r);
}

static void read_token(struct reader *r)
{
	char c = *r->at;
	size_t prefix = string_prefix(r);
	if (c == '\n') {
		read_newline(r);
	} else if (c == '#') {
		while (r->at < r->end && *r->at != '\n')
			r->at++;
	} else if (c == '\\' && r->at + 1 < r->end && r->at[1] == '\n') {
		r->line++;
		r->at += 2;
	} else if (prefix || locust_is_quote(c)) {
		read_string(r, prefix);
	} else if (ascii_is_digit(c)) {
		locust_read_word(r, PYTHON_NUMBER);
	} else if (name_byte(c)) {
		locust_read_word(r, PYTHON_NAME);
	} else if (locust_is_blank(c) || !c) {
		r->at++;
	} else {
		read_sign(r);
	}
}

void python_read(struct arena *arena, const char *text, size_t length, struct python *ret)
{
	static const char mark[] = "\xef\xbb\xbf";
	struct reader r = {.arena = arena, .at = text, .end = text + length, .line = 1};
	if (length >= 3 && !memcmp(text, mark, 3))
		r.at += 3;
	read_indent(&r);
	while (r.at < r.end && r.count < TOKENS_MAX)
		read_token(&r);
	bool cut = r.at < r.end;
	locust_add_token(&r, PYTHON_LINE, r.end, 0, r.line);
	for (; r.depth; r.depth--) { /* never closed */
		unsigned around = r.tokens[r.open].match;
		r.tokens[r.open].match = (unsigned)r.count;
		r.open = around;
	}
	*ret = (struct python){r.tokens, r.count, cut};
}

bool python_is(const struct python_token *token, const char *text)
{
	size_t length = token->length;
	if (token->kind != PYTHON_NAME && token->kind != PYTHON_SIGN)
		return false;
	return strlen(text) == length && !memcmp(token->text, text, length);
}

bool python_at(const struct python *python, size_t at, const char *text)
{
	if (at >= python->count)
		return false;
	return python_is(&python->tokens[at], text);
}

bool python_string_is(const struct python_token *token, const char *text)
{
	size_t length = token->length;
	if (token->kind != PYTHON_STRING || strlen(text) != length)
		return false;
	return !strncasecmp(token->text, text, length);
}

size_t python_statement_end(const struct python *python, size_t at)
{
	while (at < python->count && python->tokens[at].kind != PYTHON_LINE)
		at++;
	return at;
}

const char *python_text(struct arena *arena, const struct python_token *token)
{
	return arena_copy(arena, token->text, token->length);
}

static bool is_bracket(const struct python_token *token, const char *brackets)
{
	if (token->kind != PYTHON_SIGN || token->length != 1)
		return false;
	return strchr(brackets, *token->text) != NULL;
}

bool python_opens(const struct python *python, size_t at)
{
	return at < python->count && is_bracket(&python->tokens[at], "([{");
}

size_t python_closing(const struct python *python, size_t open, size_t end)
{
	size_t match = python->tokens[open].match;
	if (match > end)
		return end;
	return match;
}

size_t python_item_end(const struct python *python, size_t at, size_t end)
{
	for (; at < end; at++) {
		const struct python_token *token = &python->tokens[at];
		if (is_bracket(token, "([{"))
			at = python_closing(python, at, end);
		else if (is_bracket(token, ")]}") || python_is(token, ","))
			return at;
	}
	return end;
}
