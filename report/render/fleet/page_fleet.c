/* What a report about many hosts says first, computed from headroom.fleet/1: the answer, who
 * answered, the path of a connection. Only words and places: no limit is judged here. */
#include <math.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "report/chart/words.h"
#include "report/document/verdict.h"
#include "report/document/view.h"
#include "report/render/fleet/page_fleet.h"
#include "report/render/fleet/page_fleet_words.h"

enum {
	ANSWERS_MAX = 2
};

/* --- title and badge --- */

static const char *plan_words(const struct page_say *f)
{
	double live = page_say_number(f, "workload.connections");
	double rate = page_say_number(f, "workload.open_rate_per_s");
	if (live > 0)
		return page_say_plural(f, live, "connection");
	if (!(rate > 0))
		return "this plan";
	const char *new = page_say_figure(f, rate, UNIT_PER_S);
	return arena_printf(f->arena, "%s new connections", new);
}

static void put_title(const struct page_say *f)
{
	double hosts = page_say_number(f, "counts.hosts");
	const char *which = "Can these";
	if (hosts == 1)
		which = "Can this";
	const char *all = page_say_plural(f, hosts, "host");
	const char *plan = plan_words(f);
	const char *title = arena_printf(f->arena, "%s %s carry %s?", which, all, plan);
	page_say_text(f->page, "title", title);
}

/* --- the answer --- */

static void add_answer(cJSON *answers, const char *text)
{
	cJSON *answer = cJSON_CreateObject();
	page_say_text(answer, "text", text);
	cJSON_AddItemToArray(answers, answer);
}

static void add_failing(const struct page_say *f, cJSON *answers, const cJSON *class)
{
	const char *role = view_raw(class, "role");
	double count = view_number(class, "hosts");
	const char *text = arena_printf(f->arena,
			"Class %s (%s): %s",
			page_say_said(f, class, "name"),
			fleet_page_hosts(f, count, role),
			page_say_said(f, class, "audit.headline"));
	add_answer(answers, text);
}

static const char *stage_title(const struct page_say *f, const cJSON *stage)
{
	double hosts = view_number(stage, "hosts");
	const char *end = view_raw(stage, "end");
	if (strcmp(end, "nat") == 0)
		return "Shared NAT";
	return fleet_page_hosts(f, hosts, end);
}

static const cJSON *narrowest_stage(const cJSON *root)
{
	const cJSON *stage;
	cJSON_ArrayForEach(stage, view_array(root, "path.stages"))
		if (view_true(stage, "narrowest"))
			return stage;
	return NULL;
}

static void add_narrowest(const struct page_say *f, cJSON *answers)
{
	const cJSON *stage = narrowest_stage(f->root);
	const cJSON *now = view_object(stage, "now");
	const char *reach = fleet_page_reach(f, now, "at most ");
	if (!stage || *reach == '\0')
		return;
	const char *text = arena_printf(f->arena,
			"The narrowest end: %s, safe up to %s of the plan; the tightest limit is %s.",
			stage_title(f, stage),
			reach,
			page_say_said(f, stage, "now.title"));
	add_answer(answers, text);
}

static void put_answers(const struct page_say *f)
{
	cJSON *answers = cJSON_AddArrayToObject(f->page, "answers");
	size_t count;
	const cJSON **classes = fleet_page_classes(f, &count);
	if (count > ANSWERS_MAX)
		count = ANSWERS_MAX;
	for (size_t i = 0; i < count; i++) {
		const cJSON *class = classes[i];
		const char *headline = view_raw(class, "audit.headline");
		if (fleet_page_rank(class) == 0 && *headline)
			add_failing(f, answers, class);
	}
	add_narrowest(f, answers);
}

/* --- who answered --- */

static void add_tile(cJSON *tiles, const char *name, const char *strong, const char *text)
{
	cJSON *tile = cJSON_CreateObject();
	page_say_text(tile, "name", name);
	page_say_text(tile, "strong", strong);
	page_say_text(tile, "text", text);
	cJSON_AddItemToArray(tiles, tile);
}

static const char *of_expected(const struct page_say *f, const char *answered, double expected)
{
	const char *all = page_say_whole(f, expected);
	return arena_printf(f->arena, "%s of %s", answered, all);
}

static void add_answered(const struct page_say *f, cJSON *tiles)
{
	double expected = page_say_number(f, "counts.expected");
	double count = page_say_number(f, "counts.answered");
	const char *answered = page_say_whole(f, count);
	const char *missing = fleet_page_names(f, "state", "missing");
	const char *text = "none is missing";
	if (*missing)
		text = arena_printf(f->arena, "missing: %s", missing);
	if (isfinite(expected))
		answered = of_expected(f, answered, expected);
	else
		text = "nobody said how many there should be (--hosts)";
	add_tile(tiles, "Answered", answered, text);
}

/* What answered and does not count. */
static void add_unusable(const struct page_say *f, cJSON *tiles)
{
	static const char *const states[] = {
			"stale",
			"broken",
			"duplicate",
	};
	const char *strong = "", *text = "";
	for (size_t i = 0; i < COUNT_OF(states); i++) {
		const char *state = states[i];
		size_t count = fleet_page_count(f, state);
		if (count == 0)
			continue;
		const char *number = page_say_whole(f, (double)count);
		const char *own = arena_printf(f->arena, "%s %s", number, state);
		const char *names = fleet_page_names(f, "state", state);
		strong = page_say_join(f, strong, ", ", own);
		text = page_say_join(f, text, "; ", names);
	}
	double allowed = page_say_number(f, "max_age_s");
	const char *age = page_say_age(f, allowed);
	if (*strong)
		text = arena_printf(f->arena, "%s (allowed age: %s)", text, age);
	else
		text = arena_printf(f->arena, "no answer is older than %s", age);
	if (*strong == '\0')
		strong = "none";
	add_tile(tiles, "Left out", strong, text);
}

