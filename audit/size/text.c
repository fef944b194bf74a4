/* A sizing for people. The answer, the values and the machines to order stand on a screen of 24
 * lines. Commands, files and what else is to be known follow with --all. */
#include <math.h>
#include <string.h>

#include "audit/size/size.h"
#include "report/document/load.h"
#include "report/document/order.h"
#include "report/document/verdict.h"
#include "report/document/view.h"
#include "report/write/columns.h"
#include "report/write/script.h"
#include "report/write/terminal_parts.h"

/* Most lines of what stands on the screen in any case, or is cut there. */
enum {
	LABEL = 17,
	TITLE_LINES = 2,
	SENTENCE_LINES = 3,
	FIGURE_LINES = 2,
	NOTE_LINES = 2,
	BECAUSE_LINES = 4,
	MACHINE_LINES = 3,
	MEASURED_LINES = 4,
	BADGE_CHARS = 1500
};

static void size_line(const struct pen *pen, const char *indent, const char *text)
{
	pen_wrap(pen, indent, indent, text);
}

/* --- the answer ------------------------------------------------------------------------------ */

/* The machine that is judged. */
static const char *size_base(const cJSON *size)
{
	if (*view_raw(size, "image"))
		return "one such machine";
	return "this host";
}

static const char *sentence_of_pass(const struct pen *pen)
{
	const cJSON *size = pen->document;
	double hosts = view_number(size, "hosts_needed.after_fixes");
	if (view_count(size, "values"))
		return pen_text(pen, size, "headline", 600);
	if (hosts > 1)
		return arena_printf(pen->arena,
				"Nothing to set, but the plan needs at least %s such hosts.",
				view_figure_of(pen->arena, hosts, UNIT_COUNT));
	return arena_printf(pen->arena, "Nothing to set: the plan fits %s unchanged.", size_base(size));
}

/* Is there an order that fits, although one machine without the values does not? */
static bool size_is_answered(const cJSON *size)
{
	if (document_verdict(size) != VERDICT_FAIL)
		return false;
	return view_object(size, "each") || view_true(size, "fits_after");
}

/* What to order comes first, as on a page. */
static const char *sentence_of_fail(const struct pen *pen)
{
	if (size_is_answered(pen->document))
		return document_order_text(pen->arena, pen->document);
	if (view_count(pen->document, "values"))
		return "The plan does not fit one such host, even with these values:";
	return "The plan does not fit one such host, and no setting helps.";
}

static const char *size_sentence(const struct pen *pen)
{
	switch (document_verdict(pen->document)) {
	case VERDICT_PASS:
		return sentence_of_pass(pen);
	case VERDICT_UNKNOWN:
		return pen_text(pen, pen->document, "headline", 600);
	case VERDICT_FAIL:
	case VERDICT_NONE:
		break;
	}
	return sentence_of_fail(pen);
}

/* The verdict is that on one machine without the values. */
static const char *size_badge(const struct pen *pen)
{
	const char *badge = pen_text(pen, pen->document, "badge", BADGE_CHARS);
	const char *which = "This host unchanged";
	if (!size_is_answered(pen->document))
		return badge;
	if (*view_raw(pen->document, "image"))
		which = "One host as shipped";
	return arena_printf(pen->arena, "%s: %s", which, badge);
}

/* What is judged: the values are those that it lacks. */
static void size_add_machine(struct sheet *sheet)
{
	const struct pen pen = sheet_pen(sheet);
	const char *machine = pen_text(&pen, pen.document, "machine", 300);
	const char *other = "";
	if (!*machine)
		return;
	if (view_true(pen.document, "image_chosen"))
		other = " Another system: --image NAME; this host's own values: --image here.";
	pen_line(&pen, arena_printf(pen.arena, "For a new machine: %s.%s", machine, other));
	sheet_counted(sheet, RANK_BASIS, MACHINE_LINES, NOUN_NOTE, 1);
}

