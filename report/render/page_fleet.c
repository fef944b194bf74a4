/* What a report about many hosts says first, computed from headroom.fleet/1: the answer, who
 * answered, the classes as rows of a table, what to decide. Only words and places: no limit is
 * judged here. */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "report/chart/words.h"
#include "report/document/verdict.h"
#include "report/document/view.h"
#include "report/render/page.h"
#include "report/render/page_fleet.h"

enum {
	COLUMNS_MAX = 6,
	ROWS_MAX = 40,
	NAMES_MAX = 6,
	ANSWERS_MAX = 2,
	FIXES_MAX = 3,
	DECISIONS_MAX = 40
};

struct fleet_page {
	struct arena *arena;
	const cJSON *root;
	cJSON *page;
};

static void put_text(cJSON *object, const char *name, const char *text)
{
	cJSON_AddItemToObject(object, name, cJSON_CreateString(text));
}

static const char *figure(const struct fleet_page *f, double number, enum unit unit)
{
	return view_figure_of(f->arena, number, unit);
}

static const char *plural(const struct fleet_page *f, double count, const char *noun)
{
	const char *ending = "s";
	if (count == 1)
		ending = "";
	if (count != 1 && text_ends_with(noun, "y"))
		return arena_printf(f->arena,
				"%s %.*sies",
				figure(f, count, UNIT_COUNT),
				(int)strlen(noun) - 1,
				noun);
	return arena_printf(f->arena, "%s %s%s", figure(f, count, UNIT_COUNT), noun, ending);
}

/* "93 clients", "4 hosts". */
static const char *hosts_of_role(const struct fleet_page *f, double count, const char *role)
{
	if (*role == '\0' || strcmp(role, "both") == 0)
		role = "host";
	return plural(f, count, role);
}

/* Above all of it a multiple says more than a share: 1,955 % is 19×. */
static const char *share_of(const struct fleet_page *f, double share, double multiples_from)
{
	if (!(share >= multiples_from))
		return figure(f, share, UNIT_RATIO);
	if (share >= 10)
		return arena_printf(f->arena, "%s×", figure(f, floor(share), UNIT_COUNT));
	return arena_printf(f->arena, "%.1f×", floor(share * 10 + 1e-9) / 10);
}

/* "24 h", "3 days". */
static const char *age_words(const struct fleet_page *f, double seconds)
{
	const double hour = 3600, day = 86400;
	if (seconds >= 2 * day)
		return plural(f, floor(seconds / day), "day");
	if (seconds >= hour)
		return arena_printf(f->arena, "%.0f h", floor(seconds / hour));
	return figure(f, seconds, UNIT_SECONDS);
}

/* "2026-11-30 05:40 UTC" of a time as documents have it. */
static const char *minute_of(const struct fleet_page *f, const char *path)
{
	const char *time = view_text(f->arena, f->root, path, 30);
	if (strlen(time) < 16)
		return time;
	return arena_printf(f->arena, "%.10s %.5s UTC", time, time + 11);
}

/* --- the order of classes: what fails comes first --- */

static int rank_of(const cJSON *class)
{
	enum verdict verdict = document_verdict(class);
	if (verdict == VERDICT_FAIL)
		return 0;
	if (verdict == VERDICT_UNKNOWN)
		return 1;
	return 2;
}

/* A list of references: in the document's order within a rank. */
static const cJSON **ordered_classes(const struct fleet_page *f, size_t *ret_count)
{
	const cJSON *classes = view_array(f->root, "classes"), *class;
	size_t most = view_count(f->root, "classes"), count = 0;
	const cJSON **list = arena_alloc(f->arena, (most + 1) * sizeof(const cJSON *));
	for (int rank = 0; rank <= 2; rank++) {
		cJSON_ArrayForEach(class, classes) {
			if (rank_of(class) == rank)
				list[count++] = class;
		}
	}
	*ret_count = count;
	return list;
}

/* --- names of hosts --- */

