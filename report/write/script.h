/* Commands of a document, as lines that survive being copied: broken only between two words, with a
 * backslash at the end. */
#ifndef HEADROOM_REPORT_WRITE_SCRIPT_H
#define HEADROOM_REPORT_WRITE_SCRIPT_H

#include <cjson/cJSON.h>

#include "base/arena.h"
#include "base/text.h"
#include "report/write/write.h"

struct script_place {
	const char *first; /* begins the first line */
	const char *rest;  /* begins the other commands; what is continued gets two blanks more */
	size_t width;
};

/* The width of commands: that of the terminal, between 40 and 120 columns; 80 without a terminal.
 */
size_t script_width(const struct write_options *options);

/* The commands of the member `name` of the node ("commands", "undo_commands"). false: there are
 * none (a document of 0.1 has none), and nothing was added. */
bool script_add(struct arena *arena,
		struct text *out,
		const cJSON *node,
		const char *name,
		const struct script_place *place);

/* The same for commands that are a text, a line each. */
void script_add_text(struct arena *arena,
		struct text *out,
		const char *text,
		const struct script_place *place);

/* Where lines of a kind belong: "in /etc/sysctl.d/…", "when its container is made anew"; path:
 * NULL or "" if they have no file. */
const char *script_file_place(struct arena *arena, const char *kind, const char *path);

/* The lines of a file, as they are; each begins with `rest`. */
void script_add_file(struct arena *arena, struct text *out, const cJSON *file, const char *rest);

#endif
