/* A catalogue of VM types, `headroom.catalogue/1`: built in (sizes alone), or the user's own file
 * with prices. */
#ifndef HEADROOM_AUDIT_SIZE_CATALOGUE_H
#define HEADROOM_AUDIT_SIZE_CATALOGUE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"

enum {
	CATALOGUE_TYPES_MAX = 2000,
	CATALOGUE_SOURCES_MAX = 200
};

/* Where sizes were read. */
struct catalogue_source {
	const char *id, *title, *url, *read; /* read: the day; each may be NULL */
};

struct machine_type {
	const char *provider, *name;
	const struct catalogue_source *source; /* NULL: not said */
	bool by_ratio;                         /* computed by the ratio of its family, read nowhere */
	const char *arch;                      /* "arm64"; NULL: x86-64, or not said */
	double vcpus, memory_bytes;
	double price_per_hour; /* NAN: not said */
};

struct catalogue {
	const char *name, *dated, *currency; /* currency may be NULL */
	struct catalogue_source *sources;
	size_t source_count;
	struct machine_type *types; /* by provider, then smallest first: price, vCPUs, memory */
	size_t count;
	bool priced; /* every type has a price */
};

/* path NULL: the built-in one. Errors name file, line and column. */
bool catalogue_read(struct arena *arena,
		const char *path,
		struct catalogue *ret_catalogue,
		struct error *err);
/* Leaves the types of one provider. */
bool catalogue_keep(struct arena *arena,
		struct catalogue *catalogue,
		const char *provider,
		struct error *err);

#endif
