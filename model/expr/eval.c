/* The evaluator of formulas: three-valued, total. Every input gives a value; none is ever NaN. */
#include "model/expr/node.h"

#include <math.h>
#include <string.h>

/* A value on its way up, with the dimension that its unit alone cannot hold (bytes × 1/s). */
struct operand {
	struct value value;
	struct dimension dimension;
};

static struct operand eval(const struct expr *expr,
		const struct expr_node *node,
		const struct expr_env *env);

struct value value_number(double number, enum unit unit)
{
	if (isnan(number))
		return value_unknown("not a number");
	return (struct value){.kind = VALUE_NUMBER, .number = number, .unit = unit};
}

struct value value_bool(bool truth)
{
	return (struct value){.kind = VALUE_BOOL, .number = truth, .unit = UNIT_BOOL};
}

struct value value_text(const char *text)
{
	return (struct value){.kind = VALUE_TEXT, .text = text, .unit = UNIT_TEXT};
}

struct value value_unknown(const char *missing)
{
	return (struct value){.kind = VALUE_UNKNOWN, .missing = missing};
}

static struct operand operand_of(struct value value)
{
	return (struct operand){value, unit_dimension(value.unit)};
}

static struct operand eval_unknown(const char *missing)
{
	return operand_of(value_unknown(missing));
}

/* Either is unknown: the first one's reason. Else something that is not a number where one must be.
 */
static struct operand not_numbers(const struct operand *a, const struct operand *b)
{
	if (a->value.kind == VALUE_UNKNOWN)
		return *a;
	return b->value.kind == VALUE_UNKNOWN ? *b : eval_unknown("not a number");
}

static bool both_numbers(const struct operand *a, const struct operand *b)
{
	return a->value.kind == VALUE_NUMBER && b->value.kind == VALUE_NUMBER;
}

static struct operand eval_name(const struct expr_node *node, const struct expr_env *env)
{
	struct value value;
	if (node->literal)
		return operand_of(value_text(node->text));
	if (!env->lookup(env->context, node->text, &value))
		return eval_unknown(node->text);
	if (value.kind == VALUE_NUMBER && isnan(value.number))
		return eval_unknown(node->text);
	if (value.kind == VALUE_UNKNOWN && !value.missing)
		value.missing = node->text;
	return operand_of(value);
}

static struct operand eval_leaf(const struct expr_node *node, const struct expr_env *env)
{
	switch (node->op) {
	case OP_NAME:
		return eval_name(node, env);
	case OP_TEXT:
		return operand_of(value_text(node->text));
	case OP_BOOL:
		return operand_of(value_bool(node->number != 0));
	case OP_UNLIMITED:
		return operand_of(value_number(INFINITY, UNIT_COUNT));
	case OP_VERSION:
		return operand_of(value_number(node->number, UNIT_VERSION));
	default:
		return operand_of(value_number(node->number, node->unit));
	}
}

static struct operand eval_logic(const struct expr *expr,
		const struct expr_node *node,
		const struct expr_env *env)
{
	const struct expr_node *left = expr_first(expr, node);
	bool decides = node->op == OP_OR; /* the truth that settles it, whatever the other side is */
	struct operand a = eval(expr, left, env);
	if (a.value.kind == VALUE_BOOL && (a.value.number != 0) == decides)
		return a;
	struct operand b = eval(expr, expr_next(expr, left), env);
	if (b.value.kind == VALUE_BOOL && (b.value.number != 0) == decides)
		return b;
	if (a.value.kind != VALUE_BOOL || b.value.kind != VALUE_BOOL)
		return a.value.kind == VALUE_UNKNOWN    ? a
				: b.value.kind == VALUE_UNKNOWN ? b
												: eval_unknown("not a condition");
	return b;
}

static bool equal(const struct value *a, const struct value *b)
{
	if (a->kind != b->kind || a->kind == VALUE_UNKNOWN)
		return false;
	return a->kind == VALUE_TEXT ? strcmp(a->text, b->text) == 0 : a->number == b->number;
}

static bool ordered(enum expr_op op, double a, double b)
{
	switch (op) {
	case OP_LT:
		return a < b;
	case OP_LE:
		return a <= b;
	case OP_GT:
		return a > b;
	default:
		return a >= b;
	}
}

static struct operand eval_compare(const struct expr *expr,
		const struct expr_node *node,
		const struct expr_env *env)
{
	const struct expr_node *left = expr_first(expr, node), *right = expr_next(expr, left);
	struct operand a = eval(expr, left, env);
	if (a.value.kind == VALUE_UNKNOWN)
		return a;
	bool literal = right->word && a.value.kind == VALUE_TEXT;
	struct operand b = literal ? operand_of(value_text(right->text)) : eval(expr, right, env);
	if (b.value.kind == VALUE_UNKNOWN)
		return b;
	if (node->op == OP_EQ || node->op == OP_NE) {
		if (a.value.kind != b.value.kind)
			return eval_unknown("values of two kinds compared");
		return operand_of(value_bool(equal(&a.value, &b.value) == (node->op == OP_EQ)));
	}
	if (!both_numbers(&a, &b))
		return not_numbers(&a, &b);
	return operand_of(value_bool(ordered(node->op, a.value.number, b.value.number)));
}

