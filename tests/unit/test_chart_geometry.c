/* Every chart drawn into its display list from made-up documents: no text leaves the drawing, no
 * two texts meet, no point is outside. Widths are the upper bounds of report/chart/measure.c, which
 * are held against the fonts here. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <ft2build.h>
#include FT_FREETYPE_H

#include "base/array.h"
#include "report/chart/chart.h"
#include "report/chart/words.h"
#include "report/render/page.h"
#include "tests/unit/slow_build.h"

/* What a document is made of. */
struct made {
	int limits, name_chars;
	double least, most; /* values grow from one to the other */
	bool odd;           /* unknown, unlimited and missing values among them */
	bool staged, rate;
};

static const char *const charts[] = {"headroom",
		"headroom-narrow",
		"map",
		"map-narrow",
		"time",
		"time-narrow",
		"run",
		"run-narrow",
		"ports",
		"ports-narrow",
		"sizing",
		"sizing-narrow",
		"roles",
		"roles-narrow",
		"ends",
		"ends-narrow",
		"calibration",
		"calibration-narrow",
		"drift",
		"drift-narrow",
		"history",
		"history-narrow"};
enum {
	CHARTS = COUNT_OF(charts)
};

static const char *const statuses[] = {"fail", "warn", "pass", "unknown", "not-applicable"};

/* The value of row i: a power between least and most, or what is no number. */
static cJSON *value_of(const struct made *made, int i)
{
	if (made->odd && i % 5 == 1)
		return cJSON_CreateNull();
	if (made->odd && i % 5 == 2)
		return cJSON_CreateString("unlimited");
	if (made->odd && i % 5 == 3)
		return cJSON_CreateString("not a number");
	double share = made->limits > 1 ? (double)i / (made->limits - 1) : 0;
	return cJSON_CreateNumber(floor(made->least * pow(made->most / made->least, share)));
}

static const char *name_of(char name[1024], const struct made *made, int i)
{
	static const char *const pieces[] = {"Outgoing ports ", "W", "漢", "é ж "};
	int length = snprintf(name, 1024, "Limit %d ", i);
	for (int chars = 0; chars < made->name_chars && length < 1000; chars++)
		length += snprintf(name + length, 1024 - (size_t)length, "%s", pieces[i % 4]);
	return name;
}

static cJSON *load(const struct made *made, int i)
{
	cJSON *load = cJSON_CreateObject();
	cJSON_AddNumberToObject(load, "scale", 0.25 * (i + 1));
	cJSON_AddItemToObject(load, "connections", value_of(made, i));
	cJSON_AddItemToObject(load, "open_rate_per_s", value_of(made, i));
	return load;
}

/* From below the plan to above it. */
static cJSON *scale_of(const struct made *made, int i)
{
	cJSON *value = value_of(made, i);
	if (value && cJSON_IsNumber(value))
		(void)cJSON_SetNumberHelper(value, value->valuedouble / sqrt(made->least * made->most));
	return value;
}

/* The hosts for a multiple of the plan, where the first limit is the tightest. */
static cJSON *hosts_at(const struct made *made, double scale)
{
	double carries = floor(made->least) / sqrt(made->least * made->most);
	if (!(carries > 0))
		return cJSON_CreateNull();
	return cJSON_CreateNumber(fmax(1, ceil(scale / carries - 1e-9)));
}

