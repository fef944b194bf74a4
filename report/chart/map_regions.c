/* Regions of the capacity map: each is named once, in the longest run of its cells. */
#include "report/chart/map.h"

#include <string.h>

#include "report/document/view.h"

static void place_fill(struct map_place *place, const cJSON *cell)
{
	place->kind = view_raw(cell, "kind");
	place->fails = view_true(cell, "fails");
	place->says = view_raw(cell, "says");
	place->limit = view_raw(cell, "limit");
}

void map_board_fill(struct map_board *board,
		const cJSON *grid,
		const size_t *columns,
		size_t count,
		const cJSON *plan)
{
	const cJSON *row;
	const double plan_row = view_number(plan, "row");
	const double plan_column = view_number(plan, "column");
	board->rows = 0;
	board->columns = count;
	cJSON_ArrayForEach(row, view_array(grid, "rows")) {
		if (board->rows == MAP_MOST)
			break;
		struct map_place *places = board->cells[board->rows];
		const cJSON *cells = view_array(row, "cells");
		const double at = (double)board->rows;
		bool of_plan = plan_row >= at && plan_row <= at;
		for (size_t i = 0; i < count; i++) {
			double column = (double)columns[i];
			place_fill(&places[i], cJSON_GetArrayItem(cells, (int)columns[i]));
			places[i].is_plan = of_plan && plan_column >= column && plan_column <= column;
		}
		board->rows++;
	}
}

static bool is_one_region(const struct map_place *a, const struct map_place *b)
{
	return strcmp(a->limit, b->limit) == 0 && a->fails == b->fails;
}

struct regions {
	const struct map_board *board;
	size_t of[MAP_MOST][MAP_MOST]; /* number of the region, from 1; 0: none yet */
	size_t count;
};

/* Is the neighbor, if there is one, of the last region and alike? */
static bool region_is_at(const struct regions *regions,
		const struct map_place *place,
		size_t row,
		size_t column)
{
	const struct map_board *board = regions->board;
	if (row >= board->rows || column >= board->columns) /* (size_t)-1, too */
		return false;
	if (regions->of[row][column] != regions->count)
		return false;
	return is_one_region(place, &board->cells[row][column]);
}

static bool region_takes(const struct regions *regions, size_t row, size_t column)
{
	const struct map_place *place = &regions->board->cells[row][column];
	if (regions->of[row][column] != 0)
		return false;
	return region_is_at(regions, place, row - 1, column) ||
			region_is_at(regions, place, row + 1, column) ||
			region_is_at(regions, place, row, column - 1) ||
			region_is_at(regions, place, row, column + 1);
}

/* Takes in what touches it, once over the board; false: nothing does. */
static bool region_grow(struct regions *regions)
{
	const size_t columns = regions->board->columns;
	const size_t count = regions->board->rows * columns;
	bool grown = false;
	for (size_t i = 0; i < count; i++) {
		size_t row = i / columns;
		size_t column = i % columns;
		if (!region_takes(regions, row, column))
			continue;
		regions->of[row][column] = regions->count;
		grown = true;
	}
	return grown;
}

static void regions_find(struct regions *regions)
{
	const size_t columns = regions->board->columns;
	const size_t count = regions->board->rows * columns;
	for (size_t i = 0; i < count; i++) {
		size_t *of = &regions->of[i / columns][i % columns];
		if (*of != 0)
			continue;
		regions->count++;
		*of = regions->count;
		while (region_grow(regions))
			continue;
	}
}

/* The plan's cell has a frame: no name crosses it. */
static bool is_in_run(const struct regions *regions, size_t region, size_t row, size_t column)
{
	const struct map_board *board = regions->board;
	if (column >= board->columns || board->cells[row][column].is_plan)
		return false;
	return regions->of[row][column] == region;
}

static size_t run_length(const struct map_name *name)
{
	return name->to - name->from;
}

/* The longest run of a region's cells in a row. */
static struct map_name longest_run(const struct regions *regions, size_t region, size_t row)
{
	struct map_name best = {.text = "", .row = row};
	struct map_name run = best;
	for (size_t column = 0; column <= regions->board->columns; column++) {
		if (is_in_run(regions, region, row, column))
			continue;
		run.to = column;
		if (run_length(&run) > run_length(&best))
			best = run;
		run.from = column + 1;
	}
	return best;
}

/* Of rows with equal runs the middle one. */
static struct map_name region_name(const struct regions *regions, size_t region)
{
	struct map_name best = {.text = ""};
	size_t equal = 0, taken = 0;
	for (size_t row = 0; row < regions->board->rows; row++) {
		const struct map_name one = longest_run(regions, region, row);
		size_t length = run_length(&one);
		if (length < run_length(&best) || length == 0)
			continue;
		if (length > run_length(&best)) {
			best = one;
			equal = taken = 0;
			continue;
		}
		equal++;
		if (equal / 2 <= taken)
			continue;
		taken++;
		best = one;
	}
	return best;
}

size_t map_names(const struct map_board *board, struct map_name *names, size_t most)
{
	struct regions regions = {.board = board};
	size_t count = 0;
	regions_find(&regions);
	for (size_t region = 1; region <= regions.count && count < most; region++) {
		struct map_name name = region_name(&regions, region);
		const struct map_place *place = &board->cells[name.row][name.from];
		if (name.to == name.from || !*place->limit)
			continue;
		name.text = place->limit;
		name.fails = place->fails;
		names[count++] = name;
	}
	return count;
}
