/* The printer of formulas in words: "10 of the program itself + 15,000 connections". It says only
 * what counts here: no part that is 0, no factor of 1, of min() only the smallest. */
#include "model/expr/node.h"

#include <math.h>
#include <string.h>

/* Who speaks, and what it has said so far. */
struct speaker {
	const struct expr_env *env;
	const struct expr_words *words;
	struct text *out;
	bool failed; /* a part has no value, so there is nothing to say */
};

/* A node with the formula that it belongs to: what a name means is another formula. */
struct phrase {
	const struct expr *expr;
	const struct expr_node *node;
};

static void say_phrase(struct speaker *s, struct phrase p, enum expr_precedence least);

static struct phrase phrase_of(struct phrase parent, const struct expr_node *node)
{
	return (struct phrase){parent.expr, node};
}

static struct phrase phrase_first(struct phrase p)
{
	return phrase_of(p, expr_first(p.expr, p.node));
}

static struct phrase phrase_second(struct phrase p)
{
	const struct expr_node *first = expr_first(p.expr, p.node);
	return phrase_of(p, expr_next(p.expr, first));
}

static struct value phrase_value(const struct speaker *s, struct phrase p)
{
	struct expr part = *p.expr;
	part.root = (short)(p.node - p.expr->nodes);
	return expr_eval(&part, s->env);
}

static bool phrase_is(const struct speaker *s, struct phrase p, double number)
{
	struct value value = phrase_value(s, p);
	return value.kind == VALUE_NUMBER && value.number == number;
}

static const char *word_of(const struct speaker *s, struct phrase p)
{
	if (p.node->op != OP_NAME)
		return NULL;
	return s->words->word(s->words->context, p.node->text);
}

/* A name without a word of its own stands for what it means. */
static struct phrase meaning_of(const struct speaker *s, struct phrase p)
{
	if (word_of(s, p))
		return p;
	const struct expr *meant = s->words->meaning(s->words->context, p.node->text);
	if (!meant)
		return p;
	return (struct phrase){meant, &meant->nodes[meant->root]};
}

/* Of min() and max() the argument that decides. */
static struct phrase decisive_of(const struct speaker *s, struct phrase p)
{
	struct value whole = phrase_value(s, p);
	const struct expr_node *node = expr_first(p.expr, p.node);
	for (; node && whole.kind == VALUE_NUMBER; node = expr_next(p.expr, node)) {
		struct phrase argument = phrase_of(p, node);
		if (phrase_is(s, argument, whole.number))
			return argument;
	}
	return p;
}

static struct phrase branch_of(const struct speaker *s, struct phrase p)
{
	struct phrase condition = phrase_first(p);
	struct phrase then = phrase_second(p);
	struct value value = phrase_value(s, condition);
	if (value.kind != VALUE_BOOL)
		return p;
	if (value.number != 0)
		return then;
	return phrase_of(p, expr_next(p.expr, then.node));
}

/* Without the side that changes nothing: + 0, − 0, × 1, ÷ 1. */
static struct phrase without_idle(const struct speaker *s, struct phrase p)
{
	enum expr_op op = p.node->op;
	struct phrase left = phrase_first(p);
	struct phrase right = phrase_second(p);
	bool adds = op == OP_ADD || op == OP_SUB;
	double idle = 1;
	if (adds)
		idle = 0;
	bool swaps = op == OP_ADD || op == OP_MUL;
	if (phrase_is(s, right, idle))
		return left;
	if (swaps && phrase_is(s, left, idle))
		return right;
	return p;
}

/* One step towards what is worth saying; the same if there is none. */
static struct phrase say_less(const struct speaker *s, struct phrase p)
{
	switch (p.node->op) {
	case OP_NAME:
		return meaning_of(s, p);
	case OP_IF:
		return branch_of(s, p);
	case OP_MIN:
	case OP_MAX:
		return decisive_of(s, p);
	case OP_ADD:
	case OP_SUB:
	case OP_MUL:
	case OP_DIV:
		return without_idle(s, p);
	case OP_SUM:
		if (s->env->part)
			return p;
		return phrase_first(p);
	default:
		return p;
	}
}

static struct phrase worth_saying(const struct speaker *s, struct phrase p)
{
	for (;;) {
		struct phrase less = say_less(s, p);
		if (!less.node || less.node == p.node)
			return p;
		p = less;
	}
}

/* "1 connection", "1 process in use": the noun is the first word. */
static void say_word(struct speaker *s, const char *number, const char *word)
{
	size_t noun = strcspn(word, " ");
	bool one = strcmp(number, "1") == 0;
	bool plural = one && noun > 2 && word[noun - 1] == 's';
	size_t cut = 0;
	if (plural)
		cut = 1;
	if (plural && strncmp(word + noun - 4, "sses", 4) == 0)
		cut = 2;
	text_add(s->out, " ");
	text_add_bytes(s->out, word, noun - cut);
	text_add(s->out, word + noun);
}

/* Counts are whole; what is less than one of them is one. */
static double in_words_whole(double count)
{
	double whole = round(count);
	if (whole == 0)
		return ceil(count);
	return whole;
}

