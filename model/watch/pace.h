/* When to look again. Looks are frequent at first, because many tests open everything at once or
 * end soon; then they follow a fixed schedule. Looking may use only a small part of a processor: if
 * it costs more, looks become rarer. */
#ifndef HEADROOM_MODEL_WATCH_PACE_H
#define HEADROOM_MODEL_WATCH_PACE_H

#include <stdbool.h>

struct pace {
	bool begun;
	double interval_s;    /* seconds between looks on schedule, after the start */
	double step_s, due_s; /* seconds from this look to the next, and when that is due */
	double spent_s;       /* processor time of all looks, in seconds */
	double first_s;       /* processor time of the first look, which is before the run */
};

/* One look: when it ended (seconds since the start of the run), the processor time of all looks so
 * far, and how many sockets were counted. */
struct pace_look {
	double t_s, cpu_s, sockets;
};

void pace_init(struct pace *ret_pace, double interval_s);

/* Returns the seconds until the next look. The first look is before the run and the last after it,
 * so their cost does not count. */
double pace_next(struct pace *pace, const struct pace_look *look);

/* Returns the processor time of the looks during the run, in seconds. */
double pace_taken_s(const struct pace *pace);

/* Returns the part of a processor that sampling may use with this many sockets. */
double pace_share(double sockets);

#endif
