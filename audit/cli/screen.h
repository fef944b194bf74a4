/* Where the terminal view goes: colors, character set, progress. The one place that reads the
 * environment for that. */
#ifndef HEADROOM_AUDIT_CLI_SCREEN_H
#define HEADROOM_AUDIT_CLI_SCREEN_H

#include <stdbool.h>

#include "audit/cli/options.h"
#include "report/write/write.h"

/* May text on this descriptor have colors? By --color, --no-color, NO_COLOR and TERM. */
bool screen_wants_color(const struct options *options, int fd);
/* For text on standard output. */
struct write_options screen_options(struct arena *arena, const struct options *options);
/* The same for a file: no colors, UTF-8. */
struct write_options screen_file_options(struct arena *arena, const struct options *options);
/* "headroom: TEXT" as one line on standard error; what TEXT quotes may be hostile. */
void screen_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
