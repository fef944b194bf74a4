/* The capacity map: which loads pass, now and after the changes; each region is named by its
 * limit. */
#include "report/chart/map.h"

#include <math.h>
#include <string.h>

#include "base/array.h"
#include "report/chart/chart.h"
#include "report/chart/words.h"
#include "report/document/view.h"

enum {
	MAP_NAMES = 40,
	NARROW_MAP = 364,
	NARROW_COLUMNS = 5
};

/* How large everything is. */
struct map_look {
	double width, left, cell, row, name; /* name: what a row with names is higher */
	double size;                         /* of texts */
	double widest;                       /* of a cell */
	bool brief;                          /* short figures */
};

struct map_chart {
	struct canvas *canvas;
	const cJSON *chart;
	struct map_look look;
	size_t columns[MAP_MOST]; /* that are shown */
	size_t count;
	double y;
};

/* One grid where it is drawn. */
struct map_drawn {
	struct map_board board;
	struct map_name names[MAP_NAMES];
	size_t name_count;
	double top[MAP_MOST + 1]; /* of each row; the last is the bottom */
};

static enum color map_ground(const struct map_place *place)
{
	static const struct {
		const char *kind;
		enum color color;
	} grounds[] = {{"pass", COLOR_PASS2}, {"reserve", COLOR_WARN2}, {"fail", COLOR_FAIL2}};
	for (size_t i = 0; i < COUNT_OF(grounds); i++)
		if (strcmp(place->kind, grounds[i].kind) == 0)
			return grounds[i].color;
	return COLOR_BAND2;
}

static double map_left(const struct map_chart *map, size_t column)
{
	return map->look.left + map->look.cell * (double)column;
}

/* --- names of regions --- */

/* "Open files (process)" without what stands in brackets. */
static const char *without_brackets(struct arena *arena, const char *text)
{
	const char *bracket = strstr(text, " (");
	if (!bracket)
		return text;
	return arena_copy(arena, text, (size_t)(bracket - text));
}

/* The name as it fits into its cells; "": it does not. */
static const char *map_name_fit(const struct map_chart *map, const struct map_name *name)
{
	const double margin = 8;
	struct arena *arena = map->canvas->arena;
	const double cells = (double)(name->to - name->from);
	const double room = map->look.cell * cells - margin;
	const char *brief = without_brackets(arena, name->text);
	if (canvas_text_width(name->text, map->look.size, true) <= room)
		return name->text;
	if (canvas_text_width(brief, map->look.size, true) <= room)
		return brief;
	return "";
}

static void map_fit_names(const struct map_chart *map, struct map_drawn *drawn)
{
	size_t kept = 0;
	for (size_t i = 0; i < drawn->name_count; i++) {
		drawn->names[i].text = map_name_fit(map, &drawn->names[i]);
		if (*drawn->names[i].text)
			drawn->names[kept++] = drawn->names[i];
	}
	drawn->name_count = kept;
}

static bool row_has_name(const struct map_drawn *drawn, size_t row)
{
	for (size_t i = 0; i < drawn->name_count; i++)
		if (drawn->names[i].row == row)
			return true;
	return false;
}

static void map_set_rows(const struct map_chart *map, struct map_drawn *drawn)
{
	double y = map->y;
	for (size_t row = 0; row < drawn->board.rows; row++) {
		drawn->top[row] = y;
		y += map->look.row;
		if (row_has_name(drawn, row))
			y += map->look.name;
	}
	drawn->top[drawn->board.rows] = y;
}

static double map_text_y(const struct map_chart *map, const struct map_drawn *drawn, size_t row)
{
	return canvas_baseline(drawn->top[row] + map->look.row / 2, map->look.size);
}

/* --- drawing --- */

struct map_box {
	double x, y, width, height;
};