/* "gen-012, gen-037 and 4 more" of those for which `of` is the value of `member`. */
static const char *names_of(const struct fleet_page *f, const char *member, const char *of)
{
	const cJSON *host;
	const char *names = "";
	size_t count = 0;
	cJSON_ArrayForEach(host, view_array(f->root, "hosts")) {
		if (strcmp(view_raw(host, member), of) != 0)
			continue;
		count++;
		const char *name = view_text(f->arena, host, "name", 60);
		if (count == 1)
			names = name;
		else if (count <= NAMES_MAX)
			names = arena_printf(f->arena, "%s, %s", names, name);
	}
	if (count <= NAMES_MAX)
		return names;
	const char *rest = figure(f, (double)(count - NAMES_MAX), UNIT_COUNT);
	return arena_printf(f->arena, "%s and %s more", names, rest);
}

static size_t count_state(const struct fleet_page *f, const char *state)
{
	const cJSON *host;
	size_t count = 0;
	cJSON_ArrayForEach(host, view_array(f->root, "hosts"))
		count += strcmp(view_raw(host, "state"), state) == 0;
	return count;
}

/* --- title and badge --- */

static void put_badge(const struct fleet_page *f)
{
	static const char *const words[] = {
			[VERDICT_NONE] = "UNKNOWN",
			[VERDICT_PASS] = "PASS",
			[VERDICT_FAIL] = "FAIL",
			[VERDICT_UNKNOWN] = "UNKNOWN",
	};
	enum verdict verdict = document_verdict(f->root);
	cJSON *badge = cJSON_AddObjectToObject(f->page, "badge");
	put_text(badge, "word", words[verdict]);
	put_text(badge, "text", words[verdict]);
	put_text(badge, "verdict", verdict_name(verdict));
}

static const char *plan_words(const struct fleet_page *f)
{
	double live = view_number(f->root, "workload.connections");
	double rate = view_number(f->root, "workload.open_rate_per_s");
	if (live > 0)
		return plural(f, live, "connection");
	if (rate > 0)
		return arena_printf(f->arena, "%s new connections", figure(f, rate, UNIT_PER_S));
	return "this plan";
}

static void put_title(const struct fleet_page *f)
{
	double hosts = view_number(f->root, "counts.hosts");
	const char *which = "Can these";
	if (hosts == 1)
		which = "Can this";
	const char *title = arena_printf(f->arena,
			"%s %s carry %s?",
			which,
			plural(f, hosts, "host"),
			plan_words(f));
	put_text(f->page, "title", title);
}

/* --- the answer --- */

static void add_answer(cJSON *answers, const char *text)
{
	cJSON *answer = cJSON_CreateObject();
	put_text(answer, "text", text);
	cJSON_AddItemToArray(answers, answer);
}

static void add_failing(const struct fleet_page *f, cJSON *answers, const cJSON *class)
{
	const char *role = view_raw(class, "role");
	const char *text = arena_printf(f->arena,
			"Class %s (%s): %s",
			view_text(f->arena, class, "name", 8),
			hosts_of_role(f, view_number(class, "hosts"), role),
			view_text(f->arena, class, "audit.headline", 300));
	add_answer(answers, text);
}

/* "37,400 (3.7 %)"; "": nothing stops it, or nothing is known. ≤ where what is not known may make
 * it less. */
static const char *reach_words(const struct fleet_page *f, const cJSON *reach, const char *at_most)
{
	double scale = view_number(reach, "scale");
	double live = view_number(f->root, "workload.connections");
	const char *most = "";
	if (!isfinite(scale))
		return "";
	if (view_true(reach, "at_most"))
		most = at_most;
	const char *share = share_of(f, scale, 1);
	if (!(live > 0))
		return arena_printf(f->arena, "%s%s", most, share);
	const char *count = figure(f, floor(scale * live + 1e-6), UNIT_COUNT);
	return arena_printf(f->arena, "%s%s (%s)", most, count, share);
}

static const char *stage_title(const struct fleet_page *f, const cJSON *stage)
{
	double hosts = view_number(stage, "hosts");
	if (strcmp(view_raw(stage, "end"), "nat") == 0)
		return "Shared NAT";
	return hosts_of_role(f, hosts, view_raw(stage, "end"));
}

static const cJSON *narrowest_stage(const cJSON *root)
{
	const cJSON *stage;
	cJSON_ArrayForEach(stage, view_array(root, "path.stages"))
		if (view_true(stage, "narrowest"))
			return stage;
	return NULL;
}

