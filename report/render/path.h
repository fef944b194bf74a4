/* The small language of the template's data-* attributes: paths into the audit document,
 * conditions, formatters. An expression is checked against the shape of documents first, without a
 * document, and evaluated later.
 *
 *   operand    name.name      from the root
 *              .name.name     from the current item
 *              .              the item itself
 *              @key @number   its key in an object; its position, from 1
 *              'text' 12      constants (in conditions only)
 *   value      operand | formatter argument | formatter …
 *   condition  operand, known operand, operand == operand (!= < >), not, and, or
 *   pattern    text with {value}s in it; without braces it is one value
 *
 * Absent, null, false, 0, "", [] and {} count as false. Nothing here computes a number. */
#ifndef HEADROOM_REPORT_RENDER_PATH_H
#define HEADROOM_REPORT_RENDER_PATH_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"

/* Where an expression is evaluated: the item of the innermost data-each. */
struct scope {
	struct arena *arena;
	const cJSON *root;
	const cJSON *item;   /* NULL outside data-each */
	const cJSON *parent; /* the array or object that contains `item` */
	size_t number;       /* position, from 1 */
};

/* Return false with err if the expression does not fit the shape: the dotted path of the current
 * item, "" at the root. */
bool path_check_value(const char *text, const char *shape, struct error *err);
bool path_check_pattern(const char *text, const char *shape, struct error *err);
bool path_check_condition(const char *text, const char *shape, struct error *err);
/* Checks a list to loop over and gives the shape of its items, in the arena. */
bool path_check_list(struct arena *arena,
		const char *text,
		const char *shape,
		const char **ret_shape,
		struct error *err);

/* Evaluate a text that was checked before. Results live in the arena, cleaned by text_clean. */
const char *path_pattern(const struct scope *scope, const char *text);
bool path_condition(const struct scope *scope, const char *text);
const cJSON *path_list(const struct scope *scope, const char *text); /* array, object or NULL */

/* Returns true if `name` is a member of the objects at this dotted path; "" is the root. */
bool shape_has(const char *shape, const char *name);
/* Returns the shape of the document that `shape` is in: "" for an audit, SHAPE_FLEET for a fleet,
 * SHAPE_ANSWER for documents with a page in report/answer/. */
#define SHAPE_FLEET  "fleet"
#define SHAPE_ANSWER "answer"
const char *shape_root(const char *shape);

#endif
