/* Reads values of rule files: texts, formulas, lists and objects. Functions return false with an
 * error that names file, line and column. */
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

/* `name`: that of the member, for the error. */
bool want_object(struct reader *reader, const cJSON *value, const char *name);
bool want_array(struct reader *reader, const cJSON *value, const char *name);

/* Reads a non-empty text into the arena. */
bool take_text(struct reader *reader, const cJSON *value, const char *name, const char **ret);

/* Reads the text of a member; leaves *ret unchanged if it is missing. */
bool take_member(struct reader *reader, const cJSON *object, const char *name, const char **ret);

/* Reads a formula; a plain number or truth value is allowed too. */
bool take_expr(struct reader *reader,
		const cJSON *value,
		const char *name,
		const struct expr **ret);

/* Reads the formula of a member; leaves *ret unchanged if it is missing. */
bool take_expr_member(struct reader *reader,
		const cJSON *object,
		const char *name,
		const struct expr **ret);

#endif
