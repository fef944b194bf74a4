/* Adding members to the audit document: unknown numbers become null, infinity "unlimited", missing texts
 * null, bytes that are not UTF-8 are replaced. Names must be constants, texts must outlive the tree. */
#ifndef HEADROOM_AUDIT_PUT_H
#define HEADROOM_AUDIT_PUT_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

#include "model/arena.h"
#include "model/result.h"

struct put {
	struct arena *arena; /* for texts that had to be cleaned */
	const struct facts *facts;
};

cJSON *put_item(cJSON *object, const char *name, cJSON *item); /* returns item */
cJSON *put_object(cJSON *object, const char *name);
cJSON *put_array(cJSON *object, const char *name);
void put_null(cJSON *object, const char *name);
void put_number(cJSON *object, const char *name, double value);
void put_bool(cJSON *object, const char *name, bool value);
void put_text(const struct put *put, cJSON *object, const char *name, const char *text);
void put_texts(const struct put *put, cJSON *object, const char *name, const char *const *texts, size_t count);
void put_sources(const struct put *put, cJSON *object, const struct rule_source *sources, size_t count);
/* {scale?, connections, open_rate_per_s}; a plan without live connections has null there. */
cJSON *put_load(cJSON *object, const char *name, const struct load_point *point, const struct load_point *plan,
                bool with_scale);

cJSON *put_number_value(double value);                              /* the bare values */
cJSON *put_text_value(const struct put *put, const char *text);

#endif
