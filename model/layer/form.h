/* Writes a fix in the form of the layer that sets the limit: what to type, which file keeps it,
 * what to restart. Leaves out what has no effect in that layer. */
#ifndef HEADROOM_MODEL_LAYER_FORM_H
#define HEADROOM_MODEL_LAYER_FORM_H

#include "model/layer/fix_form.h"

struct fix_form form_of(const struct form_question *question);

/* Raises RLIMIT_NOFILE or RLIMIT_NPROC of the running program with prlimit(1), instead of
 * restarting it. The file that keeps the value stays the same. */
void form_raise_running(const struct form_question *question,
		enum subject subject,
		struct fix_form *form);
/* Makes the commands run in the network namespace of the process, if that is a different one. */
void form_enter_network(const struct form_question *question, struct shell_script *script);

#endif
