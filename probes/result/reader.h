/* Reads what a load test tool wrote about its run, as the bytes arrive. Keeps only figures, so 10
 * GB need as much memory as one byte. Opens no files. The bytes are untrusted. */
#ifndef HEADROOM_PROBES_RESULT_READER_H
#define HEADROOM_PROBES_RESULT_READER_H

#include <stdbool.h>
#include <stddef.h>

#include "model/watch/tool_result.h"

struct result_reader;

/* `results` says where the figures are; kept by reference. The reader lives in the arena. */
struct result_reader *result_open(struct arena *arena, const struct tool_results *results);
void result_add(struct result_reader *reader, const char *bytes, size_t length);
/* Says that something was left out here. */
void result_skip(struct result_reader *reader);
/* Says that another file of the same run begins. */
void result_next(struct result_reader *reader);
/* Fills the figures and the cause. Returns false if nothing in the result was understood. */
bool result_end(struct result_reader *reader, struct tool_result *ret_result);
/* Returns true if the result is useless without its beginning or with a gap, such as one JSON
 * document. */
bool result_is_whole_only(const struct result_reader *reader);

#endif
