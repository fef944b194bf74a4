/* Errors: one text that can be printed unchanged and says what failed, where, and what to do. */
#ifndef HEADROOM_BASE_ERROR_H
#define HEADROOM_BASE_ERROR_H

#include <stdbool.h>

/* The kind decides the exit code: 2 for the user's input, 1 for a failure of headroom itself. */
enum error_kind {
	ERROR_NONE,
	ERROR_INPUT,
	ERROR_INTERNAL
};

struct error {
	enum error_kind kind;
	char text[1024];
};

/* error_set reports bad input, error_fail a failure of headroom. Both return false, so that callers
 * can write `return error_set(err, …)`. A second call on the same err replaces the first. err must
 * not be NULL. */
bool error_set(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool error_fail(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