static void add_narrowest(const struct fleet_page *f, cJSON *answers)
{
	const cJSON *stage = narrowest_stage(f->root);
	const char *reach = reach_words(f, view_object(stage, "now"), "at most ");
	if (!stage || *reach == '\0')
		return;
	const char *text = arena_printf(f->arena,
			"The narrowest end: %s, safe up to %s of the plan; the tightest limit is %s.",
			stage_title(f, stage),
			reach,
			view_text(f->arena, stage, "now.title", 60));
	add_answer(answers, text);
}

static void put_answers(const struct fleet_page *f)
{
	cJSON *answers = cJSON_AddArrayToObject(f->page, "answers");
	size_t count;
	const cJSON **classes = ordered_classes(f, &count);
	for (size_t i = 0; i < count && i < ANSWERS_MAX; i++)
		if (rank_of(classes[i]) == 0 && *view_raw(classes[i], "audit.headline"))
			add_failing(f, answers, classes[i]);
	add_narrowest(f, answers);
}

/* --- who answered --- */

static void add_tile(cJSON *tiles, const char *name, const char *strong, const char *text)
{
	cJSON *tile = cJSON_CreateObject();
	put_text(tile, "name", name);
	put_text(tile, "strong", strong);
	put_text(tile, "text", text);
	cJSON_AddItemToArray(tiles, tile);
}

static void add_answered(const struct fleet_page *f, cJSON *tiles)
{
	double expected = view_number(f->root, "counts.expected");
	const char *answered = figure(f, view_number(f->root, "counts.answered"), UNIT_COUNT);
	const char *missing = names_of(f, "state", "missing");
	const char *text = "none is missing";
	if (*missing)
		text = arena_printf(f->arena, "missing: %s", missing);
	if (isfinite(expected))
		answered = arena_printf(f->arena, "%s of %s", answered, figure(f, expected, UNIT_COUNT));
	else
		text = "nobody said how many there should be (--hosts)";
	add_tile(tiles, "Answered", answered, text);
}

/* What answered and does not count. */
static void add_unusable(const struct fleet_page *f, cJSON *tiles)
{
	static const char *const states[] = {"stale", "broken", "duplicate"};
	const char *strong = "", *text = "";
	for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
		size_t count = count_state(f, states[i]);
		if (count == 0)
			continue;
		const char *own =
				arena_printf(f->arena, "%s %s", figure(f, (double)count, UNIT_COUNT), states[i]);
		const char *names = names_of(f, "state", states[i]);
		strong = *strong ? arena_printf(f->arena, "%s, %s", strong, own) : own;
		text = *text ? arena_printf(f->arena, "%s; %s", text, names) : names;
	}
	const char *age = age_words(f, view_number(f->root, "max_age_s"));
	if (*strong)
		text = arena_printf(f->arena, "%s (allowed age: %s)", text, age);
	else
		text = arena_printf(f->arena, "no answer is older than %s", age);
	add_tile(tiles, "Left out", *strong ? strong : "none", text);
}

static void put_tiles(const struct fleet_page *f)
{
	cJSON *tiles = cJSON_AddArrayToObject(f->page, "tiles");
	add_answered(f, tiles);
	add_unusable(f, tiles);
	const char *as_of = minute_of(f, "as_of");
	const char *text = "no host was judged";
	if (*as_of)
		text = arena_printf(f->arena, "host values from %s on", as_of);
	add_tile(tiles, "Basis", "calculated, not measured", text);
}

/* --- the path, for its chart --- */

static const char *stage_each(const struct fleet_page *f, const cJSON *stage)
{
	double least = view_number(stage, "least"), most = view_number(stage, "most");
	if (!isfinite(most))
		return "";
	if (least == most)
		return arena_printf(f->arena, "%s each", plural(f, most, "connection"));
	return arena_printf(f->arena,
			"%s to %s each",
			figure(f, least, UNIT_COUNT),
			figure(f, most, UNIT_COUNT));
}

