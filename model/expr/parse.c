/* The parser of formulas: a Pratt parser that fills a fixed array. Knows no names and no
 * dimensions. */
#include "model/expr/node.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/ascii.h"
#include "base/text.h"

#define TIMES "\xc3\x97"
#define MINUS "\xe2\x88\x92"

const struct expr_op_row expr_op_rows[OP_COUNT] = {
		[OP_NUMBER] = {.precedence = PREC_PRIMARY},
		[OP_VERSION] = {.precedence = PREC_PRIMARY},
		[OP_BOOL] = {.precedence = PREC_PRIMARY},
		[OP_UNLIMITED] = {.precedence = PREC_PRIMARY},
		[OP_TEXT] = {.precedence = PREC_PRIMARY},
		[OP_NAME] = {.precedence = PREC_PRIMARY},
		[OP_NEGATE] = {"-", MINUS, PREC_UNARY, 1, 1},
		[OP_NOT] = {"!", "not ", PREC_UNARY, 1, 1},
		[OP_OR] = {"||", "or", PREC_OR, 2, 2},
		[OP_AND] = {"&&", "and", PREC_AND, 2, 2},
		[OP_EQ] = {"==", "=", PREC_COMPARE, 2, 2},
		[OP_NE] = {"!=", "\xe2\x89\xa0", PREC_COMPARE, 2, 2},
		[OP_LT] = {"<", NULL, PREC_COMPARE, 2, 2},
		[OP_LE] = {"<=", "\xe2\x89\xa4", PREC_COMPARE, 2, 2},
		[OP_GT] = {">", NULL, PREC_COMPARE, 2, 2},
		[OP_GE] = {">=", "\xe2\x89\xa5", PREC_COMPARE, 2, 2},
		[OP_ADD] = {"+", NULL, PREC_ADD, 2, 2},
		[OP_SUB] = {"-", MINUS, PREC_ADD, 2, 2},
		[OP_MUL] = {"*", TIMES, PREC_MUL, 2, 2},
		[OP_DIV] = {"/", NULL, PREC_MUL, 2, 2},
		[OP_MIN] = {"min", NULL, PREC_PRIMARY, 1, EXPR_NODES_MAX},
		[OP_MAX] = {"max", NULL, PREC_PRIMARY, 1, EXPR_NODES_MAX},
		[OP_CEIL] = {"ceil", NULL, PREC_PRIMARY, 1, 1},
		[OP_FLOOR] = {"floor", NULL, PREC_PRIMARY, 1, 1},
		[OP_IF] = {"if", NULL, PREC_PRIMARY, 3, 3},
		[OP_NEXT_POW2] = {"next_pow2", NULL, PREC_PRIMARY, 1, 1},
		[OP_KNOWN] = {"known", NULL, PREC_PRIMARY, 1, 1},
		[OP_LAST] = {"last", NULL, PREC_PRIMARY, 2, 2},
		[OP_SUM] = {"sum", NULL, PREC_PRIMARY, 1, 1},
};

/* Every way to write a binary operator; longer ones before their beginnings. */
static const struct sign {
	const char *sign;
	enum expr_op op;
} signs[] = {
		{"||", OP_OR},
		{"&&", OP_AND},
		{"==", OP_EQ},
		{"!=", OP_NE},
		{"\xe2\x89\xa0", OP_NE},
		{"<=", OP_LE},
		{"\xe2\x89\xa4", OP_LE},
		{">=", OP_GE},
		{"\xe2\x89\xa5", OP_GE},
		{"<", OP_LT},
		{">", OP_GT},
		{"+", OP_ADD},
		{"-", OP_SUB},
		{MINUS, OP_SUB},
		{"*", OP_MUL},
		{TIMES, OP_MUL},
		{"/", OP_DIV},
		{"\xc3\xb7", OP_DIV},
};

#define LETTERS    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS     "0123456789"
#define NAME_BYTES LETTERS DIGITS "_"

struct parser {
	const char *text;
	size_t at;
	int depth;
	struct arena *arena;
	struct error *err;
	struct expr_node nodes[EXPR_NODES_MAX];
	int count;
};

static short parse_binary(struct parser *parser, enum expr_precedence least);

static void parse_skip_blanks(struct parser *parser)
{
	parser->at += strspn(parser->text + parser->at, " \t\r\n");
}

