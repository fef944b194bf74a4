/* What the names of a script mean: declarations with the part of the file in which they are valid,
 * imports and exports. Found from the text alone; an unclear name means something unknown. */
#ifndef HEADROOM_PROBES_PLAN_SCRIPT_SCOPE_H
#define HEADROOM_PROBES_PLAN_SCRIPT_SCOPE_H

#include "probes/plan/script/tokens.h"

enum js_bound {
	JS_BOUND_VALUE,    /* const, let, or var with a value that is never assigned again */
	JS_BOUND_VARIABLE, /* a parameter, a loop variable, or assigned again: not known */
	JS_BOUND_FUNCTION,
	JS_BOUND_CLASS,
	JS_BOUND_IMPORT
};

struct js_binding {
	enum js_bound kind;
	bool constant; /* declared with const */
	bool changed;  /* one of its members is set somewhere, so its content is not known */
	bool extended; /* a list that is extended somewhere */
	const char *name;
	size_t at;               /* token of its name */
	size_t from, to;         /* tokens in which it is valid: from ≤ i < to */
	size_t begin, end;       /* tokens of its declaration */
	size_t value;            /* first token of its value; 0: none */
	size_t otherwise;        /* in a pattern, first token of the default; 0: none */
	const char *member;      /* member of the value, or name of the export; NULL: the whole value */
	const char *module;      /* for an import: the module as written */
	uint32_t next, next_top; /* 1 + index of the next with the same hash; 0: none */
};

/* An export: the local name or the expression that other modules see. */
struct js_export {
	const char *name;   /* "default", or "*" for all of the module's exports */
	const char *local;  /* NULL: an expression */
	const char *module; /* for `export … from`, else NULL */
	size_t begin, end;  /* tokens of the expression, or of the whole */
};

struct js_scope {
	struct js_tokens tokens;
	struct js_binding *bindings;
	size_t count, capacity;
	struct js_export *exports;
	size_t export_count, export_capacity;
	uint32_t *hash, *top; /* 1 + index, for all bindings and for those at the top of the file */
	size_t hash_size;
};

/* Finds the declarations; the tokens must have been read. */
void js_scope_read(struct arena *arena, struct js_scope *scope);

/* Returns the innermost declaration of the name that is valid at token i, or NULL if this file has
 * none. Each search uses up some of the budget; without budget it returns NULL. */
const struct js_binding *js_find(const struct js_scope *scope,
		const char *name,
		size_t i,
		size_t *budget);
/* The same for declarations at the top of the file only. */
const struct js_binding *js_find_top(const struct js_scope *scope, const char *name);
const struct js_binding *js_find_top_token(const struct js_scope *scope, size_t i);
const struct js_export *js_find_export(const struct js_scope *scope, const char *name);
bool js_is_top(const struct js_scope *scope, const struct js_binding *binding);

/* Returns the token after the expression that begins at i: a comma, a semicolon, a closing bracket,
 * or a token on a new line that does not continue the expression. */
size_t js_expression_end(const struct js_tokens *tokens, size_t i);

#endif
