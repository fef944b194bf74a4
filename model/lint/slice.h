/* A part of a text that is stored elsewhere: not a copy, and not followed by a NUL. */
#ifndef HEADROOM_MODEL_LINT_SLICE_H
#define HEADROOM_MODEL_LINT_SLICE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

struct slice {
	const char *at; /* NULL only if length is 0 */
	size_t length;
};

struct slice slice_of(const char *text);
struct slice slice_between(const char *from, const char *end);
/* Returns the slice without its first `count` bytes; empty if it has no more than that. */
struct slice slice_after(struct slice slice, size_t count);
struct slice slice_cut(struct slice slice, size_t length); /* its first bytes */
const char *slice_end(struct slice slice);
char slice_byte(struct slice slice, size_t index); /* '\0' beyond the end */

bool slice_is(struct slice slice, const char *text);
bool slice_same(struct slice a, struct slice b);
bool slice_is_folded(struct slice slice, const char *lower); /* ignoring case */
bool slice_begins(struct slice slice, const char *start);
bool slice_begins_any(struct slice slice, const char *const *starts); /* NULL-terminated */
bool slice_ends(struct slice slice, const char *end);
bool slice_in(struct slice slice, const char *const *names); /* NULL-terminated */
/* slice_find returns where the slice contains the text, or NULL; slice_find_folded ignores case. */
const char *slice_find(struct slice slice, const char *text);
bool slice_find_any(struct slice slice, const char *const *texts); /* NULL-terminated */
const char *slice_find_folded(struct slice slice, const char *lower);
const char *slice_char(struct slice slice, char c);
const char *slice_last_char(struct slice slice, char c);

struct slice slice_trim(struct slice slice);    /* without blanks at either end */
struct slice slice_unquote(struct slice slice); /* … and without a pair of quotes around it */
/* Takes the next line off *text, without its line end. Returns false if none is left. */
bool slice_line(struct slice *text, struct slice *ret_line);
size_t slice_indent(struct slice line); /* blanks at its start */
char *slice_text(struct arena *arena, struct slice slice);

#endif
