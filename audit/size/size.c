/* Sizing: picks from the audit document what has to be set, and shows it. Computes nothing. */
#include "audit/size/size.h"

#include <math.h>
#include <string.h>

#include "base/text.h"
#include "report/document/load.h"
#include "report/document/member.h"
#include "report/document/notes.h"
#include "report/document/request.h"
#include "report/document/verdict.h"
#include "report/document/view.h"
#include "report/write/columns.h"
#include "report/write/script.h"
#include "report/write/terminal_parts.h"

enum {
	LABEL = 14
};

/* Members that have the same name here. */
static const char *const of_fix[] = {
		"title",
		"held_by",
		"command",
		"commands",
		"say",
		"persistent",
		"files",
		"restart",
		"shared_with",
		"behind",
		"note",
		"risk",
		"undo_commands",
		"undo_say",
		NULL,
};

/* Of a limit of one host. */
static const char *const of_limit[] = {
		"id",
		"title",
		"severity",
		"status",
		"reason",
		"demand",
		"capacity",
		"unit",
		"quantity",
		"utilization",
		"max_safe_scale",
		"max_safe",
		"ignored",
		"waived",
		NULL,
};

static const char *const of_host[] = {"plan", "binding", "at_most", NULL};

static const char *const of_audit[] = {
		"tool",
		"created",
		"command_line",
		"workload_title",
		"verdict",
		"headline",
		"target_utilization",
		"plan",
		"at_most",
		NULL,
};

static void size_copy(cJSON *to, const cJSON *from, const char *const *names)
{
	for (; *names; names++)
		member_copy(to, *names, from, *names);
}

static void size_add_values(const cJSON *audit, const cJSON *fix, cJSON *values)
{
	const cJSON *change;
	cJSON_ArrayForEach(change, view_object(fix, "facts")) {
		cJSON *value = cJSON_CreateObject();
		(void)member_item(value, "key", cJSON_CreateString(change->string));
		member_copy(value, "from", change, "from");
		member_copy(value, "to", change, "to");
		(void)member_item(value, "unit", cJSON_CreateString(view_fact_unit(audit, change->string)));
		member_copy(value, "fix", fix, "id");
		size_copy(value, fix, of_fix);
		(void)cJSON_AddItemToArray(values, value);
	}
}

static void size_add_after(const cJSON *audit, cJSON *size, const cJSON *last)
{
	bool passes = document_verdict(audit) == VERDICT_PASS;
	member_bool(size, "fits_after", passes || view_true(last, "gain.fits"));
	member_copy(size, "max_safe", audit, "max_safe");
	member_copy(size, "max_safe_after", last ? last : audit, last ? "gain.after" : "max_safe");
	member_copy(size, "hosts_needed", audit, "hosts_needed");
	if (view_count(audit, "loads"))
		member_copy(size, "loads", audit, "loads");
}

static void size_limit_after(cJSON *row, const cJSON *limit, const char *name)
{
	if (view_get(limit, name))
		member_copy(row, name, limit, name);
}

void size_limits(cJSON *size, const cJSON *audit)
{
	cJSON_DeleteItemFromObjectCaseSensitive(size, "limits");
	cJSON_DeleteItemFromObjectCaseSensitive(size, "map");
	if (view_object(audit, "map"))
		member_copy(size, "map", audit, "map");
	cJSON *limits = member_object(size, "limits");
	const cJSON *limit, *rung;
	size_copy(limits, audit, of_host);
	cJSON *ladder = member_array(limits, "ladder");
	cJSON_ArrayForEach(rung, view_array(audit, "ladder")) {
		cJSON *row = cJSON_CreateObject();
		member_copy(row, "max_safe", rung, "max_safe");
		(void)cJSON_AddItemToArray(ladder, row);
	}
	cJSON *resources = member_array(limits, "resources");
	cJSON_ArrayForEach(limit, view_array(audit, "resources")) {
		if (document_status(limit) == STATUS_NOT_APPLICABLE)
			continue;
		cJSON *row = cJSON_CreateObject();
		size_copy(row, limit, of_limit);
		size_limit_after(row, limit, "max_safe_after");
		size_limit_after(row, limit, "after");
		(void)cJSON_AddItemToArray(resources, row);
	}
}

