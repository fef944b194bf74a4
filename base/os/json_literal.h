/* Strings and numbers of JSON (RFC 8259), checked strictly because the bytes are untrusted. */
#ifndef HEADROOM_BASE_OS_JSON_LITERAL_H
#define HEADROOM_BASE_OS_JSON_LITERAL_H

#include <stdbool.h>
#include <stddef.h>

/* A place in the text. */
struct json_cursor {
	const unsigned char *bytes;
	size_t length, at;
	const char *problem; /* what is wrong at `at`; NULL: nothing so far */
};

/* Returns the byte at the cursor, or -1 at the end of the text. */
static inline int json_cursor_peek(const struct json_cursor *cursor)
{
	if (cursor->at == cursor->length)
		return -1;
	return cursor->bytes[cursor->at];
}

/* Records the problem; always returns false. */
static inline bool json_cursor_fail(struct json_cursor *cursor, const char *problem)
{
	cursor->problem = problem;
	return false;
}

/* Moves the cursor from the first byte of the literal to the byte after its last. Returns false
 * with the problem and its place in the cursor. */
bool json_literal_string(struct json_cursor *cursor);
bool json_literal_number(struct json_cursor *cursor);

#endif
