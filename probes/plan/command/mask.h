/* What of a command line may go into a report. Kept is what is understood: names of options,
 * numbers, files, addresses, and a few words that are known to be harmless. All else may be a
 * secret and becomes "***". */
#ifndef HEADROOM_PROBES_PLAN_COMMAND_MASK_H
#define HEADROOM_PROBES_PLAN_COMMAND_MASK_H

#include <stddef.h>

#include "base/arena.h"
#include "base/list.h"

/* Masks a load test's command line, word by word. Texts after `sh -c` are split as the shell does
 * it, and joined again. */
struct name_list mask_command(struct arena *arena, const char *const *words, size_t count);

/* The same with a blank between two words. */
const char *mask_line(struct arena *arena, const char *const *words, size_t count);

/* Masks headroom's own command line. Of its own options, only credentials in URLs are hidden; what
 * follows "--" is the load test. */
struct name_list mask_own_command(struct arena *arena, const char *const *words, size_t count);

/* A message about a command line, for a report: what it quotes is masked like a word. */
const char *mask_message(struct arena *arena, const char *message);

#endif
