/* Runs the helper programs without a shell: headroom-helper, which renders HTML and PDF,
 * headroom-import, which reads XML, YAML and tar files, and headroom-http. They get the document on
 * standard input, and the descriptor to write to. */
#ifndef HEADROOM_AUDIT_HELPER_HELPER_H
#define HEADROOM_AUDIT_HELPER_HELPER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"

/* Returns the path of a helper program ("headroom-helper", "headroom-http"): next to this program
 * or where it was installed. NULL with err if it is in neither place. */
const char *helper_path(struct arena *arena, const char *program, struct error *err);

/* Returns the path of the program that reads XML, YAML and tar files: headroom-import, or this
 * program itself if report/helper/import_here.c is linked. NULL with err if it cannot be found. */
const char *helper_import_path(struct arena *arena, struct error *err);

struct template_files;

/* One output of a rendering: its format, its file, and the error if it failed. */
struct helper_output {
	const char *format; /* "html" "pdf" "png" */
	int fd;             /* the caller closes it */
	const char *shown;  /* names it in errors */
	struct error err;   /* set if this output was not written */
};

enum {
	HELPER_OUTPUTS_MAX = 6
};

/* Renders `document` (JSON text) to at most HELPER_OUTPUTS_MAX outputs in one run; one that fails
 * does not stop the others. The helper's messages are passed on to standard error, each line with
 * its name in front. templates: the user's templates; may be NULL. All outputs fail if the helper
 * is missing or takes longer than a minute. */
void helper_render(struct arena *arena,
		const char *document,
		size_t length,
		struct helper_output *outputs,
		size_t count,
		const struct template_files *templates);

/* Lets the helper check a template without a document. false with err, which names file and
 * line. */
bool helper_check_template(struct arena *arena,
		const struct template_files *templates,
		struct error *err);

/* Lets headroom-import read `bytes` as `format` ("xml", "yaml"). Gives the JSON of
 * report/helper/tree/tree.h, in the arena. false with err: "shown:LINE: …". */
bool helper_tree(struct arena *arena,
		const char *format,
		const char *bytes,
		size_t length,
		const char *shown,
		const char **ret_json,
		size_t *ret_length,
		struct error *err);

/* Lets headroom-http make one HTTP request; report/helper/http_main.c defines the forms of request
 * and answer. `fds`: the descriptors that the request names, at most HELPER_FILES_MAX. The answer
 * lives in the arena. false with err. */
enum {
	HELPER_FILES_MAX = 4
};
bool helper_http(struct arena *arena,
		const char *request,
		size_t length,
		const int *fds,
		size_t fd_count,
		const char *shown,
		const char **ret_json,
		size_t *ret_length,
		struct error *err);

#endif
