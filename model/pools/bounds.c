/* Arithmetic with bounds. */
#include "model/pools/bounds.h"

#include <math.h>

struct bounds bounds_of(double best, double worst)
{
	struct bounds bounds;
	bounds.best = best;
	bounds.worst = worst;
	return bounds;
}

/* Of two, the one that leaves fewer ports. */
struct bounds bounds_larger(struct bounds a, struct bounds b)
{
	double best = fmax(a.best, b.best);
	double worst = fmax(a.worst, b.worst);
	return bounds_of(best, worst);
}

struct bounds bounds_either(struct bounds a, struct bounds b)
{
	return bounds_of(fmin(a.best, b.best), fmax(a.worst, b.worst));
}
