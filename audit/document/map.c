/* The capacity map. */
#include "model/map/map.h"
#include "audit/document/document.h"

static cJSON *map_numbers(const double *values, size_t count)
{
	cJSON *array = cJSON_CreateArray();
	for (size_t i = 0; i < count; i++) {
		cJSON *value = member_number_value(values[i]);
		(void)cJSON_AddItemToArray(array, value);
	}
	return array;
}

static cJSON *map_cell_json(const struct members *put, const struct map_cell *cell)
{
	cJSON *object = cJSON_CreateObject();
	const char *limit = NULL;
	if (cell->rule)
		limit = cell->rule->id;
	member_text(put, object, "verdict", verdict_name(cell->verdict));
	member_text(put, object, "limit", limit);
	member_number(object, "use", cell->use);
	return object;
}

static cJSON *map_row_json(const struct members *put, const struct map_cell *cells, size_t count)
{
	cJSON *row = cJSON_CreateArray();
	for (size_t i = 0; i < count; i++) {
		cJSON *cell = map_cell_json(put, &cells[i]);
		(void)cJSON_AddItemToArray(row, cell);
	}
	return row;
}

/* An array for each rate, with a cell for each number of connections. */
static cJSON *map_cells(const struct members *put,
		const struct map *map,
		const struct map_cell *cells)
{
	const size_t count = map->column_count;
	if (!cells)
		return cJSON_CreateNull();
	cJSON *rows = cJSON_CreateArray();
	for (size_t i = 0; i < map->row_count; i++) {
		cJSON *row = map_row_json(put, cells, count);
		(void)cJSON_AddItemToArray(rows, row);
		cells += count;
	}
	return rows;
}

static void put_plan_cell(cJSON *object, const struct map *map)
{
	bool column = map->plan_column < map->column_count;
	bool row = map->plan_row < map->row_count;
	if (!column || !row) {
		member_null(object, "plan");
		return;
	}
	cJSON *plan = member_object(object, "plan");
	member_number(plan, "column", (double)map->plan_column);
	member_number(plan, "row", (double)map->plan_row);
}

void document_map(const struct members *put, cJSON *document, const struct map *map)
{
	if (!map)
		return;
	cJSON *object = member_object(document, "map");
	member_text(put, object, "reason", map->reason);
	if (map->reason)
		return;
	cJSON *columns = map_numbers(map->connections, map->column_count);
	cJSON *rows = map_numbers(map->rates, map->row_count);
	(void)member_item(object, "connections", columns);
	(void)member_item(object, "open_rate_per_s", rows);
	put_plan_cell(object, map);
	cJSON *cells = map_cells(put, map, map->now);
	(void)member_item(object, "now", cells);
	cells = map_cells(put, map, map->after);
	(void)member_item(object, "after", cells);
}
