/* headroom.size/1: what to order, what to set on it, and what that rests on. */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "report/answer/kinds.h"
#include "report/document/load.h"
#include "report/document/order.h"
#include "report/document/verdict.h"
#include "report/document/view.h"

static double size_answer_hosts(const struct answer *a)
{
	const char *path = "order.hosts";
	return answer_number(a, path);
}

/* --- what to order --------------------------------------------------------------------------- */

static void size_badge(const struct answer *a)
{
	double hosts = size_answer_hosts(a);
	const char *type = answer_of(a, "order.type");
	const char *word = "NOT KNOWN";
	const char *count = answer_count(a, hosts);
	if (isfinite(hosts) && *type)
		word = answer_printf(a, "%s × %s", count, type);
	else if (isfinite(hosts))
		word = answer_plural(a, hosts, "host");
	answer_badge(a, word, "SIZE", "none");
}

static const char *size_answer_text(const struct answer *a)
{
	double hosts = size_answer_hosts(a);
	if (document_verdict(a->root) == VERDICT_UNKNOWN)
		return answer_of(a, "headline");
	if (!isfinite(hosts))
		return "More hosts of this kind would not help, or their number could not be "
			   "calculated.";
	bool fits = view_true(a->root, "fits_after");
	bool divided = answer_object(a, "each") != NULL;
	if (!fits && !divided)
		return "The plan does not fit one such host, even with the values below.";
	return document_order_text(a->arena, a->root);
}

/* How many hosts it takes without the values, and why. */
static const char *size_before_text(const struct answer *a, double now)
{
	const char *hosts = answer_plural(a, now, "host");
	static const char no[] = "Do not start this test: ";
	static const char shipped[] = "As shipped, the plan would need at least %s. On one host, %s";
	static const char here[] = "Now the plan needs at least %s. On one host, %s";
	const char *headline = answer_of(a, "headline");
	if (text_begins_with(headline, no))
		headline += strlen(no);
	else
		headline = answer_printf(a, "the answer is: %s", headline);
	if (*answer_of(a, "image"))
		return answer_printf(a, shipped, hosts, headline);
	return answer_printf(a, here, hosts, headline);
}

static void size_says(const struct answer *a)
{
	double now = answer_number(a, "hosts_needed.now");
	const char *because = answer_of(a, "hosts_at_least.because");
	const char *plan = answer_of(a, "workload_title");
	answer_is(a, size_answer_text(a));
	const char *whole = answer_printf(a, "The plan: %s.", plan);
	if (*plan)
		answer_also(a, whole);
	if (view_count(a->root, "values") && isfinite(now))
		answer_also(a, size_before_text(a, now));
	if (*because)
		answer_also(a, answer_printf(a, "Why at least: %s", because));
}

static void size_tile_hosts(const struct answer *a)
{
	double now = answer_number(a, "hosts_needed.now");
	const char *after = "not known";
	const char *now_text = "more would not help";
	double hosts = size_answer_hosts(a);
	if (isfinite(now))
		now_text = answer_count(a, now);
	if (isfinite(hosts))
		after = answer_count(a, hosts);
	const char *strong = answer_arrow(a, now_text, after);
	const char *before = document_before(a->root);
	const char *name = answer_printf(a, "Hosts, %s → with the values", before);
	answer_tile(a, name, strong, "at least");
}

/* The load of one host, or of all of them where one has it all. */
static const char *size_load_of(const struct answer *a, const cJSON *load)
{
	const char *text = document_load_text(a->arena, load);
	if (*text)
		return text;
	return "not known";
}

/* By what the plan is counted. */
static const char *size_by(const struct answer *a)
{
	if (answer_number(a, "limits.plan.connections") > 0)
		return "connections";
	return "open_rate_per_s";
}

static const cJSON *size_safe_after(const struct answer *a)
{
	const cJSON *each = answer_object(a, "each.max_safe_after");
	if (each)
		return each;
	return answer_object(a, "max_safe_after");
}

static void size_tile_safe(const struct answer *a)
{
	const char *by = size_by(a);
	const char *noun = "connections";
	const cJSON *plan = answer_object(a, "limits.plan");
	if (strcmp(by, noun) != 0)
		noun = "new connections/s";
	const cJSON *after = size_safe_after(a);
	double most = view_number(after, by);
	double whole = view_number(plan, by);
	const char *safe = answer_count(a, floor(most));
	if (!after)
		safe = "not known";
	const char *part = answer_count(a, whole);
	const char *text = answer_printf(a, "%s; its part of the plan: %s", noun, part);
	answer_tile(a, "Safe on each host with the values", safe, text);
}

