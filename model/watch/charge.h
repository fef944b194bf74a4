/* Why a run is not certified: a closed set of reasons. A reason that is true has a sentence with
 * its numbers, a fix, and the numbers themselves. Every reason says what was measured for it and
 * what is allowed. */
#ifndef HEADROOM_MODEL_WATCH_CHARGE_H
#define HEADROOM_MODEL_WATCH_CHARGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/unit.h"

/* In order of priority: the first that is true is the reason given for the run. */
enum charge_kind {
	CHARGE_LIMIT,     /* a limit of this host was reached */
	CHARGE_STARVED,   /* the command waited for a processor */
	CHARGE_SHORT,     /* the run made less load than the plan states exactly */
	CHARGE_ERRORS,    /* the tool's result reports errors on its side, or too low a rate */
	CHARGE_UNSEEN,    /* the load ran where headroom cannot look */
	CHARGE_TIMED_OUT, /* --time-limit ended it */
	CHARGES
};

/* Returns "limit", "starved", …, "timed-out"; NULL for CHARGES. */
const char *charge_name(enum charge_kind kind);
/* Returns "a limit of this host was reached", …; NULL for CHARGES. */
const char *charge_title(enum charge_kind kind);

enum {
	CHARGE_FIGURES = 6
};

struct charge_figure {
	const char *id;
	double value; /* NAN: not known */
	enum unit unit;
};

/* What the reason was decided by. All zero: nothing could be measured. */
struct charge_check {
	bool known;                 /* false: the reason may be true without having been observed */
	const char *subject;        /* the id of the limit closest to full; NULL: no limit */
	double measured, threshold; /* NAN: not known, or no such number */
	enum unit unit;
	const char *seen, *allowed; /* the same in words; NULL: not measured */
};

struct charge {
	struct charge_check check;
	const char *sentence; /* NULL: the reason is not true */
	const char *fix;      /* what to do about it; never NULL if there is a sentence */
	const char *subject;  /* the id of the limit; NULL: no limit */
	struct charge_figure figures[CHARGE_FIGURES];
	size_t figure_count;
};

/* Adds a figure; ignored if CHARGE_FIGURES are there already. */
void charge_add(struct charge *charge, const char *id, double value, enum unit unit);

/* Returns 1 if the reason is true, 0 if it is not, -1 if that is not known. */
int charge_applies(const struct charge *charge);

/* Returns the first charge that is true, or CHARGES. */
enum charge_kind charges_first(const struct charge charges[CHARGES]);

#endif
