/* The inside of a formula, for its parser, checker, evaluator and printers only. The nodes are
 * elements of one array; the arguments of a node form a list linked by `next`. */
#ifndef HEADROOM_MODEL_EXPR_NODE_H
#define HEADROOM_MODEL_EXPR_NODE_H

#include "model/expr/expr.h"

enum expr_op {
	OP_NUMBER,
	OP_VERSION,
	OP_BOOL,
	OP_UNLIMITED,
	OP_TEXT,
	OP_NAME,
	OP_NEGATE,
	OP_NOT,
	OP_OR,
	OP_AND,
	OP_EQ,
	OP_NE,
	OP_LT,
	OP_LE,
	OP_GT,
	OP_GE,
	OP_ADD,
	OP_SUB,
	OP_MUL,
	OP_DIV,
	OP_MIN,
	OP_MAX,
	OP_CEIL,
	OP_FLOOR,
	OP_IF,
	OP_NEXT_POW2,
	OP_KNOWN,
	OP_LAST,
	OP_SUM,
	OP_COUNT
};

/* Precedence, lowest first. All binary operators are left-associative. */
enum expr_precedence {
	PREC_OR = 1,
	PREC_AND,
	PREC_COMPARE,
	PREC_ADD,
	PREC_MUL,
	PREC_UNARY,
	PREC_PRIMARY
};

/* One row per operator: how it is written and shown, its precedence, and how many arguments it
 * takes (from `least` to `most`). */
struct expr_op_row {
	const char *sign;   /* ASCII: "+", "min"; NULL for leaves */
	const char *pretty; /* what people see; NULL: sign */
	enum expr_precedence precedence;
	int least, most;
};

extern const struct expr_op_row expr_op_rows[OP_COUNT];

enum {
	NO_NODE = -1
};

struct expr_node {
	enum expr_op op;
	short first, next;  /* first argument, next argument of the same parent; NO_NODE: none */
	short column;       /* 1-based, in characters */
	bool word;          /* OP_NAME: a bare word right of == or !=, a text if the left side is one */
	bool literal;       /* OP_NAME: expr_check found that the word is a text */
	enum unit unit;     /* OP_NUMBER */
	double number;      /* OP_NUMBER, OP_VERSION, OP_BOOL: base units */
	const char *text;   /* name, literal, or the digits as written */
	const char *suffix; /* OP_NUMBER: the unit as written, "" if there is none */
};

struct expr {
	struct expr_node *nodes;
	int count;
	short root;
};

static inline const struct expr_node *expr_first(const struct expr *expr,
		const struct expr_node *node)
{
	return &expr->nodes[node->first];
}

/* Returns the argument after `node`, or NULL after the last. */
static inline const struct expr_node *expr_next(const struct expr *expr,
		const struct expr_node *node)
{
	return node->next == NO_NODE ? NULL : &expr->nodes[node->next];
}

/* Gives a unit of this dimension; returns false if no unit has it (bytes × seconds). */
bool expr_unit_of(struct dimension dimension, enum unit *ret_unit);

#endif