static void size_tiles(const struct answer *a)
{
	const char *basis = "calculated, not measured";
	const char *image = answer_of(a, "image");
	const char *of = "from the settings of this host";
	if (view_count(a->root, "calibration"))
		basis = "calculated; measured where stated";
	if (*image)
		of = answer_printf(a, "from the stock image %s", image);
	size_tile_hosts(a);
	size_tile_safe(a);
	answer_tile(a, "Basis", basis, of);
}

/* --- limits of one host ---------------------------------------------------------------------- */

static const char *size_use(const struct answer *a, const cJSON *node)
{
	double use = view_number(node, "utilization");
	if (isnan(use))
		return "not known";
	return view_figure_of(a->arena, use, UNIT_RATIO);
}

static void size_limit(const struct answer *a, cJSON *part, const cJSON *limit)
{
	const cJSON *then = view_object(limit, "after");
	if (!then)
		then = limit;
	enum unit unit = view_unit(limit, "quantity");
	const char *title = answer_said(a, limit, "title");
	cJSON *row = answer_row(a, part, title);
	const char *allows = answer_figure(a, limit, "capacity", unit);
	const char *allows_then = answer_figure(a, then, "capacity", unit);
	const char *needs = answer_figure(a, limit, "demand", unit);
	const char *needs_then = answer_figure(a, then, "demand", unit);
	const char *use = size_use(a, limit);
	const char *use_then = size_use(a, then);
	const char *exceeded = "FAIL";
	if (strcmp(view_raw(limit, "severity"), "advisory") == 0)
		exceeded = "only warns";
	answer_cell(part, row, answer_arrow(a, needs, needs_then));
	answer_cell(part, row, answer_arrow(a, allows, allows_then));
	answer_cell(part, row, answer_arrow(a, use, use_then));
	answer_cell(part, row, exceeded);
}

/* How the needs come about. */
static void size_needs(const struct answer *a)
{
	const cJSON *limit;
	cJSON *part = NULL;
	cJSON_ArrayForEach(limit, answer_list(a, "limits.resources")) {
		const char *words = answer_said(a, limit, "demand_words");
		const char *title = answer_said(a, limit, "title");
		if (document_status(limit) == STATUS_NOT_APPLICABLE || *words == '\0')
			continue;
		if (!part)
			part = answer_part(a, "needs", "How the needs come about, without the values");
		answer_fact(part, title, words);
	}
}

static void size_limits(const struct answer *a)
{
	static const struct answer_column columns[] = {
			{"Limit", ""},
			{"Needs", "num"},
			{"Allows", "num"},
			{"Use", "num"},
			{"If exceeded", ""},
			{NULL, NULL},
	};
	const cJSON *limit;
	const char *title = "What each host carries";
	if (view_count(a->root, "limits.resources") == 0)
		return;
	cJSON *part = answer_part(a, "limits", title);
	const cJSON *plan = answer_object(a, "limits.plan");
	const char *load = size_load_of(a, plan);
	load = answer_printf(a, "On each host: %s.", load);
	answer_text(part, load);
	answer_chart(part, "headroom");
	const char *before = document_before(a->root);
	const char *caption = answer_printf(a, "Those that apply, %s → with the values", before);
	answer_table(part, caption, columns);
	cJSON_ArrayForEach(limit, answer_list(a, "limits.resources"))
		if (document_status(limit) != STATUS_NOT_APPLICABLE)
			size_limit(a, part, limit);
}

/* Which loads one host carries; of a plan of stages there is no map. */
static void size_map(const struct answer *a)
{
	if (!answer_list(a, "map.now"))
		return;
	cJSON *part = answer_part(a, "map", "Which loads one host can carry");
	answer_chart(part, "map");
}

static void size_loads(const struct answer *a)
{
	static const struct answer_column columns[] = {
			{"Load", ""},
			{"The whole plan", ""},
			{"On each host", ""},
			{NULL, NULL},
	};
	const cJSON *load;
	if (view_count(a->root, "loads") == 0)
		return;
	cJSON *part = answer_part(a, "loads", "The loads of the plan");
	answer_table(part, "They run at the same time", columns);
	cJSON_ArrayForEach(load, answer_list(a, "loads")) {
		const char *name = answer_said(a, load, "load");
		const cJSON *plan = view_object(load, "plan");
		const cJSON *each = view_object(load, "per_host");
		cJSON *row = answer_row(a, part, name);
		answer_cell(part, row, size_load_of(a, plan));
		answer_cell(part, row, size_load_of(a, each));
	}
}

