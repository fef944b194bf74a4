/* The small language of the template's data-* attributes: paths into the audit document,
 * conditions, formatters. It is checked against the document's shape without a document, and
 * evaluated later.
 *
 *   operand    name.name      from the root
 *              .name.name     from the current item
 *              .              the item itself
 *              @key @number   its key in an object; its position, from 1
 *              'text' 12      constants (conditions only)
 *   value      operand | formatter argument | formatter …
 *   condition  operand, known operand, operand == operand (!= < >), not, and, or
 *   pattern    text with {value}s in it; without braces it is one value
 *
 * False are: absent, null, false, 0, "", [] and {}. Nothing here computes a number. */
#ifndef HEADROOM_REPORT_RENDER_PATH_H
#define HEADROOM_REPORT_RENDER_PATH_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"

/* The place of an expression: the item of the innermost data-each. */
struct scope {
	struct arena *arena;
	const cJSON *root;
	const cJSON *item;   /* NULL outside data-each */
	const cJSON *parent; /* what `item` is an element of */
	size_t number;       /* from 1 */
};

/* The shape an expression is checked against: the dotted path of the current item, "" at the root.
 */
bool path_check_value(const char *text, const char *shape, struct error *err);
bool path_check_pattern(const char *text, const char *shape, struct error *err);
bool path_check_condition(const char *text, const char *shape, struct error *err);
/* A list to loop over; the shape of its items goes to ret_shape (in the arena). */
bool path_check_list(struct arena *arena,
		const char *text,
		const char *shape,
		const char **ret_shape,
		struct error *err);

/* These rely on a text that was checked before. Results live in the arena; control characters and
 * the like are replaced (text_clean). */
const char *path_pattern(const struct scope *scope, const char *text);
bool path_condition(const struct scope *scope, const char *text);
const cJSON *path_list(const struct scope *scope, const char *text); /* array, object or NULL */

/* Is `name` a member of the objects at this dotted path? "" is the root. */
bool shape_has(const char *shape, const char *name);
/* The shape of the document that this one is in: "" an audit, SHAPE_FLEET a fleet,
 * SHAPE_ANSWER what report/answer/ has a page for. */
#define SHAPE_FLEET  "fleet"
#define SHAPE_ANSWER "answer"
const char *shape_root(const char *shape);

#endif
