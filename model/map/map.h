/* The capacity map: which loads this host can carry, as a grid of connections and of new
 * connections per second. Each cell is judged like an audit of that load; everything else (start,
 * bind mode, destinations, bounds) is as in the plan. */
#ifndef HEADROOM_MODEL_MAP_MAP_H
#define HEADROOM_MODEL_MAP_MAP_H

#include "model/result.h"
#include "model/state.h"

enum {
	MAP_COLUMNS = 12,
	MAP_ROWS = 8
};

struct map_cell {
	enum verdict verdict;          /* at the target; waivers make no difference here */
	const struct limit_rule *rule; /* the most used limit that fails, else the most used one; NULL:
	                                  no limit has a number */
	double use;                    /* utilization of that limit; NAN: not known */
};

struct map {
	double connections[MAP_COLUMNS], rates[MAP_ROWS]; /* in rising order */
	size_t column_count, row_count;
	/* Indexes of the plan's load; if there is no plan, the counts above. */
	size_t plan_column, plan_row;
	/* Row by row, column_count cells each. `after`: with the ladder's changes; NULL: there are
	 * none. */
	const struct map_cell *now, *after;
	const char *reason; /* why there is no map; NULL: there is a map */
};

/* A host and a plan, before and after the changes. */
struct map_question {
	const struct rules *rules;
	const struct model_options *options;
	const struct state *now, *after; /* after NULL: no change helps */
	bool no_plan;                    /* the plan is only an example, so it gets no row or column */
	bool too_old;                    /* the facts are too old for a pass (result.h) */
};

/* Makes the map, in the arena. */
const struct map *map_of(struct arena *arena, const struct map_question *question);

/* Judges one cell, for any load. */
struct map_cell map_cell_at(const struct map_question *question,
		const struct state *state,
		double connections,
		double rate);

#endif