/* --- machines -------------------------------------------------------------------------------- */

static bool size_is_priced(const struct answer *a)
{
	return view_true(a->root, "vm.catalogue.priced");
}

static const char *size_price(const struct answer *a, const cJSON *fit)
{
	double cost = view_number(fit, "cost_per_hour");
	const char *currency = answer_of(a, "vm.catalogue.currency");
	if (isnan(cost))
		return "no price";
	return answer_printf(a, "%.2f %s", cost, currency);
}

static const char *size_machine(const struct answer *a, const cJSON *fit)
{
	const char *arch = answer_said(a, fit, "arch");
	const char *comma = "";
	if (*arch)
		comma = ", ";
	const char *cores = answer_figure(a, fit, "vcpus", UNIT_COUNT);
	const char *processors = view_number(fit, "vcpus") > 1 ? "vCPUs" : "vCPU";
	const char *memory = answer_figure(a, fit, "memory_bytes", UNIT_BYTES);
	return answer_printf(a, "%s %s, %s%s%s", cores, processors, memory, comma, arch);
}

static bool size_is_order(const struct answer *a, const cJSON *provider, const cJSON *fit)
{
	const char *type = view_raw(a->root, "order.type");
	const char *by = view_raw(a->root, "order.provider");
	const char *name = view_raw(fit, "type");
	const char *whose = view_raw(provider, "provider");
	if (*type == '\0' || strcmp(type, name) != 0)
		return false;
	return strcmp(by, whose) == 0;
}

static void size_fit(const struct answer *a, cJSON *part, const cJSON *provider, const cJSON *fit)
{
	double hosts = view_number(fit, "hosts");
	const char *name = answer_said(a, provider, "provider");
	const char *type = answer_said(a, fit, "type");
	const char *source = answer_said(a, fit, "source.title");
	const char *read = answer_said(a, fit, "source.read");
	if (!fit)
		return;
	if (size_is_order(a, provider, fit))
		name = answer_printf(a, "%s (chosen)", name);
	if (*read)
		source = answer_printf(a, "%s, read %s", source, read);
	const char *count = answer_count(a, hosts);
	const char *machines = answer_printf(a, "%s × %s", count, type);
	const char *each = size_machine(a, fit);
	cJSON *row = answer_row(a, part, name);
	answer_cell(part, row, machines);
	answer_cell(part, row, each);
	if (size_is_priced(a))
		answer_cell(part, row, size_price(a, fit));
	answer_cell(part, row, answer_or_dash(source));
}

static bool size_same_fit(const cJSON *one, const cJSON *other)
{
	const char *type = view_raw(one, "type");
	const char *second = view_raw(other, "type");
	return strcmp(type, second) == 0;
}

static void size_machines_text(const struct answer *a, cJSON *part)
{
	const char *prices = "it has no prices, so the smallest type (vCPUs, memory) comes first";
	if (size_is_priced(a))
		prices = "prices are per hour for all hosts";
	answer_text(part,
			answer_printf(a,
					"Catalogue: %s of %s; %s. All numbers of hosts are minimums.",
					answer_of(a, "vm.catalogue.name"),
					answer_of(a, "vm.catalogue.dated"),
					prices));
}

static void size_machine_list(const struct answer *a)
{
	static const struct answer_column priced[] = {
			{"Provider", ""},
			{"Machines", "nowrap"},
			{"Each has", "nowrap"},
			{"Price per hour", "num"},
			{"Source", ""},
			{NULL, NULL},
	};
	static const struct answer_column bare[] = {
			{"Provider", ""},
			{"Machines", "nowrap"},
			{"Each has", "nowrap"},
			{"Source", ""},
			{NULL, NULL},
	};
	const struct answer_column *columns = bare;
	const cJSON *provider;
	if (size_is_priced(a))
		columns = priced;
	if (view_count(a->root, "vm.providers") == 0)
		return;
	cJSON *part = answer_part(a, "machines", "Machines to order");
	size_machines_text(a, part);
	answer_table(part, "Types that can carry the plan, by provider", columns);
	cJSON_ArrayForEach(provider, answer_list(a, "vm.providers")) {
		const cJSON *single = view_object(provider, "single");
		const cJSON *split = view_object(provider, "split");
		bool other = split && !size_same_fit(single, split);
		size_fit(a, part, provider, single);
		if (other)
			size_fit(a, part, provider, split);
	}
}

