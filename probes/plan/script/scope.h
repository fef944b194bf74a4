/* What a script's names mean: declarations with the part of the file in which they count, imports
 * and exports. Found from the text alone; if that is not clear, the name means something unknown.
 */
#ifndef HEADROOM_PROBES_PLAN_SCRIPT_SCOPE_H
#define HEADROOM_PROBES_PLAN_SCRIPT_SCOPE_H

#include "probes/plan/script/tokens.h"

enum js_bound {
	JS_BOUND_VALUE,    /* const, let, var with a value, never assigned again */
	JS_BOUND_VARIABLE, /* a parameter, a loop's variable, or assigned again: not known */
	JS_BOUND_FUNCTION,
	JS_BOUND_CLASS,
	JS_BOUND_IMPORT
};

struct js_binding {
	enum js_bound kind;
	bool constant; /* declared by const */
	bool changed;  /* a member of it is set somewhere: its content is not known */
	bool extended; /* a list to which more is added somewhere */
	const char *name;
	size_t at;               /* the token of its name */
	size_t from, to;         /* the tokens in which it counts: from ≤ i < to */
	size_t begin, end;       /* the tokens of its declaration */
	size_t value;            /* the first token of what it is set to; 0: nothing */
	size_t otherwise;        /* in a pattern, the first token of the default; 0: none */
	const char *member;      /* which member of the value, or which export; NULL: the whole */
	const char *module;      /* of an import: as written */
	uint32_t next, next_top; /* the next of that hash, + 1 */
};

/* `export …`: the local name or the expression that other modules see. */
struct js_export {
	const char *name;   /* "default", "*": all of the module's */
	const char *local;  /* NULL: an expression */
	const char *module; /* of `export … from`, else NULL */
	size_t begin, end;  /* the tokens of the expression, or of the whole */
};

struct js_scope {
	struct js_tokens tokens;
	struct js_binding *bindings;
	size_t count, capacity;
	struct js_export *exports;
	size_t export_count, export_capacity;
	uint32_t *hash, *top; /* of all bindings, and of those at the top of the file, + 1 */
	size_t hash_size;
};

/* The tokens are read already. */
void js_scope_read(struct arena *arena, struct js_scope *scope);

/* The declaration of the name that is valid at token i, the innermost one; NULL: not declared in
 * this file. Each search lowers the budget; once that is used up, there is no answer. */
const struct js_binding *js_find(const struct js_scope *scope,
		const char *name,
		size_t i,
		size_t *budget);
/* The same among the declarations at the top of the file. */
const struct js_binding *js_find_top(const struct js_scope *scope, const char *name);
const struct js_binding *js_find_top_token(const struct js_scope *scope, size_t i);
const struct js_export *js_find_export(const struct js_scope *scope, const char *name);
bool js_is_top(const struct js_scope *scope, const struct js_binding *binding);

/* The token after the expression that begins at i: a comma, a semicolon, a closing bracket, or a
 * token on a new line that does not continue the expression. */
size_t js_expression_end(const struct js_tokens *tokens, size_t i);

#endif
