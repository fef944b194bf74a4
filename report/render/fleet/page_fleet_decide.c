/* What to change, how far to trust it, and what stands behind the first page. */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "report/document/instead.h"
#include "report/document/verdict.h"
#include "report/document/view.h"
#include "report/render/fleet/page_fleet.h"
#include "report/render/fleet/page_fleet_words.h"

enum {
	FIXES_MAX = 3,
	DECISIONS_MAX = 40
};

/* --- what to decide --- */

struct decision {
	const char *class, *hosts, *change, *commands, *effect, *risk, *undo, *after;
};

static void add_decision(cJSON *list, const struct decision *decision)
{
	cJSON *row = cJSON_CreateObject();
	page_say_text(row, "class", decision->class);
	page_say_text(row, "hosts", decision->hosts);
	page_say_text(row, "change", decision->change);
	page_say_text(row, "commands", decision->commands);
	page_say_text(row, "effect", decision->effect);
	page_say_text(row, "risk", decision->risk);
	page_say_text(row, "undo", decision->undo);
	page_say_text(row, "after", decision->after);
	cJSON_AddItemToArray(list, row);
}

/* The lines of a fix, else what is said. */
static const char *fix_lines(const struct page_say *f,
		const cJSON *fix,
		const char *list,
		const char *said)
{
	const cJSON *command;
	const char *text = "";
	cJSON_ArrayForEach(command, view_array(fix, list)) {
		const char *line = page_say_said(f, command, "line");
		text = page_say_join(f, text, "; ", line);
	}
	if (*text)
		return text;
	text = view_text(f->arena, fix, said, 300);
	return page_say_or_dash(text);
}

static void add_fix(const struct page_say *f, cJSON *list, const cJSON *class, const cJSON *fix)
{
	double after = view_number(fix, "gain.after.connections");
	const char *mark = "";
	if (view_true(fix, "gain.fits"))
		mark = " ✓";
	struct decision decision = {
			.class = page_say_said(f, class, "name"),
			.hosts = fleet_page_names(f, "class", view_raw(class, "name")),
			.change = page_say_said(f, fix, "title"),
			.commands = fix_lines(f, fix, "commands", "say"),
			.effect = page_say_said(f, fix, "restart"),
			.risk = page_say_said(f, fix, "risk"),
			.undo = fix_lines(f, fix, "undo_commands", "undo_say"),
			.after = "–",
	};
	if (isfinite(after))
		decision.after = arena_printf(f->arena, "%s each%s", page_say_whole(f, after), mark);
	add_decision(list, &decision);
}

static void add_fixes(const struct page_say *f, cJSON *list, const cJSON *class)
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
					.class = page_say_said(f, class, "name"),
					.hosts = fleet_page_names(f, "class", view_raw(class, "name")),
					.change = "No setting of these hosts helps: give them less of the plan",
					.commands = "–",
					.effect = "–",
					.risk = "–",
					.undo = "–",
					.after = "–",
			});
}

static void add_collect(const struct page_say *f,
		cJSON *list,
		const char *state,
		const char *change)
{
	if (fleet_page_count(f, state) == 0)
		return;
	add_decision(list,
			&(struct decision){
					.class = "–",
					.hosts = fleet_page_names(f, "state", state),
					.change = change,
					.commands = "headroom facts -o json (on each)",
					.effect = "at once",
					.risk = "none",
					.undo = "nothing to undo",
					.after = "then judged",
			});
}

static void put_decisions(const struct page_say *f)
{
	size_t count, failing = 0;
	const cJSON **classes = fleet_page_classes(f, &count);
	cJSON *list = cJSON_AddArrayToObject(f->page, "decisions");
	for (size_t i = 0; i < count; i++) {
		if (fleet_page_rank(classes[i]) != 0)
			continue;
		if (++failing <= DECISIONS_MAX)
			add_fixes(f, list, classes[i]);
	}
	page_say_text(f->page, "instead", document_instead_text(f->arena, f->root));
	add_collect(f, list, "stale", "Collect again: the values are too old");
	add_collect(f, list, "missing", "Find out why they did not answer, and collect");
	add_collect(f, list, "broken", "Collect again: what came cannot be read");
	if (failing > DECISIONS_MAX)
		cJSON_AddNumberToObject(f->page, "more_decisions", (double)(failing - DECISIONS_MAX));
}

/* --- how far to trust it --- */

static void add_read_when(const struct page_say *f, struct text *out)
{
	const char *first = page_say_minute(f, "as_of");
	const char *last = page_say_minute(f, "as_of_last");
	if (*first == '\0')
		return;
	if (strcmp(first, last) == 0)
		text_addf(out, "; what counts was read at %s", first);
	else
		text_addf(out, "; what counts was read between %s and %s", first, last);
}

