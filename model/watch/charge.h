/* Why a run is not certified: a closed set of reasons. Each reason that is true has a sentence with
 * its numbers, says what would end it, and carries the numbers themselves. Every reason, true or
 * not, says what was measured for it and what is allowed. */
#ifndef HEADROOM_MODEL_WATCH_CHARGE_H
#define HEADROOM_MODEL_WATCH_CHARGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/unit.h"

/* In order of priority: the first one that is true is the reason of the run. */
enum charge_kind {
	CHARGE_LIMIT,     /* a limit of this host was reached */
	CHARGE_STARVED,   /* the command waited for a processor */
	CHARGE_SHORT,     /* it ran less load than the plan says exactly */
	CHARGE_ERRORS,    /* its own result reports errors on its side, or too low a rate */
	CHARGE_UNSEEN,    /* the load ran where headroom cannot look */
	CHARGE_TIMED_OUT, /* --time-limit ended it */
	CHARGES
};

/* "limit", "starved", …, "timed-out"; NULL for CHARGES. */
const char *charge_name(enum charge_kind kind);
/* "a limit of this host was reached", …; NULL for CHARGES. */
const char *charge_title(enum charge_kind kind);

enum {
	CHARGE_FIGURES = 6
};

struct charge_figure {
	const char *id;
	double value; /* NAN: not known */
	enum unit unit;
};

/* What was looked at to decide. All zero: nothing could be measured. */
struct charge_check {
	bool known;                 /* false: it may apply without having been seen */
	const char *subject;        /* the id of the limit that was nearest; NULL: it is about none */
	double measured, threshold; /* NAN: not known, or there is no such number */
	enum unit unit;
	const char *seen, *allowed; /* the same in words; NULL: not measured */
};

struct charge {
	struct charge_check check;
	const char *sentence; /* NULL: the reason is not true */
	const char *fix;      /* what to do about it; with a sentence never NULL */
	const char *subject;  /* the id of the limit; NULL: it is about none */
	struct charge_figure figures[CHARGE_FIGURES];
	size_t figure_count;
};

/* Beyond CHARGE_FIGURES nothing is added. */
void charge_add(struct charge *charge, const char *id, double value, enum unit unit);

/* Applies: 1; does not: 0; not known: -1. */
int charge_applies(const struct charge *charge);

/* The first of `charges` that is true, or CHARGES if none is. */
enum charge_kind charges_first(const struct charge charges[CHARGES]);

#endif
