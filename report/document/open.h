/* Opens audit documents for all commands, so that all accept and refuse the same documents with the
 * same words. The text must be strict JSON (base/os/json.h), have a schema that this version reads,
 * and contain what every view needs. Unknown members are no error, because later versions add
 * some. */
#ifndef HEADROOM_REPORT_DOCUMENT_OPEN_H
#define HEADROOM_REPORT_DOCUMENT_OPEN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/os/json.h"

/* The schema that this version writes. It also reads headroom.audit/1. */
#define AUDIT_SCHEMA "headroom.audit/2"

/* Reads the file at `path`, or standard input for "-". Returns NULL with err. Free with
 * json_free. */
struct json *document_open(const char *path, struct error *err);

/* The same for bytes in memory. Errors begin with `name`, which is kept by reference. */
struct json *document_open_bytes(const char *name,
		const char *bytes,
		size_t length,
		struct error *err);

/* Returns true if the schema says that this is an audit document, of any version. */
bool document_is_audit(const cJSON *root);

/* Returns true if the document is about many hosts (headroom.fleet/1). */
bool document_is_fleet(const cJSON *root);
/* Returns false with err if a member is missing that every view needs. */
bool document_check_fleet(const cJSON *root, const char *name, struct error *err);

/* Returns true for a sizing, a page of the history, a comparison, a cause, or the check of a
 * repository (headroom.size/1, history/1, drift/1, why/1, lint/1). */
bool document_is_answer(const cJSON *root);
bool document_check_answer(const cJSON *root, const char *name, struct error *err);

/* Makes the checks of document_open on JSON that was already read. false with err. */
bool document_check(const struct json *json, const char *name, struct error *err);
/* The same for a tree that no longer has line numbers. */
bool document_check_tree(const cJSON *root, const char *name, struct error *err);

#endif
