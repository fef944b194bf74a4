/* Calls headroom-helper, the program that renders HTML and PDF and reads XML and YAML: no shell, the document on
 * its standard input, the descriptor to write to passed along. */
#ifndef HEADROOM_AUDIT_HELPER_H
#define HEADROOM_AUDIT_HELPER_H

#include <stdbool.h>
#include <stddef.h>

#include "model/arena.h"
#include "model/error.h"

/* Where a helper program ("headroom-helper", "headroom-http") is: beside this program, or where it was installed. NULL
 * with err if nowhere. */
const char *helper_path(struct arena *arena, const char *program, struct error *err);

struct template_files;

/* Renders `document` (JSON text) as `format` ("html", "pdf") to fd, which stays open. What the helper
 * says on its standard error is passed on, each line with its name in front. `shown` names the output
 * in errors. templates: the user's own, may be NULL. Fails when the helper is missing, fails, or takes
 * longer than a minute. */
bool helper_render(struct arena *arena, const char *document, size_t length, const char *format, int fd,
                   const char *shown, const struct template_files *templates, struct error *err);

/* Has the helper check a template, without a document. err: what is wrong, with file and line. */
bool helper_check_template(struct arena *arena, const struct template_files *templates, struct error *err);

/* Has the helper read `bytes` as `format` ("xml", "yaml"): JSON of report/tree/tree.h, in the arena. What is wrong
 * with the document comes as "shown:LINE: …". */
bool helper_tree(struct arena *arena, const char *format, const char *bytes, size_t length, const char *shown,
                 const char **ret_json, size_t *ret_length, struct error *err);

/* Has headroom-http perform one HTTP request (its form, and the answer's: report/http.c). `fds`: the descriptors that
 * the request names, at most HELPER_FILES_MAX. The answer lives in the arena. */
enum { HELPER_FILES_MAX = 4 };
bool helper_http(struct arena *arena, const char *request, size_t length, const int *fds, size_t fd_count,
                 const char *shown, const char **ret_json, size_t *ret_length, struct error *err);

#endif