static void add_resources(const struct made *made, cJSON *root)
{
	cJSON *list = cJSON_AddArrayToObject(root, "resources");
	for (int i = 0; i < made->limits; i++) {
		char text[1024];
		cJSON *row = cJSON_CreateObject();
		(void)snprintf(text, sizeof text, "limit-%d", i);
		cJSON_AddStringToObject(row, "id", i ? text : "ephemeral-ports");
		cJSON_AddStringToObject(row, "title", name_of(text, made, i));
		cJSON_AddStringToObject(row, "instance", i % 2 ? "10.0.8.21:443" : "");
		cJSON_AddStringToObject(row, "status", statuses[i % (made->odd ? 5 : 3)]);
		cJSON_AddStringToObject(row, "severity", "hard");
		cJSON_AddItemToObject(row, "utilization", value_of(made, made->limits - 1 - i));
		cJSON_AddItemToObject(row, "capacity", value_of(made, i));
		cJSON_AddItemToObject(row, "max_safe_scale", scale_of(made, i));
		cJSON_AddItemToObject(row, "max_safe", load(made, i));
		if (i % 3 == 0)
			cJSON_AddItemToObject(row, "max_safe_after", load(made, i + 1));
		cJSON_AddBoolToObject(row, "waived", i % 4 == 3);
		cJSON_AddNumberToObject(row, "target_crossed_at_s", 50);
		cJSON_AddItemToArray(list, row);
	}
}

static void add_ladder(const struct made *made, cJSON *root)
{
	cJSON *list = cJSON_AddArrayToObject(root, "ladder");
	for (int i = 0; i < made->limits && i < 14; i++) {
		char text[1024];
		cJSON *row = cJSON_CreateObject();
		cJSON_AddStringToObject(row, "title", name_of(text, made, i));
		cJSON_AddStringToObject(row, "next_binding", "ephemeral-ports");
		cJSON_AddItemToObject(row, "max_safe", load(made, i));
		cJSON_AddBoolToObject(row, "fits", i > 1);
		cJSON_AddItemToArray(list, row);
	}
	list = cJSON_AddArrayToObject(root, "sizing");
	for (int i = 0; i < made->limits; i++) {
		cJSON *row = cJSON_CreateObject();
		cJSON_AddItemToObject(row, "load", load(made, i));
		cJSON_AddItemToObject(row, "now", hosts_at(made, 0.25 * (i + 1)));
		cJSON_AddNumberToObject(row, "after_fixes", 1);
		cJSON_AddItemToArray(list, row);
	}
}

static void add_timeline(const struct made *made, cJSON *root)
{
	cJSON *line = cJSON_AddObjectToObject(root, "timeline"), *t = cJSON_AddArrayToObject(line, "t");
	cJSON *series = cJSON_AddObjectToObject(line, "series"),
		  *live = cJSON_AddArrayToObject(series, "live");
	cJSON *closed = cJSON_AddArrayToObject(series, "time_wait"),
		  *opens = cJSON_AddArrayToObject(series, "opens_per_s");
	cJSON *use = cJSON_AddArrayToObject(cJSON_AddObjectToObject(series, "use"), "ephemeral-ports");
	for (int i = 0; i < made->limits; i++) {
		cJSON_AddItemToArray(t, cJSON_CreateNumber(i * made->most / 100));
		cJSON_AddItemToArray(live, value_of(made, i));
		cJSON_AddItemToArray(closed, cJSON_CreateNumber(0));
		cJSON_AddItemToArray(opens, value_of(made, i));
		/* Sockets against the capacity of the first limit, its least value. */
		const cJSON *held = cJSON_GetArrayItem(live, i);
		cJSON_AddItemToArray(use,
				cJSON_CreateNumber(
						cJSON_IsNumber(held) ? held->valuedouble / floor(made->least) : 0));
	}
	cJSON *stages = cJSON_AddArrayToObject(cJSON_AddObjectToObject(root, "workload"), "stages");
	for (int i = 0; made->staged && i < made->limits; i++) {
		cJSON *stage = cJSON_CreateObject();
		cJSON_AddNumberToObject(stage, "duration_s", made->most / 100);
		cJSON_AddItemToObject(stage,
				made->rate ? "open_rate_per_s" : "connections",
				value_of(made, i));
		cJSON_AddItemToArray(stages, stage);
	}
}

