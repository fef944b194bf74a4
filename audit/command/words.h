/* The words that a shell may complete. The scripts of completions.h ask for them when Tab is
 * pressed, so they always match the installed program. */
#ifndef HEADROOM_AUDIT_COMMAND_WORDS_H
#define HEADROOM_AUDIT_COMMAND_WORDS_H

#include <stdbool.h>

#include "audit/cli/command.h"
#include "base/text.h"

/* Appends the words of a kind, one per line: presets, topics, limits, images, providers, emits,
 * formats, schemas. Returns false with err if there is no such kind or a built-in file cannot be
 * read. */
bool words_add(const struct run *run, const char *kind, struct text *out, struct error *err);

/* Returns what completes the argument of an option, or the arguments of a command: "files",
 * "directories", a kind of words_add(), or a list of words with blanks between them. NULL if
 * nothing is known. */
const char *words_of_option(const char *name);
const char *words_of_command(enum command_id command);

#endif
