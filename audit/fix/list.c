/* Shows every step of the ladder: its values, the command for now and the lines to keep, what must
 * be restarted, whom it affects, how to undo it. */
#include "audit/fix/list.h"

#include <math.h>
#include <string.h>

#include "base/array.h"
#include "report/document/load.h"
#include "report/document/member.h"
#include "report/document/notes.h"
#include "report/document/question.h"
#include "report/document/request.h"
#include "report/document/verdict.h"
#include "report/document/view.h"
#include "report/emit/emit.h"
#include "report/write/columns.h"
#include "report/write/script.h"

enum {
	WIDTH = 80,
	LABEL = 13,
	BADGE_CHARS = 1500,
	MEMBER_MAX = 400 /* characters of a text */
};

static void list_copy_value(const cJSON *audit, const cJSON *change, cJSON *values)
{
	const char *unit = view_fact_unit(audit, change->string);
	cJSON *value = cJSON_CreateObject();
	(void)member_item(value, "key", cJSON_CreateString(change->string));
	member_copy(value, "from", change, "from");
	member_copy(value, "to", change, "to");
	(void)member_item(value, "unit", cJSON_CreateString(unit));
	(void)cJSON_AddItemToArray(values, value);
}

static cJSON *step_json(const cJSON *audit, const cJSON *fix)
{
	static const char *const members[] = {"id",
			"title",
			"resource",
			"gain",
			"held_by",
			"changes_test",
			"command",
			"commands",
			"say",
			"persistent",
			"files",
			"restart",
			"shared_with",
			"undo",
			"undo_commands",
			"undo_say",
			"risk",
			"note",
			"sources"};
	cJSON *step = cJSON_CreateObject();
	for (size_t i = 0; i < COUNT_OF(members); i++)
		member_copy(step, members[i], fix, members[i]);
	cJSON *values = member_array(step, "values");
	const cJSON *change;
	cJSON_ArrayForEach(change, view_object(fix, "facts"))
		list_copy_value(audit, change, values);
	return step;
}

static void list_add_limit(cJSON *object, const char *name, double soft, double hard)
{
	cJSON *limit = member_object(object, name);
	member_number(limit, "soft", soft);
	member_number(limit, "hard", hard);
}

static cJSON *sysctl_json(const struct fix_values_sysctl *sysctl)
{
	cJSON *item = cJSON_CreateObject();
	(void)member_item(item, "key", cJSON_CreateString(sysctl->key));
	if (sysctl->from)
		(void)member_item(item, "from", cJSON_CreateString(sysctl->from));
	else
		member_null(item, "from");
	(void)member_item(item, "to", cJSON_CreateString(sysctl->to));
	return item;
}

static void add_kinds(const struct fix_values *values, cJSON *fix)
{
	cJSON *kinds = member_array(fix, "emit");
	for (size_t i = 0; i < emit_kinds_count; i++) {
		const struct emit_kind *kind = &emit_kinds[i];
		bool idle = emit_kind_idle(kind, values) != NULL;
		if (idle || !kind->needed(values))
			continue;
		cJSON *name = cJSON_CreateString(kind->name);
		(void)cJSON_AddItemToArray(kinds, name);
	}
}

/* The values of all steps together, which the files and --apply set. */
static void add_settings(const struct fix_values *values, cJSON *fix)
{
	cJSON *settings = member_object(fix, "settings");
	cJSON *sysctls = member_array(settings, "sysctls");
	for (size_t i = 0; i < values->sysctl_count; i++)
		(void)cJSON_AddItemToArray(sysctls, sysctl_json(&values->sysctls[i]));
	list_add_limit(settings, "nofile", values->nofile_soft, values->nofile_hard);
	member_number(settings, "erlang_ports", values->erlang_ports);
	member_number(settings, "erlang_processes", values->erlang_processes);
}

/* What the plan can do after the last step; without any step, what it can do now. */
static void add_after(const cJSON *audit, cJSON *fix)
{
	const cJSON *last = document_last_fix(audit);
	bool passes = document_verdict(audit) == VERDICT_PASS;
	member_bool(fix, "fits_after", passes || view_true(last, "gain.fits"));
	if (last)
		member_copy(fix, "max_safe_after", last, "gain.after");
	else
		member_copy(fix, "max_safe_after", audit, "max_safe");
}