static void add_measured(const struct made *made, cJSON *root)
{
	cJSON *rows = cJSON_AddArrayToObject(root, "calibration");
	for (int i = 0; i < made->limits; i++) {
		char text[1024];
		cJSON *row = cJSON_CreateObject();
		cJSON_AddStringToObject(row, "title", name_of(text, made, i));
		cJSON_AddItemToObject(row, "predicted", value_of(made, i));
		cJSON_AddItemToObject(row, "measured", value_of(made, made->limits - 1 - i));
		cJSON_AddStringToObject(row, "prediction", i % 2 ? "at-least" : "equal");
		cJSON_AddBoolToObject(row, "agrees", made->rate);
		cJSON_AddItemToArray(rows, row);
	}
	cJSON *list = cJSON_AddArrayToObject(root, "history");
	for (int i = 0; i < made->limits; i++) {
		cJSON *audit = cJSON_CreateObject();
		cJSON_AddStringToObject(audit, "created", "2026-05-20T08:00:00Z");
		cJSON_AddStringToObject(audit, "verdict", statuses[i % 4]);
		cJSON_AddStringToObject(audit, "binding", i % 3 ? "ephemeral-ports" : "limit-1");
		cJSON_AddItemToObject(audit, "max_safe", load(made, i));
		cJSON_AddItemToArray(list, audit);
	}
}

/* Limits meet along a diagonal; the loads at the upper right fail. */
static cJSON *map_cell(const struct made *made, int row, int column)
{
	char id[40];
	cJSON *cell = cJSON_CreateObject();
	int at = row + column;
	(void)snprintf(id, sizeof id, "limit-%d", 1 + (row > column) + at / 8);
	cJSON_AddStringToObject(cell, "limit", made->odd && at % 7 == 3 ? "no-such-limit" : id);
	cJSON_AddItemToObject(cell, "use", scale_of(made, at % made->limits));
	cJSON_AddStringToObject(cell, "verdict", at > made->limits ? "fail" : statuses[2 + at % 2]);
	return cell;
}

static cJSON *map_grid(const struct made *made)
{
	cJSON *rows = cJSON_CreateArray();
	for (int row = 0; row < made->limits; row++) {
		cJSON *cells = cJSON_CreateArray();
		for (int column = 0; column < made->limits - (made->odd ? row % 2 : 0); column++)
			cJSON_AddItemToArray(cells, map_cell(made, row, column));
		cJSON_AddItemToArray(rows, cells);
	}
	return rows;
}

static void add_map(const struct made *made, cJSON *root)
{
	cJSON *map = cJSON_AddObjectToObject(root, "map");
	cJSON *columns = cJSON_AddArrayToObject(map, "connections");
	cJSON *rates = cJSON_AddArrayToObject(map, "open_rate_per_s");
	for (int i = 0; i < made->limits; i++) {
		cJSON_AddItemToArray(columns, value_of(made, i));
		cJSON_AddItemToArray(rates, value_of(made, i));
	}
	cJSON *plan = cJSON_AddObjectToObject(map, "plan");
	const int half = made->limits / 2;
	const int third = made->limits / 3;
	cJSON_AddNumberToObject(plan, "column", half);
	cJSON_AddNumberToObject(plan, "row", made->odd ? -5 : third);
	cJSON_AddItemToObject(map, "now", map_grid(made));
	cJSON_AddItemToObject(map, "after", made->staged ? map_grid(made) : cJSON_CreateNull());
}

/* Each limit from its own multiple to that of another. */
static void add_drift(const struct made *made, cJSON *root)
{
	cJSON *limits = cJSON_AddArrayToObject(cJSON_AddObjectToObject(root, "drift"), "limits");
	for (int i = 0; i < made->limits; i++) {
		char text[1024];
		cJSON *row = cJSON_CreateObject();
		cJSON_AddStringToObject(row, "title", name_of(text, made, i));
		for (int side = 0; side < 2; side++) {
			cJSON *then = cJSON_AddObjectToObject(row, side ? "to" : "from");
			int at = side ? made->limits - 1 - i : i;
			cJSON_AddStringToObject(then, "status", statuses[i % 3]);
			cJSON_AddItemToObject(then, "utilization", value_of(made, at));
			cJSON_AddItemToObject(then, "max_safe_scale", scale_of(made, at));
		}
		cJSON *because = cJSON_AddArrayToObject(row, "because");
		cJSON_AddItemToArray(because, cJSON_CreateString(name_of(text, made, i + 1)));
		cJSON_AddItemToArray(limits, row);
	}
}

