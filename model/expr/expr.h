/* Formulas: parsed once, checked for dimensions without a host, evaluated with unknown values, and
 * printed with names or with numbers.
 *
 * Operators from lowest to highest: || ; && ; == != < <= > >= ; + - ; * / ; unary - and !. The
 * signs × ÷ − ≤ ≥ ≠ are accepted too. Operands: a number with or without a unit (60 s, 4 KiB, 75%,
 * 250/s), v6.9 (a kernel version), a dotted name (net.core.somaxconn, live), true, false,
 * unlimited, 'text' and calls. After its first dot a name may contain dashes (fs.file-max), so put
 * blanks around a minus. A bare word to the right of == or != is a text if the left side is one:
 * bind == none.
 *
 * Calls: min(…) max(…) ceil(x) floor(x) if(c, a, b) next_pow2(x) known(name); last(rate, d), how
 * much of a rate happened in the last d seconds of the plan, printed as rate × d; sum(x), the total
 * of x over all loads of the plan, printed as x if there is one load. */
#ifndef HEADROOM_MODEL_EXPR_EXPR_H
#define HEADROOM_MODEL_EXPR_EXPR_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "base/unit.h"

enum value_kind {
	VALUE_UNKNOWN,
	VALUE_NUMBER,
	VALUE_BOOL,
	VALUE_TEXT
};

struct value {
	enum value_kind kind;
	double number;       /* VALUE_NUMBER (base units; may be INFINITY), VALUE_BOOL: 0 or 1 */
	const char *text;    /* VALUE_TEXT */
	enum unit unit;      /* how to show the number */
	const char *missing; /* VALUE_UNKNOWN: the first fact that was missing */
	bool maybe;          /* VALUE_UNKNOWN: not read but may exist, so known() is unknown too */
};

struct value value_number(double number, enum unit unit);
struct value value_bool(bool truth);
struct value value_text(const char *text);
struct value value_unknown(const char *missing);

/* Where names get their values. `lookup` returns false if the name does not exist at all (an error
 * in the rule); an existing name without a value gives VALUE_UNKNOWN. */
struct expr_env {
	bool (*lookup)(void *context, const char *name, struct value *ret_value);
	/* For last(): gives the total of the rate over the last `seconds`. Sets *ret_steady if that
	 * equals rate × seconds, which is then printed as a product. */
	bool (*integrate)(void *context,
			const char *rate,
			double seconds,
			double *ret_sum,
			bool *ret_steady);
	void *context;
	/* For sum(): gives the environment of the i-th load, or returns false if there is no such load.
	 * NULL: the plan has one load, and this is its environment. */
	bool (*part)(void *context, size_t i, struct expr_env *ret_part);
};

/* Gives the unit of a name for expr_check; returns false if there is no such name. */
typedef bool (*expr_type_fn)(void *context, const char *name, enum unit *ret_unit);

struct expr; /* immutable; lives in the arena it was parsed into */

enum {
	EXPR_TEXT_MAX = 2000,
	EXPR_DEPTH_MAX = 64,
	EXPR_NODES_MAX = 512
};

/* Returns NULL on a syntax error; err names the column ("column 12: …"). */
const struct expr *expr_parse(struct arena *arena, const char *text, struct error *err);

/* Checks names and dimensions: bytes + seconds is an error, described in err. *ret_unit is the unit
 * of the result (UNIT_BOOL for conditions). `unlimited` and 0 fit any dimension; a RATIO is a
 * COUNT. */
bool expr_check(const struct expr *expr,
		expr_type_fn type,
		void *context,
		enum unit *ret_unit,
		struct error *err);

/* Returns true if a formula with a result in `unit` can be used where `want` is expected. 0 and
 * unlimited fit any unit. */
bool expr_fits(const struct expr *expr, enum unit unit, enum unit want);

/* Evaluates with three truth values: false && unknown is false, true || unknown is true, and
 * if(unknown, a, b) is a if a and b are equal. min(0, unknown) is unknown, because the unknown
 * number may be negative. A division by zero, or unlimited minus unlimited, gives VALUE_UNKNOWN
 * with the reason in `missing`. The number is never NaN. */
struct value expr_eval(const struct expr *expr, const struct expr_env *env);

/* Prints the formula with its names. pretty=false: in ASCII; parsing that again gives an equal
 * formula. pretty=true: for people, with × − ≤ and "rate × d" for last(rate, d). */
void expr_print(const struct expr *expr, bool pretty, struct text *out);

/* Prints the pretty form with numbers instead of names: "15,000 + 250/s × 60 s". A name without a
 * value prints as "?", a factor or divisor of exactly 1 is left out, and if() prints only the
 * branch taken. last() prints as rate × d if the rate is steady, else as its total. */
void expr_print_values(const struct expr *expr, const struct expr_env *env, struct text *out);

/* Prints the names for what expr_print_values prints as numbers: the same branches and factors. */
void expr_print_for(const struct expr *expr, const struct expr_env *env, struct text *out);

/* What the names of a formula are called where it is said in words. */
struct expr_words {
	/* What follows the number: "in TIME_WAIT". NULL: the name has no word. */
	const char *(*word)(void *context, const char *name);
	/* The formula that a name stands for. NULL: none. */
	const struct expr *(*meaning)(void *context, const char *name);
	void *context;
};
enum expr_said {
	EXPR_UNSAID,   /* a value is not known, or there is only a number to say, or it is 0 */
	EXPR_SAID_ONE, /* one number with its word */
	EXPR_SAID_SUM  /* a calculation, whose result the text does not contain */
};
/* As people say it: "10 of the program itself + 15,000 connections". Parts that are 0 and factors
 * of 1 are left out; of min() and max() the argument that decides is said. Of last() the result,
 * with the word of its time: "15,000 in TIME_WAIT (250 closes/s × 60 s)". */
enum expr_said expr_print_words(const struct expr *expr,
		const struct expr_env *env,
		const struct expr_words *words,
		struct text *out);

/* Returns true if the formula contains sum(). */
bool expr_sums(const struct expr *expr);
/* Returns sum(expr), allocated in the arena. */
const struct expr *expr_sum_of(struct arena *arena, const struct expr *expr);

/* Calls `visit` for each use of a name. `word` marks a bare word to the right of == or !=, which is
 * a text if the left side is one. After expr_check such texts are left out. */
void expr_names(const struct expr *expr,
		void (*visit)(void *context, const char *name, bool word),
		void *context);

#endif
