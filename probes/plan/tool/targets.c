/* URLs line by line. Knows hosts only: methods, headers and bodies are passed over. */
#include "probes/plan/tool/targets.h"

#include <string.h>

#include "base/list.h"

/* siege: "URL", "URL POST data", "NAME=VALUE"; ${NAME} is replaced. */
static const char *url_of_line(struct arena *arena, const char *line)
{
	size_t length = strcspn(line, " \t\r");
	bool is_url = strchr(line, '/') || strchr(line, ':');
	if (!length || *line == '#')
		return NULL;
	if (strchr(line, '=') && !is_url)
		return NULL;
	return arena_copy(arena, line, length);
}

bool targets_read(struct plan *plan, const char *text, const char *from, struct error *err)
{
	struct arena *arena = plan->arena;
	struct name_list targets = {0};
	size_t number = 0;
	plan->tls = true;
	for (const char *at = text; *at; at += *at == '\n') {
		size_t length = strcspn(at, "\n");
		char *line = arena_copy(arena, at, length);
		struct error why = {0};
		line += strspn(line, " \t");
		const char *url = url_of_line(arena, line);
		at += length;
		number++;
		if (!url)
			continue;
		const char *target = plan_url_target(arena, url, &why);
		if (!target)
			return error_set(err, "%s: line %zu: %s", from, number, why.text);
		name_list_append(arena, &targets, target);
		plan->tls &= plan_url_is_tls(url);
	}
	if (!targets.count)
		return error_set(err, "%s: no target with a URL in it", from);
	return plan_destinations(plan, targets.items, targets.count, CONFIDENCE_EXACT, from, err);
}
