/* The processors and memory that the load tool itself needs, as far as known. */
#ifndef HEADROOM_AUDIT_SIZE_OWN_LIMIT_H
#define HEADROOM_AUDIT_SIZE_OWN_LIMIT_H

#include <cjson/cJSON.h>

#include "audit/size/own_rates.h"

struct own_limit {
	const char *because; /* sentences: why the number of hosts is "at least"; never NULL */
	const char *image;   /* the stock image that was judged; NULL: this host */
	bool image_chosen;   /* nobody named the image */
	const char *machine; /* the machine, and how its facts are known; NULL: this host */
	bool memory_counted; /* the program's memory is known for every load */
	double cores;        /* cores counted for the tools; 0: none */
	double hosts;        /* hosts that the tools need; 0: not known */
};

struct own_limit own_limit_of(const struct pipeline *pipeline, const struct result *result);
/* Returns what the loads' tools need, on hosts of any size. The caller releases `says`. */
struct own_count own_count_of(const struct pipeline *pipeline, const struct result *result);
/* Adds "hosts_at_least": {because, memory_counted, own_cores, own_hosts}, "image": its name or
 * null, "machine": what it is, "image_chosen": true if nobody named the image. */
void own_limit_into_size(struct arena *arena, cJSON *size, const struct own_limit *own);

#endif
