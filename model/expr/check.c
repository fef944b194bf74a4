/* The static check of formulas: names exist, dimensions agree, texts and truths stand where they
 * may. Needs no host and computes no value. */
#include "model/expr/node.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/array.h"

enum type_kind {
	TYPE_NUMBER,
	TYPE_BOOL,
	TYPE_TEXT,
	TYPE_VERSION
};

struct type {
	enum type_kind kind;
	struct dimension dimension;
	bool any;   /* 0 and unlimited: fit any dimension */
	bool ratio; /* dimensionless, shown as per cent */
};

struct checker {
	const struct expr *expr;
	expr_type_fn type;
	void *context;
	struct error *err;
};

static bool check_node(struct checker *checker,
		const struct expr_node *node,
		struct type *ret_type);

bool expr_unit_of(struct dimension dimension, enum unit *ret_unit)
{
	static const enum unit units[] = {UNIT_COUNT, UNIT_BYTES, UNIT_SECONDS, UNIT_PER_S};
	for (size_t i = 0; i < COUNT_OF(units); i++) {
		if (dimension_equal(dimension, unit_dimension(units[i]))) {
			*ret_unit = units[i];
			return true;
		}
	}
	return false;
}

static struct type type_of_unit(enum unit unit)
{
	struct type type = {.kind = TYPE_NUMBER,
			.dimension = unit_dimension(unit),
			.ratio = unit == UNIT_RATIO};
	if (unit == UNIT_BOOL)
		type.kind = TYPE_BOOL;
	else if (unit == UNIT_TEXT)
		type.kind = TYPE_TEXT;
	else if (unit == UNIT_VERSION)
		type.kind = TYPE_VERSION;
	return type;
}

/* "a count", "bytes", "bytes × seconds^-2", "yes or no", … */
static const char *check_describe(const struct type *type, char out[48])
{
	static const char *const kinds[] = {[TYPE_BOOL] = "yes or no",
			[TYPE_TEXT] = "a text",
			[TYPE_VERSION] = "a kernel version"};
	struct dimension d = type->dimension;
	if (type->kind != TYPE_NUMBER)
		(void)snprintf(out, 48, "%s", kinds[type->kind]);
	else if (!d.bytes && !d.seconds)
		(void)snprintf(out, 48, "a count");
	else if (d.bytes == 1 && !d.seconds)
		(void)snprintf(out, 48, "bytes");
	else if (!d.bytes && d.seconds == 1)
		(void)snprintf(out, 48, "seconds");
	else if (!d.bytes && d.seconds == -1)
		(void)snprintf(out, 48, "a rate");
	else
		(void)snprintf(out, 48, "bytes^%d seconds^%d", d.bytes, d.seconds);
	return out;
}

static bool mismatch(struct checker *checker,
		const struct expr_node *node,
		const struct type *a,
		const struct type *b)
{
	char first[48], second[48];
	return error_set(checker->err,
			"column %d: \"%s\" between %s and %s",
			node->column,
			expr_op_rows[node->op].sign,
			check_describe(a, first),
			check_describe(b, second));
}

static bool wrong_kind(struct checker *checker,
		const struct expr_node *node,
		const struct type *got,
		const char *wanted)
{
	char found[48];
	return error_set(checker->err,
			"column %d: \"%s\" needs %s, not %s",
			node->column,
			expr_op_rows[node->op].sign,
			wanted,
			check_describe(got, found));
}

static bool compatible(const struct type *a, const struct type *b)
{
	if (a->kind != b->kind)
		return false;
	return a->kind != TYPE_NUMBER || a->any || b->any ||
			dimension_equal(a->dimension, b->dimension);
}

/* The type of a value that may be either. */
static struct type check_join(const struct type *a, const struct type *b)
{
	struct type type = a->any ? *b : *a;
	type.any = a->any && b->any;
	type.ratio = (a->ratio || a->any) && (b->ratio || b->any) && !type.any;
	return type;
}

static bool check_name(struct checker *checker, const struct expr_node *node, struct type *ret_type)
{
	enum unit unit;
	if (!checker->type(checker->context, node->text, &unit))
		return error_set(checker->err,
				"column %d: no such name \"%.100s\"",
				node->column,
				node->text);
	*ret_type = type_of_unit(unit);
	return true;
}

