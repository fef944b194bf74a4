/* The capacity map: which loads this host carries, as a grid of connections and of new connections
 * per second. Each cell is judged as an audit of that load would be, with everything else as in the
 * plan: start, bind mode, destinations, bounds. */
#ifndef HEADROOM_MODEL_MAP_MAP_H
#define HEADROOM_MODEL_MAP_MAP_H

#include "model/result.h"
#include "model/state.h"

enum {
	MAP_COLUMNS = 12,
	MAP_ROWS = 8
};

struct map_cell {
	enum verdict verdict; /* at the target; a waiver changes nothing here */
	const struct limit_rule
			*rule; /* the fullest limit that fails, else the fullest; NULL: none has a number */
	double use;    /* of it; NAN: not known */
};

struct map {
	double connections[MAP_COLUMNS], rates[MAP_ROWS]; /* rising */
	size_t column_count, row_count;
	size_t plan_column, plan_row; /* of the plan's own load; the counts above: there is no plan */
	/* Row by row, column_count cells each. after: with the ladder's changes; NULL: there are none.
	 */
	const struct map_cell *now, *after;
	const char *reason; /* why there is no map; NULL: there is one */
};

/* A host and a plan before and after its changes. */
struct map_question {
	const struct rules *rules;
	const struct model_options *options;
	const struct state *now, *after; /* after NULL: no change helps */
	bool no_plan; /* its numbers are only an example: they are no row or column */
	bool too_old; /* no pass can be given (result.h) */
};

/* Everything lives in the arena. */
const struct map *map_of(struct arena *arena, const struct map_question *question);

/* One cell: as map_of has it, for any load. */
struct map_cell map_cell_at(const struct map_question *question,
		const struct state *state,
		double connections,
		double rate);

#endif
