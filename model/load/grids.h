/* Stores the grids of a plan's courses (model/judge/grid.h). */
#ifndef HEADROOM_MODEL_LOAD_GRIDS_H
#define HEADROOM_MODEL_LOAD_GRIDS_H

#include <stddef.h>

#include "base/arena.h"

struct found_grid;

struct grids {
	struct arena *arena; /* owns the grids */
	struct found_grid **items;
	size_t count, capacity;
};

#endif
