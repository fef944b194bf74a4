/* The command line that a document was made by. */
#ifndef HEADROOM_REPORT_DOCUMENT_COMMAND_LINE_H
#define HEADROOM_REPORT_DOCUMENT_COMMAND_LINE_H

#include <cjson/cJSON.h>

#include "base/arena.h"

/* The command as it can be typed again; "…" for a word that a page cannot show exactly. "": the
 * document has no command line. */
const char *document_command_line(struct arena *arena, const cJSON *root);

#endif
