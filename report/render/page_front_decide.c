/* What is asked for, what else is possible, what the numbers are worth, and how far to trust them.
 */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "report/document/carry.h"
#include "report/document/notes.h"
#include "report/document/question.h"
#include "report/document/verdict.h"
#include "report/document/view.h"
#include "report/render/page.h"
#include "report/render/page_front.h"

enum {
	ALTERNATIVES_MAX = 4,
	AGAIN_CHARS = 200,
	AGAIN_CHARS_FEW = 100, /* a line on paper */
	CHANGES_FEW = 2
};

/* --- decisions --- */

static const char *decide_effect(const struct front *front, const cJSON *fix)
{
	const char *restart = page_say_said(&front->say, fix, "restart");
	if (view_true(fix, "changes_test"))
		return "next run";
	if (!*restart || strncmp(restart, "nothing", 7) == 0)
		return "at once";
	/* "…; with the permanent form, after a new login": that is told with the changes in full */
	int length = (int)strlen(restart);
	const char *permanent = strstr(restart, "; with the permanent form");
	if (permanent)
		length = (int)(permanent - restart);
	return arena_printf(front->say.arena, "after a restart of %.*s", length, restart);
}

/* Without a plan: of which kinds of load it lets this host carry more. */
static const char *decide_after(const struct front *front, const cJSON *fix)
{
	if (view_array(fix, "safe"))
		return page_say_or_dash(carry_gain(front->say.arena, front->root, fix));
	const char *load = page_front_load(front, view_object(fix, "gain.after"));
	const char *mark = "";
	if (view_true(fix, "gain.fits"))
		mark = " ✓";
	if (!*load)
		return "–";
	return arena_printf(front->say.arena, "%s%s", load, mark);
}

/* "Do this, then start the program from this shell:", before the commands; all of it where there
 * are none. */
static const char *decide_do(const struct front *front, const cJSON *fix)
{
	struct arena *arena = front->say.arena;
	const char *said = page_say_said(&front->say, fix, "say");
	bool bare = view_count(fix, "commands") == 0;
	if (bare && !*said)
		return "";
	if (bare)
		return arena_printf(arena, "Do: %s", said);
	if (text_begins_with(said, "then "))
		return arena_printf(arena, "Do this, %s:", said);
	if (*said)
		return arena_printf(arena, "Do (%s):", said);
	return "Do:";
}

/* "Undo:", before the commands; all of it where there are none. */
static const char *decide_undo(const struct front *front, const cJSON *fix)
{
	const char *said = page_say_said(&front->say, fix, "undo_say");
	if (view_count(fix, "undo_commands") > 0)
		return "Undo:";
	if (!*said)
		return "";
	return arena_printf(front->say.arena, "Undo: %s", said);
}

/* What is to be done beside the commands that undo a change. */
static const char *decide_undo_then(const struct front *front, const cJSON *fix)
{
	const char *said = page_say_said(&front->say, fix, "undo_say");
	if (view_count(fix, "undo_commands") == 0 || !*said)
		return "";
	return arena_printf(front->say.arena, "Then: %s.", said);
}

/* The limit that is the tightest one with the change, where the plan does not fit yet. */
static const char *decide_next(const struct front *front, const cJSON *fix)
{
	const char *id = view_raw(fix, "gain.next");
	bool plan = document_verdict(front->root) != VERDICT_NONE;
	if (view_true(fix, "gain.fits") || !*id || !plan)
		return "";
	return page_say_said(&front->say, view_resource(front->root, id), "title");
}

static cJSON *decide_add_row(const struct front *front, cJSON *list, const cJSON *fix)
{
	const struct page_say *say = &front->say;
	cJSON *row = cJSON_CreateObject();
	page_say_text(row, "number", page_say_whole(say, cJSON_GetArraySize(list) + 1));
	page_say_text(row, "change", page_say_said(say, fix, "title"));
	page_say_text(row, "effect", decide_effect(front, fix));
	page_say_text(row, "affects", page_say_or_dash(page_say_said(say, fix, "shared_with")));
	page_say_text(row, "risk", page_say_or_dash(page_say_said(say, fix, "risk")));
	page_say_text(row, "after", decide_after(front, fix));
	page_say_text(row, "do", decide_do(front, fix));
	page_say_text(row, "undo", decide_undo(front, fix));
	page_say_text(row, "undo_then", decide_undo_then(front, fix));
	page_say_text(row, "note", page_say_said(say, fix, "note"));
	page_say_text(row, "next", decide_next(front, fix));
	cJSON_AddItemToArray(list, row);
	return row;
}

static void decide_copy(cJSON *row, const cJSON *fix, const char *member)
{
	const cJSON *list = view_array(fix, member);
	if (list)
		cJSON_AddItemToObject(row, member, cJSON_Duplicate(list, true));
}

