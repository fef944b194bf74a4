/* Opens audit documents, for all commands: so all accept and refuse the same documents with the
 * same words. The text must be strict JSON (base/os/json.h), its schema one that this version
 * reads, and it must have what every view needs. Unknown members are no error, because later
 * versions add some. */
#ifndef HEADROOM_REPORT_DOCUMENT_OPEN_H
#define HEADROOM_REPORT_DOCUMENT_OPEN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/os/json.h"

/* What this version writes. It reads headroom.audit/1 as well. */
#define AUDIT_SCHEMA "headroom.audit/2"

/* Reads the file at `path`; "-" is standard input. NULL with err, else to be freed by json_free. */
struct json *document_open(const char *path, struct error *err);

/* The same for bytes that are in memory. `name` is what errors begin with; kept by reference. */
struct json *document_open_bytes(const char *name,
		const char *bytes,
		size_t length,
		struct error *err);

/* Whether the schema claims an audit document, of this version or another. */
bool document_is_audit(const cJSON *root);

/* Whether it is about many hosts (headroom.fleet/1). */
bool document_is_fleet(const cJSON *root);
/* Checks that it has what every view needs. */
bool document_check_fleet(const cJSON *root, const char *name, struct error *err);

/* Whether it is a sizing, a page of the history, a comparison, a cause, or the check of a
 * repository (headroom.size/1, history/1, drift/1, why/1, lint/1). */
bool document_is_answer(const cJSON *root);
bool document_check_answer(const cJSON *root, const char *name, struct error *err);

/* The checks of document_open on JSON that was read already. */
bool document_check(const struct json *json, const char *name, struct error *err);
/* The same on a tree that no longer has its line numbers. */
bool document_check_tree(const cJSON *root, const char *name, struct error *err);

#endif
