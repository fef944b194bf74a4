/* Python source as tokens: names, numbers, strings and signs, each with its line and the
 * indentation of its statement. Comments are dropped. Nothing is run and no grammar is checked: any
 * text gives tokens, even if it is not Python. */
#ifndef HEADROOM_PROBES_PLAN_LOCUST_PYTHON_H
#define HEADROOM_PROBES_PLAN_LOCUST_PYTHON_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

enum python_kind {
	PYTHON_NAME,
	PYTHON_NUMBER,
	PYTHON_STRING, /* without prefix and quotes; escapes stay as written */
	PYTHON_SIGN,   /* one character, or "**", "//", "->", "==", "<=", ">=", "!=", "+=", "-=" … */
	PYTHON_LINE    /* end of a statement */
};

struct python_token {
	const char *text; /* points into the source; not NUL-terminated */
	unsigned length, line;
	unsigned indent; /* columns before the statement; a tab counts as 8 */
	unsigned match;  /* for an opening bracket: index of its closing one, or the number of tokens */
	enum python_kind kind : 8;
	bool formatted; /* f"…": text in braces is code */
};

struct python {
	const struct python_token *tokens;
	size_t count; /* the last token is PYTHON_LINE */
	bool cut;     /* the source has more than was read */
};

/* Takes time linear in the length. The tokens live in the arena and point into `text`. */
void python_read(struct arena *arena, const char *text, size_t length, struct python *ret);

/* Returns true if the token is this name or sign; never for a string. */
bool python_is(const struct python_token *token, const char *text);

/* The same for the token at an index; false after the last one. */
bool python_at(const struct python *python, size_t at, const char *text);

/* Returns true if the token is this string, ignoring case. */
bool python_string_is(const struct python_token *token, const char *text);

/* Returns true if the token is an opening bracket. */
bool python_opens(const struct python *python, size_t at);

/* Returns the end of the statement that contains `at`. */
size_t python_statement_end(const struct python *python, size_t at);

/* Returns the token's text, copied into the arena. */
const char *python_text(struct arena *arena, const struct python_token *token);

/* Returns the index of the bracket that closes the one at `open`, at most `end`. */
size_t python_closing(const struct python *python, size_t open, size_t end);

/* Returns the end of the expression that begins at `at`: the next "," or closing bracket at its
 * level, or `end`. */
size_t python_item_end(const struct python *python, size_t at, size_t end);

#endif
