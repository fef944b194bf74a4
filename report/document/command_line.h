/* The command line that made a document. */
#ifndef HEADROOM_REPORT_DOCUMENT_COMMAND_LINE_H
#define HEADROOM_REPORT_DOCUMENT_COMMAND_LINE_H

#include <cjson/cJSON.h>

#include "base/arena.h"

/* Returns the command in a form that can be typed again, with "…" for a word that a page cannot
 * show exactly. "" if the document has no command line. */
const char *document_command_line(struct arena *arena, const cJSON *root);

#endif
