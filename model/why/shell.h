/* Words for a POSIX shell: what the host calls something must not run anything when it is pasted.
 */
#ifndef HEADROOM_MODEL_WHY_SHELL_H
#define HEADROOM_MODEL_WHY_SHELL_H

#include "base/arena.h"

/* The text as one word of a command, in quotes where it needs them. NULL: it has control characters
 * or is empty, and no command is made of it. */
const char *shell_word(struct arena *arena, const char *text);

#endif