static void put_tiles(const struct page_say *f)
{
	cJSON *tiles = cJSON_AddArrayToObject(f->page, "tiles");
	const char *as_of = page_say_minute(f, "as_of");
	const char *text = "no host was judged";
	add_answered(f, tiles);
	add_unusable(f, tiles);
	if (*as_of)
		text = arena_printf(f->arena, "host values from %s on", as_of);
	add_tile(tiles, "Basis", "calculated, not measured", text);
}

/* --- the path, for its chart --- */

static const char *stage_each(const struct page_say *f, const cJSON *stage)
{
	double least = view_number(stage, "least");
	double most = view_number(stage, "most");
	if (!isfinite(most))
		return "";
	if (least == most)
		return arena_printf(f->arena, "%s each", page_say_plural(f, most, "connection"));
	const char *low = page_say_whole(f, least);
	const char *high = page_say_whole(f, most);
	return arena_printf(f->arena, "%s to %s each", low, high);
}

static void add_reach(const struct page_say *f, cJSON *row, const char *name, const cJSON *reach)
{
	double scale = view_number(reach, "scale");
	const char *text = fleet_page_reach(f, reach, "≤ ");
	if (!reach)
		return;
	if (*text == '\0')
		text = "not known";
	if (isinf(scale) && !view_true(reach, "at_most"))
		text = "no limit is near";
	page_say_text(row, name, text);
}

static void put_not_judged(const struct page_say *f, cJSON *row, double hosts)
{
	const char *count = page_say_whole(f, hosts);
	const char *text = arena_printf(f->arena, "%s not judged", count);
	page_say_text(row, "unknown", text);
}

static void put_flag(cJSON *row, const char *name, bool flag)
{
	cJSON_AddItemToObject(row, name, cJSON_CreateBool(flag));
}

static void add_stage(const struct page_say *f, cJSON *rows, const cJSON *stage)
{
	cJSON *row = cJSON_CreateObject();
	const cJSON *now = view_object(stage, "now");
	const cJSON *after = view_object(stage, "after");
	double unknown = view_number(stage, "unknown");
	const char *title = stage_title(f, stage);
	const char *each = stage_each(f, stage);
	const char *limit = page_say_said(f, now, "title");
	page_say_text(row, "title", title);
	page_say_text(row, "each", each);
	page_say_text(row, "limit", limit);
	add_reach(f, row, "now", now);
	add_reach(f, row, "after", after);
	if (unknown > 0)
		put_not_judged(f, row, unknown);
	bool narrowest = view_true(stage, "narrowest");
	bool narrowest_after = view_true(stage, "narrowest_after");
	double scale = view_number(now, "scale");
	put_flag(row, "narrowest", narrowest);
	put_flag(row, "narrowest_after", narrowest_after);
	put_flag(row, "fails", scale < 1);
	cJSON_AddItemToArray(rows, row);
}

static const cJSON *stage_of(const cJSON *root, const char *end)
{
	const cJSON *stages = view_array(root, "path.stages");
	return view_find(stages, "end", end);
}

static void add_not_given(cJSON *rows, const char *title)
{
	cJSON *row = cJSON_CreateObject();
	page_say_text(row, "title", title);
	page_say_text(row, "each", "not given: not judged");
	cJSON_AddItemToArray(rows, row);
}

static const char *ends_finding(const struct page_say *f)
{
	const cJSON *words = words_of(f->root);
	const cJSON *narrowest = narrowest_stage(f->root);
	const cJSON *now = view_object(narrowest, "now");
	if (!narrowest)
		return words_say(f->arena, words, "ends.finding.none", NULL);
	return words_say(f->arena,
			words,
			"ends.finding",
			"end",
			stage_title(f, narrowest),
			"load",
			fleet_page_reach(f, now, "at most "),
			NULL);
}

static void put_ends(const struct page_say *f)
{
	static const char *const ends[] = {
			"client",
			"nat",
			"proxy",
			"server",
	};
	cJSON *charts = cJSON_AddObjectToObject(f->page, "charts");
	cJSON *chart = cJSON_AddObjectToObject(charts, "ends");
	cJSON *rows = cJSON_AddArrayToObject(chart, "rows");
	for (size_t i = 0; i < COUNT_OF(ends); i++) {
		const char *end = ends[i];
		const cJSON *stage = stage_of(f->root, end);
		if (stage)
			add_stage(f, rows, stage);
		else if (strcmp(end, "client") == 0)
			add_not_given(rows, "Clients");
		else if (strcmp(end, "server") == 0)
			add_not_given(rows, "Servers");
	}
	const char *finding = ends_finding(f);
	page_say_text(chart, "finding", finding);
}

void page_fleet(struct arena *arena, const cJSON *root, cJSON *page)
{
	const struct page_say f = {arena, root, page};
	page_fleet_badge(&f);
	put_title(&f);
	put_answers(&f);
	put_tiles(&f);
	put_ends(&f);
	page_fleet_classes(&f);
	page_fleet_decide(&f);
}
