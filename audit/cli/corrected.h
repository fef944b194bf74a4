/* The corrected command line for an error message: ready to paste, and without words that may be
 * secrets. */
#ifndef HEADROOM_AUDIT_CLI_CORRECTED_H
#define HEADROOM_AUDIT_CLI_CORRECTED_H

#include <stdbool.h>

#include "base/arena.h"

/* The words after "headroom COMMAND", and a word that replaces the one at index `at`, or is
 * inserted before it. */
struct correction {
	const char *command;
	char *const *words;
	int count, at;
	const char *word;
	bool in_front;
};

/* Returns the line, in the arena. It ends with "…" if the rest is too long or must not be shown. */
const char *corrected_line(struct arena *arena, const struct correction *correction);

#endif
