/* Measurements of calibrators, as the model uses them. A limit names its calibrator with
 * calibrated_by. A comparable measurement lowers the limit's capacity by as much as the kernel fell
 * short of the prediction, today and after every fix; or it is the number measured.QUANTITY in
 * formulas. */
#ifndef HEADROOM_MODEL_MEASUREMENT_H
#define HEADROOM_MODEL_MEASUREMENT_H

#include <stdbool.h>

struct measurement {
	const char *calibrator; /* "ports" */
	const char *instance;   /* instance of the limit; NULL: all instances */
	const char *quantity; /* "entries_per_connection"; NULL: the capacity, in `parts` of the limit's
	                         size */
	bool cost;            /* for a quantity: the model uses the larger of the two numbers */
	const char *unit;     /* unit of the numbers, a plural noun */
	double predicted, measured, tolerance; /* NAN: not known */
	bool lower_bound; /* `predicted` is a minimum: a higher number does not disagree */
	double parts;     /* number of pools that were measured together, at least 1 */
	bool comparable;  /* measured with the settings of the host that is judged */
};

/* Returns true if both numbers are known and differ by more than the tolerance. */
bool measurement_disagrees(const struct measurement *measurement);
/* Returns the measured capacity where the model calculates `capacity`. */
double measurement_capacity(const struct measurement *measurement, double capacity);

#endif
