/* Source code of programs: its lines without comments, and which call a number is an argument
 * of. */
#ifndef HEADROOM_MODEL_LINT_PROGRAM_H
#define HEADROOM_MODEL_LINT_PROGRAM_H

#include "model/lint/lint.h"

struct program {
	struct lint_scan *scan;
	struct slice *lines; /* without comments */
	size_t count;
	size_t defined; /* how many constants were looked up so far */
};

/* A number that may be a port. */
struct program_number {
	size_t line;         /* index into lines */
	struct slice before; /* the line before the number, or before the text that contains it */
	struct slice host;   /* in "127.0.0.1:54320" the part before the colon */
	bool in_text;
	struct slice behind; /* the line after the number, or after the text that contains it */
	unsigned port;
};

/* Splits a source file into lines (program_lines.c). */
struct program program_open(struct lint_scan *scan, struct slice text);
/* Finds the next number in a line from *at on and advances *at. Returns false if there is none. */
bool program_next(const struct program *source,
		size_t line,
		size_t *at,
		struct program_number *ret);

enum program_call {
	CALL_OTHER,
	CALL_LISTENS,
	CALL_CONNECTS
};
/* Says what the call that is still open at the end of `before` does (program_calls.c). */
enum program_call program_call_of(const struct program *source, size_t line, struct slice before);
/* Returns true if the open call takes an address: "listener.bind(" or "Server::new(", not
 * "server.normalize(". Also true if no call is open. */
bool program_call_takes_address(struct slice before);
/* Returns the name that a number is the value of: "port" in "port: 54320". Empty: none. */
struct slice program_label(struct slice before);
struct slice program_fallback_of(const struct program_number *number);
enum program_call program_test_call(struct slice before);
/* Returns the name in a definition on a separate line: "const PORT: u16 = 54320;". Empty: none. */
struct slice program_defined(const struct program_number *number);

#endif
