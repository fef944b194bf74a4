#include "model/watch/pace.h"

#include <math.h>

static const double first_s = 0.005, growth = 1.5;
/* 0.5% of a processor up to 1,000 sockets, not 3% from 50,000 on, and between them in proportion.
 */
static const double few = 1000, many = 50000, few_share = 0.005, many_share = 0.028;
/* The dense looks at the start may take this much beyond it. */
static const double credit_s = 0.02;

double pace_share(double sockets)
{
	double part = (sockets - few) / (many - few);
	if (!(part > 0))
		return few_share;
	return few_share + fmin(part, 1) * (many_share - few_share);
}

void pace_init(struct pace *ret_pace, double interval_s)
{
	*ret_pace = (struct pace){.interval_s = interval_s, .step_s = fmin(first_s, interval_s)};
}

/* The schedule: later looks do not come later because each takes its time. */
static double pace_scheduled(struct pace *pace, double now_s)
{
	pace->due_s += pace->step_s;
	pace->step_s = fmin(pace->step_s * growth, pace->interval_s);
	if (pace->due_s < now_s)
		pace->due_s = now_s;
	return pace->due_s;
}

/* When the next look, as dear as this one, no longer takes more than its share. */
static double pace_affordable(const struct pace *pace, const struct pace_look *look)
{
	double cost_s = look->cpu_s - pace->spent_s;
	double after_s = look->cpu_s - pace->first_s + cost_s - credit_s;
	return after_s / pace_share(look->sockets);
}

double pace_taken_s(const struct pace *pace)
{
	return pace->spent_s - pace->first_s;
}

double pace_next(struct pace *pace, const struct pace_look *look)
{
	double scheduled_s = pace_scheduled(pace, look->t_s);
	if (!pace->begun)
		pace->first_s = look->cpu_s;
	pace->begun = true;
	double affordable_s = pace_affordable(pace, look);
	pace->spent_s = look->cpu_s;
	if (affordable_s > scheduled_s)
		pace->due_s = affordable_s;
	return fmax(pace->due_s - look->t_s, 0);
}
