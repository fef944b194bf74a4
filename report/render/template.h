/* The files of a template: the page and the files that it names. */
#ifndef HEADROOM_REPORT_RENDER_TEMPLATE_H
#define HEADROOM_REPORT_RENDER_TEMPLATE_H

#include <stddef.h>

struct template_file {
	const char *name; /* "report.html" */
	const char *bytes;
	size_t size;
	const char *shown;    /* its name in errors, with the user's directory */
	const char *built_in; /* for a file that the user replaced: the built-in content */
};

struct template_set {
	const struct template_file *files;
	size_t count;
};

/* Returns NULL if there is no file with that name. */
const struct template_file *template_find(const struct template_set *set, const char *name);
/* Returns the file's name for errors. */
const char *template_shown(const struct template_file *file);

#endif
