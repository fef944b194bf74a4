/* Classes of hosts as rows, the limits that say most as columns. */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "report/document/verdict.h"
#include "report/document/view.h"
#include "report/render/fleet/page_fleet.h"
#include "report/render/fleet/page_fleet_words.h"

enum {
	COLUMNS_MAX = 6,
	ROWS_MAX = 40
};

/* --- classes: rows of hosts, columns of limits --- */

struct heat_column {
	const char *id, *title;
	double most;
	int status; /* 2: it fails somewhere, 1: it is not known somewhere */
	bool chosen;
};

struct heat {
	struct heat_column *columns;
	size_t count;
};

static const cJSON *limit_of(const cJSON *class, const char *id)
{
	return view_find(view_array(class, "limits"), "id", id);
}

static void weigh_column(const struct page_say *f, struct heat_column *column)
{
	const cJSON *class;
	cJSON_ArrayForEach(class, view_array(f->root, "classes")) {
		const cJSON *limit = limit_of(class, column->id);
		enum status status = document_status(limit);
		double use = view_number(limit, "use.most");
		if (!limit)
			continue;
		if (status == STATUS_FAIL)
			column->status = 2;
		else if (status == STATUS_UNKNOWN && column->status == 0)
			column->status = 1;
		if (use > column->most)
			column->most = use;
	}
}

static bool says_more(const struct heat_column *a, const struct heat_column *b)
{
	if (a->status != b->status)
		return a->status > b->status;
	return a->most > b->most;
}

/* Those that fail or are fullest somewhere, in the document's order. */
static struct heat choose_columns(const struct page_say *f)
{
	size_t most = view_count(f->root, "limits");
	struct heat heat = {.columns = arena_alloc(f->arena, (most + 1) * sizeof *heat.columns)};
	const cJSON *limit;
	cJSON_ArrayForEach(limit, view_array(f->root, "limits")) {
		struct heat_column *column = &heat.columns[heat.count++];
		column->id = view_raw(limit, "id");
		column->title = page_say_said(f, limit, "title");
		weigh_column(f, column);
	}
	for (size_t n = 0; n < COLUMNS_MAX; n++) {
		struct heat_column *best = NULL;
		for (size_t i = 0; i < heat.count; i++) {
			struct heat_column *column = &heat.columns[i];
			bool near = column->status > 0 || column->most >= 0.05;
			if (near && !column->chosen && (!best || says_more(column, best)))
				best = column;
		}
		if (best)
			best->chosen = true;
	}
	return heat;
}

static void put_columns(const struct page_say *f, const struct heat *heat)
{
	cJSON *columns = cJSON_AddArrayToObject(f->page, "columns");
	for (size_t i = 0; i < heat->count; i++) {
		if (!heat->columns[i].chosen)
			continue;
		cJSON *column = cJSON_CreateObject();
		page_say_text(column, "title", heat->columns[i].title);
		cJSON_AddItemToArray(columns, column);
	}
}

static void add_heat_cell(const struct page_say *f,
		cJSON *cells,
		const cJSON *class,
		const struct heat_column *column)
{
	const cJSON *limit = limit_of(class, column->id);
	double use = view_number(limit, "use.most");
	enum status status = document_status(limit);
	const char *tight = "";
	if (strcmp(view_raw(class, "limit"), column->id) == 0)
		tight = " tight";
	bool too_old = view_number(class, "stale") > 0 && document_verdict(class) == VERDICT_UNKNOWN;
	const char *name = "none", *text = "–";
	if (too_old) /* what was read says nothing about now */
		status = STATUS_UNKNOWN;
	if (limit) {
		name = status_name(status);
		text = "?";
		if (isfinite(use))
			text = page_say_figure(f, use, UNIT_RATIO);
	}
	if (limit && status == STATUS_FAIL)
		text = arena_printf(f->arena, "✕ %s", text);
	if (limit && status == STATUS_UNKNOWN)
		text = "?";
	cJSON *cell = cJSON_CreateObject();
	page_say_text(cell, "label", column->title);
	page_say_text(cell, "class", arena_printf(f->arena, "heat %s%s", name, tight));
	page_say_text(cell, "text", text);
	cJSON_AddItemToArray(cells, cell);
}

