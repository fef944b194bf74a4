/* Head line, question, answer and tiles. An answer is one line. */
#include "report/render/page_front.h"

#include <math.h>
#include <string.h>

#include "base/text.h"
#include "report/document/age.h"
#include "report/document/badge.h"
#include "report/document/load.h"
#include "report/document/question.h"
#include "report/document/verdict.h"
#include "report/document/view.h"

enum {
	HEADLINE_CHARS = 300
};

/* --- numbers --- */

const char *page_front_noun(const struct front *front)
{
	if (strcmp(view_raw(front->page, "basis"), "rate") == 0)
		return "new connections";
	return "connections";
}

static const char *front_load_figure(const struct front *front, const cJSON *load)
{
	bool rate = strcmp(view_raw(front->page, "basis"), "rate") == 0;
	double scale = view_number(load, "scale");
	double connections = view_number(load, "connections");
	double opens = view_number(load, "open_rate_per_s");
	if (isinf(scale) || (rate ? isinf(opens) : isinf(connections)))
		return "unlimited";
	if (rate && isfinite(opens))
		return page_say_figure(&front->say, opens, UNIT_PER_S);
	if (!rate && isfinite(connections))
		return page_say_whole(&front->say, connections);
	return "";
}

const char *page_front_load(const struct front *front, const cJSON *load)
{
	const char *figure = front_load_figure(front, load);
	bool unlimited = strcmp(figure, "unlimited") == 0;
	if (!*figure || !view_true(load, "at_most"))
		return figure;
	if (unlimited)
		return "not known";
	return arena_printf(front->say.arena, "at most %s", figure);
}

/* "6.8%", "15×": of the plan. */
static const char *front_share(const struct front *front, const cJSON *load)
{
	return page_say_share(&front->say, view_number(load, "scale"), 10);
}

static const char *front_count(const struct front *front, size_t count, const char *noun)
{
	return page_say_plural(&front->say, (double)count, noun);
}

/* --- head line and question --- */

static const char *front_kind(const struct front *front)
{
	if (view_true(front->root, "gate.ran"))
		return "Load test run";
	if (view_object(front->root, "gate"))
		return "Load test gate";
	return "Capacity audit";
}

/* The first eight digits of the host's values, and of the plan. */
static const char *front_report_id(const struct front *front)
{
	const struct page_say *say = &front->say;
	const char *facts = page_say_said(say, front->root, "digest.facts");
	const char *plan = page_say_said(say, front->root, "digest.workload");
	const char *between = "-";
	if (!*facts || !*plan)
		between = "";
	return arena_printf(say->arena, "%.8s%s%.8s", facts, between, plan);
}

/* "each open 60 s"; "": for ever, or several loads. */
static const char *front_open_for(const struct front *front)
{
	double lifetime = view_number(front->root, "workload.lifetime_s");
	if (!isfinite(lifetime) || !(lifetime > 0))
		return "";
	return arena_printf(front->say.arena,
			"each open %s",
			page_say_figure(&front->say, lifetime, UNIT_SECONDS));
}

static void front_put_head(const struct front *front)
{
	page_say_text(front->say.page, "head", front_kind(front));
	page_say_text(front->say.page, "id", front_report_id(front));
	page_say_text(front->say.page, "open_for", front_open_for(front));
}

static const char *front_plan(const struct front *front)
{
	struct arena *arena = front->say.arena;
	const char *name = view_text(arena, front->root, "workload.name", 24);
	const char *load = front_load_figure(front, view_get(front->root, "plan"));
	const char *noun = page_front_noun(front);
	if (view_count(front->root, "loads") > 0)
		return arena_printf(arena,
				"these %s together",
				front_count(front, view_count(front->root, "loads"), "load"));
	if (!*load && !*name)
		return "this plan";
	if (!*name)
		return arena_printf(arena, "%s %s", load, noun);
	if (!*load)
		return arena_printf(arena, "“%s”", name);
	return arena_printf(arena, "“%s” (%s %s)", name, load, noun);
}

