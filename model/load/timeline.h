/* The plan over time: live connections, openings and closings as functions of time. Between two
 * points rates are linear and counts quadratic, so every value is exact. Built at scale 1;
 * everything grows linearly with the scale. */
#ifndef HEADROOM_MODEL_LOAD_TIMELINE_H
#define HEADROOM_MODEL_LOAD_TIMELINE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "model/load/workload.h"

enum timeline_series {
	SERIES_LIVE,
	SERIES_OPENS,
	SERIES_CLOSES,
	TIMELINE_SERIES
};

/* A second of the plan. If something happens all at once then, `before` means just before it. */
struct moment {
	double t; /* seconds; INFINITY: the steady state, or the end of a plan that has one */
	bool before;
};

static inline struct moment moment_at(double t)
{
	return (struct moment){.t = t};
}

static inline struct moment moment_before(double t)
{
	return (struct moment){.t = t, .before = true};
}

/* Sorts moments by time, `before` first, and drops repeated ones. Returns how many remain. */
size_t moments_sort(struct moment *moments, size_t count);

struct flow {
	double rate;  /* per second, from this point on */
	double slope; /* how fast the rate changes, per second per second */
	double total; /* since the start, including what happens all at once at this point */
};

struct timeline_point {
	double t;
	double live; /* connections from this point on */
	struct flow opens, closes;
	bool jump; /* something happens all at once */
};

struct timeline {
	/* In order of time, the first at 0; the last one is valid to the end. */
	struct timeline_point *points;
	size_t count;
	double end_s;  /* end of the plan; INFINITY: it goes on like the last point */
	double said_s; /* when the last thing that the plan names begins: its last stage, or the end of
	                  its ramp */
	double settled_s; /* nothing new happens after this second; INFINITY: not known */
	double follow_s;  /* every event up to this second is in `points`, unless there were too many */
	bool staged;
};

/* The position of a reader, all 0 at first. It makes reading in order of time fast. */
struct timeline_cursor {
	size_t now, from;
};

/* Return the value at a moment >= 0; moments after the end count as the end. */
double timeline_at(const struct timeline *timeline,
		enum timeline_series series,
		struct moment moment);

double timeline_at_near(const struct timeline *timeline,
		enum timeline_series series,
		struct moment moment,
		struct timeline_cursor *cursor);

/* Return how many opened or closed in (t - seconds, t]; for a moment `before`: in [t - seconds, t).
 * *ret_steady is true if that equals seconds × the rate at t. */
double timeline_last(const struct timeline *timeline,
		enum timeline_series series,
		struct moment moment,
		double seconds,
		bool *ret_steady);

double timeline_last_near(const struct timeline *timeline,
		enum timeline_series series,
		struct moment moment,
		double seconds,
		struct timeline_cursor *cursor);

/* Returns the course from this second on. The second must lie in the plan. */
struct timeline_point timeline_from(const struct timeline *timeline, double t);

/* Returns the highest number of connections live at one time. */
double timeline_most_live(const struct timeline *timeline);
/* Returns the highest number of connections that open per second, not counting those that open all
 * at once. */
double timeline_most_opens(const struct timeline *timeline);

#endif
