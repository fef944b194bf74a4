/* What the harnesses ask of every output, whatever the input was. A broken property aborts, with
 * its name and the text on the standard error. */
#ifndef HEADROOM_TESTS_FUZZ_PROPERTY_H
#define HEADROOM_TESTS_FUZZ_PROPERTY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

/* Aborts unless `truth` holds. `text` may be NULL. */
void demand(bool truth, const char *what, const char *text);

/* A text that people see: UTF-8 without control characters but tabs and ends of lines, without
 * characters that change the direction of writing, and no line is a command to the runner of a CI
 * system but headroom's own annotations. Colors are allowed if `colored`. */
void demand_harmless(const char *what, const struct text *text, bool colored);

/* The last of these alone. */
void demand_no_command(const char *what, const char *text);

/* Well-formed XML. */
void demand_xml(const char *what, const struct text *text);

#endif