static void front_put_question(const struct front *front)
{
	struct arena *arena = front->say.arena;
	const char *host = view_text(arena, front->root, "host.name", 40);
	const char *question;
	if (!*host)
		host = "this host";
	if (front->of_run && view_true(front->root, "gate.ran"))
		question = arena_printf(arena, "Can the numbers of this run on %s be used?", host);
	else if (document_verdict(front->root) == VERDICT_NONE)
		question = arena_printf(arena, "What can %s carry?", host);
	else
		question = arena_printf(arena, "Can %s run %s?", host, front_plan(front));
	page_say_text(front->say.page, "question", question);
}

/* --- what after --- */

static const char *after_changes(const struct front *front)
{
	const cJSON *after = view_object(front->page, "after.max_safe");
	const char *load = page_front_load(front, after);
	const char *share = front_share(front, after);
	if (!*load)
		return "";
	if (!front->fits_after)
		return arena_printf(front->say.arena,
				"The changes below raise the safe load to %s %s, which is not enough.",
				load,
				page_front_noun(front));
	if (strcmp(load, "unlimited") == 0)
		return "After the changes below no limit on this host comes close.";
	return arena_printf(front->say.arena,
			"After %s below it can safely carry %s %s, %s of the plan.",
			front->changes == 1 ? "the change" : "the changes",
			load,
			page_front_noun(front),
			share);
}

/* Of a plan that fits without conditions: what is left to do. */
static const char *front_to_do(const struct front *front)
{
	if (front->of_run)
		return "";
	bool waived = *badge_by_waiver(front->say.arena, front->root) != '\0';
	if (waived || badge_hypothetical(front->root))
		return "";
	if (view_find(view_array(front->root, "findings"), "id", "facts-age"))
		return "Nothing has to be changed. Before the start, make sure that the host is still the "
			   "same, or audit it again.";
	return "Nothing has to be changed.";
}

static const char *front_after(const struct front *front)
{
	const cJSON *safe = view_object(front->page, "safe");
	const char *load = page_front_load(front, safe);
	enum verdict verdict = document_verdict(front->root);
	if (verdict == VERDICT_FAIL && front->changes)
		return after_changes(front);
	if (verdict == VERDICT_UNKNOWN && front->unknown)
		return "Give the values that are missing, and audit again. The host need not be changed.";
	if (verdict != VERDICT_PASS || !*load || !isfinite(view_number(safe, "scale")))
		return "";
	return arena_printf(front->say.arena,
			"It can safely carry %s %s, %s of the plan. %s",
			load,
			page_front_noun(front),
			front_share(front, safe),
			front_to_do(front));
}

/* Where it breaks, as a share of the plan. */
static const char *front_break(const struct front *front)
{
	const cJSON *breaks = view_object(front->root, "breaks");
	const char *load = front_load_figure(front, breaks);
	double scale = view_number(breaks, "scale");
	if (!(scale <= 1) || !*load)
		return "";
	return arena_printf(front->say.arena,
			"It would fail at %s of %s %s (%s).",
			load,
			front_load_figure(front, view_get(front->root, "plan")),
			page_front_noun(front),
			front_share(front, breaks));
}

static void front_put_answer(const struct front *front)
{
	cJSON *to = front->say.page;
	const char *why = document_why(front->say.arena, front->root, HEADLINE_CHARS);
	if (document_verdict(front->root) == VERDICT_NONE) {
		page_carry_answer(front);
		return;
	}
	page_say_text(to, "answer", document_answer(front->say.arena, front->root));
	page_say_text(to, "why", why);
	page_say_text(to, "break", front_break(front));
	page_say_text(to, "after", front_after(front));
}

/* --- tiles --- */

static void front_put_tile(cJSON *tiles, const char *name, const char *strong, const char *text)
{
	cJSON *tile = cJSON_CreateObject();
	page_say_text(tile, "name", name);
	page_say_text(tile, "strong", strong);
	page_say_text(tile, "text", text);
	cJSON_AddItemToArray(tiles, tile);
}

