/* URLs line by line. Knows hosts only: methods, headers and bodies are passed over. */
#include "probes/plan/tool/targets.h"

#include <string.h>

#include "base/list.h"
#include "base/os/json.h"

/* The URL of a line in the arena, NULL where it names none; false with err. */
static bool url_of_http(struct arena *arena, const char *line, const char **ret_url)
{
	size_t method = strspn(line, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
	const char *url = line + method + strspn(line + method, " \t");
	*ret_url = method && url > line + method && strstr(url, "://")
			? arena_copy(arena, url, strcspn(url, " \t\r"))
			: NULL;
	return true;
}

static bool url_of_json(struct arena *arena,
		const char *line,
		size_t number,
		const char **ret_url,
		struct error *err)
{
	if (!*line)
		return true;
	struct json *json = json_read(arena_printf(arena, "line %zu", number), line, strlen(line), err);
	bool good = json && json_string(json, json_root(json), "url", arena, ret_url, err);
	json_free(json);
	return good;
}

/* siege: "URL", "URL POST data", "NAME=VALUE"; ${NAME} is replaced. */
static bool url_of_list(struct arena *arena, const char *line, const char **ret_url)
{
	size_t length = strcspn(line, " \t\r");
	bool sets = strchr(line, '=') && !strchr(line, '/') && !strchr(line, ':');
	*ret_url = !length || *line == '#' || sets ? NULL : arena_copy(arena, line, length);
	return true;
}

bool targets_read(struct plan *plan,
		const char *text,
		enum targets_format format,
		const char *from,
		struct error *err)
{
	struct arena *arena = plan->arena;
	struct name_list targets = {0};
	size_t number = 0;
	plan->tls = true;
	for (const char *at = text; *at; at += *at == '\n') {
		size_t length = strcspn(at, "\n");
		size_t blank = strspn(at, " \t");
		const char *line = arena_copy(arena,
				at + (blank < length ? blank : 0),
				length - (blank < length ? blank : 0));
		const char *url = NULL;
		struct error why = {0};
		at += length;
		number++;
		if (format == TARGETS_HTTP               ? !url_of_http(arena, line, &url)
						: format == TARGETS_JSON ? !url_of_json(arena, line, number, &url, &why)
												 : !url_of_list(arena, line, &url))
			return error_set(err, "%s: %s", from, why.text);
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
