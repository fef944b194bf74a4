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
	double number;    /* for JS_NUMERIC; for JS_BOOLEAN 0 or 1 */
	const char *text; /* for JS_TEXT */
	bool open;        /* more may follow that is not known: for JS_TEXT, JS_LIST and JS_OBJECT */
	struct js_member *members;
	size_t count, capacity;
	struct js_module *space;        /* JS_OBJECT: all exports of that module */
	const struct js_module *module; /* the module it was read in */
	uint32_t line, at;              /* line, and for JS_FUNCTION the token of its body */
	/* If unknown or undefined: the variable of __ENV that is not set; NULL: none. */
	const char *missing;
	/* … or the parameter in that module that decides; NULL: none. */
	const struct js_binding *variable;
};

/* One file. */
struct js_module {
	const char *path;
	struct js_scope scope;
	struct js_value **values; /* one for each binding; NULL: not evaluated yet */
	bool *busy;
};

/* The surroundings of the text. */
struct js_world {
	struct arena *arena;
	void *user;
	/* Returns __ENV.NAME, or NULL if it is not set. */
	const char *(*environment)(void *user, const char *name);
	/* Returns the content of open("file") in that module, or NULL if it must not be read. */
	const char *(*file)(void *user, const struct js_module *module, const char *name);
	/* Returns the imported module, or NULL if it must not be read. */
	struct js_module *(*import)(void *user, const struct js_module *module, const char *name);
	/* Returns the value of JSON.parse(); never NULL. */
	struct js_value *(*json)(void *user, const char *text);
	size_t budget;   /* remaining work */
	double vu;       /* __VU; 0: not known */
	bool vu_decides; /* a value depended on __VU */
	/* A parameter that is assumed to have a value; NULL: none. Meanwhile no values are cached. */
	const struct js_binding *assumed;
	struct js_value *assumed_value;
	size_t depth;
};

/* Returns the member with this name, or NULL if it is not there (which is certain only if the
 * object is not open). */
struct js_value *js_member(const struct js_value *object, const char *name);

/* js_value_new returns a new value; js_value_add adds a member to an object or a list. */
struct js_value *js_value_new(struct js_world *world, enum js_type type);
void js_value_add(struct js_world *world,
		struct js_value *object,
		const char *name,
		struct js_value *value);

#endif
