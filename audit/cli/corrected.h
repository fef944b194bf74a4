/* The command line as it should have been, for a message: ready to be pasted, and without what may
 * be a secret. */
#ifndef HEADROOM_AUDIT_CLI_CORRECTED_H
#define HEADROOM_AUDIT_CLI_CORRECTED_H

#include <stdbool.h>

#include "base/arena.h"

/* The words behind "headroom COMMAND", and one that replaces the word at `at` or is put in front of
 * it. */
struct correction {
	const char *command;
	char *const *words;
	int count, at;
	const char *word;
	bool in_front;
};

/* Ends with "…" where the rest is long, or not to be shown. */
const char *corrected_line(struct arena *arena, const struct correction *correction);

#endif
