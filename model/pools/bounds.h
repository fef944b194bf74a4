/* Two bounds of a number, for when the observations allow several values: the best and the worst
 * for the plan. */
#ifndef HEADROOM_MODEL_POOLS_BOUNDS_H
#define HEADROOM_MODEL_POOLS_BOUNDS_H

struct bounds {
	double best, worst;
};

struct bounds bounds_of(double best, double worst);
/* Returns the bounds that leave fewer ports. */
struct bounds bounds_larger(struct bounds a, struct bounds b);
/* Returns bounds that contain both. */
struct bounds bounds_either(struct bounds a, struct bounds b);

#endif