/* Has a command a word that is wider than a row of a table on paper? */
static bool decide_is_wide(const cJSON *fix, const char *member)
{
	enum {
		WORD_MAX = 92
	};
	const cJSON *command;
	const cJSON *word;
	cJSON_ArrayForEach(command, view_array(fix, member)) {
		cJSON_ArrayForEach(word, view_array(command, "words")) {
			if (strlen(view_raw(word, "")) > WORD_MAX)
				return true;
		}
	}
	return false;
}

/* The lines that commands take on paper, about. */
static size_t decide_lines(const cJSON *fix, const char *member)
{
	enum {
		LINE = 90
	};
	size_t lines = 0;
	const cJSON *command;
	const cJSON *word;
	cJSON_ArrayForEach(command, view_array(fix, member)) {
		size_t length = 0;
		cJSON_ArrayForEach(word, view_array(command, "words"))
			length += strlen(view_raw(word, "")) + 1;
		lines += 1 + length / LINE;
	}
	return lines;
}

/* Page 1 has no room for all commands: they stand with the changes in full. */
static bool decide_is_long(const struct front *front)
{
	enum {
		CHANGES_MAX = 3,
		LINES_MAX = 8
	};
	size_t lines = 0;
	const cJSON *fix;
	cJSON_ArrayForEach(fix, view_array(front->root, "fixes")) {
		if (!view_true(fix, "in_ladder"))
			continue;
		lines += decide_lines(fix, "commands");
		lines += decide_lines(fix, "undo_commands");
	}
	return front->changes > CHANGES_MAX || lines > LINES_MAX;
}

static void decide_put_changes(const struct front *front)
{
	cJSON_AddBoolToObject(front->say.page, "many", decide_is_long(front));
	cJSON *list = cJSON_AddArrayToObject(front->say.page, "decisions");
	const cJSON *fix;
	const char *name = "fixes";
	if (document_verdict(front->root) == VERDICT_NONE)
		name = "first_changes";
	cJSON_ArrayForEach(fix, view_array(front->root, name)) {
		if (!view_true(fix, "in_ladder"))
			continue;
		cJSON *row = decide_add_row(front, list, fix);
		decide_copy(row, fix, "commands");
		decide_copy(row, fix, "undo_commands");
		bool wide = decide_is_wide(fix, "commands");
		if (!wide)
			wide = decide_is_wide(fix, "undo_commands");
		cJSON_AddBoolToObject(row, "wide", wide);
	}
}

/* A limit that fails and for which no setting is enough. */
static void decide_put_unhelped(const struct front *front)
{
	cJSON *list = cJSON_AddArrayToObject(front->say.page, "unhelped");
	const cJSON *limit;
	cJSON_ArrayForEach(limit, view_array(front->root, "resources")) {
		const char *why = page_say_said(&front->say, limit, "no_change");
		if (!*why)
			continue;
		cJSON *row = cJSON_CreateObject();
		page_say_text(row, "title", page_say_said(&front->say, limit, "title"));
		page_say_text(row, "text", why);
		cJSON_AddItemToArray(list, row);
	}
}

static const char *decide_title(const struct front *front)
{
	enum verdict verdict = document_verdict(front->root);
	size_t changes = front->changes;
	if (front->of_run && changes == 1)
		return "Approve this change, then run again";
	if (front->of_run)
		return "Approve these changes, then run again";
	if (verdict == VERDICT_NONE)
		return "What to change first, if the host is to carry more";
	if (verdict == VERDICT_PASS)
		return "Possible changes: more room than the plan needs";
	if (changes == 1)
		return "Approve this change";
	return "Approve these changes";
}

void page_front_room(const cJSON *root, cJSON *page)
{
	enum {
		LINES_ON_PAGE = 8
	};
	double rows = view_number(page, "charts.headroom.shown");
	double lines = (double)view_count(root, "ladder") + view_number(page, "counts.unhelped");
	cJSON *front = cJSON_GetObjectItemCaseSensitive(page, "front");
	bool crowded = lines > 1 && lines + rows > LINES_ON_PAGE;
	/* The chart of a run that is not certified takes the place of the other one. */
	if (cJSON_IsFalse(view_get(root, "gate.certified")) && view_object(page, "charts.run"))
		crowded = true;
	cJSON_AddBoolToObject(front, "crowded", crowded);
}

/* --- alternatives --- */