cJSON *size_document(const cJSON *audit)
{
	cJSON *size = cJSON_CreateObject(), *values = cJSON_CreateArray();
	const cJSON *fix, *memory = view_resource(audit, "host-memory");
	(void)member_item(size, "schema", cJSON_CreateStringReference("headroom.size/1"));
	size_copy(size, audit, of_audit);
	document_put_basis(audit, size);
	document_put_request(audit, size);
	member_copy(size, "foreign", audit, "foreign");
	cJSON_ArrayForEach(fix, view_array(audit, "fixes")) {
		if (!view_true(fix, "in_ladder"))
			continue;
		size_add_values(audit, fix, values);
	}
	size_add_after(audit, size, document_last_fix(audit));
	cJSON *bytes = member_object(size, "memory");
	member_copy(bytes, "needed_bytes", memory, "demand");
	member_copy(bytes, "available_bytes", memory, "capacity");
	(void)member_item(size, "values", values);
	member_copy(size, "calibration", audit, "calibration");
	size_limits(size, audit);
	return size;
}

struct page {
	const struct write_options *look;
	struct text *out;
};

static const char *size_fold(const struct page *page, const char *text)
{
	if (page->look->ascii)
		return columns_to_ascii(page->look->arena, text);
	return text;
}

static void size_add_labelled(const struct page *page, const char *label, const char *text)
{
	struct text first = {0};
	text_add(&first, "  ");
	columns_left(&first, label, LABEL - 2);
	columns_wrap(page->out,
			first.data,
			"              ",
			size_fold(page, text),
			script_width(page->look));
	text_release(&first);
}

/* A command for each host, or for a runner. */
static void size_add_lines(const struct page *page, const char *first, const char *text)
{
	const struct script_place place = {first, "      ", script_width(page->look)};
	script_add_text(page->look->arena, page->out, text, &place);
}

static void size_add_value(const struct page *page, const cJSON *value, const char *fix_before)
{
	struct arena *arena = page->look->arena;
	enum unit unit = view_unit(value, "unit");
	const char *line = arena_printf(arena,
			"%s: %s → %s",
			view_text(arena, value, "key", 80),
			view_value(arena, value, "from", unit),
			view_value(arena, value, "to", unit));
	columns_wrap(page->out, "  ", "    ", size_fold(page, line), script_width(page->look));
	if (!strcmp(fix_before, view_raw(value, "fix")))
		return;
	const struct script_place place = {"      ", "      ", script_width(page->look)};
	(void)script_add(arena, page->out, value, "commands", &place);
	const char *say = view_text(arena, value, "say", 300);
	if (*say)
		columns_wrap(page->out, "      ", "      ", size_fold(page, say), script_width(page->look));
	if (*view_raw(value, "behind"))
		columns_wrap(page->out,
				"      ",
				"      ",
				size_fold(page, view_text(arena, value, "note", 500)),
				script_width(page->look));
	const cJSON *file;
	cJSON_ArrayForEach(file, view_array(value, "files")) {
		const char *path = view_text(arena, file, "path", 200);
		if (!*path)
			path = view_text(arena, file, "kind", 30);
		columns_wrap(page->out,
				"      ",
				"      ",
				size_fold(page, arena_printf(arena, "permanent, %s:", path)),
				script_width(page->look));
		script_add_file(arena, page->out, file, "        ");
	}
	const char *restart = view_text(arena, value, "restart", 200);
	if (*restart && !text_begins_with(restart, "nothing"))
		columns_wrap(page->out,
				"      then: ",
				"      ",
				size_fold(page, restart),
				script_width(page->look));
}

/* No number of hosts stands alone: what the load tool needs for itself is not in it. */
static const char *size_at_least(struct arena *arena, const char *hosts)
{
	if (text_begins_with(hosts, "at least "))
		return hosts;
	return arena_printf(arena, "at least %s", hosts);
}