/* A run that was watched: of every limit the same curve, the first one reached at its end. */
static cJSON *seen_limit(const struct made *made, int i)
{
	char text[1024];
	cJSON *row = cJSON_CreateObject();
	(void)snprintf(text, sizeof text, "limit-%d", i);
	cJSON_AddStringToObject(row, "id", i ? text : "ephemeral-ports");
	cJSON_AddStringToObject(row, "title", name_of(text, made, i));
	cJSON_AddItemToObject(row, "used", value_of(made, i));
	cJSON_AddItemToObject(row, "capacity", value_of(made, i));
	cJSON_AddNumberToObject(row, "utilization", i ? 1.0 / i : 1);
	cJSON_AddNumberToObject(row, "at_s", made->most / 100 * (made->limits - 1));
	return row;
}

static void add_run(const struct made *made, cJSON *root)
{
	cJSON *gate = cJSON_AddObjectToObject(root, "gate");
	cJSON *observed = cJSON_AddObjectToObject(gate, "observed");
	cJSON *limits = cJSON_AddArrayToObject(observed, "limits");
	cJSON *line = cJSON_AddObjectToObject(observed, "timeline");
	cJSON *t = cJSON_AddArrayToObject(line, "t");
	cJSON *series = cJSON_AddObjectToObject(line, "series");
	cJSON *live = cJSON_AddArrayToObject(series, "live");
	cJSON *use = cJSON_AddObjectToObject(series, "use");
	cJSON_AddStringToObject(gate, "bottleneck", made->rate ? "" : "ephemeral-ports");
	for (int i = 0; i < made->limits; i++) {
		cJSON_AddItemToArray(limits, seen_limit(made, i));
		cJSON_AddItemToArray(t, cJSON_CreateNumber(i * made->most / 100));
		cJSON_AddItemToArray(live, value_of(made, i));
	}
	const cJSON *limit;
	cJSON_ArrayForEach(limit, limits) {
		const char *id = cJSON_GetObjectItem(limit, "id")->valuestring;
		cJSON *values = cJSON_AddArrayToObject(use, id);
		for (int i = 0; i < made->limits; i++)
			cJSON_AddItemToArray(values, cJSON_CreateNumber((double)i / made->limits));
	}
}

static void add_fact(cJSON *facts, const char *key, int instance, double value)
{
	char text[32];
	cJSON *fact = cJSON_CreateObject();
	(void)snprintf(text, sizeof text, "%d", instance);
	cJSON_AddStringToObject(fact, "key", key);
	cJSON_AddStringToObject(fact, "instance", text);
	cJSON_AddNumberToObject(fact, "value", value);
	cJSON_AddItemToArray(facts, fact);
}

static cJSON *document(const struct made *made)
{
	cJSON *root = cJSON_CreateObject();
	cJSON_AddStringToObject(root, "schema", "headroom.audit/1");
	cJSON_AddStringToObject(root, "verdict", "fail");
	cJSON_AddStringToObject(root, "created", "2026-05-20T08:00:00Z");
	cJSON_AddNumberToObject(root, "target_utilization", 0.75);
	struct made plan = *made;
	plan.odd = false;
	cJSON_AddItemToObject(root, "plan", load(&plan, made->rate ? 0 : made->limits - 1));
	cJSON_AddItemToObject(root, "max_safe", load(&plan, 0));
	cJSON_AddStringToObject(cJSON_AddObjectToObject(root, "binding"),
			"resource",
			"ephemeral-ports");
	cJSON *breaks = cJSON_AddObjectToObject(root, "breaks"),
		  *hosts = cJSON_AddObjectToObject(root, "hosts_needed");
	cJSON_AddStringToObject(breaks, "resource", "ephemeral-ports");
	cJSON_AddNumberToObject(breaks,
			"at_s",
			made->rate ? 0 : made->most / 100 * made->limits * 0.98);
	cJSON_AddNumberToObject(hosts, "now", made->least);
	cJSON_AddNumberToObject(hosts, "after_fixes", 1);
	add_resources(made, root);
	add_ladder(made, root);
	add_timeline(made, root);
	add_measured(made, root);
	add_map(made, root);
	add_run(made, root);
	add_drift(made, root);
	cJSON *facts = cJSON_AddArrayToObject(root, "facts");
	add_fact(facts, "ports.low", 0, 1024);
	add_fact(facts, "ports.high", 0, made->rate ? 1100 : 65535);
	for (int i = 0; i < made->limits; i++)
		add_fact(facts, "listener.port", i, i * 65535.0 / made->limits);
	return root;
}

