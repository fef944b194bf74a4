/* The configuration files in which --apply keeps values for the next boot or login, and their new
 * contents. Opens nothing. */
#ifndef HEADROOM_AUDIT_FIX_OWN_FILE_H
#define HEADROOM_AUDIT_FIX_OWN_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "report/emit/emit.h"

struct own_file {
	const char *path;
	const char *lines; /* the settings, without the comments around them */
	emit_fn *write;    /* writes the whole file */
	bool words; /* lines are "domain type item value"; otherwise NAME=VALUE, or a name alone */
};

enum {
	OWN_FILES_MAX = 4
};

/* The service whose drop-in they go into; NULL: none. */
const char *own_unit(const struct fix_values *values);
/* The files that these values need. Texts live in the arena. Returns how many there are. */
size_t own_files(struct arena *arena,
		const struct fix_values *values,
		struct own_file ret_files[OWN_FILES_MAX]);

/* The new text of a file whose text is now `old` ("": there is no file): first the lines that the
 * values need, then the lines of an earlier run that these values do not replace. NULL: the file
 * has every line already, so it is left alone. */
const char *own_file_content(struct arena *arena,
		const struct fix_values *values,
		const struct own_file *file,
		const char *old);

/* Is the path one of these files, or a directory that one of them is in? For what a journal names.
 */
bool own_file_is_path(const char *path);
bool own_file_is_directory(const char *path);
bool own_file_is_drop_in(const char *path);

/* Is the wanted line among these? Blanks do not count. */
bool own_file_has_line(struct arena *arena, const char *lines, const char *wanted);

#endif