static const char *front_both(const struct front *front, const char *now, const char *after)
{
	if (!*after || strcmp(now, after) == 0)
		return now;
	return arena_printf(front->say.arena, "%s → %s", now, after);
}

static const char *without_text(const struct front *front)
{
	const cJSON *id;
	const char *ids = "";
	cJSON_ArrayForEach(id, view_array(front->page, "safe.without"))
		ids = page_say_join(&front->say, ids, ", ", page_say_said(&front->say, id, ""));
	if (!*ids)
		return "";
	return arena_printf(front->say.arena, "; without %s", ids);
}

static void tile_of_load(const struct front *front, cJSON *tiles)
{
	const char *now = page_front_load(front, view_object(front->page, "safe"));
	const char *after = page_front_load(front, view_object(front->page, "after.max_safe"));
	const char *plan = front_load_figure(front, view_get(front->root, "plan"));
	const char *name = "Safe load, now → after";
	if (!*now)
		return;
	if (!*after || strcmp(now, after) == 0)
		name = "Safe load";
	const char *text = arena_printf(front->say.arena,
			"%s; plan %s%s",
			page_front_noun(front),
			plan,
			without_text(front));
	front_put_tile(tiles, name, front_both(front, now, after), text);
}

static void tile_of_limit(const struct front *front, cJSON *tiles)
{
	const cJSON *limit = view_resource(front->root, view_raw(front->root, "binding.resource"));
	const char *title = page_say_said(&front->say, limit, "title");
	const char *needed = view_needed(front->say.arena, limit);
	const char *had =
			view_figure(front->say.arena, limit, "capacity", view_unit(limit, "quantity"));
	if (!limit)
		return;
	front_put_tile(tiles,
			"Tightest limit",
			title,
			arena_printf(front->say.arena, "%s needed, %s available", needed, had));
}

static void tile_of_hosts(const struct front *front, cJSON *tiles)
{
	double now = view_number(front->root, "hosts_needed.now");
	double most = view_number(front->root, "at_most.hosts");
	double after = view_number(front->root, "hosts_needed.after_fixes");
	const char *name = "Hosts needed";
	const char *strong = "";
	const char *why = ""; /* it is the least number */
	const char *least = document_hosts_at_least(front->root);
	if (isfinite(most) && !isfinite(now)) {
		strong = page_say_whole(&front->say, most);
		why = "; a limit is not known";
	} else if (isfinite(now)) {
		strong = page_say_whole(&front->say, now);
	}
	if (!*why && *least)
		why = "; CPU is not checked";
	if (*strong && front->changes && isfinite(after) && !(after >= now && after <= now)) {
		name = "Hosts needed, now → after";
		strong = front_both(front, strong, page_say_whole(&front->say, after));
	}
	const char *what = "hosts like this one";
	if (*why)
		what = arena_printf(front->say.arena, "at least%s", why);
	else if (!front->changes && now == 1)
		what = "host like this one";
	if (*strong)
		front_put_tile(tiles, name, strong, what);
	else
		tile_of_limit(front, tiles);
}

/* "2026-11-21 02:00 UTC" */
static const char *front_read_at(const struct front *front)
{
	struct arena *arena = front->say.arena;
	const char *minute = document_minute(arena, front->root);
	if (!*minute)
		return page_say_minute(&front->say, "created");
	return arena_printf(arena, "%s UTC", minute);
}

/* "8 days old", from an hour on */
static const char *front_age(const struct front *front)
{
	double age = document_age_s(front->root);
	if (!*document_minute(front->say.arena, front->root) || !document_is_dated(front->root))
		return "";
	if (!(age >= 0))
		return "";
	return arena_printf(front->say.arena, "%s old", page_say_age(&front->say, age));
}

/* "FAIL · 1 warning · host as of 2026-11-21 (the warning: 10 days old)"; "": the word in the badge
 * says it all. */
static const char *front_tags(const struct front *front)
{
	struct arena *arena = front->say.arena;
	const char *badge = badge_text(arena, front->root);
	const char *age = front_age(front);
	bool aged = view_find(view_array(front->root, "findings"), "id", "facts-age") != NULL;
	if (strcmp(badge, front->word) == 0)
		return "";
	if (aged && *age && badge_warnings(front->root) == 1)
		return arena_printf(arena, "%s (the warning: %s)", badge, age);
	return badge;
}

