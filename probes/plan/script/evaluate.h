/* Evaluates expressions of a script if their text is plain: literals, named constants, members,
 * templates, the usual operators, `__ENV`, and exports of other modules. */
#ifndef HEADROOM_PROBES_PLAN_SCRIPT_EVALUATE_H
#define HEADROOM_PROBES_PLAN_SCRIPT_EVALUATE_H

#include "probes/plan/script/value.h"

/* Reads a file's tokens and scope. */
struct js_module *js_module_read(struct arena *arena,
		const char *path,
		const char *text,
		size_t length);

/* Returns the value of the expression that begins at token i. Never NULL. */
struct js_value *js_value_at(struct js_world *world, struct js_module *module, size_t i);
/* Returns what a module exports under this name. */
struct js_value *js_value_exported(struct js_world *world,
		struct js_module *module,
		const char *name);

#endif
