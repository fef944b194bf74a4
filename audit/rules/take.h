/* Values of rule files: texts, formulas, lists and objects. An error names file, line and column.
 */
#ifndef HEADROOM_AUDIT_RULES_TAKE_H
#define HEADROOM_AUDIT_RULES_TAKE_H

#include <cjson/cJSON.h>

#include "base/os/json.h"
#include "model/expr/expr.h"

struct reader {
	struct arena *arena;
	const struct json *json;
	struct error *err;
};

/* `name` is that of the member, for the error. */
bool want_object(struct reader *reader, const cJSON *value, const char *name);
bool want_array(struct reader *reader, const cJSON *value, const char *name);

/* A text that is not empty, copied into the arena. */
bool take_text(struct reader *reader, const cJSON *value, const char *name, const char **ret);

/* The text of a member; an absent one leaves *ret alone. */
bool take_member(struct reader *reader, const cJSON *object, const char *name, const char **ret);

/* A formula, or a plain number or truth in its place. */
bool take_expr(struct reader *reader,
		const cJSON *value,
		const char *name,
		const struct expr **ret);

/* The formula of a member; an absent one leaves *ret alone. */
bool take_expr_member(struct reader *reader,
		const cJSON *object,
		const char *name,
		const struct expr **ret);

#endif
