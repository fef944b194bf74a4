/* page.charts.map: the capacity map as texts, row by row from the highest rate down, for the
 * drawing and for its table. */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "report/chart/words.h"
#include "report/document/verdict.h"
#include "report/document/view.h"
#include "report/render/page.h"

enum {
	MAP_TITLE_CHARS = 60,
	MAP_CELLS_MAX = 24 /* of a row or a column: more was not made by headroom */
};

struct map_page {
	struct arena *arena;
	const cJSON *root, *map, *words;
	cJSON *chart;
};

/* "300", "20k", "3M": exact where it is short. */
static const char *map_brief(struct arena *arena, double value)
{
	static const struct {
		double least;
		const char *letter;
	} steps[] = {{1e6, "M"}, {1e3, "k"}, {0, ""}};
	char figure[NUMBER_TEXT_MAX];
	size_t at = 0;
	while (at < 2 && value < steps[at].least)
		at++;
	double shown = value;
	if (steps[at].least > 0)
		shown = value / steps[at].least;
	shown = round(shown * 10) / 10;
	return arena_printf(arena, "%s%s", text_plain_number(figure, shown), steps[at].letter);
}

/* A use in three characters or four, rounded up. */
static const char *map_use(struct arena *arena, double use)
{
	const double hair = 1e-9;
	const double many = 10;
	double percent = ceil(use * 100 - hair);
	if (isnan(use))
		return "";
	if (isinf(use))
		return "∞";
	if (use > 0 && use < 0.01)
		return "<1%";
	if (use <= many)
		return arena_printf(arena, "%.0f%%", percent);
	if (use < 1000)
		return arena_printf(arena, "%.0f×", ceil(use - hair));
	return arena_printf(arena, "%s×", map_brief(arena, ceil(use)));
}

/* Its ground and its sign. Within the capacity but over the target: only the reserve is left. */
struct map_kind {
	const char *name, *sign;
};

static struct map_kind map_kind_of(const cJSON *cell)
{
	static const struct map_kind pass = {"pass", "✓"};
	static const struct map_kind reserve = {"reserve", "▲"};
	static const struct map_kind fail = {"fail", "✕"};
	static const struct map_kind unknown = {"unknown", "?"};
	switch (document_verdict(cell)) {
	case VERDICT_PASS:
		return pass;
	case VERDICT_FAIL:
		if (view_number(cell, "use") <= 1)
			return reserve;
		return fail;
	case VERDICT_UNKNOWN:
	case VERDICT_NONE:
		break;
	}
	return unknown;
}

static const char *map_limit(const struct map_page *page, const cJSON *cell)
{
	const cJSON *limit = view_resource(page->root, view_raw(cell, "limit"));
	return view_text(page->arena, limit, "title", MAP_TITLE_CHARS);
}

static cJSON *map_cell_texts(const struct map_page *page, const cJSON *cell)
{
	struct arena *arena = page->arena;
	const struct map_kind kind = map_kind_of(cell);
	const char *use = map_use(arena, view_number(cell, "use"));
	const char *limit = map_limit(page, cell);
	const char *says = kind.sign;
	if (*use)
		says = arena_printf(arena, "%s %s", kind.sign, use);
	cJSON *item = cJSON_CreateObject();
	cJSON_AddStringToObject(item, "kind", kind.name);
	cJSON_AddStringToObject(item, "says", says);
	cJSON_AddStringToObject(item, "limit", limit);
	return item;
}

/* One grid: "today", "after 2 changes". */
static void map_add_grid(const struct map_page *page,
		cJSON *grids,
		const char *name,
		const char *title)
{
	const cJSON *rows = view_array(page->map, name);
	const cJSON *rates = view_array(page->map, "open_rate_per_s");
	if (!rows)
		return;
	cJSON *grid = cJSON_CreateObject();
	cJSON_AddItemToArray(grids, grid);
	cJSON_AddStringToObject(grid, "title", title);
	cJSON *list = cJSON_AddArrayToObject(grid, "rows");
	for (int i = cJSON_GetArraySize(rows) - 1; i >= 0; i--) {
		const cJSON *cell, *rate = cJSON_GetArrayItem(rates, i);
		cJSON *row = cJSON_CreateObject();
		cJSON_AddItemToArray(list, row);
		cJSON_AddStringToObject(row, "rate", view_figure(page->arena, rate, "", UNIT_PER_S));
		cJSON_AddStringToObject(row,
				"brief",
				arena_printf(page->arena, "%s/s", map_brief(page->arena, view_number(rate, ""))));
		cJSON *cells = cJSON_AddArrayToObject(row, "cells");
		cJSON_ArrayForEach(cell, cJSON_GetArrayItem(rows, i))
			cJSON_AddItemToArray(cells, map_cell_texts(page, cell));
	}
}

