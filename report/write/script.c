/* Writes the words of commands. */
#include "report/write/script.h"

#include <string.h>

#include "base/shell.h"
#include "report/document/view.h"
#include "report/write/columns.h"

struct writer {
	struct arena *arena;
	struct text *out;
	const struct script_place *place;
	size_t at; /* column */
};

static void add_shown(struct writer *w, const char *word, bool begins)
{
	size_t columns = columns_of(word);
	const size_t end = 2; /* " \" */
	if (!begins && w->at + 1 + columns + end > w->place->width) {
		text_addf(w->out, " \\\n%s  ", w->place->rest);
		w->at = columns_of(w->place->rest) + 2;
	} else if (!begins) {
		text_add(w->out, " ");
		w->at++;
	}
	text_add(w->out, word);
	w->at += columns;
}

/* A word of a document may be anything: one that no shell could take is not shown. */
static const char *safe_word(struct arena *arena, const cJSON *word)
{
	const char *raw = view_raw(word, "");
	const char *clean = text_clean(arena, raw, strlen(raw), 0);
	if (strcmp(raw, clean) != 0)
		return "?";
	const char *shown = shell_shown(arena, raw);
	if (!shown)
		return "?";
	return shown;
}

static void add_command_words(struct writer *w, const cJSON *command, const char *begin)
{
	const cJSON *word;
	bool begins = true;
	text_add(w->out, begin);
	w->at = columns_of(begin);
	cJSON_ArrayForEach(word, view_array(command, "words")) {
		add_shown(w, safe_word(w->arena, word), begins);
		begins = false;
	}
	text_add(w->out, "\n");
}

bool script_add(struct arena *arena,
		struct text *out,
		const cJSON *node,
		const char *name,
		const struct script_place *place)
{
	struct writer writer = {arena, out, place, 0};
	const cJSON *command;
	const char *begin = place->first;
	bool any = false;
	cJSON_ArrayForEach(command, view_array(node, name)) {
		add_command_words(&writer, command, begin);
		begin = place->rest;
		any = true;
	}
	return any;
}

void script_add_file(struct arena *arena, struct text *out, const cJSON *file, const char *rest)
{
	const cJSON *line;
	cJSON_ArrayForEach(line, view_array(file, "lines")) {
		const char *raw = view_raw(line, "");
		text_addf(out, "%s%s\n", rest, text_clean(arena, raw, strlen(raw), 0));
	}
}
