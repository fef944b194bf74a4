/* The configuration files in which --apply keeps values for the next boot or login, and their new
 * contents. Opens no files. */
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

/* Returns the service that the drop-in belongs to, or NULL if there is none. */
const char *own_unit(const struct fix_values *values);
/* Gives the files that these values need, and returns their number. Texts live in the arena. */
size_t own_files(struct arena *arena,
		const struct fix_values *values,
		struct own_file ret_files[OWN_FILES_MAX]);

/* Returns the new text of a file whose text is now `old` ("": no file): the lines that the values
 * need, then the lines of an earlier run that they do not replace. NULL: the file already has every
 * line, so it stays unchanged. */
const char *own_file_content(struct arena *arena,
		const struct fix_values *values,
		const struct own_file *file,
		const char *old);

/* Return true if the path is one of these files, or a directory that contains one. For paths in a
 * journal. */
bool own_file_is_path(const char *path);
bool own_file_is_directory(const char *path);
bool own_file_is_drop_in(const char *path);

/* Returns true if the wanted line is among these, ignoring blanks. */
bool own_file_has_line(struct arena *arena, const char *lines, const char *wanted);

#endif