static const char *size_hosts(struct arena *arena, const cJSON *size)
{
	const char *now = document_hosts_text(arena, size);
	double after = view_number(size, "hosts_needed.after_fixes");
	if (!*now && isnan(after))
		return "more hosts of this kind would not help, or the number could not be calculated";
	if (*now)
		now = arena_printf(arena, "%s as shipped", size_at_least(arena, now));
	else
		now = "more hosts alone would not help";
	if (isnan(after) || !view_count(size, "values"))
		return now;
	const char *then = view_figure_of(arena, after, UNIT_COUNT);
	return arena_printf(arena, "%s, at least %s with these values", now, then);
}

static void add_hosts(const struct page *page, const cJSON *size)
{
	struct arena *arena = page->look->arena;
	size_add_labelled(page, "Hosts", size_hosts(arena, size));
	const char *because = view_text(arena, size, "hosts_at_least.because", 1000);
	if (*because)
		size_add_labelled(page, "", arena_printf(arena, "At least: %s", because));
	const cJSON *group;
	cJSON_ArrayForEach(group, view_array(size, "hosts_needed.groups"))
		size_add_labelled(page,
				"",
				arena_printf(arena,
						"%s (%s): at least %s, then %s",
						view_text(arena, group, "name", 60),
						view_figure(arena, group, "share", UNIT_RATIO),
						view_figure(arena, group, "now", UNIT_COUNT),
						view_figure(arena, group, "after_fixes", UNIT_COUNT)));
}

static const char *size_base(const cJSON *size)
{
	if (*view_raw(size, "image"))
		return "one such machine";
	return "this host";
}

static const char *verdict_sentence(struct arena *arena, const cJSON *size)
{
	const char *base = size_base(size);
	enum verdict verdict = document_verdict(size);
	if (verdict == VERDICT_PASS && view_number(size, "hosts_needed.after_fixes") > 1 &&
			!view_count(size, "values"))
		return arena_printf(arena,
				"Nothing to set, but the plan needs at least %s such hosts.",
				view_figure(arena, size, "hosts_needed.after_fixes", UNIT_COUNT));
	if (verdict == VERDICT_PASS && !view_count(size, "values"))
		return arena_printf(arena, "Nothing to set: the plan fits %s unchanged.", base);
	if (verdict == VERDICT_UNKNOWN || verdict == VERDICT_PASS)
		return view_text(arena, size, "headline", 600);
	const char *hosts =
			"One host is not enough: the plan needs at least %s, each with these values:";
	if (!view_count(size, "values"))
		hosts = "One host is not enough: the plan needs at least %s; nothing has to be set on "
				"them.";
	if (view_object(size, "each"))
		return arena_printf(arena, hosts, view_figure(arena, size, "each.hosts", UNIT_COUNT));
	if (view_true(size, "fits_after"))
		return arena_printf(arena, "The plan fits %s with these values:", base);
	if (view_count(size, "values"))
		return "The plan does not fit one such host, even with these values:";
	return "The plan does not fit one such host, and no setting helps.";
}

/* The plan's loads: what each host gets of them where several are needed, else all of it. */
static void add_loads(const struct page *page, const cJSON *size)
{
	struct arena *arena = page->look->arena;
	bool several = view_number(size, "order.hosts") > 1;
	const char *label = "Loads";
	const char *path = "plan";
	const cJSON *load;
	if (several) {
		label = "Each host";
		path = "per_host";
	}
	cJSON_ArrayForEach(load, view_array(size, "loads")) {
		const char *share = document_load_text(arena, view_object(load, path));
		const char *name = view_text(arena, load, "load", 60);
		if (!*share)
			continue;
		size_add_labelled(page, label, arena_printf(arena, "%s: %s", name, share));
		label = "";
	}
}

static const char *machine_line(const struct page *page, const cJSON *fit)
{
	struct arena *arena = page->look->arena;
	double hosts = view_number(fit, "hosts");
	const char *count = "one ";
	if (hosts > 1)
		count = arena_printf(arena, "%s × ", view_figure_of(arena, hosts, UNIT_COUNT));
	double cost = view_number(fit, "cost_per_hour");
	const char *price = "";
	if (!isnan(cost))
		price = arena_printf(arena, ", %.2f per hour", cost);
	const char *arch = view_text(arena, fit, "arch", 20);
	const char *read = "";
	if (view_true(fit, "by_ratio"))
		read = " by the family's ratio";
	if (*arch)
		arch = arena_printf(arena, "%s, ", arch);
	return arena_printf(arena,
			"at least %s%s (%s%s vCPUs, %s%s)%s",
			count,
			view_text(arena, fit, "type", 100),
			arch,
			view_figure(arena, fit, "vcpus", UNIT_COUNT),
			view_figure(arena, fit, "memory_bytes", UNIT_BYTES),
			read,
			price);
}

