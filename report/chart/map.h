/* The capacity map's grid: where its cells are, and which of them are one region. */
#ifndef HEADROOM_REPORT_CHART_MAP_H
#define HEADROOM_REPORT_CHART_MAP_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

enum {
	MAP_MOST = 24 /* cells of a row or a column */
};

struct map_place {
	const char *kind, *says, *limit;
	bool fails;
	bool is_plan;
};

/* One grid, as it is shown: row 0 is the highest. */
struct map_board {
	struct map_place cells[MAP_MOST][MAP_MOST];
	size_t rows, columns;
};

/* A region's name: under the cells `from` to before `to` of a row. */
struct map_name {
	const char *text;
	bool fails;
	size_t row, from, to;
};

/* The cells of these columns (places in the document's, rising). */
void map_board_fill(struct map_board *board,
		const cJSON *grid,
		const size_t *columns,
		size_t count,
		const cJSON *plan);

/* Neighboring cells with the same limit and the same verdict are a region. Finds where the name of
 * each region goes. Returns their number, at most `most`. */
size_t map_names(const struct map_board *board, struct map_name *names, size_t most);

#endif
