/* Arithmetic over the plan's rate. */
#include "model/queues/pause.h"

#include <math.h>

double pause_peak_rate(const struct timeline *plan)
{
	return timeline_most_opens(plan);
}

double pause_that_fills(const struct timeline *plan, double room)
{
	double rate = pause_peak_rate(plan);
	if (!(rate > 0) || isnan(room))
		return INFINITY;
	return fmax(0, room) / rate;
}
