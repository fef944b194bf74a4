/* A formula as a sum of multiples of what varies over the plan's time, where it is one. Such a sum
 * is evaluated a hundred times faster than the formula. */
#ifndef HEADROOM_MODEL_EXPR_AFFINE_H
#define HEADROOM_MODEL_EXPR_AFFINE_H

#include "model/expr/expr.h"

enum {
	AFFINE_ATOMS = 32
};

/* constant + sum of factor[i] × atom i; what the atoms are, the caller knows. */
struct affine {
	double constant;
	double factors[AFFINE_ATOMS];
};

struct affine_env {
	/* The value of a part of the formula; false: it varies. */
	bool (*constant)(void *context, const struct expr *part, struct value *ret_value);
	/* Gives what a name means, as a sum, or the sum of a rate over the last seconds. Returns
	 * false if it cannot be written as such a sum. */
	bool (*name)(void *context, const char *name, struct affine *ret_affine);
	bool (*last)(void *context, const char *rate, double seconds, struct affine *ret_affine);
	/* As in struct expr_env. */
	bool (*part)(void *context, size_t i, struct affine_env *ret_part);
	void *context;
};

/* Does it have no atom? */
bool affine_is_constant(const struct affine *affine);

/* false: the formula is no such sum, or its value is unknown. */
bool expr_affine(const struct expr *expr, const struct affine_env *env, struct affine *ret_affine);

#endif
