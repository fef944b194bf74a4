/* Arithmetic over the plan's rate. */
#include "model/queues/pause.h"

#include <math.h>

double pause_peak_rate(const struct timeline *plan)
{
	double peak = 0;
	for (size_t i = 0; i < plan->count; i++)
		peak = fmax(peak, plan->points[i].value[SERIES_OPENS]);
	return peak;
}

double pause_that_fills(const struct timeline *plan, double room)
{
	double rate = pause_peak_rate(plan);
	if (!(rate > 0) || isnan(room))
		return INFINITY;
	return fmax(0, room) / rate;
}