/* --- what was drawn
 * ------------------------------------------------------------------------------- */

struct place {
	double left, right, top, bottom;
};

static struct place place_of(const struct op *op)
{
	double width = canvas_text_width(op->text, op->w, op->bold);
	double left = op->x -
			(op->anchor == ANCHOR_MIDDLE               ? width / 2
							: op->anchor == ANCHOR_END ? width
													   : 0);
	return (struct place){left, left + width, op->y - 0.76 * op->w, op->y + 0.2 * op->w};
}

static bool meet(struct place a, struct place b)
{
	const double hair = 0.5;
	return a.left < b.right - hair && b.left < a.right - hair && a.top < b.bottom - hair &&
			b.top < a.bottom - hair;
}

static void check_text(const char *name,
		const struct made *made,
		const struct canvas *canvas,
		size_t at)
{
	const struct op *op = &canvas->ops[at];
	struct place place = place_of(op);
	if (place.left < -0.5 || place.right > canvas->width + 0.5 || place.top < -0.5 ||
			place.bottom > canvas->height + 0.5)
		fail_msg("%s, %d limits, up to %g: \"%s\" leaves the drawing: "
				 "x %.1f to %.1f of %.0f, y %.1f to %.1f of %.0f",
				name,
				made->limits,
				made->most,
				op->text,
				place.left,
				place.right,
				canvas->width,
				place.top,
				place.bottom,
				canvas->height);
	for (size_t i = 0; i < at; i++)
		if (canvas->ops[i].kind == OP_TEXT && *canvas->ops[i].text &&
				meet(place, place_of(&canvas->ops[i])))
			fail_msg("%s, %d limits, up to %g: \"%s\" and \"%s\" overlap at y %.1f",
					name,
					made->limits,
					made->most,
					op->text,
					canvas->ops[i].text,
					op->y);
}

static void check_point(const char *name,
		const struct made *made,
		const struct canvas *canvas,
		double x,
		double y)
{
	const double stroke = 8;
	if (!(x >= -stroke && x <= canvas->width + stroke && y >= -stroke &&
				y <= canvas->height + stroke))
		fail_msg("%s, %d limits, up to %g: a shape at %.1f, %.1f of %.0f, %.0f",
				name,
				made->limits,
				made->most,
				x,
				y,
				canvas->width,
				canvas->height);
}

static void check_shape(const char *name,
		const struct made *made,
		const struct canvas *canvas,
		const struct op *op)
{
	for (size_t i = 0; op->kind == OP_POLY && i < op->point_count; i++)
		check_point(name, made, canvas, op->points[2 * i], op->points[2 * i + 1]);
	if (op->kind != OP_POLY)
		check_point(name, made, canvas, op->x, op->y);
	if (op->kind == OP_LINE)
		check_point(name, made, canvas, op->w, op->h);
	if (op->kind != OP_RECT)
		return;
	assert_true(op->w >= 0 && op->h >= 0);
	check_point(name, made, canvas, op->x + op->w, op->y + op->h);
}

