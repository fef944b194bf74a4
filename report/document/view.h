/* Typed getters for the audit document (docs/audit-document.md), through which writers read it. A
 * member that is missing or has another type reads as "nothing" (NAN, "", false, NULL), so that a
 * document from an untrusted place cannot break a writer. Computes no numbers. */
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
double view_number(const cJSON *node, const char *path); /* "unlimited" is INFINITY, null is NAN */
bool view_true(const cJSON *node, const char *path);
const char *view_raw(const cJSON *node, const char *path); /* the string unchanged, else "" */

/* Returns a string cleaned for display (text_clean), of at most max_chars characters (0: no limit),
 * else "". */
const char *view_text(struct arena *arena, const cJSON *node, const char *path, size_t max_chars);
/* Returns the value of a fact or an assumption as text, whatever its type. */
const char *view_value(struct arena *arena, const cJSON *node, const char *path, enum unit unit);
/* Returns a number formatted by text_number, in the arena. */
const char *view_figure(struct arena *arena, const cJSON *node, const char *path, enum unit unit);
/* Returns how much of a limit the plan needs. Counts are rounded up: 0.83 sockets become 1. */
const char *view_needed(struct arena *arena, const cJSON *limit);
const char *view_figure_of(struct arena *arena, double value, enum unit unit);

/* Appends a share for programs to read: "1466%" for 14.66. */
void view_add_share(struct text *out, double share);

/* Returns the name of a limit within a sentence ("open files per process"), or its title if the
 * document has no such name. */
const char *view_phrase(struct arena *arena, const cJSON *limit);

/* Returns the unit that a resource ("quantity") or a fact ("unit") names; UNIT_COUNT if it names
 * none. */
enum unit view_unit(const cJSON *node, const char *path);
/* Returns the unit of a fact in the document, or "count" if the document does not have the fact. */
const char *view_fact_unit(const cJSON *document, const char *key);
/* Returns the element of an array whose string member `name` equals `value`, or NULL. */
const cJSON *view_find(const cJSON *array, const char *name, const char *value);
/* Returns the limit with this id, or NULL. */
const cJSON *view_resource(const cJSON *document, const char *id);

#endif
