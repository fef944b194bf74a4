#include "audit/cli/variables.h"

#include <ctype.h>
#include <string.h>
#include <unistd.h>

#include "audit/cli/option_table.h"
#include "audit/cli/options.h"
#include "audit/cli/screen.h"
#include "audit/cli/settings_file.h"
#include "base/array.h"
#include "base/suggest.h"
#include "base/text.h"

static const char prefix[] = "HEADROOM_";

/* No options, but read all the same. */
static const char *const others[] = {"CONFIG", "HISTORY", "K6_INSPECT", "WORKLOAD"};

enum {
	EDITS = 2
};

const char *variable_name(struct arena *arena, const char *option)
{
	char *name = arena_printf(arena, "%s%s", prefix, settings_member(arena, option));
	for (char *at = name; *at; at++)
		*at = (char)toupper((unsigned char)*at);
	return name;
}

/* Names behind the prefix, NULL-terminated. */
static const char *const *known_variables(struct arena *arena, enum command_id command)
{
	size_t count = 0;
	size_t most = option_rows_count + COUNT_OF(others) + 1;
	const char **names = arena_alloc(arena, most * sizeof *names);
	for (size_t i = 0; i < COUNT_OF(others); i++)
		names[count++] = others[i];
	for (size_t i = 0; i < option_rows_count; i++) {
		const struct option_row *row = &option_rows[i];
		if (!settings_has(row, command))
			continue;
		const char *name = variable_name(arena, row->name);
		names[count++] = name + strlen(prefix);
	}
	names[count] = NULL;
	return names;
}

/* HEADROOM_SERVICE_HOST, HEADROOM_PORT_80_TCP_ADDR (kubernetes.io, "Discovering services"). */
static bool is_of_kubernetes(const char *name)
{
	return text_begins_with(name, "PORT") || strstr(name, "SERVICE_");
}

/* Behind the prefix; NULL: it has none. */
static const char *name_of_ours(struct arena *arena, const char *variable)
{
	size_t length = strlen(prefix);
	if (!text_begins_with(variable, prefix))
		return NULL;
	variable += length;
	length = strcspn(variable, "=");
	return arena_copy(arena, variable, length);
}

static bool is_known(const char *name, const char *const *known)
{
	for (; *known; known++)
		if (!strcmp(*known, name))
			return true;
	return false;
}

static bool check_near(const char *name, const char *const *known, struct error *err)
{
	const char *near = suggest_name(name, known);
	if (!near || suggest_distance(name, near) > EDITS)
		return true;
	return error_set(err,
			"%s%.60s is not a setting; did you mean %s%s? If not, unset it",
			prefix,
			name,
			prefix,
			near);
}

static void say_unknown(const struct run *run, const struct text *unknown)
{
	if (unknown->length && !run->options->quiet)
		screen_say("ignored, not a setting: %.600s (list of settings: docs/ci.md)", unknown->data);
}

bool variables_check(const struct run *run, enum command_id command, struct error *err)
{
	struct arena *arena = run->arena;
	const char *const *known = known_variables(arena, command);
	__attribute__((cleanup(text_release))) struct text unknown = {0};
	for (char **at = environ; at && *at; at++) {
		const char *name = name_of_ours(arena, *at);
		if (!name)
			continue;
		if (is_known(name, known) || is_of_kubernetes(name))
			continue;
		if (!check_near(name, known, err))
			return false;
		if (unknown.length)
			text_add(&unknown, ", ");
		text_addf(&unknown, "%s%s", prefix, text_clean(arena, name, strlen(name), 60));
	}
	say_unknown(run, &unknown);
	return true;
}
