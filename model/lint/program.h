/* Sources of programs: their lines without comments, and what a number in them is an argument of.
 */
#ifndef HEADROOM_MODEL_LINT_PROGRAM_H
#define HEADROOM_MODEL_LINT_PROGRAM_H

#include "model/lint/lint.h"

struct program {
	struct lint_scan *scan;
	struct slice *lines; /* comments cut off */
	size_t count;
	size_t defined; /* constants that were looked for so far */
};

/* A number that may be a port. */
struct program_number {
	size_t line;         /* index */
	struct slice before; /* the line up to it, or up to the text that contains it */
	struct slice host;   /* of "127.0.0.1:54320": what precedes the colon */
	bool in_text;
	struct slice behind; /* what follows it, or the text that contains it */
	unsigned port;
};

/* Takes a file apart (program_lines.c). */
struct program program_open(struct lint_scan *scan, struct slice text);
/* The next number from *at on in a line; advances *at. */
bool program_next(const struct program *source,
		size_t line,
		size_t *at,
		struct program_number *ret);

enum program_call {
	CALL_OTHER,
	CALL_LISTENS,
	CALL_CONNECTS
};
/* What the calls that are open at the end of this part of a line do (program_calls.c). */
enum program_call program_call_of(const struct program *source, size_t line, struct slice before);
/* "listener.bind(", "Server::new(", and not "server.normalize(" (where a call is open at all). */
bool program_call_takes_address(struct slice before);
/* The name that a number is the value of, "port" in "port: 54320"; empty: none. */
struct slice program_label(struct slice before);
struct slice program_fallback_of(const struct program_number *number);
enum program_call program_test_call(struct slice before);
/* The same where it is a separate definition: "const PORT: u16 = 54320;". */
struct slice program_defined(const struct program_number *number);

#endif