/* --- values ---------------------------------------------------------------------------------- */

static const char *size_value_title(const struct answer *a, const cJSON *value)
{
	enum unit unit = view_unit(value, "unit");
	const char *key = answer_said(a, value, "key");
	const char *from = view_value(a->arena, value, "from", unit);
	const char *to = view_value(a->arena, value, "to", unit);
	return answer_printf(a, "%s: %s → %s", key, from, to);
}

/* What stands beside the commands of a value. */
static const struct answer_label size_texts[] = {
		{"Restart", "restart"},
		{"Affects", "shared_with"},
		{"Risk", "risk"},
		{"Note", "note"},
		{NULL, NULL},
};

static void size_value(const struct answer *a, cJSON *part, const cJSON *value, const char *before)
{
	const cJSON *file;
	const char *title = size_value_title(a, value);
	cJSON *step = answer_step(a, part, title);
	if (strcmp(before, view_raw(value, "fix")) == 0) {
		answer_step_text(step, "Set", "by the commands of the value above");
		return;
	}
	answer_step_commands(a, step, "Now", view_array(value, "commands"));
	answer_step_text(step, "And", answer_said(a, value, "say"));
	cJSON_ArrayForEach(file, view_array(value, "files"))
		answer_step_file(a, step, "Permanent", file);
	answer_step_texts(a, step, value, size_texts);
	answer_step_commands(a, step, "Undo", view_array(value, "undo_commands"));
	answer_step_text(step, "And", answer_said(a, value, "undo_say"));
}

static void size_values(const struct answer *a)
{
	const char *before = "";
	const cJSON *value;
	if (view_count(a->root, "values") == 0)
		return;
	cJSON *part = answer_part(a, "values", "Set on each host");
	answer_text(part,
			"Set them in this order. To get the same values as files for new machines, add "
			"--emit cloud-init (or terraform, ansible, sysctl) to the command under “Reproduce "
			"this report”.");
	cJSON_ArrayForEach(value, answer_list(a, "values")) {
		size_value(a, part, value, before);
		before = view_raw(value, "fix");
	}
}

static void size_runner_commands(const struct answer *a)
{
	const cJSON *tool, *line;
	if (view_count(a->root, "runners.commands") == 0)
		return;
	cJSON *part = answer_part(a, "runners", "The command of each host");
	answer_text(part, "*** stands for a possible secret. Replace it with your own value.");
	cJSON_ArrayForEach(tool, answer_list(a, "runners.commands")) {
		int number = 0;
		cJSON_ArrayForEach(line, view_array(tool, "per_host")) {
			number++;
			const char *title = answer_printf(a, "Host %d", number);
			cJSON *step = answer_step(a, part, title);
			answer_step_line(a, step, "Run", line);
		}
	}
}

/* --- what would change it -------------------------------------------------------------------- */

static const struct answer_column size_if_columns[] = {
		{"If …", ""},
		{"Then order", ""},
		{"Because", ""},
		{NULL, NULL},
};

static void size_if(const struct answer *a,
		cJSON *part,
		const char *condition,
		const char *then,
		const char *because)
{
	cJSON *row = answer_row(a, part, condition);
	answer_cell(part, row, then);
	answer_cell(part, row, because);
}

/* How much larger the plan may be on the same hosts. */
static double size_reserve(const struct answer *a)
{
	const char *by = size_by(a);
	const cJSON *plan = answer_object(a, "limits.plan");
	const cJSON *after = size_safe_after(a);
	double whole = view_number(plan, by);
	double most = view_number(after, by);
	return most / whole;
}

/* "19.5%", "12×": rounded down. */
static const char *size_growth(const struct answer *a, double growth)
{
	if (growth >= 10)
		return view_figure_of(a->arena, floor(growth), UNIT_RATIO);
	return view_figure_of(a->arena, floor(growth * 1000) / 1000, UNIT_RATIO);
}