static int column_of(const struct parser *parser, size_t at)
{
	int column = 1;
	for (size_t i = 0; i < at; i++)
		column += (parser->text[i] & 0xc0) != 0x80;
	return column;
}

static short parse_refuse(struct parser *parser, size_t at, const char *what)
{
	(void)error_set(parser->err, "column %d: %s", column_of(parser, at), what);
	return NO_NODE;
}

/* "unexpected X, expected Y", X as far as it is fit to show. */
static short unexpected(struct parser *parser, const char *wanted)
{
	const char *rest = parser->text + parser->at;
	size_t length = strspn(rest, NAME_BYTES ".");
	char found[40] = "sign";
	if (!*rest)
		(void)snprintf(found, sizeof found, "end");
	else if (length || (*rest > ' ' && *rest <= '~'))
		(void)snprintf(found,
				sizeof found,
				"\"%.*s\"",
				length > 24      ? 24
						: length ? (int)length
								 : 1,
				rest);
	char what[120];
	(void)snprintf(what, sizeof what, "unexpected %s, expected %s", found, wanted);
	return parse_refuse(parser, parser->at, what);
}

static short new_node(struct parser *parser, enum expr_op op, size_t at, short first)
{
	if (parser->count == EXPR_NODES_MAX)
		return parse_refuse(parser, at, "the formula has too many parts (at most 512)");
	struct expr_node *node = &parser->nodes[parser->count];
	*node = (struct expr_node){.op = op, .first = first, .next = NO_NODE};
	node->column = (short)column_of(parser, at);
	return (short)parser->count++;
}

static short new_text_node(struct parser *parser,
		enum expr_op op,
		size_t at,
		const char *text,
		size_t length)
{
	short node = new_node(parser, op, at, NO_NODE);
	if (node != NO_NODE)
		parser->nodes[node].text = arena_copy(parser->arena, text, length);
	return node;
}

/* Length of the unit word at text, 0 if there is none. "/s" counts only without a blank before it
 * and as a whole: 10/size divides. */
static size_t unit_length(const char *text, bool blank)
{
	if (*text == '%')
		return 1;
	size_t word = strspn(text, LETTERS);
	bool rate = text[word] == '/' && text[word + 1] == 's' &&
			!strspn(text + word + 2, NAME_BYTES ".");
	double scale;
	enum unit unit;
	if (rate && (word || !blank) && unit_scale(text, word + 2, &scale, &unit))
		return word + 2;
	return word;
}

static short expr_parse_literal(struct parser *parser)
{
	size_t start = parser->at, digits = strspn(parser->text + start, DIGITS);
	const char *after = parser->text + start + digits;
	if (*after == '.') {
		size_t fraction = strspn(after + 1, DIGITS);
		if (!fraction)
			return parse_refuse(parser, start, "a number must have digits after its point");
		digits += 1 + fraction;
	}
	parser->at += digits;
	parse_skip_blanks(parser);
	const char *word = parser->text + parser->at;
	size_t length = unit_length(word, parser->at > start + digits);
	double scale = 1;
	enum unit unit = UNIT_COUNT;
	if (length && !unit_scale(word, length, &scale, &unit))
		return unexpected(parser, "a unit (k M B KiB MiB GiB TiB ms s m h /s %) or an operator");
	parser->at += length;
	short node = new_text_node(parser, OP_NUMBER, start, parser->text + start, digits);
	if (node == NO_NODE)
		return NO_NODE;
	double number = strtod(parser->nodes[node].text, NULL);
	parser->nodes[node].number = scale < 1 ? number / round(1 / scale) : number * scale;
	parser->nodes[node].unit = unit;
	parser->nodes[node].suffix = arena_copy(parser->arena, word, length);
	if (!(parser->nodes[node].number <= 9007199254740992.0))
		return parse_refuse(parser, start, "the number is too large (at most 2^53)");
	return node;
}

static short parse_literal(struct parser *parser)
{
	size_t start = parser->at, length = strcspn(parser->text + start + 1, "'");
	if (parser->text[start + 1 + length] != '\'')
		return parse_refuse(parser, start, "the closing ' of the text is missing");
	for (size_t i = 1; i <= length; i++) {
		if ((unsigned char)parser->text[start + i] < ' ' || parser->text[start + i] == '\x7f')
			return parse_refuse(parser, start + i, "a control character in a text");
	}
	parser->at += length + 2;
	return new_text_node(parser, OP_TEXT, start, parser->text + start + 1, length);
}

