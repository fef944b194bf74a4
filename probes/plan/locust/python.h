/* Python source as tokens: names, numbers, strings and signs, each with its line and the
 * indentation of its statement. Comments are left out. Nothing is run, and no grammar is checked:
 * any text gives tokens, even if it is not Python. */
#ifndef HEADROOM_PROBES_PLAN_LOCUST_PYTHON_H
#define HEADROOM_PROBES_PLAN_LOCUST_PYTHON_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

enum python_kind {
	PYTHON_NAME,
	PYTHON_NUMBER,
	PYTHON_STRING, /* without prefix and quotes, escapes as they are written */
	PYTHON_SIGN,   /* one character, or "**", "//", "->", "==", "<=", ">=", "!=", "+=", "-=" … */
	PYTHON_LINE    /* a statement ends */
};

struct python_token {
	const char *text; /* in the source; not NUL-terminated */
	unsigned length, line;
	unsigned indent; /* columns before its statement; a tab counts as 8 */
	unsigned match;  /* of an opening bracket: the index of the one that closes it, or the count */
	enum python_kind kind : 8;
	bool formatted; /* f"…": text in braces is code */
};

struct python {
	const struct python_token *tokens;
	size_t count; /* the last one is PYTHON_LINE */
	bool cut;     /* there is more than is read here */
};

/* Linear in the length. The tokens live in the arena and point into `text`. */
void python_read(struct arena *arena, const char *text, size_t length, struct python *ret);

/* Is it this name or sign? Never true of a string. */
bool python_is(const struct python_token *token, const char *text);

/* The same for the token at that index; false after the last one. */
bool python_at(const struct python *python, size_t at, const char *text);

/* Is it a string that says so, in any case? */
bool python_string_is(const struct python_token *token, const char *text);

/* Is this token an opening bracket? */
bool python_opens(const struct python *python, size_t at);

/* The end of the statement that `at` is in. */
size_t python_statement_end(const struct python *python, size_t at);

/* Its text as a string in the arena. */
const char *python_text(struct arena *arena, const struct python_token *token);

/* The index of the bracket that closes the one at `open`, at most `end`. */
size_t python_closing(const struct python *python, size_t open, size_t end);

/* The end of the expression that begins at `at`: the next "," or closing bracket on its own level,
 * or `end`. */
size_t python_item_end(const struct python *python, size_t at, size_t end);

#endif
