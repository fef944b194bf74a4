/* Adds members to the audit document. Unknown numbers and missing texts become null, infinity
 * becomes "unlimited", and bytes that are not UTF-8 are replaced. Names must be constants, and
 * texts must outlive the tree. */
#ifndef HEADROOM_REPORT_DOCUMENT_MEMBER_H
#define HEADROOM_REPORT_DOCUMENT_MEMBER_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "model/result.h"

struct members {
	struct arena *arena; /* for texts that had to be cleaned */
	const struct facts *facts;
};

cJSON *member_item(cJSON *object, const char *name, cJSON *item); /* returns item */
cJSON *member_object(cJSON *object, const char *name);
cJSON *member_array(cJSON *object, const char *name);
/* Copies the value at `path` of another document (report/document/view.h); adds null if there is
 * none. */
void member_copy(cJSON *object, const char *name, const cJSON *from, const char *path);
void member_null(cJSON *object, const char *name);
void member_number(cJSON *object, const char *name, double value);
void member_bool(cJSON *object, const char *name, bool value);
void member_text(const struct members *put, cJSON *object, const char *name, const char *text);
void member_texts(const struct members *put,
		cJSON *object,
		const char *name,
		const char *const *texts,
		size_t count);
void member_sources(const struct members *put,
		cJSON *object,
		const struct rule_source *sources,
		size_t count);
/* Adds the ids as an array, or nothing if there are none. */
void member_ids(cJSON *object, const char *name, const struct name_list *ids);
/* Adds {scale?, connections, open_rate_per_s, at_most?, without?}. For a plan without live
 * connections, connections is null. at_most and without are left out if they are empty. */
cJSON *member_load(cJSON *object,
		const char *name,
		const struct load_point *point,
		const struct load_point *plan,
		bool with_scale);

cJSON *member_number_value(double value); /* return the bare values */
cJSON *member_text_value(const struct members *put, const char *text);

#endif