static struct map_box map_box_of(const struct map_chart *map,
		const struct map_drawn *drawn,
		size_t row,
		size_t column)
{
	const double gap = 1;
	double top = drawn->top[row];
	double bottom = drawn->top[row + 1];
	return (struct map_box){
			.x = map_left(map, column),
			.y = top,
			.width = map->look.cell - gap,
			.height = bottom - top - gap,
	};
}

/* What is drawn for one cell. */
typedef void map_draw_fn(const struct map_chart *map,
		const struct map_drawn *drawn,
		size_t row,
		size_t column);

static void map_each(const struct map_chart *map, const struct map_drawn *drawn, map_draw_fn *draw)
{
	const size_t columns = drawn->board.columns;
	const size_t rows = drawn->board.rows;
	for (size_t i = 0; i < rows * columns; i++) {
		size_t row = i / columns;
		size_t column = i % columns;
		draw(map, drawn, row, column);
	}
}

static void map_ground_if(const struct map_chart *map,
		const struct map_drawn *drawn,
		size_t place,
		enum color color)
{
	const size_t columns = drawn->board.columns;
	const size_t row = place / columns;
	const size_t column = place % columns;
	const struct map_box box = map_box_of(map, drawn, row, column);
	enum color own = map_ground(&drawn->board.cells[row][column]);
	if (own == color)
		canvas_rect(map->canvas, box.x, box.y, box.width, box.height, color);
}

/* Cells of one color one after the other: they become one path. */
static void map_grounds(const struct map_chart *map, const struct map_drawn *drawn)
{
	static const enum color colors[] = {
			COLOR_PASS2,
			COLOR_WARN2,
			COLOR_FAIL2,
			COLOR_BAND2,
	};
	const size_t count = drawn->board.rows * drawn->board.columns;
	for (size_t i = 0; i < COUNT_OF(colors); i++) {
		for (size_t place = 0; place < count; place++)
			map_ground_if(map, drawn, place, colors[i]);
	}
}

static bool has_same_limit(const struct map_place *a, const struct map_place *b)
{
	return strcmp(a->limit, b->limit) == 0;
}

/* Between cells with different limits. */
static void map_border(const struct map_chart *map,
		const struct map_drawn *drawn,
		size_t row,
		size_t column)
{
	const double half = 0.5;
	const double thick = 1.5;
	const struct map_board *board = &drawn->board;
	const struct map_place *place = &board->cells[row][column];
	const struct map_box box = map_box_of(map, drawn, row, column);
	double x = box.x - half;
	double y = box.y - half;
	double right = x + map->look.cell;
	double bottom = drawn->top[row + 1] - half;
	if (column > 0 && !has_same_limit(place, &board->cells[row][column - 1]))
		canvas_line(map->canvas, x, y, x, bottom, COLOR_INK2, thick, false);
	if (row > 0 && !has_same_limit(place, &board->cells[row - 1][column]))
		canvas_line(map->canvas, x, y, right, y, COLOR_INK2, thick, false);
}

static void map_frame(const struct map_chart *map, const struct map_box *box)
{
	const double right = box->x + box->width;
	const double bottom = box->y + box->height;
	const double points[] = {
			box->x,
			box->y,
			right,
			box->y,
			right,
			bottom,
			box->x,
			bottom,
	};
	canvas_poly(map->canvas, points, 4, true, COLOR_NONE, COLOR_INK, 2);
}

static void map_plan_frame(const struct map_chart *map,
		const struct map_drawn *drawn,
		size_t row,
		size_t column)
{
	const struct map_place *place = &drawn->board.cells[row][column];
	const struct map_box box = map_box_of(map, drawn, row, column);
	if (place->is_plan)
		map_frame(map, &box);
}

static void map_text(const struct map_chart *map,
		const struct map_drawn *drawn,
		size_t row,
		size_t column)
{
	const struct map_place *place = &drawn->board.cells[row][column];
	const struct map_box box = map_box_of(map, drawn, row, column);
	(void)canvas_label(map->canvas,
			box.x + box.width / 2,
			map_text_y(map, drawn, row),
			map->look.size,
			ANCHOR_MIDDLE,
			COLOR_INK,
			false,
			place->says,
			box.width - 1);
}

