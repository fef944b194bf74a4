/* Counts are whole: of the least share rounded down, of the most rounded up. */
#include "report/document/instead.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "report/document/view.h"

static const char *role_hosts(struct arena *arena, const cJSON *share)
{
	static const struct {
		const char *role, *one, *many;
	} words[] = {
			{"client", "client", "clients"},
			{"proxy", "proxy", "proxies"},
			{"server", "server", "servers"},
	};
	double count = view_number(share, "hosts");
	const char *role = view_raw(share, "role");
	const char *one = "host";
	const char *many = "hosts";
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (strcmp(words[i].role, role) != 0)
			continue;
		one = words[i].one;
		many = words[i].many;
	}
	const char *figure = view_figure_of(arena, count, UNIT_COUNT);
	if (count == 1)
		return arena_printf(arena, "%s %s", figure, one);
	return arena_printf(arena, "%s %s", figure, many);
}

/* Parts of a plan that is given by rates stay shares of it. */
static const char *part_figure(struct arena *arena, double live, double part, bool most)
{
	const double rounding = 1e-6;
	double whole = floor(part * live + rounding);
	if (!(live > 0))
		return view_figure_of(arena, part, UNIT_RATIO);
	if (most)
		whole = ceil(part * live - rounding);
	return view_figure_of(arena, whole, UNIT_COUNT);
}

static const char *each_of(struct arena *arena, const cJSON *document, const cJSON *share)
{
	const char *unit = " of the plan";
	double live = view_number(document, "workload.connections");
	const char *least = part_figure(arena, live, view_number(share, "least"), false);
	const char *most = part_figure(arena, live, view_number(share, "most"), true);
	if (live > 0)
		unit = " connections";
	if (strcmp(least, most) == 0)
		return arena_printf(arena, "%s%s each", most, unit);
	return arena_printf(arena, "%s to %s%s each", least, most, unit);
}

const char *document_instead_text(struct arena *arena, const cJSON *document)
{
	const char *text = "";
	const cJSON *share;
	cJSON_ArrayForEach(share, view_array(document, "instead.shares")) {
		double idle = view_number(share, "standing_by");
		const char *between = ", ";
		if (*text == '\0')
			between = "--split capacity fits: ";
		text = arena_printf(arena,
				"%s%s%s with %s",
				text,
				between,
				role_hosts(arena, share),
				each_of(arena, document, share));
		if (idle > 0)
			text = arena_printf(arena,
					"%s (%s without a share)",
					text,
					view_figure_of(arena, idle, UNIT_COUNT));
	}
	return text;
}
