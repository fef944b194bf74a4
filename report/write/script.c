/* Writes the words of commands. */
#include "report/write/script.h"

#include <string.h>

#include "base/array.h"
#include "report/document/view.h"
#include "report/write/columns.h"
#include "report/write/command.h"

size_t script_width(const struct write_options *options)
{
	const size_t usual = 80;
	const size_t least = 40;
	const size_t most = 120;
	size_t width = options->width;
	if (width == 0)
		return usual;
	if (width < least)
		return least;
	if (width > most)
		return most;
	return width;
}

static void add_lines(struct arena *arena,
		struct text *out,
		const char *lines,
		const char *first,
		const struct script_place *place)
{
	const struct command_place at = {place->rest, columns_of(first), place->width};
	text_addf(out, "%s%s\n", first, command_fold(arena, lines, &at));
}

bool script_add(struct arena *arena,
		struct text *out,
		const cJSON *node,
		const char *name,
		const struct script_place *place)
{
	const cJSON *command;
	const char *begin = place->first;
	bool any = false;
	cJSON_ArrayForEach(command, view_array(node, name)) {
		add_lines(arena, out, command_shown(arena, command), begin, place);
		begin = place->rest;
		any = true;
	}
	return any;
}

void script_add_text(struct arena *arena,
		struct text *out,
		const char *text,
		const struct script_place *place)
{
	const char *begin = place->first;
	while (*text) {
		size_t length = strcspn(text, "\n");
		add_lines(arena, out, text_clean(arena, text, length, 0), begin, place);
		begin = place->rest;
		text += length + (text[length] == '\n');
	}
}

const char *script_file_place(struct arena *arena, const char *kind, const char *path)
{
	static const char *const places[][2] = {
			{"docker", "when its container is made anew"},
			{"podman", "when its container is made anew"},
			{"nerdctl", "when its container is made anew"},
			{"compose", "under its service in the compose file"},
			{"kubernetes", "in its pod"},
	};
	if (path && *path)
		return arena_printf(arena, "in %s", path);
	for (size_t i = 0; i < COUNT_OF(places); i++) {
		if (strcmp(kind, places[i][0]) == 0)
			return places[i][1];
	}
	return kind;
}

void script_add_file(struct arena *arena, struct text *out, const cJSON *file, const char *rest)
{
	const cJSON *line;
	cJSON_ArrayForEach(line, view_array(file, "lines")) {
		const char *raw = view_raw(line, "");
		text_addf(out, "%s%s\n", rest, text_clean(arena, raw, strlen(raw), 0));
	}
}