static void tile_of_basis(const struct front *front, cJSON *tiles)
{
	bool ran = front->of_run && view_true(front->root, "gate.ran");
	bool measured = view_number(front->page, "counts.calibrated") > 0;
	const char *strong = "calculated";
	const char *rest = "not measured";
	const char *from = "Live host,";
	if (measured) {
		strong = "partly measured";
		rest = "the rest is calculated";
	}
	if (ran) {
		strong = "measured";
		rest = "as it ran";
	}
	if (document_is_elsewhere(front->root))
		from = "Snapshot of";
	const char *name = arena_printf(front->say.arena, "%s %s", from, front_read_at(front));
	if (document_is_of_image(front->root))
		name = "Values of a stock image";
	const char *age = front_age(front);
	if (*age) { /* what a reader must know first */
		rest = arena_printf(front->say.arena, "%s, %s", strong, rest);
		strong = age;
	}
	front_put_tile(tiles, name, strong, rest);
}

/* How long a run went well: until the limit that ended it. */
static void tile_of_run(const struct front *front, cJSON *tiles)
{
	const char *id = view_raw(front->root, "gate.bottleneck");
	const cJSON *limit = view_find(view_array(front->root, "gate.observed.limits"), "id", id);
	double at = view_number(limit, "at_s");
	double run = view_number(front->root, "gate.run_s");
	if (!*id || !isfinite(at) || !isfinite(run))
		return;
	front_put_tile(tiles,
			"Limit reached after",
			arena_printf(front->say.arena,
					"%s of %s",
					page_say_figure(&front->say, at, UNIT_SECONDS),
					page_say_figure(&front->say, run, UNIT_SECONDS)),
			page_say_said(&front->say, limit, "title"));
}

static void front_put_tiles(const struct front *front)
{
	cJSON *tiles = cJSON_AddArrayToObject(front->say.page, "tiles");
	if (document_verdict(front->root) == VERDICT_NONE)
		page_carry_tiles(front, tiles);
	if (front->of_run)
		tile_of_run(front, tiles);
	tile_of_load(front, tiles);
	if (cJSON_GetArraySize(tiles) < 2 && view_object(front->root, "plan"))
		tile_of_hosts(front, tiles);
	tile_of_basis(front, tiles);
}

static size_t front_unknown(const cJSON *root)
{
	const cJSON *limit;
	size_t count = 0;
	cJSON_ArrayForEach(limit, view_array(root, "resources")) {
		bool excused = view_true(limit, "waived") || view_true(limit, "ignored");
		bool hard = strcmp(view_raw(limit, "severity"), "advisory") != 0;
		count += document_status(limit) == STATUS_UNKNOWN && hard && !excused;
	}
	return count;
}

static bool front_is_of_run(const char *word)
{
	return strcmp(word, "CERTIFIED") == 0 || strcmp(word, "NOT-CERTIFIED") == 0 ||
			strcmp(word, "NOT-RUN") == 0;
}

void page_front(struct arena *arena, const cJSON *root, cJSON *page)
{
	cJSON *to = cJSON_AddObjectToObject(page, "front");
	struct front front = {
			.say = {.arena = arena, .root = root, .page = to},
			.root = root,
			.page = page,
			.word = badge_word(root),
			.unknown = front_unknown(root),
			.changes = view_count(root, "ladder"),
	};
	front.of_run = front_is_of_run(front.word);
	if (document_verdict(root) == VERDICT_NONE)
		front.changes = view_count(root, "first_changes");
	front.fits_after = document_verdict_after_fixes(root) == VERDICT_PASS;
	front_put_head(&front);
	front_put_question(&front);
	front_put_answer(&front);
	page_say_text(to, "tags", front_tags(&front));
	front_put_tiles(&front);
	page_front_decide(&front);
	page_front_trust(&front);
}