static void add_reach(const struct fleet_page *f, cJSON *row, const char *name, const cJSON *reach)
{
	double scale = view_number(reach, "scale");
	const char *text = reach_words(f, reach, "≤ ");
	if (!reach)
		return;
	if (*text == '\0')
		text = isinf(scale) ? "no limit is near" : "not known";
	put_text(row, name, text);
}

static void add_stage(const struct fleet_page *f, cJSON *rows, const cJSON *stage)
{
	cJSON *row = cJSON_CreateObject();
	const cJSON *now = view_object(stage, "now");
	double unknown = view_number(stage, "unknown");
	put_text(row, "title", stage_title(f, stage));
	put_text(row, "each", stage_each(f, stage));
	put_text(row, "limit", view_text(f->arena, now, "title", 40));
	add_reach(f, row, "now", now);
	add_reach(f, row, "after", view_object(stage, "after"));
	if (unknown > 0)
		put_text(row,
				"unknown",
				arena_printf(f->arena, "%s not judged", figure(f, unknown, UNIT_COUNT)));
	cJSON_AddBoolToObject(row, "narrowest", view_true(stage, "narrowest"));
	cJSON_AddBoolToObject(row, "narrowest_after", view_true(stage, "narrowest_after"));
	cJSON_AddBoolToObject(row, "fails", view_number(now, "scale") < 1);
	cJSON_AddItemToArray(rows, row);
}

static const cJSON *stage_of(const cJSON *root, const char *end)
{
	return view_find(view_array(root, "path.stages"), "end", end);
}

static void add_not_given(cJSON *rows, const char *title)
{
	cJSON *row = cJSON_CreateObject();
	put_text(row, "title", title);
	put_text(row, "each", "not given: not judged");
	cJSON_AddItemToArray(rows, row);
}

static void put_ends(const struct fleet_page *f)
{
	static const char *const ends[] = {"client", "nat", "proxy", "server"};
	cJSON *charts = cJSON_AddObjectToObject(f->page, "charts");
	cJSON *chart = cJSON_AddObjectToObject(charts, "ends");
	cJSON *rows = cJSON_AddArrayToObject(chart, "rows");
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		const cJSON *stage = stage_of(f->root, ends[i]);
		if (stage)
			add_stage(f, rows, stage);
		else if (strcmp(ends[i], "client") == 0)
			add_not_given(rows, "Clients");
		else if (strcmp(ends[i], "server") == 0)
			add_not_given(rows, "Servers");
	}
	const cJSON *narrowest = narrowest_stage(f->root);
	const char *finding = words_say(f->arena, words_of(f->root), "ends.finding.none", NULL);
	if (narrowest)
		finding = words_say(f->arena,
				words_of(f->root),
				"ends.finding",
				"end",
				stage_title(f, narrowest),
				"load",
				reach_words(f, view_object(narrowest, "now"), "at most "),
				NULL);
	put_text(chart, "finding", finding);
}

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