static void size_if_grows(const struct answer *a, cJSON *part)
{
	double reserve = size_reserve(a);
	if (!(reserve >= 1) || isinf(reserve))
		return;
	const char *share = size_growth(a, reserve - 1);
	const char *target = answer_figure(a, a->root, "target_utilization", UNIT_RATIO);
	size_if(a,
			part,
			answer_printf(a, "the plan grows by more than %s", share),
			"more hosts",
			answer_printf(a, "each host would then use more than %s of a limit", target));
}

static void size_if_others(const struct answer *a, cJSON *part)
{
	const cJSON *provider;
	cJSON_ArrayForEach(provider, answer_list(a, "vm.providers")) {
		const cJSON *smaller = view_object(provider, "smaller");
		if (!smaller || *view_raw(smaller, "limit") == '\0')
			continue;
		size_if(a,
				part,
				answer_printf(a,
						"it has to be one %s (%s)",
						answer_said(a, smaller, "type"),
						answer_said(a, provider, "provider")),
				"not possible",
				answer_printf(a,
						"it can carry %s of the plan: %s",
						answer_figure(a, smaller, "holds", UNIT_RATIO),
						answer_said(a, smaller, "limit")));
	}
}

static void size_changes(const struct answer *a)
{
	double hosts = size_answer_hosts(a);
	double now = answer_number(a, "hosts_needed.now");
	if (!isfinite(hosts))
		return;
	cJSON *part = answer_part(a, "changes", "What would change the answer");
	answer_table(part, "From the numbers of this document", size_if_columns);
	if (view_count(a->root, "values") && isfinite(now))
		size_if(a,
				part,
				"the values are not set",
				answer_plural(a, now, "host"),
				answer_of(a, "headline"));
	size_if(a,
			part,
			"one host may be lost during the test",
			answer_plural(a, hosts + 1, "host"),
			answer_printf(a, "the other %s can still carry the plan", answer_count(a, hosts)));
	size_if_grows(a, part);
	size_if_others(a, part);
}

/* --- trust ----------------------------------------------------------------------------------- */

static void size_trust_memory(const struct answer *a, cJSON *part)
{
	const cJSON *memory = answer_object(a, "memory");
	const char *tool = "what the load tool itself needs is not known and not included "
					   "(--memory-per-connection, --memory-per-user)";
	if (answer_object(a, "each.memory"))
		memory = answer_object(a, "each.memory");
	if (view_true(a->root, "hosts_at_least.memory_counted"))
		tool = "what the load tool needs is included, as measured or documented for the tool";
	answer_fact(part,
			"Memory",
			answer_printf(a,
					"%s needed, %s available on each host; %s",
					answer_figure(a, memory, "needed_bytes", UNIT_BYTES),
					answer_figure(a, memory, "available_bytes", UNIT_BYTES),
					tool));
}

static void size_trust(const struct answer *a)
{
	cJSON *part = answer_part(a, "trust", "How far to trust this");
	const cJSON *note, *foreign;
	const char *processors = "not checked; --calibrate measures the kernel's part";
	double cores = answer_number(a, "vm.cores");
	if (isfinite(cores))
		processors = answer_printf(a, "%.2f for opening connections, measured here", cores);
	answer_fact(part, "Machine", answer_of(a, "machine"));
	answer_fact(part,
			"Target",
			answer_printf(a,
					"at most %s of each hard limit is used",
					answer_figure(a, a->root, "target_utilization", UNIT_RATIO)));
	size_trust_memory(a, part);
	answer_fact(part, "Processors", processors);
	cJSON_ArrayForEach(note, answer_list(a, "notes")) {
		const char *label = answer_said(a, note, "label");
		const char *text = answer_said(a, note, "text");
		answer_fact(part, label, text);
	}
	cJSON_ArrayForEach(foreign, answer_list(a, "foreign")) {
		const char *kind = answer_said(a, foreign, "kind");
		const char *path = answer_said(a, foreign, "path");
		const char *text = answer_printf(a, "%s %s", kind, path);
		answer_fact(part, "Also judged by", text);
	}
	answer_text(part, "Not checked: bandwidth, and the servers under test.");
}

void answer_size(const struct answer *a)
{
	answer_head(a, "Sizing", "What must we order for this load test?");
	answer_note(a, answer_of(a, "machine"));
	size_badge(a);
	size_says(a);
	size_tiles(a);
	size_machine_list(a);
	size_limits(a);
	size_map(a);
	size_loads(a);
	size_needs(a);
	size_values(a);
	size_runner_commands(a);
	size_changes(a);
	size_trust(a);
}