static void map_draw_name(const struct map_chart *map,
		const struct map_drawn *drawn,
		const struct map_name *name)
{
	const double lift = 3;
	const double left = map_left(map, name->from);
	const double right = map_left(map, name->to) - 1;
	double y = drawn->top[name->row] + map->look.row;
	y += map->look.name / 2 - lift;
	struct op *op = canvas_text(map->canvas,
			(left + right) / 2,
			canvas_baseline(y, map->look.size),
			map->look.size,
			ANCHOR_MIDDLE,
			COLOR_INK,
			name->text);
	op->bold = name->fails;
}

static bool is_of_plan(const struct map_chart *map, const char *axis, size_t place)
{
	double plan = view_number(map->chart, axis);
	return plan >= (double)place && plan <= (double)place;
}

static void map_row_figures(const struct map_chart *map,
		const struct map_drawn *drawn,
		const cJSON *grid)
{
	const cJSON *row;
	size_t at = 0;
	const char *member = "rate";
	if (map->look.brief)
		member = "brief";
	cJSON_ArrayForEach(row, view_array(grid, "rows")) {
		if (at == drawn->board.rows)
			break;
		struct op *label = canvas_label(map->canvas,
				map->look.left - 6,
				map_text_y(map, drawn, at),
				map->look.size,
				ANCHOR_END,
				COLOR_INK2,
				is_of_plan(map, "plan.row", at),
				view_raw(row, member),
				map->look.left - 7);
		label->tick = true;
		at++;
	}
}

/* The figure, or its short form where that is wider than a cell. */
static const char *map_column_text(const struct map_chart *map, const cJSON *column, bool bold)
{
	const double room = map->look.cell - 4;
	const char *text = view_raw(column, "count");
	double width = canvas_text_width(text, map->look.size, bold);
	if (map->look.brief || width > room)
		return view_raw(column, "brief");
	return text;
}

static void map_column_figures(const struct map_chart *map, double y)
{
	const cJSON *columns = view_array(map->chart, "columns");
	for (size_t i = 0; i < map->count; i++) {
		const int place = (int)map->columns[i];
		const cJSON *column = cJSON_GetArrayItem(columns, place);
		bool bold = is_of_plan(map, "plan.column", map->columns[i]);
		struct op *label = canvas_label(map->canvas,
				map_left(map, i) + map->look.cell / 2,
				y,
				map->look.size,
				ANCHOR_MIDDLE,
				COLOR_INK2,
				bold,
				map_column_text(map, column, bold),
				map->look.cell - 4);
		label->tick = true;
	}
}

/* As many lines as it needs. */
static void map_lines_of_text(struct map_chart *map, double x, const char *text)
{
	const char *lines[4];
	struct canvas *canvas = map->canvas;
	const double size = map->look.size, room = canvas->width - x;
	size_t count = canvas_wrap(canvas->arena, text, size, room, lines, COUNT_OF(lines));
	for (size_t i = 0; i < count; i++) {
		map->y += size + 5;
		canvas_text(canvas, x, map->y, size, ANCHOR_START, COLOR_INK2, lines[i]);
	}
}

