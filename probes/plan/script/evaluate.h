/* What an expression of a script is, where its text says so plainly: literals, constants by name,
 * members, templates, the usual operators, `__ENV`, what other modules export. */
#ifndef HEADROOM_PROBES_PLAN_SCRIPT_EVALUATE_H
#define HEADROOM_PROBES_PLAN_SCRIPT_EVALUATE_H

#include "probes/plan/script/value.h"

/* Reads the file's tokens and scope. */
struct js_module *js_module_read(struct arena *arena,
		const char *path,
		const char *text,
		size_t length);

/* The expression that begins at token i. Never NULL. */
struct js_value *js_value_at(struct js_world *world, struct js_module *module, size_t i);
/* What a module exports under that name. */
struct js_value *js_value_exported(struct js_world *world,
		struct js_module *module,
		const char *name);

#endif
