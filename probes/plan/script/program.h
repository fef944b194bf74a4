/* A script with the local modules that it imports, and which parts of them run when one of its
 * functions does. */
#ifndef HEADROOM_PROBES_PLAN_SCRIPT_PROGRAM_H
#define HEADROOM_PROBES_PLAN_SCRIPT_PROGRAM_H

#include "probes/plan/script/evaluate.h"

enum {
	JS_MODULES_MAX = 100
};

struct js_outside {
	void *user;
	const char *(*environment)(void *user, const char *name);
	/* False: not to be read. */
	bool (*read)(void *user, const char *path, const char **ret_bytes, size_t *ret_length);
	struct js_value *(*json)(void *user, struct js_world *world, const char *text);
};

struct js_program {
	struct arena *arena;
	struct js_outside outside;
	struct js_world world;
	struct js_module *modules[JS_MODULES_MAX]; /* the script itself is the first */
	size_t count;
	const char *unread; /* a local module that could not be read, or NULL */
	bool cut;           /* a file was longer than what is read of it */
};

/* Reads the script and all modules that it imports by a relative path. */
void js_program_read(struct js_program *program, const char *path, const char *text, size_t length);

/* "shown.js:12", of a token. */
const char *js_place(const struct js_program *program, const struct js_module *module, size_t i);

/* Which tokens run, for each module a byte per token. */
struct js_reach {
	unsigned char *tokens[JS_MODULES_MAX];
};

/* What runs when the script is loaded, in all modules: no declaration of the top does by itself. */
void js_reach_begin(struct js_program *program, struct js_reach *ret);
/* The same again, as a new set. */
void js_reach_copy(struct js_program *program, const struct js_reach *reach, struct js_reach *ret);
/* Adds what is reached when the tokens from begin to end of a module run: everything they name that
 * is declared at the top of a file. */
void js_reach_add(struct js_program *program,
		struct js_reach *reach,
		struct js_module *module,
		size_t begin,
		size_t end);
/* The same of what a module exports. False: there is no such export. */
bool js_reach_export(struct js_program *program,
		struct js_reach *reach,
		struct js_module *module,
		const char *name);
bool js_reaches(const struct js_program *program,
		const struct js_reach *reach,
		const struct js_module *module,
		size_t i);

#endif
