/* How to show text on the terminal: colors, character set, progress. Only this file reads the
 * environment for that. */
#ifndef HEADROOM_AUDIT_CLI_SCREEN_H
#define HEADROOM_AUDIT_CLI_SCREEN_H

#include <stdbool.h>

#include "audit/cli/options.h"
#include "report/write/write.h"

/* Returns true if text on this descriptor may have colors, according to --color, --no-color,
 * NO_COLOR and TERM. */
bool screen_wants_color(const struct options *options, int fd);
/* Returns the options for text on standard output. */
struct write_options screen_options(struct arena *arena, const struct options *options);
/* The same for a file: no colors, UTF-8. */
struct write_options screen_file_options(struct arena *arena, const struct options *options);
/* Writes "headroom: TEXT" as one line to standard error. Quotations in TEXT may be hostile. */
void screen_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
