/* The processors and the memory that the load tool itself needs, as far as they are known. */
#ifndef HEADROOM_AUDIT_SIZE_OWN_LIMIT_H
#define HEADROOM_AUDIT_SIZE_OWN_LIMIT_H

#include <cjson/cJSON.h>

#include "audit/size/own_rates.h"

struct own_limit {
	const char *because; /* sentences: why the hosts are "at least" so many; never NULL */
	const char *image;   /* the stock image that is judged; NULL: this host */
	bool image_chosen;   /* nobody named the image */
	const char *machine; /* what it is, and how that is known; NULL: this host */
	bool memory_counted; /* of every load: the program's own is known */
	double cores;        /* that are counted for the tools; 0: none */
	double hosts;        /* that the tools need for themselves; 0: not known */
};

struct own_limit own_limit_of(const struct pipeline *pipeline, const struct result *result);
/* What the loads' tools need for themselves, on hosts of any size. The caller releases the text. */
struct own_count own_count_of(const struct pipeline *pipeline, const struct result *result);
/* Adds "hosts_at_least": {because, memory_counted, own_cores, own_hosts}, "image": its name or
 * null, "machine": what it is, "image_chosen": true if nobody named the image. */
void own_limit_into_size(struct arena *arena, cJSON *size, const struct own_limit *own);

#endif