static void size_add_sentence(struct sheet *sheet)
{
	const struct pen pen = sheet_pen(sheet);
	size_line(&pen, "", size_sentence(&pen));
	sheet_block(sheet, RANK_MUST, SENTENCE_LINES);
}

static void size_add_badge(struct sheet *sheet)
{
	const struct pen pen = sheet_pen(sheet);
	size_line(&pen, "", size_badge(&pen));
	write_basis(pen.document, pen.options, pen.out);
	sheet_block(sheet, RANK_MUST, 0); /* who decides is never left out */
}

/* The verdict comes first, unless it is that on one machine and the answer is to order more. */
static void size_add_answer(struct sheet *sheet)
{
	const struct pen pen = sheet_pen(sheet);
	size_line(&pen, "", pen_text(&pen, pen.document, "workload_title", 200));
	sheet_block(sheet, RANK_MUST, TITLE_LINES);
	if (size_is_answered(pen.document)) {
		size_add_sentence(sheet);
		size_add_badge(sheet);
	} else {
		size_add_badge(sheet);
		size_add_sentence(sheet);
	}
	sheet_section(sheet);
	size_add_machine(sheet);
	sheet_section(sheet);
}

/* --- the values ------------------------------------------------------------------------------ */

static void size_add_file(const struct pen *pen, const cJSON *file)
{
	const char *path = pen_text(pen, file, "path", 200);
	if (!*path)
		path = pen_text(pen, file, "kind", 30);
	size_line(pen, "      ", arena_printf(pen->arena, "permanent, %s:", path));
	script_add_file(pen->arena, pen->out, file, "        ");
}

/* How a value is set. */
static void size_add_change(const struct pen *pen, const cJSON *value)
{
	const struct script_place place = {"      ", "      ", pen_width(pen)};
	const char *say = pen_text(pen, value, "say", 300);
	const char *restart = pen_text(pen, value, "restart", 200);
	const cJSON *file;
	(void)script_add(pen->arena, pen->out, value, "commands", &place);
	if (*say)
		size_line(pen, "      ", say);
	if (*view_raw(value, "behind"))
		size_line(pen, "      ", pen_text(pen, value, "note", 500));
	cJSON_ArrayForEach(file, view_array(value, "files"))
		size_add_file(pen, file);
	if (*restart && !text_begins_with(restart, "nothing"))
		pen_wrap(pen, "      restart: ", "      ", restart);
}

static void size_add_values(struct sheet *sheet)
{
	const struct pen pen = sheet_pen(sheet);
	const cJSON *value;
	const char *fix = "";
	cJSON_ArrayForEach(value, view_array(pen.document, "values")) {
		enum unit unit = view_unit(value, "unit");
		const char *line = arena_printf(pen.arena,
				"%s: %s → %s",
				view_text(pen.arena, value, "key", 80),
				view_value(pen.arena, value, "from", unit),
				view_value(pen.arena, value, "to", unit));
		pen_wrap(&pen, "  ", "    ", line);
		sheet_counted(sheet, RANK_ANSWER, 0, NOUN_VALUE, 1);
		if (strcmp(fix, view_raw(value, "fix")) != 0)
			size_add_change(&pen, value);
		sheet_counted(sheet, RANK_NEVER, 0, NOUN_CHANGE, 1);
		fix = view_raw(value, "fix");
	}
	sheet_section(sheet);
}

/* --- how many hosts -------------------------------------------------------------------------- */

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
		now = size_at_least(arena, now);
	else
		now = "more hosts alone would not help";
	if (!view_count(size, "values"))
		return now;
	if (view_number(size, "hosts_needed.now") > 0)
		now = arena_printf(arena, "%s %s", now, document_before(size));
	if (isnan(after))
		return now;
	const char *then = view_figure_of(arena, after, UNIT_COUNT);
	return arena_printf(arena, "%s, at least %s with these values", now, then);
}