static void add_provider(const struct page *page, const cJSON *provider)
{
	struct arena *arena = page->look->arena;
	const cJSON *single = view_object(provider, "single"),
				*smaller = view_object(provider, "smaller");
	const cJSON *split = view_object(provider, "split");
	const char *name = view_text(arena, provider, "provider", 40);
	if (single)
		size_add_labelled(page, name, machine_line(page, single));
	else
		size_add_labelled(page, name, "no single type of the catalogue can carry the plan");
	if (smaller && *view_raw(smaller, "limit"))
		size_add_labelled(page,
				"",
				arena_printf(arena,
						"the %s, %s, can carry %s of it: %s",
						single ? "next smaller" : "largest",
						view_text(arena, smaller, "type", 100),
						view_figure(arena, smaller, "holds", UNIT_RATIO),
						view_text(arena, smaller, "limit", 60)));
	bool other = strcmp(view_raw(split, "type"), view_raw(single, "type")) != 0 ||
			view_number(split, "hosts") > 1;
	if (split && other)
		size_add_labelled(page, "", arena_printf(arena, "or %s", machine_line(page, split)));
}

static void add_machines(const struct page *page, const cJSON *size)
{
	struct arena *arena = page->look->arena;
	const cJSON *provider, *vm = view_object(size, "vm");
	double cores = view_number(vm, "cores");
	if (!vm)
		return;
	size_add_labelled(page,
			"Processors",
			isnan(cores) ? "not checked; --calibrate measures the kernel's part"
						 : arena_printf(arena,
								   "%.2f for opening connections (%s per core measured here); the "
								   "tool's own work is "
								   "not in it",
								   cores,
								   view_figure(arena, vm, "opens_per_core_per_s", UNIT_PER_S)));
	const char *order = view_true(vm, "catalogue.priced") ? "by price"
														  : "no prices: by vCPUs and memory";
	size_add_labelled(page,
			"VM types",
			arena_printf(arena,
					"%s of %s, %s; judged with the settings of %s and these values",
					view_text(arena, vm, "catalogue.name", 60),
					view_text(arena, vm, "catalogue.dated", 20),
					order,
					size_base(size)));
	cJSON_ArrayForEach(provider, view_array(vm, "providers"))
		add_provider(page, provider);
}

/* What may be secret is not shown. */
static bool runners_are_masked(const cJSON *size)
{
	const cJSON *tool, *command;
	cJSON_ArrayForEach(tool, view_array(size, "runners.commands"))
		cJSON_ArrayForEach(command, view_array(tool, "per_host"))
			if (strstr(view_raw(command, ""), "***"))
				return true;
	return false;
}

static void add_runners(const struct page *page, const cJSON *size)
{
	struct arena *arena = page->look->arena;
	const cJSON *tool, *command;
	double hosts = view_number(size, "runners.hosts");
	bool shown_any = view_count(size, "runners.commands") || *view_raw(size, "runners.k6_operator");
	if (!(hosts > 1) || !shown_any)
		return;
	text_addf(page->out,
			"\n  On %s hosts (the fewest that can carry the plan)\n",
			view_figure_of(arena, hosts, UNIT_COUNT));
	cJSON_ArrayForEach(tool, view_array(size, "runners.commands")) {
		size_t shown = 0, count = view_count(tool, "per_host");
		cJSON_ArrayForEach(command, view_array(tool, "per_host")) {
			if (!page->look->all && shown == 2 && count > 3)
				break;
			const char *first = arena_printf(arena, "  %3zu  ", ++shown);
			size_add_lines(page, first, view_raw(command, ""));
		}
		if (shown < count)
			size_add_lines(page, "       ", "… (--all)");
	}
	if (runners_are_masked(size))
		size_add_lines(page,
				"       ",
				"replace each *** with your own value (possible secrets are not shown)");
	if (*view_raw(size, "runners.k6_operator"))
		size_add_lines(page, "       k6-operator: ", view_raw(size, "runners.k6_operator"));
}