/* Those with which the plan fits; then those that only replace a part of the changes. */
static void add_alternatives(const struct front *front,
		bool fits,
		bool changes_test,
		struct text *text)
{
	const char *before = document_alternatives_title(fits, changes_test);
	const cJSON *fix;
	size_t count = 0;
	cJSON_ArrayForEach(fix, view_array(front->root, "fixes")) {
		if (!document_is_alternative(fix, fits, changes_test) || count++ == ALTERNATIVES_MAX)
			continue;
		const char *load = page_front_load(front, view_object(fix, "gain.after"));
		text_addf(text, "%s%s", before, page_say_said(&front->say, fix, "title"));
		if (*load)
			text_addf(text, " (%s)", load);
		before = "; ";
	}
	if (count > 0)
		text_add(text, ". ");
}

static const char *decide_unchanged(const struct front *front)
{
	const cJSON *breaks = view_object(front->root, "breaks");
	const char *load = page_front_load(front, breaks);
	if (document_verdict(front->root) == VERDICT_UNKNOWN)
		return "If nothing is done, the verdict stays UNKNOWN and headroom gate does not start the "
			   "test.";
	if (document_verdict(front->root) != VERDICT_FAIL)
		return "";
	if (!(view_number(breaks, "scale") <= 1) || !*load)
		return "If nothing is changed, the test runs without the reserve that the target keeps.";
	return arena_printf(front->say.arena,
			"If nothing is changed, the test fails at %s %s; results above that load are "
			"worthless.",
			load,
			page_front_noun(front));
}

static void decide_put_note(const struct front *front)
{
	struct text text = {0};
	if (front->changes || document_verdict(front->root) == VERDICT_FAIL) {
		add_alternatives(front, true, false, &text);
		add_alternatives(front, true, true, &text);
		add_alternatives(front, false, false, &text);
		add_alternatives(front, false, true, &text);
	}
	text_add(&text, decide_unchanged(front));
	page_say_text(front->say.page, "note", text_take(front->say.arena, &text));
}

/* --- what a run is still good for --- */

static void worth_add(cJSON *list, const char *number, const char *use, const char *why)
{
	cJSON *row = cJSON_CreateObject();
	page_say_text(row, "number", number);
	page_say_text(row, "use", use);
	page_say_text(row, "why", why);
	cJSON_AddItemToArray(list, row);
}

/* Only where the time is known at which the generator met its limit. */
static void decide_put_worth(const struct front *front)
{
	cJSON *list = cJSON_AddArrayToObject(front->say.page, "worth");
	const char *id = view_raw(front->root, "gate.bottleneck");
	const cJSON *limit = view_find(view_array(front->root, "gate.observed.limits"), "id", id);
	double at = view_number(limit, "at_s");
	if (!*id || !isfinite(at))
		return;
	const char *when = page_say_figure(&front->say, at, UNIT_SECONDS);
	struct arena *arena = front->say.arena;
	worth_add(list,
			arena_printf(arena, "What was counted before %s", when),
			"✓ yes",
			"until then the generator had room");
	worth_add(list,
			"Averages and rates over the whole run",
			"✕ no",
			arena_printf(arena, "from %s on they show the generator, not the server", when));
	worth_add(list,
			"Errors the load test reports",
			"✕ no",
			"once the limit is reached, this host causes errors itself");
}

/* --- ways out of not knowing --- */

static void decide_put_ways(const struct front *front)
{
	cJSON *list = cJSON_AddArrayToObject(front->say.page, "ways");
	const struct page_say *say = &front->say;
	const cJSON *item;
	cJSON_ArrayForEach(item, view_array(front->root, "unread")) {
		const char *path = page_say_said(say, item, "path");
		const char *key = page_say_said(say, item, "key");
		const char *note = page_say_said(say, item, "note");
		cJSON *row = cJSON_CreateObject();
		page_say_text(row, "what", key);
		page_say_text(row, "file", page_say_or_dash(path));
		if (!*note)
			note = page_say_said(say, item, "status");
		page_say_text(row, "why", note);
		page_say_text(row, "way", page_say_or_dash(page_say_said(say, item, "way_out")));
		cJSON_AddItemToArray(list, row);
	}
	const char *decides = document_decides_text(say->arena, front->root);
	page_say_text(say->page, "decides", decides);
}

void page_front_decide(const struct front *front)
{
	page_say_text(front->say.page, "decide", decide_title(front));
	decide_put_changes(front);
	decide_put_unhelped(front);
	decide_put_note(front);
	decide_put_worth(front);
	decide_put_ways(front);
}

/* --- how far to trust it --- */

static void trust_add_list(const struct front *front,
		const char *path,
		const char *before,
		const char *last,
		struct text *text)
{
	const cJSON *item;
	const char *joint = before;
	cJSON_ArrayForEach(item, view_array(front->root, path)) {
		text_addf(text, "%s%s", joint, page_say_said(&front->say, item, ""));
		joint = ", ";
	}
	if (last && joint != before)
		text_addf(text, ", %s", last);
	if (joint != before)
		text_add(text, ".");
}