cJSON *fix_document(const cJSON *audit, const struct fix_values *values)
{
	static const char *const members[] = {"workload_title",
			"verdict",
			"headline",
			"target_utilization",
			"plan",
			"max_safe",
			"at_most",
			"hosts_needed"};
	cJSON *fix = cJSON_CreateObject();
	const cJSON *item;
	(void)member_item(fix, "schema", cJSON_CreateStringReference("headroom.fix/1"));
	for (size_t i = 0; i < COUNT_OF(members); i++)
		member_copy(fix, members[i], audit, members[i]);
	member_copy(fix, "host", audit, "host.name");
	document_put_basis(audit, fix);
	document_put_request(audit, fix);
	member_copy(fix, "foreign", audit, "foreign");
	member_bool(fix, "snapshot", document_is_elsewhere(audit));
	cJSON *steps = member_array(fix, "steps");
	cJSON *others = member_array(fix, "alternatives");
	cJSON_ArrayForEach(item, view_array(audit, "fixes")) {
		cJSON *array = others;
		if (view_true(item, "in_ladder"))
			array = steps;
		(void)cJSON_AddItemToArray(array, step_json(audit, item));
	}
	add_after(audit, fix);
	add_settings(values, fix);
	add_kinds(values, fix);
	return fix;
}

struct page {
	struct arena *arena;
	struct text *out;
	bool ascii;
	size_t commands; /* columns that they may have */
};

static const char *list_fold(const struct page *page, const char *text)
{
	if (page->ascii)
		return columns_to_ascii(page->arena, text);
	return text;
}

static const char *label_of(const struct page *page, const char *label)
{
	struct text first = {0};
	text_add(&first, "   ");
	columns_left(&first, label, LABEL - 1);
	return text_take(page->arena, &first);
}

/* What continued lines begin with: as wide as a label. */
static const char rest[] = "               ";

static void list_add_row(const struct page *page, const char *label, const char *text)
{
	if (!*text)
		return;
	const char *first = label_of(page, label);
	const char *shown = list_fold(page, text);
	columns_wrap(page->out, first, rest, shown, WIDTH);
}

/* A row with the text of one member of the step; no row if it has none. */
static void list_add_member(const struct page *page,
		const char *label,
		const cJSON *step,
		const char *name)
{
	list_add_row(page, label, view_text(page->arena, step, name, MEMBER_MAX));
}

/* Commands to paste; then, beside a label of its own, what is to be done in words. */
static void list_add_script(const struct page *page,
		const char *label,
		const cJSON *step,
		const char *commands,
		const char *say)
{
	const struct script_place place = {label_of(page, label), rest, page->commands};
	if (script_add(page->arena, page->out, step, commands, &place))
		label = "and";
	list_add_member(page, label, step, say);
}

static const char *list_side(const struct page *page, const cJSON *value, const char *side)
{
	enum unit unit = view_unit(value, "unit");
	const char *text = view_value(page->arena, value, side, unit);
	if (!*text)
		return "(empty)";
	return text;
}

static void list_add_values(const struct page *page, const cJSON *step)
{
	struct arena *arena = page->arena;
	const cJSON *value;
	const char *label = "value";
	cJSON_ArrayForEach(value, view_array(step, "values")) {
		const char *key = view_text(arena, value, "key", 80);
		const char *from = list_side(page, value, "from");
		const char *to = list_side(page, value, "to");
		list_add_row(page, label, arena_printf(arena, "%s: %s → %s", key, from, to));
		label = "";
	}
}

static void add_gain(const struct page *page, const cJSON *step)
{
	struct arena *arena = page->arena;
	const char *safe = document_load_text(arena, view_object(step, "gain.after"));
	const char *next = view_text(arena, step, "gain.next", 60);
	const char *then = "";
	if (view_true(step, "gain.fits"))
		then = "; the plan fits";
	else if (*next)
		then = arena_printf(arena, "; next limit: %s", next);
	if (!*safe)
		safe = "not known";
	list_add_row(page, "safe up to", arena_printf(arena, "%s%s", safe, then));
}

static void list_add_forms(const struct page *page, const cJSON *step)
{
	const cJSON *file;
	const char *label = "permanent";
	cJSON_ArrayForEach(file, view_array(step, "files")) {
		const char *kind = view_text(page->arena, file, "kind", 30);
		const char *path = view_text(page->arena, file, "path", 0);
		const char *first = label_of(page, label);
		text_addf(page->out, "%s(%s)%s%s\n", first, kind, *path ? " " : "", path);
		script_add_file(page->arena, page->out, file, rest);
		label = "";
	}
}