static void size_add_groups(struct sheet *sheet)
{
	const struct pen pen = sheet_pen(sheet);
	const cJSON *group;
	cJSON_ArrayForEach(group, view_array(pen.document, "hosts_needed.groups")) {
		const char *line = arena_printf(pen.arena,
				"%s (%s): at least %s %s, %s with these values",
				view_text(pen.arena, group, "name", 60),
				view_figure(pen.arena, group, "share", UNIT_RATIO),
				view_figure(pen.arena, group, "now", UNIT_COUNT),
				document_before(pen.document),
				view_figure(pen.arena, group, "after_fixes", UNIT_COUNT));
		pen_paragraph(&pen, "", LABEL, line);
		sheet_counted(sheet, RANK_DETAIL, 1, NOUN_LOAD, 1);
	}
}

static void size_add_hosts(struct sheet *sheet)
{
	const struct pen pen = sheet_pen(sheet);
	const char *because = pen_text(&pen, pen.document, "hosts_at_least.because", 1000);
	pen_paragraph(&pen, "Hosts", LABEL, size_hosts(pen.arena, pen.document));
	sheet_block(sheet, RANK_MUST, FIGURE_LINES);
	if (*because)
		pen_paragraph(&pen, "", LABEL, arena_printf(pen.arena, "Why at least: %s", because));
	sheet_counted(sheet, RANK_STEP, BECAUSE_LINES, NOUN_NOTE, 1);
	size_add_groups(sheet);
}

static const char *size_load(const struct pen *pen, const char *path)
{
	const char *load = document_load_text(pen->arena, view_object(pen->document, path));
	if (!*load)
		return "not known";
	return load;
}

static const char *size_safe_line(const struct pen *pen)
{
	const char *safe = document_safe_text(pen->arena, pen->document);
	const char *after = "max_safe_after";
	const char *where = "";
	if (!*safe)
		safe = "not known";
	if (!view_count(pen->document, "values"))
		return safe;
	if (view_object(pen->document, "each")) {
		after = "each.max_safe_after";
		where = " on each host";
	}
	return arena_printf(pen->arena,
			"%s %s; %s%s with these values",
			safe,
			document_before(pen->document),
			size_load(pen, after),
			where);
}

/* The plan's loads: what each host gets of them where several are needed, else all of it. */
static void size_add_loads(struct sheet *sheet)
{
	const struct pen pen = sheet_pen(sheet);
	bool several = view_number(pen.document, "order.hosts") > 1;
	const char *label = "Loads";
	const char *path = "plan";
	const cJSON *load;
	if (several) {
		label = "Each host";
		path = "per_host";
	}
	cJSON_ArrayForEach(load, view_array(pen.document, "loads")) {
		const char *share = document_load_text(pen.arena, view_object(load, path));
		const char *name = view_text(pen.arena, load, "load", 60);
		if (!*share)
			continue;
		pen_paragraph(&pen, label, LABEL, arena_printf(pen.arena, "%s: %s", name, share));
		sheet_counted(sheet, RANK_DETAIL, 1, NOUN_LOAD, 1);
		label = "";
	}
}

static const char *size_memory(const struct pen *pen)
{
	const cJSON *size = pen->document;
	const cJSON *memory = view_object(size, "memory");
	const char *left_out = "";
	const char *where = "here";
	if (view_object(size, "each.memory"))
		memory = view_object(size, "each.memory");
	if (*view_raw(size, "image"))
		where = "on one machine";
	if (view_object(size, "each"))
		where = "on each host";
	if (!view_true(size, "hosts_at_least.memory_counted"))
		left_out = "; the program's own memory is not known and not included "
				   "(--memory-per-connection, --memory-per-user)";
	return arena_printf(pen->arena,
			"%s needed, %s available %s%s",
			view_figure(pen->arena, memory, "needed_bytes", UNIT_BYTES),
			view_figure(pen->arena, memory, "available_bytes", UNIT_BYTES),
			where,
			left_out);
}

/* --- what to order --------------------------------------------------------------------------- */