static void weigh_column(const struct fleet_page *f, struct heat_column *column)
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
static struct heat choose_columns(const struct fleet_page *f)
{
	size_t most = view_count(f->root, "limits");
	struct heat heat = {.columns = arena_alloc(f->arena, (most + 1) * sizeof *heat.columns)};
	const cJSON *limit;
	cJSON_ArrayForEach(limit, view_array(f->root, "limits")) {
		struct heat_column *column = &heat.columns[heat.count++];
		column->id = view_raw(limit, "id");
		column->title = view_text(f->arena, limit, "title", 40);
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

static void put_columns(const struct fleet_page *f, const struct heat *heat)
{
	cJSON *columns = cJSON_AddArrayToObject(f->page, "columns");
	for (size_t i = 0; i < heat->count; i++) {
		if (!heat->columns[i].chosen)
			continue;
		cJSON *column = cJSON_CreateObject();
		put_text(column, "title", heat->columns[i].title);
		cJSON_AddItemToArray(columns, column);
	}
}

static void add_heat_cell(const struct fleet_page *f,
		cJSON *cells,
		const cJSON *class,
		const struct heat_column *column)
{
	const cJSON *limit = limit_of(class, column->id);
	double use = view_number(limit, "use.most");
	enum status status = document_status(limit);
	bool tightest = strcmp(view_raw(class, "limit"), column->id) == 0;
	bool too_old = view_number(class, "stale") > 0 && document_verdict(class) == VERDICT_UNKNOWN;
	const char *name = "none", *text = "–";
	if (too_old) /* what was read says nothing about now */
		status = STATUS_UNKNOWN;
	if (limit) {
		name = status_name(status);
		text = isfinite(use) ? share_of(f, use, 3) : "?";
	}
	if (limit && status == STATUS_FAIL)
		text = arena_printf(f->arena, "✕ %s", text);
	if (limit && status == STATUS_UNKNOWN)
		text = "?";
	cJSON *cell = cJSON_CreateObject();
	put_text(cell, "class", arena_printf(f->arena, "heat %s%s", name, tightest ? " tight" : ""));
	put_text(cell, "text", text);
	cJSON_AddItemToArray(cells, cell);
}

static bool is_setting(const cJSON *deviation)
{
	const char *key = view_raw(deviation, "key");
	return !text_begins_with(key, "limit ") && strcmp(key, "facts age") != 0;
}

static const char *one_deviation(const struct fleet_page *f, const cJSON *deviation)
{
	const char *value = view_text(f->arena, deviation, "value", 40);
	const char *majority = view_text(f->arena, deviation, "majority", 40);
	if (*value == '\0')
		value = "not there";
	if (*majority == '\0')
		majority = "absent";
	return arena_printf(f->arena,
			"%s %s, not %s",
			view_text(f->arena, deviation, "key", 60),
			value,
			majority);
}

static const char *differs(const struct fleet_page *f, const cJSON *class)
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
		if (!is_setting(deviation) || ++count > SHOWN)
			continue;
		const char *one = one_deviation(f, deviation);
		text = *text ? arena_printf(f->arena, "%s; %s", text, one) : one;
	}
	if (count > SHOWN)
		text = arena_printf(f->arena, "%s; %zu more", text, count - SHOWN);
	return *text ? text : "–";
}

static void add_class_row(const struct fleet_page *f,
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
	put_text(row, "name", view_text(f->arena, class, "name", 8));
	put_text(row, "hosts", hosts_of_role(f, view_number(class, "hosts"), view_raw(class, "role")));
	put_text(row, "verdict", words[verdict]);
	put_text(row, "status", arena_printf(f->arena, "status nowrap %s", verdict_name(verdict)));
	put_text(row, "differs", differs(f, class));
	cJSON *cells = cJSON_AddArrayToObject(row, "cells");
	for (size_t i = 0; i < heat->count; i++)
		if (heat->columns[i].chosen)
			add_heat_cell(f, cells, class, &heat->columns[i]);
	cJSON_AddItemToArray(rows, row);
}

static void put_classes(const struct fleet_page *f)
{
	size_t count;
	double hosts = 0;
	const cJSON **classes = ordered_classes(f, &count);
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
	put_text(rest, "hosts", plural(f, hosts, "host"));
	put_text(rest,
			"text",
			arena_printf(f->arena,
					"in %s more classes; the document (JSON) has them",
					figure(f, (double)(count - ROWS_MAX), UNIT_COUNT)));
}

/* --- what to decide --- */

struct decision {
	const char *class, *hosts, *change, *commands, *effect, *risk, *undo, *after;
};

static void add_decision(cJSON *list, const struct decision *decision)
{
	cJSON *row = cJSON_CreateObject();
	put_text(row, "class", decision->class);
	put_text(row, "hosts", decision->hosts);
	put_text(row, "change", decision->change);
	put_text(row, "commands", decision->commands);
	put_text(row, "effect", decision->effect);
	put_text(row, "risk", decision->risk);
	put_text(row, "undo", decision->undo);
	put_text(row, "after", decision->after);
	cJSON_AddItemToArray(list, row);
}

/* The lines of a fix, else what is said. */
static const char *fix_lines(const struct fleet_page *f,
		const cJSON *fix,
		const char *list,
		const char *said)
{
	const cJSON *command;
	const char *text = "";
	cJSON_ArrayForEach(command, view_array(fix, list)) {
		const char *line = view_text(f->arena, command, "line", 300);
		text = *text ? arena_printf(f->arena, "%s; %s", text, line) : line;
	}
	if (*text)
		return text;
	text = view_text(f->arena, fix, said, 300);
	return *text ? text : "–";
}