/* A sum, minimum or maximum has the unit of its operands; 0 and unlimited take the other's. */
static void join_unit(struct operand *result, const struct operand *a, const struct operand *b)
{
	bool a_any = a->value.unit == UNIT_COUNT && (a->value.number == 0 || isinf(a->value.number));
	const struct operand *chosen = a_any || a->value.unit == UNIT_RATIO ? b : a;
	result->value.unit = chosen->value.unit;
	result->dimension = chosen->dimension;
	bool b_any = b->value.unit == UNIT_COUNT && (b->value.number == 0 || isinf(b->value.number));
	if (b_any) {
		result->value.unit = a->value.unit;
		result->dimension = a->dimension;
	}
}

static void product_unit(struct operand *result,
		const struct operand *a,
		const struct operand *b,
		int sign)
{
	int bytes = a->dimension.bytes + sign * b->dimension.bytes;
	int seconds = a->dimension.seconds + sign * b->dimension.seconds;
	/* Formulas that pass the check stay far below; others must not overflow. */
	if (bytes < -99 || bytes > 99 || seconds < -99 || seconds > 99)
		bytes = seconds = 0;
	result->dimension = (struct dimension){(signed char)bytes, (signed char)seconds};
	bool ratio = a->value.unit == UNIT_RATIO && (sign > 0) == (b->value.unit == UNIT_RATIO);
	result->value.unit = UNIT_COUNT;
	if (expr_unit_of(result->dimension, &result->value.unit) && ratio && !bytes && !seconds)
		result->value.unit = UNIT_RATIO;
}

/* Infinity and NaN only where they were put in. */
static struct operand eval_settle(double number, bool had_infinity, const char *why_nan)
{
	if (isnan(number))
		return eval_unknown(why_nan);
	if (isinf(number) && !had_infinity)
		return eval_unknown("a number too large");
	return operand_of(value_number(number, UNIT_COUNT));
}

static struct operand arithmetic(enum expr_op op, const struct operand *a, const struct operand *b)
{
	if (!both_numbers(a, b))
		return not_numbers(a, b);
	double x = a->value.number, y = b->value.number;
	bool infinite = isinf(x) || isinf(y);
	struct operand result;
	if (op == OP_DIV && y == 0)
		return eval_unknown("division by zero");
	if (op == OP_ADD || op == OP_SUB)
		result = eval_settle(op == OP_ADD ? x + y : x - y, infinite, "unlimited minus unlimited");
	else if (op == OP_MUL)
		result = eval_settle(x * y, infinite, "0 times unlimited");
	else
		result = eval_settle(x / y, infinite, "unlimited divided by unlimited");
	if (result.value.kind == VALUE_UNKNOWN)
		return result;
	if (op == OP_ADD || op == OP_SUB)
		join_unit(&result, a, b);
	else
		product_unit(&result, a, b, op == OP_DIV ? -1 : 1);
	return result;
}

static struct operand eval_binary(const struct expr *expr,
		const struct expr_node *node,
		const struct expr_env *env)
{
	const struct expr_node *left = expr_first(expr, node);
	struct operand a = eval(expr, left, env), b = eval(expr, expr_next(expr, left), env);
	return arithmetic(node->op, &a, &b);
}

static struct operand eval_extreme(const struct expr *expr,
		const struct expr_node *node,
		const struct expr_env *env)
{
	const struct expr_node *argument = expr_first(expr, node);
	struct operand best = eval(expr, argument, env);
	if (best.value.kind != VALUE_NUMBER)
		return not_numbers(&best, &best);
	while ((argument = expr_next(expr, argument))) {
		struct operand more = eval(expr, argument, env);
		if (more.value.kind != VALUE_NUMBER)
			return not_numbers(&more, &more);
		struct operand result = best;
		bool better = node->op == OP_MIN ? more.value.number < best.value.number
										 : more.value.number > best.value.number;
		result.value.number = better ? more.value.number : best.value.number;
		join_unit(&result, &best, &more);
		best = result;
	}
	return best;
}

/* 0.1 × 30 may come out as 3.0000000000000004, of which the ceiling is 3. */
static double round_with(double (*rounding)(double), double number)
{
	double nearest = round(number);
	return fabs(number - nearest) <= 1e-12 * fabs(number) ? nearest : rounding(number);
}

static double next_pow2(double number)
{
	int exponent;
	if (!(number > 1))
		return 1;
	if (isinf(number))
		return number;
	return frexp(number, &exponent) == 0.5 ? number : ldexp(1, exponent);
}