static const char *machine_line(const struct pen *pen, const cJSON *fit)
{
	struct arena *arena = pen->arena;
	double hosts = view_number(fit, "hosts");
	double cost = view_number(fit, "cost_per_hour");
	const char *count = "one ";
	const char *price = "", *read = "";
	const char *processors = "vCPUs";
	const char *arch = view_text(arena, fit, "arch", 20);
	if (hosts > 1)
		count = arena_printf(arena, "%s × ", view_figure_of(arena, hosts, UNIT_COUNT));
	if (!(view_number(fit, "vcpus") > 1))
		processors = "vCPU";
	if (!isnan(cost))
		price = arena_printf(arena, ", %.2f per hour", cost);
	if (view_true(fit, "by_ratio"))
		read = " by the family's ratio";
	if (*arch)
		arch = arena_printf(arena, "%s, ", arch);
	return arena_printf(arena,
			"at least %s%s (%s%s %s, %s%s)%s",
			count,
			view_text(arena, fit, "type", 100),
			arch,
			view_figure(arena, fit, "vcpus", UNIT_COUNT),
			processors,
			view_figure(arena, fit, "memory_bytes", UNIT_BYTES),
			read,
			price);
}

/* Is the cheapest order another than the one machine that can carry all? */
static bool is_other_order(const cJSON *single, const cJSON *split)
{
	if (strcmp(view_raw(split, "type"), view_raw(single, "type")) != 0)
		return true;
	return view_number(split, "hosts") > 1;
}

/* One machine that can carry all, beside the order; why the next smaller one cannot. */
static void size_add_single(const struct pen *pen, const cJSON *provider)
{
	const cJSON *single = view_object(provider, "single");
	const cJSON *smaller = view_object(provider, "smaller");
	const cJSON *split = view_object(provider, "split");
	const char *which = "largest";
	const char *line = "no single type of the catalog can carry the plan";
	if (single) {
		which = "next smaller";
		line = arena_printf(pen->arena, "or %s", machine_line(pen, single));
	}
	if (split && is_other_order(single, split))
		pen_paragraph(pen, "", LABEL, line);
	if (!*view_raw(smaller, "limit"))
		return;
	line = arena_printf(pen->arena,
			"the %s, %s, can carry %s of it: %s",
			which,
			view_text(pen->arena, smaller, "type", 100),
			view_figure(pen->arena, smaller, "holds", UNIT_RATIO),
			view_text(pen->arena, smaller, "limit", 60));
	pen_paragraph(pen, "", LABEL, line);
}

/* First what to order: the cheapest. */
static void size_add_provider(struct sheet *sheet, const cJSON *provider, enum rank rank)
{
	const struct pen pen = sheet_pen(sheet);
	const cJSON *order = view_object(provider, "split");
	const char *name = view_text(pen.arena, provider, "provider", 40);
	const char *line = "no type of the catalog can carry the plan";
	if (!order)
		order = view_object(provider, "single");
	if (order)
		line = machine_line(&pen, order);
	pen_paragraph(&pen, name, LABEL, line);
	sheet_counted(sheet, rank, FIGURE_LINES, NOUN_MACHINE, 1);
	size_add_single(&pen, provider);
	sheet_counted(sheet, RANK_NEVER, 0, NOUN_ALTERNATIVE, 1);
}

static const char *size_cores(const struct pen *pen, const cJSON *vm)
{
	double cores = view_number(vm, "cores");
	if (isnan(cores))
		return "not checked; --calibrate measures the kernel's part";
	return arena_printf(pen->arena,
			"%.2f for opening connections (%s per core measured here); the tool's own work is "
			"not included",
			cores,
			view_figure(pen->arena, vm, "opens_per_core_per_s", UNIT_PER_S));
}

static const char *size_catalog(const struct pen *pen, const cJSON *vm)
{
	const char *order = "no prices";
	const char *with = "";
	if (view_true(vm, "catalogue.priced"))
		order = "by price";
	if (view_count(pen->document, "values"))
		with = " and these values";
	return arena_printf(pen->arena,
			"%s (list of %s, %s), judged with the settings of %s%s",
			view_text(pen->arena, vm, "catalogue.name", 60),
			view_text(pen->arena, vm, "catalogue.dated", 20),
			order,
			size_base(pen->document),
			with);
}