static void put_trust(const struct page_say *f)
{
	const cJSON *root = f->root, *class;
	struct text text = {0};
	double judged = view_number(root, "counts.passed") + view_number(root, "counts.failed");
	text_addf(&text, "%s judged", page_say_plural(f, judged, "host"));
	add_read_when(f, &text);
	text_addf(&text,
			". Safe means at most %s of each deciding limit. Calculated, not "
			"measured.",
			page_say_figure(f, view_number(root, "target_utilization"), UNIT_RATIO));
	cJSON_ArrayForEach(class, view_array(root, "classes")) {
		const cJSON *not_judged = view_array(class, "audit.coverage.not_judged"), *item;
		if (!not_judged)
			continue;
		const char *before = " Not checked: ";
		cJSON_ArrayForEach(item, not_judged) {
			text_addf(&text, "%s%s", before, page_say_said(f, item, ""));
			before = ", ";
		}
		if (view_count(class, "audit.coverage.not_judged") > 0)
			text_add(&text, ", the application.");
		break;
	}
	if (view_true(root, "source_error"))
		text_add(&text, " A source ended in an error: hosts may be missing from it.");
	page_say_text(f->page, "trust", text_take(f->arena, &text));
}

/* --- what stands behind page 1 --- */

static const char *host_why(const struct page_say *f, const cJSON *host)
{
	const char *why = page_say_said(f, host, "why");
	const cJSON *limit = view_find(view_array(f->root, "limits"), "id", view_raw(host, "limit"));
	double use = view_number(host, "use");
	const char *state = view_raw(host, "state");
	if (*why == '\0' && strcmp(state, "missing") == 0)
		why = "nothing came";
	if (*why == '\0' && strcmp(state, "stale") == 0)
		why = arena_printf(f->arena, "read %s ago", page_say_age(f, view_number(host, "age_s")));
	if (*why || !limit)
		return why;
	if (!isfinite(use))
		return page_say_said(f, limit, "title");
	return arena_printf(f->arena,
			"%s, %s",
			page_say_said(f, limit, "title"),
			page_say_figure(f, use, UNIT_RATIO));
}

static void put_hosts(const struct page_say *f)
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
		const char *class = page_say_said(f, host, "class");
		page_say_text(row, "name", page_say_said(f, host, "name"));
		const char *state = view_raw(host, "state");
		if (judged)
			state = verdict_name(document_verdict(host));
		page_say_text(row, "state", state);
		page_say_text(row, "class", page_say_or_dash(class));
		page_say_text(row, "why", host_why(f, host));
		cJSON_AddItemToArray(list, row);
	}
}

static void put_commands(const struct page_say *f)
{
	cJSON *list = cJSON_AddArrayToObject(f->page, "commands");
	const cJSON *host;
	cJSON_ArrayForEach(host, view_array(f->root, "hosts")) {
		const char *command = view_text(f->arena, host, "command", 0);
		if (*command == '\0')
			continue;
		cJSON *row = cJSON_CreateObject();
		page_say_text(row, "hosts", page_say_said(f, host, "name"));
		page_say_text(row, "command", command);
		cJSON_AddItemToArray(list, row);
	}
}

static void add_settings(const struct page_say *f, cJSON *list, const cJSON *class)
{
	const cJSON *deviation;
	cJSON *entry = cJSON_CreateObject();
	page_say_text(entry, "name", page_say_said(f, class, "name"));
	page_say_text(entry,
			"hosts",
			fleet_page_hosts(f, view_number(class, "hosts"), view_raw(class, "role")));
	cJSON *rows = cJSON_AddArrayToObject(entry, "rows");
	cJSON_ArrayForEach(deviation, view_array(class, "deviations")) {
		if (!page_fleet_is_setting(deviation))
			continue;
		cJSON *row = cJSON_CreateObject();
		page_say_text(row, "key", page_say_said(f, deviation, "key"));
		page_say_text(row, "value", page_fleet_deviation(f, deviation));
		cJSON_AddItemToArray(rows, row);
	}
	if (cJSON_GetArraySize(rows) > 0)
		cJSON_AddItemToArray(list, entry);
	else
		cJSON_Delete(entry);
}

static void put_settings(const struct page_say *f)
{
	cJSON *list = cJSON_AddArrayToObject(f->page, "settings");
	const cJSON *class;
	cJSON_ArrayForEach(class, view_array(f->root, "classes"))
		add_settings(f, list, class);
}

void page_fleet_badge(const struct page_say *f)
{
	static const char *const words[] = {
			[VERDICT_NONE] = "UNKNOWN",
			[VERDICT_PASS] = "PASS",
			[VERDICT_FAIL] = "FAIL",
			[VERDICT_UNKNOWN] = "UNKNOWN",
	};
	enum verdict verdict = document_verdict(f->root);
	cJSON *badge = cJSON_AddObjectToObject(f->page, "badge");
	const char *word = words[verdict];
	const char *name = verdict_name(verdict);
	page_say_text(badge, "word", word);
	page_say_text(badge, "text", word);
	page_say_text(badge, "verdict", name);
}

void page_fleet_decide(const struct page_say *f)
{
	put_decisions(f);
	put_trust(f);
	put_hosts(f);
	put_commands(f);
	put_settings(f);
}
