/* The plan over time: live connections, openings and closings as functions of t. Between two points
 * rates are linear and counts quadratic, so that every value is exact. Built at scale 1; everything
 * is linear in the scale. */
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

/* A second of the plan. Where something happens all at once, `before` means: just not yet. */
struct moment {
	double t; /* INFINITY: the steady state, or the end of a plan that has one */
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

/* Puts them in order of time, what is before a second first, and drops doubles. Returns how many
 * remain. */
size_t moments_sort(struct moment *moments, size_t count);

struct flow {
	double rate;  /* per second, from the point on */
	double slope; /* how fast the rate changes, per second per second */
	double total; /* since the start, with what happens all at once at the point */
};

struct timeline_point {
	double t;
	double live; /* from the point on */
	struct flow opens, closes;
	bool jump; /* something happens all at once */
};

struct timeline {
	struct timeline_point *points; /* ascending t, the first at 0; the last one lasts to the end */
	size_t count;
	double end_s;     /* end of the plan; INFINITY: it stays as after the last point */
	double said_s;    /* what the plan says last begins then: its last stage, the end of its ramp */
	double settled_s; /* nothing that was not seen before happens after it; INFINITY: not known */
	double follow_s;  /* until then each event was followed, unless there were too many */
	bool staged;
};

/* The position of a reader; zero at first. It makes reading one moment after the other fast. */
struct timeline_cursor {
	size_t now, from;
};

/* Values at a moment (0 <= t; after the end: as at it). */
double timeline_at(const struct timeline *timeline,
		enum timeline_series series,
		struct moment moment);

double timeline_at_near(const struct timeline *timeline,
		enum timeline_series series,
		struct moment moment,
		struct timeline_cursor *cursor);

/* How many opened or closed in (t - seconds, t]; of a moment before: in [t - seconds, t).
 * *ret_steady: it equals the rate at t × seconds. */
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

/* The course from this second on, which lies in the plan. */
struct timeline_point timeline_from(const struct timeline *timeline, double t);

/* Most connections that are live at one time. */
double timeline_most_live(const struct timeline *timeline);
/* Most connections that open per second, beside what opens all at once. */
double timeline_most_opens(const struct timeline *timeline);

#endif
