/* Small parts that all kinds of rules use. */
#ifndef HEADROOM_MODEL_TOOL_PARTS_H
#define HEADROOM_MODEL_TOOL_PARTS_H

#include <stddef.h>

#include "model/expr/expr.h"

struct rule_let {
	const char *name;
	const struct expr *expr;
};

struct rule_text_list {
	const char **items;
	size_t count;
};

#endif
