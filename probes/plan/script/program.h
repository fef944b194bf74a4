/* A script with the local modules that it imports, and which parts run when one of its functions
 * does. */
#ifndef HEADROOM_PROBES_PLAN_SCRIPT_PROGRAM_H
#define HEADROOM_PROBES_PLAN_SCRIPT_PROGRAM_H

#include "probes/plan/script/evaluate.h"

enum {
	JS_MODULES_MAX = 100
};

struct js_outside {
	void *user;
	const char *(*environment)(void *user, const char *name);
	/* Returns false if the file must not be read. */
	bool (*read)(void *user, const char *path, const char **ret_bytes, size_t *ret_length);
	struct js_value *(*json)(void *user, struct js_world *world, const char *text);
};

struct js_program {
	struct arena *arena;
	struct js_outside outside;
	struct js_world world;
	struct js_module *modules[JS_MODULES_MAX]; /* the first one is the script itself */
	size_t count;
	const char *unread; /* a local module that could not be read; NULL: none */
	bool cut;           /* a file was longer than the part that was read */
};

/* Reads the script and all modules that it imports by relative paths. */
void js_program_read(struct js_program *program, const char *path, const char *text, size_t length);

/* Returns the place of a token: "shown.js:12". */
const char *js_place(const struct js_program *program, const struct js_module *module, size_t i);

/* Which tokens run: one byte per token for each module. */
struct js_reach {
	unsigned char *tokens[JS_MODULES_MAX];
};

/* Marks what runs when the script is loaded, in all modules: everything except top-level
 * declarations. */
void js_reach_begin(struct js_program *program, struct js_reach *ret);
/* Copies the marks into a new set. */
void js_reach_copy(struct js_program *program, const struct js_reach *reach, struct js_reach *ret);
/* Adds what is reached when the tokens from begin to end of a module run: all top-level
 * declarations that they name. */
void js_reach_add(struct js_program *program,
		struct js_reach *reach,
		struct js_module *module,
		size_t begin,
		size_t end);
/* The same for an export of a module. Returns false if there is no such export. */
bool js_reach_export(struct js_program *program,
		struct js_reach *reach,
		struct js_module *module,
		const char *name);
bool js_reaches(const struct js_program *program,
		const struct js_reach *reach,
		const struct js_module *module,
		size_t i);

#endif