static struct operand eval_unary(const struct expr *expr,
		const struct expr_node *node,
		const struct expr_env *env)
{
	struct operand a = eval(expr, expr_first(expr, node), env);
	if (node->op == OP_NOT)
		return a.value.kind == VALUE_BOOL       ? operand_of(value_bool(a.value.number == 0))
				: a.value.kind == VALUE_UNKNOWN ? a
												: eval_unknown("not a condition");
	if (a.value.kind != VALUE_NUMBER)
		return not_numbers(&a, &a);
	double number = a.value.number;
	if (node->op == OP_NEGATE)
		number = number == 0 ? 0 : -number;
	else if (node->op == OP_NEXT_POW2)
		number = next_pow2(number);
	else if (isfinite(number))
		number = round_with(node->op == OP_CEIL ? ceil : floor, number);
	if (isinf(number) && isfinite(a.value.number))
		return eval_unknown("a number too large");
	a.value.number = number;
	return a;
}

static struct operand eval_if(const struct expr *expr,
		const struct expr_node *node,
		const struct expr_env *env)
{
	const struct expr_node *condition = expr_first(expr, node);
	const struct expr_node *yes = expr_next(expr, condition), *no = expr_next(expr, yes);
	struct operand c = eval(expr, condition, env);
	if (c.value.kind == VALUE_BOOL)
		return eval(expr, c.value.number != 0 ? yes : no, env);
	struct operand a = eval(expr, yes, env), b = eval(expr, no, env);
	if (c.value.kind == VALUE_UNKNOWN && equal(&a.value, &b.value))
		return a;
	return c.value.kind == VALUE_UNKNOWN ? c : eval_unknown("not a condition");
}

/* What was not read may exist or not. */
static struct operand eval_known(const struct expr *expr,
		const struct expr_node *node,
		const struct expr_env *env)
{
	struct operand name = eval_name(expr_first(expr, node), env);
	bool unknown = name.value.kind == VALUE_UNKNOWN;
	if (unknown && name.value.maybe)
		return name;
	return operand_of(value_bool(!unknown));
}

static struct operand eval_last(const struct expr *expr,
		const struct expr_node *node,
		const struct expr_env *env)
{
	const struct expr_node *name = expr_first(expr, node);
	struct operand rate = eval_name(name, env), seconds = eval(expr, expr_next(expr, name), env);
	if (!both_numbers(&rate, &seconds) || !env->integrate)
		return arithmetic(OP_MUL, &rate, &seconds);
	double sum = NAN;
	bool steady = false;
	if (!env->integrate(env->context, name->text, seconds.value.number, &sum, &steady) ||
			isnan(sum))
		return eval_unknown(name->text);
	struct operand result = operand_of(value_number(sum, UNIT_COUNT));
	product_unit(&result, &rate, &seconds, 1);
	return result;
}

/* Of each load, added up. */
static struct operand eval_sum(const struct expr *expr,
		const struct expr_node *node,
		const struct expr_env *env)
{
	const struct expr_node *inner = expr_first(expr, node);
	struct operand sum = operand_of(value_number(0, UNIT_COUNT));
	struct expr_env part;
	if (!env->part)
		return eval(expr, inner, env);
	for (size_t i = 0; env->part(env->context, i, &part); i++) {
		struct operand more = eval(expr, inner, &part);
		sum = arithmetic(OP_ADD, &sum, &more);
	}
	return sum;
}

static struct operand eval(const struct expr *expr,
		const struct expr_node *node,
		const struct expr_env *env)
{
	switch (node->op) {
	case OP_OR:
	case OP_AND:
		return eval_logic(expr, node, env);
	case OP_EQ:
	case OP_NE:
	case OP_LT:
	case OP_LE:
	case OP_GT:
	case OP_GE:
		return eval_compare(expr, node, env);
	case OP_ADD:
	case OP_SUB:
	case OP_MUL:
	case OP_DIV:
		return eval_binary(expr, node, env);
	case OP_MIN:
	case OP_MAX:
		return eval_extreme(expr, node, env);
	case OP_NEGATE:
	case OP_NOT:
	case OP_CEIL:
	case OP_FLOOR:
	case OP_NEXT_POW2:
		return eval_unary(expr, node, env);
	case OP_IF:
		return eval_if(expr, node, env);
	case OP_KNOWN:
		return eval_known(expr, node, env);
	case OP_LAST:
		return eval_last(expr, node, env);
	case OP_SUM:
		return eval_sum(expr, node, env);
	default:
		return eval_leaf(node, env);
	}
}

struct value expr_eval(const struct expr *expr, const struct expr_env *env)
{
	return eval(expr, &expr->nodes[expr->root], env).value;
}

bool expr_sums(const struct expr *expr)
{
	for (int i = 0; i < expr->count; i++)
		if (expr->nodes[i].op == OP_SUM)
			return true;
	return false;
}

const struct expr *expr_sum_of(struct arena *arena, const struct expr *expr)
{
	struct expr *sum = arena_alloc(arena, sizeof *sum);
	size_t count = (size_t)expr->count;
	sum->nodes = arena_alloc(arena, (count + 1) * sizeof *sum->nodes);
	memcpy(sum->nodes, expr->nodes, count * sizeof *sum->nodes);
	sum->nodes[count] = (struct expr_node){
			.op = OP_SUM,
			.first = expr->root,
			.next = NO_NODE,
			.column = 1,
	};
	sum->count = expr->count + 1;
	sum->root = (short)expr->count;
	return sum;
}
