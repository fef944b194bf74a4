/* Measured against predicted. Does not decide which limit it is about. */
#include "model/measurement.h"

#include <math.h>

bool measurement_disagrees(const struct measurement *measurement)
{
	if (isnan(measurement->predicted) || isnan(measurement->measured))
		return false;
	if (isinf(measurement->predicted) && isinf(measurement->measured))
		return false;
	if (measurement->lower_bound && measurement->measured > measurement->predicted)
		return false;
	return fabs(measurement->measured - measurement->predicted) > measurement->tolerance;
}

double measurement_capacity(const struct measurement *measurement, double capacity)
{
	double share = measurement->measured / measurement->parts;
	if (isinf(measurement->predicted) || isinf(capacity))
		return share;
	double missing = (measurement->predicted - measurement->measured) / measurement->parts;
	double found = capacity - missing;
	if (isnan(found))
		return capacity;
	return fmax(found, 0);
}