/* The box around a shape; of a rectangle none, because texts stand on grounds. */
static struct place box_of(const struct op *op)
{
	if (op->kind == OP_CIRCLE)
		return (struct place){op->x - op->w, op->x + op->w, op->y - op->w, op->y + op->w};
	if (op->kind == OP_POLY) {
		struct place box = {INFINITY, -INFINITY, INFINITY, -INFINITY};
		for (size_t i = 0; i < op->point_count; i++) {
			box.left = fmin(box.left, op->points[2 * i]);
			box.right = fmax(box.right, op->points[2 * i]);
			box.top = fmin(box.top, op->points[2 * i + 1]);
			box.bottom = fmax(box.bottom, op->points[2 * i + 1]);
		}
		return box;
	}
	return (struct place){fmin(op->x, op->w) - 1,
			fmax(op->x, op->w) + 1,
			fmin(op->y, op->h) - 1,
			fmax(op->y, op->h) + 1};
}

/* In the drawings whose labels have places of their own no text meets a line, a dot or a mark. */
static bool meets_a_shape(const struct canvas *canvas, const struct op *text)
{
	for (size_t i = 0; i < canvas->count; i++) {
		const struct op *op = &canvas->ops[i];
		bool shape = op->kind == OP_LINE || op->kind == OP_POLY || op->kind == OP_CIRCLE;
		if (shape && meet(place_of(text), box_of(op)))
			return true;
	}
	return false;
}

static void check_shapes_free(const char *name,
		const struct made *made,
		const struct canvas *canvas)
{
	for (size_t i = 0; i < canvas->count; i++)
		if (canvas->ops[i].kind == OP_TEXT && *canvas->ops[i].text &&
				meets_a_shape(canvas, &canvas->ops[i]))
			fail_msg("%s, %d limits, up to %g: \"%s\" meets a line or a dot at y %.1f",
					name,
					made->limits,
					made->most,
					canvas->ops[i].text,
					canvas->ops[i].y);
}

static bool keeps_lines_free(const char *name)
{
	static const char *const beginnings[] =
			{"headroom", "drift", "time", "run", "calibration", "ports", "roles"};
	for (size_t i = 0; i < COUNT_OF(beginnings); i++)
		if (strncmp(name, beginnings[i], strlen(beginnings[i])) == 0)
			return true;
	return false;
}

static void check_chart(const char *name, const struct made *made, const struct canvas *canvas)
{
	if (keeps_lines_free(name))
		check_shapes_free(name, made, canvas);
	assert_non_null(canvas->title);
	for (size_t i = 0; i < canvas->count; i++) {
		if (canvas->ops[i].kind == OP_TEXT)
			check_text(name, made, canvas, i);
		else
			check_shape(name, made, canvas, &canvas->ops[i]);
	}
}

/* A row for each limit, from its own value to that of another. */
static cJSON *two_values(const struct made *made, int i)
{
	char text[1024];
	cJSON *row = cJSON_CreateObject();
	cJSON_AddStringToObject(row, "title", name_of(text, made, i));
	cJSON_AddStringToObject(row, "limits", "Outgoing ports → Process descriptors");
	cJSON_AddStringToObject(row, "limit", text);
	cJSON_AddStringToObject(row, "each", "2,000 connections each");
	cJSON_AddItemToObject(row, "now", value_of(made, i));
	cJSON_AddItemToObject(row, "after", value_of(made, made->limits - 1 - i));
	cJSON_AddStringToObject(row, "says_now", i % 2 ? "999,999,999,999" : "?");
	cJSON_AddStringToObject(row, "says_after", "1,000,000/s");
	if (made->odd)
		cJSON_AddStringToObject(row, "unknown", "17 not judged");
	return row;
}

static void put_text(cJSON *row, const char *member, const char *text)
{
	cJSON_ReplaceItemInObject(row, member, cJSON_CreateString(text));
}