/* What no limit covers, and what is counted in part. */
static void trust_add_not_checked(const struct front *front, struct text *text)
{
	const cJSON *memory = view_resource(front->root, "host-memory");
	const char *last = NULL;
	if (memory && document_is_kernel_part(front->root, memory))
		last = "the program's own memory";
	trust_add_list(front, "coverage.not_judged", " Not checked: ", last, text);
}

static void trust_add_judged(const struct front *front, struct text *text)
{
	const struct page_say *say = &front->say;
	double judged = view_number(front->root, "coverage.judged");
	double total = view_number(front->root, "coverage.total");
	double open = view_number(front->page, "counts.unknown");
	double away = view_number(front->page, "counts.idle");
	double unsaid = view_number(front->page, "counts.unsaid");
	if (!isfinite(judged) || !isfinite(total))
		return;
	text_addf(text,
			"%s of %s apply and were checked",
			page_say_whole(say, judged),
			page_say_plural(say, total, "limit"));
	if (open > 0)
		text_addf(text, ", %s could not be checked", page_say_whole(say, open));
	if (away > 0)
		text_addf(text, ", %s do not apply", page_say_whole(say, away));
	if (unsaid > 0)
		text_addf(text, ", the plan says nothing about %s", page_say_whole(say, unsaid));
	text_addf(text,
			". A safe load uses at most %s of each deciding limit.",
			page_say_figure(say, view_number(front->root, "target_utilization"), UNIT_RATIO));
}

/* Outgoing ports are counted for each destination, so the verdict may depend on how many there are.
 */
static bool trust_has_one_target(const struct front *front)
{
	const cJSON *ports = view_resource(front->root, "ephemeral-ports");
	const cJSON *assumed = view_array(front->root, "assumptions");
	const cJSON *targets = view_find(assumed, "field", "destinations");
	if (!ports || document_status(ports) == STATUS_NOT_APPLICABLE)
		return false;
	return strcmp(view_raw(targets, "value"), "1") == 0;
}

/* Which limits rest on something that the plan did not say. Whether another value would turn the
 * verdict was not tried, and is said. */
static void trust_add_assumed(const struct front *front, struct text *text)
{
	const cJSON *limit;
	const char *limits = "";
	size_t count = view_count(front->root, "assumptions");
	if (count == 0)
		return;
	cJSON_ArrayForEach(limit, view_array(front->root, "resources")) {
		bool rests = view_count(limit, "assumed") > 0;
		if (!rests || document_status(limit) == STATUS_NOT_APPLICABLE)
			continue;
		limits = page_say_join(&front->say,
				limits,
				", ",
				page_say_said(&front->say, limit, "title"));
	}
	const char *are = "are";
	if (count == 1)
		are = "is";
	text_addf(text,
			" %s %s assumed (“Method and assumptions”)",
			page_say_plural(&front->say, (double)count, "value"),
			are);
	if (trust_has_one_target(front))
		text_add(text, ", such as one IP:port for all connections (--to)");
	text_add(text, "; no others were tried.");
	if (*limits)
		text_addf(text, " These limits depend on what is assumed: %s.", limits);
}

/* What stands before the command. */
static const char *trust_again(const struct front *front)
{
	struct arena *arena = front->say.arena;
	const char *host = view_text(arena, front->root, "host.name", 64);
	if (document_is_of_image(front->root))
		return "To check a real machine, run this on it:";
	if (!document_is_elsewhere(front->root))
		return "To check again and see what changed:";
	if (!*host)
		host = "the host";
	return arena_printf(arena,
			"To check again on %s (elsewhere: a new snapshot, --facts FILE):",
			host);
}

void page_front_trust(const struct front *front)
{
	struct text text = {0};
	const char *again = page_again(front->say.arena, front->root);
	page_say_text(front->say.page, "again_how", trust_again(front));
	if (document_verdict(front->root) == VERDICT_NONE) {
		page_say_text(front->say.page, "trust", page_carry_trust(front));
		page_say_text(front->say.page, "valid", "This result is valid until the host changes.");
		page_say_text(front->say.page, "again", again);
		return;
	}
	trust_add_judged(front, &text);
	trust_add_list(front, "coverage.not_visible", " Not visible from here: ", NULL, &text);
	trust_add_not_checked(front, &text);
	trust_add_assumed(front, &text);
	page_say_text(front->say.page, "trust", text_take(front->say.arena, &text));
	page_say_text(front->say.page,
			"valid",
			"This result is valid until the host or the plan changes.");
	size_t most = AGAIN_CHARS;
	if (front->changes > CHANGES_FEW)
		most = AGAIN_CHARS_FEW;
	if (strlen(again) > most)
		again = "";
	page_say_text(front->say.page, "again", again);
}