static void add_fix(const struct fleet_page *f, cJSON *list, const cJSON *class, const cJSON *fix)
{
	double after = view_number(fix, "gain.after.connections");
	const char *mark = "";
	if (view_true(fix, "gain.fits"))
		mark = " ✓";
	struct decision decision = {
			.class = view_text(f->arena, class, "name", 8),
			.hosts = names_of(f, "class", view_raw(class, "name")),
			.change = view_text(f->arena, fix, "title", 120),
			.commands = fix_lines(f, fix, "commands", "say"),
			.effect = view_text(f->arena, fix, "restart", 120),
			.risk = view_text(f->arena, fix, "risk", 120),
			.undo = fix_lines(f, fix, "undo_commands", "undo_say"),
			.after = "–",
	};
	if (isfinite(after))
		decision.after = arena_printf(f->arena, "%s each%s", figure(f, after, UNIT_COUNT), mark);
	add_decision(list, &decision);
}

static void add_fixes(const struct fleet_page *f, cJSON *list, const cJSON *class)
{
	const cJSON *fix;
	int count = 0;
	cJSON_ArrayForEach(fix, view_array(class, "audit.fixes")) {
		if (!view_true(fix, "in_ladder") || count == FIXES_MAX)
			continue;
		count++;
		add_fix(f, list, class, fix);
	}
	if (count > 0)
		return;
	add_decision(list,
			&(struct decision){
					.class = view_text(f->arena, class, "name", 8),
					.hosts = names_of(f, "class", view_raw(class, "name")),
					.change = "No setting of these hosts helps: give them less of the plan",
					.commands = "–",
					.effect = "–",
					.risk = "–",
					.undo = "–",
					.after = "–",
			});
}

static void add_collect(const struct fleet_page *f,
		cJSON *list,
		const char *state,
		const char *change)
{
	if (count_state(f, state) == 0)
		return;
	add_decision(list,
			&(struct decision){
					.class = "–",
					.hosts = names_of(f, "state", state),
					.change = change,
					.commands = "headroom facts -o json (on each)",
					.effect = "at once",
					.risk = "none",
					.undo = "nothing to undo",
					.after = "then judged",
			});
}

static void put_decisions(const struct fleet_page *f)
{
	size_t count, failing = 0;
	const cJSON **classes = ordered_classes(f, &count);
	cJSON *list = cJSON_AddArrayToObject(f->page, "decisions");
	for (size_t i = 0; i < count; i++) {
		if (rank_of(classes[i]) != 0)
			continue;
		if (++failing <= DECISIONS_MAX)
			add_fixes(f, list, classes[i]);
	}
	add_collect(f, list, "stale", "Collect again: the values are too old");
	add_collect(f, list, "missing", "Find out why they did not answer, and collect");
	add_collect(f, list, "broken", "Collect again: what came cannot be read");
	if (failing > DECISIONS_MAX)
		cJSON_AddNumberToObject(f->page, "more_decisions", (double)(failing - DECISIONS_MAX));
}

/* --- how far to trust it --- */

static void put_trust(const struct fleet_page *f)
{
	const cJSON *root = f->root, *class;
	struct text text = {0};
	double judged = view_number(root, "counts.passed") + view_number(root, "counts.failed");
	const char *first = minute_of(f, "as_of");
	const char *last = minute_of(f, "as_of_last");
	text_addf(&text, "%s judged", plural(f, judged, "host"));
	if (*first)
		text_addf(&text, "; what counts was read between %s and %s", first, last);
	text_addf(&text,
			". Safe means at most %s of every hard limit. Calculated, not measured.",
			figure(f, view_number(root, "target_utilization"), UNIT_RATIO));
	cJSON_ArrayForEach(class, view_array(root, "classes")) {
		const cJSON *not_judged = view_array(class, "audit.coverage.not_judged"), *item;
		if (!not_judged)
			continue;
		const char *before = " Not judged: ";
		cJSON_ArrayForEach(item, not_judged) {
			text_addf(&text, "%s%s", before, view_text(f->arena, item, "", 40));
			before = ", ";
		}
		if (view_count(class, "audit.coverage.not_judged") > 0)
			text_add(&text, ", the application.");
		break;
	}
	if (view_true(root, "source_error"))
		text_add(&text, " A source ended in an error: hosts may be missing from it.");
	put_text(f->page, "trust", text_take(f->arena, &text));
}

