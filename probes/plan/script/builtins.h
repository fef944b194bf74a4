/* What JavaScript and k6 bring along, as far as constants are made with it. */
#ifndef HEADROOM_PROBES_PLAN_SCRIPT_BUILTINS_H
#define HEADROOM_PROBES_PLAN_SCRIPT_BUILTINS_H

#include "probes/plan/script/value.h"

/* The value as it is put into another text; NULL: not known, not even how it begins. */
const char *js_as_text(struct js_world *world, const struct js_value *value);
bool js_as_number(const struct js_value *value, double *ret);
/* 1: it counts as true; 0: false; -1: not known. */
int js_truth(const struct js_value *value);
/* 1: equal; 0: not; -1: not known. */
int js_same(const struct js_value *a, const struct js_value *b);

/* A name that no file declares: __ENV, JSON, open … */
struct js_value *js_global(struct js_world *world, const char *name);
/* What the module k6/execution has under that name, as far as the number of the VU is in it. */
struct js_value *js_execution(struct js_world *world, const char *name);
bool js_is_environment(const struct js_value *value);
/* A member of a text, a list or such a name. */
struct js_value *js_text_member(struct js_world *world,
		const struct js_value *object,
		const char *name);
/* Calls what js_global() or js_text_member() gave. */
struct js_value *js_call(struct js_world *world,
		struct js_module *module,
		const struct js_value *callee,
		const struct js_value *arguments);
/* new URL(…): the text of it. */
struct js_value *js_url(struct js_world *world, const struct js_value *arguments);

#endif
