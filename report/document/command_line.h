/* The command line that a document was made by. */
#ifndef HEADROOM_REPORT_DOCUMENT_COMMAND_LINE_H
#define HEADROOM_REPORT_DOCUMENT_COMMAND_LINE_H

#include <cjson/cJSON.h>

#include "base/arena.h"

/* As it may be typed again; what a page cannot show of a word is not taken for it. "": the document
 * has none. */
const char *document_command_line(struct arena *arena, const cJSON *root);

#endif
