/* What calibrators found, as the model takes it. A limit names its calibrator with calibrated_by; a
 * measurement that is comparable lowers its capacity by what the kernel fell short of the
 * prediction, here and after every fix, or is the number measured.QUANTITY in its formulas. */
#ifndef HEADROOM_MODEL_MEASUREMENT_H
#define HEADROOM_MODEL_MEASUREMENT_H

#include <stdbool.h>

struct measurement {
	const char *calibrator; /* "ports" */
	const char *instance;   /* of the limit; NULL: all of them */
	const char *quantity;   /* "entries_per_connection"; NULL: it is the capacity, in `parts` of the
	                           limit's size */
	bool cost;              /* of a quantity: the model takes the larger of both numbers */
	const char *unit;       /* of the numbers, a plural noun */
	double predicted, measured, tolerance; /* NAN: not known */
	bool lower_bound; /* predicted is the least to expect: more is no disagreement */
	double parts;     /* pools that were measured together; at least 1 */
	bool comparable;  /* measured under the settings of the target */
};

/* Both numbers known and further apart than the tolerance. */
bool measurement_disagrees(const struct measurement *measurement);
/* The capacity that the kernel gave where the model says `capacity`. */
double measurement_capacity(const struct measurement *measurement, double capacity);

#endif
