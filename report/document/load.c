/* Load points as text. */
#include "report/document/load.h"

#include <math.h>

#include "report/document/view.h"

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

struct load_point document_load(const cJSON *node)
{
	return (struct load_point){
			.scale = view_number(node, "scale"),
			.connections = view_number(node, "connections"),
			.open_rate_per_s = view_number(node, "open_rate_per_s"),
	};
}

const char *load_text(struct arena *arena, const struct load_point *load, const char *between)
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

const char *document_load_text(struct arena *arena, const cJSON *node)
{
	const struct load_point load = document_load(node);
	return load_text(arena, &load, ", ");
}