static void size_add_machines(struct sheet *sheet)
{
	const struct pen pen = sheet_pen(sheet);
	const cJSON *provider, *vm = view_object(pen.document, "vm");
	const cJSON *providers = view_array(vm, "providers");
	enum rank rank = RANK_WARNING;
	if (!vm)
		return;
	if (cJSON_GetArraySize(providers) == 1)
		rank = RANK_ANSWER;
	pen_paragraph(&pen, "Processors", LABEL, size_cores(&pen, vm));
	sheet_counted(sheet, RANK_ROW, NOTE_LINES, NOUN_NOTE, 1);
	pen_paragraph(&pen, "VM types", LABEL, size_catalog(&pen, vm));
	sheet_counted(sheet, RANK_OTHER, NOTE_LINES, NOUN_NOTE, 1);
	cJSON_ArrayForEach(provider, providers)
		size_add_provider(sheet, provider, rank);
}

/* --- commands for the hosts ------------------------------------------------------------------ */

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

/* A command for each host, or for a runner. */
static void size_add_command(const struct pen *pen, const char *first, const char *text)
{
	const struct script_place place = {first, "      ", pen_width(pen)};
	script_add_text(pen->arena, pen->out, text, &place);
}

static size_t size_add_tool(const struct pen *pen, const cJSON *tool)
{
	const cJSON *command;
	size_t count = 0;
	cJSON_ArrayForEach(command, view_array(tool, "per_host")) {
		const char *first = arena_printf(pen->arena, "  %3zu  ", ++count);
		size_add_command(pen, first, view_raw(command, ""));
	}
	return count;
}

static void size_add_runners(struct sheet *sheet)
{
	const struct pen pen = sheet_pen(sheet);
	const cJSON *tool, *size = pen.document;
	double hosts = view_number(size, "runners.hosts");
	const char *operator= view_raw(size, "runners.k6_operator");
	size_t count = *operator!= '\0';
	if (!(hosts > 1) || !(count || view_count(size, "runners.commands")))
		return;
	pen_line(&pen,
			arena_printf(pen.arena,
					"On %s hosts (the fewest that can carry the plan)",
					view_figure_of(pen.arena, hosts, UNIT_COUNT)));
	cJSON_ArrayForEach(tool, view_array(size, "runners.commands"))
		count += size_add_tool(&pen, tool);
	if (runners_are_masked(size))
		size_line(&pen,
				"       ",
				"replace each *** with your own value (possible secrets are not shown)");
	if (*operator)
		size_add_command(&pen, "       k6-operator: ", operator);
	sheet_section(sheet);
	sheet_counted(sheet, RANK_OTHER, 0, NOUN_COMMAND, count);
}

static void size_add_calibration(struct sheet *sheet)
{
	const struct pen pen = sheet_pen(sheet);
	if (!view_count(pen.document, "calibration"))
		return;
	terminal_calibration(&pen);
	sheet_section(sheet);
	sheet_block(sheet, RANK_MUST, MEASURED_LINES);
}

void size_text(const cJSON *size, const struct write_options *options, struct text *out)
{
	struct text page = {0};
	const struct pen pen = {size, options, options->arena, &page};
	struct sheet *sheet = sheet_new(&pen);
	const struct pen block = sheet_pen(sheet);
	size_add_answer(sheet);
	size_add_values(sheet);
	pen_paragraph(&block, "Safe up to", LABEL, size_safe_line(&block));
	sheet_block(sheet, RANK_MUST, FIGURE_LINES);
	size_add_hosts(sheet);
	size_add_loads(sheet);
	pen_paragraph(&block, "Memory", LABEL, size_memory(&block));
	sheet_counted(sheet, RANK_DETAIL, NOTE_LINES, NOUN_NOTE, 1);
	size_add_machines(sheet);
	sheet_rest_here(sheet);
	size_add_runners(sheet);
	size_add_calibration(sheet);
	sheet_write(sheet);
	write_size_line(size, options, &page);
	text_add(out, text_string(&page));
	text_release(&page);
}