/* --- what stands behind page 1 --- */

static const char *host_why(const struct fleet_page *f, const cJSON *host)
{
	const char *why = view_text(f->arena, host, "why", 200);
	const cJSON *limit = view_find(view_array(f->root, "limits"), "id", view_raw(host, "limit"));
	double use = view_number(host, "use");
	if (*why || !limit)
		return why;
	if (!isfinite(use))
		return view_text(f->arena, limit, "title", 60);
	return arena_printf(f->arena,
			"%s, %s",
			view_text(f->arena, limit, "title", 60),
			share_of(f, use, 3));
}

static void put_hosts(const struct fleet_page *f)
{
	cJSON *list = cJSON_AddArrayToObject(f->page, "hosts");
	const cJSON *host;
	cJSON_ArrayForEach(host, view_array(f->root, "hosts")) {
		bool judged = strcmp(view_raw(host, "state"), "judged") == 0;
		if (judged && document_verdict(host) == VERDICT_PASS)
			continue;
		if (strcmp(view_raw(host, "state"), "standing-by") == 0)
			continue;
		cJSON *row = cJSON_CreateObject();
		const char *class = view_text(f->arena, host, "class", 8);
		put_text(row, "name", view_text(f->arena, host, "name", 100));
		put_text(row,
				"state",
				judged ? verdict_name(document_verdict(host)) : view_raw(host, "state"));
		put_text(row, "class", *class ? class : "–");
		put_text(row, "why", host_why(f, host));
		cJSON_AddItemToArray(list, row);
	}
}

static void put_commands(const struct fleet_page *f)
{
	cJSON *list = cJSON_AddArrayToObject(f->page, "commands");
	const cJSON *host;
	cJSON_ArrayForEach(host, view_array(f->root, "hosts")) {
		const char *command = view_text(f->arena, host, "command", 2000);
		if (*command == '\0')
			continue;
		cJSON *row = cJSON_CreateObject();
		put_text(row, "hosts", view_text(f->arena, host, "name", 100));
		put_text(row, "command", command);
		cJSON_AddItemToArray(list, row);
	}
}

static void add_settings(const struct fleet_page *f, cJSON *list, const cJSON *class)
{
	const cJSON *deviation;
	cJSON *entry = cJSON_CreateObject();
	put_text(entry, "name", view_text(f->arena, class, "name", 8));
	put_text(entry,
			"hosts",
			hosts_of_role(f, view_number(class, "hosts"), view_raw(class, "role")));
	cJSON *rows = cJSON_AddArrayToObject(entry, "rows");
	cJSON_ArrayForEach(deviation, view_array(class, "deviations")) {
		if (!is_setting(deviation))
			continue;
		cJSON *row = cJSON_CreateObject();
		put_text(row, "key", view_text(f->arena, deviation, "key", 80));
		put_text(row, "value", one_deviation(f, deviation));
		cJSON_AddItemToArray(rows, row);
	}
	if (cJSON_GetArraySize(rows) > 0)
		cJSON_AddItemToArray(list, entry);
	else
		cJSON_Delete(entry);
}

static void put_settings(const struct fleet_page *f)
{
	cJSON *list = cJSON_AddArrayToObject(f->page, "settings");
	const cJSON *class;
	cJSON_ArrayForEach(class, view_array(f->root, "classes"))
		add_settings(f, list, class);
}

bool page_is_fleet(const cJSON *root)
{
	return text_begins_with(view_raw(root, "schema"), "headroom.fleet/");
}

void page_fleet(struct arena *arena, const cJSON *root, cJSON *page)
{
	const struct fleet_page f = {arena, root, page};
	put_badge(&f);
	put_title(&f);
	put_answers(&f);
	put_tiles(&f);
	put_ends(&f);
	put_classes(&f);
	put_decisions(&f);
	put_trust(&f);
	put_hosts(&f);
	put_commands(&f);
	put_settings(&f);
}
