/* Commands of a document as lines that can be copied: broken only between two words, with a
 * backslash at the end. */
#ifndef HEADROOM_REPORT_WRITE_SCRIPT_H
#define HEADROOM_REPORT_WRITE_SCRIPT_H

#include <cjson/cJSON.h>

#include "base/arena.h"
#include "base/text.h"
#include "report/write/write.h"

struct script_place {
	const char *first; /* begins the first line */
	const char *rest;  /* begins the other commands; a continued line gets two more blanks */
	size_t width;
};

/* Returns the width of commands: that of the terminal, between 40 and 120; 80 if there is no
 * terminal. */
size_t script_width(const struct write_options *options);

/* Appends the commands in the member `name` of the node ("commands", "undo_commands"). Returns
 * false, without appending, if there are none (as in documents of 0.1). */
bool script_add(struct arena *arena,
		struct text *out,
		const cJSON *node,
		const char *name,
		const struct script_place *place);

/* The same for commands in a text, one per line. */
void script_add_text(struct arena *arena,
		struct text *out,
		const char *text,
		const struct script_place *place);

/* Returns where lines of a kind belong: "in /etc/sysctl.d/…", "when its container is made anew".
 * path is NULL or "" if they have no file. */
const char *script_file_place(struct arena *arena, const char *kind, const char *path);

/* Appends the lines of a file unchanged, each after `rest`. */
void script_add_file(struct arena *arena, struct text *out, const cJSON *file, const char *rest);

#endif
