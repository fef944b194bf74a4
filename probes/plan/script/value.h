/* Values of a script's expressions, as far as they are known. Nothing is run; a value that is not
 * plain is JS_UNKNOWN. */
#ifndef HEADROOM_PROBES_PLAN_SCRIPT_VALUE_H
#define HEADROOM_PROBES_PLAN_SCRIPT_VALUE_H

#include "probes/plan/script/scope.h"

enum js_type {
	JS_UNKNOWN,
	JS_UNDEFINED, /* and null */
	JS_BOOLEAN,
	JS_NUMERIC,
	JS_TEXT,
	JS_LIST,
	JS_OBJECT,
	JS_FUNCTION
};

struct js_member {
	const char *name; /* "" in a list */
	struct js_value *value;
};

struct js_value {
	enum js_type type;
	double number;    /* of JS_NUMERIC; of JS_BOOLEAN 0 or 1 */
	const char *text; /* of JS_TEXT */
	bool open;        /* JS_TEXT: what follows is not known; JS_LIST, JS_OBJECT: neither is more */
	struct js_member *members;
	size_t count, capacity;
	struct js_module *space;        /* JS_OBJECT: all exports of that module */
	const struct js_module *module; /* where it was read, with the line and the token */
	uint32_t line, at;              /* JS_FUNCTION: the token of its body */
	const char
			*missing; /* of what is unknown or undefined: the variable of __ENV that is not set */
	const struct js_binding *variable; /* or the parameter that decides, of that module */
};

/* One file. */
struct js_module {
	const char *path;
	struct js_scope scope;
	struct js_value **values; /* of its bindings, as far as they were asked for */
	bool *busy;
};

/* What is outside of the text. */
struct js_world {
	struct arena *arena;
	void *user;
	/* __ENV.NAME; NULL: not set. */
	const char *(*environment)(void *user, const char *name);
	/* open("file") in that module; NULL: not to be read. */
	const char *(*file)(void *user, const struct js_module *module, const char *name);
	/* The module that an import means; NULL: not to be read. */
	struct js_module *(*import)(void *user, const struct js_module *module, const char *name);
	/* JSON.parse() of a text; never NULL. */
	struct js_value *(*json)(void *user, const char *text);
	size_t budget;   /* of work: what is left */
	double vu;       /* __VU; 0: not known */
	bool vu_decides; /* __VU was asked for */
	/* A parameter that is taken to have a value; NULL: none is. Nothing is remembered meanwhile. */
	const struct js_binding *assumed;
	struct js_value *assumed_value;
	size_t depth;
};

/* The member of that name; NULL: it has none (which is sure only if the object is not open). */
struct js_value *js_member(const struct js_value *object, const char *name);

/* A new value, and a member added to an object or a list. */
struct js_value *js_value_new(struct js_world *world, enum js_type type);
void js_value_add(struct js_world *world,
		struct js_value *object,
		const char *name,
		struct js_value *value);

#endif
