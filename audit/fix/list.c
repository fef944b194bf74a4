/* What `headroom fix` shows: every step of the ladder with its values, live and persistent form,
 * who has to restart, who shares it, how to undo it. */
#include "audit/fix/list.h"

#include <math.h>
#include <string.h>

#include "base/array.h"
#include "report/document/load.h"
#include "report/document/member.h"
#include "report/document/verdict.h"
#include "report/document/view.h"
#include "report/emit/emit.h"
#include "report/write/columns.h"

enum {
	WIDTH = 80,
	LABEL = 13
};

static cJSON *step_json(const cJSON *audit, const cJSON *fix)
{
	static const char *const members[] = {"id",
			"title",
			"resource",
			"gain",
			"command",
			"persistent",
			"restart",
			"shared_with",
			"undo",
			"risk",
			"note",
			"sources"};
	cJSON *step = cJSON_CreateObject();
	for (size_t i = 0; i < COUNT_OF(members); i++)
		member_copy(step, members[i], fix, members[i]);
	cJSON *values = member_array(step, "values");
	const cJSON *change;
	cJSON_ArrayForEach(change, view_object(fix, "facts")) {
		cJSON *value = cJSON_CreateObject();
		(void)member_item(value, "key", cJSON_CreateString(change->string));
		member_copy(value, "from", change, "from");
		member_copy(value, "to", change, "to");
		(void)member_item(value, "unit", cJSON_CreateString(view_fact_unit(audit, change->string)));
		(void)cJSON_AddItemToArray(values, value);
	}
	return step;
}

static void list_add_limit(cJSON *object, const char *name, double soft, double hard)
{
	cJSON *limit = member_object(object, name);
	member_number(limit, "soft", soft);
	member_number(limit, "hard", hard);
}

/* The values alone, merged over the steps: what the files and --apply set. */
static void add_settings(const struct fix_values *values, cJSON *fix)
{
	cJSON *settings = member_object(fix, "settings"), *sysctls = member_array(settings, "sysctls");
	for (size_t i = 0; i < values->sysctl_count; i++) {
		const struct fix_values_sysctl *sysctl = &values->sysctls[i];
		cJSON *item = cJSON_CreateObject();
		(void)member_item(item, "key", cJSON_CreateString(sysctl->key));
		(void)member_item(item,
				"from",
				sysctl->from ? cJSON_CreateString(sysctl->from) : cJSON_CreateNull());
		(void)member_item(item, "to", cJSON_CreateString(sysctl->to));
		(void)cJSON_AddItemToArray(sysctls, item);
	}
	list_add_limit(settings, "nofile", values->nofile_soft, values->nofile_hard);
	member_number(settings, "erlang_ports", values->erlang_ports);
	member_number(settings, "erlang_processes", values->erlang_processes);
	cJSON *kinds = member_array(fix, "emit");
	for (size_t i = 0; i < emit_kinds_count; i++)
		if (emit_kinds[i].needed(values))
			(void)cJSON_AddItemToArray(kinds, cJSON_CreateString(emit_kinds[i].name));
}

cJSON *fix_document(const cJSON *audit, const struct fix_values *values)
{
	static const char *const members[] = {"workload_title",
			"verdict",
			"headline",
			"target_utilization",
			"plan",
			"max_safe",
			"hosts_needed"};
	cJSON *fix = cJSON_CreateObject();
	const cJSON *item, *last = document_last_fix(audit);
	(void)member_item(fix, "schema", cJSON_CreateStringReference("headroom.fix/1"));
	for (size_t i = 0; i < COUNT_OF(members); i++)
		member_copy(fix, members[i], audit, members[i]);
	member_copy(fix, "host", audit, "host.name");
	cJSON *steps = member_array(fix, "steps"), *others = member_array(fix, "alternatives");
	cJSON_ArrayForEach(item, view_array(audit, "fixes")) {
		bool in_ladder = view_true(item, "in_ladder");
		(void)cJSON_AddItemToArray(in_ladder ? steps : others, step_json(audit, item));
	}
	bool passes = document_verdict(audit) == VERDICT_PASS;
	member_bool(fix, "fits_after", passes || view_true(last, "gain.fits"));
	member_copy(fix, "max_safe_after", last ? last : audit, last ? "gain.after" : "max_safe");
	add_settings(values, fix);
	return fix;
}

struct page {
	const struct write_options *look;
	struct text *out;
};

static const char *list_fold(const struct page *page, const char *text)
{
	return page->look->ascii ? columns_to_ascii(page->look->arena, text) : text;
}

static const char *label_of(const struct page *page, const char *label)
{
	struct text first = {0};
	text_add(&first, "   ");
	columns_left(&first, label, LABEL - 1);
	return text_take(page->look->arena, &first);
}

static const char rest[] = "               ";

static void list_add_row(const struct page *page, const char *label, const char *text)
{
	if (*text)
		columns_wrap(page->out, label_of(page, label), rest, list_fold(page, text), WIDTH);
}

