/* The grid of the capacity map: where its cells are, and which of them form a region. */
#ifndef HEADROOM_REPORT_CHART_MAP_H
#define HEADROOM_REPORT_CHART_MAP_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

enum {
	MAP_MOST = 24 /* most cells in a row or a column */
};

struct map_place {
	const char *kind, *says, *limit;
	bool fails;
	bool is_plan;
};

/* One grid as shown: row 0 is at the top. */
struct map_board {
	struct map_place cells[MAP_MOST][MAP_MOST];
	size_t rows, columns;
};

/* The name of a region. It goes below the cells from `from` up to, not including, `to` of a row. */
struct map_name {
	const char *text;
	bool fails;
	size_t row, from, to;
};

/* Fills the board with these columns, given as indexes into the document's columns, in rising
 * order. */
void map_board_fill(struct map_board *board,
		const cJSON *grid,
		const size_t *columns,
		size_t count,
		const cJSON *plan);

/* Finds regions (neighboring cells with the same limit and verdict) and where their names go.
 * Returns the number of names, at most `most`. */
size_t map_names(const struct map_board *board, struct map_name *names, size_t most);

#endif