static bool enter(struct parser *parser)
{
	if (++parser->depth <= EXPR_DEPTH_MAX)
		return true;
	(void)parse_refuse(parser, parser->at, "the formula is nested too deeply (at most 64)");
	return false;
}

/* The arguments behind "(", linked; returns the first one, and their number. */
static short parse_arguments(struct parser *parser, int *ret_count)
{
	short first = NO_NODE, last = NO_NODE;
	for (*ret_count = 0;; parser->at++) {
		short argument = parse_binary(parser, PREC_OR);
		if (argument == NO_NODE)
			return NO_NODE;
		if (last == NO_NODE)
			first = argument;
		else
			parser->nodes[last].next = argument;
		last = argument;
		++*ret_count;
		parse_skip_blanks(parser);
		if (parser->text[parser->at] != ',')
			break;
	}
	if (parser->text[parser->at] != ')')
		return unexpected(parser, "an operator, \",\" or \")\"");
	parser->at++;
	return first;
}

static short parse_call(struct parser *parser, size_t start, size_t length)
{
	enum expr_op op = OP_MIN;
	while (op < OP_COUNT &&
			(strlen(expr_op_rows[op].sign) != length ||
					memcmp(expr_op_rows[op].sign, parser->text + start, length) != 0))
		op++;
	if (op == OP_COUNT)
		return parse_refuse(parser,
				start,
				"no such function; there are min max ceil floor if next_pow2 known last sum");
	parser->at++;
	int count = 0;
	if (!enter(parser))
		return NO_NODE;
	short first = parse_arguments(parser, &count);
	parser->depth--;
	if (first == NO_NODE)
		return NO_NODE;
	if (count < expr_op_rows[op].least || count > expr_op_rows[op].most) {
		char what[64];
		(void)snprintf(what,
				sizeof what,
				"%s() takes %d argument%s, not %d",
				expr_op_rows[op].sign,
				expr_op_rows[op].least,
				expr_op_rows[op].least == 1 ? "" : "s",
				count);
		return parse_refuse(parser, start, what);
	}
	if ((op == OP_KNOWN || op == OP_LAST) && parser->nodes[first].op != OP_NAME)
		return parse_refuse(parser,
				start,
				"the first argument of known() and last() must be a name");
	return new_node(parser, op, start, first);
}

/* MAJOR.MINOR of a kernel version, each below 1000. */
static bool parse_read_version(const char *name, size_t length, double *ret_version)
{
	char text[12];
	struct error ignored;
	if (*name != 'v' || length >= sizeof text)
		return false;
	memcpy(text, name, length);
	text[length] = '\0';
	return unit_parse(text, UNIT_VERSION, ret_version, &ignored);
}

/* A later component of a dotted name may hold dashes, as the kernel's names do (fs.file-max): write
 * a - b with blanks to subtract. */
static size_t component_length(const char *text)
{
	size_t length = ascii_is_name(*text) ? 1 : 0;
	while (length && (ascii_is_name(text[length]) || text[length] == '-'))
		length++;
	while (length && text[length - 1] == '-')
		length--;
	return length;
}

static size_t parse_name_length(const char *text)
{
	size_t length = 0;
	while (ascii_is_name(text[length]))
		length++;
	for (size_t more; text[length] == '.' && (more = component_length(text + length + 1)) > 0;)
		length += 1 + more;
	return length;
}

static short parse_name(struct parser *parser)
{
	static const struct {
		const char *word;
		enum expr_op op;
		double number;
	} words[] = {{"true", OP_BOOL, 1}, {"false", OP_BOOL, 0}, {"unlimited", OP_UNLIMITED, 0}};
	size_t start = parser->at, length = parse_name_length(parser->text + start);
	parser->at += length;
	parse_skip_blanks(parser);
	if (parser->text[parser->at] == '(')
		return parse_call(parser, start, length);
	double number = 0;
	enum expr_op op = parse_read_version(parser->text + start, length, &number) ? OP_VERSION
																				: OP_NAME;
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		if (strlen(words[i].word) == length &&
				memcmp(parser->text + start, words[i].word, length) == 0) {
			op = words[i].op;
			number = words[i].number;
		}
	}
	short node = new_text_node(parser, op, start, parser->text + start, length);
	if (node != NO_NODE)
		parser->nodes[node].number = number;
	return node;
}

