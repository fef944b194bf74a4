/* Completion scripts for the shells, made from the tables of options and commands. When Tab is
 * pressed, a script gets all other words from headroom help --words KIND (words.h). */
#ifndef HEADROOM_AUDIT_COMMAND_COMPLETIONS_H
#define HEADROOM_AUDIT_COMMAND_COMPLETIONS_H

#include "base/text.h"

void completion_bash(struct text *out);
void completion_zsh(struct text *out);
void completion_fish(struct text *out);

#endif
