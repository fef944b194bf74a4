/* Reads what a load test tool wrote about its run, as the bytes arrive. Only figures are kept, so
 * 10 GB need as much memory as one. Opens nothing. The bytes are untrusted. */
#ifndef HEADROOM_PROBES_RESULT_READER_H
#define HEADROOM_PROBES_RESULT_READER_H

#include <stdbool.h>
#include <stddef.h>

#include "model/watch/tool_result.h"

struct result_reader;

/* `results` say where the figures are; kept by reference. */
struct result_reader *result_open(struct arena *arena, const struct tool_results *results);
void result_add(struct result_reader *reader, const char *bytes, size_t length);
/* Something between what came and what comes was left out. */
void result_skip(struct result_reader *reader);
/* What comes now is another file of the same run. */
void result_next(struct result_reader *reader);
/* Fills the figures and the cause. Returns false if nothing in the result was understood. */
bool result_end(struct result_reader *reader, struct tool_result *ret_result);
/* Is it one JSON document, or of another form that makes no sense without its beginning or with a
 * gap? */
bool result_is_whole_only(const struct result_reader *reader);

#endif
