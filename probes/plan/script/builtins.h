/* Built-ins of JavaScript and k6, as far as scripts use them for constants. */
#ifndef HEADROOM_PROBES_PLAN_SCRIPT_BUILTINS_H
#define HEADROOM_PROBES_PLAN_SCRIPT_BUILTINS_H

#include "probes/plan/script/value.h"

/* Returns the value as text for insertion into another text; NULL: not even its beginning is
 * known. */
const char *js_as_text(struct js_world *world, const struct js_value *value);
bool js_as_number(const struct js_value *value, double *ret);
/* Returns 1 if it counts as true, 0 if as false, -1 if that is not known. */
int js_truth(const struct js_value *value);
/* Returns 1 if they are equal, 0 if not, -1 if that is not known. */
int js_same(const struct js_value *a, const struct js_value *b);

/* Returns a name that no file declares: __ENV, JSON, open … */
struct js_value *js_global(struct js_world *world, const char *name);
/* Returns the member of the module k6/execution with this name, as far as it contains the VU's
 * number. */
struct js_value *js_execution(struct js_world *world, const char *name);
bool js_is_environment(const struct js_value *value);
/* Returns a member of a text, of a list, or of such a name. */
struct js_value *js_text_member(struct js_world *world,
		const struct js_value *object,
		const char *name);
/* Calls what js_global() or js_text_member() returned. */
struct js_value *js_call(struct js_world *world,
		struct js_module *module,
		const struct js_value *callee,
		const struct js_value *arguments);
/* Returns the text of new URL(…). */
struct js_value *js_url(struct js_world *world, const struct js_value *arguments);

#endif