/* "15,000 connections"; of a rate "250 closes/s". */
static void say_number(struct speaker *s, struct value value, const char *word)
{
	char number[NUMBER_TEXT_MAX];
	if (word && value.unit == UNIT_COUNT)
		value.number = in_words_whole(value.number);
	text_number(number, value.number, value.unit);
	char *per = strstr(number, "/s");
	bool rate = word && per;
	if (rate)
		*per = '\0';
	text_add(s->out, number);
	if (word)
		say_word(s, number, word);
	if (rate)
		text_add(s->out, "/s");
}

/* What the things that are still there after so many seconds are called: as the time itself. */
static const char *kept_word(const struct speaker *s, struct phrase seconds)
{
	if (!seconds.node)
		return NULL;
	seconds = worth_saying(s, seconds);
	bool sum = seconds.node->op == OP_ADD;
	if (sum)
		seconds = worth_saying(s, phrase_first(seconds));
	return word_of(s, seconds);
}

static bool is_steady(const struct speaker *s, struct phrase rate, double seconds)
{
	double sum;
	bool steady = true;
	const struct expr_env *env = s->env;
	const char *name = rate.node->text;
	if (!env->integrate)
		return true;
	return env->integrate(env->context, name, seconds, &sum, &steady) && steady;
}

/* "15,000 in TIME_WAIT (250 closes/s × 60 s)". */
static void say_last(struct speaker *s, struct phrase p, enum expr_precedence least)
{
	struct phrase rate = phrase_first(p);
	struct phrase window = phrase_second(p);
	struct value seconds = phrase_value(s, window);
	struct value happened = phrase_value(s, p);
	const char *kept = kept_word(s, window);
	bool steady = is_steady(s, rate, seconds.number);
	if (kept || !steady)
		say_number(s, happened, kept);
	if (!steady)
		return;
	bool factor = kept && least > PREC_ADD;
	if (factor)
		return;
	if (kept)
		text_add(s->out, " (");
	say_number(s, phrase_value(s, rate), word_of(s, rate));
	text_add(s->out, " × ");
	say_number(s, seconds, NULL);
	if (kept)
		text_add(s->out, ")");
}

static void say_binary(struct speaker *s, struct phrase p)
{
	const struct expr_op_row *row = &expr_op_rows[p.node->op];
	const char *sign = row->pretty;
	if (!sign)
		sign = row->sign;
	if (p.node->op == OP_DIV)
		sign = "÷";
	bool regroups = p.node->op == OP_ADD || p.node->op == OP_MUL;
	enum expr_precedence right = row->precedence;
	if (!regroups)
		right++;
	say_phrase(s, phrase_first(p), row->precedence);
	text_addf(s->out, " %s ", sign);
	say_phrase(s, phrase_second(p), right);
}

/* What each load adds. */
static void say_parts(struct speaker *s, struct phrase p)
{
	const struct expr_env *env = s->env;
	struct expr_env of_load;
	struct phrase inner = phrase_first(p);
	const char *before = "";
	for (size_t i = 0; env->part(env->context, i, &of_load); i++) {
		s->env = &of_load;
		bool none = phrase_is(s, inner, 0);
		if (!none) {
			text_add(s->out, before);
			say_phrase(s, inner, PREC_ADD);
			before = " + ";
		}
		s->env = env;
	}
	if (!*before)
		text_add(s->out, "0");
}

static void say_inside(struct speaker *s, struct phrase p, enum expr_precedence least)
{
	enum expr_op op = p.node->op;
	enum expr_precedence precedence = expr_op_rows[op].precedence;
	bool binary = precedence == PREC_ADD || precedence == PREC_MUL;
	if (op == OP_SUM)
		say_parts(s, p);
	else if (op == OP_LAST)
		say_last(s, p, least);
	else if (binary)
		say_binary(s, p);
	else
		say_number(s, phrase_value(s, p), word_of(s, p));
}

static void say_phrase(struct speaker *s, struct phrase p, enum expr_precedence least)
{
	p = worth_saying(s, p);
	struct value value = phrase_value(s, p);
	if (value.kind != VALUE_NUMBER) {
		s->failed = true;
		return;
	}
	enum expr_precedence precedence = expr_op_rows[p.node->op].precedence;
	if (p.node->op == OP_SUM)
		precedence = PREC_ADD;
	bool parentheses = precedence < least;
	if (parentheses)
		text_add(s->out, "(");
	say_inside(s, p, least);
	if (parentheses)
		text_add(s->out, ")");
}

/* Is it more than one number with its word? */
static bool is_composed(const struct speaker *s, struct phrase p)
{
	p = worth_saying(s, p);
	if (p.node->op == OP_LAST)
		return !kept_word(s, phrase_second(p));
	enum expr_precedence precedence = expr_op_rows[p.node->op].precedence;
	return p.node->op == OP_SUM || precedence < PREC_UNARY;
}

enum expr_said expr_print_words(const struct expr *expr,
		const struct expr_env *env,
		const struct expr_words *words,
		struct text *out)
{
	struct speaker s = {.env = env, .words = words, .out = out};
	struct phrase whole = {expr, &expr->nodes[expr->root]};
	size_t before = out->length;
	if (phrase_is(&s, whole, 0))
		return EXPR_UNSAID;
	say_phrase(&s, whole, PREC_OR);
	if (s.failed)
		return EXPR_UNSAID;
	if (is_composed(&s, whole))
		return EXPR_SAID_SUM;
	/* A bare number says nothing new. */
	const char *said = text_string(out) + before;
	if (strchr(said, ' '))
		return EXPR_SAID_ONE;
	return EXPR_UNSAID;
}
