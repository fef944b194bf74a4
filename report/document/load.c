/* Load points as text. */
#include "report/document/load.h"

#include <math.h>
#include <string.h>

#include "base/text.h"
#include "report/document/view.h"

enum {
	LOAD_ID_MAX = 60
};

enum load_says load_says(const struct load_point *load)
{
	bool has_connections = !isnan(load->connections);
	bool has_rate = !isnan(load->open_rate_per_s);
	if (isinf(load->connections))
		return LOAD_SAYS_UNLIMITED;
	if (has_connections && has_rate && load->open_rate_per_s > 0)
		return LOAD_SAYS_BOTH;
	if (has_connections)
		return LOAD_SAYS_CONNECTIONS;
	if (!has_rate)
		return LOAD_SAYS_NOTHING;
	if (isinf(load->open_rate_per_s))
		return LOAD_SAYS_UNLIMITED;
	return LOAD_SAYS_RATE;
}

/* What the load leaves out; NULL: nothing. */
static const struct name_list *load_without(struct arena *arena, const cJSON *node)
{
	struct name_list *without = NULL;
	const cJSON *item;
	cJSON_ArrayForEach(item, view_array(node, "without")) {
		if (!without)
			without = arena_alloc(arena, sizeof *without);
		name_list_append(arena, without, view_text(arena, item, "", LOAD_ID_MAX));
	}
	return without;
}

struct load_point document_load(struct arena *arena, const cJSON *node)
{
	return (struct load_point){
			.scale = view_number(node, "scale"),
			.connections = view_number(node, "connections"),
			.open_rate_per_s = view_number(node, "open_rate_per_s"),
			.at_most = view_true(node, "at_most"),
			.without = load_without(arena, node),
	};
}

static const char *load_figures(struct arena *arena,
		const struct load_point *load,
		const char *between)
{
	const char *live = view_figure_of(arena, load->connections, UNIT_COUNT);
	const char *opens = view_figure_of(arena, load->open_rate_per_s, UNIT_COUNT);
	switch (load_says(load)) {
	case LOAD_SAYS_UNLIMITED:
		return "unlimited";
	case LOAD_SAYS_CONNECTIONS:
		return arena_printf(arena, "%s connections", live);
	case LOAD_SAYS_RATE:
		return arena_printf(arena, "%s new/s", opens);
	case LOAD_SAYS_BOTH:
		return arena_printf(arena, "%s connections%s%s new/s", live, between, opens);
	case LOAD_SAYS_NOTHING:
		break;
	}
	return "";
}

const char *load_without_text(struct arena *arena, const struct name_list *without)
{
	struct text text = {0};
	if (!without || !without->count)
		return "";
	const char *before = "without ";
	for (size_t i = 0; i < without->count; i++) {
		text_add(&text, before);
		text_add(&text, without->items[i]);
		before = ", ";
	}
	return text_take(arena, &text);
}

const char *load_text(struct arena *arena, const struct load_point *load, const char *between)
{
	const char *figures = load_figures(arena, load, between);
	const char *without = load_without_text(arena, load->without);
	if (!*figures)
		return "";
	/* What has no limit says nothing where a limit is not known. */
	if (load->at_most && load_says(load) == LOAD_SAYS_UNLIMITED)
		return "";
	if (load->at_most)
		figures = arena_printf(arena, "at most %s", figures);
	if (*without)
		figures = arena_printf(arena, "%s (%s)", figures, without);
	return figures;
}

const char *document_load_text(struct arena *arena, const cJSON *node)
{
	const struct load_point load = document_load(arena, node);
	return load_text(arena, &load, ", ");
}

struct load_point document_safe(struct arena *arena, const cJSON *node)
{
	struct load_point safe = document_load(arena, view_get(node, "max_safe"));
	if (!view_object(node, "at_most"))
		return safe;
	const struct name_list *without = safe.without;
	safe = document_load(arena, view_get(node, "at_most.max_safe"));
	safe.at_most = true;
	safe.without = without;
	return safe;
}

/* Is anything safe whatever the limits that are not known allow? */
static bool load_is_some(const struct load_point *load)
{
	return load->scale > 0 || load->connections >= 1;
}

const char *document_safe_text(struct arena *arena, const cJSON *node)
{
	const struct load_point most = document_safe(arena, node);
	const struct load_point least = document_load(arena, view_get(node, "max_safe"));
	const char *text = load_text(arena, &most, ", ");
	if (!most.at_most || !load_is_some(&least))
		return text;
	const char *certain = load_text(arena, &least, ", ");
	if (!*text || !*certain)
		return text;
	return arena_printf(arena, "%s; %s in any case", text, certain);
}

static double hosts_least(const cJSON *document)
{
	if (view_object(document, "at_most"))
		return view_number(document, "at_most.hosts");
	return view_number(document, "hosts_needed.now");
}

/* Processors that nobody judged may be what takes more hosts. */
static bool load_leaves_out_cpu(const cJSON *document)
{
	const cJSON *item;
	cJSON_ArrayForEach(item, view_array(document, "coverage.not_judged")) {
		if (strcmp(view_raw(item, ""), "CPU") == 0)
			return true;
	}
	return false;
}

const char *document_hosts_at_least(const cJSON *document)
{
	if (view_object(document, "at_most") || load_leaves_out_cpu(document))
		return "at least ";
	return "";
}

const char *document_before(const cJSON *size)
{
	if (*view_raw(size, "image"))
		return "as shipped";
	return "now";
}

const char *document_hosts_text(struct arena *arena, const cJSON *document)
{
	double hosts = hosts_least(document);
	const char *noun = "hosts";
	const char *at_least = document_hosts_at_least(document);
	if (isnan(hosts))
		return "";
	if (hosts == 1)
		noun = "host";
	const char *figure = view_figure_of(arena, hosts, UNIT_COUNT);
	const struct name_list *left_out = load_without(arena, view_get(document, "hosts_needed"));
	const char *without = load_without_text(arena, left_out);
	if (*without)
		return arena_printf(arena, "%s%s %s (%s)", at_least, figure, noun, without);
	return arena_printf(arena, "%s%s %s", at_least, figure, noun);
}

const char *load_parts_text(struct arena *arena, const cJSON *limit)
{
	struct text text = {0};
	const cJSON *part;
	cJSON_ArrayForEach(part, view_array(limit, "loads")) {
		if (text.length)
			text_add(&text, ", ");
		text_addf(&text,
				"%s %s",
				view_text(arena, part, "load", LOAD_ID_MAX),
				view_figure(arena, part, "demand", view_unit(part, "quantity")));
	}
	return text_take(arena, &text);
}

const char *load_in_gate(const cJSON *load)
{
	if (view_true(load, "command"))
		return "the command";
	return "not started; the verdict leaves room for it";
}
