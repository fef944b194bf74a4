/* Judges one limit for one instance: its demand, capacity and use at one moment of the plan and one
 * scale. */
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
	const struct measurement *measured; /* measured capacity; NULL: not measured */
	const struct course *course;        /* use over the plan's time; NULL: not computed yet */
	struct sums *sums;                  /* demand as a sum, if it is one; NULL: not computed yet */
};

/* Demand and capacity at one scale and moment. */
struct probe {
	struct value demand, planning, capacity;
};

/* Returns a judge; the instance must outlive it. A demand without sum() is evaluated for the loads
 * together. */
struct judge judge_new(const struct situation *situation,
		const struct limit_rule *rule,
		const struct instance *instance,
		enum missing_mode mode);

/* Returns the measurement of this limit's capacity, or of a quantity in its formulas, if it can be
 * compared; else NULL. */
const struct measurement *judge_measurement(const struct situation *situation,
		const struct limit_rule *rule,
		const char *instance);

/* Returns the capacity that the rule gives, or a lower one if the kernel was measured to give
 * less. */
struct value judge_capacity(struct judge *judge);

/* Returns the part of the capacity that the plan may use: 0.75 by default. */
double judge_target(const struct judge *judge);

struct probe judge_probe(struct judge *judge, double scale, struct moment moment);

/* Returns the demand that counts, corrected by whole_if_near; NAN: unknown. */
double judge_demand(const struct probe *probe);

/* Returns the nearest whole number if only the rounding of doubles keeps `number` from being it: 16
 * instead of 16.000000000000004. Other numbers stay unchanged. */
double whole_if_near(double number);

/* Returns demand ÷ capacity, of which either may be NAN (unknown), 0 or INFINITY. */
double use_of(double demand, double capacity);

double judge_use(struct judge *judge, double scale, struct moment moment);

/* How the use of a limit changes over the plan's time. */
enum judge_course {
	COURSE_ANY,
	COURSE_LINEAR, /* use is highest at the same moment for every scale */
	COURSE_FLAT    /* use is the same all the time */
};

enum judge_course judge_course(struct judge *judge);

/* The demand as a sum over the atoms of its names, and a capacity that does not change. */
struct judge_sum {
	const struct affine *demand;
	double capacity;
};

/* Returns false if the limit does not have this form. */
bool judge_sum(struct judge *judge, struct judge_sum *ret_sum);

#endif
