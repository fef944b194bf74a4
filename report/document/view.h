/* Typed getters over the audit document (docs/audit-document.md): the one place where writers touch
 * cJSON. A member that is missing or of another type reads as "nothing" (NAN, "", false, NULL),
 * so that a document from an untrusted place cannot break a writer. No number is computed here. */
#ifndef HEADROOM_REPORT_DOCUMENT_VIEW_H
#define HEADROOM_REPORT_DOCUMENT_VIEW_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/text.h"
#include "base/unit.h"

/* `path` is one member name or several joined by dots ("max_safe.connections"). */
const cJSON *view_get(const cJSON *node, const char *path);
const cJSON *view_array(const cJSON *node, const char *path);  /* NULL if it is not an array */
const cJSON *view_object(const cJSON *node, const char *path); /* NULL if it is not an object */
size_t view_count(const cJSON *node, const char *path);        /* elements of an array, else 0 */
double view_number(const cJSON *node, const char *path); /* "unlimited" is INFINITY, null NAN */
bool view_true(const cJSON *node, const char *path);
const char *view_raw(const cJSON *node, const char *path); /* a string as it is, else "" */

/* A string made fit to show (text_clean), at most max_chars characters (0: no bound), else "". */
const char *view_text(struct arena *arena, const cJSON *node, const char *path, size_t max_chars);
/* A fact's or an assumption's value, whatever its type, through text_number or text_clean. */
const char *view_value(struct arena *arena, const cJSON *node, const char *path, enum unit unit);
/* A number through text_number, in the arena. */
const char *view_figure(struct arena *arena, const cJSON *node, const char *path, enum unit unit);
/* What the plan needs of a limit. Counts are whole: 0.83 sockets are 1. */
const char *view_needed(struct arena *arena, const cJSON *limit);
const char *view_figure_of(struct arena *arena, double value, enum unit unit);

/* A share for a line that programs read: "1466%" for 14.66. */
void view_add_share(struct text *out, double share);

/* The name of a limit within a sentence ("open files per process"); documents that have none give
 * its title. */
const char *view_phrase(struct arena *arena, const cJSON *limit);

/* The unit that a resource ("quantity") or a fact ("unit") names; UNIT_COUNT if it names none. */
enum unit view_unit(const cJSON *node, const char *path);
/* The unit of a fact in the document; "count" if the document does not have the fact. */
const char *view_fact_unit(const cJSON *document, const char *key);
/* The element of an array whose string member `name` is `value`; NULL if there is none. */
const cJSON *view_find(const cJSON *array, const char *name, const char *value);
/* The resource of the document with this id. */
const cJSON *view_resource(const cJSON *document, const char *id);

#endif