static const char *size_load(struct arena *arena, const cJSON *size, const char *path)
{
	const char *load = document_load_text(arena, view_object(size, path));
	if (!*load)
		return "not known";
	return load;
}

static const char *size_safe(struct arena *arena, const cJSON *size)
{
	const char *safe = document_safe_text(arena, size);
	if (!*safe)
		return "not known";
	return safe;
}

static const char *size_safe_line(struct arena *arena, const cJSON *size)
{
	const char *safe = size_safe(arena, size);
	if (!view_count(size, "values"))
		return safe;
	if (view_object(size, "each"))
		return arena_printf(arena,
				"%s as shipped; %s on each host with these values",
				safe,
				size_load(arena, size, "each.max_safe_after"));
	return arena_printf(arena,
			"%s as shipped; %s with these values",
			safe,
			size_load(arena, size, "max_safe_after"));
}

static const char *size_memory(struct arena *arena, const cJSON *size)
{
	const cJSON *memory = view_object(size, "memory");
	if (view_object(size, "each.memory"))
		memory = view_object(size, "each.memory");
	const char *needed = view_figure(arena, memory, "needed_bytes", UNIT_BYTES);
	const char *available = view_figure(arena, memory, "available_bytes", UNIT_BYTES);
	const char *left_out = "";
	const char *where = "here";
	if (*view_raw(size, "image"))
		where = "on one machine";
	if (view_object(size, "each"))
		where = "on each host";
	if (!view_true(size, "hosts_at_least.memory_counted"))
		left_out = "; what the program itself needs is not known and not included "
				   "(--memory-per-connection, --memory-per-user)";
	return arena_printf(arena, "%s needed, %s available %s%s", needed, available, where, left_out);
}

/* What is judged: the values are those that it lacks. */
static void add_machine(const struct page *page, const cJSON *size)
{
	struct arena *arena = page->look->arena;
	const char *machine = view_text(arena, size, "machine", 300);
	if (!*machine)
		return;
	const char *other = "";
	if (view_true(size, "image_chosen"))
		other = " For another, use --image NAME; for this host, --image here.";
	const char *text = arena_printf(arena, "For a new machine: %s.%s", machine, other);
	columns_wrap(page->out, "  ", "  ", size_fold(page, text), script_width(page->look));
	text_add(page->out, "\n");
}

static void size_calibration(const struct page *page, const cJSON *size)
{
	struct arena *arena = page->look->arena;
	struct text table = {0};
	if (!view_count(size, "calibration"))
		return;
	const struct pen pen = {size, page->look, arena, &table};
	text_add(&table, "\n");
	terminal_calibration(&pen);
	text_add(page->out, size_fold(page, table.data));
	text_release(&table);
}

void size_text(const cJSON *size, const struct write_options *options, struct text *out)
{
	const struct page page = {options, out};
	struct arena *arena = options->arena;
	const char *title = view_text(arena, size, "workload_title", 200);
	columns_wrap(out, "", "", size_fold(&page, title), script_width(options));
	write_basis(size, options, out);
	columns_wrap(out,
			"",
			"",
			size_fold(&page, verdict_sentence(arena, size)),
			script_width(options));
	text_add(out, "\n");
	add_machine(&page, size);
	const cJSON *value;
	const char *fix = "";
	cJSON_ArrayForEach(value, view_array(size, "values")) {
		size_add_value(&page, value, fix);
		fix = view_raw(value, "fix");
	}
	if (view_count(size, "values"))
		text_add(out, "\n");
	size_add_labelled(&page, "Safe up to", size_safe_line(arena, size));
	add_hosts(&page, size);
	add_loads(&page, size);
	size_add_labelled(&page, "Memory", size_memory(arena, size));
	add_machines(&page, size);
	add_runners(&page, size);
	size_calibration(&page, size);
	write_size_line(size, options, out);
}