static void map_add_columns(const struct map_page *page)
{
	const cJSON *number;
	cJSON *columns = cJSON_AddArrayToObject(page->chart, "columns");
	cJSON_ArrayForEach(number, view_array(page->map, "connections")) {
		cJSON *column = cJSON_CreateObject();
		const char *brief = map_brief(page->arena, view_number(number, ""));
		cJSON_AddItemToArray(columns, column);
		cJSON_AddStringToObject(column, "count", view_figure(page->arena, number, "", UNIT_COUNT));
		cJSON_AddStringToObject(column, "brief", brief);
	}
}

/* --- what it shows, in words --- */

/* The highest number whose cell passes, in a row or in a column; NULL: none does. */
static const cJSON *map_highest(const struct map_page *page, const char *grid, bool rates)
{
	const char *axis = "connections";
	if (rates)
		axis = "open_rate_per_s";
	const cJSON *highest = NULL, *number;
	int at = 0;
	cJSON_ArrayForEach(number, view_array(page->map, axis)) {
		int row = 0, column = at;
		if (rates) {
			row = at;
			column = 0;
		}
		const cJSON *cells = cJSON_GetArrayItem(view_array(page->map, grid), row);
		if (document_verdict(cJSON_GetArrayItem(cells, column)) == VERDICT_PASS)
			highest = number;
		at++;
	}
	return highest;
}

static const char *map_first_of(const struct map_page *page, const char *axis, enum unit unit)
{
	return view_figure(page->arena, cJSON_GetArrayItem(view_array(page->map, axis), 0), "", unit);
}

static void tell_grid(const struct map_page *page,
		const char *grid,
		const char *key,
		const char *none,
		struct text *out)
{
	const cJSON *most = map_highest(page, grid, false);
	const cJSON *fastest = map_highest(page, grid, true);
	if (!view_array(page->map, grid))
		return;
	if (!most || !fastest)
		key = none;
	text_add(out,
			words_say(page->arena,
					page->words,
					key,
					"connections",
					view_figure(page->arena, most, "", UNIT_COUNT),
					"slowest",
					map_first_of(page, "open_rate_per_s", UNIT_PER_S),
					"rate",
					view_figure(page->arena, fastest, "", UNIT_PER_S),
					"fewest",
					map_first_of(page, "connections", UNIT_COUNT),
					NULL));
}

static const cJSON *plan_cell(const struct map_page *page, const char *grid)
{
	const cJSON *rows = view_array(page->map, grid);
	int row = (int)view_number(page->map, "plan.row");
	int column = (int)view_number(page->map, "plan.column");
	return cJSON_GetArrayItem(cJSON_GetArrayItem(rows, row), column);
}

static void tell_plan(const struct map_page *page, struct text *out)
{
	const cJSON *cell = NULL;
	if (view_object(page->map, "plan"))
		cell = plan_cell(page, "now");
	const char *use = map_use(page->arena, view_number(cell, "use"));
	if (!*use)
		return;
	text_add(out,
			words_say(page->arena,
					page->words,
					"map.finding.plan",
					"limit",
					map_limit(page, cell),
					"use",
					use,
					NULL));
}

/* The plan's own cell, as it is counted in the rows of the page. */
static void map_add_plan(const struct map_page *page)
{
	const double rows = (double)view_count(page->map, "now");
	if (!view_object(page->map, "plan"))
		return;
	cJSON *plan = cJSON_AddObjectToObject(page->chart, "plan");
	cJSON_AddNumberToObject(plan, "column", view_number(page->map, "plan.column"));
	cJSON_AddNumberToObject(plan, "row", rows - 1 - view_number(page->map, "plan.row"));
}

static bool is_drawable(const cJSON *map)
{
	size_t columns = view_count(map, "connections");
	size_t rows = view_count(map, "now");
	if (columns == 0 || columns > MAP_CELLS_MAX)
		return false;
	return rows > 0 && rows <= MAP_CELLS_MAX;
}

void page_map(struct arena *arena, const cJSON *root, cJSON *charts)
{
	struct text finding = {0};
	struct map_page page = {
			.arena = arena,
			.root = root,
			.map = view_object(root, "map"),
			.words = words_of(root),
	};
	if (!is_drawable(page.map))
		return;
	page.chart = cJSON_AddObjectToObject(charts, "map");
	tell_plan(&page, &finding);
	tell_grid(&page, "now", "map.finding.now", "map.finding.now.none", &finding);
	tell_grid(&page, "after", "map.finding.after", "map.finding.after.none", &finding);
	cJSON_AddStringToObject(page.chart, "finding", text_string(&finding));
	text_release(&finding);
	map_add_columns(&page);
	map_add_plan(&page);
	cJSON *grids = cJSON_AddArrayToObject(page.chart, "grids");
	map_add_grid(&page, grids, "now", words_say(arena, page.words, "map.now", NULL));
	map_add_grid(&page, grids, "after", words_say(arena, page.words, "map.after", NULL));
}
