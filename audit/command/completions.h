/* Completion for the shells, made from the option and command tables. Words that are no options are
 * asked for when Tab is pressed: headroom help --words KIND (words.h). */
#ifndef HEADROOM_AUDIT_COMMAND_COMPLETIONS_H
#define HEADROOM_AUDIT_COMMAND_COMPLETIONS_H

#include "base/text.h"

void completion_bash(struct text *out);
void completion_zsh(struct text *out);
void completion_fish(struct text *out);

#endif
