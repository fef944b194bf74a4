/* The printers of formulas: canonical, as people write them, and with the numbers put in.
 * Computes nothing of its own: values come from expr_eval. */
#include "model/expr/node.h"

#include <math.h>
#include <string.h>

enum mode {
	CANONICAL, /* ASCII, parses back to the same formula */
	PRETTY,    /* symbolic, for people */
	VALUES,    /* the numbers put in */
	CHOSEN     /* symbolic, but only the branches and factors that VALUES shows */
};

struct printer {
	const struct expr *expr;
	const struct expr_env *env; /* VALUES, CHOSEN */
	enum mode mode;
	struct text *out;
};

static void print_node(const struct printer *printer,
		const struct expr_node *node,
		enum expr_precedence least);

static bool is_leaf(const struct expr_node *node)
{
	return node->first == NO_NODE;
}

/* The value of a part. The part shares the nodes; nothing is copied. */
static struct value print_value_of(const struct printer *printer, const struct expr_node *node)
{
	struct expr part = *printer->expr;
	part.root = (short)(node - part.nodes);
	return expr_eval(&part, printer->env);
}

static bool is_one(const struct printer *printer, const struct expr_node *node)
{
	if (!is_leaf(node))
		return false;
	struct value value = print_value_of(printer, node);
	return value.kind == VALUE_NUMBER && value.number == 1 && value.unit == UNIT_COUNT;
}

/* Has the plan several loads, so that sum() adds anything up? */
static bool has_parts(const struct printer *printer)
{
	bool valued = printer->mode == VALUES || printer->mode == CHOSEN;
	return valued && printer->env->part;
}

/* What stands for a node where values are known: of if() the branch taken, of x × 1 only x. Of a
 * sum over one load it is that load's. */
static const struct expr_node *print_resolve(const struct printer *printer,
		const struct expr_node *node)
{
	const struct expr *expr = printer->expr;
	bool sums = node->op == OP_SUM && printer->mode != CANONICAL;
	if (sums && !has_parts(printer))
		return print_resolve(printer, expr_first(expr, node));
	if (printer->mode == CANONICAL || printer->mode == PRETTY || is_leaf(node))
		return node;
	const struct expr_node *first = expr_first(expr, node), *second = expr_next(expr, first);
	if (node->op == OP_IF) {
		struct value condition = print_value_of(printer, first);
		if (condition.kind != VALUE_BOOL)
			return node;
		return print_resolve(printer, condition.number != 0 ? second : expr_next(expr, second));
	}
	if (node->op != OP_MUL && node->op != OP_DIV)
		return node;
	const struct expr_node *left = print_resolve(printer, first),
						   *right = print_resolve(printer, second);
	if (is_one(printer, right))
		return left;
	return node->op == OP_MUL && is_one(printer, left) ? right : node;
}

/* True if the part integrates a rate that changes: a product would be a wrong statement. */
static bool is_unsteady(const struct printer *printer,
		const struct expr_node *node,
		double *ret_sum)
{
	if (node->op != OP_LAST || (printer->mode != VALUES && printer->mode != CHOSEN) ||
			!printer->env->integrate)
		return false;
	const struct expr_node *rate = expr_first(printer->expr, node);
	struct value seconds = print_value_of(printer, expr_next(printer->expr, rate));
	void *context = printer->env->context;
	bool steady = true;
	if (seconds.kind != VALUE_NUMBER)
		return false;
	return printer->env->integrate(context, rate->text, seconds.number, ret_sum, &steady) &&
			!steady;
}

/* How tightly the text of a node will bind: a negative number reads as a sign and a number. */
static enum expr_precedence precedence_of(const struct printer *printer,
		const struct expr_node *node)
{
	double sum;
	if (node->op == OP_LAST && printer->mode != CANONICAL) {
		if (!is_unsteady(printer, node, &sum))
			return PREC_MUL;
		return printer->mode == VALUES ? PREC_PRIMARY : PREC_ADD;
	}
	if (node->op == OP_SUM && has_parts(printer))
		return PREC_ADD;
	if (node->op == OP_NAME && printer->mode == VALUES) {
		struct value value = print_value_of(printer, node);
		return value.kind == VALUE_NUMBER && value.number < 0 ? PREC_ADD : PREC_PRIMARY;
	}
	return expr_op_rows[node->op].precedence;
}

