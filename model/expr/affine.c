#include "model/expr/affine.h"

#include <math.h>

#include "model/expr/node.h"

static bool affine_of(const struct expr *expr,
		const struct expr_node *node,
		const struct affine_env *env,
		struct affine *ret);

/* A part of a formula is a formula. */
static struct expr part_of(const struct expr *expr, const struct expr_node *node)
{
	struct expr part = *expr;
	part.root = (short)(node - expr->nodes);
	return part;
}

static bool constant_part(const struct expr *expr,
		const struct expr_node *node,
		const struct affine_env *env,
		struct value *ret_value)
{
	const struct expr part = part_of(expr, node);
	return env->constant(env->context, &part, ret_value);
}

bool affine_is_constant(const struct affine *affine)
{
	for (int i = 0; i < AFFINE_ATOMS; i++) {
		if (affine->factors[i] != 0)
			return false;
	}
	return true;
}

static void affine_add(struct affine *to, const struct affine *more, double times)
{
	to->constant += times * more->constant;
	for (int i = 0; i < AFFINE_ATOMS; i++)
		to->factors[i] += times * more->factors[i];
}

static struct affine affine_times(const struct affine *affine, double times)
{
	struct affine product = {0};
	affine_add(&product, affine, times);
	return product;
}

static bool multiply(const struct affine *a, const struct affine *b, struct affine *ret)
{
	if (affine_is_constant(a))
		*ret = affine_times(b, a->constant);
	else if (affine_is_constant(b))
		*ret = affine_times(a, b->constant);
	else
		return false;
	return true;
}

static bool divide(const struct affine *a, const struct affine *b, struct affine *ret)
{
	bool divides = affine_is_constant(b) && b->constant != 0 && isfinite(b->constant);
	if (divides)
		*ret = affine_times(a, 1 / b->constant);
	return divides;
}

static bool affine_binary(const struct expr *expr,
		const struct expr_node *node,
		const struct affine_env *env,
		struct affine *ret)
{
	struct affine a, b;
	const struct expr_node *first = expr_first(expr, node);
	const struct expr_node *second = expr_next(expr, first);
	if (!affine_of(expr, first, env, &a) || !affine_of(expr, second, env, &b))
		return false;
	if (node->op == OP_MUL)
		return multiply(&a, &b, ret);
	if (node->op == OP_DIV)
		return divide(&a, &b, ret);
	double sign = 1;
	if (node->op == OP_SUB)
		sign = -1;
	*ret = a;
	affine_add(ret, &b, sign);
	return true;
}

static bool affine_negate(const struct expr *expr,
		const struct expr_node *node,
		const struct affine_env *env,
		struct affine *ret)
{
	struct affine inner;
	if (!affine_of(expr, expr_first(expr, node), env, &inner))
		return false;
	*ret = affine_times(&inner, -1);
	return true;
}

/* The branch that the condition takes, if it takes the same one all the time. */
static bool affine_if(const struct expr *expr,
		const struct expr_node *node,
		const struct affine_env *env,
		struct affine *ret)
{
	const struct expr_node *condition = expr_first(expr, node);
	const struct expr_node *yes = expr_next(expr, condition);
	struct value value;
	if (!constant_part(expr, condition, env, &value) || value.kind != VALUE_BOOL)
		return false;
	if (value.number != 0)
		return affine_of(expr, yes, env, ret);
	return affine_of(expr, expr_next(expr, yes), env, ret);
}

static bool affine_last(const struct expr *expr,
		const struct expr_node *node,
		const struct affine_env *env,
		struct affine *ret)
{
	const struct expr_node *rate = expr_first(expr, node);
	struct value seconds;
	if (!constant_part(expr, expr_next(expr, rate), env, &seconds))
		return false;
	if (seconds.kind != VALUE_NUMBER)
		return false;
	return env->last(env->context, rate->text, seconds.number, ret);
}

/* The same of each load, added up. */
static bool affine_sum(const struct expr *expr,
		const struct expr_node *node,
		const struct affine_env *env,
		struct affine *ret)
{
	const struct expr_node *inner = expr_first(expr, node);
	struct affine_env part;
	if (!env->part)
		return affine_of(expr, inner, env, ret);
	*ret = (struct affine){0};
	for (size_t i = 0; env->part(env->context, i, &part); i++) {
		struct affine more;
		if (!affine_of(expr, inner, &part, &more))
			return false;
		affine_add(ret, &more, 1);
	}
	return true;
}

static bool affine_of(const struct expr *expr,
		const struct expr_node *node,
		const struct affine_env *env,
		struct affine *ret)
{
	struct value value;
	if (constant_part(expr, node, env, &value)) {
		*ret = (struct affine){.constant = value.number};
		return value.kind == VALUE_NUMBER && isfinite(value.number);
	}
	switch (node->op) {
	case OP_ADD:
	case OP_SUB:
	case OP_MUL:
	case OP_DIV:
		return affine_binary(expr, node, env, ret);
	case OP_NEGATE:
		return affine_negate(expr, node, env, ret);
	case OP_IF:
		return affine_if(expr, node, env, ret);
	case OP_LAST:
		return affine_last(expr, node, env, ret);
	case OP_SUM:
		return affine_sum(expr, node, env, ret);
	case OP_NAME:
		return env->name(env->context, node->text, ret);
	default:
		return false;
	}
}

bool expr_affine(const struct expr *expr, const struct affine_env *env, struct affine *ret_affine)
{
	return affine_of(expr, &expr->nodes[expr->root], env, ret_affine);
}