bool page_fleet_is_setting(const cJSON *deviation)
{
	const char *key = view_raw(deviation, "key");
	return !text_begins_with(key, "limit ") && strcmp(key, "facts age") != 0;
}

/* "512, not 65536" */
const char *page_fleet_deviation(const struct page_say *f, const cJSON *deviation)
{
	const char *value = page_say_said(f, deviation, "value");
	const char *majority = page_say_said(f, deviation, "majority");
	if (*value == '\0')
		value = "not there";
	if (*majority == '\0')
		majority = "absent";
	return arena_printf(f->arena, "%s, not %s", value, majority);
}

static const char *one_deviation(const struct page_say *f, const cJSON *deviation)
{
	return arena_printf(f->arena,
			"%s %s",
			page_say_said(f, deviation, "key"),
			page_fleet_deviation(f, deviation));
}

static const char *differs(const struct page_say *f, const cJSON *class)
{
	enum {
		SHOWN = 2
	};
	const cJSON *deviation;
	const char *text = "";
	size_t count = 0;
	if (view_number(class, "stale") > 0)
		text = "values are too old";
	cJSON_ArrayForEach(deviation, view_array(class, "deviations")) {
		if (!page_fleet_is_setting(deviation) || ++count > SHOWN)
			continue;
		const char *one = one_deviation(f, deviation);
		text = page_say_join(f, text, "; ", one);
	}
	if (count > SHOWN)
		text = arena_printf(f->arena, "%s; %zu more", text, count - SHOWN);
	return page_say_or_dash(text);
}

static void add_class_row(const struct page_say *f,
		cJSON *rows,
		const cJSON *class,
		const struct heat *heat)
{
	cJSON *row = cJSON_CreateObject();
	enum verdict verdict = document_verdict(class);
	static const char *const words[] = {
			[VERDICT_NONE] = "–",
			[VERDICT_PASS] = "✓ PASS",
			[VERDICT_FAIL] = "✕ FAIL",
			[VERDICT_UNKNOWN] = "? UNKNOWN",
	};
	page_say_text(row, "name", page_say_said(f, class, "name"));
	page_say_text(row,
			"hosts",
			fleet_page_hosts(f, view_number(class, "hosts"), view_raw(class, "role")));
	page_say_text(row, "verdict", words[verdict]);
	page_say_text(row, "status", arena_printf(f->arena, "status nowrap %s", verdict_name(verdict)));
	page_say_text(row, "differs", differs(f, class));
	cJSON *cells = cJSON_AddArrayToObject(row, "cells");
	for (size_t i = 0; i < heat->count; i++)
		if (heat->columns[i].chosen)
			add_heat_cell(f, cells, class, &heat->columns[i]);
	cJSON_AddItemToArray(rows, row);
}

void page_fleet_classes(const struct page_say *f)
{
	size_t count;
	double hosts = 0;
	const cJSON **classes = fleet_page_classes(f, &count);
	const struct heat heat = choose_columns(f);
	cJSON *rows = cJSON_AddArrayToObject(f->page, "classes");
	put_columns(f, &heat);
	for (size_t i = 0; i < count; i++) {
		if (i < ROWS_MAX)
			add_class_row(f, rows, classes[i], &heat);
		else
			hosts += view_number(classes[i], "hosts");
	}
	if (count <= ROWS_MAX)
		return;
	cJSON *rest = cJSON_AddObjectToObject(f->page, "rest");
	page_say_text(rest, "hosts", page_say_plural(f, hosts, "host"));
	page_say_text(rest,
			"text",
			arena_printf(f->arena,
					"in %s more classes; the document (JSON) has them",
					page_say_whole(f, (double)(count - ROWS_MAX))));
}
