#include "audit/size/own_limit.h"

#include <math.h>
#include <string.h>

#include "audit/run/stock_image.h"
#include "base/list.h"
#include "base/text.h"
#include "report/document/member.h"

/* What the loads of a plan have in common. */
struct own_needs {
	struct arena *arena;
	struct name_list doers; /* who makes the load: "Locust" */
	struct name_list known; /* what is known of them */
	bool memory_counted;
	double target; /* the share of the processors that is used */
};

static bool is_said(const struct workload *load, enum workload_field field)
{
	const struct workload_value *value = &load->values[field];
	return value->set && !value->assumed;
}

static bool own_memory_is_known(const struct workload *load)
{
	if (is_said(load, W_MEMORY_PER_USER))
		return true;
	return is_said(load, W_MEMORY_PER_CONNECTION);
}

/* A ready plan is called as its tool is. */
static const struct tool_rule *tool_of_load(const struct pipeline *pipeline,
		const struct workload *load)
{
	const char *id = load->values[W_TOOL].text;
	if (!id)
		id = load->values[W_NAME].text;
	if (!id)
		return NULL;
	return rules_tool_named(&pipeline->rules, id);
}

static const char *doer_of(const struct workload *load)
{
	const char *role = load->values[W_ROLE].text;
	bool client = !role;
	if (role)
		client = strcmp(role, "client") == 0;
	if (client)
		return "the load tool";
	return "the program";
}

static void needs_add(struct own_needs *needs,
		const struct workload *load,
		const struct tool_rule *tool)
{
	const char *doer = doer_of(load);
	if (tool)
		doer = tool->title;
	if (!own_memory_is_known(load))
		needs->memory_counted = false;
	name_list_add_once(needs->arena, &needs->doers, doer);
	if (tool && tool->own_limit)
		name_list_add_once(needs->arena, &needs->known, tool->own_limit);
}

static void needs_name_doers(const struct own_needs *needs, struct text *text)
{
	const char *between = "";
	for (size_t i = 0; i < needs->doers.count; i++) {
		text_add(text, between);
		text_add(text, needs->doers.items[i]);
		between = " and ";
	}
	if (needs->doers.count > 1)
		text_add(text, " need for themselves");
	else
		text_add(text, " needs for itself");
}

static const char *needs_text(const struct own_needs *needs, const struct own_count *count)
{
	struct text text = {0};
	const char *what = "the CPU time that ";
	const char *left_out = " is not counted.";
	if (!needs->memory_counted) {
		what = "the CPU time and memory that ";
		left_out = " are not counted.";
	}
	bool counted = count->says.length > 0;
	if (counted) {
		text_add_bytes(&text, count->says.data, count->says.length - 1);
	} else {
		text_add(&text, what);
		needs_name_doers(needs, &text);
		text_add(&text, left_out);
	}
	if (count->cores > 0) {
		char used[NUMBER_TEXT_MAX];
		const char *share = text_number(used, needs->target, UNIT_RATIO);
		text_addf(&text, " Of a host's cores %s are planned for.", share);
	}
	if (counted && !needs->memory_counted)
		text_add(&text, " The program's own memory is not counted.");
	for (size_t i = 0; i < needs->known.count; i++) {
		text_add(&text, " ");
		text_add(&text, needs->known.items[i]);
	}
	if (needs->known.count == 0)
		text_add(&text, " Measure one host before you order.");
	return text_take(needs->arena, &text);
}

struct own_count own_count_of(const struct pipeline *pipeline, const struct result *result)
{
	struct own_count count = {0};
	for (size_t i = 0; i < result->loads.count; i++) {
		const struct workload *load = &result->loads.items[i];
		const struct tool_rule *tool = tool_of_load(pipeline, load);
		if (tool)
			own_rates_add(pipeline, tool, load, &count);
	}
	return count;
}

struct own_limit own_limit_of(const struct pipeline *pipeline, const struct result *result)
{
	struct own_needs needs = {
			.arena = pipeline->run->arena,
			.memory_counted = true,
			.target = result->target,
	};
	for (size_t i = 0; i < result->loads.count; i++) {
		const struct workload *load = &result->loads.items[i];
		needs_add(&needs, load, tool_of_load(pipeline, load));
	}
	struct own_count count = own_count_of(pipeline, result);
	const struct own_limit own = {
			.because = needs_text(&needs, &count),
			.image = pipeline->run->options->image,
			.image_chosen = pipeline->run->options->size.image_chosen,
			.machine = stock_image_about(pipeline->run),
			.memory_counted = needs.memory_counted,
			.cores = count.cores,
			.hosts = own_hosts(&count, facts_number(pipeline->facts, "host.cpus"), result->target),
	};
	text_release(&count.says);
	return own;
}

static double number_or_unknown(double number)
{
	if (!(number > 0))
		return (double)NAN;
	return number;
}

void own_limit_into_size(struct arena *arena, cJSON *size, const struct own_limit *own)
{
	const struct members put = {.arena = arena};
	cJSON *at_least = member_object(size, "hosts_at_least");
	member_text(&put, at_least, "because", own->because);
	member_bool(at_least, "memory_counted", own->memory_counted);
	member_number(at_least, "own_cores", number_or_unknown(own->cores));
	member_number(at_least, "own_hosts", number_or_unknown(own->hosts));
	member_text(&put, size, "image", own->image);
	member_bool(size, "image_chosen", own->image_chosen);
	member_text(&put, size, "machine", own->machine);
}