/* Digits as written, grouped where whole, then the unit as written. */
static void print_number(const struct printer *printer, const struct expr_node *node)
{
	char digits[NUMBER_TEXT_MAX];
	const char *suffix = node->suffix;
	bool decimal = strcmp(suffix, "k") == 0 || strcmp(suffix, "M") == 0;
	bool glued = !*suffix || *suffix == '%' || strchr(suffix, '/') ||
			(printer->mode == CANONICAL && decimal);
	if (printer->mode == CANONICAL) {
		text_addf(printer->out, "%s%s%s", node->text, glued ? "" : " ", suffix);
	} else if (!*suffix || decimal) {
		text_add(printer->out, text_number(digits, node->number, UNIT_COUNT));
	} else {
		double scale = 1;
		enum unit unit;
		(void)unit_scale(suffix, strlen(suffix), &scale, &unit);
		bool whole = !strchr(node->text, '.');
		const char *shown = whole ? text_number(digits, round(node->number / scale), UNIT_COUNT)
								  : node->text;
		text_addf(printer->out, "%s%s%s", shown, glued ? "" : " ", suffix);
	}
}

static void print_leaf(const struct printer *printer, const struct expr_node *node)
{
	char digits[NUMBER_TEXT_MAX];
	if (node->op == OP_NUMBER) {
		print_number(printer, node);
	} else if (node->op == OP_TEXT) {
		text_addf(printer->out, printer->mode == CANONICAL ? "'%s'" : "%s", node->text);
	} else if (node->op == OP_NAME && printer->mode == VALUES) {
		struct value value = print_value_of(printer, node);
		text_add(printer->out,
				value.kind == VALUE_UNKNOWN        ? "?"
						: value.kind == VALUE_TEXT ? value.text
												   : text_number(digits, value.number, value.unit));
	} else {
		text_add(printer->out, node->text);
	}
}

static const char *sign_of(const struct printer *printer, const struct expr_node *node)
{
	const struct expr_op_row *row = &expr_op_rows[node->op];
	return printer->mode != CANONICAL && row->pretty ? row->pretty : row->sign;
}

/* a == word: a literal if the left side is a text, which only a value or the check can tell. */
static bool print_is_word(const struct printer *printer,
		const struct expr_node *left,
		const struct expr_node *right)
{
	if (printer->mode != VALUES || !right->word)
		return false;
	return right->literal || print_value_of(printer, left).kind == VALUE_TEXT;
}

static void print_binary(const struct printer *printer, const struct expr_node *node)
{
	const struct expr_node *left = expr_first(printer->expr, node),
						   *right = expr_next(printer->expr, left);
	enum expr_precedence precedence = expr_op_rows[node->op].precedence;
	double sum;
	/* "closes in the last hold + live" would read as (hold + live). */
	bool guard = printer->mode == CHOSEN &&
			is_unsteady(printer, print_resolve(printer, left), &sum);
	print_node(printer, left, guard ? PREC_PRIMARY : precedence);
	text_addf(printer->out, " %s ", sign_of(printer, node));
	if (print_is_word(printer, left, right)) {
		text_add(printer->out, right->text);
		return;
	}
	/* Subtraction and division need the parentheses of a − (b − c); canonical ones all keep theirs.
	 */
	bool free = printer->mode != CANONICAL &&
			(node->op == OP_ADD || node->op == OP_MUL || node->op == OP_AND || node->op == OP_OR);
	const struct expr_node *shown = print_resolve(printer, right);
	if (printer->mode == VALUES && shown->op == OP_NAME &&
			precedence_of(printer, shown) == PREC_ADD)
		free = false;
	print_node(printer, right, free ? precedence : (enum expr_precedence)(precedence + 1));
}

static void print_last(const struct printer *printer, const struct expr_node *node)
{
	const struct expr_node *rate = expr_first(printer->expr, node),
						   *seconds = expr_next(printer->expr, rate);
	double sum = NAN;
	if (is_unsteady(printer, node, &sum)) {
		char digits[NUMBER_TEXT_MAX];
		if (printer->mode == VALUES) {
			text_add(printer->out, text_number(digits, sum, UNIT_COUNT));
			return;
		}
		text_addf(printer->out, "%s in the last ", rate->text);
		print_node(printer, seconds, PREC_MUL);
		return;
	}
	print_node(printer, rate, PREC_MUL);
	text_addf(printer->out, " %s ", expr_op_rows[OP_MUL].pretty);
	print_node(printer, seconds, PREC_MUL);
}

