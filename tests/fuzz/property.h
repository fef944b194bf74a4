/* Properties of every output, whatever the input was. A broken property aborts the program with its
 * name and the text on standard error. */
#ifndef HEADROOM_TESTS_FUZZ_PROPERTY_H
#define HEADROOM_TESTS_FUZZ_PROPERTY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

/* Aborts unless `truth` is true. `text` may be NULL. */
void demand(bool truth, const char *what, const char *text);

/* For texts that people see: UTF-8 without control characters other than tabs and line ends,
 * without characters that change the direction of writing, and without commands to a CI runner
 * other than headroom's annotations. Colors are allowed if `colored`. */
void demand_harmless(const char *what, const struct text *text, bool colored);

/* Checks only that no line is a command to a CI runner. */
void demand_no_command(const char *what, const char *text);

/* Well-formed XML. */
void demand_xml(const char *what, const struct text *text);

#endif
