/* A number that what was seen does not decide: at best and at worst for the plan. */
#ifndef HEADROOM_MODEL_POOLS_BOUNDS_H
#define HEADROOM_MODEL_POOLS_BOUNDS_H

struct bounds {
	double best, worst;
};

struct bounds bounds_of(double best, double worst);
/* The one of the two bounds that leaves fewer ports. */
struct bounds bounds_larger(struct bounds a, struct bounds b);
/* The bounds that are true in either case. */
struct bounds bounds_either(struct bounds a, struct bounds b);

#endif