/* What pages of other answers lay out: the kinds of load without a plan, and the ends of a path. */
static void add_other_charts(const struct made *made, cJSON *root)
{
	const int most = 4; /* ends */
	cJSON *charts_of_page = cJSON_GetObjectItem(cJSON_GetObjectItem(root, "page"), "charts");
	cJSON *roles = cJSON_AddObjectToObject(charts_of_page, "roles");
	cJSON *ends = cJSON_AddObjectToObject(charts_of_page, "ends");
	cJSON *role_rows = cJSON_AddArrayToObject(roles, "rows");
	cJSON *end_rows = cJSON_AddArrayToObject(ends, "rows");
	cJSON_AddStringToObject(roles, "finding", "As a client 758 connections are safe.");
	cJSON_AddStringToObject(ends, "finding", "The narrowest end are the clients.");
	for (int i = 0; i < made->limits; i++) {
		cJSON_AddItemToArray(role_rows, two_values(made, i));
		if (i >= most)
			continue;
		cJSON *end = two_values(made, i);
		put_text(end, "now", "≤ 2,244 (18.7 %)");
		put_text(end, "after", i == 1 ? "" : "≤ 13,440,000,000 (1.1×)");
		cJSON_AddBoolToObject(end, "narrowest", i == 0);
		cJSON_AddBoolToObject(end, "narrowest_after", i == 2);
		cJSON_AddBoolToObject(end, "fails", made->rate);
		cJSON_AddItemToArray(end_rows, end);
	}
}

/* words: NULL: the built-in ones */
static void check_document(const struct made *made, cJSON *words)
{
	struct arena *arena = arena_new();
	struct error err = {0};
	cJSON *root = document(made);
	const struct page_budget budget = {100, 100000, 0};
	if (!page_prepare(arena, root, words, &budget, &err))
		fail_msg("%s", err.text);
	add_other_charts(made, root);
	for (size_t i = 0; i < CHARTS; i++)
		check_chart(charts[i], made, chart_find(charts[i])->draw(arena, root, NULL));
	cJSON_Delete(root);
	arena_free(arena);
}

static void nothing_leaves_or_meets(void **state)
{
	(void)state;
	static const int sizes[] = {0, 1, 2, 3, 5, 16, 60}, lengths[] = {0, 1, 300};
	static const double ends[][2] =
			{{1, 1}, {1, 10}, {1, 1e9}, {1e9, 1e9}, {997, 15873}, {0.001, 7}, {999999, 1e12}};
	for (size_t i = 0; i < COUNT_OF(sizes); i++)
		for (size_t j = 0; j < COUNT_OF(lengths); j++)
			for (size_t k = 0; k < COUNT_OF(ends); k++)
				for (unsigned flags = (unsigned)(i + j + k) % ONE_OF; flags < 8; flags += ONE_OF)
					check_document(&(struct made){sizes[i],
										   lengths[j],
										   ends[k][0],
										   ends[k][1],
										   flags & 1,
										   flags & 2,
										   flags & 4},
							NULL);
}

/* A user's template may say everything at length, with blanks and without. */
static void long_words_neither(void **state)
{
	(void)state;
	static const char *const fillers[] = {"W", "word ", "\xe6\xbc\xa2"};
	for (size_t i = 0; i < COUNT_OF(fillers); i++) {
		cJSON *words = words_built_in(), *word;
		cJSON_ArrayForEach(word, words) {
			char text[400];
			int length = snprintf(text, sizeof text, "%s", word->valuestring);
			while (length < 390)
				length += snprintf(text + length, sizeof text - (size_t)length, "%s", fillers[i]);
			cJSON_SetValuestring(word, text);
		}
		for (int limits = 1; limits <= 16; limits += 5)
			for (unsigned flags = (unsigned)limits % ONE_OF; flags < 8; flags += ONE_OF)
				check_document(
						&(struct made){limits, 2, 997, 15873, flags & 1, flags & 2, flags & 4},
						words);
		cJSON_Delete(words);
	}
}

/* A narrow drawing shows the rows of the wide one. */
static const cJSON *rows_of(const cJSON *root, const char *name)
{
	char wide[32];
	size_t length = strlen(name);
	const char *narrow = strstr(name, "-narrow");
	if (narrow)
		length = (size_t)(narrow - name);
	(void)snprintf(wide, sizeof wide, "%.*s", (int)length, name);
	const cJSON *page = cJSON_GetObjectItem(root, "page");
	return cJSON_GetObjectItem(cJSON_GetObjectItem(page, "charts"), wide);
}

