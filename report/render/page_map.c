/* page.charts.map: the capacity map as texts, row by row from the highest rate down, for the
 * drawing and for its table. */
#include <math.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "report/chart/words.h"
#include "report/document/verdict.h"
#include "report/document/view.h"
#include "report/render/page.h"

enum {
	MAP_TITLE_CHARS = 60,
	MAP_CELLS_MAX = 24 /* of a row or a column: more was not made by headroom */
};

/* What a map is of decides its words. */
struct map_grid_words {
	const char *member, *title, *most, *none;
};

struct map_words {
	const char *frame, *plan;
	struct map_grid_words grids[2];
};

static const struct map_words of_plan = {
		.frame = "map.plan",
		.plan = "map.finding.plan",
		.grids =
				{
						{"now", "map.now", "map.finding.now", "map.finding.now.none"},
						{"after", "map.after", "map.finding.after", "map.finding.after.none"},
				},
};

/* A sizing of this host. */
static const struct map_words of_host = {
		.frame = "map.plan.order",
		.plan = "map.finding.plan.host",
		.grids =
				{
						{"now", "map.now", "map.finding.now.host", "map.finding.now.host.none"},
						{"after",
								"map.after.order",
								"map.finding.after.order",
								"map.finding.after.order.none"},
				},
};

/* A sizing of new machines. */
static const struct map_words of_order = {
		.frame = "map.plan.order",
		.plan = "map.finding.plan.order",
		.grids =
				{
						{"now",
								"map.now.order",
								"map.finding.now.order",
								"map.finding.now.order.none"},
						{"after",
								"map.after.order",
								"map.finding.after.order",
								"map.finding.after.order.none"},
				},
};

struct map_page {
	struct arena *arena;
	const cJSON *root, *map, *words;
	const struct map_words *says;
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
	const double many = 1000;
	double percent = ceil(use * 100 - hair);
	if (isnan(use))
		return "";
	if (isinf(use))
		return "∞";
	if (use > 0 && use < 0.01)
		return "<1%";
	if (percent < many)
		return arena_printf(arena, "%.0f%%", percent);
	if (use < 1000)
		return arena_printf(arena, "%.0f×", ceil(use - hair));
	return arena_printf(arena, "%s×", map_brief(arena, ceil(use)));
}

/* Its ground and its sign. Within the capacity but over the target: only the reserve is left. */
struct map_kind {
	const char *name, *sign;
	bool fails;
};

static struct map_kind map_kind_of(const cJSON *cell)
{
	static const struct map_kind pass = {"pass", "✓", false};
	static const struct map_kind reserve = {"reserve", "▲", true};
	static const struct map_kind fail = {"fail", "✕", true};
	static const struct map_kind unknown = {"unknown", "?", false};
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
	const char *id = view_raw(cell, "limit");
	const cJSON *limit = view_resource(page->root, id);
	return view_text(page->arena, limit, "title", MAP_TITLE_CHARS);
}

static cJSON *map_cell_texts(const struct map_page *page, const cJSON *cell)
{
	struct arena *arena = page->arena;
	const struct map_kind kind = map_kind_of(cell);
	double cell_use = view_number(cell, "use");
	const char *use = map_use(arena, cell_use);
	const char *limit = map_limit(page, cell);
	const char *says = kind.sign;
	if (*use)
		says = arena_printf(arena, "%s %s", kind.sign, use);
	cJSON *item = cJSON_CreateObject();
	cJSON_AddStringToObject(item, "kind", kind.name);
	cJSON_AddBoolToObject(item, "fails", kind.fails);
	cJSON_AddStringToObject(item, "says", says);
	cJSON_AddStringToObject(item, "limit", limit);
	return item;
}

/* One grid: "now", "after 2 changes". */
static void map_add_grid(const struct map_page *page,
		const struct map_grid_words *says,
		cJSON *grids)
{
	const char *title = words_say(page->arena, page->words, says->title, NULL);
	const cJSON *rows = view_array(page->map, says->member);
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
		double value = view_number(rate, "");
		const char *figure = view_figure(page->arena, rate, "", UNIT_PER_S);
		const char *brief = map_brief(page->arena, value);
		brief = arena_printf(page->arena, "%s/s", brief);
		cJSON_AddStringToObject(row, "rate", figure);
		cJSON_AddStringToObject(row, "brief", brief);
		cJSON *cells = cJSON_AddArrayToObject(row, "cells");
		const cJSON *of_rate = cJSON_GetArrayItem(rows, i);
		cJSON_ArrayForEach(cell, of_rate) {
			cJSON *texts = map_cell_texts(page, cell);
			cJSON_AddItemToArray(cells, texts);
		}
	}
}