static void print_call(const struct printer *printer, const struct expr_node *node)
{
	const struct expr_node *argument = expr_first(printer->expr, node);
	const char *comma = "";
	text_addf(printer->out, "%s(", sign_of(printer, node));
	for (; argument; argument = expr_next(printer->expr, argument)) {
		text_add(printer->out, comma);
		print_node(printer, argument, PREC_OR);
		comma = ", ";
	}
	text_add(printer->out, ")");
}

/* What each load adds. */
static void print_parts(const struct printer *printer, const struct expr_node *node)
{
	const struct expr_node *inner = expr_first(printer->expr, node);
	const struct expr_env *env = printer->env;
	struct printer part = *printer;
	struct expr_env of_load;
	part.env = &of_load;
	for (size_t i = 0; env->part(env->context, i, &of_load); i++) {
		if (i > 0)
			text_add(printer->out, " + ");
		print_node(&part, inner, PREC_MUL);
	}
}

/* Symbolic: once where all loads are alike. */
static bool parts_are_alike(const struct printer *printer, const struct expr_node *node)
{
	const struct expr_node *inner = expr_first(printer->expr, node);
	const struct expr_env *env = printer->env;
	__attribute__((cleanup(text_release))) struct text first = {0};
	struct printer part = *printer;
	struct expr_env of_load;
	bool alike = true;
	part.env = &of_load;
	for (size_t i = 0; alike && env->part(env->context, i, &of_load); i++) {
		__attribute__((cleanup(text_release))) struct text text = {0};
		part.out = &text;
		if (i == 0)
			part.out = &first;
		print_node(&part, inner, PREC_OR);
		alike = i == 0 || strcmp(text_string(&first), text_string(&text)) == 0;
	}
	return alike;
}

/* The loads are alike: in the words of the first. */
static void print_alike(const struct printer *printer, const struct expr_node *node)
{
	struct printer part = *printer;
	struct expr_env first;
	if (!printer->env->part(printer->env->context, 0, &first))
		return;
	part.env = &first;
	print_call(&part, node);
}

static void print_sum(const struct printer *printer, const struct expr_node *node)
{
	if (printer->mode == CHOSEN && parts_are_alike(printer, node))
		print_alike(printer, node);
	else
		print_parts(printer, node);
}

static void print_inside(const struct printer *printer, const struct expr_node *node)
{
	enum expr_precedence precedence = expr_op_rows[node->op].precedence;
	if (is_leaf(node)) {
		print_leaf(printer, node);
	} else if (node->op == OP_LAST && printer->mode != CANONICAL) {
		print_last(printer, node);
	} else if (node->op == OP_SUM && has_parts(printer)) {
		print_sum(printer, node);
	} else if (precedence == PREC_PRIMARY) {
		print_call(printer, node);
	} else if (precedence == PREC_UNARY) {
		text_add(printer->out, sign_of(printer, node));
		print_node(printer, expr_first(printer->expr, node), PREC_UNARY);
	} else {
		print_binary(printer, node);
	}
}

/* Prints the node, in parentheses if it binds less tightly than `least`. */
static void print_node(const struct printer *printer,
		const struct expr_node *node,
		enum expr_precedence least)
{
	node = print_resolve(printer, node);
	bool parentheses = precedence_of(printer, node) < least;
	text_add(printer->out, parentheses ? "(" : "");
	print_inside(printer, node);
	text_add(printer->out, parentheses ? ")" : "");
}

static void print_expr(const struct expr *expr,
		const struct expr_env *env,
		enum mode mode,
		struct text *out)
{
	struct printer printer = {.expr = expr, .env = env, .mode = mode, .out = out};
	print_node(&printer, &expr->nodes[expr->root], PREC_OR);
}

void expr_print(const struct expr *expr, bool pretty, struct text *out)
{
	print_expr(expr, NULL, pretty ? PRETTY : CANONICAL, out);
}

void expr_print_values(const struct expr *expr, const struct expr_env *env, struct text *out)
{
	print_expr(expr, env, VALUES, out);
}

void expr_print_for(const struct expr *expr, const struct expr_env *env, struct text *out)
{
	print_expr(expr, env, CHOSEN, out);
}
