/* One limit for one instance: its demand, capacity and use at a moment of the plan and a scale. */
#ifndef HEADROOM_MODEL_JUDGE_H
#define HEADROOM_MODEL_JUDGE_H

#include "model/names.h"
#include "model/result.h"

struct course;
struct sums;
struct judge {
	const struct situation *s;
	const struct limit_rule *rule;
	const struct instance *instance;
	enum missing_mode mode;
	struct names *names;
	struct expr_env env;
	const struct measurement *measured; /* of its capacity; NULL: none */
	const struct course *course;        /* over the plan's time; NULL: not looked at yet */
	struct sums *sums;                  /* demand as a sum, if it is one; NULL: not looked at yet */
};

/* Demand and capacity at one scale and moment. */
struct probe {
	struct value demand, planning, capacity;
};

/* The instance must outlive it. A demand without sum() is added up over the loads as a whole. */
struct judge judge_new(const struct situation *situation,
		const struct limit_rule *rule,
		const struct instance *instance,
		enum missing_mode mode);

/* The comparable measurement of this limit, of its capacity or of a quantity in its formulas; NULL:
 * none. */
const struct measurement *judge_measurement(const struct situation *situation,
		const struct limit_rule *rule,
		const char *instance);

/* What the rule says, or less where the kernel was measured to give less. */
struct value judge_capacity(struct judge *judge);

/* The share of the capacity that the plan may use. */
double judge_target(const struct judge *judge);

struct probe judge_probe(struct judge *judge, double scale, struct moment moment);

/* The demand that counts, a whole number where only rounding misses it; NAN: unknown. */
double judge_demand(const struct probe *probe);

/* 96 connections in 60 s are 16 in 10 s, not 16.000000000000004: what misses a whole number by the
 * rounding of doubles is that number. */
double whole_if_near(double number);

/* Demand ÷ capacity, where either may be unknown (NAN), none or without bound. */
double use_of(double demand, double capacity);

double judge_use(struct judge *judge, double scale, struct moment moment);

/* How use follows the plan over its time. */
enum judge_course {
	COURSE_ANY,
	COURSE_LINEAR, /* its highest use comes at the same moment for every scale */
	COURSE_FLAT    /* it is the same all the time */
};

enum judge_course judge_course(struct judge *judge);

/* Demand as a sum of the names' atoms, and a capacity that is the same all the time. */
struct judge_sum {
	const struct affine *demand;
	double capacity;
};

/* false: it is no such sum. */
bool judge_sum(struct judge *judge, struct judge_sum *ret_sum);

#endif