/* With sixteen plain limits every chart has something to show, so that the checks above check
 * something. */
static void all_are_drawn(void **state)
{
	(void)state;
	const struct made made = {16, 2, 1000, 100000, false, true, false};
	struct arena *arena = arena_new();
	struct error err = {0};
	cJSON *root = document(&made);
	const struct page_budget budget = {100, 100000, 0};
	assert_true(page_prepare(arena, root, NULL, &budget, &err));
	add_other_charts(&made, root);
	for (size_t i = 0; i < CHARTS; i++) {
		const cJSON *chart = rows_of(root, charts[i]);
		const struct canvas *canvas = chart_find(charts[i])->draw(arena, root, NULL);
		size_t texts = 0;
		for (size_t k = 0; k < canvas->count; k++)
			texts += canvas->ops[k].kind == OP_TEXT;
		if (!chart || !canvas->finding || strlen(canvas->finding) < 20 || texts < 5)
			fail_msg("%s: no rows, no finding, or %zu texts only", charts[i], texts);
	}
	cJSON_Delete(root);
	arena_free(arena);
}

/* The table of widths is that of the fonts which the PDF embeds, and what it does not list is not
 * wider than it says. */
static void check_font(FT_Library library, const char *path, bool bold)
{
	static const char *const others[] = {"é", "ж", "щ", "Ю", "Ω", "…", "–", "−", "→"};
	static const FT_ULong codes[] =
			{0xe9, 0x436, 0x449, 0x42e, 0x3a9, 0x2026, 0x2013, 0x2212, 0x2192};
	FT_Face face;
	if (FT_New_Face(library, path, 0, &face) != 0)
		skip();
	for (FT_ULong code = ' '; code <= '~'; code++) {
		const char letter[] = {(char)code, '\0'};
		assert_int_equal(FT_Load_Char(face, code, FT_LOAD_NO_SCALE), 0);
		double advance = (double)face->glyph->metrics.horiAdvance / face->units_per_EM;
		assert_true(fabs(advance - canvas_text_width(letter, 1, bold)) < 0.001);
	}
	for (size_t i = 0; i < COUNT_OF(codes); i++) {
		assert_int_equal(FT_Load_Char(face, codes[i], FT_LOAD_NO_SCALE), 0);
		assert_true((double)face->glyph->metrics.horiAdvance / face->units_per_EM <=
				canvas_text_width(others[i], 1, bold));
	}
	FT_Done_Face(face);
}

static void widths_are_those_of_the_fonts(void **state)
{
	(void)state;
	FT_Library library;
	assert_int_equal(FT_Init_FreeType(&library), 0);
	check_font(library, "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", false);
	check_font(library, "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf", true);
	FT_Done_FreeType(library);
	/* The PDF writes these as escapes, and the texts must hold them. */
	assert_true(canvas_text_width("漢", 1, false) >= canvas_text_width("\\u{6F22}", 1, false));
	assert_true(
			canvas_text_width("\U0001F4A9", 1, true) >= canvas_text_width("\\u{1F4A9}", 1, true));
}

/* --- cutting and breaking
 * -------------------------------------------------------------------------- */

static void cutting(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	const char *lines[3];
	assert_string_equal(canvas_fit(arena, "short", 12, false, 100), "short");
	const char *cut = canvas_fit(arena, "a name that is too long for its place", 12, false, 100);
	assert_true(canvas_text_width(cut, 12, false) <= 100 && strstr(cut, "…"));
	assert_string_equal(canvas_fit(arena, "W", 12, false, 3), "…");
	assert_int_equal(canvas_wrap(arena, "one two three four five", 12, 70, lines, 3), 3);
	assert_string_equal(lines[0], "one two");
	assert_int_equal(canvas_wrap(arena, "", 12, 70, lines, 3), 0);
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(nothing_leaves_or_meets),
			cmocka_unit_test(long_words_neither),
			cmocka_unit_test(all_are_drawn),
			cmocka_unit_test(widths_are_those_of_the_fonts),
			cmocka_unit_test(cutting),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