static short parse_group(struct parser *parser)
{
	parser->at++;
	if (!enter(parser))
		return NO_NODE;
	short inner = parse_binary(parser, PREC_OR);
	parser->depth--;
	if (inner == NO_NODE)
		return NO_NODE;
	parse_skip_blanks(parser);
	if (parser->text[parser->at] != ')')
		return unexpected(parser, "an operator or \")\"");
	parser->at++;
	return inner;
}

/* Length of the unary sign at the parser, 0 if there is none. */
static size_t unary_sign(const struct parser *parser, enum expr_op *ret_op)
{
	const char *rest = parser->text + parser->at;
	size_t minus = *rest == '-' ? 1 : text_begins_with(rest, MINUS) ? strlen(MINUS) : 0;
	*ret_op = minus ? OP_NEGATE : OP_NOT;
	return minus ? minus : *rest == '!' ? 1 : 0;
}

static short parse_unary(struct parser *parser)
{
	parse_skip_blanks(parser);
	size_t start = parser->at;
	enum expr_op op;
	size_t sign = unary_sign(parser, &op);
	char next = parser->text[start];
	if (sign) {
		parser->at += sign;
		if (!enter(parser))
			return NO_NODE;
		short operand = parse_unary(parser);
		parser->depth--;
		return operand == NO_NODE ? NO_NODE : new_node(parser, op, start, operand);
	}
	if (next >= '0' && next <= '9')
		return expr_parse_literal(parser);
	if (next == '\'')
		return parse_literal(parser);
	if (next == '(')
		return parse_group(parser);
	if (next == '_' || (next && strchr(LETTERS, next)))
		return parse_name(parser);
	return unexpected(parser, "a number, a name or \"(\"");
}

static const struct sign *peek_sign(struct parser *parser)
{
	parse_skip_blanks(parser);
	for (size_t i = 0; i < COUNT_OF(signs); i++) {
		if (strncmp(parser->text + parser->at, signs[i].sign, strlen(signs[i].sign)) == 0)
			return &signs[i];
	}
	return NULL;
}

static short parse_binary(struct parser *parser, enum expr_precedence least)
{
	short left = parse_unary(parser);
	while (left != NO_NODE) {
		const struct sign *sign = peek_sign(parser);
		if (!sign || expr_op_rows[sign->op].precedence < least)
			break;
		size_t start = parser->at;
		parser->at += strlen(sign->sign);
		short right = parse_binary(parser,
				(enum expr_precedence)(expr_op_rows[sign->op].precedence + 1));
		if (right == NO_NODE)
			return NO_NODE;
		struct expr_node *node = &parser->nodes[right];
		if ((sign->op == OP_EQ || sign->op == OP_NE) && node->op == OP_NAME &&
				!strchr(node->text, '.'))
			node->word = true;
		parser->nodes[left].next = right;
		left = new_node(parser, sign->op, start, left);
	}
	return left;
}

const struct expr *expr_parse(struct arena *arena, const char *text, struct error *err)
{
	struct parser parser;
	parser.text = text;
	parser.at = 0;
	parser.depth = 0;
	parser.arena = arena;
	parser.err = err;
	parser.count = 0;
	size_t length = strlen(text);
	if (length > EXPR_TEXT_MAX || !text_is_utf8(text, length)) {
		(void)error_set(err,
				length > EXPR_TEXT_MAX ? "column 2001: the formula is too long (at most 2000 bytes)"
									   : "column 1: the formula is not valid UTF-8");
		return NULL;
	}
	short root = parse_binary(&parser, PREC_OR);
	if (root == NO_NODE)
		return NULL;
	parse_skip_blanks(&parser);
	if (text[parser.at]) {
		(void)unexpected(&parser, "an operator or the end");
		return NULL;
	}
	struct expr *expr = arena_alloc(arena, sizeof *expr);
	expr->nodes = arena_alloc(arena, (size_t)parser.count * sizeof *expr->nodes);
	memcpy(expr->nodes, parser.nodes, (size_t)parser.count * sizeof *expr->nodes);
	expr->count = parser.count;
	expr->root = root;
	return expr;
}

void expr_names(const struct expr *expr,
		void (*visit)(void *context, const char *name, bool word),
		void *context)
{
	for (int i = 0; i < expr->count; i++) {
		const struct expr_node *node = &expr->nodes[i];
		if (node->op == OP_NAME && !node->literal)
			visit(context, node->text, node->word);
	}
}