static void map_add_columns(const struct map_page *page)
{
	const cJSON *number;
	cJSON *columns = cJSON_AddArrayToObject(page->chart, "columns");
	cJSON_ArrayForEach(number, view_array(page->map, "connections")) {
		cJSON *column = cJSON_CreateObject();
		const char *brief = map_brief(page->arena, view_number(number, ""));
		const char *count = view_figure(page->arena, number, "", UNIT_COUNT);
		cJSON_AddItemToArray(columns, column);
		cJSON_AddStringToObject(column, "count", count);
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
	const cJSON *rows = view_array(page->map, grid);
	int at = 0;
	cJSON_ArrayForEach(number, view_array(page->map, axis)) {
		int row = 0, column = at;
		if (rates) {
			row = at;
			column = 0;
		}
		const cJSON *cells = cJSON_GetArrayItem(rows, row);
		const cJSON *cell = cJSON_GetArrayItem(cells, column);
		if (document_verdict(cell) == VERDICT_PASS)
			highest = number;
		at++;
	}
	return highest;
}

static const char *map_first_of(const struct map_page *page, const char *axis, enum unit unit)
{
	const cJSON *steps = view_array(page->map, axis);
	const cJSON *first = cJSON_GetArrayItem(steps, 0);
	return view_figure(page->arena, first, "", unit);
}

static void tell_grid(const struct map_page *page,
		const struct map_grid_words *says,
		struct text *out)
{
	const char *grid = says->member;
	const char *key = says->most;
	const cJSON *most = map_highest(page, grid, false);
	const cJSON *fastest = map_highest(page, grid, true);
	if (!view_array(page->map, grid))
		return;
	if (!most || !fastest)
		key = says->none;
	const char *connections = view_figure(page->arena, most, "", UNIT_COUNT);
	const char *rate = view_figure(page->arena, fastest, "", UNIT_PER_S);
	const char *slowest = map_first_of(page, "open_rate_per_s", UNIT_PER_S);
	const char *fewest = map_first_of(page, "connections", UNIT_COUNT);
	const char *text = words_say(page->arena,
			page->words,
			key,
			"connections",
			connections,
			"slowest",
			slowest,
			"rate",
			rate,
			"fewest",
			fewest,
			NULL);
	text_add(out, text);
}

static const cJSON *plan_cell(const struct map_page *page, const char *grid)
{
	const cJSON *rows = view_array(page->map, grid);
	int row = (int)view_number(page->map, "plan.row");
	int column = (int)view_number(page->map, "plan.column");
	const cJSON *cells = cJSON_GetArrayItem(rows, row);
	return cJSON_GetArrayItem(cells, column);
}

static void tell_plan(const struct map_page *page, struct text *out)
{
	const cJSON *cell = NULL;
	if (view_object(page->map, "plan"))
		cell = plan_cell(page, "now");
	double cell_use = view_number(cell, "use");
	const char *use = map_use(page->arena, cell_use);
	if (!*use)
		return;
	const char *text = words_say(page->arena,
			page->words,
			page->says->plan,
			"limit",
			map_limit(page, cell),
			"use",
			use,
			NULL);
	text_add(out, text);
}

/* The plan's own cell, as it is counted in the rows of the page. */
static void map_add_plan(const struct map_page *page)
{
	const double rows = (double)view_count(page->map, "now");
	if (!view_object(page->map, "plan"))
		return;
	cJSON *plan = cJSON_AddObjectToObject(page->chart, "plan");
	const char *name = words_say(page->arena, page->words, page->says->frame, NULL);
	double column = view_number(page->map, "plan.column");
	double row = view_number(page->map, "plan.row");
	cJSON_AddStringToObject(plan, "name", name);
	cJSON_AddNumberToObject(plan, "column", column);
	cJSON_AddNumberToObject(plan, "row", rows - 1 - row);
}

static bool is_drawable(const cJSON *map)
{
	size_t columns = view_count(map, "connections");
	size_t rows = view_count(map, "now");
	if (columns == 0 || columns > MAP_CELLS_MAX)
		return false;
	return rows > 0 && rows <= MAP_CELLS_MAX;
}

static void map_put(struct arena *arena,
		const cJSON *root,
		const struct map_words *says,
		cJSON *charts)
{
	struct text finding = {0};
	struct map_page page = {
			.arena = arena,
			.root = root,
			.map = view_object(root, "map"),
			.words = words_of(root),
			.says = says,
	};
	if (!is_drawable(page.map))
		return;
	page.chart = cJSON_AddObjectToObject(charts, "map");
	tell_plan(&page, &finding);
	for (size_t i = 0; i < COUNT_OF(says->grids); i++)
		tell_grid(&page, &says->grids[i], &finding);
	cJSON_AddStringToObject(page.chart, "finding", text_string(&finding));
	text_release(&finding);
	map_add_columns(&page);
	map_add_plan(&page);
	cJSON *grids = cJSON_AddArrayToObject(page.chart, "grids");
	for (size_t i = 0; i < COUNT_OF(says->grids); i++)
		map_add_grid(&page, &says->grids[i], grids);
}

void page_map(struct arena *arena, const cJSON *root, cJSON *charts)
{
	map_put(arena, root, &of_plan, charts);
}

void page_map_order(struct arena *arena, const cJSON *root, bool new_machine, cJSON *charts)
{
	const struct map_words *says = &of_host;
	if (new_machine)
		says = &of_order;
	map_put(arena, root, says, charts);
}