static void add_step(const struct page *page, const cJSON *step, const char *number)
{
	struct arena *arena = page->arena;
	const char *first = arena_printf(arena, "%-3s", number);
	const char *title = view_text(arena, step, "title", 200);
	columns_wrap(page->out, first, "   ", list_fold(page, title), WIDTH);
	list_add_values(page, step);
	list_add_member(page, "belongs to", step, "held_by.text");
	list_add_script(page, "now", step, "commands", "say");
	list_add_forms(page, step);
	list_add_member(page, "restart", step, "restart");
	list_add_member(page, "affects", step, "shared_with");
	list_add_script(page, "undo", step, "undo_commands", "undo_say");
	list_add_member(page, "risk", step, "risk");
	list_add_member(page, "note", step, "note");
	add_gain(page, step);
	text_add(page->out, "\n");
}

static const char *sentence(struct arena *arena, const cJSON *fix)
{
	switch (document_verdict(fix)) {
	case VERDICT_NONE:
		return "This audit had no workload, so there is nothing to fix.";
	case VERDICT_PASS:
		if (view_count(fix, "steps"))
			return view_text(arena, fix, "headline", HEADLINE_MAX);
		return "Nothing to fix: the plan fits this host.";
	case VERDICT_UNKNOWN:
		return view_text(arena, fix, "headline", HEADLINE_MAX);
	case VERDICT_FAIL:
		break;
	}
	if (view_true(fix, "fits_after") && view_count(fix, "steps") == 1)
		return "The plan fits this host after this change:";
	if (view_true(fix, "fits_after"))
		return "The plan fits this host after these changes, in this order:";
	if (view_count(fix, "steps") == 1)
		return "The plan does not fit this host, not even after this change:";
	if (view_count(fix, "steps"))
		return "The plan does not fit this host, not even after these changes:";
	return "The plan does not fit this host, and no setting on it can fix that.";
}

/* --apply changes the host that it runs on, never the one of a snapshot. */
static void list_add_apply(const struct page *page, const cJSON *fix)
{
	const char *host = view_text(page->arena, fix, "host", 64);
	bool any_sysctl = view_count(fix, "settings.sysctls") > 0;
	bool any_limit = !isnan(view_number(fix, "settings.nofile.soft"));
	if (!any_sysctl && !any_limit)
		return;
	if (!view_true(fix, "snapshot")) {
		text_add(page->out, "On this host: --apply (preview: --dry-run, revert: --undo)\n");
		return;
	}
	if (!*host)
		host = "the host";
	const char *how = arena_printf(page->arena,
			"To apply these changes: headroom fix PLAN --apply on %s itself (preview: --dry-run, "
			"revert: --undo)",
			host);
	columns_wrap(page->out, "", "  ", how, WIDTH);
}

static void list_add_files(const struct page *page, const cJSON *fix)
{
	struct arena *arena = page->arena;
	const cJSON *kind;
	const char *all = "", *blank = "";
	cJSON_ArrayForEach(kind, view_array(fix, "emit")) {
		all = arena_printf(arena, "%s%s%s", all, blank, view_raw(kind, ""));
		blank = ", ";
	}
	all = arena_printf(arena, "Kinds of files with these changes (--emit KIND,KIND): %s", all);
	if (view_count(fix, "emit") > 0)
		columns_wrap(page->out, "", "  ", all, WIDTH);
	list_add_apply(page, fix);
}

void fix_text(const cJSON *fix, const struct write_options *options, struct text *out)
{
	struct arena *arena = options->arena;
	const struct page page = {arena, out, options->ascii, script_width(options)};
	const cJSON *step;
	int number = 0;
	const char *title = view_text(arena, fix, "workload_title", 200);
	columns_wrap(out, "", "", list_fold(&page, title), WIDTH);
	const char *badge = view_text(arena, fix, "badge", BADGE_CHARS);
	columns_wrap(out, "", "", list_fold(&page, badge), page.commands);
	write_basis(fix, options, out);
	columns_wrap(out, "", "", sentence(arena, fix), WIDTH);
	text_add(out, "\n");
	cJSON_ArrayForEach(step, view_array(fix, "steps"))
		add_step(&page, step, arena_printf(arena, "%d", ++number));
	if (options->all && view_count(fix, "alternatives")) {
		text_add(out, "Alternatives, and changes that only clear warnings:\n\n");
		cJSON_ArrayForEach(step, view_array(fix, "alternatives"))
			add_step(&page, step, "-");
	}
	list_add_files(&page, fix);
	write_fix_line(fix, options, out);
}
