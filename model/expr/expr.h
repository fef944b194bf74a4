/* Formulas: parsed once, checked for dimensions without a host, evaluated in three-valued logic,
 * printed symbolically and with the numbers put in.
 *
 * Grammar (lowest to highest): || ; && ; == != < <= > >= ; + - ; * / ; unary - ! ; primary.
 * primary: number with optional unit (60 s, 4 KiB, 75%, 250/s), v6.9 (kernel version), a dotted
 * name (net.core.somaxconn, live), true, false, unlimited, 'text' (an enum literal), call, (…).
 * After its first dot a name may hold dashes (fs.file-max): a difference is written with blanks, a
 * - b. A bare word right of == or != is an enum literal when the left side is a text: bind == none.
 * Calls: min(…) max(…) ceil(x) floor(x) if(c, a, b) next_pow2(x) known(name),
 *        last(rate, d): how much of `rate` happened in the last d seconds (an integral over the
 *        plan; rate × d when steady). It prints as rate × d.
 *        sum(x): x of every load of the plan, added up; it prints as x where there is one.
 * The signs × ÷ − ≤ ≥ ≠ are accepted as well. No loops, no assignment, no user functions. */
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
	const char *missing; /* VALUE_UNKNOWN: the name of the first fact that was missing */
	bool maybe; /* VALUE_UNKNOWN: it was not read but may exist, so that known() is unknown too */
};

struct value value_number(double number, enum unit unit);
struct value value_bool(bool truth);
struct value value_text(const char *text);
struct value value_unknown(const char *missing);

/* Where names get their values. lookup returns false if the name does not exist at all (an error
 * in the rule); an existing name without a value gives VALUE_UNKNOWN. */
struct expr_env {
	bool (*lookup)(void *context, const char *name, struct value *ret_value);
	/* last(): integral of the named rate over the last `seconds`; *ret_steady is true when it
	 * equals rate × seconds (then the printer shows the product). `factor` scales the rate. */
	bool (*integrate)(void *context,
			const char *rate,
			double seconds,
			double *ret_sum,
			bool *ret_steady);
	void *context;
	/* sum(): where names get their values for the i-th load; false if there is no such load.
	 * NULL: these are the values of the only load. */
	bool (*part)(void *context, size_t i, struct expr_env *ret_part);
};

/* Static type of a name, for expr_check. false: no such name. */
typedef bool (*expr_type_fn)(void *context, const char *name, enum unit *ret_unit);

struct expr; /* immutable; lives in the arena it was parsed into */

enum {
	EXPR_TEXT_MAX = 2000,
	EXPR_DEPTH_MAX = 64,
	EXPR_NODES_MAX = 512
};

/* NULL on a syntax error; err names the column ("column 12: …"). */
const struct expr *expr_parse(struct arena *arena, const char *text, struct error *err);

/* Checks names and dimensions, e.g. bytes + seconds is an error. *ret_unit is the unit of the
 * result (UNIT_BOOL for conditions). `unlimited` and 0 fit any dimension; a RATIO is a COUNT. */
bool expr_check(const struct expr *expr,
		expr_type_fn type,
		void *context,
		enum unit *ret_unit,
		struct error *err);

/* Can a formula whose result is in `unit` be used where `want` is expected? 0 and unlimited fit any
 * unit. */
bool expr_fits(const struct expr *expr, enum unit unit, enum unit want);

/* Three-valued: false && unknown is false, true || unknown is true, min(0, unknown) is 0 only if
 * the unknown cannot be negative — it is not assumed, so it is unknown; if(unknown, a, a) is a
 * when both branches are equal. Division by zero gives unknown with missing = "division by zero".
 * inf - inf likewise. NaN never comes out. */
struct value expr_eval(const struct expr *expr, const struct expr_env *env);

/* Symbolic form. pretty=false: canonical ASCII, parse(print(e)) prints the same and evaluates
 * alike. pretty=true: × − ≤, last(rate, d) as "rate × d", last dotted component dropped never. */
void expr_print(const struct expr *expr, bool pretty, struct text *out);

/* The pretty form with numbers put in: "15,000 + 250/s × 60 s". Names without a value print as "?".
 * A factor or divisor of exactly 1 is left out, as in expr_print_for. if() prints only the branch
 * taken. last() prints rate × d if steady, else the sum. */
void expr_print_values(const struct expr *expr, const struct expr_env *env, struct text *out);

/* The pretty symbolic form of what expr_print_values prints: the same branches and factors. */
void expr_print_for(const struct expr *expr, const struct expr_env *env, struct text *out);

/* Does sum() occur in it? */
bool expr_sums(const struct expr *expr);
/* sum(expr), in the arena. */
const struct expr *expr_sum_of(struct arena *arena, const struct expr *expr);

/* Calls visit for each name used (dotted names and bare ones), once per occurrence. `word`: a bare
 * word right of == or !=, which is a text and no name if the left side is a text. After expr_check
 * such texts are left out. */
void expr_names(const struct expr *expr,
		void (*visit)(void *context, const char *name, bool word),
		void *context);

#endif
