/* Help texts and the manual page, made from the option and command tables. */
#ifndef HEADROOM_AUDIT_COMMAND_HELP_PAGES_H
#define HEADROOM_AUDIT_COMMAND_HELP_PAGES_H

#include "audit/cli/command.h"
#include "base/text.h"

void help_short(struct text *out);                            /* `headroom` alone */
void help_command(enum command_id command, struct text *out); /* one screen: 80 × 24 */
void help_workload(struct text *out);                         /* the workload flags, grouped */
void help_man(struct text *out);                              /* headroom(1), in man(7) */

#endif
