/* Writes a formula as a sum of multiples of what varies over the plan's time, if it has that form.
 * Such a sum is evaluated a hundred times faster than the formula. */
#ifndef HEADROOM_MODEL_EXPR_AFFINE_H
#define HEADROOM_MODEL_EXPR_AFFINE_H

#include "model/expr/expr.h"

enum {
	AFFINE_ATOMS = 32
};

/* constant + the sum of factors[i] × atom i. The caller decides what the atoms are. */
struct affine {
	double constant;
	double factors[AFFINE_ATOMS];
};

struct affine_env {
	/* Gives the value of a part of the formula; returns false if it varies. */
	bool (*constant)(void *context, const struct expr *part, struct value *ret_value);
	/* `name` gives a name as such a sum; `last` gives the total of a rate over the last seconds.
	 * Both return false if there is no such sum. */
	bool (*name)(void *context, const char *name, struct affine *ret_affine);
	bool (*last)(void *context, const char *rate, double seconds, struct affine *ret_affine);
	/* As `part` in struct expr_env. */
	bool (*part)(void *context, size_t i, struct affine_env *ret_part);
	void *context;
};

/* Returns true if all factors are 0. */
bool affine_is_constant(const struct affine *affine);

/* Returns false if the formula is not such a sum or its value is unknown. */
bool expr_affine(const struct expr *expr, const struct affine_env *env, struct affine *ret_affine);

#endif
