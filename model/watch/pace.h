/* When to look again. Looks are dense at first, since many tests open all at once or are over soon;
 * then they keep to a fixed schedule. Looking may take a small part of a processor only: where it
 * is dearer, looks become rarer. */
#ifndef HEADROOM_MODEL_WATCH_PACE_H
#define HEADROOM_MODEL_WATCH_PACE_H

#include <stdbool.h>

struct pace {
	bool begun;
	double interval_s;    /* the schedule, once the start is over */
	double step_s, due_s; /* the next look: how long after this one, and when */
	double spent_s;       /* processor time of all looks */
	double first_s;       /* of the first one, which is before the run */
};

/* One look: when it was over, the processor time of all looks so far, the sockets that were
 * counted. Times count from the start of the run. */
struct pace_look {
	double t_s, cpu_s, sockets;
};

void pace_init(struct pace *ret_pace, double interval_s);

/* Seconds until the next look. The first look is before the run, and one more comes after its end:
 * what they take is not taken from the run. */
double pace_next(struct pace *pace, const struct pace_look *look);

/* Processor time of the looks during the run. */
double pace_taken_s(const struct pace *pace);

/* The part of a processor that sampling may use when there are so many sockets. */
double pace_share(double sockets);

#endif
