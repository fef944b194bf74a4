/* A fix in the form of the layer that sets the limit: what to type, which file keeps it, what to
 * restart. What has no effect in that layer is left out. */
#ifndef HEADROOM_MODEL_LAYER_FORM_H
#define HEADROOM_MODEL_LAYER_FORM_H

#include "model/layer/fix_form.h"

struct fix_form form_of(const struct form_question *question);

/* Instead of restarting the program: raises its RLIMIT_NOFILE or RLIMIT_NPROC while it runs
 * (prlimit(1)). The file that keeps the value does not change. */
void form_raise_running(const struct form_question *question,
		enum subject subject,
		struct fix_form *form);
/* Commands in the network namespace of the process that runs; as they are where it has no other. */
void form_enter_network(const struct form_question *question, struct shell_script *script);

#endif
