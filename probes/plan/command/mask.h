/* Decides what of a command line may go into a report. Only understood words are kept: option
 * names, numbers, files, addresses, and a few words known to be harmless. Everything else may be
 * secret and becomes "***". */
#ifndef HEADROOM_PROBES_PLAN_COMMAND_MASK_H
#define HEADROOM_PROBES_PLAN_COMMAND_MASK_H

#include <stddef.h>

#include "base/arena.h"
#include "base/list.h"

/* Masks a load test's command line word by word. A text after `sh -c` is split like a shell does
 * and joined again. */
struct name_list mask_command(struct arena *arena, const char *const *words, size_t count);

/* The same, joined with blanks. */
const char *mask_line(struct arena *arena, const char *const *words, size_t count);

/* Masks headroom's command line. In headroom's options only credentials in URLs are hidden; the
 * words after "--" are a load test. */
struct name_list mask_own_command(struct arena *arena, const char *const *words, size_t count);

/* Masks the quotations in a message about a command line, for a report. */
const char *mask_message(struct arena *arena, const char *message);

#endif