/* A bare word right of == whose left side is a text is a literal from here on. */
static bool check_compare(struct checker *checker,
		const struct expr_node *node,
		struct type *ret_type)
{
	const struct expr_node *left = expr_first(checker->expr, node),
						   *right = expr_next(checker->expr, left);
	struct type a, b;
	if (!check_node(checker, left, &a))
		return false;
	if (right->word && a.kind == TYPE_TEXT) {
		((struct expr_node *)right)->literal = true;
		b = a;
	} else if (!check_node(checker, right, &b)) {
		return false;
	}
	bool ordered = node->op != OP_EQ && node->op != OP_NE;
	if (ordered && (a.kind == TYPE_BOOL || a.kind == TYPE_TEXT))
		return wrong_kind(checker, node, &a, "numbers");
	if (!compatible(&a, &b))
		return mismatch(checker, node, &a, &b);
	*ret_type = (struct type){.kind = TYPE_BOOL};
	return true;
}

static bool check_logic(struct checker *checker,
		const struct expr_node *node,
		struct type *ret_type)
{
	const struct expr_node *argument = expr_first(checker->expr, node);
	for (; argument; argument = expr_next(checker->expr, argument)) {
		if (!check_node(checker, argument, ret_type))
			return false;
		if (ret_type->kind != TYPE_BOOL)
			return wrong_kind(checker, node, ret_type, "conditions");
	}
	return true;
}

/* + - min max ceil floor next_pow2 sum and unary minus: numbers of one dimension. */
static bool check_same(struct checker *checker, const struct expr_node *node, struct type *ret_type)
{
	const struct expr_node *argument = expr_first(checker->expr, node);
	if (!check_node(checker, argument, ret_type))
		return false;
	if (ret_type->kind != TYPE_NUMBER)
		return wrong_kind(checker, node, ret_type, "numbers");
	while ((argument = expr_next(checker->expr, argument))) {
		struct type more;
		if (!check_node(checker, argument, &more))
			return false;
		if (more.kind != TYPE_NUMBER)
			return wrong_kind(checker, node, &more, "numbers");
		if (!compatible(ret_type, &more))
			return mismatch(checker, node, ret_type, &more);
		*ret_type = check_join(ret_type, &more);
	}
	return true;
}

static bool multiply(struct checker *checker,
		const struct expr_node *node,
		const struct type *a,
		const struct type *b,
		int sign,
		struct type *ret_type)
{
	int bytes = a->dimension.bytes + sign * b->dimension.bytes;
	int seconds = a->dimension.seconds + sign * b->dimension.seconds;
	if (bytes < -9 || bytes > 9 || seconds < -9 || seconds > 9)
		return mismatch(checker, node, a, b);
	*ret_type = (struct type){.kind = TYPE_NUMBER, .any = a->any || b->any};
	ret_type->dimension = (struct dimension){(signed char)bytes, (signed char)seconds};
	ret_type->ratio = a->ratio && (sign > 0) == b->ratio;
	return true;
}

static bool check_product(struct checker *checker,
		const struct expr_node *node,
		struct type *ret_type)
{
	const struct expr_node *left = expr_first(checker->expr, node),
						   *right = expr_next(checker->expr, left);
	struct type a, b;
	if (!check_node(checker, left, &a) || !check_node(checker, right, &b))
		return false;
	if (a.kind != TYPE_NUMBER || b.kind != TYPE_NUMBER)
		return wrong_kind(checker, node, a.kind != TYPE_NUMBER ? &a : &b, "numbers");
	return multiply(checker, node, &a, &b, node->op == OP_DIV ? -1 : 1, ret_type);
}

static bool check_if(struct checker *checker, const struct expr_node *node, struct type *ret_type)
{
	const struct expr_node *condition = expr_first(checker->expr, node);
	const struct expr_node *yes = expr_next(checker->expr, condition),
						   *no = expr_next(checker->expr, yes);
	struct type type, a, b;
	if (!check_node(checker, condition, &type) || !check_node(checker, yes, &a) ||
			!check_node(checker, no, &b))
		return false;
	if (type.kind != TYPE_BOOL)
		return wrong_kind(checker, node, &type, "a condition first");
	if (!compatible(&a, &b))
		return mismatch(checker, node, &a, &b);
	*ret_type = check_join(&a, &b);
	return true;
}

