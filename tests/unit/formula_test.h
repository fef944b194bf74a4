/* Formulas for tests. A formula that cannot be read fails the test. */
#ifndef HEADROOM_TESTS_FORMULA_TEST_H
#define HEADROOM_TESTS_FORMULA_TEST_H

#include "model/expr/expr.h"

static inline const struct expr *formula_of(struct arena *arena, const char *text)
{
	struct error err = {0};
	const struct expr *expr = expr_parse(arena, text, &err);
	if (!expr)
		fail_msg("%s: %s", text, err.text);
	return expr;
}

#endif
