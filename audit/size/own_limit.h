/* What a number of hosts does not count: the processor of the load tool itself, and its memory
 * where that is not known. */
#ifndef HEADROOM_AUDIT_SIZE_OWN_LIMIT_H
#define HEADROOM_AUDIT_SIZE_OWN_LIMIT_H

#include <cjson/cJSON.h>

#include "audit/run/pipeline.h"

struct own_limit {
	const char *because; /* sentences: why the hosts are "at least" so many; never NULL */
	const char *image;   /* the stock image that is judged; NULL: this host */
	bool image_chosen;   /* nobody named it */
	const char *machine; /* what it is, and how that is known; NULL: this host */
	bool memory_counted; /* of every load: the program's own is known */
};

struct own_limit own_limit_of(const struct pipeline *pipeline, const struct result *result);
/* "hosts_at_least": {because, memory_counted}, "image": its name or null, "machine": what it is,
 * "image_chosen": nobody named it. */
void own_limit_into_size(struct arena *arena, cJSON *size, const struct own_limit *own);

#endif