static bool check_last(struct checker *checker, const struct expr_node *node, struct type *ret_type)
{
	const struct expr_node *rate = expr_first(checker->expr, node),
						   *seconds = expr_next(checker->expr, rate);
	struct type a, b;
	if (!check_node(checker, rate, &a) || !check_node(checker, seconds, &b))
		return false;
	if (a.kind != TYPE_NUMBER || !dimension_equal(a.dimension, unit_dimension(UNIT_PER_S)))
		return wrong_kind(checker, node, &a, "a rate first");
	if (b.kind != TYPE_NUMBER ||
			!(b.any || dimension_equal(b.dimension, unit_dimension(UNIT_SECONDS))))
		return wrong_kind(checker, node, &b, "seconds second");
	*ret_type = type_of_unit(UNIT_COUNT);
	return true;
}

static bool check_known(struct checker *checker,
		const struct expr_node *node,
		struct type *ret_type)
{
	struct type ignored;
	*ret_type = (struct type){.kind = TYPE_BOOL};
	return check_node(checker, expr_first(checker->expr, node), &ignored);
}

static bool check_literal(struct checker *checker,
		const struct expr_node *node,
		struct type *ret_type)
{
	(void)checker;
	*ret_type = type_of_unit(node->op == OP_TEXT ? UNIT_TEXT
					: node->op == OP_BOOL        ? UNIT_BOOL
					: node->op == OP_VERSION     ? UNIT_VERSION
												 : node->unit);
	ret_type->any = node->op == OP_UNLIMITED ||
			(node->op == OP_NUMBER && node->number == 0 && !*node->suffix);
	return true;
}

static bool check_node(struct checker *checker, const struct expr_node *node, struct type *ret_type)
{
	typedef bool (*check_fn)(struct checker *, const struct expr_node *, struct type *);
	static const check_fn checks[OP_COUNT] = {
			[OP_NUMBER] = check_literal,
			[OP_VERSION] = check_literal,
			[OP_BOOL] = check_literal,
			[OP_UNLIMITED] = check_literal,
			[OP_TEXT] = check_literal,
			[OP_NAME] = check_name,
			[OP_NEGATE] = check_same,
			[OP_NOT] = check_logic,
			[OP_OR] = check_logic,
			[OP_AND] = check_logic,
			[OP_EQ] = check_compare,
			[OP_NE] = check_compare,
			[OP_LT] = check_compare,
			[OP_LE] = check_compare,
			[OP_GT] = check_compare,
			[OP_GE] = check_compare,
			[OP_ADD] = check_same,
			[OP_SUB] = check_same,
			[OP_MUL] = check_product,
			[OP_DIV] = check_product,
			[OP_MIN] = check_same,
			[OP_MAX] = check_same,
			[OP_CEIL] = check_same,
			[OP_FLOOR] = check_same,
			[OP_IF] = check_if,
			[OP_NEXT_POW2] = check_same,
			[OP_KNOWN] = check_known,
			[OP_LAST] = check_last,
			[OP_SUM] = check_same,
	};
	return checks[node->op](checker, node, ret_type);
}

bool expr_check(const struct expr *expr,
		expr_type_fn type,
		void *context,
		enum unit *ret_unit,
		struct error *err)
{
	struct checker checker = {.expr = expr, .type = type, .context = context, .err = err};
	struct type result;
	if (!check_node(&checker, &expr->nodes[expr->root], &result))
		return false;
	char found[48];
	if (result.kind != TYPE_NUMBER)
		*ret_unit = result.kind == TYPE_BOOL ? UNIT_BOOL
				: result.kind == TYPE_TEXT   ? UNIT_TEXT
											 : UNIT_VERSION;
	else if (!expr_unit_of(result.dimension, ret_unit) && !result.any)
		return error_set(err,
				"column 1: the result is in %s, for which there is no unit",
				check_describe(&result, found));
	else if (result.any && !expr_unit_of(result.dimension, ret_unit))
		*ret_unit = UNIT_COUNT;
	else if (result.ratio)
		*ret_unit = UNIT_RATIO;
	return true;
}

static bool no_name(void *context, const char *name, struct value *ret_value)
{
	(void)context, (void)name, (void)ret_value;
	return false;
}

bool expr_fits(const struct expr *expr, enum unit unit, enum unit want)
{
	static const struct expr_env nothing = {.lookup = no_name};
	if (unit >= UNIT_BOOL || want >= UNIT_BOOL)
		return unit == want;
	if (dimension_equal(unit_dimension(unit), unit_dimension(want)))
		return true;
	struct value value = expr_eval(expr, &nothing);
	if (value.kind != VALUE_NUMBER || value.unit != UNIT_COUNT)
		return false;
	return value.number == 0 || isinf(value.number);
}