/* Lines that are to be typed or pasted. */
static void list_add_lines(const struct page *page, const char *label, const char *text)
{
	const char *first = label_of(page, label);
	while (*text) {
		size_t length = strcspn(text, "\n");
		const char *line = text_clean(page->look->arena, text, length, 0);
		columns_wrap_shell(page->out, first, rest, list_fold(page, line), WIDTH);
		text += length + (text[length] == '\n');
		first = rest;
	}
}

static void list_add_values(const struct page *page, const cJSON *step)
{
	struct arena *arena = page->look->arena;
	const cJSON *value;
	const char *label = "value";
	cJSON_ArrayForEach(value, view_array(step, "values")) {
		enum unit unit = view_unit(value, "unit");
		const char *from = view_value(arena, value, "from", unit),
				   *to = view_value(arena, value, "to", unit);
		list_add_row(page,
				label,
				arena_printf(arena,
						"%s: %s → %s",
						view_text(arena, value, "key", 80),
						*from ? from : "(empty)",
						*to ? to : "(empty)"));
		label = "";
	}
}

static void add_gain(const struct page *page, const cJSON *step)
{
	struct arena *arena = page->look->arena;
	const char *safe = document_load_text(arena, view_object(step, "gain.after"));
	const char *next = view_text(arena, step, "gain.next", 60);
	const char *then = "";
	if (view_true(step, "gain.fits"))
		then = "; the plan fits";
	else if (*next)
		then = arena_printf(arena, "; then binds: %s", next);
	if (!*safe)
		safe = "not known";
	list_add_row(page, "safe up to", arena_printf(arena, "%s%s", safe, then));
}

static void add_step(const struct page *page, const cJSON *step, const char *number)
{
	struct arena *arena = page->look->arena;
	columns_wrap(page->out,
			arena_printf(arena, "%-3s", number),
			"   ",
			list_fold(page, view_text(arena, step, "title", 200)),
			WIDTH);
	list_add_values(page, step);
	list_add_lines(page, "now", view_raw(step, "command"));
	const cJSON *form;
	const char *label = "to stay";
	cJSON_ArrayForEach(form, view_object(step, "persistent")) {
		const char *kind = text_clean(arena, form->string, strlen(form->string), 30);
		list_add_row(page, label, arena_printf(arena, "(%s)", kind));
		list_add_lines(page, "", view_raw(form, ""));
		label = "";
	}
	list_add_row(page, "restart", view_text(arena, step, "restart", 300));
	list_add_row(page, "shared by", view_text(arena, step, "shared_with", 300));
	list_add_lines(page, "undo", view_raw(step, "undo"));
	list_add_row(page, "risk", view_text(arena, step, "risk", 400));
	list_add_row(page, "note", view_text(arena, step, "note", 400));
	add_gain(page, step);
	text_add(page->out, "\n");
}

static const char *sentence(const cJSON *fix)
{
	switch (document_verdict(fix)) {
	case VERDICT_NONE:
		return "This audit had no workload: there is nothing to fix.";
	case VERDICT_PASS:
		return "Nothing to fix: the plan fits this host as it is.";
	case VERDICT_UNKNOWN:
		return "Not known: some limits could not be read (headroom audit shows which).";
	case VERDICT_FAIL:
		break;
	}
	if (view_true(fix, "fits_after"))
		return "The plan fits this host after these steps, in this order:";
	if (view_count(fix, "steps"))
		return "The plan does not fit this host, not even after these steps:";
	return "The plan does not fit this host, and no value of it helps.";
}

static void list_add_files(const struct page *page, const cJSON *fix)
{
	struct arena *arena = page->look->arena;
	const cJSON *kind;
	const char *all = "";
	cJSON_ArrayForEach(kind, view_array(fix, "emit"))
		all = arena_printf(arena, "%s%s%s", all, *all ? " " : "", view_raw(kind, ""));
	if (*all)
		columns_wrap(page->out, "As files: --emit ", "  ", all, WIDTH);
	if (view_count(fix, "settings.sysctls") || !isnan(view_number(fix, "settings.nofile.soft")))
		text_add(page->out,
				"On this host: --apply (--dry-run shows what it would do, --undo takes it back)\n");
}

void fix_text(const cJSON *fix, const struct write_options *options, struct text *out)
{
	const struct page page = {options, out};
	struct arena *arena = options->arena;
	const cJSON *step;
	int number = 0;
	columns_wrap(out,
			"",
			"",
			list_fold(&page, view_text(arena, fix, "workload_title", 200)),
			WIDTH);
	columns_wrap(out, "", "", sentence(fix), WIDTH);
	text_add(out, "\n");
	cJSON_ArrayForEach(step, view_array(fix, "steps"))
		add_step(&page, step, arena_printf(arena, "%d", ++number));
	if (options->all && view_count(fix, "alternatives")) {
		text_add(out, "Instead, or against warnings:\n\n");
		cJSON_ArrayForEach(step, view_array(fix, "alternatives"))
			add_step(&page, step, "-");
	}
	list_add_files(&page, fix);
}