static void map_draw_grid(struct map_chart *map, const cJSON *grid)
{
	struct map_drawn *drawn = arena_alloc(map->canvas->arena, sizeof *drawn);
	const cJSON *plan = view_object(map->chart, "plan");
	map_board_fill(&drawn->board, grid, map->columns, map->count, plan);
	drawn->name_count = map_names(&drawn->board, drawn->names, MAP_NAMES);
	map_fit_names(map, drawn);
	(void)canvas_label(map->canvas,
			map->look.left,
			map->y + 14,
			map->look.size,
			ANCHOR_START,
			COLOR_INK,
			true,
			view_raw(grid, "title"),
			map->look.width - map->look.left);
	map->y += 22;
	map_set_rows(map, drawn);
	map_grounds(map, drawn);
	map_each(map, drawn, map_border);
	map_each(map, drawn, map_plan_frame);
	map_each(map, drawn, map_text);
	for (size_t i = 0; i < drawn->name_count; i++)
		map_draw_name(map, drawn, &drawn->names[i]);
	map_row_figures(map, drawn, grid);
	map->y = drawn->top[drawn->board.rows];
	map_column_figures(map, map->y + map->look.size + 3);
	map->y += map->look.size + 14;
}

/* What the axes and the signs are; under all grids. */
static void map_foot(struct map_chart *map)
{
	static const char *const keys[] = {"map.axis", "map.signs"};
	const struct canvas *canvas = map->canvas;
	const double frame = 16;
	double x = map->look.left;
	if (map->look.brief)
		x = 1;
	for (size_t i = 0; i < COUNT_OF(keys); i++) {
		const char *text = words_say(canvas->arena, canvas->words, keys[i], NULL);
		map_lines_of_text(map, x, text);
	}
	if (view_object(map->chart, "plan")) {
		const char *text = view_raw(map->chart, "plan.name");
		const struct map_box box = {x + 1, map->y + 7, frame, 11};
		map_frame(map, &box);
		map_lines_of_text(map, x + frame + 8, text);
	}
	map->y += 6;
}

/* All columns, or on a narrow screen every n-th, the plan's among them. */
static void map_choose_columns(struct map_chart *map)
{
	size_t all = view_count(map->chart, "columns");
	size_t first = 0, step = 1;
	double plan = view_number(map->chart, "plan.column");
	if (all > MAP_MOST)
		all = MAP_MOST;
	if (map->look.brief && all > NARROW_COLUMNS)
		step = (all + NARROW_COLUMNS - 1) / NARROW_COLUMNS;
	if (plan >= 0 && plan < (double)all)
		first = (size_t)plan % step;
	for (size_t i = first; i < all; i += step)
		map->columns[map->count++] = i;
	double cell = (map->look.width - map->look.left) / fmax(1, (double)map->count);
	map->look.cell = fmin(cell, map->look.widest);
}

static struct canvas *map_draw(struct arena *arena,
		const cJSON *root,
		const char *name,
		const struct map_look *look)
{
	const double most = 4000;
	struct canvas *canvas = canvas_new(arena, name, look->width, most);
	canvas->in_order = true; /* cells as in the table: report.js reads them out */
	struct map_chart map = {
			.canvas = canvas,
			.chart = view_object(root, "page.charts.map"),
			.look = *look,
	};
	canvas->words = words_of(root);
	canvas->title = words_say(arena, canvas->words, "map.title", NULL);
	canvas->finding = view_raw(root, "page.charts.map.finding");
	map_choose_columns(&map);
	const cJSON *grid;
	cJSON_ArrayForEach(grid, view_array(map.chart, "grids"))
		map_draw_grid(&map, grid);
	map_foot(&map);
	canvas->height = map.y;
	return canvas;
}

struct canvas *chart_map(struct arena *arena, const cJSON *root, const cJSON *item)
{
	static const struct map_look look = {
			.width = CHART_WIDTH,
			.left = 74,
			.row = 20,
			.name = 16,
			.size = 12.5,
			.widest = 76,
	};
	(void)item;
	return map_draw(arena, root, "map", &look);
}

struct canvas *chart_map_narrow(struct arena *arena, const cJSON *root, const cJSON *item)
{
	static const struct map_look look = {
			.width = NARROW_MAP,
			.left = 52,
			.row = 22,
			.name = 17,
			.size = 13,
			.widest = 76,
			.brief = true,
	};
	(void)item;
	return map_draw(arena, root, "map-narrow", &look);
}
